"""Find commitments in the words of the agents' side.

The act `commitment` marks where one may begin; only sentences that hold it are looked at.
What patterns cannot see is decided here: how far a commitment reaches, on what it depends,
by when it is due, and what only looks like one (a question, an embedded "when you will
receive it", a step of instructions).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from convscan.acts.heard import HeardTurn
from convscan.finding import Deadline, Span
from convscan.language.parsed import Mark, ParsedConversation, ParsedUtterance, Sentence
from convscan.language.ways import Way
from convscan.promises.beginnings import Beginning, beginnings
from convscan.promises.commitment import OWN_SUBJECT, Commitment
from convscan.promises.deadlines import Interval, moment
from convscan.promises.times import TimeWords, find_times, may_say_when

OWN, OTHERS = "acts/commitment", "acts/commitment-of-others"

# What a commitment ends before: the next thought. A run-on sentence of a call has no comma.
# Any of it begins with one of a few signs, which stand first so that only at these is the rest tried.
_END = Way(
    r"[;?!:,\s](?:(?<=[;?!\n])|(?<=:)\s|(?<=\s)(?:[-\u2013\u2014]\s|(?=so (?:i|we|you|that|please|it)\b))"
    r"|(?:(?<=\s)|(?<=,)\s)(?=(?:but|because|however|although|though|otherwise|meanwhile|whereas|please|kindly"
    r"|thank you|thanks|sorry|okay|ok"
    r"|can you|could you|would you|do you|did you|are you|is there|is that|have you|does that|may i"
    r"|if you have (?:any|another)"
    r"|if there is|in the meantime|and (?:please|if you|you can|thank|sorry|i'm sorry|i am sorry|if|once|when"
    r"|as soon))\b)"
    r"|(?<=,)\s(?=(?:i|we|you|he|she|they|it|this|that|so|which|who|as|since|though|while|is|sir|madam|ma'am|and i"
    r"|and we|and you|and it)\b))",
)
_TRAILING_SIGNS = " ,;:.!?-\u2013\u2014("
_TRAILING_WORDS = ("and", "so", "then", "or", "but", "also", "because")
_TRAILING = Way(
    r"[\s,;:.!?\-\u2013\u2014(]+$|[\s,]+(?:and|so|then|or|but|also|and then|because)$",
)
# "when you will receive it", "told you we will": part of another statement, not a commitment now.
_EMBEDDED = Way(
    r"(?:\b(?:when|how|where|whether|why|if|until|till|once|before|after|than|whatever|unless|while|the (?:time"
    r"|day|date|moment)"
    r"|(?:told|promised|assured|informed) (?:you|me|us|him|her|them)(?: that)?|(?:said|says|states?|stated|thought"
    r"|thinks?|hop(?:ed?|ing)|wish|guess)(?: that)?"
    r"|what|which|as soon as|so long as|as|nor)\s+(?:\w+\s+)?)$",
    words=(
        "when how where whether why if until till once before after than whatever unless while time day date "
        "moment told promised assured informed said says state states stated thought think thinks hope hoped "
        "hoping wish guess what which as nor"
    ),
)
# "I booked it for the wrong block": what went wrong.
_PAST_ARRANGED = r"(?:i|we)(?: have|'ve)? (?:booked|scheduled|arranged|set|asked|got|put)\b[^.?!]{0,30}\bwrong\b"
# "The moment it goes through": on what another hangs.
_AT_THE_MOMENT = r"the (?:moment|minute|second|day|time|week) (?:i|we|you|he|she|it|they|the|your)\b"
# "Christmas comes tomorrow", "the price is going up": nobody's act.
_COMES_ABOUT = (
    "christmas easter eid diwali ramadan hanukkah halloween holiday holidays weekend summer winter autumn season term"
    " rain snow storm storms sun wind frost fog thunder hail weather tide deadline price prices fare fares fee fees"
    " rate rates cost costs rent rents tariff tariffs premium premiums interest tax taxes year exam exams election"
    " elections eclipse moon life"
)
_BY_ITSELF = Way(
    rf"\b(?:{'|'.join(_COMES_ABOUT.split())})(?: (?:of|for|in|on)(?: [\w-]+){{1,2}})?(?:'(?:s|ll|re))?"
    r"(?: (?:is|are|will|shall|now|also|just|going|to)){0,4}"
    r" (?:comes?|coming|go|goes|going|follows?|arrives?|starts?|returns?|rises?|rising|increases?|falls?|falling|drops?"
    r"|changes?|ends?|begins?|gets)\b",
    words=_COMES_ABOUT,
)
_DO_IS = Way(
    r"\b(?:do|be doing)(?: (?:here|now|today|for you|next|then))* is\b",
    words="do doing",
)
_WISHES = Way(
    r"\b(?:with (?:any |a bit of )?luck|fingers crossed)\b[\w\s,]{0,20}$",
    words="luck fingers",
)
_THEN = Way(r"\b(?:until|till|before|after|since) (?:then|that)\W*$")
_DO_IS_CHARS = 16
_BEFORE_CHARS = 80
# "Do you know if it will arrive?"
_ASKS = Way(
    r"^\W*(?:(?:so|and|or|ok|okay|but|well|sorry)\W+)?(?:do|does|did|can|could|would|will|is|are|was|were|shall"
    r"|should|has|have|may|what|when|where|which|who|why|how)\b",
)
_SELF = Way(r"\b(?:and|so|then|,)\s(?:then\s)?(?:i|we|our|someone)\b")
# "Press the button and it will start": what a thing does, not what the company does.
_INSTRUCTS = Way(
    r"(?:^|\b(?:please|just|then|and|to|you can|if you|once you|when you|now)\s)(?:click|press|tap|hold|select"
    r"|open|go to|turn|unplug|plug|restart|reboot"
    r"|enter|choose|hit|log|sign|download|install|reinstall|pull|push|twist|type|scan|swipe|switch|reset|delete"
    r"|uninstall|update|set|tick|run)\b",
)
_THING = Way(r"^(?:it|this|that|they|you|these|those|everything)\b")
_CONDITION = Way(
    r"\b(?:if|once|when|whenever|unless|provided|providing|assuming|as soon as|as long as|should you|subject to"
    r"|pending"
    r"|(?:on|upon|after) receipt|upon|the (?:moment|minute|second|day) (?:i|we|you|it|he|she"
    r"|they|your|the)|with (?:it|that|this|them|both) in hand|while you wait|depending on|in case|after (?:we"
    r"|you|i|they|it|he|she|the|your|that|this|our|payment))\b",
    words=(
        "if once when whenever unless provided providing assuming soon long should subject pending receipt "
        "upon moment minute second day hand while depending case after"
    ),
)
_NO_CONDITION = Way(
    r"(?:as soon as (?:possible|(?:i|we|they|he|she) can|i am able|we are able|you like)|as soon as they can"
    r"|if (?:possible|needed|necessary|required|i can|we can|not|so|anything|any"
    r"|you (?:have|need|want|like|wish)(?: to)? (?:any|anything|further|more|another|something)|that(?:'s"
    r"| is) (?:ok|okay|alright|all right|fine)|you don't mind|you do not mind"
    r"|you like|you prefer|you wish|there(?:'s| is) anything)|when (?:possible|i can|we can)|whenever you"
    r"|when it comes|unless (?:otherwise|something)"
    r"|once (?:again|more|and|an?|per|in))\b|once,",
)
# "check if it left", "see when it ships": a question that is looked into.
_INQUIRES = Way(
    r"\b(?:check|see|ask|find out|confirm|verify|wonder|look|determine|investigate|establish|tell you|sure"
    r"|find)\b[\w\s']{0,30}$",
)
_TIME_OF_PAST = Way(
    r"\b(?:from|of|since|dated|back to(?: the)?|placed|ordered on|made on|your|last|on your|in your|the order"
    r"|before)\s+$",
)
_DUE = Way(
    r"^(?:by|within|before|in|until|no later|on|at|between|from|first|later|this|next|over)\b",
)
_TIME_ALONE = Way(
    r"^\W*(?:(?:that|it|this)(?:'s| is| will be| should be)?|hopefully|probably|definitely|usually|at the latest"
    r"|around|about|latest|say)?\W*$",
)
_MAX_TIME_ALONE_WORDS = 8
_OPENING = Way(
    r"(?:\W*\b(?:and|so|then|but|ok|okay|well|right|hopefully|yes|sure|great|also|for|on|at|thanks|again|the"
    r"|latest)\b)*\W*",
)
_MAX_BETWEEN_WORDS = 3

_PAUSE = Way(
    r"[,;:\s](?:(?<=[,;:])\s+(?:and\s|so\s|then\s)?"
    r"|(?<=\s)(?:but|because|if|when|that|and)\s(?=(?:i|we|he|she|they|you|it|someone)\b))",
)
_SUBJECT = Way(
    r"\b(?:your|the|our|a|an|my|this|that|his|her|their|any|one of)\s(?:(?!and\b|or\b)[\w'-]+\s){0,3}$",
)
_PRONOUN = Way(
    r"(?:i|we|ill|well|you|he|she|it|they|this|that|these|those|who|and|then|let|lemme|everything|someone|somebody"
    r"|all|both|one|just|give|bear|hold|hang)\b",
)
# "It took one minute", "at the moment".
_LASTS = Way(
    r"\b(?:in|for|this|every|last|took|takes|at|a|an|put|within|only|about|than|not)\s+(?:the\s)?$",
)
# A second act of the same hand.
_AND_DO = Way(
    r",?\s(?:and|then|and then|and also)\s(?:i'll\s|also\s|then\s|personally\s)?(?P<verb>(?:tell|write|send|drop"
    r"|call|ring|phone|e-?mail|text|let|ask|update|reply|refund|credit|book|arrange|order"
    r"|check|post|pay|put|make sure|pass|confirm|follow up|keep you|have (?:it|them|him|her|someone|somebody)"
    r"|come back|get back|bring|collect|raise|chase|add|remove|waive|cancel|replace|issue|forward|give (?:you|him"
    r"|her|them))\s)",
    words="and then",
)
_LOOKS_FIRST = Way(
    r"\b(?:check|look|see|find out|have a (?:look|word|think)|go|investigate|read|ask around|chat|speak|talk"
    r"|try)\b[\w\s']{0,24}$|\bcall (?!you)[\w\s]{0,24}$",
)
# "I'll ask you a few questions", "I'll show you how": what is said next, no promise.
_SPEAKS = (
    r"(?:i|we|i am|we are|i'm|we're)(?:'ll| will| shall| going to| gonna)?\s(?:\w+ly\s|just\s|also\s"
    r"|now\s)?(?:ask you\b|tell you (?:what|that|how|why|honestly|now)|leave you (?:to|with)|get you (?:to|started)"
    r"|start (?:by|with)|show you (?:how|where|what)|take you through|take your (?:order|details|name|number|word)"
    r"|use (?:this|that) (?:chance|opportunity)|have you\s*(?:$|[.?!]))"
)
_NO_ACT = Way(f"{_SPEAKS}|{_AT_THE_MOMENT}|{_PAST_ARRANGED}")
# "That'll have been the cleaner": what must have happened, not what will.
_SUPPOSES = Way(
    r"(?!(?:i|we)\b)[\w\s']{2,30}?(?:'ll| will) (?:\w+ly )?have (?:been|had|gone|come|got|\w+ed)\b"
    r"(?!.{0,60}\b(?:by|in|within|tomorrow|tonight|before)\b)",
    words="have",
)
_FUTURE = Way(
    r"\b(?:will|shall|should|going to|gonna|due to|set to|scheduled|expected|booked|arranged|pencilled|lined"
    r"|confirmed|way|guaranteed|follow)|'ll\b|won't",
)
_GOES_ON = Way(r"(?:\b(?:is|are)|'s|'re) (?:\w+ )?\w+ing\b")
_PART_OF_DAY = Way(r"in the (?:morning|afternoon|evening)")
_STATE = Way(
    r"\b(?:will|shall|going to|'ll)(?: be) (?:\w+ly )?(\w+)$",
    words="be",
)
_PARTICIPLE = Way(
    r"\w+(?:ed|en|nt|pt|ld|id|ut|ght|own)|done|gone|back|ready|live|working|running|up|open|free|out|over|made"
    r"|won|met|cut|set|put|here|there|with|at|on|in|off",
)
# "I come on Thursday": a plan only if a time or a condition is named.
# "shall i call you tomorrow" has no question mark in a call.
_OFFERS = Way(
    r"\b(?:shall|should|can|could|may|might|would|do|did|must|have|want me that|to)\s+(?:just\s|also\s)?$",
)
_YOU_HAVE = Way(r"you (?:get|have)\b")
_IS_PRESENT = Way(
    r"you (?:get|have)\b|(?:i|we)\s(?:come|call|ring|phone|send|bring|replace|refund|write|post|mail|ask|book"
    r"|order|fix|check|look|pass|cancel|change|tell|transfer|forward|arrange|collect|deliver|visit|credit|put|let"
    r"|get|text"
    r"|e-?mail|repair|file|drop|add|take|make|do|grind|give|exchange|swap|cover|waive|pay)\b",
)
_HOLD = Way(
    r"^(?:bear with|hold|hang on|one (?:moment|minute|second|sec|sec\w*)|(?:just )?a (?:moment|minute|second|sec"
    r"|bit)|give me"
    r"|leave)\b"
)


def commitments_of(turn: HeardTurn, parsed: ParsedConversation) -> Iterator[Commitment]:
    """Yield the commitments of a turn of the agents' side, in reading order."""
    may_be_marked = OWN in turn.possible or OTHERS in turn.possible
    for number, (utterance, sentence) in enumerate(turn.sentences):
        marks = _beginnings(sentence) if may_be_marked else ()
        by_form = _by_form(sentence, marks)
        if marks or by_form:
            following = turn.sentences[number + 1][1] if number + 1 < len(turn.sentences) else None
            if following is not None and turn.sentences[number + 1][0] is not utterance:
                following = None
            yield from _Reading(turn.number, utterance, sentence, following, parsed).commitments(marks, by_form)


