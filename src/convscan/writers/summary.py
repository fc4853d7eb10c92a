"""What a whole scan comes to: tables by rule, agent and team, and a line in all."""

from collections.abc import Iterator, Mapping, Sequence

from convscan.finding import Severity, Status
from convscan.writers.columns import columns
from convscan.writers.counting import counted
from convscan.writers.mean import FEWEST
from convscan.writers.paint import Paint, Style
from convscan.writers.parties import Nobody, Party
from convscan.writers.printable import beginning, printable, wrapped
from convscan.writers.speakers import MAX_NAME_CELLS, label
from convscan.writers.tally import RuleTally, ShareTally, Tally

_MARGIN = "  "
_MAX_RULE_CELLS = 50
_GRAVEST_FIRST = tuple(reversed(Severity))
_TOO_FEW = "too few"


def summary(tally: Tally, paint: Paint, *, width: int) -> Iterator[str]:
    """Yield the lines after the last conversation.

    Args:
        width: Terminal cells in a line; tables of numbers may be wider.
    """
    found = {rule_id: rule for rule_id, rule in tally.rules.items() if rule.findings}
    if found:
        yield _rule("by rule", paint, width)
        yield from _rules_table(found, tally.judged, paint)
        yield ""
    for noun, shares in (("agent", tally.agents), ("team", tally.teams)):
        if not all(isinstance(who, Nobody) for who in shares):
            yield _rule(f"by {noun}", paint, width)
            yield from _shares_table(noun, shares, paint)
            yield ""
    for note in _notes(tally):
        yield from (paint(line, Style.FAINT) for line in wrapped(note, width))
    for line in wrapped(_total(tally), width):
        yield paint(line, Style.HEADING)


def _rule(title: str, paint: Paint, width: int) -> str:
    return paint(f"── {title} ".ljust(width, "─"), Style.HEADING)


def _table(rows: Sequence[Sequence[str]], paint: Paint, *, right: Sequence[int]) -> Iterator[str]:
    for index, line in enumerate(columns(rows, right=right)):
        yield _MARGIN + (line if index else paint(line, Style.FAINT))


def _rules_table(found: Mapping[str, RuleTally], judged: int, paint: Paint) -> Iterator[str]:
    rules = sorted(found.items(), key=_gravest_rule_first)
    header = ("rule", "severity", "findings", "how often")
    rows = [
        (
            beginning(printable(rule_id), _MAX_RULE_CELLS),
            rule.severity.value if rule.severity else "-",
            str(rule.findings),
            _how_often(rule, judged),
        )
        for rule_id, rule in rules
    ]
    yield from _table([header, *rows], paint, right=(2,))


def _gravest_rule_first(item: tuple[str, RuleTally]) -> tuple[int, int, str]:
    rule_id, rule = item
    return -(rule.severity.rank if rule.severity else -1), -rule.findings, rule_id


def _how_often(rule: RuleTally, judged: int) -> str:
    """Return a rate with its denominator: what was due, or else all that was judged."""
    if rule.due:
        return f"not done in {rule.missing} of {counted(rule.due, 'case')}"
    return f"in {rule.conversations} of {counted(judged, 'conversation')}"


def by_name(shares: Mapping[Party, ShareTally]) -> list[tuple[Party, ShareTally]]:
    """Return agents or teams by name and not by score: no table is a ranking of people."""
    return sorted(shares.items(), key=lambda item: _place(*item))


def _place(who: Party, share: ShareTally) -> tuple[bool, str, str, str]:
    if isinstance(who, Nobody):
        return True, who.value, "", ""
    if isinstance(who, str):
        return False, who.casefold(), who, ""
    return False, (share.name or who.name or who.id or "").casefold(), who.id or "", who.team or ""


def _shares_table(noun: str, shares: Mapping[Party, ShareTally], paint: Paint) -> Iterator[str]:
    header = (noun, *_SHARE_COLUMNS)
    rows = [_share_row(who, share) for who, share in by_name(shares)]
    yield from _table([header, *rows], paint, right=range(1, len(header) - 1))


