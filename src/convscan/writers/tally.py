"""Count a whole scan by rule, agent and team, with what each rate is a rate of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from convscan.balance import balance
from convscan.conversation import Conversation, with_bots_as_agents
from convscan.finding import Check, Finding, Kind, Outcome, ProblemCode, ScanResult, Severity, Status
from convscan.writers.mean import Mean
from convscan.writers.parties import Parties, Party


@dataclass(slots=True)
class RuleTally:
    """What one rule found.

    Attributes:
        severity: The gravest it was given; None if it found nothing.
        conversations: In how many conversations it found something.
        due: How often what it looks for was called for.
        missing: How often a finding says that it is not there.
    """

    severity: Severity | None = None
    findings: int = 0
    conversations: int = 0
    due: int = 0
    missing: int = 0


@dataclass(slots=True)
class ShareTally:
    """What one agent did, or one team.

    Attributes:
        name: What the agent goes by.
        conversations: Those that the customer heard it in, or that it has a share in.
        turns: In how many turns it speaks; 0 if the text is not at hand.
        due: How often something was called for.
        missing: How often a finding says that it is not there.
        balance: Its share in the balance of each conversation that was judged in full.
    """

    name: str | None = None
    conversations: int = 0
    turns: int = 0
    findings: Counter[Severity] = field(default_factory=Counter)
    due: int = 0
    missing: int = 0
    deposits: int = 0
    balance: Mean = field(default_factory=Mean)

    @property
    def findings_per_100_turns(self) -> float | None:
        """How often it did harm; None if the text was not at hand."""
        return 100 * self.findings.total() / self.turns if self.turns else None


@dataclass(slots=True)
class Tally:
    """What a scan found, in memory that grows with rules and agents and not with conversations.

    Attributes:
        judge_bots: Whether bots were judged as agents are, and so are counted among them.
        clean: Conversations judged in full without a finding.
        unmeasured: Findings without a confidence.
        failed: Records that could be read, and on which convscan failed.
    """

    judge_bots: bool = False
    statuses: Counter[Status] = field(default_factory=Counter)
    findings: Counter[Severity] = field(default_factory=Counter)
    rules: defaultdict[str, RuleTally] = field(default_factory=lambda: defaultdict(RuleTally))
    agents: defaultdict[Party, ShareTally] = field(default_factory=lambda: defaultdict(ShareTally))
    teams: defaultdict[Party, ShareTally] = field(default_factory=lambda: defaultdict(ShareTally))
    deposits: int = 0
    clean: int = 0
    unmeasured: int = 0
    failed: int = 0

    @property
    def judged(self) -> int:
        """Conversations that were judged, in full or in part."""
        return self.statuses[Status.JUDGED] + self.statuses[Status.INCOMPLETE]

    def add(self, result: ScanResult, conversation: Conversation | None) -> None:
        """Count one result."""
        self.statuses[result.status] += 1
        self.failed += any(problem.code is ProblemCode.INTERNAL for problem in result.errors)
        self.findings.update(finding.severity for finding in result.findings)
        self.deposits += len(result.deposits)
        self.clean += result.status is Status.JUDGED and not result.findings
        self.unmeasured += sum(finding.confidence is None for finding in result.findings)
        self._add_findings(result.findings)
        for check, finding in _due(result):
            self.rules[check.rule].due += 1
            self.rules[check.rule].missing += finding is not None
        if result.status in {Status.JUDGED, Status.INCOMPLETE}:
            self._add_shares(result, conversation)

    def _add_findings(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            rule = self.rules[finding.rule]
            rule.findings += 1
            rule.severity = max(rule.severity or finding.severity, finding.severity, key=lambda s: s.rank)
        for rule_id in {finding.rule for finding in findings}:
            self.rules[rule_id].conversations += 1

    def _add_shares(self, result: ScanResult, conversation: Conversation | None) -> None:
        parties = Parties(with_bots_as_agents(conversation) if conversation and self.judge_bots else conversation)
        _add_to(self.agents, result, parties.agents, parties.agent_at)
        if conversation:
            _add_to(self.teams, result, parties.teams, parties.team_at)
        for agent, name in parties.names.items():
            # Of several the first in the alphabet: the order of conversations must not matter.
            self.agents[agent].name = min(name, self.agents[agent].name or name)


def _add_to(
    tallies: defaultdict[Party, ShareTally],
    result: ScanResult,
    turns: Mapping[Party, int],
    who: Callable[[int | None, str | None], Party],
) -> None:
    """Share out one result among those who made it.

    Args:
        turns: In how many turns each of them speaks.
        who: Returns whose an act is, by utterance and named speaker.
    """
    # Results of older versions hold no ledger; it is kept anew.
    ledger = result.balance.ledger or balance(result.findings, result.deposits).ledger
    points: dict[Party, list[float]] = {key: [] for key in turns}
    for entry in ledger:
        key = who(entry.utterance, entry.agent)
        points.setdefault(key, []).append(entry.points)
        tallies[key].deposits += not entry.is_withdrawal
    for finding in result.findings:
        tallies[who(_utterance(finding), finding.agent)].findings[finding.severity] += 1
    for check, missed in _due(result):
        # What is not done is charged to whom its finding is charged to.
        key = who(_utterance(missed), missed.agent) if missed else who(check.utterance, None)
        points.setdefault(key, [])
        tallies[key].due += 1
        tallies[key].missing += missed is not None
    for key, share in points.items():
        tallies[key].conversations += 1
        tallies[key].turns += turns.get(key, 0)
        if result.status is Status.JUDGED:
            tallies[key].balance.add(fsum(share))


def _due(result: ScanResult) -> Iterator[tuple[Check, Finding | None]]:
    """Yield what was called for, each with the finding that says that it is missing.

    None if it is there, or if the finding was left out for a least confidence: then it was
    called for all the same, and nobody is said not to have done it.
    """
    missed = {(one.rule, _utterance(one)): one for one in result.findings if one.kind is Kind.MISSING}
    for check in result.checks:
        if check.outcome is Outcome.MISSING:
            # The check of a whole conversation names a turn that was looked at; its finding has no place.
            yield check, missed.get((check.rule, check.utterance)) or missed.get((check.rule, None))
        elif check.outcome is Outcome.KEPT:
            yield check, None


def _utterance(finding: Finding) -> int | None:
    return finding.at.utterance if finding.at else None
