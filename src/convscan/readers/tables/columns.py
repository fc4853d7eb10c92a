"""Which column of a table holds what: as the user says, else by the names that exports use."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from convscan.errors import TranscriptError
from convscan.readers.base import shorten


class Field(StrEnum):
    """What a column may hold; the value is what `--column` calls it."""

    CONVERSATION = "conversation"
    ROLE = "role"
    AUTHOR = "author"
    AUTHOR_ID = "author_id"
    TEXT = "text"
    TIMESTAMP = "timestamp"
    CHANNEL = "channel"
    LANGUAGE = "language"
    IS_AGENT = "is_agent"
    IS_CUSTOMER = "is_customer"
    IS_INTERNAL = "is_internal"
    IS_PUBLIC = "is_public"
    TRANSCRIPT = "transcript"
    CUSTOMER = "customer"
    AGENT = "agent"
    AGENT_NAME = "agent_name"


class Shape(StrEnum):
    """What a row of a table is."""

    UTTERANCES = "one row an utterance"
    TRANSCRIPTS = "one row a conversation, its transcript in one column"
    REPLIES = "one row a customer's message and the reply to it"


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Names as exports have them, without case, blanks and signs; those of an earlier tier are
# taken before those of a later one. Collected by hand from the exports of helpdesks, chat
# tools, review platforms and published corpora.
_USUAL: Mapping[Field, tuple[tuple[str, ...], ...]] = {
    Field.CONVERSATION: (
        _names("conversationid convid conversationuuid conversationkey"),
        _names("chatid dialogueid dialogid threadid sessionid ticketid ticketnumber caseid casenumber callid"),
        _names("interactionid contactid conversation thread session ticket case chat dialogue dialog call"),
    ),
    Field.ROLE: (
        _names("role"),
        _names("speakerrole senderrole authorrole participantrole messagerole"),
        _names("sendertype authortype speakertype usertype participanttype direction side party"),
    ),
    Field.AUTHOR: (
        _names("author speaker sender"),
        _names("authorname speakername sendername displayname from fromname participant username who"),
    ),
    Field.AUTHOR_ID: (_names("authorid speakerid senderid participantid"), _names("userid")),
    Field.TEXT: (
        _names("text utterance message messagetext utterancetext"),
        _names("body messagebody content messagecontent textbody plainbody"),
        _names("comment commentbody transcripttext sentence msg"),
    ),
    Field.TIMESTAMP: (
        _names("timestamp datetime sentat createdat messagetime messagedate"),
        _names("time date createddate created starttime senttime"),
    ),
    Field.CHANNEL: (_names("channel"),),
    Field.LANGUAGE: (_names("language lang locale"),),
    Field.IS_AGENT: (_names("isagent fromagent isstaff isemployee issupport"),),
    Field.IS_CUSTOMER: (_names("iscustomer fromcustomer inbound isinbound incoming isincoming"),),
    Field.IS_INTERNAL: (_names("isinternal internal isprivate private isnote internalnote"),),
    Field.IS_PUBLIC: (_names("ispublic public ispublished"),),
    Field.TRANSCRIPT: (
        _names("transcript chattranscript fulltranscript calltranscript conversationtranscript"),
        _names("conversationtext fullconversation chatlog dialoguetext fulltext"),
    ),
    Field.CUSTOMER: (
        _names("customermessage customertext customerquery usermessage"),
        _names("review reviewtext reviewbody reviewcontent complaint inquiry customercomment"),
        _names("question query instruction customer"),
    ),
    Field.AGENT: (
        _names("agentreply agentresponse agentmessage agenttext"),
        _names(
            "ownerresponse ownerreply developerresponse developerreply businessresponse companyresponse companyreply"
        ),
        _names("replytext replycontent replybody responsetext reply response answer"),
    ),
    Field.AGENT_NAME: (_names("agentname repname responder repliedby replyauthor assignee"),),
}
_WHO = (Field.ROLE, Field.IS_AGENT, Field.IS_CUSTOMER, Field.AUTHOR, Field.AUTHOR_ID)
_PLAIN_REPLY = "agent"
_ROW_IDS = frozenset({"id", "reviewid"})
_SURE_WHO = frozenset({Field.ROLE, Field.IS_AGENT, Field.IS_CUSTOMER})
_MOST_COLUMNS_SHOWN = 12
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table hold.

    Attributes:
        header: Names of the columns, as written.
        at: Index of the column of a field.
        shape: What a row is.
        guessed: Fields whose columns were told by their names.
    """

    header: tuple[str, ...]
    at: Mapping[Field, int]
    shape: Shape
    guessed: tuple[Field, ...]

    def value(self, field: Field, cells: Sequence[str]) -> str:
        """Return what a row holds of a field; empty if nothing."""
        index = self.at.get(field)
        return "" if index is None or index >= len(cells) else cells[index]

    def name(self, field: Field) -> str:
        """Return the name of a field's column."""
        return self.header[self.at[field]]

    def others(self, cells: Sequence[str]) -> dict[str, object]:
        """Return what stands in columns that hold no field, without empty cells."""
        used = frozenset(self.at.values())
        named = zip(self.header, cells, strict=False)
        return {name: cell for index, (name, cell) in enumerate(named) if index not in used and name and cell}


