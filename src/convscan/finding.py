"""What a scan says of a conversation: findings, deposits, checks, balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from convscan.conversation import Conversation, Source


class Severity(StrEnum):
    """How bad a finding is if it is true."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position from mild (0) to grave (2), for comparing."""
        return tuple(Severity).index(self)


class Scope(StrEnum):
    """What a rule looks at as a whole."""

    SPAN = "span"
    TURN = "turn"
    CONVERSATION = "conversation"


class Kind(StrEnum):
    """Whether words stand that should not, or an act that was called for does not."""

    PRESENT = "present"
    MISSING = "missing"


class Outcome(StrEnum):
    """How a turn or conversation rule came out where it was considered."""

    KEPT = "kept"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class Status(StrEnum):
    """What became of a record: every record that came in has one of these."""

    JUDGED = "judged"
    NOT_JUDGED = "not_judged"
    INCOMPLETE = "incomplete"
    ERROR = "error"


class DepositKind(StrEnum):
    """The good things an agent's turn can hold."""

    ACKNOWLEDGEMENT = "acknowledgement"
    EMPATHY = "empathy"
    APOLOGY = "apology"
    THANKS = "thanks"
    OWNERSHIP = "ownership"
    EXPLANATION = "explanation"
    NEXT_STEP = "next-step"
    REMEDY = "remedy"
    CHECK_IN = "check-in"
    ADVOCACY = "advocacy"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Words at a place: `utterances[utterance].text[start:end] == quote`, always.

    Attributes:
        utterance: Index over all utterances of the conversation, from 0.
        start: First code point of the words.
        end: Code point after the last.
    """

    utterance: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decision, for `convscan explain`."""

    step: str
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place, or an absence, that harmed the relationship.

    Attributes:
        confidence: Calibrated probability or measured precision; None if unmeasured.
        at: The words; the whole first utterance for turn rules; None for conversation rules.
        agent: Who is charged, as an identity, if the source tells.
        because: The customer's words that called for what is missing.
        fingerprint: Stays the same when other text, file names or order change.
    """

    rule: str
    severity: Severity
    kind: Kind
    at: Span | None
    message: str
    suggestion: str
    confidence: float | None = None
    agent: str | None = None
    because: tuple[Span, ...] = ()
    explanation: tuple[Step, ...] = ()
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A good thing in an agent turn, at most one of a kind per turn."""

    kind: DepositKind
    at: Span
    confidence: float | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One consideration of a turn or conversation rule; the denominators of rates.

    Attributes:
        utterance: First agent utterance of the turn that was judged or that kept
            the rule; None if there is no such place.
    """

    rule: str
    outcome: Outcome
    utterance: int | None = None


class Fate(StrEnum):
    """What became of a promise, as far as the conversation tells."""

    KEPT = "kept"
    BROKEN = "broken"
    OPEN = "open"


class PromiseKind(StrEnum):
    """What was promised: something that the agents' side does, or how it will come out."""

    ACT = "act"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when something was promised.

    Attributes:
        at: The words that say it.
        earliest: First moment meant, in ISO 8601 with the zone of the utterance; None if
            any moment from then on will do, or if it cannot be told.
        latest: Last moment meant, likewise; None if it cannot be told ("soon", no timestamp).
        is_concrete: Whether the words name a time or a range at all; "soon" does not.
    """

    at: Span
    earliest: str | None = None
    latest: str | None = None
    is_concrete: bool = True


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment by the agents' side and what became of it.

    Attributes:
        at: The words that make it.
        agent: Who made it, as an identity, if the source tells.
        by_when: None if no time was named.
        condition: The words that it depends on; None if it is absolute.
        evidence: The words that show the fate; none while it is open, or if timestamps alone show it.
        confidence: Measured precision; None if unmeasured.
    """

    at: Span
    fate: Fate
    kind: PromiseKind = PromiseKind.ACT
    agent: str | None = None
    by_when: Deadline | None = None
    condition: Span | None = None
    evidence: tuple[Span, ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise from before the conversation, or out of sight of it, that was not kept.

    Attributes:
        recalled: The words that recall what was promised.
        evidence: The words that say it was not kept; may be the same.
    """

    recalled: Span
    evidence: Span


@dataclass(frozen=True, slots=True)
class Ledger:
    """All promises of a conversation.

    Attributes:
        promises: Made in it, in reading order.
        breaches: Made elsewhere and told to be broken, in reading order.
    """

    promises: tuple[Promise, ...] = ()
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a relationship account: a deposit or a withdrawal, and how it was weighed.

    Attributes:
        what: Kind of the deposit, or rule of the finding.
        points: `weight * certainty * run * recovery` in hundredths, halves rounded away from 0;
            below 0 for a withdrawal.
        weight: Points before all else: what a deposit is worth, or by severity what a finding takes.
        certainty: The confidence, or what stands for one that is unmeasured.
        run: Above 1 where several turns in a row only took.
        recovery: Below 1 where apology, ownership and remedy came later.
        utterance: Where the deposit or finding stands; None for the conversation as a whole.
        agent: Who is credited or charged, as an identity, if the source tells.
        fingerprint: That of the finding; None for a deposit.
    """

    what: str
    points: float
    weight: float
    certainty: float
    run: float = 1.0
    recovery: float = 1.0
    utterance: int | None = None
    agent: str | None = None
    fingerprint: str | None = None

    @property
    def is_withdrawal(self) -> bool:
        """Whether it stands for a finding."""
        return self.fingerprint is not None

    @property
    def is_recovered(self) -> bool:
        """Whether it weighs less because it was made good."""
        return self.recovery < 1


@dataclass(frozen=True, slots=True)
class Balance:
    """The relationship account of one conversation, in points.

    Attributes:
        ledger: What the sums are made of, by utterance; what concerns the whole conversation
            comes last. Empty also if it was not kept, as in results of older versions.
    """

    deposits: float = 0.0
    withdrawals: float = 0.0
    ledger: tuple[Entry, ...] = ()

    @property
    def net(self) -> float:
        """Deposits less withdrawals."""
        return round(self.deposits - self.withdrawals, 6)


@dataclass(frozen=True, slots=True)
class Tool:
    """What produced a result; equal tools give equal results.

    Attributes:
        rules: Hash over all rules that were in force.
        model: `name@hash`, or None if none was used.
    """

    version: str
    rules: str
    model: str | None = None


class ProblemCode(StrEnum):
    """Why a record could not be judged, or not in full."""

    UNREADABLE = "unreadable"
    SIZE_BUDGET = "size-budget"
    TIME_BUDGET = "time-budget"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that kept convscan from judging a record in full.

    Attributes:
        message: Where, what was found, what to do.
    """

    code: ProblemCode
    message: str


@dataclass(frozen=True, slots=True)
class ScanResult:
    """Everything a scan says of one record, bad records included.

    Attributes:
        conversation_id: None only for a record too broken to have one.
        language: ISO 639-1; None if it could not be read, or nobody says anything in it.
        checks: Of a conversation that was judged in full; of a part there is no rate.
        conversation: The text itself, if it was asked for.
        unmeasured_left_out: Findings left out for a least confidence because theirs was not
            measured; told at the end of a scan and no part of the record.
        unsure_left_out: Findings left out because theirs is below it; told likewise.
        errors: Empty exactly when the status is `judged` or `not_judged`.
    """

    conversation_id: str | None
    status: Status
    tool: Tool
    source: Source | None = None
    language: str | None = None
    findings: tuple[Finding, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    checks: tuple[Check, ...] = ()
    promises: tuple[Promise, ...] = ()
    balance: Balance = Balance()
    errors: tuple[Problem, ...] = ()
    conversation: Conversation | None = None
    unmeasured_left_out: int = 0
    unsure_left_out: int = 0


def worst(findings: Sequence[Finding]) -> Severity | None:
    """Return the gravest severity among findings, None if there are none."""
    return max((finding.severity for finding in findings), key=lambda s: s.rank, default=None)
