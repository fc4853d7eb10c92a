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
