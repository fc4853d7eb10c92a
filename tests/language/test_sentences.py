"""Sentences: their bounds, in text as people in support really write it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.language.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_full_stops_question_and_exclamation_marks_end_sentences() -> None:
    assert sentences("It is late. Where is it?  Tell me!") == ["It is late.", "Where is it?", "Tell me!"]


@pytest.mark.parametrize("text", ["", "  \n ", "...", "?!", "😀 👍", "--- * ---"])
def test_text_without_words_has_no_sentence(text: str) -> None:
    assert sentences(text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr. Lee and Dr. Okafor called.",
        "Order No. 5 is in box no. 7.",
        "It takes approx. 3 days.",
        "Bring a document, e.g. Form B or a bill.",
        "I will call at 5 p.m. tomorrow.",
        "We open at 9 a.m. Monday, and at 10 a.m. GMT on Sunday.",
        "It came on Jan. 5 and again on Sept. 9.",
        "Update to v2.3.1 of the app.",
        "It costs 3.50, not 35.0.",
        "See https://lamps.example/find?Page=2&q=a.b for it.",
        "Write to jo.lindqvist@lamps.example and wait.",
        "I waited... and waited… and left.",
        'You said "no!" and hung up.',
        "Ask J. R. Lindqvist about it.",
        "Lamp Shop Ltd. has moved.",
        "I ❤️ London and you (really!) do not.",
        "That is a U.S. number.",
        "P.S. Your bill is attached.",
        "1. Open the box.",
        "It is the Lamp.Shop page.",
    ],
)
def test_points_inside_a_sentence_do_not_end_it(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "expected",
    [
        ["The answer is no.", "Please ask again."],
        ["i asked for it.", "you said no.", "it still flickers"],
        ["We close at 5 p.m.", "Please call before."],
        ["So do I.", "We agree."],
        ["Really?!", "I cannot believe it!!!", "OK"],
        ["I waited...", "Nothing came."],
        ["Your order is 12345.", "It left."],
        ["See https://lamps.example/a.", "Then call."],
        ['She said "go."', "Then I left."],
        ["(See the page.)", "**Important!**", "Read it."],
        ["Great 😀", "Please send it."],
        ["Thanks!😀", "It works."],
        ["Happy to help :)", "Please send it."],
        ["It works.", "</b>Thank you."],
        ["Is it you?", "😀 yes"],
    ],
)
def test_sentences_end_where_people_end_them(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_sentence_may_follow_without_a_gap() -> None:
    assert sentences("It is late!Where is it?Tell me") == ["It is late!", "Where is it?", "Tell me"]


def test_entity_for_a_space_is_a_gap() -> None:
    assert sentences("It is late.&nbsp;Where is it?") == ["It is late.", "&nbsp;Where is it?"]


def test_steps_on_one_line_keep_their_numbers() -> None:
    assert sentences("1. Open the app 2. Log in 3. Save") == ["1. Open the app", "2. Log in", "3. Save"]


def test_list_items_are_sentences() -> None:
    text = "Please check\n- the plug\n- the bulb\n• the switch\na) the fuse\nStep 2: the wall"
    assert sentences(text) == text.split("\n")


def test_wrapped_line_goes_on() -> None:
    text = "Please switch the lamp off at the wall and wait for a\nminute before you\nswitch it on."
    assert sentences(text) == [text]


def test_wrapped_line_goes_on_before_a_capital() -> None:
    text = "The parcel was handed to the courier in the town of\nLeeds on Monday."
    assert sentences(text) == [text]


def test_short_unfinished_lines_are_sentences_of_their_own() -> None:
    assert sentences("my lamp is late\nwhere is it\nOrder 55") == ["my lamp is late", "where is it", "Order 55"]


def test_narrow_lines_of_who_begins_sentences_with_capitals_go_on() -> None:
    text = "thank you for asking. The sofa fits\nthrough a door; you should\nmeasure it."
    assert sentences(text) == ["thank you for asking.", "The sofa fits\nthrough a door; you should\nmeasure it."]


def test_capital_that_a_telephone_writes_tells_nothing() -> None:
    assert sentences("ok. I rang\nnobody came\nI rang again") == ["ok.", "I rang", "nobody came", "I rang again"]


def test_first_line_of_a_letter_begins_small_and_goes_on() -> None:
    text = "Hi Jo,\n\nwe sent the sofa\nto your old flat.\n\nmy number\nis below"
    found = [text[start:end] for start, end in split_sentences(text, text.index("we"))]

    assert found == ["we sent the sofa\nto your old flat.", "my number", "is below"]


def test_blank_line_ends_a_sentence() -> None:
    assert sentences("It left\n\non Monday") == ["It left", "on Monday"]


def test_call_without_punctuation_is_one_sentence() -> None:
    call = "hi yes i rang about the lamp " * 60
    assert sentences(call) == [call.strip()]


def test_tags_of_a_web_page_end_sentences_and_belong_to_none() -> None:
    text = "<p>Hi Ana</p><br />Your lamp left<BR>Where is it?<br>Leeds"
    assert sentences(text) == ["Hi Ana", "Your lamp left", "Where is it?", "Leeds"]


def test_sign_before_a_number_is_no_tag() -> None:
    assert sentences("It is <p50 and >3 days") == ["It is <p50 and >3 days"]


def test_only_the_part_asked_for_is_split() -> None:
    text = "One. Two. Three."
    assert list(split_sentences(text, 5, 9)) == [(5, 9)]


_WORDS = st.sampled_from(
    [
        "No.",
        "5",
        "p.m.",
        "Mr.",
        "e.g.",
        "J.",
        "hello",
        "Then",
        "wait...",
        "a?",
        "B!",
        "😀",
        ":)",
        "\n",
        "\n\n",
        " ",
        "\r\n",
        "- x",
        "1.",
        "2. Open",
        "(yes.)",
        "https://a.example/x?Y",
        "u2",
        "\u2028",
        "é́",
        "</b>",
        "\u200b",
    ]
)
_TEXTS = st.text(st.characters(exclude_characters="<")) | st.lists(_WORDS).map(" ".join)


@given(_TEXTS, st.integers(0, 9), st.integers(0, 9))
def test_every_letter_lies_in_exactly_one_sentence(text: str, cut_left: int, cut_right: int) -> None:
    start = min(cut_left, len(text))
    end = max(start, len(text) - cut_right)
    bounds = list(split_sentences(text, start, end))
    edges = [edge for pair in bounds for edge in pair]
    assert edges == sorted(edges)
    assert all(start <= first < last <= end for first, last in bounds)
    inside = "".join(text[first:last] for first, last in bounds)
    assert [c for c in inside if c.isalnum()] == [c for c in text[start:end] if c.isalnum()]


@given(_TEXTS)
def test_sentences_are_trimmed_and_hold_a_word(text: str) -> None:
    for sentence in sentences(text):
        assert sentence == sentence.strip()
        assert any(map(str.isalnum, sentence))


@pytest.mark.parametrize(
    "unit",
    [
        "ok\n",
        "!",
        "!x",
        ". ",
        "?A",
        "1. A ",
        "1. a\n",
        "Mr. ",
        "a.",
        "!)",
        "<br>",
        "<br ",
        " ",
        "a",
        "\u2028a",
        "😀",
        " :) ",
        '"',
        "https://a/?A",
        "...x",
    ],
)
def test_time_grows_with_length_only(unit: str, is_linear: Callable[..., bool]) -> None:
    assert is_linear(lambda text: list(split_sentences(text)), lambda size: unit * (size // len(unit)) + "x", 40_000)
