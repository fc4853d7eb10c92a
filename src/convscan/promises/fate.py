"""What became of commitments: who says that they were kept or broken, and what the clock says.

One pass over the conversation. Commitments wait under what they are about; a sentence that
says that something was done, came, or is missing settles those it is about. When it is not sure
which, or whether the time has come, the commitment stays open: a false accusation is worse
than a miss.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Channel, Role, Turn
from convscan.finding import Breach, Fate, PromiseKind, Span
from convscan.language.parsed import Mark, ParsedUtterance, Sentence
from convscan.promises import evidence as says
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after, moment
from convscan.promises.evidence import Clue, whole
from convscan.promises.extracting import commitments_of
from convscan.promises.recalled import RecalledPromises, admits_promise, disputes, owns_up
from convscan.promises.topics import WEAK_TOPICS, topics_of, visits

_LAPSED, _NEWS = "acts/admits-lapse", ("acts/brings-news",)
_MISSING = ("acts/not-kept", "acts/still-open")

# Commitments on one matter that a sentence can be about; of more, the last made. Keeps one pass linear.
_MAX_WAITING = 6
# A promise of minutes is not broken by the seconds that typing takes.
_MAX_GRACE = timedelta(hours=1)
# What is asked for sooner is impatience where no time was named.
_PATIENCE = timedelta(hours=20)
# After so long, who writes again without being asked comes back with something.
_WHILE = timedelta(minutes=30)
# Turns within which "it is done" speaks of what was promised last; fewer if it names what it speaks of.
_NEAR_TURNS, _NEXT_TURNS = 4, 2
# What is due at noon may come at ten.
_EARLY = timedelta(hours=2)

_LIVE = frozenset({Channel.CHAT, Channel.CALL, None})
_IN_PERSON = frozenset({"call", "contact", "visit"})
_SHIPPING = timedelta(days=2)
# Words of the customer that say what "it" is.
_MAX_MATTER_WORDS = 60
_NOTHING = HeardTurn(-1, Turn(Role.CUSTOMER, ()))


@dataclass(slots=True)
class _Waiting:
    """A commitment and what is known of it so far."""

    commitment: Commitment
    fate: Fate = Fate.OPEN
    evidence: tuple[Span, ...] = ()
    blamed_by_customer: bool = False
    about: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.fate is Fate.OPEN


@dataclass(slots=True)
class FateReader:
    """Reads one conversation from beginning to end and settles its commitments."""

    heard: HeardConversation
    _all: list[_Waiting] = field(default_factory=list)
    _by_topic: dict[str, list[_Waiting]] = field(default_factory=dict)
    _recent: list[_Waiting] = field(default_factory=list)
    _elsewhere: RecalledPromises = field(default_factory=RecalledPromises)
    _asked: HeardTurn | None = None
    _said_last: HeardTurn = _NOTHING
    _open: int = 0
    _blamed: list[_Waiting] = field(default_factory=list)
    _suspected: list[tuple[_Waiting, Span]] = field(default_factory=list)

    def read(self) -> Iterator[tuple[Commitment, Fate, tuple[Span, ...]]]:
        """Yield every commitment with its fate and what shows it, in reading order."""
        for turn in self.heard.turns:
            if turn.role is Role.AGENT:
                self._agent(turn)
            else:
                self._customer(turn)
        for one in self._all:
            yield one.commitment, one.fate, one.evidence

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Promises made elsewhere and told to be broken; known after `read`."""
        return tuple(self._elsewhere.breaches)

    # -- the agents' side --------------------------------------------------------------------

    def _agent(self, turn: HeardTurn) -> None:
        made = list(commitments_of(turn, self.heard.parsed))
        may_lapse = _LAPSED in turn.possible
        self._elsewhere.hear_reply(turn)
        self._answers_reproach(turn)
        # Most turns settle nothing, for nothing is open: they are not looked at.
        if not (made or self._open or may_lapse):
            return
        at, heard = 0, -1
        for utterance, sentence in turn.sentences:
            if utterance.index != heard and self._open:
                self._goes_on(utterance, turn)
            heard = utterance.index
            if may_lapse:
                self._lapses(utterance, sentence, turn)
            if self._open:
                self._reported(utterance, sentence, turn)
            while at < len(made) and _stands_in(made[at], utterance, sentence):
                self._wait(made[at])
                at += 1

    def _answers_reproach(self, turn: HeardTurn) -> None:
        """Hear what the agents' side says to the customer's word that a promise was not kept.

        If it shows that it was kept, one stands against the other and nobody is accused; where the clock cannot
        tell, it is broken only if the agents' side owns up to it.
        """
        blamed, suspected = self._blamed, self._suspected
        if not (blamed or suspected):
            return
        self._blamed, self._suspected = [], []
        disputed = next(
            (whole(utterance, one) for utterance, one in turn.sentences if disputes(one.found.lowered)), None
        )
        if disputed is None:
            owns = suspected and owns_up(turn)
            for one, words in suspected if owns else ():
                if one.is_open:
                    self._settle(one, Fate.BROKEN, words)
        elif not any(True for _ in turn.marks_of(_LAPSED)):
            for one in blamed:
                one.fate, one.evidence = Fate.KEPT, (disputed,)

    def _wait(self, commitment: Commitment) -> None:
        one = _Waiting(commitment, about=self._matter_of(commitment))
        self._open += 1
        self._all.append(one)
        self._recent = [*(w for w in self._recent if w.is_open), one][-_MAX_WAITING:]
        for topic in commitment.topics | one.about:
            waiting = [w for w in self._by_topic.get(topic, ()) if w.is_open]
            self._by_topic[topic] = [*waiting, one][-_MAX_WAITING:]

    def _matter_of(self, commitment: Commitment) -> frozenset[str]:
        """Return what a commitment is about: if it only says "it", what was promised just before, or was asked for."""
        if commitment.is_immediate or commitment.watches or (commitment.topics and not commitment.says_it):
            return commitment.strong
        before = self._recent[-1] if self._recent else None
        if before is not None and before.about and before.commitment.turn == commitment.turn and commitment.says_it:
            return commitment.strong | before.about
        if not commitment.names_nothing:
            return commitment.strong
        words = (norm for _, sentence in self._said_last.sentences for norm in sentence.found.norms)
        return topics_of(islice(words, _MAX_MATTER_WORDS)) - WEAK_TOPICS

    def _goes_on(self, utterance: ParsedUtterance, turn: HeardTurn) -> None:
        """The agents' side speaks on: what was to be found out is told, and what was to come by now is late."""
        waiting = [one for one in self._recent if one.is_open and one.commitment.at.utterance < utterance.index]
        if not waiting:
            return
        said = self._said(utterance)
        first = whole(utterance, utterance.sentences[0])
        # What is neither looked into nor answered here is not settled by news.
        settled_by_news = any(_is_told_of(one.commitment) for one in waiting)
        news = next(filter(says.tells, utterance.sentences), None) if settled_by_news else None
        unfinished = next((one for one in utterance.sentences if says.UNFINISHED.stands_in(one.found.lowered, one.found.runs)), None)
        is_unfinished = unfinished is not None
        for one in waiting:
            commitment = one.commitment
            if self._is_handed_over(commitment, utterance):
                self._settle(one, Fate.KEPT, first)
            elif unfinished is not None and self._needs_longer(commitment, unfinished, said):
                self._settle(one, Fate.BROKEN, whole(utterance, unfinished))
            elif commitment.is_reply and commitment.turn < turn.number and self._is_overdue_here(commitment, said):
                self._settle(one, Fate.BROKEN, first)
            elif commitment.is_immediate:
                self._settle(one, Fate.KEPT, whole(utterance, news) if news else first)
            elif news and not is_unfinished and self._is_kept_by_news(commitment, news, said):
                self._settle_done(one, whole(utterance, news), said, turn)

    def _is_kept_by_news(self, commitment: Commitment, news: Sentence, said: datetime | None) -> bool:
        if self._answers_other(commitment, news) or _is_before_its_day(commitment, said):
            return False
        if not commitment.is_reply:
            return commitment.is_inquiry
        channel = self.heard.parsed.conversation.channel
        if commitment.goes_another_way and channel is not Channel.EMAIL:
            return False
        # Whoever writes again in a thread comes back with something.
        return (
            channel not in _LIVE
            or _passed(commitment.said, said, _WHILE)
            or says.ACCOMPLISHED.search(news.found.lowered) is not None
            or says.HANDS_OVER.search(news.found.lowered) is not None
            or news.found.has_any(_NEWS)
        )

    def _answers_other(self, commitment: Commitment, news: Sentence) -> bool:
        """Whether the customer asked something else since, so that what is told now may be the answer to that."""
        asked = self._asked
        if asked is None or asked.number <= commitment.turn:
            return False
        about = commitment.strong
        words = [sentence.found for _, sentence in asked.sentences]
        if any(says.ASKS_AFTER.search(one.lowered) or not about.isdisjoint(topics_of(one.norms)) for one in words):
            return False
        return about.isdisjoint(topics_of(news.found.norms))

    def _is_handed_over(self, commitment: Commitment, utterance: ParsedUtterance) -> bool:
        """Whether a customer who was to be passed on speaks with somebody else now."""
        agent = self.heard.parsed.agent_of(utterance.index)
        return agent is not None and agent != commitment.agent and commitment.passes_on

    def _needs_longer(self, commitment: Commitment, words: Sentence, said: datetime | None) -> bool:
        """Whether words say, after its time, that what was promised is not done yet."""
        due = commitment.due
        if due is None or commitment.condition is not None or not is_after(said, due.end):
            return False
        if commitment.is_reply or commitment.ends_fault or commitment.names_nothing or self._open == 1:
            return True
        return not commitment.strong.isdisjoint(topics_of(words.found.norms))

    def _is_overdue_here(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether an answer that was to come here comes too late."""
        return "call" not in commitment.topics and not commitment.goes_another_way and self._is_late(commitment, said)

    def _reported(self, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn) -> None:
        """The agents' side states, in whatever words, that what was promised is so or was done."""
        if sentence.found.is_question:
            return
        text, runs = sentence.found.lowered, sentence.found.runs
        for start, end in says.reports(sentence):
            words = text[start:end]
            is_done = says.ACCOMPLISHED.search(words) is not None or says.HANDS_OVER.stands_in(words, runs)
            clue = self._clue(utterance, sentence, (start, end), turn.number)
            if (not is_done and clue.topics.isdisjoint(self._by_topic)) or says.ELSEWHERE.stands_in(words, runs):
                continue
            found = [
                one
                for one in self._about(clue, is_done=is_done)
                if is_done or (one.commitment.at.utterance < utterance.index and _is_told_by_state(one.commitment))
            ]
            for one in found if clue.strong else found[-1:]:
                self._settle_done(one, clue.at, clue.said, turn)

    def _lapses(self, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn) -> None:
        """The agents' side admits that something was not done, or too late."""
        recalled = self._elsewhere
        if not (self._open or recalled.awaits_admission or admits_promise(sentence.found.lowered)):
            return
        for mark in sentence.marks_of(_LAPSED):
            clue = self._clue_of_mark(utterance, sentence, mark, turn.number)
            found = [one for one in self._about(clue) if one.commitment.at.utterance < clue.at.utterance]
            if not found and not clue.strong:
                found = self._only_one(clue)
            for one in found:
                due = one.commitment.due
                is_known = due is not None and clue.said is not None
                # "Sorry for the late reply" breaks no promise that named no time.
                if is_after(clue.said, due.end) if due and is_known else not says.is_only_late(clue.words):
                    self._settle(one, Fate.BROKEN, clue.at)
            if not found and not says.is_only_late(clue.words):
                recalled.admit(clue)

    # -- the customer ------------------------------------------------------------------------

    def _customer(self, turn: HeardTurn) -> None:
        recalled = self._elsewhere
        recalled.hear_customer(turn)
        self._said_last = turn
        self._asked = turn if any(one.found.is_question for _, one in turn.sentences) else None
        # "Let me look" is kept by going on: nothing that the customer says in between settles it.
        is_waiting = any(one.is_open and not one.commitment.is_immediate for one in self._recent)
        has_reproach = any(one.blamed_by_customer for one in self._all) or bool(recalled.breaches)
        if not (is_waiting or recalled.said or has_reproach):
            return
        if has_reproach:
            for utterance, sentence in turn.sentences:
                if says.TAKES_BACK.search(sentence.found.lowered):
                    self._taken_back(whole(utterance, sentence))
        if not (is_waiting or recalled.said):
            return
        missing = [
            self._clue_of_mark(utterance, sentence, mark, turn.number)
            for owner in _MISSING
            for utterance, sentence in turn.promising(owner)
            for mark in sentence.marks_of(owner)
        ]
        if is_waiting:
            self._came(turn, missing)
        is_settled = False
        for clue in missing:
            is_settled |= self._lacks(clue, turn)
        if not is_settled:
            recalled.tell_missing(turn, missing)
        if self._open and not missing:
            self._thanked(turn)

    def _came(self, turn: HeardTurn, missing: list[Clue]) -> None:
        """A customer who says that it is there, or is pleased with it, tells that the promise was kept."""
        is_glad: bool | None = None
        for utterance, sentence in turn.sentences:
            if sentence.found.is_question:
                continue
            text, runs = sentence.found.lowered, sentence.found.runs
            if not says.HAS_COME.search(text):
                if not self._names_open(sentence):
                    continue
                if not says.CAME.stands_in(text, runs):
                    if is_glad is None:
                        is_glad = any(says.is_glad(one.found.lowered) for _, one in turn.sentences)
                    if not is_glad:
                        continue
            for start, end in says.clauses(text):
                if says.is_there(text[start:end], runs):
                    clue = self._clue(utterance, sentence, (start, end), turn.number)
                    if not any(_overlap(clue.at, lack.at) for lack in missing):
                        self._is_there(clue, is_all=not missing)

    def _names_open(self, sentence: Sentence) -> bool:
        """Whether a sentence may be about anything that a commitment is about."""
        return "visit" in self._by_topic or not topics_of(sentence.found.norms).isdisjoint(self._by_topic)

    def _is_there(self, clue: Clue, *, is_all: bool) -> None:
        """Settle what a customer says is there.

        Args:
            is_all: Whether nothing is said to be missing.
        """
        is_done = is_all and says.HAS_COME.search(clue.words) is not None
        if not is_done and clue.topics.isdisjoint(self._by_topic):
            return
        found = list(self._about(clue, is_done=is_done))
        for one in found if clue.strong else found[-1:]:
            self._settle(one, Fate.KEPT, clue.at)

    def _thanked(self, turn: HeardTurn) -> None:
        """Whoever only gives thanks after its time has got what was promised."""
        glad = next(
            (
                (u, one)
                for u, one in turn.sentences
                if not one.found.is_question and says.is_thankful(one.found.lowered)
            ),
            None,
        )
        if glad is None or any(one.found.is_question for _, one in turn.sentences):
            return
        said = self._said(glad[0])
        for one in self._recent:
            due = one.commitment.due
            # Whoever thanks in answer to the promise may thank for the promise.
            is_answer = one.commitment.turn == turn.number - 1
            if is_answer or not one.is_open or due is None or one.commitment.condition is not None:
                continue
            if is_after(said, due.end):
                self._settle(one, Fate.KEPT, whole(*glad))

    def _taken_back(self, words: Span) -> None:
        """The customer sees that it was kept after all."""
        self._elsewhere.breaches.clear()
        for one in self._all:
            if one.fate is Fate.BROKEN and one.blamed_by_customer:
                one.fate, one.evidence = Fate.KEPT, (words,)

    def _lacks(self, clue: Clue, turn: HeardTurn) -> bool:
        """Settle what a customer says has not come; return whether it was promised here."""
        if says.ELSEWHERE.search(clue.words):
            return False
        found = list(self._about(clue))
        if not found and not clue.strong:
            found = self._only_one(clue)
        if not found and not says.ASKS_AFTER.search(clue.words) and _reproaches(turn):
            # "It is half three and still withdrawn": in other words, but the clock says what is meant.
            names_time = any(says.NAMES_HOUR.search(sentence.found.lowered) for _, sentence in turn.sentences)
            late = [
                one
                for one in self._recent
                if one.is_open and one.commitment.turn < clue.turn and self._is_late(one.commitment, clue.said)
            ]
            is_meant = not clue.strong or (names_time and len(late) == 1)
            found = [one for one in late if is_meant or one.commitment.ends_fault or one.commitment.names_nothing]
        settled = False
        for one in found:
            if not one.is_open:
                continue
            if self._has_come_due(one.commitment, clue, turn):
                self._settle(one, Fate.BROKEN, clue.at)
                one.blamed_by_customer = settled = True
                self._blamed.append(one)
            elif self._may_be_due(one.commitment, clue):
                self._suspected.append((one, clue.at))
        return settled

    def _has_come_due(self, commitment: Commitment, clue: Clue, turn: HeardTurn) -> bool:
        """Whether what is missing ought to be there by now."""
        is_recalled = self._elsewhere.said is not None
        is_flat = says.FLATLY.search(clue.words) is not None
        if commitment.condition is not None:
            return is_recalled and is_flat
        if commitment.due is not None and clue.said is not None and not commitment.is_immediate:
            posted = commitment.ships and not says.FLATLY_SENT.search(clue.words)
            return is_after(clue.said, commitment.due.end + (_SHIPPING if posted else timedelta(0)))
        if commitment.is_immediate or (says.ASKS_AFTER.search(clue.words) and not is_recalled):
            return False
        if not is_recalled and commitment.topics.isdisjoint(clue.topics):
            is_flat = False  # "not one sorry", "nobody told me": flat, but of no promise
        return is_flat or is_recalled or self._seems_over(commitment, clue, turn)

    def _may_be_due(self, commitment: Commitment, clue: Clue) -> bool:
        """Whether a time was named that may be over, for all that is known."""
        knows = commitment.due is not None and clue.said is not None
        return commitment.names_time and not knows and commitment.condition is None

    def _seems_over(self, commitment: Commitment, clue: Clue, turn: HeardTurn) -> bool:
        """Whether time enough has passed for "still nothing" to be more than impatience."""
        if commitment.said is not None and clue.said is not None:
            return commitment.by_when is None and _passed(commitment.said, clue.said, _PATIENCE)
        is_live = self.heard.parsed.conversation.channel in _LIVE
        if not is_live and commitment.names_time:
            return True
        if commitment.by_when is not None and not commitment.names_time:
            return False  # "in due course" is never over
        has_elapsed = any(says.ELAPSED.search(sentence.found.lowered) for _, sentence in turn.sentences)
        return has_elapsed and (commitment.by_when is not None or not is_live)

    # -- what is about what ------------------------------------------------------------------

    def _about(self, clue: Clue, *, is_done: bool = False) -> Iterator[_Waiting]:
        """Yield the open commitments that a clause is about.

        Args:
            is_done: Whether the clause says that something is done, so that it speaks of what was
                promised last if it shares no word with any.
        """
        seen: set[int] = set()
        is_found = False
        for topic in sorted(clue.topics):
            for one in self._by_topic.get(topic, ()):
                if one.is_open and id(one) not in seen and one.commitment.at.utterance <= clue.at.utterance:
                    seen.add(id(one))
                    if self._shares(one, clue, is_done=is_done):
                        is_found = True
                        yield one
        if is_done and not is_found:
            yield from self._last(clue)

    def _shares(self, one: _Waiting, clue: Clue, *, is_done: bool) -> bool:
        commitment = one.commitment
        if one.about & clue.topics:
            return True
        if commitment.strong and not (is_done and not clue.strong and clue.turn - commitment.turn <= _NEAR_TURNS):
            return False
        return bool(commitment.topics & clue.topics)

    def _last(self, clue: Clue) -> list[_Waiting]:
        """Return what was promised last, if words that name none of it may say that it is done."""
        role = self.heard.parsed.utterances[clue.at.utterance].role
        near = [one for one in self._recent if one.is_open and self._may_be_done(one.commitment, clue, role)]
        outcomes = [one for one in near if one.commitment.kind is PromiseKind.OUTCOME]
        near = outcomes if outcomes and role is Role.CUSTOMER else near
        # "It went off on Monday" is no call.
        things = [one for one in near if not one.commitment.topics & _IN_PERSON]
        return (things or near)[-1:]

    def _may_be_done(self, commitment: Commitment, clue: Clue, role: Role) -> bool:
        """Whether words that name nothing of it, such as "all done", may speak of a commitment."""
        names_other = bool(clue.strong)
        is_here = commitment.at.utterance == clue.at.utterance
        if (
            commitment.watches
            or _is_before_its_day(commitment, clue.said)
            or (commitment.condition is not None and (commitment.is_uncertain or clue.turn == commitment.turn))
            or clue.turn - commitment.turn > (_NEXT_TURNS if names_other else _NEAR_TURNS)
            or (is_here and (names_other or role is Role.CUSTOMER))
        ):
            return False
        if role is Role.AGENT:
            # What is due on a day of its own is not done by the way.
            is_act = not commitment.names_time or commitment.kind is PromiseKind.ACT
            return is_act and (commitment.is_at_desk or not names_other)
        return not commitment.names_time or self._may_have_come(commitment, clue)

    def _may_have_come(self, commitment: Commitment, clue: Clue) -> bool:
        """Whether it is time for what was promised for a time."""
        due = commitment.due
        if due is None or clue.said is None:
            return commitment.is_soon or self.heard.parsed.conversation.channel not in _LIVE
        return is_after(clue.said, due.end - _EARLY) or _passed(commitment.said, clue.said, _PATIENCE)

    def _only_one(self, clue: Clue) -> list[_Waiting]:
        """Return what was promised before, if it is one thing."""
        waiting = [one for one in self._recent if one.is_open and one.commitment.turn < clue.turn]
        return waiting if len(waiting) == 1 else []

    def _clue(self, utterance: ParsedUtterance, sentence: Sentence, bounds: tuple[int, int], turn: int) -> Clue:
        """Return what a clause says."""
        start, end = bounds
        text = sentence.found.lowered
        is_all = start == 0 and end == len(text)
        topics = topics_of(sentence.found.norms if is_all else sentence.found.norms_between(start, end))
        at = utterance.span(sentence.start + start, sentence.start + len(text[:end].rstrip()))
        return Clue(at, text[start:end], topics | visits(text[start:end], sentence.found.runs), turn, self._said(utterance))

    def _clue_of_mark(self, utterance: ParsedUtterance, sentence: Sentence, mark: Mark, turn: int) -> Clue:
        """Return what the clause around a mark says; the sentence tells what it is about if it does not."""
        text = sentence.found.lowered
        bounds = says.clause_around(text, mark.start - sentence.start, mark.end - sentence.start)
        clue = self._clue(utterance, sentence, bounds, turn)
        return clue if clue.topics else replace(clue, topics=topics_of(sentence.found.norms))

    def _said(self, utterance: ParsedUtterance) -> datetime | None:
        return moment(self.heard.parsed.conversation.utterances[utterance.index].timestamp)

    def _settle(self, one: _Waiting, fate: Fate, evidence: Span) -> None:
        self._open -= one.is_open
        one.fate = fate
        one.evidence = (evidence,)

    def _settle_done(self, one: _Waiting, evidence: Span, said: datetime | None, turn: HeardTurn) -> None:
        """The agents' side says that it is done: in time, unless it is done only now and the time is over."""
        words = evidence.quote.lower()
        is_now = one.commitment.is_reply or says.ONLY_NOW.search(words) is not None or _apologises(turn)
        is_late = is_now and self._is_late(one.commitment, said) and not says.WAS_BEFORE.search(words)
        self._settle(one, Fate.BROKEN if is_late else Fate.KEPT, evidence)

    def _is_late(self, commitment: Commitment, said: datetime | None) -> bool:
        due = commitment.due
        if due is None or commitment.said is None or commitment.condition is not None:
            return False
        grace = min(_MAX_GRACE, (due.end - commitment.said) / 2)
        return is_after(said, due.end + max(grace, timedelta(0)))


def _reproaches(turn: HeardTurn) -> bool:
    return any(says.REPROACHES.search(sentence.found.lowered) for _, sentence in turn.sentences)


def _apologises(turn: HeardTurn) -> bool:
    return turn.does(("apology",)) is not None


def _is_before_its_day(commitment: Commitment, said: datetime | None) -> bool:
    """Whether what is promised for a day of its own has not come to that day yet."""
    start = commitment.due.start if commitment.due else None
    return start is not None and is_after(start.replace(hour=0, minute=0), said)


def _is_told_by_state(commitment: Commitment) -> bool:
    """Whether words that something "is so" may show it: "it is with the courier" shows no arrival."""
    return commitment.kind is PromiseKind.ACT


def _is_told_of(commitment: Commitment) -> bool:
    return commitment.is_immediate or commitment.is_reply or commitment.is_inquiry


def _overlap(one: Span, other: Span) -> bool:
    return one.utterance == other.utterance and one.start < other.end and other.start < one.end


def _stands_in(commitment: Commitment, utterance: ParsedUtterance, sentence: Sentence) -> bool:
    at = commitment.at
    return at.utterance == utterance.index and sentence.start <= at.start < sentence.end


def _passed(since: datetime | None, until: datetime | None, length: timedelta) -> bool:
    return since is not None and is_after(until, since + length)
