"""Read and write arrays with a header; nothing is ever unpickled."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from convscan.errors import ModelError

# All of a file's description is one entry, for safetensors writes several in any order.
_ENTRY = "convscan"

Arrays = dict[str, npt.NDArray[Any]]

_AGAIN = "install convscan again, or train the model anew with `convscan train`"


def read_arrays(path: Path, format_: str) -> tuple[Arrays, dict[str, Any]]:
    """Read a safetensors file.

    Args:
        path: The file.
        format_: Name and version of the format that it must have.

    Returns:
        The arrays by name, and the header.

    Raises:
        ModelError: If the file is missing, cut short, changed, or of another format or version.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            stored = json.loads((file.metadata() or {}).get(_ENTRY, "{}"))
            arrays = {name: file.get_tensor(name) for name in sorted(file.keys())}
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read as a model ({error}); {_AGAIN}") from error
    if stored.get("format") != format_:
        raise ModelError(f"{path}: is of format {stored.get('format')!r}, this convscan needs {format_!r}; {_AGAIN}")
    header = stored.get("header")
    if not isinstance(header, str) or stored.get("digest") != digest(arrays, header):
        raise ModelError(f"{path}: its content does not fit its hash; {_AGAIN}")
    return arrays, json.loads(header)


def write_arrays(path: Path, format_: str, arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]) -> str:
    """Write a safetensors file with a header and a hash over all of it.

    Returns:
        The hash.
    """
    from safetensors.numpy import save

    text = json.dumps(header, sort_keys=True)
    kept = {name: np.ascontiguousarray(arrays[name]) for name in sorted(arrays)}
    known_by = digest(kept, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    stored = {"format": format_, "header": text, "digest": known_by}
    # The library's own writing lets nobody else read the file.
    path.write_bytes(save(kept, metadata={_ENTRY: json.dumps(stored, sort_keys=True)}))
    return known_by


def digest(arrays: Mapping[str, npt.NDArray[Any]], header: str) -> str:
    """Return a hash over arrays and header."""
    total = hashlib.sha256(header.encode())
    for name in sorted(arrays):
        total.update(f"{name} {arrays[name].dtype} {arrays[name].shape}".encode())
        total.update(np.ascontiguousarray(arrays[name]).tobytes())
    return total.hexdigest()[:16]
