"""The agent asks for what the customer has given, or to do again what the customer has done."""

import re
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.detectors.spoken import SpokenDetector
from convscan.finding import Check, Finding, Kind, Span, Step
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.reasoning.channels import came_back, failed_channels, pointed_to, points_there_again, sent_to
from convscan.reasoning.echoes import asks_for_fact, counted_again, echo_of, is_echo
from convscan.reasoning.protests import asks_something, protests
from convscan.reasoning.slots import (
    MATERIALS,
    MORE,
    Asked,
    Given,
    announces_list,
    answers_ask,
    asked_in,
    asked_with,
    asks_for_it_again,
    given_in,
    is_confirming,
    is_same,
)
from convscan.reasoning.steps import Done, done_in, is_done, told_in
from convscan.reasoning.values import demanded, digits_of, leading_values, named_values, values_in, wants_fact
from convscan.reasoning.words import content, norms_of
from convscan.rules.rule import Rule

# A later order, booking or fault has numbers and pictures of its own.
_NEW_MATTER = ("new-matter",)
_PERSONAL = frozenset(
    {"name", "address", "postcode", "e-mail address", "phone number", "date of birth", "account number"}
)


@dataclass(frozen=True, slots=True)
class RepeatedDetector:
    """Report words that ask again: by their wording, and by what was given before."""

    rule: Rule

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield one finding per sentence that asks again."""
        taken: set[tuple[int, int]] = set()
        worded = [one for one in SpokenDetector(self.rule).detect(heard) if isinstance(one, Finding)]
        for one in worded:
            if one.at is not None:
                taken.update((one.at.utterance, place) for place in range(one.at.start, one.at.end))
        yield from worded
        for asked, given in _asked_again(heard):
            if (asked.at.utterance, asked.at.start) in taken or (asked.at.utterance, asked.at.end - 1) in taken:
                continue
            taken.update((asked.at.utterance, place) for place in range(asked.at.start, asked.at.end))
            yield self._finding(asked, given, heard)

    def _finding(self, asked: Asked, given: Given, heard: HeardConversation) -> Finding:
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            kind=Kind.PRESENT,
            at=asked.at,
            message=self.rule.message.replace("{match}", asked.at.quote),
            suggestion=self.rule.suggestion,
            agent=heard.parsed.agent_of(asked.at.utterance),
            because=(given.at,),
            explanation=(
                Step("asked", f"for: {asked.slot}"),
                Step("given", f"in utterance {given.at.utterance}: {given.at.quote!r}"),
            ),
        )


class _Message(NamedTuple):
    """A message of the customer, and the slots that were asked for when it came."""

    utterance: ParsedUtterance
    asked: frozenset[str]


class _Memory:
    """What the customer has given so far, by slot; one entry a slot, so that memory and time stay small.

    Messages are only read for what an agent asks for, and only then: most never are.

    Attributes:
        asked: Slots that were asked for since the customer last spoke.
        failed: By channel, where the customer's last turn says that it failed.
        pointed: The channels that the agent's last turn pointed to.
        sent_back: By channel, where the customer says that it led to nothing to be sent there.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self.asked: set[str] = set()
        self.failed: dict[str, Given] = {}
        self.pointed: set[str] = set()
        self.sent_back: dict[str, Given] = {}
        # None where a new matter begins.
        self._heard: list[_Message | None] = []
        self._read: Counter[str] = Counter()
        self._given: dict[str, Given] = {}
        self._named: dict[str, Given] = {}
        self._values: dict[str, Span] = {}
        self._done: deque[Done] = deque(maxlen=_MAX_STEPS)
        self._words: dict[str, Span] = {}
        # Stems that the agents have said: what the customer repeats of them is no echo of the customer.
        self._offered: set[str] = set()
        self._turns_of_agent: list[HeardTurn] = []

    @property
    def given(self) -> Mapping[str, Given]:
        """By slot, what the customer gave and where."""
        for message in self._unread("given"):
            if message is None:
                self._given = {slot: one for slot, one in self._given.items() if slot in _PERSONAL}
            else:
                self._read_given(message)
        return self._given

    @property
    def named(self) -> Mapping[str, Given]:
        """By the stem of any noun, the value that the customer put behind it."""
        for message in self._unread("named"):
            if message is None:
                self._named.clear()
                continue
            for sentence in message.utterance.sentences:
                for noun, value in named_values(sentence.found.norms):
                    at = message.utterance.span(sentence.start, sentence.end)
                    self._named.setdefault(noun, Given(noun, at, frozenset({value})))
        return self._named

    @property
    def values(self) -> Mapping[str, Span]:
        """Where the customer first told a value."""
        for message in self._unread("values"):
            if message is None:
                self._values.clear()
                continue
            for sentence in message.utterance.sentences:
                parts = (norm for norm in sentence.found.norms if digits_of(norm) >= _MIN_PART)
                for value in (*(value for _, value in values_in(sentence)), *parts):
                    self._values.setdefault(value, message.utterance.span(sentence.start, sentence.end))
        return self._values

    @property
    def done(self) -> Collection[Done]:
        """The last steps that the customer has taken, by the sentence that says so."""
        for message in self._unread("done"):
            if message is None:
                self._done.clear()
                continue
            steps = (done_in(message.utterance, sentence) for sentence in message.utterance.sentences)
            self._done.extend(step for step in steps if step is not None)
        return self._done

    @property
    def words(self) -> Mapping[str, Span]:
        """Stems of all words of the customer, with where each was first said."""
        for message in self._unread("words"):
            if message is None:
                self._words.clear()
                continue
            for sentence in message.utterance.sentences:
                at = message.utterance.span(sentence.start, sentence.end)
                for word in content(sentence.found.norms):
                    self._words.setdefault(word, at)
        return self._words

    @property
    def offered(self) -> Collection[str]:
        """Stems that the agents have said before their last turn."""
        for turn in self._turns_of_agent:
            self._offered |= content(norms_of(turn))
        self._turns_of_agent.clear()
        return self._offered

    def counted(self, asking: Sentence) -> Span | None:
        """Return where the customer has counted what a sentence asks to count; None if nowhere."""
        for message in reversed(self._heard):
            for sentence in message.utterance.sentences if message is not None else ():
                if counted_again(asking, sentence):
                    return message.utterance.span(sentence.start, sentence.end) if message else None
        return None

    def hear_agent(self, turn: HeardTurn) -> None:
        """Remember what an agent said; it is only read when somebody seems to repeat it."""
        self._turns_of_agent.append(turn)

    def _unread(self, what: str) -> Sequence[_Message | None]:
        """Return what was not yet read for the sake of one kind of thing; it is taken as read."""
        unread = self._heard[self._read[what] :]
        self._read[what] = len(self._heard)
        return unread

    def _read_given(self, message: _Message) -> None:
        for one in given_in(message.utterance):
            known = self._given.get(one.slot)
            self._given[one.slot] = (
                one if known is None else Given(one.slot, one.at, one.values | known.values, one.about | known.about)
            )
        wanted = sorted(message.asked - self._given.keys())
        for slot in wanted:
            for norms in _answers(message.utterance):
                values = answers_ask(norms, slot)
                if values is not None:
                    self._given[slot] = Given(slot, message.utterance.whole, values)
                    break

    def hear_customer(self, utterance: ParsedUtterance) -> None:
        """Remember a message for what it gives, by itself or as the answer to what was asked."""
        self._heard.append(_Message(utterance, frozenset(self.asked)))

    def hear_failures(self, turn: HeardTurn) -> None:
        """Remember the channels that failed the customer, as this turn says; older ones may work again."""
        self.failed = {
            channel: Given(channel, utterance.span(sentence.start, sentence.end))
            for utterance, sentence in turn.sentences
            for channel in failed_channels(sentence)
        }
        self.sent_back = {}
        if not self.pointed:
            return
        back = next(((one, sentence) for one, sentence in turn.sentences if came_back(sentence)), None)
        if back is not None:
            at = back[0].span(back[1].start, back[1].end)
            self.sent_back = {channel: Given(channel, at) for channel in sorted(self.pointed)}

    def forget_matter(self) -> None:
        """Keep only what is about the customer: a new matter has numbers and pictures of its own."""
        self._heard.append(None)


