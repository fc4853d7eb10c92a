"""Salesforce: comments and e-mails of cases, and chats, as CSV exports or answers of its API."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Channel, Role, Source
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record
from convscan.readers.description import Description, Family
from convscan.readers.helpdesk import (
    Case,
    Fields,
    Message,
    Thread,
    body_text,
    fields_of,
    ident,
    is_objects,
    moment,
    objects,
    read_cases,
    stands_in,
    word,
)
from convscan.readers.json_text import first_lines, opens_json
from convscan.readers.json_values import Document, documents
from convscan.readers.opening import open_input
from convscan.readers.salesforce_chats import (
    conversation_of,
    entries_in,
    entries_thread,
    has_transcript_columns,
    is_entry,
    is_transcript,
    transcript_thread,
)
from convscan.readers.tables.documents import table_documents
from convscan.readers.text_encoding import decode_text
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Salesforce case comments, case e-mails and chats",
    family=Family.HELPDESK,
    versions="CaseComment, EmailMessage and LiveChatTranscript as CSV (Data Loader, Data Export, reports) and as"
    " records of the REST API, also inside a Case; entries of messaging (Connect API, ConversationEntry)",
    reads=(
        "a row a comment (`CommentBody`) or e-mail (`TextBody`, else `HtmlBody`), joined by `ParentId` or case number",
        "`IsPublished` false (in reports: `Public` 0) as internal",
        "`Description` of a case as its first message, if no e-mail of it says the same",
        "`Body` of LiveChatTranscript line by line, with times from `StartTime`; entries with words",
        "names by `CreatedBy.Name` or `Created By`; times by `CreatedDate` or `MessageDate`",
    ),
    ignores=("rows that are deleted (`IsDeleted`)", "other columns"),
    roles="`Incoming` of e-mails; `CreatedBy.UserType`: Standard is an agent, portal users and guests are customers;"
    " whoever writes internal comments is an agent; in chats the notices `Agent …`, the sender's role;"
    " else how they talk; with weak evidence an error that names --role",
    example="convscan scan CaseComment.csv --from salesforce --role 0058d000001XyZ=agent",
)

# Columns by what they hold, without case, blanks and marks, as the API and as reports name them.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "casecommentid", "emailmessageid"),
    "case": ("parentid", "caseid", "casenumber", "parentcasenumber"),
    "body": ("commentbody", "casecomments", "casecomment", "comments", "textbody"),
    "html": ("htmlbody",),
    "published": ("ispublished", "published", "public"),
    "author_id": ("createdbyid",),
    "author": (
        "createdbyname",
        "createdby",
        "commentcreatedby",
        "casecommentcreatedby",
        "createdbyfullname",
        "fromname",
    ),
    "address": ("createdbyemail", "fromaddress"),
    "user_type": ("createdbyusertype", "createdbyprofileusertype"),
    "incoming": ("incoming", "isincoming"),
    "created": ("createddate", "commentcreateddate", "casecommentcreateddate", "messagedate"),
    "deleted": ("isdeleted",),
    "subject": ("parentsubject", "casesubject", "subject"),
}
_INSIDE = ("CaseComments", "EmailMessages")
_DELIMITER = re.compile(r"[,;\t|]")
_STAFF_TYPES = frozenset({"standard"})
_MACHINE_TYPES = frozenset({"automatedprocess", "cloudintegrationuser"})
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no"})


def _known(row: Fields) -> Fields:
    """Return a row by what its columns hold."""
    flat = dict(_flat(row, ""))
    found = (
        (name, next((flat[c] for c in columns if flat.get(c) not in (None, "")), None))
        for name, columns in _COLUMNS.items()
    )
    return {name: value for name, value in found if value is not None}


def _flat(row: Fields, prefix: str) -> Iterator[tuple[str, object]]:
    """Yield columns and, of records, the fields of related records (`CreatedBy.Name`)."""
    for key, value in row.items():
        name = prefix + "".join(char for char in str(key).casefold() if char.isalnum())
        if isinstance(value, dict) and not prefix:
            yield from _flat(value, name)
        else:
            yield name, value


def _is_row(columns: Iterable[str]) -> bool:
    names = frozenset("".join(char for char in name.casefold() if char.isalnum()) for name in columns)
    if has_transcript_columns(names):
        return True
    has_case = not names.isdisjoint(_COLUMNS["case"])
    is_comment = not names.isdisjoint(("commentbody", "casecomments", "casecomment"))
    is_mail = "textbody" in names and not names.isdisjoint(("incoming", "fromaddress"))
    return has_case and (is_comment or is_mail)


def _is_record(item: Fields) -> bool:
    kind = ident(fields_of(item.get("attributes")).get("type"))
    is_comment = kind in {"CaseComment", "EmailMessage"} or ("ParentId" in item and "CommentBody" in item)
    return is_comment or _is_case(item) or is_transcript(item) or is_entry(item)


def _is_case(item: Fields) -> bool:
    """Tell a case with its comments or e-mails in it."""
    return any(is_objects(fields_of(item.get(key)).get("records"), _is_record) for key in _INSIDE)


def _is_document(item: Fields) -> bool:
    return (
        _is_record(item)
        or is_objects(item.get("records"), _is_record)
        or is_objects(item.get("conversationEntries"), is_entry)
    )


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    rows: dict[str, list[Fields]] = {}
    places: dict[str, Source] = {}
    staff: dict[str, Fields] = {}
    entries: dict[str, tuple[Source, list[Fields]]] = {}
    for document in found:
        for source, record in _records(document):
            if is_transcript(record):
                yield Case(ident(record.get("Id")), source, record)
                continue
            if is_entry(record):
                key = conversation_of(record) or f"#{document.source.line}{document.request}"
                entries.setdefault(key, (source, []))[1].append(record)
                continue
            for row in _rows(record):
                key = ident(row.get("case"))
                rows.setdefault(key, []).append(row)
                places.setdefault(key, source)
                if _flag(row.get("published")) is False and (
                    author := ident(row.get("author_id")) or ident(row.get("author"))
                ):
                    staff[author] = {"staff": "writes internal comments"}
    for key, listed in rows.items():
        yield Case(key, places[key], {}, listed, staff)
    for key, (source, said) in entries.items():
        yield Case("" if key.startswith("#") else key, source, {}, said)


def _records(document: Document) -> Iterator[tuple[Source, Fields]]:
    value = document.value
    if "conversationEntries" in value:
        yield from ((document.source, entry) for entry in entries_in(value))
    elif "records" in value:
        yield from ((source, fields_of(item)) for source, item in document.items("records"))
    else:
        yield document.source, value


def _rows(record: Fields) -> Iterator[Fields]:
    """Yield a record by what its fields hold; of a case its description, and the records in it."""
    if not _is_case(record):
        yield _known(record)
        return
    case = {"case": ident(record.get("Id")) or ident(record.get("CaseNumber")), "subject": record.get("Subject")}
    inside = [
        {**_known(item), **case} for key in _INSIDE for item in _objects(fields_of(record.get(key)).get("records"))
    ]
    if text := word(record.get("Description")):
        said = [word(row.get("body")) or "" for row in inside]
        if not any(other.startswith(text) for other in said):
            contact = word(fields_of(record.get("Contact")).get("Name")) or word(record.get("SuppliedName"))
            yield {
                **case,
                "body": text,
                "origin": ident(record.get("Origin")) or "Web",
                "author": contact,
                "created": record.get("CreatedDate"),
            }
    yield from inside


def _objects(value: object) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _flag(value: object) -> bool | None:
    text = str(value).casefold()
    return True if text in _TRUE else False if text in _FALSE else None


def _thread(case: Case, trace: Trace) -> Thread:
    if is_transcript(case.fields):
        return transcript_thread(case)
    if case.messages and is_entry(fields_of(case.messages[0])):
        return entries_thread(case, trace)
    rows = [row for row in objects(list(case.messages), "rows", trace) if _flag(row.get("deleted")) is not True]
    if len(rows) < len(case.messages):
        trace.left_out("deleted row", count=len(case.messages) - len(rows))
    is_mail = any("incoming" in row or "html" in row for row in rows)
    subject = next((word(row.get("subject")) for row in rows if word(row.get("subject"))), None)
    return Thread(
        [_message(row, case) for row in rows], Channel.EMAIL if is_mail else Channel.TICKET, {"subject": subject}
    )


def _message(row: Fields, case: Case) -> Message:
    author = ident(row.get("author_id")) or ident(row.get("author"))
    # Of a call the description is what the agent wrote down.
    is_internal = _flag(row.get("published")) is False or row.get("origin") == "Phone"
    role, evidence = _role(row, case.people.get(author, {}), is_internal=is_internal)
    return Message(
        text=body_text(row, ("body",), ("html",)),
        role=role,
        evidence=evidence,
        author=word(row.get("author")),
        author_id=ident(row.get("author_id")) or None,
        address=word(row.get("address")),
        sent=moment(row.get("created")),
        is_internal=is_internal,
        metadata={"id": ident(row.get("id"))},
    )


def _role(row: Fields, person: Fields, *, is_internal: bool) -> tuple[Role | None, str]:
    if "origin" in row:
        is_call = row["origin"] == "Phone"
        return (Role.AGENT if is_call else Role.CUSTOMER), f"description of a case of origin {row['origin']}"
    incoming = _flag(row.get("incoming"))
    if incoming is not None:
        return (Role.CUSTOMER if incoming else Role.AGENT), "Incoming"
    kind = ident(row.get("user_type")).casefold()
    if kind in _MACHINE_TYPES:
        return Role.BOT, f"UserType is {kind}"
    if kind:
        return (Role.AGENT if kind in _STAFF_TYPES else Role.CUSTOMER), "CreatedBy.UserType"
    if is_internal or person:
        return Role.AGENT, "writes internal comments"
    return None, ""


def _check_header(names: Sequence[str]) -> None:
    if not _is_row(names):
        raise TranscriptError(
            "has no columns ParentId and CommentBody, nor those of a chat (Body, ChatKey); export them, or read it with"
            " a mapping"
        )


@dataclass(frozen=True, slots=True)
class SalesforceReader:
    """Reads comments of cases, one row or record each."""

    name: str = "salesforce"
    suffixes: tuple[str, ...] = ()
    rank: int = 20
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether the header names the columns of case comments, or a record is one."""
        if opens_json(first_lines(head)):
            return stands_in(head, _is_document)
        line = decode_text(head).text.partition("\n")[0].strip()
        return _is_row(_DELIMITER.split(line))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the cases in the order of their first row; see `Reader.read`."""
        opened = open_input(stream)
        if opens_json(first_lines(opened.head)):
            found = documents(opened.stream, path, options, _is_document)
        else:
            found = table_documents(opened.stream, path, options, notify, check=_check_header)
        yield from read_cases(found, gather=_cases, thread_of=_thread, path=path, options=options, notify=notify)


READER = SalesforceReader()
