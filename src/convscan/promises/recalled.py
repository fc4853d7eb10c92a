"""Promises from before the conversation, or beside it, that the customer recalls as not kept.

Nobody here has seen them made. They count when the agents' side owns up to them or admits the lapse,
and not if it disputes them, shows that they were kept, or the customer takes it back.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from convscan.acts.heard import HeardTurn
from convscan.finding import Breach, Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.language.ways import Way
from convscan.promises.evidence import ASKS_AFTER, ELSEWHERE, FLATLY, TELLS_TIME, Clue, whole
from convscan.promises.times import may_say_when
from convscan.promises.topics import topics_of

RECALLED = "acts/promise-recalled"
# From the words that recall a promise to those that say what came of it, about a sentence on.
_NEAR_CHARS = 100
_WORD = re.compile("[a-z]+")
_OWNS = ("apology", "ownership")

# Who promised was none of the company.
_STRANGER = Way(
    r"\b(?:(?:nobody|no one)(?: ever)? (?:told|said)|bank|neighbou?r|friend|wife|husband|doctor|gp|brother|sister"
    r"|mum|mom|dad|son|daughter|mate|landlord"
    r"|employer|insurer|google|forecast|news|forum|reddit|internet|folder|manual|instructions|board)\b",
)
# How long it takes for everybody is no promise to this customer.
_LEAD_TIME = Way(
    r"\b(?:usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|average|estimate[sd]?|approx\w*|up to|lead time"
    r"|\d+\s?(?:-|\u2013|to)\s?\d+ (?:\w+ )?(?:days?|weeks?|hours?)"
    r"|(?:web)?site|website|homepage|faq|terms|policy|leaflet|brochure|poster|catalogue)\b",
)
# What a page or a sign shows is no promise, unless it speaks of what is to come.
_SHOWS = Way(
    r"\b(?:app|page|ticket|tracking|sign|screen|paper|label|counter|board|display)\b.{0,12}\b(?:says?|said"
    r"|shows?|showed)\b"
    r"(?!.{0,60}\b(?:will|would|by|within|deliver|delivery|arriv\w*)\b)"
    # "The letter says that I owe it", "like it says in the book": how things are.
    r"|\b(?:letter|bill|statement|notice|book|report|it) says\b(?!.{0,60}\b(?:will|would|by|within|deliver|delivery"
    r"|arriv\w*"
    r"|again|\d+ (?:\w+ )?(?:days?|weeks?|hours?)|today|tomorrow|\w+day)\b)"
    r"|\b(?:said|told (?:me|us)) (?:that )?(?:\w+ ){1,3}?(?:had|has|have|is|are|was|were|did|does|do)(?:n't| not)\b"
    # That it was done is no promise either, true or not.
    r"|\b(?:says?|said|shows?|showed|marked)(?: (?:that )?(?:it|they) (?:was|is|were|has been|had been))? (?:as )?"
    r"(?:already )?(?:delivered|shipped|sent|paid|posted|cancelled|done|closed|resolved|completed?|signed for)\b",
)
# "Could nobody have told me?" wishes for something that nobody promised.
_WISHES = Way(
    r"\b(?:could|should|might|why (?:did|does|has|have)(?:n't)?) (?:nobody|no one|someone|somebody|you|they|not)\b"
)
# "The report is due at noon" is what the customer owes, or a plan: no promise recalled.
_IS_DUE = Way(r"(?:\b(?:is|are)|'s) (?:due|scheduled|supposed|expected|meant)\b|\bstill (?:says|shows)\b")
# Recalled and kept, or only asked about.
_ON_TRACK = Way(
    r"\b(?:on track|on time|as promised thank|early|earlier than|sooner than|just (?:checking|confirming"
    r"|to confirm)|is that still|will (?:it|that|you|they|he|she) still|can you confirm|still (?:the plan|on"
    r"|happening)\?|(?<!never )(?<!not )(?<!n't )(?<!nt )kept (?:your|his|her|their)"
    r" word|and (?:you|he|she|they) did)\b",
)
_NO_PROMISE = (_ON_TRACK, _LEAD_TIME, _SHOWS, _WISHES)
_BROKEN_OUTRIGHT = Way(
    r"\b(?:broken|empty|false|failed|unkept) promises?|\bbroke (?:your|their|his|her|a) (?:promise|word)"
    r"|(?:did ?n[o']?t|never|not|failed to) (?:keep|kept|honou?r|honou?red|stick to|stuck to) (?:your|the|his|her"
    r"|their)"
    r"|\b(?:supposed|meant|due|scheduled|going) to [\w\s']{1,60}(?:yesterday|last (?:week|night|month|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday)|ago)\b"
    r"|\b(?:promised|booked|arranged|agreed|said|told)\b[^.?!]{0,80}\b(?:never|nobody|no[ -]?one|nothing|didn'?t"
    r"|hasn'?t|haven'?t|wasn'?t|weren'?t|did not|has not|have not|was not|isn'?t|still (?:no|not|waiting"
    r"|nothing)|there (?:is|was) none|there's none)\b"
    r"|\b(?:never|not|without) (?:a |the |any |got (?:a |the |my )?|had (?:a |the )?|received (?:a |the "
    r"|any )?)(?:promised|agreed) ",
)
_ADMITS_PROMISE = Way(
    r"\b(?:promised|(?<!nobody )(?<!one )(?<!not )told you|(?<!have )said (?:we|i|you|they|he|she|it|that)|we said"
    r"|i said"
    r"|(?:were|was) (?:told|promised)"
    r"|our word)\b",
)
# The agents' side knows better, keeps to what was really said, or shows that it was kept.
_DISPUTES = Way(
    r"\b(?:(?:records?|notes?|logs?|system|file|recording|transcript|tracking) (?:shows?|says?|has|have)"
    r"|we(?:'ve| have)? (?:never|not|didn't|did not|haven't) (?:promised?|announced?|said|say|told|given|give"
    r"|confirmed?)"
    # "It was sent back on 14 August": when it was done.
    r"|(?:was|were|has been|have been) (?:\w+ ){0,2}?(?:sent|paid|posted|booked|refunded|transferred|returned"
    r"|delivered"
    r"|credited|released|shipped|signed for)\b(?! (?:late|too late))[^.?!]{0,24}\b(?:on"
    r"|at) (?:the )?(?:\d[\d:.]*(?:st|nd|rd|th)?|(?:mon|tues|wednes"
    r"|thurs|fri|satur|sun)day)"
    r"|(?:will|would|'ll) have meant|estimate[sd]?|still (?:within|in time|stands|on track|on schedule)|(?:not"
    r"|isn't) due"
    r"|cannot find|can't find|no (?:such|trace|record)|that (?:was|is) (?:for|about|another|a different)"
    r"|(?:is|are|it's|they're|he's|she's) (?:on page|there\b|already|in your (?:account|inbox|spam))"
    r"|(?:we|i|he|she|they|someone|driver|engineer|technician|colleague|team) (?:did |have |had |'ve )?(?:write"
    r"|wrote|written"
    r"|call|called|ring|rang|rung|phoned|send|sent|emailed|mailed|tried|texted|visited|came|delivered|refunded"
    r"|credited|paid)"
    r"\b[^.?!]{0,40}\b(?:on (?:the|\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
    r"|at \d\S*|yesterday|this morning|last (?:week|night|\w+day)|twice|\d+ times)"
    r"|(?:was|were) (?:delivered|signed for|collected|credited|refunded|paid|sent|posted|emailed"
    r"|answered) (?:on|at|yesterday"
    r"|this|last|to))\b",
)
_CONCEDES = Way(
    r"\b(?:wrong|mistake|ashamed|late|delayed?|by accident|should have|unfortunately|fault|not|never|nobody)\b|n't\b"
)
_CONFIRMS = Way(
    r"\b(?:you(?:'re| are) (?:\w+ )?right|that(?:'s| is) (?:right|correct|true)|(?:see|found|have) (?:the|that"
    r"|your|this)"
    r" (?:promise|note|agreement|booking|arrangement)|should have|left (?:off|out)|overlooked|slipped)\b",
)
# "Engineer booked 8-12", "your man was to be back on Wednesday", "it was due on Friday": somebody was to come or send.
_APPOINTED = Way(
    r"\b(?:engineer|technician|driver|plumber|electrician|fitter|surveyor|man|lady|lad|guy|someone|somebody"
    r"|colleague|delivery"
    r"|collection|visit|nurse|courier|van|you|he|she|they)\b[^.?!]{0,30}?\b(?:(?:was|were|is|'s) )?(?:booked (?:for"
    r"|\d)|arranged for|scheduled for"
    r"|(?:was|were) (?:to|going to|gonna) (?:be|come|ring|call|phone|visit|write|e?-?mail|send|bring|collect|fix|get"
    r"|let))\b"
    r"|\b(?:was|were) (?:to be|due|meant to|supposed to)\b",
    words="booked arranged scheduled was were",
    also="booked arranged scheduled to going gonna due meant supposed",
)
# "Your man never turned up": whoever waits for him had his word.
_NO_SHOW = Way(
    r"\b(?:engineer|technician|driver|plumber|electrician|fitter|surveyor|your (?:man|lad|guy|people|crew)|mechanic"
    r"|delivery)\b"
    r"[^.?!,]{0,20}?\b(?:never|did ?n[o']?t|has ?n[o']?t|did not|has not) (?:\w+ )?(?:turn(?:ed)? up"
    r"|show(?:ed)?(?: up)?|c[ao]me|arrived?)\b",
    words="engineer technician driver plumber electrician fitter surveyor man lad guy people crew mechanic delivery",
)
# One of these is in all that tells of either.
_TELLS_PLAN = _APPOINTED.needs[0] | _NO_SHOW.needs[0]
# "It was due on Thursday" tells of a plan; whose word it was, the reply must say.
_PLAN = Way(r"\b(?:supposed|meant|due|scheduled|expected|was to|were to)\b")
_WORD_GIVEN = Way(
    r"\b(?:promis\w+|said|says|told|assured|guaranteed|agreed|confirmed|wrote|quoted|arranged|booked|(?:you|he|she"
    r"|they|someone|somebody"
    r"|engineer|technician|driver|plumber|electrician|fitter|surveyor|man|lady|lad|colleague"
    r"|nurse)\b[^.?!,]{0,20}\b(?:supposed|meant"
    r"|due|scheduled|was to|were to|was going to|were going to))\b",
)
# Promised before this conversation, or beside it.
_EARLIER = Way(
    r"\b(?:yesterday|last (?:week|night|month|time|year|monday|tuesday|wednesday|thursday|friday)|ago|(?:on|by"
    r"|over) the phone|your colleague|the (?:lady|guy|man|woman|chap|girl|agent|rep|driver|last)|someone|somebody"
    r"|when i (?:called|rang|spoke|ordered|signed|bought)"
    r"|(?:was|were|been) (?:told|promised|assured)|in writing|(?:e-?mail|letter|confirmation) (?:said"
    r"|says|promised)|in (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|twice|before|already)\b",
)
_CONTRADICTS = Way(
    r"\b(?:is|are|was|were|has|have|did|does|do|had|would|wo)n'?t\b|\b(?:is|are|was|were|has|have|did|does|do"
    r"|had) not\b|\b(?:the same|was taken|were taken|(?:was|been|got|am) (?:charged|billed)|you(?:'ve"
    r"| have) (?:taken|charged)|still|never|nothing|nobody|no one|there (?:is|was) none|there's none)\b",
)


@dataclass(slots=True)
class RecalledPromises:
    """What the customer recalls of promises from elsewhere, as the conversation goes on.

    Attributes:
        said: The words of the last customer's turn that recall a promise; None if none do.
        breaches: Those that count so far.
    """

    said: Span | None = None
    breaches: list[Breach] = field(default_factory=list)
    _about: frozenset[str] = frozenset()
    _told: Breach | None = None
    _is_outright: bool = False
    _is_only_planned: bool = False

    def hear_customer(self, turn: HeardTurn) -> None:
        """Note whether a turn of the customer recalls a promise."""
        self.said = None
        self._find(turn)
        if self.said is None:
            for utterance, sentence in turn.sentences:
                if sentence.found.is_question or _TELLS_PLAN.isdisjoint(sentence.found.runs):
                    continue
                text, runs = sentence.found.lowered, sentence.found.runs
                is_plan = _APPOINTED.stands_in(text, runs) or _NO_SHOW.stands_in(text, runs)
                if is_plan and not (_STRANGER.search(text) or _is_no_promise(text)):
                    self._recall(utterance, sentence)
                    return

    def _recall(self, utterance: ParsedUtterance, sentence: Sentence) -> None:
        self.said = whole(utterance, sentence)
        self._about = topics_of(sentence.found.norms)
        text = sentence.found.lowered
        self._is_only_planned = _PLAN.search(text) is not None and not _WORD_GIVEN.search(text)

    def _find(self, turn: HeardTurn) -> None:
        """Note the first words by which a promise is recalled outright."""
        for utterance, sentence in turn.promising(RECALLED):
            for mark in sentence.marks_of(RECALLED):
                text = sentence.found.lowered
                words = text[: mark.end - sentence.start]
                is_ours = not (_STRANGER.search(words) or _IS_DUE.search(words[mark.start - sentence.start :]))
                if is_ours and not _is_no_promise(text):
                    self._recall(utterance, sentence)
                    return

    def tell_missing(self, turn: HeardTurn, missing: Iterable[Clue]) -> None:
        """Take down, of a turn that recalls a promise, that it was not kept.

        Args:
            turn: A turn of the customer that recalls one.
            missing: What it says has not come.
        """
        if self.said is None:
            return
        passed = self._time_that_passed(turn)
        if turn.number > 1 and passed is None and not _EARLIER.search(self.said.quote.lower()):
            return  # "you said one day" speaks of this conversation, whose promises are in the ledger
        for clue in missing:
            if not ELSEWHERE.stands_in(clue.words, clue.runs) and self._speaks_of_it(clue):
                # "Where is it?" asks; that it ought to be there by now, the reply must own up to.
                asks = ASKS_AFTER.stands_in(clue.words, clue.runs) and not FLATLY.search(clue.words)
                self._told, self._is_outright = Breach(self.said, clue.at), not asks or passed is not None
                return
        if passed is not None:
            self._told, self._is_outright = Breach(self.said, passed), True
            return
        for utterance, sentence in turn.sentences:
            text = sentence.found.lowered
            is_outright = _BROKEN_OUTRIGHT.search(text) is not None
            if is_outright or _CONTRADICTS.search(text):
                self._told, self._is_outright = Breach(self.said, whole(utterance, sentence)), is_outright
                return

    def _time_that_passed(self, turn: HeardTurn) -> Span | None:
        """Return the words beside a time that was promised that tell which time it is now."""
        said = self.said
        if said is None or not may_say_when(said.quote.lower(), frozenset(_WORD.findall(said.quote.lower()))):
            return None
        for number, (utterance, sentence) in enumerate(turn.sentences):
            if whole(utterance, sentence) == said:
                near = turn.sentences[max(0, number - 1) : number + 2]
                return next((whole(u, one) for u, one in near if TELLS_TIME.search(one.found.lowered)), None)
        return None

    def _speaks_of_it(self, clue: Clue) -> bool:
        """Whether what has not come may be what was promised: near the words that recall it, or of the same thing."""
        if self.said is None:
            return False
        is_near = self.said.utterance == clue.at.utterance and clue.at.start - self.said.end <= _NEAR_CHARS
        return is_near or not clue.strong or not self._about.isdisjoint(clue.strong)

    def hear_reply(self, turn: HeardTurn) -> None:
        """Believe the customer if the agents' side apologises or owns up, and disputes nothing."""
        told, self._told = self._told, None
        if told is None and self.said is not None and turn.does(("apology",)):
            told = next((Breach(self.said, whole(*one)) for one in turn.sentences if _is_confirmed(one[1])), None)
        if told is None or any(disputes(sentence.found.lowered) for _, sentence in turn.sentences):
            return
        if self._is_only_planned:
            counts = any(_is_confirmed(one) or admits_promise(one.found.lowered) for _, one in turn.sentences)
        else:
            counts = self._is_outright or owns_up(turn)
        if counts:
            self.breaches.append(told)
            self.said = None

    def admit(self, clue: Clue) -> None:
        """Take down that the agents' side admits a lapse that no promise of this conversation explains."""
        if self.said is not None or _ADMITS_PROMISE.search(clue.words):
            self.breaches.append(Breach(self.said or clue.at, clue.at))
            self.said = self._told = None

    @property
    def awaits_admission(self) -> bool:
        """Whether a lapse that is admitted now would be of a promise that was recalled."""
        return self.said is not None


def _is_no_promise(text: str) -> bool:
    return any(one.search(text) for one in _NO_PROMISE)


def admits_promise(text: str) -> bool:
    """Whether words of the agents' side speak of a promise of theirs."""
    return _ADMITS_PROMISE.search(text) is not None


def disputes(text: str) -> bool:
    """Whether words of the agents' side say that nothing was promised, or that it was kept."""
    return _DISPUTES.search(text) is not None and not _CONCEDES.search(text)


def owns_up(turn: HeardTurn) -> bool:
    """Whether a turn of the agents' side apologises, takes the blame or says that the customer is right."""
    return turn.does(_OWNS) is not None or any(_is_confirmed(one) for _, one in turn.sentences)


def _is_confirmed(sentence: Sentence) -> bool:
    return _CONFIRMS.search(sentence.found.lowered) is not None
