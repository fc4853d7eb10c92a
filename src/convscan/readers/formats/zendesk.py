"""Zendesk: tickets, ticket comments, audits and chats, as its API and its exports give them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from convscan.readers.zendesk_chats import (
    history_comments,
    is_sunshine_message,
    split_transcript,
    sunshine_thread,
)

_DESCRIPTION = Description(
    title="Zendesk tickets, comments and chats",
    family=Family.HELPDESK,
    versions="Support API v2 (ticket comments, tickets, search, requests, incremental tickets and ticket events,"
    " audits, ticket events sent to webhooks), the account's JSON export, Chat API v2 (chats with `history`),"
    " messages of the messaging API (Sunshine Conversations v2)",
    reads=(
        "`comments[]` with `plain_body`, else `html_body`, else `body`; of a ticket, a list or a whole recording",
        "`ticket.description`, where a ticket comes without comments",
        "`audits[].events[]` and `ticket_events[].child_events[]` of type Comment; the history in ChatStartedEvent",
        "a chat's transcript in a comment, line by line",
        "voice comments (what the telephone system notes of a call) as system",
        "`public: false` as internal; `via.channel` as the channel; `subject`, `status`, `tags` as metadata",
    ),
    ignores=(
        "other events of audits",
        "texts of deleted tickets: Zendesk scrubs them",
        "content of attachments (their names are kept)",
        "comments exported twice",
    ),
    roles="`users[].role` (or `agent`) joined by `author_id`; else `requester_id` is the customer and whoever is"
    " assigned, submits for others or writes internal comments is an agent; else how they talk;"
    " in chats `Served by` and the names of `users[]`; comments of triggers are a bot's;"
    " with weak evidence an error that names --role",
    example="convscan scan tickets.json --from zendesk",
)

_TICKET_OF_REQUEST = re.compile(r"/(?:tickets|requests)/(\d+)")
_USER_ROLES: Mapping[str, Role] = {"end-user": Role.CUSTOMER, "agent": Role.AGENT, "admin": Role.AGENT}
_CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("email", "mail"), Channel.EMAIL),
    **dict.fromkeys(("chat", "native_messaging", "messaging", "sms", "whatsapp", "line", "mobile_sdk"), Channel.CHAT),
    **dict.fromkeys(("voice", "phone", "phone_call_inbound", "phone_call_outbound", "voicemail"), Channel.CALL),
    **dict.fromkeys(
        ("twitter", "twitter_dm", "facebook", "facebook_post", "instagram", "instagram_dm"), Channel.SOCIAL
    ),
}
_AUTOMATIC = frozenset({"rule", "system", "automation", "trigger"})
_LISTS = ("tickets", "requests", "comments", "audits", "ticket_events", "chats", "results", "messages")
_EVENT = "zen:event-type:ticket."
_VOICE = frozenset({"VoiceComment", "TpeVoiceComment"})
_SAID = frozenset({"Comment", *_VOICE})
_CHAT_SENDERS: Mapping[str, Role] = {"agent": Role.AGENT, "visitor": Role.CUSTOMER, "trigger": Role.BOT}


def _is_comment(item: Fields) -> bool:
    return "author_id" in item and "public" in item and ("body" in item or "html_body" in item or "plain_body" in item)


def _is_ticket(item: Fields) -> bool:
    is_plain = "requester_id" in item and ("submitter_id" in item or "via" in item) and "sender" not in item
    return is_plain or ("subject" in item and is_objects(item.get("comments"), _is_comment))


def _is_audit(item: Fields) -> bool:
    return "author_id" in item and "ticket_id" in item and isinstance(item.get("events"), list)


def _is_ticket_event(item: Fields) -> bool:
    return "ticket_id" in item and isinstance(item.get("child_events"), list)


def _is_chat(item: Fields) -> bool:
    return "visitor" in item and isinstance(item.get("history"), list)


def _is_user(item: Fields) -> bool:
    return ident(item.get("role")) in _USER_ROLES and "email" in item and "id" in item


def _is_webhook_event(item: Fields) -> bool:
    return ident(item.get("type")).startswith(_EVENT) and isinstance(item.get("detail"), dict)


_TESTS = (
    _is_comment,
    _is_ticket,
    _is_audit,
    _is_ticket_event,
    _is_chat,
    _is_webhook_event,
    is_sunshine_message,
)


def _is_document(item: Fields) -> bool:
    if any(test(item) for test in (*_TESTS, _is_user)) or _is_ticket(fields_of(item.get("ticket"))):
        return True
    if is_objects(item.get("users"), _is_user):
        return True
    return any(is_objects(item.get(key), test) for key in _LISTS for test in _TESTS)


@dataclass(slots=True)
class _Account:
    """What a file tells of tickets and people, gathered until it is whole."""

    people: dict[str, Fields] = field(default_factory=dict)
    tickets: dict[str, tuple[Source, Fields]] = field(default_factory=dict)
    comments: dict[str, list[Fields]] = field(default_factory=dict)
    places: dict[str, Source] = field(default_factory=dict)
    requesters: dict[str, str] = field(default_factory=dict)

    def learn(self, document: Document) -> Iterator[Case]:
        """Take in a document; yield the cases in it that need nothing more."""
        value = document.value
        for person in (
            value if _is_user(value) else {},
            *_objects(value.get("users")),
            *(fields_of(value.get(key)) for key in _PERSON_KEYS),
        ):
            self._meet(person)
        if _is_webhook_event(value):
            self._event(value, document)
        elif _is_comment(value) or _is_audit(value) or _is_ticket_event(value) or is_sunshine_message(value):
            self._comment(value, document)
        elif _is_chat(value):
            yield Case(ident(value.get("id")), document.source, value)
        elif _is_ticket(value):
            yield from self._ticket(value, document.source)
        elif ticket := fields_of(value.get("ticket")):
            # `GET /tickets/1` with its comments beside it.
            beside = {"comments": value["comments"]} if isinstance(value.get("comments"), list) else {}
            yield from self._ticket({**ticket, **beside}, document.source)
        else:
            yield from self._listed(document)

    def _event(self, event: Fields, document: Document) -> None:
        """Take in what a webhook was told: the ticket, and the comment that was added."""
        ticket = fields_of(event.get("detail"))
        for _ in self._ticket({**ticket, "is_event": True}, document.source):
            pass
        if comment := fields_of(fields_of(event.get("event")).get("comment")):
            author = fields_of(comment.get("author"))
            said = {
                **comment,
                "ticket_id": ident(ticket.get("id")),
                "author_id": author.get("id"),
                "author": {"id": author.get("id"), "name": author.get("name"), "agent": author.get("is_staff")},
                "public": comment.get("is_public"),
                "created_at": event.get("time"),
            }
            self._comment(said, document)

    def _listed(self, document: Document) -> Iterator[Case]:
        for key in _LISTS:
            for source, item in document.items(key):
                if not isinstance(item, dict):
                    continue
                if _is_chat(item):
                    yield Case(ident(item.get("id")), source, item)
                elif _is_ticket(item):
                    yield from self._ticket(item, source)
                else:
                    self._comment(item, document, source)

    def _ticket(self, ticket: Fields, source: Source) -> Iterator[Case]:
        for key in _PERSON_KEYS:
            self._meet(fields_of(ticket.get(key)))
        self._meet_staff(ticket)
        comments = ticket.get("comments")
        if isinstance(comments, list):
            self._meet_writers(_objects(comments))
            yield Case(ident(ticket.get("id")), source, ticket, comments, self.people)
        else:
            key = ident(ticket.get("id")) or f"#{len(self.tickets)}"
            self.tickets[key] = (source, {**self.tickets.get(key, (source, {}))[1], **ticket})

    def _comment(self, item: Fields, document: Document, source: Source | None = None) -> None:
        request = _TICKET_OF_REQUEST.search(document.request)
        ticket = (
            ident(item.get("ticket_id"))
            or ident(item.get("request_id"))
            or ident(document.value.get("ticket_id"))
            or (request[1] if request else "")
            # Comments of one response without any id belong together.
            or f"#{document.source.line}{document.request}"
        )
        comments = list(_comments_of(item))
        self._meet_writers(comments)
        self.places.setdefault(ticket, source or document.source)
        self.comments.setdefault(ticket, []).extend(comments)
        if requester := _requester_in(item):
            self.requesters.setdefault(ticket, requester)

    def _meet(self, person: Fields) -> None:
        if key := ident(person.get("id")):
            known = {name: value for name, value in person.items() if value is not None}
            self.people[key] = {**self.people.get(key, {}), **known}

    def _meet_staff(self, ticket: Fields) -> None:
        requester, submitter = ident(ticket.get("requester_id")), ident(ticket.get("submitter_id"))
        self._infer(ident(ticket.get("assignee_id")), "assigned to tickets")
        if submitter and requester and submitter != requester:
            self._infer(submitter, "submits tickets for others")

    def _meet_writers(self, comments: Iterable[Fields]) -> None:
        for comment in comments:
            self._meet(fields_of(comment.get("author")))
            if comment.get("public") is False:
                self._infer(ident(comment.get("author_id")), "writes internal comments")

    def _infer(self, key: str, why: str) -> None:
        if key and key != "-1":
            self.people[key] = {"staff": why, **self.people.get(key, {})}

    def rest(self) -> Iterator[Case]:
        """Yield the cases whose parts lay apart, in the order in which they came."""
        for key, (source, ticket) in self.tickets.items():
            yield Case("" if key.startswith("#") else key, source, ticket, self.comments.pop(key, ()), self.people)
        for key, comments in self.comments.items():
            ticket = {"requester_id": self.requesters[key]} if key in self.requesters else {}
            yield Case("" if key.startswith("#") else key, self.places[key], ticket, comments, self.people)


_PERSON_KEYS = ("requester", "submitter", "assignee")


def _objects(value: object) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _requester_in(item: Fields) -> str:
    """Return who asked, if an audit or event tells how the ticket was made."""
    for event in _objects(item.get("events")) + _objects(item.get("child_events")):
        if event.get("field_name") == "requester_id":
            return ident(event.get("value"))
        if "Create" in (event.get("type"), event.get("event_type")) and (found := ident(event.get("requester_id"))):
            return found
    return ""


def _comments_of(item: Fields) -> Iterator[Fields]:
    """Yield the comments in an item: itself, or those among the events of an audit."""
    if _is_audit(item) or _is_ticket_event(item):
        author = item.get("author_id", item.get("updater_id"))
        shared = {
            "author_id": author,
            "created_at": item.get("created_at", item.get("timestamp")),
            "via": item.get("via"),
        }
        for event in _objects(item.get("events")) + _objects(item.get("child_events")):
            kinds = {ident(event.get("type")), ident(event.get("event_type"))}
            if kinds & _SAID:
                yield {**shared, **{key: value for key, value in event.items() if value is not None}}
            elif "ChatStartedEvent" in kinds:
                yield from history_comments(event.get("value"))
    else:
        yield item


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    account = _Account()
    for document in found:
        yield from account.learn(document)
    yield from account.rest()


def _thread(case: Case, trace: Trace) -> Thread:
    ticket = case.fields
    if _is_chat(ticket):
        return _chat(ticket, trace)
    comments = _without_doubles(objects(list(case.messages), "comments", trace), trace)
    if comments and is_sunshine_message(comments[0]):
        return sunshine_thread(case, trace)
    messages = _spoken([_message(comment, case, trace) for comment in comments], case, trace)
    via = fields_of(ticket.get("via")) or fields_of(comments[0].get("via") if comments else None)
    return Thread(
        _with_description(messages, case),
        _CHANNELS.get(ident(via.get("channel")), Channel.TICKET),
        {key: ticket.get(key) for key in ("subject", "status", "priority", "type", "tags", "satisfaction_rating")},
        is_ordered=True,
    )


def _spoken(comments: Sequence[Message], case: Case, trace: Trace) -> list[Message]:
    """Return the comments in order, those that are transcripts of chats as what was said in them."""
    messages: list[Message] = []
    has_history = any(message.metadata.get("is_chat") for message in comments)
    for message in in_order(comments):
        parts = split_transcript(message, case)
        if len(parts) > 1 and has_history:
            trace.left_out("transcript in a comment: the chat itself stands in the audits")
        else:
            messages += parts
    return messages


def _with_description(messages: list[Message], case: Case) -> list[Message]:
    """Return the messages; the ticket's own first, where they came without it."""
    first = _description(case) if not messages or case.fields.get("is_event") else []
    known = {message.text.strip() for message in messages}
    return [*(message for message in first if message.text.strip() not in known), *messages]


