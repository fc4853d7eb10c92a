"""Find what rules and acts look for in a sentence, and what cancels it there."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from convscan.conversation import Channel, Role
from convscan.errors import RuleError
from convscan.language.cues import CueFinder
from convscan.language.parsed import Mark
from convscan.rules.catalogue import Catalogue
from convscan.rules.loader import located
from convscan.rules.matching import Hit, PatternIndex, TokenPattern, check_token_pattern
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
        tokens, hits = self._index[role].hits(text)
        if not hits:
            return []
        sought = self._sought[role]
        relevant = [hit for hit in hits if not sought[hit.pattern].channels or channel in sought[hit.pattern].channels]
        return list(self._judged(relevant, role, text, tokens, offset))

    def _judged(
        self, hits: Sequence[Hit], role: Role, text: str, tokens: Tokens, offset: int
    ) -> Iterator[Mark]:
        sought, index = self._sought[role], self._index[role]
        exceptions: dict[str, set[str]] = {}
        for hit in hits:
            if sought[hit.pattern].is_exception:
                exceptions.setdefault(sought[hit.pattern].owner, set()).add(str(sought[hit.pattern].pattern))
        cues = None
        for hit in hits:
            one = sought[hit.pattern]
            if one.is_exception:
                continue
            vetoes = tuple(f"except {pattern}" for pattern in sorted(exceptions.get(one.owner, ())))
            if one.unless:
                cues = cues or self._cues.in_sentence(text, tokens)
                vetoes += cues.at(hit, one.unless, lambda match: index.gap_words(match, tokens))
            yield Mark(one.owner, offset + hit.start, offset + hit.end, str(one.pattern), vetoes)


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
