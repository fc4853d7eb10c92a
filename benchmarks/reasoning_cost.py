"""What reasoning adds to the time of a scan: promises, questions left open, and things asked twice.

    python benchmarks/reasoning_cost.py

Prints the time of a scan by rules alone with all of it, as a multiple of one without it. Without it
neither the ledger is kept nor do the three rules look; both sides read the same unique text, by turns.
The ledger is kept for rules that look at whole conversations, so what switches it off is the scanner's
own setting of scopes; the other rules of that scope are left out on both sides.
"""

import itertools
import statistics
import time
from collections.abc import Sequence

from speed import CHUNK, CONVERSATIONS, WARM_UP, conversations

from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation
from convscan.finding import Scope
from convscan.scanner import Scanner

RULES = ("promise/broken", "avoidance/unanswered", "effort/repeat-information")
OTHERS = ("thanks/missing", "expectations/missing", "avoidance/abandoned")
RUNS = 3
WANTED = 1.25


def _scan(scanner: Scanner, part: Sequence[Conversation]) -> float:
    started = time.process_time()
    for conversation in part:
        scanner.scan(conversation)
    return time.process_time() - started


def main() -> None:
    """Print the ratio of each run and the median."""
    with_all = Scanner(Config(model=ModelChoice.NONE, ignore=OTHERS))
    without = Scanner(Config(model=ModelChoice.NONE, ignore=(*OTHERS, *RULES)), scopes=(Scope.SPAN, Scope.TURN))
    # Start-up has a benchmark of its own.
    for conversation in conversations(WARM_UP, seed=RUNS):
        _scan(with_all, [conversation])
        _scan(without, [conversation])
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
                spent[is_with] += _scan(with_all if is_with else without, part)
        ratios.append(spent[True] / spent[False])
        print(f"run {run}: with {spent[True]:.2f} s, without {spent[False]:.2f} s, {ratios[-1]:.3f} times")
    print(f"a scan with reasoning takes {statistics.median(ratios):.3f} times one without (at most {WANTED} wanted)")


if __name__ == "__main__":
    main()
