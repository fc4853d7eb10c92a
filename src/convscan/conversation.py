"""Conversations as pure values: who said what, in order.

Nothing here reads, parses or judges. Offsets elsewhere in convscan are Unicode
code points into `Utterance.text`, exactly as the reader gave it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import SupportsIndex, TypeVar

from convscan.errors import TranscriptError

_Enum = TypeVar("_Enum", bound=StrEnum)


class Role(StrEnum):
    """What a speaker is in the conversation."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class Channel(StrEnum):
    """How the conversation was held; norms differ between channels."""

    CHAT = "chat"
    EMAIL = "email"
    CALL = "call"
    SOCIAL = "social"
    TICKET = "ticket"
    TEMPLATE = "template"


class Scenario(StrEnum):
    """What a template answers, or, if it answers nobody, what it is."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    REQUEST = "request"
    APOLOGY = "apology"
    FEEDBACK = "feedback"
    REFUSAL = "refusal"
    CLOSING = "closing"
    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    CHASER = "chaser"
    SNIPPET = "snippet"

    @property
    def is_reply(self) -> bool:
        """Whether such a text is a complete reply to somebody; only those owe thanks and the like."""
        return self not in {Scenario.NOTICE, Scenario.ANNOUNCEMENT, Scenario.CHASER, Scenario.SNIPPET}


class Visibility(StrEnum):
    """Who could see an utterance; internal ones are never judged."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record came from.

    Attributes:
        path: File as the user named it; `-` for standard input.
        line: First line of the record, counted from 1, if the format has lines.
    """

    path: str
    line: int | None = None

    def __str__(self) -> str:
        """Return `path:line` as editors and terminals link it."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message by one speaker, as received.

    Values from other places are taken as what they say: a role or visibility as text, an id
    as a number or UUID, a timestamp as a datetime. What says nothing is a `TranscriptError`.

    Attributes:
        text: The words, never normalised.
        author: Name shown, if known.
        author_id: Identity; tells two speakers of one name apart.
        timestamp: When it was sent, as the source wrote it (ISO 8601 in the native format).
        metadata: Whatever else the source said of it.
    """

    role: Role
    text: str
    author: str | None = None
    author_id: str | None = None
    timestamp: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    metadata: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        # Readers make every one of these: what is right already costs a comparison.
        if type(self.role) is not Role:
            _set(self, role=member_of(Role, self.role, "role"))
        if not isinstance(self.text, str):
            raise TranscriptError(f"text: expected text, found {kind_of(self.text)}")
        if type(self.visibility) is not Visibility:
            _set(self, visibility=member_of(Visibility, self.visibility, "visibility"))
        if self.author is not None and not isinstance(self.author, str):
            raise TranscriptError(f"author: expected text, found {kind_of(self.author)}")
        if self.author_id is not None and not isinstance(self.author_id, str):
            _set(self, author_id=identifier(self.author_id, "author_id"))
        if self.timestamp is not None and not isinstance(self.timestamp, str):
            _set(self, timestamp=moment(self.timestamp, "timestamp"))

    @property
    def speaker(self) -> str | None:
        """Who speaks, as an identity: the id if there is one, else the name."""
        return self.author_id or self.author

    @property
    def is_public(self) -> bool:
        """Whether the customer could see it."""
        return self.visibility is Visibility.PUBLIC


@dataclass(frozen=True, slots=True)
class Turn:
    """A maximal run of public utterances by one role.

    Attributes:
        utterances: Their indices in the conversation, in order, never empty.
    """

    role: Role
    utterances: tuple[int, ...]

    @property
    def first(self) -> int:
        """Index of the utterance that opens the turn."""
        return self.utterances[0]


@dataclass(frozen=True, slots=True)
class Conversation:
    """An ordered list of utterances in one case, or one template reply.

    Values from other places are taken as with `Utterance`.

    Attributes:
        id: Empty for a hash of the content. Unique within a scan once `readers.with_unique_ids` has run.
        language: ISO 639-1 code if the source names one.
        source: Where it was read, if it was read from somewhere.
        scenario: What a template is for, if its author says so.
    """

    id: str
    utterances: tuple[Utterance, ...]
    channel: Channel | None = None
    language: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict, hash=False)
    source: Source | None = None
    scenario: Scenario | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.id, str):
            _set(self, id=identifier(self.id, "id"))
        if type(self.utterances) is not tuple:
            if isinstance(self.utterances, str) or not isinstance(self.utterances, Iterable):
                raise TranscriptError(f"utterances: expected a list of Utterance, found {kind_of(self.utterances)}")
            _set(self, utterances=tuple(self.utterances))
        for index, utterance in enumerate(self.utterances):
            if not isinstance(utterance, Utterance):
                raise TranscriptError(f"utterances[{index}]: expected an Utterance, found {kind_of(utterance)}")
        if self.channel is not None and type(self.channel) is not Channel:
            _set(self, channel=member_of(Channel, self.channel, "channel"))
        if self.language is not None and not isinstance(self.language, str):
            raise TranscriptError(f"language: expected text, found {kind_of(self.language)}")
        if self.scenario is not None and type(self.scenario) is not Scenario:
            _set(self, scenario=member_of(Scenario, self.scenario, "scenario"))


# A system line or a bot's remark between two messages does not make them two turns:
# what is owed to the customer is owed by the whole run.
_TURN_ROLES = frozenset({Role.CUSTOMER, Role.AGENT})


def turns(utterances: Iterable[Utterance]) -> Iterator[Turn]:
    """Yield the turns of customer and agent, in order.

    System, bot and internal utterances neither make a turn nor break one.
    An utterance without words is no part of a turn.
    """
    role: Role | None = None
    run: list[int] = []
    for index, utterance in enumerate(utterances):
        if utterance.role not in _TURN_ROLES or not utterance.is_public:
            continue
        if not utterance.text.strip():
            continue
        if role is not None and utterance.role is not role:
            yield Turn(role, tuple(run))
            run = []
        role = utterance.role
        run.append(index)
    if role is not None:
        yield Turn(role, tuple(run))


def with_bots_as_agents(conversation: Conversation) -> Conversation:
    """Return the conversation as it is judged where bots are judged as agents are."""

    def spoken(utterance: Utterance) -> Utterance:
        return replace(utterance, role=Role.AGENT) if utterance.role is Role.BOT else utterance

    return replace(conversation, utterances=tuple(map(spoken, conversation.utterances)))


# -- values from other places ----------------------------------------------------------------

_KINDS = {bool: "true/false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}


def kind_of(value: object) -> str:
    """Return what a value is in words, for a message; never the value, which may be a customer's words."""
    return "null" if value is None else _KINDS.get(type(value), type(value).__name__)


