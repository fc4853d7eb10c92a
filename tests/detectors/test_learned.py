"""What the model adds to the rules, takes from them, and leaves alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation, Role, Utterance, Visibility
from convscan.detectors.learned import weigh
from convscan.detectors.registry import detectors_for
from convscan.finding import Check, Finding, Kind, Span
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT, StaticEmbedding, embedding_arrays
from convscan.learned.features import BUCKETS, bucket
from convscan.learned.model import Calibration, FastModel, Weights
from convscan.rules.catalogue import Catalogue

HEAD = """
title: A rule
message: {message}
suggestion: Say it otherwise.
since: "0.1"
rationale: It hurts.
"""
SPOKEN = 'patterns: [{0}]\nexamples: {{match: ["[[{0}]]"], no_match: [{{text: "x", why: "another word"}}]}}\n'
UNSPOKEN = """
scope: {scope}
when: [{{role: customer, acts: [complaint]}}]
expect: {{acts: [sorry], within: {within}}}
examples: {{match: ["[[x]]"], no_match: [{{text: "x", why: "nothing"}}]}}
"""
ACT = "description: An act.\nroles: [{}]\n" + SPOKEN
FILES = {
    "acts/complaint": ACT.replace("{}", "customer").format("broken"),
    "acts/sorry": ACT.replace("{}", "agent").format("sorry"),
    "tone/curt": HEAD.format(message="\"'{match}' is curt.\"") + SPOKEN.format("whatever"),
    "owed/words": HEAD.format(message="It was not said.") + UNSPOKEN.format(scope="turn", within="next-turn"),
    "owed/all": HEAD.format(message="It was never said.")
    + UNSPOKEN.format(scope="conversation", within="conversation"),
}
# Enough for one word to decide, whatever else stands in its sentence.
STRONG = 60.0
NEVER = Calibration(find=2.0)
OBVIOUSLY = {"agent obviously": STRONG}


@dataclass(frozen=True)
class Opinion:
    """What the model holds likely.

    Attributes:
        named: What features speak for `tone/curt`.
        curt: Probability of `tone/curt` without any of them.
        words: Probability that `owed/words` is missing, in any turn.
        whole: Probability that `owed/all` is missing.
        calibrations: By rule; without one the model neither finds nor drops.
    """

    named: Mapping[str, float] = field(default_factory=dict)
    curt: float = 0.01
    words: float = 0.5
    whole: float = 0.5
    calibrations: Mapping[str, Calibration] = field(default_factory=dict)


FINDS_CURT = Opinion(OBVIOUSLY, calibrations={"tone/curt": Calibration(find=0.8)})

Judgements = tuple[list[Finding], list[Check]]
Judge = Callable[..., Judgements]
CUSTOMER = "customer: Where is it?"


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@pytest.fixture(scope="module")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> StaticEmbedding:
    """Words that mean nothing: only those that a test names decide."""
    folder = tmp_path_factory.mktemp("embedding")
    write_arrays(folder / "vectors.safetensors", FORMAT, embedding_arrays(np.zeros((1, 1), np.float32), ["x"]), {})
    return StaticEmbedding(folder)


@pytest.fixture(scope="module")
def model_of(embedding: StaticEmbedding) -> Callable[[Opinion], FastModel]:
    def make(opinion: Opinion) -> FastModel:
        named = np.zeros((BUCKETS, 1), np.float32)
        for name, weight in opinion.named.items():
            named[bucket(name), 0] = weight
        rules = ("tone/curt", "owed/words", "owed/all")
        weights = Weights(
            agent_labels=("tone/curt",),
            customer_labels=(),
            owners=(),
            turn_rules=("owed/words",),
            conversation_rules=("owed/all",),
            calibrations={**dict.fromkeys(rules, NEVER), **opinion.calibrations},
            dense=np.zeros((2, 1), np.float32),
            named=named,
            bias=np.array([logit(opinion.curt)], np.float32),
            # One label, 6 channels, 9 other features, two meanings; see `turn_features`.
            turn=np.zeros((1 + 6 + 9 + 2, 1), np.float32),
            turn_bias=np.array([logit(opinion.words)], np.float32),
            conversation=np.zeros((2 + 6 + 6 + 2, 1), np.float32),
            conversation_bias=np.array([logit(opinion.whole)], np.float32),
        )
        return FastModel(weights, embedding)

    return make


@pytest.fixture(scope="module")
def catalogue(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> Catalogue:
    return catalogue_of(FILES)


@pytest.fixture(scope="module")
def language(catalogue: Catalogue) -> LanguagePipeline:
    return LanguagePipeline(catalogue, Budget(utterance_chars=10_000, record_seconds=60))


@pytest.fixture(scope="module")
def judge(
    catalogue: Catalogue,
    language: LanguagePipeline,
    model_of: Callable[[Opinion], FastModel],
    conversation: Callable[..., Conversation],
) -> Judge:
    """Judge a conversation by the rules and what a model holds of it: findings and checks, in order."""

    def find(
        opinion: Opinion, *lines: str | Utterance, select: Sequence[str] = ("tone/curt", "owed/words", "owed/all")
    ) -> Judgements:
        said = tuple(line if isinstance(line, Utterance) else conversation(line).utterances[0] for line in lines)
        heard: HeardConversation = hear(language.parse(Conversation("c-1", said))[0])
        rules = {name: catalogue.rules[name] for name in select}
        judged = [one for detector in detectors_for(rules.values()) for one in detector.detect(heard)]
        weighed = weigh(judged, model_of(opinion).read(heard), rules)
        return [one for one in weighed if isinstance(one, Finding)], [one for one in weighed if isinstance(one, Check)]

    return find


def outcomes(checks: Sequence[Check], rule: str) -> list[tuple[str, int | None]]:
    return [(check.outcome.value, check.utterance) for check in checks if check.rule == rule]


def places(findings: Sequence[Finding]) -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.at.utterance if finding.at else None) for finding in findings]


# -- words that no pattern foresaw -----------------------------------------------------------


def test_model_finds_what_no_pattern_foresaw(judge: Judge) -> None:
    (finding,), _ = judge(FINDS_CURT, CUSTOMER, Utterance(Role.AGENT, "Hello. You obviously lost it.", author="Jo"))

    assert finding.at == Span(1, 7, 29, "You obviously lost it.")
    assert (finding.rule, finding.kind, finding.severity.value) == ("tone/curt", Kind.PRESENT, "warning")
    assert finding.message == "'You obviously lost it.' is curt."
    assert (finding.agent, finding.suggestion) == ("Jo", "Say it otherwise.")
    assert "obviously" in {step.step: step.detail for step in finding.explanation}["strongest"]
    assert "0.80 is enough" in {step.step: step.detail for step in finding.explanation}["learned"]


def test_clause_that_carries_the_fault_is_quoted(judge: Judge) -> None:
    text = "Hello Ana. Your parcel will be there tomorrow, but you obviously lost the first one. Goodbye."
    (finding,), _ = judge(FINDS_CURT, CUSTOMER, f"agent: {text}")

    assert finding.at is not None
    assert finding.at.quote == "but you obviously lost the first one."
    assert text[finding.at.start : finding.at.end] == finding.at.quote


def test_first_clause_is_quoted_without_its_comma(judge: Judge) -> None:
    (finding,), _ = judge(FINDS_CURT, "agent: You obviously lost the first one, but a second comes tomorrow.")

    assert finding.at is not None
    assert finding.at.quote == "You obviously lost the first one"


def test_sentence_whose_clauses_share_the_fault_is_quoted_whole(judge: Judge) -> None:
    both = replace(FINDS_CURT, named={**OBVIOUSLY, "agent tomorrow": STRONG})
    text = "You obviously lost the first one, but a second comes tomorrow."
    (finding,), _ = judge(both, f"agent: {text}")

    assert finding.at is not None
    assert finding.at.quote == text


def test_short_clause_does_not_stand_alone(judge: Judge) -> None:
    """What is left of "Obviously so" says nothing without what follows."""
    text = "Obviously so, but we will send you a second one tomorrow."
    (finding,), _ = judge(FINDS_CURT, f"agent: {text}")

    assert finding.at is not None
    assert finding.at.quote == text


PIECES = st.sampled_from(
    [
        "you obviously lost it",
        "it is on its way now",
        ", ",
        "; ",
        " but ",
        " — ",
        " - ",
        ". ",
        "? ",
        "\n",
        "👍 ",
        "İ",
        "…",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=12).map("".join))
def test_every_finding_quotes_its_place_in_one_sentence(judge: Judge, language: LanguagePipeline, text: str) -> None:
    always = Opinion(OBVIOUSLY, curt=0.9, calibrations={"tone/curt": Calibration(find=0.5)})
    said = Utterance(Role.AGENT, text)
    findings, _ = judge(always, said, select=("tone/curt",))

    (parsed,) = language.parse(Conversation("c-1", (said,)))[0].utterances
    assert len(findings) == len(parsed.sentences)
    for finding, sentence in zip(findings, parsed.sentences, strict=True):
        assert finding.at is not None
        assert text[finding.at.start : finding.at.end] == finding.at.quote
        assert sentence.start <= finding.at.start < finding.at.end <= sentence.end


def test_what_is_not_likely_enough_is_not_found(judge: Judge) -> None:
    not_enough = Opinion(curt=0.7, calibrations={"tone/curt": Calibration(find=0.71)})
    enough = Opinion(curt=0.7, calibrations={"tone/curt": Calibration(find=0.69)})

    assert places(judge(not_enough, "agent: Fine.")[0]) == []
    assert places(judge(enough, "agent: Fine.")[0]) == [("tone/curt", 0)]


def test_rule_that_never_finds_alone_stays_silent(judge: Judge) -> None:
    assert judge(Opinion(OBVIOUSLY, curt=0.99), "agent: Obviously.")[0] == []


def test_pattern_and_model_in_one_utterance_are_one_finding(judge: Judge) -> None:
    """The pattern's stays: it knows the words."""
    findings, _ = judge(FINDS_CURT, "agent: Whatever, you obviously lost it. Obviously.")
    assert [finding.at.quote for finding in findings if finding.at] == ["Whatever"]


