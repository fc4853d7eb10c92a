"""The models that scanners read with: loaded once a process, for they are large and slow to load."""

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

from convscan.config import ModelChoice
from convscan.resources import models_folder

if TYPE_CHECKING:
    from convscan.learned import FastModel, Transformer

_Model = TypeVar("_Model")
# Path, size in bytes and time of change of each file: a model that was replaced is another one.
_Files = tuple[tuple[str, int, int], ...]

_fast: "WeakValueDictionary[_Files, FastModel]" = WeakValueDictionary()
_full: "WeakValueDictionary[_Files, Transformer]" = WeakValueDictionary()
# Two threads that make a scanner each do not load the same model twice.
_loading = threading.Lock()


class Models:
    """The models of one scanner.

    What was loaded is shared by all scanners of the process, and goes with the last of
    them. What a model remembers between conversations is each scanner's own, so that
    scanners in several threads do not disturb one another.

    Attributes:
        fast: None if rules alone were chosen.
        full: None if it was not chosen.
    """

    def __init__(self, choice: ModelChoice, fast_folder: str | None = None) -> None:
        """Load the models, numpy and onnxruntime with them, if no scanner of this process has them yet.

        Args:
            choice: Which are loaded.
            fast_folder: Where the fast model lies; None for the one that ships.

        Raises:
            ModelError: If a model is missing or damaged.
        """
        # They are named here to be held: only weakly does the process know them.
        self._shared_fast = _shared_fast(fast_folder) if choice is not ModelChoice.NONE else None
        self._shared_full = _shared_full() if choice is ModelChoice.FULL else None
        self.fast = self._shared_fast.apart() if self._shared_fast else None
        self.full = self._shared_full.apart() if self._shared_full else None

    @property
    def known_by(self) -> str | None:
        """`name@hash` of each model, None if there is none."""
        read_by = ((ModelChoice.FAST, self.fast), (ModelChoice.FULL, self.full))
        return "+".join(f"{name.value}@{one.digest}" for name, one in read_by if one is not None) or None


def digest_on_disk(choice: ModelChoice, fast_folder: str | None = None) -> str:
    """Return a hash over the files of the models that are chosen, none of which is loaded; empty for none."""
    folders: tuple[Path, ...] = () if choice is ModelChoice.NONE else _fast_folders(fast_folder)
    folders += _full_folders() if choice is ModelChoice.FULL else ()
    contents = [f"{Path(path).name}={sha256(Path(path).read_bytes()).hexdigest()}" for path, _, _ in _files(folders)]
    return sha256("\0".join(contents).encode()).hexdigest()[:16] if contents else ""


def is_loading() -> bool:
    """Whether a model is being loaded right now."""
    return _loading.locked()


def forget() -> None:
    """Let the next scanner load its models anew; call it in a forked process, whose threads are gone."""
    global _loading  # noqa: PLW0603 # the thread that held it may not exist in this process
    _loading = threading.Lock()
    _fast.clear()
    _full.clear()


def _shared_fast(given: str | None) -> "FastModel":
    from convscan.learned import load_model

    folder, embedding = folders = _fast_folders(given)
    return _loaded(_fast, folders, lambda: load_model(folder, embedding))


def _shared_full() -> "Transformer":
    from convscan.learned import Transformer

    folders = _full_folders()
    return _loaded(_full, folders, lambda: Transformer(folders[0]))


def _fast_folders(given: str | None) -> tuple[Path, Path]:
    """Return the folder of the fast model, of one's own or as it ships, and that of the embedding that it reads."""
    from convscan.learned import FAST

    return models_folder() / FAST if given is None else Path(given), models_folder() / "embedding"


def _full_folders() -> tuple[Path, ...]:
    from convscan.learned import FULL

    return (models_folder() / FULL,)


def _loaded(
    known: "WeakValueDictionary[_Files, _Model]", folders: tuple[Path, ...], load: Callable[[], _Model]
) -> _Model:
    files = tuple(_files(folders))
    with _loading:
        model = known.get(files)
        if model is None:
            model = known[files] = load()
        return model


def _files(folders: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        # A folder that is not there has no files; whoever loads it says so.
        for path in filter(Path.is_file, sorted(folder.glob("*"))):
            looks = path.stat()
            yield str(path), looks.st_size, looks.st_mtime_ns
