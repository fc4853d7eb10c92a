"""What reasoning adds to the time of a scan: promises, questions left open, and things asked twice.

    python benchmarks/reasoning_cost.py

Prints the time of a scan by rules alone with all of it, as a multiple of one without it. Without it
neither the ledger is kept nor do the three rules look; both sides read the same unique text, by turns.
"""

import itertools
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from unittest import mock

from speed import CHUNK, CONVERSATIONS, WARM_UP, conversations

import convscan.scanner
from convscan.acts.heard import HeardConversation
from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation
from convscan.scanner import Scanner

RULES = ("promise/broken", "avoidance/unanswered", "effort/repeat-information")
RUNS = 3
WANTED = 1.25


def _without_promises(heard: HeardConversation) -> HeardConversation:
    return heard


def _with(scanner: Scanner, part: Sequence[Conversation]) -> float:
    started = time.process_time()
    for conversation in part:
        scanner.scan(conversation)
    return time.process_time() - started


def _without(scanner: Scanner, part: Sequence[Conversation]) -> float:
    with mock.patch.object(convscan.scanner, "with_promises", _without_promises):
        return _with(scanner, part)


def main() -> None:
    """Print the ratio of each run and the median."""
    with_all = Scanner(Config(model=ModelChoice.NONE))
    without = Scanner(replace(with_all.config, ignore=RULES))
    # Start-up has a benchmark of its own.
    for conversation in conversations(WARM_UP, seed=RUNS):
        _with(with_all, [conversation])
        _without(without, [conversation])
    ratios = []
    for run in range(RUNS):
        texts = conversations(CONVERSATIONS, seed=run)
        spent = {True: 0.0, False: 0.0}
        # By turns, and each first as often, so that whatever else the machine does slows both alike.
        for number in itertools.count():
            part = list(itertools.islice(texts, CHUNK))
            if not part:
                break
            for is_with in (True, False) if number % 2 else (False, True):
                spent[is_with] += _with(with_all, part) if is_with else _without(without, part)
        ratios.append(spent[True] / spent[False])
        print(f"run {run}: with {spent[True]:.2f} s, without {spent[False]:.2f} s, {ratios[-1]:.3f} times")
    print(f"a scan with reasoning takes {statistics.median(ratios):.3f} times one without (at most {WANTED} wanted)")


if __name__ == "__main__":
    main()
