"""Who is who, told from words: evidence, confidence, and none where it is weak."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Role
from convscan.readers.role_guess import MIN_CONFIDENCE, Speaker, ask_for_roles, tell_roles

HOST = "Thank you for calling. How can I help? Could you confirm your postcode?"
CALLER = "Where is my parcel? I never received it."


def speaker(name: str, words: str, role: Role | None = None, *, is_marked: bool = True) -> Speaker:
    return Speaker(name, name, role, words, is_marked)


@pytest.mark.parametrize("turned", [False, True])
def test_two_speakers_are_told_apart_whoever_opens(*, turned: bool) -> None:
    both = [speaker("A", HOST), speaker("B", CALLER)]
    told = tell_roles(both[::-1] if turned else both)

    assert (told["A"].role, told["B"].role) == (Role.AGENT, Role.CUSTOMER)
    assert "asks to verify" in told["A"].evidence
    assert "asks where it is" in told["B"].evidence
    assert MIN_CONFIDENCE <= (told["A"].confidence or 0) < 1


def test_one_sign_alone_is_too_little() -> None:
    """In one of twelve such conversations it would be wrong."""
    assert tell_roles([speaker("A", "Let me check."), speaker("B", "Yes.")]) == {}


def test_one_beside_a_known_side_is_the_other() -> None:
    told = tell_roles([speaker("A", "Yes.", Role.AGENT), speaker("B", "No.")])

    assert told["B"].role is Role.CUSTOMER
    assert told["B"].confidence is None
    assert told["B"].evidence == "the only one beside the agent"


def test_one_beside_a_known_side_who_talks_like_it_is_not_guessed() -> None:
    assert tell_roles([speaker("A", "Yes.", Role.AGENT), speaker("B", HOST)]) == {}


def test_bots_are_no_side() -> None:
    assert tell_roles([speaker("Bot", "Hello", Role.BOT), speaker("B", "No.")]) == {}


def test_of_three_each_must_show_who_they_are() -> None:
    three = [speaker("A", HOST), speaker("B", CALLER), speaker("C", "I have refunded it. Let me check the rest.")]

    assert {key: told.role for key, told in tell_roles(three).items()} == {
        "A": Role.AGENT,
        "B": Role.CUSTOMER,
        "C": Role.AGENT,
    }
    assert tell_roles([*three, speaker("D", "Yes.")]) == {}


def test_error_names_the_option_to_set_and_guesses_nobody() -> None:
    """Who copies the option as it is must not have the customer judged."""
    asked = ask_for_roles(["cust@x.example", "help@acme.example"])

    assert "among 'cust@x.example', 'help@acme.example'" in asked
    assert '--role "NAME=agent" or --role "NAME=customer", or --role "@DOMAIN=agent" for all addresses' in asked
    assert "@DOMAIN" not in ask_for_roles(["Jo", "Ana"])


@given(st.lists(st.sampled_from([HOST, CALLER, "Yes.", "Let me see.", ""]), min_size=1, max_size=5))
def test_names_and_order_change_nothing(words: list[str]) -> None:
    here = tell_roles([speaker(f"n{index}", text) for index, text in enumerate(words)])
    there = tell_roles([speaker(f"m{index}", text) for index, text in reversed(list(enumerate(words)))])

    assert {key[1:]: told.role for key, told in here.items()} == {key[1:]: told.role for key, told in there.items()}
