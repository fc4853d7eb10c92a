"""What the names of placeholders say: what each stands for, and which are misspelt or not known."""

import difflib
import re
from collections.abc import Mapping
from enum import StrEnum
from fnmatch import fnmatchcase


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, for sets of many."""
    return frozenset(text.split())


class PlaceholderKind(StrEnum):
    """What will stand in the place of a placeholder when the message is sent."""

    NAME = "name"
    TIME = "time"
    AMOUNT = "amount"
    NUMBER = "number"
    LINK = "link"
    CONTACT = "contact"
    REASON = "reason"
    NEXT_STEP = "next-step"
    OTHER = "other"
    # `{% if … %}`, `{{#each …}}`: gone when the message is sent.
    CONTROL = "control"
    # `{# … #}`, `<!-- … -->`: likewise.
    COMMENT = "comment"


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_KINDS: Mapping[PlaceholderKind, frozenset[str]] = {
    PlaceholderKind.NAME: words_of(
        "name firstname fname forename lname lastname surname salutation username requester recipient fullname"
    ),
    PlaceholderKind.TIME: words_of(
        "time times date day days hour hours minute minutes week weeks month months timeframe eta deadline "
        "due when period duration until sla datetime timestamp weekday year start end"
    ),
    PlaceholderKind.AMOUNT: words_of(
        "amount price total fee fees cost costs balance credit sum charge percent percentage discount money "
        "value currency limit"
    ),
    PlaceholderKind.LINK: words_of("link url href uri website webpage portal"),
    PlaceholderKind.CONTACT: words_of("email mail phone telephone tel address mobile fax"),
    PlaceholderKind.REASON: words_of("reason reasons cause explanation why because"),
    PlaceholderKind.NEXT_STEP: words_of("next steps step action actions"),
    PlaceholderKind.NUMBER: words_of(
        "number no num nr id ref reference code order ticket invoice account tracking quantity qty count "
        "version percent size"
    ),
}
# A product's name is no person's.
_NO_PERSON = words_of(
    "product company service plan department shop store brand file item city country depot town street "
    "team business organization organisation app feature course bank carrier courier subscription site "
    "event"
)
_PERSON = words_of("customer client user agent requester assignee recipient contact guest member")

# Names that templates use everywhere: a part that is one slip away from one of them is misspelt.
_COMMON_PARTS = words_of(
    "customer client agent requester assignee company account number order ticket invoice address product "
    "payment amount tracking reference delivery refund subscription support signature current "
    "appointment receipt quantity percentage password username firstname lastname first"
)
_MIN_SLIP_CHARS = 5
# In shorter words one other letter makes another word.
_MIN_WRONG_LETTER_CHARS = 8


def fault_of_name(name: str, known: Mapping[str, PlaceholderKind | None]) -> str | None:
    """Return what is wrong with a name, None if nothing is.

    Args:
        known: The names that the sender knows; if it is empty only slips of common words are told.
    """
    if known:
        if _entry(name, known) is not None:
            return None
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
        return f"{name!r} is not on the list of placeholders; {hint}"
    slips = ((part, _meant(part)) for part in _words(name))
    return next((f"{part!r} looks misspelt; did you mean {meant!r}?" for part, meant in slips if meant), None)


def _entry(name: str, known: Mapping[str, PlaceholderKind | None]) -> str | None:
    """Return the entry of the list under which a name is known."""
    if name in known:
        return name
    return next((entry for entry in known if "*" in entry and fnmatchcase(name, entry)), None)


def _meant(part: str) -> str | None:
    """Return the common name from which a word differs by one letter too many, too few or wrong, or two swapped."""
    if len(part) < _MIN_SLIP_CHARS or part in _COMMON_PARTS:
        return None
    return next((word for word in sorted(_COMMON_PARTS) if _is_slip(part, word)), None)


def _is_slip(part: str, word: str) -> bool:
    if abs(len(part) - len(word)) > 1 or part[0] != word[0] or part[-1] != word[-1]:
        return False  # "orders", "customers" and "reorder" are words of their own
    if len(part) == len(word):
        wrong = sum(one != other for one, other in zip(part, word, strict=True))
        is_swap = wrong == 2 and sorted(part) == sorted(word)  # noqa: PLR2004 # two letters in each other's place
        return is_swap or (wrong == 1 and len(word) >= _MIN_WRONG_LETTER_CHARS)
    longer, shorter = (part, word) if len(part) > len(word) else (word, part)
    return any(longer[:number] + longer[number + 1 :] == shorter for number in range(len(longer)))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def kind_of(name: str, known: Mapping[str, PlaceholderKind | None] | None = None) -> PlaceholderKind:
    """Return what a name stands for: what the list says, else what its words say."""
    entry = _entry(name, known) if known else None
    if entry is not None and known and (kind := known[entry]) is not None:
        return kind
    words = _words(name)
    if not words:
        return PlaceholderKind.OTHER
    if words[-1] in _KINDS[PlaceholderKind.NAME]:
        return PlaceholderKind.OTHER if _NO_PERSON & set(words) else PlaceholderKind.NAME
    if len(words) == 1 and words[0] in _PERSON:
        return PlaceholderKind.NAME
    # "refund_date" is a date and "order_link" a link: the last word counts most.
    for word in reversed(words):
        for kind, names in _KINDS.items():
            if word in names and kind is not PlaceholderKind.NAME:
                return kind
    return PlaceholderKind.NAME if _KINDS[PlaceholderKind.NAME] & set(words) else PlaceholderKind.OTHER
