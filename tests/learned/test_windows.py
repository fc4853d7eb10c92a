"""Windows: everything that was said is read, nothing is too long, training and scanning cut alike."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.acts.heard import HeardConversation, hear
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.windows import (
    MAX_AGENT_PIECES,
    MAX_CUSTOMER_PIECES,
    MAX_SENTENCE_PIECES,
    exchanges,
)
from convscan.records import conversation_from_json
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue

LANGUAGE = LanguagePipeline(load_catalogue(rules_folder()), Budget(utterance_chars=10**6, record_seconds=60.0))
# Heading, start and two ends.
FRAME = 8


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Cut at blanks; a piece is as long as its word."""
    return [[1000 + len(word) for word in text.split()] for text in texts]


def heard(*spoken: tuple[str, str]) -> HeardConversation:
    record = {"id": "w", "channel": "chat", "utterances": [{"role": role, "text": text} for role, text in spoken]}
    return hear(LANGUAGE.parse(conversation_from_json(record))[0])


def test_an_agent_turn_is_read_beside_what_it_answers() -> None:
    conversation = heard(("customer", "My kettle leaks."), ("agent", "Oh no. Which model is it?"), ("customer", "K2."))
    first, last = exchanges(conversation)
    assert [sentence.text for _, sentence in first.sentences] == ["My kettle leaks.", "Oh no.", "Which model is it?"]
    assert first.is_first
    assert first.is_last  # the agent says nothing more
    assert last.agent is None
    assert [sentence.text for _, sentence in last.sentences] == ["K2."]


def test_the_sides_tell_customer_from_agent() -> None:
    (exchange,) = exchanges(heard(("customer", "It leaks badly."), ("agent", "Sorry about that.")))
    (window,) = exchange.windows(pieces)
    (_, start, end), (_, agent_start, agent_end) = window.places
    assert [window.sides[place] for place in range(start, end)] == [0, 0, 0]
    assert [window.sides[place] for place in range(agent_start, agent_end)] == [1, 1, 1]


def test_of_a_long_story_the_beginning_and_the_end_are_beside_the_reply() -> None:
    story = " ".join(f"Then part number {number} of my long story happened to me." for number in range(60))
    (exchange,) = exchanges(heard(("customer", f"It broke. {story} Please help me now."), ("agent", "Let me look.")))
    beside = next(exchange.windows(pieces))
    texts = [exchange.sentences[number][1].text for number, _, _ in beside.places]
    assert texts[0] == "It broke."
    assert texts[-2:] == ["Please help me now.", "Let me look."]


def test_pictures_are_read_by_their_names_and_a_row_of_them_once() -> None:
    read: list[str] = []

    def overhearing(texts: Sequence[str]) -> list[list[int]]:
        read.extend(texts)
        return pieces(texts)

    angry = "Three weeks \U0001f621\U0001f621\U0001f621 and no na\u00efve excuse \u2764\ufe0f please"
    (exchange,) = exchanges(heard(("customer", angry), ("agent", "Noted \U0001f44d\U0001f3fd")))
    list(exchange.windows(overhearing))
    joined = " ".join(" ".join(read).split())
    assert "Three weeks pouting face and no na\u00efve excuse heavy black heart please" in joined
    assert joined.endswith("Noted thumbs up sign")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["customer", "agent"]),
            st.lists(st.integers(1, 90), min_size=1, max_size=40).map(
                lambda sizes: " ".join("Word" + " word" * (size - 1) + "." for size in sizes)
            ),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_every_sentence_is_read_and_no_window_is_too_long(spoken: list[tuple[str, str]]) -> None:
    found = list(exchanges(heard(*spoken)))
    assert found
    for exchange in found:
        windows = list(exchange.windows(pieces))
        assert {number for window in windows for number, _, _ in window.places} == set(range(len(exchange.sentences)))
        assert [window.is_whole for window in windows] == [True] + [False] * (len(windows) - 1)
        for window in windows:
            assert len(window.pieces) == len(window.sides)
            assert len(window.pieces) <= FRAME + MAX_CUSTOMER_PIECES + MAX_AGENT_PIECES + MAX_SENTENCE_PIECES
            for number, start, end in window.places:
                whole = pieces([exchange.sentences[number][1].text])[0]
                assert list(window.pieces[start:end]) == whole[:MAX_SENTENCE_PIECES]
