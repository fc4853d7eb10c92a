"""Archives: read in place, refused where they are no honest ones, nothing written anywhere."""

import gzip
import io
import json
import os
import stat
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.zip_archive import MAX_MEMBERS

CHAT = "Agent: How can I help?\nCustomer: My lamp flickers.\n"
LINE = json.dumps({"id": "z-1", "utterances": [{"role": "agent", "text": "Hello"}]}) + "\n"


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., str]:
    """Write an archive of names and contents."""

    def make(files: dict[str, str | bytes], name: str = "chats.zip") -> str:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in files.items():
                archive.writestr(member, content)
        return str(path)

    return make


def only_bad(records: Iterator[Record]) -> BadRecord:
    (bad,) = records
    assert isinstance(bad, BadRecord)
    return bad


def texts(records: list[Record]) -> list[str]:
    return [record.utterances[0].text for record in records if isinstance(record, Conversation)]


# -- what is read ----------------------------------------------------------------------------


def test_each_member_is_read_as_if_it_were_a_file(zipped: Callable[..., str]) -> None:
    path = zipped({"b/chat.txt": CHAT, "a.jsonl": LINE, "c.csv": "role,text\nagent,From a table\n"})

    records = list(read([path]))

    assert texts(records) == ["Hello", "How can I help?", "From a table"]
    assert [str(record.source) for record in records] == [
        f"{path}!a.jsonl:1",
        f"{path}!b/chat.txt:1",
        f"{path}!c.csv:2",
    ]


def test_archive_in_a_folder_and_from_standard_input(zipped: Callable[..., str], tmp_path: Path) -> None:
    path = Path(zipped({"chat.txt": CHAT}))

    assert texts(list(read([str(tmp_path)]))) == ["How can I help?"]
    assert texts(list(read(["-"], stdin=io.BytesIO(path.read_bytes())))) == ["How can I help?"]


def test_archive_from_a_pipe() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("chat.txt", CHAT)
    ends = os.pipe()
    os.write(ends[1], content.getvalue())
    os.close(ends[1])

    with os.fdopen(ends[0], "rb") as stream:
        assert texts(list(read(["-"], stdin=stream))) == ["How can I help?"]


def test_other_members_are_counted_and_hidden_ones_passed_over(zipped: Callable[..., str]) -> None:
    notices: list[str] = []
    path = zipped({"chat.txt": CHAT, "cat.png": b"\x89PNG", "__MACOSX/chat.txt": b"\0", ".hidden.txt": "x"})

    assert len(list(read([path], notify=notices.append))) == 1
    assert "1 file left out (cat.png), for" in notices[0]


def test_format_that_the_user_names_is_used_for_members(zipped: Callable[..., str]) -> None:
    path = zipped({"chat.txt": CHAT, "a.jsonl": LINE})

    assert texts(list(read([path], ReadOptions(format="jsonl")))) == ["Hello"]


@pytest.mark.parametrize("name", ["chat.txt.gz", "chat.txt.zst"])
def test_compressed_files_are_known_by_content_and_by_suffix(name: str, tmp_path: Path) -> None:
    zstd = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    pack = gzip.compress if name.endswith("gz") else zstd.compress
    (tmp_path / name).write_bytes(pack(CHAT.encode()))
    (tmp_path / "plain").write_bytes(pack(LINE.encode()))

    assert texts(list(read([str(tmp_path)]))) == ["How can I help?"]
    assert texts(list(read([str(tmp_path / "plain")]))) == ["Hello"]


def test_missing_package_for_zstandard_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(40))

    assert 'pip install "convscan[formats]"' in only_bad(read([str(path)])).message


# -- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../up.txt", "/etc/up.txt", "a/../../up.txt", "C:\\up.txt", "\\\\host\\up.txt", "C:up.txt"]
)
def test_names_that_lead_out_are_refused_and_the_others_are_read(name: str, zipped: Callable[..., str]) -> None:
    bad, good = sorted(read([zipped({name: CHAT, "ok.txt": CHAT})]), key=lambda r: isinstance(r, Conversation))

    assert isinstance(bad, BadRecord)
    assert "its name leads out of the archive" in bad.message
    assert isinstance(good, Conversation)