def _without_doubles(comments: Iterable[Fields], trace: Trace) -> list[Fields]:
    """Return the comments, each once: pages of incremental exports overlap."""
    kept: dict[object, Fields] = {}
    for index, comment in enumerate(comments):
        key = ident(comment.get("id"))
        same = (key, str(comment.get("body")), str(comment.get("html_body"))) if key else index
        if same in kept:
            trace.left_out("the same comment once more")
        kept.setdefault(same, comment)
    return list(kept.values())


def _message(comment: Fields, case: Case, trace: Trace) -> Message:
    author = ident(comment.get("author_id")) or ident(fields_of(comment.get("author")).get("id"))
    person = {**case.people.get(author, {}), **fields_of(comment.get("author"))}
    is_internal = comment.get("public") is False
    role, evidence = _role(comment, author, person, case)
    if role is None and is_internal:
        role, evidence = Role.AGENT, "writes an internal comment"
    if ident(comment.get("type")) in _VOICE:
        role, evidence = Role.SYSTEM, "voice comment"
    # The plain form comes with the no-break spaces of the HTML from which it was made.
    plain = body_text(comment, ("plain_body",), ()).replace("&nbsp;", "\u00a0")
    return Message(
        text=plain or body_text(comment, (), ("html_body",)) or body_text(comment, ("body",), ()),
        role=role,
        evidence=evidence,
        author=word(person.get("name")),
        author_id=author or None,
        address=word(person.get("email")),
        sent=moment(comment.get("created_at")),
        is_internal=is_internal,
        metadata={
            "id": ident(comment.get("id")),
            "attachments": attachments_of(comment, "attachments", ("file_name",), trace),
            "is_chat": comment.get("is_chat"),
        },
    )


