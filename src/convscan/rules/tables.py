"""What a catalogue looks for, made ready: by which words each pattern is found, what is written twice.

To make this is what takes long when rules are loaded. It is plain data, so that it can be kept
(`rules/kept.py`); a pattern itself is compiled when a sentence first holds what it needs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from convscan.conversation import Channel, Role
from convscan.errors import RuleError
from convscan.rules.catalogue import Catalogue
from convscan.rules.loader import located
from convscan.rules.matching import Compiled, needs_of
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.prefilter import Filed, count_keys, file_patterns
from convscan.rules.rule import Pattern, Wording
from convscan.rules.token_patterns import TokenPattern, check_token_pattern
from convscan.rules.words import Words


@dataclass(frozen=True, slots=True)
class Sought:
    """Which patterns of a wording are looked for, by their places in it; of equal ones the first."""

    patterns: tuple[int, ...]
    exceptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What is looked for in the words of one role.

    Attributes:
        sought: By rule id or `acts/<name>`, in the order of the catalogue. All together
            are numbered in this order, those of an owner before its exceptions.
        filed: What each needs, by these numbers.
    """

    sought: Mapping[str, Sought]
    filed: Filed


@dataclass(frozen=True, slots=True)
class Tables:
    """What is looked for.

    Attributes:
        errors: What was wrong in wordings that were left out, by rule id or `acts/<name>`.
    """

    of_role: Mapping[Role, Table]
    errors: Mapping[str, RuleError]


def wordings(catalogue: Catalogue) -> Iterator[tuple[str, Wording, tuple[Channel, ...]]]:
    """Yield the wording of each rule and act, with the channels in which it is looked for, empty for all."""
    for rule in catalogue.rules.values():
        yield rule.id, rule.wording, rule.channels
    for act in catalogue.acts.values():
        yield f"acts/{act.name}", act.wording, ()


class PatternCompiler:
    """Compile the patterns of a catalogue.

    Attributes:
        words: Its spellings.
        phrase: Compiles one phrase.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Take the spellings and word lists."""
        self.words = Words(catalogue.norms)
        self.phrase = cache(PhraseCompiler(cache(self.words.norms_of), catalogue.lists).compile)

    def compile(self, pattern: Pattern) -> Compiled:
        """Compile one pattern.

        Raises:
            RuleError: If it is malformed; without its place.
        """
        if pattern.phrase is not None:
            return self.phrase(pattern.phrase)
        check_token_pattern(pattern.tokens)
        return TokenPattern(pattern.tokens)


def make_tables(catalogue: Catalogue, compiler: PatternCompiler) -> Tables:
    """Compile every pattern; owners with a bad one are left out and told in `errors`.

    Raises:
        RuleError: If a phrase of a cue is malformed.
    """
    for cue in catalogue.cues.values():
        for pattern in (*cue.phrases, *cue.stop):
            compiler.compile(pattern)
    sought: dict[Role, dict[str, Sought]] = {role: {} for role in (Role.CUSTOMER, Role.AGENT)}
    compiled: dict[Role, list[Compiled]] = {role: [] for role in sought}
    errors: dict[str, RuleError] = {}
    for owner, wording, _ in wordings(catalogue):
        try:
            patterns = _distinct(wording.patterns, compiler)
            exceptions = _distinct(wording.exceptions, compiler)
        except RuleError as error:
            errors[owner] = error
            continue
        for role in wording.roles:
            sought[role][owner] = Sought(tuple(patterns), tuple(exceptions))
            compiled[role] += [*patterns.values(), *exceptions.values()]
    frequencies = count_keys(compiler.words.tokens(text) for text in _example_texts(catalogue))
    return Tables(
        {
            role: Table(sought[role], file_patterns([needs_of(one, compiler.words) for one in found], frequencies))
            for role, found in compiled.items()
        },
        errors,
    )


def _distinct(patterns: Sequence[Pattern], compiler: PatternCompiler) -> dict[int, Compiled]:
    """Return the patterns by their places, without those that match the same and are cancelled by the same."""
    known: set[tuple[Compiled, tuple[str, ...]]] = set()
    found: dict[int, Compiled] = {}
    for place, pattern in enumerate(patterns):
        try:
            compiled = compiler.compile(pattern)
            if not isinstance(compiled, Phrase):
                needs_of(compiled, compiler.words)  # refuses one that names no word
        except RuleError as error:
            raise located(pattern.place, str(error)) from error
        if (compiled, pattern.unless) not in known:
            known.add((compiled, pattern.unless))
            found[place] = compiled
    return found


def _example_texts(catalogue: Catalogue) -> Iterator[str]:
    """Yield the examples of all rules and acts: how people talk, as far as is known here."""
    for rule in catalogue.rules.values():
        yield from (example.text for example in rule.examples)
    for act in catalogue.acts.values():
        yield from (example.text for example in act.examples)
