"""What the rules find, what the models find alone, and all of it together.

    python benchmarks/ablation.py [GOLD_FOLDER]

On the test part of the corpus, which nothing was learned from; and, if a folder with
`dev`, `written` and `probes` is given, on those.
"""

import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Source
from convscan.evaluation import Annotation, DepositMark, Mark, Report, evaluate, evaluate_probes, read_gold
from convscan.evaluation.intervals import Estimate
from convscan.evaluation.scoring import Row
from convscan.finding import DepositKind, ScanResult
from convscan.readers import ReadOptions, read
from convscan.scanner import Scanner
from convscan.training.corpus import Example, Split, of_split, read_corpus

CORPUS = Path(__file__).parents[1] / "models" / "en" / "corpus"
# The first step of findings that no rule made.
_LEARNED = frozenset({"learned", "read"})
# The ways to scan, in the order of the table.
_WAYS = (ModelChoice.NONE, ModelChoice.FAST, ModelChoice.FULL)


def scanned(scanner: Scanner, conversations: Sequence[Conversation]) -> tuple[list[ScanResult], float]:
    """Return results and words per second."""
    words = sum(len(utterance.text.split()) for one in conversations for utterance in one.utterances)
    started = time.process_time()
    results = list(scanner.scan_many(conversations))
    return results, words / (time.process_time() - started)


def learned_only(results: Iterable[ScanResult]) -> Iterator[ScanResult]:
    """Leave out what the rules found."""
    for result in results:
        own = tuple(f for f in result.findings if f.explanation and f.explanation[0].step in _LEARNED)
        yield replace(result, findings=own)


def annotation_of(example: Example) -> Annotation:
    """Return an example's marks in the form of gold; what customers say is no part of it."""
    findings = tuple(
        Mark(mark.label, mark.utterance, mark.quote or None) for mark in example.marks if mark.label[0] not in "+!"
    )
    deposits = tuple(
        DepositMark(DepositKind(mark.label[1:]), mark.utterance)
        for mark in example.marks
        if mark.label[0] == "+" and mark.utterance is not None
    )
    return Annotation(example.conversation.id, Source(str(CORPUS), None), findings, deposits)


def told(name: str, way: str, report: Report, speed: float) -> str:
    """Return a line of the table."""
    cells = [f"{row.name} {row.f1.value:.2f}" for row in report.totals if row.f1.value is not None]
    mean = report.macro_f1.value
    macro = "-" if mean is None else f"{mean:.2f}"
    deposits = report.all_deposits.f1.value
    return (
        f"{name:12s} {way:8s} {' | '.join(cells)} | macro {macro} | deposits {deposits or 0:.2f} | {speed:,.0f} words/s"
    )


def compare(name: str, conversations: Sequence[Conversation], annotators: Sequence[Sequence[Annotation]]) -> None:
    """Print the ways on one set."""
    by_id = {one.id: one for one in conversations}
    for way in _WAYS:
        results, speed = scanned(SCANNERS[way], conversations)
        scopes = SCANNERS[way].catalogue.scopes()
        print(told(name, way.value, evaluate(annotators, by_id, results, scopes=scopes), speed))
    print(told(name, "learned", evaluate(annotators, by_id, [*learned_only(results)], scopes=scopes), speed))


