"""Colours of the terminal, or none."""

from enum import StrEnum

from convscan.finding import Severity
from convscan.writers.excerpt import CLOSE, OPEN


class Style(StrEnum):
    """How words are set off: parameters of the terminal's SGR sequence (ECMA-48, 8.3.117)."""

    PLAIN = ""
    HEADING = "1"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "36"
    QUOTE = "1;4"
    GOOD = "32"
    FAINT = "2"


STYLE_OF = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.NOTE: Style.NOTE}

_RESET = "\x1b[0m"


class Paint:
    """Set off words, by colour if there is colour."""

    def __init__(self, *, colour: bool) -> None:
        self._has_colour = colour

    def __call__(self, text: str, style: Style) -> str:
        """Return words in a style."""
        return f"\x1b[{style}m{text}{_RESET}" if self._has_colour and style and text else text

    def quoted(self, lines: list[str]) -> list[str]:
        """Return lines with quotes set off: in their style, or between angle quotes.

        Args:
            lines: Lines of one text; a quote may begin in one and end in a later one.
        """
        if not self._has_colour:
            return [line.replace(OPEN, "»").replace(CLOSE, "«") for line in lines]
        painted = []
        is_open = False
        for line in lines:
            # A style that runs over the line's end would colour the margin of the next.
            line_opens = is_open
            is_open = line.rfind(OPEN) > line.rfind(CLOSE) or (is_open and CLOSE not in line)
            text = (OPEN if line_opens else "") + line + (CLOSE if is_open else "")
            painted.append(text.replace(OPEN, f"\x1b[{Style.QUOTE}m").replace(CLOSE, _RESET))
        return painted
