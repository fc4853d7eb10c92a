"""Decode text files of unknown encoding, and say so when it was a guess."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecodedText:
    """The text of a file.

    Attributes:
        doubt: What was assumed about the encoding; None if it is plain UTF-8.
    """

    text: str
    doubt: str | None = None


def decode_text(content: bytes) -> DecodedText:
    """Decode text that is UTF-8, damaged UTF-8, or else Windows-1252 or Latin-1."""
    try:
        return DecodedText(content.decode())
    except UnicodeDecodeError as error:
        place = f"line {1 + content.count(10, 0, error.start)}"
    mended = content.decode("utf-8", "replace")
    if _is_mostly_utf8(mended):
        return DecodedText(mended, f"damaged UTF-8 at {place}; the damaged characters are shown as \ufffd")
    try:
        return DecodedText(content.decode("cp1252"), f"not UTF-8 at {place}; read as Windows-1252")
    except UnicodeDecodeError:
        return DecodedText(content.decode("latin-1"), f"not UTF-8 at {place}; read as Latin-1")


def _is_mostly_utf8(mended: str) -> bool:
    """Tell whether there are more good characters beyond ASCII than damaged ones.

    One cut character at the end of a file must not turn every "é" into two letters;
    in a Latin-1 file, letters beyond ASCII form UTF-8 only by rare accident.
    """
    damaged = mended.count("\ufffd")
    good = len(mended) - len(mended.encode("ascii", "ignore")) - damaged
    return good > damaged
