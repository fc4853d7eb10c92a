"""A short run of the fuzz of all readers; the long one is `python benchmarks/fuzz_readers.py`."""

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz_readers import MAPPING, Random, fixtures_of, mutate, write_input

from convscan.readers import all_readers

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "fuzz_readers.py"


@pytest.mark.parametrize("reader", [*(reader.name for reader in all_readers()), MAPPING])
def test_no_damaged_file_makes_a_reader_fail(reader: str) -> None:
    """In a process of its own, for the alarm and the memory of this one are others'."""
    run = subprocess.run(
        [sys.executable, SCRIPT, "--count", "60", "--reader", reader, "--seed", "7"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 failures" in run.stdout


def test_same_seed_gives_the_same_input(tmp_path: Path) -> None:
    fixture = fixtures_of("zendesk")[0]
    inputs = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        inputs.append(write_input(fixture, folder, Random("0/zendesk/5")).read_bytes())

    assert inputs[0] == inputs[1]
    assert inputs[0] != fixture.read_bytes()


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\x00\xff", b"one line", b'{"a": 1}\n{"b": 2}\n'])
def test_anything_can_be_damaged(content: bytes) -> None:
    for seed in range(200):
        assert isinstance(mutate(content, Random(seed)), bytes)
