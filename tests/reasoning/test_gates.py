"""Words that are looked for before an expression, because that is quicker, lose nothing that it finds."""

import re
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.acts.heard import HeardConversation
from convscan.reasoning import answers, channels, protests, values
from convscan.reasoning.values import asks, demanded, digits_of, wants_fact
from convscan.reasoning.wordings import Wordings

Listen = Callable[..., HeardConversation]

GATES = [
    pytest.param(protests._OPEN_ASK, protests._NEEDED_TO_ASK, id="protests.asks_something"),  # noqa: SLF001
    pytest.param(answers._PUZZLED, answers._FAILS, id="answers.puzzled"),  # noqa: SLF001
    pytest.param(answers._NOT_ANSWERED, answers._IN_NO_ANSWER, id="answers.not_answered"),  # noqa: SLF001
]


WORDINGS = [
    pytest.param(wordings, id=f"{module.__name__}.{name}")
    for module in (channels, protests, values)
    for name, wordings in vars(module).items()
    if isinstance(wordings, Wordings)
]


@pytest.mark.parametrize("wordings", WORDINGS)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_wordings_find_all_that_any_of_their_expressions_finds(
    listen: Listen, wordings: Wordings, data: st.DataObject
) -> None:
    ways = wordings.ways.all
    drawn = data.draw(st.sampled_from(ways)).expression.replace(r"\S+", "[a-z]+").replace(r"\w+", "[a-z]+")
    line = data.draw(st.from_regex(drawn, fullmatch=True, alphabet=st.sampled_from("abcdefghijklmnopqrstuvwxyz' ")))
    (turn,) = listen(("agent", line)).turns

    for _, sentence in turn.sentences:
        is_found = any(way.search(sentence.found.joined) for way in ways)
        assert wordings.stand_in(sentence) is is_found
        assert wordings.may_stand_among(sentence.found.norms) or not is_found


@pytest.mark.parametrize(("expression", "needed"), GATES)
@given(data=st.data())
def test_whatever_an_expression_finds_has_one_of_the_words_that_let_it_be_looked_for(
    expression: re.Pattern[str], needed: frozenset[str], data: st.DataObject
) -> None:
    # What a sentence is joined of: words with one space between.
    wording = re.compile(expression.pattern.replace(r"\S+", "[a-z]+").replace(r"\w+", "[a-z]+"))
    line = data.draw(st.from_regex(wording, fullmatch=True, alphabet=st.sampled_from("abcdefghijklmnopqrstuvwxyz' ")))
    found = expression.search(line)
    if found is not None:
        assert not needed.isdisjoint(line.split())


def test_no_letter_counts_as_a_digit() -> None:
    signs = list(map(chr, range(sys.maxunicode + 1)))

    assert [sign for sign in signs if digits_of(sign) != sign.isdigit()] == []
    assert digits_of("b12²") == 3


@pytest.mark.parametrize(
    ("said", "is_fact"),
    [
        ("Fill in the policy number here.", True),
        ("Which postcode is it?", True),
        ("Tell us the name on the card.", True),
        ("The name on the card is long.", False),
        ("We refill in the morning, number by number.", False),
    ],
)
def test_a_fact_is_wanted_by_who_asks_or_tells_to_give_it(listen: Listen, said: str, is_fact: bool) -> None:  # noqa: FBT001
    (_, sentence), *_ = listen(("agent", said)).turns[0].sentences

    assert (asks(sentence) and wants_fact(sentence)) is is_fact


def test_a_value_is_demanded_where_a_form_is_to_be_filled_in(listen: Listen) -> None:
    (_, sentence), *_ = listen(("agent", "Fill in the bus number here.")).turns[0].sentences

    assert list(demanded(sentence)) == ["bus"]
