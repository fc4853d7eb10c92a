"""Lint files in a folder of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from convscan.config import Config
from convscan.lint.report import LintReport
from convscan.lint.running import Linter, ignore

Lint = Callable[..., LintReport]


@pytest.fixture
def lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lint:
    """Write files, name to content, and lint the folder; settings are those of `Config`."""
    monkeypatch.chdir(tmp_path)

    def run(
        files: dict[str, str | bytes],
        *,
        use_cache: bool = False,
        notify: Callable[[str], None] = ignore,
        **settings: object,
    ) -> LintReport:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        config = Config(**{"select": RULES, **settings})  # type: ignore[arg-type] # as a test says
        return Linter(config, use_cache=use_cache, notify=notify).lint(files)

    return run


# Few rules: a scanner of all takes seconds to build.
RULES = ("promise/guarantee", "blame/customer", "template", "thanks/missing")
