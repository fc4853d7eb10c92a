"""`.json` files: one conversation, or a list of them."""

import json
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.formats.json_file import READER as JSON
from convscan.readers.formats.jsonl import READER as JSONL

CHAT = {"id": "j-1", "utterances": [{"role": "agent", "text": "Your chair ships today."}]}
OTHER = {"id": "j-2", "utterances": [{"role": "customer", "text": "At last."}]}


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("suffix", [".json", ".txt", ".jsonl"])
def test_one_conversation_on_one_or_many_lines(tmp_path: Path, indent: int | None, suffix: str) -> None:
    path = write(tmp_path / f"chat{suffix}", json.dumps(CHAT, indent=indent))

    assert [record.id for record in read([path])] == ["j-1"]


@pytest.mark.parametrize("indent", [None, 2])
def test_list_of_conversations(tmp_path: Path, indent: int | None) -> None:
    path = write(tmp_path / "chats.json", json.dumps([CHAT, OTHER], indent=indent))

    assert [record.id for record in read([path])] == ["j-1", "j-2"]


def test_items_know_their_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "chats.json", f"[\n{json.dumps(CHAT)},\n\n{json.dumps(OTHER)}\n]\n")

    assert [record.source and record.source.line for record in read([path])] == [2, 4]


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ('{"utterances": [], "utterances": []}', "stands twice"),
        ('{"utterances": [], "n": NaN}', "NaN"),
        ("7", "expected an object"),
        ('{"utterances": [{"role": "agent"}]}', "no 'text'"),
    ],
)
def test_bad_item_does_not_lose_the_next(tmp_path: Path, item: str, says: str) -> None:
    path = write(tmp_path / "chats.json", f"[{json.dumps(CHAT)},\n{item},\n{json.dumps(OTHER)}]")

    first, bad, last = read([path])

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(f"{path}:2: ")
    assert says in bad.message
    assert (first.id, last.id) == ("j-1", "j-2")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"utterances": []}, {"utter', "breaks off"),
        ('[{"utterances": []} {"utterances": []}]', "a comma is missing"),
        ('[{"utterances": []}]\n\n[]', "text after the end of the list"),
        ('[{"utterances": []}', "breaks off"),
        ("[]", "has no conversation in it"),
    ],
)
def test_broken_list_is_reported(tmp_path: Path, text: str, says: str) -> None:
    path = write(tmp_path / "chats.json", text)

    *_, bad = read([path], ReadOptions(format="json"))

    assert isinstance(bad, BadRecord)
    assert says in bad.message


def test_too_large_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "chats.json", json.dumps([CHAT] * 50, indent=1))

    (bad,) = read([path], ReadOptions(max_record_bytes=1000))

    assert isinstance(bad, BadRecord)
    assert "larger than 1000 bytes" in bad.message


def test_file_in_latin_1_says_how_to_convert(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    path.write_bytes('[{"utterances": [{"role": "agent", "text": "Schöne Grüße"}]}]'.encode("latin-1"))

    (bad,) = read([str(path)])

    assert isinstance(bad, BadRecord)
    assert "iconv" in bad.message


@pytest.mark.parametrize(
    ("head", "reader"),
    [
        (b'{"id": "a"}', JSONL),
        (b'{"id": "a", \n{"id": "b"}', JSONL),  # a cut line, then a good one
        (b'[{"id": "a"}]\n{"id": "b"}', JSONL),  # a list where a line should be
        (b'{\n  "id": "a"', JSON),
        (b'{"id": "a",\n "channel"', JSON),
        (b'[{"id": "a"}]', JSON),
        (b"[\n", JSON),
        (b"{{name}}, thank you", None),  # a template
        (b"[10:02] Ana: hello", None),  # a transcript
        (b"", None),
    ],
)
def test_lines_and_documents_are_told_apart(head: bytes, reader: object) -> None:
    assert [item for item in (JSONL, JSON) if item.recognises(head)] == ([reader] if reader else [])


def test_content_goes_before_suffix(tmp_path: Path) -> None:
    path = write(tmp_path / "export.txt", json.dumps(CHAT) + "\n")

    (record,) = read([path])

    assert isinstance(record, Conversation)
    assert record.id == "j-1"
