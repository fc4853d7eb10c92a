"""Settings from the command line over those from the configuration file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from convscan.config import Config, config_from_mapping, find_config, load_config
from convscan.conversation import Role


def settings(*, config_path: str | None, isolated: bool, given: Mapping[str, object]) -> Config:
    """Return the settings that are in force.

    Args:
        config_path: File named by the user; else the nearest one upward from here.
        isolated: Whether configuration files are passed over.
        given: Options of the command line by setting, in kebab-case; None where not given.

    Raises:
        ConfigError: If a file or value is wrong.
    """
    path = Path(config_path) if config_path else None if isolated else find_config(Path.cwd())
    base = load_config(path) if path else Config()
    named = {key: value for key, value in given.items() if value not in (None, (), {})}
    over = config_from_mapping(named, where="command line")
    changed = {key.replace("-", "_"): getattr(over, key.replace("-", "_")) for key in named}
    if "roles" in changed:
        changed["roles"] = {**base.roles, **over.roles}
    if "columns" in changed:
        changed["columns"] = {**base.columns, **over.columns}
    places = {key: place for key, place in base.places.items() if key.split(".", 1)[0] not in named}
    return replace(base, **changed, places=places)


def split_list(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> tuple[str, ...]:
    """Accept `--select a,b` and `--select a --select b` alike."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def parse_roles(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> dict[str, str]:
    """Read `--role NAME=ROLE`."""
    roles: dict[str, str] = {}
    for value in values:
        name, equals, role = value.rpartition("=")
        if not equals or role not in set(Role):
            raise click.BadParameter(f"{value!r} is not NAME=ROLE with a role of {', '.join(Role)}")
        roles[name] = role
    return roles


def _field_name(written: str) -> str:
    """Return the name of a field of a table."""
    # Not at the top: tables are needed by few commands, and every command starts with this module.
    from difflib import get_close_matches

    from convscan.readers.tables.columns import Field

    name = written.strip().casefold()
    if name in set(Field):
        return name
    near = get_close_matches(name, list(Field), n=1)
    hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(Field)}"
    raise click.BadParameter(f"there is no field {written.strip()!r}; {hint}")


def parse_columns(_ctx: click.Context, _param: click.Parameter, values: Iterable[str]) -> dict[str, str]:
    """Read `--column FIELD=COLUMN`."""
    columns: dict[str, str] = {}
    for value in values:
        name, equals, column = value.partition("=")
        if not equals or not name.strip() or not column.strip():
            raise click.BadParameter(f"{value!r} is not FIELD=COLUMN, such as text=Body")
        columns[_field_name(name)] = column
    return columns
