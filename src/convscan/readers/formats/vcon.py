"""IETF vCon: the container for conversations, from its first draft to the current one.

Source: draft-petrie-vcon-00 to -03, draft-ietf-vcon-vcon-container-00 to -03 and
draft-ietf-vcon-vcon-core-00 to -04 (September 2026), draft-ietf-vcon-cc-extension
(roles of parties), draft-howe-vcon-wtf-extension (transcripts).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from convscan.conversation import Conversation, Role, Source
from convscan.errors import TranscriptError
from convscan.finding import ScanResult
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_head import json_head, objects_in
from convscan.readers.json_values import documents
from convscan.readers.speech.json_fields import Fields, items_of, label_of, objects_of
from convscan.readers.speech.spoken import (
    Call,
    Speaker,
    conversation_from,
    is_our_own,
)
from convscan.readers.speech.vcon_content import body_of, is_plain, text_of_dialog
from convscan.readers.speech.vcon_dialogs import VconContent
from convscan.records import VCON_ANALYSIS, VCON_CONVERSATION, conversation_from_json, result_from_json

_DESCRIPTION = Description(
    title="IETF vCon",
    family=Family.RESEARCH,
    versions="0.0.1 to 0.4.0 and draft-ietf-vcon-vcon-core-04, unsigned form; one file, a list, JSON Lines",
    reads=(
        "`dialog[]` of type text: plain text, HTML, MIME messages; bodies as none, json or base64url",
        "`analysis[]` of type transcript (and `wtf_transcription`) of any speech format that convscan reads",
        "what `--format vcon` wrote comes back as it was: ids, roles, order, text, times, visibility, channel",
    ),
    ignores=(
        "dialogs of type transfer, incomplete and recording-set, recordings without a transcript",
        "content at an address: nothing is fetched",
        "signed and encrypted vCons: an error says what to do",
    ),
    roles=(
        "--role by name, tel, mailto or `party 0`; else the party's `role` (agent, customer, contact, supervisor),"
        " `meta.role`, `type` bot, a name that is a role; else how two speakers talk, or an error that names --role"
    ),
    example='convscan scan call.vcon.json --role "Jo Hale=agent"',
)
# Extensions of which nothing changes what was said, or by whom.
_UNDERSTOOD = frozenset({"cc", "wtf_transcription", "wtf-transcription"})
_MAX_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class VconReader:
    """Reads `.vcon` and `.vcon.json`."""

    name: str = "vcon"
    suffixes: tuple[str, ...] = (".vcon", ".vcon.json")
    # Before the speech formats: a vCon may have theirs inside.
    rank: int = 5
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether a vCon stands in the beginning, also a signed or encrypted one."""
        values = json_head(head)
        return not is_our_own(values) and any(
            _is_vcon(item) or _is_sealed(item) for item in objects_in(values, depth=4)
        )

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the conversation of each vCon; see `Reader.read`."""
        for found in documents(stream, path, options, lambda item: _is_vcon(item) or _is_sealed(item)):
            if isinstance(found, BadRecord):
                yield found
                continue
            try:
                yield _conversation(found.value, found.source, options, notify)
            except TranscriptError as error:
                yield bad_record(found.source, str(error), record_id=label_of(found.value, "uuid"))


def results_in(vcon: Fields) -> list[ScanResult]:
    """Return the results that convscan has written into a vCon, in order.

    Raises:
        TranscriptError: If one of them is damaged.
    """
    listed = vcon.get("analysis")
    if listed is None:
        return []
    written = [(where, item) for where, item in objects_of(listed, "analysis") if item.get("type") == VCON_ANALYSIS]
    return [result_from_json(body_of(item, where)) for where, item in written]


def _is_vcon(fields: Fields) -> bool:
    if isinstance(fields.get("vcon"), str):
        return "uuid" in fields or "parties" in fields or "dialog" in fields
    # The drafts since core-02 have no version in their examples.
    return {"uuid", "parties"} <= fields.keys() and bool({"dialog", "analysis", "created_at"} & fields.keys())


def _is_sealed(fields: Fields) -> bool:
    return {"payload", "signatures"} <= fields.keys() or (
        "ciphertext" in fields and bool({"protected", "unprotected", "recipients"} & fields.keys())
    )


def _conversation(vcon: Fields, source: Source, options: ReadOptions, notify: Notice) -> Conversation:
    _refuse_unreadable(vcon)
    native = _native(vcon, source)
    if native is not None:
        for utterance in native.utterances:
            options.trace.told(utterance.role, "what convscan wrote into the vCon")
        return native
    content = VconContent(vcon, options, source, notify)
    spoken, speakers = content.spoken()
    if not spoken:
        raise TranscriptError(content.explain_nothing())
    call = Call(
        segments=(),
        speakers=speakers,
        id=label_of(vcon, "uuid") or "",
        channel=content.channel,
        metadata={"vcon": _without_texts(vcon)},
    )
    found = conversation_from(spoken, call, source, options, notify)
    return _with_names(found, content.people)


def _refuse_unreadable(vcon: Fields) -> None:
    if {"payload", "signatures"} <= vcon.keys():
        raise TranscriptError(
            "is a signed vCon (JWS); verify it and give the unsigned form, which stands base64url-encoded in 'payload'"
        )
    if "ciphertext" in vcon:
        raise TranscriptError("is an encrypted vCon (JWE); decrypt it and give the unsigned form")
    critical = vcon.get("critical")
    if critical is None:
        return
    names = [str(name) for name in items_of(critical, "critical")]
    unknown = [name for name in names if name.casefold() not in _UNDERSTOOD]
    if unknown:
        shown = ", ".join(repr(name) for name in unknown[:_MAX_NAMES_SHOWN])
        raise TranscriptError(
            f"needs extensions that are not understood here ({shown} in 'critical'); export it without them"
        )


def _without_texts(vcon: Fields) -> dict[str, object]:
    """Return the container for the writer; plain texts are left out, they stand in the utterances."""
    dialog = vcon.get("dialog")
    if not isinstance(dialog, list):
        return dict(vcon)
    kept = [_without_body(item) if isinstance(item, dict) and _is_said_plainly(item) else item for item in dialog]
    return {**vcon, "dialog": kept}


def _is_said_plainly(item: Fields) -> bool:
    return item.get("type") == "text" and is_plain(item)


def _without_body(item: Fields) -> dict[str, object]:
    return {key: value for key, value in item.items() if key != "body"}


def _with_names(conversation: Conversation, people: Sequence[Speaker]) -> Conversation:
    """Give the name of the one party with a role to utterances of a recording that name nobody."""
    by_role: dict[Role, list[Speaker]] = {}
    for person in people:
        if person.role is not None:
            by_role.setdefault(person.role, []).append(person)
    only = {role: found[0] for role, found in by_role.items() if len(found) == 1}
    utterances = tuple(
        replace(item, author=only[item.role].name, author_id=only[item.role].id)
        if item.speaker is None and item.role in only
        else item
        for item in conversation.utterances
    )
    return replace(conversation, utterances=utterances)


# -- what convscan wrote itself ----------------------------------------------------------------


def _native(vcon: Fields, source: Source) -> Conversation | None:
    """Return a conversation that the writer made a vCon of; None if it is of another origin.

    Who says what stands in the dialogs; if somebody changed their number since, what was
    written beside them no longer fits, and the vCon is read like any other.
    """
    record = next((body for body in _attached(vcon) if isinstance(body, dict)), None)
    beside = record.get("utterances") if record is not None else None
    if record is None or not isinstance(beside, list):
        return None
    dialog = vcon.get("dialog")
    said = list(objects_of([] if dialog is None else dialog, "dialog"))
    if len(said) != len(beside) or not all(isinstance(item, dict) for item in beside):
        return None
    utterances = [
        {**extra, "text": text_of_dialog(item, where)} for extra, (where, item) in zip(beside, said, strict=True)
    ]
    conversation = conversation_from_json({**record, "utterances": utterances})
    return replace(conversation, source=source)


def _attached(vcon: Fields) -> Iterator[object]:
    listed = vcon.get("attachments")
    if listed is None:
        return
    for where, item in objects_of(listed, "attachments"):
        if label_of(item, "purpose", "type") == VCON_CONVERSATION:
            yield body_of(item, where)


READER = VconReader()
