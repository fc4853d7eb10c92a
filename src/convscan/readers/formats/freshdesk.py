"""Freshdesk and Freshservice: tickets and their conversations, from the API or the account's export."""

import re
from collections.abc import Iterable, Iterator, Mapping
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
    title="Freshdesk and Freshservice tickets",
    family=Family.HELPDESK,
    versions="API v2 (tickets, `include=conversations,requester`, conversations of a ticket, search), the account's"
    " JSON export (`helpdesk_ticket`)",
    reads=(
        "`description_text`, else `description`, as the first message",
        "`conversations[]` with `body_text`, else `body`; in exports `notes[]`",
        "`private: true` as internal; `source` as the channel; `subject`, `status`, `tags` as metadata",
    ),
    ignores=("content of attachments (their names are kept)", "lists of tickets have no texts: export them in full"),
    roles="`incoming`: true is the customer, false an agent; whoever is the `requester_id` is the customer;"
    " the description is the requester's, but an agent's where the ticket is an outbound mail (source 10)",
    example="convscan scan tickets.json --from freshdesk",
)

_TICKET_OF_REQUEST = re.compile(r"/tickets/(\d+)")
_OUTBOUND_MAIL = 10
_CHANNELS: Mapping[object, Channel] = {
    1: Channel.EMAIL,
    5: Channel.SOCIAL,
    6: Channel.SOCIAL,
    7: Channel.CHAT,
    8: Channel.CHAT,
    13: Channel.CHAT,
    _OUTBOUND_MAIL: Channel.EMAIL,
}
_LISTS = ("tickets", "results", "conversations")


def _is_ticket(item: Fields) -> bool:
    return "requester_id" in item and "responder_id" in item and "submitter_id" not in item


def _is_reply(item: Fields) -> bool:
    return "incoming" in item and "private" in item and ("body" in item or "body_text" in item)


def _is_document(item: Fields) -> bool:
    if _is_ticket(item) or _is_reply(item):
        return True
    nested = (fields_of(item.get(key)) for key in ("ticket", "helpdesk_ticket", "conversation"))
    if any(_is_ticket(inside) or _is_reply(inside) for inside in nested):
        return True
    return any(is_objects(item.get(key), test) for key in _LISTS for test in (_is_ticket, _is_reply))


@dataclass(slots=True)
class _Desk:
    """Tickets and replies of a file, gathered until it is whole."""

    tickets: dict[str, tuple[Source, Fields]] = field(default_factory=dict)
    replies: dict[str, list[Fields]] = field(default_factory=dict)
    places: dict[str, Source] = field(default_factory=dict)

    def learn(self, item: Fields, source: Source, request: str) -> Iterator[Case]:
        """Take in a ticket or a reply; yield a ticket that holds its replies."""
        if _is_ticket(item):
            key = ident(item.get("display_id")) or ident(item.get("id"))
            if isinstance(item.get("conversations"), list) or isinstance(item.get("notes"), list):
                yield Case(key, source, item)
            else:
                self.tickets[key or f"#{len(self.tickets)}"] = (source, item)
        elif _is_reply(item):
            named = _TICKET_OF_REQUEST.search(request)
            key = ident(item.get("ticket_id")) or (named[1] if named else f"#{request}")
            self.replies.setdefault(key, []).append(item)
            self.places.setdefault(key, source)

    def rest(self) -> Iterator[Case]:
        """Yield the tickets whose replies lay apart, then replies without a ticket."""
        for key, (source, ticket) in self.tickets.items():
            yield Case("" if key.startswith("#") else key, source, ticket, self.replies.pop(key, ()))
        for key, replies in self.replies.items():
            yield Case("" if key.startswith("#") else key, self.places[key], {}, replies)


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    desk = _Desk()
    for document in found:
        value = document.value
        if _is_ticket(value) or _is_reply(value):
            yield from desk.learn(value, document.source, document.request)
            continue
        for key in ("ticket", "helpdesk_ticket", "conversation"):
            yield from desk.learn(fields_of(value.get(key)), document.source, document.request)
        for key in _LISTS:
            for source, item in document.items(key):
                yield from desk.learn(fields_of(item), source, document.request)
    yield from desk.rest()


def _thread(case: Case, trace: Trace) -> Thread:
    ticket = case.fields
    replies = objects(ticket.get("conversations"), "conversations", trace) + objects(
        list(case.messages), "conversations", trace
    )
    # The account's export wraps each note once more.
    notes = [fields_of(note.get("helpdesk_note")) or note for note in objects(ticket.get("notes"), "notes", trace)]
    source = ticket.get("source")
    return Thread(
        [*_opening(ticket, trace), *in_order([_reply(item, ticket, trace) for item in (*replies, *notes)])],
        _CHANNELS.get(source, Channel.TICKET) if isinstance(source, int) else Channel.TICKET,
        {key: ticket.get(key) for key in ("subject", "status", "priority", "type", "tags")},
        is_ordered=True,
    )


def _opening(ticket: Fields, trace: Trace) -> Iterator[Message]:
    text = body_text(ticket, ("description_text",), ("description", "description_html"))
    if not text:
        return
    requester = fields_of(ticket.get("requester"))
    is_outbound = ticket.get("source") == _OUTBOUND_MAIL
    yield Message(
        text=text,
        role=Role.AGENT if is_outbound else Role.CUSTOMER,
        evidence="outbound mail (source 10)" if is_outbound else "description of a ticket",
        author=None if is_outbound else word(requester.get("name")),
        author_id=ident(ticket.get("responder_id" if is_outbound else "requester_id")) or None,
        address=None if is_outbound else word(requester.get("email")),
        sent=moment(ticket.get("created_at")),
        metadata={"attachments": attachments_of(ticket, "attachments", ("name",), trace)},
    )


def _reply(item: Fields, ticket: Fields, trace: Trace) -> Message:
    author = ident(item.get("user_id"))
    requester = fields_of(ticket.get("requester"))
    is_requester = bool(author) and author == ident(ticket.get("requester_id"))
    is_internal = item.get("private") is True
    role, evidence = _role(item, is_requester=is_requester)
    address = word(item.get("from_email")) if role is Role.CUSTOMER else None
    return Message(
        text=body_text(item, ("body_text",), ("body_html", "body")),
        role=role,
        evidence=evidence,
        author=word(requester.get("name")) if is_requester else None,
        author_id=author or None,
        address=address or (word(requester.get("email")) if is_requester else None),
        sent=moment(item.get("created_at")),
        is_internal=is_internal,
        metadata={
            "id": ident(item.get("id")),
            "attachments": attachments_of(item, "attachments", ("name",), trace),
        },
    )


def _role(item: Fields, *, is_requester: bool) -> tuple[Role | None, str]:
    if is_requester:
        return Role.CUSTOMER, "requester_id"
    incoming = item.get("incoming")
    if isinstance(incoming, bool):
        return (Role.CUSTOMER if incoming else Role.AGENT), f"incoming is {str(incoming).lower()}"
    return (Role.AGENT, "writes a private note") if item.get("private") is True else (None, "")


READER = HelpdeskReader(
    name="freshdesk", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
