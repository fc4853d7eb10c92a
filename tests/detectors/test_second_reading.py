"""What the transformer adds to the judgements, on conversations of the corpus that nothing was learned from."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

import pytest

from convscan.acts.heard import hear
from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role
from convscan.detectors.second_reading import reconsider
from convscan.detectors.sites import read_again
from convscan.finding import DepositKind, Finding, Kind, Outcome, ScanResult, Scope, Span
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.model import load_model
from convscan.learned.transformer import Transformer
from convscan.resources import models_folder, rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.scanner import Scanner
from convscan.training.corpus import Split, of_split, read_corpus

CATALOGUE = load_catalogue(rules_folder())
CORPUS = Path(__file__).parents[2] / "models" / "en" / "corpus"


@pytest.fixture(scope="module")
def conversations() -> list[Conversation]:
    examples = [one for one in of_split(read_corpus(CORPUS), Split.TEST) if one.only is None]
    assert examples
    return [one.conversation for one in examples[::6]]


@pytest.fixture(scope="module")
def fast(conversations: Sequence[Conversation]) -> list[ScanResult]:
    return list(Scanner(Config(model=ModelChoice.FAST)).scan_many(conversations))


@pytest.fixture(scope="module")
def full(conversations: Sequence[Conversation]) -> list[ScanResult]:
    return list(Scanner(Config(model=ModelChoice.FULL)).scan_many(conversations))


def key(finding: Finding) -> tuple[str, Span | None, Kind]:
    return finding.rule, finding.at, finding.kind


def added(result: ScanResult, before: ScanResult) -> list[Finding]:
    known = {key(one) for one in before.findings}
    return [one for one in result.findings if key(one) not in known]


def test_words_that_rules_found_stand(conversations: list[Conversation], full: list[ScanResult]) -> None:
    rules = list(Scanner(Config(model=ModelChoice.NONE)).scan_many(conversations))
    assert any(before.findings and before.deposits for before in rules)
    for before, after in zip(rules, full, strict=True):
        for one in before.findings:
            if one.kind is Kind.PRESENT and one.at is not None:
                assert any(other.rule == one.rule and _touches(other.at, one.at) for other in after.findings), one


def test_what_stands_though_it_is_unlikely_says_why(full: list[ScanResult]) -> None:
    told: dict[str, set[Kind]] = {}
    for finding in (one for result in full for one in result.findings):
        for step in finding.explanation:
            if step.step == "read":
                told.setdefault(step.detail.partition("; ")[2].rstrip("0123456789. "), set()).add(finding.kind)
    assert told["words that match stand all the same"] == {Kind.PRESENT}
    assert told["what rules find missing stands from 0.30 on"] == {Kind.MISSING}


def test_few_deposits_are_lost_and_hardly_any_of_courtesy(fast: list[ScanResult], full: list[ScanResult]) -> None:
    given, lost = set(), set()
    for before, after in zip(fast, full, strict=True):
        still = {(one.kind, one.at.utterance) for one in after.deposits}
        # Those of the rules: what the fast model credits, the transformer weighs anew.
        of_rules = [one for one in before.deposits if one.confidence is None]
        given |= {(before.conversation_id, one) for one in of_rules}
        lost |= {(before.conversation_id, one) for one in of_rules if (one.kind, one.at.utterance) not in still}
    assert 0 < len(lost) < 0.2 * len(given)
    courtesies = {one for one in given if one[1].kind in (DepositKind.THANKS, DepositKind.APOLOGY)}
    assert len(lost & courtesies) < 0.02 * len(courtesies)


def _touches(one: Span | None, other: Span) -> bool:
    return one is not None and one.utterance == other.utterance and one.start < other.end and other.start < one.end


def test_what_it_holds_for_done_is_missing_no_more(fast: list[ScanResult], full: list[ScanResult]) -> None:
    dropped = 0
    for before, after in zip(fast, full, strict=True):
        still = {key(one) for one in after.findings}
        gone = {key(one) for one in before.findings if one.kind is Kind.MISSING} - still
        dropped += len(gone)
        kept = {(one.rule, one.utterance) for one in after.checks if one.outcome is Outcome.KEPT}
        for rule, at, _ in gone:
            assert (rule, at.utterance) in kept if at else rule in {name for name, _ in kept}
    assert dropped


def test_it_adds_something(fast: list[ScanResult], full: list[ScanResult]) -> None:
    new = [one for before, after in zip(fast, full, strict=True) for one in added(after, before)]
    assert {one.kind for one in new} == {Kind.PRESENT, Kind.MISSING}
    assert sum(len(one.deposits) for one in full) > sum(len(one.deposits) for one in fast)


def test_what_it_adds_says_where_and_why(
    conversations: list[Conversation], fast: list[ScanResult], full: list[ScanResult]
) -> None:
    scopes = Scanner(Config(model=ModelChoice.NONE)).catalogue.scopes()
    read = zip(conversations, fast, full, strict=True)
    new = [(conversation, finding) for conversation, before, after in read for finding in added(after, before)]
    assert new
    for conversation, finding in new:
        if scopes[finding.rule] is Scope.CONVERSATION:
            assert finding.at is None
        else:
            assert finding.at is not None
            text = conversation.utterances[finding.at.utterance].text
            assert text[finding.at.start : finding.at.end] == finding.at.quote
        # Two sentences side by side are one fault, read twice.
        assert {step.step for step in finding.explanation} == {"read"}
        assert finding.confidence is None or 0 <= finding.confidence <= 1
        assert finding.message
        assert "{match}" not in finding.message
        assert bool(finding.because) == (scopes[finding.rule] is not Scope.SPAN)


def test_what_it_adds_to_a_turn_was_called_for_by_the_customer(
    conversations: list[Conversation], fast: list[ScanResult], full: list[ScanResult]
) -> None:
    scopes = Scanner(Config(model=ModelChoice.NONE)).catalogue.scopes()
    read = zip(conversations, fast, full, strict=True)
    owed = [(conversation, one) for conversation, before, after in read for one in added(after, before)]
    owed = [(conversation, one) for conversation, one in owed if scopes[one.rule] is Scope.TURN]
    assert len({one.rule for _, one in owed}) > 2
    for conversation, finding in owed:
        for at in finding.because:
            assert conversation.utterances[at.utterance].role is Role.CUSTOMER


def test_it_adds_nothing_to_a_turn_if_nothing_seems_to_call_for_it(conversations: list[Conversation]) -> None:
    language = LanguagePipeline(CATALOGUE, Budget(utterance_chars=10**6, record_seconds=60.0))
    fast, model = load_model(models_folder() / "fast"), Transformer(models_folder() / "full")
    deaf = copy(model)
    deaf.worths = {n: replace(one, threshold=2.0) if n[0] == "!" else one for n, one in model.worths.items()}
    owed: dict[Transformer, list[str]] = {model: [], deaf: []}
    for conversation in conversations[:60]:
        first = fast.read(hear(language.parse(conversation)[0]))
        for one, rules in owed.items():
            judgements, _ = reconsider([], [], read_again(first, one), CATALOGUE.rules)
            rules += [j.rule for j in judgements if isinstance(j, Finding) and j.kind is Kind.MISSING]
    assert {CATALOGUE.rules[rule].scope for rule in owed[model]} == {Scope.TURN, Scope.CONVERSATION}
    assert {CATALOGUE.rules[rule].scope for rule in owed[deaf]} == {Scope.CONVERSATION}


def test_it_adds_one_fault_of_a_family_to_a_passage(fast: list[ScanResult], full: list[ScanResult]) -> None:
    seen = 0
    for before, after in zip(fast, full, strict=True):
        for new in (one for one in added(after, before) if one.kind is Kind.PRESENT and one.at is not None):
            if [step.step for step in new.explanation] != ["read"]:
                continue  # joined to what a pattern found
            family = new.rule.partition("/")[0]
            others = [one for one in after.findings if one is not new and one.rule.startswith(f"{family}/")]
            assert new.at is not None
            assert not any(one.kind is Kind.PRESENT and _touches(one.at, new.at) for one in others), new
            seen += 1
    assert seen


def test_how_a_conversation_ended_has_one_outcome(fast: list[ScanResult], full: list[ScanResult]) -> None:
    scopes = Scanner(Config(model=ModelChoice.NONE)).catalogue.scopes()
    ended = {rule for rule, scope in scopes.items() if scope is Scope.CONVERSATION}
    new = [one for before, after in zip(fast, full, strict=True) for one in added(after, before) if one.rule in ended]
    assert new
    for result in full:
        found = [one.rule for one in result.findings if one.rule in ended]
        assert len(found) == len(set(found))
        for rule in found:
            assert {one.outcome for one in result.checks if one.rule == rule} == {Outcome.MISSING}


def test_a_turn_has_one_outcome_for_each_rule(full: list[ScanResult]) -> None:
    scopes = Scanner(Config(model=ModelChoice.NONE)).catalogue.scopes()
    of_turns = [(one, f) for one in full for f in one.findings if scopes[f.rule] is Scope.TURN and f.at]
    assert of_turns
    for result, finding in of_turns:
        assert finding.at is not None
        here = {c.outcome for c in result.checks if (c.rule, c.utterance) == (finding.rule, finding.at.utterance)}
        assert here <= {Outcome.MISSING}


def test_deposits_are_given_once_a_turn(full: list[ScanResult]) -> None:
    assert any(result.deposits for result in full)
    for result in full:
        given = [(one.kind, one.at.utterance) for one in result.deposits]
        assert len(given) == len(set(given))


def test_order_changes_nothing(conversations: list[Conversation], full: list[ScanResult]) -> None:
    back = list(Scanner(Config(model=ModelChoice.FULL)).scan_many(reversed(conversations)))
    assert back[::-1] == full


def test_only_selected_rules_are_found(conversations: list[Conversation]) -> None:
    scanner = Scanner(Config(model=ModelChoice.FULL, select=("blame/customer",)))
    blamed = [("customer", "It leaks."), ("agent", "You should have read the manual.")]
    found = {one.rule for result in scanner.scan_many([*conversations, blamed]) for one in result.findings}
    assert found == {"blame/customer"}
