"""What the customer asks, and what kind of answer that wants."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.lazy import lazy_property
from convscan.reasoning.words import content, word_set


class Wants(StrEnum):
    """The kind of answer that a question wants, in the words of an explanation."""

    TIME = "a time"
    AMOUNT = "an amount"
    REASON = "a reason"
    HOW = "a way to do it"
    STATUS = "how it stands"
    WHO = "a person or a place"
    CHOICE = "one of the choices"
    WHAT = "a fact"
    YES_NO = "a yes or no"
    ACT = "that it is done"


@dataclass(frozen=True)
class Question:
    """A direct question or an explicit request.

    Attributes:
        norms: Its words.
        is_request: Whether it wants something done, and no answer.
    """

    at: Span
    norms: tuple[str, ...]
    is_request: bool

    @lazy_property
    def wants(self) -> Wants:
        """The kind of answer it wants. Most are answered, and nobody asks how."""
        return Wants.ACT if self.is_request else wanted(self.norms)

    @lazy_property
    def words(self) -> frozenset[str]:
        """Stems of what it is about."""
        return content(self.norms)

    @property
    def words_of_first(self) -> frozenset[str]:
        """Stems of the first of two things that are asked in one breath; of all if it is one."""
        return content(self.norms[: _second_at(self.norms)])

    @lazy_property
    def second(self) -> frozenset[str]:
        """Stems of the second of two things that are asked in one breath; empty if it is one."""
        return frozenset() if self.is_request else content(self.norms[_second_at(self.norms) :])


def _second_at(norms: Sequence[str]) -> int:
    """Return where a second question begins: "can I take it and will my number stay the same"."""
    for place, norm in enumerate(norms[:-1]):
        if norm == "and" and norms[place + 1] in _BEGINS_QUESTION:
            return place
    return len(norms)


_BEGINS_QUESTION = word_set("will is can do does how what why when who where am are should would could")

_QUESTION, _REQUEST = f"{ACT_PREFIX}question", f"{ACT_PREFIX}request"
_ASKED = frozenset({_QUESTION, _REQUEST})

_AUXILIARY = word_set("""
    is are am was were do does did can could will would shall should may might must has have had 's 'll 'd 're s ll
    """)
# "Tell me when …", "I wonder how …": the question word need not stand first.
_ASKING = word_set("me us know ask asking wondering wonder sure idea explain confirm say check and or but so then ok")
_LEADING = word_set("""
    and but so or ok okay well hi hello hey also then please now yes no right oh sorry thanks actually um uh er like
    hmm hm cool great good fine just the there guys team again yeah alright for by since until till from to at on with
    in of
    """)
_QUESTION_WORDS = frozenset({"how", "why", "when", "who", "whom", "whose", "where", "what", "which"})
# Who hangs up waits for no answer.
_GOOD_BYE = frozenset({"bye", "goodbye"})
_SUBJECTS = word_set("i you we he she it they the my your our a an this that these those there")
_HOW_MUCH = frozenset({"much", "many"})
_HOW_LONG = word_set("long soon fast quickly quick late early")
_AMOUNTS = word_set(
    "price prices cost costs fee fees charge charges figure rate amount total balance percentage deposit"
)
_TIMES = word_set("time date day eta deadline month week hour year")
_STATUS = word_set("news update updates progress status happening word luck")


def questions_of(turn: HeardTurn) -> tuple[Question, ...]:
    """Return what a customer turn asks for, in reading order.

    Rhetorical questions, greetings and heat are no questions: the act leaves them out.
    """
    if _ASKED.isdisjoint(turn.possible):
        return ()
    found = tuple([one for spoken in turn.sentences if (one := _question(*spoken)) is not None])
    if found and any(not _GOOD_BYE.isdisjoint(sentence.found.norms) for _, sentence in turn.sentences):
        return ()
    return found


def _question(utterance: ParsedUtterance, sentence: Sentence) -> Question | None:
    norms = sentence.found.norms
    if sentence.found.has_any((_QUESTION,)):
        is_request = False
    elif sentence.found.has_any((_REQUEST,)):
        is_request = True
    else:
        return None
    return Question(utterance.span(sentence.start, sentence.end), norms, is_request)


def wanted(norms: Sequence[str]) -> Wants:
    """Tell what kind of answer a question wants; of several, that of the first."""
    for place, norm in enumerate(norms):
        if norm not in _QUESTION_WORDS:
            continue
        following = norms[place + 1] if place + 1 < len(norms) else ""
        kind = _kind_at(norms, place, norm, following)
        if kind is not None:
            return kind
    if _STATUS & frozenset(norms) and ("any" in norms or "the" in norms):
        return Wants.STATUS
    if "or" in norms and not {"not", "what"} & frozenset(norms[norms.index("or") :][:2]):
        return Wants.CHOICE
    return Wants.YES_NO


def _kind_at(norms: Sequence[str], place: int, norm: str, following: str) -> Wants | None:
    """Return what the question word at this place asks for, None if it asks nothing here."""
    if norm == "how":
        return _kind_of_how(following, norms[place + 2 : place + 4])
    if norm == "why":
        return Wants.REASON
    if not _is_asking(norms, place, following):
        return None
    if norm in {"what", "which"}:
        return _kind_of_what(norms[place + 1 : place + 6])
    return Wants.TIME if norm == "when" else Wants.WHO


def _kind_of_how(following: str, later: Sequence[str]) -> Wants:
    if following == "come":
        return Wants.REASON
    if following in _HOW_LONG or (following in _HOW_MUCH and {"longer", "time", "days"} & {*later}):
        return Wants.TIME
    return Wants.AMOUNT if following in _HOW_MUCH else Wants.HOW


def _kind_of_what(following: Sequence[str]) -> Wants:
    ahead = frozenset(following)
    if "for" in ahead and len(following) <= 4 and following[-1] == "for":  # noqa: PLR2004 # "what is it for"
        return Wants.REASON
    if {"reason", "grounds"} & ahead:
        return Wants.REASON
    if _STATUS & ahead or {"going", "on"} <= ahead:
        return Wants.STATUS
    if following and following[0] in _TIMES:
        return Wants.TIME
    return Wants.AMOUNT if _AMOUNTS & frozenset(following[:4]) else Wants.WHAT


def _is_asking(norms: Sequence[str], place: int, following: str) -> bool:
    """Whether a question word asks here; "when I open it" and "the one which fell" ask nothing."""
    if not following or following in _AUXILIARY:
        return True
    if place and norms[place - 1] in _ASKING and norms[place - 1] not in _LEADING:
        return True
    return all(word in _LEADING for word in norms[:place]) and following not in _SUBJECTS
