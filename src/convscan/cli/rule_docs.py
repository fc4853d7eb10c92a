"""`convscan rules docs`: the pages of all rules, written from the rule files."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from convscan.cli.main import EXIT_FAILED
from convscan.config import Config
from convscan.errors import RuleError
from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.rules.index import packs_in_force
from convscan.rules.pages import INDEX, WRITTEN_BY, pages
from convscan.rules.rule import Place


@click.command()
@click.option("--output", default="docs/rules", show_default=True, metavar="FOLDER", help="Where the pages go.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 2 if a page is out of date.")
@click.pass_obj
def docs(config: Config, *, output: str, only_check: bool) -> int:
    """Write a Markdown page for each rule, and an index of all.

    Pages of rules that are no more are removed; files that this command did not write stay.

    Example: convscan rules docs --check
    """
    folder = Path(output)
    wanted = pages(_sound_catalogue(config), lambda page, place: _link(folder / page, place))
    changes = dict(_changes(folder, wanted))
    if only_check:
        return _report(changes, folder)
    for path in changes:
        _put(path, wanted.get(path.relative_to(folder).as_posix()))
    click.echo(f"{len(wanted)} pages in {folder}, {len(changes)} changed")
    return 0


def _sound_catalogue(config: Config) -> Catalogue:
    """Return all rules; a rule that cannot be read must not lose its page."""
    catalogue = load_catalogue(rules_folder(), packs_in_force(config.rules_paths))
    if catalogue.errors:
        raise RuleError("no pages, because rules cannot be read:\n" + "\n".join(map(str, catalogue.errors)))
    return catalogue


def _link(page: Path, place: Place) -> str:
    return Path(os.path.relpath(place.path.resolve(), page.parent.resolve())).as_posix()


def _changes(folder: Path, wanted: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the pages that are not as they should be, and what is wrong with each."""
    for name, text in wanted.items():
        path = folder / name
        if not path.exists():
            yield path, "is missing"
        elif _content(path) != text:
            yield path, "differs from the rules" if name == INDEX else "differs from its rule"
    # An index further down is that of pages which somebody put there.
    for path in sorted(set(folder.glob("*/*.md")) - set(folder.glob(f"*/{INDEX}"))):
        if path.relative_to(folder).as_posix() not in wanted and _content(path).startswith(WRITTEN_BY):
            yield path, "is of a rule that is no more"


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _put(path: Path, text: str | None) -> None:
    """Write a page, or take it away if it has no text."""
    if text is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    path.unlink()
    with suppress(OSError):  # other pages stand beside it
        path.parent.rmdir()


def _report(changes: Mapping[Path, str], folder: Path) -> int:
    for path, fault in changes.items():
        click.echo(f"convscan: error: {path} {fault}", err=True)
    if changes:
        click.echo(f"write them anew with: convscan rules docs --output {folder}", err=True)
    return EXIT_FAILED if changes else 0
