"""Asking again as it happens in terse chats: echoes, telegrams, being sent back, and their near misses."""

from collections.abc import Callable

import pytest

Rules = Callable[..., list[str]]
AGAIN = "effort/repeat-information"


@pytest.mark.parametrize(
    "said",
    [
        # The answer is made of nothing but the customer's own words.
        (
            ("customer", "lost my scarf on the 6:15 to Brome, green wool"),
            ("agent", "Which train?"),
            ("customer", "the 6:15 to Brome. literally wrote that"),
        ),
        (
            ("customer", "lost my scarf on the 6:15 to Brome, green wool"),
            ("agent", "Colour of the scarf?"),
            ("customer", "GREEN"),
        ),
        (
            ("customer", "a table for Ostrow tonight, 5 people"),
            ("agent", "How many persons?"),
            ("customer", "5."),
        ),
        # Telegrams.
        (
            ("agent", "Patient number."),
            ("customer", "PT 71904"),
            ("agent", "Friday at ten is free."),
            ("customer", "great. and are my results there"),
            ("agent", "Account number and patient number."),
            ("customer", "PT 71904, as five minutes ago"),
        ),
        (
            ("customer", "is the pool open"),
            ("agent", "Account number?"),
            ("customer", "what for? 20994477"),
            ("agent", "Open till nine."),
            ("customer", "and my credit?"),
            ("agent", "Account number."),
        ),
        # Sent back to where it led to nothing.
        (
            ("customer", "my refund is two weeks late"),
            ("agent", "Please speak to the seller about it."),
            ("customer", "they told me to ask you"),
            ("agent", "As above, please speak to the seller."),
        ),
        (
            ("customer", "the gate code is dead"),
            ("agent", "Please use Report in the app."),
            ("customer", "It says this can't be reported. Useless."),
            ("agent", "Use Report in the app please."),
        ),
        (
            ("customer", "no water"),
            ("agent", "You'd want to fill in the leak form."),
            ("customer", "i did that last week, no reply"),
            ("agent", "Then put it through again."),
        ),
        # The customer says where it stands.
        (
            ("customer", "Dent in the door, see my post."),
            ("agent", "Please upload evidence."),
            ("customer", "It's on this very ticket."),
        ),
        (
            ("customer", "I sent my passport twice and a bill once, what is missing?"),
            ("agent", "Please send a copy of your passport."),
        ),
        # A test that was run.
        (
            ("customer", "It hums. Did the full pressure test from the leaflet."),
            ("agent", "Please run the pressure test."),
        ),
        # One of two things that are asked for.
        (
            ("customer", "somebody emptied my account, my pin is 8821, the number i cannot find"),
            ("agent", "Right, and your PIN as well please."),
        ),
        (
            ("customer", "somebody emptied my account, my pin is 8821, the number i cannot find"),
            ("agent", "I need your birthday or PIN to help you."),
        ),
    ],
)
def test_asking_again_in_few_words_is_found(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert AGAIN in rules(*said)


@pytest.mark.parametrize(
    "said",
    [
        # What the agents said first is a choice that was offered.
        (
            ("customer", "I'd like Monday or later."),
            ("agent", "Monday is free, Tuesday too."),
            ("customer", "hm"),
            ("agent", "Which day shall I put down?"),
            ("customer", "Monday"),
        ),
        # A number by itself may count anything.
        (
            ("customer", "we stay 3 nights"),
            ("agent", "What size of tent?"),
            ("customer", "3"),
        ),
        # A yes or no wants no fact.
        (
            ("customer", "the voucher came from my aunt"),
            ("agent", "Is it a name you know?"),
            ("customer", "my aunt"),
        ),
        # Another one, and the one before.
        (("customer", "New address is 4 Elm Road."), ("agent", "Previous address?"), ("customer", "19 Oak Row.")),
        # No demand.
        (("agent", "May I have the surname?"), ("customer", "Fairlie."), ("agent", "Beautiful name for sailors.")),
        (("agent", "Your address?"), ("customer", "19 Oak Row."), ("agent", "Address has been updated.")),
        # Sent there a second time, but it did not fail.
        (
            ("customer", "the gate code is dead"),
            ("agent", "Please use Report in the app."),
            ("customer", "where is that?"),
            ("agent", "Use Report in the app, the third tab."),
        ),
        # Somebody else is sent, or nobody.
        (
            ("customer", "my refund is late"),
            ("agent", "Please speak to the seller about it."),
            ("customer", "they told me to ask you"),
            ("agent", "I will speak to the seller myself."),
        ),
        # Offered, not asked.
        (
            ("customer", "there are 15 of us"),
            ("agent", "Would you like me to draw that up?"),
            ("customer", "no. 15, I just said"),
        ),
        # Another name than the customer's own.
        (
            ("customer", "evening, Ida Brock here, may i see my balance"),
            ("agent", "What was your mother's maiden name?"),
            ("customer", "brock"),
        ),
        # A question, however many figures are in it, is no answer.
        (
            ("customer", "i want to see my balance"),
            ("agent", "Your date of birth?"),
            ("customer", "shall i bake it at 220 or 240 degrees?"),
            ("agent", "Could you provide your date of birth, please?"),
        ),
        # Warned off, not asked.
        (
            ("customer", "my kettle broke. order #55121234"),
            ("agent", "Kindly do not share your order number here, everybody can read along."),
        ),
        # "Not only did it …" says nothing of what was told.
        (
            ("customer", "my screen flickers"),
            ("agent", "It may be a setting."),
            ("customer", "which?"),
            ("agent", "Is the night mode enabled, as it changes the colours?"),
            ("customer", "I turned it off and that made it worse, not only did it flicker, it went black."),
        ),
        (
            ("customer", "my pin is 8821, the number i cannot find"),
            ("agent", "Thanks, and your card?"),
        ),
    ],
)
def test_what_only_looks_like_asking_again_is_not_found(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert AGAIN not in rules(*said)


def test_agent_turn_without_words_asks_for_nothing(rules: Rules) -> None:
    assert AGAIN not in rules(
        ("customer", "it's the green scarf"),
        ("agent", "noted"),
        ("customer", "any news?"),
        ("agent", ":"),
        ("customer", "the green scarf"),
    )
