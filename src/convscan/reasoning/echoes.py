"""Answers in which a customer says again what they said before: "the 7:44 to Holm, as I wrote".

Whoever answers a question with nothing but words of their own from earlier was asked again,
whatever the thing is called. What the agent has said first is a choice that was offered, or
a value that is confirmed, and proves nothing.
"""

import re
from collections.abc import Collection, Sequence

from convscan.language.parsed import Sentence
from convscan.reasoning.words import content, is_number, stem, word_set

# How somebody shows that they say it again; none of these is part of what is said.
_SHOWS = word_set(
    "still literally said told wrote given gave written message mail post already above top honestly again same once"
)
_INSISTS = content(_SHOWS) | {stem(word) for word in _SHOWS}
_MAX_ECHO_WORDS = 8
_MAX_CONTENT = 4
_SHORT_NUMBER = 2
# A question for a fact: by a question word, or in telegraph style, "Colour of the bag?".
_FACT = re.compile(
    r"^(?:\S+ ){0,4}(?:what|which|where|when|who|whose|how (?:many|much|old|long|big|large))\b"
    r"|\b(?:name|surname|number|no|id|code|date|day|time|colour|color|size|model|make|version|year|amount|room|floor"
    r"|plate|reg|registration|city|town|street|address|postcode|destination|age|guests|persons|people|brand|browser"
    r"|device|firmware|birth|dob|train|flight|route|branch|store|shop|station|product|item|nights)\b"
)
# What is wished, thought or chosen now may be the same as before; so may be how it stands now.
_OF_NOW = re.compile(
    r"\bwhich (?:of|one|ones|two|order|parcel|item|booking|account)\b|\b(?:would|prefer|suits?|shall|should|could"
    r"|want|wish|like|choose|instead|now|new|next|another|other|else|exact"
    r"|exactly|second|happened|happens|mean|wrong|say|says|see|show|shows|or|any|help|why|tomorrow|better|best|can i"
    r"|can we|about|going on|problem|issue|works?)\b"
)
_YES_NO = word_set("is are was were do does did have has had will")
_MAX_TELEGRAPH = 5
_FINITE = word_set(
    "is are was were be been has have had do does did can could will would must should may might 's 'll 'd we i"
)
_PEOPLE = word_set("people persons person guests guest adults pax covers seats")
_COUNTS = frozenset({"many", "number"})
_UNITS = re.compile(r"\bhow many (\w+)|\bnumber of (\w+)")


def asks_for_fact(sentence: Sentence) -> bool:
    """Whether a sentence of the agent asks for one fact that does not change while they speak."""
    norms = sentence.found.norms
    if not (sentence.found.is_question or is_telegraph(norms)) or not norms or norms[0] in _YES_NO:
        return False
    line = sentence.found.joined
    return _FACT.search(line) is not None and _OF_NOW.search(line) is None


def is_telegraph(norms: Sequence[str]) -> bool:
    """Whether words are so few that they can only be a demand: "Client number.", "Name and city please"."""
    return 0 < len(norms) <= _MAX_TELEGRAPH and _FINITE.isdisjoint(norms)


def echo_of(sentence: Sentence) -> frozenset[str]:
    """Return the stems that a short answer is made of; empty if it is no short answer.

    How it is said again, "still", "I literally wrote", is left out.
    """
    norms = sentence.found.norms
    if not norms or len(norms) > _MAX_ECHO_WORDS or sentence.found.is_question or not _NO_ECHO.isdisjoint(norms):
        return frozenset()
    said = content(norms) - _INSISTS
    return said if len(said) <= _MAX_CONTENT else frozenset()


_NO_ECHO = word_set(
    "yes no not yep nope ok okay sure thanks thank why because maybe dunno cannot want need another please"
)


def is_echo(said: Collection[str], told: Collection[str], offered: Collection[str]) -> bool:
    """Whether an answer is made of nothing but what its speaker has told.

    Args:
        said: Stems of the answer.
        told: Stems of what the customer told before.
        offered: Stems of what the agents said before.
    """
    if not said or not all(word in told for word in said) or any(word in offered for word in said):
        return False
    return not all(is_number(word) and len(word) <= _SHORT_NUMBER for word in said)


def counted_again(asking: Sentence, sentence: Sentence) -> bool:
    """Whether a customer's sentence counts what an agent's sentence asks to count: "4 people"."""
    wanted = None if _COUNTS.isdisjoint(asking.found.norms) else _UNITS.search(asking.found.joined)
    if wanted is None:
        return False
    noun = wanted.group(1) or wanted.group(2)
    nouns = {one for one in sentence.found.norms if stem(one) == stem(noun) or {one, noun} <= _PEOPLE}
    norms = sentence.found.norms
    return any(norm in nouns and place and is_number(norms[place - 1]) for place, norm in enumerate(norms))
