"""Span rules: words that should not have been said."""

from collections.abc import Callable, Mapping

import pytest

from convscan.acts.heard import hear
from convscan.conversation import Channel, Conversation, Role, Utterance, Visibility
from convscan.detectors.registry import detectors_for
from convscan.detectors.spoken import SpokenDetector
from convscan.finding import Finding, Kind, Severity, Step
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.rules.catalogue import Catalogue

FILES = {
    "cues": "cues: [{name: negated, phrases: [not], affects: after, scope_words: 2}]",
    "tone/curt": """
title: Curt
message: "'{match}' is curt."
suggestion: Say more.
severity: error
since: "0.1"
rationale: It hurts.
patterns: ["calm down", "down", "whatever"]
unless: [negated]
examples: {match: ["[[Whatever]]."], no_match: [{text: "What.", why: "another word"}]}
""",
    "tone/posted": """
title: Posted
message: Posted.
suggestion: Say more.
since: "0.1"
rationale: It hurts.
channels: [social]
patterns: [whatever]
examples: {match: ["[[Whatever]]."], no_match: [{text: "What.", why: "another word"}]}
""",
}

Judge = Callable[..., list[Finding]]


@pytest.fixture(scope="module")
def judge(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> Judge:
    """Find what the small catalogue finds in utterances."""
    catalogue = catalogue_of(FILES)
    language = LanguagePipeline(catalogue, Budget(utterance_chars=60, record_seconds=60))
    detectors = list(detectors_for(catalogue.rules.values()))
    assert all(isinstance(detector, SpokenDetector) for detector in detectors)

    def find(*utterances: Utterance, channel: Channel = Channel.CHAT) -> list[Finding]:
        heard = hear(language.parse(Conversation("c-1", utterances, channel=channel))[0])
        judgements = [judgement for detector in detectors for judgement in detector.detect(heard)]
        return [judgement for judgement in judgements if isinstance(judgement, Finding)]

    return find


def agent(text: str, author_id: str | None = None) -> Utterance:
    return Utterance(Role.AGENT, text, author_id=author_id)


def test_finding_says_what_where_and_who(judge: Judge) -> None:
    (finding,) = judge(Utterance(Role.CUSTOMER, "Hello"), agent("Oh, calm\ndown please.", "a7"))
    assert (finding.rule, finding.kind, finding.severity) == ("tone/curt", Kind.PRESENT, Severity.ERROR)
    assert finding.at is not None
    assert (finding.at.utterance, finding.at.start, finding.at.end) == (1, 4, 13)
    assert (finding.at.quote, finding.message) == ("calm\ndown", "'calm\ndown' is curt.")
    assert (finding.agent, finding.confidence) == ("a7", None)
    assert finding.explanation == (Step("matched", "calm down"), Step("not-cancelled", "no cue of: negated"))


def test_every_place_is_found(judge: Judge) -> None:
    found = judge(agent("Whatever. Whatever!"), agent("Whatever"))
    assert [(f.at.utterance, f.at.start) for f in found if f.at] == [(0, 0), (0, 10), (1, 0)]


@pytest.mark.parametrize(
    "utterance",
    [
        agent("It is not whatever."),
        agent("What ever do you mean?"),
        agent("It left.\n\n> Whatever"),
        agent("It left.\n\nRegards,\nJo\nWhatever Lamps Ltd"),
        agent("Whatever! " + "x" * 60),
        Utterance(Role.CUSTOMER, "Whatever."),
        Utterance(Role.BOT, "Whatever."),
        Utterance(Role.SYSTEM, "Whatever."),
        Utterance(Role.AGENT, "Whatever.", visibility=Visibility.INTERNAL),
    ],
    ids=["cue", "other word", "quoted", "signature", "over budget", "customer", "bot", "system", "internal"],
)
def test_words_that_are_not_the_agents_own_are_not_found(judge: Judge, utterance: Utterance) -> None:
    assert judge(utterance) == []


def test_rule_for_a_channel_holds_there_only(judge: Judge) -> None:
    assert [f.rule for f in judge(agent("Whatever."), channel=Channel.SOCIAL)] == ["tone/curt", "tone/posted"]
    assert [f.rule for f in judge(agent("Whatever."), channel=Channel.EMAIL)] == ["tone/curt"]


def test_offsets_hold_after_signs_of_several_bytes(judge: Judge) -> None:
    (finding,) = judge(agent("\U0001f600 \u00e9\u0301! Whatever."))
    assert finding.at is not None
    assert (finding.at.start, finding.at.quote) == (6, "Whatever")
