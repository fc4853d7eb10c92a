"""A stream of records: one result each, in order, whatever happens in one of them."""

import os
from collections.abc import Iterator

import pytest

from convscan.batch import CHUNK_RECORDS, CHUNKS_AHEAD, Scanned, scan_records
from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role, Source, Utterance
from convscan.errors import ConvscanError
from convscan.finding import ProblemCode, Scope, Status
from convscan.readers.base import BadRecord, Record
from convscan.scanner import Scanner

# Enough for several workers to have more than one chunk each.
MANY = 3 * CHUNK_RECORDS + 5
UNREADABLE = BadRecord(Source("chats.jsonl", 4), "chats.jsonl:4: is no JSON", id="torn")
SECRET = 55_190_007


class _Deadly:
    """What ends the process that receives it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def chat(number: int, **metadata: object) -> Conversation:
    reply = "You should have read the manual." if number % 3 else "Thank you for telling us."
    said = (Utterance(Role.CUSTOMER, "The lamp flickers."), Utterance(Role.AGENT, reply))
    return Conversation(f"c-{number}", said, metadata=metadata, source=Source("chats.jsonl", number + 1))


def broken() -> Conversation:
    """A conversation that no reader makes and on which the scan fails."""
    said = Utterance(Role.AGENT, "")
    object.__setattr__(said, "text", SECRET)  # that it is no text is the point
    return Conversation("broken", (said,), source=Source("chats.jsonl", 2))


def many() -> Iterator[Record]:
    for number in range(MANY):
        yield UNREADABLE if number == CHUNK_RECORDS else chat(number)


@pytest.fixture(scope="module")
def by_two(scanner: Scanner) -> list[Scanned]:
    return list(scan_records(many(), scanner, jobs=2))


def test_results_come_in_the_order_of_the_records(by_two: list[Scanned]) -> None:
    expected = ["torn" if number == CHUNK_RECORDS else f"c-{number}" for number in range(MANY)]

    assert [result.conversation_id for result, _ in by_two] == expected


def test_each_result_comes_with_its_own_conversation(by_two: list[Scanned]) -> None:
    assert len(by_two) == MANY
    for result, conversation in by_two:
        assert (result.status is Status.ERROR) == (conversation is None)
        assert conversation is None or conversation.id == result.conversation_id


def test_results_do_not_depend_on_the_number_of_processes(by_two: list[Scanned], scanner: Scanner) -> None:
    assert list(scan_records(many(), scanner)) == by_two


def test_workers_look_for_the_same_scopes_as_the_scanner() -> None:
    """The reply gives no thanks, which is no matter of words."""
    spans = Scanner(Config(model=ModelChoice.NONE), scopes=(Scope.SPAN,))
    records = [chat(1), chat(2)]

    results = list(scan_records(records, spans, jobs=2))

    assert results == list(scan_records(records, spans))
    assert {finding.rule for result, _ in results for finding in result.findings} == {"blame/customer"}


def test_a_record_that_could_not_be_read_is_told_as_its_reader_told_it(scanner: Scanner) -> None:
    [(result, conversation)] = scan_records([UNREADABLE], scanner)

    assert conversation is None
    assert (result.conversation_id, result.status, result.source) == ("torn", Status.ERROR, UNREADABLE.source)
    [problem] = result.errors
    assert (problem.code, problem.message) == (ProblemCode.UNREADABLE, UNREADABLE.message)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_record_whose_scan_fails_is_an_error_and_the_others_go_on(scanner: Scanner, jobs: int) -> None:
    results = [result for result, _ in scan_records([chat(0), broken(), chat(2)], scanner, jobs=jobs)]

    assert [result.status for result in results] == [Status.JUDGED, Status.ERROR, Status.JUDGED]
    [problem] = results[1].errors
    assert problem.code is ProblemCode.INTERNAL
    assert problem.message.startswith("chats.jsonl:2: ")
    assert "'broken'" in problem.message
    assert str(SECRET) not in problem.message


def test_a_worker_that_dies_ends_the_job_with_advice(scanner: Scanner) -> None:
    with pytest.raises(ConvscanError, match=r"a worker process died .* fewer --jobs"):
        list(scan_records([chat(0), chat(1, poison=_Deadly())], scanner, jobs=2))


@pytest.mark.parametrize(("jobs", "most"), [(1, 1), (2, 2 * CHUNKS_AHEAD * CHUNK_RECORDS)])
def test_records_are_taken_only_as_they_are_needed(scanner: Scanner, jobs: int, most: int) -> None:
    taken = 0

    def endless() -> Iterator[Record]:
        nonlocal taken
        while True:
            taken += 1
            yield chat(taken)

    results = scan_records(endless(), scanner, jobs=jobs)
    next(results)
    del results  # ends the workers

    assert 1 <= taken <= most


@pytest.mark.parametrize("jobs", [1, 2])
def test_no_records_give_no_results(scanner: Scanner, jobs: int) -> None:
    assert list(scan_records([], scanner, jobs=jobs)) == []
