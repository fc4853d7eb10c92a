"""How the time of one conversation grows with its length: it should be linear.

Run it as `python benchmarks/length.py`.
"""

import statistics
import time
from dataclasses import replace
from itertools import chain

from speed import conversations

from convscan.conversation import Conversation
from convscan.scanner import Scanner

LENGTHS = (1_250, 2_500, 5_000, 10_000)
RUNS = 3


def of_length(utterances: int, seed: int) -> Conversation:
    """Return one conversation of so many made utterances."""
    parts = conversations(utterances // 8, seed)
    first = next(parts)
    said = chain(first.utterances, *(part.utterances for part in parts))
    return replace(first, utterances=tuple(said))


def main() -> None:
    """Print seconds per length, and the growth from each length to its double."""
    scanner = Scanner()
    for warm_up in conversations(500, seed=99):
        scanner.scan(warm_up)
    before = None
    for length in LENGTHS:
        times = []
        for run in range(RUNS):
            conversation = of_length(length, seed=run)
            started = time.perf_counter()
            scanner.scan(conversation)
            times.append(time.perf_counter() - started)
        seconds = statistics.median(times)
        growth = "" if before is None else f", {seconds / before:.2f} times the half"
        print(f"{length:6,} utterances: {seconds:5.2f} s{growth}")
        before = seconds


if __name__ == "__main__":
    main()
