"""Learn the fast model's weights and thresholds from a corpus.

Every probability that a threshold or calibration rests on comes from a model that has
not seen the conversation or wording family it is about (cross-validation by key).
"""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.sparse
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from convscan.conversation import Role
from convscan.detectors.registry import detectors_for
from convscan.errors import ConvscanError
from convscan.finding import DepositKind, Finding, Kind, Scope
from convscan.learned.embedding import StaticEmbedding, Vectors
from convscan.learned.features import (
    BUCKETS,
    SentenceFeatures,
    Told,
    bucket,
    conversation_features,
    dense_features,
    sentence_features,
    turn_features,
)
from convscan.learned.model import Calibration, Weights
from convscan.rules.catalogue import Catalogue
from convscan.training.corpus import CUSTOMER_LABELS, Example, Split, of_split

Flags = npt.NDArray[np.bool_]

FOLDS = 5
SEED = 0
_SENTENCE_COST, _TURN_COST = 4.0, 0.1
_POSITIVE_WEIGHT, _TURN_POSITIVE_WEIGHT = 3.0, 2.0
# A line written for one rule is taken as no example of the others, with less weight.
_OTHER_RULE_WEIGHT = 0.3
# The model reports by itself only where so many of its reports are right on conversations that it has not seen,
# and at least so many were.
_FIND_PRECISION = 0.75
_MIN_FOUND = 5
# Fewer marks say nothing about a probability.
_MIN_MEASURED = 30
_NEVER = 2.0
# The logit of what no example holds.
_UNHEARD_OF = -7.0
# Thanks and apologies are so frequent in life, and so alike, that the model would accuse plain ones of these.
COURTESIES = frozenset({"acknowledgement/non-apology", "thanks/conditional"})
# It must hold a report for more likely than not, whatever the corpus bears out below that.
_FIND_FLOOR = 0.5
# A deposit accuses nobody, and is as frequent in life: it is credited from this measured probability on.
_CREDIT_CONFIDENCE = 0.7


@dataclass(frozen=True)
class _Sentences:
    """All sentences of a corpus.

    Attributes:
        examples: The number of each sentence's example.
        keys: What must not be divided between folds.
        features: A row a sentence: dense features, then buckets.
    """

    rows: list[SentenceFeatures]
    examples: npt.NDArray[np.int64]
    keys: npt.NDArray[np.str_]
    marks: list[set[str]]
    only: list[str | None]
    meaning: Vectors
    features: scipy.sparse.csr_matrix


def train(examples: Sequence[Example], catalogue: Catalogue, embedding: StaticEmbedding, *, jobs: int = 2) -> Weights:
    """Learn from the training and development examples.

    Args:
        examples: Already heard, with the same catalogue; those for tests are left out.
        catalogue: Whose rules are learned beside their patterns.
        embedding: What the words mean.
        jobs: Processes; the weights do not depend on it.

    Raises:
        ConvscanError: If there are too few conversations.
    """
    examples = of_split(examples, Split.TRAIN, Split.DEV)
    whole = len({one.key for one in examples if one.only is None})
    if whole < FOLDS:
        raise ConvscanError(
            f"{whole} of the conversations given are to learn from, and at least {FOLDS} are needed (a fifth is"
            " kept for tests, by a hash of their ids); give convscan's own corpus beside yours"
        )
    spans = tuple(rule.id for rule in catalogue.rules.values() if rule.scope is Scope.SPAN)
    spans = tuple(rule for rule in spans if any(mark.label == rule for one in examples for mark in one.marks))
    agent_labels = (*spans, *(f"+{kind}" for kind in DepositKind))
    labels = (*agent_labels, *CUSTOMER_LABELS)
    owners = (*(f"acts/{name}" for name in catalogue.acts), *catalogue.rules)
    sentences = _sentences(examples, owners, embedding)
    learned = Parallel(jobs)(delayed(_learn_label)(_task(label, sentences), sentences.features) for label in labels)
    unseen = np.zeros((len(sentences.rows), len(labels)), np.float32)
    for column, one in enumerate(learned):
        unseen[one.used, column] = one.unseen
    weights = np.stack([one.weights for one in learned], axis=1)
    absences = _absences(examples, sentences, unseen, catalogue, (agent_labels, CUSTOMER_LABELS, owners))
    return Weights(
        agent_labels=agent_labels,
        customer_labels=CUSTOMER_LABELS,
        owners=owners,
        turn_rules=absences[Scope.TURN].rules,
        conversation_rules=absences[Scope.CONVERSATION].rules,
        calibrations={
            **dict(zip(labels, (one.calibration for one in learned), strict=True)),
            **absences[Scope.TURN].calibrations,
            **absences[Scope.CONVERSATION].calibrations,
        },
        dense=weights[: 2 * embedding.size],
        named=weights[2 * embedding.size :],
        bias=np.array([one.bias for one in learned], np.float32),
        turn=absences[Scope.TURN].weights,
        turn_bias=absences[Scope.TURN].bias,
        conversation=absences[Scope.CONVERSATION].weights,
        conversation_bias=absences[Scope.CONVERSATION].bias,
    )


