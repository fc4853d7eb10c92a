"""The agent asks for what the customer has given, or to do again what the customer has done."""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Role
from convscan.detectors.spoken import SpokenDetector
from convscan.finding import Check, Finding, Kind, Span, Step
from convscan.language.parsed import Sentence
from convscan.reasoning.channels import came_back, failed_channels, pointed_to, points_there_again, sent_to
from convscan.reasoning.echoes import asks_for_fact, echo_of, is_echo
from convscan.reasoning.memory import Memory, Message
from convscan.reasoning.protests import asks_something, protests
from convscan.reasoning.slots import (
    MATERIALS,
    MORE,
    Asked,
    Given,
    announces_list,
    asked_in,
    asked_with,
    asks_for_it_again,
    is_confirming,
    is_same,
    may_ask,
)
from convscan.reasoning.steps import told_again
from convscan.reasoning.values import demanded, leading_values, may_demand, values_in, wants_fact
from convscan.reasoning.words import content, norms_of
from convscan.rules.rule import Rule

# A later order, booking or fault has numbers and pictures of its own.
_NEW_MATTER = ("new-matter",)
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


def _asked_again(heard: HeardConversation) -> Iterator[tuple[Asked, Given]]:
    """Yield what the agent asks for though it was given before, in order."""
    memory = Memory()
    bots = _BotAsks(heard)
    asked: set[str] = set()
    for turn in heard.turns:
        if turn.role is Role.CUSTOMER:
            for utterance in heard.parsed.in_turn(turn.turn):
                asked.update(bots.before(utterance.index))
                memory.hear_customer(Message(utterance, frozenset(asked)))
            # What this turn itself gives may be of the old matter or of the new: nobody is accused on a guess.
            if turn.does(_NEW_MATTER):
                memory.forget_matter()
        else:
            slots = _slots_asked(turn)
            asked = {one.slot for of_sentence in slots.values() for one in of_sentence}
            # Turns of customer and agent alternate.
            before, following = heard.turns[max(0, turn.number - 2) : turn.number], heard.turns[turn.number + 1 :][:1]
            yield from _asked_in_turn(turn, slots, memory, before, following[0] if following else None)
            memory.hear_agent(turn)


def _slots_asked(turn: HeardTurn) -> Mapping[int, tuple[Asked, ...]]:
    """Return the slots that an agent turn asks for, by the number of the sentence; most ask for none."""
    asking = {number for number, (_, sentence) in enumerate(turn.sentences) if may_ask(sentence)}
    if not asking:
        return {}
    slots: dict[int, tuple[Asked, ...]] = {}
    listing = False
    for number, (utterance, sentence) in enumerate(turn.sentences):
        if number in asking:
            slots[number] = tuple(asked_in(utterance, sentence, listing=listing))
        listing = announces_list(sentence) or (listing and len(sentence.found.norms) <= _MAX_ITEM_WORDS)
    return slots


def _asked_in_turn(
    turn: HeardTurn,
    slots: Mapping[int, tuple[Asked, ...]],
    memory: Memory,
    before: Sequence[HeardTurn],
    following: HeardTurn | None,
) -> Iterator[tuple[Asked, Given]]:
    """Yield what an agent turn asks for though it was given.

    Args:
        slots: What it asks for, by sentence.
        before: The turn before, of the customer, and the agents' turn before that one; fewer if there are none.
        following: The customer's turn after it.
    """
    is_found = False
    failed, sent_back = _dead_ends(before)
    for number, (utterance, sentence) in enumerate(turn.sentences):
        for asked in slots.get(number, ()):
            given = memory.given.so_far.get(asked.slot)
            if given is not None and _is_again(asked, given, sentence):
                is_found = True
                yield asked, given
        for again in (
            _once_more(sentence, memory) or _to_dead_end(sentence, failed, sent_back),
            _unnamed(sentence, memory),
        ):
            if again is not None:
                is_found = True
                yield Asked(again[0], utterance.span(sentence.start, sentence.end)), again[1]
    if is_found or following is None:
        return
    protest = _protest(following) if turn.number > 0 else None
    against = _protested(turn, slots) if protest is not None else None
    if protest is not None and against is not None:
        yield Asked(against.slot or "what the customer says was given", against.at), Given(against.slot, protest)
        return
    told = next(_told_again(turn, memory, following), None) or _echoed(turn, memory, following)
    if told is not None:
        yield told


