"""Every shape of file: which templates are in it, and where each word stands."""

import csv
import io
import json
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from convscan.config import Markup, TemplateSettings
from convscan.conversation import Channel, Scenario
from convscan.templates import TemplateFile, read_template_file

ReadText = Callable[..., TemplateFile]

TEXT = TemplateSettings(markup=Markup.TEXT)
WORDS = st.text(alphabet="ab\u00e9\U0001f600 \n\t\"'\\,&<>:#{}-|", min_size=1, max_size=60).filter(
    lambda text: bool(text.strip())
)


def places(file: TemplateFile, words: str) -> list[tuple[int, int]]:
    """Return line and column of words in each template that has them."""
    return [
        file.lines.place(template.source_map.start(template.text.index(words)))
        for template in file.templates
        if words in template.text
    ]


def test_markdown_with_front_matter_declares_what_it_is(read_text: ReadText) -> None:
    file = read_text(
        "---\ntitle: Refund\nscenario: complaint\nchannel: email\nlanguage: en\n---\n\nHi, we refund it.\n"
    )
    [template] = file.templates

    assert (template.name, template.conversation.scenario) == ("Refund", Scenario.COMPLAINT)
    assert (template.sent_by, template.conversation.language) == (Channel.EMAIL, "en")
    assert template.conversation.channel is Channel.TEMPLATE
    assert places(file, "we refund") == [(8, 5)]


def test_heading_at_the_top_of_a_markdown_file_is_its_name(read_text: ReadText) -> None:
    file = read_text("# Refund\n\nHi, we refund it.")

    assert file.templates[0].name == "Refund"
    assert "Refund" not in file.templates[0].text


def test_line_between_rules_that_is_no_head_is_text(read_text: ReadText) -> None:
    assert "Hello there" in read_text("---\nHello there you all\n---\nBye").templates[0].text


def test_html_has_words_without_tags_and_paragraphs_for_blocks(read_text: ReadText) -> None:
    file = read_text(
        "<html><head><title>Late</title><style>p{}</style></head>\n<p>We\n  are <b>very</b>&nbsp;sorry</p><p>Bye</p>",
        "a.html",
    )

    assert file.templates[0].name == "Late"
    assert file.templates[0].text.split() == ["We", "are", "very", "sorry", "Bye"]
    assert places(file, "sorry") == [(3, 24)]
    assert places(file, "Bye") == [(3, 36)]


def test_jinja_file_is_read_as_what_its_inner_ending_says(read_text: ReadText) -> None:
    assert read_text("<p>Hi {{ name }}</p>", "a.html.j2").templates[0].text.strip() == "Hi {{ name }}"
    assert read_text("Hi {{ name }}", "a.liquid").templates[0].text == "Hi {{ name }}"


def test_zendesk_export_gives_each_comment_of_each_macro(read_text: ReadText) -> None:
    macros = [
        {"id": 7, "title": "Late", "actions": [{"field": "status", "value": "open"},
                                               {"field": "comment_value", "value": ["channel:all", "It is late."]}]},
        {"id": 8, "title": "Lost", "actions": [{"field": "comment_value_html", "value": "<p>It is lost.</p>"}]},
        {"id": 9, "title": "Close", "actions": [{"field": "status", "value": "solved"}]},
    ]  # fmt: skip
    file = read_text(json.dumps({"macros": macros, "next_page": None}, indent=1), "macros.json")

    assert [(t.name, t.conversation.id, t.text.strip()) for t in file.templates] == [
        ("Late", "7", "It is late."),
        ("Lost", "8", "It is lost."),
    ]


def test_mapping_of_ids_to_label_and_content_needs_no_settings(read_text: ReadText) -> None:
    file = read_text('{"r-1": {"label": "Refund", "content": "Hi <b>you</b>,\\n\\nwe refund."}}', "replies.json")

    assert [(t.name, t.conversation.id) for t in file.templates] == [("Refund", "r-1")]
    assert places(file, "we refund") == [(1, 59)]


