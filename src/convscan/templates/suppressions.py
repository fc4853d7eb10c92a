"""Comments by which authors of templates say "not here": which rules, where, why.

<!-- convscan: ignore promise/guarantee -- agreed with legal -->     the next block, or the one it ends
<!-- convscan: ignore blame["you should have"] -->                   these words only
{# convscan: off thanks #} … {# convscan: on thanks #}               all between; without `on`, the rest
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convscan.readers.html_text import Comment
from convscan.templates.nodes import Node

_COMMENT = re.compile(
    r"<!--\s{0,9}convscan:(?P<html>(?:[^<-]|-(?!->)|<(?!!--)){0,2000})-->"
    r"|\{#-?\s{0,9}convscan:(?P<jinja>(?:[^{#]|#(?!\})|\{(?!#)){0,2000}?)-?#\}"
    r"|\{%-?\s{0,9}comment\s{0,9}-?%\}\s{0,9}convscan:(?P<liquid>[^{%]{0,2000})\{%-?\s{0,9}endcomment\s{0,9}-?%\}"
    r"|\{%-?\s{0,9}#\s{0,9}convscan:(?P<inline>[^{%]{0,2000}?)-?%\}"
    r"|\{\{!(?:--)?\s{0,9}convscan:(?P<handlebars>[^{}]{0,2000}?)(?:--)?\}\}"
    r"|^[ \t]{0,20}#[ \t]{0,9}convscan:(?P<text>[^\n]{0,2000})",
    re.MULTILINE,
)
_WORDS = re.compile(r"\s*(?P<verb>[\w-]+)\s*(?P<targets>.*?)\s*(?:(?<!\S)--\s*(?P<reason>.*))?\s*", re.DOTALL)
_TARGET = re.compile(
    r"(?P<rule>[\w/-]+)(?:\[\s*(?P<mark>[\"'\u201c])(?P<quote>.*?)[\"'\u201d]\s*\])?\s*(?:,|\s|$)\s*", re.DOTALL
)
_BLANK_LINE = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)")
# A comment that ends a longer paragraph holds for its last part.
_MAX_BLOCK_CHARS = 20_000
_VERBS = ("ignore", "off", "on")


@dataclass(frozen=True, slots=True)
class Target:
    """What is suppressed.

    Attributes:
        rule: Id or family.
        quote: Only where these words were found; None for all.
    """

    rule: str
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings that are not wanted at a place, `[start, end)` in the template's text.

    Attributes:
        targets: Rules; empty for all.
        reason: Why, if its author says so.
        offset: Where the comment stands in the file.
        is_whole: Whether it holds for the whole template.
    """

    start: int
    end: int
    targets: tuple[Target, ...]
    reason: str
    offset: int
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class MalformedSuppression:
    """A comment to convscan that says nothing it understands.

    Attributes:
        offset: Where it stands in the file.
    """

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class _Order:
    """What one comment says, and where it stands in the text."""

    verb: str
    targets: tuple[Target, ...]
    reason: str
    start: int
    end: int
    offset: int


def comments_in(text: str) -> Iterator[tuple[Comment, int]]:
    """Yield the comments to convscan in a text, each with its end; `start` is an offset of the text too."""
    for match in _COMMENT.finditer(text):
        words = next(group for group in match.groups() if group is not None)
        yield Comment(match.start(), match.start(), words), match.end()


def directive(comment: Comment) -> Comment | None:
    """Return an HTML comment without its mark if it speaks to convscan, else None."""
    words = comment.words.strip()
    if not words.startswith("convscan:"):
        return None
    return Comment(comment.at, comment.start, words.removeprefix("convscan:"))


