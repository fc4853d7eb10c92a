"""Intercom: conversations with their parts, and tickets, as its API gives them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from convscan.conversation import Channel, Role, Source
from convscan.readers.description import Description, Family
from convscan.readers.helpdesk import (
    Case,
    Fields,
    HelpdeskReader,
    Message,
    Thread,
    attachments_of,
    body_text,
    fields_of,
    ident,
    in_order,
    is_objects,
    moment,
    objects,
    word,
)
from convscan.readers.json_values import Document
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Intercom conversations and tickets",
    family=Family.HELPDESK,
    versions="REST API 1.0 to 2.14: conversation, list and search of conversations, conversation parts, tickets,"
    " notices of webhooks (joined by conversation)",
    reads=(
        "`source` (API 1: `conversation_message`) as the first message, then `conversation_parts`",
        "`note` parts as internal; redacted parts, assignments and other events as system, with their type as text",
        "words sent with an assignment, a close or a snooze, as a message of their author",
        "HTML bodies as the words that are shown",
    ),
    ignores=("content of attachments (their names are kept)", "statistics and other fields of the conversation"),
    roles="`author.type`: user, lead, contact and visitor are customers, admin and team agents, bot a bot;"
    " so are answers with `from_ai_agent` and first messages that are `delivered_as` automated",
    example="convscan scan conversations.jsonl --from intercom",
)

_AUTHORS: Mapping[str, Role] = {
    **dict.fromkeys(("user", "lead", "contact", "visitor"), Role.CUSTOMER),
    **dict.fromkeys(("admin", "team"), Role.AGENT),
    **dict.fromkeys(("bot", "operator", "workflow", "campaign"), Role.BOT),
}
_NOTES = frozenset({"note", "note_and_reopen", "note_and_unsnooze"})
# Parts in which an author may say something to the customer; a body in any other is the system's.
_SPEAKING = frozenset(
    {"comment", "assignment", "open", "close", "closed", "snoozed", "unsnoozed", "quick_reply", "message", "initial"}
    | {"assign_and_reopen", "assign_and_unsnooze", "default_assignment"}
)
_CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("email", "inbound_email", "custom_email"), Channel.EMAIL),
    **dict.fromkeys(("facebook", "instagram", "twitter", "x"), Channel.SOCIAL),
    **dict.fromkeys(("phone_call", "phone_switch", "call"), Channel.CALL),
}
_LISTS = ("conversations", "tickets", "data")
_PARTS = ("conversation_parts", "ticket_parts")


def _is_conversation(item: Fields) -> bool:
    parts = any(_parts_list(item, key) is not None for key in _PARTS)
    if item.get("type") == "conversation":
        return parts or "source" in item or "conversation_message" in item or "contacts" in item
    return (
        (parts and ("source" in item or "contacts" in item or "user" in item))
        or (item.get("type") == "ticket" and "ticket_attributes" in item)
        or ("delivered_as" in fields_of(item.get("source")) and "author" in fields_of(item.get("source")))
    )


def _is_part(item: Fields) -> bool:
    return "part_type" in item and "author" in item


def _parts_list(item: Fields, key: str) -> object:
    """Return the parts of a conversation: a list in an object of the same name, or by itself."""
    held = item.get(key)
    return held if isinstance(held, list) else fields_of(held).get(key)


def _is_notification(item: Fields) -> bool:
    """Tell what a webhook is sent: the conversation with the new part only."""
    return item.get("type") == "notification_event" and _is_conversation(_notified(item))


def _notified(item: Fields) -> Fields:
    return fields_of(fields_of(item.get("data")).get("item"))


def _is_document(item: Fields) -> bool:
    if _is_notification(item):
        return True
    if _is_conversation(item) or _is_part(item):
        return True
    return is_objects(item.get("conversation_parts"), _is_part) or any(
        is_objects(item.get(key), _is_conversation) for key in _LISTS
    )


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    parts: dict[str, list[Fields]] = {}
    places: dict[str, Source] = {}
    notified: dict[str, tuple[Source, list[Fields]]] = {}
    for document in found:
        value = document.value
        if _is_notification(value):
            item = _notified(value)
            notified.setdefault(ident(item.get("id")), (document.source, []))[1].append(item)
        elif _is_conversation(value):
            yield _case(value, document.source)
        elif _is_part(value):
            key = ident(value.get("conversation_id"))
            parts.setdefault(key, []).append(value)
            places.setdefault(key, document.source)
        elif is_objects(value.get("conversation_parts"), _is_part):
            yield _case(value, document.source)
        else:
            for key in _LISTS:
                yield from (_case(item, source) for source, item in document.items(key) if isinstance(item, dict))
    for key, (source, items) in notified.items():
        yield Case(key, source, _joined(items))
    for key, loose in parts.items():
        yield Case(key, places[key], {"conversation_parts": loose})


def _joined(items: Sequence[Fields]) -> Fields:
    """Return one conversation of the notices of it: each part once, in the state of the last."""
    parts: dict[object, object] = {}
    for item in items:
        listed = next((held for key in _PARTS if isinstance(held := _parts_list(item, key), list)), [])
        for part in listed:
            # Of a later notice, for a part may be changed or taken back.
            parts[ident(fields_of(part).get("id")) or len(parts)] = part
    return {**items[0], **items[-1], "conversation_parts": list(parts.values()), "ticket_parts": None}


def _case(item: Fields, source: Source) -> Case:
    return Case(ident(item.get("id")), source, item)


def _thread(case: Case, trace: Trace) -> Thread:
    conversation = case.fields
    first = fields_of(conversation.get("source")) or fields_of(conversation.get("conversation_message"))
    opening = [_opening(first, conversation, trace)] if first else []
    if not opening and conversation.get("type") == "ticket":
        opening = [_ticket_text(conversation)]
    parts = [_part(part, trace) for key in _PARTS for part in objects(_parts_list(conversation, key), key, trace)]
    is_ticket = conversation.get("type") == "ticket"
    return Thread(
        [*opening, *in_order(parts)],
        Channel.TICKET if is_ticket else _CHANNELS.get(ident(first.get("type")), Channel.CHAT),
        {
            "title": word(conversation.get("title")),
            "subject": body_text(first, (), ("subject",)).strip() if isinstance(first.get("subject"), str) else None,
            "state": conversation.get("state"),
            "tags": [ident(tag.get("name")) for tag in _tags(conversation)],
        },
        # The source comes first whatever the clocks say.
        is_ordered=True,
    )


def _tags(conversation: Fields) -> list[Fields]:
    tags = fields_of(conversation.get("tags")).get("tags")
    return [tag for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []


def _opening(first: Fields, conversation: Fields, trace: Trace) -> Message:
    message = _message(first, trace, moment(first.get("created_at", conversation.get("created_at"))))
    if first.get("delivered_as") == "automated" and message.role is Role.AGENT:
        # A campaign in the name of an admin: nobody wrote it to this customer.
        return replace(message, role=Role.BOT, evidence="source.delivered_as is automated")
    return message


def _ticket_text(ticket: Fields) -> Message:
    contacts = fields_of(ticket.get("contacts")).get("contacts")
    contact = next((item for item in contacts if isinstance(item, dict)), {}) if isinstance(contacts, list) else {}
    return Message(
        text=body_text(fields_of(ticket.get("ticket_attributes")), (), ("_default_description_",)),
        role=Role.CUSTOMER,
        evidence="description of a ticket",
        author=word(contact.get("name")),
        author_id=ident(contact.get("id")) or None,
        address=word(contact.get("email")),
        sent=moment(ticket.get("created_at")),
    )


def _part(part: Fields, trace: Trace) -> Message:
    kind = ident(part.get("part_type")).replace(" ", "_")
    message = _message(part, trace, moment(part.get("created_at")))
    if part.get("redacted") is True:
        # What stands there now says only that something was taken back.
        why = "redacted: its words were taken back"
        return replace(message, role=Role.SYSTEM, evidence=why, metadata={**message.metadata, "part_type": kind})
    metadata = {**message.metadata, "part_type": kind}
    if kind in _NOTES:
        # Whoever writes a note stands on the company's side.
        role = message.role if message.role is Role.BOT else Role.AGENT
        return replace(message, role=role, evidence="note part", metadata=metadata, is_internal=True)
    if not message.text and not message.metadata.get("attachments"):
        assigned = fields_of(part.get("assigned_to"))
        metadata["assigned_to"] = ident(assigned.get("id")) or None
        return replace(message, role=Role.SYSTEM, evidence="event part", text=kind, metadata=metadata)
    if kind not in _SPEAKING and message.role not in {Role.CUSTOMER, Role.BOT}:
        why = f"part of a kind in which nobody speaks: {kind}"
        return replace(message, role=Role.SYSTEM, evidence=why, metadata=metadata)
    return replace(message, metadata=metadata)


def _message(item: Fields, trace: Trace, sent: str | None) -> Message:
    author = fields_of(item.get("author"))
    kind = ident(author.get("type")).casefold()
    role = _AUTHORS.get(kind)
    evidence = f"author.type is {kind}"
    if author.get("from_ai_agent") is True or author.get("is_ai_answer") is True:
        role, evidence = Role.BOT, "author.from_ai_agent"
    return Message(
        text=body_text(item, (), ("body",)),
        role=role,
        evidence=evidence,
        author=word(author.get("name")),
        author_id=ident(author.get("id")) or None,
        address=word(author.get("email")),
        sent=sent,
        metadata={
            "id": ident(item.get("id")),
            "attachments": attachments_of(item, "attachments", ("name",), trace),
        },
    )


READER = HelpdeskReader(
    name="intercom", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
