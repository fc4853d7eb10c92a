"""The whole decision behind one finding, as text for a person."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convscan.conversation import Channel, Conversation
from convscan.finding import Finding, Kind, Promise, ScanResult, Severity, Span, Step
from convscan.language.zones import mark_zones
from convscan.rules.catalogue import Catalogue
from convscan.rules.in_words import absence_in_words
from convscan.rules.rule import Rule
from convscan.writers.excerpt import CLOSE, OPEN, excerpt
from convscan.writers.paint import Paint
from convscan.writers.printable import beginning, cell_width, printable, wrapped
from convscan.writers.speakers import Speakers

_INDENT = "  "
# Lines that one text may fill: patterns and utterances can be of any length.
_MAX_LINES = 8
_PATTERN_LINES = 3
# Utterances shown before and after those that the finding names.
_AROUND = 1

# Innermost brackets of a phrase that hold alternatives.
_ALTERNATIVES = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
_SHOWN_ALTERNATIVES = 5

_STEPS = {
    "matched": "The words match this pattern of the rule",
    "not-cancelled": "Nothing near the words takes them back",
    "trigger": "These words called for it",
    "searched": "This was searched",
    "nearest": "This was there instead",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One finding and what is needed to explain it.

    Attributes:
        catalogue: The rules at hand; that of the finding may not be among them.
        width: Terminal cells in a line.
    """

    finding: Finding
    result: ScanResult
    catalogue: Catalogue
    width: int

    @property
    def rule(self) -> Rule | None:
        """The rule of the finding, if it is at hand."""
        return self.catalogue.rules.get(self.finding.rule)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        yield from self._head()
        for heading, lines in self._sections():
            if shown := list(lines):
                yield from ("", heading, *shown)

    def _sections(self) -> Iterator[tuple[str, Iterable[str]]]:
        finding, rule = self.finding, self.rule
        yield "In the conversation", self._conversation()
        yield "What is wrong", self._block(finding.message)
        yield "What to say instead", self._block(finding.suggestion)
        yield "Why it was found", self._steps()
        yield "The promises it stands on", self._bulleted(map(_promise_in_words, self._promises()))
        if rule is None:
            yield (
                "The rule",
                self._block(f"{finding.rule} is not among the rules at hand; name its folder with --rules."),
            )
        else:
            yield "What the rule says", self._bulleted(absence_in_words(rule.absence) if rule.absence else ())
            yield "Why it matters", self._block(rule.rationale)
            yield "When it may be wrong", self._block(rule.false_positives or "No case is known yet.")
            yield "Sources", self._bulleted(f"{source.title} <{source.url}>" for source in rule.references)
        yield "If you see it otherwise", self._ways_out()

    # -- what and where ----------------------------------------------------------------------

    def _head(self) -> Iterator[str]:
        finding, result = self.finding, self.result
        speakers = Speakers(result.conversation)
        sure = "unmeasured" if finding.confidence is None else f"{finding.confidence:.2f}"
        facts = {
            "finding": finding.fingerprint,
            "rule": f"{finding.rule}: {self.rule.title}" if self.rule else finding.rule,
            "severity": self._severity(),
            "confidence": sure,
            "conversation": " at ".join(str(part) for part in (result.conversation_id, result.source) if part),
            "agent": speakers.label_of(finding.agent) if finding.agent else "",
        }
        cells = max(map(len, facts)) + 2
        for name, fact in facts.items():
            if fact:
                yield f"{name:{cells}}{beginning(printable(fact), self.width - cells)}"

    def _severity(self) -> str:
        severity = self.finding.severity
        if self.rule is None or self.rule.severity is severity:
            return severity.value
        return f"{severity} (the rule's own is {self.rule.severity})"

    # -- the words ---------------------------------------------------------------------------

    def _conversation(self) -> Iterator[str]:
        """Show the words that the finding names, with those around if they are at hand."""
        conversation = self.result.conversation
        named = self._named()
        shown = _with_around(named, conversation)
        before = None
        for index in shown:
            if before is not None and index > before + 1:
                yield f"{_INDENT}  …"
            before = index
            yield from self._utterance(index, [span for span in named if span.utterance == index])
        if not named:
            yield from self._block("It concerns the conversation as a whole; no single words called for it.")
        if conversation is None:
            yield from self._block("To see the words around, scan with --with-text.")

    def _named(self) -> Sequence[Span]:
        at = (self.finding.at,) if self.finding.at else ()
        return sorted({*self.finding.because, *at})

    def _utterance(self, index: int, spans: Sequence[Span]) -> Iterator[str]:
        who = Speakers(self.result.conversation).who_says(index)
        sign = ">" if spans else " "
        opening = f"{sign} #{index}{f' {who}' if who else ''}: "
        words = self._words(index, spans)
        lines = list(wrapped(opening + words, self.width - cell_width(_INDENT) - 2))
        for number, line in enumerate(Paint(colour=False).quoted(lines)):
            yield _INDENT + ("  " if number else "") + line

    def _words(self, index: int, spans: Sequence[Span]) -> str:
        """Return an utterance with the words that matter marked; of a long one those and what is near."""
        cells = _MAX_LINES * self.width
        text = _text(self.result.conversation, index, spans)
        if text is None:
            return " … ".join(excerpt(span.quote, 0, len(span.quote), cells=cells) for span in spans)
        marked = [span for span in spans if self._is_marked(span)]
        conversation = self.result.conversation
        is_mail = conversation is not None and conversation.channel is Channel.EMAIL
        kept = _own_words(text, marked, is_mail=is_mail)
        if not marked:
            return beginning(_marked(text, (), kept), cells)
        whole = _marked(text, _merged(marked), kept)
        return whole if cell_width(whole) <= cells else excerpt(text, marked[0].start, marked[0].end, cells=cells)

    def _is_marked(self, span: Span) -> bool:
        """Whether it is these very words; the span of a missing act is the whole reply."""
        return span in self.finding.because or self.finding.kind is Kind.PRESENT

    def _promises(self) -> Iterator[Promise]:
        """Yield the promises of the conversation whose words the finding names."""
        named = set(self._named())
        return (promise for promise in self.result.promises if promise.at in named)

    # -- the decision ------------------------------------------------------------------------

    def _steps(self) -> Iterator[str]:
        heading = ""
        for step in self.finding.explanation:
            if step.step != heading:
                heading = step.step
                yield from self._block(f"{_STEPS.get(step.step, step.step.capitalize())}:")
            yield from self._detail(step)

    def _detail(self, step: Step) -> Iterator[str]:
        called = self._call(step) if step.step == "trigger" else None
        if called is None:
            limit = _PATTERN_LINES if step.step == "matched" else _MAX_LINES
            detail = _in_short(step.detail) if step.step == "matched" else step.detail
            yield from self._block(detail, indent=_INDENT * 2, max_lines=limit)
            return
        act, span, pattern = called
        known = self.catalogue.acts.get(act)
        meaning = f"{act} ({known.description.removesuffix('.')})" if known else act
        yield from self._block(f'#{span.utterance} "{span.quote}": {meaning}', indent=_INDENT * 2)
        yield from self._block(f"by the pattern {_in_short(pattern)}", indent=_INDENT * 3, max_lines=_PATTERN_LINES)

    def _call(self, step: Step) -> tuple[str, Span, str] | None:
        """Return the act of a trigger, its words and the pattern that found them; None if it is put otherwise."""
        act, _, rest = step.detail.partition(": ")
        for span in self.finding.because:
            words = f"{span.quote!r} by "
            if rest.startswith(words):
                return act, span, rest.removeprefix(words)[1:-1]
        return None

    def _ways_out(self) -> Iterator[str]:
        rule = printable(self.finding.rule)
        yield from self._block("In convscan.toml, or under [tool.convscan] in pyproject.toml:")
        yield f'{_INDENT * 2}ignore = ["{rule}"]'
        milder = [severity for severity in Severity if severity.rank < self.finding.severity.rank]
        if milder:
            yield f'{_INDENT * 2}severity = {{ "{rule}" = "{milder[-1]}" }}'
        yield from self._block(f"For one scan: convscan scan --ignore {rule} …")
        yield from self._block(f"More examples of what it finds and what not: convscan rules show {rule}")

    # -- layout ------------------------------------------------------------------------------

    def _bulleted(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            for number, line in enumerate(self._block(text, indent=_INDENT + "  ")):
                yield line if number else f"{_INDENT}- {line.lstrip()}"

    def _block(self, text: str, *, indent: str = _INDENT, max_lines: int = _MAX_LINES) -> Iterator[str]:
        cells = self.width - len(indent)
        for line in wrapped(beginning(printable(text).strip(), max_lines * cells), cells):
            yield indent + line


def _text(conversation: Conversation | None, index: int, spans: Iterable[Span]) -> str | None:
    """Return an utterance; None if it is not at hand or its words are others."""
    if conversation is None or not 0 <= index < len(conversation.utterances):
        return None
    text = conversation.utterances[index].text
    return text if all(text[span.start : span.end] == span.quote for span in spans) else None


def _with_around(spans: Iterable[Span], conversation: Conversation | None) -> list[int]:
    """Return the utterances to show, in order."""
    named = {span.utterance for span in spans}
    total = len(conversation.utterances) if conversation else 0
    around = {index + step for index in named for step in range(-_AROUND, _AROUND + 1)}
    return sorted(named | {index for index in around if 0 <= index < total})


def _merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return ranges that do not overlap, in order."""
    merged: list[tuple[int, int]] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], span.end)
        else:
            merged.append((span.start, span.end))
    return merged


def _own_words(text: str, marked: Sequence[Span], *, is_mail: bool) -> list[tuple[int, int]]:
    """Return the ranges of what the writer says there; signatures and quoted mails are somebody's stock.

    A zone with marked words is kept: they are the words in question.
    """
    kept: list[tuple[int, int]] = []
    for zone in mark_zones(text, is_mail=is_mail):
        if not zone.zone.is_own_words and not any(s.start < zone.end and zone.start < s.end for s in marked):
            continue
        if kept and kept[-1][1] == zone.start:
            kept[-1] = kept[-1][0], zone.end
        else:
            kept.append((zone.start, zone.end))
    return kept


def _marked(text: str, ranges: Sequence[tuple[int, int]], kept: Iterable[tuple[int, int]]) -> str:
    """Return text on one line with ranges between `OPEN` and `CLOSE`; what is not kept is an ellipsis."""
    pieces: list[str] = []
    position = 0
    for first, last in [*kept, (len(text), len(text))]:
        pieces += ["… "] if text[position:first].strip() else []
        position = first
        for start, end in ranges:
            if first <= start < last:
                end_here = min(end, last)
                pieces += [printable(text[position:start]), OPEN, printable(text[start:end_here]), CLOSE]
                position = end_here
        pieces.append(printable(text[position:last]))
        position = last
    return "".join(pieces)


def _promise_in_words(promise: Promise) -> str:
    due = f", due by {promise.by_when.latest}" if promise.by_when and promise.by_when.latest else ""
    shown = ", ".join(f'#{span.utterance} "{span.quote}"' for span in promise.evidence)
    return f'#{promise.at.utterance} "{promise.at.quote}": {promise.fate}{due}{f"; shown by {shown}" if shown else ""}'


def _in_short(pattern: str) -> str:
    """Return a pattern for reading: of many alternatives the first few, with room to break the line."""
    return _ALTERNATIVES.sub(_first_few, pattern)


def _first_few(match: re.Match[str]) -> str:
    words = match[1].split("|")
    more = [f"… {len(words) - _SHOWN_ALTERNATIVES} more"] if len(words) > _SHOWN_ALTERNATIVES + 1 else []
    return f"({' | '.join([*words[: _SHOWN_ALTERNATIVES if more else None], *more])})"
