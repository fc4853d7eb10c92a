"""Subtitles as a conversation: cues, their lines, and who speaks in them.

What WebVTT and SRT share. Speakers are told by voice tags (`<v Jo>`), by labels before
a colon (`AGENT: …`, `[Agent] …`) or only by `>>` where another speaker begins. A line
without any of these goes on with the speaker before it.

No package is used for it: `webvtt-py` 0.6 gives one voice a cue and drops the others,
knows no character references and no lines of the file, and gives up on a file for one
bad time. A reader has to keep every word and say where it stands.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

from convscan.conversation import Role, Source
from convscan.readers.base import Notice, ReadOptions, Record, show_place
from convscan.readers.opening import read_whole
from convscan.readers.speakers import fold, label_again, parse_label
from convscan.readers.speech.segments import Segment
from convscan.readers.speech.spoken import NOBODY, Call, Speaker, name_in, record_of
from convscan.readers.text_encoding import decode_text

_MARK = re.compile(r"\s*(?:>{2,3}|»)\s*")
_BRACKETED = re.compile(r"\s*[\[(](?P<label>[^\[\]()]{1,40})[\])]\s*:?\s*")
# Bounded in every part, so that a line of any length is settled after some eighty characters.
_LABELLED = re.compile(r"\s{0,40}(?P<label>[^\s:<>\[\]](?:[^:<>\[\]]{0,38}[^\s:<>\[\]])??)\s{0,8}:(?:\s+|$)")
_LINE_END = re.compile(r"\r\n|\r|\n")
# Once may be a word before a colon; a speaker comes again.
_TWICE = 2
# Two lines of a cue that begin so are by two people; who is who, nobody tells.
_DASH = re.compile(r"\s*[-\u2013\u2014]\s*(?=\S)")


class Piece(NamedTuple):
    """The words of one line of a cue by one voice.

    Attributes:
        text: The words, without tags.
        line: Its line in the file, counted from 1.
        start_ms: When the cue begins.
        end_ms: When it ends.
        voice: Name in the voice tag; None if there is none.
        cue: Name or number of the cue.
    """

    text: str
    line: int
    start_ms: int | None
    end_ms: int | None
    voice: str | None = None
    cue: str | None = None


def read_text(stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> str:
    """Return a subtitle file as text; what had to be assumed of its encoding is told."""
    decoded = decode_text(read_whole(stream, limit_bytes=options.max_record_bytes))
    if decoded.doubt is not None:
        notify(f"{show_place(Source(path))}: {decoded.doubt}; save it as UTF-8 to be sure")
    return decoded.text


def split_lines(text: str) -> list[str]:
    """Return the lines of a file; a lone carriage return ends one too."""
    return _LINE_END.split(text)


def conversation_of_cues(
    pieces: Sequence[Piece], source: Source, options: ReadOptions, notify: Notice, *, language: str | None = None
) -> Record:
    """Return the conversation that subtitles are.

    Args:
        pieces: The lines of all cues, in the order of the file.
        source: Where they stand.
        options: Names given by the user; the trace.
        notify: Told of what was assumed about speakers.
        language: As the file names it.
    """
    names: dict[str, str | None] = {}
    segments: list[Segment] = []
    for piece, text, key, name in _said(pieces, options.folded_roles()):
        names[key] = name
        segments.append(Segment(key, text, piece.start_ms, piece.end_ms, None, piece.cue, piece.line))
    speakers = {key: Speaker(name=name_in(name) if name else None) for key, name in names.items()}
    if any(key.startswith(_TURN) for key in names):
        notify(f"{show_place(source)}: took each '>>' as a change between two speakers, for it names nobody")
    return record_of(Call(segments=segments, speakers=speakers, language=language), source, options, notify)


_TURN = "speaker "


def _said(pieces: Sequence[Piece], given: Mapping[str, Role]) -> Iterator[tuple[Piece, str, str, str | None]]:
    """Yield each piece with its words, the key of its speaker and the speaker's name."""
    labels = _labels_of(pieces, given)
    exchanged = _exchanges(pieces)
    key, name = NOBODY, None
    changes = 0
    for number, piece in enumerate(pieces):
        text = piece.text
        if number in exchanged and (dash := _DASH.match(text)) is not None:
            text = text[dash.end() :]
            key, name = NOBODY, None
        if piece.voice:
            key = name = piece.voice
        else:
            mark = _MARK.match(text)
            text = text[mark.end() :] if mark else text
            label, rest = _label(text[dash.end() :] if (dash := _DASH.match(text)) else text)
            if label is not None and label_again(label).key in labels:
                key = name = label.strip()
                text = rest
            elif mark and not labels:
                # Speakers without names: who is who is guessed from what they say.
                key, name = f"{_TURN}{changes % 2 + 1}", None
                changes += 1
        yield piece, text, key, name


def _exchanges(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the places of lines in cues of which several lines begin with a dash."""
    cues: dict[tuple[str | None, int | None, int | None], list[int]] = {}
    for number, piece in enumerate(pieces):
        if not piece.voice and _DASH.match(piece.text):
            cues.setdefault((piece.cue, piece.start_ms, piece.end_ms), []).append(number)
    return frozenset(number for lines in cues.values() if len(lines) >= _TWICE for number in lines)


def _labels_of(pieces: Sequence[Piece], given: Mapping[str, Role]) -> frozenset[str]:
    """Return, without case, the words before colons that are speakers."""
    found: Counter[str] = Counter()
    as_written: dict[str, str] = {}
    cues: dict[tuple[str | None, int | None], bool] = {}
    for piece in pieces:
        mark = _MARK.match(piece.text) or _DASH.match(piece.text)
        label, _ = _label(piece.text[mark.end() :] if mark else piece.text)
        if label is not None and not piece.voice:
            key = label_again(label).key
            found[key] += 1
            as_written.setdefault(key, label)
        cues.setdefault((piece.cue, piece.start_ms), label is not None and label_again(label).is_name)
    # Where every cue begins with a name, each of them is one, also who speaks once only.
    least = 1 if len(cues) >= _TWICE and all(cues.values()) else _TWICE
    return frozenset(key for key, count in found.items() if _is_speaker(as_written[key], count, given, least))


def _is_speaker(label: str, count: int, given: Mapping[str, Role], least: int) -> bool:
    parsed = parse_label(label)
    if label.casefold().strip() in given or fold(label) in given or parsed.is_sure:
        return True
    if parsed.is_field or not (parsed.is_name or parsed.role is not None):
        return False
    return count >= least or label.isupper()


def _label(text: str) -> tuple[str | None, str]:
    """Return what may be a label at the beginning of a text, and the text behind it."""
    bracketed = _BRACKETED.match(text) if "[" in text or "(" in text else None
    if bracketed is not None and (":" in bracketed.group() or parse_label(bracketed["label"]).is_sure):
        return bracketed["label"], text[bracketed.end() :]
    labelled = _LABELLED.match(text) if ":" in text else None
    return (labelled["label"], text[labelled.end() :]) if labelled is not None else (None, text)
