"""`convscan evaluate`: how good the scan is on data that people have annotated."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from convscan.cli.output import open_output, refuse_overwriting
from convscan.cli.settings import settings
from convscan.cli.shared_options import read_options, rules_option, settings_options
from convscan.cli.speaking import tell
from convscan.config import Config
from convscan.conversation import Conversation
from convscan.errors import ConvscanError, RuleError
from convscan.evaluation import (
    Gold,
    evaluate_probes,
    probe_report_to_json,
    probe_report_to_text,
    read_gold,
    read_results,
    report_to_json,
    report_to_text,
)
from convscan.evaluation import evaluate as evaluate_annotations
from convscan.finding import ScanResult, Scope
from convscan.readers import BadRecord, ReadOptions, read
from convscan.records import Json
from convscan.resources import cache_folder, rules_folder

_Read = TypeVar("_Read")
_FILE = click.Path(exists=True, dir_okay=False)
# march.annotations.jsonl and march.annotations.A.jsonl annotate march.jsonl.
_ANNOTATIONS_NAME = re.compile(r"(?P<stem>.+)\.annotations(\.[^.]+)?\.jsonl")


@click.command(short_help="Measure how good the scan is on annotated data.")
@click.argument("gold", type=_FILE)
@click.argument("second", type=_FILE, required=False)
@click.option(
    "--conversations",
    "conversations_paths",
    multiple=True,
    type=click.Path(exists=True),
    metavar="PATH",
    help="The conversations that GOLD annotates (may be given again); needed unless GOLD carries them"
    " or is NAME.annotations.jsonl beside NAME.jsonl.",
)
@click.option(
    "--results",
    "results_path",
    type=_FILE,
    metavar="RESULTS.jsonl",
    help="What `convscan scan --format jsonl` wrote; without it the conversations are scanned now.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write here, not to stdout.")
@click.option("--list-errors", is_flag=True, help="List each false alarm and each miss, to learn from them.")
@rules_option
@settings_options
def evaluate(
    *,
    gold: str,
    second: str | None,
    conversations_paths: tuple[str, ...],
    results_path: str | None,
    format_: str,
    output: str | None,
    list_errors: bool,
    rules_paths: tuple[str, ...],
    config_path: str | None,
    isolated: bool,
) -> None:
    """Measure how good the scan is: precision, recall, F1 and n per rule.

    The settings are those of `convscan scan`.

    GOLD holds annotations by a person, one JSON object per line:

    \b
        {"id": "c-1", "findings": [{"rule": "blame/customer", "utterance": 3,
         "quote": "you should have"}], "deposits": [{"kind": "apology", "utterance": 5}]}

    Utterances are counted from 0. SECOND holds those of another person: then gold is what
    both say, and what only one says scores neither way. GOLD may instead hold probes, lines
    with "utterances", "rule" and "expect".

    \b
    Example:
        convscan evaluate march.annotations.jsonl --conversations march.jsonl
    """  # noqa: D301 - click wants the backspace character itself before lines that keep their breaks
    config = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})
    annotators = [_read_lines(path, read_gold) for path in (gold, second) if path is not None]
    if len(annotators) > 1 and any(one.probes for one in annotators):
        raise click.UsageError("probes have one right answer; give them as GOLD, without SECOND")
    results = None if results_path is None else _read_lines(results_path, read_results)
    inputs = [path for path in (gold, second, *conversations_paths, results_path) if path is not None]
    refuse_overwriting({"--output": output}, lambda: inputs)
    if annotators[0].probes:
        probed = [probe.conversation for probe in annotators[0].probes]
        record, text, notices = _judge_probes(annotators[0], _judged(probed, results, config), list_errors=list_errors)
    else:
        conversations = _conversations(
            gold, annotators, results, conversations_paths, read_options(config, read_as=None, channel=None)
        )
        judged = _judged(conversations.values(), results, config)
        record, text, notices = _judge(annotators, conversations, judged, list_errors=list_errors)
    for notice in notices:
        tell(notice)
    # Everything beyond ASCII is escaped: a lone surrogate in a transcript cannot be written as UTF-8.
    _write(text if format_ == "text" else json.dumps(record, indent=2) + "\n", output)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What was found, and the scope of each rule that looked for it."""

    results: Iterable[ScanResult]
    scopes: Mapping[str, Scope]


