"""Which files are meant: patterns as in .gitignore, paths as people see them."""

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from convscan.config import Config, TemplateSettings
from convscan.readers.base import BadRecord, Notice
from convscan.readers.selection import STDIN, select_files
from convscan.templates.reading import TEMPLATE_SUFFIXES
from convscan.templates.template import TemplateFault

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NO_SETTINGS = TemplateSettings()
# Enough to see which pattern it was.
_MOST_NAMES_SHOWN = 3


@dataclass(frozen=True)
class FilePatterns:
    """Patterns of files."""

    _spec: "GitIgnoreSpec"

    @staticmethod
    @lru_cache(maxsize=256)
    def of(patterns: tuple[str, ...]) -> "FilePatterns":
        """Compile patterns, once for all files."""
        from pathspec import GitIgnoreSpec

        return FilePatterns(GitIgnoreSpec.from_lines(patterns))

    def match(self, path: str, *, root: str) -> bool:
        """Tell whether a file fits.

        Args:
            root: Folder from which the patterns are meant.
        """
        relative = os.path.relpath(path, root)
        return self._spec.match_file(Path(relative).as_posix())


def settings_of(path: str, config: Config) -> TemplateSettings:
    """Return what the configuration says of the templates in a file; the first table that fits counts."""
    for settings in config.templates:
        if not settings.files or FilePatterns.of(settings.files).match(path, root=config.root):
            return settings
    return _NO_SETTINGS


def files_in(paths: Iterable[str], config: Config, *, notify: Notice) -> Iterator[str | TemplateFault]:
    """Yield the files that paths, folders and patterns stand for, each once, and a fault for each that is not there.

    What `exclude` leaves out is told, also if it was named itself.
    """
    seen: set[str] = set()
    excluded: dict[str, None] = {}
    for item in select_files(_expanded(paths), TEMPLATE_SUFFIXES, notify=notify):
        if isinstance(item, BadRecord):
            path = item.source.path
            yield TemplateFault(path, item.message.removeprefix(f"{path}: "), is_setting=True)
        elif item != STDIN and _is_excluded(item, config):
            excluded[shown_path(item)] = None
        else:
            shown = shown_path(item)
            if shown not in seen:
                seen.add(shown)
                yield shown
    if excluded:
        notify(_tell_excluded(list(excluded)))


def shown_path(path: str) -> str:
    """Return a path as it is shown: from here, with slashes, if it lies below this folder."""
    if path == STDIN:
        return path
    relative = os.path.relpath(path)
    return Path(path if relative.startswith("..") else relative).as_posix()


def _is_excluded(path: str, config: Config) -> bool:
    return bool(config.exclude) and FilePatterns.of(config.exclude).match(path, root=config.root)


def _tell_excluded(paths: Sequence[str]) -> str:
    count = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    more = ", …" if len(paths) > _MOST_NAMES_SHOWN else ""
    return f"{count} left out by `exclude` ({', '.join(paths[:_MOST_NAMES_SHOWN])}{more})"


def _expanded(paths: Iterable[str]) -> Iterator[str]:
    """Yield the files that a pattern stands for; a shell would have done so unless the pattern was quoted."""
    for path in paths:
        found = [] if os.path.lexists(path) or not glob.has_magic(path) else sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - paths stay as the user wrote them
        yield from found or [path]
