"""What a lint costs: cold start, many templates, an unchanged second run; as ratios within one run.

    python benchmarks/lint.py

A cold start finds rules that an earlier one made ready, and no results; what the very first
start with these rules takes is printed beside it.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

RUNS = 5
MANY = 2_000
CLEAN = "Hello {name}.\n"
FAULTY = """\
Hi {{{{customer_name}}}},

thank you for writing about order {number}. We guarantee it will arrive, and you should have
checked the address. We will get back to you soon.

Kind regards
{{{{agent_name}}}}
"""


RESULTS = ".convscan_cache"


def seconds(command: Sequence[str], folder: Path, *, runs: int = RUNS) -> float:
    """Return the median time of a command as a whole process that knows no earlier results."""
    # As installed: with compiled modules, and a folder for what is kept.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = str(folder / "cache")
    times = []
    for _ in range(runs):
        if runs > 1:
            shutil.rmtree(folder / RESULTS, ignore_errors=True)
        started = time.perf_counter()
        subprocess.run(command, cwd=folder, check=False, capture_output=True, env=environment)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    """Print each ratio beside its aim."""
    lint = [str(Path(sys.executable).with_name("convscan")), "lint", "--isolated"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many = folder / "many"
        many.mkdir()
        for number in range(MANY):
            (many / f"{number}.md").write_text(FAULTY.format(number=number), encoding="utf-8")
        (folder / "one.md").write_text(FAULTY.format(number=1), encoding="utf-8")
        (folder / "clean.md").write_text(CLEAN, encoding="utf-8")
        seconds([*lint, "one.md", "--no-cache"], folder, runs=1)
        seconds([sys.executable, "-c", "import spacy"], folder, runs=1)
        very_first = seconds([*lint, "one.md"], folder, runs=1)
        spacy = seconds([sys.executable, "-c", "import spacy"], folder)
        one = seconds([*lint, "one.md"], folder)
        clean = seconds([*lint, "clean.md"], folder)
        first = seconds([*lint, "many"], folder, runs=1)
        second = seconds([*lint, "many"], folder, runs=1)
    for what, ratio, aim in (
        ("one template / import spacy", one / spacy, "at most 1.5"),
        ("the very first start / import spacy", very_first / spacy, "rules are made ready"),
        ("template without a candidate / import spacy", clean / spacy, "at most 0.6"),
        (f"{MANY} templates / one", first / one, "at most 30"),
        ("first run / unchanged second run", first / second, "at least 3"),
    ):
        print(f"{what}: {ratio:.2f} ({aim})")


if __name__ == "__main__":
    main()
