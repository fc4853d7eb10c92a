"""`convscan scan`: findings in transcripts."""

import gc
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TextIO

import click

from convscan.cli.left_out import left_out_in_words
from convscan.cli.main import EXIT_FAILED
from convscan.cli.output import open_output, refuse_overwriting
from convscan.cli.settings import settings, split_list
from convscan.cli.shared_options import read_options, reading_options, rules_option, settings_options, strangers
from convscan.cli.speaking import is_colourful, line_width, tell
from convscan.config import Config, FailOn, ModelChoice
from convscan.conversation import Conversation
from convscan.finding import Problem, ProblemCode, ScanResult, Severity, Status, worst
from convscan.writers import WriteOptions, all_formats, writer_for
from convscan.writers.accounts import account_records
from convscan.writers.counting import counted
from convscan.writers.json_text import json_text
from convscan.writers.tally import Tally
from convscan.writers.text import FORMAT

_STATUS_WORDS = {
    Status.JUDGED: "judged",
    Status.NOT_JUDGED: "not judged",
    Status.INCOMPLETE: "judged only in part",
}
_UNREADABLE = "could not be read"
_WITHOUT_PLACE = frozenset({ProblemCode.SIZE_BUDGET, ProblemCode.TIME_BUDGET})


@click.command(short_help="Scan transcripts for what harms the relationship.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--format", "format_", type=click.Choice([f.name for f in all_formats()]), default="text", show_default=True
)
@click.option("--output", metavar="FILE", help="Write here, not to stdout.")
@click.option("--with-text", is_flag=True, help="Add the conversation itself to each result.")
@click.option(
    "--select", multiple=True, callback=split_list, metavar="RULES", help="Look for these rules or families only."
)
@click.option(
    "--ignore", multiple=True, callback=split_list, metavar="RULES", help="Leave out these rules or families."
)
@click.option("--min-confidence", type=float, metavar="0..1", help="Show only findings that are at least so sure.")
@click.option(
    "--fail-on",
    type=click.Choice([choice.value for choice in FailOn]),
    help="Exit with 1 from this severity on.  [default: never]",
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to use.")
@reading_options
@click.option("--judge-bots", is_flag=True, default=None, help="Judge bots as agents are judged.")
@click.option(
    "--model",
    type=click.Choice([m.value for m in ModelChoice]),
    help="What looks on beside the rules; full is the slowest and finds most.  [default: full]",
)
@rules_option
@click.option("--no-cache", is_flag=True, help="Keep nothing of rules that were made ready.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit with 2 if any record could not be read or was judged only in part, or any rule not loaded.",
)
@click.option("--stats", metavar="FILE", help="Write what became of each record, as JSON Lines.")
@click.option("--accounts", metavar="FILE", help="Write the account of each agent and team, as JSON Lines.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@settings_options
def scan(
    *,
    paths: tuple[str, ...],
    format_: str,
    output: str | None,
    with_text: bool,
    jobs: int,
    read_as: str | None,
    channel: str | None,
    no_cache: bool,
    strict: bool,
    stats: str | None,
    accounts: str | None,
    color: str,
    config_path: str | None,
    isolated: bool,
    **given: object,
) -> int:
    """Scan transcripts for what harms the relationship with the customer.

    PATH is a file, a folder, or - for standard input. Findings go to stdout, all
    else to stderr.

    \b
    Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it,
    2 the job could not be done, 130 interrupted.

    \b
    Examples:
      convscan scan transcripts/
      convscan scan march.jsonl --format jsonl --output results.jsonl --jobs 2
      convscan scan chat.txt --role "Jo=agent" --fail-on error
      convscan scan support.mbox --agent-domain example.com
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    from convscan.batch import scan_records
    from convscan.readers import files_of, read
    from convscan.resources import cache_folder
    from convscan.scanner import Scanner

    config = settings(config_path=config_path, isolated=isolated, given={_kebab(k): v for k, v in given.items()})
    options = read_options(config, read_as=read_as, channel=channel)
    refuse_overwriting(
        {"--output": output or "-", "--stats": stats, "--accounts": accounts}, lambda: files_of(paths, options)
    )
    scanner = Scanner(config, rules_cache=None if no_cache else cache_folder())
    # The rules stay until the end: without this every full collection walks through all of them.
    gc.freeze()
    for error in scanner.rule_errors:
        tell(f"rule left out: {error}")
    with ExitStack() as stack:
        stream = stack.enter_context(open_output(output))
        tally = RecordTally(tells_problems=not (format_ == FORMAT.name and stream.isatty()))
        ledger = stack.enter_context(open_output(stats)) if stats else None
        layout = WriteOptions(colour=is_colourful(color, stream), width=line_width(), judge_bots=config.judge_bots)
        writer = writer_for(format_, stream, options=layout)
        shares = stack.enter_context(_accounts_in(accounts, judge_bots=config.judge_bots)) if accounts else None
        scanned = scan_records(read(paths, options, notify=tell), scanner, jobs=jobs)
        writer.open()
        try:
            for result, conversation in _with_progress(scanned, stream):
                tally.add(result, ledger)
                if shares is not None:
                    shares.add(result, conversation)
                writer.write(replace(result, conversation=conversation) if with_text else result, conversation)
        finally:
            writer.close()
    for notice in strangers(options, given["roles"]):
        tell(notice)
    for line in tally.closing_lines(len(scanner.rule_errors)):
        tell(line)
    return tally.exit_code(config, strict=strict, left_out_rules=len(scanner.rule_errors))


@dataclass(slots=True)
class RecordTally:
    """What became of all records: every record that came in is counted once.

    Attributes:
        tells_problems: Whether each is said on stderr; a report on the same screen says it by itself.
        failed: Records that could be read, and on which convscan failed.
        wordless: Records that were not judged, for nobody says anything in them.
    """

    tells_problems: bool = True
    statuses: Counter[Status] = field(default_factory=Counter)
    failed: int = 0
    wordless: int = 0
    findings: int = 0
    unmeasured_left_out: int = 0
    unsure_left_out: int = 0
    gravest: Severity | None = None

    def add(self, result: ScanResult, ledger: TextIO | None) -> None:
        """Count a result; say on stderr, and in the ledger, what could not be judged."""
        self.statuses[result.status] += 1
        self.findings += len(result.findings)
        self.unmeasured_left_out += result.unmeasured_left_out
        self.unsure_left_out += result.unsure_left_out
        severities = [s for s in (self.gravest, worst(result.findings)) if s is not None]
        self.gravest = max(severities, key=lambda severity: severity.rank, default=None)
        self.wordless += result.status is Status.NOT_JUDGED and result.language is None
        self.failed += any(problem.code is ProblemCode.INTERNAL for problem in result.errors)
        for problem in result.errors if self.tells_problems else ():
            tell(_with_place(problem, result))
        if ledger is not None:
            ledger.write(_ledger_line(result))

    def closing_lines(self, left_out_rules: int) -> Iterator[str]:
        """Yield what is said at the end.

        Args:
            left_out_rules: Faults for which rules were left out.
        """
        if left_out_rules:
            faults = counted(left_out_rules, "fault")
            yield f"{faults} in rules, told at the beginning: what they look for was not looked for"
        unsure, unmeasured = self.unsure_left_out, self.unmeasured_left_out
        if unsure + unmeasured:
            yield f"{counted(unsure + unmeasured, 'finding')} {left_out_in_words(unsure=unsure, unmeasured=unmeasured)}"
        if self.wordless:
            yield f"{counted(self.wordless, 'record')} not judged, for nobody says anything"
        counts = ", ".join(f"{count} {word}" for word, count in self._counts().items())
        yield f"{counted(self.statuses.total(), 'record')} in = {counts}; {counted(self.findings, 'finding')}"

    def _counts(self) -> dict[str, int]:
        """Return how many records went which way; their sum is all that came in."""
        counts = {word: self.statuses[status] for status, word in _STATUS_WORDS.items()}
        counts[_UNREADABLE] = self.statuses[Status.ERROR] - self.failed
        return {**counts, "failed": self.failed} if self.failed else counts

    def exit_code(self, config: Config, *, strict: bool, left_out_rules: int) -> int:
        """Return 0, 1 or 2 as the contract says."""
        nothing_read = self.statuses[Status.ERROR] == self.statuses.total()
        in_part = self.statuses[Status.ERROR] + self.statuses[Status.INCOMPLETE] + left_out_rules
        if nothing_read or (strict and in_part):
            return EXIT_FAILED
        fail_on = config.fail_on or FailOn.NEVER
        if fail_on is FailOn.NEVER or self.gravest is None:
            return 0
        return int(self.gravest.rank >= Severity(fail_on.value).rank)


@contextmanager
def _accounts_in(path: str, *, judge_bots: bool) -> Iterator[Tally]:
    """Give what counts results, and write it at the end."""
    with open_output(path) as stream:
        shares = Tally(judge_bots=judge_bots)
        try:
            yield shares
        finally:
            stream.writelines(f"{json_text(record)}\n" for record in account_records(shares))


def _with_place(problem: Problem, result: ScanResult) -> str:
    """Return what kept a record from being judged, with its place; what could not be read says its own."""
    if problem.code not in _WITHOUT_PLACE:
        return problem.message
    from convscan.readers.base import show_place

    place = f"{show_place(result.source)}: " if result.source else ""
    return f"{place}conversation {result.conversation_id!r}: {problem.message}"


def _ledger_line(result: ScanResult) -> str:
    import json

    record = {
        "conversation_id": result.conversation_id,
        "source": None if result.source is None else str(result.source),
        "status": result.status.value,
        "errors": [problem.code.value for problem in result.errors],
    }
    return json.dumps(record) + "\n"


def _with_progress(
    scanned: Iterable[tuple[ScanResult, Conversation | None]], stream: TextIO
) -> Iterator[tuple[ScanResult, Conversation | None]]:
    """Show how far it is, where somebody looks and the results are not shown themselves."""
    if not sys.stderr.isatty() or stream.isatty():
        yield from scanned
        return
    with click.progressbar(scanned, label="Scanning", file=sys.stderr, show_pos=True, update_min_steps=20) as bar:
        yield from bar


def _kebab(name: str) -> str:
    return name.replace("_", "-")
