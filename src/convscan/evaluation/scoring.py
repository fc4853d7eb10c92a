"""Annotations and scan results into a report of how good the scan is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convscan.conversation import Conversation
from convscan.errors import AnnotationError
from convscan.evaluation.annotation import Annotation, Mark, all_scopes, check_fit
from convscan.evaluation.comparison import Comparison, Difference, compare
from convscan.evaluation.intervals import Counts, Estimate, f1_intervals, wilson
from convscan.finding import ScanResult, Scope, Status
from convscan.writers.counting import counted

# What harms a customer most and what readers ask about first: taken up, thanked, stood by,
# told the truth, not promised the moon. Rules of the other families add to these five.
CORE_FAMILIES = frozenset({"acknowledgement", "thanks", "blame", "hidden", "promise"})

# Faults of the text as a file: a machine finds them without a reader's judgement, and annotators
# of conversations are not asked for them. They count as soon as gold marks one of them.
MECHANICAL_FAMILIES = frozenset({"template"})

# The one finding that is frequent and easy: on its own it can lift "all findings" above the rest.
EASY_RULE = "thanks/missing"

# With fewer cases one conversation moves a rule's F1 by more than 0.1.
MACRO_MIN_GOLD = 8


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one rule, or of several taken together.

    Attributes:
        agreement: F1 of two annotators with each other, the line that a program can
            hope to reach; None with one annotator, or where neither marks anything.
    """

    name: str
    counts: Counts
    precision: Estimate
    recall: Estimate
    f1: Estimate
    agreement: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over `n` values; None over none."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """How good a scan is, measured on gold.

    Attributes:
        conversations: How many were compared.
        annotators: One or two.
        without_result: Compared conversations that the scan says nothing of: all gold in them is missed.
        totals: Core and all findings, by the names in `report_text`.
        macro_f1: Unweighted over the rules with at least `MACRO_MIN_GOLD` cases.
        overlap: How well quotes cover the annotator's, over span findings that match.
        notices: What was left out or assumed.
    """

    conversations: int
    annotators: int
    without_result: int
    rules: tuple[Row, ...]
    families: tuple[Row, ...]
    totals: tuple[Row, ...]
    deposits: tuple[Row, ...]
    all_deposits: Row
    macro_f1: Mean
    overlap: Mean
    differences: tuple[Difference, ...]
    notices: tuple[str, ...]


def evaluate(
    annotators: Sequence[Sequence[Annotation]],
    conversations: Mapping[str, Conversation],
    results: Iterable[ScanResult],
    *,
    scopes: Mapping[str, Scope],
) -> Report:
    """Measure scan results against gold.

    A span rule matches on rule and utterance, a turn rule on rule and turn, a conversation
    rule on rule, a deposit on kind and turn. Only conversations that every annotator
    annotated are compared.

    Args:
        annotators: One or two; the overlap is measured with the first one's quotes.
        conversations: By id.
        results: In any order; those of other conversations are passed over.
        scopes: What each rule of the catalogue looks at; the scope of any other rule
            is told from its annotations.

    Raises:
        AnnotationError: If annotations do not fit the conversations, see `check_fit`,
            or none of them is annotated by all.
    """
    marks = [mark for one in annotators for annotation in one for mark in annotation.findings]
    known, scopes = scopes, all_scopes(marks, scopes)
    for one in annotators:
        check_fit(one, conversations, scopes)
    by_annotator = [{annotation.id: annotation for annotation in one} for one in annotators]
    by_id = {result.conversation_id: result for result in results}
    shared = set(conversations).intersection(*by_annotator)
    compared = {
        identifier: compare(
            [one[identifier] for one in by_annotator],
            conversations[identifier],
            by_id.get(identifier),
            scopes,
        )
        for identifier in sorted(shared)
    }
    if not compared:
        raise AnnotationError("no conversation is annotated by all annotators; do ids and files belong together?")
    rules = _judged_rules(marks, scopes)
    return _report(
        tuple(compared.values()),
        rules,
        scopes,
        annotators=len(annotators),
        notices=(
            *notices_on_rules(marks, known, scopes),
            *_notices_on_gold(by_annotator, conversations),
            *_notices_on_results([by_id[i] for i in compared if i in by_id], compared, rules),
        ),
    )


def family_of(rule: str) -> str:
    """Return the part of a rule id before the slash."""
    return rule.partition("/")[0]


def notices_on_rules(marks: Iterable[Mark], known: Mapping[str, Scope], scopes: Mapping[str, Scope]) -> Iterator[str]:
    """Yield a notice if annotators mark rules that the catalogue does not hold."""
    unknown = sorted({mark.rule for mark in marks} - set(known))
    if unknown:
        told = ", ".join(f"{rule} ({scopes[rule]})" for rule in unknown)
        yield f"marked in gold but not in the catalogue; matched as their annotations look: {told}"


def _judged_rules(marks: Iterable[Mark], scopes: Mapping[str, Scope]) -> tuple[str, ...]:
    marked = {mark.rule for mark in marks}
    silent = MECHANICAL_FAMILIES - {family_of(rule) for rule in marked}
    return tuple(sorted(rule for rule in marked | set(scopes) if family_of(rule) not in silent))


def _report(
    comparisons: Sequence[Comparison],
    rules: tuple[str, ...],
    scopes: Mapping[str, Scope],
    *,
    annotators: int,
    notices: tuple[str, ...],
) -> Report:
    tables = [comparison.counts for comparison in comparisons]
    labels = sorted({label for table in tables for label in table})
    deposits = tuple(label for label in labels if label.startswith("+"))
    rule_rows = _rows({rule: (rule,) for rule in rules}, tables, annotators)
    big = [row.f1.value for row in rule_rows if row.counts.gold >= MACRO_MIN_GOLD and row.f1.value is not None]
    families = sorted({family_of(rule) for rule in rules})
    judged = frozenset((*rules, *deposits))
    return Report(
        conversations=len(comparisons),
        annotators=annotators,
        without_result=sum(not comparison.is_scanned for comparison in comparisons),
        rules=rule_rows,
        families=_rows(
            {family: tuple(rule for rule in rules if family_of(rule) == family) for family in families},
            tables,
            annotators,
        ),
        totals=_rows(_total_labels(rules, scopes), tables, annotators),
        deposits=_rows({label[1:]: (label,) for label in deposits}, tables, annotators),
        all_deposits=_rows({"all deposits": deposits}, tables, annotators)[0],
        macro_f1=_mean(big),
        overlap=_mean([overlap for comparison in comparisons for overlap in comparison.overlaps]),
        differences=tuple(
            difference
            for comparison in comparisons
            for difference in comparison.differences
            if difference.label in judged
        ),
        notices=notices,
    )


def _total_labels(rules: Sequence[str], scopes: Mapping[str, Scope]) -> dict[str, tuple[str, ...]]:
    core = tuple(rule for rule in rules if family_of(rule) in CORE_FAMILIES)
    return {
        "core span": tuple(rule for rule in core if scopes[rule] is Scope.SPAN),
        "core absence": tuple(rule for rule in core if scopes[rule] is not Scope.SPAN),
        "core all": core,
        f"all but {EASY_RULE}": tuple(rule for rule in rules if rule != EASY_RULE),
        "all findings": tuple(rules),
    }


def _rows(
    named: Mapping[str, Sequence[str]], tables: Sequence[Mapping[str, Counts]], annotators: int
) -> tuple[Row, ...]:
    label_sets = [frozenset(labels) for labels in named.values()]
    intervals = f1_intervals(tables, label_sets)
    rows: list[Row] = []
    for name, labels, interval in zip(named, label_sets, intervals, strict=True):
        counts = sum((table[label] for table in tables for label in labels & table.keys()), start=Counts())
        rows.append(
            Row(
                name=name,
                counts=counts,
                precision=wilson(counts.tp, counts.tp + counts.fp),
                recall=wilson(counts.tp, counts.tp + counts.fn),
                f1=Estimate(counts.f1, interval),
                agreement=2 * counts.gold / counts.said if annotators > 1 and counts.said else None,
            )
        )
    return tuple(rows)


def _mean(values: Sequence[float]) -> Mean:
    return Mean(sum(values) / len(values) if values else None, len(values))


def _notices_on_gold(
    annotators: Sequence[Mapping[str, Annotation]], conversations: Mapping[str, Conversation]
) -> Iterator[str]:
    annotated = set().union(*annotators)
    by_all = set(annotators[0]).intersection(*annotators)
    if partly := len(annotated - by_all):
        yield f"left out, annotated in one file only: {counted(partly, 'conversation')}"
    if absent := sorted(by_all - set(conversations)):
        yield (
            f"left out, annotated but not among the conversations: {counted(len(absent), 'conversation')},"
            f" such as {absent[0]!r}"
        )


def _notices_on_results(
    results: Sequence[ScanResult], compared: Mapping[str, Comparison], rules: Sequence[str]
) -> Iterator[str]:
    if misplaced := sum(comparison.misplaced for comparison in compared.values()):
        yield (
            f"the words of {counted(misplaced, 'finding or deposit', 'findings or deposits')} do not stand where"
            " they should; were the results made from other conversations?"
        )
    if unjudged := sum(result.status is not Status.JUDGED for result in results):
        yield f"not judged, or not in full: {counted(unjudged, 'conversation')}"
    unknown = {finding.rule for result in results for finding in result.findings} - set(rules)
    if unknown:
        yield f"not counted, for gold does not mark them: findings of {', '.join(map(repr, sorted(unknown)))}"
