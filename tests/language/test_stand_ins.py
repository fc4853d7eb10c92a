"""Stand-ins: as long as what they replace, and nothing that a rule could take for the agent's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.finding import Kind
from convscan.language.stand_ins import stand_in_text
from convscan.scanner import Scanner


def rules_in(scanner: Scanner, text: str) -> list[tuple[str, str | None]]:
    template = Conversation("t", (Utterance(Role.AGENT, text),), channel=Channel.TEMPLATE)
    found = scanner.scan(template).findings
    assert all(f.at is None or text[f.at.start : f.at.end] == f.at.quote for f in found)
    return [(f.rule, f.at.quote if f.at else None) for f in found if not f.rule.endswith("/missing")]


@given(st.text(alphabet="ab {}[]%$#<>!-_.\n`name", max_size=80))
def test_stand_ins_change_no_offset_and_no_line(text: str) -> None:
    result = stand_in_text(text)

    assert len(result) == len(text)
    assert [i for i, char in enumerate(result) if char == "\n"] == [i for i, char in enumerate(text) if char == "\n"]


@pytest.mark.parametrize(
    "text",
    [
        "Hi {{we_guarantee_you}}, thank you for your mail.",
        "Thank you. {# We guarantee it. #}It is on its way.",
        "Thank you. <!-- You should have checked. --> It is on its way.",
        "Thank you. [explain why you should have read the terms] It is on its way.",
        "Dear {{customer_name}}, thank you for writing.",
        "Thank you. We will get back to you within {{timeframe}}.",
        "Thank you. The change costs {{amount}}.",
    ],
)
def test_words_inside_a_placeholder_are_nobodys(scanner: Scanner, text: str) -> None:
    assert rules_in(scanner, text) == []


@pytest.mark.parametrize(
    ("text", "rule", "quote"),
    [
        ("Thank you. We <b>guarantee</b> it.", "promise/guarantee", "We <b>guarantee</b> it"),
        ("Thank you. We guarantee {{product_name}} is fine.", "promise/guarantee", "We guarantee"),
        ("Thank you. We will get back to you soon.", "expectations/vague-time", "We will get back to you soon"),
        ("Thanks.{% if a %} You should have checked.{% endif %}", "blame/customer", "You should have checked"),
    ],
)
def test_words_around_a_placeholder_are_judged_and_quoted_as_written(
    scanner: Scanner, text: str, rule: str, quote: str
) -> None:
    assert (rule, quote) in rules_in(scanner, text)


def test_note_to_the_editor_is_found_as_such_and_as_nothing_else(scanner: Scanner) -> None:
    note = "BEFORE SENDING: you should have checked that we guarantee it"

    assert rules_in(scanner, f"{note}\n\nThank you for your mail.") == [("template/editor-note", note)]


def test_placeholders_stay_as_they_are_outside_of_templates(scanner: Scanner) -> None:
    chat = [("customer", "My kettle leaks."), ("agent", "Hi {{name}}, I am sorry about that, thank you.")]

    found = [f.rule for f in scanner.scan(chat).findings if f.kind is Kind.PRESENT]

    assert found == ["template/unfilled-placeholder"]
