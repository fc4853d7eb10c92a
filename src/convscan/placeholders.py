"""Placeholders in templates: which styles there are, what each stands for, which are broken."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text, for sets of many."""
    return frozenset(text.split())


class PlaceholderKind(StrEnum):
    """What will stand in the place of a placeholder when the message is sent."""

    NAME = "name"
    TIME = "time"
    AMOUNT = "amount"
    NUMBER = "number"
    LINK = "link"
    CONTACT = "contact"
    REASON = "reason"
    NEXT_STEP = "next-step"
    OTHER = "other"
    # `{% if … %}`, `{{#each …}}`: gone when the message is sent.
    CONTROL = "control"
    # `{# … #}`, `<!-- … -->`: likewise.
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder, `[start, end)` in code points.

    Attributes:
        written: As it stands there.
        name: What is between the marks, without filters.
        fault: What is wrong with it; None if it is well formed.
    """

    start: int
    end: int
    written: str
    name: str
    kind: PlaceholderKind
    fault: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether something stands in its place when the message is sent."""
        return self.kind not in {PlaceholderKind.CONTROL, PlaceholderKind.COMMENT}


# The tags that HTML has; `<first name>` is none of them.
_HTML_TAG = (
    r"</?(?:a|abbr|address|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup|dd|del|div"
    r"|dl|dt|em|figure|font|footer|form|h[1-6]|head|header|hr|html|i|img|input|ins|kbd|label|li|link|main|mark|meta|nav"
    r"|o:p|ol|p|pre|q|s|samp|section|small|span|strike|strong|style|sub|sup|table|tbody|td|tfoot|th|thead|time|title|tr"
    r"|tt|u|ul|var)(?:\s[^<>]{0,2000})?/?>"
)
_CAPITAL_NOUN = (
    r"(?:CUSTOMER|CLIENT|USER|AGENT|ADVISER|ADVISOR|ORDER|TICKET|CASE|COMPANY|FIRST|LAST|PRODUCT|INVOICE|ACCOUNT)"
)
_CAPITAL_DETAIL = r"(?:NAME|NUMBER|NO|ID|DATE|REFERENCE|REF|AMOUNT|EMAIL|PHONE|ADDRESS|LINK|TITLE)"

# Every part is bounded and no two can match the same text in many ways, so that a text of any size takes
# time in proportion to its length.
# A comment holds no opening of another: an unclosed one is left at the next, and the time stays linear.
_COMMENTS = (
    r"<!--(?:[^<-]|-(?!->)|<(?!!--)){0,20000}-->"
    r"|\{#(?:[^{#]|#(?!\})|\{(?!#)){0,20000}#\}"
    r"|\{\{!--(?:[^{-]|-(?!-\}\})|\{(?!\{!--)){0,20000}--\}\}|\{\{![^{}]{0,2000}\}\}"
    r"|\{%-?\s{0,9}comment\s{0,9}-?%\}(?:[^{]|\{(?!%-?\s{0,9}(?:end)?comment)){0,20000}\{%-?\s{0,9}endcomment\s{0,9}-?%\}"
)
_PLACEHOLDER = re.compile(
    rf"(?P<comment>{_COMMENTS}|^[ \t]{{0,20}}\#[ \t]{{0,9}}convscan:[^\n]{{0,2000}})"
    r"|(?P<code>(?P<ticks>`{1,3})(?:[^`]{1,2000})(?P=ticks))"
    rf"|(?P<html>{_HTML_TAG})"
    r"|\{%-?(?P<tag>[^{}]{1,500}?)-?%\}"
    r"|(?P<open>[$#%]?\{{1,4})(?P<braced>[^{}\n]{0,200}?)(?P<close>\}{1,4})"
    r"|%\((?P<percent_named>\w{1,60})\)[sd]|%(?P<percent>[A-Za-z]\w{0,60})%|%%(?P<double_percent>\w{1,60})%%"
    r"|%(?P<printf>\d{0,2}\$?[sd])(?![\w%])"
    r"|\*\|(?P<merge>[\w:]{1,60})\|\*"
    r"|<<(?P<double_angle>[^<>\n]{1,80})>>|\u00ab(?P<guillemets>\w{1,60})\u00bb"
    r"|<(?P<angle>[A-Za-z][\w /_'-]{0,60})>"
    r"|\[\[(?P<double_bracket>[^\[\]\n]{1,100})\]\]"
    r"|(?P<image>!?)\[(?P<bracket>[^\[\]\n]{1,200})\](?P<target>\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\]|:[ ])?"
    r"|(?<![\w$])\$(?P<dollar>[A-Za-z_]\w{1,60})"
    r"|(?<![\w.])@(?P<handle>username|user|name|customer|handle|agent|first_?name)\b"
    r"|(?P<underscores>_{3,}(?![\w_]))"
    r"|(?<![.\w])(?P<dots>\.{4,}|\u2026{2,})"
    r"|\b(?P<crosses>[Xx]{3,}(?:[-/ ][Xx]{2,}){0,4}|XX(?:[-/]X{2,4}){1,3})\b"
    rf"|\b(?P<capitals>{_CAPITAL_NOUN}(?:[ _]{_CAPITAL_NOUN})?[ _]{_CAPITAL_DETAIL})\b",
    re.MULTILINE | re.DOTALL,
)
_NAME_GROUPS = (
    "percent_named", "percent", "double_percent", "merge", "double_angle", "guillemets", "angle", "double_bracket",
    "bracket", "dollar", "handle", "capitals",
)  # fmt: skip
_NO_NAME_GROUPS = ("underscores", "dots", "crosses", "printf")

