"""Where in a conversation a fault, a deposit or a call for something may lie, and what is known of each place.

Known are the transformer's number, the fast model's, and what the rules found there.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.acts.replies import ReplyKind, reply_kind
from convscan.conversation import Role
from convscan.detectors.learned import Judgement
from convscan.finding import Check, Deposit, DepositKind, Finding, Outcome, Scope, Span
from convscan.language.clock import UNLIMITED, Clock, TimeIsUpError
from convscan.lazy import lazy_property
from convscan.learned.model import Reading
from convscan.learned.transformer import ExchangeReading, Transformer
from convscan.learned.windows import Exchange, exchanges
from convscan.rules.rule import Rule

# Beyond these the fast model's certainty, in logits, says nothing more.
_MOST_CERTAIN = 6.0

# What was given earlier is not in the window, so who asks for it again is not seen there.
_LEFT_TO_RULES = frozenset({"effort/repeat-information"})


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a label may hold, with what is known of it.

    Attributes:
        label: Rule id, `+deposit`, or `!act` for words of the customer that call for something.
        logit: The transformer's number.
        exchange: Number of the exchange.
        row: Number of the exchange's sentence; None for what is judged by turn or by how it all ends.
        fast: The fast model's number.
        found: Whether the rules found it there; of the customer's words, whether the act is heard.
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
                kept_at[place_of(one, rules)].add(one.rule)
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


def place_of(one: Judgement, rules: Mapping[str, Rule]) -> int | None:
    """Return the utterance that a judgement is about; None if it is about the conversation."""
    if one.rule in rules and rules[one.rule].scope is Scope.CONVERSATION:
        return None
    if isinstance(one, Check):
        return one.utterance
    return one.at.utterance if one.at else None


def _is_said(rule: Rule, turn: HeardTurn) -> bool:
    """Whether a turn holds an act that the rule looks for, called for or not."""
    return rule.absence is not None and turn.does(rule.absence.expect.acts) is not None


def _logit(probability: float) -> float:
    least = 1 / (1 + exp(_MOST_CERTAIN))
    held = min(max(probability, least), 1 - least)
    return log(held / (1 - held))
