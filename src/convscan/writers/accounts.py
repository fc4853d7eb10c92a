"""The accounts of agents and teams as JSON, for programs that follow them over time."""

from collections.abc import Iterator

from convscan.finding import Severity
from convscan.records import Json
from convscan.writers.parties import Agent, Nobody, Party
from convscan.writers.summary import by_name
from convscan.writers.tally import ShareTally, Tally

ACCOUNT_SCHEMA = "convscan.account/1"


def account_records(tally: Tally) -> Iterator[dict[str, Json]]:
    """Yield one record for each agent, then for each team, in the order of their names.

    What cannot be laid at one agent's or team's door has a record of its own, whose `nobody`
    says why: with it the sums are whole.
    """
    for of, shares in (("agent", tally.agents), ("team", tally.teams)):
        for who, share in by_name(shares):
            yield {"schema": ACCOUNT_SCHEMA, "of": of, **_identity(who, share), **_figures(share)}


def _identity(who: Party, share: ShareTally) -> dict[str, Json]:
    if isinstance(who, Nobody):
        return {"id": None, "name": None, "team": None, "nobody": who.value.strip("()")}
    if isinstance(who, Agent):
        return {"id": who.id, "name": share.name or who.name, "team": who.team, "nobody": None}
    return {"id": None, "name": None, "team": who, "nobody": None}


def _figures(share: ShareTally) -> dict[str, Json]:
    low, high = share.balance.interval or (None, None)
    return {
        "conversations": share.conversations,
        "turns": share.turns,
        "findings": {severity.value: share.findings[severity] for severity in Severity},
        "findings_per_100_turns": _rounded(share.findings_per_100_turns),
        "due": share.due,
        "missing": share.missing,
        "deposits": share.deposits,
        "balance": {
            "n": share.balance.n,
            "total": share.balance.total / 100,
            "mean": _rounded(share.balance.value),
            "low": _rounded(low),
            "high": _rounded(high),
        },
        "is_comparable": share.balance.is_telling,
    }


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)
