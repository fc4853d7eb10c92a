"""Scan customer-support conversations for what harms the relationship.

>>> import convscan
>>> scanner = convscan.Scanner()
>>> result = scanner.scan([("agent", "You should have read the terms, Ms Ode.")])
>>> result.findings[0].rule
'blame/customer'
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convscan.config import Config
    from convscan.conversation import Conversation, Utterance
    from convscan.finding import Deposit, Finding, ScanResult
    from convscan.scanner import Scanner

__all__ = ["Config", "Conversation", "Deposit", "Finding", "ScanResult", "Scanner", "Utterance"]

_MODULES = {
    "Config": "config",
    "Conversation": "conversation",
    "Deposit": "finding",
    "Finding": "finding",
    "ScanResult": "finding",
    "Scanner": "scanner",
    "Utterance": "conversation",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `convscan --help` must stay quick."""
    import importlib

    if name not in _MODULES:
        raise AttributeError(f"module 'convscan' has no attribute {name!r}")
    return getattr(importlib.import_module(f"convscan.{_MODULES[name]}"), name)
