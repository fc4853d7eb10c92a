"""Small conversations, heard."""

from collections.abc import Callable

import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation, Role, Utterance
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue

Listen = Callable[..., HeardConversation]


@pytest.fixture(scope="session")
def listen() -> Listen:
    """Return a function from `(role, words)` pairs to a heard conversation."""
    language = LanguagePipeline(load_catalogue(rules_folder()), Budget(utterance_chars=10**6, record_seconds=60.0))

    def heard(*said: tuple[str, str]) -> HeardConversation:
        utterances = tuple(Utterance(Role(role), text) for role, text in said)
        return hear(language.parse(Conversation("c", utterances))[0])

    return heard
