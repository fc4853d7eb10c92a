"""Placeholders in templates: which styles there are, what each stands for, which are broken."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from convscan.placeholders.names import PlaceholderKind, fault_of_name, kind_of, words_of

# Names that the sender knows, with what they stand for; None where the name itself tells it.
KnownPlaceholders: TypeAlias = Mapping[str, PlaceholderKind | None]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder, `[start, end)` in code points.

    Attributes:
        written: As it stands there.
        name: What is between the marks, without filters.
        fault: What is wrong with it; None if it is well formed.
        remedy: What to do about it, as a sentence; None where the fault says it, or anybody knows.
    """

    start: int
    end: int
    written: str
    name: str
    kind: PlaceholderKind
    fault: str | None = None
    remedy: str | None = None

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
    r"|\{\{(?P<lines>(?:[^{}\r\n]|\r?\n(?![ \t]*\r?\n)){1,400})\}\}"
    r"|%\((?P<percent_named>\w{1,60})\)[sd]|%(?P<percent>[A-Za-z]\w{0,60})%|%%(?P<double_percent>\w{1,60})%%"
    r"|%(?P<printf>\d{0,2}\$?[sd])(?![\w%])"
    r"|\*\|(?P<merge>[\w:]{1,60})\|\*"
    r"|<<(?P<double_angle>[^<>\n]{1,80})>>|\u00ab(?P<guillemets>\w{1,60})\u00bb"
    r"|<(?P<angle>[A-Za-z][\w /_'-]{0,60})>"
    r"|\[\[(?P<double_bracket>[^\[\]\n]{1,100})\]\]"
    r"|(?P<image>!?)\[(?P<bracket>[^\[\]\n]{1,200})\](?=(?P<target>\([^()\n]{0,500}\)|\[[^\[\]\n]{0,100}\]|:[ ]))?"
    r"|(?<![\w$])\$(?P<dollar>[A-Za-z_]\w{1,60})"
    r"|(?<![\w.])@(?P<handle>username|user|name|customer|handle|agent|first_?name)\b"
    r"|(?P<underscores>_{3,}(?![\w_]))"
    r"|(?<![.\w])(?P<dots>\.{4,}|\u2026{2,})"
    r"|\b(?P<crosses>[Xx]{3,}(?:[-/ ][Xx]{2,}){0,4}|XX(?:[-/]X{2,4}){1,3})\b"
    rf"|\b(?P<capitals>{_CAPITAL_NOUN}(?:[ _]{_CAPITAL_NOUN})?[ _]{_CAPITAL_DETAIL})\b",
    re.MULTILINE | re.DOTALL,
)
# A text without any of these signs and runs holds no placeholder, and most messages hold none. All begin with
# one class of characters, which is sought many times faster than alternatives are.
_MAY_HOLD = re.compile(
    r"[][{}<\u00ab$%*#@_.\u2026xXA-Z]"
    r"(?:(?<=[][{}<\u00ab])|(?<=\$)[A-Za-z_]|(?<=%)[\w(%]|(?<=\*)\||(?<=#)[ \t]{0,9}convscan:"
    r"|(?<=@)(?:user|name|customer|handle|agent|first)|(?<=_)_{2}|(?<=\.)\.{3}|(?<=\u2026)\u2026|(?<=[Xx])[Xx]"
    r"|(?<=[A-Z][ _][A-Z])[A-Z])"
)
# Inside a value stands `{{ "a" | filter }}` with quotes of its own.
_FILLED_IN = r"\{\{[^{}<>]*+\}\}|\{%[^{}<>]*+%\}"
# Attributes that somebody reads or follows.
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'])(?:alt|title|href|src|content|summary|placeholder|aria-label|aria-description)\s{0,9}=\s{0,9}"
    rf"(?:\"(?P<double>(?:{_FILLED_IN}|[^\"])*+)\"|'(?P<single>(?:{_FILLED_IN}|[^'])*+)'|(?P<bare>[^\s\"'>]++))",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(r"\s*+(?:javascript|data):", re.IGNORECASE)
