"""Placeholders: every style is found, each stands for something, and broken ones are told from odd words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.placeholders.names import PlaceholderKind, kind_of
from convscan.placeholders.styles import find_placeholders, has_broken_attribute


@pytest.mark.parametrize(
    "written",
    [
        "{{ticket.requester.first_name}}",
        "{customer_name}",
        "${CLUSTER}",
        "$name",
        "[application / renewal request]",
        "____",
        "......",
        "CUSTOMER NAME",
        "%ORDER%",
        "%(order)s",
        "@username",
        "{{{raw}}}",
        "#{name}",
        "*|FNAME|*",
        "<<name>>",
        "<first name>",
        "[[name]]",
        "XX/XX/XXXX",
        "{{ name | default: 'there' }}",
        "{{ name\n   | default: 'there'\n}}",
    ],
)
def test_every_style_is_one_placeholder_without_a_fault(written: str) -> None:
    found = find_placeholders(f"Dear {written} , thank you")

    assert [(one.written, one.fault) for one in found] == [(written, None)]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, that is 20% off.",
        "See [the guide](https://kettle.example) or [it][1].",
        "Tick [x] or [ ], see[^1].",
        "Well... that is all.",
        "<b>Bold</b><br>",
        "Write to ana@kettle.example.",
        "an `{{example}}` in code",
        "Terms [see page 4\nfor more]. Ok",
        "Smile :} and { b",
    ],
)
def test_what_only_looks_like_a_placeholder_is_none(text: str) -> None:
    assert find_placeholders(text) == []


@pytest.mark.parametrize(
    ("text", "broken", "why"),
    [
        ("Hi {{name}, welcome", "{{name}", "opens with {{ and closes with }"),
        ("Hi {name}}, welcome", "{name}}", "opens with { and closes with }}"),
        ("Hi {{name, welcome", "{{name", "never closed"),
        ("Hi name}}, welcome", "name}}", "never opened"),
        ("Hi [first name, welcome", "[first name", "never closed"),
        ("Hi {{}}, welcome", "{{}}", "empty"),
        ("Hi [Your Name}, welcome", "[Your Name}", "it opens with [ and closes with }; write [Your Name]"),
        ("Hi {First Name], welcome", "{First Name]", "it opens with { and closes with ]; write {First Name}"),
        ("Hi %NAME, welcome", "%NAME", "never closed"),
        ("Hi {{custmer_name}}, welcome", "{{custmer_name}}", "did you mean 'customer'"),
        ("Hi {{costumer_name}}, welcome", "{{costumer_name}}", "did you mean 'customer'"),
        ("Yours, {{signiture}}", "{{signiture}}", "did you mean 'signature'"),
        ("{% if a %}Hi", "{% if a %}", "'if' is never closed"),
        ("Hi{% endfor %}", "{% endfor %}", "not open here"),
        ("{% if a %}{% for b in c %}{% endif %}", "{% for b in c %}", "'for' is never closed"),
        ("{{#if a}}Hi", "{{#if a}}", "'if' is never closed"),
    ],
)
def test_broken_placeholder_says_why(text: str, broken: str, why: str) -> None:
    faults = [(one.written, one.fault) for one in find_placeholders(text) if one.fault]

    assert len(faults) == 1
    assert faults[0][0] == broken
    assert why in (faults[0][1] or "")


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("{{ last_name }}}", "{{ last_name }}"),
        ("{{{ last_name }}", "{{ last_name }}"),
        ("{{{ last_name }}}}", "{{{ last_name }}}"),
        ("{{last_name}", "{{last_name}}"),
        ("{last_name}}", "{{last_name}}"),
        ("${last_name}}", "${last_name}"),
        ("${{last_name}", "${last_name}"),
    ],
)
def test_unequal_marks_are_made_equal_by_taking_out_what_is_too_much(written: str, right: str) -> None:
    """One brace against two is the exception: two are what most senders know."""
    [found] = find_placeholders(f"Hi {written}, welcome")

    assert (found.fault or "").endswith(f"; write {right}")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("{% if a %}Hi", "Write {% endif %} where the block ends, or take {% if a %} out."),
        ("{{#each items}}Hi", "Write {{/each}} where the block ends, or take {{#each items}} out."),
        ("Hi{% endfor %}", "Write the tag that opens the block before it, or take {% endfor %} out."),
        ("Hi {{name}, welcome", None),
    ],
)
def test_block_without_its_partner_says_which_tag_is_missing(text: str, remedy: str | None) -> None:
    [found] = [one for one in find_placeholders(text) if one.fault]

    assert found.remedy == remedy


@pytest.mark.parametrize(
    ("tag", "broken"),
    [
        ('<a href="{{ticket.url}">', "{{ticket.url}"),
        ("<a class='b' href='https://shop.example/{{ticket.id}?x=%20y'>", "{{ticket.id}"),
        ("<a href={{ticket.url}>", "{{ticket.url}"),
        ('<img src="a.png" alt="Photo of {{custmer_name}}">', "{{custmer_name}}"),
        ('<td title="{{order.number" style="color: red">', "{{order.number"),
        ('<p aria-label="order.number}} is late">', "order.number}}"),
        ('<meta name="description" content="Hi {{name}">', "{{name}"),
        ('<a href="{{ticket.url}" title="{{ticket.name}}">', "{{ticket.url}"),
        ('<a href="mailto:a@shop.example?subject={%ticket.id%}&body={{ticket.id}">', "{{ticket.id}"),
    ],
)
def test_broken_placeholder_in_an_attribute_is_found_at_its_place(tag: str, broken: str) -> None:
    text = f"Please {tag} look."
    [found] = [one for one in find_placeholders(text) if one.fault]

    assert text[found.start : found.end] == found.written == broken
    assert has_broken_attribute(tag)


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="{{ticket.url}}">',
        "<a href=\"{{ url_for('ticket', id=ticket.id) }}\">",
        '<a href="{{ "ticket" | link: "a" }}">',
        '<a href="{% if ticket.url %}{{ ticket.url }}{% else %}https://shop.example{% endif %}">',
        '<a {% if ticket.url %}href="{{ticket.url}}"{% endif %}>',
        '<a href="{{#if url}}{{url}}{{/if}}">',
        '<a href="https://shop.example/a%20b/%C3%A9%EFBAR?x=[1]&y=$cust&z=....">',
        '<a href="https://shop.example/{id}/@name">',
        '<p style="color: {{brand.color}; font: {x">',
        '<style media="{"> <p title="{">',
        '<a onclick="if (a) {{ b() } else { c({d: {e: 1}}) }">',
        '<a href="javascript:if(a){b({c:{d:1}})}">',
        '<div data-props=\'{"a": {"b": 1}}\'>',
        "`<a href={{ticket.url}>`",
        '<custom href="plain">',
    ],
)
def test_braces_in_tags_that_are_none_of_the_templates(tag: str) -> None:
    """Styles, scripts and encoded addresses have signs of their own; a tag in a code span is shown, not followed."""
    assert [one for one in find_placeholders(f"Please {tag} look.") if one.fault] == []
    assert not has_broken_attribute(tag)


def test_attributes_know_the_list_of_placeholders() -> None:
    known = {"ticket.url": None}

    assert has_broken_attribute('<a href="{{ticket.link}}">', known)
    assert not has_broken_attribute('<a href="{{ticket.url}}">', known)


@pytest.mark.parametrize("name", ["orders", "customers_name", "form", "named_driver", "organisation"])
def test_word_of_its_own_is_not_misspelt(name: str) -> None:
    assert find_placeholders(f"{{{{{name}}}}}")[0].fault is None


def test_name_that_is_not_on_the_list_is_a_fault_with_the_nearest_one() -> None:
    known = {"customer_name": None, "ticket.*": None}

    found = find_placeholders("{{customer_nam}} {{ticket.id}} {{customer_name}}", known)

    assert [one.fault for one in found][1:] == [None, None]
    assert "did you mean 'customer_name'?" in (found[0].fault or "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ticket.requester.first_name", PlaceholderKind.NAME),
        ("customerName", PlaceholderKind.NAME),
        ("product_name", PlaceholderKind.OTHER),
        ("timeframe", PlaceholderKind.TIME),
        ("refund_date", PlaceholderKind.TIME),
        ("amount", PlaceholderKind.AMOUNT),
        ("order_link", PlaceholderKind.LINK),
        ("order_number", PlaceholderKind.NUMBER),
        ("reason", PlaceholderKind.REASON),
        ("next_steps", PlaceholderKind.NEXT_STEP),
        ("thing", PlaceholderKind.OTHER),
    ],
)
def test_words_of_a_name_say_what_it_stands_for(name: str, kind: PlaceholderKind) -> None:
    assert kind_of(name) is kind


def test_list_of_the_user_says_what_a_name_stands_for() -> None:
    assert kind_of("slot", {"slot": PlaceholderKind.TIME}) is PlaceholderKind.TIME


@given(st.text(alphabet="ab {}[]%$#<>!-_.\n`", max_size=60))
def test_placeholders_stand_where_they_say_and_never_overlap(text: str) -> None:
    found = find_placeholders(text)

    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[one.start : one.end].startswith(one.written) for one in found)


_PARTS = (
    *"ab XAds1.{}[]<>()$%*|`#@_!-\u00ab\u00bb\u2026\n",
    *(
        "...",
        "___",
        "XXX",
        "xx",
        "ORDER",
        "NUMBER",
        "CUSTOMER",
        "NAME",
        "name",
        "user",
        "first_name",
        "convscan:",
        "{{",
    ),
)


@given(st.lists(st.sampled_from(_PARTS), max_size=12).map("".join))
def test_what_is_passed_over_quickly_holds_none(text: str) -> None:
    """The quick look only saves time: with a sign that holds nothing beside it, the same is found."""
    beside = [one for one in find_placeholders(f"{text}\n\n\u00ab") if one.start < len(text)]
    assert [(one.start, one.end) for one in find_placeholders(text)] == [(one.start, one.end) for one in beside]
