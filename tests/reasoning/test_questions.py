from collections.abc import Callable

import pytest

from convscan.acts.heard import HeardConversation
from convscan.reasoning.questions import Wants, questions_of

Listen = Callable[..., HeardConversation]


@pytest.mark.parametrize(
    ("asked", "wants"),
    [
        ("When will the kiln be fixed?", Wants.TIME),
        ("How long does the glaze need?", Wants.TIME),
        ("What time do you open?", Wants.TIME),
        ("Can you tell me when the assessor will come?", Wants.TIME),
        ("How much is the deposit?", Wants.AMOUNT),
        ("What does it cost for twelve?", Wants.AMOUNT),
        ("What is the second form about?", Wants.WHAT),
        ("What is the fee for a second key?", Wants.AMOUNT),
        ("Why was the gate locked?", Wants.REASON),
        ("What is it for?", Wants.REASON),
        ("How come nobody wrote?", Wants.REASON),
        ("How do I drain the boiler?", Wants.HOW),
        ("Any news about my kayak?", Wants.STATUS),
        ("Who signs the form?", Wants.WHO),
        ("Where is the meter?", Wants.WHO),
        ("Is it the blue one or the green one?", Wants.CHOICE),
        ("Is it ready or not?", Wants.YES_NO),
        ("Is the pool heated?", Wants.YES_NO),
        ("Is it normal that it hums when I open the lid?", Wants.YES_NO),
        ("Please cancel the second ticket.", Wants.ACT),
    ],
)
def test_the_kind_of_answer_is_told_from_the_words(listen: Listen, asked: str, wants: Wants) -> None:
    (question,) = questions_of(listen(("customer", asked)).turns[0])

    assert question.wants is wants
    assert question.at.quote == asked


@pytest.mark.parametrize(
    "said",
    [
        "Are you kidding me?",
        "Hi there, how are you?",
        "What a joke!",
        "It rained when I left.",
        "Is that right? OK bye then.",
    ],
)
def test_heat_greetings_and_good_byes_ask_nothing(listen: Listen, said: str) -> None:
    assert not list(questions_of(listen(("customer", said)).turns[0]))


def test_each_question_of_a_turn_is_looked_at(listen: Listen) -> None:
    heard = listen(("customer", "When will it be treated? And is it safe for the baby?"))

    assert [question.wants for question in questions_of(heard.turns[0])] == [Wants.TIME, Wants.YES_NO]