def test_pattern_in_another_utterance_does_not_hide_the_models(judge: Judge) -> None:
    findings, _ = judge(FINDS_CURT, "agent: Whatever.", "agent: You obviously lost it.")
    assert places(findings) == [("tone/curt", 0), ("tone/curt", 1)]


def test_words_that_match_always_stand(judge: Judge) -> None:
    """However unlikely the model holds it, words that should not be there are there."""
    doubtful = Opinion(curt=0.01, calibrations={"tone/curt": Calibration(find=0.8, confirm=0.5, slope=1.0)})
    (finding,), _ = judge(doubtful, "agent: Whatever.")
    assert finding.at is not None
    assert (finding.at.quote, finding.confidence) == ("Whatever", 0.01)


def test_finding_of_a_rule_gets_its_measured_confidence(judge: Judge) -> None:
    measured = Opinion(curt=0.25, calibrations={"tone/curt": Calibration(2.0, slope=1.0)})
    (sure,), _ = judge(measured, "agent: Whatever.")
    (open_,), _ = judge(Opinion(curt=0.25), "agent: Whatever.")
    assert (sure.confidence, open_.confidence) == (0.25, None)


def test_only_own_words_of_agents_are_found(judge: Judge) -> None:
    words = "You obviously lost it."
    lines = (
        Utterance(Role.CUSTOMER, words),
        Utterance(Role.BOT, words),
        Utterance(Role.SYSTEM, words),
        Utterance(Role.AGENT, words, visibility=Visibility.INTERNAL),
        Utterance(Role.AGENT, f"Fine.\n\nOn 3 May Ana wrote:\n> {words}\n> {words}"),
        Utterance(Role.AGENT, f"> {words}\n{words}"),
    )
    findings, _ = judge(FINDS_CURT, *lines)
    assert [finding.at for finding in findings] == [Span(5, len(words) + 3, 2 * len(words) + 3, words)]