def suppressions_in(
    text: str, comments: Iterable[tuple[Comment, int]]
) -> tuple[list[Suppression], list[MalformedSuppression]]:
    """Return what the comments of a template suppress.

    Args:
        text: The template.
        comments: Each with the offset at which it ends in the text; `start` is the place in the file.
    """
    orders: list[_Order] = []
    wrong: list[MalformedSuppression] = []
    for comment, end in comments:
        read = _read(comment.words)
        if isinstance(read, str):
            wrong.append(MalformedSuppression(comment.start, read))
        else:
            orders.append(_Order(*read, start=comment.at, end=end, offset=comment.start))
    return list(_covered(text, orders)), wrong


def whole_suppressions(node: Node, length: int) -> tuple[list[Suppression], list[MalformedSuppression]]:
    """Return what an `x-convscan` key suppresses in its template.

    Args:
        node: Text such as `ignore thanks -- sent by hand`, a list of such texts or of rules, or a
            mapping with `ignore` and `reason`.
        length: Of the template's text.
    """
    found: list[Suppression] = []
    wrong: list[MalformedSuppression] = []
    reason = node.fields["reason"].text if "reason" in node.fields else None
    for item in _orders_of(node):
        read = _read(item.text or "")
        if isinstance(read, str):
            rules = _targets(item.text or "")
            if rules is None:
                wrong.append(MalformedSuppression(item.start, read))
                continue
            read = ("ignore", rules, "")
        found.append(Suppression(0, length, read[1], reason or read[2], item.start, is_whole=True))
    return found, wrong


def _orders_of(node: Node) -> Iterable[Node]:
    inner = node.fields.get("ignore", node)
    if inner.fields:
        return ()
    return inner.items or ((inner,) if inner.text else ())


def _read(words: str) -> tuple[str, tuple[Target, ...], str] | str:
    """Return verb, targets and reason of a comment, or what is wrong with it."""
    match = _WORDS.fullmatch(words)
    if match is None or match["verb"] not in _VERBS:
        return f"{words.strip()[:60]!r} is no order; write 'convscan: ignore RULE -- reason', 'off' or 'on'"
    targets = _targets(match["targets"])
    if targets is None:
        return (
            f"{match['targets'][:60]!r} are no rules; write 'promise/guarantee, thanks' or 'promise[\"these words\"]'"
        )
    return match["verb"], targets, (match["reason"] or "").strip()


def _targets(written: str) -> tuple[Target, ...] | None:
    """Return the rules that are listed, None if something else is."""
    found: list[Target] = []
    at = 0
    written = written.strip()
    while at < len(written):
        match = _TARGET.match(written, at)
        if match is None:
            return None
        found.append(Target(match["rule"], match["quote"]))
        at = match.end()
    return tuple(found)


def _covered(text: str, orders: list[_Order]) -> Iterator[Suppression]:
    for number, order in enumerate(orders):
        if order.verb == "ignore":
            start, end = _block(text, order.start, order.end)
            yield Suppression(start, end, order.targets, order.reason, order.offset)
        elif order.verb == "off":
            closing = (other.start for other in orders[number + 1 :] if other.verb == "on" and _closes(other, order))
            end = next(closing, len(text))
            is_whole = not text[: order.start].strip() and end == len(text)
            yield Suppression(order.end, end, order.targets, order.reason, order.offset, is_whole=is_whole)


def _closes(on: _Order, off: _Order) -> bool:
    return not on.targets or {target.rule for target in off.targets} <= {target.rule for target in on.targets}


def _block(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the paragraph that a comment ends, or else the one that follows it."""
    before = 0
    for blank in _BLANK_LINE.finditer(text, max(0, start - _MAX_BLOCK_CHARS), start):
        before = blank.end()
    if text[before:start].strip() and text[before:start].rpartition("\n")[2].strip():
        follows = _BLANK_LINE.search(text, end)
        return before, follows.start() if follows else len(text)
    rest = text[end : end + _MAX_BLOCK_CHARS]
    first = end + len(rest) - len(rest.lstrip())
    follows = _BLANK_LINE.search(text, first)
    return end, follows.start() if follows else len(text)