def _sentences(examples: Sequence[Example], owners: Sequence[str], embedding: StaticEmbedding) -> _Sentences:
    rows: list[SentenceFeatures] = []
    numbers: list[int] = []
    dense: list[Vectors] = []
    meaning: list[Vectors] = []
    for number, example in enumerate(examples):
        found = sentence_features(example.heard, owners)
        both, alone = dense_features(found, embedding)
        rows += found
        numbers += [number] * len(found)
        dense.append(both)
        meaning.append(alone)
    lengths = [len(row.named) for row in rows]
    named = scipy.sparse.csr_matrix(
        (
            np.array([weight for row in rows for _, weight in row.named], np.float32),
            np.array([bucket(name) for row in rows for name, _ in row.named]),
            np.concatenate([[0], np.cumsum(lengths)]),
        ),
        shape=(len(rows), BUCKETS),
    )
    named.sum_duplicates()
    return _Sentences(
        rows=rows,
        examples=np.array(numbers),
        keys=np.array([examples[number].key for number in numbers]),
        marks=[
            examples[number].labels_of(row.utterance.index, row.sentence.start, row.sentence.end)
            for row, number in zip(rows, numbers, strict=True)
        ],
        only=[examples[number].only for number in numbers],
        meaning=np.concatenate(meaning),
        features=scipy.sparse.csr_matrix(scipy.sparse.hstack([np.concatenate(dense), named], format="csr")),
    )


@dataclass(frozen=True)
class _Learned:
    """One label's weights, and the probability of the sentences used by models that have not seen them."""

    used: npt.NDArray[np.int64]
    weights: Vectors
    bias: float
    unseen: Vectors
    calibration: Calibration


def _learn_label(task: "_Task", features: scipy.sparse.csr_matrix) -> _Learned:
    features = features[task.used]
    if not task.holds.any():  # a team's own corpus may lack it; it is never said then
        nothing = np.zeros(features.shape[1], np.float32)
        return _Learned(task.used, nothing, _UNHEARD_OF, np.zeros(len(task.used), np.float32), Calibration(_NEVER))

    def fitted(rows: npt.NDArray[np.int64]) -> LogisticRegression:
        model = LogisticRegression(C=_SENTENCE_COST, solver="liblinear", max_iter=100, tol=1e-3, random_state=SEED)
        return model.fit(features[rows], task.holds[rows], sample_weight=task.sure[rows])

    model = fitted(np.arange(len(task.used)))
    unseen = _unseen(fitted, features, task.holds, task.keys)
    known, holds = unseen[task.natural], task.holds[task.natural]
    calibration = _calibrated(Calibration(_NEVER), known, holds)
    if task.is_deposit:
        calibration = replace(calibration, find=_credit_threshold(calibration))
    elif not task.is_courtesy:
        calibration = replace(calibration, find=_find_threshold(known, holds))
    return _Learned(task.used, model.coef_[0].astype(np.float32), float(model.intercept_[0]), unseen, calibration)


