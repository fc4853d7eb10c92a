"""Zstandard streams, as Python 3.14 reads them; before, with a package that reads them the same way."""

import importlib
from types import ModuleType
from typing import BinaryIO, cast

from convscan.errors import TranscriptError

# Larger windows need as much memory before the first byte; `zstd --long` stays within it.
_MAX_WINDOW_LOG = 27


def open_zstd(stream: BinaryIO) -> BinaryIO:
    """Return what a Zstandard stream holds, read as it comes.

    Its errors are those of other streams: OSError for damage, EOFError for a cut.

    Raises:
        TranscriptError: If this Python cannot read it; the message says what to install.
    """
    zstd = _zstd()
    options = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}
    return cast("BinaryIO", _Mended(zstd.ZstdFile(stream, "rb", options=options), zstd.ZstdError))


def _zstd() -> ModuleType:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    raise TranscriptError(
        'is compressed with Zstandard, and the package for it is missing: pip install "convscan[formats]"'
    )


class _Mended:
    """A stream whose own kind of error is an OSError to whoever reads it."""

    def __init__(self, stream: BinaryIO, error: type[Exception]) -> None:
        self._stream = stream
        self._error = error

    def read1(self, size: int = -1) -> bytes:
        """Return what is there, at most so many bytes."""
        try:
            return cast("bytes", self._stream.read1(size))  # type: ignore[attr-defined] # as every buffered reader has it
        except self._error as error:
            raise OSError(str(error)) from error

    read = read1
