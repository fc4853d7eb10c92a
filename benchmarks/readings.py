"""How well a transformer's numbers alone tell faults and good deeds, before anything is weighed or left out.

    python benchmarks/readings.py [MODEL_FOLDER ...]

On the development part of the corpus, so that recipes can be compared without a look at the test part: for
each label the average precision over sentences (turns or endings, for what is missing) of whole conversations, where
it is rare, and over lines of wording families, where half are near misses; and how often the numbers put the
fault of a pair of near twins above its twin.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score

from convscan.conversation import Role
from convscan.learned.transformer import ExchangeReading, Transformer
from convscan.learned.windows import Exchange, exchanges
from convscan.training.corpus import Example, Split, of_split
from convscan.training.examples import ENDING_RULES, TURN_RULES
from convscan.training.recipe import heard_corpus

MODELS = Path(__file__).parents[1] / "models" / "en"
# Fewer marks say too little.
MIN_MARKS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A place where a label may stand."""

    label: str
    logit: float
    holds: bool
    piece: str
    is_line: bool


def cases_of(example: Example, model: Transformer) -> Iterator[Case]:
    """Yield every place of an example that its marks speak of."""
    whole = tuple(exchanges(example.heard))
    for exchange in whole:
        reading = model.read(exchange)
        if exchange.agent is not None:
            yield from _spoken(exchange, reading, example, model)
            if exchange.customer is not None:
                yield from _absences(TURN_RULES, exchange.agent.turn.utterances, reading, example, model)
    if example.only is None and example.heard.of_role(Role.CUSTOMER):
        yield from _absences(ENDING_RULES, (None,), reading, example, model)


def _spoken(exchange: Exchange, reading: ExchangeReading, example: Example, model: Transformer) -> Iterator[Case]:
    said = [
        (row, example.labels_of(utterance.index, sentence.start, sentence.end))
        for row, (utterance, sentence) in enumerate(exchange.sentences)
        if utterance.role is Role.AGENT
    ]
    for column, label in enumerate(model.sentence_labels):
        if example.only in {None, label} and not label.startswith("!") and said:
            numbers = [(float(reading.sentences[row, column]), label in labels) for row, labels in said]
            if example.only is not None or label.startswith("+"):
                numbers = [(max(number for number, _ in numbers), any(holds for _, holds in numbers))]
            for number, holds in numbers:
                yield Case(label, number, holds, example.key, example.only is not None)


def _absences(
    rules: Sequence[str],
    places: Sequence[int | None],
    reading: ExchangeReading,
    example: Example,
    model: Transformer,
) -> Iterator[Case]:
    for column, label in enumerate(model.turn_labels):
        if label in rules and example.only in {None, label}:
            holds = any(mark.label == label and mark.utterance in places for mark in example.marks)
            yield Case(label, float(reading.turn[column]), holds, example.key, example.only is not None)


def precision_of(cases: Sequence[Case]) -> float | None:
    """Return the average precision; None for too few marks."""
    holds = [case.holds for case in cases]
    if sum(holds) < MIN_MARKS:
        return None
    return float(average_precision_score(holds, [case.logit for case in cases]))


def twins_told(cases: Sequence[Case]) -> float | None:
    """Return the share of pairs of twins, fault and near miss of one family, whose fault has the higher number."""
    families: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for case in cases:
        families[case.piece][case.holds].append(case.logit)
    told = [fault > fine for fine_ones, faults in families.values() for fine, fault in product(fine_ones, faults)]
    return float(np.mean(told)) if len(told) >= MIN_MARKS else None


def cell(value: float | None) -> str:
    """Return a figure of the table."""
    return "    -" if value is None else f"{value:5.2f}"


def compare(folder: Path, examples: Sequence[Example]) -> None:
    """Print the table of a model."""
    model = Transformer(folder)
    by_label: dict[str, list[Case]] = defaultdict(list)
    for example in examples:
        for case in cases_of(example, model):
            by_label[case.label].append(case)
    print(f"{folder}\n  {'':34} marked  conversations  lines  twins")
    totals: dict[str, list[list[float]]] = defaultdict(lambda: [[], [], []])
    for label in (*model.sentence_labels, *model.turn_labels):
        if label.startswith("!"):
            continue
        whole = [case for case in by_label[label] if not case.is_line]
        lines = [case for case in by_label[label] if case.is_line]
        figures = precision_of(whole), precision_of(lines), twins_told(lines)
        marked = sum(case.holds for case in whole)
        print(f"  {label:34} {marked:6}          {cell(figures[0])}  {cell(figures[1])}  {cell(figures[2])}")
        kind = "turn" if label in model.turn_labels else "deposit" if label.startswith("+") else "span"
        for known, figure in zip(totals[kind], figures, strict=True):
            if figure is not None:
                known.append(figure)
    for kind, columns in totals.items():
        means = [cell(float(np.mean(column)) if column else None) for column in columns]
        print(f"  mean over {kind:24}                 {means[0]}  {means[1]}  {means[2]}")


def main() -> None:
    """Print a table a model."""
    examples = of_split(heard_corpus([MODELS / "corpus"]), Split.DEV)
    for folder in [Path(one) for one in sys.argv[1:]] or [MODELS / "full"]:
        compare(folder, examples)


if __name__ == "__main__":
    main()
