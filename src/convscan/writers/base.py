"""What all writers share: their interface and their options."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TextIO

from convscan.conversation import Conversation
from convscan.finding import ScanResult

DEFAULT_WIDTH = 100


class Writer(Protocol):
    """Write results to a stream, one after the other.

    The stream belongs to the caller: a writer never closes it.
    """

    def open(self) -> None:
        """Write what stands before the first result."""

    def write(self, result: ScanResult, conversation: Conversation | None, /) -> None:
        """Write one result.

        Args:
            conversation: The text that was judged, for formats that show it.
        """

    def close(self) -> None:
        """Write what stands after the last result and flush.

        What was written is then a whole document, also if fewer results came than planned.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """How results are shown; formats for programs heed none of it.

    Attributes:
        width: Terminal cells in a line.
        colour: Whether terminal colours are written.
        show_clean: Whether conversations without findings are shown one by one.
        judge_bots: Whether bots were judged as agents are, and so are counted among them.
    """

    width: int = DEFAULT_WIDTH
    colour: bool = False
    show_clean: bool = False
    judge_bots: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One output format.

    A module of this package that has a format named `FORMAT` is found by itself;
    adding a format is adding a file.

    Attributes:
        name: What `--format` calls it.
        description: What it is for, in a few words.
        make: Returns a writer for a stream.
    """

    name: str
    description: str
    make: Callable[[TextIO, WriteOptions], Writer]
