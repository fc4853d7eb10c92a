"""Packages that not everybody needs: imported when a file wants one, missed in plain words."""

import importlib
from types import ModuleType

from convscan.errors import TranscriptError


def need(module: str, what: str) -> ModuleType:
    """Return a module of an optional package.

    Args:
        module: Its full name.
        what: The files that need it, for the message.

    Raises:
        TranscriptError: If it is not installed; the message holds the command.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise TranscriptError(
            f'{what} need the package {package}, which is not installed: pip install "convscan[formats]"'
        ) from None
