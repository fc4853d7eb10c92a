"""What became of commitments: who says that they were kept or broken, and what the clock says.

One pass over the conversation. Commitments wait under what they are about; a sentence that
an act marks as evidence settles those it is about. When it is not sure which, or whether
the time has come, the commitment stays open: a false accusation is worse than a miss.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Channel, Role
from convscan.finding import Breach, Fate, Span
from convscan.language.parsed import Mark, ParsedUtterance, Sentence
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after, moment
from convscan.promises.extracting import commitments_of
from convscan.promises.topics import WEAK_TOPICS, topics_of
from convscan.rules.words import plain

_DONE, _LAPSED = "acts/has-done", "acts/admits-lapse"
_CAME, _MISSING, _RECALLED = "acts/confirms-kept", "acts/not-kept", "acts/promise-recalled"

# Commitments on one matter that a sentence can be about; of more, the last made. Keeps one pass linear.
_MAX_WAITING = 6
# A promise of minutes is not broken by the seconds that typing takes.
_MAX_GRACE = timedelta(hours=1)
# What is asked for sooner is impatience where no time was named.
_PATIENCE = timedelta(hours=20)
# Turns within which "it is done" speaks of what was promised last.
_NEAR_TURNS = 2

_EDGE = re.compile(r"[,;:.!?]\s|\s[-\u2013\u2014]\s|\s(?=(?:but|however|although|though|yet|except)\s)|\sand\s(?=(?:i|it|he|she|they|we|you|nobody|no|still|never|nothing|the|my|your|now|that|there)\b)", re.IGNORECASE)
# Words that settle it: it did not happen, not merely "not yet".
_FLATLY = re.compile(
    r"\b(?:nobody|no[ -]?one|none of you|never|did ?n[o']?t|didn'?t|failed|forgot(?:ten)?|missed|no[ -]show|stood (?:me|us) up|let (?:me|us) down|broke|ignored|without (?:a|any)"
    r"|not (?:one|a single)|no (?:call|callback|email|reply|word|show|response))\b",
    re.IGNORECASE,
)
_ASKS_AFTER = re.compile(r"\b(?:where(?:'s| is| are)|what (?:happened|about|has happened)|any (?:news|update|word|sign|progress)|when will|how (?:much longer|long))\b", re.IGNORECASE)
# It names the time that has gone by.
_ELAPSED = re.compile(
    r"\b(?:it(?:'s| is| has been|'s been)|that was|this is|been|now|already|today is|over|ago|later|overdue|passed|since|yesterday|last (?:night|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
    re.IGNORECASE,
)
# Somebody else's matter, or another of the same customer.
_ELSEWHERE = re.compile(
    r"\b(?:my (?:neighbou?r|friend|sister|brother|mother|mum|mom|dad|father|wife's|husband's|colleague|boss|son|daughter|cousin|flatmate)'?s?|other customers?|another customer|somebody else's|someone else's"
    r"|the other (?:order|parcel|account|one|refund|ticket|case|booking|item)|another (?:order|parcel|account|refund|ticket|case|booking)|(?:a )?different (?:order|parcel|account|matter|issue)|last (?:year|time)|previous (?:order|parcel|case|time))\b",
    re.IGNORECASE,
)
# Who promised was none of the company.
_STRANGER = re.compile(r"\b(?:bank|neighbou?r|friend|wife|husband|doctor|gp|brother|sister|mum|mom|dad|son|daughter|mate|landlord|employer|insurer|google|forecast|news|forum|reddit|internet|folder|manual|instructions|board)\b", re.IGNORECASE)
# Recalled and kept, or only asked about.
_ON_TRACK = re.compile(r"\b(?:on track|on time|as promised thank|early|earlier than|sooner than|just (?:checking|confirming|to confirm)|is that still|will (?:it|that|you|they|he|she) still|can you confirm|still (?:the plan|on|happening)\?|kept (?:your|his|her|their) word|and (?:you|he|she|they) did)\b", re.IGNORECASE)
_COMPLETE_BREACH = re.compile(
    r"\b(?:broken|empty|false|failed|unkept) promises?|\bbroke (?:your|their|his|her|a) (?:promise|word)|(?:did ?n[o']?t|never|not|failed to) (?:keep|kept|honou?r|honou?red|stick to|stuck to) (?:your|the|his|her|their)"
    r"|\b(?:supposed|meant|due|scheduled) to [\w\s']{1,60}(?:yesterday|last (?:week|night|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|ago)\b"
    r"|\b(?:promised|booked|arranged|agreed|said|told)\b[^.?!]{0,80}\b(?:never|nobody|no[ -]?one|nothing|didn'?t|hasn'?t|haven'?t|wasn'?t|weren'?t|did not|has not|have not|was not|isn'?t|still (?:no|not|waiting|nothing))\b"
    r"|\b(?:never|not|without) (?:a |the |any |got (?:a |the |my )?|had (?:a |the )?|received (?:a |the |any )?)(?:promised|agreed) ",
    re.IGNORECASE,
)
_ADMITS_PROMISE = re.compile(r"\b(?:promised|told you|said (?:we|i|you|they|he|she|it|that)|we said|i said|(?:were|was) (?:told|promised)|our word)\b", re.IGNORECASE)
_LIVE = frozenset({Channel.CHAT, Channel.CALL, None})
_WRITTEN = frozenset({Channel.EMAIL, Channel.TICKET, Channel.SOCIAL, Channel.CHAT, None})


@dataclass(slots=True)
class _Waiting:
    """A commitment and what is known of it so far."""

    commitment: Commitment
    fate: Fate = Fate.OPEN
    evidence: tuple[Span, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.fate is Fate.OPEN


@dataclass(frozen=True, slots=True)
class _Clue:
    """A clause that may settle something.

    Attributes:
        words: The clause.
        topics: What it is about.
        said: When it was said.
    """

    at: Span
    words: str
    topics: frozenset[str]
    turn: int
    said: datetime | None

    @property
    def strong(self) -> frozenset[str]:
        return self.topics - WEAK_TOPICS


@dataclass(slots=True)
class FateReader:
    """Reads one conversation from beginning to end and settles its commitments."""

    heard: HeardConversation
    _all: list[_Waiting] = field(default_factory=list)
    _by_topic: dict[str, list[_Waiting]] = field(default_factory=dict)
    _recent: list[_Waiting] = field(default_factory=list)
    _breaches: list[Breach] = field(default_factory=list)
    _recalled: Span | None = None

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
        return tuple(self._breaches)

    # -- the agents' side --------------------------------------------------------------------

    def _agent(self, turn: HeardTurn) -> None:
        made = list(commitments_of(turn, self.heard.parsed))
        at = 0
        for number, (utterance, sentence) in enumerate(turn.sentences):
            self._goes_on(utterance, sentence, turn, is_first=number == 0)
            if sentence.found.has_any((_LAPSED,)):
                for mark in sentence.marks_of(_LAPSED):
                    self._admitted(self._clue(utterance, sentence, mark, turn.number))
            if sentence.found.has_any((_DONE,)):
                for mark in sentence.marks_of(_DONE):
                    self._done(self._clue(utterance, sentence, mark, turn.number))
            while at < len(made) and _stands_in(made[at], utterance, sentence):
                self._wait(made[at])
                at += 1

    def _wait(self, commitment: Commitment) -> None:
        one = _Waiting(commitment)
        self._all.append(one)
        self._recent = [*(w for w in self._recent if w.is_open), one][-_MAX_WAITING:]
        for topic in commitment.topics:
            waiting = [w for w in self._by_topic.get(topic, ()) if w.is_open]
            self._by_topic[topic] = [*waiting, one][-_MAX_WAITING:]

    def _goes_on(self, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn, *, is_first: bool) -> None:
        """The agents' side speaks on: what was to be done at once is done, and what was to come by now is late."""
        said = self._said(utterance)
        for one in self._recent:
            commitment = one.commitment
            if not one.is_open or commitment.at.utterance == utterance.index:
                continue
            if commitment.is_immediate:
                self._settle(one, Fate.KEPT, utterance.span(sentence.start, sentence.end), said)
            elif is_first and commitment.is_reply and commitment.turn < turn.number and self._is_late(commitment, said):
                if self.heard.parsed.conversation.channel in _WRITTEN and "call" not in commitment.topics:
                    self._settle(one, Fate.BROKEN, utterance.span(sentence.start, sentence.end), said)

    def _done(self, clue: _Clue) -> None:
        if _ELSEWHERE.search(clue.words):
            return
        found = list(self._about(clue, lenient=True))
        if not found:
            found = [one for one in self._replies_due(clue)]
        for one in found[-1:] if not clue.strong else found:
            self._settle(one, Fate.KEPT, clue.at, clue.said)

    def _replies_due(self, clue: _Clue) -> Iterator[_Waiting]:
        """Yield promises to come back that a later turn keeps by coming back with something."""
        for one in self._recent:
            commitment = one.commitment
            if one.is_open and commitment.is_reply and clue.turn > commitment.turn and "call" not in commitment.topics:
                if _COMES_BACK.search(clue.words) or _passed(commitment.said, clue.said, _MAX_GRACE):
                    yield one

    def _admitted(self, clue: _Clue) -> None:
        found = [one for one in self._about(clue, lenient=False) if one.commitment.turn < clue.turn]
        for one in found:
            self._settle(one, Fate.BROKEN, clue.at, clue.said)
        if not found and (self._recalled is not None or _ADMITS_PROMISE.search(clue.words)):
            self._breaches.append(Breach(self._recalled or clue.at, clue.at))
            self._recalled = None

    # -- the customer ------------------------------------------------------------------------

    def _customer(self, turn: HeardTurn) -> None:
        recalled, missing = self._recalls(turn), []
        for utterance, sentence in turn.sentences:
            if not sentence.found.has_any((_CAME, _MISSING)):
                continue
            lacks = [self._clue(utterance, sentence, mark, turn.number) for mark in sentence.marks_of(_MISSING)]
            came = [self._clue(utterance, sentence, mark, turn.number) for mark in sentence.marks_of(_CAME)]
            missing += lacks
            for clue in came:
                if not any(lack.at.start < clue.at.end and clue.at.start < lack.at.end for lack in lacks):
                    self._came(clue)
        is_settled = False
        for clue in missing:
            is_settled |= self._lacks(clue, turn, recalled=recalled is not None)
        self._recalled = recalled
        if recalled is not None and not is_settled:
            is_settled = self._recalled_promise_broken(recalled, missing, turn)

    def _came(self, clue: _Clue) -> None:
        if _ELSEWHERE.search(clue.words):
            return
        for one in list(self._about(clue, lenient=True))[-1:] if not clue.strong else list(self._about(clue, lenient=True)):
            self._settle(one, Fate.KEPT, clue.at, clue.said)

    def _lacks(self, clue: _Clue, turn: HeardTurn, *, recalled: bool) -> bool:
        """Settle what a customer says has not come; return whether it was promised here."""
        if _ELSEWHERE.search(clue.words):
            return False
        found = list(self._about(clue, lenient=False))
        if not found and not clue.strong:
            waiting = [one for one in self._recent if one.is_open and one.commitment.turn < clue.turn]
            found = waiting if len(waiting) == 1 else []
        settled = False
        for one in found:
            if self._has_come_due(one.commitment, clue, turn, recalled=recalled):
                self._settle(one, Fate.BROKEN, clue.at, clue.said)
                settled = True
        return settled

    def _has_come_due(self, commitment: Commitment, clue: _Clue, turn: HeardTurn, *, recalled: bool) -> bool:
        """Whether what is missing ought to be there by now."""
        if commitment.is_immediate:
            return False
        if commitment.due is not None and clue.said is not None:
            return is_after(clue.said, commitment.due.end)
        if _ASKS_AFTER.search(clue.words) and not recalled:
            return False
        if commitment.condition is not None:
            return recalled and bool(_FLATLY.search(clue.words))
        if _FLATLY.search(clue.words) or recalled:
            return True
        if commitment.said is not None and clue.said is not None:
            return commitment.by_when is None and _passed(commitment.said, clue.said, _PATIENCE)
        has_elapsed = any(_ELAPSED.search(plain(sentence.text)) for _, sentence in turn.sentences)
        is_live = self.heard.parsed.conversation.channel in _LIVE
        return has_elapsed and (commitment.by_when is not None or not is_live)

    def _recalls(self, turn: HeardTurn) -> Span | None:
        """Return the words of a customer's turn that recall a promise of the company."""
        for utterance, sentence in turn.sentences:
            if not sentence.found.has_any((_RECALLED,)):
                continue
            for mark in sentence.marks_of(_RECALLED):
                at = utterance.span(mark.start, mark.end)
                if not _STRANGER.search(at.quote) and not _ON_TRACK.search(plain(sentence.text)):
                    return utterance.span(sentence.start, sentence.end)
        return None

    def _recalled_promise_broken(self, recalled: Span, missing: Iterable[_Clue], turn: HeardTurn) -> bool:
        for clue in missing:
            if not _ELSEWHERE.search(clue.words):
                self._breaches.append(Breach(recalled, clue.at))
                self._recalled = None
                return True
        for utterance, sentence in turn.sentences:
            if _COMPLETE_BREACH.search(plain(sentence.text)):
                self._breaches.append(Breach(recalled, utterance.span(sentence.start, sentence.end)))
                self._recalled = None
                return True
        return False

    # -- what is about what ------------------------------------------------------------------

    def _about(self, clue: _Clue, *, lenient: bool) -> Iterator[_Waiting]:
        """Yield the open commitments that a clause is about.

        Args:
            lenient: Whether "it is done" may speak of what was promised just before.
        """
        seen: set[int] = set()
        for topic in sorted(clue.topics):
            for one in self._by_topic.get(topic, ()):
                if one.is_open and id(one) not in seen and one.commitment.at.utterance <= clue.at.utterance:
                    seen.add(id(one))
                    if self._shares(one.commitment, clue, lenient=lenient):
                        yield one
        if lenient and not clue.strong and not seen:
            near = [one for one in self._recent if one.is_open and clue.turn - one.commitment.turn <= _NEAR_TURNS]
            yield from near[-1:]

    def _shares(self, commitment: Commitment, clue: _Clue, *, lenient: bool) -> bool:
        strong = commitment.topics - WEAK_TOPICS
        if strong & clue.topics:
            return True
        if strong and not (lenient and not clue.strong and clue.turn - commitment.turn <= _NEAR_TURNS):
            return False
        return bool(commitment.topics & clue.topics)

    def _clue(self, utterance: ParsedUtterance, sentence: Sentence, mark: Mark, turn: int) -> _Clue:
        text = plain(sentence.text)
        first, last = mark.start - sentence.start, mark.end - sentence.start
        start = max((edge.end() for edge in _EDGE.finditer(text, 0, first)), default=0)
        edge = _EDGE.search(text, last)
        end = edge.start() if edge else len(text)
        topics = topics_of(sentence.found.norms_between(start, end))
        if not topics:
            topics = topics_of(sentence.found.norms)
        at = utterance.span(sentence.start + start, sentence.start + len(text[:end].rstrip()))
        return _Clue(at, text[start:end], topics, turn, self._said(utterance))

    def _said(self, utterance: ParsedUtterance) -> datetime | None:
        return moment(self.heard.parsed.conversation.utterances[utterance.index].timestamp)

    def _settle(self, one: _Waiting, fate: Fate, evidence: Span, said: datetime | None) -> None:
        is_late = fate is Fate.KEPT and self._is_late(one.commitment, said)
        one.fate = Fate.BROKEN if is_late else fate
        one.evidence = (evidence,)

    def _is_late(self, commitment: Commitment, said: datetime | None) -> bool:
        due = commitment.due
        if due is None or commitment.said is None or commitment.condition is not None:
            return False
        grace = min(_MAX_GRACE, (due.end - commitment.said) / 2)
        return is_after(said, due.end + max(grace, timedelta(0)))


_COMES_BACK = re.compile(
    r"\b(?:as promised|as agreed|update|news|heard back|back to you|back with|got back|come back|came back|turns out|confirmed|confirms|replied|looked into|have (?:checked|spoken|looked|asked)|'ve (?:checked|spoken|looked|asked|now)|following up|thank(?:s| you) for (?:waiting|holding|bearing))\b",
    re.IGNORECASE,
)


def _stands_in(commitment: Commitment, utterance: ParsedUtterance, sentence: Sentence) -> bool:
    at = commitment.at
    return at.utterance == utterance.index and sentence.start <= at.start < sentence.end


def _passed(since: datetime | None, until: datetime | None, length: timedelta) -> bool:
    return since is not None and is_after(until, since + length)
