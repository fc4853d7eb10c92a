"""A conversation goes into a vCon and comes back, and what was found goes with it."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from convscan.conversation import Channel, Conversation, Role, Utterance, Visibility
from convscan.finding import ScanResult, Status, Tool
from convscan.readers import read
from convscan.readers.formats.vcon import results_in
from convscan.records import conversation_to_json
from convscan.resources import schema_file
from convscan.scanner import Scanner
from convscan.writers import writer_for
from convscan.writers.vcon import vcon_of

DATA = Path(__file__).parents[1] / "data" / "formats" / "vcon"
VCONS = sorted(DATA.iterdir())
RESULT = ScanResult("c-1", Status.JUDGED, Tool("0.1.0", "abc"))

words = st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
utterances = st.builds(
    Utterance,
    role=st.sampled_from(Role),
    text=words,
    author=st.none() | words,
    # An empty id and none are one in the native format.
    author_id=st.none() | st.text(min_size=1, max_size=8) | st.just("jo@example.com"),
    timestamp=st.none() | words | st.sampled_from(("2026-03-04T09:00:00Z", "2026-03-04T09:00:00+01:00", "10:02")),
    visibility=st.sampled_from(Visibility),
    metadata=st.dictionaries(words, json_values, max_size=2),
)
conversations = st.builds(
    Conversation,
    id=st.text(min_size=1, max_size=12) | st.uuids().map(str),
    utterances=st.lists(utterances, max_size=6).map(tuple),
    channel=st.none() | st.sampled_from(Channel),
    language=st.none() | st.sampled_from(("en", "de")),
    # `vcon` is where the reader keeps a container that is to be written back.
    metadata=st.dictionaries(words.filter(lambda key: key != "vcon"), json_values, max_size=2),
)


def written(*pairs: tuple[ScanResult, Conversation | None]) -> str:
    stream = io.StringIO()
    writer = writer_for("vcon", stream)
    writer.open()
    for result, conversation in pairs:
        writer.write(result, conversation)
    writer.close()
    return stream.getvalue()


def read_back(text: str) -> list[Conversation]:
    records = list(read(["-"], stdin=io.BytesIO(text.encode())))
    assert all(isinstance(record, Conversation) for record in records), records
    return [record for record in records if isinstance(record, Conversation)]


@settings(max_examples=200, deadline=None)
@given(conversations)
def test_native_to_vcon_and_back_changes_nothing(conversation: Conversation) -> None:
    (again,) = read_back(written((RESULT, conversation)))

    assert conversation_to_json(replace(again, source=None)) == conversation_to_json(conversation)


@settings(max_examples=50, deadline=None)
@given(st.lists(conversations, min_size=2, max_size=3, unique_by=lambda item: item.id))
def test_several_conversations_are_a_vcon_a_line(given_conversations: list[Conversation]) -> None:
    again = read_back(written(*((RESULT, conversation) for conversation in given_conversations)))

    assert [item.id for item in again] == [item.id for item in given_conversations]


@settings(max_examples=100, deadline=None)
@given(conversations)
def test_what_is_made_is_a_vcon(conversation: Conversation) -> None:
    """The parameters that the draft demands, and indices that are there."""
    vcon = json.loads(written((RESULT, conversation)))

    assert vcon["uuid"]
    assert vcon["created_at"].endswith(("Z", "+01:00"))
    for dialog in vcon["dialog"]:
        assert dialog["type"] == "text"
        assert dialog["start"]
        assert 0 <= dialog["parties"][0] < len(vcon["parties"])
    for analysis in vcon["analysis"]:
        assert analysis["vendor"]
        assert analysis["dialog"] == list(range(len(vcon["dialog"])))


def test_order_visibility_and_times_are_seen_by_other_tools() -> None:
    conversation = Conversation(
        "c-1",
        (
            Utterance(Role.CUSTOMER, "Late again.", "Mia", timestamp="2026-03-04T09:00:00Z"),
            Utterance(Role.AGENT, "I look.", "Jo", "jo@example.com", "2026-03-04T09:01:00Z"),
            Utterance(Role.AGENT, "Angry one.", "Jo", "jo@example.com", visibility=Visibility.INTERNAL),
        ),
    )
    vcon = vcon_of(conversation)

    assert vcon["parties"] == [
        {"role": "customer", "name": "Mia"},
        {"role": "agent", "name": "Jo", "mailto": "jo@example.com"},
    ]
    dialog = vcon["dialog"]
    assert isinstance(dialog, list)
    assert [(item["parties"], item["start"]) for item in dialog if isinstance(item, dict)] == [
        ([0], "2026-03-04T09:00:00Z"),
        ([1], "2026-03-04T09:01:00Z"),
        ([1], "2026-03-04T09:01:00Z"),
    ]


def test_no_time_is_made_up_on_the_way_back() -> None:
    """A vCon must have one in every dialog; the neighbour's stands there for tools, not for us."""
    conversation = Conversation("c-1", (Utterance(Role.AGENT, "Hello.", timestamp="10:02"),))
    text = written((RESULT, conversation))

    assert json.loads(text)["dialog"][0]["start"] == "1970-01-01T00:00:00Z"
    assert read_back(text)[0].utterances[0].timestamp == "10:02"


