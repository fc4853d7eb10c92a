"""Characters that nobody sees hide nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role, Utterance
from convscan.finding import Finding, ScanResult, Span
from convscan.language.hidden import without_hidden
from convscan.scanner import Scanner

HIDDEN = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202e\u2060\u2066\u2069\ufeff\ufe0f\U000e0041"
SAID = (
    Utterance(Role.CUSTOMER, "My order is three weeks late and I am very upset about it."),
    Utterance(Role.AGENT, "You should have read the terms. I will call you tomorrow, calm down. It's not our problem!"),
    Utterance(Role.CUSTOMER, "Nobody called me. This is a disgrace."),
    Utterance(Role.AGENT, "Thank you for waiting. I am sorry that nobody called.\n\nOur policy says no."),
)
TEMPLATE = "Dear {{name}},\n\nyou should have read the terms, {{nmae}. We guarantee a refund within 24 hours.\n"


@pytest.fixture(scope="module")
def rules_alone() -> Scanner:
    return Scanner(Config(model=ModelChoice.NONE))


def talk(*texts: str) -> Conversation:
    said = tuple(replace(one, text=text) for one, text in zip(SAID, texts, strict=True))
    return Conversation("c-1", said)


def seen(text: str) -> str:
    return "".join(letter for letter in text if letter not in HIDDEN)


def spans(result: ScanResult) -> list[Span]:
    found = [at for one in result.findings for at in (one.at, *one.because) if at is not None]
    found += [one.at for one in result.deposits]
    for promise in result.promises:
        found += [promise.at, *promise.evidence]
        found += [promise.by_when.at] if promise.by_when else []
    return found


def told(finding: Finding) -> tuple[object, ...]:
    quotes = tuple(seen(at.quote) for at in (finding.at, *finding.because) if at is not None)
    steps = tuple(step for step in finding.explanation if step.step != "hidden")
    return finding.rule, finding.kind, finding.severity, finding.confidence, finding.fingerprint, quotes, steps


@st.composite
def disguised(draw: st.DrawFn, text: str) -> str:
    """Return a text with hidden characters in its words, where the customer sees none."""
    places = [number for number in range(1, len(text)) if text[number - 1].isalnum()]
    for place in sorted(draw(st.sets(st.sampled_from(places), max_size=12)), reverse=True):
        text = text[:place] + draw(st.text(HIDDEN, min_size=1, max_size=3)) + text[place:]
    return text


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_hidden_characters_change_no_finding(rules_alone: Scanner, data: st.DataObject) -> None:
    plain = talk(*(one.text for one in SAID))
    hiding = talk(*(data.draw(disguised(one.text)) for one in SAID))

    before, after = rules_alone.scan(plain), rules_alone.scan(hiding)

    assert len(before.findings) > 2
    assert list(map(told, after.findings)) == list(map(told, before.findings))
    assert [(one.kind, seen(one.at.quote)) for one in after.deposits] == [
        (one.kind, one.at.quote) for one in before.deposits
    ]
    assert [(one.fate, seen(one.at.quote)) for one in after.promises] == [
        (one.fate, one.at.quote) for one in before.promises
    ]
    assert (after.checks, after.balance, after.status) == (before.checks, before.balance, before.status)
    assert spans(after)
    for at in spans(after):
        assert hiding.utterances[at.utterance].text[at.start : at.end] == at.quote


def template(text: str) -> dict[str, object]:
    """Return a template of a set name; without one it would be known by its text."""
    return {"id": "reminder", "channel": "template", "utterances": [{"role": "agent", "text": text}]}


@settings(deadline=None, max_examples=30)
@given(text=disguised(TEMPLATE))
def test_they_hide_nothing_in_templates(rules_alone: Scanner, text: str) -> None:
    before, after = rules_alone.scan(template(TEMPLATE)), rules_alone.scan(template(text))

    assert {"blame/customer", "template/broken-placeholder"} <= {one.rule for one in before.findings}
    assert list(map(told, after.findings)) == list(map(told, before.findings))
    for one in after.findings:
        assert one.at is None or text[one.at.start : one.at.end] == one.at.quote


def test_words_with_hidden_characters_are_quoted_as_they_were_written_and_reported(rules_alone: Scanner) -> None:
    text = "Hello. \u200bYou sh\u200bould ha\u00adve read the terms.\u200b"

    [finding] = rules_alone.scan([("agent", text)]).findings

    assert finding.at is not None
    assert finding.at.quote == "You sh\u200bould ha\u00adve read the terms"
    assert "'You should have read the terms'" in finding.message
    assert [step.detail for step in finding.explanation if step.step == "hidden"] == [
        "2 characters that nobody sees stand in these words"
    ]


def test_text_without_them_is_left_as_it_is(rules_alone: Scanner) -> None:
    conversation = talk("Caf\u00e9", "\u201cna\u00efve\u201d", "\u2764\ufe0f", "\U0001f469\u200d\U0001f4bb \U0001f44d")

    assert without_hidden(conversation, limit_chars=100)[0] is conversation
    finding = next(one for one in rules_alone.scan(Conversation("c", SAID)).findings if one.at)
    assert "hidden" not in {step.step for step in finding.explanation}


def test_text_over_the_budget_is_not_searched() -> None:
    conversation = talk("a\u200bb" * 10, "", "", "")

    assert without_hidden(conversation, limit_chars=20)[0] is conversation
    assert without_hidden(conversation, limit_chars=30)[0].utterances[0].text == "ab" * 10


def test_a_text_of_nothing_else_is_empty(rules_alone: Scanner) -> None:
    result = rules_alone.scan([("customer", "It leaks."), ("agent", "\u200b\u200b")])

    assert [at for at in spans(result) if at.utterance == 1] == []


def test_the_language_is_told_from_what_is_seen(rules_alone: Scanner) -> None:
    german = "Guten Tag, meine Waschmaschine ist seit gestern kaputt und niemand meldet sich bei mir."

    assert rules_alone.scan([("customer", "\u00ad".join(german))]).language == "de"
