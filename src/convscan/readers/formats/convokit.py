"""ConvoKit corpora: `utterances.jsonl` beside `speakers.json` and `conversations.json`, or by itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import BinaryIO

from convscan.conversation import Conversation, Role, Source
from convscan.errors import TranscriptError
from convscan.readers import chronology
from convscan.readers.base import BadRecord, FileSet, Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_head import json_head
from convscan.readers.json_values import json_values
from convscan.readers.opening import open_input, read_whole
from convscan.readers.strict_json import parse_json
from convscan.readers.tables.grouping import Group, Piece, grouped
from convscan.readers.tables.messages import Caster, Message, role_of_word
from convscan.timestamps import as_iso

_DESCRIPTION = Description(
    title="ConvoKit corpora",
    family=Family.RESEARCH,
    versions="ConvoKit 1 to 3 (`root` or `conversation_id`, `user` or `speaker`); the folder, a zip of it, or"
    " `utterances.jsonl` (version 1: `utterances.json`) by itself",
    reads=(
        "`utterances.jsonl`: text, speaker, conversation, timestamp; without times, answers after what they answer",
        "`speakers.json` or `users.json` and `conversations.json`: metadata",
        "a thread with branches is one conversation in the order of time",
    ),
    ignores=("`corpus.json`, `index.json`, vectors, parses",),
    roles=(
        "--role SPEAKER=ROLE, else a role, type or flag in the metadata of the utterance or the speaker, else the"
        " speaker's id (`agent_3`), else how they talk; with weak evidence an error that says which --role to give"
    ),
    example="convscan scan corpus/ --role helpdesk=agent",
)
# The first version wrote a list of utterances.
_UTTERANCES = ("utterances.jsonl", "utterances.json")
_SPEAKERS = ("speakers.json", "users.json")
_CONVERSATIONS = "conversations.json"
_BESIDE = frozenset({*_SPEAKERS, _CONVERSATIONS, "corpus.json", "index.json"})
_ROLE_KEYS = frozenset(
    {"role", "type", "speaker_type", "user_type", "speaker_role", "user_role", "speaker-type", "user-type"}
)
_FLAGS: Mapping[str, tuple[Role, Role]] = {
    "is_agent": (Role.AGENT, Role.CUSTOMER),
    "is_staff": (Role.AGENT, Role.CUSTOMER),
    "is_customer": (Role.CUSTOMER, Role.AGENT),
    "inbound": (Role.CUSTOMER, Role.AGENT),
}
_HEAVY = frozenset({"parsed", "vectors", "politeness_strategies"})


@dataclass(frozen=True, slots=True)
class ConvoKitReader:
    """Reads a corpus in the order of its utterances; the files beside them are held."""

    name: str = "convokit"
    suffixes: tuple[str, ...] = ()
    rank: int = 15
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether the first line is an utterance of such a corpus."""
        first = next(iter(json_head(head)), None)
        if isinstance(first, list) and first:
            first = first[0]
            # A list of objects with a speaker and a text is nothing special without the rest.
            if not isinstance(first, dict) or "meta" not in first:
                return False
        return (
            isinstance(first, dict)
            and isinstance(first.get("text", ""), str)
            and ("speaker" in first or "user" in first)
            and ("conversation_id" in first or "root" in first)
            and ("reply-to" in first or "reply_to" in first or "text" in first)
        )

    def recognises_files(self, names: AbstractSet[str]) -> bool:
        """Tell whether a folder is such a corpus."""
        return not names.isdisjoint(_UTTERANCES) and bool(names & _BESIDE)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of `utterances.jsonl` alone; see `Reader.read`."""
        yield from _Corpus(path, options, notify).read(stream)

    def read_files(self, files: FileSet, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of the corpus; see `FileSetReader.read_files`."""
        utterances = next(name for name in _UTTERANCES if name in files.names)
        corpus = _Corpus(files.show(utterances), options, notify)
        for name in files.names:
            if name not in {*_SPEAKERS, _CONVERSATIONS}:
                continue
            try:
                found = _object_of(files, name, options)
            except TranscriptError as error:
                yield bad_record(Source(files.show(name)), str(error))
                continue
            if name == _CONVERSATIONS:
                corpus.conversations = found
            else:
                corpus.speakers = found
        with files.open(utterances) as raw:
            yield from corpus.read(open_input(raw).stream)


def _object_of(files: FileSet, name: str, options: ReadOptions) -> Mapping[str, object]:
    with files.open(name) as raw:
        content = read_whole(open_input(raw).stream, limit_bytes=options.max_record_bytes)
    value = parse_json(content.decode("utf-8", "replace"))
    if not isinstance(value, dict):
        raise TranscriptError("expected an object of names and what is said of them")
    return value


