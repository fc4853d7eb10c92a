"""Dialogues of research: DialogStudio, and the event logs of Rasa and STAR."""

import io
import json
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.registry import reader_for

DATA = Path(__file__).parents[1] / "data" / "formats"
TURN = {"turn id": 1, "user utterance": "Hello", "system response": "Good day"}


def said(record: Record) -> list[tuple[str, str]]:
    assert isinstance(record, Conversation), record
    return [(item.role.value, item.text) for item in record.utterances]


def records_of(value: object, **roles: Role) -> list[Record]:
    return list(read(["-"], ReadOptions(roles=roles), stdin=io.BytesIO(json.dumps(value).encode())))


def test_dialogstudio_says_who_says_what() -> None:
    first, second = read([str(DATA / "dialogstudio" / "dialogues.json")])

    assert said(first)[:2] == [("customer", "I want to return a coat."), ("agent", "Of course. Was it a gift?")]
    assert isinstance(first, Conversation)
    assert (first.id, first.metadata["original dialog info"]) == ("SHOP--train--1", {"domain": "returns"})
    assert said(second) == [("agent", "Good morning, how may I help?"), ("customer", "Do you mend zips?")]


def test_system_may_be_a_bot() -> None:
    (record,) = records_of({"a": {"log": [TURN]}}, system=Role.BOT)

    assert [role for role, _ in said(record)] == ["customer", "bot"]


@pytest.mark.parametrize("log", [[TURN, 5], [TURN, {"user utterance": 5}]])
def test_bad_dialogue_is_reported_and_the_next_is_read(log: list[object]) -> None:
    bad, good = records_of([{"id": "x", "log": log}, {"id": "y", "log": [TURN]}])

    assert isinstance(bad, BadRecord)
    assert (bad.id, bad.message.startswith("-:1: log[1]")) == ("x", True)
    assert good.id == "y"


def test_star_keeps_what_was_said_and_nothing_else() -> None:
    (record,) = read([str(DATA / "event-log" / "star.json")])

    assert said(record) == [
        ("customer", "Can I book the blue boat for Sunday?"),
        ("agent", "At what time, please?"),
        ("customer", "At ten."),
        ("agent", "It is yours from ten to twelve."),
    ]
    assert isinstance(record, Conversation)
    assert (record.id, record.utterances[0].timestamp) == ("41", "2020-09-13T12:26:50Z")


def test_rasa_tells_a_human_from_the_bot() -> None:
    (record,) = read([str(DATA / "event-log" / "rasa.jsonl")])

    assert [role for role, _ in said(record)] == ["customer", "bot", "agent"]


def test_unknown_speaker_of_a_log_is_an_error_with_the_option() -> None:
    events = [{"Agent": "Oracle", "Action": "utter", "Text": "Hm."}]

    (bad,) = records_of({"DialogueID": 3, "Events": events})
    (record,) = records_of({"DialogueID": 3, "Events": events}, oracle=Role.AGENT)

    assert isinstance(bad, BadRecord)
    assert '--role "Oracle=ROLE"' in bad.message
    assert said(record) == [("agent", "Hm.")]


@pytest.mark.parametrize("moment", [None, "soon", True, 1e300, -5, 10**30])
def test_impossible_moments_are_no_times(moment: object) -> None:
    (record,) = records_of({"Events": [{"Agent": "User", "Action": "utter", "Text": "a", "UnixTime": moment}]})

    assert isinstance(record, Conversation)
    assert record.utterances[0].timestamp is None


@pytest.mark.parametrize(
    "value",
    [
        {"id": "1", "utterances": [{"role": "agent", "text": "x"}], "events": [], "log": []},
        {"events": [{"event": "click"}], "utterances": []},
        {"log": [{"line": "user utterance"}]},
        {"utterances": [{"role": "agent", "text": "x"}], "metadata": {"log": [TURN]}},
    ],
)
def test_near_misses_are_left_to_others(value: object) -> None:
    found = reader_for(json.dumps(value).encode(), "-")

    assert found is not None
    assert found.name in {"json", "jsonl"}
