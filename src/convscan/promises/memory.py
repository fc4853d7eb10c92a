"""What was promised in a conversation so far, and which of it a sentence is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Channel, Role, Turn
from convscan.finding import Fate, PromiseKind, Span
from convscan.language.parsed import Mark, ParsedUtterance, Sentence
from convscan.promises import evidence as says
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after, moment
from convscan.promises.evidence import Clue
from convscan.promises.recalled import RecalledPromises
from convscan.promises.topics import WEAK_TOPICS, topics_of, visits

# Channels in which both sides answer at once.
LIVE = frozenset({Channel.CHAT, Channel.CALL, None})
# What is asked for sooner is impatience where no time was named.
PATIENCE = timedelta(hours=20)
# Commitments on one matter that a sentence can be about; of more, the last made. Keeps one pass linear.
_MAX_WAITING = 6
# A promise of minutes is not broken by the seconds that typing takes.
_MAX_GRACE = timedelta(hours=1)
# Turns within which "it is done" speaks of what was promised last; fewer if it names what it speaks of.
_NEAR_TURNS, _NEXT_TURNS = 4, 2
# What is due at noon may come at ten.
_EARLY = timedelta(hours=2)
# Who talks again after so long talks for another time.
_BREAK = timedelta(hours=1)
_IN_PERSON = frozenset({"call", "contact", "text", "visit"})
# Words of the customer that say what "it" is.
_MAX_MATTER_WORDS = 60
_NOTHING = HeardTurn(-1, Turn(Role.CUSTOMER, ()))


@dataclass(slots=True)
class Waiting:
    """A commitment and what is known of it so far."""

    commitment: Commitment
    fate: Fate = Fate.OPEN
    evidence: tuple[Span, ...] = ()
    blamed_by_customer: bool = False
    about: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept nor broken."""
        return self.fate is Fate.OPEN


