"""Customer Support on Twitter: a CSV of tweets, joined to conversations by what replies to what.

The published file has 2.8 million tweets in 500 MB, and an answer may stand before what
it answers. So the file is read twice: first the ids, times and places of all tweets (some
80 bytes each are held), then the texts, one conversation at a time. A file that cannot be
read twice, such as standard input, is held as a whole, up to a limit.
"""

import hashlib
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record, show_place, show_size
from convscan.readers.description import Description, Family
from convscan.readers.opening import read_lines
from convscan.readers.tables.csv_rows import BadRow, Dialect, Row, TextLine, parse_rows
from convscan.readers.tables.grouping import MAX_HELD_BYTES
from convscan.readers.tables.row_faults import RowFaults, ragged
from convscan.readers.tables.threads import Threads, threads_of
from convscan.readers.text_encoding import decode_text
from convscan.timestamps import read_moment

if TYPE_CHECKING:
    import numpy as np

_DESCRIPTION = Description(
    title="Customer Support on Twitter",
    family=Family.RESEARCH,
    versions="the published CSV (`tweet_id`, `author_id`, `inbound`, `created_at`, `text`, …), and cuts of it",
    reads=(
        "`in_response_to_tweet_id` and `response_tweet_id`: tweets joined to threads, in either direction",
        "a thread is one conversation for each customer in it, in the order of time",
        "answers to a tweet that is not in the file belong together",
        "`&amp;`, `&lt;` and `&gt;` as the characters they stand for",
    ),
    ignores=("tweets without text",),
    roles="--role AUTHOR=ROLE, else `inbound`: true is a customer, false an agent",
    example="convscan scan twcs.csv",
)
_COLUMNS = ("tweet_id", "author_id", "inbound", "created_at", "text", "in_response_to_tweet_id")
_RESPONSES = "response_tweet_id"
_DIALECT = Dialect(",")
_CREATED = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d) (?P<time>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{4}) (?P<year>\d{4})"
)
# calendar.month_abbr would be in the language of the machine.
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: f"{number:02}" for number, name in enumerate(_MONTH_NAMES, start=1)}
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_NONE = -1
# Python's own part of a held row.
_OBJECT_BYTES = 300
_INT64 = range(2**63)


@dataclass(frozen=True, slots=True)
class TwitterReader:
    """Reads tweets and joins them."""

    name: str = "twitter"
    suffixes: tuple[str, ...] = ()
    rank: int = 20
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins with the header of this table."""
        names = head.partition(b"\n")[0].decode("utf-8", "replace").strip().replace('"', "").split(",")
        return set(_COLUMNS) <= {name.strip() for name in names}

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations by the place of their first tweets; see `Reader.read`."""
        tweets = _Tweets(path, options, stream)
        yield from tweets.gather()
        threads = threads_of(
            ids=tweets.ids,
            parents=tweets.parents,
            edges=(tweets.edge_from, tweets.edge_to),
            times=tweets.times,
            starters=tweets.inbound,
            people=tweets.authors,
        )
        _tell(path, threads, notify)
        for index in threads.doubles:
            what = f"tweet {tweets.ids[index]} stands twice; the first one counts"
            yield bad_record(Source(path, tweets.lines[index]), what, record_id=str(tweets.ids[index]))
        for members in threads.groups():
            yield tweets.conversation(members)


def _tell(path: str, threads: Threads, notify: Notice) -> None:
    place = show_place(Source(path))
    if threads.missing:
        notify(f"{place}: {threads.missing:,} tweets that are answered are not in the file; their threads begin below")
    if threads.circles:
        notify(f"{place}: {threads.circles:,} threads lead back to themselves; each begins at its first tweet")


