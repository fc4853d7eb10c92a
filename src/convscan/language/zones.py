"""Parts of a message that are not the speaker's own new words, and how it opens.

Marks never change text, so that offsets stay true. Only layout is read here;
what a sentence means is not asked. In doubt, words are the speaker's own.
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from convscan.language.lines import (
    is_contact_line,
    is_device_line,
    is_disclaimer,
    is_forum_quote,
    is_greeting,
    is_name,
    is_postscript,
    is_sign_off,
    is_signature_line,
    is_signed,
    is_thanks,
    is_written_by_hand,
)
from convscan.language.quote_heads import is_head_of_own_mail, quote_head
from convscan.language.quote_marks import is_quoted, is_rule


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
        return self in _OWN_WORDS


_OWN_WORDS = frozenset({Zone.BODY, Zone.GREETING, Zone.SIGN_OFF})


class ZoneSpan(NamedTuple):
    """A run of text that is one zone, `[start, end)` in code points."""

    zone: Zone
    start: int
    end: int


# "^MK", "-JM", "/Jo": who wrote a post, at its very end, perhaps before "2/2" or a link.
_INITIALS = re.compile(
    r"\S\s{1,3}(?P<initials>\^ ?\w{1,12}|(?<=[.!?)\u2026]\s)[-\u2013~/*] ?(?:[A-Z]{1,3}|[A-Z][a-z]{1,11}))"
    r"(?:\s{1,3}(?:\(?\d\d?/\d\d?\)?|https?://\S{1,60})){0,2}\s{0,3}$"
)
# Without one of these, which most messages end without, there is nothing to look for.
_INITIALS_SIGN = re.compile(r"[\^\-\u2013~/*]")
_INITIALS_WINDOW_CHARS = 160
# A longer block below a name is no signature but, say, a list that the writer was asked for.
_MAX_SIGNATURE_LINES = 12
# A name, what the person is, and how to reach them.
_MIN_CONTACT_LINES = 3
_MAX_GAP_LINES = 5


def mark_zones(text: str, *, is_mail: bool = False) -> tuple[ZoneSpan, ...]:
    """Divide an utterance into zones.

    Args:
        is_mail: Whether it is a letter: then what mail programs put below the writer's name, such
            as advertising, is part of the signature.

    Returns:
        Zones in order, together covering the text; never empty for non-empty text.
    """
    spans = list(_zone_spans(text.splitlines(keepends=True), is_mail=is_mail))
    return tuple(_without_initials(text, spans))


def _zone_spans(lines: Sequence[str], *, is_mail: bool) -> Iterator[ZoneSpan]:
    """Yield runs of lines, neighbours of one zone as one."""
    if len(lines) == 1:
        yield ZoneSpan(_zone_of_only(lines[0]), 0, len(lines[0]))
        return
    start = end = number = 0
    current: Zone | None = None
    for zone, count in _Layout(lines, is_mail=is_mail).blocks():
        if current is not None and zone is not current:
            yield ZoneSpan(current, start, end)
            start = end
        current = zone
        end += sum(map(len, lines[number : number + count]))
        number += count
    if current is not None:
        yield ZoneSpan(current, start, end)


def _zone_of_only(line: str) -> Zone:
    """Return the zone of a message of one line; a name or sign-off alone is what there is to say."""
    line = line.strip()
    if is_greeting(line):
        return Zone.GREETING
    return Zone.DISCLAIMER if is_disclaimer([line], 0) else Zone.BODY


class _Layout:
    """The lines of a message, read from the top, a block at a time."""

    def __init__(self, lines: Sequence[str], *, is_mail: bool) -> None:
        """Take the lines with their ends."""
        self._raw = lines
        self._is_mail = is_mail
        self._lines = [line.strip() for line in lines]
        self._has_spoken = False
        self._has_signed = False

    def blocks(self) -> Iterator[tuple[Zone, int]]:
        """Yield each block's zone and number of lines; a blank line goes with what stands above."""
        number = 0
        zone = Zone.BODY
        while number < len(self._lines):
            if not self._lines[number]:
                yield zone, 1
                number += 1
                continue
            for zone, count in self._block(number):
                yield zone, count
                number += count

    def _block(self, number: int) -> Iterator[tuple[Zone, int]]:
        line = self._lines[number]
        if is_quoted(line):
            yield Zone.QUOTED, 1
        elif head := quote_head(self._lines, number):
            yield Zone.QUOTED, head + self._quoted_below(number, head)
        elif is_forum_quote(line):
            yield Zone.QUOTED, self._forum_quote(number)
        elif is_disclaimer(self._lines, number):
            yield Zone.DISCLAIMER, self._disclaimer(number)
        elif self._has_spoken:
            yield from self._own_block(number)
        else:
            yield from self._opening(number)

    def _opening(self, number: int) -> Iterator[tuple[Zone, int]]:
        line = self._lines[number]
        self._has_spoken = True
        below = self._next_line(number)
        if line.endswith(",") and is_sign_off(line, with_name=False) and self._is_name_to_end(below):
            yield Zone.SIGN_OFF, below - number
            yield Zone.SIGNATURE, len(self._lines) - below
        else:
            yield (Zone.GREETING if is_greeting(line) else Zone.BODY), 1

    def _own_block(self, number: int) -> Iterator[tuple[Zone, int]]:
        line = self._lines[number]
        if self._raw[number].rstrip("\r\n") == "-- ":  # the mark that RFC 3676 gives to signatures
            yield Zone.SIGNATURE, 1 + self._signature(number + 1, is_marked=True)
        elif line == "--" or is_rule(line):
            below = self._next_line(number)
            yield Zone.SIGNATURE if self._opens_signature(below) else Zone.BODY, below - number
            yield from self._signature_block(below)
        elif is_device_line(line):
            yield Zone.SIGNATURE, 1
        elif is_sign_off(line, with_name=True):
            below = self._next_line(number)
            self._has_signed = self._has_signed or not is_sign_off(line, with_name=False)
            yield Zone.SIGN_OFF, below - number
            if self._opens_signature(below):
                yield from self._signature_block(below, closes_mail=self._closes_mail(number, below))
            elif self._is_mail and is_signed(line) and (count := self._stock_below(below)):
                yield Zone.SIGNATURE, count
        elif count := self._contact_block(number):
            self._has_signed = True
            yield Zone.SIGNATURE, count
        else:
            yield Zone.BODY, 1

    def _contact_block(self, number: int) -> int:
        """Count the lines of a closing block with a name and a way to reach it; 0 if there is none.

        Not below a colon: "Please send it to:".
        """
        if self._lines[number - 1] or not is_name(self._lines[number].rstrip(".")):
            return 0
        end = number
        while end < len(self._lines) and (line := self._lines[end]):
            if end - number == _MAX_SIGNATURE_LINES or not is_signature_line(line, after_gap=False):
                return 0
            end += 1
        block = self._lines[number:end]
        if len(block) < _MIN_CONTACT_LINES or not any(map(is_contact_line, block)):
            return 0
        below = self._next_line(end - 1)
        if below < len(self._lines) and not (self._is_foreign(below) or is_device_line(self._lines[below])):
            return 0
        above = next((line for line in reversed(self._lines[max(0, number - _MAX_GAP_LINES) : number]) if line), "")
        return 0 if above.endswith(":") else end - number

    def _signature_block(self, number: int, *, closes_mail: bool = False) -> Iterator[tuple[Zone, int]]:
        if self._opens_signature(number):
            self._has_signed = True
            count = self._signature(number, is_marked=False)
            yield Zone.SIGNATURE, count + (self._stock_below(number + count) if closes_mail else 0)

    def _closes_mail(self, sign_off: int, name: int) -> bool:
        """Whether a sign-off and what stands below it end a mail; thanks and a heading stand in the middle too."""
        if not self._is_mail or name >= len(self._lines):
            return False
        closing, line = self._lines[sign_off], self._lines[name]
        belong_together = name == sign_off + 1 or closing.endswith(",") or not is_thanks(closing)
        return belong_together and not line[0].islower() and not any(map(str.isdigit, line))

    def _stock_below(self, first: int) -> int:
        """Count the lines under a signature that every mail of the writer has: advertising, terms, slogans.

        Up to a postscript or a quote. None of them is stock if one was written for this mail.
        """
        written = 0
        for number in range(first, len(self._lines)):
            line = self._lines[number]
            if not line:
                continue
            if is_postscript(line) or self._is_foreign(number):
                return number - first
            written += 1
            if written > _MAX_SIGNATURE_LINES or is_written_by_hand(line):
                return 0
        return len(self._lines) - first

    def _opens_signature(self, number: int) -> bool:
        return number < len(self._lines) and is_name(self._lines[number]) and not self._is_foreign(number)

    def _signature(self, first: int, *, is_marked: bool) -> int:
        """Count the lines of a signature that is known to begin; below a mark it takes everything."""
        written = 0
        for number in range(first, len(self._lines)):
            line = self._lines[number]
            if not line:
                continue
            if self._is_foreign(number):
                return number - first
            after_gap = not self._lines[number - 1]
            if not is_marked and number > first and not is_signature_line(line, after_gap=after_gap):
                return number - first
            written += 1
            if not is_marked and written > _MAX_SIGNATURE_LINES:
                return number - first
        return len(self._lines) - first

    def _is_foreign(self, number: int) -> bool:
        """Whether a quote or small print begins on a line, which ends a signature."""
        if is_quoted(self._lines[number]) or is_disclaimer(self._lines, number):
            return True
        return quote_head(self._lines, number) > 0

    def _is_name_to_end(self, first: int) -> bool:
        """Whether only a name stands between a line and the end: "Thanks,", "Jo"."""
        return first < len(self._lines) and first + 3 > len(self._lines) and all(map(is_name, self._lines[first:]))

    def _next_line(self, number: int) -> int:
        """Return the number of the next line that is not blank; past the end if there is none."""
        number += 1
        while number < len(self._lines) and not self._lines[number]:
            number += 1
        return number

    def _quoted_below(self, number: int, head: int) -> int:
        """Count the lines under the head of a quote that belong to it without a mark of their own."""
        below = self._next_line(number + head - 1)
        if below < len(self._lines) and is_quoted(self._lines[below]):
            return below - number - head  # each quoted line has its mark; answers may stand between
        if not self._has_spoken and is_head_of_own_mail(self._lines[number]):
            return 0  # the head of this very mail, pasted with it
        return len(self._lines) - number - head

    def _forum_quote(self, number: int) -> int:
        """Count the lines of a forum's quote; one that is never closed takes the rest."""
        for end in range(number, len(self._lines)):
            if "[/quote]" in self._lines[end].lower():
                return end + 1 - number
        return len(self._lines) - number

    def _disclaimer(self, number: int) -> int:
        """Count the lines of small print: its paragraph, or all that follows a signature."""
        for end in range(number + 1, len(self._lines)):
            line = self._lines[end]
            if not line and not self._has_signed:
                return end - number
            if line and (is_quoted(line) or quote_head(self._lines, end)):
                return end - number
        return len(self._lines) - number


def _without_initials(text: str, zones: list[ZoneSpan]) -> list[ZoneSpan]:
    """Take the initials at the end of a post off the words before them."""
    if not zones or not zones[-1].zone.is_own_words:
        return zones
    last = zones[-1]
    first = max(last.start, last.end - _INITIALS_WINDOW_CHARS)
    found = _INITIALS.search(text, first) if _INITIALS_SIGN.search(text, first) else None
    if found is None:
        return zones
    start = found.start("initials")
    return [*zones[:-1], ZoneSpan(last.zone, last.start, start), ZoneSpan(Zone.SIGNATURE, start, last.end)]