_SHARE_COLUMNS = (
    "conversations", "turns", "findings", "errors", "per 100 turns", "not done", "deposits", "balance", "range",
)  # fmt: skip


def _share_row(who: Party, share: ShareTally) -> tuple[str, ...]:
    mean, rate = share.balance.value, share.findings_per_100_turns
    return (
        _name(who, share),
        str(share.conversations),
        str(share.turns or "-"),
        str(share.findings.total()),
        str(share.findings[Severity.ERROR]),
        f"{rate:.0f}" if rate is not None and share.balance.is_telling else "-",
        f"{share.missing} of {share.due}" if share.due else "-",
        str(share.deposits),
        # Who has no name of their own may be many: their mean would be nobody's.
        "-" if mean is None or isinstance(who, Nobody) else f"{mean:+z.2f}",
        _spread(who, share),
    )


def _name(who: Party, share: ShareTally) -> str:
    if isinstance(who, Nobody):
        return who.value
    if isinstance(who, str):
        return beginning(printable(who), MAX_NAME_CELLS)
    if who.id is not None:
        return label(who.id, share.name)
    return ", ".join(beginning(printable(part), MAX_NAME_CELLS) for part in (who.name, who.team) if part)


def _spread(who: Party, share: ShareTally) -> str:
    """Return where the mean lies; who is nobody in particular is compared with nobody."""
    if isinstance(who, Nobody):
        return "-"
    if share.balance.interval is None:
        return _TOO_FEW
    low, high = share.balance.interval
    return f"{low:+z.2f} to {high:+z.2f}"


def _notes(tally: Tally) -> Iterator[str]:
    findings = tally.findings.total()
    if findings:
        yield "#n is an utterance, counted from 0 as in the JSON results."
        yield "The eight signs behind a rule are for: convscan explain RESULTS.jsonl SIGNS"
    if tally.unmeasured:
        yield f"Confidence unmeasured: {tally.unmeasured} of {counted(findings, 'finding')}."
    named = [share for who, share in (*tally.agents.items(), *tally.teams.items()) if not isinstance(who, Nobody)]
    if any(rule.findings and rule.due for rule in tally.rules.values()) or any(share.due for share in named):
        yield "Not done: what was called for and is not there, of the cases in which it was called for."
    if named:
        if any(share.balance.is_telling for share in named):
            yield "Per 100 turns: findings in a hundred turns of the agent."
        yield "Balance: mean points of a conversation; range: where the mean lies in 95 of 100 cases."
        if Nobody.UNNAMED in tally.agents:
            yield "(unnamed): who is called only by a word such as 'Agent', perhaps many people; so there is no mean."
    if any(not share.balance.is_telling for share in named):
        yield f"Too few: with fewer than {FEWEST} conversations no agent or team can be compared with another."


def _total(tally: Tally) -> str:
    incomplete, not_judged, bad = (
        tally.statuses[status] for status in (Status.INCOMPLETE, Status.NOT_JUDGED, Status.ERROR)
    )
    bad -= tally.failed
    parts = [
        f"{counted(tally.statuses[Status.JUDGED], 'conversation')} judged ({tally.clean} clean)",
        _severities(tally),
        counted(tally.deposits, "deposit"),
        f"{incomplete} judged only in part" if incomplete else "",
        f"{not_judged} not judged" if not_judged else "",
        f"{bad} could not be read" if bad else "",
        f"{tally.failed} failed" if tally.failed else "",
    ]
    return " · ".join(part for part in parts if part)


def _severities(tally: Tally) -> str:
    findings = counted(tally.findings.total(), "finding")
    each = [counted(tally.findings[severity], severity) for severity in _GRAVEST_FIRST if tally.findings[severity]]
    return f"{findings} ({', '.join(each)})" if each else findings
