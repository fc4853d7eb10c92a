"""The one place where bodies of helpdesk messages are turned from HTML into words."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("address", "blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "table")
)
_UNSEEN = frozenset(("script", "style", "head", "title", "template"))


def words_of_html(html: str) -> str:
    """Return the words of a message body as they are shown, without blank lines around them."""
    page = _Page()
    page.feed(html.replace("<![", "<! ["))
    page.close()
    return "".join(page.words).strip()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)

    def _break(self, tag: str) -> None:
        if tag == "br":
            self.words.append("\n")
        elif tag in _BLOCKS and self.words and self.words[-1] != "\n\n":
            self.words.append("\n\n")


def looks_like_html(text: str) -> bool:
    """Tell whether a text has tags that only HTML has."""
    return _TAG.search(text) is not None


_TAG = re.compile(
    r"</?(?:html|body|p|div|br|table|td|span|ul|ol|li|h[1-6]|strong|em|b|i|u|a)\b[^<>]{0,2000}>", re.IGNORECASE
)
