"""What `read` makes of paths: files, folders, standard input, and what is none of these."""

import io
import json
import os
import socket
from pathlib import Path

import pytest

from convscan.conversation import Channel, Conversation
from convscan.errors import ConfigError
from convscan.readers import BadRecord, ReadOptions, all_readers, read
from convscan.readers.base import Reader, show_size
from convscan.readers.selection import explain_os_error


def line(number: int, **extra: object) -> str:
    return (
        json.dumps({"id": f"r-{number}", "utterances": [{"role": "agent", "text": f"Hello {number}"}], **extra}) + "\n"
    )


@pytest.fixture
def good(tmp_path: Path) -> str:
    path = tmp_path / "good.jsonl"
    path.write_text(line(1), encoding="utf-8")
    return str(path)


def check_bad_then_good(bad_path: str, good: str, says: str) -> None:
    bad, record = read([bad_path, good])

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(f"{bad_path}: ")
    assert says in bad.message
    assert record.id == "r-1"


def test_missing_file_is_reported_and_the_next_is_read(tmp_path: Path, good: str) -> None:
    check_bad_then_good(str(tmp_path / "nowhere.jsonl"), good, "no such file or folder")


def test_empty_file_is_reported_and_the_next_is_read(tmp_path: Path, good: str) -> None:
    (tmp_path / "empty.jsonl").touch()
    check_bad_then_good(str(tmp_path / "empty.jsonl"), good, "is empty")


def test_file_of_blank_lines_is_reported(tmp_path: Path, good: str) -> None:
    (tmp_path / "blank.jsonl").write_text("\n\n \n", encoding="utf-8")
    check_bad_then_good(str(tmp_path / "blank.jsonl"), good, "has no conversation in it")


def test_empty_folder_is_reported_and_the_next_is_read(tmp_path: Path, good: str) -> None:
    (tmp_path / "march.jsonl").mkdir()
    check_bad_then_good(str(tmp_path / "march.jsonl"), good, "is an empty folder")


def test_folder_of_other_files_is_reported(tmp_path: Path, good: str) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "cat.png").write_bytes(b"\x89PNG\0")
    check_bad_then_good(str(folder), good, "has no file to read, 1 file of other kinds")


def test_of_an_empty_folder_the_usual_kinds_are_told_and_where_all_are_listed(tmp_path: Path) -> None:
    """Two dozen endings in one line helped nobody."""
    (bad,) = read([str(tmp_path)])

    assert isinstance(bad, BadRecord)
    assert ".json, .jsonl, .csv" in bad.message
    assert "convscan formats list" in bad.message
    assert len(bad.message.removeprefix(str(tmp_path))) < 160


def test_of_a_named_format_the_few_endings_are_told(tmp_path: Path) -> None:
    (bad,) = read([str(tmp_path)], ReadOptions(format="eml"))

    assert isinstance(bad, BadRecord)
    assert "files that end in .eml" in bad.message


@pytest.mark.parametrize("name", ["one.jsonl", "one.json", "one.txt"])
def test_lone_record_that_breaks_off_in_its_second_line_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text('{"id": "a", "utterances": [{"role": "agent", "text": "Hi"},\n "x', encoding="utf-8")
    (bad,) = read([str(path)])

    assert isinstance(bad, BadRecord)
    assert bad.message == (
        f"{path}:1: not valid JSON at line 2 column 4: it breaks off inside text in quotes; "
        "close what is open, or export it again"
    )


def test_named_pipe_is_refused_without_waiting(tmp_path: Path, good: str) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    check_bad_then_good(str(tmp_path / "pipe.jsonl"), good, "is a named pipe")


