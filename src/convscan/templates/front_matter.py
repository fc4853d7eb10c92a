"""What the head of a template file says about it: YAML between two lines of `---`."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from convscan.config import TemplateSettings
from convscan.conversation import Channel, Scenario
from convscan.templates.nodes import MalformedDocumentError, Node

_HEAD = re.compile(
    r"\ufeff?---[ \t]*(?:\r\n|\r|\n)(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)", re.DOTALL | re.MULTILINE
)
_KEY = re.compile(r"\s*(?:#[^\n]*\n\s*)*[\w-]+[ \t]*:")
_MAX_HEAD_CHARS = 20_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
SUPPRESSION_KEY = "x-convscan"

_Enum = TypeVar("_Enum", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a template, or the configuration, says about a template."""

    id: str | None = None
    title: str | None = None
    scenario: Scenario | None = None
    channel: Channel | None = None
    language: str | None = None

    def over(self, settings: TemplateSettings) -> "Declared":
        """Return this with what is missing taken from the configuration."""
        return Declared(
            self.id,
            self.title,
            self.scenario or settings.scenario,
            self.channel or settings.channel,
            self.language or settings.language,
        )


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a file.

    Attributes:
        end: Where the template begins.
        node: Its fields; None if there is no head.
    """

    end: int
    node: Node | None


def read_front_matter(text: str) -> FrontMatter:
    """Return the head of a file, if it has one.

    Raises:
        MalformedDocumentError: If it looks like one but is no valid YAML.
    """
    match = _HEAD.match(text, 0, _MAX_HEAD_CHARS)
    if match is None or not (_KEY.match(match["yaml"]) or not match["yaml"].strip()):
        return FrontMatter(0, None)
    start = match.start("yaml")
    # Blanks in place of what stands before, so that all offsets are those of the file.
    from convscan.templates.yaml_nodes import parse_yaml_nodes

    try:
        documents = parse_yaml_nodes(re.sub(r"[^\r\n]", " ", text[:start]) + match["yaml"])
    except MalformedDocumentError as error:
        raise MalformedDocumentError(f"front matter: {error}", error.offset) from None
    node = documents[0] if documents else Node({}, start, start)
    return FrontMatter(match.end(), node if isinstance(node.value, dict) else Node({}, start, start))


def declared_in(node: Node) -> Declared:
    """Return what the fields of a head, or of an `x-convscan` key, declare.

    Raises:
        MalformedDocumentError: If a scenario, channel or language is none.
    """
    language = _text(node, "language") or _text(node, "lang")
    if language is not None and not _LANGUAGE.fullmatch(language):
        place = node.fields.get("language") or node.fields["lang"]
        raise MalformedDocumentError(f"language {language!r} is no code such as 'en' or 'pt-BR'", place.start)
    return Declared(
        id=_text(node, "id"),
        title=_text(node, "title") or _text(node, "name") or _text(node, "label"),
        scenario=_member(node, "scenario", Scenario),
        channel=_member(node, "channel", Channel),
        language=language,
    )


def _text(node: Node, key: str) -> str | None:
    found = node.fields.get(key)
    if found is None or found.value is None or found.fields or found.items:
        return None
    return str(found.value).strip() or None


def _member(node: Node, key: str, enum: type[_Enum]) -> _Enum | None:
    word = _text(node, key)
    if word is None:
        return None
    try:
        return enum(word.lower())
    except ValueError:
        message = f"{key} {word!r} is not known; expected one of {', '.join(enum)}"
        raise MalformedDocumentError(message, node.fields[key].start) from None
