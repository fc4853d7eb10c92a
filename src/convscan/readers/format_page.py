"""The formats that are read, as a Markdown page: what `convscan formats docs` writes."""

from collections.abc import Iterable, Iterator

from convscan.readers.base import Reader
from convscan.readers.description import Description, Family
from convscan.readers.formats.mapping import DESCRIPTION as MAPPING
from convscan.readers.formats.mapping import PREFIX
from convscan.readers.registry import reader_named

_MAPPING_NAME = f"{PREFIX}NAME"

_OPENING = """\
<!-- Written by `convscan formats docs` from the readers. Change those, not this page. -->
# What convscan reads

`convscan scan` tells the format of a file by its content, else by its name; `--from NAME` says it. Files may be
gzipped or packed with Zstandard, in a zip archive, and in UTF-16 with a byte order mark. `convscan inspect FILE` says
what a file was recognised as, which roles were told by which evidence, and what was left out. A record that cannot be
read is reported with its place; the others are read.

A role is never guessed in silence: weak evidence is an error that names the option to set, `--role NAME=agent`, where
NAME is a name, an id, an e-mail address or `@domain` as the file has it; in mail `--agent-domain DOMAIN` says the
same. A call in which by its labels one side alone speaks is such an error too.
"""
_MAPPING_EXAMPLE = """\
```toml
[tool.convscan.mapping.ours]
conversations = "$.data[*]"
id = "id"
utterances = "messages[*]"
text = "body"
role = "author.type"
role_map = { admin = "agent", user = "customer" }
author = "author.name"
timestamp = "created_at"
internal = "private"
channel = "chat"
```
A path that finds nothing in the whole file is an error that names it."""


def named_descriptions(readers: Iterable[Reader]) -> Iterator[tuple[str, Description]]:
    """Yield what `--from` calls each format, and its description, by family and name."""
    found = [*((reader.name, reader.description) for reader in readers), (_MAPPING_NAME, MAPPING)]
    order = {family: index for index, family in enumerate(Family)}
    yield from sorted(found, key=lambda item: (order[item[1].family], item[0]))


def format_page(readers: Iterable[Reader]) -> str:
    """Return the page of all formats."""
    described = list(named_descriptions(readers))
    return "".join(f"{line}\n" for line in _lines(described))


def _lines(described: list[tuple[str, Description]]) -> Iterator[str]:
    yield from _OPENING.splitlines()
    yield ""
    yield "| `--from` | format | versions |"
    yield "|---|---|---|"
    for name, item in described:
        yield f"| [`{name}`](#{_anchor(name)}) | {_cell(item.title)} | {_cell(item.versions)} |"
    family: Family | None = None
    for name, item in described:
        if item.family is not family:
            family = item.family
            yield from ("", f"## {family}")
        yield from ("", f"### {name}", "", *_section(name, item))


def _section(name: str, item: Description) -> Iterator[str]:
    yield f"**{item.title}**: {item.versions}."
    yield ""
    for heading, entries in (("Read", item.reads), ("Ignored", item.ignores)):
        if entries:
            yield f"{heading}:"
            yield ""
            yield from (f"- {entry}" for entry in entries)
            yield ""
    yield f"Roles: {item.roles}."
    yield ""
    yield from ("```console", f"$ {item.example}", "```")
    if name == _MAPPING_NAME:
        yield from ("", *_MAPPING_EXAMPLE.splitlines())


def _anchor(name: str) -> str:
    """Return the address that Markdown gives a heading."""
    return "".join(char for char in name.casefold().replace(" ", "-") if char.isalnum() or char in "-_")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def title_of(name: str) -> str:
    """Return what people call a format.

    Args:
        name: What `--from` calls it.
    """
    if name.startswith(PREFIX):
        return MAPPING.title
    return reader_named(name).description.title
