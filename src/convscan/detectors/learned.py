"""What the fast model adds to the rules, and where it disagrees with them.

It reports faults in words that no pattern foresaw, and drops absences that it holds for
kept. Patterns for words that should not be there always stand.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from convscan.acts.heard import HeardTurn
from convscan.conversation import Role
from convscan.finding import Check, Deposit, DepositKind, Finding, Kind, Outcome, Scope, Span, Step
from convscan.learned.features import SentenceFeatures
from convscan.learned.model import Calibration, FastModel, Reading
from convscan.rules.rule import Rule

Judgement = Finding | Check

# What was called for and did not come is no finding below this measured probability, whatever a label's own
# threshold: it takes away wrong absences and hardly a right one, where a higher one loses right ones on public
# posts. Words that a pattern found stand, for of sentences unlike the corpus' the model knows too little.
_LEAST_CONFIDENCE = 0.03

# Where a clause may begin or end.
_CLAUSE_EDGE = re.compile(
    r"[,;:\u2013\u2014]\s|\s-\s|\s(?=(?:but|so|because|and|though|however|since)\s)", re.IGNORECASE
)
_MIN_CLAUSE_WORDS = 4
# A clause stands for its sentence if its words speak nearly as much for the fault, in logits.
_CLAUSE_LOSS = 0.5


def confirm(judgements: Iterable[Judgement], reading: Reading, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Return the judgements of the rules after the fast model has looked at them, without its own; see `weigh`."""
    return list(_confirmed(judgements, reading, rules))


