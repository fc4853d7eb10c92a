"""Find what rules and acts look for in a sentence, and what cancels it there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from convscan.conversation import Channel, Role
from convscan.errors import RuleError
from convscan.language.cues import CueFinder, SentenceCues
from convscan.language.parsed import Mark
from convscan.rules.catalogue import Catalogue
from convscan.rules.loader import located
from convscan.rules.matching import PatternIndex, TokenPattern, check_token_pattern
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.rule import Pattern, Wording
from convscan.rules.words import Tokens, Words


@dataclass(frozen=True, slots=True)
class _Sought:
    """One pattern in the index and what it is for."""

    owner: str
    pattern: Pattern
    compiled: Phrase | TokenPattern
    unless: tuple[str, ...]
    channels: tuple[Channel, ...]
    is_exception: bool = False


class Marker:
    """All wordings of a catalogue, by the role whose words they look for."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Compile every pattern; owners with a bad one are left out and told in `errors`."""
        self._words = Words(catalogue.norms)
        self._compiler = PhraseCompiler(cache(self._words.norms_of), catalogue.lists)
        self.errors: list[RuleError] = []
        self._cues = CueFinder(catalogue.cues, self._words, self._compiler)
        sought: dict[Role, list[_Sought]] = {role: [] for role in (Role.CUSTOMER, Role.AGENT)}
        for owner, wording, channels in _wordings(catalogue):
            try:
                compiled = list(self._compile(owner, wording, channels))
            except RuleError as error:
                self.errors.append(error)
                continue
            for role in wording.roles:
                sought[role].extend(compiled)
        self._sought = {role: tuple(found) for role, found in sought.items()}
        self._index = {
            role: PatternIndex([one.compiled for one in found], self._words) for role, found in self._sought.items()
        }

    def _compile(self, owner: str, wording: Wording, channels: tuple[Channel, ...]) -> Iterator[_Sought]:
        for is_exception, patterns in ((False, wording.patterns), (True, wording.exceptions)):
            for pattern in patterns:
                try:
                    compiled = self._compile_pattern(pattern)
                except RuleError as error:
                    raise located(pattern.place, str(error)) from error
                unless = (*wording.unless, *pattern.unless)
                yield _Sought(owner, pattern, compiled, unless, channels, is_exception=is_exception)

    def _compile_pattern(self, pattern: Pattern) -> Phrase | TokenPattern:
        if pattern.phrase is not None:
            return self._compiler.compile(pattern.phrase)
        check_token_pattern(pattern.tokens)
        compiled = TokenPattern(pattern.tokens)
        PatternIndex([compiled], self._words)
        return compiled

    def find(self, text: str, role: Role, *, channel: Channel | None = None, offset: int = 0) -> "Found":
        """Say what can be found in one sentence.

        Args:
            text: The sentence.
            channel: Rules for other channels are passed over.
            offset: Where the sentence begins in its utterance, in code points.
        """
        tokens = self._words.tokens(text)
        sought = self._sought[role]
        present: dict[str, list[int]] = {}
        exceptions: dict[str, list[int]] = {}
        for number in self._index[role].present(tokens):
            one = sought[number]
            if not one.channels or channel in one.channels:
                (exceptions if one.is_exception else present).setdefault(one.owner, []).append(number)
        return Found(_Sentence(text, tokens, offset), sought, self._index[role], self._cues, present, exceptions)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in words, and where it begins in its utterance."""

    text: str
    tokens: Tokens
    offset: int


class Found:
    """What rules and acts found in one sentence.

    Which of them can have anything in it is known at once; whether, where, and what cancels
    it, is looked up for those that are asked for: most acts are never quoted.
    """

    def __init__(  # noqa: PLR0917 # made in one place, right above
        self,
        sentence: _Sentence,
        sought: Sequence[_Sought],
        index: PatternIndex,
        cues: CueFinder,
        present: Mapping[str, Sequence[int]],
        exceptions: Mapping[str, Sequence[int]],
    ) -> None:
        """Take the numbers of the patterns that can match in the sentence, by owner."""
        self.owners = frozenset(present)
        self._sentence = sentence
        self._sought = sought
        self._index = index
        self._finder = cues
        self._present = present
        self._exceptions = exceptions
        self._known: dict[str, tuple[Mark, ...]] = {}
        self._first: dict[str, Mark | None] = {}

    def of(self, owner: str) -> tuple[Mark, ...]:
        """Return the marks of a rule or act in reading order; of overlapping ones the longest."""
        if owner not in self._known:
            self._known[owner] = tuple(sorted(_longest(self.all_of(owner)), key=lambda mark: (mark.start, mark.end)))
        return self._known[owner]

    def first_of(self, owner: str) -> Mark | None:
        """Return one mark that stands, None if there is none; much quicker than `of`."""
        if owner not in self._first:
            self._first[owner] = next((mark for mark in self.all_of(owner) if not mark.vetoes), None)
        return self._first[owner]

    def all_of(self, owner: str) -> Iterator[Mark]:
        """Yield the marks of a rule or act, those that lie in longer ones too."""
        tokens, offset = self._sentence.tokens, self._sentence.offset
        exceptions = self._exceptions.get(owner, ())
        excepted = tuple(f"except {self._sought[n].pattern}" for n in exceptions if any(self._index.hits(n, tokens)))
        for number in self._present.get(owner, ()):
            one = self._sought[number]
            for hit in self._index.hits(number, tokens):
                vetoes = excepted
                if one.unless:
                    vetoes += self._cues.at(hit, one.unless, lambda match: self._index.gap_words(match, tokens))
                yield Mark(one.owner, offset + hit.start, offset + hit.end, str(one.pattern), vetoes)

    @cached_property
    def _cues(self) -> SentenceCues:
        return self._finder.in_sentence(self._sentence.text, self._sentence.tokens)


def _wordings(catalogue: Catalogue) -> Iterator[tuple[str, Wording, tuple[Channel, ...]]]:
    for rule in catalogue.rules.values():
        yield rule.id, rule.wording, rule.channels
    for act in catalogue.acts.values():
        yield f"acts/{act.name}", act.wording, ()


def _longest(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Keep, of overlapping marks that stand, the longest, and likewise of those that are vetoed."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m.start - m.end, m.start)):
        rivals = (other for other in kept if bool(other.vetoes) is bool(mark.vetoes))
        if all(mark.end <= other.start or mark.start >= other.end for other in rivals):
            kept.append(mark)
    yield from kept
