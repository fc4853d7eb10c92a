"""Figures worked out by hand for two small conversations."""

from dataclasses import replace

import pytest

from convscan.conversation import Conversation, Role, Source, Utterance, Visibility
from convscan.errors import AnnotationError
from convscan.evaluation import Annotation, DepositMark, Mark, Report, Row, evaluate
from convscan.finding import (
    Deposit,
    DepositKind,
    Finding,
    Kind,
    ScanResult,
    Scope,
    Severity,
    Span,
    Status,
    Tool,
)

SCOPES = {
    "acknowledgement/missing": Scope.TURN,
    "thanks/missed-moment": Scope.TURN,
    "blame/customer": Scope.SPAN,
    "hidden/evasive": Scope.SPAN,
    "promise/guarantee": Scope.SPAN,
    "effort/channel-bounce": Scope.SPAN,
    "thanks/missing": Scope.CONVERSATION,
    "template/editor-note": Scope.SPAN,
}


def say(role: Role, text: str) -> Utterance:
    return Utterance(role, text)


PARCEL = Conversation(
    "parcel",
    (
        say(Role.CUSTOMER, "My parcel is lost and nobody answers me."),
        say(Role.AGENT, "Order number?"),
        say(Role.SYSTEM, "Bruna joined the chat"),
        say(Role.AGENT, "You should have checked the tracking page."),
        say(Role.CUSTOMER, "I did, twice."),
        say(Role.AGENT, "I guarantee it will be with you tomorrow."),
    ),
)
REFUND = Conversation(
    "refund",
    (
        say(Role.CUSTOMER, "Where is my refund? I sent the receipts on Monday."),
        say(Role.AGENT, "Thank you for the receipts. The 40 euros left our bank at noon."),
    ),
)
CONVERSATIONS = {"parcel": PARCEL, "refund": REFUND}
FIRST = (
    Annotation(
        "parcel",
        Source("a.jsonl", 1),
        (
            Mark("acknowledgement/missing", 1),
            Mark("blame/customer", 3, "You should have checked"),
            Mark("promise/guarantee", 5, "I guarantee"),
            Mark("thanks/missing"),
        ),
        (DepositMark(DepositKind.NEXT_STEP, 5),),
    ),
    Annotation(
        "refund",
        Source("a.jsonl", 2),
        (),
        (DepositMark(DepositKind.THANKS, 1), DepositMark(DepositKind.EXPLANATION, 1)),
    ),
)
# As the first, but sees an evasion instead of a guarantee.
SECOND = (
    Annotation(
        "parcel",
        Source("b.jsonl", 1),
        (*FIRST[0].findings[:2], Mark("hidden/evasive", 5, "it will be with you"), Mark("thanks/missing")),
        FIRST[0].deposits,
    ),
    FIRST[1],
)


def span(conversation: Conversation, utterance: int, quote: str) -> Span:
    start = conversation.utterances[utterance].text.index(quote)
    return Span(utterance, start, start + len(quote), quote)


def finding(rule: str, at: Span | None = None) -> Finding:
    return Finding(rule, Severity.WARNING, Kind.PRESENT, at, "message", "suggestion")


def result(
    conversation: Conversation, findings: tuple[Finding, ...] = (), deposits: tuple[Deposit, ...] = ()
) -> ScanResult:
    return ScanResult(conversation.id, Status.JUDGED, Tool("0", "rules"), findings=findings, deposits=deposits)


RESULTS = (
    result(
        PARCEL,
        (
            # In the agent's second message of one turn: a system line does not divide it.
            finding("acknowledgement/missing", span(PARCEL, 3, PARCEL.utterances[3].text)),
            finding("blame/customer", span(PARCEL, 3, "should have checked the")),
            finding("hidden/evasive", span(PARCEL, 5, "it will be with you")),
            finding("thanks/missing"),
        ),
        (Deposit(DepositKind.NEXT_STEP, span(PARCEL, 5, "tomorrow")),),
    ),
    result(
        REFUND,
        (finding("thanks/missed-moment", span(REFUND, 1, REFUND.utterances[1].text)),),
        (
            Deposit(DepositKind.THANKS, span(REFUND, 1, "Thank you")),
            Deposit(DepositKind.EMPATHY, span(REFUND, 1, "Thank you")),
        ),
    ),
)