def by_rule(results: Sequence[ScanResult], examples: Sequence[Example]) -> None:
    """Print precision and recall of each rule with its interval, and the same by channel and by the agent's English."""
    report = evaluate(
        [[annotation_of(one) for one in examples]],
        {one.conversation.id: one.conversation for one in examples},
        results,
        scopes=SCANNERS[ModelChoice.FULL].catalogue.scopes(),
    )
    for row in report.rules:
        if row.counts.gold:
            print(_row(row.name, row))
    kinds = {str(one.conversation.channel or "none") for one in examples}
    parts = {
        kind: [one for one in examples if str(one.conversation.channel or "none") == kind] for kind in sorted(kinds)
    }
    for english in ("native", "non-native"):
        parts[english] = [one for one in examples if one.conversation.metadata.get("writer") == english]
    found = {str(result.conversation_id): result for result in results}
    for kind, part in parts.items():
        own = [found[str(one.conversation.id)] for one in part]
        marked = [[annotation_of(one) for one in part]]
        conversations = {one.conversation.id: one.conversation for one in part}
        report = evaluate(marked, conversations, own, scopes=SCANNERS[ModelChoice.FULL].catalogue.scopes())
        total = next(row for row in report.totals if row.name.startswith("all but"))
        print(
            f"  {kind:34s} n {total.counts.gold:4d}  precision {_shown(total.precision)}  recall {_shown(total.recall)}"
        )


def _row(name: str, row: Row) -> str:
    marked = f"{name:34s} n {row.counts.gold:4d}"
    return f"  {marked}  precision {_shown(row.precision)}  recall {_shown(row.recall)}"


def _shown(estimate: Estimate) -> str:
    if estimate.value is None or estimate.interval is None:
        return "-"
    return f"{estimate.value:.2f} ({estimate.interval.low:.2f} to {estimate.interval.high:.2f})"


def calibration(results: Iterable[ScanResult], examples: Sequence[Example]) -> None:
    """Print how far stated confidence is from how often findings were right, in five bins."""
    marks = {str(e.conversation.id): {(m.label, m.utterance) for m in e.marks} for e in examples}
    pairs = [
        (f.confidence, (f.rule, f.at.utterance if f.at else None) in marks[str(result.conversation_id)])
        for result in results
        for f in result.findings
        if f.confidence is not None
    ]
    error = 0.0
    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        inside = [(c, right) for c, right in pairs if low <= c < low + 0.2 or (low == 0.8 and c >= 0.8)]  # noqa: PLR2004
        if inside:
            stated, right = statistics.mean(c for c, _ in inside), statistics.mean(r for _, r in inside)
            error += abs(stated - right) * len(inside) / len(pairs)
            bounds = f"{low:.1f} to {low + 0.2:.1f}"
            print(f"  confidence {bounds}: {len(inside):4d} findings, stated {stated:.2f}, right {right:.2f}")
    print(f"  expected calibration error {error:.3f} over {len(pairs)} findings with a confidence")


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    examples = [one for one in of_split(read_corpus(CORPUS), Split.TEST) if one.only is None]
    compare("corpus test", [one.conversation for one in examples], [[annotation_of(one) for one in examples]])
    for way in _WAYS[1:]:
        print(f"calibration of {way.value} on the corpus' test part")
        results = list(SCANNERS[way].scan_many(one.conversation for one in examples))
        calibration(results, examples)
    print("full on the corpus' test part, by rule, channel and the agent's English")
    by_rule(results, examples)
    if not arguments:
        return
    folder = Path(arguments[0])
    for name, parts in (("dev", [""]), ("written", [".A", ".B"])):
        files = [folder / f"{name}.annotations{part}.jsonl" for part in parts]
        gold = [read_gold(file.read_bytes().splitlines(), str(file)).annotations for file in files]
        records = read((str(folder / f"{name}.jsonl"),), ReadOptions())
        compare(name, [one for one in records if isinstance(one, Conversation)], gold)
    file = folder / "probes.jsonl"
    probes = read_gold(file.read_bytes().splitlines(), str(file)).probes
    for way, scanner in SCANNERS.items():
        answers = scanner.scan_many(probe.conversation for probe in probes)
        report = evaluate_probes(probes, answers, scopes=scanner.catalogue.scopes())
        right, pairs = report.all.right.value or 0, report.pairs_right.value or 0
        print(f"{'probes':12s} {way.value:8s} right {right:.2f} | pairs {pairs:.2f}")


SCANNERS = {way: Scanner(Config(model=way)) for way in _WAYS}

if __name__ == "__main__":
    main(sys.argv[1:])
