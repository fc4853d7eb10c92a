"""JSON formats: same bytes for the same results, and whatever breaks off stays whole."""

import io
import json
import math

import pytest

from convscan.conversation import Conversation, Role, Utterance
from convscan.finding import Balance, Finding, Kind, ScanResult, Severity, Span, Status, Tool
from convscan.records import result_from_json, result_to_json
from convscan.writers import writer_for

TOOL = Tool("0.1.0", "abc")


def result_with(quote: str, *, confidence: float | None = None) -> ScanResult:
    finding = Finding(
        rule="blame/customer",
        severity=Severity.ERROR,
        kind=Kind.PRESENT,
        at=Span(1, 0, len(quote), quote),
        message="m",
        suggestion="s",
        confidence=confidence,
    )
    return ScanResult("k-1", Status.JUDGED, TOOL, findings=(finding,), balance=Balance(0.0, 2.0))


def written(name: str, *results: ScanResult) -> bytes:
    """Return what a writer gives a file that takes nothing but valid UTF-8."""
    file = io.BytesIO()
    stream = io.TextIOWrapper(file, encoding="utf-8", errors="strict", newline="\n")
    writer = writer_for(name, stream)
    writer.open()
    for result in results:
        writer.write(result, None)
    writer.close()
    return file.getvalue()


def test_jsonl_is_one_result_a_line_in_order() -> None:
    results = (result_with("one"), result_with("two"))
    lines = written("jsonl", *results).decode().splitlines()
    assert [result_from_json(json.loads(line)) for line in lines] == list(results)


def test_jsonl_of_nothing_is_empty() -> None:
    assert written("jsonl") == b""


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_one_array(count: int) -> None:
    results = [result_with(str(number)) for number in range(count)]
    assert json.loads(written("json", *results)) == [result_to_json(result) for result in results]


def test_json_of_nothing_is_an_empty_array() -> None:
    assert written("json") == b"[]\n"


class FullDisk(io.StringIO):
    """Takes so many results and no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, text: str) -> int:
        if "conversation_id" in text:
            if not self.room:
                raise KeyboardInterrupt
            self.room -= 1
        return super().write(text)


@pytest.mark.parametrize("room", [0, 1, 2])
def test_json_that_is_interrupted_is_whole_once_closed(room: int) -> None:
    stream = FullDisk(room)
    writer = writer_for("json", stream)
    writer.open()
    for number in range(room):
        writer.write(result_with(str(number)), None)
    with pytest.raises(KeyboardInterrupt):
        writer.write(result_with("one too many"), None)
    writer.close()
    assert len(json.loads(stream.getvalue())) == room


@pytest.mark.parametrize("name", ["json", "jsonl"])
def test_the_stream_is_left_open(name: str) -> None:
    stream = io.StringIO()
    writer = writer_for(name, stream)
    writer.open()
    writer.close()
    assert not stream.closed


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("\ud800", r"\ud800"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("a\x85b\x9b31m", r"a\u0085b\u009b31m"),
        ("\x1b[31m\n", r"\u001b[31m\n"),
        ("Zoë 😀", "Zoë 😀"),
    ],
)
def test_only_what_breaks_a_line_a_file_or_a_terminal_is_escaped(quote: str, shown: str) -> None:
    line = written("jsonl", result_with(quote)).decode()
    assert f'"quote": "{shown}"' in line
    assert len(line.splitlines()) == 1
    assert result_from_json(json.loads(line)).findings[0].at == Span(1, 0, len(quote), quote)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_in_json_is_null(number: float) -> None:
    conversation = Conversation("k-2", (Utterance(Role.AGENT, "Hi"),), metadata={"scores": [{"csat": number}, 3.0]})
    result = ScanResult("k-2", Status.JUDGED, TOOL, conversation=conversation)
    record = json.loads(written("jsonl", result), parse_constant=pytest.fail)
    assert record["conversation"]["metadata"] == {"scores": [{"csat": None}, 3.0]}


def test_keys_stand_in_the_order_of_the_contract() -> None:
    line = written("jsonl", result_with("q"))
    assert line.startswith(b'{"schema": "convscan.result/1", "tool": {"version": "0.1.0", "rules": "abc"')
    assert line.endswith(b'"errors": []}\n')
