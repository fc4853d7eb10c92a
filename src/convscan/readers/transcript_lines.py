"""Tell which lines of a plain-text transcript begin an utterance.

The rule, made so that `Order number: 123` inside a message starts no utterance:

1. A line that may begin one is `Label: text`, before or behind the label perhaps a
   time (`[10:02] Jo: …`, `2026-03-02 10:14 - Ana: …`, `Jo (10:02): …`).
2. If most such lines have a time, a line without one begins an utterance only if its
   label stands after a time elsewhere. A line with a time in brackets or with a date,
   but without a speaker, is an event of the system (`[10:05] Chat ended`).
3. If they have none, a label is a speaker if the user named it, if it is a sure role
   word (`Agent`, `Jo (Support)`, `Visitor 12`), a title before a sentence (`Supervisor: I
   take over.`) or `System`, if a line of the system or a bot names it (`System: Jo has
   joined`), or if it is a name or any other role word (`Support`, `User`) and occurs twice.
4. If that gives a conversation fewer than two speakers, names and role words that
   occur once are taken in their order until there are two, if one stands at its top.
5. Fields of forms (`Subject`, `Phone`, `PS`) are never speakers, nor are the lines of
   a header: at the top, with a key such as `Id` or `Channel`, up to a blank line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from convscan.conversation import Role
from convscan.readers.speakers import Label, label_again, parse_label
from convscan.readers.transcript_headings import Headings, find_headings

# Keys of a header that are understood; others beside them become metadata.
ID_KEYS = frozenset({"id", "conversation", "conversation id", "chat id", "ticket id", "case id", "call id"})
HEADER_KEYS = ID_KEYS | {"channel", "language", "subject", "date"}

_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
_DATE = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
_MOMENT = rf"(?:{_DATE}(?:(?:T|,?[ ]){_TIME}(?:\s?(?:Z|UTC|[+-]\d{{2}}:?\d{{2}}))?)?|{_TIME})"
# Chat exports count from the start of the chat: "( 1m 3s ) Ana: …".
_SINCE_START = r"(?:\d{1,4}[hms]\s?){1,3}"
_STAMP = re.compile(
    rf"[ \t]{{0,8}}(?:[\[(]\s?(?P<framed>{_MOMENT}|{_SINCE_START})\s?[\])]|(?P<bare>{_MOMENT})(?=[ \t]))"
    r"[ \t]*(?:[-\u2013\u2014|][ \t]+)?"
)
# Every part is bounded, so that a line of any length is settled after some eighty characters.
_LABEL = re.compile(
    r"[ \t]{0,8}(?:\*\*|__)?(?P<label>[^\s:><{}|-][^:><{}\r\n]{0,79}?)[ \t]{0,8}"
    rf"(?:[\[(]\s?(?P<late>{_MOMENT})\s?[\])][ \t]{{0,8}})?(?:\*\*|__)?:(?:\*\*|__)?(?!//)[ \t]*"
)
# Not at U+2028, form feed and the like: they are text.
_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_RULER = re.compile(r"\s*(?:-{3,}|={3,})\s*$")
_FEWEST_SPEAKERS = 2
# How talk begins, and no name.
_TALK = re.compile(r"(?:i|we|you|my|your|hi|hello|hey|good|thanks|thank|yes|no|ok|okay|sorry|please)\b", re.IGNORECASE)
_FEWEST_WORDS_OF_TALK = 3
# Whose lines say who comes into a chat, and how: "Jo Orr has joined", "You are now chatting with Jo".
_ANNOUNCERS = frozenset({Role.SYSTEM, Role.BOT})
_MOST_CHARS_OF_EVENT = 200
_SOMEBODY = r"[^\W\d_][\w'\u2019-]{0,30}(?:[ ][^\W\d_][\w'\u2019-]{0,30})?"
_COMES_IN = re.compile(
    rf"(?P<who>{_SOMEBODY}) (?:has |have )?(?:joined|entered|accepted|is now)\b"
    r"|\b(?:connect(?:ed|ing)|transferr(?:ed|ing)|assigned|routed|handed|passed|speaking|chatting|talking)\b"
    rf"[^.!?:]{{0,60}}?\b(?:to|with|by) (?P<whom>{_SOMEBODY})"
)


class Row(NamedTuple):
    """One line of a transcript.

    Attributes:
        number: Counted from 1.
        start: Offset of its first character in the text.
        end: Offset after its last, before the line break.
        stamp: The time as written, without brackets.
        is_dated: Whether the stamp stands in brackets or has a date, as in no sentence.
        label: What may name the speaker.
        after_stamp: Offset of what follows the time, the label included.
        said: Offset of what follows stamp and label.
        is_tight: Whether no white space follows the colon.
    """

    number: int
    start: int
    end: int
    stamp: str | None
    is_dated: bool
    label: Label | None
    after_stamp: int
    said: int
    is_tight: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """How a transcript marks its utterances.

    Attributes:
        is_stamped: Whether utterances have times.
        speakers: Keys of the labels that are speakers.
        header: Numbers of lines that belong to a header.
        headings: Lines that may head a conversation.
        first: Number of the line from which on utterances can begin.
    """

    is_stamped: bool
    speakers: frozenset[str]
    header: frozenset[int]
    headings: Headings
    first: int

    def begins_utterance(self, row: Row) -> bool:
        """Tell whether a speaker starts to talk in this line."""
        return (
            row.label is not None
            and row.label.key in self.speakers
            and row.number >= self.first
            and row.number not in self.header
        )

    def may_be_missed(self, row: Row) -> bool:
        """Tell whether a line was taken as text but has the look of an utterance."""
        if row.label is None or self.is_stamped or self.begins_utterance(row):
            return False
        if row.number in self.header or row.number in self.headings.ids:
            return False
        looks_like_one = row.label.is_name or (row.label.role is not None and not row.label.is_note)
        return looks_like_one and not row.label.is_field and not row.is_tight

    def is_event(self, row: Row) -> bool:
        """Tell whether the line says what happened, by no speaker."""
        return self.is_stamped and row.is_dated and not self.begins_utterance(row)


def split_rows(text: str) -> list[Row]:
    """Return the lines of a text, with what may be a time and a label."""
    rows = [_row(text, number, match) for number, match in enumerate(_LINE.finditer(text), 1)]
    # The pattern matches once more, with nothing, at the very end.
    return rows[:-1] if len(rows) > 1 and rows[-1].start == rows[-1].end == len(text) else rows


def is_ruler(line: str) -> bool:
    """Tell whether a line is drawn: three or more of `-` or of `=`."""
    return ("---" in line or "===" in line) and _RULER.match(line) is not None


def tell_layout(text: str, rows: Sequence[Row], roles: Mapping[str, Role]) -> Layout:
    """Find the speakers; see the rule at the top of this file.

    Args:
        text: The whole file.
        rows: Its lines.
        roles: Names and labels that the user named, without case.
    """
    headings = find_headings((row.number, text[row.start : row.end], row.label is not None) for row in rows)
    breaks = frozenset(row.number for row in rows if is_ruler(text[row.start : row.end])) | headings.ids.keys()
    header = frozenset(_header_numbers(text, rows, breaks))
    labelled = [row for row in rows if row.label is not None and row.number not in header]
    stamped = [row for row in labelled if row.stamp is not None]
    sure = [row for row in labelled if row.stamp is None and _is_sure(text, row, roles)]
    if stamped and len(stamped) >= len(sure):
        first = next(row.number for row in rows if row.stamp is not None)
        return Layout(
            is_stamped=True,
            speakers=frozenset(_stamped_speakers(stamped, roles)),
            header=header,
            headings=headings,
            first=first,
        )
    body = [row for row in rows if row.number not in header and text[row.start : row.end].strip()]
    speakers = _plain_speakers(text, body, roles, breaks)
    return Layout(is_stamped=False, speakers=speakers, header=header, headings=headings, first=0)


def known_role(label: Label, roles: Mapping[str, Role]) -> Role | None:
    """Return what the user, or else the label itself, says the speaker is."""
    if roles:
        for name in label.spellings:
            if name in roles:
                return roles[name]
    return label.role


def _row(text: str, number: int, match: re.Match[str]) -> Row:
    start, end = match.span(1)
    stamp = _STAMP.match(text, start, end)
    after_stamp = start if stamp is None else stamp.end()
    named = _LABEL.match(text, after_stamp, end)
    label, late = (None, None) if named is None else named.group("label", "late")
    if label is None or not (label[0].isalpha() or any(char.isalpha() for char in label)):
        named = label = late = None
    early = None if stamp is None else stamp["framed"] or stamp["bare"]
    said = after_stamp if named is None else named.end()
    return Row(
        number=number,
        start=start,
        end=end,
        stamp=(early or late or "").strip() or None,
        is_dated=stamp is not None and (stamp["framed"] is not None or re.match(_DATE, stamp["bare"]) is not None),
        label=None if label is None else label_again(label),
        after_stamp=after_stamp,
        said=said,
        is_tight=named is not None and said < end and text[said - 1] == ":",
    )


def _is_sure(text: str, row: Row, roles: Mapping[str, Role]) -> bool:
    """Tell whether a line has the label of a role, or one that the user named."""
    label = row.label
    if label is None:
        return False
    if label.is_title and _is_talk(text[row.said : row.end]):
        return True
    return label.is_sure or (bool(roles) and any(name in roles for name in label.spellings))


def _is_talk(words: str) -> bool:
    """Tell whether words are said and name nobody: no "Jo Orr", no "Jo Orr, second floor"."""
    if _TALK.match(words):
        return True
    return words.rstrip().endswith((".", "!", "?")) and len(words.split()) >= _FEWEST_WORDS_OF_TALK


def _stamped_speakers(rows: Iterable[Row], roles: Mapping[str, Role]) -> Iterator[str]:
    labels = [row.label for row in rows if row.label is not None]
    counts = Counter(label.key for label in labels)
    for label in labels:
        is_likely = not label.is_field and (label.is_name or counts[label.key] > 1)
        if is_likely or known_role(label, roles) is not None:
            yield label.key


def _plain_speakers(
    text: str, body: Sequence[Row], roles: Mapping[str, Role], breaks: AbstractSet[int]
) -> frozenset[str]:
    labelled = [row for row in body if row.label is not None and row.number not in breaks]
    candidates = [row for row in labelled if not row.is_tight or _is_sure(text, row, roles)]
    announced = frozenset(_announced(text, labelled))
    counts = Counter(row.label.key for row in candidates if row.label is not None)
    found = {
        row.label.key
        for row in candidates
        if row.label is not None
        and (
            _is_sure(text, row, roles)
            or row.label.role is Role.SYSTEM
            or (_may_be_named(row.label) and announced.issuperset(row.label.name.split()))
            or (counts[row.label.key] > 1 and _may_speak(row.label))
        )
    }
    for section in _sections(body, breaks):
        found |= _single_speakers(section, found)
    return frozenset(found)


def _announced(text: str, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the words of names of whom the system or a bot says that they come in."""
    for row in rows:
        if row.label is not None and row.label.role in _ANNOUNCERS:
            for found in _COMES_IN.finditer(text, row.said, min(row.end, row.said + _MOST_CHARS_OF_EVENT)):
                yield from (found["who"] or found["whom"]).split()


