"""Agreement of two hands: what counts as the same mark, and the figures made of it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus_agreement import Both, counts_of, kappa, kappas_of, main, read_both, report_lines

from convscan.conversation import Conversation, Role, Utterance
from convscan.evaluation.intervals import Counts
from convscan.finding import Scope
from convscan.training.corpus import Example, Marked

SCOPES = {
    "blame/customer": Scope.SPAN,
    "acknowledgement/missing": Scope.TURN,
    "thanks/missing": Scope.CONVERSATION,
}
# Two agent turns, the first of two utterances.
SPOKEN = (
    (Role.AGENT, "You should have read it. I am sorry."),
    (Role.AGENT, "Sorry again. It was your job."),
    (Role.CUSTOMER, "It broke. Why?"),
    (Role.AGENT, "Sorry."),
)
TALK = Conversation("c1", tuple(Utterance(role, text) for role, text in SPOKEN))
LINES = tuple(f"{role}: {text}" for role, text in SPOKEN)

BLAME = Marked("blame/customer", 0, "You should have read it")
SORRY = Marked("+apology", 0, "I am sorry")
ABSENT = Marked("acknowledgement/missing", 0)


def both(first: tuple[Marked, ...], second: tuple[Marked, ...], conversation: Conversation = TALK) -> Both:
    return Both(Example(conversation, first, "c1"), Example(conversation, second, "c1"))


def counts(first: Marked, second: Marked) -> Counts:
    return counts_of(both((first,), (second,)), SCOPES)[first.label]


# -- what is the same ------------------------------------------------------------------------


def test_span_rule_agrees_on_the_utterance_whatever_the_words() -> None:
    assert counts(BLAME, Marked("blame/customer", 0, "have read")) == Counts(tp=1)
    assert counts(BLAME, Marked("blame/customer", 1, "It was your job")) == Counts(fn=1, fp=1)


def test_deposit_agrees_on_the_turn() -> None:
    assert counts(SORRY, Marked("+apology", 1, "Sorry again")) == Counts(tp=1)
    assert counts(SORRY, Marked("+apology", 3, "Sorry")) == Counts(fn=1, fp=1)


def test_turn_rule_agrees_on_the_turn() -> None:
    assert counts(ABSENT, Marked("acknowledgement/missing", 1)) == Counts(tp=1)
    assert counts(ABSENT, Marked("acknowledgement/missing", 3)) == Counts(fn=1, fp=1)


def test_conversation_rule_agrees_on_the_conversation() -> None:
    assert counts(Marked("thanks/missing"), Marked("thanks/missing", 3)) == Counts(tp=1)


def test_each_label_counts_once_a_place() -> None:
    again = Marked("+apology", 1, "Sorry again")
    assert counts_of(both((SORRY, again), (SORRY,)), SCOPES) == {"+apology": Counts(tp=1)}


# -- kappa -----------------------------------------------------------------------------------


def test_kappa_takes_chance_away() -> None:
    # Observed 3/4; by chance 1/2 · 1/4 + 1/2 · 3/4 = 1/2.
    assert kappa(both=1, first=1, second=0, n=4) == pytest.approx(0.5)
    # Observed 0; by chance 1/2 · 1/2 + 1/2 · 1/2 = 1/2.
    assert kappa(both=0, first=1, second=1, n=2) == pytest.approx(-1.0)
    assert kappa(both=2, first=0, second=0, n=9) == pytest.approx(1.0)


def test_kappa_is_undefined_where_chance_would_agree() -> None:
    assert kappa(both=0, first=0, second=0, n=5) is None
    assert kappa(both=5, first=0, second=0, n=5) is None
    assert kappa(both=0, first=0, second=0, n=0) is None


def test_kappa_looks_at_the_sentences_of_who_can_be_meant() -> None:
    """The agent has five sentences, the customer two."""
    problem, question = Marked("!problem", 2, "It broke"), Marked("!question", 2, "Why?")
    first = (BLAME, Marked("blame/customer", 1, "It was your job"), problem, question)
    second = (BLAME, Marked("!problem", 2, "Why?"), question)
    found = kappas_of([both(first, second)], ["blame/customer", "!problem", "!question", "+thanks"])

    # Observed 4/5; by chance 2/5 · 1/5 + 3/5 · 4/5 = 14/25; so (20 - 14) / (25 - 14).
    assert found["blame/customer"] == pytest.approx(6 / 11)
    # Of two sentences none alike; by chance 1/2.
    assert found["!problem"] == pytest.approx(-1.0)
    assert found["!question"] == pytest.approx(1.0)
    assert found["+thanks"] is None


# -- report ----------------------------------------------------------------------------------


def report(*all_both: Both) -> list[str]:
    return list(report_lines(all_both, SCOPES))


def row(lines: list[str], name: str) -> list[str]:
    (line,) = (line for line in lines if line.startswith(f"  {name} "))
    return line.removeprefix(f"  {name} ").split()


def test_row_holds_both_hands_f1_interval_kappa_and_remark() -> None:
    agreed = [both((BLAME,), (BLAME,))] * 6
    lines = report(*agreed, *[both((BLAME,), ())] * 4, *[both((), (BLAME,))] * 3)

    first, second, agreed_on, f1, low, to, high, beyond_chance, *remarks = row(lines, "blame/customer")
    # 2 · 6 / (10 + 9).
    assert (first, second, agreed_on, f1, to) == ("10", "9", "6", "0.63", "to")
    assert 0.2 < float(low) < 0.63 < float(high) < 0.95
    # Of 65 sentences 58 alike; by chance 10/65 · 9/65 + 55/65 · 56/65 = 3170/4225; so (3770 - 3170) / (4225 - 3170).
    assert beyond_chance == "0.57"
    assert remarks == ["below", "0.7"]
    assert "Labels below 0.7: blame/customer 0.632" in lines


def test_same_marks_same_interval() -> None:
    some = [both((BLAME,), (BLAME,)), both((BLAME,), ()), both((), (BLAME,))]
    assert report(*some) == report(*some)


def test_few_marks_are_said_to_be_few() -> None:
    lines = report(*[both((BLAME,), ())] * 9)

    assert row(lines, "blame/customer")[-3:] == ["below", "0.7,", "few"]
    assert "Labels below 0.7: none" in lines
    assert lines[-1].endswith("by each hand: blame/customer 0.000")


def test_line_itself_is_not_below_it() -> None:
    # 2 · 7 / 20.
    lines = report(*[both((BLAME,), (BLAME,))] * 7, *[both((BLAME,), ())] * 3, *[both((), (BLAME,))] * 3)

    assert row(lines, "blame/customer")[3] == "0.70"
    assert "Labels below 0.7: none" in lines


def test_group_adds_up_its_labels() -> None:
    thanks = Marked("+thanks", 3, "Sorry")
    lines = report(both((SORRY, thanks, BLAME), (SORRY, BLAME)))

    # 2 · 1 / (2 + 1).
    assert row(lines, "all deposits")[:4] == ["2", "1", "1", "0.67"]
    assert row(lines, "all span rules")[:4] == ["1", "1", "1", "1.00"]
    assert row(lines, "all triggers")[:4] == ["0", "0", "0", "n/a"]


# -- reading ---------------------------------------------------------------------------------


def test_conversations_of_the_second_hand_are_compared(
    write_corpus: Callable[..., Path], write_blind: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    blame = {"rule": "blame/customer", "utterance": 0, "quote": "You should have read it"}
    folder = write_corpus(("c1", LINES, {"findings": [blame]}, "w"), ("c2", LINES, {"findings": [blame]}, "w"))
    write_blind({"id": "c2", "findings": [blame, {"rule": "thanks/missing"}]})

    assert main([str(folder)]) == 0
    output = capsys.readouterr().out
    assert output.startswith("annotated by a second hand: 1 of 2 (50.00%) conversations\n")
    assert row(output.splitlines(), "blame/customer")[:4] == ["1", "1", "1", "1.00"]
    assert row(output.splitlines(), "thanks/missing")[:4] == ["0", "1", "0", "0.00"]


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "c9"}, r":1: there is no conversation 'c9'"),
        ({"findings": []}, r":1: no annotation \(KeyError"),
        ({"id": "c1", "findings": [{"rule": "blame/nobody", "utterance": 0}]}, r":1: unknown rule 'blame/nobody'"),
        (
            {"id": "c1", "findings": [{"rule": "blame/customer", "utterance": 4, "quote": "You"}]},
            r":1: blame/customer names utterance 4 of 4",
        ),
        (
            {"id": "c1", "findings": [{"rule": "acknowledgement/missing"}]},
            r":1: acknowledgement/missing names utterance None of 4",
        ),
        (
            {"id": "c1", "deposits": [{"kind": "thanks", "utterance": 0, "quote": "Thanks"}]},
            r":1: \+thanks quotes 'Thanks', which does not stand in utterance 0",
        ),
        (
            {"id": "c1", "findings": [{"rule": "blame/customer", "utterance": 0}]},
            r":1: blame/customer quotes '', which does not stand in utterance 0",
        ),
    ],
)
def test_marks_that_do_not_fit_are_named(
    write_corpus: Callable[..., Path],
    write_blind: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    record: dict[str, object],
    message: str,
) -> None:
    folder = write_corpus(("c1", LINES, {}, "w"))
    write_blind(record)

    assert main([str(folder)]) == 2
    place = str(folder / "blind" / "chat.annotations.jsonl")
    error = capsys.readouterr().err
    assert error.startswith(place)
    assert re.match(message, error.removeprefix(place))


def test_conversation_annotated_twice_is_named(
    write_corpus: Callable[..., Path], write_blind: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(("c1", LINES, {}, "w"))
    write_blind({"id": "c1"}, {"id": "c1"})

    assert main([str(folder)]) == 2
    assert ":2: 'c1' is annotated twice" in capsys.readouterr().err


def test_corpus_without_a_second_hand_is_named(
    write_corpus: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(write_corpus(("c1", LINES, {}, "w")))]) == 2
    assert "no annotations in blind" in capsys.readouterr().err


def test_second_hand_is_read_in_the_order_of_the_first(
    write_corpus: Callable[..., Path], write_blind: Callable[..., None]
) -> None:
    folder = write_corpus(*((name, LINES, {}, "w") for name in ("c2", "c1", "c3")))
    write_blind({"id": "c3"}, {"id": "c2"})

    found, whole = read_both(folder, SCOPES)
    assert [one.first.conversation.id for one in found] == ["c2", "c3"]
    assert whole == 3
