"""The agent asks for what the customer has given, or to do again what the customer has done."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, TypeAlias

from convscan.acts.heard import HeardConversation, HeardTurn, Spoken
from convscan.conversation import Role
from convscan.detectors.spoken import SpokenDetector
from convscan.finding import Check, Finding, Kind, Span, Step
from convscan.language.parsed import Sentence
from convscan.reasoning.channels import (
    came_back,
    failed_channels,
    may_fail,
    may_send,
    pointed_to,
    points_there_again,
    sent_to,
)
from convscan.reasoning.echoes import asks_for_fact, echo_of, is_echo
from convscan.reasoning.memory import Memory, Message
from convscan.reasoning.protests import asks_something, may_protest, protests
from convscan.reasoning.slots import (
    MATERIALS,
    MORE,
    Asked,
    Given,
    announces_list,
    asked_in,
    asked_with,
    asks_for_it_again,
    handed_again,
    is_confirming,
    is_same,
    may_ask_again,
    may_name_slot,
    names_step,
)
from convscan.reasoning.steps import named_among, told_again
from convscan.reasoning.values import asks, demanded, leading_values, may_ask_for_value, values_in, wants_fact
from convscan.reasoning.words import content, norms_of, words_of
from convscan.rules.rule import Rule

# A later order, booking or fault has numbers and pictures of its own.
_NEW_MATTER = ("new-matter",)
_MENDED = ("remedy",)
_STEP = "a step that was taken"


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


class _Said(NamedTuple):
    """A turn and its words, by which most that is looked for in it is seen not to be there."""

    turn: HeardTurn
    words: tuple[str, ...]


# What asks for something again: the number of its sentence in the turn, what it asks for, and where that was given.
_Again: TypeAlias = tuple[int, str, Given]


def _asked_again(heard: HeardConversation) -> Iterator[tuple[Asked, Given]]:
    """Yield what the agent asks for though it was given before, in order."""
    memory = Memory()
    bots = _BotAsks(heard)
    asked: set[str] = set()
    said = [_Said(turn, words_of(turn)) for turn in heard.turns]
    for number, one in enumerate(said):
        if one.turn.role is Role.CUSTOMER:
            for utterance in heard.parsed.in_turn(one.turn.turn):
                asked.update(bots.before(utterance.index))
                memory.hear_customer(Message(utterance, frozenset(asked)))
            # What this turn itself gives may be of the old matter or of the new: nobody is accused on a guess.
            if one.turn.does(_NEW_MATTER):
                memory.forget_matter()
        else:
            slots = _slots_asked(one)
            asked = {slot.slot for of_sentence in slots.values() for slot in of_sentence}
            asking = _asking(one)
            # Turns of customer and agent alternate.
            before = said[max(0, number - 2) : number]
            again = _given_again(one, slots, asking, memory, before)
            if again:
                yield from again
            elif number + 1 < len(said):
                yield from _told_so(one, slots, asking, memory, said[number + 1])
            memory.hear_agent(one.turn)


def _slots_asked(said: _Said) -> Mapping[int, tuple[Asked, ...]]:
    """Return the slots that an agent turn asks for, by the number of the sentence; most ask for none."""
    may_name_step = names_step(" ".join(said.words))
    if not (may_name_step or may_name_slot(said.words)):
        return {}
    slots: dict[int, tuple[Asked, ...]] = {}
    listing = False
    for number, (utterance, sentence) in enumerate(said.turn.sentences):
        asked = asked_in(utterance, sentence, listing=listing, may_name_step=may_name_step)
        if asked:
            slots[number] = asked
        listing = announces_list(sentence) or (listing and len(sentence.found.norms) <= _MAX_ITEM_WORDS)
    return slots


def _asking(said: _Said) -> Mapping[int, Sentence]:
    """Return the sentences of an agent turn that ask or tell for something at all, by number."""
    may_tell = may_ask_for_value(said.words)
    sentences = enumerate(said.turn.sentences)
    return {number: one for number, (_, one) in sentences if one.found.is_question or (may_tell and asks(one))}


def _given_again(
    said: _Said,
    slots: Mapping[int, tuple[Asked, ...]],
    asking: Mapping[int, Sentence],
    memory: Memory,
    before: Sequence[_Said],
) -> list[tuple[Asked, Given]]:
    """Return what an agent turn asks for though it was given, at most one thing a sentence, in order.

    Args:
        slots: What it asks for, by sentence.
        asking: Its sentences that ask for something at all.
        before: The turn before, of the customer, and the agents' turn before that one; fewer if there are none.
    """
    found: dict[int, tuple[str, Given]] = {}
    for number, what, given in chain(
        _slots_again(said, slots, memory) if slots else (),
        _handed_over_again(said, memory) if may_ask_again(said.words) else (),
        _dead_ends_again(said, before) if before else (),
        _values_again(asking, memory) if asking else (),
        _steps_again(said, memory),
    ):
        found.setdefault(number, (what, given))
    return [(_asked(said.turn.sentences[number], what), given) for number, (what, given) in sorted(found.items())]


def _asked(spoken: Spoken, what: str) -> Asked:
    utterance, sentence = spoken
    return Asked(what, utterance.span(sentence.start, sentence.end))


def _slots_again(said: _Said, slots: Mapping[int, tuple[Asked, ...]], memory: Memory) -> Iterator[_Again]:
    for number, asked_here in slots.items():
        for asked in asked_here:
            given = memory.given.so_far.get(asked.slot)
            if given is not None and _is_again(asked, given, said.turn.sentences[number][1]):
                yield number, asked.slot, given


def _handed_over_again(said: _Said, memory: Memory) -> Iterator[_Again]:
    """Yield what is to be sent once more."""
    for number, (_, sentence) in enumerate(said.turn.sentences):
        if asks_for_it_again(sentence):
            yield from ((number, slot, one) for slot, one in memory.given.so_far.items() if slot in MATERIALS)
        # Who has mended something may ask to try it again.
        handed = None if said.turn.does(_MENDED) else handed_again(sentence, memory.handed.so_far)
        if handed is not None:
            yield number, handed.slot, handed


def _dead_ends_again(said: _Said, before: Sequence[_Said]) -> Iterator[_Again]:
    """Yield the channels that the customer is sent to though they have just been there in vain."""
    failed, sent_back = _failed(before[-1]), _sent_back(before)
    for number, (_, sentence) in enumerate(said.turn.sentences) if failed or sent_back else ():
        for channel in pointed_to(sentence) if failed else ():
            if channel in failed:
                yield number, f"another try by {channel}", failed[channel]
        for channel in sent_to(sentence) if sent_back else ():
            if channel in sent_back:
                yield number, f"another try by {channel}", sent_back[channel]
        if sent_back and points_there_again(sentence):
            channel, back = next(iter(sent_back.items()))
            yield number, f"another try by {channel}", back


def _failed(said: _Said) -> Mapping[str, Given]:
    """Return the channels of which the customer's last turn says that they failed; older ones may work again."""
    return {
        channel: Given(channel, utterance.span(sentence.start, sentence.end))
        for utterance, sentence in (said.turn.sentences if may_fail(said.words) else ())
        for channel in failed_channels(sentence)
    }


