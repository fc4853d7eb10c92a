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
from convscan.finding import Breach, Fate, PromiseKind, Span
from convscan.language.parsed import Mark, ParsedUtterance, Sentence
from convscan.promises.commitment import Commitment
from convscan.promises.deadlines import is_after, moment
from convscan.promises.extracting import commitments_of
from convscan.promises.topics import WEAK_TOPICS, topics_of, visits
from convscan.rules.words import lowered, plain

_DONE, _LAPSED, _NEWS = "acts/has-done", "acts/admits-lapse", "acts/brings-news"
_CAME, _SETTLED = "acts/confirms-kept", "acts/resolved"
_MISSING, _STILL_OPEN, _RECALLED = "acts/not-kept", "acts/still-open", "acts/promise-recalled"
_PLEASED = ("acts/customer-thanks", "acts/praise", "acts/resolved")

# Commitments on one matter that a sentence can be about; of more, the last made. Keeps one pass linear.
_MAX_WAITING = 6
# A promise of minutes is not broken by the seconds that typing takes.
_MAX_GRACE = timedelta(hours=1)
# What is asked for sooner is impatience where no time was named.
_PATIENCE = timedelta(hours=20)
# Turns within which "it is done" speaks of what was promised last.
_NEAR_TURNS = 4

_EDGE = re.compile(
    r"[,;:.!?]\s|\s[-\u2013\u2014]\s|\s(?=(?:but|however|although|though|yet|except)\s)|\sand\s(?=(?:i|it|he|she"
    r"|they|we|you|nobody|no|still|never|nothing|the|my|your|now|that|there)\b)",
)
# Words that settle it: it did not happen, not merely "not yet".
_FLATLY = re.compile(
    r"\b(?:nobody|no[ -]?one|none of you|never|did ?n[o']?t|didn'?t|failed|forgot(?:ten)?|missed|no[ -]show"
    r"|stood (?:me|us) up|let (?:me|us) down|broke|ignored|silence|without (?:a|any)"
    r"|not (?:one|a single)|no (?:call|callback|email|reply|word|show|response))\b",
)
_ASKS_AFTER = re.compile(
    r"\b(?:where(?:'s| is| are)|what (?:happened|about|has happened)|any (?:news|update|word|sign|progress)"
    r"|when will|how (?:much longer|long))\b",
)
# It names the time that has gone by.
_ELAPSED = re.compile(
    r"\b(?:it(?:'s| is| has been|'s been)|that was|this is|been|now|already|today is|over|ago|later|overdue|passed"
    r"|since|yesterday|last (?:night|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
)
# Somebody else's matter, or another of the same customer.
_ELSEWHERE = re.compile(
    r"\b(?:my (?:neighbou?r|friend|sister|brother|mother|mum|mom|dad|father|wife's|husband's|colleague|boss|son"
    r"|daughter|cousin|flatmate)'?s?|other customers?|another customer|somebody else's|someone else's"
    r"|the other (?:order|parcel|account|one|refund|ticket|case|booking|item)|another (?:order|parcel|account"
    r"|refund|ticket|case|booking)|(?:a )?different (?:order|parcel|account|matter|issue)|last (?:year|time)"
    r"|previous (?:order|parcel|case|time))\b",
)
# Who promised was none of the company.
_STRANGER = re.compile(
    r"\b(?:(?:nobody|no one)(?: ever)? (?:told|said)|bank|neighbou?r|friend|wife|husband|doctor|gp|brother|sister"
    r"|mum|mom|dad|son|daughter|mate|landlord"
    r"|employer|insurer|google|forecast|news|forum|reddit|internet|folder|manual|instructions|board)\b",
)
# "The report is due at noon" is what the customer owes, or a plan: no promise recalled.
_IS_DUE = re.compile(r"(?:\b(?:is|are)|'s) (?:due|scheduled|supposed|expected|meant)\b|\bstill (?:says|shows)\b")
# Recalled and kept, or only asked about.
_ON_TRACK = re.compile(
    r"\b(?:on track|on time|as promised thank|early|earlier than|sooner than|just (?:checking|confirming"
    r"|to confirm)|is that still|will (?:it|that|you|they|he|she) still|can you confirm|still (?:the plan|on"
    r"|happening)\?|kept (?:your|his|her|their) word|and (?:you|he|she|they) did)\b",
)
_COMPLETE_BREACH = re.compile(
    r"\b(?:broken|empty|false|failed|unkept) promises?|\bbroke (?:your|their|his|her|a) (?:promise|word)"
    r"|(?:did ?n[o']?t|never|not|failed to) (?:keep|kept|honou?r|honou?red|stick to|stuck to) (?:your|the|his|her"
    r"|their)"
    r"|\b(?:supposed|meant|due|scheduled) to [\w\s']{1,60}(?:yesterday|last (?:week|night|month|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday)|ago)\b"
    r"|\b(?:promised|booked|arranged|agreed|said|told)\b[^.?!]{0,80}\b(?:never|nobody|no[ -]?one|nothing|didn'?t"
    r"|hasn'?t|haven'?t|wasn'?t|weren'?t|did not|has not|have not|was not|isn'?t|still (?:no|not|waiting"
    r"|nothing))\b"
    r"|\b(?:never|not|without) (?:a |the |any |got (?:a |the |my )?|had (?:a |the )?|received (?:a |the "
    r"|any )?)(?:promised|agreed) ",
)
_ADMITS_PROMISE = re.compile(
    r"\b(?:promised|(?<!nobody )(?<!one )(?<!not )told you|said (?:we|i|you|they|he|she|it|that)|we said|i said"
    r"|(?:were|was) (?:told|promised)"
    r"|our word)\b",
)
_LIVE = frozenset({Channel.CHAT, Channel.CALL, None})
_IN_PERSON = frozenset({"call", "contact", "visit"})
# After so long, who writes again without being asked comes back with something.
_WHILE = timedelta(minutes=30)
_MIN_NEWS_WORDS = 3
_MAX_SMALL_TALK_WORDS = 12
_SMALL_TALK = re.compile(
    r"^\W*(?:dear|hi|hello|hey)\b|\b(?:you(?:'re| are) (?:very |most )?welcome|my pleasure|have a (?:nice|great"
    r"|good|lovely)|take care|good ?bye|any ?time|no problem|thanks? (?:you )?(?:for|so)|sorry|apologi[sz]e"
    r"|i (?:fully |completely |do )?understand"
    r"|good (?:morning|afternoon|evening)|bear with|hold on|one (?:moment|sec|second|minute)|hello|anything else)\b",
)
_UNFINISHED = re.compile(
    r"\b(?:still (?:waiting|checking|looking|chasing|trying|working|no|not|haven't|with)|not (?:yet|heard)"
    r"|no (?:news|word|answer|reply|response) (?:yet|from|so)|haven't (?:heard|had|got)|hasn't (?:answered|replied"
    r"|come back|got back)"
    r"|waiting (?:for|on)|can't (?:phone|reach|get hold)|as soon as (?:i|we) (?:hear|have|know)|bear with|patien)",
)
# Comes by another way than this conversation.
_OTHER_WAY = re.compile(
    r"\b(?:(?:call|ring|phone|text|e-?mail|dm) (?:you|back)|letter|by post|in the post|a (?:call|ring|text)|sms)\b",
)
_PASSES_ON = re.compile(
    r"\b(?:transfer|connect|put(?:ting)? you through|pass(?:ing)? you|hand(?:ing)? you|get(?:ting)? (?:you )?(?:a"
    r"|my|the|our|someone|somebody) (?:colleague|manager|supervisor|human|agent|specialist|to (?:help|join)))\b",
)
_TAKES_BACK = re.compile(
    r"\b(?:how embarrassing|i(?:'m| am) (?:so )?embarrassed|my (?:mistake|bad|fault|apologies|error)|i was wrong"
    r"|i take (?:it|that) back|(?:it|they|that) (?:was|were|went) in (?:my |the )?(?:spam|junk)|found it in"
    r"|drop the complaint"
    r"|i (?:had )?(?:missed|overlooked) (?:it|your|the|that|his|her)|(?:he|she|they|you) did (?:speak|call|ring"
    r"|come|send|write|email|reply)|no wait)\b",
)
# Words of who does it at this moment, or knows that it is late.
_ONLY_NOW = re.compile(
    r"\b(?:now|just|today|finally|late|later than|delay(?:ed)?|at last|here (?:it|they) (?:is|are)|here's"
    r"|attached)\b",
)
# Goes on; no word that something is done ends it.
_WATCHES = re.compile(r"\b(?:keep (?:an eye|watching|monitoring|checking)|monitor|watch)\b")
_GLAD = re.compile(
    r"\b(?:thank\w*|thx|ta|cheers|great|super|lovely|wonderful|brilliant|perfect|good|nice|appreciate\w*|happy|yay"
    r"|fine|excellent|awesome|amazing|finally|phew|best)\b|!!|\U0001f44d|\U0001f60a",
)
_IS_THERE = re.compile(
    r"(?:\b(?:got|received|came|come|arrived|here|was|were|is|are|on|saw|seen|has|have|had|just|in|works?|working"
    r"|says|shows?|did|done|went|showed|called|rang|fixed|looks|accept\w*)\b|'s\b|\w{3,}ed\b)",
)
_NOT_YET = re.compile(
    r"\b(?:will|would|can|could|should|please|if|when|once|hope|hopefully|not|no|never|nothing|nobody|still|yet"
    r"|until|need|want|waiting|wait|looking forward|wrong|but)\b|n't\b",
)
_DENIES = re.compile(r"\b(?:never|not|no|nobody)\b|n't\b")
_OWNS = ("apology", "ownership")
# The agents' side knows better, or keeps to what was really said.
_CORRECTS = re.compile(
    r"\b(?:(?:records?|notes?|logs?|system|file|recording|transcript|tracking) (?:shows?|says?|has|have)"
    r"|we(?:'ve| have)? (?:never|not|didn't|did not|haven't) (?:promised?|announced?|said|say|told|given|give"
    r"|confirmed?)"
    r"|(?:will|would|'ll) have meant|estimate[sd]?|still (?:within|in time|stands|on track)|(?:not|isn't) due"
    r"|cannot find|can't find|no (?:such|trace|record)|that (?:was|is) (?:for|about|another|a different))\b",
)
_HAS_COME = re.compile(
    r"\b(?:got|received|came|arrived|was here|were here|called|rang|phoned|saw|turned up|showed up|fixed|works"
    r"|has been|have it|went (?:in|through|out|off)|is (?:in|back|here|gone))\b",
)
_IS_SO = re.compile(
    r"(?:\b(?:is|are|was|were|has|have|had|been|got|went|came|gave|made|put|took|found|left|did|done)\b|'s\b|'ve\b"
    r"|\w{3,}ed\b)",
)
_UNDER_WAY = re.compile(
    r"\b(?:will|would|can|could|should|shall|may|might|must|going to|gonna|if|when|once|unless|until|please"
    r"|pending|process|progress|processing|on (?:its|his|her|their|the) way|scheduled|booked|due|waiting|still"
    r"|being|yet|soon|not|no|never|nobody|delayed"
    r"|expected|sorry|apologi[sz]e|supposed|promised|understand|normally|usually|as a rule|takes?|happy|glad)\b"
    r"|'ll\b|n't\b",
)
_SHIPS = re.compile(
    r"\b(?:post|ship|dispatch|mail|send (?:you )?(?:a|the|your) (?:pack|parcel|box|letter|replacement|kit|new))\b",
)
_SHIPPING = timedelta(days=2)
_FLATLY_SENT = re.compile(r"\b(?:never|not|n't) (?:been )?(?:sent|posted|shipped|dispatched|left)\b")
# Promised before this conversation, or beside it.
_EARLIER = re.compile(
    r"\b(?:yesterday|last (?:week|night|month|time|year|monday|tuesday|wednesday|thursday|friday)|ago|(?:on|by"
    r"|over) the phone|your colleague|the (?:lady|guy|man|woman|chap|girl|agent|rep|driver|last)|someone|somebody"
    r"|when i (?:called|rang|spoke|ordered|signed|bought)"
    r"|(?:was|were|been) (?:told|promised|assured)|in writing|(?:e-?mail|letter|website|site|confirmation) (?:said"
    r"|says|promised)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|twice|before|already)\b",
)
_CONTRADICTS = re.compile(
    r"\b(?:is|are|was|were|has|have|did|does|do|had|would|wo)n'?t\b|\b(?:is|are|was|were|has|have|did|does|do"
    r"|had) not\b|\b(?:the same|was taken|were taken|(?:was|been|got|am) (?:charged|billed)|you(?:'ve"
    r"| have) (?:taken|charged)|still|never|nothing|nobody|no one)\b",
)


