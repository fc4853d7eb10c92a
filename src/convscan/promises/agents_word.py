"""What becomes of promises by what the agents' side says: it does them, reports them, or admits that it did not."""

from datetime import datetime, timedelta

from convscan.acts.heard import HeardTurn
from convscan.conversation import Channel
from convscan.finding import Fate, PromiseKind, Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.lazy import lazy_property
from convscan.promises import evidence as says
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after
from convscan.promises.evidence import Clue, whole
from convscan.promises.extracting import commitments_of
from convscan.promises.memory import LIVE, Memory, has_passed, is_before_its_day
from convscan.promises.recalled import admits_promise, disputes, owns_up
from convscan.promises.topics import topics_of

_LAPSED, _NEWS = "acts/admits-lapse", ("acts/brings-news",)
# After so long, who writes again without being asked comes back with something.
_WHILE = timedelta(minutes=30)


def hear_agent(memory: Memory, turn: HeardTurn) -> None:
    """Take down what a turn of the agents' side promises, and what it says of earlier promises."""
    made = list(commitments_of(turn, memory.heard.parsed))
    may_lapse = _LAPSED in turn.possible
    memory.elsewhere.hear_reply(turn)
    _answers_reproach(memory, turn)
    # Most turns settle nothing, for nothing is open: they are not looked at.
    if not (made or memory.open_count or may_lapse):
        return
    at, heard = 0, -1
    for utterance, sentence in turn.sentences:
        if utterance.index != heard and memory.open_count:
            _goes_on(memory, utterance, turn, made)
        heard = utterance.index
        if may_lapse:
            _lapses(memory, utterance, sentence, turn)
        if memory.open_count:
            _reported(memory, utterance, sentence, turn, made)
        while at < len(made) and _stands_in(made[at], utterance, sentence):
            memory.wait(made[at])
            at += 1


def _answers_reproach(memory: Memory, turn: HeardTurn) -> None:
    """Hear what the agents' side says to the customer's word that a promise was not kept.

    If it shows that it was kept, one stands against the other and nobody is accused; where the clock cannot
    tell, it is broken only if the agents' side owns up to it.
    """
    blamed, suspected = memory.blamed, memory.suspected
    if not (blamed or suspected):
        return
    memory.blamed, memory.suspected = [], []
    disputed = next((whole(utterance, one) for utterance, one in turn.sentences if disputes(one.found.lowered)), None)
    lapses = any(
        not says.is_no_lapse(sentence.found.lowered)
        for _, sentence in turn.promising(_LAPSED)
        if any(sentence.marks_of(_LAPSED))
    )
    if disputed is None:
        owns = suspected and (lapses or owns_up(turn))
        for one, words in suspected if owns else ():
            if one.is_open:
                memory.settle(one, Fate.BROKEN, words)
    elif not lapses:
        for one in blamed:
            one.fate, one.evidence = Fate.KEPT, (disputed,)


def _goes_on(memory: Memory, utterance: ParsedUtterance, turn: HeardTurn, made: list[Commitment]) -> None:
    """The agents' side speaks on: what was to be found out is told, and what was to come by now is late."""
    waiting = [one for one in memory.recent if one.is_open and one.commitment.at.utterance < utterance.index]
    if not waiting:
        return
    said = memory.said(utterance)
    words = _Words(utterance, made)
    for one in waiting:
        commitment = one.commitment
        if _is_handed_over(memory, commitment, utterance):
            memory.settle(one, Fate.KEPT, words.first)
        elif (unfinished := _needs_longer(memory, commitment, words, said)) is not None:
            memory.settle(one, Fate.BROKEN, whole(utterance, unfinished))
        elif commitment.is_reply and commitment.turn < turn.number and _is_overdue_here(memory, commitment, said):
            memory.settle(one, Fate.BROKEN, words.first)
        elif commitment.is_immediate:
            memory.settle(one, Fate.KEPT, whole(utterance, words.news) if words.news else words.first)
        elif (news := _kept_by_news(memory, commitment, words, said)) is not None:
            memory.settle_done(one, whole(utterance, news), said, turn)


class _Words:
    """What an utterance of the agents' side says of what waits, looked for when it is asked for."""

    def __init__(self, utterance: ParsedUtterance, made: list[Commitment]) -> None:
        self._utterance = utterance
        self._made = made
        self._sentences = utterance.sentences

    @property
    def first(self) -> Span:
        """The first sentence."""
        return whole(self._utterance, self._sentences[0])

    @lazy_property
    def news(self) -> Sentence | None:
        """The first sentence that says something of the matter, and is not itself a promise."""
        return next((one for one in self._sentences if says.tells(one) and not self._promises(one)), None)

    def _promises(self, sentence: Sentence) -> bool:
        at = whole(self._utterance, sentence)
        return any(_covers(one.at, at) for one in self._made)

    @lazy_property
    def unfinished(self) -> Sentence | None:
        """The first sentence that says that something is not done yet."""
        return next(
            (one for one in self._sentences if says.UNFINISHED.stands_in(one.found.lowered, one.found.runs)), None
        )


def _kept_by_news(memory: Memory, commitment: Commitment, words: _Words, said: datetime | None) -> Sentence | None:
    """Return the words that tell what was to be found out or to be answered here."""
    if not (commitment.is_reply or commitment.is_inquiry):
        return None
    news = words.news
    is_kept = news is not None and _is_kept_by_news(memory, commitment, news, said) and words.unfinished is None
    return news if is_kept else None


