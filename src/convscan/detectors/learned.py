"""What the fast model adds to the rules, and where it disagrees with them.

It reports faults that no pattern foresaw, and absences that the acts do not show; it drops
absences that it holds for kept. Patterns for words that should not be there always stand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Role
from convscan.finding import Check, Finding, Kind, Outcome, Scope, Span, Step
from convscan.learned.features import SentenceFeatures
from convscan.learned.model import Calibration, FastModel, Reading
from convscan.rules.rule import Rule

Judgement = Finding | Check

# Where a clause may begin or end.
_CLAUSE_EDGE = re.compile(
    r"[,;:\u2013\u2014]\s|\s-\s|\s(?=(?:but|so|because|and|though|however|since)\s)", re.IGNORECASE
)
_MIN_CLAUSE_WORDS = 4
# A clause stands for its sentence if its words speak nearly as much for the fault, in logits.
_CLAUSE_LOSS = 0.5


def weigh(
    judgements: Iterable[Judgement], heard: HeardConversation, model: FastModel, rules: Mapping[str, Rule]
) -> list[Judgement]:
    """Return the judgements of the rules after the model has looked at them, and its own.

    Args:
        judgements: Findings and checks of the rules.
        heard: The conversation.
        model: The fast model.
        rules: By id; those that are selected.
    """
    reading = model.read(heard)
    kept = list(_confirmed(judgements, reading, heard))
    taken = {(one.rule, one.at.utterance if one.at else None) for one in kept if isinstance(one, Finding)}
    found = [
        finding
        for finding in (*_spoken(reading, model, rules), *_unspoken(reading, heard, rules))
        if (finding.rule, finding.at.utterance if finding.at else None) not in taken
    ]
    missing = [one for one in found if one.kind is Kind.MISSING]
    turns = {turn.turn.first: turn for turn in heard.of_role(Role.AGENT)}
    replaced = {key for one in missing for key in _checked_at(one, turns)}
    kept = [one for one in kept if not (isinstance(one, Check) and _key(one, rules) in replaced)]
    checks = [Check(one.rule, Outcome.MISSING, one.at.utterance if one.at else None) for one in missing]
    return [*kept, *found, *checks]


def _checked_at(missing: Finding, turns: Mapping[int, HeardTurn]) -> Iterator[tuple[str, int | None]]:
    """Yield the places of checks that no longer hold once an act is missing: of its turn, or of all."""
    yield missing.rule, None
    if missing.at is not None:
        turn = turns[missing.at.utterance]
        yield from ((missing.rule, utterance) for utterance in turn.turn.utterances)


def _key(check: Check, rules: Mapping[str, Rule]) -> tuple[str, int | None]:
    """Return where a check counts: one of a conversation rule has no place, wherever it was kept."""
    is_whole = check.rule in rules and rules[check.rule].scope is Scope.CONVERSATION
    return check.rule, None if is_whole else check.utterance


def _confirmed(judgements: Iterable[Judgement], reading: Reading, heard: HeardConversation) -> Iterator[Judgement]:
    """Yield what stands: an absence that the model holds for kept becomes a kept check."""
    calibrations = reading.weights.calibrations
    turns = {turn.turn.first: turn for turn in heard.of_role(Role.AGENT)}
    dropped: set[tuple[str, int | None]] = set()
    passed: list[Judgement] = []
    for one in judgements:
        if not isinstance(one, Finding) or one.rule not in calibrations:
            passed.append(one)
            continue
        probability = _probability(one, reading, turns)
        calibration = calibrations[one.rule]
        if one.kind is Kind.MISSING and probability < calibration.confirm:
            dropped.add((one.rule, one.at.utterance if one.at else None))
        else:
            passed.append(replace(one, confidence=calibration.confidence(probability)))
    for one in passed:
        if isinstance(one, Check) and one.outcome is Outcome.MISSING and _place(one, dropped):
            yield replace(one, outcome=Outcome.KEPT)
        else:
            yield one


def _place(check: Check, dropped: set[tuple[str, int | None]]) -> bool:
    return (check.rule, check.utterance) in dropped or (check.rule, None) in dropped


def _probability(finding: Finding, reading: Reading, turns: Mapping[int, HeardTurn]) -> float:
    if finding.kind is Kind.MISSING:
        if finding.at is None:
            return reading.of_conversation.get(finding.rule, 1.0)
        turn = turns.get(finding.at.utterance)
        return reading.of_turn(turn).get(finding.rule, 1.0) if turn else 1.0
    at = finding.at
    rows = reading.by_utterance.get(at.utterance, ()) if at else ()
    touched = (row for row in rows if at and _overlaps(reading.sentences[row], at))
    return max((reading.of(row, finding.rule) for row in touched), default=0.0)


def _overlaps(one: SentenceFeatures, at: Span) -> bool:
    return one.sentence.start < at.end and at.start < one.sentence.end


def _spoken(reading: Reading, model: FastModel, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for label in reading.weights.agent_labels:
        rule = rules.get(label)
        if rule is None or rule.scope is not Scope.SPAN:
            continue
        calibration = reading.weights.calibrations[label]
        for row in reading.likely(label, calibration.find):
            one, probability = reading.sentences[row], reading.of(row, label)
            if one.role is Role.AGENT:
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
                    agent=reading.told.heard.parsed.agent_of(one.utterance.index),
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


def _unspoken(reading: Reading, heard: HeardConversation, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield absences by the model alone; only of complete replies to somebody."""
    calibrations = reading.weights.calibrations
    agents = heard.of_role(Role.AGENT)
    may_find = (name for name in reading.weights.turn_rules if calibrations[name].find <= 1)
    by_turn = [rules[name] for name in may_find if name in rules]
    for turn in agents if by_turn else ():
        if turn.number == 0 or reply_kind(turn, heard) is not ReplyKind.COMPLETE:
            continue
        probabilities = reading.of_turn(turn)
        for rule in by_turn:
            if probabilities[rule.id] >= calibrations[rule.id].find:
                at = heard.parsed.utterances[turn.turn.first].whole
                yield _missing(rule, at, probabilities[rule.id], reading, turn)
    for name in reading.weights.conversation_rules:
        if name in rules and agents and reading.of_conversation[name] >= calibrations[name].find:
            yield _missing(rules[name], None, reading.of_conversation[name], reading, None)


def _missing(rule: Rule, at: Span | None, probability: float, reading: Reading, turn: HeardTurn | None) -> Finding:
    heard = reading.told.heard
    calibration = reading.weights.calibrations[rule.id]
    called = heard.turns[turn.number - 1 : turn.number] if turn else heard.of_role(Role.CUSTOMER)[:1]
    because = tuple(utterance.span(one.start, one.end) for spoken in called for utterance, one in spoken.sentences[:1])
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        kind=Kind.MISSING,
        at=at,
        message=rule.message,
        suggestion=rule.suggestion,
        confidence=calibration.confidence(probability),
        agent=heard.parsed.agent_of(at.utterance) if at else heard.parsed.lone_agent(),
        because=because,
        explanation=(_learned(probability, calibration),),
    )


def _learned(probability: float, calibration: Calibration) -> Step:
    return Step("learned", f"the fast model finds it {probability:.2f} likely; {calibration.find:.2f} is enough")
