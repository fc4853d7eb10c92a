"""The mean and its interval, against another implementation and by simulation."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from convscan.writers.mean import FEWEST, Mean, t_95

POINTS = st.integers(-5_000, 5_000).map(lambda hundredths: hundredths / 100)


def mean_of(points: list[float]) -> Mean:
    mean = Mean()
    for one in points:
        mean.add(one)
    return mean


@pytest.mark.parametrize("freedom", [5, FEWEST - 1, 20, 100, 10_000])
def test_quantile_is_that_of_student(freedom: int) -> None:
    assert t_95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=5e-4)


@given(st.lists(POINTS, min_size=FEWEST, max_size=40))
def test_interval_is_that_of_scipy(points: list[float]) -> None:
    interval = mean_of(points).interval
    assert interval is not None
    spread = stats.sem(points)
    centre = sum(points) / len(points)
    half = stats.t.ppf(0.975, len(points) - 1) * spread
    assert interval == pytest.approx((centre - half, centre + half), rel=1e-4, abs=1e-3)


@given(st.lists(POINTS, max_size=40), st.randoms(use_true_random=False))
def test_order_changes_nothing_to_the_last_bit(points: list[float], rng: random.Random) -> None:
    shuffled = rng.sample(points, len(points))
    assert mean_of(points) == mean_of(shuffled)
    assert mean_of(points).interval == mean_of(shuffled).interval


def test_interval_holds_the_true_mean_about_as_often_as_it_says() -> None:
    """Balances as they are: whole deposits, and now and then a long row of faults."""
    rng = random.Random(7)  # noqa: S311 # no secret
    held = 0
    for _ in range(400):
        interval = mean_of([rng.choice((3, 5, 4, 2, -1, -6)) for _ in range(20)]).interval
        assert interval is not None
        held += interval[0] <= 7 / 6 <= interval[1]
    assert 0.92 <= held / 400 <= 0.98


def test_few_conversations_have_a_mean_but_no_interval() -> None:
    mean = mean_of([1.0] * (FEWEST - 1))
    assert (mean.value, mean.interval, mean.is_telling) == (1.0, None, False)
    mean.add(1.0)
    assert (mean.value, mean.interval, mean.is_telling) == (1.0, (1.0, 1.0), True)


def test_mean_of_nothing_is_none() -> None:
    assert Mean().value is None
