"""Chats in Zendesk tickets: transcripts in a comment, histories in audits, messages of its messaging API."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from convscan.conversation import Channel, Role
from convscan.readers.helpdesk import Case, Fields, Message, Thread, fields_of, ident, moment, objects, word
from convscan.readers.trace import Trace

# As in `(10:00:05 AM) Mira: hello` and `(10:00:30) *** Tomas joined the chat ***`.
_LINE = re.compile(
    r"^\((?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?:[ \u202f][AaPp]\.?[Mm]\.?)?)\)[ \t]+"
    r"(?:(?P<event>\*\*\*.*)|(?P<name>[^\n:]{1,80}): ?(?P<words>.*))$",
    re.MULTILINE,
)
_HEADER = re.compile(r"\s*(?:Chat started|Chat transcript|Conversation with|Served by)\b", re.IGNORECASE)
_SERVED_BY = re.compile(r"^Served by:[ \t]*(.+)$", re.IGNORECASE | re.MULTILINE)
_VISITOR = re.compile(r"(?:visitor|web user|client user)\b.*", re.IGNORECASE)
_BOT = re.compile(r".*\bbot\b.*", re.IGNORECASE)
_STAFF = frozenset({"agent", "admin"})
_ACTORS: Mapping[str, str] = {"end-user": "end-user", "agent": "agent", "admin": "agent"}
_SAYERS: Mapping[str, Role] = {"user": Role.CUSTOMER, "business": Role.AGENT}
_MACHINES = frozenset({"zd:answerbot", "zd:flowbuilder", "zd:aiagents"})


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of somebody of whom a transcript has the name only."""

    role: Role | None
    evidence: str
    id: str = ""


def history_comments(value: object) -> Iterator[Fields]:
    """Yield the messages of a chat that an audit holds, in the shape of comments.

    Args:
        value: `value` of an event of type ChatStartedEvent; whatever it is, only a history counts.
    """
    history = fields_of(value).get("history")
    for item in history if isinstance(history, list) else ():
        fields = fields_of(item)
        text, file = fields.get("message"), word(fields.get("filename"))
        if not text and file is None:
            continue
        kind = ident(fields.get("actor_type")).casefold()
        yield {
            "author_id": fields.get("actor_id"),
            "author": {
                "id": fields.get("actor_id"),
                "name": fields.get("actor_name"),
                **({"role": _ACTORS[kind]} if kind in _ACTORS else {}),
            },
            "via": {"channel": "chat" if kind in _ACTORS else "system"},
            "body": text,
            "public": True,
            "created_at": fields.get("timestamp"),
            "attachments": [{"file_name": file}] if file else [],
            "is_chat": True,
        }


def split_transcript(message: Message, case: Case) -> list[Message]:
    """Return what was said in a chat whose transcript is one comment; the message itself if it is none.

    Whoever posts the transcript did not say all that stands in it.
    """
    lines = list(_LINE.finditer(message.text))
    said = sum(line["name"] is not None for line in lines)
    has_header = _HEADER.match(message.text) is not None
    begins_so = bool(lines) and not message.text[: lines[0].start()].strip()
    if not said or not (has_header or (begins_so and said > 1)):
        return [message]
    people = _people_by_name(message, case)
    ends = [line.start() for line in lines[1:]] + [len(message.text)]
    parts = [_said(line, message, end, people) for line, end in zip(lines, ends, strict=True)]
    head = message.text[: lines[0].start()].strip()
    if head:
        parts.insert(0, replace(_of_system(message), text=head, evidence="head of a chat's transcript"))
    if files := message.metadata.get("attachments"):
        parts[0] = replace(parts[0], metadata={**parts[0].metadata, "attachments": files})
    return parts


def _of_system(message: Message) -> Message:
    return replace(
        message,
        role=Role.SYSTEM,
        author=None,
        author_id=None,
        address=None,
        # Only the time of day stands in a transcript; the comment was written when the chat was over.
        sent=None,
        metadata={"id": message.metadata.get("id")},
    )


def _said(line: re.Match[str], message: Message, end: int, people: Mapping[str, _Known]) -> Message:
    shared = replace(_of_system(message), metadata={"id": message.metadata.get("id"), "clock": line["clock"]})
    if line["event"]:
        return replace(shared, text=line.string[line.start("event") : end].strip(), evidence="event of a chat")
    name = line["name"].strip()
    text = line.string[line.start("words") : end].strip()
    known = people.get(name.casefold()) or _known_by_name(name)
    return replace(shared, text=text, role=known.role, evidence=known.evidence, author=name, author_id=known.id or None)


def _known_by_name(name: str) -> _Known:
    if _VISITOR.fullmatch(name):
        return _Known(Role.CUSTOMER, "visitor of a chat")
    return _Known(Role.BOT, "name of a bot") if _BOT.fullmatch(name) else _Known(None, "")


def _people_by_name(message: Message, case: Case) -> dict[str, _Known]:
    """Return who is known, by name without case."""
    found: dict[str, _Known] = {}
    for names in _SERVED_BY.findall(message.text):
        found |= {name.strip().casefold(): _Known(Role.AGENT, "Served by") for name in names.split(",")}
    for person in case.people.values():
        name, kind = word(person.get("name")), ident(person.get("role")).casefold()
        is_agent = person.get("agent") is True or kind in _STAFF
        if name and (is_agent or kind == "end-user" or person.get("agent") is False):
            role = Role.AGENT if is_agent else Role.CUSTOMER
            found[name.casefold()] = _Known(role, "users[] by name", ident(person.get("id")))
    return found


# -- messages of the messaging API (Sunshine Conversations) ----------------------------------


def is_sunshine_message(item: Fields) -> bool:
    """Tell a message of the messaging API, version 2."""
    return (
        "received" in item
        and ident(fields_of(item.get("author")).get("type")) in _SAYERS
        and "type" in fields_of(item.get("content"))
    )


def sunshine_thread(case: Case, trace: Trace) -> Thread:
    """Return the messages of one conversation of the messaging API."""
    items = objects(list(case.messages), "messages", trace)
    return Thread([_sunshine_message(item, trace) for item in items], Channel.CHAT)


def _sunshine_message(item: Fields, trace: Trace) -> Message:
    author, content = fields_of(item.get("author")), fields_of(item.get("content"))
    kind, by = ident(content.get("type")), ident(author.get("type"))
    role, evidence = _SAYERS.get(by), f"author.type is {by}"
    subtypes = author.get("subtypes")
    source = ident(fields_of(item.get("source")).get("type")).casefold()
    if role is Role.AGENT and ((isinstance(subtypes, list) and subtypes) or source in _MACHINES):
        role, evidence = Role.BOT, "author.subtypes or source of a machine"
    if kind in {"file", "image"}:
        trace.left_out("attachment: no text")
    is_file = kind in {"file", "image"}
    return Message(
        text=word(content.get("text")) or "",
        role=role,
        evidence=evidence,
        author=word(author.get("displayName")),
        author_id=ident(author.get("userId")) or None,
        sent=moment(item.get("received")),
        metadata={
            "id": ident(item.get("id")),
            "attachments": [word(content.get("altText")) or kind] if is_file else [],
        },
    )
