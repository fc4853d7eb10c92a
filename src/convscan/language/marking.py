"""Find what rules and acts look for in a sentence, and what cancels it there."""

import string
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

from convscan.conversation import Channel, Role
from convscan.language.clock import UNLIMITED, Clock
from convscan.language.cues import CueFinder, SentenceCues
from convscan.language.parsed import Mark
from convscan.rules.catalogue import Catalogue
from convscan.rules.matching import PatternIndex
from convscan.rules.prefilter import members
from convscan.rules.rule import Pattern, is_sought_in
from convscan.rules.tables import PatternCompiler, Table, Tables, make_tables, wordings
from convscan.rules.words import Tokens, lowered

EXCEPTION = "except"
# Leaves letters as they are and turns all else into spaces.
_LETTERS = bytes(byte if byte in string.ascii_lowercase.encode() else ord(" ") for byte in range(256))


@dataclass(frozen=True, slots=True)
class _One:
    """One pattern that is looked for.

    Attributes:
        pattern: As its author wrote it.
        unless: Cues that cancel it.
    """

    pattern: str
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Owner:
    """A rule or act; its sets of patterns are as in `Prefilter`, but counted from its own first.

    Attributes:
        first: Number of its first pattern.
        before: The set of all patterns before that one.
        patterns: All that are looked for.
        exceptions: All that cancel every match in a sentence.
        unless: Cues that cancel each pattern.
    """

    name: str
    first: int
    before: int
    patterns: int
    exceptions: int
    unless: tuple[str, ...]


class Marker:
    """All wordings of a catalogue, by the role whose words they look for."""

    def __init__(self, catalogue: Catalogue, tables: Tables | None = None, *, without: Collection[str] = ()) -> None:
        """Get ready to find patterns; owners with a bad one are left out and told in `errors`.

        Args:
            catalogue: The rules.
            tables: What is made of them; it is made here if it is not at hand.
            without: Ids of rules that are not looked for.
        """
        self._compiler = PatternCompiler(catalogue)
        tables = tables or make_tables(catalogue, self._compiler)
        self.errors = [error for owner, error in tables.errors.items() if owner not in without]
        self._cues = CueFinder(catalogue.cues, self._compiler.phrase)
        self._books = {role: _Book(table, catalogue, self._compiler, without) for role, table in tables.of_role.items()}

    def find(
        self, text: str, role: Role, *, channel: Channel | None = None, offset: int = 0, clock: Clock = UNLIMITED
    ) -> "Found":
        """Say what can be found in one sentence.

        Args:
            text: The sentence.
            channel: Rules for other channels are passed over.
            offset: Where the sentence begins in its utterance, in code points.
            clock: When the time of the record is over; what was not looked up until then never will be.
        """
        tokens = self._compiler.words.tokens(text)
        book = self._books[role]
        return Found(tokens, offset, book, self._cues, book.by_owner(book.index.present(tokens), channel), clock)


class _Book:
    """All patterns for the words of one role; those of an owner stand together, its exceptions last."""

    def __init__(self, table: Table, catalogue: Catalogue, compiler: PatternCompiler, without: Collection[str]) -> None:
        self.owners: dict[str, _Owner] = {}
        self._patterns: list[Pattern] = []
        self._owner_of: list[_Owner] = []
        self._in_channel = dict.fromkeys((None, *Channel), 0)
        for name, wording, channels in wordings(catalogue):
            if name not in table.sought:
                continue
            places = table.sought[name]
            sought = [wording.patterns[place] for place in places.patterns]
            excepted = [wording.exceptions[place] for place in places.exceptions]
            own, both, first = (1 << len(sought)) - 1, (1 << len(sought + excepted)) - 1, len(self._patterns)
            owner = _Owner(name, first, (1 << first) - 1, own, both ^ own, wording.unless)
            self.owners[name] = owner
            self._patterns += sought + excepted
            self._owner_of += [owner] * len(sought + excepted)
            for channel in self._in_channel if name not in without else ():
                if is_sought_in(channel, channels):
                    self._in_channel[channel] |= both << first
        self.index = PatternIndex(lambda number: compiler.compile(self._patterns[number]), table.filed, compiler.words)
        self.sought = cache(self._sought)

    def _sought(self, number: int) -> _One:
        """Return a pattern by its number."""
        pattern = self._patterns[number]
        return _One(str(pattern), (*self._owner_of[number].unless, *pattern.unless))

    def by_owner(self, present: int, channel: Channel | None) -> dict[str, int]:
        """Part a set of patterns by owner; those that hold exceptions only, or are for other channels, are left out."""
        present &= self._in_channel[channel]
        found = {}
        while present:
            owner = self._owner_of[present.bit_length() - 1]
            own = present >> owner.first
            if own & owner.patterns:
                found[owner.name] = own
            present &= owner.before
        return found


