"""Parts of a message that are not the speaker's own new words, and how it opens.

Marks never change text, so that offsets stay true. Only layout is read here;
what a sentence means is not asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """What a part of an utterance is."""

    BODY = "body"
    GREETING = "greeting"
    SIGN_OFF = "sign-off"
    QUOTED = "quoted"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"

    @property
    def is_own_words(self) -> bool:
        """Whether the speaker said it to the other side, here and now."""
        return self in {Zone.BODY, Zone.GREETING, Zone.SIGN_OFF}


@dataclass(frozen=True, slots=True)
class ZoneSpan:
    """A run of lines that is one zone, `[start, end)` in code points."""

    zone: Zone
    start: int
    end: int


_LINE = re.compile(r"[^\n]*\n?")
_QUOTE_MARK = re.compile(r"\s{0,3}>")
_QUOTE_HEADER = re.compile(
    r"\s*(?:On\b.{4,200}\bwrote:\s*$|-{2,}\s*(?:original|forwarded) message\s*-{2,}|_{10,}\s*$)", re.IGNORECASE
)
# Outlook writes the head of the quoted mail as fields; two of them in a row are no prose.
_QUOTE_FIELD = re.compile(r"\s*\*?(?:From|Sent|To|Cc|Subject|Date):\*?\s", re.IGNORECASE)
_SIGNATURE_MARK = re.compile(r"--\s?$|_{3,}$|Sent from my \w+", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"\s*(?:(?:with )?(?:kind|best|warm|many)?\s*(?:regards|wishes)|best|sincerely|yours(?: \w+)?|cheers"
    r"|(?:many |with )?thanks(?: again| so much| and \w+ \w+)?|thank you|respectfully|cordially|take care"
    r"|all the best)(?: yours)?\s*[,.!]?\s*$",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\s*(?:(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening|day)|greetings|welcome)\b"
    r"(?:\s+(?:there|all|team|again))?(?:[ ,]+\S+){0,4}?\s*[,.!:]*\s*$)",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"\s*(?:this (?:e-?mail|message|communication)\b.{0,120}\b(?:confidential|intended|privileged)"
    r"|(?:confidentiality|legal) (?:notice|disclaimer)"
    r"|the information (?:contained )?in this (?:e-?mail|message)"
    r"|please consider the environment before printing)",
    re.IGNORECASE | re.DOTALL,
)
# A sign-off that is followed by more than a name, a title, a firm, a phone number … is prose.
_MAX_SIGNATURE_LINES = 8
_MAX_SIGNATURE_LINE_CHARS = 70


def mark_zones(text: str) -> tuple[ZoneSpan, ...]:
    """Divide an utterance into zones.

    Returns:
        Zones in order, together covering the text; never empty for non-empty text.
    """
    lines = [match.span() for match in _LINE.finditer(text) if match.group()]
    zones = list(_zones_of(text, lines))
    return tuple(_merged(zones, lines))


def _zones_of(text: str, lines: list[tuple[int, int]]) -> Iterator[Zone]:
    signature_from = _signature_start(text, lines)
    rest: Zone | None = None
    said_something = False
    for number, (start, end) in enumerate(lines):
        line = text[start:end]
        if rest is None and _DISCLAIMER.match(text, start):
            rest = Zone.DISCLAIMER
        elif rest in {None, Zone.DISCLAIMER} and _opens_quote(text, lines, number):
            rest = Zone.QUOTED
        if rest is not None:
            yield rest
        elif _QUOTE_MARK.match(line):
            yield Zone.QUOTED
        elif number >= signature_from:
            yield Zone.SIGNATURE
        elif number == signature_from - 1 and _SIGN_OFF.match(line):
            yield Zone.SIGN_OFF
        elif not said_something and _GREETING.match(line):
            yield Zone.GREETING
            said_something = True
        else:
            yield Zone.BODY
            said_something = said_something or bool(line.strip())


def _opens_quote(text: str, lines: list[tuple[int, int]], number: int) -> bool:
    """Whether everything from this line on is the mail that is answered."""
    start, end = lines[number]
    if _QUOTE_HEADER.match(text[start:end]):
        return True
    # Gmail wraps "On Tue, … <a@b.example>\nwrote:" when it gets long.
    if number + 1 < len(lines) and _QUOTE_HEADER.match(text[start : lines[number + 1][1]].replace("\n", " ", 1)):
        return True
    fields = sum(bool(_QUOTE_FIELD.match(text[a:b])) for a, b in lines[number : number + 3])
    return bool(_QUOTE_FIELD.match(text[start:end])) and fields > 1


def _signature_start(text: str, lines: list[tuple[int, int]]) -> int:
    """Return the number of the line on which the signature begins; past the end if none."""
    for number, (start, end) in enumerate(lines):
        line = text[start:end].strip()
        if number and _SIGNATURE_MARK.match(line):
            return number
        if number and _SIGN_OFF.match(line) and _is_short_to_end(text, lines[number + 1 :]):
            return number + 1
    return len(lines) + 1


def _is_short_to_end(text: str, lines: list[tuple[int, int]]) -> bool:
    written = [text[start:end].strip() for start, end in lines]
    own = []
    for line in written:
        if _QUOTE_MARK.match(line) or _QUOTE_HEADER.match(line) or _DISCLAIMER.match(line) or _QUOTE_FIELD.match(line):
            break
        if line:
            own.append(line)
    return len(own) <= _MAX_SIGNATURE_LINES and all(len(line) <= _MAX_SIGNATURE_LINE_CHARS for line in own)


def _merged(zones: list[Zone], lines: list[tuple[int, int]]) -> Iterator[ZoneSpan]:
    start = 0
    for number, zone in enumerate(zones):
        if number + 1 == len(zones) or zones[number + 1] is not zone:
            yield ZoneSpan(zone, start, lines[number][1])
            start = lines[number][1]
