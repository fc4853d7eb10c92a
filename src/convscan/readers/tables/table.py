"""From the rows of a table, whatever file it stands in, to conversations."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record, show_place
from convscan.readers.chronology import in_order
from convscan.readers.formats.transcript import READER as TRANSCRIPT
from convscan.readers.speakers import parse_label
from convscan.readers.tables.columns import Columns, Field, Shape, find_columns
from convscan.readers.tables.csv_rows import AnyRow, BadRow, Row
from convscan.readers.tables.grouping import Group, Piece, grouped
from convscan.readers.tables.messages import Caster, Message, role_of_word
from convscan.readers.tables.row_faults import RowFaults, ragged
from convscan.timestamps import as_iso

_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})
_LANGUAGE = re.compile(r"(?P<code>[a-z]{2})(?:[-_][a-z0-9]{2,8})*", re.IGNORECASE)
_CHANNELS: Mapping[str, Channel] = {
    **{channel.value: channel for channel in Channel},
    **dict.fromkeys(("livechat", "webchat", "messaging", "messenger", "whatsapp", "sms", "web"), Channel.CHAT),
    **dict.fromkeys(("mail", "e-mail"), Channel.EMAIL),
    **dict.fromkeys(("phone", "voice", "telephone"), Channel.CALL),
    **dict.fromkeys(("twitter", "facebook", "instagram", "review", "reviews"), Channel.SOCIAL),
}
_NO_TEXT = "row without text"


def read_table(
    header: Sequence[str], rows: Iterable[AnyRow], path: str, options: ReadOptions, notify: Notice
) -> Iterator[Record]:
    """Yield the conversations of a table.

    Args:
        header: Names of the columns.
        rows: All that stands below.
        path: The table as it is shown to the user.
        options: What the user says about the files; `columns` counts here.
        notify: Told what was guessed or left out.

    Raises:
        TranscriptError: If it cannot be told what the columns hold.
    """
    columns = find_columns(header, options.columns)
    if columns.guessed:
        notify(_tell_columns(path, columns))
    table = _Table(path, columns, options, notify, Caster(options, notify))
    yield from _READ[columns.shape](table, _whole_rows(table, rows))
    if table.empty:
        notify(f"{show_place(Source(path))}: rows without text, left out: {table.empty:,}")


@dataclass(slots=True)
class _Table:
    """What is needed to read a row.

    Attributes:
        empty: Rows without text so far.
    """

    path: str
    columns: Columns
    options: ReadOptions
    notify: Notice
    caster: Caster
    empty: int = field(default=0)

    def source(self, row: Row) -> Source:
        """Return where a row stands."""
        return Source(self.path, row.line)

    def value(self, name: Field, row: Row) -> str:
        """Return what a row holds of a field, without white space around it."""
        return self.columns.value(name, row.cells).strip()

    def leave_out(self) -> None:
        """Count a row that says nothing."""
        self.empty += 1
        self.options.trace.left_out(_NO_TEXT)


def _tell_columns(path: str, columns: Columns) -> str:
    taken = ", ".join(f"{name.value}={columns.name(name)}" for name in columns.guessed)
    first = columns.guessed[0]
    return (
        f"{show_place(Source(path))}: {columns.shape.value}; took the columns {taken};"
        f" if that is wrong, say: --column {first.value}=NAME"
    )


def _whole_rows(table: _Table, rows: Iterable[AnyRow]) -> Iterator[Row | BadRecord]:
    """Yield rows as wide as the header; a wider one may have empty cells at its end."""
    width = len(table.columns.header)
    faults = RowFaults(table.path)
    for row in rows:
        if isinstance(row, BadRow):
            yield from faults.report(row)
        elif len(row.cells) == width:
            yield row
        elif len(row.cells) > width and not any(cell.strip() for cell in row.cells[width:]):
            yield Row(row.line, row.cells[:width])
        else:
            yield from faults.report(ragged(row, width))
        if faults.gave_up:
            break
    yield from faults.rest()


# -- one row an utterance --------------------------------------------------------------------


def _read_utterances(table: _Table, rows: Iterable[Row | BadRecord]) -> Iterator[Record]:
    has_ids = Field.CONVERSATION in table.columns.at
    if not has_ids:
        table.notify(
            f"{show_place(Source(table.path))}: no column tells conversations apart, so all rows are one;"
            " if there are several, say: --column conversation=NAME"
        )
    by = f"column {table.columns.name(Field.CONVERSATION)!r}" if has_ids else "conversation"
    groups = grouped(
        _pieces(table, rows, has_ids=has_ids),
        path=table.path,
        by=by,
        limit_bytes=table.options.max_record_bytes,
        notify=table.notify,
    )
    for group in groups:
        yield group if isinstance(group, BadRecord) else _conversation(table, group)


def _pieces(table: _Table, rows: Iterable[Row | BadRecord], *, has_ids: bool) -> Iterator[Piece[Row] | BadRecord]:
    for row in rows:
        if isinstance(row, BadRecord):
            yield row
        elif not table.value(Field.TEXT, row):
            table.leave_out()
        elif has_ids and not table.value(Field.CONVERSATION, row):
            column = table.columns.name(Field.CONVERSATION)
            yield bad_record(table.source(row), f"has nothing in column {column!r}, which tells its conversation")
        else:
            size_bytes = sum(map(len, row.cells))
            yield Piece(table.value(Field.CONVERSATION, row), row.line, row, size_bytes)


def _conversation(table: _Table, group: Group[Row]) -> Record:
    source = Source(table.path, group.line)
    messages = in_order([_message(table, row) for row in group.values], lambda message: message.timestamp)
    try:
        utterances = table.caster.cast(messages, source)
    except TranscriptError as error:
        return bad_record(source, str(error), record_id=group.key or None)
    about = _about(table, group.values)
    return Conversation(group.key, utterances, about.channel, about.language, about.metadata, source)


def _message(table: _Table, row: Row) -> Message:
    columns = table.columns
    written = table.value(Field.ROLE, row)
    speaker = table.value(Field.AUTHOR, row)
    label = parse_label(written or speaker)
    role, evidence = _role(table, row)
    name = parse_label(speaker).name if speaker else ""
    return Message(
        text=columns.value(Field.TEXT, row.cells),
        role=role,
        evidence=evidence,
        label=written or ("" if name else speaker),
        author=name or None,
        author_id=table.value(Field.AUTHOR_ID, row) or None,
        timestamp=as_iso(table.value(Field.TIMESTAMP, row)) or None,
        is_internal=label.is_note or _is_internal(table, row),
        metadata=columns.others(row.cells),
    )


def _role(table: _Table, row: Row) -> tuple[Role | None, str]:
    """Return what the row itself says its speaker is, and where it says so."""
    columns = table.columns
    for name in (Field.ROLE, Field.IS_AGENT, Field.IS_CUSTOMER, Field.AUTHOR):
        value = table.value(name, row)
        role = _FLAGS[name].get(_truth(value)) if name in _FLAGS else role_of_word(value) if value else None
        if role is not None:
            return role, f"column {columns.name(name)!r}"
    return None, ""


_FLAGS: Mapping[Field, Mapping[bool | None, Role]] = {
    Field.IS_AGENT: {True: Role.AGENT, False: Role.CUSTOMER},
    Field.IS_CUSTOMER: {True: Role.CUSTOMER, False: Role.AGENT},
}


def _truth(value: str) -> bool | None:
    word = value.casefold()
    return True if word in _TRUE else False if word in _FALSE else None


def _is_internal(table: _Table, row: Row) -> bool:
    return (
        _truth(table.value(Field.IS_INTERNAL, row)) is True
        or table.value(Field.IS_INTERNAL, row).casefold() in {"internal", "private"}
        or _truth(table.value(Field.IS_PUBLIC, row)) is False
    )


# -- one row a conversation ------------------------------------------------------------------


def _read_transcripts(table: _Table, rows: Iterable[Row | BadRecord]) -> Iterator[Record]:
    for row in rows:
        if isinstance(row, BadRecord):
            yield row
        elif not table.value(Field.TRANSCRIPT, row):
            table.leave_out()
        else:
            yield from _transcript(table, row)


def _transcript(table: _Table, row: Row) -> Iterator[Record]:
    """Yield the conversation in a cell; its messages name the line of the row and the line in the cell."""
    text = table.columns.value(Field.TRANSCRIPT, row.cells)
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    place = str(table.source(row))
    written_id = table.value(Field.CONVERSATION, row)
    about = _about(table, (row,))
    try:
        for record in TRANSCRIPT.read(stream, place, table.options, table.notify):
            if isinstance(record, BadRecord):
                yield replace(record, source=table.source(row), id=written_id or record.id)
                continue
            yield replace(
                record,
                id=written_id or record.id,
                channel=record.channel or about.channel,
                language=record.language or about.language,
                metadata={**record.metadata, **table.columns.others(row.cells), **about.metadata},
                source=table.source(row),
            )
    except TranscriptError as error:
        yield bad_record(table.source(row), str(error), record_id=written_id or None)


# -- one row a message and its reply ---------------------------------------------------------


def _read_replies(table: _Table, rows: Iterable[Row | BadRecord]) -> Iterator[Record]:
    for row in rows:
        if isinstance(row, BadRecord):
            yield row
            continue
        utterances = tuple(_both(table, row))
        if not utterances:
            table.leave_out()
            continue
        about = _about(table, (row,))
        metadata = {**table.columns.others(row.cells), **about.metadata}
        written_id = table.value(Field.CONVERSATION, row)
        yield Conversation(written_id, utterances, about.channel, about.language, metadata, table.source(row))


def _both(table: _Table, row: Row) -> Iterator[Utterance]:
    for name, role, author in (
        (Field.CUSTOMER, Role.CUSTOMER, Field.AUTHOR),
        (Field.AGENT, Role.AGENT, Field.AGENT_NAME),
    ):
        if table.value(name, row):
            table.options.trace.told(role, f"column {table.columns.name(name)!r}")
            timestamp = table.value(Field.TIMESTAMP, row) if role is Role.CUSTOMER else ""
            yield Utterance(
                role=role,
                text=table.columns.value(name, row.cells),
                author=table.value(author, row) or None,
                timestamp=timestamp or None,
            )


# -- what a table says of a conversation -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class _About:
    """Channel and language of a conversation.

    Attributes:
        metadata: What stands in their columns and is neither.
    """

    channel: Channel | None
    language: str | None
    metadata: Mapping[str, object]


def _about(table: _Table, rows: Sequence[Row]) -> _About:
    written = next((value for row in rows if (value := table.value(Field.CHANNEL, row))), "")
    language = next((value for row in rows if (value := table.value(Field.LANGUAGE, row))), "")
    channel = _CHANNELS.get(written.casefold().replace(" ", ""))
    code = _LANGUAGE.fullmatch(language)
    metadata: dict[str, object] = {}
    if written and channel is None:
        metadata["channel"] = written
    if language and code is None:
        metadata["language"] = language
    return _About(channel, code["code"].lower() if code else None, metadata)


_READ = {
    Shape.UTTERANCES: _read_utterances,
    Shape.TRANSCRIPTS: _read_transcripts,
    Shape.REPLIES: _read_replies,
}