class Found:
    """What rules and acts found in one sentence.

    Which of them can have anything in it is known at once; whether, where, and what cancels
    it, is looked up for those that are asked for: most acts are never quoted.
    """

    __slots__ = (
        "_book", "_clock", "_cues_here", "_finder", "_first", "_has", "_joined", "_known", "_lowered", "_offset",
        "_present", "_runs", "_tokens",
    )  # fmt: skip

    def __init__(  # noqa: PLR0917 - one is made for each sentence, and names would cost time
        self, tokens: Tokens, offset: int, book: _Book, cues: CueFinder, present: dict[str, int], clock: Clock
    ) -> None:
        """Take a sentence.

        Args:
            tokens: Its words.
            offset: Where it begins in its utterance.
            book: What is looked for.
            cues: What may cancel it.
            present: The patterns that can match in it, by owner.
            clock: When the time of the record is over. All who judge come here for what a sentence
                holds, so that none of them goes on for long after that.
        """
        self._clock = clock
        self._tokens = tokens
        self._offset = offset
        self._book = book
        self._finder = cues
        self._present = present
        self._known: dict[str, tuple[Mark, ...]] = {}
        self._first: dict[str, tuple[int, tuple[int, int]] | None] = {}
        self._has: dict[str, bool] = {}
        self._joined: str | None = None
        self._lowered: str | None = None
        self._runs: frozenset[str] | None = None
        self._cues_here: SentenceCues | None = None

    @property
    def norms(self) -> tuple[str, ...]:
        """The sentence's words, each in the form under which it is matched."""
        return self._tokens.norms

    @property
    def joined(self) -> str:
        """The same words as one text, with spaces between."""
        if self._joined is None:
            self._joined = " ".join(self._tokens.norms)
        return self._joined

    @property
    def plain(self) -> str:
        """The sentence, of the same length, with one kind of apostrophe, hyphen and space."""
        return self._tokens.plain

    @property
    def lowered(self) -> str:
        """The same in small letters."""
        if self._lowered is None:
            self._lowered = lowered(self._tokens.plain)
        return self._lowered

    @property
    def runs(self) -> frozenset[str]:
        """The runs of the letters a to z in `lowered`: the words of it, or parts of them."""
        if self._runs is None:
            # By way of bytes, three times as quick as by an expression.
            self._runs = frozenset(self.lowered.encode("ascii", "replace").translate(_LETTERS).decode().split())
        return self._runs

    @property
    def is_question(self) -> bool:
        """Whether the sentence ends with a question mark."""
        return self._tokens.is_question

    def norms_between(self, start: int, end: int) -> tuple[str, ...]:
        """Return the words between two code points of the sentence."""
        words = self._tokens.words_between(start, end)
        return self._tokens.norms[words.start : words.stop]

    def has_any(self, owners: tuple[str, ...]) -> bool:
        """Tell whether one of these rules and acts has a mark that stands; quicker than which."""
        if self._present.keys().isdisjoint(owners):  # as it is nearly always
            return False
        for owner in owners:  # noqa: SIM110 # asked often: `any` would make a generator each time
            if owner in self._present and self._has_mark(owner):
                return True
        return False

    def possible(self) -> list[str]:
        """Return the rules and acts that may have a mark, by the words that are there; quicker than which do."""
        return list(self._present)

    def marked(self) -> frozenset[str]:
        """Return all rules and acts that have a mark that stands."""
        return frozenset(filter(self._has_mark, self.possible()))

    def _has_mark(self, owner: str) -> bool:
        if owner not in self._has:
            self._has[owner] = self._look_for(owner)
        return self._has[owner]

    def _look_for(self, owner: str) -> bool:
        if owner in self._first:
            return self._first[owner] is not None
        if owner in self._known:
            return any(not mark.vetoes for mark in self._known[owner])
        own, book = self._book.owners[owner], self._book
        present = self._present[owner]
        self._clock.check()
        for place in members(present & own.patterns):
            if present & own.exceptions or book.sought(own.first + place).unless:
                # What may be cancelled is searched for its place at once, and for what cancels it there.
                return self._standing(owner) is not None
            if book.index.is_hit(own.first + place, self._tokens):
                return True
            self._rule_out(own, place)
        return False

    def _rule_out(self, owner: _Owner, place: int) -> None:
        """Never search for a pattern of an owner again, which does not match."""
        self._present[owner.name] ^= 1 << place
        if not self._present[owner.name] & owner.patterns:
            del self._present[owner.name]

    def of(self, owner: str) -> tuple[Mark, ...]:
        """Return the marks of a rule or act in reading order; of overlapping ones the longest."""
        if owner not in self._present:
            return ()
        if owner not in self._known:
            marks = tuple(self.all_of(owner))
            if len(marks) > 1:  # seldom
                marks = tuple(sorted(_longest(marks), key=lambda mark: (mark.start, mark.end)))
            self._known[owner] = marks
        return self._known[owner]

    def first_of(self, owner: str) -> Mark | None:
        """Return one mark that stands, None if there is none; quicker than all."""
        standing = self._standing(owner)
        return None if standing is None else self._mark(owner, *standing)

    def all_of(self, owner: str) -> list[Mark]:
        """Return the marks of a rule or act, those that lie in longer ones too."""
        return [self._mark(owner, number, words, vetoes) for number, words, vetoes in self._matches_of(owner)]

    def _mark(self, owner: str, number: int, words: tuple[int, int], vetoes: tuple[str, ...] = ()) -> Mark:
        """Say where in the text the words are that a pattern matched."""
        start, end = self._tokens.span(*words)
        return Mark(owner, self._offset + start, self._offset + end, self._book.sought(number).pattern, vetoes)

    def _standing(self, owner: str) -> tuple[int, tuple[int, int]] | None:
        """Return a pattern of an owner and the words that it matched if nothing cancels it there, None if none does."""
        if owner not in self._first:
            first = None
            for number, words, vetoes in self._matches_of(owner):
                if not vetoes:
                    first = number, words
                    break
            self._first[owner] = first
        return self._first[owner]

    def _matches_of(self, owner: str) -> Iterator[tuple[int, tuple[int, int], tuple[str, ...]]]:
        """Yield each pattern of an owner with the words that it matched, and what cancels it there."""
        if owner not in self._present:
            return
        self._clock.check()
        book = self._book
        own, matches = book.owners[owner], book.index.matches
        excepted: tuple[str, ...] | None = None
        for place in members(self._present[owner] & own.patterns):
            number = own.first + place
            words = None
            for words in matches(number, self._tokens):
                if excepted is None:
                    excepted = self._exceptions_to(own)
                vetoes, unless = excepted, book.sought(number).unless
                if unless:
                    vetoes += self._cues.at(words, unless, partial(self._gap_words, number))
                yield number, words, vetoes
            if words is None:
                self._rule_out(own, place)

    def _exceptions_to(self, owner: _Owner) -> tuple[str, ...]:
        exceptions = self._present[owner.name] & owner.exceptions
        if not exceptions:  # as nearly always
            return ()
        found: list[str] = []
        for place in members(exceptions):
            if self._book.index.is_hit(owner.first + place, self._tokens):
                found.append(f"{EXCEPTION} {self._book.sought(owner.first + place).pattern}")
            else:
                self._rule_out(owner, place)
        return tuple(found)

    def _gap_words(self, number: int, words: tuple[int, int]) -> frozenset[int]:
        return self._book.index.gap_words(number, words, self._tokens)

    @property
    def _cues(self) -> SentenceCues:
        if self._cues_here is None:
            self._cues_here = self._finder.in_sentence(self._tokens)
        return self._cues_here


def _longest(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Keep, of overlapping marks that stand, the longest, and likewise of those that are vetoed."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start - m.end, m.start)):
        rivals = (other for other in kept if bool(other.vetoes) is bool(mark.vetoes))
        if all(mark.end <= other.start or mark.start >= other.end for other in rivals):
            kept.append(mark)
    yield from kept