def _judged(conversations: Iterable[Conversation], results: Iterable[ScanResult] | None, config: Config) -> _Judged:
    """Scan conversations, unless their results are there; then rules are read, and no model is loaded."""
    if results is not None:
        from convscan.rules.catalogue import load_catalogue
        from convscan.rules.index import packs_in_force

        catalogue = load_catalogue(rules_folder(), packs_in_force(config.rules_paths))
        _tell_left_out(catalogue.errors)
        return _Judged(results, catalogue.scopes())
    from convscan.scanner import Scanner  # here: --help need not wait for the rules and the model

    scanner = Scanner(config, rules_cache=cache_folder())
    _tell_left_out(scanner.rule_errors)
    return _Judged(scanner.scan_many(conversations), scanner.catalogue.scopes())


def _tell_left_out(errors: Iterable[RuleError]) -> None:
    for error in errors:
        tell(f"rule left out: {error}")


def _judge(
    annotators: Sequence[Gold], conversations: Mapping[str, Conversation], judged: _Judged, *, list_errors: bool
) -> tuple[dict[str, Json], str, tuple[str, ...]]:
    annotations = [one.annotations for one in annotators]
    report = evaluate_annotations(annotations, conversations, judged.results, scopes=judged.scopes)
    record = report_to_json(report, with_differences=list_errors)
    return record, report_to_text(report, with_differences=list_errors), report.notices


def _judge_probes(gold: Gold, judged: _Judged, *, list_errors: bool) -> tuple[dict[str, Json], str, tuple[str, ...]]:
    report = evaluate_probes(gold.probes, judged.results, scopes=judged.scopes)
    record = probe_report_to_json(report, with_differences=list_errors)
    return record, probe_report_to_text(report, with_differences=list_errors), report.notices


def _conversations(
    gold: str,
    annotators: Sequence[Gold],
    results: Sequence[ScanResult] | None,
    paths: tuple[str, ...],
    options: ReadOptions,
) -> dict[str, Conversation]:
    """Return the annotated conversations by id, from the most explicit place there is."""
    wanted = {annotation.id for one in annotators for annotation in one.annotations}
    if paths:
        found = _read_conversations(paths, wanted, options)
    elif inline := [conversation for one in annotators for conversation in one.conversations]:
        found = inline
    elif beside := _beside(gold):
        tell(f"conversations are read from {beside}")
        found = _read_conversations((beside,), wanted, options)
    else:
        found = [result.conversation for result in results or () if result.conversation is not None]
    if not found:
        raise ConvscanError(
            f"{gold}: its conversations were not found; name the file that holds their text"
            " and the same ids with --conversations PATH"
        )
    return {conversation.id: conversation for conversation in found if conversation.id in wanted}


def _read_conversations(paths: Iterable[str], wanted: set[str], options: ReadOptions) -> list[Conversation]:
    found: list[Conversation] = []
    for record in read(paths, options, notify=tell):
        if isinstance(record, BadRecord):
            tell(record.message)
        elif record.id in wanted:
            found.append(record)
    return found


def _beside(gold: str) -> str | None:
    named = _ANNOTATIONS_NAME.fullmatch(Path(gold).name)
    if named is None:
        return None
    path = Path(gold).with_name(f"{named['stem']}.jsonl")
    return str(path) if path.is_file() else None


def _read_lines(path: str, reader: Callable[[Iterable[bytes], str], _Read]) -> _Read:
    try:
        with Path(path).open("rb") as lines:
            return reader(lines, path)
    except OSError as error:
        raise ConvscanError(f"{path}: cannot be read ({error.strerror})") from error


def _write(text: str, output: str | None) -> None:
    try:
        with open_output(output) as stream:
            stream.write(text)
    except BrokenPipeError:
        # `| head` has seen enough; the main command ends in silence.
        raise
    except OSError as error:
        raise ConvscanError(f"{output or 'stdout'}: cannot be written ({error.strerror})") from error
