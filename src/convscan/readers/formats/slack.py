"""Slack exports: the folder or zip of a workspace, or one day of one channel."""

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, TypeAlias

from convscan.conversation import Channel, Conversation, Role, Source
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, FileSet, Notice, ReadOptions, Record, bad_record, show_size
from convscan.readers.description import Description, Family
from convscan.readers.json_head import json_head
from convscan.readers.json_values import json_values
from convscan.readers.tables.grouping import MAX_HELD_BYTES
from convscan.readers.tables.messages import Caster, Message

_DESCRIPTION = Description(
    title="Slack exports",
    family=Family.RESEARCH,
    versions="standard and corporate exports of a workspace (folder or zip), a single day file, or answers of the Web"
    " API (conversations.history, conversations.replies)",
    reads=(
        "a thread (`thread_ts`) as a conversation, over the days",
        "what stands in no thread, as one conversation a channel and day",
        "`users.json`: names, bots, guests; mentions, links and entities in the text as people see them",
    ),
    ignores=("deleted messages, reactions, canvases, the content of files (names are kept)",),
    roles=(
        "--role by name, id, address or `@domain`; else bots are bots; if the workspace has guests, they are the"
        " customers and its members the agents; else how people talk, else an error that says which --role to give"
    ),
    example="convscan scan export.zip --role @example.com=agent",
)
_USERS = "users.json"
_LISTS = frozenset({"channels.json", "groups.json", "dms.json", "mpims.json"})
_DAY = re.compile(r"(?P<channel>.+)/(?P<day>\d{4}-\d{2}-\d{2})\.json")
_STAMP = re.compile(r"\d{9,11}\.\d{1,6}")
# Somebody, a channel, a group, or an address with its scheme; other angle brackets come as entities.
_MARK = re.compile(r"<(?:(?P<sign>[@#!])|(?=[a-z]{2,12}:))(?P<what>[^<>|]{1,2000})(?:\|(?P<label>[^<>]{0,2000}))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_SAID = frozenset(
    {"", "thread_broadcast", "me_message", "bot_message", "file_share", "file_comment", "reply_broadcast"}
)
_GONE = frozenset({"tombstone", "message_deleted"})
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
_OBJECT_BYTES = 1000
_Fields: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SlackReader:
    """Reads an export channel by channel; a channel is held."""

    name: str = "slack"
    suffixes: tuple[str, ...] = ()
    rank: int = 15
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether it begins as the messages of a day."""
        first = next(iter(json_head(head)), None)
        if isinstance(first, dict) and "ok" in first:
            first = first.get("messages")
        message = first[0] if isinstance(first, list) and first else None
        if not isinstance(message, dict):
            return False
        return message.get("type") == "message" and _STAMP.fullmatch(str(message.get("ts"))) is not None

    def recognises_files(self, names: AbstractSet[str]) -> bool:
        """Tell whether a folder is an export of a workspace."""
        return _USERS in names and bool(names & _LISTS)

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of one day; see `Reader.read`."""
        channel = _Channel("", _People({}), options, Caster(options, notify))
        yield from channel.take(stream, path, "")
        yield from channel.conversations()

    def read_files(self, files: FileSet, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversations of all channels; see `FileSetReader.read_files`."""
        users: dict[str, _Fields] = {}
        try:
            users = _users(files, options)
        except TranscriptError as error:
            yield bad_record(Source(files.show(_USERS)), str(error))
        people = _People(users)
        caster = Caster(options, notify)
        for name, days in _channels(files.names, options).items():
            channel = _Channel(name, people, options, caster)
            try:
                for day, file in days:
                    with files.open(file) as stream:
                        yield from channel.take(stream, files.show(file), day)
            except TranscriptError as error:
                yield bad_record(Source(files.show(name)), str(error))
            yield from channel.conversations()


def _messages(
    values: Iterable[tuple[Source, object | TranscriptError]],
) -> Iterator[tuple[Source, object | TranscriptError]]:
    """Yield the values of a file, of an answer of the API its messages."""
    for source, value in values:
        listed = value.get("messages") if isinstance(value, dict) and "ts" not in value else None
        if isinstance(listed, list):
            yield from ((source, item) for item in listed)
        else:
            yield source, value


def _channels(names: Iterable[str], options: ReadOptions) -> dict[str, list[tuple[str, str]]]:
    """Return the day files of each channel, in order."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names):
        match = _DAY.fullmatch(name)
        if match is not None:
            found.setdefault(match["channel"], []).append((match["day"], name))
        elif name != _USERS and name not in _LISTS:
            options.trace.left_out("file that is no day of a channel")
    return found


def _users(files: FileSet, options: ReadOptions) -> dict[str, _Fields]:
    with files.open(_USERS) as stream:
        values = [value for _, value in json_values(stream, files.show(_USERS), options)]
    return {str(user["id"]): user for user in values if isinstance(user, dict) and user.get("id")}


@dataclass(frozen=True, slots=True)
class _People:
    """The accounts of a workspace by id."""

    users: Mapping[str, _Fields]

    @property
    def has_guests(self) -> bool:
        """Whether some accounts are of people from outside."""
        return any(_is_guest(user) for user in self.users.values())

    def name(self, user: str) -> str:
        """Return what people call somebody; the id if nothing is known."""
        fields = self.users.get(user, {})
        profile = _object(fields.get("profile"))
        names = (profile.get("display_name"), profile.get("real_name"), fields.get("real_name"), fields.get("name"))
        return next((name.strip() for name in names if isinstance(name, str) and name.strip()), user)

    def addresses(self, user: str) -> tuple[str, ...]:
        """Return the address of somebody and its domain as `--role` takes them."""
        address = _object(self.users.get(user, {}).get("profile")).get("email")
        if not isinstance(address, str) or "@" not in address:
            return ()
        return address, "@" + address.rpartition("@")[2]

    def text(self, written: str) -> str:
        """Return a message as people see it."""
        text = _MARK.sub(self._shown, written)
        for entity, char in _ENTITIES:
            text = text.replace(entity, char)
        return text

    def _shown(self, match: re.Match[str]) -> str:
        sign, what, label = match["sign"], match["what"], match["label"]
        if sign == "@":
            return "@" + (label or self.name(what)).removeprefix("@")
        if sign == "#":
            return "#" + (label or what)
        if sign == "!":
            return label or "@" + what
        return label or what.removeprefix("mailto:")


def _is_guest(user: _Fields) -> bool:
    return any(user.get(key) is True for key in _GUEST)


def _object(value: object) -> _Fields:
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class _Post:
    """A message, where it stands and to what it belongs.

    Attributes:
        key: Its thread, or the day if it is in none.
    """

    source: Source
    key: str
    moment: float
    message: Message


@dataclass(slots=True)
class _Channel:
    """One channel while it is read."""

    name: str
    people: _People
    options: ReadOptions
    caster: Caster
    posts: list[_Post] = field(default_factory=list)
    held_bytes: int = 0

    def take(self, stream: BinaryIO, path: str, day: str) -> Iterator[BadRecord]:
        """Take in a day; yield what cannot be read of it."""
        values = _messages(json_values(stream, path, self.options))
        while True:
            try:
                source, value = next(values)
                post = self._post(source, value, day)
            except StopIteration:
                return
            except TranscriptError as error:
                yield bad_record(Source(path), str(error))
                return
            if isinstance(post, BadRecord):
                yield post
            elif post is not None:
                self._keep(post)

    def _keep(self, post: _Post) -> None:
        self.held_bytes += len(post.message.text) + _OBJECT_BYTES
        if self.held_bytes > MAX_HELD_BYTES:
            raise TranscriptError(
                f"a channel needs more than {show_size(MAX_HELD_BYTES)}, the most that is held; export fewer days"
            )
        self.posts.append(post)

    def _post(self, source: Source, value: object, day: str) -> _Post | BadRecord | None:
        if isinstance(value, TranscriptError):
            return bad_record(source, str(value))
        stamp = str(value.get("ts")) if isinstance(value, dict) else ""
        if not isinstance(value, dict) or not _STAMP.fullmatch(stamp):
            return bad_record(source, "expected a message of Slack, an object with `ts`, its time; export it again")
        subtype = str(value.get("subtype") or "")
        if value.get("type", "message") != "message" or subtype in _GONE:
            self.options.trace.left_out("deleted message" if subtype in _GONE else "entry that is no message")
            return None
        text = value.get("text")
        if text is not None and not isinstance(text, str):
            return bad_record(source, "text: expected text; export it again", record_id=stamp)
        if not text or not text.strip():
            self.options.trace.left_out("message without text")
            return None
        thread = str(value.get("thread_ts") or "")
        key = thread if _STAMP.fullmatch(thread) else day or _day(float(stamp))
        return _Post(source, key, float(stamp), self._message(value, stamp, subtype, text))

    def _message(self, fields: _Fields, stamp: str, subtype: str, text: str) -> Message:
        user = str(fields.get("user") or fields.get("bot_id") or "")
        own = _object(fields.get("user_profile"))
        given = (fields.get("username"), own.get("display_name"), own.get("real_name"))
        name = self.people.name(user)
        if name == user:
            name = next((item for item in given if isinstance(item, str) and item.strip()), user)
        role, evidence = self._role(fields, user, subtype)
        files = fields.get("files")
        names = [str(file.get("name")) for file in files if isinstance(file, dict)] if isinstance(files, list) else []
        return Message(
            text=self.people.text(text),
            role=role,
            evidence=evidence,
            # What Slack itself tells is about somebody, not by them.
            author=(name or None) if role is not Role.SYSTEM else None,
            author_id=(user or None) if role is not Role.SYSTEM else None,
            timestamp=datetime.fromtimestamp(float(stamp), UTC).isoformat().replace("+00:00", "Z"),
            metadata={"files": names} if names else {},
        )

    def _role(self, fields: _Fields, user: str, subtype: str) -> tuple[Role | None, str]:
        if subtype not in _SAID:
            return Role.SYSTEM, f"subtype {subtype}"
        said = self.caster.said(*self.people.addresses(user))
        if said is not None:
            return said, "--role"
        account = self.people.users.get(user, {})
        if fields.get("bot_id") or subtype == "bot_message" or account.get("is_bot") is True or user == "USLACKBOT":
            return Role.BOT, "bot account"
        if account and self.people.has_guests:
            return (Role.CUSTOMER, "guest account") if _is_guest(account) else (Role.AGENT, "member beside guests")
        return None, ""

    def conversations(self) -> Iterator[Record]:
        """Yield the threads, and what stands in none, day by day."""
        parts: dict[str, list[_Post]] = {}
        for post in sorted(self.posts, key=lambda post: post.moment):
            parts.setdefault(post.key, []).append(post)
        for key, posts in parts.items():
            if any(post.message.role is not Role.SYSTEM for post in posts):
                yield self._conversation(key, posts)
            else:
                self.options.trace.left_out("notice of Slack beside no message", count=len(posts))

    def _conversation(self, key: str, posts: list[_Post]) -> Record:
        source = posts[0].source
        found = f"{self.name}/{key}" if self.name else key
        try:
            utterances = self.caster.cast([post.message for post in posts], source)
        except TranscriptError as error:
            return bad_record(source, str(error), record_id=found)
        metadata = {"slack_channel": self.name} if self.name else {}
        return Conversation(found, utterances, Channel.CHAT, metadata=metadata, source=source)


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


READER = SlackReader()