def _is_kept_by_news(memory: Memory, commitment: Commitment, news: Sentence, said: datetime | None) -> bool:
    if _answers_other(memory, commitment, news) or is_before_its_day(commitment, said):
        return False
    if memory.is_for_later(commitment, said) and not says.TELLS_HOUR.search(news.found.lowered):
        return False
    if not commitment.is_reply:
        return commitment.is_inquiry and not (commitment.is_by_others and memory.is_same_talk(commitment, said))
    channel = memory.heard.parsed.conversation.channel
    if commitment.goes_another_way and channel is not Channel.EMAIL:
        return False
    # Whoever writes again in a thread comes back with something.
    return (
        channel not in LIVE
        or has_passed(commitment.said, said, _WHILE)
        or says.ACCOMPLISHED.search(news.found.lowered) is not None
        or says.HANDS_OVER.search(news.found.lowered) is not None
        or news.found.has_any(_NEWS)
    )


def _answers_other(memory: Memory, commitment: Commitment, news: Sentence) -> bool:
    """Whether the customer asked something else since, so that what is told now may be the answer to that."""
    asked = memory.asked
    if asked is None or asked.number <= commitment.turn:
        return False
    about = commitment.strong
    for _, sentence in asked.sentences:
        found = sentence.found
        if says.ASKS_AFTER.stands_in(found.lowered, found.runs) or not about.isdisjoint(topics_of(found.norms)):
            return False
    return about.isdisjoint(topics_of(news.found.norms))


def _is_handed_over(memory: Memory, commitment: Commitment, utterance: ParsedUtterance) -> bool:
    """Whether a customer who was to be passed on speaks with somebody else now."""
    agent = memory.heard.parsed.agent_of(utterance.index)
    return agent is not None and agent != commitment.agent and commitment.passes_on


def _needs_longer(memory: Memory, commitment: Commitment, words: _Words, said: datetime | None) -> Sentence | None:
    """Return the words that say, after its time, that what was promised is not done yet."""
    due = commitment.due
    if due is None or commitment.condition is not None or not is_after(said, due.end):
        return None
    unfinished = words.unfinished
    if unfinished is None or commitment.is_reply or commitment.ends_fault or commitment.names_nothing:
        return unfinished
    is_meant = memory.open_count == 1 or not commitment.strong.isdisjoint(topics_of(unfinished.found.norms))
    return unfinished if is_meant else None


def _is_overdue_here(memory: Memory, commitment: Commitment, said: datetime | None) -> bool:
    """Whether an answer that was to come here comes too late."""
    return "call" not in commitment.topics and not commitment.goes_another_way and memory.is_late(commitment, said)


def _reported(
    memory: Memory, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn, made: list[Commitment]
) -> None:
    """The agents' side states, in whatever words, that what was promised is so or was done."""
    if sentence.found.is_question or not memory.may_settle(utterance, sentence, turn.number):
        return
    text, runs = sentence.found.lowered, sentence.found.runs
    for start, end in says.reports(sentence):
        words = text[start:end]
        is_done = says.ACCOMPLISHED.search(words) is not None or says.HANDS_OVER.stands_in(words, runs)
        clue = memory.clue(utterance, sentence, (start, end), turn.number)
        # "The drier is coming on Thursday" promises; it does not tell that anything was done.
        if any(_covers(one.at, clue.at) for one in made):
            continue
        if (not is_done and clue.topics.isdisjoint(memory.by_topic)) or says.ELSEWHERE.stands_in(words, runs):
            continue
        found = [
            one
            for one in memory.about(clue, is_done=is_done)
            if is_done or _is_told_by_state(memory, one.commitment, clue)
        ]
        for one in found if clue.strong else found[-1:]:
            memory.settle_done(one, clue.at, clue.said, turn)


def _covers(promised: Span, told: Span) -> bool:
    """Whether most of some words are a promise themselves."""
    if promised.utterance != told.utterance:
        return False
    shared = min(promised.end, told.end) - max(promised.start, told.start)
    return 2 * shared > told.end - told.start


def _lapses(memory: Memory, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn) -> None:
    """The agents' side admits that something was not done, or too late."""
    recalled = memory.elsewhere
    if not (memory.open_count or recalled.awaits_admission or admits_promise(sentence.found.lowered)):
        return
    for mark in sentence.marks_of(_LAPSED):
        clue = memory.clue_of_mark(utterance, sentence, mark, turn.number)
        if says.is_no_lapse(clue.words):
            continue
        found = [one for one in memory.about(clue) if one.commitment.at.utterance < clue.at.utterance]
        if not found and not clue.strong:
            # What waits for a time or a condition is not what was left undone by now.
            found = [one for one in memory.only_one(clue) if not one.commitment.waits]
        for one in found:
            due = one.commitment.due
            is_known = due is not None and clue.said is not None
            # "Sorry for the late reply" breaks no promise that named no time.
            if is_after(clue.said, due.end) if due and is_known else not says.is_only_late(clue.words):
                memory.settle(one, Fate.BROKEN, clue.at)
        if not found and not says.is_only_late(clue.words):
            recalled.admit(clue)


def _is_told_by_state(memory: Memory, commitment: Commitment, clue: Clue) -> bool:
    """Whether words that something "is so" may show it: "it is with the courier" shows no arrival."""
    if commitment.at.utterance >= clue.at.utterance or memory.is_for_later(commitment, clue.said):
        return False
    return commitment.kind is PromiseKind.ACT


def _stands_in(commitment: Commitment, utterance: ParsedUtterance, sentence: Sentence) -> bool:
    at = commitment.at
    return at.utterance == utterance.index and sentence.start <= at.start < sentence.end