def weigh(judgements: Iterable[Judgement], reading: Reading, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Return the judgements of the rules after the fast model has looked at them, and its own.

    Args:
        judgements: Findings and checks of the rules.
        reading: What the model makes of the conversation.
        rules: By id; those that are selected.
    """
    kept = confirm(judgements, reading, rules)
    taken = {(one.rule, one.at.utterance) for one in kept if isinstance(one, Finding) and one.at}
    found = (one for one in _spoken(reading, rules) if one.at and (one.rule, one.at.utterance) not in taken)
    return [*kept, *found]


def credit(deposits: Sequence[Deposit], reading: Reading) -> list[Deposit]:
    """Return the deposits of the rules and, where a turn lacks one, its likeliest sentence for it, in order.

    Args:
        deposits: Of the rules.
        reading: What the model makes of the conversation.
    """
    turns = {utterance: turn.number for turn in reading.heard.of_role(Role.AGENT) for utterance in turn.turn.utterances}
    given = {(turns[one.at.utterance], one.kind) for one in deposits}
    best: dict[tuple[int, DepositKind], int] = {}
    for kind in DepositKind:
        for row in reading.likely(f"+{kind}"):
            place = turns[reading.sentences[row].utterance.index], kind
            if place not in given and reading.of(row, f"+{kind}") > _of(reading, best.get(place), kind):
                best[place] = row
    further = (_deposit(row, kind, reading) for (_, kind), row in best.items())
    return sorted([*deposits, *further], key=lambda one: one.at)


def _of(reading: Reading, row: int | None, kind: DepositKind) -> float:
    return 0.0 if row is None else reading.of(row, f"+{kind}")


def _deposit(row: int, kind: DepositKind, reading: Reading) -> Deposit:
    one, label = reading.sentences[row], f"+{kind}"
    start, end = _clause(one, label, reading.model)
    return Deposit(
        kind,
        one.utterance.span(start, end),
        reading.weights.calibrations[label].confidence(reading.of(row, label)),
        reading.heard.parsed.agent_of(one.utterance.index),
    )


def _confirmed(judgements: Iterable[Judgement], reading: Reading, rules: Mapping[str, Rule]) -> Iterator[Judgement]:
    """Yield what stands: an absence that the model holds for kept becomes a kept check."""
    calibrations = reading.weights.calibrations
    # What code of its own has reasoned out, the model has no better view of.
    weighed = {rule.id for rule in rules.values() if rule.detector is None}
    turns = {turn.turn.first: turn for turn in reading.heard.of_role(Role.AGENT)}
    dropped: set[tuple[str, int | None]] = set()
    passed: list[Judgement] = []
    for one in judgements:
        if not isinstance(one, Finding) or one.rule not in calibrations or one.rule not in weighed:
            passed.append(one)
            continue
        probability = _probability(one, reading, turns)
        calibration = calibrations[one.rule]
        if one.kind is Kind.MISSING and _is_held_for_kept(probability, calibration):
            dropped.add((one.rule, one.at.utterance if one.at else None))
        else:
            passed.append(replace(one, confidence=calibration.confidence(probability)))
    for one in passed:
        if isinstance(one, Check) and one.outcome is Outcome.MISSING and _place(one, dropped):
            yield replace(one, outcome=Outcome.KEPT)
        else:
            yield one


def _is_held_for_kept(probability: float, calibration: Calibration) -> bool:
    confidence = calibration.confidence(probability)
    return probability < calibration.confirm or (confidence is not None and confidence < _LEAST_CONFIDENCE)


def _place(check: Check, dropped: set[tuple[str, int | None]]) -> bool:
    return (check.rule, check.utterance) in dropped or (check.rule, None) in dropped


def _probability(finding: Finding, reading: Reading, turns: Mapping[int, HeardTurn]) -> float:
    if finding.kind is Kind.MISSING:
        if finding.at is None:
            return reading.of_conversation.get(finding.rule, 1.0)
        turn = turns.get(finding.at.utterance)
        return reading.of_turn(turn).get(finding.rule, 1.0) if turn else 1.0
    touched = _touched(finding.at, reading) if finding.at else ()
    return max((reading.of(row, finding.rule) for row in touched), default=0.0)


def _touched(at: Span, reading: Reading) -> Iterator[int]:
    """Yield the numbers of the sentences that some words touch."""
    rows = reading.by_utterance.get(at.utterance, ())
    for row in rows[max(0, bisect_right(rows, at.start, key=lambda row: reading.sentences[row].sentence.start) - 1) :]:
        sentence = reading.sentences[row].sentence
        if sentence.start >= at.end:
            return
        if sentence.end > at.start:
            yield row


def _spoken(reading: Reading, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    model = reading.model
    for label in reading.weights.agent_labels if reading.promising else ():
        rule = rules.get(label)
        if rule is None or rule.scope is not Scope.SPAN:
            continue
        calibration = reading.weights.calibrations[label]
        for row in reading.likely(label) if calibration.find <= 1 else ():
            one, probability = reading.sentences[row], reading.of(row, label)
            start, end = _clause(one, label, model)
            at = one.utterance.span(start, end)
            yield Finding(
                rule=rule.id,
                severity=rule.severity,
                kind=Kind.PRESENT,
                at=at,
                message=rule.message.replace("{match}", at.quote),
                suggestion=rule.suggestion,
                confidence=calibration.confidence(probability),
                agent=reading.heard.parsed.agent_of(one.utterance.index),
                explanation=(
                    _learned(probability, calibration),
                    Step("strongest", f"speaks for it: {', '.join(model.strongest(one, label)) or 'its meaning'}"),
                ),
            )


def _clause(one: SentenceFeatures, label: str, model: FastModel) -> tuple[int, int]:
    """Return the clause that carries the fault, or the sentence if none does so alone."""
    sentence, found = one.sentence, one.sentence.found
    edges = [0, *(edge.end() for edge in _CLAUSE_EDGE.finditer(sentence.text)), len(sentence.text)]
    clauses = [
        (start, end) for start, end in pairwise(edges) if len(found.norms_between(start, end)) >= _MIN_CLAUSE_WORDS
    ]
    if len(clauses) < 2:  # noqa: PLR2004 # one clause is the sentence
        return sentence.start, sentence.end
    spoken = [
        model.wording(found.norms_between(start, end), label, is_question=found.is_question) for start, end in clauses
    ]
    best = max(range(len(clauses)), key=lambda number: spoken[number])
    if spoken[best] < model.wording(found.norms, label, is_question=found.is_question) - _CLAUSE_LOSS:
        return sentence.start, sentence.end
    start, end = clauses[best]
    words = sentence.text[start:end].strip(" ,;:\u2013\u2014-")
    first = sentence.text.index(words, start)
    return sentence.start + first, sentence.start + first + len(words)


def _learned(probability: float, calibration: Calibration) -> Step:
    return Step("learned", f"the fast model finds it {probability:.2f} likely; {calibration.find:.2f} is enough")
