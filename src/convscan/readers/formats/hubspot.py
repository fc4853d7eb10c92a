"""HubSpot: conversation threads, tickets and the engagements on them, as its API gives them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

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
    first_object,
    ident,
    in_order,
    is_objects,
    moment,
    name_of,
    objects,
    word,
)
from convscan.readers.json_values import Document
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="HubSpot threads, tickets and engagements",
    family=Family.HELPDESK,
    versions="Conversations API v3 (messages of threads), CRM v3 (tickets, emails, notes, calls, communications),"
    " Engagements v1",
    reads=(
        "messages of a thread with `text`, else `richText`; comments as internal; changes of status as system",
        "`hs_email_text`, else `hs_email_html`, by the ticket or mail thread they belong to",
        "notes, calls and logged messages (`hs_communication_body`) as internal: an employee wrote them down",
        "`content` of a ticket as its first message, if no mail of it is there",
    ),
    ignores=(
        "tasks and meetings",
        "content of attachments (their names are kept)",
        "`content` of a ticket beside its mails: it is their beginning",
    ),
    roles="`direction` and `hs_email_direction`: incoming is the customer, outgoing an agent;"
    " actors are agents (`A-`), visitors (`V-`, `E-`) or machines (`S-`, `I-`, `B-`)",
    example="convscan scan thread.json --from hubspot",
)

_THREAD = re.compile(r"/threads/(\d+)")
_ACTORS: Mapping[str, Role] = {
    "A": Role.AGENT,
    "V": Role.CUSTOMER,
    "E": Role.CUSTOMER,
    **dict.fromkeys("SIBL", Role.BOT),
}
_MAIL_DIRECTIONS: Mapping[str, Role] = {
    "INCOMING_EMAIL": Role.CUSTOMER,
    "FORWARDED_EMAIL": Role.CUSTOMER,
    "EMAIL": Role.AGENT,
}
_SAID = frozenset({"MESSAGE", "WELCOME_MESSAGE", "COMMENT"})
_TICKET_KEYS = frozenset({"hs_pipeline_stage", "hs_ticket_priority", "hs_pipeline", "hs_ticket_category"})
_WRITTEN_DOWN = ("hs_note_body", "hs_call_body", "hs_communication_body")
_KINDS = ("hs_email_", "hs_note_", "hs_call_", "hs_communication_", "hs_meeting_", "hs_task_")
_LISTS = ("results", "messages", "engagements", "emails", "notes", "communications", "tickets")


def _is_message(item: Fields) -> bool:
    return "senders" in item and ("conversationsThreadId" in item or "direction" in item or "truncationStatus" in item)


def _is_event(item: Fields) -> bool:
    return "conversationsThreadId" in item and "type" in item


def _is_object(item: Fields) -> bool:
    return any(key.startswith(_KINDS) for key in fields_of(item.get("properties")))


def _is_ticket(item: Fields) -> bool:
    properties = fields_of(item.get("properties"))
    return not _TICKET_KEYS.isdisjoint(properties) and ("subject" in properties or "content" in properties)


def _is_engagement(item: Fields) -> bool:
    return "type" in fields_of(item.get("engagement")) and isinstance(item.get("metadata"), dict)


_TESTS: tuple[Callable[[Fields], bool], ...] = (_is_message, _is_event, _is_object, _is_ticket, _is_engagement)


def _is_document(item: Fields) -> bool:
    return any(test(item) for test in _TESTS) or any(
        is_objects(item.get(key), test) for key in _LISTS for test in _TESTS
    )


@dataclass(slots=True)
class _Portal:
    """Tickets and messages of a file, gathered until it is whole."""

    tickets: dict[str, tuple[Source, Fields]] = field(default_factory=dict)
    items: dict[str, list[Fields]] = field(default_factory=dict)
    places: dict[str, Source] = field(default_factory=dict)
    # Of mails, notes and the like: where they are in `items`, by their id.
    keys: dict[str, str] = field(default_factory=dict)

    def learn(self, item: Fields, source: Source, request: str, thread: str) -> None:
        """Take in a ticket or something that was said."""
        if _is_ticket(item) and not _is_object(item):
            self.tickets[ident(item.get("id"))] = (source, item)
            return
        named = _THREAD.search(request)
        key = ident(item.get("conversationsThreadId")) or thread or (named[1] if named else "") or _belongs_to(item)
        # What belongs to nothing is a case of its own, but for the messages of one response.
        key = key or (f"#{request}" if _is_message(item) else f"#{len(self.items)} {ident(item.get('id'))}")
        self.items.setdefault(key, []).append(item)
        if _is_object(item):
            self.keys[ident(item.get("id"))] = key
        self.places.setdefault(key, source)

    def rest(self) -> Iterator[Case]:
        """Yield the tickets, then what belongs to none."""
        for key, (source, ticket) in self.tickets.items():
            items = self.items.pop(key, [])
            for name in _associated_with(ticket):
                items += self.items.pop(self.keys.get(name, ""), [])
            yield Case(key, source, ticket, items)
        for key, items in self.items.items():
            name = key.partition(" ")[2] if key.startswith("#") else key
            yield Case(name, self.places[key], {}, items)


def _associated_with(ticket: Fields) -> Iterator[str]:
    """Yield the ids of the mails, notes, calls and messages that a ticket names as its own."""
    associations = fields_of(ticket.get("associations"))
    for kind in ("emails", "notes", "calls", "communications"):
        listed = fields_of(associations.get(kind)).get("results")
        for item in listed if isinstance(listed, list) else ():
            yield ident(fields_of(item).get("id"))


def _belongs_to(item: Fields) -> str:
    """Return the id of the ticket, else of the mail thread, to which a mail or note belongs."""
    associations = fields_of(item.get("associations"))
    tickets = associations.get("ticketIds")
    if isinstance(tickets, list) and tickets:
        return ident(tickets[0])
    listed = fields_of(associations.get("tickets")).get("results")
    properties = fields_of(item.get("properties"))
    metadata = fields_of(item.get("metadata"))
    return (
        ident(first_object(listed).get("id"))
        or ident(properties.get("hs_email_thread_id"))
        or ident(metadata.get("threadId"))
    )


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    portal = _Portal()
    for document in found:
        value = document.value
        # A thread saved together with its messages.
        thread = ident(value.get("threadId")) or (ident(value.get("id")) if "messages" in value else "")
        if any(test(value) for test in _TESTS):
            portal.learn(value, document.source, document.request, thread)
        for key in _LISTS:
            for source, item in document.items(key):
                fields = fields_of(item)
                if any(test(fields) for test in _TESTS):
                    portal.learn(fields, source, document.request, thread)
    yield from portal.rest()


def _thread(case: Case, trace: Trace) -> Thread:
    items = objects(list(case.messages), "messages", trace)
    said = [message for item in items for message in _message(item, trace)]
    opening = _ticket_text(case.fields, said, trace)
    properties = fields_of(case.fields.get("properties"))
    is_mail = any(_is_object(item) or _is_engagement(item) for item in items)
    is_talk = any(_is_message(item) for item in items) and not any(word(item.get("subject")) for item in items)
    return Thread(
        [*opening, *in_order(said)],
        Channel.EMAIL if is_mail and not case.fields else Channel.CHAT if is_talk else Channel.TICKET,
        {
            "subject": word(properties.get("subject")) or next((w for w in map(_subject, items) if w), None),
            "status": word(properties.get("hs_pipeline_stage")),
        },
        is_ordered=True,
    )


def _subject(item: Fields) -> str | None:
    return (
        word(item.get("subject"))
        or word(fields_of(item.get("properties")).get("hs_email_subject"))
        or word(fields_of(item.get("metadata")).get("subject"))
    )


def _ticket_text(ticket: Fields, said: Iterable[Message], trace: Trace) -> list[Message]:
    properties = fields_of(ticket.get("properties"))
    text = body_text(properties, (), ("content",))
    if not text:
        return []
    if any(not message.is_internal for message in said):
        trace.left_out("content of a ticket: it stands in its mails")
        return []
    sent = moment(properties.get("createdate") or ticket.get("createdAt"))
    return [Message(text=text, role=Role.CUSTOMER, evidence="content of a ticket", sent=sent)]


def _message(item: Fields, trace: Trace) -> Iterator[Message]:
    if _is_engagement(item):
        yield from _engagement(item, trace)
    elif _is_object(item):
        yield from _crm_object(item, trace)
    else:
        yield _thread_message(item, trace)


def _thread_message(item: Fields, trace: Trace) -> Message:
    kind = ident(item.get("type")) or "MESSAGE"
    sender = first_object(item.get("senders"))
    actor = ident(sender.get("actorId")) or ident(item.get("createdBy"))
    delivery = fields_of(sender.get("deliveryIdentifier"))
    role, evidence = _actor_role(item, kind, actor)
    return Message(
        text=body_text(item, ("text",), ("richText",)) or (kind if kind not in _SAID else ""),
        role=role,
        evidence=evidence,
        author=word(sender.get("name")),
        author_id=actor or None,
        address=word(delivery.get("value")) if delivery.get("type") == "HS_EMAIL_ADDRESS" else None,
        sent=moment(item.get("createdAt")),
        is_internal=kind == "COMMENT",
        metadata={
            "id": ident(item.get("id")),
            "type": kind,
            "attachments": attachments_of(item, "attachments", ("name", "fileId"), trace),
        },
    )


def _actor_role(item: Fields, kind: str, actor: str) -> tuple[Role | None, str]:
    if kind not in _SAID:
        return Role.SYSTEM, "change of the thread"
    if kind == "COMMENT":
        return Role.AGENT, "comment of the team"
    if kind == "WELCOME_MESSAGE":
        return Role.BOT, "welcome message"
    known = _ACTORS.get(actor.partition("-")[0]) if "-" in actor else None
    direction = ident(item.get("direction"))
    if direction == "INCOMING" and known is not Role.BOT:
        return Role.CUSTOMER, "direction is INCOMING"
    if direction == "OUTGOING" and known in {None, Role.CUSTOMER}:
        return Role.AGENT, "direction is OUTGOING"
    return known, f"actor {actor[:1]}-"


def _crm_object(item: Fields, trace: Trace) -> Iterator[Message]:
    properties = fields_of(item.get("properties"))
    sent = moment(properties.get("hs_timestamp") or properties.get("hs_createdate") or item.get("createdAt"))
    shared = {"id": ident(item.get("id")), "subject": word(properties.get("hs_email_subject"))}
    if any(key.startswith("hs_email_") for key in properties):
        direction = ident(properties.get("hs_email_direction"))
        yield Message(
            text=body_text(properties, ("hs_email_text",), ("hs_email_html",)),
            role=_MAIL_DIRECTIONS.get(direction),
            evidence=f"hs_email_direction is {direction}",
            author=name_of(properties, "hs_email_from_firstname", "hs_email_from_lastname"),
            address=word(properties.get("hs_email_from_email")),
            sent=sent,
            metadata=shared,
        )
    elif any(key.startswith(("hs_meeting_", "hs_task_")) for key in properties):
        trace.left_out("meeting or task: nothing that was said to the customer")
    else:
        yield Message(
            text=body_text(properties, (), _WRITTEN_DOWN),
            role=Role.AGENT,
            evidence="note or call written down",
            author_id=ident(properties.get("hubspot_owner_id")) or None,
            sent=sent,
            is_internal=True,
            metadata=shared,
        )


def _engagement(item: Fields, trace: Trace) -> Iterator[Message]:
    engagement, content = fields_of(item.get("engagement")), fields_of(item.get("metadata"))
    kind = ident(engagement.get("type"))
    sent = moment(engagement.get("timestamp") or engagement.get("createdAt"))
    shared = {"id": ident(engagement.get("id")), "subject": word(content.get("subject"))}
    if kind in _MAIL_DIRECTIONS:
        origin = fields_of(content.get("from"))
        yield Message(
            text=body_text(content, ("text",), ("html",)),
            role=_MAIL_DIRECTIONS[kind],
            evidence=f"engagement.type is {kind}",
            author=name_of(origin, "firstName", "lastName"),
            address=word(origin.get("email")),
            sent=sent,
            metadata=shared,
        )
    elif kind in {"NOTE", "CALL"}:
        yield Message(
            text=body_text(content, (), ("body",)),
            role=Role.AGENT,
            evidence="note or call written down",
            author_id=ident(engagement.get("ownerId")) or None,
            sent=sent,
            is_internal=True,
            metadata=shared,
        )
    else:
        trace.left_out(f"engagement that says nothing to the customer: {kind or 'no type'}")


READER = HelpdeskReader(
    name="hubspot", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
