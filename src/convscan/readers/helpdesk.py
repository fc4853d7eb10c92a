"""What the readers of helpdesk exports share: messages, who wrote them, and one conversation a case.

A reader of a platform says which objects are its own (`is_document`), gathers them into
cases (`cases`) and puts a case into messages (`thread`). Everything else is here: finding
the objects in whatever was exported, roles, order, errors that lose one case only.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import BinaryIO

from convscan.conversation import Channel, Conversation, Role, Source, Utterance, Visibility
from convscan.errors import TranscriptError
from convscan.readers import chronology
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record, show_place
from convscan.readers.description import Description
from convscan.readers.helpdesk_html import words_of_html
from convscan.readers.json_head import is_native, json_head, objects_in
from convscan.readers.json_values import Document, documents
from convscan.readers.opening import STREAM_FAILURES
from convscan.readers.role_guess import Speaker, Told, ask_for_roles, early_words, tell_guess, tell_roles
from convscan.readers.trace import Trace
from convscan.timestamps import as_iso

Fields = Mapping[str, object]

# A number above this counts milliseconds: in seconds it would be the year 5138.
_FIRST_MILLISECOND = 100_000_000_000
_EPOCH_END = 253_402_300_800  # the year 10000
_MOST_GUESSES_TOLD = 3
_NOBODY = "(no author)"
# A body in a field for HTML may still be plain text, whose line breaks count.
_MARKUP = re.compile(r"<[A-Za-z/!]|&(?:#\d|#[xX][0-9A-Fa-f]|[A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a case, before its role is settled.

    Attributes:
        role: What the platform says; None if it says nothing.
        evidence: By what it was told, for `Trace.told`.
        address: E-mail address of the author.
        sent: When, in ISO 8601.
    """

    text: str
    role: Role | None
    evidence: str
    author: str | None = None
    author_id: str | None = None
    address: str | None = None
    sent: str | None = None
    is_internal: bool = False
    metadata: Fields = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Tells authors apart."""
        return self.author_id or self.address or self.author or ""

    @property
    def name(self) -> str:
        """The author as `--role` takes it."""
        return self.author or self.address or self.author_id or _NOBODY


@dataclass(frozen=True, slots=True)
class Thread:
    """A case in messages, in the order of the source.

    Attributes:
        is_ordered: Whether the source says the order itself; else the times do.
    """

    messages: Sequence[Message]
    channel: Channel = Channel.TICKET
    metadata: Fields = field(default_factory=dict)
    language: str | None = None
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """What a platform holds of one case.

    Attributes:
        id: Empty if it has none.
        fields: The case itself; empty if only its messages were exported.
        messages: Its messages where they are not in `fields`, each as the platform has it.
        people: Accounts by id, as the platform has them.
    """

    id: str
    source: Source
    fields: Fields
    messages: Sequence[object] = ()
    people: Mapping[str, Fields] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskReader:
    """Reads the exports of one platform.

    Attributes:
        is_document: Tells the objects in which the platform's cases stand.
        cases: Gathers documents into cases; may wait for the end where parts of a case lie apart.
        thread: Puts a case into messages; raises `TranscriptError` if it cannot.
    """

    name: str
    description: Description
    is_document: Callable[[Fields], bool]
    cases: Callable[[Iterable[Document]], Iterator[Case]]
    thread: Callable[[Case, Trace], Thread]
    suffixes: tuple[str, ...] = ()
    rank: int = 20

    def recognises(self, head: bytes) -> bool:
        """Tell whether an object of this platform stands in how the file begins."""
        return stands_in(head, self.is_document)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the cases of the file as conversations; see `Reader.read`."""
        found = documents(stream, path, options, self.is_document)
        yield from read_cases(
            found, gather=self.cases, thread_of=self.thread, path=path, options=options, notify=notify
        )


def stands_in(head: bytes, is_document: Callable[[Fields], bool]) -> bool:
    """Tell whether an object of a platform stands in how a file begins; not in the metadata of our own format."""
    values = json_head(head)
    return not is_native(values) and any(is_document(item) for item in objects_in(values))


def read_cases(
    found: Iterable[Document | BadRecord],
    *,
    gather: Callable[[Iterable[Document]], Iterator[Case]],
    thread_of: Callable[[Case, Trace], Thread],
    path: str,
    options: ReadOptions,
    notify: Notice,
) -> Iterator[Record]:
    """Yield the conversations that stand in documents.

    Args:
        found: Documents, and bad records in the place of what could not be read.
        gather: Puts documents together into cases.
        thread_of: Puts a case into messages.
        path: The file as the user named it.
        options: What the user says of it.
        notify: Told of roles that were told from words, and of cases without messages.

    Raises:
        TranscriptError: What `found` fails with, after the cases before it.
    """
    intake = _Intake(found)
    guesses = _FewNotices(notify)
    wordless: list[str] = []
    for case in gather(intake):
        yield from intake.take_bad()
        record = _record(case, thread_of, options, guesses.take)
        if isinstance(record, Conversation) and not record.utterances:
            wordless.append(record.id)
        yield record
    yield from intake.take_bad()
    if wordless:
        notify(_tell_wordless(path, wordless))
    if guesses.count > _MOST_GUESSES_TOLD:
        more = guesses.count - _MOST_GUESSES_TOLD
        notify(f"{show_place(Source(path))}: roles of {more} more conversations were told from how they talk")
    intake.raise_failure()


