import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.evaluation.intervals import Counts, f1_intervals, wilson


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Agresti and Coull, The American Statistician 52 (1998), discuss the first; all worked out by hand.
        (0, 10, 0.0, 0.2775),
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_wilson_interval_has_the_known_ends(right: int, n: int, low: float, high: float) -> None:
    interval = wilson(right, n).interval

    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


def test_share_of_nothing_is_undefined() -> None:
    assert wilson(0, 0).value is None
    assert wilson(0, 0).interval is None


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_wilson_interval_holds_the_share_and_stays_a_share(right: int, n: int) -> None:
    estimate = wilson(min(right, n), n)

    assert estimate.value is not None
    assert estimate.interval is not None
    assert 0 <= estimate.interval.low <= estimate.value <= estimate.interval.high <= 1


def test_bootstrap_interval_is_the_same_each_time() -> None:
    tables = [{"a/b": Counts(tp=n % 3, fp=n % 2, fn=1)} for n in range(30)]
    rows = [frozenset({"a/b"})]

    assert f1_intervals(tables, rows) == f1_intervals(tables, rows)


def test_bootstrap_interval_holds_f1_and_has_a_width() -> None:
    """Half of 100 conversations are right: F1 is 2*50/(2*50+50) = 0.67."""
    tables = [{"a/b": Counts(tp=1) if n % 2 else Counts(fn=1)} for n in range(100)]

    (interval,) = f1_intervals(tables, [frozenset({"a/b"})])

    assert interval is not None
    assert 0.5 < interval.low < 2 / 3 < interval.high < 0.8


def test_more_conversations_give_a_narrower_interval() -> None:
    def width(conversations: int) -> float:
        tables = [{"a/b": Counts(tp=1) if n % 2 else Counts(fp=1)} for n in range(conversations)]
        (interval,) = f1_intervals(tables, [frozenset({"a/b"})])
        assert interval is not None
        return interval.high - interval.low

    assert width(400) < width(100) < width(25)


def test_rows_add_up_their_labels_only() -> None:
    tables = [{"a/right": Counts(tp=1), "a/wrong": Counts(fp=1)}] * 5

    right, both, none = f1_intervals(tables, [frozenset({"a/right"}), frozenset({"a/right", "a/wrong"}), frozenset()])

    assert right is not None
    assert both is not None
    assert (right.low, both.low) == pytest.approx((1.0, 2 / 3))
    assert none is None


def test_no_conversations_give_no_interval() -> None:
    assert f1_intervals([], [frozenset({"a/b"})]) == (None,)
