"""How well promises are found and followed: the blind set against the ledger.

    python benchmarks/promises.py                # totals of both parts, and of the corpus' test part
    python benchmarks/promises.py --errors       # and what went wrong, in the part "tune" only

The set was written and annotated by two hands that had not seen the code (tests/data/promises/guide.md).
A promise counts as found if it stands in the same utterance and overlaps; each counts once. In the corpus promises are
marked in some conversations, without times and conditions, and none in the last message.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from convscan.conversation import Conversation
from convscan.finding import Fate, Promise
from convscan.records import conversation_from_json
from convscan.scanner import Scanner
from convscan.training.corpus import Example, Split, of_split, read_corpus

CORPUS = Path(__file__).parents[1] / "models" / "en" / "corpus"
FOLDER = Path(__file__).parents[1] / "tests" / "data" / "promises"
PARTS = ("tune", "held")
RULE = "promise/broken"
# "Within two hours" of 10:14:08 may be written as 12:14.
_NEARLY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A promise as it was annotated.

    Attributes:
        latest: Date or date-time until which it is due; None if it has none.
    """

    utterance: int
    start: int
    end: int
    quote: str
    fate: Fate
    latest: str | None
    conditional: bool


@dataclass(slots=True)
class Totals:
    """Counts over one part of the set."""

    conversations: int = 0
    wanted: int = 0
    found: int = 0
    matched: int = 0
    fates: int = 0
    times: int = 0
    times_right: int = 0
    times_extra: int = 0
    conditional_right: int = 0
    broken_right: int = 0
    broken_extra: int = 0
    broken_missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was found that was annotated."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what was annotated that was found."""
        return self.matched / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.matched / (self.found + self.wanted) if self.found + self.wanted else 0.0

    @property
    def fate_accuracy(self) -> float:
        """Share of the matched promises whose fate is the annotated one."""
        return self.fates / self.matched if self.matched else 0.0

    @property
    def time_accuracy(self) -> float:
        """Share of the matched promises with a resolved time that were resolved to it."""
        return self.times_right / self.times if self.times else 0.0

    @property
    def broken_precision(self) -> float:
        """Share of the conversations with a finding that are annotated so."""
        found = self.broken_right + self.broken_extra
        return self.broken_right / found if found else 0.0

    @property
    def broken_recall(self) -> float:
        """Share of the conversations with a broken promise that have a finding."""
        wanted = self.broken_right + self.broken_missed
        return self.broken_right / wanted if wanted else 0.0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def score(folder: Path = FOLDER, *, errors: bool = False) -> Mapping[str, Totals]:
    """Scan the set and count, by part.

    Args:
        folder: Holds `conversations.jsonl` and `annotations.jsonl`.
        errors: Whether to print what went wrong in the part "tune".
    """
    annotations = {record["id"]: record for record in _records(folder / "annotations.jsonl")}
    totals = {part: Totals() for part in PARTS}
    scanner = Scanner()
    for record in _records(folder / "conversations.jsonl"):
        conversation = conversation_from_json(record)
        annotation = annotations[conversation.id]
        part = str(annotation["part"])
        result = scanner.scan(conversation)
        is_broken = any(finding.rule == RULE for finding in result.findings)
        shows = errors and part == "tune"
        totals[part] += _count(conversation, annotation, result.promises, is_broken=is_broken, shows=shows)
    return totals


def score_corpus(folder: Path = CORPUS) -> Totals:
    """Scan the conversations of the corpus' test part whose promises are marked, and count."""
    totals = Totals()
    scanner = Scanner()
    for example in of_split(read_corpus(folder), Split.TEST):
        if example.promises is not None:
            result = scanner.scan(example.conversation)
            last = len(example.conversation.utterances) - 1
            before = tuple(one for one in result.promises if one.at.utterance < last)
            is_broken = any(finding.rule == RULE for finding in result.findings)
            totals += _count(example.conversation, _annotation(example), before, is_broken=is_broken, shows=False)
    return totals


def _annotation(example: Example) -> Mapping[str, object]:
    """Return an example's marks in the form of the blind set's."""
    unmarked = {"resolved": None, "conditional": False}
    promises = [
        {"utterance": one.at.utterance, "quote": one.at.quote, "fate": one.fate, **unmarked}
        for one in example.promises or ()
    ]
    return {"promises": promises, "promise_broken": any(mark.label == RULE for mark in example.marks)}