@dataclass(slots=True)
class _Head:
    """The first words of what may be a commitment, `[start, end)` in its sentence.

    Attributes:
        pauses: Behind which places inside a new clause begins.
        is_others: Whether it is somebody else than who speaks that acts.
        is_whole: Whether it was found by its form, so that its subject is part of it and it says all that it needs.
    """

    start: int
    end: int
    words: str
    pauses: list[int]
    is_others: bool
    is_whole: bool = False


class _Reading:
    """One sentence that holds the beginning of a commitment, or several."""

    def __init__(
        self,
        turn: int,
        utterance: ParsedUtterance,
        sentence: Sentence,
        following: Sentence | None,
        parsed: ParsedConversation,
    ) -> None:
        self._turn = turn
        self._utterance = utterance
        self._sentence = sentence
        self._following = following
        self._parsed = parsed
        self._text = sentence.found.lowered
        self._runs = sentence.found.runs
        said = parsed.conversation.utterances[utterance.index].timestamp
        self._said = moment(said)

    def commitments(self, marks: Sequence[Mark], by_form: Sequence[Beginning]) -> Iterator[Commitment]:
        """Yield what is committed to where commitments may begin.

        Args:
            marks: What the acts mark.
            by_form: Beginnings elsewhere in the sentence that are known by their form.
        """
        heads = [self._head(mark) for mark in marks]
        if by_form:
            heads = sorted((*heads, *map(self._head_by_form, by_form)), key=lambda head: head.start)
        heads = [head for head in heads if self._is_meant(head, is_last=head is heads[-1])]
        if not heads:
            return
        heads = _without_holding(heads)
        times = _times_in(self._sentence)
        before = 0
        inherited: Span | None = None
        bounds = [*map(self._begin, heads), len(self._text)]
        for head, (start, limit) in zip(heads, pairwise(bounds), strict=True):
            end = self._end(min(head.end, limit), limit)
            leading, trailing = (before, start), (head.end, end)
            condition = self._condition(leading, (start, end)) or (
                inherited if _joins(self._text[before:start]) else None
            )
            when = self._time(times, leading, trailing, condition, is_last=limit == len(self._text))
            before, inherited = end, condition
            if self._is_only_planned(head, start):
                depends = condition is not None and not _YOU_HAVE.match(self._text, start)
                if not depends and not (when and _is_once(head, when[0])):
                    continue
            second = self._second(head, start, end)
            if second is None:
                yield self._commitment(start, end, when, condition)
                continue
            first_end, second_start = second
            own = self._time(times, leading, (trailing[0], first_end), condition, is_last=False)
            yield self._commitment(start, first_end, own, condition)
            is_last = limit == len(self._text)
            when = self._time(times, (second_start, second_start), (second_start, end), condition, is_last=is_last)
            yield self._commitment(second_start, end, when, condition)

    def _head(self, mark: Mark) -> "_Head":
        start, end = mark.start - self._sentence.start, mark.end - self._sentence.start
        pauses = [pause.end() for pause in _PAUSE.finditer(self._text, start, end)]
        return _Head(start, end, self._text[start:end], pauses, is_others=mark.owner == OTHERS)

    def _head_by_form(self, one: Beginning) -> "_Head":
        words = self._text[one.start : one.end]
        return _Head(one.start, one.end, words, [], one.is_others, is_whole=True)

    def _is_meant(self, head: "_Head", *, is_last: bool) -> bool:
        """Whether the words commit, here and now."""
        start, end, words = head.start, head.end, head.words
        if _DO_IS.may_stand_among(self._runs) and _DO_IS.search(self._text, start, end + _DO_IS_CHARS):
            return is_last  # "what I'll do is I'll call them": the second says it
        # What a commitment is part of stands right before it.
        before = self._text[max(0, start - _BEFORE_CHARS) : start]
        if _BY_ITSELF.may_stand_among(self._runs) and _BY_ITSELF.search(self._text, self._begin(head), end):
            return False
        if self._is_across(head) or (_IS_PRESENT.match(words) and _OFFERS.search(before)):
            return False
        if (
            _WISHES.stands_in(before, self._runs)
            or (_EMBEDDED.stands_in(before, self._runs) and not _THEN.search(before))
            or _NO_ACT.match(self._text, start)
            or (_SUPPOSES.may_stand_among(self._runs) and _SUPPOSES.match(self._text, start))
            or (_HOLD.match(words) and _LASTS.search(before))
        ):
            return False
        if self._sentence.found.is_question:
            clause = before[max(before.rfind(","), before.rfind(";"), before.rfind(" - ")) + 1 :]
            if _ASKS.search(clause) and not _SELF.search(clause + words):
                return False
        return not (_THING.match(words) and _INSTRUCTS.search(before))

    def _begin(self, head: "_Head") -> int:
        """Return where a commitment begins: with its whole subject, and behind what came before a comma."""
        if head.is_whole:
            return head.start
        if head.pauses:
            return head.pauses[-1]
        if _PRONOUN.match(self._text, head.start):
            return head.start
        subject = _SUBJECT.search(self._text[: head.start])
        return subject.start() if subject else head.start

    def _is_across(self, head: "_Head") -> bool:
        """Whether subject and verb stand in different clauses: "thank you, have a nice day"."""
        if not head.pauses:
            return False
        behind = self._text[head.pauses[-1] : head.end]
        return _FUTURE.search(behind) is None and OWN_SUBJECT.match(behind) is None

    def _end(self, after: int, limit: int) -> int:
        found = _END.search(self._text, after, limit)
        end = found.start() if found else limit
        return self._trimmed(after, end)

    def _trimmed(self, after: int, end: int) -> int:
        """Return where a commitment ends that ends at the latest before signs and words that lead on to the next."""
        text = self._text
        end = after + len(text[after:end].rstrip(_TRAILING_SIGNS))
        # Most end with a word of their own; that is seen without a search.
        while end > after and not (text[end - 1].isalnum() and not text.endswith(_TRAILING_WORDS, after, end)):
            trailing = _TRAILING.search(text, after, end)
            if trailing is None:
                break
            end = trailing.start()
        return end

    def _is_only_planned(self, head: "_Head", start: int) -> bool:
        """Whether the words commit only together with a time or a condition: "he comes on Friday"."""
        if head.is_whole:
            return False
        if _IS_PRESENT.match(self._text, start):
            return True
        state = _STATE.search(head.words) if _STATE.may_stand_among(self._runs) else None
        if state is not None:
            return _PARTICIPLE.fullmatch(state[1]) is None
        return head.is_others and _FUTURE.search(head.words) is None

    def _second(self, head: "_Head", start: int, end: int) -> tuple[int, int] | None:
        """Return where a first act ends and a second begins: "I'll write to them today and call you"."""
        if not _AND_DO.may_stand_among(self._runs):
            return None
        found = _AND_DO.search(self._text, head.end, end)
        if found is None or _LOOKS_FIRST.search(self._text[start : found.start()]):
            return None
        return found.start(), found.start("verb")

    def _condition(self, leading: tuple[int, int], own: tuple[int, int]) -> Span | None:
        for first, last in (own, leading) if _CONDITION.may_stand_among(self._runs) else ():
            for found in _CONDITION.finditer(self._text, first, last):
                if _NO_CONDITION.match(self._text, found.start()) or _INQUIRES.search(
                    self._text[first : found.start()]
                ):
                    continue
                end = last
                if (first, last) == leading:
                    comma = self._text.rfind(",", found.end(), last)
                    end = comma if comma > 0 else last
                    between = self._text[end:last]
                    # "If it breaks, write to us. Meanwhile, …": too far away to be its condition.
                    if len(between.split()) > _MAX_TIME_ALONE_WORDS:
                        continue
                return self._span(found.start(), self._trimmed(found.end(), end))
        return None

    def _time(
        self,
        times: Sequence[TimeWords],
        leading: tuple[int, int],
        trailing: tuple[int, int],
        condition: Span | None,
        *,
        is_last: bool,
    ) -> tuple[Deadline, Interval | None] | None:
        """Return the time that is named for a commitment: after its first words, before them, or right behind."""
        if not times:
            return self._time_alone(self._following) if is_last and self._following is not None else None
        fitting = [one for one in times if not self._is_elsewhere(one, condition)]
        behind = [one for one in fitting if trailing[0] <= one.start < trailing[1]]
        ahead = [
            one for one in fitting if leading[0] <= one.start and one.end <= leading[1] and self._opens(one, leading)
        ]
        within = [one for one in fitting if leading[1] <= one.start < trailing[0]]
        concrete = [one for one in (*behind, *within, *reversed(ahead)) if one.is_concrete]
        ranked = (
            sorted(concrete, key=lambda one: not _DUE.match(self._text[one.start : one.end])) if behind else concrete
        )
        chosen = next(iter((*ranked, *behind, *within)), None)
        if chosen is not None:
            return self._deadline(chosen, self._text, self._sentence.start)
        if is_last and self._following is not None:
            return self._time_alone(self._following)
        return None

    def _opens(self, one: TimeWords, leading: tuple[int, int]) -> bool:
        """Whether a time before a commitment opens it: "By Friday I'll …", not "it left within the hour, I'll …"."""
        clause = self._text[leading[0] : one.start]
        clause = clause[max(clause.rfind(","), clause.rfind(";"), clause.rfind(" - ")) + 1 :]
        behind = self._text[one.end : leading[1]]
        return _OPENING.fullmatch(clause) is not None and len(behind.split()) <= _MAX_BETWEEN_WORDS

    def _is_elsewhere(self, one: TimeWords, condition: Span | None) -> bool:
        if condition and condition.start <= one.start + self._sentence.start < condition.end:
            return True
        return _TIME_OF_PAST.search(self._text[max(0, one.start - 30) : one.start]) is not None

    def _time_alone(self, sentence: Sentence) -> tuple[Deadline, Interval | None] | None:
        """Return a time that stands in a sentence by itself: "Within 24 hours."."""
        text = sentence.found.lowered
        if len(text.split()) > _MAX_TIME_ALONE_WORDS:
            return None
        for one in _times_in(sentence):
            if one.is_concrete and _TIME_ALONE.match(text[: one.start]) and _TIME_ALONE.match(text[one.end :]):
                return self._deadline(one, text, sentence.start)
        return None

    def _deadline(self, one: TimeWords, text: str, offset: int) -> tuple[Deadline, Interval | None]:
        due = one.resolve(self._said)
        at = self._utterance.span(offset + one.start, offset + len(text[: one.end].rstrip()))
        earliest = due.start.isoformat() if due and due.start else None
        return Deadline(at, earliest, due.end.isoformat() if due else None, is_concrete=one.is_concrete), due

    def _commitment(
        self, start: int, end: int, when: tuple[Deadline, Interval | None] | None, condition: Span | None
    ) -> Commitment:
        conversation = self._parsed.conversation
        return Commitment(
            at=self._span(start, end),
            turn=self._turn,
            agent=self._parsed.agent_of(self._utterance.index),
            by_when=when[0] if when else None,
            due=when[1] if when else None,
            condition=condition,
            said=self._said,
            channel=conversation.channel,
            words=self._text[start:end],
            norms=self._norms(start, end, condition),
            runs=self._runs,
        )

    def _norms(self, start: int, end: int, condition: Span | None) -> tuple[str, ...]:
        """Return what is promised as patterns see it; on what it depends is not what it is about."""
        found, offset = self._sentence.found, self._sentence.start
        if condition is None or not start <= condition.start - offset < end:
            return found.norms_between(start, end)
        before = found.norms_between(start, condition.start - offset)
        return (*before, *found.norms_between(condition.end - offset, end))

    def _span(self, start: int, end: int) -> Span:
        return self._utterance.span(self._sentence.start + start, self._sentence.start + end)


