"""The one place where bodies of helpdesk messages are turned from HTML into words."""

from convscan.readers.html_text import html_to_text, looks_like_html

__all__ = ["looks_like_html", "words_of_html"]


def words_of_html(html: str) -> str:
    """Return the words of a message body as they are shown, without blank lines around them.

    A bare block quote is quoted, as in mail: helpdesks take the attributes off the tags of the
    mails they receive (`type="cite"`), and make one of the lines that an agent marks with `>`.
    What an agent sets off in this way for weight is left out with it. That loses a few of its
    words; the other way round it would answer for the words of its customer.
    """
    return html_to_text(html, is_message=True).text.strip()