def test_a_vcon_that_others_have_changed_is_read_like_any_other() -> None:
    vcon = vcon_of(Conversation("c-1", (Utterance(Role.AGENT, "Hello.", timestamp="2026-03-04T09:00:00Z"),)))
    dialog = vcon["dialog"]
    assert isinstance(dialog, list)
    dialog.append({"type": "text", "start": "2026-03-04T09:05:00Z", "parties": [0], "body": "Bye.", "encoding": "none"})

    (again,) = read_back(json.dumps(vcon))

    assert [(item.role, item.text) for item in again.utterances] == [(Role.AGENT, "Hello."), (Role.AGENT, "Bye.")]


@pytest.mark.parametrize("path", VCONS, ids=lambda path: path.name)
def test_a_vcon_of_others_stays_as_it_was_but_for_the_analysis(path: Path) -> None:
    (conversation,) = read_back(path.read_text(encoding="utf-8"))
    original = json.loads(path.read_text(encoding="utf-8"))

    vcon = json.loads(written((RESULT, conversation)))

    *others, ours = vcon["analysis"]
    assert ours["type"] == "convscan"
    assert {**vcon, "analysis": others} == {**original, "analysis": original.get("analysis", [])}


@pytest.mark.parametrize("path", VCONS, ids=lambda path: path.name)
def test_findings_in_a_vcon_fit_the_schema_and_come_back(path: Path, scanner: Scanner) -> None:
    (conversation,) = read_back(path.read_text(encoding="utf-8"))
    result = scanner.scan(conversation)

    vcon = json.loads(written((result, conversation)))

    validator = Draft202012Validator(json.loads(schema_file("result").read_text("utf-8")))
    validator.validate(vcon["analysis"][-1]["body"])
    assert vcon["analysis"][-1]["schema"] == "convscan.result/1"
    assert results_in(vcon) == [result]


def test_findings_of_a_conversation_are_written_and_come_back(scanner: Scanner) -> None:
    conversation = Conversation(
        "c-1",
        (
            Utterance(Role.CUSTOMER, "You charged me twice and nobody answers."),
            Utterance(Role.AGENT, "You should have read the terms. Calm down."),
        ),
    )
    result = scanner.scan(conversation)
    assert result.findings

    vcon = json.loads(written((result, conversation)))

    assert results_in(vcon)[0].findings == result.findings


def test_a_second_scan_replaces_the_result_of_the_first() -> None:
    (conversation,) = read_back(VCONS[0].read_text(encoding="utf-8"))
    once = written((RESULT, conversation))

    (again,) = read_back(once)
    twice = json.loads(written((replace(RESULT, language="en"), again)))

    assert [item["body"]["language"] for item in twice["analysis"] if item["type"] == "convscan"] == ["en"]


def test_of_a_record_that_could_not_be_read_there_is_no_vcon() -> None:
    assert written((replace(RESULT, status=Status.ERROR), None)) == ""
