"""Every format's fixtures are recognised by what is in them, and read without a fault."""

import gzip
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, all_readers, read
from convscan.readers.description import Family
from convscan.readers.trace import TraceBook

FIXTURES = Path(__file__).parents[1] / "data" / "formats"
PATHS = [path for path in sorted(FIXTURES.glob("*/*")) if not path.name.startswith(".")]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_is_recognised_by_content_and_read_whole(path: Path) -> None:
    book = TraceBook()
    records = list(read([str(path)], ReadOptions(trace=book)))

    assert {name for name, _ in book.files} == {path.parent.name}
    assert [record.message for record in records if isinstance(record, BadRecord)] == []
    assert any(record.utterances for record in records if isinstance(record, Conversation))


# A workbook is an archive itself, and what is packed twice is refused.
PLAIN = [path for path in PATHS if path.is_file() and path.suffix != ".xlsx"]


@pytest.mark.parametrize("path", PLAIN, ids=named)
def test_name_and_compression_make_no_difference(path: Path, tmp_path: Path) -> None:
    packed = tmp_path / "export.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))

    said = [[u.text for u in record.utterances] for record in read([str(path)]) if isinstance(record, Conversation)]
    assert [[u.text for u in item.utterances] for item in read([str(packed)]) if isinstance(item, Conversation)] == said


@pytest.mark.parametrize("path", PATHS, ids=named)
def test_is_read_the_same_when_named(path: Path) -> None:
    assert list(read([str(path)], ReadOptions(format=path.parent.name))) == list(read([str(path)]))


def test_every_reader_has_fixtures() -> None:
    assert {reader.name for reader in all_readers()} <= {path.name for path in FIXTURES.iterdir()}


@pytest.mark.parametrize("reader", all_readers(), ids=lambda reader: reader.name)
def test_every_reader_says_what_it_reads(reader: object) -> None:
    description = getattr(reader, "description")  # noqa: B009 - of any reader

    assert description.family in Family
    assert description.reads
    assert description.example.startswith("convscan ")
    texts = [description.title, description.versions, description.roles, *description.reads, *description.ignores]
    assert all(text and not text.endswith(".") for text in texts)


def test_folder_is_read_as_a_platform_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes((FIXTURES / "gorgias" / "ticket.json").read_bytes())
    (tmp_path / "b.jsonl").write_bytes((FIXTURES / "gorgias" / "ticket.json").read_bytes())

    assert [record.id for record in read([str(tmp_path)], ReadOptions(format="gorgias"))] == ["81", "81#2"]
