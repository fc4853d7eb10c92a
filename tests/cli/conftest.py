"""Run the command line in this process, as a user would call it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from convscan.cli.main import main

Command = Callable[..., SimpleNamespace]


@pytest.fixture
def convscan(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run `convscan ARGUMENTS` and return exit code, stdout and stderr."""

    def run(*arguments: object) -> SimpleNamespace:
        capfd.readouterr()
        with pytest.raises(SystemExit) as exit_info:
            main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        code = exit_info.value.code
        assert isinstance(code, int)
        return SimpleNamespace(code=code, out=captured.out, err=captured.err)

    return run
