"""What a reader says of itself: for `convscan formats`, `docs/formats.md` and `convscan inspect`."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Where files of a format come from; the value is the heading in the docs, in this order."""

    OWN = "convscan's own format and plain text"
    HELPDESK = "Helpdesks"
    SPEECH = "Contact centres and speech"
    MAIL = "Mail"
    TABLE = "Tables"
    RESEARCH = "Standards and research"
    GENERIC = "Any other file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One format in words, each a sentence or phrase without a full stop.

    Attributes:
        title: What people call such files ("Zendesk tickets and comments").
        versions: Which versions, endpoints or exports of the platform are understood.
        reads: What becomes a conversation or a part of one, and from which keys.
        ignores: What is left out, and why if that is not plain.
        roles: How agent, customer, bot and system are told apart, the strongest evidence first.
        example: A command that reads such a file.
    """

    title: str
    family: Family
    versions: str
    reads: tuple[str, ...]
    ignores: tuple[str, ...]
    roles: str
    example: str
