"""Parquet: flat tables as CSV, nested utterances as the native format."""

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
DATA = Path(__file__).parents[1] / "data" / "formats" / "parquet"


def file_of(columns: dict[str, list[Any]]) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def records_of(content: bytes, **options: Any) -> list[Record]:
    return list(read(["-"], ReadOptions(**options), stdin=io.BytesIO(content)))


def test_flat_columns_are_read_as_a_table_with_row_numbers() -> None:
    first, second = read([str(DATA / "rows.parquet")])

    assert isinstance(first, Conversation)
    assert [(item.role, item.timestamp) for item in first.utterances] == [
        (Role.CUSTOMER, "2026-03-01T10:00:00"),
        (Role.AGENT, "2026-03-01T10:05:00"),
    ]
    assert (second.id, str(second.source)) == ("p2", f"{DATA / 'rows.parquet'}:3")


def test_nested_utterances_are_the_native_format() -> None:
    (record,) = read([str(DATA / "nested.parquet")])

    assert isinstance(record, Conversation)
    assert [(item.author, item.text) for item in record.utterances] == [
        ("Lea", "The gate is stuck."),
        (None, "I will send somebody today."),
    ]


def test_bad_row_of_nested_utterances_is_reported_and_the_next_is_read() -> None:
    content = file_of(
        {"id": ["a", "b"], "utterances": [[{"role": "boss", "text": "x"}], [{"role": "agent", "text": "y"}]]}
    )

    bad, good = records_of(content)

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("-:1: utterances[0].role: unknown role 'boss'")
    assert good.id == "b"


def test_columns_of_the_user_count() -> None:
    (record,) = records_of(file_of({"w": ["hi"], "r": ["agent"]}), columns={"text": "w", "role": "r"})

    assert isinstance(record, Conversation)


def test_missing_package_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    (bad,) = records_of(b"PAR1" + bytes(40))

    assert isinstance(bad, BadRecord)
    assert 'pip install "convscan[formats]"' in bad.message


def test_file_cut_or_damaged_anywhere_gives_records_only() -> None:
    content = file_of({"role": ["agent"] * 50, "text": ["hello"] * 50})

    for place in range(4, len(content), 31):
        damaged = content[:place] + b"\xff" + content[place + 1 :]
        for hostile in (content[:place], damaged):
            assert all(isinstance(record, Conversation | BadRecord) for record in records_of(hostile))


def test_time_beyond_all_years_costs_its_row_only() -> None:
    """Databases write "never" so."""
    never = pyarrow.array([0, 2**63 - 1, 1_000_000], pyarrow.timestamp("us"))
    content = file_of({"conversation": ["1", "2", "3"], "role": ["agent"] * 3, "text": ["a", "b", "c"], "at": never})

    records = records_of(content)

    assert sorted(record.id or "" for record in records if isinstance(record, Conversation)) == ["1", "3"]
    assert [record.source.line for record in records if isinstance(record, BadRecord)] == [2]