def _dead_ends(before: Sequence[HeardTurn]) -> tuple[Mapping[str, Given], Mapping[str, Given]]:
    """Return where the customer has just been in vain, by channel.

    Returns:
        The channels of which the customer's last turn says that they failed, for older ones may work
        again; and those that they were sent to right before, and came back from.
    """
    if not before:
        return {}, {}
    said = before[-1].sentences
    failed = {
        channel: Given(channel, utterance.span(sentence.start, sentence.end))
        for utterance, sentence in said
        for channel in failed_channels(sentence)
    }
    pointed = {channel for turn in before[:-1] for _, sentence in turn.sentences for channel in sent_to(sentence)}
    back = next(((one, sentence) for one, sentence in said if came_back(sentence)), None) if pointed else None
    if back is None:
        return failed, {}
    at = back[0].span(back[1].start, back[1].end)
    return failed, {channel: Given(channel, at) for channel in sorted(pointed)}


def _to_dead_end(
    sentence: Sentence, failed: Mapping[str, Given], sent_back: Mapping[str, Given]
) -> tuple[str, Given] | None:
    """Return the channel to which a sentence sends the customer once more; None if it sends to none."""
    channel = next((one for one in pointed_to(sentence) if one in failed), None) if failed else None
    if channel is not None:
        return f"another try by {channel}", failed[channel]
    if not sent_back:
        return None
    channel = next((one for one in sent_to(sentence) if one in sent_back), None)
    if channel is None and points_there_again(sentence):
        channel = next(iter(sent_back))
    return None if channel is None else (f"another try by {channel}", sent_back[channel])


def _once_more(sentence: Sentence, memory: Memory) -> tuple[str, Given] | None:
    """Return what a sentence asks to hand over again; None if nothing."""
    if not asks_for_it_again(sentence):
        return None
    return next(((slot, one) for slot, one in memory.given.so_far.items() if slot in MATERIALS), None)


def _unnamed(sentence: Sentence, memory: Memory) -> tuple[str, Given] | None:
    """Return the value, or the step, that a sentence asks for though the customer told it; None if none."""
    norms = sentence.found.norms
    if may_demand(sentence) and MORE.isdisjoint(norms):
        named = memory.named.so_far
        for noun in demanded(sentence, named):
            if named[noun].values.isdisjoint(norms):
                return noun, named[noun]
    done = told_again(sentence, memory.done.so_far)
    return None if done is None else (_STEP, Given(_STEP, done.at))


def _protested(turn: HeardTurn, slots: Mapping[int, tuple[Asked, ...]]) -> Asked | None:
    """Return what the customer protests against: the last slot that is asked for, or else the last question."""
    asking = [
        (slots.get(number, ()), spoken) for number, spoken in enumerate(turn.sentences) if asks_something(spoken[1])
    ]
    if not asking:
        return None
    asked, (utterance, sentence) = next((one for one in reversed(asking) if one[0]), asking[-1])
    return Asked(asked[0].slot if asked else "", utterance.span(sentence.start, sentence.end))


def _told_again(turn: HeardTurn, memory: Memory, following: HeardTurn) -> Iterator[tuple[Asked, Given]]:
    """Yield the question that the customer answers with a value that was told before."""
    asking = next(((one, sentence) for one, sentence in turn.sentences if _wants_told(sentence)), None)
    if asking is None:
        return
    utterance, sentence = asking
    for _, answer in following.sentences[:_ANSWER_SENTENCES]:
        for value in leading_values(answer):
            told_at = memory.values.so_far.get(value)
            if told_at is not None and not _names(turn, value):
                at = utterance.span(sentence.start, sentence.end)
                yield Asked("what was told", at), Given(value, told_at)
                return


def _wants_told(sentence: Sentence) -> bool:
    """Whether a sentence asks for a fact, by a question or by a bare "Client number."."""
    return wants_fact(sentence) or (not sentence.found.is_question and asks_for_fact(sentence))


def _echoed(turn: HeardTurn, memory: Memory, following: HeardTurn) -> tuple[Asked, Given] | None:
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
