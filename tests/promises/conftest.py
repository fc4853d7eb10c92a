"""What tests of promises share: conversations in short form, scanned."""

from collections.abc import Callable

import pytest

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.finding import ScanResult
from convscan.scanner import Scanner

Scan = Callable[..., ScanResult]


@pytest.fixture(scope="session")
def scan(scanner: Scanner) -> Scan:
    """Scan `role [day T hour:minute]: words` lines; the agent is Jo, and Mia where the role is `other`.

    Days are those of March 2026, in the zone +01:00; the 2nd is a Monday.
    """

    def run(*lines: str, channel: Channel | None = Channel.EMAIL) -> ScanResult:
        return scanner.scan(Conversation("c-1", tuple(map(_utterance, lines)), channel=channel))

    return run


def _utterance(line: str) -> Utterance:
    head, words = line.split(": ", 1)
    role, _, when = head.partition(" ")
    timestamp = f"2026-03-{when}:00+01:00" if when else None
    if role == "system":
        return Utterance(Role.SYSTEM, words, timestamp=timestamp)
    if role == "customer":
        return Utterance(Role.CUSTOMER, words, author="Ana", timestamp=timestamp)
    return Utterance(Role.AGENT, words, author="Mia" if role == "other" else "Jo", timestamp=timestamp)
