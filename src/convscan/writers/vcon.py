"""vCon: the conversation in the IETF's container, with what was found as an analysis.

A conversation that was read from a vCon goes back into it: parties, recordings and
other people's analyses stay as they were. For any other a vCon is made, with what
vCon has no place for in an attachment, so that reading it gives the same conversation.
"""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TextIO

from convscan.conversation import Conversation, Utterance
from convscan.finding import ScanResult
from convscan.records import (
    RESULT_SCHEMA,
    VCON_ANALYSIS,
    VCON_CONVERSATION,
    Json,
    conversation_to_json,
    result_to_json,
)
from convscan.writers.base import Format, WriteOptions
from convscan.writers.json_text import json_text

# Of the drafts that have one; the parameter is deprecated and still looked for by tools.
_VERSION = "0.4.0"
# `role` of a party is a parameter of this extension.
_EXTENSIONS: tuple[str, ...] = ("CC",)
# A vCon must say when it was made, and the same input must give the same bytes.
_NO_TIME = "1970-01-01T00:00:00Z"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_JSON = "application/json"


class VconWriter:
    """Write each conversation as one vCon on one line, with its result."""

    def __init__(self, stream: TextIO, _options: WriteOptions) -> None:
        self._stream = stream

    def open(self) -> None:
        """Write nothing: one conversation is one vCon, and several are JSON Lines."""

    def write(self, result: ScanResult, conversation: Conversation | None) -> None:
        """Write one vCon; of a record that could not be read there is none to write."""
        known = conversation or result.conversation
        if known is not None:
            self._stream.write(json_text(vcon_of(known, result)) + "\n")

    def close(self) -> None:
        """Flush the stream."""
        self._stream.flush()


def vcon_of(conversation: Conversation, result: ScanResult | None = None) -> dict[str, Json]:
    """Return a conversation as a vCon.

    Args:
        conversation: Read from a vCon or from anything else.
        result: What was found in it, added as an analysis; an older one is replaced.
    """
    container = _restored(conversation) or _made(conversation)
    others = [item for item in _listed(container, "analysis") if not _is_ours(item)]
    ours = [] if result is None else [_analysis(result, len(_listed(container, "dialog")))]
    return {**container, "analysis": [*others, *ours]}


def _listed(container: Mapping[str, Json], key: str) -> list[Json]:
    value = container.get(key)
    return value if isinstance(value, list) else []


def _is_ours(analysis: Json) -> bool:
    return isinstance(analysis, dict) and analysis.get("type") == VCON_ANALYSIS


def _analysis(result: ScanResult, dialogs: int) -> Json:
    return {
        "type": VCON_ANALYSIS,
        "dialog": list(range(dialogs)),
        "mediatype": _JSON,
        "vendor": "convscan",
        "product": f"convscan {result.tool.version}",
        "schema": RESULT_SCHEMA,
        "encoding": "json",
        # The words stand in the dialogs.
        "body": result_to_json(replace(result, conversation=None)),
    }


def _restored(conversation: Conversation) -> dict[str, Json] | None:
    """Return the vCon that a conversation was read from; None if it is of another origin."""
    kept = conversation_to_json(replace(conversation, utterances=())).get("metadata")
    container = kept.get("vcon") if isinstance(kept, dict) else None
    if not isinstance(container, dict):
        return None
    dialog = _listed(container, "dialog")
    for utterance in conversation.utterances:
        index = utterance.metadata.get("dialog")
        # What a recording says stands in a transcript, which is still there.
        if isinstance(index, int) and "analysis" not in utterance.metadata and 0 <= index < len(dialog):
            item = dialog[index]
            if isinstance(item, dict) and "body" not in item:
                dialog[index] = {**item, "body": utterance.text}
    return container


def _made(conversation: Conversation) -> dict[str, Json]:
    parties = _parties(conversation.utterances)
    numbers = {identity: number for number, identity in enumerate(parties)}
    times = _times(conversation.utterances)
    return {
        "vcon": _VERSION,
        "uuid": _uuid(conversation.id),
        "extensions": list(_EXTENSIONS),
        "created_at": times[0] if times else _NO_TIME,
        "parties": [_party(utterance) for utterance in parties.values()],
        "dialog": [
            _dialog(utterance, numbers[_identity(utterance)], start)
            for utterance, start in zip(conversation.utterances, times, strict=True)
        ],
        "attachments": [_attachment(conversation, times)],
    }


def _identity(utterance: Utterance) -> tuple[str, str | None, str | None]:
    return utterance.role.value, utterance.author, utterance.author_id


def _parties(utterances: Sequence[Utterance]) -> dict[tuple[str, str | None, str | None], Utterance]:
    """Return an utterance of each speaker, in the order in which they come in."""
    found: dict[tuple[str, str | None, str | None], Utterance] = {}
    for utterance in utterances:
        found.setdefault(_identity(utterance), utterance)
    return found


def _party(utterance: Utterance) -> Json:
    party: dict[str, Json] = {"role": utterance.role.value}
    if utterance.author:
        party["name"] = utterance.author
    identity = utterance.author_id or ""
    if "@" in identity:
        party["mailto"] = identity
    elif _is_uuid(identity):
        party["uuid"] = identity
    return party


def _dialog(utterance: Utterance, party: int, start: str) -> Json:
    return {
        "type": "text",
        "start": start,
        "parties": [party],
        "mediatype": "text/plain",
        "encoding": "none",
        "body": utterance.text,
    }


def _times(utterances: Sequence[Utterance]) -> list[str]:
    """Return a start for each dialog, which vCon demands: its own, else that of its neighbour."""
    own = [utterance.timestamp if _is_time(utterance.timestamp) else None for utterance in utterances]
    last = next((time for time in own if time is not None), _NO_TIME)
    times: list[str] = []
    for time in own:
        last = time or last
        times.append(last)
    return times


def _attachment(conversation: Conversation, times: Sequence[str]) -> Json:
    """Return what vCon has no place for: ids, times as written, visibility, metadata."""
    record = conversation_to_json(conversation)
    said = _listed(record, "utterances")
    record["utterances"] = [
        {key: value for key, value in item.items() if key != "text"} for item in said if isinstance(item, dict)
    ]
    return {
        "purpose": VCON_CONVERSATION,
        "start": times[0] if times else _NO_TIME,
        "party": 0,
        "dialog": 0,
        "mediatype": _JSON,
        "encoding": "json",
        "body": record,
    }


def _is_time(text: str | None) -> bool:
    if text is None or not _RFC3339.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.casefold()
    except ValueError:
        return False


def _uuid(name: str) -> str:
    """Return the id if it is a UUID, else one of version 8 made of it, always the same."""
    if _is_uuid(name):
        return name
    digest = bytearray(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


FORMAT = Format("vcon", "IETF vCon with the result as an analysis, one a line", VconWriter)
