"""Probes: single questions to a scan, hard on purpose and often in pairs."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convscan.evaluation.annotation import Probe, all_scopes, check_probes
from convscan.evaluation.comparison import Difference, Wrong, turn_start
from convscan.evaluation.intervals import Estimate, wilson
from convscan.evaluation.scoring import family_of, notices_on_rules
from convscan.finding import Finding, ScanResult, Scope
from convscan.writers.counting import counted

_HALVES = 2


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """The figures of probes taken together.

    Attributes:
        n: How many there are.
        right: Share that is answered as expected.
        recall: Share of those expected to fire that do.
        false_alarm: Share of those expected to stay silent that fire.
    """

    name: str
    n: int
    right: Estimate
    recall: Estimate
    false_alarm: Estimate


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """How a scan answers probes.

    Attributes:
        pairs_right: Share of pairs of which both halves are right: a guess gets 1 in 4.
        pairs: Number of pairs with exactly two halves.
    """

    rules: tuple[ProbeRow, ...]
    families: tuple[ProbeRow, ...]
    capabilities: tuple[ProbeRow, ...]
    all: ProbeRow
    pairs_right: Estimate
    pairs: int
    differences: tuple[Difference, ...]
    notices: tuple[str, ...]


def evaluate_probes(
    probes: Sequence[Probe], results: Iterable[ScanResult], *, scopes: Mapping[str, Scope]
) -> ProbeReport:
    """Measure how a scan answers probes.

    A probe is answered by the findings of its rule at its place; nothing else that the
    scan says of its conversation matters.

    Args:
        probes: Each with an id of its own.
        results: In any order, by the probes' ids; a probe without a result stays silent.
        scopes: What each rule of the catalogue looks at; the scope of any other rule is
            told from its probes.

    Raises:
        AnnotationError: If a probe asks about a place that does not exist.
    """
    marks = [probe.mark for probe in probes]
    known, scopes = scopes, all_scopes(marks, scopes)
    check_probes(probes, scopes)
    by_id = {result.conversation_id: result for result in results}
    answers = [(probe, _fires(probe, by_id.get(probe.conversation.id), scopes)) for probe in probes]
    pairs = _pairs(answers)
    absent = sum(probe.conversation.id not in by_id for probe in probes)
    return ProbeReport(
        rules=_rows(answers, lambda probe: probe.mark.rule),
        families=_rows(answers, lambda probe: family_of(probe.mark.rule)),
        capabilities=_rows(answers, lambda probe: probe.capability),
        all=_row("all", answers),
        pairs_right=wilson(sum(pairs), len(pairs)),
        pairs=len(pairs),
        differences=tuple(_differences(answers)),
        notices=(
            *notices_on_rules(marks, known, scopes),
            *([f"without a result, so taken as silent: {counted(absent, 'probe')}"] if absent else []),
        ),
    )


def _fires(probe: Probe, result: ScanResult | None, scopes: Mapping[str, Scope]) -> bool:
    findings = () if result is None else result.findings
    scope = scopes[probe.mark.rule]
    return any(_answers(finding, probe, scope) for finding in findings if finding.rule == probe.mark.rule)


def _answers(finding: Finding, probe: Probe, scope: Scope) -> bool:
    if scope is Scope.CONVERSATION:
        return True
    wanted = probe.mark.utterance
    utterances = probe.conversation.utterances
    if finding.at is None or wanted is None or not 0 <= finding.at.utterance < len(utterances):
        return False
    if scope is Scope.TURN:
        return turn_start(utterances, finding.at.utterance) == turn_start(utterances, wanted)
    return finding.at.utterance == wanted


def _pairs(answers: Iterable[tuple[Probe, bool]]) -> list[bool]:
    halves: defaultdict[str, list[bool]] = defaultdict(list)
    for probe, fires in answers:
        if probe.pair is not None:
            halves[probe.pair].append(fires is probe.expect)
    return [all(pair) for pair in halves.values() if len(pair) == _HALVES]


def _rows(answers: Iterable[tuple[Probe, bool]], name_of: Callable[[Probe], str | None]) -> tuple[ProbeRow, ...]:
    named: defaultdict[str, list[tuple[Probe, bool]]] = defaultdict(list)
    for answer in answers:
        if name := name_of(answer[0]):
            named[name].append(answer)
    return tuple(_row(name, named[name]) for name in sorted(named))


def _row(name: str, answers: Sequence[tuple[Probe, bool]]) -> ProbeRow:
    called_for = [fires for probe, fires in answers if probe.expect]
    uncalled = [fires for probe, fires in answers if not probe.expect]
    right = sum(called_for) + uncalled.count(False)
    return ProbeRow(
        name=name,
        n=len(answers),
        right=wilson(right, len(answers)),
        recall=wilson(sum(called_for), len(called_for)),
        false_alarm=wilson(sum(uncalled), len(uncalled)),
    )


def _differences(answers: Iterable[tuple[Probe, bool]]) -> Iterator[Difference]:
    for probe, fires in answers:
        if fires is probe.expect:
            continue
        mark = probe.mark
        quote = mark.quote
        if quote is None and mark.utterance is not None:
            quote = probe.conversation.utterances[mark.utterance].text
        wrong = Wrong.FALSE_ALARM if fires else Wrong.MISS
        yield Difference(wrong, probe.conversation.id, mark.rule, mark.utterance, quote)