def report(*annotators: tuple[Annotation, ...], results: tuple[ScanResult, ...] = RESULTS) -> Report:
    return evaluate(annotators or (FIRST,), CONVERSATIONS, results, scopes=SCOPES)


def row(rows: tuple[Row, ...], name: str) -> Row:
    return next(row for row in rows if row.name == name)


def counts(row: Row) -> tuple[int, int, int, int]:
    return row.counts.gold, row.counts.tp, row.counts.fp, row.counts.fn


def test_all_findings_are_counted_as_by_hand() -> None:
    total = row(report().totals, "all findings")

    assert counts(total) == (4, 3, 2, 1)
    assert total.precision.value == pytest.approx(3 / 5)
    assert total.recall.value == pytest.approx(3 / 4)
    assert total.f1.value == pytest.approx(6 / 9)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("core span", (2, 1, 1, 1)),
        ("core absence", (2, 2, 1, 0)),
        ("core all", (4, 3, 2, 1)),
        ("all but thanks/missing", (3, 2, 2, 1)),
    ],
)
def test_totals_take_the_rules_their_names_say(name: str, expected: tuple[int, int, int, int]) -> None:
    assert counts(row(report().totals, name)) == expected


def test_families_that_are_not_core_stay_out_of_the_core_lines() -> None:
    bounce = finding("effort/channel-bounce", span(REFUND, 1, "our bank"))
    with_bounce = report(results=(RESULTS[0], replace(RESULTS[1], findings=(bounce,))))

    assert row(with_bounce.totals, "core all").counts.fp == 1
    assert row(with_bounce.totals, "all findings").counts.fp == 2


def test_turn_rule_matches_anywhere_in_the_turn() -> None:
    assert counts(row(report().rules, "acknowledgement/missing")) == (1, 1, 0, 0)


def test_turn_rule_in_another_turn_is_a_false_alarm_and_a_miss() -> None:
    elsewhere = finding("acknowledgement/missing", span(PARCEL, 5, "I"))

    rules = report(results=(result(PARCEL, (elsewhere,)), RESULTS[1])).rules

    assert counts(row(rules, "acknowledgement/missing")) == (1, 0, 1, 1)


def test_internal_note_does_not_divide_a_turn() -> None:
    note = Utterance(Role.CUSTOMER, "(note) sounds upset", visibility=Visibility.INTERNAL)
    noted = replace(PARCEL, utterances=(*PARCEL.utterances[:2], note, *PARCEL.utterances[3:]))

    judged = evaluate([FIRST], {"parcel": noted}, RESULTS, scopes=SCOPES)

    assert counts(row(judged.rules, "acknowledgement/missing")) == (1, 1, 0, 0)


def test_span_rule_in_the_next_utterance_of_the_turn_does_not_match() -> None:
    early = finding("blame/customer", span(PARCEL, 1, "Order number"))

    rules = report(results=(result(PARCEL, (early,)), RESULTS[1])).rules

    assert counts(row(rules, "blame/customer")) == (1, 0, 1, 1)


def test_two_findings_of_one_rule_in_one_utterance_count_once() -> None:
    twice = (
        finding("blame/customer", span(PARCEL, 3, "You should")),
        finding("blame/customer", span(PARCEL, 3, "tracking")),
    )

    assert counts(row(report(results=(result(PARCEL, twice),)).rules, "blame/customer")) == (1, 1, 0, 0)


def test_overlap_is_shared_words_over_all_words() -> None:
    """Gold is [0, 23), the finding [4, 27): 19 code points of 27 are shared."""
    assert report().overlap.value == pytest.approx(19 / 27)
    assert report().overlap.n == 1


def test_quotes_apart_in_one_utterance_match_with_no_overlap() -> None:
    apart = finding("blame/customer", span(PARCEL, 3, "page"))

    judged = report(results=(result(PARCEL, (apart,)),))

    assert (judged.overlap.value, judged.overlap.n) == (0.0, 1)


