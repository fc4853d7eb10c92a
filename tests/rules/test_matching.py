"""Patterns in text: raw token patterns, equal patterns, and order."""

import random
from collections.abc import Callable, Mapping

import pytest
from spacy.matcher import Matcher

from convscan.errors import RuleError
from convscan.rules import token_patterns
from convscan.rules import words as words_module
from convscan.rules.matching import PatternIndex
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.token_patterns import SpacyTokens, TokenPattern, check_token_pattern
from convscan.rules.words import MAX_WORD_CHARS, Words
from convscan.scanner import Scanner

Token = Mapping[str, object]


FindAll = Callable[[list[Phrase | TokenPattern], str], list[tuple[int, tuple[int, int]]]]


@pytest.mark.parametrize(
    ("tokens", "text", "expected"),
    [
        ([{"LOWER": "refund"}], "A REFUND", ["REFUND"]),
        ([{"LOWER": {"IN": ["refund", "credit"]}}], "a Credit", ["Credit"]),
        ([{"NORM": "thanks"}], "Thx", ["Thx"]),
        ([{"ORTH": "IT"}], "It is IT", ["IT"]),
        ([{"TEXT": "It"}], "It is IT", ["It"]),
        ([{"LOWER": "dear"}, {"ORTH": "["}], "Dear [name]", ["Dear"]),
        ([{"LOWER": "dear"}, {"IS_TITLE": True}], "Dear Ana, dear all", ["Dear Ana"]),
        ([{"IS_UPPER": True, "LENGTH": {">=": 4}}, {"LOWER": "it"}], "READ it, SO it is", ["READ it"]),
        ([{"LOWER": "order"}, {"IS_DIGIT": True, "LENGTH": 4}], "order 123, order 1234", ["order 1234"]),
        ([{"LIKE_NUM": True}, {"LOWER": "days"}], "ten days", ["ten days"]),
        ([{"LOWER": "at"}, {"LIKE_EMAIL": True}], "at help@example.com", ["at help@example.com"]),
        ([{"LOWER": "see"}, {"LIKE_URL": True}], "see https://example.com/a", ["see https://example.com/a"]),
        ([{"LOWER": "really"}, {"ORTH": "?"}], "Really! Really?", ["Really"]),
        ([{"IS_LOWER": True}, {"LOWER": "refund"}], "the refund", ["the refund"]),
        ([{"LOWER": "a"}, {"LOWER": "so", "OP": "+"}, {"LOWER": "c"}], "a so so so c", ["a so so so c"]),
        ([{"LOWER": "so", "OP": "*"}, {"LOWER": "c"}], "so so c", ["so so c", "so c", "c"]),
        ([{"LOWER": "no"}, {"LOWER": "not", "OP": "!"}, {"LOWER": "c"}], "no x c", ["no x c"]),
        ([{"LOWER": "a"}, {"OP": "?"}, {"LOWER": "c"}], "a b c", ["a b c"]),
        ([{"LOWER": "a"}, {"LOWER": "b"}], "a \n b", ["a \n b"]),
        ([{"LOWER": "a"}, {"LOWER": "b"}], "a, b", []),
        ([{"LOWER": "a"}, {"NORM": {"REGEX": "^ref[a-z]+$"}}], "a ref, a refund", ["a refund"]),
    ],
)
def test_token_pattern_sees_what_the_tokenizer_gives(
    find_all: FindAll, tokens: list[Token], text: str, expected: list[str]
) -> None:
    assert [text[slice(*place)] for _, place in find_all([TokenPattern(tuple(tokens))], text)] == expected


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ({"POS": "NOUN"}, "POS needs a tagger or parser, which convscan does not run; use LOWER"),
        ({"LEMMA": "be"}, "LEMMA needs a tagger or parser"),
        ({"SHAPE": "dddd"}, "unknown token attribute 'SHAPE'"),
        ({"lower": "be"}, r"unknown token attribute 'lower'; did you mean 'LOWER'\?"),
        ({"COLOUR": "red"}, "unknown token attribute 'COLOUR'; known: IS_ALPHA"),
        ({"LOWER": {"REGEX": "(a+)+$"}}, "could take very long"),
        ({"LOWER": {"REGEX": "(a|a)*$"}}, "could take very long"),
        ({"LOWER": {"REGEX": "(?:ab){2,}"}}, "could take very long"),
        ({"LOWER": {"REGEX": ".*.*.*.*="}}, "could take very long.* 3 repetitions"),
        ({"LOWER": {"REGEX": "("}}, "is malformed"),
    ],
)
def test_token_attribute_that_nothing_answers_is_refused(token: Token, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        check_token_pattern([token])


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ({"IS_TITLE": "yes"}, "IS_TITLE is true or false, not 'yes'"),
        ({"LOWER": 5}, "LOWER is a word, or a mapping with IN, NOT_IN or REGEX, not 5"),
        ({"LOWER": {}}, "LOWER is a word, or a mapping"),
        ({"LOWER": {"IN": "abc"}}, "IN of token attribute LOWER is a list of words, not 'abc'"),
        ({"LOWER": {"NOT_IN": [5]}}, r"NOT_IN of token attribute LOWER is a list of words, not \[5\]"),
        ({"LOWER": {"NOPE": 1}}, "LOWER is a word, or a mapping"),
        ({"LOWER": {"REGEX": 5}}, "REGEX is an expression in quotes, not 5"),
        ({"LENGTH": "4"}, "LENGTH is a number, or a comparison"),
        ({"LENGTH": True}, "LENGTH is a number"),
        ({"LENGTH": {"=>": 4}}, "LENGTH is compared by"),
        ({"LENGTH": {}}, "LENGTH is a number"),
        ({"LOWER": "a", "OP": "maybe"}, r"OP is one of \? \+ \* !, not 'maybe'"),
        ({"LOWER": "a", "OP": ["+"]}, "OP is one of"),
    ],
)
def test_token_value_of_the_wrong_kind_is_refused(token: Token, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        check_token_pattern([{"LOWER": "so"}, token])


@pytest.mark.parametrize(
    "token",
    [
        {"LOWER": "a", "OP": "?"},
        {"ORTH": {"IN": ["A", "b"]}, "IS_ALPHA": True},
        {"TEXT": {"NOT_IN": ["x"]}, "LIKE_NUM": False},
        {"NORM": {"REGEX": "^re", "NOT_IN": ["red"]}},
        {"LENGTH": 4},
        {"LENGTH": {">=": 2, "<": 9}},
        {"IS_DIGIT": True, "LIKE_URL": False, "LIKE_EMAIL": False, "IS_PUNCT": False, "IS_TITLE": True},
        {},
    ],
)
def test_what_passes_the_check_spacy_takes(words: Words, token: Token) -> None:
    """The check stands in for spaCy's own, so that spaCy is not loaded for it."""
    check_token_pattern([token])

    Matcher(SpacyTokens(words).vocab, validate=True).add("one", [[{"LOWER": "so"}, dict(token)]])


@pytest.mark.parametrize(
    "tokens", [[{"IS_TITLE": True}], [{"LOWER": "so", "OP": "?"}], [{"ORTH": "?"}], [{"LOWER": {"REGEX": "^a"}}], [{}]]
)
def test_token_pattern_that_needs_no_word_is_refused(words: Words, tokens: list[Token]) -> None:
    with pytest.raises(RuleError, match=r"must name a word \(LOWER, NORM, ORTH\) that has to be there"):
        PatternIndex.of([TokenPattern(tuple(tokens))], words)


def test_word_too_long_to_be_speech_is_left_out(find_all: FindAll) -> None:
    """An expression takes polynomial time in the length of a token, so tokens must be short."""
    pattern = TokenPattern(({"LOWER": "so"}, {"LOWER": {"REGEX": "^a+$"}}))
    longest = "a" * MAX_WORD_CHARS

    assert len(find_all([pattern], f"so {longest}")) == 1
    assert find_all([pattern], f"so {longest}a") == []


def test_equal_patterns_are_equal_values(compiler: PhraseCompiler) -> None:
    """Whoever gives patterns to an index can leave out what stands twice."""
    assert len({TokenPattern(({"LOWER": "so", "OP": "+"},)), TokenPattern(({"OP": "+", "LOWER": "so"},))}) == 1
    assert len({compiler.compile("sorry"), compiler.compile("(sorry)"), compiler.compile("sorry ?")}) == 2


def test_phrases_that_differ_in_an_anchor_only_are_not_equal(find_all: FindAll, compiler: PhraseCompiler) -> None:
    phrases: list[Phrase | TokenPattern] = [compiler.compile(p) for p in ("^ sorry", "sorry", "sorry $", "sorry ?")]

    assert [number for number, _ in find_all(phrases, "so sorry then")] == [1]
    assert [number for number, _ in find_all(phrases, "sorry?")] == [0, 1, 2, 3]


def test_order_of_patterns_changes_nothing(find_all: FindAll, compiler: PhraseCompiler) -> None:
    phrases = ["so sorry", "(so|very) sorry", "apolog*", "<we> ... sorry", "sorry for", "^ we", "for that $"]
    text = "We are so sorry, we apologise, and we feel very sorry for that"

    def hits(order: list[str]) -> set[tuple[str, str]]:
        found = find_all([compiler.compile(phrase) for phrase in order], text)
        return {(order[number], text[slice(*place)]) for number, place in found}

    assert len(hits(phrases)) == 9
    for seed in range(5):
        shuffled = random.Random(seed).sample(phrases, len(phrases))  # noqa: S311 # no secret, an order
        assert hits(shuffled) == hits(phrases)


@pytest.mark.parametrize(
    ("phrase", "text", "covered", "gap_words"),
    [
        ("you ... failed", "Well, you did not fail: you failed", (5, 7), set()),
        ("you ... failed", "Well, you did not, hm, failed", (1, 6), {2, 3, 4}),
        ("you not? ... failed", "you did not failed", (0, 4), {1, 2}),
        ("a ...1 b ...2 c", "a x b c", (0, 4), {1}),
        ("a ...1 b ...2 c", "a b x y c", (0, 5), {2, 3}),
        ("(a ... b|c ... d) e", "c \u00e9 \U0001f642 \u00fc d e", (0, 5), {1, 2}),
    ],
)
def test_hit_tells_its_words_and_which_of_them_filled_a_gap(  # noqa: PLR0917 # a table
    words: Words, compiler: PhraseCompiler, phrase: str, text: str, covered: tuple[int, int], gap_words: set[int]
) -> None:
    index = PatternIndex.of([compiler.compile(phrase)], words)
    tokens = words.tokens(text)
    (matched,) = index.matches(0, tokens)

    assert matched == covered
    assert index.gap_words(0, matched, tokens) == gap_words


def test_token_pattern_has_no_gap_words(words: Words) -> None:
    index = PatternIndex.of([TokenPattern(({"LOWER": "a"}, {"OP": "?"}, {"LOWER": "c"}))], words)
    tokens = words.tokens("a b c")
    (matched,) = index.matches(0, tokens)

    assert (matched, index.gap_words(0, matched, tokens)) == ((0, 3), frozenset())


def test_longest_match_from_a_word_on_is_told(find_all: FindAll, compiler: PhraseCompiler) -> None:
    text = "really very sorry"
    hits = find_all([compiler.compile("really (very)? (very sorry|sorry)?")], text)
    assert [text[slice(*place)] for _, place in hits] == [text]


@pytest.mark.parametrize("text", ["", " ", "!!", "\U0001f642", "\n"])
def test_text_without_words_holds_nothing(find_all: FindAll, compiler: PhraseCompiler, text: str) -> None:
    assert find_all([compiler.compile("sorry"), TokenPattern(({"LOWER": "sorry"},))], text) == []


def test_index_of_nothing_finds_nothing(find_all: FindAll) -> None:
    assert find_all([], "so sorry") == []


def test_what_is_remembered_changes_no_result(monkeypatch: pytest.MonkeyPatch, scanner: Scanner) -> None:
    """Words are remembered up to a number, and then learnt anew; spaCy's vocabulary likewise."""
    texts = [f"Thank you for lamp{n}, Ms Ode{n}. You should have read the manual for lamp{n}." for n in range(60)]
    expected = [scanner.scan(text).findings for text in texts]
    monkeypatch.setattr(words_module, "MAX_REMEMBERED", 20)

    assert [Scanner().scan(text).findings for text in texts[:3]] == expected[:3]
    assert [scanner.scan(text).findings for text in texts] == expected


def test_a_renewed_vocabulary_of_spacy_changes_no_result(monkeypatch: pytest.MonkeyPatch, words: Words) -> None:
    monkeypatch.setattr(token_patterns, "MAX_LEXEMES", len(SpacyTokens(words).vocab) + 5)
    index = PatternIndex.of([TokenPattern(({"LOWER": "so"}, {"IS_ALPHA": True}))], words)

    for number in range(30):
        tokens = words.tokens(f"word{number} so sorry{number} so odd{'x' * number}")
        assert list(index.matches(0, tokens)) == [(3, 5)]
