"""Ways in which something is said, found under the words that they need."""

from convscan.language.ways import Way, Ways

RING, CALL, SING = Way("ring", "ring rings"), Way("call .* back", "call", "back"), Way("sing", "sing rings")


def test_ways_to_try_are_those_under_a_word_that_is_there_each_once_and_in_order() -> None:
    ways = Ways(RING, CALL, SING)

    assert list(ways.to_try(("sing", "and", "ring", "rings"))) == [RING, SING]
    assert list(ways.to_try(("call",))) == [CALL]
    assert not ways.to_try(("bring",))


def test_none_may_stand_where_no_word_is_needed_by_any() -> None:
    assert Ways(RING, CALL).may_stand_among(("call",))
    assert not Ways(RING, CALL).may_stand_among(("back",))


def test_way_stands_where_all_that_it_needs_is_there_and_matches() -> None:
    assert CALL.stands_in("call him back", ("call", "him", "back"))
    assert not CALL.stands_in("back to the call", ("back", "to", "the", "call"))
    assert not CALL.stands_in("call him", ("call", "him"))
