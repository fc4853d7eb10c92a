"""Front: conversations, their messages and the team's comments, as its API gives them."""

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
    first_object,
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
    title="Front conversations",
    family=Family.HELPDESK,
    versions="Core API: messages and comments of conversations, conversations with their `messages` and `comments`,"
    " events, also as webhooks send them",
    reads=(
        "messages with `text`, else `body` (HTML), the oldest first",
        "comments as internal; `type` of the messages as the channel",
        "`subject`, `status`, `tags` of the conversation",
    ),
    ignores=(
        "drafts",
        "content of attachments (their names are kept)",
        "`blurb` and `last_message`: the beginning of what stands elsewhere",
    ),
    roles="`is_inbound`: true is the customer, false an agent",
    example="convscan scan messages.json --from front",
)

_CONVERSATION = re.compile(r"/conversations/(cnv_\w+)")
_CHANNELS: Mapping[str, Channel] = {
    "email": Channel.EMAIL,
    **dict.fromkeys(("sms", "whatsapp", "front_chat", "intercom", "smooch", "truly"), Channel.CHAT),
    **dict.fromkeys(("tweet", "tweet_dm", "facebook", "googleplay", "yalo"), Channel.SOCIAL),
    **dict.fromkeys(("call", "phone-call", "voicemail"), Channel.CALL),
}
_LISTS = ("_results", "messages", "comments", "conversations")


def _is_message(item: Fields) -> bool:
    return "is_inbound" in item and ("body" in item or "text" in item)


def _is_comment(item: Fields) -> bool:
    return "posted_at" in item and "body" in item and "author" in item


def _is_conversation(item: Fields) -> bool:
    return ident(item.get("id")).startswith("cnv_") and ("status" in item or "subject" in item or "messages" in item)


def _is_event(item: Fields) -> bool:
    """Tell an event: a message or comment as its target, with the conversation beside it."""
    said = _target(item)
    return isinstance(item.get("conversation"), dict) and (_is_message(said) or _is_comment(said))


def _target(event: Fields) -> Fields:
    return fields_of(fields_of(event.get("target")).get("data"))


def _is_document(item: Fields) -> bool:
    tests = (_is_message, _is_comment, _is_conversation, _is_event)
    return any(test(item) for test in tests) or any(is_objects(item.get(key), t) for key in _LISTS for t in tests)


@dataclass(slots=True)
class _Inbox:
    """Conversations and messages of a file, gathered until it is whole."""

    conversations: dict[str, tuple[Source, Fields]] = field(default_factory=dict)
    items: dict[str, list[Fields]] = field(default_factory=dict)
    places: dict[str, Source] = field(default_factory=dict)

    def learn(self, item: Fields, source: Source, request: str) -> Iterator[Case]:
        """Take in a conversation, a message or a comment; yield a conversation that holds its messages."""
        if _is_event(item):
            conversation = fields_of(item["conversation"])
            # Every event repeats the conversation as it then was.
            self.conversations[ident(conversation.get("id"))] = (source, conversation)
            yield from self.learn({**_target(item), "conversation_id": conversation.get("id")}, source, request)
        elif _is_message(item) or _is_comment(item):
            key = _conversation_of(item) or _id_in(request) or f"#{request}"
            self.items.setdefault(key, []).append(item)
            self.places.setdefault(key, source)
        elif _is_conversation(item):
            key = ident(item.get("id"))
            if isinstance(item.get("messages"), list) or isinstance(item.get("comments"), list):
                yield Case(key, source, item)
            else:
                self.conversations[key] = (source, item)

    def rest(self) -> Iterator[Case]:
        """Yield the conversations whose messages lay apart, then messages without a conversation."""
        for key, (source, conversation) in self.conversations.items():
            yield Case(key, source, conversation, self.items.pop(key, ()))
        for key, items in self.items.items():
            yield Case("" if key.startswith("#") else key, self.places[key], {}, items)


def _conversation_of(item: Fields) -> str:
    """Return the id in the links of a message or comment."""
    links = fields_of(fields_of(item.get("_links")).get("related"))
    return _id_in(ident(links.get("conversation")) or ident(links.get("conversations"))) or ident(
        item.get("conversation_id")
    )


def _id_in(address: str) -> str:
    found = _CONVERSATION.search(address)
    return found[1] if found else ""


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    inbox = _Inbox()
    for document in found:
        value = document.value
        if _is_message(value) or _is_comment(value) or _is_conversation(value) or _is_event(value):
            yield from inbox.learn(value, document.source, document.request)
            continue
        own = fields_of(value.get("conversation"))
        if isinstance(value.get("messages"), list) or isinstance(value.get("comments"), list):
            yield Case(ident(own.get("id")) or ident(value.get("id")), document.source, {**own, **value})
            continue
        for key in _LISTS:
            for source, item in document.items(key):
                yield from inbox.learn(fields_of(item), source, document.request)
    yield from inbox.rest()


def _thread(case: Case, trace: Trace) -> Thread:
    conversation = case.fields
    items = [
        *objects(conversation.get("messages"), "messages", trace),
        *objects(conversation.get("comments"), "comments", trace),
        *objects(list(case.messages), "messages", trace),
    ]
    sent = [item for item in items if item.get("is_draft") is not True]
    if len(sent) < len(items):
        trace.left_out("draft: it was not sent", count=len(items) - len(sent))
    kind = next((ident(item.get("type")) for item in sent if _is_message(item)), "")
    tags = conversation.get("tags")
    return Thread(
        [_message(item, trace) if "is_inbound" in item else _comment(item, trace) for item in sent],
        _CHANNELS.get(kind, Channel.TICKET),
        {
            "subject": word(conversation.get("subject")),
            "status": conversation.get("status"),
            "tags": [ident(tag.get("name")) for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else [],
        },
    )


def _message(item: Fields, trace: Trace) -> Message:
    is_inbound = item.get("is_inbound")
    author = fields_of(item.get("author"))
    origin = _sender(item)
    return Message(
        text=body_text(item, ("text",), ("body",)),
        role=(Role.CUSTOMER if is_inbound else Role.AGENT) if isinstance(is_inbound, bool) else None,
        evidence=f"is_inbound is {str(is_inbound).lower()}",
        author=_name(author) or word(origin.get("name")),
        author_id=ident(author.get("id")) or None,
        address=word(author.get("email")) or word(origin.get("handle")),
        sent=moment(item.get("created_at")),
        metadata={
            "id": ident(item.get("id")),
            "attachments": attachments_of(item, "attachments", ("filename",), trace),
        },
    )


def _comment(item: Fields, trace: Trace) -> Message:
    author = fields_of(item.get("author"))
    return Message(
        text=body_text(item, ("body",), ()),
        role=Role.AGENT,
        evidence="comment of the team",
        author=_name(author),
        author_id=ident(author.get("id")) or None,
        address=word(author.get("email")),
        sent=moment(item.get("posted_at")),
        is_internal=True,
        metadata={
            "id": ident(item.get("id")),
            "attachments": attachments_of(item, "attachments", ("filename",), trace),
        },
    )


def _sender(item: Fields) -> Fields:
    recipients = item.get("recipients")
    found = recipients if isinstance(recipients, list) else []
    return first_object([one for one in found if isinstance(one, dict) and one.get("role") == "from"])


def _name(author: Fields) -> str | None:
    return name_of(author, "first_name", "last_name") or word(author.get("name")) or word(author.get("username"))


READER = HelpdeskReader(name="front", description=_DESCRIPTION, is_document=_is_document, cases=_cases, thread=_thread)
