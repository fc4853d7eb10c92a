"""Run the command line in this process, as a user would call it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from convscan.cli.main import main


@dataclass(frozen=True, slots=True)
class Run:
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def convscan(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `convscan ARGUMENTS` and return exit code, stdout and stderr."""

    def run(*arguments: object) -> Run:
        capfd.readouterr()
        with pytest.raises(SystemExit) as exit_info:
            main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        code = exit_info.value.code
        assert isinstance(code, int)
        return Run(code, captured.out, captured.err)

    return run
