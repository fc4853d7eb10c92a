"""What a lint costs: cold start, many templates, an unchanged second run; as ratios within one run.

    python benchmarks/lint.py

A cold start finds no results of an earlier one, and the rules as the wheel brings them. The very
first start finds an empty cache folder too, as in a fresh container; with rules that were edited
since, or a pack of one's own, they are made ready once, which is printed beside it.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from convscan.resources import ready_rules_folder, rules_folder
from convscan.rules.kept import ship_rules

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
ACT = """\
description: Says cheers.
roles: [agent]
patterns: [cheers]
examples: {match: ["[[Cheers]]."], no_match: [{text: x, why: y}]}
"""

RESULTS = ".convscan_cache"


@dataclass(frozen=True)
class Place:
    """A folder with templates, and how convscan is called in it."""

    folder: Path
    lint: tuple[str, ...]

    def seconds(self, command: Sequence[str], *, is_first: bool = False, keeps_results: bool = False) -> float:
        """Return the time of a command as a whole process.

        Args:
            is_first: Whether the folder of the user's cache is emptied before.
            keeps_results: Whether results of earlier runs may be used.
        """
        # As installed: with compiled modules, and a folder for what is kept.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        for stale in ([] if keeps_results else [RESULTS]) + (["cache"] if is_first else []):
            shutil.rmtree(self.folder / stale, ignore_errors=True)
        started = time.perf_counter()
        done = subprocess.run(command, cwd=self.folder, check=False, capture_output=True, env=environment, text=True)
        if done.returncode not in {0, 1}:
            sys.exit(done.stderr)
        return time.perf_counter() - started


def prepared(folder: Path) -> Place:
    """Write the templates; ship the rules as they are now, as the build of a wheel does."""
    ship_rules(rules_folder(), ready_rules_folder())
    many = folder / "many"
    many.mkdir()
    for number in range(MANY):
        (many / f"{number}.md").write_text(FAULTY.format(number=number), encoding="utf-8")
    (folder / "one.md").write_text(FAULTY.format(number=1), encoding="utf-8")
    (folder / "clean.md").write_text(CLEAN, encoding="utf-8")
    pack = folder / "pack" / "acts"
    pack.mkdir(parents=True)
    (pack / "own.yaml").write_text(ACT, encoding="utf-8")
    return Place(folder, (str(Path(sys.executable).with_name("convscan")), "lint", "--isolated"))


def main() -> None:
    """Print each ratio beside its aim."""
    with tempfile.TemporaryDirectory() as name:
        place = prepared(Path(name))
        lint = place.lint
        spacy = (sys.executable, "-c", "import spacy")
        runs: dict[str, Callable[[], float]] = {
            "import spacy": lambda: place.seconds(spacy),
            "one template, the very first start": lambda: place.seconds((*lint, "one.md"), is_first=True),
            "one template with --no-cache": lambda: place.seconds((*lint, "one.md", "--no-cache")),
            "one template": lambda: place.seconds((*lint, "one.md")),
            "no candidate, the very first start": lambda: place.seconds((*lint, "clean.md"), is_first=True),
            "no candidate": lambda: place.seconds((*lint, "clean.md")),
            "a pack of one's own, the very first start": lambda: place.seconds(
                (*lint, "one.md", "--rules", "pack"), is_first=True
            ),
        }
        for run in runs.values():
            run()
        # In turns, so that a machine that is busy for a while is so for all of them.
        times: dict[str, list[float]] = {what: [] for what in runs}
        for _ in range(RUNS):
            for what, run in runs.items():
                times[what].append(run())
        median = {what: statistics.median(found) for what, found in times.items()}
        many = place.seconds((*lint, "many"))
        again = place.seconds((*lint, "many"), keeps_results=True)
    for what, aim in (
        ("one template, the very first start", "at most 1.5"),
        ("one template with --no-cache", "at most 1.5"),
        ("one template", "at most 1.5"),
        ("no candidate, the very first start", "at most 0.6"),
        ("no candidate", "at most 0.6"),
        ("a pack of one's own, the very first start", "made ready then"),
    ):
        print(f"{what} / import spacy: {median[what] / median['import spacy']:.2f} ({aim})")
    print(f"{MANY} templates / one: {many / median['one template']:.2f} (at most 30)")
    print(f"first run / unchanged second run: {many / again:.2f} (at least 3)")


if __name__ == "__main__":
    main()
