"""Tell which lines of a plain-text transcript head a conversation.

The rule, made so that `## Case 2` or `Ticket 4412` inside a message parts nothing:

1. `# c-12` and `Conversation: c-12` head one.
2. So does a word such as `Chat`, `Call` or `Ticket` with a number or id, on a line of its own that
   is marked as a heading: `## Chat 2`, `=== Call 2 of 3 ===`, `**Ticket A-17**`, `## Chat 2: the kettle`.
3. Without marks (`Conversation 2`) it does below a blank line, if the first of its kind stands above
   all that is said, and no line of its kind had this number before.

Whether a conversation begins there is not told here: a speaker must follow.
"""

import re
from collections.abc import Iterable, Mapping
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
        doubtful: Lines that look like headings, but are taken for words.
    """

    ids: Mapping[int, str] = field(default_factory=dict)
    titled: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()


def find_headings(lines: Iterable[tuple[int, str, bool]]) -> Headings:
    """Find the lines that may head a conversation; see the rule at the top of this file.

    Args:
        lines: Number and words of each line, and whether it may be a speaker's.
    """
    ids: dict[int, str] = {}
    titled: set[int] = set()
    doubtful: set[int] = set()
    seen: set[tuple[str, str]] = set()
    series: set[str] = set()
    is_said, is_below_blank = False, True
    for number, line, may_be_said in lines:
        if (plain := plain_id(line)) is not None:
            ids[number] = plain
        elif (marked := _match(_MARKED, line)) is not None:
            ids[number] = marked["id"]
            titled |= {number} if marked["title"] else set()
        elif (bare := _match(_BARE, line)) is not None:
            word, name = bare["word"].lower(), bare["id"]
            series |= set() if is_said or ":" in bare["joint"] else {word}
            if word in series and is_below_blank and ":" not in bare["joint"] and (word, name) not in seen:
                ids[number] = name
            else:
                doubtful.add(number)
            seen.add((word, name))
        else:
            is_said = is_said or may_be_said
        is_below_blank = not line.strip()
    return Headings(ids, frozenset(titled), frozenset(doubtful))


def plain_id(line: str) -> str | None:
    """Return the id in `# c-12` or `Conversation: c-12`, None for other lines."""
    match = _PLAIN.match(line) if line[:1] in _PLAIN_BEGINS else None
    return None if match is None else match["id"]


_PLAIN_BEGINS = frozenset("#cC")


def _match(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    return pattern.match(line) if 0 < len(line) <= _MOST_CHARS and any(map(str.isalnum, line)) else None
