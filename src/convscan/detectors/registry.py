"""Make the detectors of a catalogue."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from convscan.detectors.broken_promise import BrokenPromiseDetector
from convscan.detectors.detector import Detector
from convscan.detectors.editor_note import EditorNoteDetector
from convscan.detectors.placeholders import BrokenPlaceholderDetector, UnfilledPlaceholderDetector
from convscan.detectors.repeated import RepeatedDetector
from convscan.detectors.spoken import SpokenDetector
from convscan.detectors.unanswered import UnansweredDetector
from convscan.detectors.unspoken import UnspokenDetector
from convscan.placeholders.styles import KnownPlaceholders
from convscan.rules.loader import located
from convscan.rules.rule import Rule

# What `detector:` in a rule file can name.
_DETECTORS: Mapping[str, Callable[[Rule, KnownPlaceholders], Detector]] = {
    "broken-placeholder": BrokenPlaceholderDetector,
    "unfilled-placeholder": UnfilledPlaceholderDetector,
    "editor-note": EditorNoteDetector,
    "broken-promise": BrokenPromiseDetector,
    "repeated": lambda rule, _: RepeatedDetector(rule),
    "unanswered": lambda rule, _: UnansweredDetector(rule),
}


def detectors_for(rules: Iterable[Rule], *, placeholders: KnownPlaceholders | None = None) -> Iterator[Detector]:
    """Yield the detector of each rule.

    Args:
        placeholders: The names of placeholders that the sender knows; empty if nothing is known.

    Raises:
        RuleError: If a rule names a detector that does not exist.
    """
    for rule in rules:
        if rule.detector is not None:
            if rule.detector not in _DETECTORS:
                known = ", ".join(sorted(_DETECTORS))
                raise located(rule.place.at("detector"), f"no detector {rule.detector!r}; known: {known}")
            yield _DETECTORS[rule.detector](rule, placeholders or {})
        elif rule.absence is None:
            yield SpokenDetector(rule)
        else:
            yield UnspokenDetector(rule, rule.absence)
