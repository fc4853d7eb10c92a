"""Reports as JSON for programs and as tables for people."""

from collections.abc import Iterable, Iterator, Sequence

from convscan.evaluation.comparison import Difference
from convscan.evaluation.intervals import RESAMPLES, Estimate
from convscan.evaluation.probing import ProbeReport, ProbeRow
from convscan.evaluation.scoring import MACRO_MIN_GOLD, Mean, Report, Row
from convscan.records import Json
from convscan.writers.counting import counted

EVALUATION_SCHEMA = "convscan.evaluation/1"
PROBES_SCHEMA = "convscan.probes/1"

_UNDEFINED = "n/a"


# -- JSON ------------------------------------------------------------------------------------


def report_to_json(report: Report, *, with_differences: bool = False) -> dict[str, Json]:
    """Return a report for programs; what is undefined is null."""
    record: dict[str, Json] = {
        "schema": EVALUATION_SCHEMA,
        "conversations": report.conversations,
        "without_result": report.without_result,
        "annotators": report.annotators,
        "rules": {row.name: _row_to_json(row) for row in report.rules},
        "families": {row.name: _row_to_json(row) for row in report.families},
        "totals": {row.name: _row_to_json(row) for row in (*report.totals, report.all_deposits)},
        "deposits": {row.name: _row_to_json(row) for row in report.deposits},
        "macro_f1": {"value": report.macro_f1.value, "n": report.macro_f1.n, "min_gold": MACRO_MIN_GOLD},
        "span_overlap": {"value": report.overlap.value, "n": report.overlap.n},
        "notices": list(report.notices),
    }
    if with_differences:
        record["differences"] = [_difference_to_json(item) for item in report.differences]
    return record


def probe_report_to_json(report: ProbeReport, *, with_differences: bool = False) -> dict[str, Json]:
    """Return a report on probes for programs; what is undefined is null."""
    record: dict[str, Json] = {
        "schema": PROBES_SCHEMA,
        "rules": {row.name: _probe_row_to_json(row) for row in report.rules},
        "families": {row.name: _probe_row_to_json(row) for row in report.families},
        "capabilities": {row.name: _probe_row_to_json(row) for row in report.capabilities},
        "all": _probe_row_to_json(report.all),
        "pairs": {"n": report.pairs, "right": _estimate_to_json(report.pairs_right)},
        "notices": list(report.notices),
    }
    if with_differences:
        record["differences"] = [_difference_to_json(item) for item in report.differences]
    return record


def _row_to_json(row: Row) -> dict[str, Json]:
    return {
        "gold": row.counts.gold,
        "tp": row.counts.tp,
        "fp": row.counts.fp,
        "fn": row.counts.fn,
        "contested": row.counts.contested,
        "precision": _estimate_to_json(row.precision),
        "recall": _estimate_to_json(row.recall),
        "f1": _estimate_to_json(row.f1),
        "agreement": row.agreement,
    }


def _probe_row_to_json(row: ProbeRow) -> dict[str, Json]:
    return {
        "n": row.n,
        "right": _estimate_to_json(row.right),
        "recall": _estimate_to_json(row.recall),
        "false_alarm": _estimate_to_json(row.false_alarm),
    }


def _estimate_to_json(estimate: Estimate) -> dict[str, Json]:
    interval = estimate.interval
    return {
        "value": estimate.value,
        "low": None if interval is None else interval.low,
        "high": None if interval is None else interval.high,
    }


def _difference_to_json(difference: Difference) -> dict[str, Json]:
    is_deposit = difference.label.startswith("+")
    return {
        "wrong": difference.wrong.value,
        "conversation_id": difference.conversation_id,
        "rule": None if is_deposit else difference.label,
        "deposit": difference.label.removeprefix("+") if is_deposit else None,
        "utterance": difference.utterance,
        "quote": difference.quote,
    }


# -- text ------------------------------------------------------------------------------------


