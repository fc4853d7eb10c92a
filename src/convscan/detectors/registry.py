"""Make the detectors of a catalogue."""

from collections.abc import Iterable, Iterator

from convscan.detectors.detector import Detector
from convscan.detectors.spoken import SpokenDetector
from convscan.detectors.unspoken import UnspokenDetector
from convscan.rules.rule import Rule


def detectors_for(rules: Iterable[Rule]) -> Iterator[Detector]:
    """Yield the detector of each rule."""
    for rule in rules:
        if rule.absence is None:
            yield SpokenDetector(rule)
        else:
            yield UnspokenDetector(rule, rule.absence)
