"""Small conversations, heard."""

from collections.abc import Callable

import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role, Utterance
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.scanner import Scanner

Listen = Callable[..., HeardConversation]
Rules = Callable[..., list[str]]


@pytest.fixture(scope="session")
def listen() -> Listen:
    """Return a function from `(role, words)` pairs to a heard conversation."""
    language = LanguagePipeline(load_catalogue(rules_folder()), Budget(utterance_chars=10**6, record_seconds=60.0))

    def heard(*said: tuple[str, str]) -> HeardConversation:
        utterances = tuple(Utterance(Role(role), text) for role, text in said)
        return hear(language.parse(Conversation("c", utterances))[0])

    return heard


@pytest.fixture(scope="session")
def rules() -> Rules:
    """Return a function from spoken pairs to the rules that fire."""
    scanner = Scanner(Config(model=ModelChoice.NONE))

    def fired(*said: tuple[str, str]) -> list[str]:
        return [finding.rule for finding in scanner.scan(list(said)).findings]

    return fired