@dataclass(frozen=True)
class _Task:
    """What one label is learned from; it travels to a worker process.

    Attributes:
        used: Numbers of the sentences.
        holds: Whether each is what the label says.
        sure: How much each weighs.
        keys: What must not be divided between folds.
        natural: Which come from whole conversations.
        is_courtesy: Whether the fault is a courtesy gone wrong.
        is_deposit: Whether it is a good thing.
    """

    used: npt.NDArray[np.int64]
    holds: Flags
    sure: npt.NDArray[np.float64]
    keys: npt.NDArray[np.str_]
    natural: Flags
    is_courtesy: bool
    is_deposit: bool


def _task(label: str, sentences: _Sentences) -> _Task:
    role = Role.CUSTOMER if label.startswith("!") else Role.AGENT
    is_rule = label[0] not in "+!"
    heard = np.array([row.role is role for row in sentences.rows])
    complete = np.array([only is None for only in sentences.only])
    own = np.array([only == label for only in sentences.only])
    used = np.flatnonzero(heard & (complete | own | is_rule))
    holds = np.array([label in sentences.marks[number] for number in used])
    sure = np.where((complete | own)[used], 1.0, _OTHER_RULE_WEIGHT) * np.where(holds, _POSITIVE_WEIGHT, 1.0)
    return _Task(
        used,
        holds,
        sure,
        sentences.keys[used],
        complete[used],
        is_courtesy=label in COURTESIES,
        is_deposit=label.startswith("+"),
    )


def _unseen(
    fitted: Callable[[npt.NDArray[np.int64]], LogisticRegression],
    features: scipy.sparse.csr_matrix | Vectors,
    holds: Flags,
    keys: npt.NDArray[np.str_],
) -> Vectors:
    """Return the probability of each row by a model that has seen no row with its key."""
    result = np.zeros(len(holds), np.float32)
    for seen, held_out in GroupKFold(FOLDS).split(holds, holds, keys):
        if holds[seen].any():
            result[held_out] = fitted(seen).predict_proba(features[held_out])[:, 1]
    return result


def _find_threshold(probabilities: Vectors, holds: Flags) -> float:
    """Return the lowest probability from which on enough reports are right; one never reached if there is none."""
    order = np.argsort(-probabilities, kind="stable")
    right = np.cumsum(holds[order])
    reports = np.arange(1, len(order) + 1)
    good = np.flatnonzero((right >= _FIND_PRECISION * reports) & (right >= _MIN_FOUND))
    return max(_FIND_FLOOR, round(float(probabilities[order][good[-1]]), 4)) if len(good) else _NEVER


def _credit_threshold(calibration: Calibration) -> float:
    """Return the probability from which on a deposit is credited; one never reached if nothing was measured."""
    if calibration.slope is None or calibration.slope <= 0:
        return _NEVER
    logit = (float(np.log(_CREDIT_CONFIDENCE / (1 - _CREDIT_CONFIDENCE))) - calibration.offset) / calibration.slope
    return round(float(1 / (1 + np.exp(-logit))), 4)


def _confirm_threshold(probabilities: Vectors, holds: Flags) -> float:
    """Return the probability below which a rule's findings are dropped: half of what any right one was given."""
    return round(float(probabilities[holds].min()) / 2, 4) if holds.any() else 0.0


def _calibrated(calibration: Calibration, probabilities: Vectors, holds: Flags) -> Calibration:
    """Fit the line from logits to what they are worth; leave it open where there is too little."""
    if holds.sum() < _MIN_MEASURED:
        return calibration
    logits = np.log(np.clip(probabilities, 1e-6, 1 - 1e-6) / np.clip(1 - probabilities, 1e-6, 1))
    line = LogisticRegression(C=1e3, random_state=SEED).fit(logits[:, None], holds)
    return replace(calibration, slope=round(float(line.coef_[0, 0]), 4), offset=round(float(line.intercept_[0]), 4))


