"""Make the built-in rules ready when convscan is built, so that no start has to."""

import sys
import tempfile
from pathlib import Path

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ReadyRulesHook(BuildHookInterface[BuilderConfig]):
    """Put what is made of the rules into the wheel; beside the sources for an editable install."""

    def initialize(self, version: str, build_data: dict[str, dict[str, str]]) -> None:
        """Make it before files are collected."""
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from convscan.rules.kept import ship_rules

        rules = root / "rules" / "en"
        if version == "editable":
            ship_rules(rules, root / "src" / "convscan" / "_data" / "ready")
            return
        self._folder = tempfile.TemporaryDirectory()
        made = ship_rules(rules, Path(self._folder.name))
        build_data["force_include"][str(made)] = f"convscan/_data/ready/{made.name}"

    def finalize(self, version: str, _build_data: dict[str, dict[str, str]], _artifact_path: str) -> None:
        """Take away what is in the wheel now."""
        if version != "editable":
            self._folder.cleanup()
