"""The `convscan` command: finds its subcommands without importing them."""

import difflib
import importlib
import os
import sys
from collections.abc import Mapping, Sequence

import click

from convscan.errors import ConvscanError

EXIT_FAILED = 2
EXIT_INTERRUPTED = 130

# Command to (module, first line of its help): `convscan --help` must not import spaCy.
_COMMANDS: Mapping[str, tuple[str, str]] = {
    "scan": ("convscan.cli.scan", "Scan transcripts for what harms the relationship."),
    "lint": ("convscan.cli.lint", "Lint template replies before a customer reads them."),
    "inspect": ("convscan.cli.inspect", "Say what a file was recognised as and what is in it."),
    "formats": ("convscan.cli.formats", "List and document the formats that are read."),
    "baseline": ("convscan.cli.baseline", "Write down the findings that are accepted."),
    "compare": ("convscan.cli.compare", "Say what differs between two results."),
    "rules": ("convscan.cli.rules", "List, show, check, start and document rules."),
    "explain": ("convscan.cli.explain", "Say how a finding came about."),
    "evaluate": ("convscan.cli.evaluate", "Measure how good the scan is on annotated data."),
    "train": ("convscan.cli.train", "Train the fast model, on your annotations too."),
    "config": ("convscan.cli.config", "Show the settings in force, or their schema."),
    "doctor": ("convscan.cli.doctor", "Say whether this installation is in order."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None if there is none of this name."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(_COMMANDS[cmd_name][0])
        command = getattr(module, cmd_name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{module.__name__}.{cmd_name} is no command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; of a misspelt one the nearest is named."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; commands: {', '.join(_COMMANDS)}"
            ctx.fail(f"no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convscan", message="%(prog)s %(version)s")
def cli() -> None:
    """Scan customer-support conversations for what harms the relationship.

    \b
    Examples:
      convscan scan transcripts/
      convscan scan march.jsonl --format jsonl --output results.jsonl
      convscan lint templates/
      convscan rules show blame/customer
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0, 1 (findings), 2 (could not do the job) or 130 (interrupted)."""
    try:
        code = cli.main(args=arguments, prog_name="convscan", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = EXIT_FAILED
    except ConvscanError as error:
        click.echo(f"convscan: error: {error}", err=True)
        code = EXIT_FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo("convscan: interrupted", err=True)
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`convscan scan … | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        click.echo(f"convscan: error: {error.filename or 'output'}: {error.strerror}", err=True)
        code = EXIT_FAILED
    sys.exit(code if isinstance(code, int) else 0)
