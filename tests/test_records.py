"""Records: what is written is read back, and what cannot be read says why."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Resource
from referencing.jsonschema import EMPTY_REGISTRY

from convscan.conversation import Channel, Conversation, Role, Source, Utterance, Visibility
from convscan.errors import TranscriptError
from convscan.finding import (
    Balance,
    Check,
    Deadline,
    Deposit,
    DepositKind,
    Entry,
    Fate,
    Finding,
    Kind,
    Outcome,
    Problem,
    ProblemCode,
    Promise,
    PromiseKind,
    ScanResult,
    Severity,
    Span,
    Status,
    Step,
    Tool,
)
from convscan.records import conversation_from_json, conversation_to_json, result_from_json, result_to_json
from convscan.resources import schema_file

NASTY = ("\ud800", "\udfff end", "a\u2028b\u2029c", "👩\u200d👩\u200d👧", "e\u0301", "\x00\x1b[31m", '"\\', "\u202e")
TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(NASTY)
NAMES = TEXTS.filter(bool)
COUNTS = st.integers(0, 10_000)
SHARES = st.none() | st.floats(0, 1)
POINTS = st.floats(0, 1e6)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
METADATA = st.dictionaries(TEXTS, PLAIN | st.lists(PLAIN, max_size=2) | st.dictionaries(TEXTS, PLAIN, max_size=2))
SPANS = st.builds(Span, utterance=COUNTS, start=COUNTS, end=COUNTS, quote=TEXTS)
STEPS = st.builds(Step, step=TEXTS, detail=TEXTS)
FINDINGS = st.builds(
    Finding,
    rule=TEXTS,
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(Kind),
    at=st.none() | SPANS,
    message=TEXTS,
    suggestion=TEXTS,
    confidence=SHARES,
    agent=st.none() | TEXTS,
    because=st.lists(SPANS, max_size=2).map(tuple),
    explanation=st.lists(STEPS, max_size=2).map(tuple),
    fingerprint=TEXTS,
)
DEPOSITS = st.builds(Deposit, kind=st.sampled_from(DepositKind), at=SPANS, confidence=SHARES, agent=st.none() | TEXTS)
CHECKS = st.builds(Check, rule=TEXTS, outcome=st.sampled_from(Outcome), utterance=st.none() | COUNTS)
DEADLINES = st.builds(
    Deadline, at=SPANS, earliest=st.none() | TEXTS, latest=st.none() | TEXTS, is_concrete=st.booleans()
)
PROMISES = st.builds(
    Promise,
    at=SPANS,
    fate=st.sampled_from(Fate),
    kind=st.sampled_from(PromiseKind),
    agent=st.none() | TEXTS,
    by_when=st.none() | DEADLINES,
    condition=st.none() | SPANS,
    evidence=st.lists(SPANS, max_size=2).map(tuple),
    confidence=SHARES,
)
PROBLEMS = st.builds(Problem, code=st.sampled_from(ProblemCode), message=TEXTS)
UTTERANCES = st.builds(
    Utterance,
    role=st.sampled_from(Role),
    text=TEXTS,
    author=st.none() | TEXTS,
    author_id=st.none() | NAMES,
    timestamp=st.none() | TEXTS,
    visibility=st.sampled_from(Visibility),
    metadata=METADATA,
)
CONVERSATIONS = st.builds(
    Conversation,
    id=TEXTS,
    utterances=st.lists(UTTERANCES, max_size=3).map(tuple),
    channel=st.none() | st.sampled_from(Channel),
    language=st.none() | TEXTS,
    metadata=METADATA,
)
ENTRIES = st.builds(
    Entry,
    what=TEXTS,
    points=POINTS,
    weight=st.floats(0, 100),
    certainty=st.floats(0, 1),
    run=st.floats(1, 100),
    recovery=st.floats(0, 1),
    utterance=st.none() | COUNTS,
    agent=st.none() | TEXTS,
    fingerprint=st.none() | TEXTS,
)
RESULTS = st.builds(
    ScanResult,
    conversation_id=st.none() | TEXTS,
    status=st.sampled_from(Status),
    tool=st.builds(Tool, version=TEXTS, rules=TEXTS, model=st.none() | TEXTS),
    source=st.none() | st.builds(Source, path=TEXTS, line=st.none() | COUNTS),
    language=st.none() | TEXTS,
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    deposits=st.lists(DEPOSITS, max_size=2).map(tuple),
    checks=st.lists(CHECKS, max_size=2).map(tuple),
    promises=st.lists(PROMISES, max_size=2).map(tuple),
    balance=st.builds(Balance, deposits=POINTS, withdrawals=POINTS, ledger=st.lists(ENTRIES, max_size=2).map(tuple)),
    errors=st.lists(PROBLEMS, max_size=2).map(tuple),
    conversation=st.none() | CONVERSATIONS,
)
# A whole result takes milliseconds to make up; and how long is no matter of the code's.
BRIEFLY = settings(max_examples=40, deadline=None)
JUNK = st.sampled_from((None, True, -1, 2.5, 10**400, "", "x", [], [1], {}, {"x": 1}))

_SCHEMAS = {name: json.loads(schema_file(name).read_text("utf-8")) for name in ("conversation", "result")}
_TOGETHER = EMPTY_REGISTRY.with_resources(
    (schema["$id"], Resource.from_contents(schema)) for schema in _SCHEMAS.values()
)
CONVERSATION_SCHEMA = Draft202012Validator(_SCHEMAS["conversation"], registry=_TOGETHER)
RESULT_SCHEMA = Draft202012Validator(_SCHEMAS["result"], registry=_TOGETHER)


@BRIEFLY
@given(RESULTS)
def test_result_survives_being_written_and_read(result: ScanResult) -> None:
    assert result_from_json(result_to_json(result)) == result


@BRIEFLY
@given(RESULTS)
def test_result_survives_being_text(result: ScanResult) -> None:
    """Escapes keep even what is no valid UTF-8, but for halves that JSON would join."""
    line = json.dumps(result_to_json(result))
    again = result_from_json(json.loads(line))
    assert json.dumps(result_to_json(again)) == line


@BRIEFLY
@given(RESULTS)
def test_every_result_is_of_the_schema(result: ScanResult) -> None:
    RESULT_SCHEMA.validate(result_to_json(result))


@given(CONVERSATIONS)
def test_conversation_survives_being_written_and_read(conversation: Conversation) -> None:
    record = conversation_to_json(conversation)
    CONVERSATION_SCHEMA.validate(record)
    assert conversation_from_json(record) == conversation


@BRIEFLY
@given(RESULTS, JUNK, st.data())
def test_damaged_result_is_refused_or_read_and_nothing_else(
    result: ScanResult, junk: object, data: st.DataObject
) -> None:
    record = json.loads(json.dumps(result_to_json(result)))
    place = record
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        chosen = data.draw(st.sampled_from(keys))
        if not isinstance(place[chosen], dict | list) or not place[chosen] or data.draw(st.booleans()):
            break
        place = place[chosen]
    place[chosen] = junk
    with contextlib.suppress(TranscriptError):
        result_from_json(record)


@given(st.dictionaries(st.sampled_from(("id", "channel", "language", "metadata", "utterances", "other")), JUNK))
def test_schema_and_reader_accept_the_same_conversations(record: dict[str, object]) -> None:
    try:
        conversation_from_json(record)
    except TranscriptError:
        assert not CONVERSATION_SCHEMA.is_valid(record)
    else:
        assert CONVERSATION_SCHEMA.is_valid(record)


_UTTERANCE_KEYS = ("role", "text", "author", "author_id", "timestamp", "visibility", "metadata", "other")


@given(st.dictionaries(st.sampled_from(_UTTERANCE_KEYS), JUNK), st.sampled_from(Role))
def test_schema_and_reader_accept_the_same_utterances(utterance: dict[str, object], role: Role) -> None:
    record = {"utterances": [{"role": role.value, "text": "Hello", **utterance}]}
    try:
        conversation_from_json(record)
    except TranscriptError:
        assert not CONVERSATION_SCHEMA.is_valid(record)
    else:
        assert CONVERSATION_SCHEMA.is_valid(record)


def test_absent_values_are_left_out_of_a_conversation() -> None:
    conversation = Conversation("k-3", (Utterance(Role.AGENT, "Good morning."),))
    assert conversation_to_json(conversation) == {
        "id": "k-3",
        "utterances": [{"role": "agent", "text": "Good morning."}],
    }


def test_unknown_keys_are_kept_as_metadata_on_both_levels() -> None:
    conversation = conversation_from_json(
        {
            "queue": "returns",
            "metadata": {"team": "north"},
            "utterances": [{"role": "agent", "text": "Hello", "score": 4, "metadata": {"typed": True}}],
        }
    )
    assert conversation.metadata == {"queue": "returns", "team": "north"}
    assert conversation.utterances[0].metadata == {"score": 4, "typed": True}


def test_numbers_are_taken_as_ids() -> None:
    conversation = conversation_from_json(
        {"id": 88, "utterances": [{"role": "agent", "text": "Hello", "author_id": 7}]}
    )
    assert (conversation.id, conversation.utterances[0].author_id) == ("88", "7")


def test_metadata_that_json_cannot_say_is_written_as_text() -> None:
    conversation = Conversation("k-4", (), metadata={"sizes": (1, 2), "path": Source("a.txt")})
    assert conversation_to_json(conversation)["metadata"] == {"sizes": [1, 2], "path": "a.txt"}


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ([], r"^march\.jsonl:7: the record: expected an object \{…\}, found a list$"),
        ({}, r"^march\.jsonl:7: no 'utterances'"),
        ({"utterances": "Hello"}, "'utterances': expected a list .*found text"),
        ({"utterances": [None]}, r"utterances\[0\]: expected an object .*found null"),
        ({"utterances": [{"role": "agent"}]}, r"utterances\[0\]: no 'text'"),
        ({"utterances": [{"role": "boss", "text": ""}]}, r"utterances\[0\]\.role: unknown value 'boss'; .* agent, bot"),
        ({"utterances": [{"role": "agent", "text": 4}]}, r"utterances\[0\]\.text: expected text, found a number"),
        ({"utterances": [], "channel": "fax"}, "channel: unknown value 'fax'; expected one of call, chat"),
        ({"utterances": [], "metadata": []}, "metadata: expected an object .*found a list"),
    ],
)
def test_bad_conversation_says_where_and_what(record: object, says: str) -> None:
    with pytest.raises(TranscriptError, match=says):
        conversation_from_json(record, source=Source("march.jsonl", 7))


@pytest.mark.parametrize("record", [{}, {"schema": "convscan.result/2"}, {"schema": None}])
def test_record_of_another_schema_is_no_result(record: object) -> None:
    with pytest.raises(TranscriptError, match="results come from `convscan scan --format jsonl`"):
        result_from_json(record)


def test_result_with_a_key_missing_names_the_key() -> None:
    record = result_to_json(ScanResult("k-5", Status.JUDGED, Tool("0.1.0", "abc")))
    del record["balance"]
    with pytest.raises(TranscriptError, match="damaged result: KeyError at 'balance'"):
        result_from_json(record)


def test_result_keeps_the_order_of_keys_that_the_contract_shows() -> None:
    record = result_to_json(ScanResult("k-6", Status.JUDGED, Tool("0.1.0", "abc")))
    assert list(record) == [
        *("schema", "tool", "conversation_id", "source", "language", "status"),
        *("findings", "deposits", "checks", "promises", "balance", "errors"),
    ]


def test_text_is_part_of_a_result_only_if_it_was_asked_for() -> None:
    conversation = Conversation("k-7", (Utterance(Role.AGENT, "Good morning."),))
    result = ScanResult("k-7", Status.JUDGED, Tool("0.1.0", "abc"), conversation=conversation)
    assert result_to_json(result)["conversation"] == conversation_to_json(conversation)


def test_number_that_no_program_can_hold_is_refused() -> None:
    record = result_to_json(ScanResult("k-8", Status.JUDGED, Tool("0.1.0", "abc")))
    record["balance"] = {"deposits": 10**400, "withdrawals": 0, "net": 0}
    with pytest.raises(TranscriptError, match=r"balance\.deposits: the number is too large"):
        result_from_json(record)


def test_promise_of_before_the_ledger_is_read() -> None:
    """Results of the first version name nothing but words and fate."""
    result = ScanResult("c-1", Status.JUDGED, Tool("0.1.0", "r"))
    record = result_to_json(result)
    old = {"utterance": 1, "start": 0, "end": 12, "quote": "I'll call you", "fate": "open"}

    (promise,) = result_from_json({**record, "promises": [old]}).promises

    assert promise == Promise(at=Span(1, 0, 12, "I'll call you"), fate=Fate.OPEN)
