"""JSON Lines: one result a line, for programs that read as it comes."""

from typing import TextIO

import jsonlines

from convscan.conversation import Conversation
from convscan.finding import ScanResult
from convscan.records import result_to_json
from convscan.writers.base import Format, WriteOptions
from convscan.writers.json_text import json_text


class JsonLinesWriter:
    """Write each result as one line of JSON."""

    def __init__(self, stream: TextIO, _options: WriteOptions) -> None:
        self._stream = stream
        self._lines = jsonlines.Writer(stream, dumps=json_text)

    def open(self) -> None:
        """Write nothing: a file of JSON Lines has no head."""

    def write(self, result: ScanResult, _conversation: Conversation | None) -> None:
        """Write one line."""
        self._lines.write(result_to_json(result))

    def close(self) -> None:
        """Flush the stream."""
        self._stream.flush()


FORMAT = Format("jsonl", "one JSON object a line, for programs", JsonLinesWriter)