# What is left where a mark is missing altogether.
_UNOPENED = re.compile(r"(?<![\w{}.])[A-Za-z][\w.]{0,80}\}{1,2}")
_UNCLOSED = re.compile(r"[$#]?\{{1,2}%?[ \t]{0,3}[\w.]{0,80}|\{%")
_UNCLOSED_BRACKET = re.compile(r"\[(?=[A-Za-z])[\w /'-]{1,60}(?![^\n]{0,500}\])")
_UNCLOSED_PERCENT = re.compile(r"(?<![\w%])%[A-Z][A-Z_]{2,60}\b(?!%)")
_CHECKBOX = re.compile(r"[ xX]?$|\^|!|\d{1,4}$")
_HANDLEBARS = re.compile(r"\{\{[~#/^>]|\{\{~?else\b")

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_KINDS: Mapping[PlaceholderKind, frozenset[str]] = {
    PlaceholderKind.NAME: words_of(
        "name firstname fname forename lname lastname surname salutation username requester recipient fullname"
    ),
    PlaceholderKind.TIME: words_of(
        "time times date day days hour hours minute minutes week weeks month months timeframe eta deadline "
        "due when period duration until sla datetime timestamp weekday year start end"
    ),
    PlaceholderKind.AMOUNT: words_of(
        "amount price total fee fees cost costs balance credit sum charge percent percentage discount money "
        "value currency limit"
    ),
    PlaceholderKind.LINK: words_of("link url href uri website webpage portal"),
    PlaceholderKind.CONTACT: words_of("email mail phone telephone tel address mobile fax"),
    PlaceholderKind.REASON: words_of("reason reasons cause explanation why because"),
    PlaceholderKind.NEXT_STEP: words_of("next steps step action actions"),
    PlaceholderKind.NUMBER: words_of(
        "number no num nr id ref reference code order ticket invoice account tracking quantity qty count "
        "version percent size"
    ),
}
# A product's name is no person's.
_NO_PERSON = words_of(
    "product company service plan department shop store brand file item city country depot town street "
    "team business organization organisation app feature course bank carrier courier subscription site "
    "event"
)
_PERSON = words_of("customer client user agent requester assignee recipient contact guest member")

# Names that templates use everywhere: a part that is one slip away from one of them is misspelt.
_COMMON_PARTS = words_of(
    "customer client agent requester assignee company account number order ticket invoice address product "
    "payment amount tracking reference delivery refund subscription support signature current "
    "organization appointment receipt quantity percentage password username firstname lastname first"
)
_MIN_SLIP_CHARS = 5


def find_placeholders(text: str, known: Mapping[str, PlaceholderKind | None] | None = None) -> list[Placeholder]:
    """Find the placeholders of a template, in order, well formed and broken.

    Args:
        text: The template.
        known: The names that the sender knows, with what they stand for; any other name is a
            fault. Empty or None if nothing is known. A name may end in `*`.

    Returns:
        Placeholders that do not overlap. Markup is not among them.
    """
    known = known or {}
    found = [one for match in _PLACEHOLDER.finditer(text) for one in _placeholders_of(match, known)]
    taken = _Taken(text, found)
    found.extend(taken.broken())
    return _with_unbalanced_blocks(sorted(found, key=lambda one: one.start))


