"""The baseline: what was there is accepted, what is new is not."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from convscan.errors import ConfigError
from convscan.lint.baseline import Baseline, baseline_to_json, load_baseline
from convscan.lint.report import Hidden, LintReport

Lint = Callable[..., LintReport]

FAULTY = "Thanks. We guarantee it.\n"


def accept(report: LintReport, folder: Path) -> Baseline:
    """Write a baseline of a report and read it back."""
    path = folder / ".convscan-baseline.json"
    path.write_text(json.dumps(baseline_to_json(Baseline(path).renewed(report))))
    return load_baseline(str(path))


def left(baseline: Baseline, report: LintReport) -> list[str]:
    return [one.path for one in baseline.apply(report).shown]


@pytest.mark.parametrize(
    ("later", "gone", "expected"),
    [
        pytest.param({"a.md": FAULTY}, (), [], id="as it was"),
        pytest.param({"a.md": "One more line.\n\n" + FAULTY}, (), [], id="line above"),
        pytest.param({"b.md": FAULTY}, ("a.md",), [], id="renamed"),
        pytest.param({"a.md": FAULTY, "b.md": FAULTY}, (), ["b.md"], id="same words in a new file"),
        pytest.param({"b.md": FAULTY}, (), ["b.md"], id="new file alone"),
        pytest.param({"a.md": FAULTY + "\nAgain we guarantee it.\n"}, (), ["a.md"], id="a second time"),
        pytest.param({"a.md": "Thanks. We guarantee a refund.\n"}, (), ["a.md"], id="other words"),
    ],
)
def test_only_what_is_new_is_left(
    lint: Lint, tmp_path: Path, later: dict[str, str], gone: tuple[str, ...], expected: list[str]
) -> None:
    baseline = accept(lint({"a.md": FAULTY}), tmp_path)
    for name in gone:
        (tmp_path / name).unlink()

    assert left(baseline, lint(later)) == expected


def test_stale_entries_are_those_that_nothing_matches(lint: Lint, tmp_path: Path) -> None:
    baseline = accept(lint({"a.md": FAULTY, "b.md": FAULTY}), tmp_path)

    assert [entry.path for entry in baseline.stale(lint({"a.md": "Thanks.\n"}))] == ["a.md"]


def with_reason(baseline: Baseline, reason: str) -> Baseline:
    """Write a reason into the first entry, as a person does, and read it back."""
    record = json.loads(baseline.path.read_text())
    record["findings"][0]["reason"] = reason
    baseline.path.write_text(json.dumps(record))
    return load_baseline(str(baseline.path))


def test_reason_is_kept(lint: Lint, tmp_path: Path) -> None:
    report = lint({"a.md": FAULTY})
    baseline = with_reason(accept(report, tmp_path), "agreed with legal")

    assert [entry.reason for entry in baseline.renewed(report)] == ["agreed with legal"]


def test_reason_is_kept_when_the_file_is_renamed(lint: Lint, tmp_path: Path) -> None:
    baseline = with_reason(accept(lint({"a.md": FAULTY}), tmp_path), "agreed with legal")
    (tmp_path / "a.md").rename(tmp_path / "b.md")

    entries = baseline.renewed(lint({"b.md": FAULTY}))

    assert [(entry.path, entry.reason) for entry in entries] == [("b.md", "agreed with legal")]


def test_entries_of_files_that_were_not_looked_at_are_kept_with_their_reasons(lint: Lint, tmp_path: Path) -> None:
    baseline = with_reason(accept(lint({"a.md": FAULTY, "b.md": FAULTY, "c.md": FAULTY}), tmp_path), "legal knows")
    (tmp_path / "c.md").unlink()

    entries = baseline.renewed(lint({"b.md": "Thanks.\n"}))

    assert [(entry.path, entry.reason) for entry in entries] == [("a.md", "legal knows")]


def test_reason_of_an_entry_stands_in_the_report(lint: Lint, tmp_path: Path) -> None:
    report = lint({"a.md": FAULTY})
    baseline = with_reason(accept(report, tmp_path), "agreed with legal")

    [hidden] = baseline.apply(report).findings

    assert (hidden.hidden, hidden.reason) == (Hidden.BASELINE, "agreed with legal")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"b\.json:1:2: not valid JSON"),
        ("[]", r"b\.json:1:1: schema is none"),
        ('{"schema": "x"}', r"b\.json:1:12: schema is 'x', expected 'convscan.baseline/1'"),
        ('{"schema": "convscan.baseline/1"}', "findings: expected a list"),
        ('{"schema": "convscan.baseline/1",\n"findings": [{"rule": 3}]}', r"b\.json:2:23: findings\[0\]\.rule"),
        ('{"schema": "convscan.baseline/1",\n"findings": [{"rul": "3"}]}', r"b\.json:2:22: .*unknown key 'rul'"),
        ('{"schema": "convscan.baseline/1",\n"findings": [{"rule": "3"}]}', r"b\.json:2:14: .*no 'fingerprint'"),
    ],
)
def test_malformed_baseline_names_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text)

    with pytest.raises(ConfigError, match=message):
        load_baseline(str(path))


def test_baseline_that_is_not_there_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="convscan baseline write"):
        load_baseline(str(tmp_path / "none.json"))
