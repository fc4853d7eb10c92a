"""The whole decision behind one finding, as text for a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convscan.conversation import Conversation
from convscan.finding import Finding, Kind, ScanResult, Severity, Span, Step
from convscan.rules.catalogue import Catalogue
from convscan.rules.in_words import absence_in_words
from convscan.rules.rule import Act, Rule
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
        rule: None if it is not among the rules at hand.
        acts: By name, to say what the steps speak of.
        width: Terminal cells in a line.
    """

    finding: Finding
    result: ScanResult
    rule: Rule | None
    acts: Catalogue
    width: int

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        for number, (heading, lines) in enumerate(self._sections()):
            shown = list(lines)
            if not shown:
                continue
            yield from ([""] if number else [])
            yield from ([heading] if heading else [])
            yield from (line.rstrip() for line in shown)

    def _sections(self) -> Iterator[tuple[str, Iterable[str]]]:
        finding, rule = self.finding, self.rule
        yield "", self._head()
        yield "In the conversation", self._conversation()
        yield "What is wrong", self._block(finding.message)
        yield "What to say instead", self._block(finding.suggestion)
        yield "Why it was found", self._steps()
        if rule is None:
            yield "The rule", self._block(f"{finding.rule} is not among the rules at hand; name its folder with --rules.")
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
                yield f"{name:{cells}}{beginning(printable(fact), self.width)}"

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
        marked = [span for span in spans if self._is_marked(span)]
        text = _text(self.result.conversation, index, spans)
        if text is None:
            return " … ".join(_marked(span.quote, [(0, len(span.quote))], cells) for span in marked or spans)
        whole = _marked(text, _merged(marked), len(text) * 12)
        if cell_width(whole) <= cells or not marked:
            return beginning(whole, cells)
        return excerpt(text, marked[0].start, marked[0].end, cells=cells)

    def _is_marked(self, span: Span) -> bool:
        """Whether it is these very words; the span of a missing act is the whole reply."""
        return span in self.finding.because or self.finding.kind is Kind.PRESENT

    # -- the decision ------------------------------------------------------------------------

    def _steps(self) -> Iterator[str]:
        heading = ""
        for step in self.finding.explanation:
            if step.step != heading:
                heading = step.step
                yield from self._block(f"{_STEPS.get(step.step, step.step.capitalize())}:")
            yield from self._detail(step)

    def _detail(self, step: Step) -> Iterator[str]:
        limit = _PATTERN_LINES if step.step in {"matched", "trigger"} else _MAX_LINES
        yield from self._block(step.detail, indent=_INDENT * 2, max_lines=limit)
        act = self._act_of(step)
        if act is not None:
            yield from self._block(f"({act.name}: {act.description})", indent=_INDENT * 2)

    def _act_of(self, step: Step) -> Act | None:
        name = step.detail.partition(":")[0]
        return self.acts.acts.get(name) if step.step == "trigger" else None

    def _ways_out(self) -> Iterator[str]:
        rule = printable(self.finding.rule)
        yield from self._block("In convscan.toml, or under [tool.convscan] in pyproject.toml:")
        yield f'{_INDENT * 2}ignore = ["{rule}"]'
        milder = [severity for severity in Severity if severity.rank < self.finding.severity.rank]
        if milder:
            yield f'{_INDENT * 2}severity = {{ "{rule}" = "{milder[-1]}" }}'
        yield from self._block(f"For one scan: convscan scan --ignore {rule} …")

    # -- layout ------------------------------------------------------------------------------

    def _bulleted(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            yield from self._block(f"- {text}")

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


def _marked(text: str, ranges: Iterable[tuple[int, int]], cells: int) -> str:
    """Return text on one line with ranges between `OPEN` and `CLOSE`."""
    pieces: list[str] = []
    position = 0
    for start, end in ranges:
        quote = beginning(printable(text[start:end]), cells)
        pieces += [printable(text[position:start]), OPEN, quote, CLOSE]
        position = end
    return "".join([*pieces, printable(text[position:])])