@dataclass(slots=True)
class _Corpus:
    """What is known beside the utterances."""

    path: str
    options: ReadOptions
    notify: Notice
    speakers: Mapping[str, object] = field(default_factory=dict)
    conversations: Mapping[str, object] = field(default_factory=dict)

    def read(self, stream: BinaryIO) -> Iterator[Record]:
        """Yield the conversations of the stream."""
        caster = Caster(self.options, self.notify)
        groups = grouped(
            self._pieces(stream),
            path=self.path,
            by="conversation",
            limit_bytes=self.options.max_record_bytes,
            notify=self.notify,
        )
        for group in groups:
            yield group if isinstance(group, BadRecord) else self._conversation(group, caster)

    def _pieces(self, stream: BinaryIO) -> "Iterator[Piece[_Said] | BadRecord]":
        for source, value in json_values(stream, self.path, self.options):
            try:
                said = self._said(value)
            except TranscriptError as error:
                yield bad_record(source, str(error))
                continue
            if not said.message.text.strip():
                self.options.trace.left_out("utterance without text")
                continue
            size_bytes = len(said.message.text) + sum(len(str(item)) for item in said.message.metadata.values())
            yield Piece(said.conversation, source.line or 1, said, size_bytes)

    def _said(self, value: object) -> "_Said":
        if isinstance(value, TranscriptError):
            raise value
        if not isinstance(value, dict):
            raise TranscriptError("expected an utterance, an object with `text`, `speaker` and `conversation_id`")
        text = value.get("text")
        if not isinstance(text, str) and text is not None:
            raise TranscriptError("text: expected text")
        speaker = _id_of(value.get("speaker", value.get("user")))
        conversation = _id_of(value.get("conversation_id", value.get("root")))
        if not speaker or not conversation:
            missing = "speaker" if not speaker else "conversation_id"
            raise TranscriptError(f"no {missing!r}; an utterance needs `speaker` and `conversation_id`")
        meta = _meta(value)
        role, evidence = self._role(speaker, meta)
        message = Message(
            text=text or "",
            role=role,
            evidence=evidence,
            author=speaker,
            author_id=speaker,
            timestamp=_time(value.get("timestamp")),
            metadata={key: item for key, item in meta.items() if key not in _HEAVY and item not in (None, "", [], {})},
        )
        return _Said(
            _id_of(value.get("id")), conversation, _id_of(value.get("reply-to", value.get("reply_to"))), message
        )

    def _role(self, speaker: str, meta: Mapping[str, object]) -> tuple[Role | None, str]:
        known = self.speakers.get(speaker)
        about = _meta(known) if isinstance(known, dict) else {}
        for where, fields in (("utterance", meta), ("speaker", about)):
            for key, item in fields.items():
                if (role := _role_in(key, item)) is not None:
                    return role, f"metadata of the {where}: {key}"
        role = role_of_word(speaker.replace("_", " "))
        return role, "" if role is None else "id of the speaker"

    def _conversation(self, group: "Group[_Said]", caster: Caster) -> Record:
        source = Source(self.path, group.line)
        messages = [said.message for said in _in_order(group.values)]
        about = self.conversations.get(group.key)
        try:
            utterances = caster.cast(messages, source)
        except TranscriptError as error:
            return bad_record(source, str(error), record_id=group.key)
        metadata = _meta(about) if isinstance(about, dict) else {}
        return Conversation(group.key, utterances, metadata=metadata, source=source)


@dataclass(frozen=True, slots=True)
class _Said:
    """An utterance and what it answers."""

    id: str
    conversation: str
    reply_to: str
    message: Message


def _in_order(said: Sequence[_Said]) -> list[_Said]:
    """Return the utterances in the order of time; without times, answers behind what they answer."""
    if chronology.say_order(item.message.timestamp for item in said):
        return chronology.in_order(said, lambda item: item.message.timestamp)
    by_id = {item.id: item for item in said if item.id}
    ordered: dict[int, _Said] = {}
    for item in said:
        for above in reversed(list(_way_up(item, by_id, ordered))):
            ordered[id(above)] = above
    return list(ordered.values())


def _way_up(item: _Said, by_id: Mapping[str, _Said], done: Mapping[int, _Said]) -> Iterable[_Said]:
    """Yield an utterance, what it answers, and so on, up to one that is done."""
    seen: set[int] = set()
    current: _Said | None = item
    while current is not None and id(current) not in done and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = by_id.get(current.reply_to)


def _role_in(key: str, value: object) -> Role | None:
    name = key.casefold()
    if name in _FLAGS:
        if isinstance(value, str) and value.casefold() in {"true", "false"}:
            value = value.casefold() == "true"
        return _FLAGS[name][0 if value else 1] if isinstance(value, bool) else None
    return role_of_word(value) if name in _ROLE_KEYS and isinstance(value, str) else None


def _meta(value: Mapping[str, object]) -> Mapping[str, object]:
    """Return the metadata of an object; early versions of conversations have it at the top."""
    meta = value.get(
        "meta", {key: item for key, item in value.items() if key != "vectors"} if "text" not in value else {}
    )
    return meta if isinstance(meta, dict) else {}


def _id_of(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("id", value.get("name"))
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def _time(value: object) -> str | None:
    """Return a time as written, but what counts from 1970 as ISO 8601; small numbers just count utterances."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return as_iso(str(value).strip()) or None


READER = ConvoKitReader()
