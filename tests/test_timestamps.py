"""When something was said, in whichever way a source writes it."""

import pytest

from convscan.timestamps import as_iso, read_moment


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1772012512", "2026-02-25T09:41:52Z"),
        ("1772012512.5", "2026-02-25T09:41:52.500000Z"),
        ("1.772012512e9", "2026-02-25T09:41:52Z"),
        ("1772012512345", "2026-02-25T09:41:52.345000Z"),
        ("1772012599999", "2026-02-25T09:43:19.999000Z"),
        ("1772012512000000", "2026-02-25T09:41:52Z"),
        ("1772012512000000000", "2026-02-25T09:41:52Z"),
        (" 988000000 ", "2001-04-23T04:26:40Z"),
    ],
)
def test_number_counts_from_1970_also_where_its_digits_would_make_a_date(written: str, iso: str) -> None:
    assert as_iso(written) == iso


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("20260302", "2026-03-02T00:00:00"),
        ("2026-03-02T10:14:00Z", "2026-03-02T10:14:00+00:00"),
        (" 2026-03-02 10:14 ", "2026-03-02T10:14:00"),
        ("20260302T1014", "2026-03-02T10:14:00"),
    ],
)
def test_iso_8601_stays_as_it_is_written(written: str, iso: str) -> None:
    moment = read_moment(written)

    assert moment is not None
    assert moment.isoformat() == iso
    assert as_iso(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "",
        "noon",
        "12",
        "03/04/2026",
        "20260302.12",
        "20260302110",
        "202603021014",
        "-1772012512",
        "nan",
        "9" * 400,
        None,
    ],
)
def test_what_tells_no_moment_is_none(written: str | None) -> None:
    assert read_moment(written) is None
    assert as_iso(written or "") == (written or "")
