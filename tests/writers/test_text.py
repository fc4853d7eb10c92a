"""The report for people: golden files read by eye, and what may never be in it."""

import io
import os
import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from convscan.balance import RECOVERY, balance
from convscan.conversation import Channel, Conversation, Role, Source, Utterance, Visibility
from convscan.finding import (
    Check,
    Deposit,
    DepositKind,
    Finding,
    Kind,
    Outcome,
    Problem,
    ProblemCode,
    ScanResult,
    Severity,
    Span,
    Status,
    Tool,
)
from convscan.writers import WriteOptions, writer_for

GOLDEN = Path(__file__).parents[1] / "golden"
TOOL = Tool("0.1.0", "abc")

Pair = tuple[ScanResult, Conversation | None]


def said(role: Role, text: str, author: str | None = None, author_id: str | None = None) -> Utterance:
    return Utterance(role, text, author=author, author_id=author_id)


def span(conversation: Conversation, utterance: int, quote: str) -> Span:
    start = conversation.utterances[utterance].text.index(quote)
    return Span(utterance, start, start + len(quote), quote)


def finding(
    rule: str,
    at: Span | None,
    *,
    severity: Severity = Severity.WARNING,
    kind: Kind = Kind.PRESENT,
    agent: str | None = None,
    because: tuple[Span, ...] = (),
    confidence: float | None = None,
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        kind=kind,
        at=at,
        message=f"What is wrong by {rule}.",
        suggestion="What to say instead, for example “I have moved your visit to Tuesday and told the fitter”.",
        agent=agent,
        because=because,
        confidence=confidence,
        fingerprint=f"{zlib.crc32(ascii(rule).encode()):08x}{'0' * 8}",
    )


def judged(
    conversation: Conversation,
    *findings: Finding,
    deposits: Sequence[Deposit] = (),
    checks: Sequence[Check] = (),
    status: Status = Status.JUDGED,
    errors: Sequence[Problem] = (),
) -> Pair:
    result = ScanResult(
        conversation.id,
        status,
        TOOL,
        source=conversation.source,
        language="en",
        findings=findings,
        deposits=tuple(deposits),
        checks=tuple(checks),
        balance=balance(findings, deposits),
        errors=tuple(errors),
    )
    return result, conversation


def report(*pairs: Pair, **options: int | bool) -> str:
    stream = io.StringIO()
    writer = writer_for("text", stream, options=WriteOptions(**options))  # type: ignore[arg-type] # named by each test
    writer.open()
    for result, conversation in pairs:
        writer.write(result, conversation)
    writer.close()
    return stream.getvalue()


CHAT = Conversation(
    "chat-11",
    (
        said(Role.CUSTOMER, "My heating went off on Friday. Nobody came on Saturday either!", "Ruta", "u-1"),
        said(Role.BOT, "You are next in line."),
        said(Role.AGENT, "What is your contract number?", "Jo", "a-7"),
        said(Role.CUSTOMER, "4410. Here is a photo of the display.", "Ruta", "u-1"),
        said(
            Role.AGENT,
            "Well, if you had read the letter that we sent to every household in your street in the second week of"
            " September, you would know that the mains were going to be off for the whole of the weekend, so there is"
            " nothing that I or anybody else in this office can add to what it says there.",
            "Jo",
            "a-7",
        ),
        said(Role.AGENT, "Sorry about that, Ruta. I am sending Emre at nine tomorrow.", "Jo", "a-9"),
    ),
    channel=Channel.CHAT,
    source=Source("exports/november.jsonl", 7),
)

CHAT_RESULT = judged(
    CHAT,
    finding(
        "acknowledgement/missing",
        span(CHAT, 2, "What is your contract number?"),
        kind=Kind.MISSING,
        agent="a-7",
        because=(span(CHAT, 0, "My heating went off"), span(CHAT, 0, "Nobody came")),
        confidence=0.913,
    ),
    finding("blame/customer", span(CHAT, 4, "if you had read the letter"), severity=Severity.ERROR, agent="a-7"),
    finding("thanks/missing", None, kind=Kind.MISSING, because=(span(CHAT, 3, "Here is a photo"),)),
    deposits=[
        Deposit(DepositKind.APOLOGY, span(CHAT, 5, "Sorry about that"), agent="a-9"),
        Deposit(DepositKind.NEXT_STEP, span(CHAT, 5, "I am sending Emre"), agent="a-9"),
        Deposit(DepositKind.NEXT_STEP, span(CHAT, 5, "at nine tomorrow"), agent="a-9"),
    ],
    checks=[
        Check("acknowledgement/missing", Outcome.MISSING, 2),
        Check("acknowledgement/missing", Outcome.KEPT, 4),
        Check("thanks/missing", Outcome.MISSING),
        Check("promise/broken", Outcome.NOT_APPLICABLE),
    ],
)