def _answers(utterance: ParsedUtterance) -> Iterator[tuple[str, ...]]:
    """Yield the words of a message, and those of each of its sentences if it has several: one may answer."""
    sentences = [sentence.found.norms for sentence in utterance.sentences if sentence.found.norms]
    if sentences:
        yield tuple(norm for norms in sentences for norm in norms)
    # "Why do you need that? 20994410": the numbers answer, whatever is said around them.
    yield from (norms for norms in sentences if len(sentences) > 1 and any(map(digits_of, norms)))


def _asked_again(heard: HeardConversation) -> Iterator[tuple[Asked, Given]]:
    """Yield what the agent asks for though it was given before, in order."""
    memory = _Memory()
    bots = _BotAsks(heard)
    for turn in heard.turns:
        if turn.role is Role.CUSTOMER:
            for utterance in heard.parsed.in_turn(turn.turn):
                memory.asked.update(asked.slot for asked in bots.before(utterance.index))
                memory.hear_customer(utterance)
            # What this turn itself gives may be of the old matter or of the new: nobody is accused on a guess.
            if turn.does(_NEW_MATTER):
                memory.forget_matter()
            memory.hear_failures(turn)
            memory.asked.clear()
        else:
            yield from _asked_in_turn(turn, memory, heard.next_of(Role.CUSTOMER, turn))
            memory.hear_agent(turn)


