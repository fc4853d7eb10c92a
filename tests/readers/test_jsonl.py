"""JSON Lines: one value for each line, and no bad line loses the next."""

import gzip
import io
import json
import re
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

GOOD = json.dumps({"id": "k-1", "utterances": [{"role": "customer", "text": "The lamp flickers."}]})
AFTER = json.dumps({"id": "k-2", "utterances": [{"role": "agent", "text": "Since when?"}]})


def records_of(content: bytes, options: ReadOptions | None = None) -> list[Record]:
    return list(read(["-"], options or ReadOptions(format="jsonl"), stdin=io.BytesIO(content)))


def only_bad(records: list[Record]) -> BadRecord:
    (bad,) = (record for record in records if isinstance(record, BadRecord))
    return bad


def ids_of(records: list[Record]) -> list[str]:
    return [record.id for record in records if isinstance(record, Conversation)]


def with_text(text: str) -> str:
    return json.dumps({"utterances": [{"role": "agent", "text": text}]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"utterances": [{"role": "agent", "te', "at column 38: it breaks off inside text"),
        ('{"utterances": [}', "not valid JSON at column 17"),
        (GOOD + " tail", "text after the end of the value"),
        ("[1, 2]", "expected an object"),
        ("null", "expected an object"),
        ('{"id": "k-9"}', "no 'utterances'"),
        ('{"utterances": [{"role": "boss", "text": "x"}]}', r'unknown role \'boss\'.*--role "boss=ROLE"'),
        ('{"utterances": [{"role": "agent"}]}', "no 'text'"),
        ('{"utterances": [{"role": "agent", "role": "customer", "text": "x"}]}', "key 'role' stands twice"),
        ('{"utterances": [], "score": NaN}', "NaN is not a JSON number"),
        ('{"utterances": [], "score": -Infinity}', "-Infinity is not a JSON number"),
        ('{"utterances": [], "score": 1e999}', "too large"),
        ('{"utterances": [], "score": ' + "1" * 5000 + "}", "thousands of digits"),
        ("[" * 100_000, "nested deeper"),
        ('{"utterances": [], "x": ' + "[" * 101 + "]" * 101 + "}", "nested deeper"),
    ],
)
def test_bad_line_is_reported_with_its_place_and_the_next_is_read(line: str, says: str) -> None:
    records = records_of(f"{GOOD}\n{line}\n{AFTER}\n".encode())

    bad = only_bad(records)
    assert str(bad.source) == "-:2"
    assert bad.message.startswith("-:2: ")
    assert re.search(says, bad.message)
    assert ids_of(records) == ["k-1", "k-2"]


def test_nesting_within_the_limit_is_read() -> None:
    deep = '{"utterances": [], "x": ' + "[" * 98 + "]" * 98 + "}"

    assert isinstance(records_of(deep.encode())[0], Conversation)


def test_many_objects_side_by_side_are_not_deep() -> None:
    wide = {"utterances": [{"role": "agent", "text": "hello"}] * 500}

    assert isinstance(records_of(json.dumps(wide).encode())[0], Conversation)


def test_message_of_a_record_without_end_is_short() -> None:
    bad = only_bad(records_of(json.dumps({"utterances": [{"role": "z" * 10_000, "text": "x"}]}).encode()))

    assert len(bad.message) < 600
    assert bad.message.endswith('=ROLE"')


def test_record_cut_anywhere_loses_no_other_record() -> None:
    for kept in range(1, len(GOOD)):
        records = records_of(f"{AFTER}\n{GOOD[:kept]}\n{AFTER}\n".encode())

        assert isinstance(records[1], BadRecord)
        assert ids_of(records) == ["k-2", "k-2#2"]


def test_bad_record_keeps_the_id_that_could_be_made_out() -> None:
    assert only_bad(records_of(b'{"id": "k-9", "utterances": 5}')).id == "k-9"


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_unicode_line_separators_are_text(separator: str) -> None:
    """`str.splitlines` would make two lines of one."""
    (record,) = records_of(with_text(f"one{separator}two").encode())

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == f"one{separator}two"


def test_windows_line_ends_and_blank_lines_are_no_records() -> None:
    assert ids_of(records_of(f"\r\n{GOOD}\r\n  \r\n{AFTER}".encode())) == ["k-1", "k-2"]


def test_lines_are_counted_with_the_blank_ones() -> None:
    assert [str(record.source) for record in records_of(f"\n\n{GOOD}\n\nbad\n".encode())] == ["-:3", "-:5"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_tells_the_encoding(codec: str) -> None:
    (record,) = records_of(with_text("Größe 5 😀").encode(codec))

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "Größe 5 😀"


def test_byte_order_mark_of_a_joined_file_is_left_out() -> None:
    assert ids_of(records_of(f"{GOOD}\n\ufeff{AFTER}\n".encode())) == ["k-1", "k-2"]


def test_line_in_latin_1_is_bad_and_says_how_to_convert() -> None:
    records = records_of(GOOD.encode() + b"\n" + with_text("Größe").encode("latin-1") + b"\n" + AFTER.encode())

    assert "not UTF-8 text (byte 0xf6" in only_bad(records).message
    assert "iconv -f WINDOWS-1252 -t UTF-8" in only_bad(records).message
    assert ids_of(records) == ["k-1", "k-2"]


def test_lone_surrogate_is_kept() -> None:
    (record,) = records_of(rb'{"utterances": [{"role": "agent", "text": "odd \ud800 sign"}]}')

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "odd \ud800 sign"


def test_too_long_line_is_skipped_and_the_next_is_read() -> None:
    options = ReadOptions(format="jsonl", max_record_bytes=1000)

    records = records_of(f"{GOOD}\n{with_text('x' * 5000)}\n{AFTER}\n".encode(), options)

    assert "longer than 1000 bytes" in only_bad(records).message
    assert ids_of(records) == ["k-1", "k-2"]


@pytest.mark.parametrize("excess", [0, 1])
def test_limit_is_the_longest_line_that_is_read(excess: int) -> None:
    options = ReadOptions(format="jsonl", max_record_bytes=len(GOOD) - excess)

    (record,) = records_of(GOOD.encode() + b"\n", options)

    assert isinstance(record, BadRecord) == bool(excess)


def test_50_mb_line_is_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(GOOD.encode() + b"\n")
        for _ in range(50):
            file.write(b"x" * 1024 * 1024)
        file.write(b"\n" + AFTER.encode())
    options = ReadOptions(max_record_bytes=1024 * 1024)

    tracemalloc.start()
    records = list(read([str(path)], options))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert ids_of(records) == ["k-1", "k-2"]
    assert peak < 8 * 1024 * 1024


def test_100_000_utterances_are_one_conversation() -> None:
    utterances = [{"role": "agent", "text": f"line {number}"} for number in range(100_000)]

    (record,) = records_of(json.dumps({"utterances": utterances}).encode())

    assert isinstance(record, Conversation)
    assert record.utterances[-1].text == "line 99999"


def test_gzip_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "march.jsonl"
    path.write_bytes(gzip.compress(f"{GOOD}\n{AFTER}\n".encode()))

    assert ids_of(list(read([str(path)]))) == ["k-1", "k-2"]


def test_cut_gzip_gives_what_came_before_the_cut(tmp_path: Path) -> None:
    path = tmp_path / "march.jsonl.gz"
    many = "".join(with_text(f"message {number * 7919}") + "\n" for number in range(5000))
    whole = gzip.compress(many.encode())
    path.write_bytes(whole[: len(whole) // 2])

    records = list(read([str(path)]))

    assert isinstance(records[-1], BadRecord)
    assert f"cut off; nothing after the first {len(records) - 1}" in records[-1].message
    assert len(ids_of(records)) == len(records) - 1 > 1000


@pytest.mark.parametrize("kept", [2, 12, 30])
def test_gzip_cut_at_its_beginning_is_not_called_empty(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "march.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode())[:kept])

    (record,) = read([str(path)])

    assert isinstance(record, BadRecord)
    assert "cut off; nothing could be read" in record.message


def test_damaged_gzip_is_a_bad_record(tmp_path: Path) -> None:
    path = tmp_path / "march.jsonl.gz"
    path.write_bytes(gzip.compress(GOOD.encode())[:-8] + b"\0" * 8)

    assert "damaged" in only_bad(list(read([str(path)]))).message


def test_expansion_bomb_is_refused_while_it_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl"
    with gzip.open(path, "wb") as file:
        file.write(GOOD.encode() + b"\n")
        for _ in range(50):
            file.write(b" " * 1024 * 1024)
    options = ReadOptions(max_record_bytes=1024 * 1024)

    tracemalloc.start()
    records = list(read([str(path)], options))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "over 200 times its size" in only_bad(records).message
    assert peak < 8 * 1024 * 1024


def test_users_own_words_for_roles_are_mapped() -> None:
    line = b'{"utterances": [{"role": "Support", "text": "Hello"}]}'

    (record,) = records_of(line, ReadOptions(format="jsonl", roles={"support": Role.AGENT}))

    assert isinstance(record, Conversation)
    assert record.utterances[0].role is Role.AGENT


JSON_LINES = st.one_of(
    st.just(GOOD),
    st.just(AFTER),
    st.just(GOOD[:-4]),
    st.just("  "),
    st.text(st.characters(exclude_characters="\n"), max_size=30),
    st.binary(max_size=10).map(lambda junk: junk.replace(b"\n", b"").decode("latin-1")),
)


@given(lines=st.lists(JSON_LINES, min_size=1, max_size=12), ends_with_feed=st.booleans())
def test_every_line_that_is_not_blank_gives_one_value_in_order(lines: list[str], ends_with_feed: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    content = "\n".join(lines).encode("utf-8", "surrogatepass") + b"\n" * ends_with_feed
    filled = [
        number
        for number, line in enumerate(content.split(b"\n"), 1)
        if line.removeprefix(b"\xef\xbb\xbf").strip(b" \t\r\n")
    ]

    stream = io.BytesIO(b"\n" + content)  # a first line of its own keeps byte order marks out of it
    found = [record.source for record in read(["-"], ReadOptions(format="jsonl"), stdin=stream)]

    if filled:
        assert [source.line - 1 for source in found if source and source.line] == filled


@given(content=st.binary(max_size=300))
def test_no_bytes_raise_an_error(content: bytes) -> None:
    for name in ("jsonl", "json", "transcript", None):
        assert list(read(["-"], ReadOptions(format=name), stdin=io.BytesIO(content)))