def test_folded_yaml_keeps_line_and_column(read_text: ReadText) -> None:
    file = read_text("refund:\n  title: Refund\n  body: >-\n    Hi you,\n    we refund it\n    soon.\n", "replies.yaml")

    assert file.templates[0].text == "Hi you, we refund it soon."
    assert places(file, "refund it") == [(5, 8)]
    assert places(file, "soon") == [(6, 5)]


@pytest.mark.parametrize(
    "value",
    ['"Sorry, \\u2014 it is late."', "'Sorry, it is late.'", "|-\n  Sorry,\n  it is late.", "Sorry, it is late."],
)
@pytest.mark.parametrize("properties", ["", "&a ", "!!str ", "&a !!str ", "!<tag:yaml.org,2002:str>  &a  "])
def test_yaml_scalar_is_mapped_behind_its_anchor_and_tag(read_text: ReadText, properties: str, value: str) -> None:
    text = f"title: Late\nbody: {properties}{value}\n"
    file = read_text(text, "replies.yaml")

    assert places(file, "it is late") == [file.lines.place(text.index("it is late"))]


def test_yaml_alias_is_the_text_that_it_names(read_text: ReadText) -> None:
    file = read_text("a: &a It is late, sorry about that.\nb: *a\n", "replies.yaml")

    assert len(file.templates) == 1


def test_crlf_and_a_byte_order_mark_move_nothing(read_text: ReadText) -> None:
    file = read_text("---\r\ntitle: A\r\n---\r\nHi,\r\n\r\nit is late.\r\n")

    assert file.templates[0].name == "A"
    assert places(file, "late") == [(6, 7)]


def test_csv_cell_over_several_lines_keeps_line_and_column(read_text: ReadText) -> None:
    file = read_text('title;body\nRefund;"Hi ""you"",\nwe refund it"\n', "replies.csv")

    assert file.templates[0].text == 'Hi "you",\nwe refund it'
    assert places(file, "refund") == [(3, 4)]


def test_markdown_export_has_a_template_for_each_block_under_a_heading(read_text: ReadText) -> None:
    file = read_text(
        "# Macros\n\n## Late\n\n```\nIt is late, sorry.\n```\n\n## Lost\n\n\tIt is lost,\n\twe send another.\n", "m.md"
    )

    assert [(t.name, t.text) for t in file.templates] == [
        ("Late", "It is late, sorry.\n"),
        ("Lost", "It is lost,\nwe send another.\n"),
    ]
    assert places(file, "we send") == [(12, 2)]


def test_code_in_a_reply_does_not_make_it_an_export(read_text: ReadText) -> None:
    text = "# Set-up\n\nHi, thank you for asking. Open a terminal and type this:\n\n```\nkettle on\n```\n\nThen wait.\n"

    assert len(read_text(text).templates) == 1


def test_path_expressions_say_where_templates_are(read_text: ReadText) -> None:
    document = {"data": {"canned": [{"meta": {"n": "Late"}, "versions": [{"lang": "en", "t": "It is late."}]}]}}

    file = read_text(
        json.dumps(document), "x.json", items="$.data.canned[*]", title="meta.n", body="versions[?@.lang=='en'].t"
    )

    assert [(t.name, t.text) for t in file.templates] == [("Late", "It is late.")]


def test_column_names_are_paths_too(read_text: ReadText) -> None:
    file = read_text("Macro name,Reply text\nLate,It is late.\n", "x.csv", title="Macro name", body="Reply text")

    assert [(t.name, t.text) for t in file.templates] == [("Late", "It is late.")]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"items": "$.nothing[*]"}, "finds nothing"),
        ({"items": "$[*]", "body": "nothing"}, "finds no text"),
        ({"items": "$["}, "is no JSONPath"),
    ],
)
def test_path_that_finds_nothing_is_a_fault_of_the_settings(
    read_text: ReadText, settings: dict[str, str], message: str
) -> None:
    [fault] = read_text('[{"title": "Late", "body": "It is late."}]', "x.json", **settings).faults

    assert fault.is_setting
    assert message in fault.message


