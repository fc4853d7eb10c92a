"""Decide what the user sees: selection, severity, confidence, order, fingerprints."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from convscan.config import Config
from convscan.finding import Finding, Kind, Span


def triage(findings: Iterable[Finding], *, conversation_id: str, config: Config) -> tuple[Finding, ...]:
    """Return the findings that a user asked for, in reading order, with fingerprints."""
    # All have fingerprints: what is left out must not hand its own on to the next one like it.
    return tuple(
        replace(finding, fingerprint=fingerprint, severity=config.severity_of(finding.rule, finding.severity))
        for finding, fingerprint in _fingerprinted(sorted(findings, key=_reading_order), conversation_id)
        if _is_sure_enough(finding, config.min_confidence)
    )


def unmeasured_left_out(findings: Iterable[Finding], config: Config) -> int:
    """Return how many findings are left out not for being unsure but for want of a measurement."""
    return sum(finding.confidence is None for finding in findings) if config.min_confidence else 0


def unsure_left_out(findings: Iterable[Finding], config: Config) -> int:
    """Return how many findings are left out because their measured confidence is below the least."""
    return sum(f.confidence is not None and f.confidence < config.min_confidence for f in findings)


def _is_sure_enough(finding: Finding, min_confidence: float) -> bool:
    """An unmeasured finding is shown only to those who ask for no confidence at all."""
    return min_confidence <= (finding.confidence or 0.0)


def _reading_order(finding: Finding) -> tuple[bool, Span, str]:
    """What stands in the text comes first, then what concerns the whole conversation."""
    return finding.at is None, finding.at or Span(0, 0, 0, ""), finding.rule


def _fingerprinted(findings: Iterable[Finding], conversation_id: str) -> Iterator[tuple[Finding, str]]:
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        words = _normalised(finding)
        occurrence = seen[finding.rule, words]
        seen[finding.rule, words] += 1
        key = "\0".join((finding.rule, words, conversation_id, str(occurrence)))
        yield finding, hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _normalised(finding: Finding) -> str:
    """Return the words that identify a finding; for an absence those that called for it, if there are any."""
    if finding.because:
        return " ".join(finding.because[0].quote.lower().split())
    if finding.kind is Kind.MISSING:
        return ""
    return " ".join(finding.at.quote.lower().split()) if finding.at else ""
