"""Gold files: what is read, and how each kind of mistake is told."""

import json

import pytest

from convscan.conversation import Role
from convscan.errors import AnnotationError
from convscan.evaluation import DepositMark, Gold, Mark, read_gold, read_results
from convscan.finding import DepositKind, ScanResult, Status, Tool
from convscan.records import result_to_json


def read(*lines: str | bytes) -> Gold:
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return read_gold((line + b"\n" for line in raw), "gold.jsonl")


def test_annotation_is_read() -> None:
    gold = read(
        '{"id": "c-1", "findings": [{"rule": "blame/customer", "utterance": 3, "quote": "your own fault"},'
        ' {"rule": "thanks/missing"}], "deposits": [{"kind": "check-in", "utterance": 5}]}'
    )

    (annotation,) = gold.annotations
    assert annotation.id == "c-1"
    assert annotation.findings == (Mark("blame/customer", 3, "your own fault"), Mark("thanks/missing"))
    assert annotation.deposits == (DepositMark(DepositKind.CHECK_IN, 5),)
    assert str(annotation.source) == "gold.jsonl:1"


def test_annotation_may_carry_its_conversation() -> None:
    gold = read('{"id": "c-1", "utterances": [{"role": "agent", "text": "Hello."}], "findings": []}')

    (conversation,) = gold.conversations
    assert conversation.utterances[0].role is Role.AGENT
    # A detector that reads metadata must not see the answers.
    assert conversation.metadata == {}


def test_probe_is_told_by_its_keys() -> None:
    gold = read(
        '{"id": "p-1", "rule": "thanks/missing", "expect": true, "capability": "irony", "pair": "p",'
        ' "utterances": [{"role": "agent", "text": "Thanks for nothing."}]}'
    )

    (probe,) = gold.probes
    assert (probe.mark, probe.expect, probe.capability, probe.pair) == (
        Mark("thanks/missing"),
        True,
        "irony",
        "p",
    )
    assert probe.conversation.id == "p-1"
    assert gold.annotations == ()


def test_numbers_as_ids_blank_lines_and_a_byte_order_mark_are_fine() -> None:
    gold = read(b'\xef\xbb\xbf{"id": 7, "findings": []}', "", "  ", '{"id": 8, "findings": []}')

    assert [annotation.id for annotation in gold.annotations] == ["7", "8"]
    assert str(gold.annotations[1].source) == "gold.jsonl:4"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "c"', "not valid JSON"),
        ("[" * 100_000, "nested deeper"),
        ('{"id": "c", "id": "d", "findings": []}', "'id' stands twice"),
        ('{"id": NaN, "findings": []}', "NaN is not a JSON number"),
        (b'{"id": "caf\xe9", "findings": []}', "not UTF-8"),
        ("[]", "no JSON object"),
        ('{"findings": []}', "no 'id'"),
        ('{"id": "", "findings": []}', "no 'id'"),
        ('{"id": true, "findings": []}', "'id' is True; expected text"),
        ('{"id": "c"}', "no 'findings'"),
        ('{"id": "c", "utterances": []}', "no 'findings'"),
        ('{"id": "c", "findings": {}}', "findings: expected a list"),
        ('{"id": "c", "findings": ["x"]}', r"findings\[0\]: expected an object"),
        ('{"id": "c", "findings": [{"rule": "blame"}]}', r"findings\[0\]: 'rule' is 'blame'; say family/name"),
        ('{"id": "c", "findings": [{"utterance": 1}]}', r"findings\[0\]: 'rule' is None"),
        ('{"id": "c", "findings": [{"rule": "a/\\u001b[2J"}]}', r"'rule' is 'a/\\x1b\[2J'"),
        ('{"id": "c", "findings": [{"rule": "a/b", "utterance": "3"}]}', "'utterance' is '3'; expected a whole"),
        ('{"id": "c", "findings": [{"rule": "a/b", "utterance": true}]}', "'utterance' is True"),
        ('{"id": "c", "findings": [{"rule": "a/b", "utterance": 1, "quote": 5}]}', "'quote' is 5"),
        ('{"id": "c", "findings": [], "deposits": [{"kind": "hug", "utterance": 1}]}', "'kind' is 'hug'.*thanks"),
        ('{"id": "c", "findings": [], "deposits": [{"kind": "thanks"}]}', r"deposits\[0\]: names no utterance"),
        ('{"id": "c", "findings": [], "utterances": [{"role": "boss", "text": "x"}]}', "unknown value 'boss'"),
        ('{"id": "p", "rule": "a/b", "expect": "yes", "utterances": []}', "'expect' is 'yes'; say true or false"),
        ('{"id": "p", "rule": "a/b", "expect": true}', "no 'utterances'"),
    ],
)
def test_bad_line_is_told_with_its_place(line: str | bytes, message: str) -> None:
    with pytest.raises(AnnotationError, match=rf"^gold\.jsonl:2: .*{message}"):
        read('{"id": "fine", "findings": []}', line)


