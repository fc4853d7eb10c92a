"""Text for a person: each finding in its sentence, then tables by rule and by agent."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

from convscan.conversation import Conversation, with_bots_as_agents
from convscan.finding import Fate, Finding, Kind, ProblemCode, ScanResult, Severity, Span, Status
from convscan.writers.base import Format, WriteOptions
from convscan.writers.counting import counted
from convscan.writers.excerpt import excerpt
from convscan.writers.paint import STYLE_OF, Paint, Style
from convscan.writers.printable import beginning, cell_width, printable, wrapped
from convscan.writers.speakers import Speakers, agents_of
from convscan.writers.summary import summary
from convscan.writers.tally import Tally

# Below this nothing can be laid out; a terminal that says it is narrower gets long lines.
_MIN_WIDTH = 60
_MARGIN = "  "
_SEVERITY_CELLS = max(map(len, Severity)) + 2
_BODY = _MARGIN + " " * _SEVERITY_CELLS
_GUTTER = "│ "
# Lines of the terminal that one sentence may fill.
_EXCERPT_LINES = 2
# Lines that any other text may fill: rules of strangers and error messages may be of any length.
_BLOCK_LINES = 8
# Places in which the customer called for what is missing; one or two say it all.
_MAX_BECAUSE = 2
_MAX_ID_CELLS = 60

_FATE_CELLS = max(map(len, Fate)) + 2
_FATE_STYLE = {Fate.KEPT: Style.GOOD, Fate.BROKEN: Style.WARNING, Fate.OPEN: Style.PLAIN}
# A hash of what was said, where the source names no id; of the same words it has a number behind it.
_CONTENT_ID = re.compile(r"[0-9a-f]{16}(#\d+)?")
# So much of a fingerprint tells findings apart in all but huge files; `convscan explain` takes it.
_FINGERPRINT_CELLS = 8

_TROUBLE = {
    Status.INCOMPLETE: "judged only in part",
    Status.NOT_JUDGED: "not judged",
    Status.ERROR: "could not be read",
}


class TextWriter:
    """Write a report that reads from top to bottom."""

    def __init__(self, stream: TextIO, options: WriteOptions) -> None:
        self._stream = stream
        self._width = max(_MIN_WIDTH, options.width)
        self._body_cells = self._width - len(_BODY)
        self._shows_clean = options.show_clean
        self._paint = Paint(colour=options.colour)
        self._tally = Tally(judge_bots=options.judge_bots)
        self._judge_bots = options.judge_bots

    def open(self) -> None:
        """Write nothing: the report begins with the first conversation that has something to show."""

    def write(self, result: ScanResult, conversation: Conversation | None) -> None:
        """Write what is to be said of one conversation, if there is anything, and count it."""
        conversation = conversation or result.conversation
        self._tally.add(result, conversation)
        if self._is_shown(result):
            self._put(self._report(result, conversation))

    def close(self) -> None:
        """Write the tables and the total, and flush."""
        self._put(summary(self._tally, self._paint, width=self._width))
        self._stream.flush()

    def _put(self, lines: Iterable[str]) -> None:
        self._stream.write("".join(f"{line.rstrip()}\n" for line in lines))

    def _is_shown(self, result: ScanResult) -> bool:
        return self._shows_clean or bool(result.findings) or result.status is not Status.JUDGED

    def _report(self, result: ScanResult, conversation: Conversation | None) -> Iterator[str]:
        speakers = Speakers(conversation)
        sections = (
            self._heading(result, conversation, speakers),
            self._trouble(result),
            *(self._finding(finding, conversation, speakers) for finding in result.findings),
            self._promises(result, speakers),
            self._account(result),
        )
        for section in sections:
            lines = list(section)
            yield from lines
            if lines:
                yield ""

    # -- heading -----------------------------------------------------------------------------

    def _heading(self, result: ScanResult, conversation: Conversation | None, speakers: Speakers) -> Iterator[str]:
        parts = [
            beginning(printable(result.conversation_id or ""), _MAX_ID_CELLS),
            conversation.channel.value if conversation and conversation.channel else "",
            printable(str(result.source)) if result.source else "",
        ]
        if result.source and _CONTENT_ID.fullmatch(parts[0]):
            # It was given by convscan and says nothing to anybody; the file does.
            parts = [parts[2], parts[1], parts[0]]
        line = f"── {' · '.join(part for part in parts if part) or 'a record without an id'} "
        yield self._paint(line + "─" * (self._width - cell_width(line)), Style.HEADING)
        judged = with_bots_as_agents(conversation) if conversation and self._judge_bots else conversation
        agents = [speakers.label_of(agent) for agent in agents_of(judged) if agent] if judged else []
        if agents:
            text = f"{'agent' if len(agents) == 1 else 'agents'}: {', '.join(agents)}"
            yield from self._block(text, _MARGIN, style=Style.FAINT)

    def _trouble(self, result: ScanResult) -> Iterator[str]:
        if result.status is Status.JUDGED:
            return
        place = f"{result.source}: "
        reasons = [problem.message.removeprefix(place) for problem in result.errors] or [_language(result)]
        is_own_fault = any(problem.code is ProblemCode.INTERNAL for problem in result.errors)
        trouble = "failed" if is_own_fault else _TROUBLE[result.status]
        for reason in reasons:
            yield from self._block(f"{trouble}: {reason}", _MARGIN, style=Style.WARNING)

    # -- findings ----------------------------------------------------------------------------

    def _finding(self, finding: Finding, conversation: Conversation | None, speakers: Speakers) -> Iterator[str]:
        yield self._finding_line(finding, speakers)
        if finding.kind is Kind.MISSING:
            yield from self._missing(finding, conversation, speakers)
        elif finding.at:
            yield from self._said(finding.at, self._excerpt(finding.at, conversation), speakers)
        yield from self._block(finding.message, _BODY)
        yield from self._block(finding.suggestion, _BODY, bullet="→ ", style=Style.GOOD)

    def _finding_line(self, finding: Finding, speakers: Speakers) -> str:
        severity = self._paint(finding.severity.value, STYLE_OF[finding.severity])
        gap = " " * (_SEVERITY_CELLS - len(finding.severity.value))
        asides = []
        if finding.confidence is not None:
            asides.append(f"confidence {finding.confidence:.2f}")
        if finding.at is None:
            asides.append("the whole conversation")
            asides.extend([speakers.label_of(finding.agent)] if finding.agent else [])
        asides.extend([printable(finding.fingerprint[:_FINGERPRINT_CELLS])] if finding.fingerprint else [])
        rule = self._paint(printable(finding.rule), Style.HEADING)
        aside = self._paint(f"{_MARGIN}{' · '.join(asides)}", Style.FAINT) if asides else ""
        return f"{_MARGIN}{severity}{gap}{rule}{aside}"

    def _missing(self, finding: Finding, conversation: Conversation | None, speakers: Speakers) -> Iterator[str]:
        """Show what called for the act, and what came instead."""
        first_in = {span.utterance: span for span in reversed(finding.because)}
        shown = {span: self._excerpt(span, conversation) for span in sorted(first_in.values())[:_MAX_BECAUSE]}
        if finding.at and finding.at.utterance not in first_in:
            shown[finding.at] = beginning(printable(finding.at.quote), self._excerpt_cells)
        for span, words in sorted(shown.items()):
            yield from self._said(span, words, speakers)

    def _said(self, span: Span, words: str, speakers: Speakers) -> Iterator[str]:
        """Show words as somebody's, beside a line that parts them from the program's own."""
        who = speakers.who_says(span.utterance)
        place = f"#{span.utterance} {who}" if who else f"#{span.utterance}"
        lines = list(wrapped(f"{place}: {words}", self._said_cells))
        for line in self._paint.quoted(lines):
            yield _BODY + self._paint(_GUTTER, Style.FAINT) + line

    def _excerpt(self, span: Span, conversation: Conversation | None) -> str:
        text = _text_of(span, conversation)
        if text is None:
            text, start, end = span.quote, 0, len(span.quote)
        else:
            start, end = span.start, span.end
        return excerpt(text, start, end, cells=self._excerpt_cells)

    @property
    def _said_cells(self) -> int:
        return self._body_cells - len(_GUTTER)

    @property
    def _excerpt_cells(self) -> int:
        return _EXCERPT_LINES * self._said_cells

    # -- promises ----------------------------------------------------------------------------

    def _promises(self, result: ScanResult, speakers: Speakers) -> Iterator[str]:
        """Show who promised what, by when, what became of it, and by which words that shows."""
        if result.promises:
            yield _MARGIN + self._paint("Promises", Style.HEADING)
        for promise in result.promises:
            due = promise.by_when.latest if promise.by_when else None
            shown = promise.evidence[0] if promise.evidence else None
            who = speakers.label_of(promise.agent) if promise.agent else speakers.who_says(promise.at.utterance)
            text = (
                f"#{promise.at.utterance} {who}: {promise.at.quote}"
                f"{f' (if: {promise.condition.quote})' if promise.condition else ''}"
                f"{f' [due {due}]' if due else ''}"
                f"{f' · #{shown.utterance}: {shown.quote}' if shown else ''}"
            )
            cells = _EXCERPT_LINES * (self._width - len(_MARGIN) - _FATE_CELLS)
            bullet = f"{promise.fate.value:<{_FATE_CELLS}}"
            yield from self._block(beginning(text, cells), _MARGIN, bullet=bullet, style=_FATE_STYLE[promise.fate])

    # -- balance -----------------------------------------------------------------------------

    def _account(self, result: ScanResult) -> Iterator[str]:
        kinds = Counter(deposit.kind.value for deposit in result.deposits)
        good = ", ".join(kind if count == 1 else f"{kind} ({count})" for kind, count in kinds.items())
        yield from self._block(good, _MARGIN, bullet="+ ", style=Style.GOOD)
        if result.findings or result.deposits:
            yield from self._block(_balance(result), _MARGIN, style=Style.FAINT)

    def _block(self, text: str, margin: str, *, bullet: str = "", style: Style = Style.PLAIN) -> Iterator[str]:
        """Yield a text as wrapped lines in one style; nothing for an empty one."""
        cells = self._width - len(margin) - len(bullet)
        kept = beginning(printable(text).strip(), _BLOCK_LINES * cells)
        for index, line in enumerate(wrapped(kept, cells)):
            yield margin + self._paint((" " * len(bullet) if index else bullet) + line, style)


def _balance(result: ScanResult) -> str:
    """Return the account in one line, in figures that add up."""
    balance = result.balance
    recovered = sum(entry.is_withdrawal and entry.is_recovered for entry in balance.ledger)
    parts = (
        f"{counted(len(result.deposits), 'deposit')} ({_points(balance.deposits)})" if result.deposits else "",
        f"{counted(len(result.findings), 'withdrawal')} ({_points(-balance.withdrawals)})" if result.findings else "",
        f"{recovered} recovered" if recovered else "",
    )
    return f"balance {_points(balance.net)}: {', '.join(part for part in parts if part)}"


def _points(points: float) -> str:
    """Return points to the last decimal: `+3`, `-0.91`."""
    return f"{points:+z.2f}".rstrip("0").rstrip(".") if points else "0"


def _text_of(span: Span, conversation: Conversation | None) -> str | None:
    """Return the utterance in which a span stands; None if it is not at hand or another one."""
    if conversation is None or not 0 <= span.utterance < len(conversation.utterances):
        return None
    text = conversation.utterances[span.utterance].text
    return text if text[span.start : span.end] == span.quote else None


def _language(result: ScanResult) -> str:
    if result.language is None:
        return "nobody says anything in it"
    return f"its language is {result.language!r}, and only English is judged"


FORMAT = Format("text", "a report for people", TextWriter)
