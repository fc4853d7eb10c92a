"""What the tests of rules share: words, a compiler, and packs written for one test."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from convscan.rules.matching import PatternIndex
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.prefilter import members
from convscan.rules.token_patterns import TokenPattern
from convscan.rules.words import Words

LISTS = {
    "we": ["i", "we"],
    "soon": ["soon", "as soon as (we|i) can", "before long"],
    "sorry": ["<very>? sorry", "apolog*"],
    "very": ["so", "very"],
}
NORMS = {"thx": "thanks", "thnx": "thanks", "sry": "sorry", "pls": "please"}


@pytest.fixture(scope="session")
def words() -> Words:
    return Words(NORMS)


@pytest.fixture
def compiler(words: Words) -> PhraseCompiler:
    return PhraseCompiler(words.norms_of, LISTS)


FindAll = Callable[[Sequence[Phrase | TokenPattern], str], list[tuple[int, tuple[int, int]]]]


@pytest.fixture(scope="session")
def find_all(words: Words) -> FindAll:
    """Return where some patterns match in a text, pattern by pattern, with the pattern's number."""

    def found(patterns: Sequence[Phrase | TokenPattern], text: str) -> list[tuple[int, tuple[int, int]]]:
        index = PatternIndex.of(patterns, words)
        tokens = words.tokens(text)
        return [
            (number, tokens.span(*matched))
            for number in members(index.present(tokens))
            for matched in index.matches(number, tokens)
        ]

    return found


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file of a pack below the test's folder."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file
