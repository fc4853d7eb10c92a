"""Help Scout: conversations with their threads, as its API gives them."""

import re
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
    title="Help Scout conversations",
    family=Family.HELPDESK,
    versions="Mailbox API 2 (conversations with `embed=threads`, lists, threads of a conversation, webhooks)"
    " and 1 (`item`, `items`)",
    reads=(
        "threads of type customer, message, reply, chat, phone and forward, the oldest first; HTML bodies as words",
        "`note` threads as internal; `lineitem` threads as system",
        "`type` as the channel; `subject`, `status`, `tags` of the conversation",
    ),
    ignores=("drafts and hidden threads", "content of attachments (their names are kept)"),
    roles="`type` of the thread: customer is the customer, message and reply an agent;"
    " of chats and calls `createdBy.type`: customer, or user, who is an agent",
    example="convscan scan conversations.json --from helpscout",
)

_CONVERSATION = re.compile(r"/conversations/(\d+)")
_TYPES = frozenset(
    {"customer", "message", "reply", "note", "chat", "beaconchat", "phone", "lineitem"}
    | {"forwardparent", "forwardchild"}
)
_CHANNELS: Mapping[str, Channel] = {"email": Channel.EMAIL, "chat": Channel.CHAT, "phone": Channel.CALL}
_UNSEEN = frozenset({"draft", "hidden"})


def _is_thread(item: Fields) -> bool:
    return ident(item.get("type")) in _TYPES and "createdBy" in item and ("body" in item or "action" in item)


def _is_conversation(item: Fields) -> bool:
    held = fields_of(item.get("_embedded"))
    is_version_2 = "primaryCustomer" in item and "mailboxId" in item
    is_version_1 = isinstance(item.get("mailbox"), dict) and "threadCount" in item
    return is_version_2 or is_version_1 or ("subject" in item and is_objects(held.get("threads"), _is_thread))


def _is_document(item: Fields) -> bool:
    held = fields_of(item.get("_embedded"))
    return (
        _is_thread(item)
        or _is_conversation(item)
        or is_objects(held.get("conversations"), _is_conversation)
        or is_objects(held.get("threads"), _is_thread)
        or _is_conversation(fields_of(item.get("item")))
        or is_objects(item.get("items"), _is_conversation)
    )


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    conversations: dict[str, tuple[Source, Fields]] = {}
    loose: dict[str, tuple[Source, list[object]]] = {}
    for document in found:
        for source, item in _items(document):
            if _is_thread(item):
                key = ident(item.get("conversationId"))
                loose.setdefault(key, (source, []))[1].append(item)
            elif _threads_of(item) is not None:
                yield Case(ident(item.get("id")), source, item)
            else:
                conversations[ident(item.get("id"))] = (source, item)
        held = fields_of(document.value.get("_embedded")).get("threads")
        if not _is_conversation(document.value) and isinstance(held, list):
            own = fields_of(fields_of(document.value.get("_links")).get("self")).get("href")
            named = _CONVERSATION.search(document.request) or _CONVERSATION.search(word(own) or "")
            loose.setdefault(named[1] if named else document.request, (document.source, []))[1].extend(held)
    for key, (source, conversation) in conversations.items():
        yield Case(key, source, conversation, loose.pop(key, (source, []))[1])
    for key, (source, threads) in loose.items():
        yield Case(key if key.isalnum() else "", source, {}, threads)


def _items(document: Document) -> Iterator[tuple[Source, Fields]]:
    value = document.value
    if _is_conversation(value) or _is_thread(value):
        yield document.source, value
        return
    if item := fields_of(value.get("item")):
        yield document.source, item
    for source, listed in document.items("items"):
        if isinstance(listed, dict):
            yield source, listed
    held = fields_of(value.get("_embedded")).get("conversations")
    for listed in held if isinstance(held, list) else ():
        if isinstance(listed, dict):
            yield document.source, listed


def _threads_of(conversation: Fields) -> object:
    """Return the threads that a conversation holds; `threads` itself may be their number."""
    held = fields_of(conversation.get("_embedded")).get("threads")
    return held if held is not None or not isinstance(conversation.get("threads"), list) else conversation["threads"]


def _thread(case: Case, trace: Trace) -> Thread:
    conversation = case.fields
    items = objects(_threads_of(conversation), "threads", trace) + objects(list(case.messages), "threads", trace)
    sent = [item for item in items if ident(item.get("state")) not in _UNSEEN]
    if len(sent) < len(items):
        trace.left_out("draft or hidden thread: the customer never saw it", count=len(items) - len(sent))
    tags = conversation.get("tags")
    names = [word(fields_of(tag).get("tag")) or word(tag) for tag in tags] if isinstance(tags, list) else []
    return Thread(
        [_message(item, trace) for item in sent],
        _CHANNELS.get(ident(conversation.get("type")), Channel.TICKET),
        {
            "subject": word(conversation.get("subject")),
            "status": conversation.get("status"),
            "tags": [name for name in names if name],
        },
    )


def _message(item: Fields, trace: Trace) -> Message:
    kind = ident(item.get("type"))
    author = fields_of(item.get("createdBy")) or fields_of(item.get("customer"))
    text = body_text(item, (), ("body",))
    if kind == "lineitem" and not text:
        action = fields_of(item.get("action"))
        text = word(action.get("text")) or word(item.get("actionType")) or word(action.get("type")) or kind
    role, evidence = _role(item, kind, author)
    held = fields_of(item.get("_embedded"))
    return Message(
        text=text,
        role=role,
        evidence=evidence,
        author=name_of(author, "first", "last") or name_of(author, "firstName", "lastName"),
        author_id=ident(author.get("id")) or None,
        address=word(author.get("email")),
        sent=moment(item.get("createdAt")),
        is_internal=kind == "note",
        metadata={
            "id": ident(item.get("id")),
            "type": kind,
            "attachments": attachments_of(held or item, "attachments", ("filename", "fileName"), trace),
        },
    )


def _role(item: Fields, kind: str, author: Fields) -> tuple[Role | None, str]:
    if kind == "customer":
        return Role.CUSTOMER, "type is customer"
    if kind == "lineitem":
        return Role.SYSTEM, "type is lineitem"
    if kind in {"message", "reply", "note"}:
        return Role.AGENT, f"type is {kind}"
    by = ident(author.get("type")) or ident(fields_of(item.get("source")).get("via"))
    if by in {"customer", "user"}:
        return (Role.CUSTOMER if by == "customer" else Role.AGENT), f"createdBy.type is {by}"
    return None, ""


READER = HelpdeskReader(
    name="helpscout", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread
)
