"""How an agent turn answers a question: it tells, it defers, it asks back, or it leaves it open.

An answer can be anything, so nothing here proves that one is missing. What is looked for is
the opposite: a reply that tells nothing at all, one without a time or an amount where that
was wanted, and a customer who asks the same again. Whatever else stands in a reply excuses it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.language.parsed import Sentence
from convscan.reasoning.questions import Question, Wants
from convscan.reasoning.words import NUMBER_WORDS, content, is_number


class Answer(StrEnum):
    """What became of a question in the reply to it."""

    TOLD = "answered"
    DEFERRED = "deferred"
    ASKED_BACK = "asked back"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent turn as an answer.

    Attributes:
        told: Words of all sentences that tell something; courtesy, slogans and offers tell nothing.
        deferral: The words that say that it is looked into; empty if none do.
        asks_back: Whether it asks something about the matter.
        is_silent: Whether no sentence tells or asks anything.
    """

    told: tuple[tuple[str, ...], ...]
    deferral: str
    asks_back: bool

    @property
    def is_silent(self) -> bool:
        """Whether it neither tells nor asks anything, nor says that it will."""
        return not self.told and not self.asks_back and not self.deferral

    def has(self, words: frozenset[str]) -> bool:
        """Whether any of these words is told."""
        return any(norm in words for norms in self.told for norm in norms)

    @property
    def has_number(self) -> bool:
        """Whether a number is told."""
        return any(is_number(norm) or norm in "€$£¥₹%" for norms in self.told for norm in norms)

    @property
    def words(self) -> frozenset[str]:
        """Stems of what is told."""
        return frozenset().union(*(content(norms) for norms in self.told))


def _acts(*names: str) -> tuple[str, ...]:
    return tuple(ACT_PREFIX + name for name in names)


_DEFERS = _acts("lets-check")
_COURTESY = _acts("thanks", "apology", "empathy", "closes", "check-in", "offers-help")
_PITCH = ("self-interest/sales-pitch",)
_TIME_WORDS = frozenset(
    """
    today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december mon tue wed thu fri sat sun morning afternoon evening noon
    midnight night week weeks day days hour hours minute minutes min mins hrs hr second seconds month months year years
    moment now immediately already yet once until till after before when while within asap instantly next last
    weekend never always am pm spring summer autumn winter soon shortly later yesterday ago date since by anytime
    fortnight lunch lunchtime christmas easter
    """.split()
)
_AMOUNT_WORDS = NUMBER_WORDS | frozenset(
    "free nothing none all both everything half double same whole full no not any cheaper more less up".split()
)
# "That I don't know", "it depends", "no", "we can't": not what was hoped for, yet an answer.
_ANSWERS_ANYHOW = frozenset(
    """
    know depends depending unsure idea unfortunately afraid cannot not no yes none never nothing nobody nope yep yeah
    sure exactly correct right possible impossible
    """.split()
)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|heyo|yo|dear|greetings|respected|welcome|good (?:day|morning|afternoon|evening)|buenas|howdy)"
    r"(?: \S+){0,6}|(?:(?:it is|i am|this is|myself|my name is|you are (?:speaking|chatting|talking) (?:to|with)) \S+)"
    r"(?: \S+){0,5}|(?:\S+ ){0,4}(?:speaking|here|this side|on this end|regards|sincerely|faithfully|wishes|cheers))"
)
_BLAND = re.compile(
    r"\b(?:"
    r"(?:complaint|request|query|enquiry|case|mail|e mail|message|concern|report|feedback|issue|ticket|appeal|question)"
    r"(?: \S+){0,6} (?:received|registered|logged|in process|being processed|important|valuable|appreciated|noted)"
    r"|wait patiently|be patient|(?:we|i) hear you|(?:is|are) important to us|(?:we|i) (?:fully|totally)? ?understand"
    r"|bring to your (?:kind )?notice|please be informed|kindly note|did you know|before you go|while you are here"
    r"|(?:best|great|good|lovely|excellent) (?:choice|question|seller|sellers|idea)|have a think"
    r"|as (?:we|i) (?:have )?(?:said|told|tweeted|mentioned|explained)"
    r")\b"
)
_SLOGAN = re.compile(
    r"\b(?:"
    r"(?:we|our|us|team|at \S+)(?: \S+){0,6} (?:pride|proud|strive|striving|aim|committed|commitment|heart|award|awards"
    r"|passion|passionate|love|loved|excellence|seriously|investing|invest|review|delighted|best|favourite|priority)"
    r"|(?:trusted|trust|loved|chosen|used) (?:by|us|\S+)|(?:thousands|millions|million) of|(?:very|most) best"
    r"|at the heart|nothing but the best|make a splash|premium experience|happy customers|number one"
    r")\b"
)
_OFFER = re.compile(
    r"\b(?:% off|percent off|half price|discount|sale|upgrade|(?:monthly )?donation|months? free|season pass"
    r"|new (?:range|collection|arrivals)|check out (?:all )?our|sign up for our|try our|tried our|special offer)\b"
)
# "How can I help?" asks, but not about the matter.
_IDLE_QUESTION = re.compile(
    r"\b(?:anything else|how are you|how (?:can|may) (?:i|we) (?:help|assist)|(?:something|anything) (?:more|further)"
    r"|did you know|tried our|interested in|shall i explain|want (?:to hear|me to explain)|how about|makes sense|when can we do a tour)\b"
)
_MAX_BLAND_WORDS = 30


