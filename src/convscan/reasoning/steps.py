"""Steps that a customer has taken, and steps that an agent tells them to take."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.lazy import lazy_property
from convscan.reasoning.words import content, stem, word_set

_IRREGULAR = {
    "ran": "run",
    "did": "do",
    "put": "put",
    "set": "set",
    "took": "take",
    "taken": "take",
    "went": "go",
    "made": "make",
    "swapped": "swap",
    "switched": "switch",
    "wrote": "write",
    "written": "write",
    "held": "hold",
    "reset": "reset",
    "unplugged": "unplug",
    "plugged": "plug",
    "logged": "log",
    "dragged": "drag",
    "sent": "send",
    "bought": "buy",
    "rebooted": "reboot",
}
# Not done by the customer, or not yet.
_UNDONE = re.compile(
    r"\b(?:not|never|cannot|should i|shall i|do i|can i|could i|if i|you|your|he|she|they|keeps|gets|was|got|is|are|be"
    r"|been|being|were|says|said|nobody|no one|my (?:husband|wife|son|colleague))\b"
)
_MIN_SHARED = 2
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Done:
    """What a customer says was done.

    Attributes:
        verbs: Stems of the verbs that report it.
        words: Stems of all its words, verbs included.
    """

    at: Span
    verbs: frozenset[str]
    words: frozenset[str]


def done_in(utterance: ParsedUtterance, sentence: Sentence) -> Done | None:
    """Return what a customer's sentence says was done; None if it says nothing of the kind."""
    norms = sentence.found.norms
    verbs = frozenset() if sentence.found.is_question else _verbs(norms)
    if not verbs or _UNDONE.search(sentence.found.joined):
        return None
    return Done(utterance.span(sentence.start, sentence.end), verbs, content(norms) | verbs)


def _verbs(norms: Sequence[str]) -> frozenset[str]:
    """Return the stems of the verbs that report something done: "cleaned", "ran"."""
    regular = {stem(norm) for norm in norms if norm.endswith("ed") and len(norm) >= _MIN_VERB}
    verbs = frozenset(regular | {stem(_IRREGULAR[norm]) for norm in _IRREGULAR.keys() & norms}) - _EMPTY_VERBS
    return verbs if _HAS_PERFORMED.isdisjoint(norms) else verbs | _PERFORMS


_MIN_VERB = 5
# "Did the tension test" and "run the tension test" are the same step: the noun says which.
_HAS_PERFORMED = frozenset({"did", "ran", "performed"})
_PERFORMS = frozenset({"run", "do", "perform", "repeat"})
_EMPTY_VERBS = frozenset({"do", "go", "make", "take", "put", "have", "send", "call", "get", "need", "want", "ne"})
_AGAIN = word_set("again instead another different other new once more afterwards now after else until either")
_MAX_STEP_WORDS = 24
_TELLS = re.compile(
    r"(?:\b(?:have|did) you (?:already |also |ever |tried |try )?|\b(?:can|could|would) you (?:please |also |just )?"
    r"(?:try )?(?:and )?|\btry (?:to )?|\byou (?:can|could|should|need to|have to|might) (?:try )?(?:and )?"
    r"|\b(?:please|kindly|pls) (?:then |also |first |try |do a |do )?|^(?:\d+ |then |so |first |also |just "
    r"|now |next )?)"
    r"([a-z]{3,})"
)
# "Turns by hand but shows jammed" and "Delivered to a resident" begin with what happens, not with an order.
_TELLS_NOTHING = re.compile(r"^(?!.*\b(?:you|try|please|kindly|pls)\b).*(?:ed|[^s]s)$")


@dataclass(frozen=True)
class Told:
    """A step that an agent tells the customer to take, or asks whether it was taken.

    Attributes:
        verb: Stem of what is to be done.
        norms: All words of the step.
    """

    verb: str
    norms: tuple[str, ...]

    @lazy_property
    def words(self) -> frozenset[str]:
        """Stems of all words of the step. Only asked for where the verb is that of a step that was taken."""
        return content(self.norms) | {self.verb}


def told_in(sentence: Sentence) -> Told | None:
    """Return the step that a sentence of the agent tells to take, or asks about; None if it does neither."""
    norms = sentence.found.norms
    if not norms or len(norms) > _MAX_STEP_WORDS or not _AGAIN.isdisjoint(norms):
        return None
    tells = _TELLS.search(sentence.found.joined)
    if tells is None or _TELLS_NOTHING.search(tells[0]):
        return None
    verb = stem(_IRREGULAR.get(tells.group(1), tells.group(1)))
    return Told(verb, tuple(sentence.found.joined[tells.start(1) :].split()))


def is_done(told: Told, done: Done) -> bool:
    """Whether a step that is told is one that was taken: its verb, and most of what it is done to."""
    if told.verb not in done.verbs:
        return False
    shared = told.words & done.words
    return len(shared) >= _MIN_SHARED and len(shared) >= _MOST * len(told.words)
