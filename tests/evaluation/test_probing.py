"""Six probes, their figures worked out by hand."""

from dataclasses import replace

import pytest

from convscan.conversation import Conversation, Role, Source, Utterance
from convscan.errors import AnnotationError
from convscan.evaluation import Mark, Probe, ProbeReport, ProbeRow, evaluate_probes
from convscan.finding import Finding, Kind, ScanResult, Scope, Severity, Span, Status, Tool

SCOPES = {
    "blame/customer": Scope.SPAN,
    "thanks/missed-moment": Scope.TURN,
    "thanks/missing": Scope.CONVERSATION,
}
UTTERANCES = (
    Utterance(Role.CUSTOMER, "Here is the photo you wanted."),
    Utterance(Role.AGENT, "Got it."),
    Utterance(Role.BOT, "Photo received"),
    Utterance(Role.AGENT, "You held it upside down."),
)


def probe(name: str, mark: Mark, *, expect: bool, capability: str = "plain", pair: str | None = None) -> Probe:
    return Probe(Conversation(name, UTTERANCES), mark, expect, Source("p.jsonl", 1), capability, pair)


PROBES = (
    probe("blame-1", Mark("blame/customer", 3), expect=True, pair="b"),
    probe("blame-2", Mark("blame/customer", 3), expect=False, pair="b"),
    probe("moment-1", Mark("thanks/missed-moment", 1), expect=True, pair="m"),
    probe("moment-2", Mark("thanks/missed-moment", 1), expect=False, pair="m", capability="irony"),
    probe("thanks-1", Mark("thanks/missing"), expect=True, pair="half of a pair"),
    probe("thanks-2", Mark("thanks/missing"), expect=False, capability="irony"),
)


def fires(name: str, rule: str, utterance: int | None) -> ScanResult:
    at = None if utterance is None else Span(utterance, 0, 3, UTTERANCES[utterance].text[:3])
    finding = Finding(rule, Severity.NOTE, Kind.PRESENT, at, "message", "suggestion")
    return ScanResult(name, Status.JUDGED, Tool("0", "rules"), findings=(finding,))


def judge(*results: ScanResult, probes: tuple[Probe, ...] = PROBES) -> ProbeReport:
    return evaluate_probes(probes, results, scopes=SCOPES)


def figures(row: ProbeRow) -> tuple[int, float | None, float | None, float | None]:
    return row.n, row.right.value, row.recall.value, row.false_alarm.value


def test_figures_are_those_worked_out_by_hand() -> None:
    report = judge(
        fires("blame-1", "blame/customer", 3),
        # The same turn, past a bot's message.
        fires("moment-1", "thanks/missed-moment", 3),
        fires("moment-2", "thanks/missed-moment", 1),
        fires("thanks-2", "thanks/missing", None),
    )

    assert figures(report.all) == (6, 3 / 6, 2 / 3, 2 / 3)
    assert [(row.name, *figures(row)) for row in report.rules] == [
        ("blame/customer", 2, 1.0, 1.0, 0.0),
        ("thanks/missed-moment", 2, 0.5, 1.0, 1.0),
        ("thanks/missing", 2, 0.0, 0.0, 1.0),
    ]
    assert [(row.name, row.n, row.right.value) for row in report.families] == [
        ("blame", 2, 1.0),
        ("thanks", 4, 0.25),
    ]
    assert [(row.name, *figures(row)) for row in report.capabilities] == [
        ("irony", 2, 0.0, None, 1.0),
        ("plain", 4, 0.75, 2 / 3, 0.0),
    ]
    assert (report.pairs, report.pairs_right.value) == (2, 0.5)


def test_half_a_pair_is_no_pair() -> None:
    assert judge(probes=PROBES[4:]).pairs == 0
    assert judge(probes=PROBES[4:]).pairs_right.value is None


def test_finding_of_another_rule_answers_nothing() -> None:
    assert judge(fires("blame-1", "thanks/missing", None)).all.recall.value == 0.0


def test_span_rule_answers_in_its_own_utterance_only() -> None:
    assert judge(fires("blame-1", "blame/customer", 1)).all.recall.value == 0.0


def test_finding_outside_the_conversation_answers_nothing() -> None:
    moved = fires("moment-1", "thanks/missed-moment", 3)
    (finding,) = moved.findings
    beyond = replace(finding, at=Span(9, 0, 3, "You"))

    assert judge(replace(moved, findings=(beyond,))).all.recall.value == 0.0


def test_wrong_answers_are_named() -> None:
    report = judge(
        fires("blame-2", "blame/customer", 3),
        fires("moment-1", "thanks/missed-moment", 1),
        fires("thanks-1", "thanks/missing", None),
    )

    assert [(d.wrong.value, d.conversation_id, d.label, d.utterance, d.quote) for d in report.differences] == [
        ("miss", "blame-1", "blame/customer", 3, "You held it upside down."),
        ("false alarm", "blame-2", "blame/customer", 3, "You held it upside down."),
    ]


def test_probes_without_a_result_are_told() -> None:
    assert judge(fires("blame-1", "blame/customer", 3)).notices == ("without a result, so taken as silent: 5 probes",)


def test_rule_outside_the_catalogue_is_told() -> None:
    strange = probe("strange", Mark("bank/small-print", 3, "upside down"), expect=True)

    report = judge(fires("strange", "bank/small-print", 3), probes=(strange,))

    assert report.all.right.value == 1.0
    assert "bank/small-print (span)" in report.notices[0]


def test_probe_about_a_place_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(AnnotationError, match=r"p\.jsonl:1: blame/customer names utterance 4, but 'far' has 4"):
        judge(probes=(probe("far", Mark("blame/customer", 4), expect=True),))
