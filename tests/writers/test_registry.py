"""Formats are found by themselves."""

import io

import pytest

from convscan.errors import ConfigError
from convscan.writers import all_formats, writer_for


def test_formats_are_known_by_name() -> None:
    assert {"json", "jsonl", "text"} <= {format_.name for format_ in all_formats()}


def test_every_format_says_what_it_is_for() -> None:
    assert all(format_.description for format_ in all_formats())


@pytest.mark.parametrize("name", [format_.name for format_ in all_formats()])
def test_every_format_makes_a_whole_document_of_nothing(name: str) -> None:
    stream = io.StringIO()
    writer = writer_for(name, stream)
    writer.open()
    writer.close()
    assert stream.getvalue() in {"", "[]\n"} or stream.getvalue().endswith("\n")


def test_unknown_format_names_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match=r"unknown output format 'pdf'; expected one of .*json, jsonl, .*text"):
        writer_for("pdf", io.StringIO())
