"""What customers have told under any name, and what they are asked for again."""

from collections.abc import Callable

import pytest

Rules = Callable[..., list[str]]


AGAIN = "effort/repeat-information"


@pytest.mark.parametrize(
    "said",
    [
        # A value behind any noun.
        (("customer", "The ladder, length 420 cm, bends."), ("agent", "What is the length?")),
        (("customer", "Kiln LK-7 is cold, zone 12."), ("agent", "Please state the zone.")),
        # The answer is a value that was told before.
        (
            ("customer", "My scooter 88-4127 stands still."),
            ("agent", "What is on the sticker under the deck?"),
            ("customer", "88-4127."),
        ),
        (
            ("customer", "Member 4 4 0 9 1 here, the gate is shut."),
            ("agent", "Which number are you?"),
            ("customer", "44091"),
        ),
        # What was handed over, whatever it is.
        (("customer", "I sent my ID twice already."), ("agent", "Send the ID again pls.")),
        (("customer", "I posted it back in March. I have the receipts."), ("agent", "Send it again.")),
        (("customer", "We uploaded the lease on Friday."), ("agent", "Upload your lease again please.")),
        # A step that was taken.
        (("customer", "Filter rinsed, hose straightened."), ("agent", "Did you rinse the filter?")),
        (("customer", "I swapped the fuse and greased the hinge."), ("agent", "Please grease the hinge.")),
        # The customer says so.
        (
            ("customer", "The blind came in grey."),
            ("agent", "Hello, which colour came?"),
            ("customer", "It is in my first message."),
        ),
        (
            ("customer", "The oven stays cold."),
            ("agent", "Please check the fuse."),
            ("customer", "I just did."),
        ),
    ],
)
def test_asking_again_is_found(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert AGAIN in rules(*said)


@pytest.mark.parametrize(
    "said",
    [
        # A count of something else is no value of the box.
        (("customer", "The box has 3 cups."), ("agent", "What is in the box?")),
        # Reading back confirms.
        (("customer", "Zone 12 is cold."), ("agent", "Is it zone 12?")),
        # A step that was not taken, or that somebody else took.
        (("customer", "I never rinsed the filter."), ("agent", "Please rinse the filter.")),
        (("customer", "You rinsed the filter in May."), ("agent", "Please rinse the filter.")),
        # Something was changed meanwhile.
        (("customer", "I swapped the fuse."), ("agent", "I sent a new one. Please swap the fuse again.")),
        (("customer", "I sent the lease."), ("agent", "I've fixed the upload page. Send the lease again.")),
        # Something else was handed over, or nothing was, or the wrong thing.
        (("customer", "I sent the boots back."), ("agent", "Then send the keys again.")),
        (("customer", "I haven't sent the lease yet."), ("agent", "Send the lease again once it is signed.")),
        (("customer", "I sent the wrong lease."), ("agent", "Send the lease again.")),
        (("customer", "I sent them the lease."), ("agent", "I'll send it again.")),
        # The agent names what happens, not what to do.
        (("customer", "It turned by hand and jammed twice."), ("agent", "Turns by hand and jams twice, odd.")),
        # A choice between two that were both told.
        (
            ("customer", "Orders 77120 and 77125 came."),
            ("agent", "Which order lacks the lid?"),
            ("customer", "77125"),
        ),
        # Nobody is sent to the phone by an agent who will ring.
        (("customer", "Nobody rang me back."), ("agent", "I will call you today at five.")),
    ],
)
def test_what_is_not_asked_again_stands(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert AGAIN not in rules(*said)


UNANSWERED = "avoidance/unanswered"


def test_a_question_asked_again_of_which_the_reply_says_nothing(rules: Rules) -> None:
    said = (
        ("customer", "Is breakfast included? And do you have a crib?"),
        ("agent", "Breakfast is included."),
        ("customer", "And the crib?"),
    )

    assert UNANSWERED in rules(*said)


@pytest.mark.parametrize(
    "following",
    ["And if the crib is too small?", "Great, how wide is it?", "Thanks!"],
)
def test_a_further_question_is_not_the_same_again(rules: Rules, following: str) -> None:
    said = (("customer", "Do you have a crib?"), ("agent", "Yes, by the window."), ("customer", following))

    assert UNANSWERED not in rules(*said)


@pytest.mark.parametrize(
    "reply",
    ["https://status.example.com", "We're on it!", "Fixed on main, thanks.", "Known issue.", "Sent you a DM."],
)
def test_short_posts_that_deal_with_it_answer(rules: Rules, reply: str) -> None:
    """On public posts a link, "on it" or "fixed" is how people answer."""
    assert UNANSWERED not in rules(("customer", "When will the app work again?"), ("agent", reply))
