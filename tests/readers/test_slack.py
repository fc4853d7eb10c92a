"""Slack exports: threads over days, people from outside, and what people see of the text."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.registry import reader_for
from convscan.readers.trace import TraceBook

EXPORT = Path(__file__).parents[1] / "data" / "formats" / "slack" / "export"


def said(record: Record) -> list[tuple[str, str | None, str]]:
    assert isinstance(record, Conversation), record
    return [(item.role.value, item.author, item.text) for item in record.utterances]


def check_export(records: list[Record]) -> None:
    thread, loose, partner = records
    assert said(thread) == [
        ("customer", "Omar Tal", "@petra the export & the import both hang, see the status page"),
        ("agent", "petra", "Thanks Omar, I am looking into it now."),
        ("agent", "petra", "The import is back. I will write again about the export by noon."),
    ]
    assert thread.id == "help-desk/1768381200.000200"
    assert loose.id == "help-desk/2026-01-15"
    assert [role for role, _, _ in said(loose)] == ["bot", "customer", "agent"]
    assert [role for role, _, _ in said(partner)] == ["customer", "agent"]


def test_export_is_one_input_as_a_folder_and_as_an_archive(tmp_path: Path) -> None:
    check_export(list(read([str(EXPORT)])))
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(EXPORT.rglob("*.json")):
            archive.write(file, f"Workspace export/{file.relative_to(EXPORT)}")
    records = list(read([str(path)]))
    check_export(records)
    assert str(records[0].source) == f"{path}!Workspace export/help-desk/2026-01-14.json:3"


def test_export_is_read_by_name_too_and_noted() -> None:
    book = TraceBook()

    check_export(list(read([str(EXPORT)], ReadOptions(format="slack", trace=book))))

    assert book.files == {("slack", "--from"): 1}
    assert book.omissions["deleted message"] == 1
    assert book.evidence[Role.CUSTOMER, "guest account"] == 3


def messages(*fields: dict[str, object]) -> bytes:
    base: dict[str, object] = {"type": "message", "user": "U1"}
    return json.dumps([base | {"ts": f"176838{n:04}.000100"} | item for n, item in enumerate(fields)]).encode()


def records_of(content: bytes, **roles: Role) -> list[Record]:
    return list(read(["-"], ReadOptions(roles=roles, format="slack"), stdin=io.BytesIO(content)))


def test_day_by_itself_goes_by_words_or_by_the_user() -> None:
    content = messages({"text": "a"}, {"text": "b", "user": "U2"})

    (bad,) = records_of(content)
    (record,) = records_of(content, u1=Role.AGENT, u2=Role.CUSTOMER)

    assert isinstance(bad, BadRecord)
    assert '--role "NAME=agent"' in bad.message
    assert [role for role, _, _ in said(record)] == ["agent", "customer"]


def test_domain_of_the_company_tells_the_agents(tmp_path: Path) -> None:
    shutil.copytree(EXPORT, tmp_path / "export")
    users = tmp_path / "export" / "users.json"
    users.write_text(users.read_text("utf-8").replace('"is_restricted": true, ', ""), "utf-8")

    records = list(
        read([str(tmp_path / "export")], ReadOptions(roles={"@acorn.example": Role.AGENT, "petra": Role.CUSTOMER}))
    )

    assert [role for role, _, _ in said(records[0])] == ["agent", "customer", "customer"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("<mailto:jo@a.example|jo@a.example>", "jo@a.example"),
        ("<#C1|general> <!here> <@U9|nina>", "#general @here @nina"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt; stays a word", "&lt; stays a word"),
        ("a < b and c > d", "a < b and c > d"),
        ("<" * 5000, "<" * 5000),
    ],
)
def test_text_is_what_people_see(written: str, shown: str) -> None:
    (record,) = records_of(messages({"text": written}), u1=Role.AGENT)

    assert said(record)[0][2] == shown


def test_odd_messages_are_reported_or_left_out_and_the_others_are_read() -> None:
    content = messages(
        {"text": None},
        {"text": 5},
        {"ts": "soon", "text": "x"},
        {"subtype": "tombstone", "text": "gone"},
        {"subtype": "channel_topic", "text": "set the topic"},
        {"text": "kept", "thread_ts": None},
    )

    records = records_of(content, u1=Role.AGENT)

    assert sum(isinstance(record, BadRecord) for record in records) == 2
    (record,) = (record for record in records if isinstance(record, Conversation))
    assert [role for role, _, _ in said(record)] == ["system", "agent"]


def test_broken_day_is_reported_and_the_other_days_are_read(tmp_path: Path) -> None:
    shutil.copytree(EXPORT, tmp_path / "export")
    (tmp_path / "export" / "help-desk" / "2026-01-15.json").write_text("[{", "utf-8")

    bad, thread, partner = sorted(read([str(tmp_path / "export")]), key=lambda record: isinstance(record, Conversation))

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(str(tmp_path / "export" / "help-desk" / "2026-01-15.json"))
    assert len(said(thread)) == 2
    assert len(said(partner)) == 2


def test_lists_of_other_objects_are_not_taken_for_slack() -> None:
    content = b'[{"type": "message", "text": "x", "ts": "yesterday"}]'

    found = reader_for(content, "-")

    assert found is None or found.name != "slack"
