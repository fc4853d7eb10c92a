"""Properties that are worked out once."""

import threading
from dataclasses import dataclass, field

import pytest

from convscan.lazy import lazy_property


@dataclass(frozen=True)
class _Parcel:
    grams: int
    weighed: list[int] = field(default_factory=list)

    @lazy_property
    def is_heavy(self) -> bool:
        """Whether it takes two to carry it."""
        self.weighed.append(self.grams)
        return self.grams > 20_000


def test_a_value_is_worked_out_once_for_each_object() -> None:
    light, heavy = _Parcel(300), _Parcel(30_000)

    assert [light.is_heavy, heavy.is_heavy, light.is_heavy, heavy.is_heavy] == [False, True, False, True]
    assert (light.weighed, heavy.weighed) == ([300], [30_000])


def test_a_kept_value_is_no_part_of_what_an_object_equals() -> None:
    asked, new = _Parcel(300, []), _Parcel(300, [])
    assert not asked.is_heavy

    asked.weighed.clear()
    assert asked == new


def test_what_fails_is_worked_out_again() -> None:
    class Once:
        tries = 0

        @lazy_property
        def value(self) -> int:
            self.tries += 1
            if self.tries == 1:
                raise ValueError("not yet")
            return 7

    once = Once()
    with pytest.raises(ValueError, match="not yet"):
        _ = once.value

    assert once.value == 7


def test_its_documentation_is_the_methods() -> None:
    assert _Parcel.is_heavy.__doc__ == "Whether it takes two to carry it."


def test_nobody_waits_for_another_objects_value() -> None:
    is_working, may_end = threading.Event(), threading.Event()

    class Slow:
        def __init__(self, *, waits: bool) -> None:
            self.waits = waits

        @lazy_property
        def value(self) -> int:
            if self.waits:
                is_working.set()
                assert may_end.wait(60)
            return 7

    first = threading.Thread(target=lambda: Slow(waits=True).value)
    first.start()
    try:
        assert is_working.wait(60)
        found: list[int] = []
        second = threading.Thread(target=lambda: found.append(Slow(waits=False).value))
        second.start()
        second.join(30)
        assert found == [7]
    finally:
        may_end.set()
        first.join()