def find_columns(header: Sequence[str], given: Mapping[str, str]) -> Columns:
    """Return what the columns hold.

    Args:
        header: Their names.
        given: Field to column, as the user says it; what is not said is told by usual names.

    Raises:
        TranscriptError: If there is no such column, two may be meant, or it cannot be
            told what a row is. The message names the option to set.
    """
    names = tuple(name.strip() for name in header)
    chosen = {_field(field): _given_index(names, column) for field, column in given.items()}
    usual = _usual_indices(names, frozenset(chosen.values()), frozenset(chosen))
    if Field.AGENT not in chosen and (reply := _plain_reply(names, {**usual, **chosen})) is not None:
        usual[Field.AGENT] = reply
    shape = _shape(names, chosen, usual)
    wanted = _FIELDS_OF[shape]
    at = {field: index for field, index in {**usual, **chosen}.items() if field in wanted}
    for field in wanted & set(usual):
        _refuse_double(names, field, chosen, frozenset(at.values()))
    if shape is not Shape.UTTERANCES and Field.CONVERSATION not in at:
        # Where a row is a conversation, its id is that of the conversation.
        at.update((Field.CONVERSATION, index) for index, name in enumerate(names) if _fold(name) in _ROW_IDS)
    if shape is Shape.REPLIES and Field.CUSTOMER not in at:
        at[Field.CUSTOMER] = {**usual, **chosen}[Field.TEXT]
    guessed = tuple(field for field in at if field not in chosen)
    return Columns(names, at, shape, guessed)


def understands(header: Sequence[str]) -> int:
    """Return how sure a header is one of a table with conversations: 0 not at all, 1 perhaps, 2 surely.

    Reply templates have a text too, and an author and a date; so a text is not enough.
    """
    try:
        columns = find_columns(header, {})
    except _AmbiguousError:
        return 1
    except TranscriptError:
        return 0
    if columns.shape is Shape.UTTERANCES:
        sure = bool(_SURE_WHO & set(columns.at)) or Field.CONVERSATION in columns.at
        return 2 if sure else 1
    return 2


class _AmbiguousError(TranscriptError):
    """Two columns may hold the same."""


_META = {Field.CONVERSATION, Field.TIMESTAMP, Field.CHANNEL, Field.LANGUAGE}
_FIELDS_OF: Mapping[Shape, AbstractSet[Field]] = {
    Shape.UTTERANCES: frozenset({*_META, *_WHO, Field.TEXT, Field.IS_INTERNAL, Field.IS_PUBLIC}),
    Shape.TRANSCRIPTS: frozenset({*_META, Field.TRANSCRIPT}),
    Shape.REPLIES: frozenset({*_META, Field.AUTHOR, Field.CUSTOMER, Field.AGENT, Field.AGENT_NAME}),
}


def _field(name: str) -> Field:
    try:
        return Field(name.strip().casefold())
    except ValueError:
        raise TranscriptError(
            f"--column {name}=…: there is no field {name!r}; expected one of {', '.join(Field)}"
        ) from None


def _given_index(names: Sequence[str], column: str) -> int:
    exact = [index for index, name in enumerate(names) if name == column.strip()]
    found = exact or [index for index, name in enumerate(names) if _fold(name) == _fold(column)]
    if not found:
        raise TranscriptError(f"has no column {column!r}; its columns are {_shown(names)}")
    if len(found) > 1:
        raise TranscriptError(f"has {len(found)} columns named {column!r}; rename one of them")
    return found[0]


def _usual_indices(names: Sequence[str], taken: AbstractSet[int], fields: AbstractSet[Field]) -> dict[Field, int]:
    found: dict[Field, int] = {}
    for field in Field:
        indices = [] if field in fields else _usual_columns(names, field, taken | set(found.values()))
        if indices:
            found[field] = indices[0]
    return found