def _sent_back(before: Sequence[_Said]) -> Mapping[str, Given]:
    """Return the channels that the customer was sent to, and right away came back from."""
    *earlier, last = before
    sending = [one for said in earlier if may_send(said.words) for _, one in said.turn.sentences]
    pointed = sorted({channel for sentence in sending for channel in sent_to(sentence)})
    if pointed:
        for utterance, sentence in last.turn.sentences:
            if came_back(sentence):
                at = utterance.span(sentence.start, sentence.end)
                return {channel: Given(channel, at) for channel in pointed}
    return {}


def _values_again(asking: Mapping[int, Sentence], memory: Memory) -> Iterator[_Again]:
    """Yield the values that are demanded, by the nouns that they stand behind."""
    for number, sentence in asking.items():
        for noun in demanded(sentence) if MORE.isdisjoint(sentence.found.norms) else ():
            given = memory.named.so_far.get(noun)
            if given is not None and given.values.isdisjoint(sentence.found.norms):
                yield number, noun, given


def _steps_again(said: _Said, memory: Memory) -> Iterator[_Again]:
    """Yield the steps that are to be taken though they were."""
    steps = named_among(memory.done.so_far, said.words)
    for number, (_, sentence) in enumerate(said.turn.sentences) if steps else ():
        done = told_again(sentence, steps)
        if done is not None:
            yield number, _STEP, Given(_STEP, done.at)