def _is_once(head: _Head, when: Deadline) -> bool:
    """Whether something planned is told for one time: "it comes in the morning" may be how it is every day."""
    is_ahead = _FUTURE.search(head.words) is not None or _GOES_ON.search(head.words) is not None
    return when.is_concrete and (is_ahead or _PART_OF_DAY.fullmatch(when.at.quote.lower()) is None)


def _beginnings(sentence: Sentence) -> Sequence[Mark]:
    """Return where commitments may begin; whoever speaks of himself is surely meant."""
    own, others = sentence.found.of(OWN), sentence.found.of(OTHERS)
    if not (own or others):  # as it is for most
        return ()
    own, others = _that_stand(own), _that_stand(others)
    if not (own and others):
        return own or others
    apart = [one for one in others if all(one.end <= mark.start or mark.end <= one.start for mark in own)]
    return sorted((*own, *apart), key=lambda mark: mark.start)


def _that_stand(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    return tuple([mark for mark in marks if not mark.vetoes])


def _by_form(sentence: Sentence, marks: Sequence[Mark]) -> Sequence[Beginning]:
    """Return where commitments may begin that the acts do not mark."""
    found = sentence.found
    by_form = () if found.is_question else tuple(beginnings(found.lowered, found.runs))
    if not by_form:
        return ()
    taken = [(mark.start - sentence.start, mark.end - sentence.start) for mark in marks]
    one_by_one: list[Beginning] = []
    for one in by_form:
        if all(one.end <= start or end <= one.start for start, end in taken):
            taken.append((one.start, one.end))
            one_by_one.append(one)
    return one_by_one


def _without_holding(heads: list[_Head]) -> list[_Head]:
    """Leave out "bear with me" and "leave it with me" beside words that say what will be done."""
    if len(heads) == 1:
        return heads
    holds = [not head.is_whole and _HOLD.match(head.words) is not None for head in heads]
    # Of several that only hold the line, the first.
    first = -1 if not all(holds) else 0
    return [head for number, head in enumerate(heads) if not holds[number] or number == first]


def _times_in(sentence: Sentence) -> list[TimeWords]:
    found = sentence.found
    return list(find_times(found.plain, found.lowered)) if may_say_when(found.lowered, found.runs) else []


def _joins(between: str) -> bool:
    return between.strip(" ,").lower() in {"and", "and then", "then", "and also", "so"}