def _plain_reply(names: Sequence[str], known: Mapping[Field, int]) -> int | None:
    """Return the column `agent` of a table that holds what customer and agent wrote and nothing else.

    Beside a text or further columns, `customer` and `agent` are mostly names of people.
    """
    if Field.CUSTOMER not in known or Field.TEXT in known or Field.TRANSCRIPT in known:
        return None
    folded = [_fold(name) for name in names]
    rest = [name for index, name in enumerate(folded) if index not in known.values() and name not in _ROW_IDS]
    return folded.index(_PLAIN_REPLY) if rest == [_PLAIN_REPLY] else None


def _usual_columns(names: Sequence[str], field: Field, taken: AbstractSet[int]) -> list[int]:
    folded = [_fold(name) for name in names]
    for tier in _USUAL[field]:
        if found := [index for index, name in enumerate(folded) if name in tier and index not in taken]:
            return found
    return []


def _refuse_double(names: Sequence[str], field: Field, chosen: Mapping[Field, int], taken: AbstractSet[int]) -> None:
    """Refuse two columns of which either may hold a field.

    Raises:
        TranscriptError: Likewise.
    """
    if field in chosen:
        return
    tier = next((tier for tier in _USUAL[field] if any(_fold(name) in tier for name in names)), ())
    found = [index for index, name in enumerate(names) if _fold(name) in tier]
    rivals = [index for index in found if index not in taken]
    if rivals and len(found) > 1:
        one, other = names[found[0]], names[found[1]]
        raise _AmbiguousError(
            f'two columns may hold the {field.value}: {one!r} and {other!r}; say which: --column "{field.value}={one}"'
        )


def _shape(names: Sequence[str], chosen: Mapping[Field, int], usual: Mapping[Field, int]) -> Shape:
    for field, shape in (
        (Field.TRANSCRIPT, Shape.TRANSCRIPTS),
        (Field.CUSTOMER, Shape.REPLIES),
        (Field.AGENT, Shape.REPLIES),
        (Field.TEXT, Shape.UTTERANCES),
        (Field.ROLE, Shape.UTTERANCES),
    ):
        if field in chosen:
            _refuse_missing(names, shape, {**usual, **chosen})
            return shape
    known = {**usual, **chosen}
    is_told = Field.TEXT in known and any(field in known for field in _WHO)
    if (
        Field.AGENT in known
        and (Field.CUSTOMER in known or Field.TEXT in known)
        and not (is_told and _SURE_WHO & set(known))
    ):
        return Shape.REPLIES
    if is_told:
        return Shape.UTTERANCES
    if Field.TRANSCRIPT in known:
        return Shape.TRANSCRIPTS
    raise TranscriptError(_no_shape(names))


def _refuse_missing(names: Sequence[str], shape: Shape, known: Mapping[Field, int]) -> None:
    if shape is Shape.UTTERANCES and not (Field.TEXT in known and any(field in known for field in _WHO)):
        raise TranscriptError(_no_shape(names))
    has_customer = Field.CUSTOMER in known or Field.TEXT in known
    if shape is Shape.REPLIES and not (Field.AGENT in known and has_customer):
        raise TranscriptError(_no_shape(names))


def _no_shape(names: Sequence[str]) -> str:
    folded = {_fold(name): name for name in names}
    if {Field.CUSTOMER, Field.AGENT} <= set(folded):
        customer, agent = folded[Field.CUSTOMER], folded[Field.AGENT]
        return (
            f"cannot tell which of its columns hold a conversation: {_shown(names)}; if {customer!r} and {agent!r} are"
            f' their words and not their names, say: --column "customer={customer}" --column "agent={agent}"'
        )
    return (
        f"cannot tell which of its columns hold a conversation: {_shown(names)}; say it with --column FIELD=COLUMN:"
        " text and role (one row an utterance; conversation too, if there are several),"
        " transcript (one row a conversation), or customer and agent (a message and its reply)."
        " Tables of reply templates are read by: convscan lint"
    )


def _shown(names: Iterable[str]) -> str:
    listed = [repr(name) for name in names if name]
    more = [f"and {len(listed) - _MOST_COLUMNS_SHOWN} more"] if len(listed) > _MOST_COLUMNS_SHOWN else []
    return shorten(", ".join([*listed[:_MOST_COLUMNS_SHOWN], *more])) or "without names"


@lru_cache(maxsize=1024)
def _fold(name: str) -> str:
    """Return a name without case, blanks and signs; what is longer than any name is none."""
    return "".join(char for char in name.casefold() if char.isalnum()) if len(name) <= _LONGEST_NAME else ""
