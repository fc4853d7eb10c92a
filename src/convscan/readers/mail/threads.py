"""Join mails to threads: by the ids that they name, else by subject and people.

Of each mail only an entry of some hundred bytes is held here, so that a mailbox of any
size can be put in order before the first word of it is read.
"""

import heapq
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sys import intern

from convscan.readers.mail.message import Envelope
from convscan.readers.mail.sides import group_of
from convscan.readers.short_hash import short_hash

# "Re:", "AW: WG:", "Fwd[2]:" and what other languages put there, and marks such as "[EXT]" before them.
_REPLY_PREFIX = re.compile(
    r"\s{0,3}(?:(?:re|aw|antw|antwort|sv|vs|rif|r|res|resp|odp|ref|rv|enc|wg|fw|fwd|tr|i|doorst|pd|rvs|vb|\u7b54\u590d|\u56de\u590d)"
    r"(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\))?\s?[:\uff1a]\s{0,3})",
    re.IGNORECASE,
)
_MAX_PREFIXES = 20
# How many earlier threads of one subject are looked at; more with one subject are notices, not talks.
_MAX_SAME_SUBJECT = 50
_MIN_SHARED_PEOPLE = 2
_EVERYWHERE_SHARE = 0.8
_MIN_THREADS_FOR_SHARE = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A mail as far as putting it in order needs; ids and addresses as hashes.

    Attributes:
        start: Where it begins in the file, or its number among files.
        size: In bytes.
        line: Its first line in the file; 0 if lines mean nothing.
    """

    start: int
    size: int
    line: int
    own: int
    answers: tuple[int, ...]
    marks: tuple[int, ...]
    seconds: float | None
    subject: int
    is_answer: bool
    people: tuple[int, ...]
    companies: tuple[str, ...]


def entry_of(envelope: Envelope, *, start: int, size: int, line: int) -> Entry:
    """Return the entry of a mail with these headers."""
    subject, is_answer = plain_subject(envelope.subject)
    people = [person for person in (envelope.sender, *envelope.recipients) if person is not None and person.address]
    return Entry(
        start=start,
        size=size,
        line=line,
        own=short_hash(envelope.id) if envelope.id else 0,
        answers=tuple(short_hash(name) for name in envelope.answers),
        marks=tuple(short_hash(name) for name in envelope.marks),
        seconds=None if envelope.moment is None else envelope.moment.seconds,
        subject=short_hash(subject) if subject else 0,
        is_answer=is_answer or bool(envelope.answers),
        people=tuple(dict.fromkeys(short_hash(person.address) for person in people)),
        companies=tuple(dict.fromkeys(intern(group_of(person)) for person in people[:20])),
    )


def plain_subject(subject: str) -> tuple[str, bool]:
    """Return a subject without "Re:" and the like, for comparing, and whether it had one."""
    at = count = 0
    while (found := _REPLY_PREFIX.match(subject, at)) and count < _MAX_PREFIXES:
        at, count = found.end(), count + 1
    return " ".join(subject[at:].casefold().split()), count > 0


def join_threads(entries: Sequence[Entry]) -> tuple[list[list[Entry]], int]:
    """Return the threads in the order in which they begin in the file, and how many mails were joined by subject.

    Each thread is in time order; an answer never stands before the mail that it answers.
    """
    joined = _Joined(len(entries))
    owner: dict[int, int] = {}
    for number, entry in enumerate(entries):
        for name in (entry.own, *entry.answers, *entry.marks):
            if name:
                joined.join(owner.setdefault(name, number), number)
    by_subject = _join_by_subject(entries, joined)
    threads: dict[int, list[Entry]] = {}
    for number, entry in enumerate(entries):
        threads.setdefault(joined.root(number), []).append(entry)
    return [list(_in_order(thread)) for thread in threads.values()], by_subject


def company_of(threads: Sequence[Sequence[Entry]]) -> str | None:
    """Return the one domain that takes part in nearly all threads; None if there is none, or two."""
    if len(threads) < _MIN_THREADS_FOR_SHARE:
        return None
    counts: Counter[str] = Counter()
    for thread in threads:
        counts.update({name for entry in thread for name in entry.companies})
    frequent = [name for name, count in counts.items() if count >= _EVERYWHERE_SHARE * len(threads)]
    return frequent[0] if len(frequent) == 1 else None


def _join_by_subject(entries: Sequence[Entry], joined: "_Joined") -> int:
    """Join answers that name no mail of the file with an earlier one of their subject and people."""
    sizes = Counter(joined.root(number) for number in range(len(entries)))
    alone = {number for number in range(len(entries)) if sizes[joined.root(number)] == 1}
    of_subject: dict[int, list[int]] = {}
    count = 0
    order = sorted(range(len(entries)), key=lambda number: (_time(entries[number]), number))
    for number in order:
        entry = entries[number]
        if not entry.subject:
            continue
        earlier = of_subject.setdefault(entry.subject, [])
        if entry.is_answer and number in alone:
            for other in reversed(earlier[-_MAX_SAME_SUBJECT:]):
                if len(set(entry.people) & set(entries[other].people)) >= _MIN_SHARED_PEOPLE:
                    joined.join(other, number)
                    count += 1
                    break
        earlier.append(number)
    return count


class _Joined:
    """Which numbers belong together."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, number: int) -> int:
        """Return the least number that belongs with one."""
        while self._above[number] != number:
            self._above[number] = self._above[self._above[number]]
            number = self._above[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Let two belong together."""
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low


def _in_order(thread: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the mails of a thread by time, each after the one that it answers; a circle is cut at its earliest."""
    numbers = {entry.own: number for number, entry in reversed(list(enumerate(thread))) if entry.own}
    waits: dict[int, list[int]] = {}
    is_free = [True] * len(thread)
    for number, entry in enumerate(thread):
        above = next((numbers[name] for name in reversed(entry.answers) if name in numbers), number)
        if above != number:
            waits.setdefault(above, []).append(number)
            is_free[number] = False
    by_time = sorted(range(len(thread)), key=lambda number: (_time(thread[number]), number))
    ready = [(_time(thread[number]), number) for number in by_time if is_free[number]]
    heapq.heapify(ready)
    is_done = [False] * len(thread)
    rest = iter(by_time)
    for _ in thread:
        if not ready:
            ready = [next((_time(thread[number]), number) for number in rest if not is_done[number])]
        _, number = heapq.heappop(ready)
        is_done[number] = True
        yield thread[number]
        for follower in waits.pop(number, ()):
            if not is_done[follower]:
                heapq.heappush(ready, (_time(thread[follower]), follower))


def _time(entry: Entry) -> float:
    # Without a date it goes by the mail that it answers, else first.
    return float("-inf") if entry.seconds is None else entry.seconds
