"""What must hold of a scan whatever was said."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from convscan.batch import scan_records
from convscan.conversation import Conversation, Role, Utterance, Visibility, turns
from convscan.finding import Finding, Kind, ScanResult
from convscan.records import result_to_json
from convscan.scanner import Scanner
from convscan.writers.json_text import json_text

# Sentences that set off many rules and acts, and some that set off none.
_CUSTOMER = (
    "My kettle leaks.", "This is ridiculous, I am so fed up.", "Can I change the date?", "thanks, that worked",
    "I've attached the screenshot.", "You said it would be here on Monday.", "I want a refund", "ok", "4411",
    "You should have told me!", "\U0001f621\U0001f621", "> quoted\nno", "i m waiting 2 weeks",
)  # fmt: skip
_AGENT = (
    "Hello Ana,", "Thank you for your message.", "I'm sorry about the delay.", "You should have read the terms.",
    "I guarantee it will work.", "I'm not at liberty to say.", "Sorry if that upset you.", "Dear customer,",
    "We'll get back to you soon.", "Please call our other team.", "Order number please", "I'll check that for you now.",
    "You\u2019ll definitely get it.", "\u201cWe guarantee it\u201d was wrong.", "1/2", "Kind regards,\nJo",
)  # fmt: skip


def _utterances(role: Role, said: tuple[str, ...]) -> st.SearchStrategy[Utterance]:
    texts = st.lists(st.sampled_from(said) | st.text(max_size=12), min_size=1, max_size=3).map(" ".join)
    return st.builds(Utterance, role=st.just(role), text=texts, author=st.sampled_from([None, "Jo", "Sam"]))


CONVERSATIONS = st.lists(
    _utterances(Role.CUSTOMER, _CUSTOMER) | _utterances(Role.AGENT, _AGENT), min_size=1, max_size=8
).map(lambda said: Conversation("c", tuple(said)))


# What is to be held of every finding is held of these at least.
FAULTY = Conversation(
    "c",
    (
        Utterance(Role.CUSTOMER, "My order is late and I am upset."),
        Utterance(Role.AGENT, "You should have read the terms. I am sorry that it is late."),
    ),
)


def essence(result: ScanResult) -> list[tuple[str, str, int | None, str | None]]:
    """What was found and where, without who is charged."""
    return [(f.rule, f.kind, f.at.utterance if f.at else None, f.at.quote if f.at else None) for f in result.findings]


@given(CONVERSATIONS)
@example(FAULTY)
def test_every_quote_stands_at_its_offsets(scanner: Scanner, chat: Conversation) -> None:
    result = scanner.scan(chat)

    spans = [f.at for f in result.findings if f.at] + [d.at for d in result.deposits]
    spans += [span for finding in result.findings for span in finding.because]
    assert spans or chat is not FAULTY
    for span in spans:
        assert chat.utterances[span.utterance].text[span.start : span.end] == span.quote
        assert span.quote


@given(CONVERSATIONS)
@example(FAULTY)
def test_only_agents_get_findings_and_deposits(scanner: Scanner, chat: Conversation) -> None:
    result = scanner.scan(chat)

    spans = [f.at for f in result.findings if f.at] + [d.at for d in result.deposits]
    assert spans or chat is not FAULTY
    for span in spans:
        assert chat.utterances[span.utterance].role is Role.AGENT


@given(CONVERSATIONS, st.integers(0, 8), st.sampled_from([Role.SYSTEM, Role.BOT]))
def test_a_system_or_bot_line_in_between_changes_nothing(
    scanner: Scanner, chat: Conversation, place: int, role: Role
) -> None:
    _assert_same_with(scanner, chat, place, Utterance(role, "You should have read it. Sam joined the chat."))


@given(CONVERSATIONS, st.integers(0, 8))
def test_an_internal_note_in_between_changes_nothing(scanner: Scanner, chat: Conversation, place: int) -> None:
    note = Utterance(Role.AGENT, "I guarantee he should have read it. Thanks.", visibility=Visibility.INTERNAL)
    _assert_same_with(scanner, chat, place, note)


def _assert_same_with(scanner: Scanner, chat: Conversation, place: int, extra: Utterance) -> None:
    before = scanner.scan(chat)
    place = min(place, len(chat.utterances))
    said = (*chat.utterances[:place], extra, *chat.utterances[place:])
    after = scanner.scan(replace(chat, utterances=said))

    def shifted(finding: Finding) -> tuple[str, int | None]:
        at = finding.at.utterance if finding.at else None
        return finding.rule, at if at is None or at < place else at + 1

    assert sorted(map(str, map(shifted, before.findings))) == sorted(
        str((f.rule, f.at.utterance if f.at else None)) for f in after.findings
    )


@given(CONVERSATIONS)
def test_renaming_speakers_changes_nothing_but_who_is_charged(scanner: Scanner, chat: Conversation) -> None:
    renamed = replace(chat, utterances=tuple(replace(u, author=u.author and f"{u.author}-x") for u in chat.utterances))

    assert essence(scanner.scan(renamed)) == essence(scanner.scan(chat))


@given(st.lists(CONVERSATIONS, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_other_conversations_and_their_order_change_nothing(
    scanner: Scanner, chats: list[Conversation], rng: random.Random
) -> None:
    chats = [replace(chat, id=f"c{number}") for number, chat in enumerate(chats)]
    alone = {chat.id: scanner.scan(chat) for chat in chats}
    rng.shuffle(chats)

    assert {result.conversation_id: result for result, _ in scan_records(chats, scanner)} == alone


@given(CONVERSATIONS)
def test_thanks_added_to_every_agent_turn_leave_no_thanks_missing(
    scanner: Scanner, rules_alone: Scanner, chat: Conversation
) -> None:
    _assert_satisfied(
        (scanner, rules_alone), chat, "Thank you for writing to us.", ("thanks/missing", "thanks/missed-moment")
    )


@given(CONVERSATIONS)
def test_an_apology_added_to_every_agent_turn_leaves_no_feeling_ignored(
    scanner: Scanner, rules_alone: Scanner, chat: Conversation
) -> None:
    cured = ("acknowledgement/missing", "acknowledgement/feeling-ignored")
    _assert_satisfied((scanner, rules_alone), chat, "I'm sorry about the trouble.", cured)


def _assert_satisfied(scanners: tuple[Scanner, Scanner], chat: Conversation, said: str, rules: tuple[str, ...]) -> None:
    """Adding what was missing takes those findings away, and by the rules alone adds none of any rule.

    The transformer reads a turn as a whole, so that one sentence more may change what it makes of the rest.
    """
    last = {turn.utterances[-1] for turn in turns(chat.utterances) if turn.role is Role.AGENT}
    better = replace(
        chat,
        utterances=tuple(
            replace(utterance, text=f"{said}\n\n{utterance.text}") if index in last else utterance
            for index, utterance in enumerate(chat.utterances)
        ),
    )
    scanner, rules_alone = scanners
    assert not [finding for finding in scanner.scan(better).findings if finding.rule in rules]
    before, after = rules_alone.scan(chat), rules_alone.scan(better)
    missing = {(f.rule, f.at.utterance if f.at else None) for f in before.findings if f.kind is Kind.MISSING}
    assert {(f.rule, f.at.utterance if f.at else None) for f in after.findings if f.kind is Kind.MISSING} <= missing


@given(CONVERSATIONS, st.text(max_size=20))
def test_a_fingerprint_survives_edits_elsewhere(scanner: Scanner, chat: Conversation, extra: str) -> None:
    """Words added after the last turn move no finding that was there before."""
    before = {f.fingerprint for f in scanner.scan(chat).findings if f.kind is Kind.PRESENT}
    longer = replace(chat, utterances=(*chat.utterances, Utterance(Role.CUSTOMER, f"ok {extra}")))
    after = {f.fingerprint for f in scanner.scan(longer).findings if f.kind is Kind.PRESENT}

    assert before == after


@given(CONVERSATIONS)
def test_fingerprints_are_unique_within_a_conversation(scanner: Scanner, chat: Conversation) -> None:
    prints = [finding.fingerprint for finding in scanner.scan(chat).findings]

    assert len(prints) == len(set(prints))


@given(CONVERSATIONS)
def test_the_balance_is_made_of_what_is_shown(scanner: Scanner, chat: Conversation) -> None:
    """Each finding and each deposit is one entry, and the entries add up to the last decimal."""
    result = scanner.scan(chat)
    ledger = result.balance.ledger

    charged = sorted((f.fingerprint, f.rule, f.agent, f.at.utterance if f.at else None) for f in result.findings)
    assert sorted((e.fingerprint, e.what, e.agent, e.utterance) for e in ledger if e.is_withdrawal) == charged
    credited = sorted((d.kind.value, d.at.utterance) for d in result.deposits)
    assert sorted((e.what, e.utterance) for e in ledger if not e.is_withdrawal) == credited
    assert sum(Decimal(str(entry.points)) for entry in ledger) == Decimal(str(result.balance.net))


@given(CONVERSATIONS)
def test_reading_a_result_twice_gives_the_same_bytes(scanner: Scanner, chat: Conversation) -> None:
    again = (json_text(result_to_json(scanner.scan(chat))) for _ in range(2))

    assert len(set(again)) == 1