def _record(case: Case, thread_of: Callable[[Case, Trace], Thread], options: ReadOptions, notify: Notice) -> Record:
    try:
        thread = thread_of(case, options.trace)
        thread = replace(thread, messages=list(_with_words(thread.messages, options.trace)))
        messages = _with_roles(_in_order(thread), case.source, options, notify)
    except TranscriptError as error:
        return bad_record(case.source, f"{case.id}: {error}" if case.id else str(error), record_id=case.id or None)
    return Conversation(
        id=case.id,
        utterances=tuple(_utterance(message) for message in messages),
        channel=thread.channel,
        language=thread.language,
        metadata=_present(thread.metadata),
        source=case.source,
    )


def _present(metadata: Fields) -> Fields:
    """Return what is known of a record: exports name many fields that are empty."""
    return {key: value for key, value in metadata.items() if value not in (None, "", [], {})}


@dataclass(slots=True)
class _FewNotices:
    """Passes the first notices on and counts the others: an export holds thousands of cases."""

    notify: Notice
    count: int = 0

    def take(self, message: str) -> None:
        """Pass a notice on, or count it only."""
        self.count += 1
        if self.count <= _MOST_GUESSES_TOLD:
            self.notify(message)


class _Intake:
    """The documents of a file; bad records and a failure half way are kept for later."""

    def __init__(self, found: Iterable[Document | BadRecord]) -> None:
        self._found = found
        self._bad: list[BadRecord] = []
        self._failure: Exception | None = None

    def __iter__(self) -> Iterator[Document]:
        try:
            for item in self._found:
                if isinstance(item, BadRecord):
                    self._bad.append(item)
                else:
                    yield item
        except (TranscriptError, *STREAM_FAILURES) as failure:
            # What was gathered before is good, and comes first.
            self._failure = failure

    def take_bad(self) -> list[BadRecord]:
        """Return the bad records since the last call."""
        bad, self._bad = self._bad, []
        return bad

    def raise_failure(self) -> None:
        """Raise what the file failed with."""
        if self._failure is not None:
            raise self._failure


# -- fields, whatever stands in them ---------------------------------------------------------


def first_object(value: object) -> Fields:
    """Return the first object of a list; an empty one if there is none."""
    items = value if isinstance(value, list) else []
    return next((item for item in items if isinstance(item, dict)), {})


def name_of(person: Fields, *keys: str) -> str | None:
    """Return a name from the parts in which it stands, first name first."""
    return " ".join(part for part in (word(person.get(key)) for key in keys) if part) or None


def fields_of(value: object) -> Fields:
    """Return an object; an empty one for null and whatever is no object."""
    return value if isinstance(value, dict) else {}


def word(value: object) -> str | None:
    """Return text that is not blank, without white space around it, else None."""
    return value.strip() or None if isinstance(value, str) else None


def ident(value: object) -> str:
    """Return an id, which may be a number or text; empty if there is none."""
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, int) else word(value) or ""


def objects(value: object, where: str, trace: Trace) -> list[Fields]:
    """Return a list of objects; null counts as none.

    Raises:
        TranscriptError: If it is no list, or an item is no object.
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise TranscriptError(f"{where}: expected a list, found {_show(value)}; export it again")
    found: list[Fields] = []
    for index, item in enumerate(value):
        if item is None:
            trace.left_out(f"null in the place of a message in {where}")
        elif isinstance(item, dict):
            found.append(item)
        else:
            raise TranscriptError(f"{where}[{index}]: expected an object, found {_show(item)}; export it again")
    return found


def is_objects(value: object, test: Callable[[Fields], bool]) -> bool:
    """Tell whether a value is a list whose first object passes a test."""
    items = value if isinstance(value, list) else []
    first = next((item for item in items if isinstance(item, dict)), None)
    return first is not None and test(first)


def moment(value: object) -> str | None:
    """Return a time: a number of seconds or milliseconds as ISO 8601 in UTC, other text as it stands."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return as_iso(word(value) or "") or None
    seconds = value / 1000 if value >= _FIRST_MILLISECOND else value
    if not 0 < seconds < _EPOCH_END:
        return None
    whole = datetime.fromtimestamp(seconds, UTC)
    return whole.isoformat(timespec="auto" if whole.microsecond else "seconds").replace("+00:00", "Z")