def _role(comment: Fields, author: str, person: Fields, case: Case) -> tuple[Role | None, str]:
    channel = ident(fields_of(comment.get("via")).get("channel"))
    if channel in _AUTOMATIC or author == "-1":
        return Role.BOT, "via.channel is rule or system"
    if (role := _USER_ROLES.get(ident(person.get("role")).casefold())) is not None:
        return role, f"users[].role is {person['role']}"
    if isinstance(person.get("agent"), bool):
        return (Role.AGENT if person["agent"] else Role.CUSTOMER), "users[].agent"
    if why := word(person.get("staff")):
        return Role.AGENT, why
    requester = ident(case.fields.get("requester_id")) or ident(fields_of(case.fields.get("requester")).get("id"))
    if author and author == requester:
        return Role.CUSTOMER, "requester_id"
    return None, ""


def _description(case: Case) -> list[Message]:
    """Return the first message of a ticket that came without its comments."""
    ticket = case.fields
    text = body_text(ticket, ("description",), ())
    if not text or ticket.get("status") == "deleted":
        return []
    author = (
        ident(ticket.get("submitter_id"))
        or ident(ticket.get("requester_id"))
        or ident(fields_of(ticket.get("requester")).get("id"))
    )
    person = case.people.get(author, {})
    role, evidence = _role({"via": ticket.get("via")}, author, person, case)
    return [
        Message(
            text=text,
            role=role,
            evidence=evidence,
            author=word(person.get("name")),
            author_id=author or None,
            address=word(person.get("email")),
            sent=moment(ticket.get("created_at")),
            is_internal=ticket.get("is_public") is False,
        )
    ]


def _chat(chat: Fields, trace: Trace) -> Thread:
    visitor = fields_of(chat.get("visitor"))
    messages = []
    for item in objects(chat.get("history"), "history", trace):
        kind = ident(item.get("type"))
        nick = ident(item.get("nick"))
        sender = ident(item.get("sender_type")).casefold() or nick.partition(":")[0].casefold()
        if kind not in {"chat.msg", ""}:
            trace.left_out(f"event: {kind}")
            continue
        role = _CHAT_SENDERS.get(sender)
        messages.append(
            Message(
                text=body_text(item, ("msg", "message"), ()),
                role=role,
                evidence="sender_type or nick",
                author=word(item.get("name")) or (word(visitor.get("name")) if role is Role.CUSTOMER else None),
                author_id=ident(item.get("agent_id")) or nick or None,
                sent=moment(item.get("timestamp")),
                metadata={"id": ident(item.get("msg_id"))},
            )
        )
    return Thread(messages, Channel.CHAT, {"tags": chat.get("tags"), "rating": chat.get("rating")})


READER = HelpdeskReader(
    name="zendesk", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
