"""`convscan rules`: for those who write rules and those who ask why."""

import difflib
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convscan.cli.main import EXIT_FAILED
from convscan.cli.rule_docs import docs
from convscan.cli.settings import settings
from convscan.cli.shared_options import rules_option, settings_options
from convscan.config import Config
from convscan.errors import ConfigError, RuleError
from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, PackFolder, load_catalogue
from convscan.rules.in_words import absence_in_words
from convscan.rules.index import index_rules, packs_in_force
from convscan.rules.loader import BUILT_IN, is_rule_id, rule_files
from convscan.rules.rule import Example, Rule
from convscan.writers.counting import counted

if TYPE_CHECKING:
    from convscan.rule_check import RuleChecker

_WIDTH = 88


@click.group(short_help="List, show, check, start and document rules.")
@rules_option
@settings_options
@click.pass_context
def rules(ctx: click.Context, *, rules_paths: tuple[str, ...], config_path: str | None, isolated: bool) -> None:
    """List, show, check, start and document rules."""
    ctx.obj = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})


rules.add_command(docs)


@rules.command("list")
@rules_option
@click.pass_context
def list_rules(ctx: click.Context, *, rules_paths: tuple[str, ...]) -> None:
    """List all rules: id, severity, scope, where they come from.

    Example: convscan rules list
    """
    config = _in_force(ctx, rules_paths)
    catalogue = _catalogue(config)
    for family in catalogue.families():
        for rule in _family(catalogue, family):
            click.echo(_line(rule, config))
    for error in catalogue.errors:
        click.echo(f"convscan: rule left out: {error}", err=True)


@rules.command()
@click.argument("rule_id", metavar="RULE")
@rules_option
@click.pass_context
def show(ctx: click.Context, *, rule_id: str, rules_paths: tuple[str, ...]) -> None:
    """Say why a rule finds what it finds, and what to write instead.

    RULE may also be a family, such as blame: its rules are listed.

    Example: convscan rules show blame/customer
    """
    config = _in_force(ctx, rules_paths)
    catalogue = _catalogue(config)
    if rule_id in catalogue.families():
        for rule in _family(catalogue, rule_id):
            click.echo(_line(rule, config))
        return
    rule_id = catalogue.renamed.get(rule_id, rule_id)
    if rule_id not in catalogue.rules:
        raise ConfigError(f"no rule {rule_id!r}; {_nearest(rule_id, catalogue)}")
    for line in _page(catalogue.rules[rule_id]):
        click.echo(line)


@rules.command()
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=click.Path(exists=True))
@click.pass_obj
def check(config: Config, folders: tuple[str, ...]) -> int:
    """Hold rules to their examples.

    FOLDERs are rule packs of your own, which alone are checked then; without any, all
    rules are: convscan's own, and those of the settings. Exit code 2 if anything is wrong.

    Example: convscan rules check my-rules/
    """
    from convscan.rule_check import RuleChecker

    for path in map(Path, folders):
        if not path.is_dir():
            raise ConfigError(
                f"{path} is a file; name the folder of its pack, from which its id is told:"
                f" convscan rules check {os.path.relpath(path.absolute().parents[1])}"
            )
    catalogue = load_catalogue(rules_folder(), _once_each(packs_in_force(config.rules_paths), map(Path, folders)))
    checker = RuleChecker(catalogue, only=tuple(map(Path, folders)))
    errors = []
    with _progress(checker) as steps:
        for found in steps:
            errors += found
    for error in errors:
        click.echo(f"convscan: error: {error}", err=True)
    counts = (counted(len(checker.rules), "rule"), counted(len(checker.acts), "act"))
    examples = sum(len(rule.examples) for rule in checker.rules) + sum(len(act.examples) for act in checker.acts)
    click.echo(f"{', '.join(counts)}, {counted(examples, 'example')} checked: {counted(len(errors), 'error')}")
    return EXIT_FAILED if errors else 0


def _once_each(packs: Iterable[PackFolder], folders: Iterable[Path]) -> Iterator[PackFolder]:
    """Yield each folder once: one that the settings name may be named again."""
    seen: set[Path] = set()
    for pack in (*packs, *(PackFolder(folder, str(folder)) for folder in folders)):
        if (place := pack.path.resolve()) not in seen | {rules_folder().resolve()}:
            seen.add(place)
            yield pack


@contextmanager
def _progress(checker: "RuleChecker") -> Iterator[Iterable[list[RuleError]]]:
    """Show how far it is, where somebody looks: all rules take a minute on a small machine."""
    if not sys.stderr.isatty():
        yield checker.steps()
        return
    with click.progressbar(checker.steps(), length=len(checker), label="Checking", file=sys.stderr) as bar:
        yield bar


