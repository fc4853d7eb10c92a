"""Turns: what is owed to the customer is owed by a whole run of messages."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Role, Source, Turn, Utterance, Visibility, turns


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