def markup_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the HTML tags in a text."""
    return (match.span("html") for match in _PLACEHOLDER.finditer(text) if match["html"])


def _placeholders_of(match: re.Match[str], known: Mapping[str, PlaceholderKind | None]) -> Iterator[Placeholder]:
    if match["comment"]:
        yield Placeholder(match.start(), match.end(), match[0], "", PlaceholderKind.COMMENT)
    elif match["tag"] is not None:
        yield Placeholder(match.start(), match.end(), match[0], match["tag"].strip(), PlaceholderKind.CONTROL)
    elif match["open"]:
        yield _braced(match, known)
    elif match["code"] or match["html"] or _is_markdown(match):
        return
    else:
        name = next((match[group] for group in _NAME_GROUPS if match[group]), "")
        is_free = match["bracket"] is not None or not name or match["angle"] is not None
        fault = None if is_free else _fault_of_name(name, known)
        kind = kind_of(name, known) if name else _kind_without_name(match)
        yield Placeholder(match.start(), match.end(), match[0], name.strip(), kind, fault)


def _kind_without_name(match: re.Match[str]) -> PlaceholderKind:
    return PlaceholderKind.NUMBER if match["crosses"] else PlaceholderKind.OTHER


def _is_markdown(match: re.Match[str]) -> bool:
    """Whether a pair of square brackets is a link, an image, a footnote or a box to tick."""
    if match["bracket"] is None:
        return False
    return bool(match["image"] or match["target"]) or _CHECKBOX.match(match["bracket"]) is not None


def _braced(match: re.Match[str], known: Mapping[str, PlaceholderKind | None]) -> Placeholder:
    opened, inside, closed = match["open"].lstrip("$#%"), match["braced"], match["close"]
    name = re.split(r"\|\|?", inside)[0].strip(" ~-!=")
    fault = None
    if len(opened) != len(closed):
        right = "{" * max(len(opened), len(closed)) + inside + "}" * max(len(opened), len(closed))
        fault = f"it opens with {opened} and closes with {closed}; write {right}"
    elif not name:
        fault = "it is empty; name what shall stand here"
    elif _HANDLEBARS.match(match[0]):
        return Placeholder(match.start(), match.end(), match[0], inside.strip(), PlaceholderKind.CONTROL)
    else:
        fault = _fault_of_name(name, known)
    return Placeholder(match.start(), match.end(), match[0], name, kind_of(name, known), fault)


def _fault_of_name(name: str, known: Mapping[str, PlaceholderKind | None]) -> str | None:
    if known:
        if _entry(name, known) is not None:
            return None
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
        return f"{name!r} is not on the list of placeholders; {hint}"
    slips = ((part, _meant(part)) for part in _words(name))
    return next((f"{part!r} looks misspelt; did you mean {meant!r}?" for part, meant in slips if meant), None)


def _entry(name: str, known: Mapping[str, PlaceholderKind | None]) -> str | None:
    """Return the entry of the list under which a name is known."""
    if name in known:
        return name
    return next((entry for entry in known if "*" in entry and fnmatchcase(name, entry)), None)


def _meant(part: str) -> str | None:
    """Return the common name from which a word differs by one letter too many, too few, or two swapped."""
    if len(part) < _MIN_SLIP_CHARS or part in _COMMON_PARTS:
        return None
    return next((word for word in sorted(_COMMON_PARTS) if _is_slip(part, word)), None)


def _is_slip(part: str, word: str) -> bool:
    if abs(len(part) - len(word)) > 1 or part[0] != word[0] or part[-1] != word[-1]:
        return False  # "orders", "customers" and "reorder" are words of their own
    if len(part) == len(word):
        wrong = [number for number, (one, other) in enumerate(zip(part, word, strict=True)) if one != other]
        return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(part) == sorted(word)  # noqa: PLR2004 # two swapped letters
    longer, shorter = (part, word) if len(part) > len(word) else (word, part)
    return any(longer[:number] + longer[number + 1 :] == shorter for number in range(len(longer)))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def kind_of(name: str, known: Mapping[str, PlaceholderKind | None] | None = None) -> PlaceholderKind:
    """Return what a name stands for: what the list says, else what its words say."""
    entry = _entry(name, known) if known else None
    if entry is not None and known and (kind := known[entry]) is not None:
        return kind
    words = _words(name)
    if not words:
        return PlaceholderKind.OTHER
    if words[-1] in _KINDS[PlaceholderKind.NAME]:
        return PlaceholderKind.OTHER if _NO_PERSON & set(words) else PlaceholderKind.NAME
    if len(words) == 1 and words[0] in _PERSON:
        return PlaceholderKind.NAME
    # "refund_date" is a date and "order_link" a link: the last word counts most.
    for word in reversed(words):
        for kind, names in _KINDS.items():
            if word in names and kind is not PlaceholderKind.NAME:
                return kind
    return PlaceholderKind.NAME if _KINDS[PlaceholderKind.NAME] & set(words) else PlaceholderKind.OTHER


class _Taken:
    """A text without the placeholders that were found, to look for halves of others."""

    def __init__(self, text: str, found: list[Placeholder]) -> None:
        self._text = blanked(text, ((one.start, one.end) for one in found))
        self._text = blanked(self._text, markup_in(text))
        self._text = blanked(self._text, (match.span() for match in _PLACEHOLDER.finditer(text) if match["code"]))

    def broken(self) -> Iterator[Placeholder]:
        for pattern, message in (
            (_UNCLOSED, "it is never closed"),
            (_UNOPENED, "it is never opened"),
            (_UNCLOSED_BRACKET, "it is never closed"),
            (_UNCLOSED_PERCENT, "it is never closed"),
        ):
            for match in pattern.finditer(self._text):
                name = match[0].strip("{}[]%$# ")
                written = match[0].rstrip()
                end = match.start() + len(written)
                yield Placeholder(match.start(), end, written, name, kind_of(name), message)
            self._text = pattern.sub(lambda match: " " * len(match[0]), self._text)


def blanked(text: str, spans: "Iterator[tuple[int, int]]") -> str:
    """Return text of the same length with white space in place of some spans; line breaks stay."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        if start < at:
            continue
        parts.extend((text[at:start], re.sub(r"[^\r\n]", " ", text[start:end])))
        at = end
    return "".join((*parts, text[at:]))


