"""Gorgias: tickets with their messages, as its API gives them."""

from collections.abc import Iterable, Iterator, Mapping

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
    is_objects,
    moment,
    name_of,
    objects,
    word,
)
from convscan.readers.json_values import Document
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Gorgias tickets and messages",
    family=Family.HELPDESK,
    versions="REST API: ticket with messages, list of tickets, messages of a ticket",
    reads=(
        "`messages[]` with `body_text`, else `body_html`, else the stripped forms",
        "`public: false` and the channel `internal-note` as internal; `channel` as the channel",
        "`subject`, `status`, `tags`, `language` of the ticket",
    ),
    ignores=(
        "content of attachments (their names are kept)",
        "`stripped_text`, where the whole body is there: quoted mail is told apart later",
        "events of the ticket",
    ),
    roles="`from_agent` of each message: true is an agent, false the customer; what a rule sends (`rule_id`, `via`) a"
    " bot's",
    example="convscan scan tickets.json --from gorgias",
)

_CHANNELS: Mapping[str, Channel] = {
    **dict.fromkeys(("email", "contact_form", "help-center"), Channel.EMAIL),
    **dict.fromkeys(("chat", "sms", "whatsapp", "facebook-messenger", "instagram-direct-message"), Channel.CHAT),
    **dict.fromkeys(("phone", "aircall"), Channel.CALL),
    **dict.fromkeys(("facebook", "facebook-mention", "facebook-recommendations", "yotpo-review"), Channel.SOCIAL),
    **dict.fromkeys(("instagram", "instagram-comment", "instagram-mention", "instagram-ad-comment"), Channel.SOCIAL),
    **dict.fromkeys(("twitter", "twitter-direct-message"), Channel.SOCIAL),
}
_NOTE = "internal-note"


def _is_message(item: Fields) -> bool:
    return "from_agent" in item and ("body_text" in item or "body_html" in item) and "channel" in item


def _is_ticket(item: Fields) -> bool:
    is_filled = is_objects(item.get("messages"), _is_message)
    return is_filled or ("customer" in item and "assignee_user" in item and "channel" in item and "via" in item)


def _is_document(item: Fields) -> bool:
    if _is_message(item) or _is_ticket(item):
        return True
    return any(is_objects(item.get("data"), test) for test in (_is_message, _is_ticket))


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    tickets: dict[str, tuple[Source, Fields]] = {}
    loose: dict[str, tuple[Source, list[Fields]]] = {}
    for document in found:
        is_item = _is_message(document.value) or _is_ticket(document.value)
        for source, item in [(document.source, document.value)] if is_item else document.items("data"):
            fields = fields_of(item)
            if isinstance(fields.get("messages"), list):
                yield Case(ident(fields.get("id")), source, fields)
            elif _is_message(fields):
                key = ident(fields.get("ticket_id"))
                loose.setdefault(key, (source, []))[1].append(fields)
            elif _is_ticket(fields):
                tickets[ident(fields.get("id"))] = (source, fields)
    for key, (source, ticket) in tickets.items():
        yield Case(key, source, ticket, loose.pop(key, (source, []))[1])
    for key, (source, messages) in loose.items():
        yield Case(key, source, {}, messages)


def _thread(case: Case, trace: Trace) -> Thread:
    ticket = case.fields
    items = objects(ticket.get("messages"), "messages", trace) + objects(list(case.messages), "messages", trace)
    first = next((ident(item.get("channel")) for item in items if item.get("channel") != _NOTE), "")
    tags = ticket.get("tags")
    return Thread(
        [_message(item, trace) for item in items],
        _CHANNELS.get(ident(ticket.get("channel")) or first, Channel.TICKET),
        {
            "subject": word(ticket.get("subject")),
            "status": ticket.get("status"),
            "tags": [ident(tag.get("name")) for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else [],
        },
        language=_language(ticket.get("language")),
    )


def _language(value: object) -> str | None:
    code = (word(value) or "").lower().partition("-")[0]
    return code if len(code) == 2 and code.isalpha() and code.isascii() else None  # noqa: PLR2004 - ISO 639-1


def _message(item: Fields, trace: Trace) -> Message:
    sender = fields_of(item.get("sender"))
    origin = fields_of(fields_of(item.get("source")).get("from"))
    role, evidence = _role(item)
    is_internal = item.get("public") is False or item.get("channel") == _NOTE
    if role is None and is_internal:
        role, evidence = Role.AGENT, "writes an internal note"
    return Message(
        text=body_text(item, ("body_text",), ("body_html",)) or body_text(item, ("stripped_text",), ("stripped_html",)),
        role=role,
        evidence=evidence,
        author=word(sender.get("name")) or name_of(sender, "firstname", "lastname") or word(origin.get("name")),
        author_id=ident(sender.get("id")) or None,
        address=word(sender.get("email")) or word(origin.get("address")),
        sent=moment(item.get("sent_datetime") or item.get("created_datetime")),
        is_internal=is_internal,
        metadata={
            "id": ident(item.get("id")),
            "failed": moment(item.get("failed_datetime")),
            "attachments": attachments_of(item, "attachments", ("name",), trace),
        },
    )


def _role(item: Fields) -> tuple[Role | None, str]:
    from_agent = item.get("from_agent")
    if from_agent is True and (ident(item.get("rule_id")) or item.get("via") == "rule"):
        return Role.BOT, "rule_id or via rule"
    if isinstance(from_agent, bool):
        return (Role.AGENT if from_agent else Role.CUSTOMER), f"from_agent is {str(from_agent).lower()}"
    return None, ""


READER = HelpdeskReader(
    name="gorgias", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
