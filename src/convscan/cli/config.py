"""`convscan config`: the settings in force, and their schema for editors."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import click

from convscan.cli.settings import settings
from convscan.cli.shared_options import settings_options
from convscan.config import Config, FailOn, ModelChoice, find_config, setting_names
from convscan.records import Json
from convscan.resources import schema_file


@click.group(short_help="Show the settings in force, or their schema.")
def config() -> None:
    """Show the settings in force, or their schema.

    Example: convscan config show
    """


@config.command()
@settings_options
def show(*, config_path: str | None, isolated: bool) -> None:
    """Show every setting as it is in force here, and where it was set, as TOML.

    Where scan and lint have defaults of their own, both are shown.

    Example: convscan config show
    """
    found = config_path or (None if isolated else find_config(Path.cwd()))
    in_force = settings(config_path=config_path, isolated=isolated, given={})
    click.echo(f"# from {found}" if found else "# no configuration file: all settings are the defaults")
    for line in _lines(in_force):
        click.echo(line)


@config.command()
def schema() -> None:
    """Print the JSON Schema of `convscan.toml`, by which editors check and complete it.

    Example: convscan config schema > convscan.schema.json
    """
    click.echo(schema_file("config").read_text(encoding="utf-8"), nl=False)


# What a command does where nothing is set: of scan, of lint.
_DEFAULTS_OF_COMMANDS = {
    "fail_on": (FailOn.NEVER, FailOn.WARNING),
    "model": (ModelChoice.FULL, ModelChoice.NONE),
}


def _lines(in_force: Config) -> Iterator[str]:
    tables: list[str] = []
    for key, name in setting_names().items():
        value = _plain(getattr(in_force, name))
        place = in_force.places.get(key)
        note = f"  # {place}" if place else "  # default"
        if name in _DEFAULTS_OF_COMMANDS and value is None:
            of_scan, of_lint = _DEFAULTS_OF_COMMANDS[name]
            yield f'# {key} = "{of_scan}"  # default of scan; that of lint is "{of_lint}"'
        elif value is None:
            yield f"# {key}: none  # default"
        elif isinstance(value, Mapping) and value:
            tables += ["", f"[{key}]{note}", *(f"{_toml(str(name))} = {_toml(item)}" for name, item in value.items())]
        elif key == "templates" and isinstance(value, list):
            for table in value:
                tables += ["", "[[templates]]"]
                tables += [f"{name} = {_toml(item)}" for name, item in table.items()] if isinstance(table, dict) else []
        else:
            yield f"{key} = {_toml(value)}{note}"
    yield from tables


def _plain(value: object) -> Json:
    """Return a setting as JSON knows values; fields of tables that are not set are left out."""
    if is_dataclass(value) and not isinstance(value, type):
        inside = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: _plain(item) for name, item in inside.items() if item not in (None, ())}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def _toml(value: Json) -> str:
    """Return a value as TOML; what JSON and TOML write alike is written as JSON."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value if value is not None else "", ensure_ascii=False)
