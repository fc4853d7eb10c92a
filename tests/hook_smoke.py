"""Try the pre-commit hook from a clone of this repository: green on a clean folder, red on a faulty one.

    python tests/hook_smoke.py

Not collected by pytest: pre-commit installs convscan into an environment of its own, which
takes minutes. `make hook` and CI run it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CLEAN = "Hi {{name}},\n\nthank you for your mail. The kettle leaves the depot on {{ship_date}}.\n"
FAULTY = "Hi {{name}},\n\nthank you for your mail. We guarantee the kettle never leaks again.\n"


def run(command: Sequence[str | Path], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and return what came of it."""
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def main() -> None:
    """Say what was tried; exit with a message at the first thing that is not as it should be."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        environment = {**os.environ, "PRE_COMMIT_HOME": str(work / "cache"), "GIT_CONFIG_GLOBAL": os.devnull}
        environment["PIP_CONSTRAINT"] = str(ROOT / "constraints.txt")
        # Git refuses clones from folders of another user unless they are named.
        environment |= {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        clone, site = work / "convscan", work / "site"
        _sound(run(["git", "clone", "--quiet", ROOT, clone], work, environment))
        site.mkdir()
        _sound(run(["git", "init", "--quiet"], site, environment))
        for text, file, code in ((CLEAN, "clean.md", 0), (FAULTY, "faulty.md", 1)):
            (site / file).write_text(text, encoding="utf-8")
            _sound(run(["git", "add", file], site, environment))
            pre_commit = Path(sys.executable).with_name("pre-commit")
            done = run([pre_commit, "try-repo", clone, "convscan-lint", "--files", file], site, environment)
            told = "promise/guarantee" in done.stdout
            if done.returncode != code or told is not bool(code):
                sys.exit(f"{file}: exit {done.returncode}, expected {code}\n{done.stdout}\n{done.stderr}")
    print("the pre-commit hook is green on a clean template and red on a faulty one")


def _sound(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        sys.exit(f"{done.args}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")


if __name__ == "__main__":
    main()
