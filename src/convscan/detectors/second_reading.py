"""What the transformer adds to the judgements: it finds what nobody found, and weighs the rest.

A probability comes from the transformer's number, the fast model's and what rules and fast model found,
by how right all were on conversations that nothing was learned from. Words that rules found
stand whatever the transformer says of them: on public posts, whose like the corpus holds few
of, it doubts too much. What is missing by the rules is dropped if it finds that unlikely, or
finds the very words that were missed; a deposit, if it is most unlikely. What it alone holds
for missing in a turn must have been called for by the customer's words, weighed in the same way.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Role
from convscan.detectors.learned import Judgement
from convscan.finding import Check, Deposit, DepositKind, Finding, Kind, Outcome, Scope, Span, Step
from convscan.language.clock import UNLIMITED, Clock, TimeIsUpError
from convscan.lazy import lazy_property
from convscan.learned.model import Reading
from convscan.learned.transformer import ExchangeReading, Transformer, Worth
from convscan.learned.windows import Exchange, exchanges
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

# Nothing that was learned is certain.
_SUREST = 0.99

# Beyond these the fast model's certainty, in logits, says nothing more.
_MOST_CERTAIN = 6.0

# What was given earlier is not in the window, so who asks for it again is not seen there.
_LEFT_TO_RULES = frozenset({"effort/repeat-information"})

# Rules or families, of which one has a fault; the exchange, and the sentence in it.
_Passage: TypeAlias = tuple[frozenset[str], int, int | None]


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a label may hold, with what is known of it.

    Attributes:
        label: Rule id, `+deposit`, or `!act` for words of the customer that call for something.
        logit: The transformer's number.
        exchange: Number of the exchange.
        row: Number of the exchange's sentence; None for what is judged by turn or by how it all ends.
        fast: The fast model's number.
        found: Whether rules or fast model found it there; of the customer's words, whether the act is heard.
        kept: Whether they hold that what is missing was done.
    """

    label: str
    logit: float
    exchange: int
    row: int | None
    fast: float
    found: bool
    kept: bool = False


