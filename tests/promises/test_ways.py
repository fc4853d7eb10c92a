"""The form of the ledger's expressions: compiled late, and not tried where their words are missing."""

import re
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convscan.language.ways import Way
from convscan.promises import beginnings

MODULES = ("evidence", "extracting", "commitment", "recalled", "topics", "times", "deadlines")
NAMED = {
    f"{module}.{name}": way
    for module in MODULES
    for name, way in vars(import_module(f"convscan.promises.{module}")).items()
    if isinstance(way, Way)
}
NAMED |= {f"beginnings.{way.expression[-60:]}": way for way in (*beginnings.OWN.all, *beginnings.OF_OTHERS.all)}
GATED = {name: way for name, way in NAMED.items() if way.needs}


@pytest.mark.parametrize("name", sorted(GATED))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_an_expression_matches_has_one_of_its_words(name: str, data: st.DataObject) -> None:
    way = GATED[name]
    text = data.draw(st.from_regex(re.compile(way.expression, re.ASCII))).lower()
    runs = frozenset(re.findall("[a-z]+", text))
    if way.search(text):
        assert way.may_stand_among(runs), text
        assert way.stands_in(text, runs)
        assert way.may_stand_in(text, runs), text


def test_an_expression_is_compiled_when_it_is_first_searched_for() -> None:
    way = Way("(", words="never")
    assert not way.stands_in("what", frozenset({"what"}))
    with pytest.raises(re.error):
        way.search("what")