def test_all_bad_lines_are_told_at_once() -> None:
    with pytest.raises(AnnotationError, match=r"(?s)gold\.jsonl:1: .*gold\.jsonl:3: .*findings\[1\]"):
        read(
            "{",
            '{"id": "fine", "findings": []}',
            '{"id": "c", "findings": [{"rule": "a/b"}, {"rule": "c"}]}',
        )


def test_many_bad_lines_are_counted() -> None:
    with pytest.raises(AnnotationError, match=r"… and 80 more$") as caught:
        read(*["{"] * 100)
    assert len(str(caught.value).splitlines()) == 21


def test_long_value_is_cut_in_the_message() -> None:
    with pytest.raises(AnnotationError) as caught:
        read(json.dumps({"id": "c", "findings": [{"rule": "x" * 10_000}]}))
    assert len(str(caught.value)) < 300


def test_id_that_stands_twice_is_an_error() -> None:
    with pytest.raises(AnnotationError, match=r"gold\.jsonl:2: id 'c' stands in gold\.jsonl:1 already"):
        read('{"id": "c", "findings": []}', '{"id": "c", "findings": []}')


def test_probes_and_annotations_do_not_mix() -> None:
    probe = '{"id": "p", "rule": "a/b", "expect": true, "utterances": []}'

    with pytest.raises(AnnotationError, match="holds probes and annotations"):
        read('{"id": "c", "findings": []}', probe)


def test_empty_file_is_an_error() -> None:
    with pytest.raises(AnnotationError, match=r"gold\.jsonl: holds no annotations"):
        read("")


def test_results_are_read_as_scan_writes_them() -> None:
    result = ScanResult("c", Status.JUDGED, Tool("0.1.0", "rules"))

    assert read_results([json.dumps(result_to_json(result)).encode()], "r.jsonl") == (result,)


def test_results_of_unreadable_records_have_no_id_and_do_not_clash() -> None:
    nameless = ScanResult(None, Status.ERROR, Tool("0.1.0", "rules"))
    line = json.dumps(result_to_json(nameless)).encode()

    assert len(read_results([line, line], "r.jsonl")) == 2


def test_bad_results_are_told_with_their_places() -> None:
    with pytest.raises(AnnotationError, match=r"(?s)^r\.jsonl:1: not valid.*r\.jsonl:2: schema is None"):
        read_results([b"{", b'{"conversation_id": "c"}'], "r.jsonl")


def test_two_results_of_one_conversation_are_an_error() -> None:
    line = json.dumps(result_to_json(ScanResult("c", Status.JUDGED, Tool("0", "r")))).encode()

    with pytest.raises(AnnotationError, match=r"id 'c' stands in r\.jsonl:1 already"):
        read_results([line, line], "r.jsonl")


def test_scan_result_given_as_gold_is_told_once() -> None:
    line = b'{"schema": "convscan.result/1", "conversation_id": "c", "findings": [{"rule": "a/b"}]}'

    with pytest.raises(AnnotationError) as error:
        read_gold([line] * 50, "results.jsonl")

    assert str(error.value) == (
        "results.jsonl: is a scan result and no annotations; give the annotations of a person,"
        " and this file beside them: convscan evaluate ANNOTATIONS --results results.jsonl"
    )
