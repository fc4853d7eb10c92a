"""Peak memory of a scan of few and of many conversations, each in a process of its own.

    python benchmarks/memory.py [CONVERSATIONS ...]

It should be flat: the scan streams.
"""

import subprocess
import sys

from peak_memory import peak_memory_mib
from speed import conversations

from convscan.batch import scan_records
from convscan.scanner import Scanner

DEFAULT_COUNTS = (1_000, 50_000)
_CHILD = "--child"


def scan(count: int) -> None:
    """Scan made conversations and print this process's peak memory in MiB."""
    for _ in scan_records(conversations(count), Scanner()):
        pass
    print(peak_memory_mib())


def main(arguments: list[str]) -> None:
    """Print peak memory per count and the ratio of the last to the first."""
    if arguments[:1] == [_CHILD]:
        scan(int(arguments[1]))
        return
    counts = [int(argument) for argument in arguments] or list(DEFAULT_COUNTS)
    peaks = []
    for count in counts:
        child = subprocess.run(
            [sys.executable, __file__, _CHILD, str(count)], capture_output=True, text=True, check=True
        )
        peaks.append(float(child.stdout))
        print(f"{count:7,} conversations: peak {peaks[-1]:6.0f} MiB")
    print(f"the last takes {peaks[-1] / peaks[0]:.2f} times the memory of the first")


if __name__ == "__main__":
    main(sys.argv[1:])
