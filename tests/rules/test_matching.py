"""Patterns in text: raw token patterns, equal patterns, and order."""

import random
from collections.abc import Callable, Mapping

import pytest

from convscan.errors import RuleError
from convscan.rules.matching import Hit, PatternIndex, TokenPattern, check_token_pattern
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.words import MAX_TOKEN_CHARS, Words

Token = Mapping[str, object]


FindAll = Callable[[list[Phrase | TokenPattern], str], list[Hit]]


@pytest.mark.parametrize(
    ("tokens", "text", "expected"),
    [
        ([{"LOWER": "refund"}], "A REFUND", ["REFUND"]),
        ([{"LOWER": {"IN": ["refund", "credit"]}}], "a Credit", ["Credit"]),
        ([{"NORM": "thanks"}], "Thx", ["Thx"]),
        ([{"ORTH": "IT"}], "It is IT", ["IT"]),
        ([{"TEXT": "It"}], "It is IT", ["It"]),
        ([{"LOWER": "dear"}, {"ORTH": "["}], "Dear [name]", ["Dear ["]),
        ([{"LOWER": "dear"}, {"IS_TITLE": True}], "Dear Ana, dear all", ["Dear Ana"]),
        ([{"IS_UPPER": True, "LENGTH": {">=": 4}}], "READ it NOW", ["READ"]),
        ([{"SHAPE": "dddd"}], "order 1234 or 123", ["1234"]),
        ([{"LIKE_NUM": True}, {"LOWER": "days"}], "ten days", ["ten days"]),
        ([{"LOWER": "at"}, {"LIKE_EMAIL": True}], "at help@example.com", ["at help@example.com"]),
        ([{"LOWER": "see"}, {"LIKE_URL": True}], "see https://example.com/a", ["see https://example.com/a"]),
        ([{"IS_ALPHA": True}, {"ORTH": "?"}], "Really? 5?", ["Really?"]),
        ([{"IS_LOWER": True}, {"LOWER": "refund"}], "the refund", ["the refund"]),
        ([{"LOWER": "a"}, {"LOWER": "so", "OP": "+"}, {"LOWER": "c"}], "a so so so c", ["a so so so c"]),
        ([{"LOWER": "so", "OP": "*"}, {"LOWER": "c"}], "so so c", ["so so c", "so c", "c"]),
        ([{"LOWER": "no"}, {"LOWER": "not", "OP": "!"}, {"LOWER": "c"}], "no x c", ["no x c"]),
        ([{"LOWER": "a"}, {"OP": "?"}, {"LOWER": "c"}], "a b c", ["a b c"]),
        ([{"LOWER": "a"}, {"LOWER": "b"}], "a \n b", ["a \n b"]),
        ([{"LOWER": "a"}, {"LOWER": "b"}], "a, b", []),
        ([{"NORM": {"REGEX": "^ref[a-z]+$"}}], "a refund", ["refund"]),
    ],
)
def test_token_pattern_sees_what_the_tokenizer_gives(
    find_all: FindAll, tokens: list[Token], text: str, expected: list[str]
) -> None:
    assert [text[hit.start : hit.end] for hit in find_all([TokenPattern(tuple(tokens))], text)] == expected


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ({"POS": "NOUN"}, "POS needs a tagger or parser, which convscan does not run; use LOWER"),
        ({"LEMMA": "be"}, "LEMMA needs a tagger or parser"),
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
    "token",
    [
        {"IS_TITLE": "yes"},
        {"LOWER": 5},
        {"LOWER": {"IN": "abc"}},
        {"LOWER": {"NOPE": 1}},
        {"LOWER": "a", "OP": "maybe"},
    ],
)
def test_token_value_that_spacy_refuses_is_an_error_without_its_noise(words: Words, token: Token) -> None:
    with pytest.raises(RuleError, match=r"^spaCy refuses the token pattern: \[pattern -> 0") as error:
        PatternIndex([TokenPattern((token,))], words).check()
    assert "\n" not in str(error.value)


def test_word_too_long_to_be_speech_is_left_out(words: Words) -> None:
    """An expression takes polynomial time in the length of a token, so tokens must be short."""
    text = "a" * (MAX_TOKEN_CHARS + 1)
    assert found(words, [{"LOWER": {"REGEX": "^a+$"}}], text) == []
    assert found(words, [{"LOWER": {"REGEX": "^a+$"}}], text[1:]) == [text[1:]]


def test_equal_patterns_are_matched_once_and_told_to_all_owners(words: Words, compiler: PhraseCompiler) -> None:
    raw = [TokenPattern(({"LOWER": "sorry", "OP": "+"},)), TokenPattern(({"OP": "+", "LOWER": "sorry"},))]
    phrases = [compiler.compile("sorry"), compiler.compile("(sorry)")]
    index = PatternIndex([*raw, *phrases], words)

    assert [hit.pattern for hit in index.hits("so sorry")[1]] == [0, 1, 2, 3]
    assert index.distinct == 2


def test_phrases_that_differ_in_an_anchor_only_are_not_equal(words: Words, compiler: PhraseCompiler) -> None:
    index = PatternIndex([compiler.compile(text) for text in ("^ sorry", "sorry", "sorry $")], words)

    assert [hit.pattern for hit in index.hits("so sorry then")[1]] == [1]


def test_order_of_patterns_changes_nothing(words: Words, compiler: PhraseCompiler) -> None:
    phrases = ["so sorry", "(so|very) sorry", "apolog*", "<we> ... sorry", "sorry for", "^ we", "for that $"]
    text = "We are so sorry, we apologise, and we feel very sorry for that"
    expected = hits_by_phrase(words, compiler, phrases, text)

    assert len(expected) == 9
    for seed in range(5):
        shuffled = random.Random(seed).sample(phrases, len(phrases))  # noqa: S311 # no secret, an order
        assert hits_by_phrase(words, compiler, shuffled, text) == expected


def hits_by_phrase(words: Words, compiler: PhraseCompiler, phrases: list[str], text: str) -> set[tuple[str, str]]:
    _, hits = PatternIndex([compiler.compile(phrase) for phrase in phrases], words).hits(text)
    return {(phrases[hit.pattern], text[hit.start : hit.end]) for hit in hits}


def test_hit_tells_its_words_and_which_of_them_filled_a_gap(words: Words, compiler: PhraseCompiler) -> None:
    _, (hit,) = PatternIndex([compiler.compile("you ... failed")], words).hits("Well, you did not fail: you failed")
    assert (hit.words, hit.gap_words) == ((5, 7), frozenset())
    _, (hit,) = PatternIndex([compiler.compile("you ... failed")], words).hits("Well, you did not, hm, failed")
    assert (hit.words, hit.gap_words) == ((1, 6), frozenset({2, 3, 4}))


def test_text_without_candidates_is_not_sorted_out(words: Words, compiler: PhraseCompiler) -> None:
    assert PatternIndex([compiler.compile("so sorry")], words).hits("Here you are.") == (None, [])


def test_longest_match_from_a_word_on_is_told(words: Words, compiler: PhraseCompiler) -> None:
    text = "really very sorry"
    _, hits = PatternIndex([compiler.compile("really (very)? (very sorry|sorry)?")], words).hits(text)
    assert [text[hit.start : hit.end] for hit in hits] == [text]
