"""Files of any shape, read by a mapping from the user's settings: where what stands."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import BinaryIO

from convscan.config import MappingSettings, Markup
from convscan.conversation import Channel, Role, Source
from convscan.errors import ConfigError, TranscriptError
from convscan.path_expressions import find
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record
from convscan.readers.description import Description, Family
from convscan.readers.formats.parquet import MAGIC as PARQUET_MAGIC
from convscan.readers.formats.parquet import parquet_documents
from convscan.readers.helpdesk import Case, Message, Thread, ident, moment, read_cases, word
from convscan.readers.helpdesk_html import looks_like_html, words_of_html
from convscan.readers.json_text import first_lines, opens_json
from convscan.readers.json_values import Document, whole_documents
from convscan.readers.opening import open_input
from convscan.readers.speakers import parse_label
from convscan.readers.tables.documents import table_documents
from convscan.readers.trace import Trace

# What `--from` calls a mapping of the settings: this and its name.
PREFIX = "mapping:"

DESCRIPTION = Description(
    title="Any JSON, JSON Lines, CSV or Parquet, by a mapping",
    family=Family.GENERIC,
    versions="one `[tool.convscan.mapping.NAME]` in the settings for each shape of file",
    reads=(
        "`conversations`, `utterances`: JSONPaths of both; without `utterances`, what has the same `id` is one",
        "`id`, `text`, `role`, `author`, `author_id`, `timestamp`, `subject`, `language`, `channel`: where they stand",
        "`visibility`, `internal` or `public`: which utterances the customer did not see",
        "of CSV and Parquet, names of columns in the place of paths",
    ),
    ignores=("everything that no path names",),
    roles="`role` through `role_map`, in any case; without a map the words agent, customer and the like;"
    " without `role` by how they talk, and with weak evidence an error that names --role",
    example="convscan scan export.json --from mapping:ours",
)

_READ = "(a conversation)"
_HIDDEN = frozenset({"internal", "private", "note", "hidden", "true", "1", "yes"})
_SHOWN = frozenset({"false", "0", "no"})


@dataclass(frozen=True, slots=True)
class MappingReader:
    """Reads files as one mapping of the settings says."""

    name: str
    settings: MappingSettings
    suffixes: tuple[str, ...] = ()
    rank: int = 100
    description: Description = DESCRIPTION

    def recognises(self, _head: bytes) -> bool:
        """Tell that no file is known by itself: a mapping is chosen by name."""
        return False

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations that the paths find; see `Reader.read`."""
        opened = open_input(stream)
        found: Iterable[Document | BadRecord]
        if opens_json(first_lines(opened.head)):
            found = whole_documents(opened.stream, path, options)
        elif opened.head.startswith(PARQUET_MAGIC):
            found = parquet_documents(opened.stream, path, options)
        else:
            found = table_documents(opened.stream, path, options, notify)
        walk = _Walk(self.name.removeprefix(PREFIX), self.settings, options.folded_roles())
        yield from read_cases(
            found, gather=walk.cases, thread_of=walk.thread, path=path, options=options, notify=notify
        )
        walk.check()