@dataclass(slots=True)
class Memory:
    """What is known of the promises of one conversation while it is read from beginning to end.

    Attributes:
        made: All commitments, in reading order.
        by_topic: Those of late, by what they are about.
        recent: The last ones.
        elsewhere: What the customer recalls of promises from before.
        asked: The last turn of the customer, if it asks something.
        said_last: The last turn of the customer.
        open_count: How many are neither kept nor broken.
        blamed: Those that the customer's last turn says were not kept.
        suspected: Those of which it says so, but no clock can tell; with its words.
        has_blamed: Whether the customer ever said so of one that the clock or the words show to be broken.
    """

    heard: HeardConversation
    made: list[Waiting] = field(default_factory=list)
    by_topic: dict[str, list[Waiting]] = field(default_factory=dict)
    recent: list[Waiting] = field(default_factory=list)
    elsewhere: RecalledPromises = field(default_factory=RecalledPromises)
    asked: HeardTurn | None = None
    said_last: HeardTurn = _NOTHING
    open_count: int = 0
    blamed: list[Waiting] = field(default_factory=list)
    suspected: list[tuple[Waiting, Span]] = field(default_factory=list)
    has_blamed: bool = False

    @property
    def is_live(self) -> bool:
        """Whether both sides answer at once."""
        return self.heard.parsed.conversation.channel in LIVE

    def wait(self, commitment: Commitment) -> None:
        """Take down a commitment as open."""
        one = Waiting(commitment, about=self._matter_of(commitment))
        self._put_off(one)
        self.open_count += 1
        self.made.append(one)
        self.recent = _joined_by(one, self.recent)
        for topic in commitment.topics | one.about:
            self.by_topic[topic] = _joined_by(one, self.by_topic.get(topic, ()))

    def _put_off(self, new: Waiting) -> None:
        """Give more time to what is promised anew for later before its time is over: that is announced, not broken."""
        due = new.commitment.due
        if due is None:
            return
        for old in self.recent:
            before = old.commitment
            if (
                before.due is not None
                and before.turn < new.commitment.turn
                and (not old.about.isdisjoint(new.about) or (before.is_reply and new.commitment.is_reply))
                and is_after(due.end, before.due.end)
                and is_after(before.due.end, new.commitment.said)
            ):
                old.commitment = replace(before, due=due)

    def _matter_of(self, commitment: Commitment) -> frozenset[str]:
        """Return what a commitment is about: if it only says "it", what was promised just before, or was asked for."""
        if (commitment.topics and not commitment.says_it) or commitment.is_immediate or commitment.watches:
            return commitment.strong
        before = self.recent[-1] if self.recent else None
        if before is not None and before.about and before.commitment.turn == commitment.turn and commitment.says_it:
            return commitment.strong | before.about
        if not commitment.names_nothing:
            return commitment.strong
        words = [norm for _, sentence in self.said_last.sentences for norm in sentence.found.norms]
        return topics_of(words[:_MAX_MATTER_WORDS]) - WEAK_TOPICS

    def names_open(self, sentence: Sentence) -> bool:
        """Whether a sentence may name what a commitment is about."""
        # Who comes is not told by single words.
        return "visit" in self.by_topic or not topics_of(sentence.found.norms).isdisjoint(self.by_topic)

    def may_settle(self, utterance: ParsedUtterance, sentence: Sentence, turn: int) -> bool:
        """Tell whether a clause of a sentence may be about an open commitment; much quicker than about which.

        It names what one is about, or there is one that it may speak of even if it names none.
        """
        return self.names_open(sentence) or any(
            one.is_open and self._may_be_done(one.commitment, utterance, turn, names_other=False) for one in self.recent
        )

    def about(self, clue: Clue, *, is_done: bool = False) -> Iterator[Waiting]:
        """Yield the open commitments that a clause is about.

        Args:
            is_done: Whether the clause says that something is done, so that it speaks of what was
                promised last if it shares no word with any.
        """
        seen: set[int] = set()
        is_found = False
        for topic in sorted(clue.topics):
            for one in self.by_topic.get(topic, ()):
                if one.is_open and id(one) not in seen and one.commitment.at.utterance <= clue.at.utterance:
                    seen.add(id(one))
                    if self._shares(one, clue, is_done=is_done):
                        is_found = True
                        yield one
        if is_done and not is_found:
            yield from self._last(clue)

    def _shares(self, one: Waiting, clue: Clue, *, is_done: bool) -> bool:
        commitment = one.commitment
        if one.about & clue.topics:
            return True
        if commitment.strong and not (is_done and not clue.strong and clue.turn - commitment.turn <= _NEAR_TURNS):
            return False
        return bool(commitment.topics & clue.topics)

    def _last(self, clue: Clue) -> list[Waiting]:
        """Return what was promised last, if words that name none of it may say that it is done."""
        utterance, names_other = self.heard.parsed.utterances[clue.at.utterance], bool(clue.strong)
        near = [
            one
            for one in self.recent
            if one.is_open and self._may_be_done(one.commitment, utterance, clue.turn, names_other=names_other)
        ]
        outcomes = [one for one in near if one.commitment.kind is PromiseKind.OUTCOME]
        near = outcomes if outcomes and utterance.role is Role.CUSTOMER else near
        # What still waits for something is not what just came.
        near = [one for one in near if one.commitment.condition is None] or near
        # "It went off on Monday" is no call.
        things = [one for one in near if not one.commitment.topics & _IN_PERSON]
        return (things or near)[-1:]

    def _may_be_done(self, commitment: Commitment, utterance: ParsedUtterance, turn: int, *, names_other: bool) -> bool:
        """Whether words that name nothing of it, such as "all done", may speak of a commitment.

        Args:
            names_other: Whether they name something else; if they do not, all the more.
        """
        is_agents = utterance.role is Role.AGENT
        if (
            turn - commitment.turn > (_NEXT_TURNS if names_other else _NEAR_TURNS)
            or (commitment.at.utterance == utterance.index and (names_other or not is_agents))
            or (commitment.condition is not None and (commitment.is_uncertain or turn == commitment.turn))
        ):
            return False
        said = self.said(utterance)
        if (
            (is_agents and self.is_for_later(commitment, said))
            or is_before_its_day(commitment, said)
            or commitment.watches
        ):
            return False
        if is_agents:
            # What is due on a day of its own is not done by the way.
            is_act = not commitment.names_time or commitment.kind is PromiseKind.ACT
            return is_act and (commitment.is_at_desk or not names_other)
        return not commitment.names_time or self._may_have_come(commitment, said)

    def is_for_later(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether the time for it has not come while both sides still talk: no words spoken now can tell of it."""
        return self.is_live and (
            commitment.waits_for_time or (commitment.is_for_afterwards and self.is_same_talk(commitment, said))
        )

    def is_same_talk(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether both sides still talk as they did when it was promised, for all that is known."""
        return self.is_live and not has_passed(commitment.said, said, _BREAK)

    def _may_have_come(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether it is time for what was promised for a time."""
        due = commitment.due
        if due is None or said is None:
            return commitment.is_soon or not self.is_live
        return is_after(said, due.end, by=-_EARLY) or has_passed(commitment.said, said, PATIENCE)

    def only_one(self, clue: Clue) -> list[Waiting]:
        """Return what was promised before, if it is one thing."""
        waiting = [one for one in self.recent if one.is_open and one.commitment.turn < clue.turn]
        return waiting if len(waiting) == 1 else []

    def clue(self, utterance: ParsedUtterance, sentence: Sentence, bounds: tuple[int, int], turn: int) -> Clue:
        """Return what a clause says."""
        start, end = bounds
        found = sentence.found
        text, runs = found.lowered, found.runs
        words = text[start:end]
        is_all = start == 0 and end == len(text)
        topics = topics_of(found.norms if is_all else found.norms_between(start, end)) | visits(words, runs)
        at = utterance.span(sentence.start + start, sentence.start + len(text[:end].rstrip()))
        return Clue(at, words, runs, topics, turn, self.said(utterance))

    def clue_of_mark(self, utterance: ParsedUtterance, sentence: Sentence, mark: Mark, turn: int) -> Clue:
        """Return what the clause around a mark says; the sentence tells what it is about if it does not."""
        text = sentence.found.lowered
        bounds = says.clause_around(text, mark.start - sentence.start, mark.end - sentence.start)
        clue = self.clue(utterance, sentence, bounds, turn)
        return clue if clue.topics else replace(clue, topics=topics_of(sentence.found.norms))

    def said(self, utterance: ParsedUtterance) -> datetime | None:
        """Return when an utterance was said, None if that is not known."""
        return moment(self.heard.parsed.conversation.utterances[utterance.index].timestamp)

    def settle(self, one: Waiting, fate: Fate, evidence: Span) -> None:
        """Take down what became of a commitment and the words that show it."""
        self.open_count -= one.is_open
        one.fate = fate
        one.evidence = (evidence,)

    def settle_done(self, one: Waiting, evidence: Span, said: datetime | None, turn: HeardTurn) -> None:
        """The agents' side says that it is done: in time, unless it is done only now and the time is over."""
        words = evidence.quote.lower()
        is_now = one.commitment.is_reply or says.ONLY_NOW.search(words) is not None or _apologises(turn)
        is_late = is_now and self.is_late(one.commitment, said) and not says.WAS_BEFORE.search(words)
        self.settle(one, Fate.BROKEN if is_late else Fate.KEPT, evidence)

    def is_late(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether a commitment was due, with some grace, before something is said."""
        due = commitment.due
        if due is None or commitment.said is None or commitment.condition is not None:
            return False
        grace = min(_MAX_GRACE, (due.end - commitment.said) / 2)
        return is_after(said, due.end, by=max(grace, timedelta(0)))


def _joined_by(new: Waiting, waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return those that are still open with a new one, and of too many the last."""
    return [*[one for one in waiting if one.fate is Fate.OPEN], new][-_MAX_WAITING:]


def is_before_its_day(commitment: Commitment, said: datetime | None) -> bool:
    """Whether what is promised for a day of its own has not come to that day yet."""
    start = commitment.due.start if commitment.due else None
    return start is not None and is_after(start.replace(hour=0, minute=0), said)


def has_passed(since: datetime | None, until: datetime | None, length: timedelta) -> bool:
    """Whether surely more than some time lies between two moments."""
    return is_after(until, since, by=length)


def _apologises(turn: HeardTurn) -> bool:
    return turn.does(("apology",)) is not None