def member_of(enum: type[_Enum], value: object, where: str) -> _Enum:
    """Return the member of a closed set that a text names.

    Args:
        where: Named in the error.

    Raises:
        TranscriptError: If it names none.
    """
    if not isinstance(value, str):
        raise TranscriptError(f"{where}: expected text, found {kind_of(value)}")
    try:
        return enum(value)
    except ValueError:
        import difflib

        allowed = ", ".join(sorted(enum))
        near = difflib.get_close_matches(value.strip().lower(), list(enum), n=1)
        hint = f"; did you mean {str(near[0])!r}?" if near else ""
        raise TranscriptError(f"{where}: unknown value {value!r}; expected one of {allowed}{hint}") from None


def identifier(value: object, where: str) -> str:
    """Return an id as text; many systems number their records.

    Returns:
        Empty for None.

    Raises:
        TranscriptError: If it is neither text nor a number nor a UUID.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    # Numbers of numpy and pandas are whole numbers too.
    if isinstance(value, SupportsIndex) and not isinstance(value, bool):
        return str(value.__index__())
    from uuid import UUID

    if isinstance(value, UUID):
        return str(value)
    raise TranscriptError(f"{where}: expected text, found {kind_of(value)}")


def moment(value: object, where: str) -> str:
    """Return a point in time as text in ISO 8601.

    Raises:
        TranscriptError: If it is neither text nor a date or datetime.
    """
    if isinstance(value, str):
        return value
    from datetime import date

    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    raise TranscriptError(f"{where}: expected text, found {kind_of(value)}")


def _set(value: Utterance | Conversation, **fields: object) -> None:
    """Set a field of a value that is being made and nobody has seen yet."""
    for name, one in fields.items():
        object.__setattr__(value, name, one)
