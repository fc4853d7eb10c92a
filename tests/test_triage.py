"""Triage: what the user sees, in which order, under which fingerprint."""

from dataclasses import replace

import pytest

from convscan.config import Config
from convscan.finding import Finding, Kind, Severity, Span
from convscan.triage import triage, unmeasured_left_out, unsure_left_out


def finding(
    rule: str = "tone/curt",
    *,
    quote: str = "No.",
    utterance: int = 0,
    start: int = 0,
    confidence: float | None = None,
    because: tuple[Span, ...] = (),
) -> Finding:
    at = Span(utterance, start, start + len(quote), quote)
    return Finding(
        rule, Severity.WARNING, Kind.PRESENT, at, "Curt.", "Say more.", confidence=confidence, because=because
    )


def shown(*findings: Finding, conversation_id: str = "c-1", config: Config | None = None) -> tuple[Finding, ...]:
    return triage(findings, conversation_id=conversation_id, config=config or Config())


def test_findings_come_in_reading_order_whole_conversation_last() -> None:
    whole = replace(finding("a/whole"), at=None)
    late, early = finding(utterance=2), finding(utterance=1, start=5)
    same_place = finding("a/other", utterance=2)
    found = shown(whole, late, early, same_place)
    assert [(f.rule, f.at and f.at.utterance) for f in found] == [
        ("tone/curt", 1),
        ("a/other", 2),
        ("tone/curt", 2),
        ("a/whole", None),
    ]


def test_severity_of_the_user_replaces_the_rules_own() -> None:
    config = Config(severity={"tone/curt": Severity.NOTE})
    assert [f.severity for f in shown(finding(), finding("a/other"), config=config)] == [
        Severity.WARNING,
        Severity.NOTE,
    ]


@pytest.mark.parametrize(
    ("confidence", "least", "is_shown"),
    [(0.9, 0.9, True), (0.89, 0.9, False), (None, 0.1, False), (None, 0.0, True), (0.0, 0.0, True)],
)
def test_only_sure_findings_are_shown(confidence: float | None, least: float, *, is_shown: bool) -> None:
    assert bool(shown(finding(confidence=confidence), config=Config(min_confidence=least))) is is_shown


@pytest.mark.parametrize(("least", "unsure", "unmeasured"), [(0.0, 0, 0), (0.5, 1, 2), (1.0, 2, 2)])
def test_what_is_left_out_is_counted_by_why(least: float, unsure: int, unmeasured: int) -> None:
    found = [finding(confidence=confidence) for confidence in (0.2, 0.5, None, None)]
    config = Config(min_confidence=least)

    assert unsure_left_out(found, config) == unsure
    assert unmeasured_left_out(found, config) == unmeasured


def fingerprints(*findings: Finding, conversation_id: str = "c-1") -> list[str]:
    return [f.fingerprint for f in shown(*findings, conversation_id=conversation_id)]


def test_fingerprint_does_not_depend_on_place_case_or_spacing() -> None:
    assert fingerprints(finding(quote="Calm  down")) == fingerprints(finding(quote="calm\ndown", utterance=7, start=3))


def test_fingerprint_depends_on_rule_words_and_conversation() -> None:
    prints = [
        *fingerprints(finding()),
        *fingerprints(finding("tone/other")),
        *fingerprints(finding(quote="Never.")),
        *fingerprints(finding(), conversation_id="c-2"),
    ]
    assert len(set(prints)) == 4


def test_same_words_twice_have_two_fingerprints() -> None:
    first, second = fingerprints(finding(), finding(utterance=1))
    assert first != second
    assert fingerprints(finding()) == [first]


def test_least_confidence_changes_no_fingerprint() -> None:
    """What is accepted in a baseline stays accepted when an unsure finding before it is left out."""
    unsure, sure = finding(confidence=0.2), finding(utterance=1, confidence=0.9)
    config = Config(min_confidence=0.5)

    assert [one.fingerprint for one in shown(unsure, sure, config=config)] == fingerprints(unsure, sure)[1:]


def test_absence_is_known_by_what_called_for_it() -> None:
    """The reply may be edited: the absence is the same as long as the customer's words are."""
    called, again = (Span(0, 0, 9, "My  lamp!"),), (Span(2, 5, 13, "my lamp!"),)
    assert fingerprints(finding(quote="Ok.", because=called)) == fingerprints(finding(quote="Right.", because=again))


def test_broken_characters_do_not_stop_a_fingerprint() -> None:
    assert len(fingerprints(finding(quote="no \ud800"))) == 1