@pytest.mark.parametrize(
    ("path", "text", "line", "column", "message"),
    [
        ("x.json", '{"a": [1,\n 2', 2, 3, "not valid JSON"),
        ("x.json", '{"a": 1,\n "a": 2}', 2, 2, "stands twice"),
        ("x.yaml", "a: [1\nb: 2", 2, 2, "not valid YAML"),
        ("x.yaml", "a: 1\na: 2", 2, 1, "stands twice"),
        ("x.csv", 'a,b\n"x,1\n', 2, 1, "never closed"),
        ("x.csv", "a,b\n1,2,3\n", 2, 1, "a row of 3 cells"),
        ("x.md", "---\nscenario: fun\n---\nHi", 2, 11, "scenario 'fun' is not known"),
        ("x.md", "---\ntitle: [\n---\nHi", 3, 1, "front matter"),
    ],
)
def test_malformed_file_is_a_fault_with_its_place(  # noqa: PLR0917 # one column a value
    read_text: ReadText, path: str, text: str, line: int, column: int, message: str
) -> None:
    [fault] = read_text(text, path).faults

    assert (fault.line, fault.column) == (line, column)
    assert message in fault.message
    assert not fault.is_setting


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\x00\x01" * 50, "is no text"),
        (b'{"version": 3}', "has no templates"),
    ],
)
def test_file_without_templates_is_a_fault(content: bytes, message: str) -> None:
    [fault] = read_template_file(content, "x.json" if b"{" in content else "x.md").faults

    assert message in fault.message


def test_template_that_is_too_long_is_a_fault_and_the_others_are_read(read_text: ReadText) -> None:
    long = "word " * 50_000
    file = read_text(json.dumps([{"title": "a", "body": long}, {"title": "b", "body": "It is late."}]), "x.json")

    assert [t.name for t in file.templates] == ["b"]
    assert "250000 characters" in file.faults[0].message


def test_templates_of_one_name_get_keys_of_their_own(read_text: ReadText) -> None:
    file = read_text(
        json.dumps([{"title": "a", "body": "It is late."}, {"title": "a", "body": "It is lost."}]), "x.json"
    )

    assert [t.conversation.id for t in file.templates] == ["a", "a#2"]


def check_words(file: TemplateFile, words: str) -> None:
    """Every letter of a template stands where the map says, or is the escape that stands there."""
    [template] = file.templates
    source = file.lines.text
    for offset, char in enumerate(template.text):
        start, end = template.source_map.start(offset), template.source_map.end(offset + 1)
        if char.isalnum():
            assert source[start:end] == char or source[start:end].startswith("\\")
    assert template.text == words


@given(WORDS, st.booleans())
def test_json_string_is_mapped_letter_by_letter(words: str, is_ascii: bool) -> None:  # noqa: FBT001 # given by hypothesis
    text = json.dumps([{"title": "t", "body": words}], ensure_ascii=is_ascii, indent=1)

    check_words(read_template_file(text.encode(), "x.json", TEXT), words)


@given(WORDS, st.sampled_from(["'", '"', "|", ">", None]))
def test_yaml_scalar_of_any_style_is_mapped_letter_by_letter(words: str, style: str | None) -> None:
    text = yaml.safe_dump([{"title": "t", "body": words}], default_style=style, allow_unicode=True, width=30)
    [template] = read_template_file(text.encode(), "x.yaml", TEXT).templates

    check_words(read_template_file(text.encode(), "x.yaml", TEXT), words)
    assert template.name == "t"


@given(WORDS)
def test_csv_cell_is_mapped_letter_by_letter(words: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["title", "body"], ["t", words]])

    check_words(read_template_file(buffer.getvalue().encode(), "x.csv", TEXT), words)
