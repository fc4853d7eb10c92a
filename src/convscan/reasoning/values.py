"""Values that a customer has told under whatever name: "ref GC-8", "chest measure 104", "bus 14".

Slots have names that are known beforehand; here any noun with a value behind it is one. And
whoever answers a question with a value that was told before was asked for it again.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from convscan.language.parsed import Sentence
from convscan.reasoning.wordings import Wordings
from convscan.reasoning.words import stem, word_set

# A number behind one of these counts or dates something.
_NO_NAMES = word_set("""
    in on at by of to for from since until till about after before around within the a an and or but than is are was
    were has have had i we you it they he she us me my our your only just still now then today yesterday tomorrow
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec day days week weeks month
    months year years hour hours minute minutes time times euro euros pound pounds dollar dollars paid pay waited
    waiting took over under up down out off all both got get came arrived ordered bought had another other last next
    first more less least nearly almost exactly approximately no not got with without per x plus minus so as if when
    while there here that this these those aged age until once
    """)
_BETWEEN = word_set("no nr number num id code is was ca about = : # approximately roughly from before of reads says")
_MAX_BETWEEN = 3
_MIN_DIGITS = 3
_MIN_NAME = 3
_CODE_PREFIX = re.compile(r"[a-z]{1,2}")


def digits_of(word: str) -> int:
    """Return how many digits a word has."""
    return 0 if word.isalpha() else sum(map(str.isdigit, word))  # most words have only letters


def values_in(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Yield the values by which something can be known again, each with its place among the words.

    Numbers in a row are one: "0555 0190 77", "8 8 1 4 0", and so is a code, "GC-8".
    """
    norms = sentence.found.norms
    if not any(map(digits_of, norms)):
        return
    codes = {"".join(one.group().lower().split("-")) for one in _CODE.finditer(sentence.text)}
    place = 0
    while place < len(norms):
        end = place
        while end < len(norms) and digits_of(norms[end]):
            end += 1
        if end == place:
            place += 1
            continue
        value = "".join(norms[place:end])
        before = norms[place - 1] if place else ""
        if before + value in codes or any(code.startswith(before + value) for code in codes if before):
            yield place, before + value
        elif digits_of(value) >= _MIN_DIGITS or (len(value) >= _MIN_DIGITS and not value.isdigit()):
            yield place, value
        place = end


_CODE = re.compile(r"\b[A-Za-z]{1,4}(?:-\d+)+\b")


def named_values(norms: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (stem of a noun, value) for nouns with a value behind them."""
    for place, word in enumerate(norms):
        if word.isalpha() or not digits_of(word) or word.endswith(("am", "pm", "th", "st", "nd", "rd")):
            continue
        before = place - 1
        while before >= 0 and place - before <= _MAX_BETWEEN and norms[before] in _BETWEEN:
            before -= 1
        # "The box has 3 pieces": a number of something else.
        name = norms[before] if before >= 0 else ""
        if name.isalpha() and name not in _NO_NAMES and len(name) >= _MIN_NAME:
            yield stem(name), word
        elif before >= 1 and _CODE_PREFIX.fullmatch(name) and norms[before - 1] not in _NO_NAMES:
            yield stem(norms[before - 1]), name + word


_DEMAND = re.compile(
    r"\b(?:(?:what|which) (?:is|was|are|'s|s) (?:the |your |its |that |this )?"
    r"|(?:give|state|quote|provide|share|tell|fill in|enter|note)(?: me| us)? (?:the |your |its )?"
    r"|(?:can|may|could) (?:i|we) (?:have|get|take|know) (?:the |your |its )?"
    r"|need (?:the |your |its )?|(?<=, )|(?:and|or) (?:the |your |its )?)"
    r"((?:[a-z]+ ){0,2}?[a-z]+)"
    r"(?= (?:number|no|id|code|reference|ref|and|or|of|please|pls|again|so|for|to|from|you|as well|too|also)\b|$|,)"
)
# How each of these begins; quicker to see.
_DEMANDS = Wordings({
    "what which": r"(?:what|which) (?:is|was|are|'s|s)",
    "give state quote provide share tell fill enter note": "give|state|quote|provide|share|tell|fill in|enter|note",
    "can may could + have get take know": r"(?:can|may|could) (?:i|we) (?:have|get|take|know)",
    "need": "need",
    "and": "and",
    "or": "or",
})  # fmt: skip
# "Kindly do not share your order number here."
_WARNS = Wordings({"not never": r"(?:not|never) (?:to )?(?:share|give|state|quote|provide|tell|enter|post|send)"})
_MAX_DEMAND_WORDS = 16
# "Account number?"
_MAX_BARE_WORDS = 3


def demanded(sentence: Sentence) -> Iterator[str]:
    """Yield the stems of the nouns whose value a sentence of the agent demands that asks for something."""
    norms = sentence.found.norms
    if len(norms) > _MAX_DEMAND_WORDS:
        return
    is_bare = sentence.found.is_question and len(norms) <= _MAX_BARE_WORDS
    demands = _DEMANDS.stand_in(sentence)
    if not (is_bare or demands) or _WARNS.stand_in(sentence):
        return
    if is_bare:
        yield from (stem(norm) for norm in norms if norm.isalpha() and norm not in _NO_NAMES)
    if demands:
        for found in _DEMAND.finditer(sentence.found.joined):
            # Of "chest measure" the last word is the noun; "stop, date and bus number" are three.
            yield stem(found.group(1).split()[-1])


def may_ask_for_value(words: Collection[str]) -> bool:
    """Whether sentences of these words ask or tell for something though they are no questions."""
    return _ASKS.may_stand_among(words)


def asks(sentence: Sentence) -> bool:
    """Whether a sentence asks or tells for something at all."""
    return sentence.found.is_question or _ASKS.stand_in(sentence)


_ASKS = Wordings({
    "please kindly pls give state quote provide tell share need": (
        "please|kindly|pls|give|state|quote|provide|tell|share|need"
    ),
    "fill + in": "fill in",
})  # fmt: skip
# What is wanted is a fact, not a choice and not a yes.
_WANTS_FACT = Wordings({
    "what when where who which give state provide number address name reference code id": (
        r"what|when|where|who|which|give|state|provide|number|address|name|reference|code|id"
    ),
    "how + much many old long": r"how (?:much|many|old|long)",
    "may can could + i we": r"(?:may|can|could) i|(?:may|can) we",
})  # fmt: skip
_CHOOSES = Wordings({"which": r"which (?:of|one|two|order|parcel|item|booking|account|ones)", "or": "or"})


def wants_fact(sentence: Sentence) -> bool:
    """Whether a sentence of the agent that asks for something wants a fact that only the customer knows."""
    return _WANTS_FACT.stand_in(sentence) and not _CHOOSES.stand_in(sentence)


_FIRST_WORDS = 4
_SHORT = 9


def leading_values(sentence: Sentence) -> Iterator[str]:
    """Yield the values with which a customer's sentence answers: those that stand first, or in few words."""
    for place, value in values_in(sentence):
        is_plain = value.isdigit() and len(value) <= _MIN_DIGITS
        if place == 0 or (not is_plain and (place < _FIRST_WORDS or len(sentence.found.norms) <= _SHORT)):
            yield value
