"""ConvoKit corpora: as a folder, as an archive, and as the utterances alone."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.registry import reader_for

CORPUS = Path(__file__).parents[1] / "data" / "formats" / "convokit" / "corpus"


def said(record: Record) -> list[tuple[str, str]]:
    assert isinstance(record, Conversation), record
    return [(item.role.value, item.text) for item in record.utterances]


def line(number: int, text: object = "hello", speaker: object = "agent_1", **extra: object) -> str:
    fields = {"id": f"u{number}", "conversation_id": "k", "text": text, "speaker": speaker, "reply-to": None}
    return json.dumps(fields | extra) + "\n"


def records_of(content: str, **roles: Role) -> list[Record]:
    return list(read(["-"], ReadOptions(roles=roles, format="convokit"), stdin=io.BytesIO(content.encode())))


def check_corpus(records: list[Record]) -> None:
    first, second = records
    assert said(first) == [
        ("customer", "My thermostat shows an error 4."),
        ("agent", "Thank you for writing. Which model is it?"),
        ("customer", "It is an H-20."),
    ]
    assert isinstance(first, Conversation)
    assert (first.id, first.metadata) == ("u1", {"topic": "heating"})
    assert first.utterances[0].timestamp == "2023-11-14T22:13:20Z"
    assert first.utterances[0].metadata == {"score": 1}
    assert [role for role, _ in said(second)] == ["customer", "agent"]


def test_folder_is_one_corpus_also_inside_a_folder() -> None:
    check_corpus(list(read([str(CORPUS)])))
    check_corpus([record for record in read([str(CORPUS.parent)]) if record.id not in {"a", "a1"}])


@pytest.mark.parametrize("prefix", ["", "corpus/", "a/b/"])
def test_archive_is_the_same_corpus(prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "corpus.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in CORPUS.iterdir():
            archive.write(file, prefix + file.name)

    records = list(read([str(path)]))

    check_corpus(records)
    assert str(records[0].source) == f"{path}!{prefix}utterances.jsonl:1"


def test_broken_files_beside_the_utterances_are_reported_and_the_corpus_is_read(tmp_path: Path) -> None:
    (tmp_path / "utterances.jsonl").write_text(line(1), "utf-8")
    (tmp_path / "speakers.json").write_text("[1]", "utf-8")
    (tmp_path / "conversations.json").write_text("{", "utf-8")

    *bad, good = read([str(tmp_path)])

    assert [str(record.source) for record in bad] == [
        str(tmp_path / "conversations.json"),
        str(tmp_path / "speakers.json"),
    ]
    assert said(good) == [("agent", "hello")]


def test_without_times_answers_stand_behind_what_they_answer() -> None:
    content = line(3, "c", **{"reply-to": "u2"}) + line(1, "a") + line(2, "b", **{"reply-to": "u1"})

    (record,) = records_of(content)

    assert [text for _, text in said(record)] == ["a", "b", "c"]


def test_answers_in_a_circle_are_all_kept() -> None:
    (record,) = records_of(line(1, "a", **{"reply-to": "u2"}) + line(2, "b", **{"reply-to": "u1"}))

    assert sorted(text for _, text in said(record)) == ["a", "b"]


@pytest.mark.parametrize(
    ("meta", "role"),
    [
        ({"role": "Agent"}, Role.AGENT),
        ({"is_customer": "true"}, Role.CUSTOMER),
        ({"inbound": False}, Role.AGENT),
        ({"type": "bot"}, Role.BOT),
    ],
)
def test_metadata_of_an_utterance_tells_the_role(meta: dict[str, object], role: Role) -> None:
    (record,) = records_of(line(1, speaker="x9", meta=meta))

    assert isinstance(record, Conversation)
    assert record.utterances[0].role is role


def test_unknown_speakers_are_an_error_with_the_option() -> None:
    content = line(1, speaker="x") + line(2, speaker={"id": "y"})

    (bad,) = records_of(content)
    (record,) = records_of(content, x=Role.AGENT, Y=Role.CUSTOMER)

    assert isinstance(bad, BadRecord)
    assert '--role "NAME=agent"' in bad.message
    assert [role for role, _ in said(record)] == ["agent", "customer"]


@pytest.mark.parametrize(
    "bad_line",
    ["{", "[]", "null", '{"text": "x", "speaker": "y"}', line(7, text=5).strip(), line(7, speaker=None).strip()],
)
def test_bad_line_is_reported_and_the_others_are_read(bad_line: str) -> None:
    bad, good = sorted(records_of(f"{line(1)}{bad_line}\n"), key=lambda record: isinstance(record, Conversation))

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("-:2: ")
    assert said(good) == [("agent", "hello")]


def test_native_lines_are_not_taken_for_utterances() -> None:
    native = json.dumps({"id": "1", "utterances": [{"role": "agent", "text": "x", "speaker": "y", "root": "z"}]})

    found = reader_for((native + "\n").encode(), "-")

    assert found is not None
    assert found.name == "jsonl"
