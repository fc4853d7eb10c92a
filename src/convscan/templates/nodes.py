"""A JSON, YAML or CSV document as values that know where they stand in the file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from convscan.errors import ConvscanError
from convscan.source_map import Lines, SourceMap

# Deep enough for any export, shallow enough for code that walks the values by recursion.
MAX_DEPTH = 100


class MalformedDocumentError(ConvscanError):
    """A file that is no valid JSON, YAML or CSV.

    Attributes:
        offset: Where in the text, in code points.
    """

    def __init__(self, message: str, offset: int) -> None:
        """Take what is wrong, and where."""
        super().__init__(message)
        self.offset = offset

    def place(self, text: str) -> tuple[int, int]:
        """Return line and column in the text that was parsed."""
        return Lines(text).place(self.offset)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its place.

    Attributes:
        value: A scalar, a mapping of text to nodes, or a list of nodes.
        start: First code point in the file.
        end: Code point after the last.
        mapped: Returns, for text, where each of its characters stands in the file.
    """

    value: "str | int | float | bool | dict[str, Node] | list[Node] | None"
    start: int
    end: int
    mapped: Callable[[], SourceMap] | None = None

    @property
    def text(self) -> str | None:
        """The value if it is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def fields(self) -> "dict[str, Node]":
        """The fields of a mapping; none for any other value."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> "Sequence[Node]":
        """The items of a list; none for any other value."""
        return self.value if isinstance(self.value, list) else ()

    def source_map(self) -> SourceMap:
        """Return where each character of a text stands in the file."""
        if self.mapped is None:
            raise TypeError(f"{type(self.value).__name__} has no characters")
        return self.mapped()

    def plain(self) -> object:
        """Return the value without places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def at(self, parts: Sequence[str | int]) -> "Node":
        """Return the node below this one at keys and list positions."""
        node = self
        for part in parts:
            node = node.fields[part] if isinstance(part, str) else node.items[part]
        return node
