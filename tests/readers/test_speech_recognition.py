"""Files of other formats that hold the same words as keys are left to their readers."""

import json
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.readers import ReadOptions, read
from convscan.readers.registry import reader_for

SPEECH = frozenset(
    {
        *("amazon-transcribe", "azure", "contact-lens", "deepgram", "fireflies", "genesys", "google-conversation"),
        *("google-speech", "speaker-list", "srt", "twilio", "vcon", "webvtt"),
    }
)
NATIVE = {"id": "n-1", "utterances": [{"role": "agent", "text": "Hello."}, {"role": "customer", "text": "Hi."}]}


def reader_of(value: object) -> str | None:
    reader = reader_for(json.dumps(value).encode(), "file.json")
    return reader.name if reader else None


@pytest.mark.parametrize(
    "inside",
    [
        {"messages": [{"conversation_sid": "CH1", "author": "jo", "body": "x"}]},
        {"Transcript": [{"ParticipantRole": "AGENT", "Content": "x"}]},
        {"results": {"channels": [{"alternatives": [{"transcript": "x"}]}]}},
        {"vcon": "0.0.1", "uuid": "u", "parties": [], "dialog": []},
        {"segments": [{"speaker": "A", "text": "x"}]},
        {"transcripts": [{"phrases": []}]},
    ],
)
def test_what_stands_in_the_metadata_of_our_own_format_is_not_asked(inside: object) -> None:
    assert reader_of({**NATIVE, "metadata": {"source": inside}}) in {"json", "jsonl"}
    assert reader_of([{**NATIVE, "metadata": {"source": inside}}]) in {"json", "jsonl"}


def test_our_own_utterances_with_a_speaker_beside_the_role_stay_ours(tmp_path: Path) -> None:
    path = tmp_path / "n.jsonl"
    own = {"utterances": [{"role": "agent", "speaker": "Agent", "text": "Hello.", "start": 1}]}
    path.write_text(json.dumps(own) + "\n", encoding="utf-8")

    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert record.utterances[0].metadata == {"speaker": "Agent", "start": 1}


def test_results_of_a_scan_are_no_transcripts() -> None:
    result = {"schema": "convscan.result/1", "findings": [], "conversation": {**NATIVE, "segments": []}}

    assert reader_of(result) in {"json", "jsonl"}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            {"id": "u1", "conversation_id": "c", "speaker": "A", "text": "x", "reply-to": None, "timestamp": 1},
            "ConvoKit utterances name their conversation",
        ),
        ({"messages": [{"role": "user", "content": "x"}]}, "chat logs of language models"),
        ({"messages": [{"author": "jo", "body": "x"}]}, "no conversation of Twilio"),
        ({"results": [{"transcript": "x"}]}, "any recogniser"),
        ({"results": [{"alternatives": [{"transcript": "x"}]}]}, "alternatives alone stand in many answers"),
        ({"entries": [{"text": "x", "role": "agent"}]}, "text and role alone say nothing"),
        ({"phrases": [{"text": "x"}]}, "a list of phrases"),
        ({"sentences": ["x"]}, "a list of texts"),
        ({"Transcript": "x"}, "one text"),
        ({"1": {"label": "x", "content": "<p>Dear {{name}}</p>"}}, "reply templates"),
        ({"macros": [{"title": "x", "comment_value": "Hello"}]}, "helpdesk macros"),
        ({"comments": [{"id": 1, "author_id": 2, "body": "x", "public": True}]}, "helpdesk comments"),
        ({"conversation_parts": {"parts": [{"author": {"type": "user"}, "body": "x"}]}}, "helpdesk parts"),
        ({"payload": {"a": 1}}, "webhooks have a payload and no signatures"),
        ({"parties": [], "title": "x"}, "parties alone are no vCon"),
        ({"a": {"b": {"c": {"speaker": "A", "text": "x"}}}}, "deep inside something else it is no transcript"),
    ],
)
def test_near_misses(value: object, why: str) -> None:
    assert reader_of(value) not in SPEECH, why


def test_a_vcon_with_a_transcript_inside_is_a_vcon() -> None:
    body = {"results": {"channels": [{"alternatives": [{"transcript": "x"}]}]}}

    assert reader_of({"uuid": "u", "parties": [], "analysis": [{"type": "transcript", "body": body}]}) == "vcon"


def test_recorded_answers_of_an_api_are_looked_into(tmp_path: Path) -> None:
    message = {"conversation_sid": "CH1", "sid": "IM1", "index": 0, "author": "system", "body": "x"}
    recorded = {
        "api": {"get": {"/v1/Messages": {"response": {"messages": [message]}}}},
        "output": {"messages": [message]},
    }
    path = tmp_path / "recorded.json"
    path.write_text(json.dumps(recorded, indent=1), encoding="utf-8")

    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert [item.text for item in record.utterances] == ["x"]


def test_every_format_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "call.txt"
    path.write_text('{"Transcript": [{"ParticipantRole": "AGENT", "Content": "Hello."}]}', encoding="utf-8")

    (record,) = read([str(path)], ReadOptions(format="contact-lens"))

    assert isinstance(record, Conversation)
