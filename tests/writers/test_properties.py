"""Whatever a result holds, every format writes it."""

import io
import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Source, Utterance, Visibility
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
    ScanResult,
    Severity,
    Span,
    Status,
    Tool,
)
from convscan.writers import WriteOptions, all_formats, writer_for

few = settings(max_examples=60, deadline=None)

texts = st.text(st.characters(), max_size=20) | st.sampled_from(("", "\x1b[31m", "\ud800", "\u2028", "a1", "x" * 300))
numbers = st.floats() | st.just(math.nan)
# Half of the places are not in the text at all.
places = st.builds(Span, utterance=st.integers(-2, 4), start=st.integers(-3, 30), end=st.integers(-3, 30), quote=texts)
findings = st.builds(
    Finding,
    rule=texts,
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(Kind),
    at=st.none() | places,
    message=texts,
    suggestion=texts,
    confidence=st.none() | numbers,
    agent=st.none() | texts,
    because=st.lists(places, max_size=3).map(tuple),
)
utterances = st.builds(
    Utterance,
    role=st.sampled_from(Role),
    text=texts,
    author=st.none() | texts,
    author_id=st.none() | texts,
    visibility=st.sampled_from(Visibility),
    metadata=st.dictionaries(texts | st.just("team"), numbers | texts, max_size=1),
)
conversations = st.builds(
    Conversation,
    id=texts,
    utterances=st.lists(utterances, max_size=4).map(tuple),
    metadata=st.dictionaries(st.just("team"), texts | st.integers(), max_size=1),
    channel=st.none() | st.sampled_from(Channel),
)
results = st.builds(
    ScanResult,
    conversation_id=st.none() | texts,
    status=st.sampled_from(Status),
    tool=st.just(Tool("0.1.0", "abc")),
    source=st.none() | st.builds(Source, path=texts, line=st.none() | st.integers()),
    language=st.none() | texts,
    findings=st.lists(findings, max_size=3).map(tuple),
    deposits=st.lists(
        st.builds(
            Deposit,
            kind=st.sampled_from(DepositKind),
            at=places,
            confidence=st.none() | numbers,
            agent=st.none() | texts,
        ),
        max_size=2,
    ).map(tuple),
    checks=st.lists(st.builds(Check, rule=texts, outcome=st.sampled_from(Outcome)), max_size=2).map(tuple),
    balance=st.builds(Balance, deposits=numbers, withdrawals=numbers),
    errors=st.lists(st.builds(Problem, code=st.sampled_from(ProblemCode), message=texts), max_size=2).map(tuple),
    conversation=st.none() | conversations,
)
pairs = st.tuples(results, st.none() | conversations)


def written(name: str, given_pairs: list[tuple[ScanResult, Conversation | None]], options: WriteOptions) -> str:
    """Return what reaches a file that takes nothing but valid UTF-8."""
    file = io.BytesIO()
    stream = io.TextIOWrapper(file, encoding="utf-8", errors="strict", newline="\n")
    writer = writer_for(name, stream, options=options)
    writer.open()
    for result, conversation in given_pairs:
        writer.write(result, conversation)
    writer.close()
    return file.getvalue().decode()


@pytest.mark.parametrize("name", [format_.name for format_ in all_formats()])
@few
@given(st.lists(pairs, max_size=2), st.integers(-5, 200), st.booleans())
def test_no_result_is_too_odd_to_be_written_and_the_same_gives_the_same(
    name: str,
    given_pairs: list[tuple[ScanResult, Conversation | None]],
    width: int,
    has_colour: bool,  # noqa: FBT001 # made up by hypothesis
) -> None:
    options = WriteOptions(width=width, colour=has_colour, show_clean=True)
    assert written(name, given_pairs, options) == written(name, given_pairs, options)


@pytest.mark.parametrize("name", [format_.name for format_ in all_formats()])
@few
@given(st.lists(pairs, max_size=2))
def test_without_colour_no_format_writes_a_control_character(
    name: str, given_pairs: list[tuple[ScanResult, Conversation | None]]
) -> None:
    text = written(name, given_pairs, WriteOptions(show_clean=True))
    steering = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\r\t"]
    assert not any(char in text for char in steering)


@few
@given(st.lists(results, max_size=3))
def test_json_and_jsonl_hold_the_same(given_results: list[ScanResult]) -> None:
    given_pairs: list[tuple[ScanResult, Conversation | None]] = [(result, None) for result in given_results]
    lines = written("jsonl", given_pairs, WriteOptions()).split("\n")[:-1]
    array = written("json", given_pairs, WriteOptions())
    assert [json.loads(line, parse_constant=pytest.fail) for line in lines] == json.loads(array)


@few
@given(results, conversations)
def test_text_within_the_result_does_if_no_other_is_given(result: ScanResult, conversation: Conversation) -> None:
    within = [(replace(result, conversation=conversation), None)]
    beside = [(replace(result, conversation=None), conversation)]
    options = WriteOptions(show_clean=True)
    assert written("text", [*within], options) == written("text", [*beside], options)
