"""What the rules find, what the fast model adds, and both together.

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
from convscan.finding import DepositKind, ScanResult
from convscan.readers import ReadOptions, read
from convscan.scanner import Scanner
from convscan.training.corpus import Example, Split, of_split, read_corpus

CORPUS = Path(__file__).parents[1] / "models" / "en" / "corpus"
# Steps that only findings of the model have.
_LEARNED = "learned"


def scanned(scanner: Scanner, conversations: Sequence[Conversation]) -> tuple[list[ScanResult], float]:
    """Return results and words per second."""
    words = sum(len(utterance.text.split()) for one in conversations for utterance in one.utterances)
    started = time.process_time()
    results = list(scanner.scan_many(conversations))
    return results, words / (time.process_time() - started)


def learned_only(results: Iterable[ScanResult]) -> Iterator[ScanResult]:
    """Leave out what the rules found."""
    for result in results:
        own = tuple(f for f in result.findings if any(step.step == _LEARNED for step in f.explanation))
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
    """Print the three ways on one set."""
    by_id = {one.id: one for one in conversations}
    plain, plain_speed = scanned(RULES, conversations)
    both, both_speed = scanned(BOTH, conversations)
    ways = (("rules", plain, plain_speed), ("learned", [*learned_only(both)], both_speed), ("both", both, both_speed))
    for way, results, speed in ways:
        print(told(name, way, evaluate(annotators, by_id, results, scopes=RULES.catalogue.scopes()), speed))


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
    calibration(BOTH.scan_many(one.conversation for one in examples), examples)
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
    for way, scanner in (("rules", RULES), ("both", BOTH)):
        results = scanner.scan_many(probe.conversation for probe in probes)
        report = evaluate_probes(probes, results, scopes=scanner.catalogue.scopes())
        right, pairs = report.all.right.value or 0, report.pairs_right.value or 0
        print(f"{'probes':12s} {way:8s} right {right:.2f} | pairs {pairs:.2f}")


RULES = Scanner(Config(model=ModelChoice.NONE))
BOTH = Scanner(Config(model=ModelChoice.FAST))

if __name__ == "__main__":
    main(sys.argv[1:])
