"""Peak memory of a scan of few and of many conversations, each in a process of its own.

    python benchmarks/memory.py [--model none|fast|full] [CONVERSATIONS ...]

It should be flat: the scan streams. By rules only if no model is named, for a model takes a
share of memory that does not grow and much time.
"""

import argparse
import subprocess
import sys

from peak_memory import peak_memory_mib
from speed import conversations

from convscan.batch import scan_records
from convscan.config import Config, ModelChoice
from convscan.scanner import Scanner

DEFAULT_COUNTS = (1_000, 50_000)


def scan(count: int, model: ModelChoice) -> None:
    """Scan made conversations and print this process's peak memory in MiB."""
    for _ in scan_records(conversations(count), Scanner(Config(model=model))):
        pass
    print(peak_memory_mib())


def main() -> None:
    """Print peak memory per count and the ratio of the last to the first."""
    parser = argparse.ArgumentParser(description="Peak memory of a scan of few and of many conversations.")
    parser.add_argument("counts", metavar="CONVERSATIONS", nargs="*", type=int, default=DEFAULT_COUNTS)
    parser.add_argument("--model", choices=list(ModelChoice), type=ModelChoice, default=ModelChoice.NONE)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        scan(asked.counts[0], asked.model)
        return
    peaks = []
    for count in asked.counts:
        child = subprocess.run(
            [sys.executable, __file__, "--child", "--model", asked.model, str(count)],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        peaks.append(float(child.stdout))
        print(f"{count:7,} conversations: peak {peaks[-1]:6.0f} MiB")
    print(f"model {asked.model}: the last takes {peaks[-1] / peaks[0]:.2f} times the memory of the first")


if __name__ == "__main__":
    main()
