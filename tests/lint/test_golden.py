"""Folders of templates, each with the findings that a hand which has not seen the code expects."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "templates"
FOLDERS = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())

_LINE = re.compile(r"(?P<found>.+?:\d+:\d+: (?:error|warning) [\w-]+(?:/[\w-]+)+)(?:: .*)?")


def found_in(text: str) -> list[str]:
    """Return place, severity and rule of each line that is a warning or worse."""
    return [match["found"] for line in text.splitlines() if (match := _LINE.fullmatch(line.strip()))]


@pytest.mark.parametrize("folder", FOLDERS)
def test_findings_are_those_that_were_expected(folder: str) -> None:
    command = [
        str(Path(sys.executable).with_name("convscan")),
        "lint",
        "templates",
        "--format",
        "concise",
        "--no-cache",
    ]
    if not (GOLDEN / folder / "convscan.toml").exists():
        command.append("--isolated")
    run = subprocess.run(command, cwd=GOLDEN / folder, capture_output=True, text=True, check=False)
    expected = found_in((GOLDEN / folder / "expected.txt").read_text("utf-8"))

    assert found_in(run.stdout) == expected
    assert run.returncode == (1 if expected else 0), run.stderr


def test_links_with_placeholders_are_whole(tmp_path: Path) -> None:
    (tmp_path / "link.md").write_text("Thank you, see [{{ page }}]({{ form_url }}) or [the form]({{ form_url }}).\n")
    command = [str(Path(sys.executable).with_name("convscan")), "lint", "link.md", "--format", "concise", "--isolated"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "broken-placeholder" not in run.stdout, run.stdout


Place = tuple[str, str, int]

# Rules whose findings are notes, which `expected.txt` leaves out.
_NOTES = {"effort/channel-bounce", "expectations/vague-time", "self-interest/impersonal"}


def places_in(path: Path, pattern: str) -> list[Place]:
    """Return file, rule and line of each finding that a list names."""
    matches = (re.match(pattern, line) for line in path.read_text("utf-8").splitlines())
    return [(match["path"], match["rule"], int(match["line"])) for match in matches if match]


@pytest.mark.parametrize("folder", [name for name in FOLDERS if (GOLDEN / name / "by-hand.txt").exists()])
def test_faults_a_stranger_put_there_are_found_and_no_others(folder: str) -> None:
    """A finding is the stranger's if it is of the same rule, in the same file, and at most a line away."""
    by_hand = places_in(GOLDEN / folder / "by-hand.txt", r"(?P<path>.+?):(?P<line>\d+):\d+ (?P<rule>\S+)")
    missed = places_in(GOLDEN / folder / "missed.txt", r"(?P<path>.+?):(?P<line>\d+):\d+ (?P<rule>\S+)")
    found = places_in(GOLDEN / folder / "expected.txt", r"(?P<path>.+?):(?P<line>\d+):\d+: \w+ (?P<rule>\S+)")

    def is_expected(place: Place) -> bool:
        return any(place[:2] == other[:2] and abs(place[2] - other[2]) <= 1 for other in by_hand)

    def is_found(place: Place) -> bool:
        return any(place[:2] == other[:2] and abs(place[2] - other[2]) <= 1 for other in found)

    assert [place for place in found if not is_expected(place)] == []
    lost = [place for place in by_hand if place[1] not in _NOTES and not is_found(place)]
    # Two faults of one rule on one line, of which one is found, are told apart by the list alone.
    assert set(lost) <= set(missed) <= set(by_hand)
