"""Plain-text transcripts: `Agent: …` or `[10:02] Jo (Support): …`, several lines a message.

A file holds one conversation, or several: a new one begins at a line of three or
more `-` or `=`, or at a heading, if a header or an utterance comes next;
`transcript_headings` says which lines head a conversation. A header (`Id: …`,
`Channel: …`, `Language: …`, other `Key: value` lines) may stand above the first
utterance. `transcript_lines` says which lines begin an utterance; all others belong to
the utterance above, so that no word is lost. With the channel `template` a file is
one reply, whatever its lines look like.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from convscan.conversation import Channel, Conversation, Role, Source, Utterance, Visibility
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record, show_place
from convscan.readers.description import Description, Family
from convscan.readers.opening import looks_binary, read_whole
from convscan.readers.role_guess import Speaker, Told, ask_for_roles, early_words, tell_guess, tell_roles
from convscan.readers.speakers import Label, fold, parse_label
from convscan.readers.text_encoding import decode_text
from convscan.readers.trace import Trace
from convscan.readers.transcript_lines import (
    HEADER_KEYS,
    ID_KEYS,
    Layout,
    Row,
    is_ruler,
    known_role,
    split_rows,
    tell_layout,
)

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_MOST_NAMES_SHOWN = 5
_CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}


_DESCRIPTION = Description(
    title="Plain-text transcript",
    family=Family.OWN,
    versions="text in which every utterance begins with its speaker and a colon, with or without times",
    reads=(
        (
            "several conversations a file, parted by a line of three or more `-` or `=`, or by a heading, that stands"
            " right above a header or a speaker"
        ),
        (
            "headings: `# ID`; `Conversation: ID`; Chat, Call, Case, Conversation, Dialogue, Interaction, Session,"
            " Ticket or Transcript with a number or id and marks (`## Chat 2`, `=== Call 2 ===`, `**Ticket A-17**`);"
            " the same without marks (`Conversation 2`), if the first of them heads the file, below a blank line or"
            " counting on"
        ),
        "headers (Id, Channel, Language, other `Key: value` lines)",
        "notes (`Note:`, `Internal note:`), as internal",
    ),
    ignores=("blank lines around utterances",),
    roles=(
        "--role, else the header (`Agent: Jo`), else the label (`Agent`, `Jo (Support)`), else how two speakers talk;"
        " with weak evidence it is an error that says which --role to give"
    ),
    example='convscan scan chat.txt --role "Jo=agent"',
)
# As Zendesk heads the transcript of a chat, with one name or several.
_SERVED_BY = "served by"
# As Intercom and tawk.to end an export; nobody said it.
_FOOTER = re.compile(
    r"\s*(?:exported from|(?:chat|conversation) ended|end of (?:the )?(?:chat|conversation|transcript))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TranscriptReader:
    """Reads text in which every utterance begins with its speaker."""

    name: str = "transcript"
    suffixes: tuple[str, ...] = (".txt", ".text", ".md")
    rank: int = 90
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as text with speakers, two of them or one of known role."""
        if looks_binary(head):
            return False
        text = decode_text(head).text
        rows = split_rows(text)
        layout = tell_layout(text, rows, {})
        labels = {row.label.key: row.label for row in rows if row.label and layout.begins_utterance(row)}
        return len(labels) > 1 or any(label.is_sure for label in labels.values())

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the file; see `Reader.read`."""
        content = read_whole(stream, limit_bytes=options.max_record_bytes)
        if looks_binary(content):
            raise TranscriptError("is no text; export the conversation as text in UTF-8")
        decoded = decode_text(content)
        if decoded.doubt is not None:
            notify(f"{show_place(Source(path))}: {decoded.doubt}; save it as UTF-8 to be sure")
        if options.channel is Channel.TEMPLATE:
            yield _template(decoded.text, path)
        else:
            yield from _read_text(decoded.text, path, options, notify)


def _template(text: str, path: str) -> Conversation:
    """Return a file as one reply that a template's owner wrote."""
    if not text.strip():
        raise TranscriptError("holds no words; a template is the text of one reply")
    utterance = Utterance(Role.AGENT, text)
    return Conversation("", (utterance,), channel=Channel.TEMPLATE, source=Source(path, 1))


@dataclass(frozen=True, slots=True)
class _Transcript:
    """A whole file, its lines and how it marks its utterances."""

    path: str
    text: str
    rows: Sequence[Row]
    layout: Layout

    def line(self, row: Row) -> str:
        """Return a line without its line break."""
        return _line_of(self.text, row)


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines of one conversation: those above its first utterance, and its utterances."""

    above: list[Row] = field(default_factory=list)
    parts: list[list[Row]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands above the first utterance.

    Attributes:
        cast: Names given for a role ("Customer: Ana Lopez"), without case.
    """

    id: str
    channel: Channel | None
    language: str | None
    metadata: Mapping[str, object]
    cast: Mapping[str, Role]


