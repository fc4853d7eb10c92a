"""Template replies as values: conversations of one utterance that know their place in a file."""

from dataclasses import dataclass, field

from convscan.conversation import Channel, Conversation
from convscan.source_map import Lines, SourceMap
from convscan.templates.suppressions import MalformedSuppression, Suppression


@dataclass(frozen=True, slots=True)
class Template:
    """One template reply.

    Attributes:
        name: Its title, as people know it; empty if it has none.
        conversation: One agent utterance of channel `template`; its id is the key, which stays when the
            file is renamed or reordered. The key is empty if a file gives its template neither id nor title.
        source_map: From the utterance's text to the file.
        start: Where its text begins in the file.
        sent_by: How it will be sent, if its author says so.
        suppressions: Where which findings are not wanted.
    """

    name: str
    conversation: Conversation
    source_map: SourceMap
    start: int
    sent_by: Channel | None = None
    suppressions: tuple[Suppression, ...] = ()
    malformed: tuple[MalformedSuppression, ...] = ()

    @property
    def text(self) -> str:
        """What will be sent."""
        return self.conversation.utterances[0].text


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file and the templates in it, in its order.

    Attributes:
        path: As the user named it.
        faults: What could not be read in it.
    """

    path: str
    lines: Lines
    templates: tuple[Template, ...] = ()
    faults: tuple["TemplateFault", ...] = ()
    doubts: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """Something in a file of templates that cannot be read.

    Attributes:
        line: Counted from 1; None if it concerns the whole file.
        is_setting: Whether the configuration is at fault, so that the job cannot be done as it was asked for.
    """

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    is_setting: bool = False

    def __str__(self) -> str:
        """Return the message behind its place, as editors link it."""
        return f"{self.place}: {self.message}"

    @property
    def place(self) -> str:
        """Where it is, as editors link it."""
        return self.path if self.line is None else f"{self.path}:{self.line}:{self.column or 1}"
