"""Start-up time of the command line, beside that of the libraries it cannot do without.

python benchmarks/startup.py
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 7
SAMPLE = Path(__file__).parent.parent / "sample_transcripts" / "parcel-chat.txt"


def seconds(command: Sequence[str]) -> float:
    """Return the median time of a command as a whole process, after one run that does not count."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def main() -> None:
    """Print each time and its ratio to the baseline beside it."""
    convscan = str(Path(sys.executable).with_name("convscan"))
    for name, command, baseline, module in (
        ("convscan --help", [convscan, "--help"], "import click", "click"),
        ("convscan scan (one chat)", [convscan, "scan", str(SAMPLE)], "import spacy", "spacy"),
    ):
        ours, theirs = seconds(command), seconds([sys.executable, "-c", f"import {module}"])
        print(f"{name}: {ours * 1000:.0f} ms, {baseline}: {theirs * 1000:.0f} ms, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