def reply_of(turn: HeardTurn) -> Reply:
    """Return an agent turn as an answer."""
    told, deferral, asks_back = [], "", False
    for utterance, sentence in turn.sentences:
        norms = sentence.found.norms
        if not norms:
            continue
        line = " ".join(norms)
        mark = sentence.found.first_of(_DEFERS[0]) if not deferral else None
        if mark is not None:
            deferral = utterance.text[mark.start : mark.end]
        if sentence.found.is_question and not _IDLE_QUESTION.search(line) and not _OFFER.search(line):
            asks_back = True
        elif not _is_empty(sentence, norms, line):
            told.append(norms)
    return Reply(tuple(told), deferral, asks_back)


def _is_empty(sentence: Sentence, norms: Sequence[str], line: str) -> bool:
    """Whether a sentence tells nothing that anybody asked for."""
    if _GREETING.fullmatch(line) or _IDLE_QUESTION.search(line):
        return True
    if _OFFER.search(line) or sentence.found.has_any(_PITCH) or _SLOGAN.search(line):
        return True
    if len(norms) > _MAX_BLAND_WORDS or any(is_number(norm) for norm in norms) or {"no", "not", "yes"} & {*norms}:
        return False
    return _BLAND.search(line) is not None or sentence.found.has_any(_COURTESY)


def answer_to(question: Question, reply: Reply) -> tuple[Answer, str]:
    """Tell how a reply answers a question by itself, and why it is held for that."""
    if reply.deferral:
        return Answer.DEFERRED, f"says {reply.deferral!r}"
    if reply.is_silent:
        return Answer.OPEN, "tells nothing: courtesy, slogans or offers only"
    if reply.asks_back:
        return Answer.ASKED_BACK, "asks something about the matter"
    if not reply.told:
        return Answer.OPEN, "tells nothing"
    if reply.has_number or reply.has(_ANSWERS_ANYHOW):
        return Answer.TOLD, "tells a number, or yes, no or that it is not known"
    if question.wants is Wants.TIME and not reply.has(_TIME_WORDS):
        return Answer.OPEN, "no time, no deferral"
    if question.wants is Wants.AMOUNT and not reply.has(_AMOUNT_WORDS):
        return Answer.OPEN, "no amount, no deferral"
    return Answer.TOLD, "tells something"


# The customer says that it was no answer.
_NOT_ANSWERED = re.compile(
    r"\b(?:(?:is|was) not (?:what i|my question|an answer|the question|what we)|(?:did|do|does|have|has) not (?:even )?"
    r"(?:answer|answered|really answer|said|say|addressed|address|told me (?:when|what|why|if|how|who))"
    r"|still (?:no|not|need|waiting for) (?:an )?answers?|(?:no|any) answer to|i asked|we asked|yes or no"
    r"|(?:that is|thats|which is) why i (?:am )?ask(?:ing|ed)?|answer (?:my|the|me)|i would still need|again what"
    r"|just (?:tell me|the (?:number|price|date|figure|answer))|ignor(?:ed|ing) my|avoid(?:ed|ing) (?:my|the)"
    r"|(?:that|this) (?:does not|did not|tells me) (?:answer|nothing|help)|not an answer|what (?:does|did) that mean"
    r"|once more (?:please)?|give me a (?:day|date|number|time|price|figure|reason|straight)|you (?:have not|did not) sa(?:y|id)"
    r"|is that a (?:yes|no)|so (?:is it|are you|can you|will you|do i) or not)\b"
)
_MIN_SHARED = 0.5
_SHORT_WORDS = 8
_PICKS_UP = frozenset("and but so which what when who why how where".split())


def asked_again(question: Question, following: HeardTurn) -> str | None:
    """Return the words with which the customer asks the same again; None if they do not.

    Args:
        following: The customer's turn after the reply.
    """
    for utterance, sentence in following.sentences:
        norms = sentence.found.norms
        if not norms:
            continue
        if _NOT_ANSWERED.search(" ".join(norms)):
            return utterance.text[sentence.start : sentence.end]
        if sentence.found.is_question and _same(question, norms):
            return utterance.text[sentence.start : sentence.end]
    return None


def _same(question: Question, norms: Sequence[str]) -> bool:
    """Whether words ask for what a question asked for."""
    words = content(norms)
    shared = words & question.words
    return bool(shared) and len(shared) >= _MIN_SHARED * min(len(words), len(question.words))
