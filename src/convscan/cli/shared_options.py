"""Options that several commands have: how files are read, which rules are used, and where settings come from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, TypeVar

import click

from convscan.cli.settings import parse_columns, parse_roles, split_list
from convscan.config import Config
from convscan.conversation import Channel

if TYPE_CHECKING:
    from convscan.readers import ReadOptions
    from convscan.readers.trace import Trace

_Command = TypeVar("_Command", bound=Callable[..., object])

_READING = (
    click.option("--from", "read_as", metavar="FORMAT", help="Read all as this format, not by what it looks like."),
    click.option(
        "--channel",
        type=click.Choice([channel.value for channel in Channel]),
        help="Channel of conversations that do not say theirs.",
    ),
    click.option("--role", "roles", multiple=True, callback=parse_roles, metavar="NAME=ROLE", help="Who a speaker is."),
    click.option(
        "--column",
        "columns",
        multiple=True,
        callback=parse_columns,
        metavar="FIELD=COLUMN",
        help="What a column of a table holds: text, role, author, conversation, transcript, customer, agent, …",
    ),
    click.option(
        "--agent-domain",
        "agent_domains",
        multiple=True,
        callback=split_list,
        metavar="DOMAIN",
        help="In mail, who writes from this domain is an agent.",
    ),
    click.option(
        "--agent-address",
        "agent_addresses",
        multiple=True,
        callback=split_list,
        metavar="ADDRESS",
        help="Likewise one address.",
    ),
)
_RULES = click.option(
    "--rules", "rules_paths", multiple=True, metavar="FOLDER", help="Use the rules in this folder too."
)
_SETTINGS = (
    click.option(
        "--config", "config_path", metavar="FILE", help="Settings; else the nearest convscan.toml or pyproject.toml."
    ),
    click.option("--isolated", is_flag=True, help="Pass over all configuration files."),
)


def reading_options(command: _Command) -> _Command:
    """Give a command the options that say how transcripts are read; `read_options` takes them."""
    return _with(command, _READING)


def rules_option(command: _Command) -> _Command:
    """Give a command the option that adds rules of one's own."""
    return _RULES(command)


def settings_options(command: _Command) -> _Command:
    """Give a command the options that say where settings come from; `settings` takes them."""
    return _with(command, _SETTINGS)


def read_options(
    config: Config, *, read_as: str | None, channel: str | None, trace: "Trace | None" = None
) -> "ReadOptions":
    """Return how files are read.

    Args:
        config: The settings in force, with those of the command line in them.
        read_as: Name of the format, if the user says it.
        channel: Of conversations that do not say theirs.
        trace: Told what became of what is in the files; None if nobody asks.
    """
    from convscan.readers import ReadOptions
    from convscan.readers.trace import NO_TRACE

    return ReadOptions(
        roles=config.roles,
        agent_domains=config.agent_domains,
        agent_addresses=config.agent_addresses,
        channel=Channel(channel) if channel else None,
        format=read_as,
        max_record_bytes=config.max_record_bytes,
        mappings=config.mapping,
        columns=config.columns,
        trace=NO_TRACE if trace is None else trace,
    )


def strangers(options: "ReadOptions", given: object) -> Iterator[str]:
    """Yield a notice for each `--role` that was of nobody, once everything has been read.

    Args:
        options: With which the files were read.
        given: The roles of the command line; those in settings are for many files.
    """
    for name, role in given.items() if isinstance(given, Mapping) else ():
        if not options.has_met(name):
            yield f"--role {name}={role}: nobody of that name, address or domain was found"


def _with(command: _Command, options: Iterable[Callable[[_Command], _Command]]) -> _Command:
    # Decorators stand in the help in the order of the text, the last one applied first.
    return reduce(lambda inner, option: option(inner), reversed(tuple(options)), command)