def test_deposits_match_on_kind_and_turn() -> None:
    judged = report()

    assert counts(judged.all_deposits) == (3, 2, 1, 1)
    assert [(kind.name, *counts(kind)) for kind in judged.deposits] == [
        ("empathy", 0, 0, 1, 0),
        ("explanation", 1, 0, 0, 1),
        ("next-step", 1, 1, 0, 0),
        ("thanks", 1, 1, 0, 0),
    ]


def test_deposit_matches_anywhere_in_the_turn() -> None:
    gold = (replace(FIRST[0], deposits=(DepositMark(DepositKind.OWNERSHIP, 1),)), FIRST[1])
    late = Deposit(DepositKind.OWNERSHIP, span(PARCEL, 3, "You"))

    judged = report(gold, results=(result(PARCEL, deposits=(late,)),))

    assert counts(row(judged.deposits, "ownership")) == (1, 1, 0, 0)


def test_what_one_of_two_annotators_says_scores_neither_way() -> None:
    judged = report(FIRST, SECOND)

    evasive = row(judged.rules, "hidden/evasive")
    assert counts(evasive) == (0, 0, 0, 0)
    assert evasive.counts.contested == 1
    assert counts(row(judged.rules, "promise/guarantee")) == (0, 0, 0, 0)
    assert counts(row(judged.totals, "all findings")) == (3, 3, 1, 0)


def test_agreement_is_the_annotators_f1_with_each_other() -> None:
    """Each makes 4 claims and 3 are shared: 6 of 8."""
    judged = report(FIRST, SECOND)

    assert row(judged.totals, "all findings").agreement == pytest.approx(6 / 8)
    assert row(judged.rules, "hidden/evasive").agreement == 0.0
    assert row(judged.rules, "effort/channel-bounce").agreement is None


def test_one_annotator_has_no_agreement() -> None:
    assert row(report().totals, "all findings").agreement is None


def test_order_of_annotators_changes_no_count() -> None:
    one_way, other_way = report(FIRST, SECOND), report(SECOND, FIRST)

    assert one_way.rules == other_way.rules
    assert one_way.totals == other_way.totals
    assert one_way.deposits == other_way.deposits


def test_conversation_without_a_result_misses_all_its_gold() -> None:
    judged = report(results=RESULTS[1:])

    assert judged.without_result == 1
    assert row(judged.totals, "all findings").counts.fn == 4


def test_macro_f1_takes_rules_with_eight_cases_and_no_fewer() -> None:
    """Eight cases of blame, seven found: F1 14/15. The guarantee's single miss stays out."""
    conversations = {f"c{n}": replace(PARCEL, id=f"c{n}") for n in range(8)}
    blamed = (Mark("blame/customer", 3, "You should have checked"),)
    gold = [Annotation(name, Source("a.jsonl", 1), blamed) for name in conversations]
    gold[0] = replace(gold[0], findings=(*blamed, Mark("promise/guarantee", 5, "I guarantee")))
    found = [result(c, (finding("blame/customer", span(c, 3, "You")),)) for c in conversations.values()][1:]

    macro = evaluate([gold], conversations, found, scopes=SCOPES).macro_f1

    assert macro.n == 1
    assert macro.value == pytest.approx(14 / 15)


def test_macro_f1_over_no_rule_is_undefined() -> None:
    assert (report().macro_f1.value, report().macro_f1.n) == (None, 0)


def test_nothing_found_and_nothing_to_find_is_undefined_not_perfect() -> None:
    bounce = row(report().rules, "effort/channel-bounce")

    assert (bounce.precision.value, bounce.recall.value, bounce.f1.value) == (None, None, None)
    assert bounce.f1.interval is None


def test_mechanical_faults_do_not_count_where_gold_is_silent_on_them() -> None:
    note = finding("template/editor-note", span(REFUND, 1, "Thank you"))
    judged = report(results=(RESULTS[0], replace(RESULTS[1], findings=(*RESULTS[1].findings, note))))

    assert row(judged.totals, "all findings").counts.fp == 2
    assert any("'template/editor-note'" in notice for notice in judged.notices)


