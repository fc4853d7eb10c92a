"""What the transformer adds to the judgements: it finds what nobody found, and weighs the rest.

A probability comes from the transformer's number, the fast model's and what the rules found,
by how right all were on conversations that nothing was learned from. Words that rules found
stand whatever the transformer says of them: on public posts, whose like the corpus holds few
of, it doubts too much. What is missing by the rules is dropped if it finds that unlikely, or
finds the very words that were missed; a deposit, if it is most unlikely. What it alone holds
for missing in a turn must have been called for by the customer's words, weighed in the same way.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import inf
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from convscan.detectors.learned import Judgement
from convscan.detectors.sites import SecondReading, Site, place_of
from convscan.finding import Check, Deposit, Finding, Kind, Outcome, Scope, Span, Step
from convscan.learned.transformer import Worth
from convscan.rules.rule import Rule

# What calls for what is missing: the customer's words that are shown as the reason.
_CALLS: Mapping[str, tuple[str, ...]] = {
    "acknowledgement/missing": ("!problem", "!request", "!question"),
    "acknowledgement/feeling-ignored": ("!negative-emotion",),
    "thanks/missed-moment": ("!effort-made", "!praise", "!waited", "!loyalty"),
    "avoidance/unanswered": ("!question", "!request"),
    "hidden/unexplained-refusal": ("!request", "!question"),
    "avoidance/abandoned": ("!problem", "!request", "!question", "!gave-up"),
    "expectations/missing": ("!problem", "!request"),
}

# What is missing by the rules is dropped below this probability: a borderline case is no finding.
_DOUBTED = 0.3
# A deposit is dropped if nine in ten such are none.
_DOUBTED_DEPOSIT = 0.1
# Two people who mark the same conversations agree too little on these for one who learned from them to overrule rules.
_DISPUTED_DEPOSITS = frozenset({"+ownership", "+advocacy"})

# Nothing that was learned is certain.
_SUREST = 0.99

# Rules or families, of which one has a fault; the exchange, and the sentence in it.
_Passage: TypeAlias = tuple[frozenset[str], int, int | None]


def reconsider(
    judgements: Sequence[Judgement], deposits: Sequence[Deposit], reading: SecondReading, rules: Mapping[str, Rule]
) -> tuple[list[Judgement], list[Deposit]]:
    """Return the judgements and deposits with what the transformer adds.

    What the rules found and still stands is given the probability that all have together.
    """
    sites = [
        (site, worth, worth.probability(site.logit, site.fast, found=site.found, kept=site.kept))
        for site in reading.sites(judgements, deposits, rules)
        if (worth := reading.model.worths.get(site.label)) is not None
    ]
    of_deposits = [weighed for weighed in sites if weighed[0].label.startswith("+")]
    further = [
        reading.deposit(site, _confidence(probability, worth))
        for site, worth, probability in of_deposits
        if not site.found and probability >= worth.threshold
    ]
    doubted = {
        (utterance, site.label[1:])
        for site, _, probability in of_deposits
        if site.found and probability < _DOUBTED_DEPOSIT and site.label not in _DISPUTED_DEPOSITS
        for utterance in reading.turn_of(site)
    }
    stand = [one for one in deposits if (one.at.utterance, one.kind.value) not in doubted]
    given = {(deposit.at.utterance, deposit.kind.value) for deposit in further}
    return _weighed(judgements, sites, given, reading, rules), sorted([*stand, *further], key=lambda one: one.at)


def _weighed(
    judgements: Sequence[Judgement],
    sites: Sequence[tuple[Site, Worth, float]],
    given: Collection[tuple[int, str]],
    reading: SecondReading,
    rules: Mapping[str, Rule],
) -> list[Judgement]:
    stands: list[Judgement | None] = list(judgements)
    spoken, owed = _places(judgements, reading, rules)
    faults = [weighed for weighed in sites if weighed[0].label[0] not in "+!"]
    surest = _surest_of_each(faults, rules)
    calls = _calls(sites)
    added: list[Judgement] = []
    for site, worth, probability in faults:
        confidence = _confidence(probability, worth)
        step = _step(site, probability, worth.threshold)
        if site.row is not None:
            touched = spoken[site.label, site.exchange, site.row]
            is_doubted = is_given = False
        else:
            places = (None,) if rules[site.label].scope is Scope.CONVERSATION else reading.turn_of(site)
            touched = [number for place in places for number in owed[site.label, place]]
            is_given = _is_given(rules[site.label], reading.turn_of(site), given)
            is_doubted = probability < _DOUBTED
        if site.found:
            for number in touched:
                known = stands[number]
                stands[number] = _kept(known) if is_doubted or is_given else _made_sure(known, confidence, step)
        elif probability >= max(worth.threshold, surest[_passage(site, rules)]) and not is_given:
            acts = _CALLS.get(site.label, ())
            here = [calls[key] for act in acts if (key := (site.exchange, act)) in calls]
            called = max(here, key=attrgetter("is_likely", "probability"), default=_UNCALLED)
            if rules[site.label].scope is Scope.TURN and not called.is_likely:
                continue
            because = () if called.site is None else (reading.span(called.site),)
            finding = _finding(site, reading, rules[site.label], confidence, because=because, step=step)
            added.append(finding)
            if finding.kind is Kind.MISSING:
                # What was kept, or not applicable, is missing now.
                for number in touched:
                    stands[number] = None
                added.append(Check(finding.rule, Outcome.MISSING, finding.at.utterance if finding.at else None))
    return [*(one for one in stands if one is not None), *added]


def _step(site: Site, probability: float, threshold: float) -> Step:
    """Tell how likely a fault is, and why it stands."""
    likely = f"transformer, fast model and rules together: {probability:.2f} likely"
    if not site.found or probability >= threshold:
        return Step("read", f"{likely}; {threshold:.2f} is enough")
    if site.row is not None:
        return Step("read", f"{likely}; words that match stand all the same")
    return Step("read", f"{likely}; what rules find missing stands from {_DOUBTED:.2f} on")


class _Call(NamedTuple):
    """Words of the customer that may call for something.

    Attributes:
        is_likely: Whether they are likely enough to.
        site: None if there are no such words.
    """

    is_likely: bool
    probability: float
    site: Site | None


_UNCALLED = _Call(is_likely=False, probability=0.0, site=None)


def _calls(sites: Sequence[tuple[Site, Worth, float]]) -> dict[tuple[int, str], _Call]:
    """Return what may call for something, by exchange and act."""
    return {
        (site.exchange, site.label): _Call(probability >= worth.threshold, probability, site)
        for site, worth, probability in sites
        if site.label.startswith("!")
    }


def _confidence(probability: float, worth: Worth) -> float | None:
    return min(_SUREST, round(probability, 2)) if worth.is_measured else None


def _surest_of_each(
    sites: Sequence[tuple[Site, Worth, float]], rules: Mapping[str, Rule]
) -> defaultdict[_Passage, float]:
    """Return how sure the surest fault of each passage is: one passage is one fault.

    Where what the rules found stands, nothing is added.
    """
    surest: defaultdict[_Passage, float] = defaultdict(float)
    for site, worth, probability in sites:
        stands = site.found and (site.row is not None or probability >= _DOUBTED)
        if stands or probability >= worth.threshold:
            passage = _passage(site, rules)
            surest[passage] = max(surest[passage], inf if stands else probability)
    return surest


def _passage(site: Site, rules: Mapping[str, Rule]) -> _Passage:
    """Return what has one fault only: a sentence for a family, else an exchange for rules that yield to one another."""
    if site.row is not None:
        return frozenset({site.label.partition("/")[0]}), site.exchange, site.row
    return frozenset({site.label, *rules[site.label].yields_to}), site.exchange, None


def _kept(one: Judgement | None) -> Judgement | None:
    """Return a check that says that nothing is missing; a finding is none any more."""
    return replace(one, outcome=Outcome.KEPT) if isinstance(one, Check) else None


def _is_given(rule: Rule, utterances: Sequence[int], given: Collection[tuple[int, str]]) -> bool:
    """Whether the turn is credited with a deposit that the rule looks for."""
    acts = rule.absence.expect.acts if rule.absence is not None else ()
    return any((utterance, act) in given for utterance in utterances for act in acts)


def _places(
    judgements: Sequence[Judgement], reading: SecondReading, rules: Mapping[str, Rule]
) -> tuple[Mapping[tuple[str, int, int], list[int]], Mapping[tuple[str, int | None], list[int]]]:
    """Return the numbers of findings by rule, exchange and row, and those of all judgements by rule and place."""
    spoken: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    owed: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for number, one in enumerate(judgements):
        owed[one.rule, place_of(one, rules)].append(number)
        if isinstance(one, Finding) and one.at is not None:
            for exchange, row in reading.sentences_at(one.at):
                spoken[one.rule, exchange, row].append(number)
    return spoken, owed


def _made_sure(one: Judgement | None, confidence: float | None, step: Step) -> Judgement | None:
    """Return a finding with its new confidence, anything else as it is."""
    if not isinstance(one, Finding):
        return one
    return replace(one, confidence=confidence, explanation=(*one.explanation, step))


def _finding(
    site: Site, reading: SecondReading, rule: Rule, confidence: float | None, *, because: tuple[Span, ...], step: Step
) -> Finding:
    parsed = reading.heard.parsed
    at = _at(site, reading, rule.scope)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        kind=Kind.PRESENT if rule.scope is Scope.SPAN else Kind.MISSING,
        at=at,
        message=rule.message.replace("{match}", at.quote if at else ""),
        suggestion=rule.suggestion,
        confidence=confidence,
        agent=parsed.agent_of(at.utterance) if at else parsed.lone_agent(),
        because=because,
        explanation=(step,),
    )


def _at(site: Site, reading: SecondReading, scope: Scope) -> Span | None:
    """Return the sentence, the first utterance of the turn, or nothing where the conversation as a whole is meant."""
    agent = reading.exchanges[site.exchange].agent
    match scope:
        case Scope.SPAN:
            return reading.span(site)
        case Scope.TURN if agent is not None:
            return reading.heard.parsed.utterances[agent.turn.first].whole
        case _:
            return None