def _asked_in_turn(turn: HeardTurn, memory: _Memory, following: HeardTurn | None) -> Iterator[tuple[Asked, Given]]:
    listing, is_found = False, False
    pointed: set[str] = set()
    may_be_protested = following is not None and turn.number > 0
    against: Asked | None = None
    for utterance, sentence in turn.sentences:
        slots = tuple(asked_in(utterance, sentence, listing=listing))
        for asked in slots:
            given = memory.given.get(asked.slot)
            if given is not None and _is_again(asked, given, sentence):
                is_found = True
                yield asked, given
        for again in (_once_more(utterance, sentence, memory), _unnamed(utterance, sentence, memory)):
            if again is not None:
                is_found = True
                yield again
        memory.asked.update(asked.slot for asked in slots)
        pointed.update(sent_to(sentence))
        if may_be_protested and (slots or against is None or not against.slot) and asks_something(sentence):
            slot = slots[0].slot if slots else ""
            against = Asked(slot, utterance.span(sentence.start, sentence.end))
        listing = announces_list(sentence) or (listing and len(sentence.found.norms) <= _MAX_ITEM_WORDS)
    memory.pointed = pointed
    if is_found or following is None:
        return
    protest = _protest(following) if against is not None else None
    if against is not None and protest is not None:
        yield Asked(against.slot or "what the customer says was given", against.at), Given(against.slot, protest)
        return
    again = next(_told_again(turn, memory, following), None) or _echoed(turn, memory, following)
    if again is not None:
        yield again


def _unnamed(utterance: ParsedUtterance, sentence: Sentence, memory: _Memory) -> tuple[Asked, Given] | None:
    """Return the value, or the step, that a sentence asks for though the customer told it; None if none."""
    for noun in demanded(sentence) if MORE.isdisjoint(sentence.found.norms) else ():
        given = memory.named.get(noun)
        if given is not None and given.values.isdisjoint(sentence.found.norms):
            return Asked(noun, utterance.span(sentence.start, sentence.end)), given
    told = told_in(sentence) if memory.done else None
    done = next((one for one in memory.done if is_done(told, one)), None) if told else None
    if done is None:
        return None
    step = "a step that was taken"
    return Asked(step, utterance.span(sentence.start, sentence.end)), Given(step, done.at)


def _told_again(turn: HeardTurn, memory: _Memory, following: HeardTurn) -> Iterator[tuple[Asked, Given]]:
    """Yield the question that the customer answers with a value that was told before."""
    asking = next(((one, sentence) for one, sentence in turn.sentences if _wants_told(sentence)), None)
    if asking is None:
        return
    utterance, sentence = asking
    for _, answer in following.sentences[:_ANSWER_SENTENCES]:
        for value in leading_values(answer):
            if value in memory.values and not _names(turn, value):
                at = utterance.span(sentence.start, sentence.end)
                yield Asked("what was told", at), Given(value, memory.values[value])
                return


