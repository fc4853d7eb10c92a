"""How well the conversation rules do on the blind set: precision, recall and F1 of both halves.

    python benchmarks/reasoning.py                # rules alone
    python benchmarks/reasoning.py --model full   # with both models

The set was written and annotated by a hand that had not seen the code (tests/data/reasoning/README.md).
Its half "dev" was read while the detectors were written, its half "held" was not.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role
from convscan.evaluation.intervals import Estimate, wilson
from convscan.records import conversation_from_json
from convscan.scanner import Scanner

FOLDER = Path(__file__).parents[1] / "tests" / "data" / "reasoning"
HALVES = ("dev", "held")
_OF_CONVERSATION = frozenset({"expectations/missing", "avoidance/abandoned"})
_OF_SPAN = frozenset({"effort/repeat-information", "avoidance/turned-away"})
_OF_TURN = frozenset(
    {
        "acknowledgement/missing",
        "acknowledgement/feeling-ignored",
        "avoidance/unanswered",
        "hidden/unexplained-refusal",
    }
)
RULES = _OF_CONVERSATION | _OF_SPAN | _OF_TURN
Key: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was found and what was annotated, of one rule or of several."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that is annotated."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 0.0

    @property
    def recall(self) -> float:
        """Share of what is annotated that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / total if total else 0.0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


def score(half: Path, model: ModelChoice = ModelChoice.NONE) -> Mapping[str, Counts]:
    """Scan one half of the set and count, by rule.

    Args:
        half: Folder with `conversations.jsonl` and `annotations.jsonl`.
    """
    annotations = {str(record["id"]): record for record in _records(half / "annotations.jsonl")}
    counts: dict[str, Counter[str]] = {rule: Counter() for rule in sorted(RULES)}
    scanner = Scanner(Config(model=model))
    for record in _records(half / "conversations.jsonl"):
        conversation = conversation_from_json(record)
        found = scanner.scan(conversation).findings
        got = _keys(((one.rule, one.at.utterance if one.at else None) for one in found), conversation)
        wanted = _keys(_annotated(annotations[conversation.id]), conversation)
        for name, keys in (("right", got & wanted), ("wrong", got - wanted), ("missed", wanted - got)):
            for rule, _ in keys:
                counts[rule][name] += 1
    return {rule: Counts(one["right"], one["wrong"], one["missed"]) for rule, one in counts.items()}


def _records(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _annotated(record: Mapping[str, object]) -> Iterator[Key]:
    findings = record["findings"]
    assert isinstance(findings, list)  # noqa: S101 # the set's own shape
    for one in findings:
        yield one["rule"], one.get("utterance")


def _keys(places: Iterable[Key], conversation: Conversation) -> frozenset[Key]:
    """Return where the rules of this set were found, as they are compared: by conversation, turn or utterance."""
    return frozenset(
        (rule, None if rule in _OF_CONVERSATION or at is None else at if rule in _OF_SPAN else _turn(at, conversation))
        for rule, at in places
        if rule in RULES
    )


def _turn(at: int, conversation: Conversation) -> int:
    """Return the first utterance of the agent turn that an utterance stands in."""
    first = at
    for index in range(at - 1, -1, -1):
        role = conversation.utterances[index].role
        if role is Role.AGENT:
            first = index
        elif role is Role.CUSTOMER:
            break
    return first


def line(name: str, counts: Counts) -> str:
    """Return the figures of a rule as a line."""
    precision = _shown(wilson(counts.right, counts.right + counts.wrong))
    recall = _shown(wilson(counts.right, counts.right + counts.missed))
    return (
        f"{name:34}{counts.right:4} right{counts.wrong:4} wrong{counts.missed:4} missed"
        f"  precision {precision}  recall {recall}  F1 {counts.f1:.2f}"
    )


def _shown(estimate: Estimate) -> str:
    """Return a figure with its 95 % interval; dashes if nothing was counted."""
    if estimate.value is None or estimate.interval is None:
        return "-"
    return f"{estimate.value:.2f} [{estimate.interval.low:.2f}, {estimate.interval.high:.2f}]"


def main() -> None:
    """Print the figures of both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=ModelChoice, choices=list(ModelChoice), default=ModelChoice.NONE)
    options = parser.parse_args()
    for half in HALVES:
        counts = score(FOLDER / half, options.model)
        print(half)
        for rule, one in counts.items():
            print(f"  {line(rule, one)}")
        print(f"  {line('all', sum(counts.values(), Counts()))}")


if __name__ == "__main__":
    main()
