"""What must hold when a conversation is changed in a way whose effect is known beforehand.

The conversations are the contrast set and the samples: people who talk sense, where
`test_invariants` has made-up ones.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import cycle, pairwise
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role, Utterance, Visibility, turns
from convscan.finding import Finding, Kind, ScanResult
from convscan.language.sentences import split_sentences
from convscan.language.zones import Zone, mark_zones
from convscan.readers import BadRecord, read
from convscan.scanner import Scanner

ROOT = Path(__file__).parents[2]


def _conversations() -> Iterator[Conversation]:
    for record in read([str(ROOT / "tests" / "contrast"), *map(str, (ROOT / "sample_transcripts").glob("*.jsonl"))]):
        assert not isinstance(record, BadRecord)
        yield record


CONVERSATIONS = tuple(_conversations())

# Sentences that perform what a rule asks for, whatever the matter is.
CURES = {
    "acknowledgement/missing": (
        "I'm sorry about the trouble.",
        "Thank you for telling us.",
        "Happy to help with that.",
    ),
    "acknowledgement/feeling-ignored": ("I can see how upsetting this is.", "I'm so sorry that we let you down."),
    "thanks/missing": ("Thank you for your patience.", "We appreciate your message."),
    "thanks/missed-moment": ("Thank you for that.", "Much appreciated."),
    "hidden/unexplained-refusal": (
        "That is because the seats are sold out that day.",
        "The reason is a fire regulation.",
    ),
    "avoidance/unanswered": ("Let me check that for you.", "I don't know yet, I am asking the workshop."),
    "expectations/missing": ("I will write to you by noon on Friday.", "Please send me a photo of the label."),
}
# A new turn after a customer who was left standing.
ANSWER = (
    "I'm sorry, I can see how upsetting this is. Thank you for writing again. "
    "Let me check it with the workshop, and I will write to you by noon on Friday."
)


def _sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of the matter stand: no greeting, quoted mail, sign-off or signature."""
    zones = (zone for zone in mark_zones(text) if zone.zone is Zone.BODY)
    return [span for zone in zones for span in split_sentences(text, zone.start, zone.end)]


def _with_sentence(text: str, sentence: str) -> str:
    """Put a sentence after the last of the matter, before any sign-off."""
    end = max((end for _, end in _sentences(text)), default=len(text))
    said = text[:end].rstrip()
    stop = "." if said[-1:].isalnum() else ""
    return f"{said}{stop} {sentence}{text[len(said) :]}"


def _edited(conversation: Conversation, index: int, text: str) -> Conversation:
    said = list(conversation.utterances)
    said[index] = replace(said[index], text=text)
    return replace(conversation, utterances=tuple(said))


def _places(findings: Iterable[Finding]) -> Counter[tuple[str, int | None]]:
    return Counter((finding.rule, finding.at.utterance if finding.at else None) for finding in findings)


def _cured(conversation: Conversation, finding: Finding, sentence: str) -> Conversation:
    """Add the sentence to the turn that the finding is about; to the last turn if it is about none."""
    last = [turn for turn in turns(conversation.utterances) if turn.role is Role.AGENT][-1]
    index = finding.at.utterance if finding.at else last.first
    return _edited(conversation, index, _with_sentence(conversation.utterances[index].text, sentence))


@pytest.mark.parametrize("rule", CURES)
def test_the_act_that_was_missing_takes_away_its_finding_and_adds_none(rules_alone: Scanner, rule: str) -> None:
    """One sentence in the right turn is enough, and it harms nothing else.

    Of the rules alone: the model weighs a turn as a whole, so that one more sentence may decide it
    to let another finding of that turn stand.

    Two rules have no such sentence: what `promise/broken` reports cannot be unsaid, and a
    case that was closed unsolved (`avoidance/abandoned`) stays so whatever is added to the good-bye.
    """
    cured = 0
    for conversation in CONVERSATIONS:
        before = rules_alone.scan(conversation).findings
        for finding in (finding for finding in before if finding.rule == rule):
            for sentence in CURES[rule]:
                after = rules_alone.scan(_cured(conversation, finding, sentence)).findings
                gone, new = _places(before) - _places(after), _places(after) - _places(before)
                place = (rule, finding.at.utterance if finding.at else None)
                assert place in gone, (conversation.id, sentence)
                assert not new, (conversation.id, sentence)
                cured += 1
    assert cured >= 8


def _is_standing(finding: Finding) -> bool:
    """Whether the customer still waits; one who has given up would not read the answer."""
    triggers = {step.detail.partition(":")[0] for step in finding.explanation if step.step == "trigger"}
    return finding.rule == "avoidance/abandoned" and "gave-up" not in triggers


