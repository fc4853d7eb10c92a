"""Tell which lines of a plain-text transcript head a conversation.

The rule, made so that `## Case 2` or `Ticket 4412` inside a message parts nothing:

1. `# c-12` and `Conversation: c-12` head one.
2. So does a word such as `Chat`, `Call` or `Ticket` with a number or id, on a line of its own that
   is marked as a heading: `## Chat 2`, `=== Call 2 of 3 ===`, `**Ticket A-17**`, `## Chat 2: the kettle`.
3. Without marks (`Conversation 2`) it does if the first of its kind stands above all that is said, and
   it counts on from the last, or stands below a blank line with a number that none of its kind had.

Whether a conversation begins there is not told here: a speaker must follow, but where a heading
counts on from one above all that is said, which may have other lines below it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_PLAIN = re.compile(r"(?:#\s+(?:conversation:?\s+)?|conversation(?: id)?\s*:\s*)(?P<id>\S+)\s*$", re.IGNORECASE)
_NAMED = r"""(?xi:
    (?P<word>chat|conversation|transcript|call|ticket|case|dialog(?:ue)?|session|interaction)
    (?:\s(?:transcript|log|session|id|no\.?|number))?
    (?P<joint>\s?[:#]\s?\#?|\s)
    (?P<id>(?=[\w./-]*\d|[a-z]\b)\w[\w./-]*)
)"""
_KIND = r"(?i:(?:support|service|customer|phone|live|sales|sample|example|new)\s)?"
_TITLE = r"(?P<title>(?:\s+of\s+\d+)?(?:\s*(?:[:(|\u2013\u2014]|-\s).*?)?)"
_MARKED = re.compile(
    rf"\s*(?:\#{{1,6}}\s+|(?P<open>[=*~_-]{{3,}}|\*\*|__|\[)\s*){_KIND}{_NAMED}{_TITLE}"
    r"\s*(?:[=*~_-]{2,}|\]|\#+)?\s*$"
)
_BARE = re.compile(rf"(?=.*\d)\s*{_NAMED}\s*:?\s*$")
# No heading is longer.
_MOST_CHARS = 120


@dataclass(frozen=True, slots=True)
class Headings:
    """The lines of a transcript that may head a conversation, by their number.

    Attributes:
        ids: Ids in the headings.
        titled: Those that say more than an id.
        counted: Those that count on from a heading above all that is said.
        doubtful: Lines that look like headings, but are taken for words.
    """

    ids: Mapping[int, str] = field(default_factory=dict)
    titled: frozenset[int] = frozenset()
    counted: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()


def find_headings(lines: Iterable[tuple[int, str, bool]]) -> Headings:
    """Find the lines that may head a conversation; see the rule at the top of this file.

    Args:
        lines: Number and words of each line, and whether it may be a speaker's.
    """
    ids: dict[int, str] = {}
    titled: set[int] = set()
    counted: set[int] = set()
    doubtful: set[int] = set()
    # The ids of each kind whose first stands above all that is said.
    kinds: dict[str, list[str]] = {}
    is_said, is_below_blank = False, True
    for number, line, may_be_said in lines:
        marked = _match(_MARKED, line)
        found = marked or _match(_BARE, line)
        if (plain := plain_id(line)) is not None:
            ids[number] = plain
        elif found is not None:
            if not is_said:
                kinds.setdefault(found["word"].lower(), [])
            above = kinds.get(found["word"].lower())
            is_new = above is not None and ":" not in found["joint"] and found["id"] not in above
            is_counted = is_new and _counts_on(above, found["id"])
            if marked or is_counted or (is_new and is_below_blank):
                ids[number] = found["id"]
            else:
                doubtful.add(number)
            counted |= {number} if is_counted else set()
            titled |= {number} if marked and marked["title"] else set()
            if above is not None:
                above.append(found["id"])
        else:
            is_said = is_said or may_be_said
        is_below_blank = not line.strip()
    return Headings(ids, frozenset(titled), frozenset(counted), frozenset(doubtful))


def _counts_on(above: Sequence[str] | None, found: str) -> bool:
    """Tell whether a number is the next one."""
    last = above[-1] if above else ""
    return last.isdecimal() and found.isdecimal() and int(found) == int(last) + 1


def plain_id(line: str) -> str | None:
    """Return the id in `# c-12` or `Conversation: c-12`, None for other lines."""
    match = _PLAIN.match(line) if line[:1] in _PLAIN_BEGINS else None
    return None if match is None else match["id"]


_PLAIN_BEGINS = frozenset("#cC")


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.match(line) if 0 < len(line) <= _MOST_CHARS and any(map(str.isalnum, line)) else None
