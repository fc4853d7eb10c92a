"""Conversations as pure values: who said what, in order.

Nothing here reads, parses or judges. Offsets elsewhere in convscan are Unicode
code points into `Utterance.text`, exactly as the reader gave it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


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
    metadata: Mapping[str, object] = field(default_factory=dict)

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

    Attributes:
        id: Unique within a scan once `readers.with_unique_ids` has run.
        language: ISO 639-1 code if the source names one.
        source: Where it was read, if it was read from somewhere.
        scenario: What a template is for, if its author says so.
    """

    id: str
    utterances: tuple[Utterance, ...]
    channel: Channel | None = None
    language: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    source: Source | None = None
    scenario: Scenario | None = None


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
