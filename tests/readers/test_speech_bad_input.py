"""Damaged exports: told with place and remedy, and one bad conversation never loses the next."""

import copy
import io
import json
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

DATA = Path(__file__).parents[1] / "data" / "formats"
JSON_FORMATS = (
    *("amazon-transcribe", "azure", "contact-lens", "deepgram", "fireflies"),
    *("genesys", "google-conversation", "google-speech", "speaker-list", "twilio", "vcon"),
)
JSON_FILES = sorted(path for name in JSON_FORMATS for path in (DATA / name).glob("*.json"))


def records(content: bytes, **options: object) -> list[Record]:
    return list(read(["-"], ReadOptions(**options), stdin=io.BytesIO(content)))  # type: ignore[arg-type]


def bad(value: object, **options: object) -> str:
    """Return the message of the one bad record that a value gives."""
    (record,) = records(json.dumps(value).encode(), **options)
    assert isinstance(record, BadRecord)
    return record.message


def nulled(value: object) -> object:
    """Return a value with null in the place of every text and number."""
    if isinstance(value, dict):
        return {key: nulled(item) for key, item in value.items()}
    return [nulled(item) for item in value] if isinstance(value, list) else None


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_cut_file_is_told_of(path: Path) -> None:
    content = path.read_bytes().rstrip()

    last = records(content[: len(content) - 3], format=path.parent.name)[-1]

    assert isinstance(last, BadRecord)
    assert "breaks off" in last.message or "not valid JSON" in last.message


@pytest.mark.parametrize("path", JSON_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nulls_everywhere_are_told_of(path: Path) -> None:
    content = json.dumps(nulled(json.loads(path.read_text(encoding="utf-8")))).encode()

    found = records(content, format=path.parent.name)

    assert found
    # Twilio's messages may have no body; what nobody said can still not be given a role.
    assert all(isinstance(record, BadRecord) and record.message for record in found)


TURN = {"ParticipantRole": "AGENT", "Content": "Hello.", "BeginOffsetMillis": 0}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"Participants": [], "JobStatus": "COMPLETED"}, "Transcript: expected a list […], found null"),
        ({"Transcript": [TURN, 7]}, "Transcript[1]: expected an object {…}, found a number"),
        ({"Transcript": [{**TURN, "Content": None}]}, "Transcript[0].Content: expected text, found null"),
        ({"Transcript": [{**TURN, "Content": " "}]}, "has no words in it"),
        ({"Transcript": [TURN, {"ParticipantId": "x", "Content": "Yes."}, {"ParticipantId": "y", "Content": "No."}]},
         'among \'x\', \'y\'; say it of each: --role "NAME=agent" or --role "NAME=customer"'),
        ({"results": {"transcripts": [], "speaker_labels": {}, "items": None}}, "results.items: expected a list"),
        ({"results": {"transcripts": [], "speaker_labels": {}, "items": [{"alternatives": 3}]}},
         "results.items[0].alternatives: expected a list […], found a number"),
        ({"recognizedPhrases": [{"nBest": [{"display": 3}]}]}, "nBest[0].display: expected text, found a number"),
        ({"transcripts": [{"phrases": {"a": 1}}]}, "transcripts[0].phrases: expected a list […], found an object"),
        ({"results": {"channels": [{"alternatives": []}]}}, "has no words in it"),
        ({"sentences": [{"speaker_name": "Jo", "text": ["x"]}]}, "sentences[0].text: expected text, found a list"),
        ([{"speaker": "Agent", "text": "x"}, {"speaker": "Agent", "text": "y", "role": 3}],
         "holds nothing of this format"),
    ],
)  # fmt: skip
def test_wrong_values_are_told_with_their_place(value: object, says: str) -> None:
    found = records(json.dumps(value).encode())

    assert any(isinstance(record, BadRecord) and says in record.message for record in found)


def test_one_bad_conversation_of_a_document_does_not_lose_the_next() -> None:
    good = {"id": "2", "conversationItems": [{"participantId": "Agent_1", "role": "Agent", "text": "Hello."}]}
    broken = {"id": "1", "conversationItems": [{"participantId": "Agent_1", "role": "Agent", "text": None}]}

    first, second = records(json.dumps({"analysisInput": {"conversations": [broken, good]}}).encode())

    assert isinstance(first, BadRecord)
    assert isinstance(second, Conversation)
    assert second.id == "2"


def test_one_bad_line_does_not_lose_the_next() -> None:
    line = json.dumps({"CustomerMetadata": {"ContactId": "c"}, "Transcript": [TURN]})

    first, second, third = records(f'{line}\n{{"Transcript": [\n{line}\n'.encode())

    assert isinstance(second, BadRecord)
    assert second.message.startswith("-:2: ")
    assert [record.id for record in (first, third)] == ["c", "c#2"]


def test_a_bad_conversation_keeps_its_id() -> None:
    (record,) = records(json.dumps({"jobName": "job-9", "results": {"transcripts": [], "items": []}}).encode())

    assert isinstance(record, BadRecord)
    assert record.id == "job-9"


def test_a_message_twice_in_a_file_is_said_once() -> None:
    message = {"conversation_sid": "CH1", "sid": "IM1", "index": 0, "author": "system", "body": "x"}

    (record,) = records(json.dumps([message, copy.deepcopy(message)]).encode())

    assert isinstance(record, Conversation)
    assert len(record.utterances) == 1


@pytest.mark.parametrize("time", ["x", -1e300, 1e300, True, None, [], "99999999999999999999", "1:2:3:4"])
def test_times_that_are_none_are_left_out(time: object) -> None:
    (record,) = records(json.dumps([{"speaker": "Agent", "text": "Hello.", "start": time, "end": time}]).encode())

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "Hello."
    assert "start_ms" not in str(record.utterances[0].metadata)


def test_a_time_before_there_were_such_files_is_an_offset() -> None:
    """The documentation's own example counts microseconds from the start of the call."""
    entry = {"role": "AGENT", "text": "Hello.", "user_id": 2, "start_timestamp_usec": 5_000_000}
    (record,) = records(json.dumps({"entries": [entry]}).encode())

    assert isinstance(record, Conversation)
    assert record.utterances[0].timestamp is None
    assert record.utterances[0].metadata == {"start_ms": 5000}


def test_redaction_marks_are_words() -> None:
    (record,) = records(json.dumps({"Transcript": [{**TURN, "Content": "[PII] hi [PII]"}]}).encode())

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "[PII] hi [PII]"