def test_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    info = zipfile.ZipInfo("chat.txt")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(info, "/etc/passwd")

    assert "it is a link" in only_bad(read([str(path)])).message


def test_encrypted_member_is_refused(zipped: Callable[..., str]) -> None:
    path = Path(zipped({"chat.txt": CHAT}))
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert "is encrypted" in only_bad(read([str(path)])).message


@pytest.mark.parametrize("inner", ["in.zip", "in.txt.gz"])
def test_archive_in_an_archive_is_refused(inner: str, zipped: Callable[..., str], tmp_path: Path) -> None:
    content = (
        Path(zipped({"chat.txt": CHAT}, "in.zip")).read_bytes() if inner == "in.zip" else gzip.compress(b"Agent: x")
    )

    assert "archive inside an archive" in only_bad(read([zipped({inner: content}, "out.zip")])).message
    twice = tmp_path / "twice.gz"
    twice.write_bytes(gzip.compress(content))
    assert "archive inside an archive" in only_bad(read([str(twice)])).message


def test_tar_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "chats.tar"
    path.write_bytes(b"chat.txt".ljust(257, b"\0") + b"ustar\x0000" + bytes(700))

    assert "is a tar archive" in only_bad(read([str(path)])).message


def test_bomb_is_refused_before_it_is_unpacked(zipped: Callable[..., str]) -> None:
    path = zipped({"zeros.txt": bytes(40_000_000)})

    assert "over 200 times its size" in only_bad(read([path])).message


def test_gzip_bomb_is_refused_while_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "zeros.txt.gz"
    path.write_bytes(gzip.compress(b"a" * 60_000_000))

    assert "over 200 times its size" in only_bad(read([str(path)])).message


def test_size_that_lies_is_found_out(zipped: Callable[..., str]) -> None:
    path = Path(zipped({"chat.txt": CHAT * 50}))
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<L", 10)
    path.write_bytes(content)

    assert isinstance(only_bad(read([str(path)])), BadRecord)


def test_overlapping_members_are_refused(zipped: Callable[..., str]) -> None:
    path = Path(zipped({"a.txt": CHAT, "b.txt": CHAT}))
    content = bytearray(path.read_bytes())
    second = content.find(b"PK\x01\x02", content.find(b"PK\x01\x02") + 4)
    content[second + 42 : second + 46] = struct.pack("<L", 0)
    path.write_bytes(content)

    assert "files overlap" in only_bad(read([str(path)])).message


def test_too_many_members_are_refused(zipped: Callable[..., str]) -> None:
    path = zipped({f"{number}.txt": "" for number in range(MAX_MEMBERS + 1)})

    assert f"more than {MAX_MEMBERS:,}" in only_bad(read([path])).message


def test_archive_cut_anywhere_is_reported(zipped: Callable[..., str], tmp_path: Path) -> None:
    whole = Path(zipped({"chat.txt": CHAT, "a.jsonl": LINE})).read_bytes()
    path = tmp_path / "cut.zip"
    for end in range(4, len(whole) - 1, 7):
        path.write_bytes(whole[:end])
        assert isinstance(only_bad(read([str(path)])), BadRecord)


@given(place=st.integers(0, 400), byte=st.integers(0, 255))
def test_damage_anywhere_gives_records_only(place: int, byte: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chat.txt", CHAT)
        archive.writestr("a.jsonl", LINE)
    content = bytearray(stream.getvalue())
    content[place % len(content)] = byte

    assert all(isinstance(record, Conversation | BadRecord) for record in read(["-"], stdin=io.BytesIO(content)))


def test_nothing_is_written(zipped: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped({"chat.txt": CHAT, "../up.txt": CHAT})
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    list(read([path]))

    assert sorted(tmp_path.rglob("*")) == before
