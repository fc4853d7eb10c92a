"""What other tools read of this repository: hooks, the action, the GitLab snippet."""

from pathlib import Path

import click
import pytest
import yaml

from convscan.cli.main import cli

ROOT = Path(__file__).parents[1]


def read(name: str) -> object:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def command_of(words: list[str]) -> click.Command:
    """Return the command that a command line calls; its options are parsed as it would be run."""
    command: click.Command = cli
    context = click.Context(cli)
    rest = words[1:]
    while isinstance(command, click.Group):
        found = command.get_command(context, rest.pop(0))
        assert found is not None
        command = found
    command.make_context(words[0], [*rest, "x.md"] if command.name == "lint" else rest)
    return command


def test_hooks_call_commands_that_exist() -> None:
    hooks = read(".pre-commit-hooks.yaml")
    assert isinstance(hooks, list)

    for hook in hooks:
        assert hook["language"] == "python"
        command_of(hook["entry"].split())


def test_action_uses_every_input_it_declares() -> None:
    action = read("action.yml")
    assert isinstance(action, dict)
    steps = str(action["runs"]["steps"])

    assert action["runs"]["using"] == "composite"
    assert all(f"inputs.{name}" in steps for name in action["inputs"])
    # An input in the script itself could run as a command.
    assert all("${{" not in step.get("run", "") for step in action["runs"]["steps"])


@pytest.mark.parametrize("line", ["convscan lint"])
def test_gitlab_snippet_calls_a_command_that_exists(line: str) -> None:
    snippet = read("docs/ci/gitlab-ci.yml")
    assert isinstance(snippet, dict)
    [command] = [one for one in snippet["convscan"]["script"] if one.startswith(line)]

    command_of(command.split())
    report = snippet["convscan"]["artifacts"]["reports"]["codequality"]
    assert f"gitlab={report}" in command