@rules.command()
@click.argument("rule_id", metavar="PACK/NAME")
@click.option("--into", default="rules", show_default=True, metavar="FOLDER", help="The rule pack.")
@click.pass_obj
def new(config: Config, rule_id: str, into: str) -> None:
    """Start a rule: write a file that passes `rules check`, to be changed.

    Example: convscan rules new acme/exclamations --into my-rules
    """
    path = Path(into) / f"{rule_id}.yaml"
    if not is_rule_id(rule_id) or rule_id.count("/") != 1:
        raise ConfigError(
            f"{rule_id!r} is no rule id; write PACK/NAME in lower-case letters, digits and hyphens,"
            " for example acme/no-exclamations"
        )
    # The first rule of a pack that the settings name already is written into an empty folder.
    packs = [pack for pack in packs_in_force(config.rules_paths) if rule_files(pack.path)]
    if (known := load_catalogue(rules_folder(), packs).rules.get(rule_id)) is not None and known.place.path != path:
        raise ConfigError(
            f"{rule_id!r} is taken by {known.place.path}: no rule takes the place of another; choose another id,"
            f" and turn that one off, if need be, with: ignore = [{json.dumps(rule_id)}]"
        )
    if rule_id.partition("/")[0] in _built_in_families() and Path(into).resolve() != rules_folder().resolve():
        raise ConfigError(
            f"{rule_id!r} would stand in a family of convscan's own, and go on and off with it;"
            f" choose a family of your own, for example acme/{rule_id.partition('/')[2]}"
        )
    if path.exists():
        raise ConfigError(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SKELETON, encoding="utf-8")
    click.echo(f"{path} written; change it, then run: convscan rules check {into}")


def _built_in_families() -> set[str]:
    return {rule_id.partition("/")[0] for rule_id in index_rules(rules_folder(), ()).files}


def _in_force(ctx: click.Context, rules_paths: tuple[str, ...]) -> Config:
    """Return the settings, with rules that were named behind the subcommand."""
    before = ctx.parent.params if ctx.parent else {}
    if not rules_paths:
        return ctx.find_object(Config) or Config()
    return settings(
        config_path=before.get("config_path"),
        isolated=bool(before.get("isolated")),
        given={"rules-paths": (*before.get("rules_paths", ()), *rules_paths)},
    )


def _family(catalogue: Catalogue, family: str) -> Iterator[Rule]:
    return (rule for rule in catalogue.rules.values() if rule.family == family)


def _line(rule: Rule, config: Config) -> str:
    """Return a rule in one line."""
    origin = "" if rule.origin == BUILT_IN else f"  [{rule.origin}]"
    state = "" if config.wants(rule.id) else "  (off)"
    return f"{rule.id:34} {rule.severity:8} {rule.scope:13} {rule.title}{state}{origin}"


def _nearest(rule_id: str, catalogue: Catalogue) -> str:
    """Return what was meant, perhaps; with thirty ids nobody finds it in a list of all."""
    near = difflib.get_close_matches(rule_id, [*catalogue.rules, *catalogue.families()], n=1)
    return f"did you mean {near[0]!r}?" if near else "see: convscan rules list"


def _catalogue(config: Config) -> Catalogue:
    try:
        return load_catalogue(rules_folder(), packs_in_force(config.rules_paths))
    except RuleError as error:
        raise ConfigError(f"rules-paths: {error}") from error


def _page(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}   {rule.severity}, looks at: {rule.scope}   (since {rule.since}, {rule.origin})"
    yield ""
    yield from _paragraph("", rule.title + ".")
    for heading, text in (
        ("It says", rule.message),
        ("Write instead", rule.suggestion),
        ("Why it matters", rule.rationale),
        ("When it may be wrong", rule.false_positives),
    ):
        if text:
            yield from _paragraph(heading, text)
    if rule.absence is not None:
        yield from _paragraph("When it fires", " ".join(absence_in_words(rule.absence)))
    for heading, fires in (("Found", True), ("Not found", False)):
        yield heading
        for example in rule.examples:
            if example.fires is fires:
                yield from _example(example)
        yield ""
    yield "Sources"
    for reference in rule.references:
        yield f"  {reference.title} <{reference.url}>"
    yield ""
    yield f"Rule file: {rule.place.path}"


def _paragraph(heading: str, text: str) -> Iterator[str]:
    if heading:
        yield heading
    indent = "  " if heading else ""
    yield from textwrap.wrap(" ".join(text.split()), _WIDTH, initial_indent=indent, subsequent_indent=indent)
    yield ""


def _example(example: Example) -> Iterator[str]:
    sign = "x" if example.fires else "-"
    lines = example.text.splitlines()
    yield f"  {sign} {lines[0]}"
    yield from (f"    {line}" for line in lines[1:])
    reason = example.why or (f"saved by: {example.saved_by}" if example.saved_by else None)
    if reason:
        yield f"      ({reason})"


_SKELETON = """\
title: A title of a few words
message: "'{match}' is what was found; say what is wrong with it."
suggestion: Say what to write instead.
severity: note                # note | warning | error = how bad if it is true
since: "0.1"
patterns:                     # any one suffices; each must be hit by a match example
  - "(please|kindly) revert ... (us|me)"
unless: [negated]             # cues that cancel a match; each must save a no_match example
examples:
  match:                      # [[...]] is exactly what must be found
    - "[[Kindly revert to us]] with the form."
  no_match:
    - {text: "You need not kindly revert to us, we will ring you.", saved_by: negated}
    - {text: "Please write back to us with the form.", why: "says it plainly"}
rationale: Say in one to three sentences why it matters.
references:
  - {title: "Where this is from", url: "https://example.org/", accessed: "2026-01-31"}
"""