def test_an_answer_at_the_end_takes_away_that_the_customer_was_abandoned(scanner: Scanner) -> None:
    """Except where the customer has given up: that is a loss whatever is written after it."""
    cured = 0
    for conversation in CONVERSATIONS:
        before = scanner.scan(conversation).findings
        role = [turn.role for turn in turns(conversation.utterances)][-1]
        if role is not Role.CUSTOMER or not any(map(_is_standing, before)):
            continue
        answered = replace(conversation, utterances=(*conversation.utterances, Utterance(Role.AGENT, ANSWER)))
        after = scanner.scan(answered).findings
        assert not any(map(_is_standing, after)), conversation.id
        assert not _places(after) - _places(before), conversation.id
        cured += 1
    assert cured >= 4


NOT_SPOKEN_TO_THE_CUSTOMER = (
    Utterance(Role.SYSTEM, "Case reassigned. You should have read the terms. Thank you, this chat is now closed."),
    Utterance(Role.BOT, "I'm sorry to hear that! Can I help? We guarantee a reply within the hour."),
    Utterance(Role.AGENT, "He failed to read it. Sorry, thanks, closing this.", visibility=Visibility.INTERNAL),
)


def _essence(result: ScanResult, moved: int | None = None) -> list[tuple[object, ...]]:
    """What was found and checked, as if nothing had been put in at `moved`."""

    def place(index: int | None) -> int | None:
        return index if index is None or moved is None or index < moved else index - 1

    found: list[tuple[object, ...]] = [
        (
            finding.fingerprint,
            finding.rule,
            finding.agent,
            place(finding.at.utterance if finding.at else None),
            tuple((place(span.utterance), span.start, span.quote) for span in finding.because),
        )
        for finding in result.findings
    ]
    return found + [(check.rule, check.outcome, place(check.utterance)) for check in result.checks]


def test_what_is_not_said_to_the_customer_changes_nothing_anywhere(scanner: Scanner) -> None:
    """Before, between and after all utterances: findings, fingerprints and checks stay."""
    extras = cycle(NOT_SPOKEN_TO_THE_CUSTOMER)
    assert CONVERSATIONS
    for conversation in CONVERSATIONS:
        before = _essence(scanner.scan(conversation))
        for index in range(len(conversation.utterances) + 1):
            said = (*conversation.utterances[:index], next(extras), *conversation.utterances[index:])
            after = _essence(scanner.scan(replace(conversation, utterances=said)), moved=index)
            assert after == before, (conversation.id, index)


def _in_three(utterance: Utterance) -> tuple[Utterance, ...]:
    """Cut a message at sentence borders into three; not at all if it has fewer sentences."""
    starts = [start for start, _ in _sentences(utterance.text)]
    if len(starts) < 3:
        return (utterance,)
    cuts = (0, starts[len(starts) // 3], starts[2 * len(starts) // 3], len(utterance.text))
    parts = (utterance.text[start:end].strip() for start, end in pairwise(cuts))
    return tuple(replace(utterance, text=part) for part in parts)


def _by_turn(result: ScanResult, conversation: Conversation) -> list[tuple[str, int | None]]:
    """The findings of absent acts, by the number of the turn."""
    turn_of = {index: number for number, turn in enumerate(turns(conversation.utterances)) for index in turn.utterances}
    absent = (finding for finding in result.findings if finding.kind is Kind.MISSING)
    return [(finding.rule, turn_of[finding.at.utterance] if finding.at else None) for finding in absent]


def test_a_message_sent_in_three_is_the_same_turn(scanner: Scanner) -> None:
    """What is owed is owed by the turn, however many messages it comes in.

    Messages of several lines are left whole, for greeting and signature are known by their
    lines; so are numbered parts ("1/2"), which say themselves that they are not all.
    """
    split = 0
    for conversation in CONVERSATIONS:
        for index, utterance in enumerate(conversation.utterances):
            parts = _in_three(utterance)
            if utterance.role is not Role.AGENT or "\n" in utterance.text or "/2)" in utterance.text or len(parts) < 3:
                continue
            said = (*conversation.utterances[:index], *parts, *conversation.utterances[index + 1 :])
            longer = replace(conversation, utterances=said)
            assert _by_turn(scanner.scan(longer), longer) == _by_turn(scanner.scan(conversation), conversation), (
                conversation.id,
                index,
            )
            split += 1
    assert split >= 20


def test_new_names_for_the_speakers_change_only_who_is_charged(scanner: Scanner) -> None:
    """Even names that are made of telling words."""
    assert any(utterance.author for conversation in CONVERSATIONS for utterance in conversation.utterances)
    for conversation in CONVERSATIONS:
        speakers = sorted({name for said in conversation.utterances for name in (said.author, said.author_id) if name})
        renamed = {name: f"Sorry Thanks-{number}" for number, name in enumerate(speakers)}
        said = tuple(
            replace(
                utterance,
                author=renamed.get(utterance.author or ""),
                author_id=renamed.get(utterance.author_id or ""),
            )
            for utterance in conversation.utterances
        )
        before, after = scanner.scan(conversation), scanner.scan(replace(conversation, utterances=said))
        charged = tuple(replace(f, agent=renamed.get(f.agent or "")) for f in before.findings)
        assert after.findings == charged, conversation.id
        assert after.checks == before.checks, conversation.id