# -- what was not said -----------------------------------------------------------------------

DOUBTS = {"owed/words": Calibration(find=2.0, confirm=0.4), "owed/all": Calibration(find=2.0, confirm=0.4)}
BROKEN = ("customer: It is broken.", "agent: Your number?")


def test_absence_that_the_model_doubts_is_dropped_and_counts_as_kept(judge: Judge) -> None:
    findings, checks = judge(Opinion(words=0.39, calibrations=DOUBTS), *BROKEN, select=("owed/words",))
    assert findings == []
    assert outcomes(checks, "owed/words") == [("kept", 1)]


def test_absence_that_the_model_does_not_doubt_stands(judge: Judge) -> None:
    findings, checks = judge(Opinion(words=0.41, calibrations=DOUBTS), *BROKEN, select=("owed/words",))
    assert places(findings) == [("owed/words", 1)]
    assert outcomes(checks, "owed/words") == [("missing", 1)]


def test_absence_in_the_conversation_that_the_model_doubts_is_dropped(judge: Judge) -> None:
    findings, checks = judge(Opinion(whole=0.39, calibrations=DOUBTS), *BROKEN, select=("owed/all",))
    assert findings == []
    assert [outcome for outcome, _ in outcomes(checks, "owed/all")] == ["kept"]


@pytest.mark.parametrize(("words", "outcome"), [(0.02, "kept"), (0.04, "missing")])
def test_absence_of_small_measured_probability_is_dropped_whatever_the_threshold(
    judge: Judge, words: float, outcome: str
) -> None:
    """A label whose threshold was never found ("confirm" is 0) would report what is all but surely wrong."""
    measured = Opinion(words=words, calibrations={"owed/words": Calibration(find=2.0, slope=1.0)})
    findings, checks = judge(measured, *BROKEN, select=("owed/words",))
    assert places(findings) == ([("owed/words", 1)] if outcome == "missing" else [])
    assert outcomes(checks, "owed/words") == [(outcome, 1)]


