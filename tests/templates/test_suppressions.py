"""Comments that suppress: what they cover, in every markup, and what is wrong with others."""

from collections.abc import Callable

import pytest

from convscan.templates import Target, TemplateFile
from convscan.templates.suppressions import comments_in, suppressions_in

ReadText = Callable[..., TemplateFile]


def covered(text: str) -> list[tuple[str, list[str]]]:
    """Return what each comment of a text covers, and the rules it names."""
    found, wrong = suppressions_in(text, comments_in(text))
    assert not wrong
    return [(text[one.start : one.end].strip(), [target.rule for target in one.targets]) for one in found]


@pytest.mark.parametrize(
    "comment",
    [
        "<!-- convscan: ignore thanks -- agreed -->",
        "{# convscan: ignore thanks -- agreed #}",
        "{% comment %} convscan: ignore thanks -- agreed {% endcomment %}",
        "{% # convscan: ignore thanks -- agreed %}",
        "{{!-- convscan: ignore thanks -- agreed --}}",
        "# convscan: ignore thanks -- agreed",
    ],
)
def test_comment_of_every_markup_covers_the_next_block(comment: str) -> None:
    text = f"One.\n\n{comment}\nTwo.\nStill two.\n\nThree."
    [one], _ = suppressions_in(text, comments_in(text))

    assert text[one.start : one.end].strip() == "Two.\nStill two."
    assert (one.targets, one.reason) == ((Target("thanks"),), "agreed")


def test_comment_over_a_gap_covers_the_next_block() -> None:
    assert covered("<!-- convscan: ignore -->\n\nTwo.\n\nThree.") == [("Two.", [])]


def test_comment_at_the_end_of_a_block_covers_that_block() -> None:
    assert covered("One.\n\nTwo. <!-- convscan: ignore -->\n\nThree.")[0][0].startswith("Two.")


def test_off_covers_until_on_and_without_on_the_rest() -> None:
    text = "a\n<!-- convscan: off blame, thanks/missing -->\nb\n<!-- convscan: on -->\nc\n<!-- convscan: off -->\nd"

    assert covered(text) == [("b", ["blame", "thanks/missing"]), ("d", [])]


def test_on_of_another_rule_ends_nothing() -> None:
    text = "<!-- convscan: off blame -->\nb\n<!-- convscan: on thanks -->\nc"

    assert covered(text)[0][0].endswith("c")


def test_words_narrow_a_rule_to_one_match() -> None:
    text = '<!-- convscan: ignore promise/guarantee["we guarantee", ...] -->x'.replace(", ...", "")
    [one], _ = suppressions_in(text, comments_in(text))

    assert one.targets == (Target("promise/guarantee", "we guarantee"),)


@pytest.mark.parametrize("order", ["ingore thanks", "ignore <thanks>", ""])
def test_order_that_is_none_is_malformed(order: str) -> None:
    text = f"Hi <!-- convscan: {order} --> you"
    found, [wrong] = suppressions_in(text, comments_in(text))

    assert not found
    assert wrong.offset == 3


@pytest.mark.parametrize(
    "value",
    ['"ignore thanks -- why"', '["thanks"]', '{"ignore": ["thanks"], "reason": "why"}', '{"ignore": "thanks"}'],
)
def test_key_in_json_covers_the_whole_template(read_text: ReadText, value: str) -> None:
    text = f'[{{"title": "a", "body": "It is late.", "x-convscan": {value}}}, {{"title": "b", "body": "It is lost."}}]'
    first, second = read_text(text, "x.json").templates

    assert [(one.targets, one.is_whole) for one in first.suppressions] == [((Target("thanks"),), True)]
    assert second.suppressions == ()


def test_key_in_yaml_declares_the_scenario(read_text: ReadText) -> None:
    [template] = read_text(
        "a:\n  title: A\n  body: It is late.\n  x-convscan: {scenario: notice}\n", "x.yaml"
    ).templates

    assert template.conversation.scenario == "notice"


def test_comment_in_html_stands_at_its_line(read_text: ReadText) -> None:
    file = read_text("<p>One</p>\n<!-- convscan: ignore thanks -->\n<p>Two</p>\n<p>Three</p>", "x.html")
    [template] = file.templates
    [one] = template.suppressions

    assert file.lines.place(one.offset) == (2, 1)
    assert template.text[one.start : one.end].strip() == "Two"
