"""What becomes of promises by what the customer says: it came, thanks, it did not come, or it came after all."""

from collections.abc import Iterator
from datetime import timedelta

from convscan.acts.heard import HeardTurn
from convscan.conversation import Role
from convscan.finding import Fate, Span
from convscan.language.parsed import Sentence
from convscan.promises import evidence as says
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after
from convscan.promises.evidence import Clue, whole
from convscan.promises.memory import PATIENCE, Memory, has_passed

_MISSING = ("acts/not-kept", "acts/still-open")
_SHIPPING = timedelta(days=2)
# Utterances back from the customer's words in which a note may tell that time went by.
_MAX_BETWEEN = 20
# Sooner, nobody who names no time has broken a promise.
_SOME_TIME = timedelta(hours=1)
# From this hour on, who was to come that day and has not been, does not come any more.
_EVENING = 18


def hear_customer(memory: Memory, turn: HeardTurn) -> None:
    """Take down what a turn of the customer says of promises."""
    recalled = memory.elsewhere
    recalled.hear_customer(turn)
    memory.said_last = turn
    memory.asked = turn if any(one.found.is_question for _, one in turn.sentences) else None
    # "Let me look" is kept by going on: nothing that the customer says in between settles it.
    is_waiting = any(one.is_open and not one.commitment.is_immediate for one in memory.recent)
    has_reproach = memory.has_blamed or bool(recalled.breaches)
    if not (is_waiting or recalled.said or has_reproach):
        return
    if has_reproach:
        for utterance, sentence in turn.sentences:
            if says.TAKES_BACK.search(sentence.found.lowered):
                _taken_back(memory, whole(utterance, sentence))
    if not (is_waiting or recalled.said):
        return
    missing = list(_missing(memory, turn))
    if is_waiting:
        _came(memory, turn, missing)
    is_settled = False
    for clue in missing:
        is_settled |= _lacks(memory, clue, turn)
    if not is_settled:
        recalled.tell_missing(turn, missing)
    if memory.open_count and not missing:
        _thanked(memory, turn)


def _missing(memory: Memory, turn: HeardTurn) -> Iterator[Clue]:
    """Yield what a customer says has not come or was not done."""
    for owner in _MISSING:
        for utterance, sentence in turn.promising(owner):
            for mark in sentence.marks_of(owner):
                clue = memory.clue_of_mark(utterance, sentence, mark, turn.number)
                if not says.lacks_nothing(clue):
                    yield clue
    for utterance, sentence in turn.sentences:
        found = says.NAMES_LACK.may_stand_among(sentence.found.runs) and says.NAMES_LACK.search(sentence.found.lowered)
        if found:
            yield memory.clue(utterance, sentence, found.span(), turn.number)


def _came(memory: Memory, turn: HeardTurn, missing: list[Clue]) -> None:
    """A customer who says that it is there, or is pleased with it, tells that the promise was kept."""
    for utterance, sentence in turn.sentences:
        if sentence.found.is_question or not memory.may_settle(utterance, sentence, turn.number):
            continue
        if not _may_tell_arrival(memory, sentence, turn):
            continue
        text, runs = sentence.found.lowered, sentence.found.runs
        for start, end in says.clauses(text):
            if says.is_there(text[start:end], runs):
                clue = memory.clue(utterance, sentence, (start, end), turn.number)
                if not any(_overlap(clue.at, lack.at) for lack in missing):
                    _is_there(memory, clue, is_all=not missing)


def _may_tell_arrival(memory: Memory, sentence: Sentence, turn: HeardTurn) -> bool:
    """Whether a sentence may say that something promised is there, in so many words or by being glad of it."""
    text = sentence.found.lowered
    if says.HAS_COME.search(text):
        return True
    if not memory.names_open(sentence):
        return False
    is_named = says.CAME.stands_in(text, sentence.found.runs)
    return is_named or any(says.is_glad(one.found.lowered) for _, one in turn.sentences)


def _is_there(memory: Memory, clue: Clue, *, is_all: bool) -> None:
    """Settle what a customer says is there.

    Args:
        is_all: Whether nothing is said to be missing.
    """
    is_done = is_all and not says.names_what_came(clue) and says.HAS_COME.search(clue.words) is not None
    if not is_done and clue.topics.isdisjoint(memory.by_topic):
        return
    found = list(memory.about(clue, is_done=is_done))
    for one in found if clue.strong else found[-1:]:
        memory.settle(one, Fate.KEPT, clue.at)


def _thanked(memory: Memory, turn: HeardTurn) -> None:
    """Whoever only gives thanks after its time has got what was promised."""
    # Whoever thanks in answer to the promise may thank for the promise.
    due = [
        (one, one.commitment.due.end)
        for one in memory.recent
        if one.is_open
        and one.commitment.due is not None
        and one.commitment.condition is None
        and one.commitment.turn != turn.number - 1
    ]
    if not due or any(one.found.is_question for _, one in turn.sentences):
        return
    glad = next(((u, one) for u, one in turn.sentences if says.is_thankful(one.found.lowered)), None)
    if glad is None:
        return
    said = memory.said(glad[0])
    for one, end in due:
        if is_after(said, end):
            memory.settle(one, Fate.KEPT, whole(*glad))


def _taken_back(memory: Memory, words: Span) -> None:
    """The customer sees that it was kept after all."""
    memory.elsewhere.breaches.clear()
    for one in memory.made:
        if one.fate is Fate.BROKEN and one.blamed_by_customer:
            one.fate, one.evidence = Fate.KEPT, (words,)


