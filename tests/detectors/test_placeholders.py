"""Placeholders that are broken or were sent, and what is masked or talked about."""

import pytest

from convscan.config import Config
from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.placeholders.names import PlaceholderKind
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


@pytest.mark.parametrize(
    "customer",
    [
        "My voucher code SPRING does nothing.",
        "This code is not taken.",
        "Where is my tracking code?",
        "Two brackets of the shelf are missing.",
    ],
)
def test_codes_and_brackets_of_daily_life_are_no_syntax(scanner: Scanner, customer: str) -> None:
    lines = (f"customer: {customer}", "agent: Hi {{first_name}}, here is a new one.")
    assert found(scanner, Channel.CHAT, *lines) == [("template/unfilled-placeholder", "{{first_name}}")]


@pytest.mark.parametrize(
    "customer",
    ["What goes into the curly brackets?", "The code of print_label() prints nothing.", "Your HTML drops the name."],
)
def test_code_that_the_customer_asked_about_is_none(scanner: Scanner, customer: str) -> None:
    assert found(scanner, Channel.CHAT, f"customer: {customer}", "agent: Write {{first_name}} there.") == []


@pytest.mark.parametrize("words", ["[AGENT NAME]", "[YOUR NAME]", "[INSERT DATE]"])
def test_bracket_that_tells_what_to_write_is_unfilled_in_capitals_too(scanner: Scanner, words: str) -> None:
    lines = ("customer: My lamp flickers.", f"agent: Sorry about it. Regards, {words}")
    assert found(scanner, Channel.EMAIL, *lines) == [("template/unfilled-placeholder", words)]


def test_same_bracket_is_a_mask_where_the_customers_words_are_masked(scanner: Scanner) -> None:
    lines = ("customer: I am [CUSTOMER NAME], my lamp flickers.", "agent: Sorry about it. Regards, [AGENT NAME]")
    assert found(scanner, Channel.EMAIL, *lines) == []


def test_customer_may_write_what_they_like(scanner: Scanner) -> None:
    assert found(scanner, Channel.CHAT, "customer: You wrote {{name}} to me!", "agent: Sorry about it.") == []
