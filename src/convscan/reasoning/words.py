"""Words that carry what is talked about, so that two turns can be seen to speak of the same."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from convscan.acts.heard import HeardTurn


def word_set(words: str) -> frozenset[str]:
    """Return words that are written with spaces between them, as a set."""
    return frozenset(words.split())


# Words that say nothing of the matter: every second sentence has them.
_EMPTY = word_set("""
    a about actually after again ago all already also always am an and another any anybody anyone anything are as ask
    asked at away back be because been before being best better both bit but by bye call came can case cheers come
    could customer day days dear did do does doing done down each else email even ever every exactly first for from
    get gets getting give given glad go goes going gone good got great had happen happened happening happens happy has
    have he hello help her here hey hi him his hope how i if in info information instead into is issue it its just
    keep kind kindly know last let like ll long look looking lot love m made make many matter may maybe me mean might
    mine minute more morning most much must my need needs never new next nice no nor not nothing now of off oh ok okay
    on once one ones only or other our out over people per please possible pretty problem put question re really reply
    right said same saw say says see seen send sent shall she should since sir so some somebody someone something
    soon sorry still stuff such sure take team tell than thank thanks that the their them then there these they thing
    things think this those though through time times to today told too took tried try trying two until up update us
    use used using ve very want wanted wants was way we week weeks well went were what when where whether which while
    who whom whose why will wish with without work working works would write wrote yeah yes yesterday yet you your
    yours s d t
    """)
_MIN_CHARS = 3
_MIN_STEM = 4
# "posted", "posting", "posts": longest first.
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "er",
    "est",
    "ed",
    "es",
    "al",
    "s",
    "e",
)
MAX_REMEMBERED = 50_000


@lru_cache(maxsize=MAX_REMEMBERED)
def stem(norm: str) -> str:
    """Return a word without its ending, so that "delivered" and "delivery" are one.

    Crude on purpose: two words that are wrongly one excuse an agent, never accuse one.
    """
    for ending in _ENDINGS:
        if norm.endswith(ending) and len(norm) - len(ending) >= _MIN_STEM:
            norm = norm.removesuffix(ending)
            break
    if len(norm) > _MIN_STEM and norm[-1] in "iy":
        norm = norm[:-1]
    return norm[:-1] if len(norm) > _MIN_STEM and norm[-1] == norm[-2] else norm


def content(norms: Iterable[str]) -> frozenset[str]:
    """Return the stems of the words that say what is talked about; numbers stand as they are."""
    return frozenset(
        stem(norm) for norm in norms if norm not in _EMPTY and (len(norm) >= _MIN_CHARS or norm[0].isdigit())
    )


def norms_of(turn: HeardTurn) -> Iterator[str]:
    """Yield all words of a turn, in order."""
    for _, sentence in turn.sentences:
        yield from sentence.found.norms


def words_of(turn: HeardTurn) -> tuple[str, ...]:
    """Return all words of a turn, in order."""
    return tuple([norm for _, sentence in turn.sentences for norm in sentence.found.norms])


def is_number(norm: str) -> bool:
    """Whether a word says a number, in figures or in words."""
    return norm[0].isdigit() or norm in NUMBER_WORDS


NUMBER_WORDS = word_set("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand couple dozen half double
    twice once few first second third fourth quid tenner fiver
    """)
