"""Build the wheel, install it in a fresh environment and use it from an empty folder.

    python tests/wheel_smoke.py

Not collected by pytest: it installs packages and takes a minute. `make wheel` and CI run it.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAT = "Customer: My kettle leaks.\nAgent: You should have read the manual.\n"
MAX_FIRST_START = 1.5
PIPELINE = """
import spacy
nlp = spacy.blank("en")
nlp.add_pipe("convscan")
doc = nlp("You should have read the manual.")
print([span.label_ for span in doc.spans["convscan"]])
"""


def run(command: Sequence[str | Path], folder: Path, *, code: int = 0) -> str:
    """Run a command in a folder and return what it printed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def very_first_start(python: Path, folder: Path) -> float:
    """Return how long a lint with an empty cache takes, in times of `import spacy`.

    The installation cannot be written to, as in many containers: its rules are ready in it.
    """
    cache = folder / "cache"
    for path in sorted(python.parents[1].rglob("site-packages/convscan/**/")):
        path.chmod(0o555)
    lint: list[str | Path] = [python.with_name("convscan"), "lint", "reply.md", "--isolated"]
    spacy: list[str | Path] = [python, "-c", "import spacy"]
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    times: dict[str, list[float]] = {"lint": [], "spacy": []}
    for _ in range(5):
        for what, command in (("lint", [*lint, "--no-cache"]), ("lint", lint), ("spacy", spacy)):
            shutil.rmtree(folder / ".convscan_cache", ignore_errors=True)
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
            times[what].append(time.perf_counter() - started)
    if cache.exists():
        sys.exit(f"rules were made ready anew: {sorted(cache.rglob('*'))}")
    for path in sorted(python.parents[1].rglob("site-packages/convscan/**/")):
        path.chmod(0o755)
    return statistics.median(times["lint"]) / statistics.median(times["spacy"])


def main() -> None:
    """Say what was tried; exit with a message at the first thing that is not as it should be."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", work, ROOT], work)
        wheel = next(work.glob("*.whl"))
        venv.create(work / "env", with_pip=True)
        python = work / "env" / "bin" / "python"
        constraints = ROOT / "constraints.txt"
        run([python, "-m", "pip", "install", "--quiet", "--constraint", constraints, wheel], work)
        convscan = python.with_name("convscan")
        empty = work / "empty"
        empty.mkdir()
        (empty / "chat.txt").write_text(CHAT, encoding="utf-8")
        run([convscan, "doctor"], empty)
        run([convscan, "rules", "check"], empty)
        result = json.loads(run([convscan, "scan", "chat.txt", "--format", "jsonl"], empty))
        found = [finding["rule"] for finding in result["findings"]]
        if "blame/customer" not in found:
            sys.exit(f"blame/customer was not found: {found}")
        (empty / "reply.md").write_text("Thank you. We guarantee it.\n", encoding="utf-8")
        linted = run([convscan, "lint", "reply.md", "--format", "concise"], empty, code=1)
        if not linted.startswith("reply.md:1:12: error promise/guarantee"):
            sys.exit(f"lint found: {linted}")
        ratio = very_first_start(python, empty)
        if ratio > MAX_FIRST_START:
            sys.exit(f"the very first lint takes {ratio:.2f} times as long as import spacy")
        labels = run([python, "-c", PIPELINE], empty)
        if "blame/customer" not in labels:
            sys.exit(f"the spaCy component found {labels}")
        print(f"{wheel.name}: doctor, rules check, scan, lint and the spaCy component work in an empty folder")
        print(f"the very first lint / import spacy: {ratio:.2f} (at most {MAX_FIRST_START})")


if __name__ == "__main__":
    main()
