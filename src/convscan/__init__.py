"""Scan customer-support conversations for what harms the relationship.

>>> import convscan
>>> scanner = convscan.Scanner()
>>> result = scanner.scan([("agent", "You should have read the terms, Ms Ode.")])
>>> result.findings[0].rule
'blame/customer'
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convscan.config import Config, FailOn, ModelChoice, find_config, load_config
    from convscan.conversation import Channel, Conversation, Role, Scenario, Source, Utterance, Visibility
    from convscan.errors import (
        AnnotationError,
        ConfigError,
        ConvscanError,
        ConvscanWarning,
        ModelError,
        RuleError,
        TranscriptError,
    )
    from convscan.finding import (
        Balance,
        Check,
        Deposit,
        DepositKind,
        Finding,
        Kind,
        Outcome,
        Problem,
        ProblemCode,
        Promise,
        ScanResult,
        Scope,
        Severity,
        Span,
        Status,
    )
    from convscan.records import conversation_from_json, conversation_to_json, result_from_json, result_to_json
    from convscan.scannable import Scannable
    from convscan.scanner import Scanner

    __version__: str

__all__ = [
    "AnnotationError",
    "Balance",
    "Channel",
    "Check",
    "Config",
    "ConfigError",
    "Conversation",
    "ConvscanError",
    "ConvscanWarning",
    "Deposit",
    "DepositKind",
    "FailOn",
    "Finding",
    "Kind",
    "ModelChoice",
    "ModelError",
    "Outcome",
    "Problem",
    "ProblemCode",
    "Promise",
    "Role",
    "RuleError",
    "ScanResult",
    "Scannable",
    "Scanner",
    "Scenario",
    "Scope",
    "Severity",
    "Source",
    "Span",
    "Status",
    "TranscriptError",
    "Utterance",
    "Visibility",
    "conversation_from_json",
    "conversation_to_json",
    "find_config",
    "load_config",
    "result_from_json",
    "result_to_json",
]

_MODULES = {
    "config": ("Config", "FailOn", "ModelChoice", "find_config", "load_config"),
    "conversation": ("Channel", "Conversation", "Role", "Scenario", "Source", "Utterance", "Visibility"),
    "errors": (
        *("AnnotationError", "ConfigError", "ConvscanError", "ConvscanWarning"),
        *("ModelError", "RuleError", "TranscriptError"),
    ),
    "finding": (
        *("Balance", "Check", "Deposit", "DepositKind", "Finding", "Kind", "Outcome", "Problem"),
        *("ProblemCode", "Promise", "ScanResult", "Scope", "Severity", "Span", "Status"),
    ),
    "records": ("conversation_from_json", "conversation_to_json", "result_from_json", "result_to_json"),
    "scannable": ("Scannable",),
    "scanner": ("Scanner",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `convscan --help` must stay quick."""
    import importlib

    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("convscan")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'convscan' has no attribute {name!r}")
    return getattr(importlib.import_module(f"convscan.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    """Tell the public names to those who look for them, imported or not."""
    return sorted({*globals(), *__all__, "__version__"})
