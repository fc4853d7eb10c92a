"""One fault, one finding: what several judgements say of the same words is brought together.

Detectors and models look rule by rule. Nobody is charged twice for one sentence that
two patterns of a rule match, nor for what another rule already names more exactly.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

from convscan.acts.heard import HeardConversation
from convscan.conversation import Role
from convscan.finding import Check, Finding, Kind, Outcome, Scope, Span
from convscan.rules.rule import Rule

Judgement = Finding | Check
Settle: TypeAlias = Callable[[Iterable[Judgement], HeardConversation, Mapping[str, Rule]], list[Judgement]]


def settle(judgements: Iterable[Judgement], heard: HeardConversation, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Return the judgements with one finding for each fault.

    Args:
        judgements: Of all detectors and models.
        heard: The conversation.
        rules: By id; those that are selected.
    """
    return give_way(_merged(judgements, heard, rules), heard, rules)


def settle_in_part(
    judgements: Iterable[Judgement], heard: HeardConversation, rules: Mapping[str, Rule]
) -> list[Judgement]:
    """Settle when the time is over, and nothing more can be looked for in the words.

    What their rule yields to may stand unseen, so such findings are left out.
    """
    return [one for one in _merged(judgements, heard, rules) if not _yields_to(one.rule, rules)]


def give_way(judgements: Sequence[Judgement], heard: HeardConversation, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Leave out findings where what their rule yields to stands; a check of theirs becomes kept.

    Words that match stand; what a model found stands if that is measured, and at least as sure.
    Where two give way to one another the surer stands, and of two as sure the graver.
    """
    yielding = [
        (number, one)
        for number, one in enumerate(judgements)
        if isinstance(one, Finding) and _yields_to(one.rule, rules)
    ]
    if not yielding:
        return list(judgements)
    standing = _standing(judgements, heard, rules)
    place = _Places(heard)
    left_out: set[int] = set()
    for number, one in sorted(yielding, key=_least_first):
        if any(
            place.meet(one, other.at, rules[one.rule])
            for name in _yields_to(one.rule, rules)
            for other in standing[name]
            if other.sureness >= (one.confidence or 0.0) and other.number not in left_out
        ):
            left_out.add(number)
    kept = {(one.rule, _utterance(one)) for number, one in enumerate(judgements) if number in left_out}
    return [_kept_if(one, kept) for number, one in enumerate(judgements) if number not in left_out]


def yielded_to(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the ids of the rules that others give way to."""
    return frozenset(name for rule in rules for name in rule.yields_to)


def _yields_to(rule_id: str, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    return rules[rule_id].yields_to if rule_id in rules else ()


def _least_first(numbered: tuple[int, Finding]) -> tuple[float, int, int]:
    number, one = numbered
    return one.confidence or 0.0, one.severity.rank, number


class _Standing(NamedTuple):
    """What others give way to.

    Attributes:
        at: None if it stands for the conversation as a whole.
        sureness: From 0 to 1.
        number: Of the judgement; None for words that match.
    """

    at: Span | None
    sureness: float
    number: int | None = None


def _standing(
    judgements: Iterable[Judgement], heard: HeardConversation, rules: Mapping[str, Rule]
) -> dict[str, list[_Standing]]:
    """Return where each rule or act that is yielded to stands, and how sure that is."""
    standing: dict[str, list[_Standing]] = {
        name: [
            _Standing(utterance.span(mark.start, mark.end), 1.0)
            for turn in heard.of_role(Role.AGENT)
            for utterance, mark in turn.marks_of(name)
        ]
        for name in yielded_to(rules.values())
    }
    for number, one in enumerate(judgements):
        if isinstance(one, Finding) and one.rule in standing and one.confidence is not None:
            standing[one.rule].append(_Standing(one.at, one.confidence, number))
    return standing


def _utterance(one: Judgement) -> int | None:
    if isinstance(one, Check):
        return one.utterance
    return None if one.at is None else one.at.utterance


def _kept_if(one: Judgement, kept: Collection[tuple[str, int | None]]) -> Judgement:
    if isinstance(one, Check) and one.outcome is Outcome.MISSING and (one.rule, one.utterance) in kept:
        return replace(one, outcome=Outcome.KEPT)
    return one


# -- several findings of one rule ------------------------------------------------------------


def _merged(judgements: Iterable[Judgement], heard: HeardConversation, rules: Mapping[str, Rule]) -> list[Judgement]:
    """Make findings of one span rule in the same sentence one; a rule may run on to the next sentence."""
    merged: list[Judgement] = []
    charged: dict[tuple[str, int], list[Finding]] = {}
    for one in judgements:
        # Of placeholders each is to be filled in, however many stand in a sentence.
        if isinstance(one, Finding) and one.kind is Kind.PRESENT and one.at and _is_worded(one.rule, rules):
            charged.setdefault((one.rule, one.at.utterance), []).append(one)
        else:
            merged.append(one)
    place = _Places(heard)
    for (rule_id, _), findings in charged.items():
        merged.extend(_runs(findings, rules[rule_id], place) if len(findings) > 1 else findings)
    return merged


def _is_worded(rule_id: str, rules: Mapping[str, Rule]) -> bool:
    return rule_id in rules and rules[rule_id].detector is None


def _runs(findings: Sequence[Finding], rule: Rule, place: "_Places") -> Iterator[Finding]:
    """Yield one finding for each run of findings that are one fault."""
    reach = 1 if rule.runs_on else 0
    run: list[Finding] = []
    for one in sorted(findings, key=lambda one: one.at or Span(0, 0, 0, "")):
        if run and place.sentences_between(run[-1], one) > reach:
            yield _joined(run, rule, place)
            run = []
        run.append(one)
    yield _joined(run, rule, place)


def _joined(run: Sequence[Finding], rule: Rule, place: "_Places") -> Finding:
    """Return the surest finding of a run, over the words of all."""
    surest = max(run, key=lambda one: one.confidence or 0.0)
    if len(run) == 1:
        return surest
    at = place.around([one.at for one in run if one.at is not None])
    steps = dict.fromkeys(step for one in (surest, *run) for step in one.explanation)
    return replace(surest, at=at, message=rule.message.replace("{match}", at.quote), explanation=tuple(steps))


# -- places ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Places:
    """Which sentence and which turn words stand in."""

    heard: HeardConversation

    def meet(self, finding: Finding, other: Span | None, rule: Rule) -> bool:
        """Whether something else stands where a finding does: in its sentence, its turn or its conversation."""
        if finding.at is None or rule.scope is Scope.CONVERSATION:
            return True
        if other is None:
            return False
        if rule.scope is Scope.SPAN:
            return finding.at.utterance == other.utterance and bool(self._touched(finding.at) & self._touched(other))
        turns = (turn.turn.utterances for turn in self.heard.of_role(Role.AGENT))
        return any(finding.at.utterance in here and other.utterance in here for here in turns)

    def sentences_between(self, first: Finding, second: Finding) -> int:
        """Return how many sentences a finding begins after the end of another of the same utterance."""
        if first.at is None or second.at is None:
            return 0
        return max(0, min(self._touched(second.at)) - max(self._touched(first.at)))

    def around(self, spans: Sequence[Span]) -> Span:
        """Return the words from the first to the last of spans in one utterance."""
        utterance = self.heard.parsed.utterances[spans[0].utterance]
        return utterance.span(min(one.start for one in spans), max(one.end for one in spans))

    def _touched(self, at: Span) -> frozenset[int]:
        """Return the numbers of the sentences that words stand in; words outside of all are one of their own."""
        sentences = self.heard.parsed.utterances[at.utterance].sentences
        touched = (n for n, one in enumerate(sentences) if one.start < at.end and at.start < one.end)
        return frozenset(touched) or frozenset({-1})
