"""What the transformer is taught of conversations and of lines of wording families."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from convscan.conversation import Conversation, Role, Utterance
from convscan.language.pipeline import LanguagePipeline
from convscan.training.corpus import Example, Marked
from convscan.training.examples import ENDING_RULES, MAX_HOST_PIECES, Labels, Taught, inserted, places_for_lines, taught

LABELS = Labels(("blame/customer", "promise/guarantee"), ("+apology", "+thanks"), ("!problem",))
Told = tuple[Role, str]
Teach = Callable[..., list[Taught]]
C, A = Role.CUSTOMER, Role.AGENT


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Number words by their letters: the same word has the same number everywhere."""
    return [[1000 + sum(map(ord, word)) for word in text.split()] for text in texts]


@pytest.fixture
def teach(language: LanguagePipeline) -> Teach:
    def run(said: Sequence[Told], *marks: Marked, only: str | None = None) -> list[Taught]:
        utterances = tuple(Utterance(role, text) for role, text in said)
        example = Example(Conversation("one", utterances), marks, "one", only).hear(language)
        return list(taught([example], LABELS, pieces))

    return run


def weight(one: Taught, row: int, label: str) -> float:
    return float(one.sentence_weights[row, LABELS.sentence.index(label)])


def value(one: Taught, row: int, label: str) -> float:
    return float(one.sentences[row, LABELS.sentence.index(label)])


def test_each_side_is_taught_its_own_labels(teach: Teach) -> None:
    (one,) = teach(
        [(C, "My kettle leaks. Hello?"), (A, "You dropped it. Thanks.")],
        Marked("!problem", 0, "My kettle leaks."),
        Marked("blame/customer", 1, "You dropped it."),
    )

    assert [value(one, row, "!problem") for row in range(4)] == [1, 0, 0, 0]
    assert [value(one, row, "blame/customer") for row in range(4)] == [0, 0, 1, 0]
    assert [weight(one, row, "blame/customer") for row in range(4)] == [0, 0, 1, 1]
    assert [weight(one, row, "promise/guarantee") for row in range(4)] == [0, 0, 1, 1]
    assert weight(one, 2, "!problem") == 0


def test_a_second_wording_of_a_deposit_may_be_unmarked(teach: Teach) -> None:
    (one,) = teach([(C, "It leaks."), (A, "So sorry. Apologies again.")], Marked("+apology", 1, "So sorry."))

    assert weight(one, 1, "+apology") == 1
    assert 0 < weight(one, 2, "+apology") < 0.5
    assert one.held[[*LABELS.deposits, *LABELS.acts].index("+apology")] == 1


def test_a_line_for_one_rule_says_little_of_others_and_nothing_of_the_turn(teach: Teach) -> None:
    (one,) = teach([(A, "You let go of it.")], Marked("blame/customer", 0, "let go"), only="blame/customer")

    assert (value(one, 0, "blame/customer"), weight(one, 0, "blame/customer")) == (1, 1)
    assert 0 < weight(one, 0, "promise/guarantee") < 0.5
    assert weight(one, 0, "+apology") == 0
    assert not one.turn_weights.any()
    assert not one.held_weights.any()


def test_a_line_for_a_turn_rule_teaches_that_rule_alone(teach: Teach) -> None:
    said = [(C, "Is it water-proof?"), (A, "It is blue.")]
    (faulty,) = teach(said, Marked("avoidance/unanswered", 1), only="avoidance/unanswered")
    (fine,) = teach(said, only="avoidance/unanswered")
    place = LABELS.turn.index("avoidance/unanswered")

    for one, holds in ((faulty, 1), (fine, 0)):
        assert one.turn[place] == holds
        assert list(np.flatnonzero(one.turn_weights)) == [place]


def test_a_turn_without_a_customer_before_it_teaches_nothing_of_absences(teach: Teach) -> None:
    (alone,) = teach([(A, "Good morning.")])
    (answer,) = teach([(C, "It leaks."), (A, "Good morning.")], Marked("acknowledgement/missing", 1))

    assert not alone.turn_weights.any()
    assert answer.turn_weights.all()
    assert answer.turn[LABELS.turn.index("acknowledgement/missing")] == 1


def test_how_a_conversation_ended_is_taught_by_its_last_words(teach: Teach) -> None:
    said = [(C, "It leaks."), (A, "Good morning."), (C, "And? It still leaks.")]
    answer, plea = teach(said, Marked("avoidance/abandoned", None))
    place = LABELS.turn.index("avoidance/abandoned")

    assert (answer.turn[place], answer.turn_weights[place]) == (1, 0)
    assert (plea.turn[place], plea.turn_weights[place]) == (1, 1)
    assert set(np.flatnonzero(plea.turn_weights)) == {LABELS.turn.index(name) for name in ENDING_RULES}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_line_between_sentences_leaves_both_as_they_were(teach: Teach, place: int) -> None:
    (host,) = teach([(C, "It leaks."), (A, "So sorry. We send another.")], Marked("+apology", 1, "So sorry."))
    (line,) = teach([(A, "You let go. Ouch.")], Marked("blame/customer", 0, "You let go."), only="blame/customer")

    rows = places_for_lines(host)
    both = inserted(line, host, rows[place])

    texts = [both.window.pieces[start:end] for _, start, end in both.window.places]
    expected = [tuple(cut) for cut in pieces(["It leaks.", "So sorry.", "We send another."])]
    expected[rows[place] : rows[place]] = [tuple(cut) for cut in pieces(["You let go.", "Ouch."])]
    assert texts == expected
    assert [both.window.sides[start] for _, start, _ in both.window.places] == [0, 1, 1, 1, 1]
    assert len(both.window.sides) == len(both.window.pieces)
    assert both.window.pieces[-1] == host.window.pieces[-1]
    fault = texts.index(tuple(pieces(["You let go."])[0]))
    sorry = texts.index(tuple(pieces(["So sorry."])[0]))
    assert value(both, fault, "blame/customer") == 1
    assert value(both, sorry, "blame/customer") == 0
    assert value(both, sorry, "+apology") == 1
    assert weight(both, fault, "+apology") == 0
    assert not both.turn_weights.any()
    assert host.turn_weights.any()


def test_lines_stand_among_an_agents_sentences_only(teach: Teach) -> None:
    (short,) = teach([(C, "It leaks. Help."), (A, "So sorry.")])
    (unanswered,) = teach([(C, "It leaks. Help.")])
    (long,) = teach([(A, " ".join(["We looked at the pump again today."] * (MAX_HOST_PIECES // 7 + 2)))])

    assert places_for_lines(short) == [2, 3]
    assert places_for_lines(unanswered) == []
    assert places_for_lines(long) == []