_MAY_BREAK = re.compile(r"[{}]|\*\|")
_NAME_GROUPS = (
    "lines", "percent_named", "percent", "double_percent", "merge", "double_angle", "guillemets", "angle",
    "double_bracket", "bracket", "dollar", "handle", "capitals",
)  # fmt: skip

# What is left where a mark is missing altogether.
_UNOPENED = re.compile(r"(?<![\w{}.])[A-Za-z][\w.]{0,80}\}{1,2}")
_UNCLOSED = re.compile(r"[$#]?\{\{[ \t]{0,3}[\w.]{0,80}|[$#]?\{(?=[A-Za-z])[\w.]{1,80}|\{%[ \t]{0,3}[\w.]{0,80}")
_UNCLOSED_BRACKET = re.compile(r"\[(?=[A-Za-z])[\w /'-]{1,60}(?!(?:[^\n]|\n(?!\s*\n)){0,500}\])")
_MISMATCHED = re.compile(
    r"(?P<open>\[(?=[^]\n]{1,62}\})|\{{1,2}(?=[^}\n]{1,62}\]))"
    r"(?P<name>[A-Za-z][\w /.'-]{0,60})(?P<close>(?<=\w)(?:\}{1,2}|\]))"
)
_CLOSING = {"[": "]", "{": "}", "{{": "}}"}
_UNCLOSED_PERCENT = re.compile(r"(?<![\w%])%[A-Z][A-Z_]{2,60}\b(?!%)")
_CHECKBOX = re.compile(r"[ xX]?$|\^|!|\d{1,4}$")
_HANDLEBARS = re.compile(r"\{\{[~#/^>]|\{\{~?else\b")


def find_placeholders(text: str, known: KnownPlaceholders | None = None) -> list[Placeholder]:
    """Find the placeholders of a template, in order, well formed and broken.

    Args:
        text: The template.
        known: The names that the sender knows, with what they stand for; any other name is a
            fault. Empty or None if nothing is known. A name may end in `*`.

    Returns:
        Placeholders that do not overlap. Markup is not among them.
    """
    if not _MAY_HOLD.search(text):
        return []
    known = known or {}
    found = [one for match in _PLACEHOLDER.finditer(text) for one in _placeholders_of(match, known)]
    taken = _Taken(text, found)
    found.extend(taken.broken())
    return _with_unbalanced_blocks(sorted(found, key=lambda one: one.start))


def has_broken_attribute(tag: str, known: KnownPlaceholders | None = None) -> bool:
    """Tell whether a placeholder in an attribute of an HTML tag is broken.

    Args:
        tag: The tag as it is written, brackets included.
        known: As for `find_placeholders`.
    """
    match = _PLACEHOLDER.fullmatch(tag) if _MAY_BREAK.search(tag) else None
    return match is not None and any(one.fault is not None for one in _placeholders_of(match, known or {}))


