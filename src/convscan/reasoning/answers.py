"""How an agent turn answers a question: it tells, it defers, it asks back, or it leaves it open.

An answer can be anything, so nothing here proves that one is missing. What is looked for is
the opposite: a reply that tells nothing at all, one without a time or an amount where that
was wanted, and a customer who asks the same again. Whatever else stands in a reply excuses it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.language.parsed import Sentence
from convscan.lazy import lazy_property
from convscan.reasoning.questions import Question, Wants, wanted
from convscan.reasoning.words import NUMBER_WORDS, content, is_number, norms_of, word_set


class Answer(StrEnum):
    """What became of a question in the reply to it."""

    TOLD = "answered"
    DEFERRED = "deferred"
    ASKED_BACK = "asked back"
    OPEN = "open"


@dataclass(frozen=True)
class Reply:
    """An agent turn as an answer.

    Attributes:
        telling: Sentences that may tell something: neither offers nor questions about the matter; none are
            looked for where it is deferred.
        deferral: The words that say that it is looked into; empty if none do.
        asks_back: Whether it asks something about the matter.
        redirects: Whether it names somebody else who answers.
    """

    telling: tuple[Sentence, ...]
    deferral: str
    asks_back: bool
    redirects: bool

    @lazy_property
    def handles(self) -> bool:
        """Whether it does something about the matter in few words, or shows where the answer stands."""
        return any(map(is_handling, self.telling))

    @lazy_property
    def told(self) -> tuple[tuple[str, ...], ...]:
        """Words of all sentences that tell something; courtesy and slogans tell nothing. Rarely asked for."""
        return tuple(sentence.found.norms for sentence in self.telling if not _is_empty(sentence))

    @property
    def is_vague(self) -> bool:
        """Whether it gives a vague time, which is poor and yet an answer."""
        return any(not _VAGUE.isdisjoint(sentence.found.norms) for sentence in self.telling)

    def has(self, words: frozenset[str]) -> bool:
        """Whether any of these words is told."""
        return not all(map(words.isdisjoint, self.told))

    @lazy_property
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
# Acts that are the whole of their sentence, and those that may be the smaller part of one.
_WHOLE_COURTESY = _acts("thanks", "closes")
_COURTESY = _acts("apology", "empathy", "check-in", "offers-help")
_MOST = 0.4
_ASKS = _acts("asks-identifier", "asks-matter")
_QUESTION_WORDS = word_set("what which who whom whose where why how when")
_OPENERS = word_set("okay ok so and right um uh well now then but yeah yes")
_VERBS = word_set("is are was were do did have can could would will")
_ASKED = word_set("you it there he she they")
_REDIRECTS = ("redirects",)
_PITCH = ("self-interest/sales-pitch",)
_TIME_WORDS = word_set("""
    today tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december mon tue wed thu fri sat sun morning afternoon evening noon
    midnight night week weeks day days hour hours minute minutes min mins hrs hr second seconds month months year years
    moment now immediately already yet once until till after before when while within asap instantly next last
    weekend never always am pm spring summer autumn winter soon shortly later yesterday ago date since by anytime
    fortnight lunch lunchtime christmas easter
    """)
_AMOUNT_WORDS = NUMBER_WORDS | word_set(
    "free nothing none all both everything half double same whole full no not any cheaper more less up us house"
)
# "That I don't know", "it depends", "no", "we can't": not what was hoped for, yet an answer.
_ANSWERS_ANYHOW = word_set("""
    know depends depending unsure idea unfortunately afraid cannot not no yes none never nothing nobody nope yep yeah
    sure certainly absolutely definitely exactly correct right possible impossible course varies vary please knew
    stuck waiting delayed held
    """)
_VAGUE = word_set("soon soonest shortly asap")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|heyo|yo|dear|greetings|respected|welcome|good (?:day|morning|afternoon|evening)|buenas|howdy)"
    r"(?: (?!it |is |are |yes|no |not |the |you |please |kindly )\S+){0,4}"
    r"|(?:(?:i am|this is|myself|my name is|you are (?:speaking|chatting|talking) (?:to|with)) (?!not|a |the |an "
    r"|in )\S+)"
    r"(?: (?:from|of|with|here|in|at) (?:\S+ ?){1,4})?|(?!it |she |he |they |is |not |yes |i )(?:\S+ ){1,3}"
    r"(?:speaking|here|this side|on this end|regards|sincerely|faithfully|wishes))"
)
_BLAND = re.compile(
    r"\b(?:"
    r"(?:complaint|request|query|enquiry|case|mail|e mail|message|concern|report|feedback|issue|ticket|appeal|question)"
    r"(?: \S+){0,6} (?:received|registered|logged|in process|being processed|important|valuable|appreciated|noted)"
    r"|(?:question|values|comments?) (?:is|are|was|were|has been|have been) (?:added|taken up|put with|placed)"
    r"|^(?:thanks |ok |okay )?passing (?:it |this |that )?on$"
    r"|wait patiently|be patient|(?:we|i) hear you|(?:is|are) important to us|(?:we|i) (?:fully|totally)? ?understand"
    r"|bring to your (?:kind )?notice|please be informed|kindly note|did you know|before you go|while you are here"
    r"|(?:best|great|good|lovely|excellent) (?:choice|question|seller|sellers|idea)|have a think"
    r"|as (?:we|i) (?:have )?(?:said|told|tweeted|mentioned|explained)"
    r")\b"
)
# "The chat ends now", "Thread is set to done": whoever ends it tells nothing.
_ENDS = re.compile(
    r"^(?:\w+ ){0,4}(?:chat|thread|ticket|topic|conversation|discussion|point|matter)(?: is| ends| will| has| was"
    r"| 's| be"
    r"| been| set| to| marked| as| now| here)* ?(?:done|closed|ends|ended|locked|resolved|over|now)?$"
    r"|^(?:locking|closing|i am closing|got ?ta close|gonna close|going to close|sorry got ?ta close)\b(?:(?! as ).)*$"
    r"|\bround enough times\b|\bi would consider the (?:point|matter) closed\b"
)
_MAX_END_WORDS = 12
_SLOGAN = re.compile(
    r"\b(?:"
    r"(?:we|our|us|team|at \S+)(?: \S+){0,6} (?:pride|proud|strive|striving|aim|committed|commitment|heart|award|awards"
    r"|passion|passionate|loved|excellence|seriously|investing|invest|review|delighted|best|favourite|priority)"
    r"|(?:trusted|loved|chosen) by|(?:thousands|millions) of (?:families|people|customers|homes)"
    r"|households trust"
    r"|at the heart|nothing but the best|make a splash|premium experience|happy customers|number one"
    r")\b"
)
_OFFER = re.compile(
    r"\b(?:% off|percent off|half price|% discount|upgrade (?:to|now|today)|best seller|best sellers|on sale"
    r"|(?:monthly )?donation|months? free|season pass"
    r"|new (?:range|collection|arrivals)|check out (?:all )?our|sign up for our|try our|tried our|special offer)\b"
)
# "I've put half price on for four weeks": that is no offer but a remedy.
_GRANTED = re.compile(
    r"\b(?:i|we) (?:have |just )*(?:put|given|gave|taken|took|added|knocked|booked|applied|credited)\b"
)
# One of these is in every slogan and offer; quicker to see.
_ADVERTISES = word_set("""
    pride proud strive striving aim committed commitment heart award awards passion passionate loved excellence
    seriously investing invest review delighted best favourite priority trusted chosen thousands millions households
    splash premium happy one % percent half upgrade sale donation free season range collection arrivals check sign try
    tried special
    """)
# "How can I help?" asks, but not about the matter.
_IDLE_QUESTION = re.compile(
    r"\b(?:anything else|how are you|how (?:can|may) (?:i|we) (?:help|assist)|(?:something|anything) (?:more|further)"
    r"|did you know|tried our|interested in|shall i explain|want (?:to hear|me to explain)|how about|makes sense"
    r"|when can we do a tour)\b"
)
# "We did not catch that. This desk books rooms": who asks nothing back has answered nothing.
_PUZZLED = re.compile(
    r"\b(?:i|we) (?:am |are )?(?:(?:do|did|could|can) not|cannot|unable to|not sure i|having trouble)"
    r" (?:quite |really |fully |understanding )?(?:understand|understood|get|catch|follow|make out|recogni[sz]e)?"
    r" ?(?:what you (?:mean|are saying|said|want|are asking|typed|need|wrote)|that$|you$"
    r"|your (?:question|message|request)|the question)"
)
# One of these is in all that puzzles; quicker to see.
_FAILS = word_set("not cannot unable having")
_ENDING = word_set("ends ended closed closing close locked locking done over resolved times")
_MAX_BLAND_WORDS = 30


def reply_of(turn: HeardTurn) -> Reply:
    """Return an agent turn as an answer."""
    deferral = _deferral_in(turn)
    if deferral:  # what else is told does not matter
        return Reply((), deferral, asks_back=False, redirects=False)
    telling, asks_back, is_puzzled = [], False, False
    for _, sentence in turn.sentences:
        norms = sentence.found.norms
        if not norms:
            continue
        line = sentence.found.joined
        is_puzzled |= not _FAILS.isdisjoint(norms) and _PUZZLED.search(line) is not None
        if _is_offer(sentence, line):
            continue
        if _asks(sentence, norms) and not _IDLE_QUESTION.search(line):
            asks_back = True
        else:
            telling.append(sentence)
    told = () if is_puzzled and not asks_back else tuple(telling)
    return Reply(told, "", asks_back, turn.does(_REDIRECTS) is not None)


# Posts answer with a link, with "on it" or with "fixed on master".
_HANDLING = re.compile(
    r"\b(?:on it|work(?:ing)? on|(?:is|are|be|been|was|now|already|^) ?(?:fixed|solved|resolved|merged|deployed"
    r"|restored|known"
    r"|reported|unlocked|unblocked|aware|done|sorted)|fixed|known (?:issue|bug|problem)|duplicate|passing|passed"
    r"|pass (?:it|this|that)|forward(?:ed|ing)|escalat(?:ed|ing)|flagged|tbd|dms?|inbox|responded|replied|answered"
    r"|faq|docs?|article|guide|readme|see|settings|release|version|update|roadmap|https?|www)\b|^done$"
)
_POINTER = re.compile(r"https?://|\bwww\.|\w > \w|#\d+|\s--?\w|`")


def is_handling(sentence: Sentence) -> bool:
    """Whether a sentence does something about the matter in few words, or shows where the answer stands."""
    return _HANDLING.search(sentence.found.joined) is not None or _POINTER.search(sentence.text) is not None


def _deferral_in(turn: HeardTurn) -> str:
    """Return the words that say that it is looked into; empty if none do."""
    for utterance, sentence in turn.promising(_DEFERS[0]):
        mark = sentence.found.first_of(_DEFERS[0]) if "patien" not in sentence.found.joined else None
        if mark is not None:
            return utterance.text[mark.start : mark.end]
    return ""


def _asks(sentence: Sentence, norms: Sequence[str]) -> bool:
    """Whether a sentence asks something; what is written down from speech has no question marks."""
    if sentence.found.is_question or sentence.found.has_any(_ASKS) or _QUESTION_WORDS & {*norms[:3], norms[-1]}:
        return True
    return any(
        (one in _OPENERS and other in _QUESTION_WORDS) or (one in _VERBS and other in _ASKED)
        for one, other in pairwise(norms)
    )


def _is_offer(sentence: Sentence, line: str) -> bool:
    if sentence.found.has_any(_PITCH):
        return True
    if _ADVERTISES.isdisjoint(sentence.found.norms) or _GRANTED.search(line):
        return False
    return _OFFER.search(line) is not None or _SLOGAN.search(line) is not None


def _is_empty(sentence: Sentence) -> bool:
    """Whether a sentence tells nothing that anybody asked for."""
    norms, line = sentence.found.norms, sentence.found.joined
    if _GREETING.fullmatch(line) or _IDLE_QUESTION.search(line):
        return True
    if len(norms) > _MAX_BLAND_WORDS or any(is_number(norm) for norm in norms) or {"no", "not", "yes"} & {*norms}:
        return False
    if len(norms) <= _MAX_END_WORDS and not _ENDING.isdisjoint(norms) and _ENDS.search(line):
        return True
    if _BLAND.search(line) or sentence.found.has_any(_WHOLE_COURTESY):
        return True
    marks = (sentence.found.first_of(name) for name in _COURTESY)
    return any(mark.end - mark.start >= _MOST * len(sentence.text) for mark in marks if mark)


def answer_to(question: Question, reply: Reply) -> tuple[Answer, str]:
    """Tell how a reply answers a question by itself, and why it is held for that."""
    if reply.deferral:
        return Answer.DEFERRED, f"says {reply.deferral!r}"
    if reply.asks_back:
        return Answer.ASKED_BACK, "asks something about the matter"
    lacks = _missing_told(question, reply) if not reply.told else _what_lacks(question, reply)
    return (Answer.OPEN, lacks) if lacks and not reply.handles else (Answer.TOLD, "tells something else")


def _missing_told(question: Question, reply: Reply) -> str:
    """Return what a reply lacks that tells nothing at all; empty if the question may want nothing."""
    is_tag = question.wants is Wants.YES_NO and not question.words and len(question.norms) <= _MAX_TAG_WORDS
    # "Today? oh yes", "right?": asked of nobody. "Soon" is a poor answer to a when, and yet one.
    if is_tag or (question.wants is Wants.TIME and reply.is_vague):
        return ""
    return "tells nothing: courtesy, slogans or offers only"


def _what_lacks(question: Question, reply: Reply) -> str:
    """Return what a reply plainly lacks; empty if nothing does."""
    if question.wants is Wants.REASON and _only_refuses(reply):
        return "no reason, only the refusal again"
    if question.wants is Wants.REASON and _only_closes(question, reply):
        return "no reason, only the end of the conversation"
    if question.second and _takes_up_first_only(question, reply):
        return "one of two things asked, and nothing of the other"
    lacks = ""
    if reply.has_number or reply.has(_ANSWERS_ANYHOW) or reply.redirects:
        return lacks
    if question.wants is Wants.TIME and not reply.has(_TIME_WORDS):
        lacks = "no time, no deferral"
    elif question.wants is Wants.AMOUNT and not reply.has(_AMOUNT_WORDS):
        lacks = "no amount, no deferral"
    return lacks


# "Not changeable": no why, and nothing that could be one.
_REFUSES = word_set("not cannot unable decision stands final no")
_MAY_BE_REASON = word_set("""
    because since as due so reason reasons only until already full expired over means need needs for by with has have
    policy rule rules law
    """)
# Who says that it will not be told withholds, which is another rule.
_WITHHOLDS = word_set("explain say share discuss tell disclose comment know")
_MAX_REFUSAL_WORDS = 9


def _only_refuses(reply: Reply) -> bool:
    """Whether a short reply says no once more, without anything that may be a reason."""
    norms = [norm for norms in reply.told for norm in norms]
    return (
        len(norms) <= _MAX_REFUSAL_WORDS
        and not reply.has_number
        and not _REFUSES.isdisjoint(norms)
        and _MAY_BE_REASON.isdisjoint(norms)
        and _WITHHOLDS.isdisjoint(norms)
    )


# "Closing this ticket as no fix is planned" says why it is closed, not why what was asked is so.
_CLOSES = re.compile(
    r"^(?:(?:i|we) (?:am|are) |(?:so|ok|okay|now) )*(?:closing|locking) (?:this|the|your)"
    r" (?:\w+ )?(?:ticket|case|thread|chat|issue|topic|conversation|complaint|request)\b"
)
_ASKS_OF_CLOSING = ("clos", "lock")


def _only_closes(question: Question, reply: Reply) -> bool:
    """Whether a reply only ends the conversation, and the question was not about that."""
    if any(norm.startswith(_ASKS_OF_CLOSING) for norm in question.norms):
        return False
    return all(_CLOSES.match(" ".join(norms)) for norms in reply.told)


_MAX_TAG_WORDS = 2
_MAX_HALF_WORDS = 30


def _takes_up_first_only(question: Question, reply: Reply) -> bool:
    """Whether a short reply speaks of the first of two things asked in one breath, and not of the second."""
    # "And what does it cost?" is answered by a number, whatever words stand around it.
    if reply.has_number or sum(map(len, reply.told)) > _MAX_HALF_WORDS:
        return False
    second = question.second - question.words_of_first
    return bool(second) and second.isdisjoint(reply.words) and not question.words_of_first.isdisjoint(reply.words)


def may_have_missed(question: Question, reply: Reply) -> bool:
    """Whether a reply that tells something may still not tell what was asked; the customer decides then."""
    match question.wants:
        case Wants.TIME:
            return not reply.has(_TIME_WORDS) and not reply.has_number
        case Wants.AMOUNT:
            return not reply.has_number and not reply.has(_AMOUNT_WORDS)
        case Wants.YES_NO | Wants.CHOICE | Wants.STATUS:
            return not reply.has(_ANSWERS_ANYHOW) and not reply.has_number
        case _:
            return not reply.words & question.words


_YES_NO = word_set("yes no nope yep yeah nah sure course certainly absolutely definitely correct")


def says_yes_or_no(question: Question, reply: Reply) -> bool:
    """Whether a reply answers a question for a yes or no with just that, at the beginning of a sentence."""
    return question.wants is Wants.YES_NO and any(_YES_NO & {*norms[:2]} for norms in reply.told if norms)


# The customer says that it was no answer.
_NOT_ANSWERED = re.compile(
    r"\b(?:(?:is|was) not (?:what i (?:asked|am asking)|my question|an answer|the question|what we asked)"
    r"|(?:you )?(?:did|do|have|has|still have) not (?:even |really |yet )?(?:answer|answered|addressed"
    r"|told me (?:when|what|why|if|how|who))"
    r"|you (?:have|did) not (?:said|say|told me)|no answers? (?:to|on|about)|(?<!than )i (?:only "
    r"|just )?asked (?:you )?(?:about|if|whether|for|when|what|how|why)"
    r"|yes or no|(?:that is|which is|thats) why i (?:am )?ask(?:ing|ed)?|answer (?:my|the) question"
    r"|still need (?:an )?answers?"
    r"|(?<!someone )(?<!can you )just (?:tell me|the (?:number|price|date|figure|answer))|ignor(?:ed|ing) my"
    r"|avoid(?:ed|ing) (?:my|the) question"
    r"|(?:that|this|which) (?:does not (?:answer|tell me (?:when|what|where|if|how|who|why|whether))"
    r"|did not answer|is not help|is not an answer)"
    r"|give me a (?:day|date|straight)|is that a (?:yes|no)|(?:does|do|did) not answer (?:whether|if|about|the|my)"
    r"|would like to know about|what about the|and about the|not \S+ no one answer)\b"
)
# One of these is in all that says so; quicker to see.
_IN_NO_ANSWER = word_set("not no answer answers asked yes why just ignored ignoring avoided avoiding give know about")
_MIN_SHARED = 0.5
_SHORT_WORDS = 5
_SAYS_AGAIN = word_set("and but so again")
_OWN_KINDS = frozenset({Wants.TIME, Wants.AMOUNT, Wants.WHO, Wants.REASON})
_QUESTION = _acts("question")


_MAX_FRAGMENT_WORDS = 6
_NO_FRAGMENT = word_set(
    "is are do does can will if what how why when where who which not before after instead or thanks thank got"
)


def picks_up(asking: HeardTurn, replying: HeardTurn, following: HeardTurn) -> tuple[frozenset[str], str] | None:
    """Return what a customer comes back to with a bare "and the fee?", and in which words; None if to nothing.

    It was in what they asked, and the reply has no word of it.
    """
    for utterance, sentence in following.sentences:
        norms = sentence.found.norms
        if not 0 < len(norms) <= _MAX_FRAGMENT_WORDS or not (sentence.found.is_question or norms[0] == "and"):
            continue
        if not _NO_FRAGMENT.isdisjoint(norms[:3]):
            continue
        words = content(norms)
        if words and words <= content(norms_of(asking)) and words.isdisjoint(content(norms_of(replying))):
            return words, utterance.text[sentence.start : sentence.end]
    return None


class Again(StrEnum):
    """How plainly the customer asks the same again."""

    SAYS_SO = "says that it was no answer"
    REPEATS = "asks the same again"
    PICKS_UP = "comes back to what the reply passed over"
    ELSEWHERE = "asks the same again, of which the reply says nothing"


def asked_again(question: Question, following: HeardTurn, reply: Reply) -> tuple[Again, str] | None:
    """Return how, and with which words, the customer asks the same again; None if they do not.

    Args:
        following: The customer's turn after the reply.
        reply: What was answered.
    """
    repeated: tuple[Again, str] | None = None
    for utterance, sentence in following.sentences:
        norms = sentence.found.norms
        if not norms:
            continue
        words = utterance.text[sentence.start : sentence.end]
        if _says_not_answered(sentence) and _concerns(question, norms):
            return Again.SAYS_SO, words
        if repeated is None and (sentence.found.is_question or sentence.found.has_any(_QUESTION)):
            if _is_short(question, norms):
                return Again.SAYS_SO, words
            shared = _same(question, norms)
            if shared:
                is_silent = not reply.words & shared and _asks_nothing_new(question, norms)
                repeated = Again.ELSEWHERE if is_silent else Again.REPEATS, words
    return repeated


def _says_not_answered(sentence: Sentence) -> bool:
    if _IN_NO_ANSWER.isdisjoint(sentence.found.norms):
        return False
    return _NOT_ANSWERED.search(sentence.found.joined) is not None


def _concerns(question: Question, norms: Sequence[str]) -> bool:
    """Whether a complaint may be about this question: it names nothing, or something of it."""
    words = content(norms) - _ABOUT_ANSWERS
    return not words or not question.words or bool(words & question.words)


_ABOUT_ANSWERS = content(
    word_set("answer answers question questions asked asking tells nothing said told simple straight")
)


def _is_short(question: Question, norms: Sequence[str]) -> bool:
    """Whether words are a bare "but when?" of the same kind."""
    return (
        len(norms) <= _SHORT_WORDS
        and norms[0] in _SAYS_AGAIN
        and question.wants in _OWN_KINDS
        and wanted(norms) is question.wants
    )


# "And the cot?", "okay, but the old exporter?"
_TAKES_AGAIN = re.compile(r"^(?:\w+ ){0,2}(?:and|but|so|what about|how about)\b|\byes or no\b|\bat least\b")
_SUPPOSES = frozenset({"if", "not", "same", "again"})


def _asks_nothing_new(question: Question, norms: Sequence[str]) -> bool:
    """Whether words ask for the same kind of answer about the same thing, and for nothing else."""
    if question.wants is Wants.ACT or _SUPPOSES & frozenset(norms):
        return False
    is_same_kind = wanted(norms) is question.wants or _TAKES_AGAIN.search(" ".join(norms)) is not None
    return is_same_kind and len(content(norms) - question.words) <= 1


def _same(question: Question, norms: Sequence[str]) -> frozenset[str]:
    """Return the stems that both ask about, if words ask for what a question asked for."""
    words = content(norms)
    shared = words & question.words
    return shared if len(shared) >= _MIN_SHARED * min(len(words), len(question.words)) else frozenset()