def report_to_text(report: Report, *, with_differences: bool = False) -> str:
    """Return a report as tables; rules that nobody marks or finds are only counted."""
    seen = [row for row in report.rules if row.counts.said or row.counts.fp]
    groups = (
        [_cells(row, report) for row in seen],
        [_cells(row, report, prefix="family ") for row in report.families],
        [_cells(row, report) for row in report.totals],
        [
            *(_cells(row, report, prefix="deposit ") for row in report.deposits),
            _cells(report.all_deposits, report),
        ],
    )
    lines = [
        _opening(report),
        "",
        *_table(_header(report), groups),
        "",
        f"macro F1 over rules with gold n >= {MACRO_MIN_GOLD}: {_mean(report.macro_f1)}",
        f"overlap of quotes on span findings that match: {_mean(report.overlap)}",
    ]
    if silent := len(report.rules) - len(seen):
        lines.append(f"not shown, neither annotated nor found: {counted(silent, 'rule')}")
    lines += [
        "In brackets: 95 % interval; precision and recall by Wilson's formula,",
        f"F1 from {RESAMPLES} draws of whole conversations. Where all draws agree F1's has no width:",
        "then go by those of precision and recall.",
    ]
    if with_differences:
        lines += ["", *_listed(report.differences)]
    return "\n".join(lines) + "\n"


def probe_report_to_text(report: ProbeReport, *, with_differences: bool = False) -> str:
    """Return a report on probes as tables."""
    groups = (
        [_probe_cells(row) for row in report.rules],
        [_probe_cells(row, prefix="family ") for row in report.families],
        [_probe_cells(row, prefix="capability ") for row in report.capabilities],
        [_probe_cells(report.all)],
    )
    lines = [
        *_table(["", "n", "right", "recall", "false alarm"], groups),
        "",
        f"pairs with both halves right: {_figure(report.pairs_right)} (n {report.pairs})",
        "In brackets: 95 % interval by Wilson's formula.",
    ]
    if with_differences:
        lines += ["", *_listed(report.differences)]
    return "\n".join(lines) + "\n"


def _opening(report: Report) -> str:
    conversations = counted(report.conversations, "conversation")
    return f"{conversations}, {counted(report.annotators, 'annotator')}, {report.without_result} without a result"


def _header(report: Report) -> list[str]:
    second = ["contested"] if report.annotators > 1 else []
    human = ["human F1"] if report.annotators > 1 else []
    return ["", "gold", "tp", "fp", "fn", *second, "precision", "recall", "F1", *human]


def _cells(row: Row, report: Report, *, prefix: str = "") -> list[str]:
    counts = row.counts
    has_two = report.annotators > 1
    return [
        prefix + _printable(row.name),
        *(str(count) for count in (counts.gold, counts.tp, counts.fp, counts.fn)),
        *([str(counts.contested)] if has_two else []),
        *(_figure(estimate) for estimate in (row.precision, row.recall, row.f1)),
        *([_decimal(row.agreement)] if has_two else []),
    ]


def _probe_cells(row: ProbeRow, *, prefix: str = "") -> list[str]:
    return [
        prefix + _printable(row.name),
        str(row.n),
        *(_figure(figure) for figure in (row.right, row.recall, row.false_alarm)),
    ]


def _figure(estimate: Estimate) -> str:
    if estimate.interval is None:
        return _decimal(estimate.value)
    return f"{_decimal(estimate.value)} ({estimate.interval.low:.2f}-{estimate.interval.high:.2f})"


def _decimal(value: float | None) -> str:
    return _UNDEFINED if value is None else f"{value:.2f}"


def _mean(mean: Mean) -> str:
    return f"{_decimal(mean.value)} (n {mean.n})"


def _table(header: Sequence[str], groups: Iterable[Sequence[Sequence[str]]]) -> Iterator[str]:
    """Yield aligned lines, a blank one between groups; numbers to the right, names to the left."""
    filled = [group for group in groups if group]
    rows = [header, *(row for group in filled for row in group)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield _aligned(header, widths)
    for index, group in enumerate(filled):
        if index:
            yield ""
        for row in group:
            yield _aligned(row, widths)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    for cell, width in zip(row[1:], widths[1:], strict=True):
        # A count ends where its column ends, a figure begins where its column begins.
        cells.append(cell.ljust(width) if "." in cell or not cell.isdecimal() else cell.rjust(width))
    return "  ".join(cells).rstrip()


def _listed(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield one line per difference; tabs divide the cells, so that a spreadsheet reads them."""
    yield "wrong\tconversation\tutterance\trule\tquote"
    for item in differences:
        label = item.label.replace("+", "deposit ", 1) if item.label.startswith("+") else item.label
        place = "-" if item.utterance is None else str(item.utterance)
        cells = (item.wrong.value, item.conversation_id, place, label, item.quote or "-")
        yield "\t".join(_printable(cell) for cell in cells)


def _printable(text: str) -> str:
    """Return text on one line that cannot steer a terminal: what does not print is escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
