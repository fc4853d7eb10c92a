"""What the library takes for a conversation, and how each kind of it is read."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from convscan.conversation import Conversation, Source, Utterance, identifier, kind_of
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, bad_record
from convscan.records import conversation_from_json, utterance_from_json

# Said by one speaker: `Utterance`, (role, text), or {"role": …, "text": …} with the native format's other keys.
Said: TypeAlias = Utterance | tuple[str, str] | Mapping[str, object]
Scannable: TypeAlias = Conversation | Mapping[str, object] | str | Iterable[Said]

_TAKEN = (
    "a Conversation, a record {'utterances': […]}, a list of (role, text) or {'role': …, 'text': …},"
    " or the text of a reply"
)
_PAIR = 2


def conversation_from(given: Scannable) -> Conversation:
    """Return what was given as a conversation.

    Raises:
        TranscriptError: If it is none, or a record or list is malformed.
    """
    if isinstance(given, Conversation):
        return given
    if isinstance(given, str):
        return conversation_from_json({"channel": "template", "utterances": [{"role": "agent", "text": given}]})
    if isinstance(given, Mapping):
        return conversation_from_json(given)
    if isinstance(given, bytes | bytearray | Utterance) or not isinstance(given, Iterable):
        hint = "; decode it first" if isinstance(given, bytes | bytearray) else ""
        raise TranscriptError(f"expected {_TAKEN}; found {kind_of(given)}{hint}")
    return Conversation("", tuple(_said(one, f"utterances[{index}]") for index, one in enumerate(given)))


def record_from(given: Scannable, number: int) -> Conversation | BadRecord:
    """Return what was given as one of many: a bad record is a value, so that the others go on.

    Args:
        number: Its place among them, from 1; named in the message.
    """
    try:
        return conversation_from(given)
    except TranscriptError as error:
        return bad_record(Source(f"record {number}"), str(error), record_id=_id_of(given))


def many_from(given: Iterable[Scannable]) -> Iterable[Scannable]:
    """Return what was given if it can be many conversations.

    Raises:
        TranscriptError: If it is one conversation or text, or nothing to go through.
    """
    one = isinstance(given, str | bytes | bytearray | Mapping | Conversation | Utterance)
    if one or not isinstance(given, Iterable):
        hint = "; for one conversation use scan()" if one else ""
        raise TranscriptError(f"expected an iterable of conversations, each {_TAKEN}; found {kind_of(given)}{hint}")
    return given


def _said(one: Said, where: str) -> Utterance:
    if isinstance(one, Utterance):
        return one
    if isinstance(one, Conversation) or (isinstance(one, Mapping) and "utterances" in one):
        raise TranscriptError(f"{where}: is a conversation by itself; for several of them use scan_many()")
    if isinstance(one, Mapping):
        return utterance_from_json(one, where)
    if not isinstance(one, tuple | list):
        raise TranscriptError(f"{where}: expected (role, text) or {{'role': …, 'text': …}}, found {kind_of(one)}")
    if len(one) != _PAIR:
        raise TranscriptError(
            f"{where}: expected (role, text), found {len(one)} values;"
            " where there is more to say write {'role': …, 'text': …, 'author': …}"
        )
    role, text = one
    return utterance_from_json({"role": role, "text": text}, where)


def _id_of(given: object) -> str | None:
    """Return the id of a record that is malformed elsewhere."""
    if not isinstance(given, Mapping):
        return None
    try:
        return identifier(given.get("id"), "id") or None
    except TranscriptError:
        return None
