"""Nothing is lost on the way from a pattern to its hits: against a search that tries every range of words."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import Matcher

from convscan.errors import RuleError
from convscan.rules.matching import PatternIndex
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.prefilter import members
from convscan.rules.token_patterns import SpacyTokens, TokenPattern
from convscan.rules.words import WORD_END, WORD_START, Tokens, Words

LISTS = {"we": ["i", "we"], "sorry": ["so? sorry", "apolog*", "my bad"]}
NORMS = {"thx": "thanks", "sry": "sorry", "2day": "today"}
WORDS = Words(NORMS)
SPACY_TOKENS = SpacyTokens(WORDS)
COMPILER = PhraseCompiler(WORDS.norms_of, LISTS)

# A word as patterns write it, and how texts spell it.
SPELLINGS = {
    "is": ["is", "'s", "IS", "\u2019s"],
    "it": ["it", "It"],
    "i": ["i", "I"],
    "we": ["we"],
    "would": ["would", "'d"],
    "had": ["had", "'d"],
    "will": ["will", "'ll", "\u2019LL"],
    "not": ["not", "n't", "N'T", "n\u2019t"],
    "cannot": ["cannot", "can't", "cant", "CAN\u2019T", "can not"],
    "gonna": ["gonna", "going to", "Gonna"],
    "10am": ["10am", "10 am", "10AM"],
    "25 kg": ["25kg", "25 kg", "25KG"],
    "e-mail": ["e-mail", "E-Mail", "e\u2011mail"],
    "thanks": ["thanks", "thx", "THX"],
    "sorry": ["sorry", "sry", "Sorry"],
    "today": ["today", "2day"],
    "apolog*": ["apologise", "apology", "apolog"],
    "no*": ["no", "not", "nothing"],
    "na\u00efve": ["na\u00efve", "NA\u00cfVE"],
    "stra\u00dfe": ["stra\u00dfe", "STRASSE"],
    "\u03bf\u03b4\u03cc\u03c2": ["\u03bf\u03b4\u03cc\u03c2", "\u039f\u0394\u038c\u03a3"],
    "\u0130zmir": ["\u0130zmir", "i\u0307zmir"],
    "order_id": ["order_id", "ORDER_ID"],
    "c++": ["c++", "C++"],
    "100": ["100", "100%"],
    "%": ["%"],
    "<we>": ["i", "we"],
    "<sorry>": ["so sorry", "apologies", "my bad"],
    "<number>": ["5", "five"],
    "<any>": ["x", "\u00e9"],
}
FILLERS = ["x", "really", "\U0001f642", "5", "'s", "us", "the", "?", "\x01", "\x02"]
SEPARATORS = [
    "",
    " ",
    "  ",
    ", ",
    " _",
    "_ ",
    "*",
    " **",
    "\n",
    "\u00a0",
    " \U0001f64f ",
    "\u201d ",
    " \u2019",
    "-",
    "/",
    ".",
]

written = st.sampled_from(sorted(SPELLINGS))
item = st.one_of(
    written,
    written.map(lambda word: f"({word})?"),
    st.lists(written, min_size=2, max_size=3).map(lambda words: f"({'|'.join(words)})"),
    st.lists(written, min_size=2, max_size=3).map(lambda words: f"({words[0]}|{' '.join(words[1:])})?"),
    st.sampled_from(["...", "...1"]),
)
phrase = st.builds(
    lambda start, items, end: " ".join([*start, *items, *end]),
    st.sampled_from([[], [], ["^"]]),
    st.lists(item, min_size=1, max_size=4),
    st.sampled_from([[], [], ["$"], ["?"]]),
)
spoken = st.one_of(written.flatmap(lambda word: st.sampled_from(SPELLINGS[word])), st.sampled_from(FILLERS))
text = st.lists(st.tuples(spoken, st.sampled_from(SEPARATORS)), max_size=8).map(
    lambda pairs: "".join(word + separator for word, separator in pairs)
)
raw_token = st.one_of(
    st.builds(lambda attribute, word: {attribute: word}, st.sampled_from(["LOWER", "NORM", "ORTH"]), spoken),
    st.builds(
        lambda attribute, words, operator: {attribute: {"IN": words}} | ({"OP": operator} if operator else {}),
        st.sampled_from(["LOWER", "NORM", "TEXT"]),
        st.lists(spoken, max_size=3),
        st.sampled_from(["", "?", "+", "*", "!"]),
    ),
    st.just({"OP": "?"}),
    st.just({"LIKE_NUM": True}),
    st.just({"LOWER": {"NOT_IN": ["x"]}}),
)


def compiled(phrase: str) -> Phrase | None:
    try:
        return COMPILER.compile(phrase)
    except RuleError:  # the generator also makes phrases that need no word; their messages are tested elsewhere
        return None


def tried(pattern: Phrase, tokens: Tokens) -> set[tuple[int, int]]:
    """Return the longest match from each word on, as words: every range of words is tried."""
    if pattern.is_question and not tokens.is_question:
        return set()
    longest: dict[int, int] = {}
    for first in range(len(tokens.norms)):
        for last in range(first + 1, len(tokens.norms) + 1):
            inside = "".join(f"{WORD_START}{norm}{WORD_END}" for norm in tokens.norms[first:last])
            bounds = (not pattern.expression.startswith("^") or not first) and (
                not pattern.expression.endswith("$") or last == len(tokens.norms)
            )
            if bounds and re.fullmatch(pattern.expression, inside):
                longest[first] = last
    return set(longest.items())


@settings(max_examples=300)
@given(phrases=st.lists(phrase, min_size=1, max_size=8), text=text)
def test_no_phrase_is_lost_and_none_is_added(phrases: list[str], text: str) -> None:
    patterns = [one for phrase in phrases if (one := compiled(phrase))]
    tokens = WORDS.tokens(text)
    index = PatternIndex.of(patterns, WORDS)

    for number, pattern in enumerate(patterns):
        expected = tried(pattern, tokens)
        assert set(index.matches(number, tokens)) == expected
        assert not expected or number in members(index.present(tokens))


@settings(max_examples=200)
@given(patterns=st.lists(st.lists(raw_token, min_size=1, max_size=3), min_size=1, max_size=5), text=text)
def test_no_token_pattern_is_lost(patterns: list[list[dict[str, object]]], text: str) -> None:
    tokens = WORDS.tokens(text)
    doc, bounds = SPACY_TOKENS.doc(text)
    for raw in patterns:
        pattern = TokenPattern(tuple(raw))
        try:
            index = PatternIndex.of([pattern], WORDS)
        except RuleError:  # it needs no word
            continue
        matcher = Matcher(doc.vocab)
        matcher.add("raw", [[dict(token) for token in raw]])
        found = {
            (bounds[first][0], bounds[last - 1][1])
            for _, first, last in matcher(doc)
            if tokens.words_between(bounds[first][0], bounds[last - 1][1])
        }
        assert not found or index.present(tokens) == 1
        assert len(list(index.matches(0, tokens))) == len({start for start, _ in found})


@settings(max_examples=150)
@given(phrase=phrase, text=text)
def test_every_hit_lies_in_the_text_and_begins_and_ends_at_a_word(phrase: str, text: str) -> None:
    pattern = compiled(phrase)
    if pattern is None:
        return
    index = PatternIndex.of([pattern], WORDS)
    tokens = WORDS.tokens(text)
    for matched in index.matches(0, tokens):
        start, end = tokens.span(*matched)
        assert 0 <= start < end <= len(text)
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert index.gap_words(0, matched, tokens) <= set(range(*matched))


@settings(max_examples=150)
@given(text=text | st.text(max_size=40))
def test_words_of_a_text_stand_where_their_bounds_say(text: str) -> None:
    tokens = WORDS.tokens(text)

    assert len(tokens.norms) == len(tokens.starts) == len(tokens.ends)
    assert tokens.line.decode() == "".join(f"{WORD_START}{norm}{WORD_END}" for norm in tokens.norms)
    reached = 0
    for number, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        assert reached <= start < end <= len(text)
        assert tokens.words_at(*map(tokens.line_position, (number, number + 1))) == (number, number + 1)
        reached = end


@settings(max_examples=150)
@given(text=text | st.text(max_size=40), places=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_words_between_two_places_are_those_that_lie_there_at_least_in_part(text: str, places: tuple[int, int]) -> None:
    tokens = WORDS.tokens(text)
    start, end = sorted(places)

    lie_there = [n for n in range(len(tokens.norms)) if tokens.starts[n] < end and tokens.ends[n] > start]
    assert list(tokens.words_between(start, end)) == lie_there


@pytest.mark.parametrize("sign", [WORD_START, WORD_END, "\x00", "\x1b", "\x7f", "\x9f"])
def test_control_character_in_a_text_cannot_pass_for_the_edge_of_a_word(sign: str) -> None:
    index = PatternIndex.of([COMPILER.compile("so sorry"), COMPILER.compile("x")], WORDS)

    assert index.present(WORDS.tokens(f"so{sign}sorry")) == 1
    assert list(index.matches(1, WORDS.tokens(f"so{sign}{sign}x{sign}sorry"))) == [(1, 2)]


def test_whole_book_of_phrases_is_found_in_one_sentence() -> None:
    """RE2 says nothing when an automaton outgrows its memory; hits would be missing silently."""
    pool = [f"word{letter}{other}" for letter in "abcdefghijklmnop" for other in "abcdefghijklmnop"]
    phrases = [
        f"({pool[n % 256]}|{pool[(n * 7) % 256]}) ... ({pool[(n * 3) % 256]}|{pool[(n * 11) % 256]}|x y) ...6 z{n}"
        for n in range(3_000)
    ]
    index = PatternIndex.of([COMPILER.compile(phrase) for phrase in phrases], WORDS)
    for number in (0, 1_499, 2_999):
        tokens = WORDS.tokens(f"then {pool[number % 256]} hm x y, {' '.join(pool[:5])} z{number}")
        assert number in members(index.present(tokens))
        assert len(list(index.matches(number, tokens))) == 1