def _lacks(memory: Memory, clue: Clue, turn: HeardTurn) -> bool:
    """Settle what a customer says has not come; return whether it was promised here."""
    if says.ELSEWHERE.stands_in(clue.words, clue.runs):
        return False
    found = list(memory.about(clue))
    if not found and not clue.strong:
        found = memory.only_one(clue)
    if not found and not says.ASKS_AFTER.stands_in(clue.words, clue.runs) and _reproaches(turn):
        late = [
            one
            for one in memory.recent
            if one.is_open
            and one.commitment.turn < clue.turn
            and (memory.is_late(one.commitment, clue.said) or _is_told_late(memory, one.commitment, turn))
        ]
        # "It is half three and still withdrawn": in other words, but the clock says what is meant.
        is_meant = not clue.strong or (len(late) == 1 and _names_hour(turn))
        found = [one for one in late if is_meant or one.commitment.ends_fault or one.commitment.names_nothing]
    settled = False
    for one in found:
        if not one.is_open:
            continue
        if _has_come_due(memory, one.commitment, clue, turn):
            memory.settle(one, Fate.BROKEN, clue.at)
            one.blamed_by_customer = memory.has_blamed = settled = True
            memory.blamed.append(one)
        elif _may_be_due(one.commitment, clue):
            memory.suspected.append((one, clue.at))
    return settled


def _has_come_due(memory: Memory, commitment: Commitment, clue: Clue, turn: HeardTurn) -> bool:
    """Whether what is missing ought to be there by now."""
    is_recalled = memory.elsewhere.said is not None
    is_flat = says.FLATLY.search(clue.words) is not None
    if commitment.condition is not None:
        return is_recalled and is_flat
    if commitment.due is not None and clue.said is not None and not commitment.is_immediate:
        posted = commitment.ships and not says.FLATLY_SENT.search(clue.words)
        return is_after(clue.said, commitment.due.end, by=_SHIPPING if posted else timedelta(0))
    if _is_told_late(memory, commitment, turn):
        return True
    if commitment.is_immediate or (says.ASKS_AFTER.stands_in(clue.words, clue.runs) and not is_recalled):
        return False
    if not is_recalled and _is_just_promised(memory, commitment, clue, turn):
        return False  # it speaks of what led to the promise
    if not is_recalled and commitment.topics.isdisjoint(clue.topics):
        is_flat = False  # "not one sorry", "nobody told me": flat, but of no promise
    return is_flat or is_recalled or _seems_over(memory, commitment, clue, turn)


def _is_told_late(memory: Memory, commitment: Commitment, turn: HeardTurn) -> bool:
    """Whether words, where there is no clock, tell the time at which a customer misses what a time was named for."""
    if not commitment.names_time or commitment.condition is not None:
        return False
    if commitment.due is not None and memory.said(turn.sentences[0][0]) is not None:
        return False
    if any(says.TELLS_TIME.search(sentence.found.lowered) for _, sentence in turn.sentences):
        return True
    here = turn.sentences[0][0].index
    since = max(commitment.at.utterance + 1, here - _MAX_BETWEEN)
    between = memory.heard.parsed.conversation.utterances[since:here]
    return any(one.role is Role.SYSTEM and says.TELLS_TIME.search(one.text.lower()) for one in between)


def _is_just_promised(memory: Memory, commitment: Commitment, clue: Clue, turn: HeardTurn) -> bool:
    """Whether the customer answers a promise without a word of time gone by since."""
    if clue.turn - commitment.turn > 1 or has_passed(commitment.said, clue.said, _SOME_TIME):
        return False
    return memory.is_live and not any(says.ELAPSED.search(sentence.found.lowered) for _, sentence in turn.sentences)


def _may_be_due(commitment: Commitment, clue: Clue) -> bool:
    """Whether a time was named that may be over: no clock tells, or on its very day nobody came, and it gets late."""
    if not commitment.names_time or commitment.condition is not None:
        return False
    if commitment.due is None or clue.said is None:
        return True
    is_its_day = clue.said.date() == commitment.due.end.date()
    return is_its_day and clue.said.hour >= _EVENING and says.FLATLY.search(clue.words) is not None


def _seems_over(memory: Memory, commitment: Commitment, clue: Clue, turn: HeardTurn) -> bool:
    """Whether time enough has passed for "still nothing" to be more than impatience."""
    if commitment.said is not None and clue.said is not None:
        return commitment.by_when is None and has_passed(commitment.said, clue.said, PATIENCE)
    is_live = memory.is_live
    if not is_live and commitment.names_time:
        return True
    if commitment.by_when is not None and not commitment.names_time:
        return False  # "in due course" is never over
    has_elapsed = any(says.ELAPSED.search(sentence.found.lowered) for _, sentence in turn.sentences)
    return has_elapsed and (commitment.by_when is not None or not is_live)


def _reproaches(turn: HeardTurn) -> bool:
    return any(says.REPROACHES.search(sentence.found.lowered) for _, sentence in turn.sentences)


def _names_hour(turn: HeardTurn) -> bool:
    return any(says.NAMES_HOUR.search(sentence.found.lowered) for _, sentence in turn.sentences)


def _overlap(one: Span, other: Span) -> bool:
    return one.utterance == other.utterance and one.start < other.end and other.start < one.end
