"""Workbooks: sheets as tables, and workbooks that are none."""

import datetime as dt
import io
import re
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.registry import reader_for

openpyxl = pytest.importorskip("openpyxl")
DATA = Path(__file__).parents[1] / "data" / "formats" / "xlsx"


def workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def records_of(content: bytes, notices: list[str] | None = None, **options: Any) -> list[Record]:
    told: list[str] = [] if notices is None else notices
    return list(read(["-"], ReadOptions(**options), notify=told.append, stdin=io.BytesIO(content)))


def test_workbook_is_read_with_sheet_row_and_times() -> None:
    first, second = read([str(DATA / "tickets.xlsx")])

    assert isinstance(first, Conversation)
    assert (first.id, second.id) == ("9001", "9002")
    assert str(first.source) == f"{DATA / 'tickets.xlsx'}!March:2"
    assert [item.timestamp for item in first.utterances] == ["2026-03-02T08:30:00", "2026-03-02T08:41:05"]


def test_several_sheets_are_read_and_the_others_told() -> None:
    notices: list[str] = []
    rows = [["role", "text"], ["agent", "Hello"]]
    book = openpyxl.load_workbook(
        io.BytesIO(workbook({"One": rows, "Two": rows, "Notes": [["x"], ["y"]], "Old": rows}))
    )
    book["Old"].sheet_state = "hidden"

    records = records_of(saved(book), notices)

    assert [str(record.source) for record in records] == ["-!One:2", "-!Two:2"]
    assert any("'Notes'" in notice for notice in notices)
    assert any("hidden sheets, left out: 1" in notice for notice in notices)


def test_values_are_shown_as_a_csv_file_has_them() -> None:
    when = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=None)  # noqa: DTZ001 - workbooks know no zones
    header = ["conversation", "is_agent", "text", "day", "half"]
    (record,) = records_of(workbook({"A": [header, [12, True, 7, when, 0.5], [12.0, False, "ok", None, None]]}))

    assert isinstance(record, Conversation)
    assert record.id == "12"
    assert [(item.role.value, item.text) for item in record.utterances] == [("agent", "7"), ("customer", "ok")]
    assert record.utterances[0].metadata == {"day": "2026-01-02T03:04:05", "half": "0.5"}


def test_formula_is_its_value_and_without_one_the_row_is_told() -> None:
    notices: list[str] = []
    content = workbook({"A": [["role", "text"], ["agent", '="a"&"b"'], ["agent", "c"]]})

    (record,) = records_of(content, notices)

    assert isinstance(record, Conversation)
    assert [item.text for item in record.utterances] == ["c"]
    assert any("rows without text, left out: 1" in notice for notice in notices)


def test_table_without_known_columns_is_an_error_with_the_option() -> None:
    (bad,) = records_of(workbook({"A": [["colour", "size"], ["red", 4]]}))

    assert isinstance(bad, BadRecord)
    assert "--column FIELD=COLUMN" in bad.message


def test_missing_package_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook({"A": [["role", "text"], ["agent", "Hello"]]})
    monkeypatch.setitem(sys.modules, "openpyxl", None)

    (bad,) = records_of(content)

    assert isinstance(bad, BadRecord)
    assert 'pip install "convscan[formats]"' in bad.message


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """Return the workbook with something replaced in one of its parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, data.replace(old, new, 1) if name == part else data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        (SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', "declares XML entities"),
        (SHEET, b"</sheetData>", b"", "is a damaged workbook"),
        (SHEET, b"</worksheet>", b"</worksheet>" + b" " * 40_000_000, "times its size"),
        ("xl/workbook.xml", b"<sheets>", b"<sheets", "is a damaged workbook"),
    ],
)
def test_hostile_and_damaged_workbooks_are_refused(part: str, old: bytes, new: bytes, says: str) -> None:
    content = workbook({"A": [["role", "text"], ["agent", "Hello"]]})

    *_, bad = records_of(changed(content, part, old, new))

    assert isinstance(bad, BadRecord)
    assert says in bad.message


def test_row_far_below_and_size_that_lies_cost_no_time(takes_less_than: Callable[..., bool]) -> None:
    content = workbook({"A": [["role", "text"], ["agent", "Hello"], ["agent", "Bye"]]})
    content = changed(content, SHEET, b'<row r="3"', b'<row r="4000000000"')
    content = changed(content, SHEET, b'ref="A1:B3"', b'ref="A1:A1"')

    (record,) = records_of(content)

    assert isinstance(record, Conversation)
    assert [item.text for item in record.utterances] == ["Hello"]
    assert takes_less_than(1, lambda: records_of(content))


def test_workbook_cut_anywhere_is_reported() -> None:
    content = workbook({"A": [["role", "text"], ["agent", "Hello"]]})

    for end in range(40, len(content), 211):
        assert all(isinstance(record, BadRecord) for record in records_of(content[:end]))


def test_other_archives_are_not_taken_for_workbooks() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
        archive.writestr("chat xl/x.txt", "Agent: hi")

    found = reader_for(stream.getvalue(), "letter.docx")

    assert found is None or found.name != "xlsx"


def test_nothing_is_printed_about_a_damaged_style(capfd: pytest.CaptureFixture[str]) -> None:
    """Results go to standard output; openpyxl prints there what it finds wrong."""
    content = io.BytesIO()
    good = io.BytesIO(workbook({"A": [["role", "text"], ["agent", "Hi"]]}))
    with zipfile.ZipFile(good) as book, zipfile.ZipFile(content, "w") as damaged:
        for name in book.namelist():
            inside = book.read(name)
            cut = re.sub(rb"<cellStyleXfs.*?</cellStyleXfs>", b"<cellStyleXfs/>", inside, flags=re.DOTALL)
            damaged.writestr(name, cut)

    records = records_of(content.getvalue())

    assert len(records) == 1
    assert capfd.readouterr().out == ""


def test_table_that_is_named_a_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "chats.csv"
    path.write_text("role,text\nagent,Hello.\n", encoding="utf-8")

    [record] = read([str(path)], ReadOptions(format="xlsx"))

    assert isinstance(record, BadRecord)
    assert "is no Excel workbook (.xlsx); leave --from out" in record.message
