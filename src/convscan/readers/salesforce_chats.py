"""Chats in Salesforce: transcripts of Live Agent in one field, entries of its messaging."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from convscan.conversation import Channel, Role
from convscan.errors import TranscriptError
from convscan.readers.helpdesk import Case, Fields, Message, Thread, fields_of, ident, moment, objects, word
from convscan.readers.helpdesk_html import words_of_html
from convscan.readers.trace import Trace
from convscan.timestamps import read_moment

# As in `( 5s ) Jo K: Hello` and `( 1h 2m 3s ) Ana: …`.
_LINE = re.compile(
    r"^\(\s?(?:(?P<hours>\d{1,3})h\s)?(?:(?P<minutes>\d{1,3})m\s)?(?P<seconds>\d{1,6})s\s?\)\s+"
    r"(?P<name>[^\n:]{1,80}): ?(?P<words>.*)$",
    re.MULTILINE,
)
_AGENT = re.compile(r"^Agent[ \t]+(.{1,80})$", re.MULTILINE)
_BOT = re.compile(r"^Chatbot[ \t]+(.{1,80})$", re.MULTILINE | re.IGNORECASE)
_TRANSFER = re.compile(r"^Chat Transferred From[ \t]+(.{1,80}?)[ \t]+To[ \t]+(.{1,80})$", re.MULTILINE)
# Notices stand in paragraphs of their own, behind what was said last.
_NOTICE = re.compile(
    r"(?:\n\n(?:Chat (?:Started|Origin|Transferred|Ended)\b[^\n]{0,200}|(?:Agent|Chatbot)[ \t][^\n]{1,80})){1,4}\s*\Z"
)
_TRANSCRIPT_KEYS = frozenset({"livechatvisitorid", "chatkey"})
# Source: `sender.role` and `ActorType` of conversation entries in the API reference.
_SENDERS: Mapping[str, Role] = {
    "enduser": Role.CUSTOMER,
    "agent": Role.AGENT,
    "supervisor": Role.AGENT,
    "chatbot": Role.BOT,
    "bot": Role.BOT,
    "system": Role.SYSTEM,
    "router": Role.SYSTEM,
}


def has_transcript_columns(columns: frozenset[str]) -> bool:
    """Tell the columns of LiveChatTranscript.

    Args:
        columns: Their names without case, blanks and marks.
    """
    return "body" in columns and not _TRANSCRIPT_KEYS.isdisjoint(columns)


def is_transcript(item: Fields) -> bool:
    """Tell a record of LiveChatTranscript, or a row of its table."""
    kind = ident(fields_of(item.get("attributes")).get("type"))
    return kind == "LiveChatTranscript" or ("Body" in item and ("LiveChatVisitorId" in item or "ChatKey" in item))


def transcript_thread(case: Case) -> Thread:
    """Return what was said in a chat from the transcript in its `Body`.

    Raises:
        TranscriptError: If there are words in it, but no line of a chat.
    """
    record = case.fields
    body = words_of_html(word(record.get("Body")) or "")
    roles = _roles_in(body)
    lines = list(_LINE.finditer(body))
    if body and not lines:
        raise TranscriptError("Body: no line of a chat such as '( 5s ) Jo: Hello' is in it; export it again")
    ends = [*(line.start() for line in lines[1:]), len(body)][: len(lines)]
    begun = word(record.get("StartTime"))
    messages = [
        _said(line, body[line.start("words") : end], roles, begun) for line, end in zip(lines, ends, strict=True)
    ]
    subject = {"case": word(record.get("CaseId")), "status": word(record.get("Status"))}
    return Thread(messages, Channel.CHAT, subject, is_ordered=True)


def _said(line: re.Match[str], words: str, roles: Mapping[str, tuple[Role, str]], begun: str | None) -> Message:
    name = line["name"].strip()
    # Whoever is named as no agent is the visitor, but only where agents are named at all.
    role, evidence = roles.get(name.casefold()) or (
        (Role.CUSTOMER, "the one beside the agents") if roles else (None, "")
    )
    notice = _NOTICE.search(words)
    return Message(
        text=(words[: notice.start()] if notice else words).strip(),
        role=role,
        evidence=evidence,
        author=name,
        sent=_later(begun, line),
    )


def _roles_in(body: str) -> dict[str, tuple[Role, str]]:
    """Return who the notices of the transcript name, without case."""
    agents = [*_AGENT.findall(body), *(name for names in _TRANSFER.findall(body) for name in names)]
    found = {name.strip().casefold(): (Role.AGENT, "notice `Agent …` of the transcript") for name in agents}
    return found | {
        name.strip().casefold(): (Role.BOT, "notice `Chatbot …` of the transcript") for name in _BOT.findall(body)
    }


def _later(begun: str | None, line: re.Match[str]) -> str | None:
    """Return the time of a line, which the transcript counts from the start of the chat."""
    offset = timedelta(
        hours=int(line["hours"] or 0), minutes=int(line["minutes"] or 0), seconds=int(line["seconds"] or 0)
    )
    start = read_moment(begun)
    try:
        return None if start is None else (start + offset).isoformat()
    except OverflowError:
        return None


# -- entries of messaging --------------------------------------------------------------------


def is_entry(item: Fields) -> bool:
    """Tell an entry of a messaging conversation, as the Connect API or a query gives it."""
    if "entryType" in item and isinstance(item.get("sender"), dict):
        return True
    return {"EntryType", "ActorType"} <= item.keys()


def entries_in(item: Fields) -> Iterator[Fields]:
    """Yield the entries in an answer of the Connect API."""
    listed = item.get("conversationEntries")
    yield from (entry for entry in listed if isinstance(entry, dict)) if isinstance(listed, list) else ()


def conversation_of(entry: Fields) -> str:
    """Return the id of the conversation to which an entry belongs; empty if it names none."""
    return ident(entry.get("ConversationId")) or ident(entry.get("conversationId"))


def entries_thread(case: Case, trace: Trace) -> Thread:
    """Return what was said in a messaging conversation."""
    messages: list[Message] = []
    for entry in objects(list(case.messages), "conversationEntries", trace):
        text = word(entry.get("messageText")) or word(entry.get("Message"))
        if text is None:
            kind = ident(entry.get("entryType")) or ident(entry.get("EntryType")) or "no type"
            trace.left_out(f"entry without words: {kind}")
            continue
        messages.append(_entry(entry, text))
    return Thread(messages, Channel.CHAT)


def _entry(entry: Fields, text: str) -> Message:
    sender = fields_of(entry.get("sender"))
    kind = ident(sender.get("role")) or ident(entry.get("ActorType"))
    return Message(
        text=text,
        role=_SENDERS.get(kind.casefold()),
        evidence=f"the sender's role is {kind}",
        author=word(entry.get("ActorName")) or word(entry.get("senderDisplayName")),
        author_id=ident(sender.get("subject")) or ident(entry.get("ActorId")) or None,
        sent=moment(entry.get("clientTimestamp") or entry.get("serverReceivedTimestamp") or entry.get("EntryTime")),
        metadata={"id": ident(entry.get("identifier")) or ident(entry.get("Id"))},
    )
