"""SRT (SubRip): numbered cues with times, with or without labels of speakers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import offset_ms
from convscan.readers.speech.cues import Piece, conversation_of_cues, read_text, split_lines

_DESCRIPTION = Description(
    title="SRT (SubRip)",
    family=Family.SPEECH,
    versions="SubRip with `,` or `.` before the milliseconds, with or without numbers",
    reads=("cues with times, labels (`NAME:`, `[Agent]`), voice tags (`<v Name>`) and speaker changes (`>>`)",),
    ignores=("formatting (`<i>`, `{\\an8}`), places on the screen",),
    roles=(
        "--role, else the label (`Agent`, `Jo (Support)`), else how two speakers talk; with weak evidence an error"
        " that names --role"
    ),
    example='convscan scan call.srt --role "JO=agent"',
)
_TIME = r"\d{1,3}:\d{1,2}:\d{1,2}(?:[,.]\d{1,3})?"
_TIMING = re.compile(rf"\s*(?P<start>{_TIME})\s*-->\s*(?P<end>{_TIME})(?:\s.*)?\s*\Z", re.ASCII)
_HEAD = re.compile(rf"\A\s*(?:\d+[ \t]*\r?\n\s*)?{_TIME}\s*-->\s*{_TIME}", re.ASCII)
_VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+(?P<name>[^>]{1,80})>")
_FORMATTING = re.compile(r"</?(?:i|b|u|s|v|c|font)(?:[ \t.][^>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SrtReader:
    """Reads `.srt`."""

    name: str = "srt"
    suffixes: tuple[str, ...] = (".srt",)
    rank: int = 10
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the times of a cue, with or without its number."""
        return _HEAD.match(head.decode("utf-8", "replace")) is not None

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversation; see `Reader.read`."""
        pieces = list(_pieces(split_lines(read_text(stream, path, options, notify)), options))
        if not pieces:
            raise TranscriptError("has no cues with words in it; an SRT cue is a number, a line of times, and text")
        yield conversation_of_cues(pieces, Source(path, 1), options, notify)


def _pieces(lines: list[str], options: ReadOptions) -> Iterator[Piece]:
    """Yield the words of all cues: all between one line of times and the next."""
    is_in_cue = False
    start, end, number = None, None, None
    for row, line in enumerate(lines):
        timing = _timing(line)
        if timing is not None:
            is_in_cue = True
            start, end, number = offset_ms(timing["start"]), offset_ms(timing["end"]), _number(lines, row)
        elif line.strip() and not _is_number_of_next(lines, row):
            if not is_in_cue:
                options.trace.left_out("text outside of cues")
                continue
            voice = _VOICE.search(line) if "<" in line else None
            text = _FORMATTING.sub("", line).strip() if "<" in line or "{" in line else line.strip()
            if text:
                name = " ".join(voice["name"].split()) if voice else None
                yield Piece(text, row + 1, start, end, name, number)


def _is_number_of_next(lines: list[str], row: int) -> bool:
    """Tell the number of a cue from a figure that somebody says."""
    if not lines[row].strip().isdecimal():
        return False
    following = next((line for line in lines[row + 1 : row + 3] if line.strip()), "")
    return _timing(following) is not None


def _timing(line: str) -> re.Match[str] | None:
    return _TIMING.match(line) if "-->" in line else None


def _number(lines: list[str], row: int) -> str | None:
    before = next((line.strip() for line in reversed(lines[max(row - 2, 0) : row]) if line.strip()), "")
    return before if before.isdecimal() else None


READER = SrtReader()