def _wants_told(sentence: Sentence) -> bool:
    """Whether a sentence asks for a fact, by a question or by a bare "Client number."."""
    return wants_fact(sentence) or (not sentence.found.is_question and asks_for_fact(sentence))


def _echoed(turn: HeardTurn, memory: _Memory, following: HeardTurn) -> tuple[Asked, Given] | None:
    """Return the question that the customer answers with nothing but their own earlier words; None if none."""
    worded = [(one, sentence) for one, sentence in turn.sentences if sentence.found.norms]
    if turn.number == 0 or not worded:
        return None
    utterance, asking = worded[-1]
    if not asks_for_fact(asking) or not MORE.isdisjoint(asking.found.norms):
        return None
    asked = Asked("what was told", utterance.span(asking.start, asking.end))
    counted = memory.counted(asking)
    if counted is not None:
        return asked, Given(asked.slot, counted)
    for _, answer in following.sentences[:_ANSWER_SENTENCES]:
        said = echo_of(answer)
        if said and is_echo(said, memory.words.keys(), memory.offered) and said.isdisjoint(content(norms_of(turn))):
            return asked, Given(asked.slot, memory.words[min(said)])
    return None


def _names(turn: HeardTurn, value: str) -> bool:
    """Whether an agent turn tells a value itself."""
    return any(value == told for _, sentence in turn.sentences for _, told in values_in(sentence))


def _protest(following: HeardTurn) -> Span | None:
    """Return the words with which the customer says that it was given; None if they do not."""
    for utterance, sentence in following.sentences:
        if protests(sentence):
            return utterance.span(sentence.start, sentence.end)
    return None


def _once_more(utterance: ParsedUtterance, sentence: Sentence, memory: _Memory) -> tuple[Asked, Given] | None:
    """Return what a sentence asks to send again, or the failed channel that it points back to."""
    if asks_for_it_again(sentence):
        sent = next((one for slot, one in memory.given.items() if slot in MATERIALS), None)
        if sent is not None:
            return Asked(sent.slot, utterance.span(sentence.start, sentence.end)), sent
    for channel in pointed_to(sentence) if memory.failed else ():
        if channel in memory.failed:
            at = utterance.span(sentence.start, sentence.end)
            return Asked(f"another try by {channel}", at), memory.failed[channel]
    for channel in sent_to(sentence) if memory.sent_back else ():
        if channel in memory.sent_back:
            at = utterance.span(sentence.start, sentence.end)
            return Asked(f"another try by {channel}", at), memory.sent_back[channel]
    if memory.sent_back and points_there_again(sentence):
        at = utterance.span(sentence.start, sentence.end)
        channel, back = next(iter(memory.sent_back.items()))
        return Asked(f"another try by {channel}", at), back
    return None


def _is_again(asked: Asked, given: Given, sentence: Sentence) -> bool:
    return is_same(asked, given) and not is_confirming(asked, given, sentence.found.norms)


class _BotAsks:
    """What bots asked for. They are not parsed, for nobody judges them, but their questions were answered."""

    def __init__(self, heard: HeardConversation) -> None:
        self._utterances = heard.parsed.utterances
        self._next = 0

    def before(self, index: int) -> Iterator[Asked]:
        """Yield what bots asked for since the last message that was looked at, up to this one."""
        for utterance in self._utterances[self._next : index]:
            if utterance.role is Role.BOT:
                for sentence in _ROUGH_SENTENCE.finditer(utterance.text):
                    words = tuple(_ROUGH_WORD.findall(sentence.group().lower()))
                    at = utterance.span(sentence.start(), sentence.end())
                    yield from asked_with(words, at, is_question=sentence.group().endswith("?"))
        self._next = index + 1


_ROUGH_SENTENCE = re.compile(r"[^.?!\n]+[.?!]?")
_ROUGH_WORD = re.compile(r"\w+")
# "6618, 2,150": two values in a row.
_MIN_PART = 4
_MAX_ITEM_WORDS = 14
_ANSWER_SENTENCES = 2
# Steps that are remembered; who has taken more is asked for the last ones.
_MAX_STEPS = 40