@dataclass(frozen=True)
class SecondReading:
    """A conversation as the transformer reads it.

    Attributes:
        first: What the fast model made of it.
        exchanges: Those in which an agent spoke, and what a customer says last without an answer.
        read: What was made of those that there was time for, by their numbers.
        is_whole: Whether there was time for all of them; if not, nothing is said to be missing.
    """

    model: Transformer
    first: Reading
    exchanges: tuple[Exchange, ...]
    read: Mapping[int, ExchangeReading]
    is_whole: bool = True

    @property
    def heard(self) -> HeardConversation:
        """The conversation."""
        return self.first.heard

    def sites(
        self, judgements: Sequence[Judgement], deposits: Sequence[Deposit], rules: Mapping[str, Rule]
    ) -> Iterator[Site]:
        """Yield every place where one of these rules, or a deposit, may hold."""
        found_at: dict[int | None, list[Finding]] = defaultdict(list)
        kept_at: dict[int | None, set[str]] = defaultdict(set)
        given_at: dict[int, set[str]] = defaultdict(set)
        for one in judgements:
            if isinstance(one, Finding):
                found_at[one.at.utterance if one.at else None].append(one)
            elif one.outcome is Outcome.KEPT:
                kept_at[_place_of(one, rules)].add(one.rule)
        for deposit in deposits:
            given_at[deposit.at.utterance].add(deposit.kind)
        for number, reading in self.read.items():
            agent = self.exchanges[number].agent
            yield from self._calls(number, reading)
            if self._is_ending(number):
                of_all = {
                    n: rule
                    for n, rule in rules.items()
                    if rule.scope is Scope.CONVERSATION and not self._is_settled(rule)
                }
                missing = {one.rule for one in found_at[None]}
                yield from self._absences(number, self.first.of_conversation, missing, kept_at[None], of_all)
            if agent is None:
                continue
            here = agent.turn.utterances
            found = [one for utterance in here for one in found_at[utterance]]
            yield from self._deposits(number, reading, {kind for utterance in here for kind in given_at[utterance]})
            yield from self._spoken(number, reading, found, rules)
            if self._is_asked_of(number, agent):
                kept = {rule for utterance in here for rule in kept_at[utterance]}
                # What was owed and found to be said is no matter of likelihood.
                owed = {n: rule for n, rule in rules.items() if rule.scope is Scope.TURN and not _is_said(rule, agent)}
                missing = {one.rule for one in found}
                yield from self._absences(number, self.first.of_turn(agent), missing, kept, owed)

    def _absences(
        self,
        number: int,
        fast: Mapping[str, float],
        missing: Collection[str],
        kept: Collection[str],
        rules: Collection[str],
    ) -> Iterator[Site]:
        for column, label in enumerate(self.model.turn_labels):
            if label in rules:
                logit = float(self.read[number].turn[column])
                first = _logit(fast.get(label, 0.0))
                yield Site(label, logit, number, None, first, found=label in missing, kept=label in kept)

    def _is_ending(self, number: int) -> bool:
        """Whether an exchange is the last of a conversation with a customer."""
        return self.is_whole and number == len(self.exchanges) - 1 and bool(self.heard.of_role(Role.CUSTOMER))

    def _is_settled(self, rule: Rule) -> bool:
        """Whether the customer's last words settle the matter: what they say is no matter of likelihood."""
        said = self.heard.of_role(Role.CUSTOMER)[-1:]
        return rule.absence is not None and any(turn.does(rule.absence.settled_by) is not None for turn in said)

    def _is_asked_of(self, number: int, agent: HeardTurn) -> bool:
        """Whether something can be missing in an exchange."""
        if not self.is_whole or self.exchanges[number].customer is None:
            return False
        return reply_kind(agent, self.heard) is ReplyKind.COMPLETE

    def _deposits(self, number: int, reading: ExchangeReading, given: Collection[str]) -> Iterator[Site]:
        """Yield each deposit's best sentence, for a turn is given it once."""
        rows = self._rows(self.exchanges[number], Role.AGENT)
        for column, label in enumerate(self.model.sentence_labels):
            if label.startswith("+") and rows:
                best = max(rows, key=lambda row: float(reading.sentences[row, column]))
                first = max(self._fast(number, row, label) for row in rows)
                yield Site(label, float(reading.sentences[best, column]), number, best, first, found=label[1:] in given)

    def _calls(self, number: int, reading: ExchangeReading) -> Iterator[Site]:
        """Yield, for each act that calls for something, the customer's sentence that is most likely it."""
        exchange = self.exchanges[number]
        rows = self._rows(exchange, Role.CUSTOMER)
        for column, label in enumerate(self.model.sentence_labels):
            if label.startswith("!") and rows and exchange.customer is not None:
                best = max(rows, key=lambda row: float(reading.sentences[row, column]))
                first = max(self._fast(number, row, label) for row in rows)
                is_heard = exchange.customer.does((label[1:],)) is not None
                yield Site(label, float(reading.sentences[best, column]), number, best, first, found=is_heard)

    def _spoken(
        self, number: int, reading: ExchangeReading, found: Sequence[Finding], rules: Mapping[str, Rule]
    ) -> Iterator[Site]:
        touched = {(one.rule, row) for one in found if one.at is not None for _, row in self.sentences_at(one.at)}
        for row in self._rows(self.exchanges[number], Role.AGENT):
            for column, label in enumerate(self.model.sentence_labels):
                if label in rules and label not in _LEFT_TO_RULES:
                    logit, first = float(reading.sentences[row, column]), self._fast(number, row, label)
                    yield Site(label, logit, number, row, first, found=(label, row) in touched)

    def _fast(self, number: int, row: int, label: str) -> float:
        """Return the fast model's number for a sentence."""
        if label not in self.first.model.columns:
            return _logit(0.0)
        utterance, sentence = self.exchanges[number].sentences[row]
        return _logit(self.first.of(self._rows_of_first[utterance.index, sentence.start], label))

    @lazy_property
    def _rows_of_first(self) -> Mapping[tuple[int, int], int]:
        """The fast model's number of each sentence, by its place."""
        return {(one.utterance.index, one.sentence.start): row for row, one in enumerate(self.first.sentences)}

    def _rows(self, exchange: Exchange, role: Role) -> list[int]:
        return [row for row, (utterance, _) in enumerate(exchange.sentences) if utterance.role is role]

    @lazy_property
    def _said(self) -> Mapping[int, tuple[list[int], list[tuple[int, int]]]]:
        """By utterance of an agent, where its sentences begin, and the exchange and row of each."""
        said: dict[int, tuple[list[int], list[tuple[int, int]]]] = {}
        for number, exchange in enumerate(self.exchanges):
            for row in self._rows(exchange, Role.AGENT):
                utterance, sentence = exchange.sentences[row]
                starts, places = said.setdefault(utterance.index, ([], []))
                starts.append(sentence.start)
                places.append((number, row))
        return said

    def sentences_at(self, at: Span) -> Iterator[tuple[int, int]]:
        """Yield the exchange and row of each sentence of an agent that some words touch."""
        starts, places = self._said.get(at.utterance, ([], []))
        for exchange, row in places[max(0, bisect_right(starts, at.start) - 1) : bisect_left(starts, at.end)]:
            if self.exchanges[exchange].sentences[row][1].end > at.start:
                yield exchange, row

    def span(self, site: Site) -> Span:
        """Return the sentence of a site."""
        utterance, sentence = self.exchanges[site.exchange].sentences[site.row or 0]
        return utterance.span(sentence.start, sentence.end)

    def turn_of(self, site: Site) -> tuple[int, ...]:
        """Return the numbers of the utterances of the agent's turn in which a site lies."""
        agent = self.exchanges[site.exchange].agent
        return agent.turn.utterances if agent else ()

    def deposit(self, site: Site, confidence: float | None) -> Deposit:
        """Return the deposit of a site."""
        at = self.span(site)
        return Deposit(DepositKind(site.label[1:]), at, confidence, self.heard.parsed.agent_of(at.utterance))


