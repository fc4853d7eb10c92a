"""Promises that were not kept, by the ledger of the conversation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convscan.acts.heard import HeardConversation
from convscan.finding import Breach, Check, Fate, Finding, Kind, Outcome, Promise, Span, Step
from convscan.placeholders.styles import KnownPlaceholders
from convscan.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class BrokenPromiseDetector:
    """Report, once a conversation, that something promised was not kept."""

    rule: Rule
    known: KnownPlaceholders

    def detect(self, heard: HeardConversation) -> Iterator[Finding | Check]:
        """Yield a check, and a finding if any promise was broken."""
        ledger = heard.ledger
        broken = [promise for promise in ledger.promises if promise.fate is Fate.BROKEN]
        if broken or ledger.breaches:
            yield Check(self.rule.id, Outcome.MISSING)
            yield self._finding(broken, ledger.breaches)
        elif any(promise.fate is Fate.KEPT for promise in ledger.promises):
            yield Check(self.rule.id, Outcome.KEPT)
        else:
            yield Check(self.rule.id, Outcome.NOT_APPLICABLE)

    def _finding(self, broken: Sequence[Promise], breaches: Sequence[Breach]) -> Finding:
        spans: dict[Span, None] = {}
        for promise in broken:
            spans |= dict.fromkeys((promise.at, *promise.evidence))
        for breach in breaches:
            spans |= dict.fromkeys((breach.recalled, breach.evidence))
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            kind=Kind.MISSING,
            at=None,
            message=self.rule.message,
            suggestion=self.rule.suggestion,
            agent=_charged(broken),
            because=tuple(sorted(spans)),
            explanation=(*map(_promised, broken), *map(_recalled, breaches)),
        )


def _charged(broken: Iterable[Promise]) -> str | None:
    """Charge who made the promises here if it was one person; for what was promised elsewhere nobody is charged."""
    agents = {promise.agent for promise in broken}
    return agents.pop() if len(agents) == 1 else None


def _promised(promise: Promise) -> Step:
    due = f", due by {promise.by_when.latest}" if promise.by_when and promise.by_when.latest else ""
    shown = (
        f"utterance {promise.evidence[0].utterance}: {promise.evidence[0].quote!r}" if promise.evidence else "the clock"
    )
    return Step("promised", f"utterance {promise.at.utterance}: {promise.at.quote!r}{due}; not kept by {shown}")


def _recalled(breach: Breach) -> Step:
    told = breach.evidence
    return Step(
        "recalled",
        f"utterance {breach.recalled.utterance}: {breach.recalled.quote!r}; not kept by utterance"
        f" {told.utterance}: {told.quote!r}",
    )