def markup_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the bounds of the HTML tags in a text."""
    return (match.span("html") for match in _PLACEHOLDER.finditer(text) if match["html"])


def _placeholders_of(match: re.Match[str], known: KnownPlaceholders) -> Iterator[Placeholder]:
    if match["comment"]:
        yield Placeholder(match.start(), match.end(), match[0], "", PlaceholderKind.COMMENT)
    elif match["tag"] is not None:
        yield Placeholder(match.start(), match.end(), match[0], match["tag"].strip(), PlaceholderKind.CONTROL)
    elif match["open"]:
        yield _braced(match, known)
    elif match["html"]:
        yield from _in_attributes(match, known)
    elif match["code"]:
        return
    elif _is_markdown(match):
        for inside in _PLACEHOLDER.finditer(match.string, match.start("bracket"), match.end("bracket")):
            yield from _placeholders_of(inside, known)
    else:
        name = next((match[group] for group in _NAME_GROUPS if match[group]), "").split("|", 1)[0].strip(" \t\r\n~-")
        is_free = match["bracket"] is not None or not name or match["angle"] is not None
        fault = None if is_free else fault_of_name(name, known)
        kind = kind_of(name, known) if name else _kind_without_name(match)
        yield Placeholder(match.start(), match.end(), match[0], name, kind, fault)


def _in_attributes(tag: re.Match[str], known: KnownPlaceholders) -> Iterator[Placeholder]:
    """Yield what shall be filled into the attributes of a tag that people read or follow.

    Styles and scripts have braces of their own, addresses have percent and at signs. Block
    tags are left out: an attribute is often written in parts.
    """
    if not _MAY_BREAK.search(tag["html"]):
        return
    for attribute in _ATTRIBUTE.finditer(tag.string, *tag.span("html")):
        group = attribute.lastgroup or "bare"
        value, start = attribute[group], attribute.start(group)
        if _NO_ADDRESS.match(value):
            continue
        for one in find_placeholders(value, known):
            if one.is_shown and _MAY_BREAK.search(one.written):
                yield replace(one, start=start + one.start, end=start + one.end)


def _kind_without_name(match: re.Match[str]) -> PlaceholderKind:
    return PlaceholderKind.NUMBER if match["crosses"] else PlaceholderKind.OTHER


def _is_markdown(match: re.Match[str]) -> bool:
    """Whether a pair of square brackets is a link, an image, a footnote or a box to tick."""
    if match["bracket"] is None:
        return False
    return bool(match["image"] or match["target"]) or _CHECKBOX.match(match["bracket"]) is not None


def _braced(match: re.Match[str], known: KnownPlaceholders) -> Placeholder:
    opened, inside, closed = match["open"].lstrip("$#%"), match["braced"], match["close"]
    name = re.split(r"\|\|?", inside)[0].strip(" ~-!=")
    fault = None
    if len(opened) != len(closed):
        sign = match["open"].removesuffix(opened)
        # A mark is sooner typed once too often than wanted more often; but two braces are what most senders
        # know, and one that has lost its partner is more often half of two.
        marks = max(min(len(opened), len(closed)), 1 if sign else 2)
        right = sign + "{" * marks + inside + "}" * marks
        fault = f"it opens with {opened} and closes with {closed}; write {right}"
    elif not name:
        fault = "it is empty; name what shall stand here"
    elif _HANDLEBARS.match(match[0]):
        return Placeholder(match.start(), match.end(), match[0], inside.strip(), PlaceholderKind.CONTROL)
    else:
        fault = fault_of_name(name, known)
    return Placeholder(match.start(), match.end(), match[0], name, kind_of(name, known), fault)


class _Taken:
    """A text without the placeholders that were found, to look for halves of others."""

    def __init__(self, text: str, found: list[Placeholder]) -> None:
        self._text = blanked(text, ((one.start, one.end) for one in found))
        self._text = blanked(self._text, markup_in(text))
        self._text = blanked(self._text, (match.span() for match in _PLACEHOLDER.finditer(text) if match["code"]))

    def broken(self) -> Iterator[Placeholder]:
        yield from self._mismatched()
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

    def _mismatched(self) -> Iterator[Placeholder]:
        """Yield what opens with one kind of bracket and closes with the other: one fault and not two."""
        for match in _MISMATCHED.finditer(self._text):
            name = match["name"].strip()
            opened, closed = match["open"], match["close"]
            fault = f"it opens with {opened} and closes with {closed}; write {opened}{name}{_CLOSING[opened]}"
            yield Placeholder(*match.span(), match[0], name, kind_of(name), fault)
        self._text = _MISMATCHED.sub(lambda match: " " * len(match[0]), self._text)


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
    lonely: dict[int, Placeholder] = {}
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
                lonely[late] = _unclosed(found[late], block)
            opened.pop()
        else:
            lonely[number] = _unopened(one, name)
    lonely.update({number: _unclosed(found[number], name) for number, name in opened})
    return [lonely.get(number, one) for number, one in enumerate(found)]


def _unclosed(tag: Placeholder, block: str) -> Placeholder:
    end = f"{{{{/{block}}}}}" if tag.written.startswith("{{") else f"{{% end{block} %}}"
    remedy = f"Write {end} where the block ends, or take {tag.written} out."
    return replace(tag, fault=f"{block!r} is never closed", remedy=remedy)


def _unopened(tag: Placeholder, block: str) -> Placeholder:
    remedy = f"Write the tag that opens the block before it, or take {tag.written} out."
    return replace(tag, fault=f"it closes {block!r}, which is not open here", remedy=remedy)


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
