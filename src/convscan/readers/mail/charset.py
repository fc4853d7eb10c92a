"""Decode the bytes of a mail by the charset that it names, wrong and unknown ones too."""

import codecs
from dataclasses import dataclass

from convscan.readers.text_encoding import decode_text

# Names that mail programs write and Python does not know, or knows as a narrower charset than is meant.
# Source: the WHATWG encoding standard, https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
    "windows-874": "cp874",
}
# They are no charsets of mail, and some take time that grows with the square of the length.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_MAX_NAME_CHARS = 40


@dataclass(frozen=True, slots=True)
class DecodedPart:
    """Words of a mail.

    Attributes:
        doubt: What is uncertain about the decoding; None if nothing is.
    """

    text: str
    doubt: str | None = None


def decode_charset(content: bytes, charset: str | None) -> DecodedPart:
    """Decode by the named charset; if that is unknown or wrong, by what the bytes look like."""
    if content.isascii() and _is_superset_of_ascii(charset):
        return DecodedPart(content.decode("ascii"))
    codec = _codec(charset)
    if codec is None and charset:
        decoded = decode_text(content)
        return DecodedPart(decoded.text, f"unknown charset {charset[:_MAX_NAME_CHARS]!r}")
    if codec not in {None, "cp1252"}:
        try:
            return DecodedPart(content.decode(codec or "utf-8"))
        except (UnicodeError, ValueError):
            decoded = decode_text(content)
            return DecodedPart(decoded.text, f"not {charset}, as the mail says")
    # Windows-1252 fits nearly any bytes: what is good UTF-8 beyond ASCII is that, whatever was named.
    decoded = decode_text(content)
    is_surprise = charset is not None and charset.lower() not in {"iso-8859-1", "latin1", "windows-1252", "cp1252"}
    return DecodedPart(decoded.text, f"not {charset}, as the mail says" if is_surprise else None)


def is_known_charset(name: str) -> bool:
    """Tell whether text can be decoded by a charset of this name."""
    return _codec(name) is not None


def _is_superset_of_ascii(charset: str | None) -> bool:
    # UTF-7, ISO-2022-JP and HZ write other letters in ASCII bytes.
    name = (charset or "").lower()
    return not ("utf-7" in name or "2022" in name or name.startswith(("hz", "utf-16", "utf-32", "utf16")))


def _codec(charset: str | None) -> str | None:
    """Return the name of a text encoding; None if there is none of this name."""
    if charset is None:
        return None
    name = charset.strip().strip("'\"").lower()
    if len(name) > _MAX_NAME_CHARS or not name.isascii() or not name.isprintable():
        return None
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name)
        b"a".decode(found.name)
    except UnicodeError:
        pass  # it takes two bytes, or four, for a letter
    except (LookupError, ValueError):  # unknown, or no text encoding, such as `zip`
        return None
    return None if found.name.replace("-", "_") in _NO_CHARSETS else found.name
