"""What has changed since a revision: files, and in files of many templates which of them."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from convscan.errors import ConfigError


@dataclass(frozen=True)
class Changes:
    """Files that differ from a revision, in a Git working tree.

    Attributes:
        top: The folder of the working tree.
        base: The commit that is compared with: where this branch left the revision.
        paths: Changed and new files, from `top`.
    """

    top: Path
    base: str
    paths: frozenset[str]

    def touches(self, path: str) -> bool:
        """Tell whether a file was changed or is new."""
        return self._inside(path) in self.paths

    def before(self, path: str) -> bytes | None:
        """Return a file as it was; None if it was not there."""
        result = _run(["git", "show", f"{self.base}:{self._inside(path)}"], self.top)
        return result.stdout if result.returncode == 0 else None

    def _inside(self, path: str) -> str:
        return Path(os.path.relpath(Path(path).resolve(), self.top)).as_posix()


def changes_since(revision: str) -> Changes:
    """Return what differs from a revision, with what is not committed yet.

    Raises:
        ConfigError: If this is no Git working tree, or there is no such revision.
    """
    top = _git(["rev-parse", "--show-toplevel"], Path.cwd(), "--changed-since needs a Git working tree")
    folder = Path(top).resolve()
    commit = _git(
        ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"],
        folder,
        f"--changed-since: no revision {revision!r} here (fetch it first, a shallow clone lacks it)",
    )
    merge_base = _run(["git", "merge-base", commit, "HEAD"], folder)
    # A shallow clone knows no common commit: then all that differs from the revision counts.
    base = merge_base.stdout.decode().strip() if merge_base.returncode == 0 else commit
    changed = _run(["git", "diff", "--name-only", "-z", "--diff-filter=d", base], folder).stdout
    new = _run(["git", "ls-files", "--others", "--exclude-standard", "-z"], folder).stdout
    paths = (os.fsdecode(name) for name in (changed + new).split(b"\0") if name)
    return Changes(folder, base, frozenset(paths))


def _git(arguments: list[str], folder: Path, problem: str) -> str:
    result = _run(["git", *arguments], folder)
    if result.returncode != 0:
        raise ConfigError(problem)
    return result.stdout.decode("utf-8", "surrogateescape").strip()


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 # no shell; names are arguments
    except FileNotFoundError:
        raise ConfigError("--changed-since needs git; install it") from None
