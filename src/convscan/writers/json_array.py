"""JSON: one array of all results, for programs that want a single document."""

from typing import TextIO

from convscan.conversation import Conversation
from convscan.finding import ScanResult
from convscan.records import result_to_json
from convscan.writers.base import Format, WriteOptions
from convscan.writers.json_text import json_text


class JsonArrayWriter:
    """Write results as the items of an array, as they come."""

    def __init__(self, stream: TextIO, _options: WriteOptions) -> None:
        self._stream = stream
        self._has_items = False

    def open(self) -> None:
        """Begin the array."""
        self._stream.write("[")

    def write(self, result: ScanResult, _conversation: Conversation | None) -> None:
        """Write one item."""
        # One call, so that an interruption leaves an item whole or not there, and the
        # comma with it: it goes before an item because the last one is not known as such.
        self._stream.write((",\n" if self._has_items else "\n") + json_text(result_to_json(result)))
        self._has_items = True

    def close(self) -> None:
        """End the array and flush."""
        self._stream.write("\n]\n" if self._has_items else "]\n")
        self._stream.flush()


FORMAT = Format("json", "one JSON array, for programs", JsonArrayWriter)