def body_text(fields: Fields, plain: Iterable[str], html: Iterable[str]) -> str:
    """Return the words of a message: plain text if there is some, else those of its HTML.

    Raises:
        TranscriptError: If a body is neither text nor null.
    """
    for key in plain:
        if text := _body(fields, key):
            return text
    for key in html:
        if text := _body(fields, key):
            return words_of_html(text) if _MARKUP.search(text) else text
    return ""


def _body(fields: Fields, key: str) -> str:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise TranscriptError(f"{key}: expected text, found {_show(value)}; export it again")
    return value if value and value.strip() else ""


def attachments_of(fields: Fields, key: str, name_keys: Iterable[str], trace: Trace) -> list[str]:
    """Return the names of attached files; their content is never read."""
    items = fields.get(key)
    files = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    if files:
        trace.left_out("attachment: no text", count=len(files))
    keys = tuple(name_keys)
    return [next((name for name in (word(file.get(k)) for k in keys) if name), "attachment") for file in files]


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:40]}…"  # noqa: PLR2004 - enough to find it again


# -- order and roles -------------------------------------------------------------------------


def _in_order(thread: Thread) -> list[Message]:
    """Return the messages of a case as they were sent."""
    return list(thread.messages) if thread.is_ordered else in_order(thread.messages)


def in_order(messages: Iterable[Message]) -> list[Message]:
    """Return messages as they were sent."""
    return chronology.in_order(messages, lambda message: message.sent)


def _with_words(messages: Iterable[Message], trace: Trace) -> Iterator[Message]:
    """Yield the messages that say something or bring a file."""
    for message in messages:
        if message.text.strip() or message.metadata.get("attachments"):
            yield message
        else:
            trace.left_out("message without words")


def _with_roles(messages: Sequence[Message], source: Source, options: ReadOptions, notify: Notice) -> list[Message]:
    """Return the messages, each with a role.

    What the user says goes first, then the platform, then other messages of the same
    author, then how the unknown ones talk.

    Raises:
        TranscriptError: If nothing tells the role of somebody; names the option to set.
    """
    said = options.folded_roles()
    settled = [_as_said(message, said) for message in messages]
    by_author = {message.key: message.role for message in settled if message.key and message.role in _PEOPLE}
    settled = [
        replace(message, role=by_author[message.key], evidence="the same author elsewhere in the case")
        if message.role is None and message.key in by_author
        else message
        for message in settled
    ]
    speakers = _speakers(settled)
    unknown = {speaker.key: speaker.name for speaker in speakers if speaker.role is None}
    told = tell_roles(speakers) if unknown and "" not in unknown else {}
    if unknown and not told:
        raise TranscriptError(_explain_unknown(unknown))
    if told:
        notify(tell_guess(source, {name: told[key] for key, name in unknown.items()}))
    settled = [_as_told(message, told) for message in settled]
    for message in settled:
        options.trace.told(message.role or Role.SYSTEM, message.evidence)
    return settled


_PEOPLE = frozenset({Role.AGENT, Role.CUSTOMER, Role.BOT})


def _as_said(message: Message, said: Mapping[str, Role]) -> Message:
    """Return the message with the role that the user gave its author, by name, id, address or `@domain`."""
    names = [name.casefold() for name in (message.author, message.author_id, message.address) if name]
    if message.address and "@" in message.address:
        names.append("@" + message.address.casefold().rpartition("@")[2])
    found = next((said[name] for name in names if name in said), None)
    return message if found is None else replace(message, role=found, evidence="--role")


def _as_told(message: Message, told: Mapping[str, Told]) -> Message:
    if message.role is not None or message.key not in told:
        return message
    found = told[message.key]
    measured = "unmeasured" if found.confidence is None else f"confidence {found.confidence:.2f}"
    return replace(message, role=found.role, evidence=f"how they talk: {found.evidence} ({measured})")


def _speakers(messages: Iterable[Message]) -> list[Speaker]:
    parts: dict[str, list[Message]] = {}
    for message in messages:
        if message.role not in {Role.BOT, Role.SYSTEM}:
            parts.setdefault(message.key, []).append(message)
    return [
        Speaker(key, said[0].name, said[0].role, early_words(message.text for message in said))
        for key, said in parts.items()
    ]


def _explain_unknown(unknown: Mapping[str, str]) -> str:
    if "" in unknown:
        return "a message has no author, so nobody can tell whether agent or customer wrote it; export it with authors"
    return ask_for_roles(list(unknown.values()))


def _utterance(message: Message) -> Utterance:
    return Utterance(
        role=message.role or Role.SYSTEM,
        text=message.text,
        author=message.author,
        author_id=message.author_id,
        timestamp=message.sent,
        visibility=Visibility.INTERNAL if message.is_internal else Visibility.PUBLIC,
        metadata=_present(message.metadata),
    )


def _tell_wordless(path: str, ids: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in ids[:5]) + (", …" if len(ids) > 5 else "")  # noqa: PLR2004 - a line
    return (
        f"{show_place(Source(path))}: no message in {shown}: some lists of cases come without texts;"
        " export the cases with their messages"
    )