def _may_be_named(label: Label) -> bool:
    return label.role is None and label.is_name and not label.is_field


def _sections(body: Iterable[Row], breaks: AbstractSet[int]) -> Iterator[list[Row]]:
    """Yield the lines between two drawn lines or headings; each section may be a conversation."""
    section: list[Row] = []
    for row in body:
        if row.number in breaks:
            yield section
            section = []
        else:
            section.append(row)
    yield section


def _single_speakers(section: Sequence[Row], found: AbstractSet[str]) -> set[str]:
    """Return labels that occur once and are speakers, if a section has too few without them."""
    labels = [(index, row.label) for index, row in enumerate(section) if row.label is not None and not row.is_tight]
    here = {label.key for _, label in labels} & found
    added: set[str] = set()
    for index, label in labels:
        if len(here | added) >= _FEWEST_SPEAKERS:
            break
        if _may_speak(label) and (here or added or index == 0):
            added.add(label.key)
    return added


def _may_speak(label: Label) -> bool:
    """Tell whether a label can be a speaker where nothing but its shape tells."""
    if label.is_note:
        return False
    return label.role is not None or (label.is_name and not label.is_field) or _is_handle(label)


def _is_handle(label: Label) -> bool:
    """Tell whether it looks like a user name: one word, in small letters, with a figure or mark."""
    return len(label.name.split()) == 1 and not label.is_field and not label.name.isalpha()


