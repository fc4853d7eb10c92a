"""One fault is one finding, and a rule gives way to the rule that names it better."""

from collections.abc import Callable, Mapping, Sequence

import hypothesis.strategies as st
import pytest
from hypothesis import given

from convscan import Config, Scanner
from convscan.acts.heard import HeardConversation, hear
from convscan.config import ModelChoice
from convscan.conversation import Conversation, Role, Utterance
from convscan.detectors.settling import give_way, settle, settle_in_part
from convscan.finding import Check, Finding, Kind, Outcome, Severity, Span, Step
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.rules.catalogue import Catalogue

RULE = """
title: A rule
message: "'{{match}}' is wrong."
suggestion: Say it otherwise.
since: "0.1"
rationale: It hurts.
patterns: [{word}]
examples: {{match: ["[[{word}]]"], no_match: [{{text: "x", why: "another word"}}]}}
{more}
"""
ABSENT = """
title: Not said
message: It was not said.
suggestion: Say it.
since: "0.1"
rationale: It is owed.
scope: turn
when: [{role: agent, acts: [refusal]}]
expect: {acts: [sorry], within: same-turn}
yields-to: [tone/curt]
examples: {match: ["[[x]]"], no_match: [{text: "x", why: "nothing"}]}
"""
ENDING = """
title: Not said
message: It was not said.
suggestion: Say it.
since: "0.1"
rationale: It is owed.
scope: conversation
when: [{{role: agent, acts: [refusal]}}]
expect: {{acts: [sorry], within: later-turns}}
yields-to: [{0}]
examples: {{match: ["[[x]]"], no_match: [{{text: "x", why: "nothing"}}]}}
"""
ACT = (
    "description: An act.\nroles: [agent]\npatterns: [{0}]\n"
    'examples: {{match: ["[[{0}]]"], no_match: [{{text: "x", why: "no"}}]}}\n'
)
FILES = {
    "acts/refusal": ACT.format("cannot"),
    "acts/sorry": ACT.format("sorry"),
    "tone/curt": RULE.format(word="whatever", more=""),
    "tone/pitch": RULE.format(word="buy", more="runs-on: true"),
    "tone/vague": RULE.format(word="soon", more="yields-to: [tone/curt, acts/sorry]"),
    "owed/words": ABSENT,
    "owed/plan": ENDING.format("owed/end"),
    "owed/end": ENDING.format("owed/plan"),
}

Setting = tuple[HeardConversation, Catalogue]


