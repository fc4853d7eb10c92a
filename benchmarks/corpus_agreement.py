"""How well two hands agree on the training corpus: no program can be expected to agree better.

Run it as `python benchmarks/corpus_agreement.py [FOLDER]`. The first hand is the writer's, in
`conversations/`; the second, in `blind/`, marked a part of the conversations without seeing the first.

Span rules and triggers agree on the same utterance, turn rules and deposits on the same turn,
conversation rules on the same conversation, as `convscan evaluate` matches them. Neither hand
is held for the truth: F1 is the same from both sides.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from corpus_variety import CORPUS, bounds_of, share

from convscan.conversation import Role
from convscan.errors import AnnotationError, ConvscanError
from convscan.evaluation.comparison import turn_start
from convscan.evaluation.intervals import Counts, Interval, f1_intervals
from convscan.finding import Scope
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.training.corpus import Example, Marked, read_corpus

# Below it, a label is learned and measured with caution; this project's own line.
LOW = 0.7
# With fewer marks by each hand, one of them moves F1 by more than 0.1, and kappa with it.
MIN_MARKS = 10

GROUPS = ("span rules", "turn rules", "conversation rules", "deposits", "triggers")
_IN_WORDS = frozenset({"span rules", "deposits", "triggers"})

# A label and its place in a conversation, None for all of it.
Claim = tuple[str, int | None]


@dataclass(frozen=True)
class Both:
    """A conversation as the first and the second hand marked it."""

    first: Example
    second: Example


@dataclass(frozen=True, slots=True)
class Row:
    """How far two hands agree on one label, or on several.

    Attributes:
        counts: The first hand's claims are the gold ones.
        kappa: Over sentences; None for what is not marked in words, and for few marks.
    """

    name: str
    counts: Counts
    interval: Interval | None
    kappa: float | None = None

    @property
    def by_hand(self) -> tuple[int, int]:
        """How often the first hand claims it, and how often the second."""
        return self.counts.tp + self.counts.fn, self.counts.tp + self.counts.fp

    @property
    def is_low(self) -> bool:
        """Whether the hands agree less than they should."""
        return self.counts.f1 is not None and self.counts.f1 < LOW

    @property
    def has_few(self) -> bool:
        """Whether there are too few marks for its figures to mean much."""
        return max(self.by_hand) < MIN_MARKS


# -- reading ---------------------------------------------------------------------------------


def read_both(folder: Path, scopes: Mapping[str, Scope]) -> tuple[list[Both], int]:
    """Read what both hands marked.

    Returns:
        The conversations of the second hand in the order of the first, and how many the first has.

    Raises:
        AnnotationError: If a mark of the second hand does not fit the conversations; with its place.
        ConvscanError: If there is no corpus, or no second hand.
    """
    firsts = [one for one in read_corpus(folder) if one.only is None]
    by_id = {one.conversation.id: one for one in firsts}
    seconds: dict[str, Example] = {}
    for path in sorted((folder / "blind").glob("*.annotations.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
            if line.strip():
                second = _second(line, by_id, scopes, f"{path}:{number}")
                if second.conversation.id in seconds:
                    raise AnnotationError(f"{path}:{number}: {second.conversation.id!r} is annotated twice; keep one")
                seconds[second.conversation.id] = second
    if not seconds:
        raise ConvscanError(f"{folder}: no annotations in blind/*.annotations.jsonl")
    return [Both(one, seconds[one.conversation.id]) for one in firsts if one.conversation.id in seconds], len(firsts)


def _second(line: str, firsts: Mapping[str, Example], scopes: Mapping[str, Scope], place: str) -> Example:
    try:
        record = json.loads(line)
        first = firsts.get(record["id"])
        if first is None:
            raise AnnotationError(f"{place}: there is no conversation {record['id']!r}")
        marks = (
            *(Marked(one["rule"], one.get("utterance"), one.get("quote", "")) for one in record["findings"]),
            *(Marked(f"+{one['kind']}", one["utterance"], one["quote"]) for one in record["deposits"]),
            *(Marked(f"!{one['kind']}", one["utterance"], one["quote"]) for one in record["triggers"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise AnnotationError(f"{place}: no annotation ({error!r}); see conversations/*.annotations.jsonl") from error
    for mark in marks:
        _check(mark, first, scopes, place)
    return Example(first.conversation, marks, first.key)


def _check(mark: Marked, example: Example, scopes: Mapping[str, Scope], place: str) -> None:
    utterances = example.conversation.utterances
    try:
        group = group_of(mark.label, scopes)
    except AnnotationError as error:
        raise AnnotationError(f"{place}: {error}") from error
    if group == "conversation rules":
        return
    if mark.utterance is None or not 0 <= mark.utterance < len(utterances):
        raise AnnotationError(f"{place}: {mark.label} names utterance {mark.utterance} of {len(utterances)}")
    if group in _IN_WORDS and (not mark.quote or mark.quote not in utterances[mark.utterance].text):
        raise AnnotationError(
            f"{place}: {mark.label} quotes {mark.quote!r}, which does not stand in utterance {mark.utterance}"
        )


def group_of(label: str, scopes: Mapping[str, Scope]) -> str:
    """Return which of `GROUPS` a label belongs to.

    Raises:
        AnnotationError: If it is a rule that is not in the catalogue.
    """
    if label.startswith("+"):
        return "deposits"
    if label.startswith("!"):
        return "triggers"
    if label not in scopes:
        raise AnnotationError(f"unknown rule {label!r}; `convscan rules list` names them all")
    return f"{scopes[label]} rules"


# -- comparing -------------------------------------------------------------------------------


def claims_of(example: Example, scopes: Mapping[str, Scope]) -> frozenset[Claim]:
    """Return what one hand says of a conversation, each label once a place."""
    return frozenset((mark.label, _place(mark, example, scopes)) for mark in example.marks)


def _place(mark: Marked, example: Example, scopes: Mapping[str, Scope]) -> int | None:
    group = group_of(mark.label, scopes)
    if mark.utterance is None or group == "conversation rules":
        return None
    if group in {"turn rules", "deposits"}:
        return turn_start(example.conversation.utterances, mark.utterance)
    return mark.utterance


def counts_of(both: Both, scopes: Mapping[str, Scope]) -> dict[str, Counts]:
    """Return, for each label, what both hands, the second (`fp`) and the first (`fn`) alone claim."""
    first, second = claims_of(both.first, scopes), claims_of(both.second, scopes)
    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for label, _ in first & second:
        counts[label] += Counts(tp=1)
    for label, _ in first - second:
        counts[label] += Counts(fn=1)
    for label, _ in second - first:
        counts[label] += Counts(fp=1)
    return dict(counts)


def rows_of(
    named: Mapping[str, AbstractSet[str]], tables: Sequence[Mapping[str, Counts]], kappas: Mapping[str, float | None]
) -> Iterator[Row]:
    """Yield a row for each name: the counts of its labels added up."""
    intervals = f1_intervals(tables, [frozenset(labels) for labels in named.values()])
    for (name, labels), interval in zip(named.items(), intervals, strict=True):
        counts = sum((table[label] for table in tables for label in labels & table.keys()), start=Counts())
        row = Row(name, counts, interval, kappas.get(name))
        yield row if not row.has_few else Row(name, counts, interval)


def kappas_of(all_both: Iterable[Both], labels: Iterable[str]) -> dict[str, float | None]:
    """Return Cohen's kappa over sentences for each label that is marked in words.

    A trigger is sought in the customer's sentences, anything else in the agent's.
    A sentence is marked as training sees it: see `Example.labels_of`.
    """
    seen: Counter[Role] = Counter()
    marked: Counter[tuple[str, bool, bool]] = Counter()
    for both in all_both:
        for role in (Role.AGENT, Role.CUSTOMER):
            for bounds in bounds_of(both.first.conversation, role):
                seen[role] += 1
                first, second = both.first.labels_of(*bounds), both.second.labels_of(*bounds)
                marked.update((label, label in first, label in second) for label in first | second)
    return {
        label: kappa(
            both=marked[label, True, True],
            first=marked[label, True, False],
            second=marked[label, False, True],
            n=seen[Role.CUSTOMER if label.startswith("!") else Role.AGENT],
        )
        for label in labels
    }


def kappa(*, both: int, first: int, second: int, n: int) -> float | None:
    """Return agreement beyond chance; None where chance alone would agree.

    Args:
        both: Sentences that both hands mark.
        first: Those that only the first marks.
        second: Those that only the second marks.
        n: All sentences.

    Source: J. Cohen, A coefficient of agreement for nominal scales (1960), formula 1.
    """
    if n == 0:
        return None
    observed = (n - first - second) / n
    yes, also_yes = (both + first) / n, (both + second) / n
    by_chance = yes * also_yes + (1 - yes) * (1 - also_yes)
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


# -- what is printed -------------------------------------------------------------------------


def row_line(row: Row) -> str:
    """Return a row of the table."""
    first, second = row.by_hand
    f1 = "n/a" if row.counts.f1 is None else f"{row.counts.f1:.2f}"
    interval = "" if row.interval is None else f"{row.interval.low:.2f} to {row.interval.high:.2f}"
    beyond_chance = "" if row.kappa is None else f"{row.kappa:.2f}"
    remarks = ", ".join([f"below {LOW}"] * row.is_low + ["few"] * row.has_few)
    counted = f"{first:5} {second:6} {row.counts.tp:4}"
    return f"  {row.name:31} {counted} {f1:>5} {interval:>13} {beyond_chance:>6}  {remarks}".rstrip()


def report_lines(all_both: Sequence[Both], scopes: Mapping[str, Scope]) -> Iterator[str]:
    """Yield the tables of all groups, then the labels on which the hands agree too little."""
    tables = [counts_of(both, scopes) for both in all_both]
    labels = sorted({label for table in tables for label in table})
    by_group = {group: [label for label in labels if group_of(label, scopes) == group] for group in GROUPS}
    kappas = kappas_of(all_both, [label for group in _IN_WORDS for label in by_group[group]])
    low: list[Row] = []
    for group, own in by_group.items():
        rows = list(rows_of({label: {label} for label in own} | {f"all {group}": set(own)}, tables, kappas))
        low += [row for row in rows[:-1] if row.is_low]
        yield f"  {group.upper():31} first second both    F1 95 % interval  kappa"
        yield from (row_line(row) for row in rows)
        yield ""
    yield f"Labels below {LOW}: {_names(row for row in low if not row.has_few)}"
    few = _names(row for row in low if row.has_few)
    yield f"Below {LOW} too, but marked fewer than {MIN_MARKS} times by each hand: {few}"


def _names(rows: Iterable[Row]) -> str:
    ranked = sorted(rows, key=lambda row: (row.counts.f1 or 0.0, row.name))
    return ", ".join(f"{row.name} {row.counts.f1:.3f}" for row in ranked) or "none"


def main(arguments: Sequence[str]) -> int:
    """Print the tables; return what the process ends with."""
    scopes = {rule.id: rule.scope for rule in load_catalogue(rules_folder()).rules.values()}
    try:
        all_both, whole = read_both(Path(arguments[0]) if arguments else CORPUS, scopes)
        lines = list(report_lines(all_both, scopes))
    except ConvscanError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"annotated by a second hand: {share(len(all_both), whole)} conversations")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
