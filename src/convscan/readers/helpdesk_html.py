"""The one place where bodies of helpdesk messages are turned from HTML into words."""

from convscan.readers.html_text import html_to_text, looks_like_html

__all__ = ["looks_like_html", "words_of_html"]


def words_of_html(html: str) -> str:
    """Return the words of a message body as they are shown, without blank lines around them."""
    return html_to_text(html).text.strip()