@dataclass(frozen=True, slots=True)
class _Walk:
    """One file on its way through the paths.

    Attributes:
        hits: How often each path found something.
    """

    name: str
    settings: MappingSettings
    roles: Mapping[str, Role]
    hits: Counter[str] = field(default_factory=Counter)

    def cases(self, documents: Iterable[Document]) -> Iterator[Case]:
        """Yield the conversations in the documents; those whose utterances lie apart come last."""
        loose: dict[str, tuple[Source, list[object]]] = {}
        try:
            for document in documents:
                for source, item in self._conversations(document):
                    key = ident(self._first("id", item))
                    if self.settings.utterances is None:
                        loose.setdefault(key, (source, []))[1].append(item)
                    else:
                        yield Case(key, source, {"": item})
        except ConfigError as error:
            raise TranscriptError(str(error)) from None
        for key, (source, items) in loose.items():
            yield Case(key, source, {"": items[0]}, items)

    def _conversations(self, document: Document) -> Iterator[tuple[Source, object]]:
        path = self.settings.conversations
        if path is None:
            yield document.source, document.value
            return
        # Items of the list that a file is come one by one.
        path = "$" + path.removeprefix("$").removeprefix("[*]") if path.removeprefix("$").startswith("[*]") else path
        for found in find(document.value, path, self._where("conversations")):
            self.hits["conversations"] += 1
            yield _place(document, found.parts), found.value

    def thread(self, case: Case, _trace: Trace) -> Thread:
        """Put a conversation into messages.

        Raises:
            TranscriptError: If a path finds nothing in it that it cannot do without.
        """
        try:
            return self._thread(case)
        except ConfigError as error:
            raise TranscriptError(str(error)) from None

    def _thread(self, case: Case) -> Thread:
        conversation = case.fields[""]
        utterances = list(case.messages)
        if self.settings.utterances is not None:
            utterances = [
                found.value for found in find(conversation, self.settings.utterances, self._where("utterances"))
            ]
            self._need("utterances", bool(utterances))
        messages = [self._message(utterance, index) for index, utterance in enumerate(utterances)]
        self._need("text", any(message.text for message in messages))
        self.hits[_READ] += 1
        channel = (
            self._first("channel", conversation) if self.settings.channel not in set(Channel) else self.settings.channel
        )
        return Thread(
            messages,
            _CHANNELS.get(str(channel).casefold(), Channel.TICKET) if channel is not None else Channel.TICKET,
            {"subject": word(self._first("subject", conversation))},
            language=word(self._first("language", conversation)),
        )

    def _message(self, utterance: object, index: int) -> Message:
        text = self._first("text", utterance)
        said = self._first("role", utterance)
        return Message(
            text=self._words(text, index),
            role=None if said in (None, "") else self._role(said, index),
            evidence=f"{self.settings.role} is {said}" if said not in (None, "") else "",
            author=_name(self._first("author", utterance)),
            author_id=_name(self._first("author_id", utterance)),
            sent=moment(self._first("timestamp", utterance)),
            is_internal=self._is_internal(utterance),
        )

    def _words(self, text: object, index: int) -> str:
        if text is None:
            return ""
        if not isinstance(text, str):
            raise TranscriptError(
                f"utterance {index}: {self._show('text')} finds {type(text).__name__}, not text; mend it"
            )
        is_html = looks_like_html(text) if self.settings.markup is None else self.settings.markup is Markup.HTML
        return words_of_html(text) if is_html else text

    def _role(self, said: object, index: int) -> Role:
        spoken = str(said).casefold().strip()
        mapped = {name.casefold().strip(): role for name, role in self.settings.role_map.items()}
        role = mapped.get(spoken) or self.roles.get(spoken) or _ROLES.get(spoken) or parse_label(str(said)[:80]).role
        if role is None:
            raise TranscriptError(
                f"utterance {index}: {self._show('role')} finds {str(said)[:40]!r}, which is no role; say what it is:"
                f' role_map = {{{json.dumps(str(said)[:40])} = "ROLE"}} (agent, customer, bot or system)'
                f" under [tool.convscan.mapping.{self.name}]"
            )
        return role

    def _is_internal(self, utterance: object) -> bool:
        hidden = (str(self._first(key, utterance)).casefold() for key in ("visibility", "internal"))
        return any(value in _HIDDEN for value in hidden) or str(self._first("public", utterance)).casefold() in _SHOWN

    def _first(self, key: str, value: object) -> object:
        """Return the first thing that a path finds, None if it finds nothing or is not set."""
        path = getattr(self.settings, key)
        if path is None:
            return None
        found = next((found.value for found in find(value, path, self._where(key))), None)
        self.hits[key] += found is not None
        return found

    def _need(self, key: str, is_there: bool) -> None:  # noqa: FBT001 - reads as a sentence
        if not is_there:
            raise TranscriptError(f"{self._show(key)} finds nothing in it; mend the path, or leave the record out")

    def _show(self, key: str) -> str:
        return f"{key} = {getattr(self.settings, key)!r}"

    def _where(self, key: str) -> str:
        return f"mapping.{self.name}.{key}"

    def check(self) -> None:
        """Refuse paths that found nothing in a whole file: they are misspelt, or the file is another.

        Raises:
            TranscriptError: If there are such paths.
        """
        paths = (f.name for f in fields(self.settings) if f.name not in {"role_map", "markup", "utterances", "text"})
        given = (key for key in paths if getattr(self.settings, key) is not None)
        # Where no conversation could be read, its error says why.
        asked = (key for key in given if key == "conversations" or self.hits[_READ])
        dead = [key for key in asked if not self.hits[key] and getattr(self.settings, key) not in set(Channel)]
        if dead:
            raise TranscriptError(
                f"{', '.join(map(self._show, dead))} finds nothing in the whole file;"
                f" mend the path under [tool.convscan.mapping.{self.name}]"
            )


_ROLES: Mapping[str, Role] = {role.value: role for role in Role}
_CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}


def _name(value: object) -> str | None:
    return ident(value) or None


def _place(document: Document, parts: Sequence[str | int]) -> Source:
    """Return where something stands that a path found; the line is known of items of a list at the top."""
    if len(parts) > 1 and isinstance(parts[0], str) and isinstance(parts[1], int):
        lines = document.lines.get(parts[0], ())
        if parts[1] < len(lines):
            return Source(document.source.path, lines[parts[1]])
    return document.source
