"""Wait until files change, for `convscan lint --watch`."""

import os
import time
from collections.abc import Iterable, Iterator

from convscan.config import Config
from convscan.lint.paths import files_in

# Quick enough for a person who has just saved, slow enough to cost nothing.
POLL_S = 0.5


def watched(paths: Iterable[str], config: Config) -> Iterator[None]:
    """Yield at once, and again whenever one of the files was changed, added or taken away."""
    named = tuple(paths)
    last: object = None
    while True:
        state = _state(named, config)
        if state != last:
            last = state
            yield
        else:
            time.sleep(POLL_S)


def _state(paths: Iterable[str], config: Config) -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file."""
    found: dict[str, tuple[int, int]] = {}
    for item in files_in(paths, config, notify=lambda _message: None):
        if isinstance(item, str):
            try:
                status = os.stat(item)  # noqa: PTH116 - paths stay as the user wrote them
            except OSError:
                continue
            found[item] = status.st_mtime_ns, status.st_size
    return found
