"""`convscan explain`: the whole decision behind one finding."""

from collections.abc import Iterable, Iterator

import click

from convscan.cli.output import open_output
from convscan.cli.results import results_in
from convscan.cli.settings import settings
from convscan.cli.shared_options import rules_option, settings_options
from convscan.cli.speaking import line_width, tell
from convscan.errors import ConfigError, ConvscanError, RuleError
from convscan.finding import Finding, ScanResult
from convscan.writers.printable import beginning, cell_width, padded, printable

_MIN_WIDTH = 60
# So many characters of a fingerprint tell two findings apart in all but huge files.
_MIN_PREFIX = 4
_ID_CELLS = 24
_RULE_CELLS = 31
# Findings named when a beginning of a fingerprint is that of several.
_MAX_NAMED = 5


@click.command(short_help="Say how a finding came about.")
@click.argument("results")
@click.argument("fingerprint", required=False)
@rules_option
@settings_options
def explain(
    *, results: str, fingerprint: str | None, rules_paths: tuple[str, ...], config_path: str | None, isolated: bool
) -> None:
    """Say how a finding came about, and what to do if it is wrong.

    RESULTS is what `convscan scan --format jsonl` or `--format json` wrote, or - for
    standard input. Without FINGERPRINT all findings are listed, one a line; the first
    four or more characters of a fingerprint will do if no other begins so.

    \b
    Examples:
      convscan scan march.jsonl --format jsonl --with-text --output results.jsonl
      convscan explain results.jsonl
      convscan explain results.jsonl 3fa94c
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    width = max(_MIN_WIDTH, line_width())
    findings = ((finding, result) for result in results_in(results) for finding in result.findings)
    if fingerprint is None:
        _put(_listed(findings, width))
        return
    config = settings(config_path=config_path, isolated=isolated, given={"rules-paths": rules_paths})
    finding, result = _the_one(findings, fingerprint, results)
    _put(_page(finding, result, config.rules_paths, width))


def _listed(findings: Iterable[tuple[Finding, ScanResult]], width: int) -> Iterator[str]:
    """Yield a line for each finding."""
    count = 0
    for count, (finding, result) in enumerate(findings, start=1):  # noqa: B007 # the last number is the count
        rule = padded(printable(finding.rule), _RULE_CELLS)
        conversation = padded(beginning(printable(result.conversation_id or ""), _ID_CELLS), _ID_CELLS)
        start = f"{printable(finding.fingerprint)}  {rule}  {conversation}  "
        quote = printable(finding.at.quote) if finding.at else "(the whole conversation)"
        yield start + beginning(quote, max(_ID_CELLS, width - cell_width(start)))
    if not count:
        tell("no findings")


def _the_one(findings: Iterable[tuple[Finding, ScanResult]], fingerprint: str, path: str) -> tuple[Finding, ScanResult]:
    """Return the finding whose fingerprint begins so.

    Raises:
        ConvscanError: If there is none, or more than one.
    """
    wanted = fingerprint.strip().lower()
    if len(wanted) < _MIN_PREFIX:
        raise ConvscanError(f"{fingerprint!r} is too short; give at least {_MIN_PREFIX} characters of the fingerprint")
    found: dict[str, tuple[Finding, ScanResult]] = {}
    for finding, result in findings:
        if finding.fingerprint.startswith(wanted):
            found.setdefault(finding.fingerprint, (finding, result))
    if not found:
        raise ConvscanError(
            f"{path}: no finding has the fingerprint {fingerprint!r}; list them with: convscan explain {path}"
        )
    if len(found) > 1:
        several = list(found.items())[:_MAX_NAMED]
        named = printable(", ".join(f"{key} ({finding.rule})" for key, (finding, _) in several))
        raise ConvscanError(f"{path}: {len(found)} fingerprints begin with {fingerprint!r}: {named}; give more of it")
    return next(iter(found.values()))


def _page(finding: Finding, result: ScanResult, rules_paths: Iterable[str], width: int) -> Iterator[str]:
    from convscan.cli.explanation import Explanation
    from convscan.resources import rules_folder
    from convscan.rules.catalogue import load_catalogue
    from convscan.rules.index import packs_in_force

    try:
        catalogue = load_catalogue(rules_folder(), packs_in_force(rules_paths))
    except RuleError as error:
        raise ConfigError(f"rules-paths: {error}") from error
    if catalogue.digest != result.tool.rules:
        tell("the rules are not those of that scan; what is said of the rule itself is what it says now")
    return Explanation(finding, result, catalogue, width).lines()


def _put(lines: Iterable[str]) -> None:
    with open_output(None) as stream:
        stream.writelines(f"{line}\n" for line in lines)
