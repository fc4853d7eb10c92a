"""Where convscan's own rules, schemas and code lie, installed or in a checkout."""

import os
import sys
from hashlib import sha256
from pathlib import Path

from convscan.errors import ConvscanError

_PACKAGE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """Return the folder of the built-in rules for English."""
    return _folder("rules") / "en"


def ready_rules_folder() -> Path:
    """Return where the build left what is made of the built-in rules; it need not be there."""
    return _PACKAGE / "_data" / "ready"


def models_folder() -> Path:
    """Return the folder of the models for English."""
    return _folder("models") / "en"


def cache_folder() -> Path | None:
    """Return the user's folder for what can be made anew at any time; None if the system names none."""
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) / "convscan" / "cache" if local else None
    named = os.environ.get("XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named) / "convscan"
    try:
        home = Path.home()
    except RuntimeError:  # a user without a home
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "convscan"


def schema_file(name: str) -> Path:
    """Return a JSON Schema that ships with the package, such as `result`."""
    return _PACKAGE / "schema" / f"{name}.schema.json"


def code_digest() -> str:
    """Return a hash over convscan's own code: every checkout has the same version, and each may find other things."""
    digest = sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _folder(name: str) -> Path:
    """Return a data folder: inside the installed package, else beside the sources."""
    candidates = (_PACKAGE / "_data" / name, _PACKAGE.parents[1] / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise ConvscanError(
        f"convscan's {name} are missing (looked in {' and '.join(map(str, candidates))}); install the package again"
    )