@dataclass(slots=True)
class _Waiting:
    """A commitment and what is known of it so far."""

    commitment: Commitment
    fate: Fate = Fate.OPEN
    evidence: tuple[Span, ...] = ()
    blamed_by_customer: bool = False

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


@dataclass(frozen=True, slots=True)
class _Told:
    """A promise from elsewhere that a customer says was not kept, before the agents' side has answered.

    Attributes:
        is_plain: Whether the customer says outright that it was not kept.
    """

    breach: Breach
    is_plain: bool


@dataclass(slots=True)
class FateReader:
    """Reads one conversation from beginning to end and settles its commitments."""

    heard: HeardConversation
    _all: list[_Waiting] = field(default_factory=list)
    _by_topic: dict[str, list[_Waiting]] = field(default_factory=dict)
    _recent: list[_Waiting] = field(default_factory=list)
    _breaches: list[Breach] = field(default_factory=list)
    _open: int = 0
    _is_blamed: bool = False
    _recalled: Span | None = None
    _told: _Told | None = None
    _pleased: bool | None = None

    def read(self) -> Iterator[tuple[Commitment, Fate, tuple[Span, ...]]]:
        """Yield every commitment with its fate and what shows it, in reading order."""
        for turn in self.heard.turns:
            if turn.role is Role.AGENT:
                self._agent(turn)
            else:
                self._customer(turn)
        if self._told is not None and self._told.is_plain:
            self._breaches.append(self._told.breach)
        for one in self._all:
            yield one.commitment, one.fate, one.evidence

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Promises made elsewhere and told to be broken; known after `read`."""
        return tuple(self._breaches)

    # -- the agents' side --------------------------------------------------------------------

    def _agent(self, turn: HeardTurn) -> None:
        made = list(commitments_of(turn, self.heard.parsed))
        self._answered(turn)
        at = 0
        heard = -1
        for utterance, sentence in turn.sentences:
            if utterance.index != heard:
                heard = utterance.index
                self._goes_on(utterance, turn)
            for mark in sentence.marks_of(_LAPSED):
                if self._open or self._recalled or _ADMITS_PROMISE.search(sentence.found.lowered):
                    self._admitted(self._clue(utterance, sentence, mark, turn.number))
            # Most sentences settle nothing, for nothing is open: they are not looked at.
            if self._open:
                for mark in sentence.marks_of(_DONE):
                    self._done(self._clue(utterance, sentence, mark, turn.number, is_clause=True))
                self._stated(utterance, sentence, turn)
            while at < len(made) and _stands_in(made[at], utterance, sentence):
                self._wait(made[at])
                at += 1

    def _answered(self, turn: HeardTurn) -> None:
        """Believe a customer's word of a promise from elsewhere, unless the agents' side corrects it at once."""
        told, self._told = self._told, None
        if told is None or any(_CORRECTS.search(sentence.found.lowered) for _, sentence in turn.sentences):
            return
        if told.is_plain or turn.does(_OWNS) is not None:
            self._breaches.append(told.breach)
            self._recalled = None

    def _wait(self, commitment: Commitment) -> None:
        one = _Waiting(commitment)
        self._open += 1
        self._all.append(one)
        self._recent = [*(w for w in self._recent if w.is_open), one][-_MAX_WAITING:]
        for topic in commitment.topics:
            waiting = [w for w in self._by_topic.get(topic, ()) if w.is_open]
            self._by_topic[topic] = [*waiting, one][-_MAX_WAITING:]

    def _goes_on(self, utterance: ParsedUtterance, turn: HeardTurn) -> None:
        """The agents' side speaks on: what was to be found out is told, and what was to come by now is late."""
        waiting = [one for one in self._recent if one.is_open and one.commitment.at.utterance < utterance.index]
        if not waiting:
            return
        said = self._said(utterance)
        first = utterance.span(*_bounds(utterance.sentences[0]))
        # What is neither looked into nor answered here is not settled by news.
        settled_by_news = any(_is_told_of(one.commitment) for one in waiting)
        news = next(filter(_tells, utterance.sentences), None) if settled_by_news else None
        for one in waiting:
            commitment = one.commitment
            if self._is_handed_over(commitment, utterance):
                self._settle(one, Fate.KEPT, first)
            elif commitment.is_reply and commitment.turn < turn.number and self._is_overdue_here(commitment, said):
                self._settle(one, Fate.BROKEN, first)
            elif commitment.is_immediate:
                self._settle(one, Fate.KEPT, utterance.span(*_bounds(news)) if news else first)
            elif (
                news
                and self._is_kept_by_news(commitment, news, said)
                and not _UNFINISHED.search(lowered(plain(utterance.text)))
            ):
                self._settle_done(one, utterance.span(*_bounds(news)), said)

    def _is_kept_by_news(self, commitment: Commitment, news: Sentence, said: datetime | None) -> bool:
        if commitment.is_reply:
            if (
                _OTHER_WAY.search(commitment.at.quote.lower())
                and self.heard.parsed.conversation.channel is not Channel.EMAIL
            ):
                return False
            return news.found.has_any((_DONE, _NEWS)) or _passed(commitment.said, said, _WHILE)
        return commitment.is_inquiry

    def _is_handed_over(self, commitment: Commitment, utterance: ParsedUtterance) -> bool:
        """Whether a customer who was to be passed on speaks with somebody else now."""
        agent = self.heard.parsed.agent_of(utterance.index)
        return agent is not None and agent != commitment.agent and bool(_PASSES_ON.search(commitment.at.quote.lower()))

    def _is_overdue_here(self, commitment: Commitment, said: datetime | None) -> bool:
        """Whether an answer that was to come here comes too late."""
        return (
            "call" not in commitment.topics
            and not _OTHER_WAY.search(commitment.at.quote.lower())
            and self._is_late(commitment, said)
        )

    def _done(self, clue: _Clue) -> None:
        if _DENIES.search(clue.words) or _ELSEWHERE.search(clue.words):
            return
        found = list(self._about(clue, lenient=True))
        for one in found[-1:] if not clue.strong else found:
            self._settle_done(one, clue.at, clue.said)

    def _stated(self, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn) -> None:
        """The agents' side states, in whatever words, that what was promised is so."""
        text, topics = sentence.found.lowered, self._open_topics(sentence)
        if not topics or sentence.found.is_question:
            return
        if not _IS_SO.search(text) or _UNDER_WAY.search(text) or _ELSEWHERE.search(text):
            return
        clue = _Clue(utterance.span(*_bounds(sentence)), text, topics, turn.number, self._said(utterance))
        for one in list(self._about(clue, lenient=False)):
            if one.commitment.at.utterance < utterance.index:
                self._settle_done(one, clue.at, clue.said)

    def _admitted(self, clue: _Clue) -> None:
        found = [one for one in self._about(clue, lenient=False) if one.commitment.at.utterance < clue.at.utterance]
        if not found and not clue.strong:
            waiting = [one for one in self._recent if one.is_open and one.commitment.turn < clue.turn]
            found = waiting if len(waiting) == 1 else []
        for one in found:
            if one.commitment.due is None or clue.said is None or is_after(clue.said, one.commitment.due.end):
                self._settle(one, Fate.BROKEN, clue.at)
        if not found and (self._recalled is not None or _ADMITS_PROMISE.search(clue.words)):
            self._breaches.append(Breach(self._recalled or clue.at, clue.at))
            self._recalled = self._told = None

    # -- the customer ------------------------------------------------------------------------

    def _customer(self, turn: HeardTurn) -> None:
        recalled, missing = self._recalls(turn), []
        self._recalled = recalled
        if not (self._open or recalled or self._has_reproach):
            return
        self._pleased = None
        for utterance, sentence in turn.sentences:
            if self._has_reproach and _TAKES_BACK.search(sentence.found.lowered):
                self._taken_back(utterance.span(*_bounds(sentence)))
            if not (self._open or recalled):
                continue
            lacks = [
                self._clue(utterance, sentence, mark, turn.number) for mark in _marks(sentence, (_MISSING, _STILL_OPEN))
            ]
            missing += lacks
            for mark in _marks(sentence, (_CAME, _SETTLED)):
                clue = self._clue(utterance, sentence, mark, turn.number, is_clause=True)
                if not any(lack.at.start < clue.at.end and clue.at.start < lack.at.end for lack in lacks):
                    self._came(clue)
            if self._open and not lacks:
                self._seen(utterance, sentence, turn)
        is_settled = False
        for clue in missing:
            is_settled |= self._lacks(clue, turn, recalled=recalled is not None)
        if recalled is not None and not is_settled:
            self._recalled_promise_broken(recalled, missing, turn)

    def _is_pleased(self, turn: HeardTurn) -> bool:
        """Whether a customer's turn is, looked at once a turn."""
        if self._pleased is None:
            self._pleased = any(_is_pleased(sentence) for _, sentence in turn.sentences)
        return self._pleased

    def _seen(self, utterance: ParsedUtterance, sentence: Sentence, turn: HeardTurn) -> None:
        """A customer who is pleased, or says that it came, tells that what was promised is there."""
        text, topics = sentence.found.lowered, self._open_topics(sentence)
        if not topics or sentence.found.is_question or not (_HAS_COME.search(text) or self._is_pleased(turn)):
            return
        if not _IS_THERE.search(text) or _NOT_YET.search(text) or _ELSEWHERE.search(text):
            return
        at = utterance.span(*_bounds(sentence))
        clue = _Clue(at, text, topics, turn.number, self._said(utterance))
        for one in list(self._about(clue, lenient=False)):
            self._settle(one, Fate.KEPT, clue.at)

    @property
    def _has_reproach(self) -> bool:
        return bool(self._breaches) or self._is_blamed

    def _taken_back(self, words: Span) -> None:
        """The customer sees that it was kept after all."""
        self._breaches.clear()
        for one in self._all:
            if one.fate is Fate.BROKEN and one.blamed_by_customer:
                one.fate, one.evidence = Fate.KEPT, (words,)

    def _came(self, clue: _Clue) -> None:
        if _ELSEWHERE.search(clue.words):
            return
        for one in (
            list(self._about(clue, lenient=True))[-1:] if not clue.strong else list(self._about(clue, lenient=True))
        ):
            self._settle(one, Fate.KEPT, clue.at)

    def _lacks(self, clue: _Clue, turn: HeardTurn, *, recalled: bool) -> bool:
        """Settle what a customer says has not come; return whether it was promised here."""
        if _ELSEWHERE.search(clue.words):
            return False
        found = list(self._about(clue, lenient=False))
        waiting = [one for one in self._recent if one.is_open and one.commitment.turn < clue.turn]
        if not found and not clue.strong:
            found = waiting if len(waiting) == 1 else []
        if not found and not _ASKS_AFTER.search(clue.words):
            # "It is half three and still withdrawn": in other words, but the clock says what is meant.
            found = [one for one in waiting if self._is_late(one.commitment, clue.said)]
        settled = False
        for one in found:
            if one.is_open and self._has_come_due(one.commitment, clue, turn, recalled=recalled):
                self._settle(one, Fate.BROKEN, clue.at)
                one.blamed_by_customer = self._is_blamed = True
                settled = True
        return settled

    def _has_come_due(self, commitment: Commitment, clue: _Clue, turn: HeardTurn, *, recalled: bool) -> bool:
        """Whether what is missing ought to be there by now."""
        is_flat = _FLATLY.search(clue.words) is not None
        if commitment.due is not None and clue.said is not None and not commitment.is_immediate:
            posted = _SHIPS.search(commitment.at.quote.lower()) and not _FLATLY_SENT.search(clue.words)
            return is_after(clue.said, commitment.due.end + (_SHIPPING if posted else timedelta(0)))
        if commitment.is_immediate or (_ASKS_AFTER.search(clue.words) and not recalled):
            return False
        if commitment.condition is not None:
            return recalled and is_flat
        return is_flat or recalled or self._seems_over(commitment, clue, turn)

    def _seems_over(self, commitment: Commitment, clue: _Clue, turn: HeardTurn) -> bool:
        """Whether time enough has passed for "still nothing" to be more than impatience."""
        if commitment.said is not None and clue.said is not None:
            return commitment.by_when is None and _passed(commitment.said, clue.said, _PATIENCE)
        is_live = self.heard.parsed.conversation.channel in _LIVE
        if not is_live and commitment.by_when is not None and commitment.by_when.is_concrete:
            return True
        has_elapsed = any(_ELAPSED.search(sentence.found.lowered) for _, sentence in turn.sentences)
        return has_elapsed and (commitment.by_when is not None or not is_live)

    def _recalls(self, turn: HeardTurn) -> Span | None:
        """Return the words of a customer's turn that recall a promise of the company."""
        for utterance, sentence in turn.sentences:
            for mark in sentence.marks_of(_RECALLED):
                text = sentence.found.lowered
                words = text[: mark.end - sentence.start]
                is_ours = not (_STRANGER.search(words) or _IS_DUE.search(words[mark.start - sentence.start :]))
                if is_ours and not _ON_TRACK.search(text):
                    return utterance.span(*_bounds(sentence))
        return None

    def _recalled_promise_broken(self, recalled: Span, missing: Iterable[_Clue], turn: HeardTurn) -> None:
        """Take down a promise from elsewhere that the customer says was not kept."""
        if turn.number > 1 and not _EARLIER.search(recalled.quote.lower()):
            return  # "you said one day" speaks of this conversation, whose promises are in the ledger
        for clue in missing:
            if not _ELSEWHERE.search(clue.words):
                self._told = _Told(Breach(recalled, clue.at), is_plain=True)
                return
        for utterance, sentence in turn.sentences:
            is_plain = _COMPLETE_BREACH.search(sentence.found.lowered) is not None
            if is_plain or _CONTRADICTS.search(sentence.found.lowered):
                self._told = _Told(Breach(recalled, utterance.span(*_bounds(sentence))), is_plain=is_plain)
                return

    # -- what is about what ------------------------------------------------------------------

    def _open_topics(self, sentence: Sentence) -> frozenset[str]:
        """Return what a sentence is about; nothing if no commitment was about any of it."""
        topics = topics_of(sentence.found.norms)
        if "visit" not in self._by_topic and topics.isdisjoint(self._by_topic):
            return frozenset()
        return topics | visits(sentence.found.lowered)

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
        # "Saved and sent" at the beginning of the next message says that it is done, whatever it was.
        if lenient and not seen and (not clue.strong or clue.at.start == 0):
            nearness = _NEAR_TURNS if not clue.strong else 0
            near = [one for one in self._recent if one.is_open and clue.turn - one.commitment.turn <= nearness]
            near = [one for one in near if clue.at.utterance > one.commitment.at.utterance or not clue.strong]
            role = self.heard.parsed.utterances[clue.at.utterance].role
            near = [one for one in near if self._may_be_done(one.commitment, clue, role)]
            outcomes = [one for one in near if one.commitment.kind is PromiseKind.OUTCOME]
            near = outcomes if outcomes and role is Role.CUSTOMER else near
            # "It went off on Monday" is no call.
            things = [one for one in near if not one.commitment.topics & _IN_PERSON]
            yield from (things or near)[-1:]

    def _may_be_done(self, commitment: Commitment, clue: _Clue, role: Role) -> bool:
        """Whether words that name nothing, such as "all done", may speak of a commitment."""
        if _WATCHES.search(commitment.at.quote.lower()):
            return False
        if commitment.by_when is None or not commitment.by_when.is_concrete:
            return True
        # What is due on a day of its own is not done by the way.
        if role is Role.CUSTOMER:
            return _passed(commitment.said, clue.said, _PATIENCE)
        return commitment.kind is PromiseKind.ACT

    def _shares(self, commitment: Commitment, clue: _Clue, *, lenient: bool) -> bool:
        strong = commitment.topics - WEAK_TOPICS
        if strong & clue.topics:
            return True
        if strong and not (lenient and not clue.strong and clue.turn - commitment.turn <= _NEAR_TURNS):
            return False
        return bool(commitment.topics & clue.topics)

    def _clue(
        self, utterance: ParsedUtterance, sentence: Sentence, mark: Mark, turn: int, *, is_clause: bool = False
    ) -> _Clue:
        """Return what a mark says.

        Args:
            is_clause: Whether only its clause tells what it is about: "Here it is" is about nothing new.
        """
        text = sentence.found.lowered
        first, last = mark.start - sentence.start, mark.end - sentence.start
        start = max((edge.end() for edge in _EDGE.finditer(text, 0, first)), default=0)
        edge = _EDGE.search(text, last)
        end = edge.start() if edge else len(text)
        topics = topics_of(sentence.found.norms_between(start, end)) | visits(text[start:end])
        if not topics and not is_clause:
            topics = topics_of(sentence.found.norms)
        at = utterance.span(sentence.start + start, sentence.start + len(text[:end].rstrip()))
        return _Clue(at, text[start:end], topics, turn, self._said(utterance))

    def _said(self, utterance: ParsedUtterance) -> datetime | None:
        return moment(self.heard.parsed.conversation.utterances[utterance.index].timestamp)

    def _settle(self, one: _Waiting, fate: Fate, evidence: Span) -> None:
        self._open -= one.is_open
        one.fate = fate
        one.evidence = (evidence,)

    def _settle_done(self, one: _Waiting, evidence: Span, said: datetime | None) -> None:
        """The agents' side says that it is done: in time, unless it is done only now and the time is over."""
        is_told_here = one.commitment.is_reply or _ONLY_NOW.search(evidence.quote.lower()) is not None
        is_late = is_told_here and self._is_late(one.commitment, said)
        self._settle(one, Fate.BROKEN if is_late else Fate.KEPT, evidence)

    def _is_late(self, commitment: Commitment, said: datetime | None) -> bool:
        due = commitment.due
        if due is None or commitment.said is None or commitment.condition is not None:
            return False
        grace = min(_MAX_GRACE, (due.end - commitment.said) / 2)
        return is_after(said, due.end + max(grace, timedelta(0)))


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence of the agents' side says something of the matter."""
    found = sentence.found
    if found.is_question or len(found.norms) < _MIN_NEWS_WORDS:
        return False
    # In a call one sentence may hold a greeting and all that follows.
    return len(found.norms) > _MAX_SMALL_TALK_WORDS or not _SMALL_TALK.search(found.lowered)


def _is_told_of(commitment: Commitment) -> bool:
    return commitment.is_immediate or commitment.is_reply or commitment.is_inquiry


def _is_pleased(sentence: Sentence) -> bool:
    return sentence.found.has_any(_PLEASED) or _GLAD.search(sentence.found.lowered) is not None


def _bounds(sentence: Sentence) -> tuple[int, int]:
    return sentence.start, sentence.end


def _marks(sentence: Sentence, owners: tuple[str, ...]) -> Iterator[Mark]:
    """Yield the marks of some acts that stand in a sentence."""
    for owner in owners:
        yield from sentence.marks_of(owner)


def _stands_in(commitment: Commitment, utterance: ParsedUtterance, sentence: Sentence) -> bool:
    at = commitment.at
    return at.utterance == utterance.index and sentence.start <= at.start < sentence.end


def _passed(since: datetime | None, until: datetime | None, length: timedelta) -> bool:
    return since is not None and is_after(until, since + length)
