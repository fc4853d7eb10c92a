"""Count a whole scan by rule and by agent, with what each rate is a rate of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from convscan.balance import balance
from convscan.conversation import Conversation
from convscan.finding import Check, Deposit, Finding, Outcome, ScanResult, Severity, Status
from convscan.writers.speakers import agent_turns, agents_of, names_by_identity


class Nobody(Enum):
    """Stands where no one agent can be named."""

    UNNAMED = "(unnamed)"
    SEVERAL = "(several agents)"


AgentKey: TypeAlias = str | Nobody


@dataclass(slots=True)
class RuleTally:
    """What one rule found.

    Attributes:
        severity: The gravest it was given; None if it found nothing.
        conversations: In how many conversations it found something.
        kept: How often what it looks for was due and is there.
        missing: How often it was due and is not there.
    """

    severity: Severity | None = None
    findings: int = 0
    conversations: int = 0
    kept: int = 0
    missing: int = 0

    @property
    def due(self) -> int:
        """How often what the rule looks for was called for."""
        return self.kept + self.missing


@dataclass(slots=True)
class AgentTally:
    """What one agent did.

    Attributes:
        turns: In how many turns the agent speaks; 0 if the text is not at hand.
        net: Deposits less withdrawals, in points.
    """

    name: str | None = None
    conversations: int = 0
    turns: int = 0
    findings: Counter[Severity] = field(default_factory=Counter)
    deposits: int = 0
    net: float = 0.0


@dataclass(slots=True)
class Tally:
    """What a scan found, in memory that grows with rules and agents and not with conversations.

    Attributes:
        clean: Conversations judged in full without a finding.
        unmeasured: Findings without a confidence.
    """

    statuses: Counter[Status] = field(default_factory=Counter)
    findings: Counter[Severity] = field(default_factory=Counter)
    rules: defaultdict[str, RuleTally] = field(default_factory=lambda: defaultdict(RuleTally))
    agents: defaultdict[AgentKey, AgentTally] = field(default_factory=lambda: defaultdict(AgentTally))
    deposits: int = 0
    clean: int = 0
    unmeasured: int = 0

    @property
    def judged(self) -> int:
        """Conversations that were judged, in full or in part."""
        return self.statuses[Status.JUDGED] + self.statuses[Status.INCOMPLETE]

    def add(self, result: ScanResult, conversation: Conversation | None) -> None:
        """Count one result."""
        self.statuses[result.status] += 1
        self.findings.update(finding.severity for finding in result.findings)
        self.deposits += len(result.deposits)
        self.clean += result.status is Status.JUDGED and not result.findings
        self.unmeasured += sum(finding.confidence is None for finding in result.findings)
        self._add_findings(result.findings)
        # In a conversation judged in part, what seems missing may stand in the rest.
        if result.status is Status.JUDGED:
            self._add_checks(result.checks)
        if result.status in {Status.JUDGED, Status.INCOMPLETE}:
            self._add_agents(result, conversation)

    def _add_findings(self, findings: Sequence[Finding]) -> None:
        for finding in findings:
            rule = self.rules[finding.rule]
            rule.findings += 1
            rule.severity = max(rule.severity or finding.severity, finding.severity, key=lambda s: s.rank)
        for rule_id in {finding.rule for finding in findings}:
            self.rules[rule_id].conversations += 1

    def _add_checks(self, checks: Iterable[Check]) -> None:
        for check in checks:
            if check.outcome is Outcome.KEPT:
                self.rules[check.rule].kept += 1
            elif check.outcome is Outcome.MISSING:
                self.rules[check.rule].missing += 1

    def _add_agents(self, result: ScanResult, conversation: Conversation | None) -> None:
        heard = [key(identity) for identity in agents_of(conversation)] if conversation else []
        findings: defaultdict[AgentKey, list[Finding]] = defaultdict(list)
        for finding in result.findings:
            findings[charged(finding, is_shared=len(heard) > 1)].append(finding)
        deposits: defaultdict[AgentKey, list[Deposit]] = defaultdict(list)
        for deposit in result.deposits:
            deposits[key(deposit.agent)].append(deposit)
        for agent in dict.fromkeys([*heard, *findings, *deposits]):
            tally = self.agents[agent]
            tally.conversations += 1
            tally.findings.update(finding.severity for finding in findings[agent])
            tally.deposits += len(deposits[agent])
            tally.net += balance(findings[agent], deposits[agent]).net
        if conversation:
            self._add_turns(conversation)

    def _add_turns(self, conversation: Conversation) -> None:
        for identity, count in agent_turns(conversation).items():
            self.agents[key(identity)].turns += count
        for identity, name in names_by_identity(conversation).items():
            if identity in self.agents:
                self.agents[identity].name = self.agents[identity].name or name


def charged(finding: Finding, *, is_shared: bool) -> AgentKey:
    """Return who is charged with a finding.

    Args:
        is_shared: Whether several agents led the conversation.
    """
    if finding.agent is None and finding.at is None and is_shared:
        return Nobody.SEVERAL
    return key(finding.agent)


def key(identity: str | None) -> AgentKey:
    """Return what an agent is counted under."""
    return identity or Nobody.UNNAMED
