"""Findings as CSV: every cell as it was, and none of them a formula."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Source
from convscan.finding import Finding, Kind, ScanResult, Severity, Span, Status, Tool
from convscan.writers import writer_for
from convscan.writers.csv_table import COLUMNS

TRIGGERS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "\n=1",
    " =1",
    "\u200b=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://x.example")',
    "\ufeff=1",
    "\u00a0=1",
    "\t",
]


def result_with(words: str) -> ScanResult:
    finding = Finding(
        rule="blame/customer",
        severity=Severity.ERROR,
        kind=Kind.PRESENT,
        at=Span(1, 0, len(words), words),
        message=words,
        suggestion=words,
        confidence=0.5,
        agent=words,
        because=(Span(0, 0, len(words), words),),
        fingerprint="f",
    )
    return ScanResult(
        words, Status.JUDGED, Tool("0.1.0", "abc"), source=Source(words, 7), language="en", findings=(finding, finding)
    )


def rows_of(*results: ScanResult) -> list[list[str]]:
    file = io.BytesIO()
    stream = io.TextIOWrapper(file, encoding="utf-8", errors="strict", newline="\n")
    writer = writer_for("csv", stream)
    writer.open()
    for result in results:
        writer.write(result, None)
    writer.close()
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


def test_each_finding_is_a_row_under_the_header() -> None:
    header, one, other = rows_of(result_with("You broke it"))

    assert tuple(header) == COLUMNS
    assert one == other
    found = dict(zip(header, one, strict=True))
    assert (found["conversation_id"], found["line"], found["confidence"]) == ("You broke it", "7", "0.5")
    assert (found["utterance"], found["start"], found["end"], found["quote"]) == ("1", "0", "12", "You broke it")


def test_finding_without_a_place_has_empty_cells() -> None:
    finding = Finding("thanks/missing", Severity.NOTE, Kind.MISSING, None, "m", "s")
    header, row = rows_of(ScanResult(None, Status.JUDGED, Tool("0.1.0", "abc"), findings=(finding,)))

    found = dict(zip(header, row, strict=True))
    assert [found[name] for name in ("conversation_id", "utterance", "quote", "confidence")] == ["", "", "", ""]


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_no_cell_is_a_formula_and_the_text_is_not_lost(trigger: str) -> None:
    _, row, _ = rows_of(result_with(trigger))

    assert row.count("'" + trigger) == 7


@given(st.text())
def test_any_text_comes_back(words: str) -> None:
    _, row, _ = rows_of(result_with(words))
    quote = row[COLUMNS.index("quote")]

    assert quote[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert quote in {"".join(map(shown, words)), "'" + "".join(map(shown, words))}


@pytest.mark.parametrize("words", ["'You failed to pay' is blame", "'tis", "''", "\nHello"])
def test_quotation_marks_at_the_beginning_stay_as_they_are(words: str) -> None:
    _, row, _ = rows_of(result_with(words))

    assert row[COLUMNS.index("quote")] == words


def shown(char: str) -> str:
    """Return a character as it is, or as an escape if it would steer a terminal or is no UTF-8."""
    if char in "\t\r\n" or unicodedata.category(char) not in {"Cc", "Cs"}:
        return char
    return char.encode("unicode_escape").decode("ascii")
