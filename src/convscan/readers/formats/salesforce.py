"""Salesforce: comments and e-mails of cases, as CSV exports or answers of its API."""

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
from convscan.readers.tables.documents import table_documents
from convscan.readers.text_encoding import decode_text
from convscan.readers.trace import Trace

_DESCRIPTION = Description(
    title="Salesforce case comments and case e-mails",
    family=Family.HELPDESK,
    versions="CaseComment and EmailMessage as CSV (Data Loader, Data Export, reports) and as records of the REST API",
    reads=(
        "a row a comment (`CommentBody`) or e-mail (`TextBody`, else `HtmlBody`), joined by `ParentId` or case number",
        "`IsPublished` false (in reports: `Public` 0) as internal",
        "names by `CreatedBy.Name` or `Created By`; times by `CreatedDate` or `MessageDate`",
    ),
    ignores=("rows that are deleted (`IsDeleted`)", "other columns"),
    roles="`Incoming` of e-mails; `CreatedBy.UserType`: Standard is an agent, portal users and guests are customers;"
    " whoever writes internal comments is an agent; else how they talk; with weak evidence an error that names --role",
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
    names = {"".join(char for char in name.casefold() if char.isalnum()) for name in columns}
    has_case = not names.isdisjoint(_COLUMNS["case"])
    is_comment = not names.isdisjoint(("commentbody", "casecomments", "casecomment"))
    is_mail = "textbody" in names and not names.isdisjoint(("incoming", "fromaddress"))
    return has_case and (is_comment or is_mail)


def _is_record(item: Fields) -> bool:
    kind = ident(fields_of(item.get("attributes")).get("type"))
    return kind in {"CaseComment", "EmailMessage"} or ("ParentId" in item and "CommentBody" in item)


def _is_document(item: Fields) -> bool:
    return _is_record(item) or is_objects(item.get("records"), _is_record)


def _cases(found: Iterable[Document]) -> Iterator[Case]:
    rows: dict[str, list[Fields]] = {}
    places: dict[str, Source] = {}
    staff: dict[str, Fields] = {}
    for document in found:
        records = [(document.source, document.value)]
        if "records" in document.value:
            records = [(source, fields_of(item)) for source, item in document.items("records")]
        for source, record in records:
            row = _known(record)
            key = ident(row.get("case"))
            rows.setdefault(key, []).append(row)
            places.setdefault(key, source)
            if _flag(row.get("published")) is False and (
                author := ident(row.get("author_id")) or ident(row.get("author"))
            ):
                staff[author] = {"staff": "writes internal comments"}
    for key, listed in rows.items():
        yield Case(key, places[key], {}, listed, staff)


def _flag(value: object) -> bool | None:
    text = str(value).casefold()
    return True if text in _TRUE else False if text in _FALSE else None


def _thread(case: Case, trace: Trace) -> Thread:
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
    is_internal = _flag(row.get("published")) is False
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
        raise TranscriptError("has no columns ParentId and CommentBody; export them, or read it with a mapping")


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
