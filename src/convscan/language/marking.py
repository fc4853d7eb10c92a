"""Find what rules and acts look for in a sentence, and what cancels it there."""

from collections.abc import Iterable, Iterator, Sequence
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

    def marks(self, text: str, role: Role, *, channel: Channel | None, offset: int) -> tuple[Mark, ...]:
        """Find everything in one sentence.

        Args:
            text: The sentence.
            offset: Where it begins in its utterance, in code points.

        Returns:
            Marks in reading order; of one owner's overlapping marks only the longest.
        """
        found = self.all_marks(text, role, channel=channel, offset=offset)
        return tuple(sorted(_longest(found), key=lambda mark: (mark.start, mark.end, mark.owner)))

    def all_marks(self, text: str, role: Role, *, channel: Channel | None, offset: int = 0) -> list[Mark]:
        """Find everything in one sentence, with marks that lie in longer ones."""
        tokens = self._words.tokens(text)
        present: dict[str, list[int]] = {}
        exceptions: dict[str, list[int]] = {}
        for number in self._index[role].present(tokens):
            one = self._sought[role][number]
            if not one.channels or channel in one.channels:
                (exceptions if one.is_exception else present).setdefault(one.owner, []).append(number)
        cues = _OnDemand(self._cues, text, tokens)
        return [
            mark
            for owner, numbers in present.items()
            for mark in self._marks_of(numbers, exceptions.get(owner, ()), role, tokens, cues, offset)
        ]

    def _marks_of(
        self,
        numbers: Sequence[int],
        exceptions: Sequence[int],
        role: Role,
        tokens: Tokens,
        cues: "_OnDemand",
        offset: int,
    ) -> Iterator[Mark]:
        """Yield the marks of one owner; what excepts it is looked at only here, where it matters."""
        sought, index = self._sought[role], self._index[role]
        excepted = tuple(f"except {sought[n].pattern}" for n in exceptions if index.hits(n, tokens))
        for number in numbers:
            one = sought[number]
            for hit in index.hits(number, tokens):
                vetoes = excepted
                if one.unless:
                    vetoes += cues.sentence.at(hit, one.unless, lambda match: index.gap_words(match, tokens))
                yield Mark(one.owner, offset + hit.start, offset + hit.end, str(one.pattern), vetoes)


class _OnDemand:
    """The cues of a sentence, found when they are first asked for."""

    def __init__(self, finder: CueFinder, text: str, tokens: Tokens) -> None:
        self._finder = finder
        self._text = text
        self._tokens = tokens

    @cached_property
    def sentence(self) -> SentenceCues:
        return self._finder.in_sentence(self._text, self._tokens)


def _wordings(catalogue: Catalogue) -> Iterator[tuple[str, Wording, tuple[Channel, ...]]]:
    for rule in catalogue.rules.values():
        yield rule.id, rule.wording, rule.channels
    for act in catalogue.acts.values():
        yield f"acts/{act.name}", act.wording, ()


def _longest(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Keep, of the overlapping marks of one owner, the longest; those that stand first."""
    by_owner: dict[tuple[str, bool], list[Mark]] = {}
    for mark in sorted(marks, key=lambda m: (m.start - m.end, m.start)):
        kept = by_owner.setdefault((mark.owner, bool(mark.vetoes)), [])
        if all(mark.end <= other.start or mark.start >= other.end for other in kept):
            kept.append(mark)
    for kept in by_owner.values():
        yield from kept