def _header_numbers(text: str, rows: Sequence[Row], breaks: AbstractSet[int]) -> Iterator[int]:
    """Yield the numbers of the lines that belong to a header at the top or below a break."""
    counts = Counter(row.label.key for row in rows if row.label is not None)
    is_top = True
    run: list[Row] = []
    for row in rows:
        line = text[row.start : row.end]
        is_break = row.number in breaks
        if is_top and row.label is not None and row.stamp is None and not is_break:
            run.append(row)
            continue
        if not (is_top or is_break):
            continue
        is_whole = not line.strip() and all(_may_be_field(text, item, counts) for item in run)
        yield from _header_of(run, is_whole=is_whole)
        # Blank lines above a header are no part of it; the one below ends it.
        is_top = is_break or (is_top and not run and not line.strip())
        run = []
    yield from _header_of(run, is_whole=False)


def _may_be_field(text: str, row: Row, counts: Mapping[str, int]) -> bool:
    """Tell whether a line can be a field of a header and not an utterance.

    `Agent: Jo` names the agent if no other line begins with `Agent`; `Agent: hello` is talk.
    """
    label = row.label
    if label is None or label.key in HEADER_KEYS:
        return True
    is_talk = label.is_sure and not parse_label(text[row.said : row.end]).is_name
    return counts[label.key] == 1 and not is_talk


def _header_of(run: Sequence[Row], *, is_whole: bool) -> Iterator[int]:
    """Yield the numbers of a run of `Key: value` lines that are a header.

    If the run is closed by a blank line and none of it can be talk, one known key
    makes all of it a header; else only the known keys before the first other line are.
    """
    known = [row.label is not None and row.label.key in HEADER_KEYS for row in run]
    if is_whole and any(known):
        yield from (row.number for row in run)
        return
    for row, is_known in zip(run, known, strict=True):
        if not is_known:
            return
        yield row.number