CLEAN = Conversation(
    "mail-3",
    (
        said(Role.CUSTOMER, "Where is my invoice?", "Per"),
        said(Role.AGENT, "Thank you for asking. It is attached.", "Mia"),
    ),
    channel=Channel.EMAIL,
    source=Source("exports/november.jsonl", 8),
)
CLEAN_RESULT = judged(
    CLEAN,
    deposits=[Deposit(DepositKind.THANKS, span(CLEAN, 1, "Thank you for asking"), agent="Mia")],
    checks=[Check("thanks/missing", Outcome.KEPT, 1), Check("acknowledgement/missing", Outcome.KEPT, 1)],
)

CUT_OFF = Conversation(
    "chat-12",
    (said(Role.CUSTOMER, "Hello?"), said(Role.AGENT, "Calm down.", "Mia"), said(Role.AGENT, "x" * 500, "Mia")),
    source=Source("exports/november.jsonl", 9),
)
CUT_OFF_RESULT = judged(
    CUT_OFF,
    finding("acknowledgement/dismissive", span(CUT_OFF, 1, "Calm down"), severity=Severity.ERROR, agent="Mia"),
    status=Status.INCOMPLETE,
    errors=[Problem(ProblemCode.SIZE_BUDGET, "utterance 2 has 500 characters, more than the 100 allowed")],
)

FRENCH_RESULT = (
    ScanResult("chat-13", Status.NOT_JUDGED, TOOL, source=Source("exports/november.jsonl", 10), language="fr"),
    None,
)
BAD_RESULT = (
    ScanResult(
        None,
        Status.ERROR,
        TOOL,
        source=Source("exports/november.jsonl", 11),
        errors=(
            Problem(
                ProblemCode.UNREADABLE,
                "exports/november.jsonl:11: no 'utterances'; a conversation needs a list of {role, text}",
            ),
        ),
    ),
    None,
)
TEMPLATE = Conversation(
    "reset.md",
    (said(Role.AGENT, "Dear Customer,\n\nyour ticket has been processed."),),
    channel=Channel.TEMPLATE,
    source=Source("replies/reset.md"),
)
TEMPLATE_RESULT = judged(
    TEMPLATE, finding("self-interest/impersonal", span(TEMPLATE, 0, "Dear Customer"), severity=Severity.NOTE)
)

EVERYTHING = (CHAT_RESULT, CLEAN_RESULT, CUT_OFF_RESULT, FRENCH_RESULT, BAD_RESULT, TEMPLATE_RESULT)


@pytest.mark.parametrize(
    ("name", "pairs", "options"),
    [
        ("report", EVERYTHING, {}),
        ("report-colour", EVERYTHING, {"colour": True}),
        ("report-narrow", EVERYTHING, {"width": 64}),
        ("report-clean-shown", (CLEAN_RESULT, TEMPLATE_RESULT), {"show_clean": True}),
        ("report-of-templates", (TEMPLATE_RESULT,), {}),
        ("report-of-nothing", (), {}),
    ],
)
def test_report_is_as_it_was_read_by_eye(name: str, pairs: tuple[Pair, ...], options: dict[str, int]) -> None:
    """Set CONVSCAN_UPDATE_GOLDEN to write the files anew; then read what changed."""
    path = GOLDEN / f"{name}.txt"
    text = report(*pairs, **options)
    if os.environ.get("CONVSCAN_UPDATE_GOLDEN"):
        path.write_bytes(text.encode())
    assert text.encode() == path.read_bytes()


def test_words_that_call_for_an_act_stand_in_order_and_once() -> None:
    place = span(CHAT, 2, "What is your contract number?")
    because = (span(CHAT, 3, "Here is a photo"), place)

    shown = report(judged(CHAT, finding("thanks/missing", place, kind=Kind.MISSING, because=because)))

    said_here = [line.split("#")[1].split()[0] for line in shown.splitlines() if "\u2502 #" in line]
    assert said_here == ["2", "3"]


