"""Measure what the transformer's numbers are worth: `python -m convscan.training.thresholds FOLDER CORPUS…`.

On the development part of the corpora, which the encoder has not learned from: a logistic
line through the transformer's number, the fast model's and what the rules found,
for each label that is marked often enough, else for all labels of its kind together. The
models that ship have learned from that part. So another fast model is learned first, from the
training part alone, and of the encoder a twin is measured (`--twin`) that has learned from it alone.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from convscan.detectors.deposits import find_deposits
from convscan.detectors.learned import confirm
from convscan.detectors.registry import detectors_for
from convscan.detectors.sites import SecondReading, Site, read_again
from convscan.errors import ConvscanError
from convscan.finding import Scope
from convscan.learned import FastModel
from convscan.learned.embedding import StaticEmbedding
from convscan.learned.transformer import HEADER, Transformer, Worth
from convscan.resources import models_folder, rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.rules.rule import Rule
from convscan.training.corpus import Example, Split, of_split
from convscan.training.examples import ENDING_RULES
from convscan.training.fit import COURTESIES, train
from convscan.training.recipe import heard_corpus

# Fewer marks say nothing about a probability.
_MIN_MEASURED = 30
# Precision before recall: what accuses somebody has to be likelier right than wrong, three in five.
_FAULT_BETA, _DEPOSIT_BETA = 0.5, 1.0
_FLOOR = {"span": 0.6, "courtesy": 0.9, "absence": 0.6, "deposit": 0.5, "call": 0.6}


@dataclass(frozen=True, slots=True)
class _Case:
    """A site and whether the label holds there by the hand that marked it."""

    site: Site
    holds: bool


def measure(folder: Path, corpora: Sequence[Path], *, twin: Path | None = None, jobs: int = 2) -> Iterator[str]:
    """Measure the worth of every label and write it into the model's header.

    Args:
        folder: Of the transformer.
        corpora: Folders as `convscan.training.corpus` describes them.
        twin: Folder of the transformer that is measured in its place; it has not learned from the development part.
        jobs: Processes; what is measured does not depend on it.

    Yields:
        A line a label: its worth, and precision and recall on the development part.

    Raises:
        ConvscanError: If what is to be measured has learned from the development part.
    """
    measured = Transformer(twin or folder)
    if Split.DEV in measured.header.get("learned_from", ()):
        raise ConvscanError(
            f"{twin or folder}: has learned from the development part, so what it says there proves nothing;"
            " name a model that has not with --twin"
        )
    catalogue = load_catalogue(rules_folder())
    embedding = StaticEmbedding(models_folder() / "embedding")
    examples = heard_corpus(corpora)
    fast = FastModel(train(of_split(examples, Split.TRAIN), catalogue, embedding, jobs=jobs), embedding)
    yield from weigh_labels(folder, measured, of_split(examples, Split.DEV), fast, catalogue.rules)


def weigh_labels(
    folder: Path, model: Transformer, examples: Sequence[Example], fast: FastModel, rules: Mapping[str, Rule]
) -> Iterator[str]:
    """Measure on examples that neither of both models has learned from; see `measure`."""
    cases: dict[str, list[_Case]] = defaultdict(list)
    for example in examples:
        if example.only is None:
            for case in _cases(example, model, fast, rules):
                cases[case.site.label].append(case)
    kinds = {label: _kind(label, rules) for label in cases}
    pooled = {
        kind: _line([case for label, found in cases.items() if kinds[label] == kind for case in found])
        for kind in sorted(set(kinds.values()))
    }
    worths: dict[str, Worth] = {}
    for label, found in sorted(cases.items()):
        is_measured = sum(case.holds for case in found) >= _MIN_MEASURED
        line = _line(found) if is_measured else pooled[kinds[label]]
        kind = "courtesy" if label in COURTESIES else kinds[label]
        worths[label] = _with_threshold(line, found if is_measured else [], kind, is_measured=is_measured)
        yield _told(label, worths[label], found)
    header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
    header["worths"] = {label: asdict(worth) for label, worth in worths.items()}
    (folder / HEADER).write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")


def _cases(example: Example, model: Transformer, fast: FastModel, rules: Mapping[str, Rule]) -> Iterator[_Case]:
    """Yield every site of a conversation with whether it is marked."""
    found = [one for detector in detectors_for(rules.values()) for one in detector.detect(example.heard)]
    first = fast.read(example.heard)
    judgements = confirm(found, first, rules)
    reading = read_again(first, model)
    for site in reading.sites(judgements, tuple(find_deposits(example.heard)), rules):
        yield _Case(site, _holds(site, example, reading))


def _holds(site: Site, example: Example, reading: SecondReading) -> bool:
    if site.row is not None and site.label[0] not in "+!":
        at = reading.span(site)
        return site.label in example.labels_of(at.utterance, at.start, at.end)
    exchange = reading.exchanges[site.exchange]
    turn = exchange.customer if site.label.startswith("!") else exchange.agent
    places = (None,) if site.label in ENDING_RULES else turn.turn.utterances if turn else ()
    return any(mark.label == site.label and mark.utterance in places for mark in example.marks)


def _kind(label: str, rules: Mapping[str, Rule]) -> str:
    if label[0] in "+!":
        return "deposit" if label[0] == "+" else "call"
    return "span" if rules[label].scope is Scope.SPAN else "absence"


def _features(cases: Sequence[_Case]) -> npt.NDArray[np.float64]:
    sites = [case.site for case in cases]
    return np.array(
        [[one.logit * (not one.found), one.fast, one.found, one.logit * one.found, one.kept] for one in sites], float
    )


def _line(cases: Sequence[_Case]) -> Worth:
    """Fit the line; a little is held back from what is rare."""
    holds = np.array([case.holds for case in cases])
    line = LogisticRegression(C=1.0).fit(_features(cases), holds)
    slope, fast, found, found_slope, kept = (round(float(one), 4) for one in line.coef_[0])
    return Worth(slope, fast, found, found_slope, kept, round(float(line.intercept_[0]), 4), 0.5, is_measured=True)


def _with_threshold(line: Worth, cases: Sequence[_Case], kind: str, *, is_measured: bool) -> Worth:
    """Choose the probability with the best balance of precision and recall, not below the floor."""
    threshold = _FLOOR[kind]
    if cases:
        beta = (_DEPOSIT_BETA if kind == "deposit" else _FAULT_BETA) ** 2
        given = np.array([_probability(line, case) for case in cases])
        holds = np.array([case.holds for case in cases])
        best = 0.0
        for candidate in np.arange(_FLOOR[kind], 0.9, 0.02):
            right = int((holds & (given >= candidate)).sum())
            wrong = int((~holds & (given >= candidate)).sum())
            score = (1 + beta) * right / max(1.0, (1 + beta) * right + beta * (int(holds.sum()) - right) + wrong)
            if score > best:
                best, threshold = score, round(float(candidate), 2)
    return replace(line, threshold=threshold, is_measured=is_measured)


def _probability(worth: Worth, case: _Case) -> float:
    return worth.probability(case.site.logit, case.site.fast, found=case.site.found, kept=case.site.kept)


def _told(label: str, worth: Worth, cases: Sequence[_Case]) -> str:
    said = [case for case in cases if _probability(worth, case) >= worth.threshold]
    right = sum(case.holds for case in said)
    marked = sum(case.holds for case in cases)
    before = [case for case in cases if case.site.found]
    right_before = sum(case.holds for case in before)
    return (
        f"{label:34} marked {marked:4}  before: right {right_before:4} of {len(before):4}"
        f"  after: right {right:4} of {len(said):4}  at {worth.threshold:.2f}"
        f"  slope {worth.slope:.2f} fast {worth.fast:.2f} found {worth.found:.2f} and {worth.found_slope:.2f}"
        f" kept {worth.kept:.2f}"
    )


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--twin",
    type=click.Path(exists=True, path_type=Path),
    help="The transformer to measure in its place: one that has learned from the training part alone.",
)
@click.option("--jobs", default=2, show_default=True, help="Processes; what is measured does not depend on it.")
def main(folder: Path, corpora: tuple[Path, ...], twin: Path | None, jobs: int) -> None:
    """Measure on the development part of CORPORA what the numbers of the transformer in FOLDER are worth."""
    try:
        for line in measure(folder, corpora, twin=twin, jobs=jobs):
            click.echo(line)
    except ConvscanError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