# Jinja's and Liquid's blocks; `{% set x = 1 %}` and the like have no end.
_BLOCKS = words_of(
    "if for unless case block macro raw capture tablerow filter with call autoescape trans form paginate"
)
_HANDLEBARS_BLOCK = re.compile(r"\{\{~?(?P<sign>[#^/])\s{0,9}(?P<name>[\w.]{1,60})?")


def _with_unbalanced_blocks(found: list[Placeholder]) -> list[Placeholder]:
    """Mark block tags that have no partner."""
    faults: dict[int, str] = {}
    opened: list[tuple[int, str]] = []
    for number, one in enumerate(found):
        step = _block_step(one)
        if step is None:
            continue
        opens, name = step
        if opens:
            opened.append((number, name))
        elif opened and opened[-1][1] == name:
            opened.pop()
        elif name in {block for _, block in opened}:
            while opened[-1][1] != name:
                late, block = opened.pop()
                faults[late] = f"{block!r} is never closed"
            opened.pop()
        else:
            faults[number] = f"it closes {name!r}, which is not open here"
    faults.update({number: f"{name!r} is never closed" for number, name in opened})
    return [_with_fault(one, faults.get(number)) for number, one in enumerate(found)]


def _block_step(one: Placeholder) -> tuple[bool, str] | None:
    """Return whether a tag opens or closes a block, and which; None for any other tag."""
    if one.kind is not PlaceholderKind.CONTROL:
        return None
    if one.written.startswith("{{"):
        match = _HANDLEBARS_BLOCK.match(one.written)
        return (match["sign"] != "/", match["name"]) if match and match["name"] else None
    word = one.name.split(maxsplit=1)[0] if one.name else ""
    if word in _BLOCKS:
        return True, word
    return (False, word[3:]) if word.startswith("end") and word[3:] in _BLOCKS else None


def _with_fault(one: Placeholder, fault: str | None) -> Placeholder:
    if fault is None:
        return one
    return Placeholder(one.start, one.end, one.written, one.name, one.kind, fault)