@pytest.fixture(scope="module")
def catalogue(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> Catalogue:
    return catalogue_of(FILES)


@pytest.fixture(scope="module")
def heard(catalogue: Catalogue) -> Callable[..., HeardConversation]:
    language = LanguagePipeline(catalogue, Budget(utterance_chars=10_000, record_seconds=60))

    def listen(*texts: str) -> HeardConversation:
        said = tuple(Utterance(Role.AGENT, text) for text in texts)
        return hear(language.parse(Conversation("c-1", said))[0])

    return listen


def finding(
    text: str, quote: str, rule: str = "tone/curt", *, nth: int = 0, confidence: float | None = None, by: str = "it"
) -> Finding:
    """A finding on the nth place where words stand in a text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(quote, start + 1)
    at = Span(0, start, start + len(quote), quote)
    return Finding(
        rule,
        Severity.NOTE,
        Kind.PRESENT,
        at,
        f"'{quote}' is wrong.",
        "",
        confidence,
        explanation=(Step("matched", by),),
    )


def quotes(judgements: Sequence[Finding | Check]) -> list[str]:
    return [one.at.quote for one in judgements if isinstance(one, Finding) and one.at]


# -- one fault, one finding ------------------------------------------------------------------


def test_two_findings_in_one_sentence_are_one_over_both(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    text = "Well, whatever you say, whatever it is. Bye."
    both = [
        finding(text, "whatever you", confidence=0.3, by="one"),
        finding(text, "whatever it", confidence=0.8, by="two"),
    ]
    (one,) = settle(both, heard(text), catalogue.rules)

    assert isinstance(one, Finding)
    assert quotes([one]) == ["whatever you say, whatever it"]
    assert (one.confidence, one.message) == (0.8, "'whatever you say, whatever it' is wrong.")
    assert [step.detail for step in one.explanation] == ["two", "one"]


@pytest.mark.parametrize(
    "text",
    ["Whatever, he says. Whatever, she says.", "Whatever!\n\nWhatever!", "Whatever you like? Whatever you want."],
)
def test_findings_in_two_sentences_are_two(
    heard: Callable[..., HeardConversation], catalogue: Catalogue, text: str
) -> None:
    both = [finding(text, "Whatever"), finding(text, "Whatever", nth=1)]
    assert quotes(settle(both, heard(text), catalogue.rules)) == ["Whatever", "Whatever"]


def test_two_rules_in_one_sentence_are_two(heard: Callable[..., HeardConversation], catalogue: Catalogue) -> None:
    text = "Whatever, buy it."
    both = [finding(text, "Whatever"), finding(text, "buy", "tone/pitch")]
    assert quotes(settle(both, heard(text), catalogue.rules)) == ["Whatever", "buy"]


def test_rule_that_runs_on_is_one_over_sentences_that_follow_one_another(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    text = "Do you want to buy it? Then buy it now. Or buy two. Thank you. Good day. Now buy a third."
    found = [finding(text, "buy", "tone/pitch", nth=n) for n in range(4)]
    first, last = text[text.index("buy") : text.index(" two")], "buy"
    assert quotes(settle(found, heard(text), catalogue.rules)) == [first, last]


def test_same_words_in_two_utterances_are_two(heard: Callable[..., HeardConversation], catalogue: Catalogue) -> None:
    conversation = heard("Buy it.", "Buy it.")
    found = [Finding("tone/pitch", Severity.NOTE, Kind.PRESENT, Span(n, 0, 3, "Buy"), "", "") for n in (0, 1)]
    assert settle(found, conversation, catalogue.rules) == found


@given(
    st.lists(st.sampled_from(["whatever ", "buy ", "it ", "is ", ". ", "? ", "\n\n", ", "]), max_size=14).map("".join)
)
def test_what_is_joined_quotes_its_place_and_nothing_is_lost(
    heard: Callable[..., HeardConversation], catalogue: Catalogue, text: str
) -> None:
    found = [
        finding(text, word, rule, nth=n)
        for word, rule in (("whatever", "tone/curt"), ("buy", "tone/pitch"))
        for n in range(text.count(word))
    ]
    settled = [one for one in settle(found, heard(text), catalogue.rules) if isinstance(one, Finding)]

    for one in settled:
        assert one.at is not None
        assert text[one.at.start : one.at.end] == one.at.quote
    for before in found:
        assert any(
            one.rule == before.rule and one.at and before.at and one.at.start <= before.at.start < one.at.end
            for one in settled
        )


# -- giving way ------------------------------------------------------------------------------


def vague(text: str) -> list[Finding | Check]:
    return [finding(text, "soon", "tone/vague")]


@pytest.mark.parametrize("text", ["It comes soon, whatever you say.", "It comes soon, sorry."])
def test_rule_gives_way_to_words_of_the_other_in_its_sentence(
    heard: Callable[..., HeardConversation], catalogue: Catalogue, text: str
) -> None:
    """Also if the other rule was not asked for, and nobody reports it."""
    rules = {"tone/vague": catalogue.rules["tone/vague"]}
    assert give_way(vague(text), heard(text), rules) == []


def test_rule_gives_way_to_a_finding_that_no_pattern_made(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    text = "It comes soon or later."
    both = [*vague(text), finding(text, text, confidence=0.9)]
    assert quotes(give_way(both, heard(text), catalogue.rules)) == [text]


@pytest.mark.parametrize(("other", "left"), [(0.6, ["soon", "comes"]), (0.8, ["comes"]), (None, ["soon", "comes"])])
def test_rule_does_not_give_way_to_what_a_model_is_less_sure_of(
    heard: Callable[..., HeardConversation], catalogue: Catalogue, other: float | None, left: list[str]
) -> None:
    text = "It comes soon or later."
    both = [finding(text, "soon", "tone/vague", confidence=0.7), finding(text, "comes", confidence=other)]
    assert quotes(give_way(both, heard(text), catalogue.rules)) == left


@pytest.mark.parametrize("text", ["It comes soon. Whatever.", "Sorry. It comes soon.", "It comes soon."])
def test_rule_stands_if_the_other_is_in_another_sentence(
    heard: Callable[..., HeardConversation], catalogue: Catalogue, text: str
) -> None:
    assert quotes(give_way(vague(text), heard(text), catalogue.rules)) == ["soon"]


def test_turn_rule_gives_way_within_its_turn_and_counts_as_kept(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    conversation = heard("We cannot.", "Whatever.")
    whole = Finding("owed/words", Severity.NOTE, Kind.MISSING, Span(0, 0, 10, "We cannot."), "", "")
    judgements: list[Finding | Check] = [Check("owed/words", Outcome.MISSING, 0), whole]
    assert give_way(judgements, conversation, catalogue.rules) == [Check("owed/words", Outcome.KEPT, 0)]


def whole(rule: str, severity: Severity, confidence: float | None) -> Finding:
    """A finding about the conversation as a whole."""
    return Finding(rule, severity, Kind.MISSING, None, "", "", confidence)


@pytest.mark.parametrize(
    ("plan", "end", "stands"),
    [(0.6, 0.9, "owed/end"), (0.9, 0.6, "owed/plan"), (0.7, 0.7, "owed/end"), (None, 0.6, "owed/end")],
)
def test_of_two_that_give_way_to_one_another_the_surer_stands(
    heard: Callable[..., HeardConversation],
    catalogue: Catalogue,
    plan: float | None,
    end: float | None,
    stands: str,
) -> None:
    """Of two as sure, the graver."""
    both = [whole("owed/end", Severity.ERROR, end), whole("owed/plan", Severity.WARNING, plan)]

    for judgements in (both, both[::-1]):
        left = give_way([*judgements, Check("owed/plan", Outcome.MISSING)], heard("We cannot."), catalogue.rules)
        assert [one.rule for one in left if isinstance(one, Finding)] == [stands]
        checked = Outcome.MISSING if stands == "owed/plan" else Outcome.KEPT
        assert Check("owed/plan", checked) in left


def test_what_stands_for_the_conversation_is_in_no_turn_of_its_own(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    """A rule about words or turns gives way to what stands there."""
    judgements = [*vague("It comes soon."), whole("tone/curt", Severity.NOTE, 0.9)]
    assert give_way(judgements, heard("It comes soon."), catalogue.rules) == judgements


def test_without_time_to_look_what_may_give_way_is_left_out(
    heard: Callable[..., HeardConversation], catalogue: Catalogue
) -> None:
    """Whether somebody said sorry in that sentence is not known any more; of joined findings each is still one."""
    text = "It comes soon. Whatever you say, whatever it is."
    found = [*vague(text), finding(text, "hatever you"), finding(text, "whatever it")]

    assert quotes(settle_in_part(found, heard(text), catalogue.rules)) == ["hatever you say, whatever it"]


# -- the rules that are shipped --------------------------------------------------------------


@pytest.mark.parametrize(
    ("customer", "agent", "expected"),
    [
        (
            "Can you refund the tent?",
            "We are unable to refund the tent as per our policy.",
            ["self-interest/policy-shield"],
        ),
        ("Can you refund the tent?", "I'm afraid we can't refund the tent.", ["hidden/unexplained-refusal"]),
    ],
)
def test_bare_policy_is_charged_once(customer: str, agent: str, expected: list[str]) -> None:
    config = Config(select=("hidden/unexplained-refusal", "self-interest/policy-shield"))
    result = Scanner(config).scan([("customer", customer), ("agent", agent)])
    assert [one.rule for one in result.findings] == expected


def test_bare_policy_explains_a_refusal_also_if_its_own_rule_is_off() -> None:
    config = Config(select=("hidden/unexplained-refusal",))
    result = Scanner(config).scan(
        [("customer", "Can you refund the tent?"), ("agent", "We are unable to refund it. It's our policy.")]
    )
    assert result.findings == ()
    assert [check.outcome for check in result.checks] == [Outcome.KEPT]


def test_a_matter_that_is_left_for_good_is_charged_once() -> None:
    """Who is abandoned need not be told what happens next."""
    config = Config(select=("avoidance/abandoned", "expectations/missing"), model=ModelChoice.FULL)
    result = Scanner(config).scan([("customer", "What happened to my order?"), ("agent", "There was an issue.")])
    assert [one.rule for one in result.findings] == ["avoidance/abandoned"]


def test_what_the_rules_found_stands_where_a_model_would_say_it_otherwise() -> None:
    """The agent is there, and says nothing but regret."""
    config = Config(select=("avoidance/abandoned", "expectations/missing"), model=ModelChoice.FULL)
    said = [("customer", "My order hasn't arrived"), ("agent", "Oh no Nell, that's not what we like to hear.")]
    assert [one.rule for one in Scanner(config).scan(said).findings] == ["expectations/missing"]


def test_pure_redirect_is_charged_once(heard: Callable[..., HeardConversation]) -> None:
    """Who is sent elsewhere is not passed over as well; what a model is surer of stands."""
    text = "Fill in the form on our website."
    rules = Scanner(Config(model=ModelChoice.NONE)).catalogue.rules
    silence = finding(text, text, "avoidance/unanswered", confidence=0.7)
    for confidence, expected in (
        (0.9, ["effort/channel-bounce"]),
        (0.6, ["avoidance/unanswered", "effort/channel-bounce"]),
    ):
        bounce = finding(text, text, "effort/channel-bounce", confidence=confidence)
        settled = settle([silence, bounce], heard(text), rules)
        assert [one.rule for one in settled if isinstance(one, Finding)] == expected