def test_quotes_are_shown_alone_where_the_text_is_not_at_hand() -> None:
    result, _ = CHAT_RESULT
    text = report((result, None))
    assert "│ #4: »if you had read the letter«\n" in text
    assert "Jo" not in text


def test_quote_that_is_not_in_the_text_is_shown_alone() -> None:
    pair = judged(CLEAN, finding("blame/customer", Span(1, 2, 9, "invented")))
    assert "│ #1 Mia: »invented«\n" in report(pair)


def test_colour_changes_nothing_but_how_words_look() -> None:
    bare = re.sub("\x1b\\[[0-9;]*m", "", report(*EVERYTHING, colour=True))
    assert bare == re.sub("[»«]", "", report(*EVERYTHING))


def test_colour_ends_with_its_line() -> None:
    """A quote that is broken over lines does not colour the margin between."""
    text = report(*EVERYTHING, colour=True, width=60)
    assert "\x1b[1;4m" in text
    for line in text.splitlines():
        assert "\x1b" not in line or line.endswith("\x1b[0m") or line.rfind("\x1b[0m") > line.rfind("\x1b[1;4m")


def test_conversation_without_findings_is_only_counted() -> None:
    text = report(CLEAN_RESULT)
    assert "mail-3" not in text
    assert "1 conversation judged (1 clean) · 0 findings · 1 deposit" in text


def test_agents_of_one_name_are_kept_apart() -> None:
    lines = [line.split() for line in report(CHAT_RESULT).splitlines() if line.startswith("  Jo (a-")]
    assert [line[1] for line in lines] == ["(a-7)", "(a-9)"]
    assert [line[-3:] for line in lines] == [["-3.41", "too", "few"], ["+3.00", "too", "few"]]


def test_name_alone_is_shown_where_it_is_clear_who_is_meant() -> None:
    conversation = Conversation("k", (said(Role.AGENT, "You must wait.", "Jo", "a-7"),))
    text = report(judged(conversation, finding("blame/customer", span(conversation, 0, "must"), agent="a-7")))
    assert "#0 Jo: You »must« wait." in text
    assert "agent: Jo (a-7)" in text


def test_what_several_agents_left_undone_is_charged_to_none_of_them() -> None:
    table = report(CHAT_RESULT).partition("by agent")[2]
    assert "(several agents)" in table


def test_what_a_lone_agent_without_a_name_left_undone_is_no_shared_debt() -> None:
    conversation = Conversation("k", (said(Role.AGENT, "Hello."), said(Role.AGENT, "Bye.")))
    text = report(judged(conversation, finding("thanks/missing", None, kind=Kind.MISSING)))
    assert "(several agents)" not in text


def test_internal_notes_make_nobody_an_agent_of_the_conversation() -> None:
    note = Utterance(Role.AGENT, "He is angry.", author="Ines", visibility=Visibility.INTERNAL)
    conversation = Conversation("k", (said(Role.AGENT, "You must wait.", "Jo"), note))
    text = report(judged(conversation, finding("blame/customer", span(conversation, 0, "must"), agent="Jo")))
    assert "Ines" not in text


def test_turn_that_two_agents_share_counts_for_both() -> None:
    rows = [line.split() for line in report(CHAT_RESULT).splitlines() if line.startswith("  Jo (a-")]
    assert [row[3] for row in rows] == ["2", "1"]


def test_agent_with_an_empty_name_is_one_without_a_name() -> None:
    conversation = Conversation("k", (said(Role.AGENT, "You must wait.", ""),))
    text = report(judged(conversation, finding("blame/customer", span(conversation, 0, "must"), agent="")))
    assert "│ #0 agent: You »must« wait." in text
    assert "by agent" not in text


def test_good_things_of_a_conversation_stand_in_one_line() -> None:
    assert "\n  + apology, next-step (2)\n" in report(CHAT_RESULT)


def test_balance_of_a_conversation_stands_in_one_line_that_adds_up() -> None:
    conversation = Conversation("k", (said(Role.AGENT, "No.", "Jo"), said(Role.AGENT, "Sorry, ours; refunded.", "Jo")))
    deposits = [Deposit(kind, span(conversation, 1, "Sorry")) for kind in RECOVERY]
    text = report(judged(conversation, finding("tone/curt", span(conversation, 0, "No")), deposits=deposits))
    assert "\n  balance +2.5: 3 deposits (+3), 1 withdrawal (-0.5), 1 recovered\n" in text


