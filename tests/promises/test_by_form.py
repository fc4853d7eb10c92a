"""Commitments in words that no list of verbs holds: by who acts, in which tense, and when."""

import pytest

from convscan.conversation import Channel

from .conftest import Scan


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("im soldering the joint myself", "im soldering the joint myself"),
        ("ill swing past with a ladder", "ill swing past with a ladder"),
        ("We pave the yard on Tuesday.", "We pave the yard on Tuesday"),
        ("Rewiring it now.", "Rewiring it now"),
        ("Digging", "Digging"),
        ("Glazier booked for tomorrow 9-11.", "Glazier booked for tomorrow 9-11"),
        (
            "Our joiner's popping over this afternoon with a plane.",
            "Our joiner's popping over this afternoon with a plane",
        ),
        ("Payroll will wire it back to you.", "Payroll will wire it back to you"),
        ("They will patch the roof tonight.", "They will patch the roof tonight"),
        ("The other three follow on Friday.", "The other three follow on Friday"),
        ("The spare key goes back in the post tonight.", "The spare key goes back in the post tonight"),
        ("It'll be welded by Thursday.", "It'll be welded by Thursday"),
        ("The labour is on us.", "The labour is on us"),
        ("You won't pay for this visit.", "You won't pay for this"),
        ("I have two lamps brought over from Leeds today.", "I have two lamps brought over from Leeds today"),
        ("On my way!", "On my way"),
        ("We'll not leave you in the cold.", "We'll not leave you in the cold"),
        ("You'll find it in your inbox by noon.", "You'll find it in your inbox by noon"),
        ("Anna takes care of it this afternoon.", "Anna takes care of it this afternoon"),
        ("Leaving it at the desk for you.", "Leaving it at the desk for you"),
        ("Nobody will tow you.", "Nobody will tow you"),
        ("Someone will be round in the morning.", "Someone will be round in the morning"),
        ("A roofer is coming in the afternoon.", "A roofer is coming in the afternoon"),
        ("The baker is coming in the morning.", "The baker is coming in the morning"),
        ("You'll find it in your inbox in the morning.", "You'll find it in your inbox in the morning"),
        ("He's on the way and rings you from the van by noon.", "He's on the way and rings you"),
        ("Your holiday voucher comes on Monday.", "Your holiday voucher comes on Monday"),
    ],
)
def test_form_tells_a_commitment(scan: Scan, words: str, quote: str) -> None:
    (promise,) = scan("customer: Hello.", f"agent: {words}", channel=Channel.CHAT).promises

    assert promise.at.quote.startswith(quote)


@pytest.mark.parametrize(
    "words",
    [
        "I'm hoping that it turns up tomorrow.",
        "I'm writing to tell you about the new tariff.",
        "We're closed on Monday.",
        "We close at six on Tuesday.",
        "We glaze within ten days.",
        "Ill health is no reason to leave.",
        "The app will ask you for your number.",
        "Banks will usually show it by Friday.",
        "The courier says the van is coming Thursday.",
        "Parcels normally come in on Tuesday.",
        "They sewed it on Monday.",
        "Are you coming round tomorrow?",
        '"Ted will tow it tomorrow" is what the note said.',
        "If our smith is coming tomorrow, keep the gate open.",
        "Sorry for keeping you waiting.",
        "The mistake is on us.",
        "The blame is on me.",
        "The whole mix-up is on us.",
        "The price goes up tomorrow.",
        "The price of milk goes up tomorrow.",
        "Our fares are going up next week.",
        "Christmas comes tomorrow.",
        "Rain follows tomorrow.",
        "The storm is coming tomorrow.",
        "I rest on Sunday.",
        "We sleep in on Sunday.",
        "My contract is coming to an end next week.",
        "Nobody will blame you.",
        "Nobody will judge you for it.",
        "The lift gets stuck in the morning.",
        "The bread comes in the morning.",
        "It will be foggy in the morning.",
        "It's on us that it broke.",
        "Anything else?",
        "Morning!",
    ],
)
def test_form_of_what_is_none_tells_none(scan: Scan, words: str) -> None:
    assert not scan("customer: Hello.", f"agent: {words}", channel=Channel.CHAT).promises


def test_two_hands_in_one_sentence_make_two_promises(scan: Scan) -> None:
    result = scan("customer: Hello.", "agent: I'll order the pane today and a glazier comes to you on Thursday.")

    assert [promise.at.quote for promise in result.promises] == [
        "I'll order the pane today",
        "a glazier comes to you on Thursday",
    ]
