"""Steps that a customer has taken, and steps that an agent tells them to take."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
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
# Where one of these stands, what is told was not done by the customer, or not yet.
_UNDONE_WORDS = word_set(
    "not never cannot you your he she they keeps gets was got is are be been being were says said nobody"
)
_UNDONE = re.compile(r"\b(?:should i|shall i|do i|can i|could i|if i|no one|my (?:husband|wife|son|colleague))\b")
_MIN_SHARED = 2
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Done:
    """What a customer says was done.

    Attributes:
        verbs: Stems of the verbs that report it.
        forms: How words begin that tell somebody to do it.
    """

    utterance: ParsedUtterance
    sentence: Sentence
    verbs: frozenset[str]
    forms: tuple[str, ...]

    @property
    def at(self) -> Span:
        """The sentence that says so."""
        return self.utterance.span(self.sentence.start, self.sentence.end)

    @property
    def words(self) -> frozenset[str]:
        """Stems of all its words, verbs included."""
        return content(self.sentence.found.norms) | self.verbs


def done_in(utterance: ParsedUtterance, sentence: Sentence) -> Done | None:
    """Return what a customer's sentence says was done; None if it says nothing of the kind."""
    found = sentence.found
    if found.is_question or not _UNDONE_WORDS.isdisjoint(found.norms):
        return None
    verbs = _verbs(found.norms)
    if not verbs or _UNDONE.search(found.joined):
        return None
    # A stem is the beginning of all its words but the irregular.
    return Done(utterance, sentence, verbs, (*verbs, *(form for form, verb in _IRREGULAR_STEMS if verb in verbs)))


def _verbs(norms: Sequence[str]) -> frozenset[str]:
    """Return the stems of the verbs that report something done: "cleaned", "ran"."""
    reporting = [norm for norm in norms if norm[-2:] == "ed" and len(norm) >= _MIN_VERB]
    reporting += [_IRREGULAR[norm] for norm in _IRREGULAR_FORMS.intersection(norms)]
    if not reporting:
        return frozenset()
    verbs = frozenset(map(stem, reporting)) - _EMPTY_VERBS
    return verbs if _HAS_PERFORMED.isdisjoint(norms) else verbs | _PERFORMS


_IRREGULAR_FORMS = frozenset(_IRREGULAR)
_IRREGULAR_STEMS = [(form, stem(verb)) for form, verb in _IRREGULAR.items()]
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


def named_among(steps: Iterable[Done], words: Collection[str]) -> list[Done]:
    """Return the steps that sentences of these words may name; quicker than which do."""
    line = " ".join(words)
    return [one for one in steps if any(map(line.__contains__, one.forms))]


def told_again(sentence: Sentence, steps: Iterable[Done]) -> Done | None:
    """Return the step that a sentence of the agent tells to take, or asks about, though it was taken.

    Args:
        steps: What was done, in order.

    Returns:
        The first that has the same verb, and most of what it is done to; None if none has.
    """
    norms = sentence.found.norms
    if len(norms) > _MAX_STEP_WORDS or not _AGAIN.isdisjoint(norms):
        return None
    # To see what a sentence tells to do takes long.
    named = named_among(steps, norms)
    line = sentence.found.joined
    tells = _TELLS.search(line) if named else None
    if tells is None or _TELLS_NOTHING.search(tells[0]):
        return None
    verb = stem(_IRREGULAR.get(tells.group(1), tells.group(1)))
    same = [one for one in named if verb in one.verbs]
    words = content(line[tells.start(1) :].split()) | {verb} if same else frozenset()
    return next((one for one in same if _is_most(words, words & one.words)), None)


def _is_most(words: Collection[str], shared: Collection[str]) -> bool:
    return len(shared) >= _MIN_SHARED and len(shared) >= _MOST * len(words)