def test_small_numbers_are_said_to_be_small() -> None:
    few = report(*[CHAT_RESULT] * 9)
    enough = report(*[CHAT_RESULT] * 10)
    assert "too few\n" in few
    assert "Too few: with fewer than 10 conversations" in few
    [row] = [line for line in enough.splitlines() if line.startswith("  Jo (a-7)")]
    assert row.split()[-4:] == ["-3.41", "-3.41", "to", "-3.41"]
    assert "oo few" not in enough


def test_teams_have_a_table_of_their_own_if_any_is_named() -> None:
    conversation = replace(CLEAN, metadata={"team": "billing"})
    text = report((CLEAN_RESULT[0], conversation))
    assert "── by team " in text
    assert "\n  Mia, billing  " in text
    assert "by team" not in report(CLEAN_RESULT)


def test_bots_that_were_judged_are_named_among_the_agents() -> None:
    conversation = Conversation("k", (said(Role.BOT, "You must wait.", "Botty"), said(Role.AGENT, "Hello.", "Jo")))
    pair = judged(conversation, finding("blame/customer", span(conversation, 0, "must"), agent="Botty"))
    assert "agents: Botty, Jo\n" in report(pair, judge_bots=True)
    assert "agent: Jo\n" in report(pair)


def test_no_zero_has_a_minus() -> None:
    assert "-0.0" not in report(*EVERYTHING)


HOSTILE = "Jo\x1b]8;;https://example.org\x07\u202e\u2066\x9b31m\ud800\n" + "\u0301" * 10_000


def test_names_and_words_that_steer_terminals_are_shown_as_escapes() -> None:
    conversation = Conversation(
        HOSTILE, (said(Role.AGENT, HOSTILE, HOSTILE, HOSTILE),), source=Source("a\x1b[2Jb.jsonl", 1)
    )
    hostile = finding(HOSTILE, Span(0, 0, len(HOSTILE), HOSTILE), agent=HOSTILE)
    text = report(
        judged(conversation, hostile, status=Status.INCOMPLETE, errors=[Problem(ProblemCode.INTERNAL, HOSTILE)])
    )
    assert text.encode()
    assert all(char.isprintable() for char in text.replace("\n", ""))
    assert r"\x1b" in text
    assert len(text) < 4_000


def test_file_leads_where_the_id_is_only_a_hash_of_the_words() -> None:
    source = Source("chats/02.txt", 1)
    chat = Conversation("138c21cce16ea4e3", (said(Role.AGENT, "Calm down."),), channel=Channel.CHAT, source=source)
    found = replace(finding("a/b", span(chat, 0, "Calm down")), fingerprint="0f1e2d3c4b5a6978")

    lines = report(judged(chat, found)).splitlines()

    assert lines[0].startswith("── chats/02.txt:1 · chat · 138c21cce16ea4e3 ─")
    assert next(line for line in lines if "a/b" in line).endswith("0f1e2d3c")


def test_rule_that_found_nothing_has_no_row() -> None:
    checks = (Check("thanks/missing", Outcome.KEPT), Check("promise/broken", Outcome.MISSING))
    chat = Conversation("c", (said(Role.AGENT, "Hello."),))
    broken = finding("promise/broken", None, kind=Kind.MISSING)

    shown = report(judged(chat, broken, checks=checks))

    assert "thanks/missing" not in shown
    assert "not done in 1 of 1 case\n" in shown


def test_mean_of_who_has_no_name_is_not_shown() -> None:
    """Many people are called "Agent": what they did on average is nobody's."""
    chat = Conversation("c", (said(Role.AGENT, "Hello."), said(Role.AGENT, "Bye.", "Jo")))

    shown = report(judged(chat, finding("a/b", span(chat, 0, "Hello"))))

    [row] = [line for line in shown.splitlines() if line.strip().startswith("(unnamed) ")]
    assert row.split()[-2:] == ["-", "-"]
    assert "(unnamed): who is called only by a word such as 'Agent', perhaps many people" in shown


def test_legend_explains_only_what_is_shown() -> None:
    chat = Conversation("c", (said(Role.AGENT, "Hello."),))

    shown = report(judged(chat, checks=(Check("thanks/missing", Outcome.KEPT),)))

    assert "Not done" not in shown
    assert "Per 100 turns" not in shown
