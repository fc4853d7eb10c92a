"""The native record, whatever file it stands in."""

from collections.abc import Mapping
from dataclasses import replace

from convscan.conversation import Role, Source
from convscan.errors import TranscriptError
from convscan.readers.base import Record, bad_record
from convscan.records import conversation_from_json

_ROLES = frozenset(Role)
_FOREIGN = "; if another tool wrote it, name its format with --from (convscan formats list), or give it a mapping"


def read_native(value: object, source: Source, roles: Mapping[str, Role]) -> Record:
    """Return the conversation of a parsed JSON value, or a bad record in its place.

    Args:
        value: What stood in the file.
        source: Where it stood.
        roles: Words that the file uses for roles, without case, and what they mean.
    """
    try:
        conversation = conversation_from_json(_with_known_roles(value, roles))
    except TranscriptError as error:
        is_foreign = isinstance(value, dict) and "utterances" not in value
        return bad_record(source, f"{error}{_FOREIGN if is_foreign else ''}", record_id=_id_of(value))
    return replace(conversation, source=source)


def not_utf8(error: UnicodeDecodeError, path: str) -> str:
    """Return what to tell of bytes that are not UTF-8, with the command that converts the file."""
    return (
        f"is not UTF-8 text (byte 0x{error.object[error.start]:02x} at position {error.start + 1});"
        f" convert it, for example: iconv -f WINDOWS-1252 -t UTF-8 {path!r} > converted.json"
    )


def _with_known_roles(value: object, roles: Mapping[str, Role]) -> object:
    """Return the record with the user's own words for roles put into ours."""
    if not isinstance(value, dict) or not isinstance(value.get("utterances"), list):
        return value
    utterances = [
        _with_known_role(item, f"utterances[{index}]", roles) for index, item in enumerate(value["utterances"])
    ]
    return {**value, "utterances": utterances}


def _with_known_role(item: object, where: str, roles: Mapping[str, Role]) -> object:
    if not isinstance(item, dict):
        return item
    word = item.get("role")
    if not isinstance(word, str) or word in _ROLES:
        return item
    role = roles.get(word.casefold().strip())
    if role is None:
        raise TranscriptError(
            f"{where}.role: unknown role {word!r}; expected one of {', '.join(sorted(_ROLES))},"
            f' or say which of them it is: --role "{word}=ROLE"'
        )
    return {**item, "role": role.value}


def _id_of(value: object) -> str | None:
    if not isinstance(value, dict):
        return None
    found = value.get("id")
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found else None
