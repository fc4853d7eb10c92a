"""Placeholders that are broken or were sent, and what is masked or talked about."""

import pytest

from convscan.config import Config
from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.placeholder_names import PlaceholderKind
from convscan.scanner import Scanner


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    """A scanner of the template rules with a list of placeholders."""
    return Scanner(Config(select=("template",), placeholders={"name": None, "slot": PlaceholderKind.TIME}))


def found(scanner: Scanner, channel: Channel | None, *lines: str) -> list[tuple[str, str]]:
    utterances = tuple(Utterance(Role(role), text) for role, text in (line.split(": ", 1) for line in lines))
    result = scanner.scan(Conversation("c", utterances, channel=channel))
    return [(f.rule, f.at.quote) for f in result.findings if f.at]


def test_name_that_is_not_on_the_list_is_broken_in_a_template(scanner: Scanner) -> None:
    assert found(scanner, Channel.TEMPLATE, "agent: Hi {{name}}, we come at {{slto}} to you.") == [
        ("template/broken-placeholder", "{{slto}}")
    ]


def test_list_says_nothing_of_bracketed_words(scanner: Scanner) -> None:
    assert found(scanner, Channel.TEMPLATE, "agent: Hi [first name of the customer], we come today.") == []


@pytest.mark.parametrize("words", ["{{first_name}}", "{order_number}", "${NAME}", "%name%", "[insert name]", "{{name"])
def test_placeholder_in_a_sent_message_is_unfilled(scanner: Scanner, words: str) -> None:
    assert found(scanner, Channel.EMAIL, "customer: My lamp flickers.", f"agent: Hi {words} , sorry about it.") == [
        ("template/unfilled-placeholder", words)
    ]


@pytest.mark.parametrize(
    ("customer", "agent"),
    [
        ("My lamp flickers.", "Hi [NAME], sorry about it."),
        ("My lamp flickers.", "Hi <NAME>, sorry about it."),
        ("My lamp flickers.", "It costs $5, or 20% of 30% less."),
        ("My lamp flickers.", "Hold {0} for five seconds."),
        ("How do I show the name in my template?", "Write {{name}} there."),
        ("My lamp flickers.", "Press `{{reset}}` on it."),
    ],
)
def test_masked_names_code_and_signs_are_no_placeholders(scanner: Scanner, customer: str, agent: str) -> None:
    assert found(scanner, Channel.CHAT, f"customer: {customer}", f"agent: {agent}") == []


def test_customer_may_write_what_they_like(scanner: Scanner) -> None:
    assert found(scanner, Channel.CHAT, "customer: You wrote {{name}} to me!", "agent: Sorry about it.") == []