def test_mechanical_faults_count_once_gold_marks_one() -> None:
    marked = (FIRST[0], replace(FIRST[1], findings=(Mark("template/editor-note", 1, "Thank you"),)))

    assert counts(row(report(marked).rules, "template/editor-note")) == (1, 0, 0, 1)


def test_rule_outside_the_catalogue_is_scored_as_its_annotations_look() -> None:
    marked = (FIRST[0], replace(FIRST[1], findings=(Mark("bank/small-print", 1, "left our bank"),)))
    found = replace(RESULTS[1], findings=(finding("bank/small-print", span(REFUND, 1, "at noon")),))

    judged = report(marked, results=(RESULTS[0], found))

    assert counts(row(judged.rules, "bank/small-print")) == (1, 1, 0, 0)
    assert judged.overlap.n == 2
    assert any("bank/small-print (span)" in notice for notice in judged.notices)


def test_differences_name_each_false_alarm_and_each_miss() -> None:
    told = [(d.wrong.value, d.conversation_id, d.label, d.utterance, d.quote) for d in report().differences]

    assert told == [
        ("false alarm", "parcel", "hidden/evasive", 5, "it will be with you"),
        ("miss", "parcel", "promise/guarantee", 5, "I guarantee"),
        ("false alarm", "refund", "+empathy", 1, "Thank you"),
        ("false alarm", "refund", "thanks/missed-moment", 1, REFUND.utterances[1].text),
        ("miss", "refund", "+explanation", 1, REFUND.utterances[1].text),
    ]


def test_conversations_that_are_left_out_are_told() -> None:
    lost = Annotation("lost", Source("a.jsonl", 3))

    notices = report((*FIRST, lost), (*SECOND, lost, replace(lost, id="only here"))).notices

    assert "left out, annotated in one file only: 1 conversation" in notices
    assert any("'lost'" in notice for notice in notices)


def test_results_of_another_text_are_told() -> None:
    moved = finding("blame/customer", Span(3, 0, 6, "Please"))
    beyond = finding("blame/customer", Span(9, 0, 6, "Please"))

    judged = report(results=(result(PARCEL, (moved, beyond)), RESULTS[1]))

    assert counts(row(judged.rules, "blame/customer")) == (1, 1, 0, 0)
    assert any(notice.startswith("the words of 2 findings or deposits do not stand") for notice in judged.notices)


def test_conversations_that_were_not_judged_are_told() -> None:
    skipped = replace(RESULTS[1], status=Status.NOT_JUDGED)

    assert "not judged, or not in full: 1 conversation" in report(results=(RESULTS[0], skipped)).notices


def test_nothing_in_common_is_an_error() -> None:
    with pytest.raises(AnnotationError, match="do ids and files belong together"):
        evaluate([FIRST], {}, RESULTS, scopes=SCOPES)


@pytest.mark.parametrize(
    ("mark", "message"),
    [
        (Mark("blame/customer", 6, "x"), "utterance 6, but 'parcel' has 6"),
        (Mark("blame/customer", -1, "x"), "utterance -1, but 'parcel' has 6"),
        (Mark("blame/customer", 0, "lost"), "which is by the customer"),
        (Mark("blame/customer", 3, "you should"), "quotes 'you should', which does not stand in utterance 3"),
        (Mark("acknowledgement/missing"), "acknowledgement/missing names no utterance"),
    ],
)
def test_annotation_that_does_not_fit_its_conversation_is_an_error(mark: Mark, message: str) -> None:
    wrong = (replace(FIRST[0], findings=(mark,)), FIRST[1])

    with pytest.raises(AnnotationError, match=rf"a\.jsonl:1: .*{message}"):
        report(wrong)


def test_every_annotation_that_does_not_fit_is_named() -> None:
    wrong = (
        replace(FIRST[0], findings=(Mark("blame/customer", 99),)),
        replace(FIRST[1], deposits=(DepositMark(DepositKind.THANKS, 0),)),
    )

    with pytest.raises(AnnotationError, match=r"(?s)a\.jsonl:1: .*a\.jsonl:2: deposit thanks"):
        report(wrong)
