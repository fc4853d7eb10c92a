"""Segments that split a sentence are joined, and found again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.readers.speech.segments import MAX_GAP_MS, Segment, in_order, join_segments
from convscan.readers.speech.words import Word, sentences_of


def texts(*segments: Segment) -> list[str]:
    return [spoken.text for spoken in join_segments(segments)]


def test_a_segment_that_ends_within_a_sentence_is_joined_with_the_next() -> None:
    assert texts(Segment("a", "I want to", 0, 900), Segment("a", "cancel my order.", 1000, 2000)) == [
        "I want to cancel my order."
    ]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (Segment("a", "I see.", 0, 900), Segment("a", "And then?", 1000, 2000), "the sentence has ended"),
        (Segment("a", 'He said "no."', 0, 900), Segment("a", "Twice", 1000, 2000), "a quote closes behind the stop"),
        (Segment("a", "I see", 0, 900), Segment("b", "the dog", 1000, 2000), "somebody else speaks"),
        (Segment("a", "I see", 0, 900), Segment("a", "well", 901 + MAX_GAP_MS, 9000), "the pause is too long"),
    ],
)
def test_segments_are_not_joined_when(first: Segment, second: Segment, why: str) -> None:
    assert texts(first, second) == [first.text, second.text], why


def test_a_pause_just_short_enough_does_not_end_a_sentence() -> None:
    assert texts(Segment("a", "I see", 0, 900), Segment("a", "well", 900 + MAX_GAP_MS, 9000)) == ["I see well"]


def test_an_abbreviation_mark_inside_is_no_end() -> None:
    """Only the end of the segment counts: "at 3 p.m. on" goes on."""
    assert texts(Segment("a", "at 3 p.m. on", 0, 900), Segment("a", "Friday", 950, 1500)) == ["at 3 p.m. on Friday"]


def test_segments_without_words_say_nothing() -> None:
    assert texts(Segment("a", "one", 0, 1), Segment("a", " \n", 1, 2), Segment("a", "two", 2, 3)) == ["one two"]


def test_a_monologue_without_full_stops_is_cut_somewhere() -> None:
    parts = texts(*(Segment("a", "word", number, number) for number in range(1000)))

    assert len(parts) > 10
    assert " ".join(parts).split() == ["word"] * 1000


def test_segments_of_two_channels_are_put_in_order_of_time() -> None:
    found = in_order([Segment("a", "1", 0), Segment("a", "3", 20), Segment("b", "2", 10)])

    assert [segment.text for segment in found] == ["1", "2", "3"]


def test_segments_stay_as_they_are_if_one_has_no_time() -> None:
    """A wrong order is worse than the file's own."""
    given_segments = [Segment("a", "1", 50), Segment("a", "2"), Segment("b", "3", 10)]

    assert in_order(given_segments) == given_segments


segments = st.builds(
    Segment,
    speaker=st.sampled_from(("a", "b")),
    text=st.text(max_size=12),
    start_ms=st.none() | st.integers(0, 10_000),
    end_ms=st.none() | st.integers(0, 10_000),
)


@given(st.lists(segments, max_size=12))
def test_no_word_is_lost_and_every_segment_is_found_again(given_segments: list[Segment]) -> None:
    spoken = list(join_segments(given_segments))

    found = []
    for utterance in spoken:
        places = utterance.metadata["segments"]
        assert isinstance(places, list)
        found += [utterance.text[place["start"] : place["end"]] for place in places]
    assert found == [segment.text for segment in given_segments if segment.text.strip()]


def test_words_become_sentences() -> None:
    words = [
        Word("a", "Hello", 0, 100),
        Word("a", ",", is_mark=True),
        Word("a", "there", 150, 300),
        Word("a", ".", is_mark=True),
        Word("a", "I", 350, 400),
        Word("b", "yes", 500, 600),
        Word("b", "no", 700 + MAX_GAP_MS, 800 + MAX_GAP_MS),
    ]

    assert [(item.speaker, item.text, item.start_ms, item.end_ms) for item in sentences_of(words)] == [
        ("a", "Hello, there.", 0, 300),
        ("a", "I", 350, 400),
        ("b", "yes", 500, 600),
        ("b", "no", 700 + MAX_GAP_MS, 800 + MAX_GAP_MS),
    ]