@dataclass(slots=True)
class _Tweets:
    """The tweets of a file: numbers of all, texts on demand."""

    path: str
    options: ReadOptions
    stream: BinaryIO
    at: dict[str, int] = field(default_factory=dict)
    width: int = 0
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    parents: "array[int]" = field(default_factory=lambda: array("q"))
    edge_from: "array[int]" = field(default_factory=lambda: array("q"))
    edge_to: "array[int]" = field(default_factory=lambda: array("q"))
    times: "array[int]" = field(default_factory=lambda: array("q"))
    inbound: "array[int]" = field(default_factory=lambda: array("b"))
    authors: "array[int]" = field(default_factory=lambda: array("q"))
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    held: list[Row] | None = None
    held_bytes: int = 0
    roles: Mapping[str, Role] = field(init=False)

    def __post_init__(self) -> None:
        self.roles = self.options.folded_roles()

    def gather(self) -> Iterator[Record]:
        """Read the file once; yield what is wrong with it."""
        if not self.stream.seekable():
            self.held = []
        places: dict[int, int] = {}
        rows = parse_rows(self._lines(places), _DIALECT, limit_chars=self.options.max_record_bytes)
        header = next(rows, None)
        if not isinstance(header, Row) or not set(_COLUMNS) <= {cell.strip() for cell in header.cells}:
            raise TranscriptError(f"has no header with the columns {', '.join(_COLUMNS)}")
        self.at = {cell.strip(): index for index, cell in enumerate(header.cells)}
        self.width = len(header.cells)
        faults = RowFaults(self.path)
        for row in rows:
            while (line := next(iter(places))) < row.line:
                del places[line]
            fault = row if isinstance(row, BadRow) else self._take(row, places[row.line])
            if fault is not None:
                yield from faults.report(fault)
                if faults.gave_up:
                    break
        yield from faults.rest()

    def _lines(self, places: dict[int, int]) -> Iterator[TextLine]:
        """Yield the lines; put down where each begins."""
        can_seek = self.stream.seekable()
        start = self.stream.tell() if can_seek else 0
        for line in read_lines(self.stream, limit_bytes=self.options.max_record_bytes):
            places[line.number] = start
            start = self.stream.tell() if can_seek else 0
            yield TextLine(line.number, None if line.content is None else decode_text(line.content).text)

    def _take(self, row: Row, offset: int) -> BadRow | None:
        """Put down the numbers of a tweet; return what is wrong with it."""
        if len(row.cells) != self.width:
            return ragged(row, self.width)
        tweet = _number(self._cell(row, "tweet_id"))
        if tweet is None:
            return BadRow(row.line, f"tweet_id: expected a whole number, found {self._cell(row, 'tweet_id')!r}")
        inbound = self._cell(row, "inbound").casefold()
        if inbound not in {"true", "false", "1", "0"}:
            return BadRow(row.line, f"inbound: expected True or False, found {self._cell(row, 'inbound')!r}")
        if not self._cell(row, "text"):
            self.options.trace.left_out("tweet without text")
            return None
        self.ids.append(tweet)
        self.parents.append(_number(self._cell(row, "in_response_to_tweet_id")) or _NONE)
        self.times.append(_seconds(self._cell(row, "created_at")))
        self.inbound.append(inbound in {"true", "1"})
        self.authors.append(_person(self._cell(row, "author_id")))
        self.lines.append(row.line)
        self.offsets.append(offset)
        for written in self._cell(row, _RESPONSES).split(","):
            if (answer := _number(written)) is not None:
                self.edge_from.append(tweet)
                self.edge_to.append(answer)
        self._hold(row)
        return None

    def _hold(self, row: Row) -> None:
        if self.held is None:
            return
        self.held.append(row)
        self.held_bytes += sum(map(len, row.cells)) + _OBJECT_BYTES
        if self.held_bytes > MAX_HELD_BYTES:
            raise TranscriptError(
                f"needs more than {show_size(MAX_HELD_BYTES)} when it is not read from a plain file;"
                " unpack it, and name it itself"
            )

    def _cell(self, row: Row, name: str) -> str:
        index = self.at.get(name)
        return "" if index is None else row.cells[index].strip()

    def conversation(self, members: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Record:
        """Return the conversation of these tweets, given in their order."""
        indices = [int(index) for index in members]
        source = Source(self.path, min(self.lines[index] for index in indices))
        found = str(self.ids[indices[0]])
        utterances: list[Utterance] = []
        size = 0
        for index in indices:
            row = self._row(index)
            size += sum(map(len, row.cells))
            if size > self.options.max_record_bytes:
                what = f"thread {found} is larger than {show_size(self.options.max_record_bytes)}; split it"
                return bad_record(source, what, record_id=found)
            utterances.append(self._utterance(index, row))
        return Conversation(found, tuple(utterances), Channel.SOCIAL, source=source)

    def _row(self, index: int) -> Row:
        if self.held is not None:
            return self.held[index]
        self.stream.seek(self.offsets[index])
        row = next(parse_rows(self._lines({}), _DIALECT, limit_chars=self.options.max_record_bytes), None)
        if not isinstance(row, Row) or len(row.cells) != self.width:
            raise TranscriptError("changed while it was read; read it again")
        return row

    def _utterance(self, index: int, row: Row) -> Utterance:
        author = self._cell(row, "author_id") or None
        said = self.roles.get((author or "").casefold())
        role = said or (Role.CUSTOMER if self.inbound[index] else Role.AGENT)
        self.options.trace.told(role, "--role" if said else "inbound")
        text = row.cells[self.at["text"]]
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
        seconds = self.times[index]
        written = self._cell(row, "created_at")
        return Utterance(
            role=role,
            text=text,
            author=author,
            author_id=author,
            timestamp=written or None if seconds == _NONE else _iso(seconds),
            metadata={"tweet_id": str(self.ids[index])},
        )


def _number(written: str) -> int | None:
    """Return an id; tables that had gaps write whole numbers as `12.0`."""
    digits = written.strip().removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(_INT64[-1])):
        return None
    number = int(digits)
    return number if number in _INT64 else None


def _seconds(written: str) -> int:
    match = _CREATED.fullmatch(written)
    if match is not None:
        month = _MONTHS.get(match["month"], "00")
        written = f"{match['year']}-{month}-{match['day']}T{match['time']}{match['zone']}"
    found = read_moment(written)
    if found is None:
        return _NONE
    seconds = int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    return seconds if seconds >= 0 else _NONE


def _iso(seconds: int) -> str | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return None


def _person(author: str) -> int:
    """Return a number for an author; never that of nobody, which is 0."""
    return 1 + int.from_bytes(hashlib.blake2b(author.encode("utf-8", "surrogatepass"), digest_size=7).digest())


READER = TwitterReader()