def test_socket_is_refused(tmp_path: Path, good: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's whole path may have 100 characters at most
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.jsonl")
        check_bad_then_good("s.jsonl", good, "is a socket")


def test_device_is_refused(good: str) -> None:
    check_bad_then_good("/dev/zero", good, "is a device")


def test_broken_link_is_reported(tmp_path: Path, good: str) -> None:
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    check_bad_then_good(str(tmp_path / "gone.jsonl"), good, "is a link to a file that does not exist")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_file_without_permission_is_reported(tmp_path: Path, good: str) -> None:
    path = tmp_path / "secret.jsonl"
    path.write_text(line(2), encoding="utf-8")
    path.chmod(0)
    check_bad_then_good(str(path), good, "may not be read by you")


def test_missing_permission_is_explained() -> None:
    """The test above cannot run as root, as containers do; this one always does."""
    assert "ask for permission" in explain_os_error("secret.jsonl", PermissionError())


def test_link_that_leads_to_itself_is_reported(tmp_path: Path, good: str) -> None:
    """Stands in for other failures of the file system, which need no permissions to bring about."""
    (tmp_path / "loop.jsonl").symlink_to("loop.jsonl")
    check_bad_then_good(str(tmp_path / "loop.jsonl"), good, "cannot be read")


def test_path_with_a_nul_character_is_reported(good: str) -> None:
    bad, record = read(["a\0b.jsonl", good])

    assert isinstance(bad, BadRecord)
    assert "\0" not in bad.message
    assert record.id == "r-1"


@pytest.mark.parametrize("name", ["picture.png", "picture.jsonl", "picture.txt"])
def test_binary_file_is_reported(tmp_path: Path, good: str, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    check_bad_then_good(str(tmp_path / name), good, "is no text")


def test_control_characters_throughout_are_binary(tmp_path: Path, good: str) -> None:
    (tmp_path / "data.bin").write_bytes(bytes(code for code in range(1, 256)) * 4)
    check_bad_then_good(str(tmp_path / "data.bin"), good, "is no text")


def test_utf16_without_mark_is_reported_as_such(tmp_path: Path, good: str) -> None:
    (tmp_path / "wide.jsonl").write_bytes(line(5).encode("utf-16-le"))
    check_bad_then_good(str(tmp_path / "wide.jsonl"), good, "UTF-16 without a byte order mark")


def test_utf16_cut_in_a_character_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    path.write_bytes((line(5) + line(6)).encode("utf-16")[:-1])

    *_, bad = read([str(path)])

    assert isinstance(bad, BadRecord)
    assert "UTF-16 text is damaged" in bad.message


def test_unknown_content_names_the_formats(tmp_path: Path, good: str) -> None:
    (tmp_path / "letter.log").write_text("Dear all,\nsee you soon.\n", encoding="utf-8")
    check_bad_then_good(str(tmp_path / "letter.log"), good, "say which with --from (")


def test_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for number, name in enumerate(["b.jsonl", "a/z.jsonl", "a/deep/x.jsonl", "c.ndjson", "B.JSONL"]):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line(number), encoding="utf-8")

    found = [record.source.path for record in read([str(tmp_path)]) if record.source]

    assert [str(Path(path).relative_to(tmp_path)) for path in found] == [
        "B.JSONL",
        "a/deep/x.jsonl",
        "a/z.jsonl",
        "b.jsonl",
        "c.ndjson",
    ]


def test_hidden_files_and_folders_are_left_out(tmp_path: Path, good: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.jsonl").write_text(line(2), encoding="utf-8")
    (tmp_path / ".y.jsonl").write_text(line(3), encoding="utf-8")

    assert [record.source.path for record in read([str(tmp_path)]) if record.source] == [good]


def test_hidden_file_that_is_named_is_read(tmp_path: Path) -> None:
    path = tmp_path / ".y.jsonl"
    path.write_text(line(3), encoding="utf-8")

    assert [record.id for record in read([str(path)])] == ["r-3"]


def test_files_left_out_are_counted_in_one_notice(tmp_path: Path, good: str) -> None:
    (tmp_path / "cat.png").write_bytes(b"\x89PNG")
    (tmp_path / "dog.png").write_bytes(b"\x89PNG")
    notices: list[str] = []

    list(read([str(tmp_path)], notify=notices.append))

    assert len(notices) == 1
    assert "2 files left out (cat.png, dog.png), for" in notices[0]
    assert Path(good).exists()


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        (b"%PDF-1.4\n1 0 obj\n", "is a PDF, which is not read; export the conversations as text"),
        (b"{\\rtf1\\ansi Hello}", "is an RTF document"),
        (b"nothing known", "say which with --from (see: convscan formats list)"),
    ],
)
def test_document_that_is_no_export_is_called_by_its_name(tmp_path: Path, begins: bytes, told: str) -> None:
    path = tmp_path / "chat.doc"
    path.write_bytes(begins)

    [record] = read([str(path)])

    assert isinstance(record, BadRecord)
    assert told in record.message


def test_links_in_a_circle_end(tmp_path: Path, good: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "up").symlink_to(tmp_path)

    assert [record.source.path for record in read([str(tmp_path)]) if record.source] == [good]


def test_broken_link_and_pipe_in_a_folder_are_reported(tmp_path: Path, good: str) -> None:
    (tmp_path / "a.jsonl").symlink_to("nowhere")
    os.mkfifo(tmp_path / "b.jsonl")

    link, pipe, record = read([str(tmp_path)])

    assert isinstance(link, BadRecord)
    assert isinstance(pipe, BadRecord)
    assert record.source
    assert record.source.path == good


@pytest.mark.parametrize("name", [b"line\nfeed.jsonl", b"caf\xe9.jsonl", b"bell\x07.jsonl"])
def test_odd_file_names_are_read_and_shown_safely(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - pathlib takes no bytes
    with open(path, "wb") as file:  # noqa: PTH123 - as above
        file.write(line(1).encode() + b"oops\n")

    record, bad = read([str(tmp_path)])

    assert record.id == "r-1"
    assert isinstance(bad, BadRecord)
    assert bad.message.isprintable()


def test_dash_is_standard_input_among_files(good: str) -> None:
    records = list(read([good, "-"], stdin=io.BytesIO(line(7).encode())))

    assert [str(record.source) for record in records] == [f"{good}:1", "-:1"]


def test_one_path_may_be_given_alone(good: str) -> None:
    assert [record.id for record in read(good)] == ["r-1"]


def test_channel_is_for_those_that_do_not_say(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text(line(1) + line(2, channel="chat"), encoding="utf-8")

    records = list(read([str(path)], ReadOptions(channel=Channel.EMAIL)))

    assert [record.channel for record in records if isinstance(record, Conversation)] == ["email", "chat"]


def test_unknown_format_is_refused_before_anything_is_read() -> None:
    with pytest.raises(ConfigError, match=r"unknown input format 'fax'; expected one of .*json, jsonl, .*transcript"):
        read(["-"], ReadOptions(format="fax"))


def test_every_format_is_found_and_is_a_reader() -> None:
    assert {"json", "jsonl", "transcript"} <= {reader.name for reader in all_readers()}
    assert all(isinstance(reader, Reader) for reader in all_readers())


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(line(number) for number in range(2000)), encoding="utf-8")
    stream = path.open("rb")

    with stream:
        records = read(["-"], stdin=stream)
        assert next(records).id == "r-0"
        assert stream.tell() < path.stat().st_size


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [
        (7, "7 bytes"),
        (1536, "1.5 KiB"),
        (1000 * 1024, "1000 KiB"),
        (32 * 1024**2, "32 MiB"),
        (2 * 1024**3, "2 GiB"),
        (5000 * 1024**3, "5000 GiB"),
    ],
)
def test_size_is_told_in_figures_that_people_read(size_bytes: int, words: str) -> None:
    assert show_size(size_bytes) == words