def _read_text(text: str, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
    rows = _without_footer(text, split_rows(text), options)
    layout = tell_layout(text, rows, options.folded_roles())
    if not any(layout.begins_utterance(row) for row in rows):
        raise TranscriptError(
            "has no speakers: put 'Agent:' or 'Customer:' before the first line of each message."
            ' If names stand there, say who they are: --role "NAME=agent" (or customer).'
            " If it is a reply template, read it with --channel template"
        )
    transcript = _Transcript(path, text, rows, layout)
    missed = [row for row in rows if layout.may_be_missed(row)]
    if missed:
        notify(_tell_missed(path, missed))
    for block in _blocks(transcript):
        ends = [_last_row(transcript, part) for part in block.parts[:-1]]
        glued = next((row for row in ends if row.number in layout.headings.doubtful), None)
        if glued is not None:
            notify(_tell_glued(transcript, glued))
        yield _conversation(transcript, block, options, notify)


def _without_footer(text: str, rows: Sequence[Row], options: ReadOptions) -> Sequence[Row]:
    """Return the lines without what the exporting program wrote below the last message."""
    last = next((index for index in range(len(rows) - 1, -1, -1) if _line_of(text, rows[index]).strip()), 0)
    if not rows or not _FOOTER.match(_line_of(text, rows[last])):
        return rows
    options.trace.left_out("closing line of the program that exported it")
    while last and (is_ruler(line := _line_of(text, rows[last - 1])) or not line.strip()):
        last -= 1
    return rows[:last]


def _line_of(text: str, row: Row) -> str:
    return text[row.start : row.end]


def _blocks(transcript: _Transcript) -> Iterator[_Block]:
    breaks = _breaks(transcript)
    layout = transcript.layout
    block = _Block()
    for row in transcript.rows:
        if row.number in breaks:
            # A ruler below a header does not end the conversation that has not begun.
            if block.parts:
                yield block
                block = _Block()
            block.above.append(row)
        elif layout.begins_utterance(row) or layout.is_event(row):
            block.parts.append([row])
        elif block.parts:
            block.parts[-1].append(row)
        else:
            block.above.append(row)
    if block.parts:
        yield block


def _breaks(transcript: _Transcript) -> frozenset[int]:
    """Return the numbers of lines that end a conversation.

    People draw lines in messages too; so what follows, but for headers and blank
    lines, must be an utterance, or for drawn lines the end of the file. Below a heading
    that counts on from one at the top other lines may stand before it.
    """
    layout = transcript.layout
    found: set[int] = set()
    leads_to, is_said_below = "end", False
    for row in reversed(transcript.rows):
        line = transcript.line(row)
        if is_ruler(line):
            found |= {row.number} if leads_to != "text" else set()
        elif row.number in layout.headings.ids:
            leads_to = "utterance" if row.number in layout.headings.counted and is_said_below else leads_to
            found |= {row.number} if leads_to == "utterance" else set()
        elif layout.begins_utterance(row) or layout.is_event(row):
            leads_to, is_said_below = "utterance", True
        elif leads_to != "text" and line.strip() and row.number not in layout.header:
            leads_to = "text"
    return frozenset(found)


def _conversation(transcript: _Transcript, block: _Block, options: ReadOptions, notify: Notice) -> Record:
    header = _read_header(transcript, block.above)
    source = Source(transcript.path, block.parts[0][0].number)
    speakers = _speakers_of(transcript, block, options.folded_roles().over(header.cast))
    cast = {item.key: item.role for item in speakers if item.role is not None}
    unknown = [item for item in speakers if item.role is None]
    told = tell_roles(speakers) if unknown else {}
    if unknown and not told:
        return bad_record(source, ask_for_roles([item.name for item in unknown]), record_id=header.id or None)
    if told:
        notify(tell_guess(source, {item.name: told[item.key] for item in unknown}))
    guessed = {key: item.role for key, item in told.items()}
    _trace(transcript, block, cast, told, options.trace)
    return Conversation(
        id=header.id,
        utterances=tuple(_utterance(transcript, part, {**cast, **guessed}) for part in block.parts),
        channel=header.channel,
        language=header.language,
        metadata=header.metadata,
        source=source,
    )


# -- roles -----------------------------------------------------------------------------------


def _speakers_of(transcript: _Transcript, block: _Block, roles: Mapping[str, Role]) -> list[Speaker]:
    """Return the speakers in the order in which they come in."""
    parts: dict[str, list[list[Row]]] = {}
    labels: dict[str, Label] = {}
    for part in block.parts:
        label = part[0].label
        if label is not None and transcript.layout.begins_utterance(part[0]):
            parts.setdefault(label.key, []).append(part)
            labels.setdefault(label.key, label)
    return [
        Speaker(
            key=key,
            name=label.text,
            role=known_role(label, roles),
            words=early_words(transcript.text[part[0].said : part[-1].end] for part in parts[key]),
            is_marked=transcript.layout.is_stamped or len(parts[key]) > 1,
        )
        for key, label in labels.items()
    ]


def _trace(
    transcript: _Transcript, block: _Block, cast: Mapping[str, Role], told: Mapping[str, Told], trace: Trace
) -> None:
    for part in block.parts:
        label = part[0].label
        if label is None or not transcript.layout.begins_utterance(part[0]):
            trace.told(Role.SYSTEM, "a time without a speaker")
        elif label.key in told:
            confidence = told[label.key].confidence
            measured = "unmeasured" if confidence is None else f"confidence {confidence:.2f}"
            trace.told(told[label.key].role, f"how they talk: {told[label.key].evidence} ({measured})")
        else:
            by = "the label" if cast[label.key] is label.role else "the header or --role"
            trace.told(cast[label.key], by)


def _tell_missed(path: str, rows: Sequence[Row]) -> str:
    names = dict.fromkeys(row.label.text for row in rows if row.label is not None)
    shown = ", ".join(repr(name) for name in list(names)[:_MOST_NAMES_SHOWN])
    more = ", …" if len(names) > _MOST_NAMES_SHOWN else ""
    return (
        f"{show_place(Source(path, rows[0].number))}: took {shown}{more} before a colon as words of the message;"
        f' if that is a speaker, say: --role "{next(iter(names))}=ROLE" (agent, customer, bot or system)'
    )


def _tell_glued(transcript: _Transcript, row: Row) -> str:
    return (
        f"{show_place(Source(transcript.path, row.number))}: took {transcript.line(row).strip()!r} as words of the"
        " message; if a conversation begins there, put a line of --- above it"
    )


# -- utterances and headers ------------------------------------------------------------------


def _utterance(transcript: _Transcript, part: Sequence[Row], cast: Mapping[str, Role]) -> Utterance:
    row = part[0]
    label = row.label if transcript.layout.begins_utterance(row) else None
    stamp = row.stamp or ""
    is_iso = _ISO_DATE.match(stamp) is not None
    return Utterance(
        role=Role.SYSTEM if label is None else cast[label.key],
        text=_words_of(transcript, part, row.after_stamp if label is None else row.said),
        author=None if label is None else label.name or None,
        timestamp=stamp if is_iso else None,
        visibility=Visibility.INTERNAL if label is not None and label.is_note else Visibility.PUBLIC,
        metadata={"time": stamp} if stamp and not is_iso else {},
    )


def _words_of(transcript: _Transcript, part: Sequence[Row], start: int) -> str:
    """Return what was said as it stands in the file, without blank lines behind it."""
    text = transcript.text
    last = _last_row(transcript, part)
    if last is not part[0] and not text[start : part[0].end].strip():
        start = next(row.start for row in part[1:] if transcript.line(row).strip())
    return text[start : last.end]


def _last_row(transcript: _Transcript, part: Sequence[Row]) -> Row:
    return next((row for row in reversed(part[1:]) if transcript.line(row).strip()), part[0])


def _read_header(transcript: _Transcript, rows: Sequence[Row]) -> _Header:
    fields: dict[str, str] = {}
    other: list[str] = []
    headings = transcript.layout.headings
    for row in rows:
        line = transcript.line(row).strip()
        if row.number in headings.ids:
            fields["id"] = headings.ids[row.number]
            other += [line] if row.number in headings.titled else []
        elif row.label is not None and row.stamp is None and row.label.key not in fields:
            fields[row.label.key] = transcript.text[row.said : row.end].strip()
        elif line and not is_ruler(line):
            other.append(line)
    return _header_from(fields, other)


def _header_from(fields: Mapping[str, str], other: Sequence[str]) -> _Header:
    channel = _CHANNELS.get(fields.get("channel", "").casefold())
    language = _LANGUAGE.fullmatch(fields.get("language", ""))
    used = {"channel"} if channel else set()
    used |= {"language"} if language else set()
    metadata: dict[str, object] = {k: v for k, v in fields.items() if k not in used | ID_KEYS}
    if other:
        metadata["preamble"] = "\n".join(other)
    return _Header(
        id=next((fields[key] for key in fields if key in ID_KEYS), ""),
        channel=channel,
        language=language["code"].lower() if language else None,
        metadata=metadata,
        cast=_cast_of(fields),
    )


def _cast_of(fields: Mapping[str, str]) -> dict[str, Role]:
    cast: dict[str, Role] = {}
    for key, value in fields.items():
        if key == _SERVED_BY:
            cast |= {fold(name): Role.AGENT for name in value.split(",") if name.strip()}
            continue
        role = None if key in HEADER_KEYS else parse_label(key).role
        if role is not None and value:
            cast[fold(value)] = role
    return cast


READER = TranscriptReader()
