"""Who is who: what is said of it goes before what is guessed, and no guess is silent."""

import pytest

from convscan.conversation import Role, Source
from convscan.errors import TranscriptError
from convscan.readers.speech.cast import Voice, settle_roles

OPENING = "Thank you for calling, how can I help you? Let me check."
HERE = Source("call.json", 1)
COMPLAINT = "My order was lost. I want a refund."


def test_the_user_goes_before_the_file() -> None:
    cast = settle_roles([Voice("spk_0", declared=Role.CUSTOMER), Voice("customer")], {"spk_0": Role.AGENT}, HERE)

    assert cast.roles == {"spk_0": Role.AGENT, "customer": Role.CUSTOMER}
    assert cast.evidence["spk_0"] == "--role"
    assert cast.notice is None


def test_the_user_may_name_a_speaker_by_name_or_id() -> None:
    cast = settle_roles(
        [Voice("party 0", ("Jo Hale", "jo@example.com")), Voice("Caller")], {"jo hale": Role.AGENT}, HERE
    )

    assert cast.roles["party 0"] is Role.AGENT


def test_the_file_goes_before_the_label() -> None:
    cast = settle_roles([Voice("Agent", declared=Role.BOT, declared_by="`type`")], {}, HERE)

    assert cast.roles == {"Agent": Role.BOT}
    assert cast.evidence == {"Agent": "`type`"}


@pytest.mark.parametrize(
    ("label", "role"),
    [
        ("AGENT", Role.AGENT),
        ("Agent_1", Role.AGENT),
        ("Caller", Role.CUSTOMER),
        ("Jo (Support)", Role.AGENT),
        ("end-user", Role.CUSTOMER),
        ("IVR", Role.BOT),
        ("System", Role.SYSTEM),
    ],
)
def test_labels_that_are_roles(label: str, role: Role) -> None:
    assert settle_roles([Voice(label)], {}, HERE).roles == {label: role}


def test_two_unknown_speakers_are_told_apart_by_their_talk_and_the_guess_is_told() -> None:
    cast = settle_roles([Voice("spk_0", words=COMPLAINT), Voice("spk_1", words=OPENING)], {}, HERE)

    assert cast.roles == {"spk_0": Role.CUSTOMER, "spk_1": Role.AGENT}
    assert cast.notice is not None
    assert '--role "spk_0=agent" --role "spk_1=customer"' in cast.notice


def test_one_unknown_speaker_beside_the_customer_is_the_agent() -> None:
    cast = settle_roles([Voice("+10000000001", declared=Role.CUSTOMER), Voice("jo", words="Good day.")], {}, HERE)

    assert cast.roles["jo"] is Role.AGENT
    assert cast.notice is not None


@pytest.mark.parametrize(
    ("voices", "why"),
    [
        ([Voice("spk_0", words="Hello."), Voice("spk_1", words="Hi.")], "nothing in the talk tells"),
        ([Voice("spk_0", words=OPENING)], "one speaker alone may be either side"),
        ([Voice("0", words=OPENING), Voice("1", words=COMPLAINT), Voice("2", words="Hm.")], "the third shows nothing"),
        (
            [Voice("a", words=OPENING), Voice("unknown", words=COMPLAINT, is_somebody=False)],
            "what nobody in particular said may be said by both",
        ),
        (
            [Voice("c", declared=Role.CUSTOMER, words="Yes."), Voice("x", words=COMPLAINT)],
            "the unknown one talks like a second customer",
        ),
    ],
)
def test_a_doubtful_case_is_an_error_that_names_the_option(voices: list[Voice], why: str) -> None:
    with pytest.raises(TranscriptError, match=r'say it of each: --role "NAME=agent"'):
        settle_roles(voices, {}, HERE)
    assert why