def _records(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _count(
    conversation: Conversation,
    annotation: Mapping[str, object],
    promises: tuple[Promise, ...],
    *,
    is_broken: bool,
    shows: bool,
) -> Totals:
    wanted = list(_wanted(conversation, annotation))
    pairs = list(_pairs(wanted, promises))
    totals = Totals(conversations=1, wanted=len(wanted), found=len(promises), matched=len(pairs))
    for one, promise in pairs:
        is_right, latest = promise.fate is one.fate, promise.by_when.latest if promise.by_when else None
        totals.fates += is_right
        totals.conditional_right += one.conditional == (promise.condition is not None)
        if one.latest is not None:
            totals.times += 1
            totals.times_right += _same_time(one.latest, latest)
        elif latest is not None:
            totals.times_extra += 1
        if shows:
            _show_pair(conversation, one, promise, latest)
    should = bool(annotation["promise_broken"])
    totals.broken_right += is_broken and should
    totals.broken_extra += is_broken and not should
    totals.broken_missed += should and not is_broken
    if shows:
        _show_lost(conversation, wanted, promises, pairs)
        if is_broken != should:
            print(f"{conversation.id} {RULE}: found {is_broken}, annotated {should}")
    return totals


def _wanted(conversation: Conversation, annotation: Mapping[str, object]) -> Iterator[Wanted]:
    promises = annotation["promises"]
    assert isinstance(promises, list)  # noqa: S101 # the set's own shape
    for item in promises:
        text = conversation.utterances[item["utterance"]].text
        start = text.index(item["quote"])
        yield Wanted(
            item["utterance"],
            start,
            start + len(item["quote"]),
            item["quote"],
            Fate(item["fate"]),
            item["resolved"],
            item["conditional"],
        )


def _pairs(wanted: list[Wanted], promises: tuple[Promise, ...]) -> Iterator[tuple[Wanted, Promise]]:
    """Pair each annotated promise with one that was found, those that share most words first."""
    shared = [
        (min(one.end, promise.at.end) - max(one.start, promise.at.start), number, index)
        for number, one in enumerate(wanted)
        for index, promise in enumerate(promises)
        if one.utterance == promise.at.utterance
    ]
    seen: set[int] = set()
    taken: set[int] = set()
    for overlap, number, index in sorted(shared, key=lambda pair: (-pair[0], pair[1:])):
        if overlap > 0 and number not in seen and index not in taken:
            seen.add(number)
            taken.add(index)
            yield wanted[number], promises[index]


def _same_time(wanted: str, latest: str | None) -> bool:
    if latest is None:
        return False
    if "T" not in wanted:
        return latest.startswith(wanted)
    one, other = datetime.fromisoformat(wanted), datetime.fromisoformat(latest)
    if (one.tzinfo is None) is not (other.tzinfo is None):
        return False
    return abs(one - other) <= _NEARLY


def _show_pair(conversation: Conversation, one: Wanted, promise: Promise, latest: str | None) -> None:
    if promise.fate is not one.fate:
        shown = "; ".join(f"{span.utterance}: {span.quote}" for span in promise.evidence)
        print(f"{conversation.id}:{one.utterance} fate {promise.fate}, not {one.fate}: {one.quote!r} by {shown!r}")
    if one.latest is not None and not _same_time(one.latest, latest):
        print(f"{conversation.id}:{one.utterance} time {latest}, not {one.latest}: {one.quote!r}")
    if one.conditional != (promise.condition is not None):
        print(f"{conversation.id}:{one.utterance} condition {promise.condition}, not {one.conditional}: {one.quote!r}")


def _show_lost(
    conversation: Conversation,
    wanted: list[Wanted],
    promises: tuple[Promise, ...],
    pairs: list[tuple[Wanted, Promise]],
) -> None:
    met = [one for one, _ in pairs]
    got = [promise for _, promise in pairs]
    for one in wanted:
        if one not in met:
            print(f"{conversation.id}:{one.utterance} missed: {one.quote!r}")
    for promise in promises:
        if promise not in got:
            print(f"{conversation.id}:{promise.at.utterance} not annotated: {promise.at.quote!r}")


def report(part: str, totals: Totals, *, has_times: bool = True) -> str:
    """Return the totals of a part as lines; without those of times and conditions if they are not marked."""
    times = (
        f"  deadline     {totals.times_right} of {totals.times} resolved rightly ({totals.time_accuracy:.3f}),"
        f" {totals.times_extra} resolved that are not\n"
        f"  condition    {totals.conditional_right} of {totals.matched}\n"
    )
    return (
        f"{part}: {totals.conversations} conversations, {totals.wanted} promises\n"
        f"  extraction   precision {totals.precision:.3f}  recall {totals.recall:.3f}  F1 {totals.f1:.3f}\n"
        f"  fate         accuracy {totals.fate_accuracy:.3f} of {totals.matched} matched\n"
        f"{times if has_times else ''}"
        f"  {RULE}  precision {totals.broken_precision:.3f}  recall {totals.broken_recall:.3f}"
        f"  ({totals.broken_right} right, {totals.broken_extra} wrong, {totals.broken_missed} missed)"
    )


def main() -> None:
    """Print the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--errors", action="store_true", help="print what went wrong in the part 'tune'")
    options = parser.parse_args()
    for part, totals in score(options.folder, errors=options.errors).items():
        print(report(part, totals))
    print(report("corpus test", score_corpus(), has_times=False))


if __name__ == "__main__":
    main()