@dataclass(frozen=True)
class _Absences:
    """What was learned of rules that are judged by turn, or by conversation."""

    rules: tuple[str, ...]
    weights: Vectors
    bias: Vectors
    calibrations: dict[str, Calibration]


@dataclass(frozen=True)
class _Case:
    """A turn or conversation: its features, what is missing in it, and what the rules say is missing."""

    features: Vectors
    key: str
    missing: frozenset[str]
    reported: frozenset[str]


def _absences(
    examples: Sequence[Example],
    sentences: _Sentences,
    unseen: Vectors,
    catalogue: Catalogue,
    names: tuple[Sequence[str], Sequence[str], Sequence[str]],
) -> dict[Scope, _Absences]:
    detectors = [one for one in detectors_for(catalogue.rules.values()) if one.rule.scope is not Scope.SPAN]
    cases: dict[Scope, list[_Case]] = {Scope.TURN: [], Scope.CONVERSATION: []}
    bounds = np.searchsorted(sentences.examples, np.arange(len(examples) + 1))
    for number, example in enumerate(examples):
        if example.only is not None:
            continue
        part = slice(bounds[number], bounds[number + 1])
        rows, meaning = sentences.rows[part], sentences.meaning[part]
        told = Told(example.heard, rows, meaning, names[0], names[1], unseen[part], names[2])
        judged = (one for detector in detectors for one in detector.detect(example.heard))
        found = [one for one in judged if isinstance(one, Finding) and one.kind is Kind.MISSING]
        reported = {(one.rule, None if one.at is None else one.at.utterance) for one in found}
        missing = {(mark.label, mark.utterance) for mark in example.marks if not mark.quote}
        cases[Scope.CONVERSATION].append(
            _Case(conversation_features(told), example.key, _of(missing, {None}), _of(reported, {None}))
        )
        for turn in example.heard.of_role(Role.AGENT):
            places = set(turn.turn.utterances)
            called, said = _of(missing, places), _of(reported, places)
            cases[Scope.TURN].append(_Case(turn_features(told, turn), example.key, called, said))
    return {
        scope: _learn_absences(
            [rule.id for rule in catalogue.rules.values() if rule.scope is scope and rule.absence], found_cases
        )
        for scope, found_cases in cases.items()
    }


def _of(marked: AbstractSet[tuple[str, int | None]], places: AbstractSet[int | None]) -> frozenset[str]:
    return frozenset(rule for rule, place in marked if place in places)


def _learn_absences(rules: Sequence[str], cases: Sequence[_Case]) -> _Absences:
    features = np.stack([case.features for case in cases])
    keys = np.array([case.key for case in cases])
    learned = list(_each_absence(rules, cases, features, keys))
    return _Absences(
        rules=tuple(rule for rule, _, _ in learned),
        weights=np.array([model.coef_[0] for _, model, _ in learned], np.float32).reshape(-1, features.shape[1]).T,
        bias=np.array([model.intercept_[0] for _, model, _ in learned], np.float32),
        calibrations={rule: calibration for rule, _, calibration in learned},
    )


def _each_absence(
    rules: Sequence[str], cases: Sequence[_Case], features: Vectors, keys: npt.NDArray[np.str_]
) -> Iterator[tuple[str, LogisticRegression, Calibration]]:
    for rule in rules:
        holds = np.array([rule in case.missing for case in cases])
        reported = np.array([rule in case.reported for case in cases])
        if not holds.any():
            continue

        def fitted(rows: npt.NDArray[np.int64], holds: Flags = holds) -> LogisticRegression:
            model = LogisticRegression(
                C=_TURN_COST, solver="liblinear", class_weight={True: _TURN_POSITIVE_WEIGHT}, random_state=SEED
            )
            return model.fit(features[rows], holds[rows])

        unseen = _unseen(fitted, features, holds, keys)
        calibration = Calibration(
            # What was not said is the rules' to find: the model would report other places when a word is added.
            find=_NEVER,
            confirm=_confirm_threshold(unseen[reported], holds[reported]) if reported.any() else 0.0,
        )
        yield rule, fitted(np.arange(len(cases))), _calibrated(calibration, unseen, holds)
