"""What a whole scan comes to: tables by rule and by agent, and a line in all."""

from collections.abc import Iterator, Sequence

from convscan.finding import Severity, Status
from convscan.writers.columns import columns
from convscan.writers.paint import Paint, Style
from convscan.writers.printable import beginning, printable, wrapped
from convscan.writers.speakers import label
from convscan.writers.tally import AgentKey, AgentTally, Nobody, RuleTally, Tally

_MARGIN = "  "
_MAX_RULE_CELLS = 50
_GRAVEST_FIRST = tuple(reversed(Severity))


def summary(tally: Tally, paint: Paint, *, width: int) -> Iterator[str]:
    """Yield the lines after the last conversation.

    Args:
        width: Terminal cells in a line; tables of numbers may be wider.
    """
    if tally.rules:
        yield _rule("by rule", paint, width)
        yield from _rules_table(tally, paint)
        yield ""
    if any(isinstance(agent, str) for agent in tally.agents):
        yield _rule("by agent", paint, width)
        yield from _agents_table(tally, paint)
        yield ""
    for note in _notes(tally):
        yield from (paint(line, Style.FAINT) for line in wrapped(note, width))
    for line in wrapped(_total(tally), width):
        yield paint(line, Style.HEADING)


def counted(count: int, noun: str) -> str:
    """Return a number and its noun, in the plural unless there is one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _rule(title: str, paint: Paint, width: int) -> str:
    return paint(f"── {title} ".ljust(width, "─"), Style.HEADING)


def _table(rows: Sequence[Sequence[str]], paint: Paint, *, right: Sequence[int]) -> Iterator[str]:
    for index, line in enumerate(columns(rows, right=right)):
        yield _MARGIN + (line if index else paint(line, Style.FAINT))


def _rules_table(tally: Tally, paint: Paint) -> Iterator[str]:
    rules = sorted(tally.rules.items(), key=_gravest_rule_first)
    header = ("rule", "severity", "findings", "how often")
    rows = [
        (
            beginning(printable(rule_id), _MAX_RULE_CELLS),
            rule.severity.value if rule.severity else "-",
            str(rule.findings),
            _how_often(rule, tally.judged),
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
        return f"missing {rule.missing} of {rule.due} where due"
    return f"in {rule.conversations} of {counted(judged, 'conversation')}"


def _agents_table(tally: Tally, paint: Paint) -> Iterator[str]:
    header = ("agent", "conversations", "turns", *(f"{severity}s" for severity in _GRAVEST_FIRST), "deposits", "net")
    rows = [_agent_row(agent, item) for agent, item in sorted(tally.agents.items(), key=_agent_order)]
    yield from _table([header, *rows], paint, right=range(1, len(header)))


def _agent_row(agent: AgentKey, tally: AgentTally) -> tuple[str, ...]:
    return (
        agent.value if isinstance(agent, Nobody) else label(agent, tally.name),
        str(tally.conversations),
        str(tally.turns or "-"),
        *(str(tally.findings[severity]) for severity in _GRAVEST_FIRST),
        str(tally.deposits),
        f"{tally.net:+z.1f}",
    )


def _agent_order(item: tuple[AgentKey, AgentTally]) -> tuple[bool, str, str]:
    """By name and not by score: the table is no ranking of people."""
    agent, tally = item
    if isinstance(agent, Nobody):
        return True, agent.value, ""
    return False, (tally.name or agent).casefold(), agent


def _notes(tally: Tally) -> Iterator[str]:
    findings = tally.findings.total()
    if findings:
        yield "#n is an utterance, counted from 0 as in the JSON results."
    if tally.unmeasured:
        yield f"Confidence unmeasured: {tally.unmeasured} of {counted(findings, 'finding')}."


def _total(tally: Tally) -> str:
    incomplete, not_judged, bad = (
        tally.statuses[status] for status in (Status.INCOMPLETE, Status.NOT_JUDGED, Status.ERROR)
    )
    parts = [
        f"{counted(tally.judged, 'conversation')} judged ({tally.clean} clean)",
        _severities(tally),
        counted(tally.deposits, "deposit"),
        f"{incomplete} judged only in part" if incomplete else "",
        f"{not_judged} not judged" if not_judged else "",
        counted(bad, "bad record") if bad else "",
    ]
    return " · ".join(part for part in parts if part)


def _severities(tally: Tally) -> str:
    findings = counted(tally.findings.total(), "finding")
    each = [counted(tally.findings[severity], severity) for severity in _GRAVEST_FIRST if tally.findings[severity]]
    return f"{findings} ({', '.join(each)})" if each else findings
