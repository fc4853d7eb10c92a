"""The model in the scanner: chosen by a setting, told in the result, the same every time."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from convscan.acts.heard import hear
from convscan.config import Config, ModelChoice, config_from_mapping, load_config
from convscan.conversation import Conversation, Role
from convscan.errors import ConfigError
from convscan.finding import ScanResult
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned import FAST, FastModel, load_model
from convscan.readers import ReadOptions, read
from convscan.records import result_to_json
from convscan.resources import models_folder, rules_folder
from convscan.rules.kept import load_rules
from convscan.scanner import Scanner

SAMPLES = Path(__file__).parents[2] / "sample_transcripts"
LINES = (
    ("customer: My kettle is broken and nobody answers me.", "agent: What is your order number?"),
    ("customer: Where is my parcel?", "agent: You people always lose the code, read the manual, but fine."),
    ("agent: We guarantee it will work.", "customer: It does not. I give up.", "agent: As I said, it is policy."),
    ("customer: Thanks, it works now!", "agent: Glad to hear it. Thank you for trying again."),
    ("customer: ...", "agent: ?"),
    ("customer: I have waited for three weeks.", "agent: Hm.", "customer: Hello?", "agent: Dear customer, (1/2)"),
)


@pytest.fixture(scope="module")
def conversations(conversation: Callable[..., Conversation]) -> list[Conversation]:
    return [conversation(*lines, conversation_id=f"c-{number}") for number, lines in enumerate(LINES)]


@pytest.fixture(scope="module")
def with_rules_alone() -> Scanner:
    return Scanner(Config(model=ModelChoice.NONE))


def written(result: ScanResult) -> str:
    return json.dumps(result_to_json(result))


# -- the setting -----------------------------------------------------------------------------


def test_model_can_be_turned_off_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "convscan.toml"
    path.write_text('model = "none"\n')
    assert load_config(path).model is ModelChoice.NONE


@pytest.mark.parametrize("value", ["slow", "", True, 1, ["fast"], {"name": "fast"}])
def test_model_that_does_not_exist_is_refused_with_the_choices(value: object) -> None:
    with pytest.raises(ConfigError, match=r"^convscan\.toml: model: .* is not one of none, fast, full$"):
        config_from_mapping({"model": value}, where="convscan.toml")


def test_model_whose_name_is_nearly_right_is_refused_with_the_right_one() -> None:
    with pytest.raises(ConfigError, match="'Fast' is not one of none, fast, full; did you mean 'fast'"):
        config_from_mapping({"model": "Fast"}, where="convscan.toml")


# -- the scan --------------------------------------------------------------------------------


def test_result_names_the_model_that_was_used(
    scanner: Scanner, with_rules_alone: Scanner, conversations: list[Conversation]
) -> None:
    assert with_rules_alone.scan(conversations[0]).tool.model is None
    used = scanner.scan(conversations[0]).tool.model
    assert re.fullmatch(r"fast@[0-9a-f]{16}\+full@[0-9a-f]{16}", str(used))
    assert Scanner(Config(model=ModelChoice.FULL)).tool == scanner.tool
    assert Scanner(Config(model=ModelChoice.FAST)).tool.model == str(used).partition("+")[0]
    assert scanner.tool.rules == with_rules_alone.tool.rules


def test_rules_alone_measure_no_confidence(with_rules_alone: Scanner, conversations: list[Conversation]) -> None:
    findings = [finding for result in with_rules_alone.scan_many(conversations) for finding in result.findings]
    assert findings
    assert {finding.confidence for finding in findings} == {None}


def test_words_that_a_pattern_finds_stand_with_the_model_too(
    scanner: Scanner, with_rules_alone: Scanner, conversations: list[Conversation]
) -> None:
    assert any(result.findings for result in with_rules_alone.scan_many(conversations))
    for conversation in conversations:
        with_model = {(finding.rule, finding.at) for finding in scanner.scan(conversation).findings}
        alone = with_rules_alone.scan(conversation).findings
        assert {(finding.rule, finding.at) for finding in alone if finding.kind.value == "present"} <= with_model


def test_same_conversation_gives_the_same_bytes(scanner: Scanner, conversations: list[Conversation]) -> None:
    """In this scanner, and in one that has read nothing else."""
    first = [written(result) for result in scanner.scan_many(conversations)]
    assert [written(result) for result in scanner.scan_many(conversations)] == first
    fresh = Scanner()
    assert [written(fresh.scan(conversations[number])) for number in (3, 0)] == [first[3], first[0]]


def test_order_of_conversations_changes_nothing(scanner: Scanner, conversations: list[Conversation]) -> None:
    forward = [written(result) for result in scanner.scan_many(conversations)]
    backward = [written(result) for result in scanner.scan_many(conversations[::-1])]
    assert backward[::-1] == forward


def test_every_finding_quotes_its_place(scanner: Scanner, conversations: list[Conversation]) -> None:
    found = [(one, finding) for one in conversations for finding in scanner.scan(one).findings]
    assert any(finding.at and finding.because for _, finding in found)
    for conversation, finding in found:
        for at in (finding.at, *finding.because) if finding.at else finding.because:
            assert conversation.utterances[at.utterance].text[at.start : at.end] == at.quote
        assert finding.confidence is None or 0 <= finding.confidence <= 1


def test_every_missing_act_has_its_check(scanner: Scanner, conversations: list[Conversation]) -> None:
    """Rates need denominators."""
    results = list(scanner.scan_many(conversations))
    assert any(finding.kind.value == "missing" for result in results for finding in result.findings)
    for result in results:
        missing = {check.rule for check in result.checks if check.outcome.value == "missing"}
        assert {finding.rule for finding in result.findings if finding.kind.value == "missing"} == missing


def test_rules_that_were_ignored_are_not_found(conversations: list[Conversation]) -> None:
    """Not by the model either."""
    only = Scanner(Config(select=("thanks", "blame"), ignore=("thanks/missing",)))
    blamed = [("customer", "It leaks."), ("agent", "You should have read the manual.")]
    results = list(only.scan_many([*conversations, blamed]))
    named = {finding.rule for result in results for finding in result.findings}
    named |= {check.rule for result in results for check in result.checks}
    assert {rule.partition("/")[0] for rule in named} == {"thanks", "blame"}
    assert "thanks/missing" not in named


def test_selecting_a_family_changes_nothing_in_its_findings(scanner: Scanner) -> None:
    """Matches of all rules are features of all others: they must be looked for, though nobody asks to see them."""
    files = [SAMPLES / name for name in ("chats.jsonl", "emails.jsonl", "social.jsonl")]
    chats = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    family = "avoidance"
    only = Scanner(Config(select=(family,)))

    def seen(by: Scanner) -> list[set[tuple[str, object, float | None]]]:
        results = by.scan_many(chats)
        return [{(f.rule, f.at, f.confidence) for f in r.findings if f.rule.startswith(family)} for r in results]

    assert seen(only) == seen(scanner)


# -- what is not looked up ---------------------------------------------------------------------


@pytest.mark.parametrize("find", [None, 0.001, 0.05, 0.5, 0.9])
def test_nothing_that_is_likely_is_passed_over(find: float | None) -> None:
    """Sentences of which nothing can be reported are left out early; here against looking at all of them."""
    ready = load_rules(rules_folder())
    budget = Budget(utterance_chars=100_000, record_seconds=60)
    language = LanguagePipeline(ready.catalogue, budget, tables=ready.tables)
    model = load_model(models_folder() / FAST)
    if find is not None:
        lowered = {name: replace(one, find=find) for name, one in model.weights.calibrations.items()}
        model = FastModel(replace(model.weights, calibrations=lowered), model.embedding)
    passed_over = 0
    for path in ("chats.jsonl", "emails.jsonl", "social.jsonl"):
        for one in read([str(SAMPLES / path)], ReadOptions()):
            assert isinstance(one, Conversation)
            reading = model.read(hear(language.parse(one)[0]))
            agents = [row for row, sentence in enumerate(reading.sentences) if sentence.role is Role.AGENT]
            passed_over += len(set(agents) - set(reading.promising))
            for label in model.weights.agent_labels:
                least = model.weights.calibrations[label].find
                if least <= 1:
                    column = reading.probabilities[:, model.columns[label]]
                    assert reading.likely(label) == [row for row in agents if column[row] >= least]
    assert passed_over or find == 0.001