def read_again(first: Reading, model: Transformer, clock: Clock = UNLIMITED) -> SecondReading:
    """Read every exchange of what the fast model has read, one after the other until the time is over."""
    found = tuple(one for one in exchanges(first.heard) if one.agent is None or one.agent.sentences)
    read: dict[int, ExchangeReading] = {}
    for number, one in enumerate(found):
        try:
            read[number] = model.read(one, clock)
        except TimeIsUpError:
            return SecondReading(model, first, found, read, is_whole=False)
    return SecondReading(model, first, found, read)


def reconsider(
    judgements: Sequence[Judgement], deposits: Sequence[Deposit], reading: SecondReading, rules: Mapping[str, Rule]
) -> tuple[list[Judgement], list[Deposit]]:
    """Return the judgements and deposits with what the transformer adds.

    What others found and still stands is given the probability that all have together.
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
        if site.found and probability < _DOUBTED_DEPOSIT
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
        step = Step(
            "read",
            f"transformer, fast model and rules together: {probability:.2f} likely; {worth.threshold:.2f} is enough",
        )
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

    Where what others found stands, nothing is added.
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
        owed[one.rule, _place_of(one, rules)].append(number)
        if isinstance(one, Finding) and one.at is not None:
            for exchange, row in reading.sentences_at(one.at):
                spoken[one.rule, exchange, row].append(number)
    return spoken, owed


def _place_of(one: Judgement, rules: Mapping[str, Rule]) -> int | None:
    """Return the utterance that a judgement is about; None if it is about the conversation."""
    if one.rule in rules and rules[one.rule].scope is Scope.CONVERSATION:
        return None
    if isinstance(one, Check):
        return one.utterance
    return one.at.utterance if one.at else None


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


def _is_said(rule: Rule, turn: HeardTurn) -> bool:
    """Whether a turn holds an act that the rule looks for, called for or not."""
    return rule.absence is not None and turn.does(rule.absence.expect.acts) is not None


def _logit(probability: float) -> float:
    least = 1 / (1 + exp(_MOST_CERTAIN))
    held = min(max(probability, least), 1 - least)
    return log(held / (1 - held))