def test_absence_whose_probability_is_not_measured_is_never_too_small(judge: Judge) -> None:
    unmeasured = Opinion(words=0.01, calibrations={"owed/words": Calibration(find=2.0)})
    findings, _ = judge(unmeasured, *BROKEN, select=("owed/words",))
    assert places(findings) == [("owed/words", 1)]


def test_doubt_about_one_rule_leaves_the_others_alone(judge: Judge) -> None:
    findings, checks = judge(Opinion(words=0.39, whole=0.41, calibrations=DOUBTS), *BROKEN)
    assert places(findings) == [("owed/all", None)]
    assert outcomes(checks, "owed/words") == [("kept", 1)]
    assert [outcome for outcome, _ in outcomes(checks, "owed/all")] == ["missing"]


def test_what_is_missing_is_the_rules_to_find(judge: Judge) -> None:
    findings, _ = judge(
        Opinion(words=0.99, whole=0.99), CUSTOMER, "agent: Your number?", select=("owed/words", "owed/all")
    )
    assert findings == []


def test_rules_that_were_not_selected_are_not_found(judge: Judge) -> None:
    every = Opinion(curt=0.99, calibrations={"tone/curt": Calibration(0.5)})
    findings, _ = judge(every, CUSTOMER, "agent: Your number?", select=("tone/curt",))
    assert {finding.rule for finding in findings} == {"tone/curt"}
    assert judge(every, CUSTOMER, "agent: Your number?", select=()) == ([], [])


def test_rule_that_the_model_does_not_know_is_left_as_it_is(
    catalogue: Catalogue,
    language: LanguagePipeline,
    model_of: Callable[[Opinion], FastModel],
    conversation: Callable[..., Conversation],
) -> None:
    """A rule of the user's own, or one that is newer than the model."""
    heard = hear(language.parse(conversation(*BROKEN, "agent: Whatever."))[0])
    model = model_of(Opinion())
    unknown = FastModel(
        replace(
            model.weights,
            agent_labels=("tone/cold",),
            turn_rules=("owed/thanks",),
            conversation_rules=("owed/more",),
            calibrations=dict.fromkeys(("tone/cold", "owed/thanks", "owed/more"), Calibration(0.0, 0.99)),
        ),
        model.embedding,
    )
    judged = [one for detector in detectors_for(catalogue.rules.values()) for one in detector.detect(heard)]
    assert judged
    assert weigh(judged, unknown.read(heard), catalogue.rules) == judged
