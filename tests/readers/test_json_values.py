"""Records in JSON files: their places, and errors that lose one of them only."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.errors import TranscriptError
from convscan.readers import BadRecord, ReadOptions
from convscan.readers.json_head import json_head, objects_in
from convscan.readers.json_values import Document, documents, json_values, whole_documents

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=4), inside, max_size=4),
    max_leaves=20,
)


def values(text: str) -> list[tuple[int | None, object]]:
    stream = io.BytesIO(text.encode())
    found = json_values(stream, "x.json", ReadOptions())
    return [(source.line, str(value) if isinstance(value, TranscriptError) else value) for source, value in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', [(1, {"a": 1})]),
        ('\n[\n {"a": 1},\n {"b": 2}\n]', [(3, {"a": 1}), (4, {"b": 2})]),
        ('{"a": 1}\n\n{"b": 2}\n', [(1, {"a": 1}), (3, {"b": 2})]),
        ('{\n "a": [1, {"b": []}]\n}\n{\n "c": 2\n}', [(1, {"a": [1, {"b": []}]}), (4, {"c": 2})]),
        ("[]", []),
        ("[{}]", [(1, {})]),
    ],
)
def test_one_document_a_list_json_lines_and_documents_in_a_row(text: str, expected: list[object]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a": ',
        '{"a" 1}',
        '{\n"a": 1,\n}',
        "[1,\n 2",
        "[{}] [",
        '{\n"a": 1\n} x',
        '{\n"a": 1, "a": 2\n}',
        "12",
        "{\n1: 2}",
    ],
)
def test_broken_files_are_errors_and_no_others(text: str) -> None:
    try:
        found = values(text)
    except TranscriptError:
        return
    assert any(isinstance(value, str) for _, value in found)


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4), st.sampled_from([None, 1]))
def test_parsing_key_by_key_is_parsing(value: dict[str, object], indent: int | None) -> None:
    text = "\n\n" + json.dumps(value, indent=indent)

    assert values(text) == [(3, value)]


def test_items_of_lists_know_their_lines() -> None:
    text = '{\n "head": {},\n "users": [\n  {"id": 1},\n  {"id": 1, "id": 2},\n  {"id": 3}\n ]\n}'
    bad, document = whole_documents(io.BytesIO(text.encode()), "x.json", ReadOptions())

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("x.json:5: users: the key 'id' stands twice")
    assert isinstance(document, Document)
    assert [(source.line, item) for source, item in document.items("users")] == [(4, {"id": 1}), (6, {"id": 3})]
    assert list(document.items("none")) == []


def test_of_a_recording_only_what_was_received_counts() -> None:
    recording = {
        "output": {"wanted": 1},
        "api": {"get": {"/one": {"response": {"wanted": 2}}, "/two": {"response": [{"wanted": 3}, {"other": 4}]}}},
    }
    stream = io.BytesIO(json.dumps(recording).encode())
    found = list(documents(stream, "x.json", ReadOptions(), lambda item: "wanted" in item))

    assert [(item.request, item.value) for item in found if isinstance(item, Document)] == [
        ("/one", {"wanted": 2}),
        ("/two", {"wanted": 3}),
    ]


def test_of_a_recording_without_answers_the_rest_counts() -> None:
    stream = io.BytesIO(json.dumps({"output": {"wanted": 1}, "api": {}}).encode())
    [found] = documents(stream, "x.json", ReadOptions(), lambda item: "wanted" in item)

    assert isinstance(found, Document)
    assert found.value == {"wanted": 1}


def test_what_is_not_wanted_is_reported_but_empty_pages_are_not() -> None:
    lines = '{"wanted": 1}\n{"other": 2}\n{}\n[]\n7\n'
    found = list(documents(io.BytesIO(lines.encode()), "x.jsonl", ReadOptions(), lambda item: "wanted" in item))

    assert [item.message for item in found if isinstance(item, BadRecord)] == [
        "x.jsonl:2: holds nothing of this format, but an object with the keys 'other'",
        "x.jsonl:5: holds nothing of this format, but int '7'",
    ]


# -- how a file begins -----------------------------------------------------------------------


@given(JSON.filter(lambda value: isinstance(value, dict | list)))
def test_head_of_a_whole_file_is_the_file(value: object) -> None:
    assert json_head(json.dumps(value).encode()) == (value,)
    assert json_head(json.dumps(value, ensure_ascii=False, indent=2).encode()) == (value,)


@given(JSON.filter(lambda value: isinstance(value, dict | list)), st.integers(0, 60))
def test_head_may_be_cut_anywhere(value: object, cut: int) -> None:
    head = json_head(json.dumps(value).encode()[:cut])

    assert len(head) <= 1
    assert head == () or isinstance(head[0], type(value))


@pytest.mark.parametrize(
    "head", [b"", b"Hello {", b"{{name}}, hi", b"[10:02] Jo: hi", b"]", b"}{", b"\xff\xfe", b'{"a"}']
)
def test_head_of_other_files_holds_nothing_of_note(head: bytes) -> None:
    assert [item for item in objects_in(json_head(head)) if item] == []


def test_search_goes_outer_first_and_not_too_deep() -> None:
    value: dict[str, object] = {"n": 0}
    for number in range(1, 30):
        value = {"n": number, "in": [value]}

    assert [item["n"] for item in objects_in(value, depth=5)] == [29, 28, 27]
