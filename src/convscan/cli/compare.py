"""`convscan compare`: what an upgrade of rules or model changes in findings."""

from collections.abc import Iterator

import click

from convscan.cli.results import results_in
from convscan.evaluation.changes import Change, ComparedFinding, compared
from convscan.writers.printable import beginning, printable

_QUOTE_CELLS = 60


@click.command(short_help="Say what differs between two results.")
@click.argument("old")
@click.argument("new")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
def compare(*, old: str, new: str, exit_code: bool) -> int:
    """Say what differs between two results of the same texts.

    OLD and NEW are what `convscan lint` or `convscan scan` wrote with --format json or
    jsonl, before and after an upgrade of rules, model or settings.

    \b
    Example:
      convscan lint templates/ --format jsonl=old.jsonl
      pip install --upgrade convscan
      convscan lint templates/ --format jsonl=new.jsonl
      convscan compare old.jsonl new.jsonl
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    changes = list(compared(results_in(old), results_in(new)))
    for line in _lines(changes):
        click.echo(line)
    differs = any(change.change is not Change.SAME for change in changes)
    return int(exit_code and differs)


_SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}


def _lines(findings: list[ComparedFinding]) -> Iterator[str]:
    for one in findings:
        if one.change is not Change.SAME:
            finding = one.finding
            severity = finding.severity if one.before is None else f"{one.before} -> {finding.severity}"
            quote = beginning(printable(finding.at.quote), _QUOTE_CELLS) if finding.at else "(the whole text)"
            yield printable(f"{_SIGNS[one.change]} {one.place}: {severity} {finding.rule}: {quote}")
    counts = {change: sum(one.change is change for one in findings) for change in Change}
    yield ", ".join(f"{counts[change]} {change.value}" for change in Change)
    for rule in sorted({one.finding.rule for one in findings if one.change is not Change.SAME}):
        mine = [one.change for one in findings if one.finding.rule == rule]
        yield f"  {rule}: " + ", ".join(f"{mine.count(change)} {change.value}" for change in Change if change in mine)
