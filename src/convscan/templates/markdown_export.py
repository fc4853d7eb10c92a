"""Macros that a helpdesk, or a person, wrote into one Markdown file: a heading and a block for each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from convscan.source_map import MappedText, SourceMap, identity

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(?P<title>[^\r\n]*?)[ \t#]*$")
_FENCE = re.compile(r"[ ]{0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[\w+-]*)[ \t]*$")
_INDENT = re.compile(r"\t|[ ]{4}")
# Blocks in these hold code and no words to a customer.
_PROSE_INFO = frozenset(
    {"", "text", "txt", "plain", "markdown", "md", "html", "jinja", "liquid", "handlebars", "template"}
)
# Blocks that hold less of the file than this are examples in a reply and no replies themselves.
_MIN_SHARE_OF_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Block:
    """The body of one macro.

    Attributes:
        title: The heading above it.
    """

    title: str
    text: str
    source_map: SourceMap


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    end: int


def title_of(text: str, start: int) -> tuple[str, int]:
    """Return the heading with which a template begins, and where its words begin; no title if there is none."""
    for line in _lines(text, start):
        if not line.text.strip():
            continue
        heading = _HEADING.match(line.text)
        is_title = heading is not None and len(heading[1]) == 1 and not line.text.startswith("# convscan:")
        return (heading["title"], line.end) if heading and is_title else ("", start)
    return "", start


def macro_blocks(text: str, start: int) -> list[Block]:
    """Return the macros of a file that holds several; none if the file is one template."""
    headings = sum(_HEADING.match(line.text) is not None for line in _lines(text, start))
    blocks = list(_blocks(text, start)) if headings else []
    titled = [block for block in blocks if block.title]
    words = sum(len(block.text.split()) for block in titled)
    if not titled or words < _MIN_SHARE_OF_WORDS * len(text[start:].split()) or len(titled) * 2 < headings:
        return []
    return titled


def _lines(text: str, start: int) -> Iterator[_Line]:
    for match in _LINE.finditer(text, start):
        if match.start() < len(text):
            yield _Line(match.start(), match[1], match.end())


def _blocks(text: str, start: int) -> Iterator[Block]:
    title = ""
    fence: str | None = None
    is_prose = True
    body: list[_Line] = []
    above = ""
    for line in _lines(text, start):
        if fence is not None:
            if line.text.strip().startswith(fence) and not line.text.strip().strip(fence[0]):
                if is_prose:
                    yield from _fenced(title, text, body)
                fence, body = None, []
            else:
                body.append(line)
            continue
        opening = _FENCE.match(line.text)
        heading = _HEADING.match(line.text)
        is_indented = _INDENT.match(line.text) is not None and (bool(body) or not above.strip())
        if body and not is_indented and line.text.strip():
            yield from _indented(title, text, body)
            body = []
        if opening is not None:
            fence, is_prose = opening["fence"], opening["info"].lower() in _PROSE_INFO
        elif heading is not None:
            title = heading["title"]
        elif (is_indented and line.text.strip()) or (body and not line.text.strip()):
            body.append(line)
        above = line.text
    if fence is None and body:
        yield from _indented(title, text, body)


def _fenced(title: str, text: str, body: list[_Line]) -> Iterator[Block]:
    if body and any(line.text.strip() for line in body):
        start, end = body[0].start, body[-1].end
        yield Block(title, text[start:end], identity(start, end - start))


def _indented(title: str, text: str, body: list[_Line]) -> Iterator[Block]:
    built = MappedText()
    for line in body:
        indent = _INDENT.match(line.text)
        start = line.start + (indent.end() if indent else 0)
        built.add(text[start : line.end], start, line.end)
    yield Block(title, built.text, built.map())
