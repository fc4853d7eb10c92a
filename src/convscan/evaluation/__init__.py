"""How good the scanner is on data that people have annotated.

`gold` reads files, `comparison` lays what people and the scan say of one conversation
side by side, `scoring` and `probing` make reports, `presentation` prints them; `changes` lays two
scans of the same texts side by side.
Nothing here scans: results come in as values.
"""

from convscan.evaluation.annotation import Annotation, DepositMark, Gold, Mark, Probe
from convscan.evaluation.gold import read_gold, read_results
from convscan.evaluation.intervals import Counts, Estimate, Interval
from convscan.evaluation.presentation import (
    probe_report_to_json,
    probe_report_to_text,
    report_to_json,
    report_to_text,
)
from convscan.evaluation.probing import ProbeReport, ProbeRow, evaluate_probes
from convscan.evaluation.scoring import Report, Row, evaluate

__all__ = [
    "Annotation",
    "Counts",
    "DepositMark",
    "Estimate",
    "Gold",
    "Interval",
    "Mark",
    "Probe",
    "ProbeReport",
    "ProbeRow",
    "Report",
    "Row",
    "evaluate",
    "evaluate_probes",
    "probe_report_to_json",
    "probe_report_to_text",
    "read_gold",
    "read_results",
    "report_to_json",
    "report_to_text",
]
