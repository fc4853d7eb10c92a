"""Turns: what is owed to the customer is owed by a whole run of messages."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Scenario, Source, Turn, Utterance, Visibility, turns
from convscan.errors import TranscriptError


def said(*roles: str) -> list[Utterance]:
    return [Utterance(Role(role), "Hello") for role in roles]


def test_no_utterances_make_no_turns() -> None:
    assert list(turns([])) == []


def test_neighbours_of_one_role_are_one_turn() -> None:
    found = list(turns(said("customer", "customer", "agent", "customer")))
    assert found == [Turn(Role.CUSTOMER, (0, 1)), Turn(Role.AGENT, (2,)), Turn(Role.CUSTOMER, (3,))]


def test_system_and_bot_neither_make_nor_break_a_turn() -> None:
    found = list(turns(said("system", "agent", "bot", "system", "agent", "bot")))
    assert found == [Turn(Role.AGENT, (1, 4))]


def test_internal_note_neither_makes_nor_breaks_a_turn() -> None:
    note = Utterance(Role.CUSTOMER, "Seems angry", visibility=Visibility.INTERNAL)
    assert list(turns([*said("agent"), note, *said("agent")])) == [Turn(Role.AGENT, (0, 2))]


def test_utterance_without_words_is_in_no_turn() -> None:
    silence = Utterance(Role.CUSTOMER, " \n")
    assert list(turns([*said("agent"), silence, *said("agent")])) == [Turn(Role.AGENT, (0, 2))]


def test_first_is_the_utterance_that_opens_the_turn() -> None:
    assert Turn(Role.AGENT, (4, 5)).first == 4


@given(st.lists(st.sampled_from(["customer", "agent", "bot", "system"])))
def test_turns_hold_every_heard_utterance_once_and_alternate(roles: list[str]) -> None:
    found = list(turns(said(*roles)))
    assert [index for turn in found for index in turn.utterances] == [
        index for index, role in enumerate(roles) if role in {"customer", "agent"}
    ]
    assert all(left.role is not right.role for left, right in pairwise(found))
    assert all(Role(roles[index]) is turn.role for turn in found for index in turn.utterances)


def test_speaker_is_the_id_if_there_is_one() -> None:
    assert Utterance(Role.AGENT, "Hello", author="Jo", author_id="a7").speaker == "a7"
    assert Utterance(Role.AGENT, "Hello", author="Jo").speaker == "Jo"
    assert Utterance(Role.AGENT, "Hello").speaker is None


def test_source_reads_as_editors_link_it() -> None:
    assert str(Source("march.jsonl", 7)) == "march.jsonl:7"
    assert str(Source("-")) == "-"


# -- values that were made by hand ---------------------------------------------------------------


def test_words_for_roles_and_the_like_are_taken_as_what_they_say() -> None:
    by_hand = Conversation(
        7,  # type: ignore[arg-type] # as people write it
        [Utterance("agent", "Hello.", visibility="public", author_id=3)],  # type: ignore[arg-type]
        channel="chat",  # type: ignore[arg-type]
        scenario="refusal",  # type: ignore[arg-type]
    )

    assert by_hand == Conversation(
        "7",
        (Utterance(Role.AGENT, "Hello.", author_id="3"),),
        channel=Channel.CHAT,
        scenario=Scenario.REFUSAL,
    )
    assert by_hand.utterances[0].is_public
    assert type(by_hand.utterances[0].role) is Role


def test_roles_as_words_make_the_same_turns() -> None:
    """Two texts that are equal need not be the same object, and turns are told apart by identity."""
    roles = [f"{word} "[:-1] for word in ("customer", "agent", "agent", "customer")]

    said = [Utterance(role, "Hello.") for role in roles]  # type: ignore[arg-type] # as people write it

    assert [turn.utterances for turn in turns(said)] == [(0,), (1, 2), (3,)]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": "clerk"}, "role: unknown value 'clerk'; expected one of agent, bot, customer, system"),
        ({"role": "Agent"}, "did you mean 'agent'"),
        ({"role": None}, "role: expected text, found null"),
        ({"text": None}, "text: expected text, found null"),
        ({"text": b"Hello."}, "text: expected text, found bytes"),
        ({"visibility": "private"}, "visibility: unknown value 'private'"),
        ({"author": 5}, "author: expected text, found a number"),
        ({"author_id": 1.5}, "author_id: expected text, found a number"),
        ({"timestamp": 1_700_000_000}, "timestamp: expected text, found a number"),
    ],
)
def test_an_utterance_that_says_nothing_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        Utterance(**{"role": Role.AGENT, "text": "Hello.", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"id": 1.5}, "id: expected text, found a number"),
        ({"utterances": "Hello."}, "utterances: expected a list of Utterance, found text"),
        ({"utterances": [("agent", "Hello.")]}, r"utterances\[0\]: expected an Utterance, found tuple"),
        ({"channel": "fax"}, "channel: unknown value 'fax'"),
        ({"language": 5}, "language: expected text"),
        ({"scenario": "x"}, "scenario: unknown value 'x'"),
    ],
)
def test_a_conversation_that_says_nothing_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        Conversation(**{"id": "c", "utterances": (), **fields})  # type: ignore[arg-type]
