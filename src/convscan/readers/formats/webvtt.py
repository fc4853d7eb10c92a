"""WebVTT: cues with voice tags, as the standard writes them and as tools do.

Source: WebVTT: The Web Video Text Tracks Format, W3C; sections "file structure" and
"cue text parsing rules".
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, show_place
from convscan.readers.description import Description, Family
from convscan.readers.speech.clocks import offset_ms
from convscan.readers.speech.cues import Piece, conversation_of_cues, read_text, split_lines

_DESCRIPTION = Description(
    title="WebVTT",
    family=Family.SPEECH,
    versions="the W3C format, and what Teams, Zoom, Azure and others make of it",
    reads=(
        "cues with times, voice tags `<v Name>`, labels (`NAME:`, `[Agent]`) and speaker changes (`>>`)",
        'the speaker in the name of the cue, as Webex writes it (`1 "Name" (123)`)',
        "cues with a time that cannot be read, without times",
    ),
    ignores=("NOTE, STYLE and REGION blocks, cue settings, tags other than voices", "words outside of cues"),
    roles=(
        "--role, else the voice or label (`Agent`, `Jo (Support)`), else how two speakers talk; with weak evidence an"
        " error that names --role"
    ),
    example='convscan scan call.vtt --role "Jo Hale=agent"',
)
_SIGNATURE = re.compile(rb"WEBVTT(?=[ \t\r\n]|\Z)")
_ARROW = "-->"
# Webex names the speaker in the name of the cue: `1 "Jo Hale" (2736418560)`.
_NAMED_CUE = re.compile(r'\d+\s+"(?P<voice>[^"]{1,80})"(?:\s+\(\d+\))?\s*')
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?=[ \t]|\Z)")
# No tag holds another: without that, text of open brackets alone would be read once for each of them.
_TAG = re.compile(r"<(?P<end>/)?(?P<name>[a-z]+)(?P<classes>\.[^ \t<>]*)?(?:[ \t]+(?P<note>[^<>]*))?>|<[\d:.]+>")
_LANGUAGE = re.compile(r"\s*(?:NOTE\s+)?language\s*:\s*(?P<tag>[A-Za-z]{2}(?:[-_][A-Za-z0-9]+)*)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WebVttReader:
    """Reads `.vtt`."""

    name: str = "webvtt"
    suffixes: tuple[str, ...] = (".vtt",)
    rank: int = 10
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the word that every such file begins with."""
        return _SIGNATURE.match(head) is not None

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversation; see `Reader.read`."""
        source = Source(path, 1)
        lines = split_lines(read_text(stream, path, options, notify))
        if not lines[0].startswith("WEBVTT"):
            raise TranscriptError("does not begin with 'WEBVTT'; if it is an SRT file, say --from srt")
        cues = _Cues(lines, source, options, notify)
        pieces = list(cues.pieces())
        if not pieces:
            raise TranscriptError("has no cues with words in it")
        language = next((found["tag"] for line in lines if (found := _LANGUAGE.match(line))), None)
        yield conversation_of_cues(pieces, source, options, notify, language=language)


@dataclass(frozen=True, slots=True)
class _Cues:
    """The lines of a file, and where to tell of what is wrong in them."""

    lines: list[str]
    source: Source
    options: ReadOptions
    notify: Notice

    def pieces(self) -> Iterator[Piece]:
        """Yield the words of all cues."""
        for first, last in self._blocks():
            arrow = next((row for row in range(first, min(first + 2, last)) if _ARROW in self.lines[row]), None)
            if arrow is not None:
                name = self.lines[first].strip() if arrow > first else None
                yield from self._cue(arrow, last, name)
            elif not _NO_CUE.match(self.lines[first]):
                self.options.trace.left_out("text outside of cues", count=last - first)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Yield the first line of each block and the line after its last."""
        start: int | None = None
        for row, line in enumerate([*self.lines, ""]):
            # Tools that forget the blank line begin a cue with its time all the same.
            begins_cue = _ARROW in line and start is not None and row > start + 1
            if line.strip() and not begins_cue:
                start = row if start is None else start
                continue
            # The header is the first block; a cue may follow it without a blank line.
            if start is not None and start > 0:
                yield start, row
            start = row if begins_cue else None

    def _cue(self, arrow: int, last: int, name: str | None) -> Iterator[Piece]:
        before, _, after = self.lines[arrow].partition(_ARROW)
        start, end = offset_ms(before.strip()), offset_ms((after.split() or [""])[0])
        if start is None or end is None:
            place = show_place(Source(self.source.path, arrow + 1))
            self.notify(f"{place}: the time {self.lines[arrow].strip()[:60]!r} cannot be read; its words are kept")
        named = _NAMED_CUE.fullmatch(name) if name else None
        voice = named["voice"].strip() or None if named else None
        for row in range(arrow + 1, last):
            for text, speaker in _spans(self.lines[row], voice):
                voice = speaker
                if text.strip():
                    yield Piece(text.strip(), row + 1, start, end, speaker, name)


def _spans(line: str, voice: str | None) -> Iterator[tuple[str, str | None]]:
    """Yield the text of a line by voice; last, with the voice that goes on in the next line."""
    text = ""
    at = 0
    for tag in _TAG.finditer(line):
        text += line[at : tag.start()]
        at = tag.end()
        if tag["name"] == "v":
            yield html.unescape(text), voice
            text = ""
            voice = None if tag["end"] else " ".join(html.unescape(tag["note"] or "").split()) or None
    yield html.unescape(text + line[at:]), voice


READER = WebVttReader()
