from collections.abc import Callable

import pytest

from convscan.acts.heard import HeardConversation
from convscan.reasoning.slots import asked_in, given_in

Listen = Callable[..., HeardConversation]


def _given(heard: HeardConversation) -> set[str]:
    return {one.slot for utterance in heard.parsed.utterances for one in given_in(utterance)}


def _asked(heard: HeardConversation) -> set[str]:
    return {
        asked.slot
        for utterance in heard.parsed.utterances
        for sentence in utterance.sentences
        for asked in asked_in(utterance, sentence)
    }


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("Order no. 44718 came without the lid.", "order number"),
        ("tracking TRK 9004 118 722 has not moved", "tracking number"),
        ("My account is 5512-77.", "account number"),
        ("Write to me at ida.brandt@example.com.", "e-mail address"),
        ("I live at 12 Elm Road.", "address"),
        ("The postcode is TR9 6QQ.", "postcode"),
        ("It's on version 5.2.", "version"),
        ('The screen shows an error "disk is not ready".', "error message"),
        ("I attached the invoice and two photos.", "invoice"),
        ("6 pictures of the dent, see below", "photographs"),
        ("[photo] [photo]", "photographs"),
        ("I restarted it three times.", "restarting"),
        ("Cleared the cache, same thing.", "clearing the cache"),
    ],
)
def test_what_the_customer_gives_is_heard(listen: Listen, said: str, slot: str) -> None:
    assert slot in _given(listen(("customer", said)))


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("My order of 2 chairs came late.", "order number"),
        ("I ordered on 12 March 2026.", "order number"),
        ("Shall I send the invoice?", "invoice"),
        ("I can send photos if you like.", "photographs"),
        ("You sent me the wrong invoice.", "invoice"),
        ("I haven't sent the form yet.", "form"),
        ("Should I restart it?", "restarting"),
        ("I never restarted it.", "restarting"),
    ],
)
def test_what_was_only_spoken_of_is_not_given(listen: Listen, said: str, slot: str) -> None:
    assert slot not in _given(listen(("customer", said)))


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("What is your order number?", "order number"),
        ("Order number please", "order number"),
        ("Please tell us the number of your booking.", "booking number"),
        ("May I have your name and date of birth?", "date of birth"),
        ("Could you send us photos of the damage?", "photographs"),
        ("Have you tried restarting it?", "restarting"),
        ("Your e-mail address, please.", "e-mail address"),
    ],
)
def test_what_the_agent_asks_for_is_heard(listen: Listen, said: str, slot: str) -> None:
    assert slot in _asked(listen(("agent", said)))


@pytest.mark.parametrize(
    ("said", "slot"),
    [
        ("Thank you for the photos.", "photographs"),
        ("I have your order number here.", "order number"),
        ("What is the driver's name?", "name"),
        ("Please send the exact version.", "version"),
        ("We will send the invoice tomorrow.", "invoice"),
        ("Restarting never helps with this one.", "restarting"),
        ("Please use the report button.", "photographs"),
    ],
)
def test_what_is_thanked_for_or_is_more_is_not_asked_for(listen: Listen, said: str, slot: str) -> None:
    assert slot not in _asked(listen(("agent", said)))