def _told_so(
    said: _Said,
    slots: Mapping[int, tuple[Asked, ...]],
    asking: Mapping[int, Sentence],
    memory: Memory,
    following: _Said,
) -> Iterator[tuple[Asked, Given]]:
    """Yield what an agent turn asks for of which the customer's answer shows that it was given."""
    turn, answer = said.turn, following.turn
    protest = _protest(answer) if turn.number > 0 and may_protest(following.words) else None
    against = _protested(turn, slots) if protest is not None else None
    if protest is not None and against is not None:
        yield Asked(against.slot or "what the customer says was given", against.at), Given(against.slot, protest)
        return
    told = _told_again(said, asking, memory, answer) or _echoed(turn, memory, answer)
    if told is not None:
        yield told


def _protested(turn: HeardTurn, slots: Mapping[int, tuple[Asked, ...]]) -> Asked | None:
    """Return what the customer protests against: the last slot that is asked for, or else the last question."""
    asking = [
        (slots.get(number, ()), spoken) for number, spoken in enumerate(turn.sentences) if asks_something(spoken[1])
    ]
    if not asking:
        return None
    asked, (utterance, sentence) = next((one for one in reversed(asking) if one[0]), asking[-1])
    return Asked(asked[0].slot if asked else "", utterance.span(sentence.start, sentence.end))


def _told_again(
    said: _Said, asking: Mapping[int, Sentence], memory: Memory, following: HeardTurn
) -> tuple[Asked, Given] | None:
    """Return the question that the customer answers with a value that was told before; None if none."""
    spoken = enumerate(said.turn.sentences)
    wanting = next((one for number, one in spoken if _wants_told(one[1], asks=number in asking)), None)
    if wanting is None:
        return None
    for _, answer in following.sentences[:_ANSWER_SENTENCES]:
        for value in leading_values(answer):
            at = memory.values.so_far.get(value)
            if at is not None and not _names(said.turn, value):
                return _asked(wanting, "what was told"), Given(value, at)
    return None


def _wants_told(sentence: Sentence, *, asks: bool) -> bool:
    """Whether a sentence asks for a fact, by a question or by a bare "Client number."."""
    if asks and wants_fact(sentence):
        return True
    return not sentence.found.is_question and asks_for_fact(sentence)


def _echoed(turn: HeardTurn, memory: Memory, following: HeardTurn) -> tuple[Asked, Given] | None:
    """Return the question that the customer answers with nothing but their own earlier words; None if none."""
    last = next((spoken for spoken in reversed(turn.sentences) if spoken[1].found.norms), None)
    if turn.number == 0 or last is None:
        return None
    asking = last[1]
    if not asks_for_fact(asking) or not MORE.isdisjoint(asking.found.norms):
        return None
    asked = _asked(last, "what was told")
    counted = memory.counted(asking)
    if counted is not None:
        return asked, Given(asked.slot, counted)
    for _, answer in following.sentences[:_ANSWER_SENTENCES]:
        said = echo_of(answer)
        words = memory.words.so_far if said else {}
        if said and is_echo(said, words, memory.offered.so_far) and said.isdisjoint(content(norms_of(turn))):
            return asked, Given(asked.slot, words[min(said)])
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


def _is_again(asked: Asked, given: Given, sentence: Sentence) -> bool:
    return is_same(asked, given) and not is_confirming(asked, given, sentence.found.norms)


class _BotAsks:
    """What bots asked for. They are not parsed, for nobody judges them, but their questions were answered."""

    def __init__(self, heard: HeardConversation) -> None:
        self._unheard = deque(one for one in heard.parsed.utterances if one.role is Role.BOT)

    def before(self, index: int) -> Iterator[str]:
        """Yield the slots that bots asked for since the last message that was looked at, up to this one."""
        while self._unheard and self._unheard[0].index < index:
            utterance = self._unheard.popleft()
            for sentence in _ROUGH_SENTENCE.finditer(utterance.text):
                words = tuple(_ROUGH_WORD.findall(sentence.group().lower()))
                at = utterance.span(sentence.start(), sentence.end())
                is_question = sentence.group().endswith("?")
                yield from (one.slot for one in asked_with(words, at, is_question=is_question))


_ROUGH_SENTENCE = re.compile(r"[^.?!\n]+[.?!]?")
_ROUGH_WORD = re.compile(r"\w+")
_MAX_ITEM_WORDS = 14
_ANSWER_SENTENCES = 2
