"""The words of an HTML template, as a mail program shows them, with a map to the source."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

from convscan.placeholder_names import words_of
from convscan.templates.source_map import MappedText, SourceMap

_BLOCKS = words_of(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
# Nobody reads what stands in these.
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
_BLANKS = re.compile(r"[ \t\r\n\f]+|[^ \t\r\n\f]+")
_LOOKS_LIKE_HTML = re.compile(
    r"<!doctype html|</?(?:html|body|p|div|br|table|td|span|ul|ol|li|h[1-6]|strong|em|b|i|u|a)\b[^<>]{0,2000}>"
    r"|&(?:nbsp|amp|lt|gt|quot|#\d{1,6});",
    re.IGNORECASE,
)

_HAS_BLOCKS = re.compile(r"<(?:p|div|br|li|table|h[1-6]|body|section|blockquote)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was taken out of a text.

    Attributes:
        at: Offset in the text at which it stood.
        start: Where it begins in the source.
    """

    at: int
    start: int
    words: str


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is left of a page without its tags.

    Attributes:
        title: Of the page; empty if it has none.
    """

    text: str
    source_map: SourceMap
    comments: tuple[Comment, ...]
    title: str


def looks_like_html(text: str) -> bool:
    """Tell whether a text has tags or entities that only HTML has."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def html_text(source: str) -> HtmlText:
    """Return the words of a page; blocks become paragraphs."""
    reader = _Reader(source)
    # `HTMLParser` reads on to the end for each comment that is never closed.
    closed = source.rfind("-->") + 1
    reader.feed(source[:closed] + source[closed:].replace("<!--", "    "))
    reader.close()
    return HtmlText(reader.built.text, reader.built.map(), tuple(reader.comments), " ".join(reader.title.split()))


class _Reader(HTMLParser):
    """Collect words; `getpos` tells where they stand."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.built = MappedText()
        self.comments: list[Comment] = []
        self.title = ""
        self._source = source
        # `HTMLParser` counts lines by line feeds only.
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", source))]
        self._unseen: list[str] = []
        # Some helpdesks keep plain lines and mark up words only: there a line break is one.
        self._preserved = 0 if _HAS_BLOCKS.search(source) else 1

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen.append(tag)
        elif tag == "br":
            self._break("\n")
        elif tag in _BLOCKS:
            self._break("\n\n")
        self._preserved += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unseen:
            while self._unseen.pop() != tag:
                pass
        elif tag in _BLOCKS:
            self._break("\n\n")
        self._preserved -= tag == "pre" and self._preserved > 0

    def handle_data(self, data: str) -> None:
        start = self._offset()
        if self._unseen:
            self.title += data if self._unseen[-1] == "title" else ""
            return
        if self._preserved:
            self.built.add(data, start, start + len(data))
            return
        for found in _BLANKS.finditer(data):
            first, last = start + found.start(), start + found.end()
            if not found[0].isspace() or found[0][0] not in " \t\r\n\f":
                self.built.add(found[0], first, last)
            elif self.built.length and not self.built.ends_with(" ") and not self.built.ends_with("\n"):
                self.built.add(" ", first, last)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def handle_comment(self, data: str) -> None:
        self.comments.append(Comment(self.built.length, self._offset(), data))

    def _reference(self, written: str) -> None:
        start = self._offset()
        if self._source.startswith(";", start + len(written)):
            written += ";"
        if not self._unseen:
            self.built.add(unescape(written), start, start + len(written))

    def _break(self, line_breaks: str) -> None:
        if self.built.length and not self.built.ends_with("\n\n"):
            at = self._offset()
            self.built.add(line_breaks[: 1 if self.built.ends_with("\n") else 2], at, at)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
