"""The words of a page or an HTML mail, as a mail program shows them, with a map to the source.

The page is taken apart here and not by a library: none tells where in the source a
character came from but `html.parser`, and that takes seconds for a few hundred
kilobytes of tags that are never closed. Here every pattern is possessive and every
search goes forward, so that the time grows with the length of the page only.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from html import unescape

from convscan.placeholders.names import words_of
from convscan.readers.attributions import is_attribution, opens_with_attribution
from convscan.source_map import MappedText, SourceMap

# A blank line stands above and below these, a line break above and below a `div`.
_PARAGRAPHS = words_of(
    "address article aside blockquote body center dd dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_LINES = frozenset({"div"})
# Nobody reads what stands in these.
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript"})
# A tag inside these is no tag.
_RAW_ENDS = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "title")}
_SCHEMES = frozenset({"http:", "https:", "mailto:"})
_NEVER_CLOSED = words_of("area base br col embed hr img input link meta source track wbr")

_MARKUP = re.compile(r"<(?:[!?]|/?[A-Za-z])|&(?:#(?:[0-9]|[xX][0-9A-Fa-f])|[A-Za-z])")
_TAG = re.compile(
    r"<(?P<closes>/?)(?P<name>[A-Za-z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|=)*+)>"
)
# Where the quotes of attributes do not close, the first bracket ends the tag.
_TORN_TAG = re.compile(r"<(?P<closes>/?)(?P<name>[A-Za-z][^\s/>]*+)(?P<rest>[^>]*+)>")
_REFERENCE = re.compile(r"&(?:#[xX][0-9A-Fa-f]++|#[0-9]++|[A-Za-z][A-Za-z0-9]*+);?")
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'/])(?P<name>[^\s\"'>/=]++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s>]++))"
)
# Only tags with one of these have attributes that matter here.
_TELLING = re.compile(r"quot|cite|border-left|display|visibility|signature|alt|moz-|zmail|reply", re.IGNORECASE)
# What stands further behind is a picture or a style sheet.
_ATTRIBUTES_CHARS = 4096
# The longest name has 33 characters; `int` refuses very long numbers.
_MAX_REFERENCE_CHARS = 40
# Not the no-break space: who wrote it wanted it there.
_GAPS = re.compile(r"[ \t\r\n\f]++")
_NOT_NUL = re.compile("[^\0]+")
_TAIL_CHARS = 8

_LOOKS_LIKE_HTML = re.compile(
    r"<!doctype html|</?(?:html|body|p|div|br|table|td|span|ul|ol|li|h[1-6]|strong|em|b|i|u|a)\b[^<>]{0,2000}>"
    r"|&(?:nbsp|amp|lt|gt|quot|#\d{1,6});",
    re.IGNORECASE,
)
_HAS_BLOCKS = re.compile(r"<(?:p|div|br|li|table|h[1-6]|body|section|blockquote)\b", re.IGNORECASE)

# What mail programs and helpdesks put the answered mail in. A plain `blockquote` is also how writers of pages and
# templates set words off: there only a line such as "On Sunday Ana wrote:" tells that it is a mail.
_QUOTE_NAME = re.compile(r"quot|cite", re.IGNORECASE)
_QUOTE_BORDER = re.compile(r"border-left(?:-width|-style|-color)?\s{0,3}:\s{0,3}(?!none|0)", re.IGNORECASE)
_REPLY_NAME = re.compile(
    r"\b(?:gmail_quote|yahoo_quoted|protonmail_quote|tutanota_quote|moz-forward-container|freshdesk_quote"
    r"|zmail_extra|front-quote|hs_reply|intercom-quote|messageReplySection)",
    re.IGNORECASE,
)
# The button "indent more" of mail programs makes a block quote with a margin.
_INDENTS = re.compile(r"\b(?:margin|border)", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*+>")
_MAX_ATTRIBUTION_CHARS = 400
_HOLDERS = frozenset({"div", "section", "table"})
_SIGNATURE_NAME = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|applemailsignature|signature|ms-outlook-mobile-signature)(?![\w-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden)", re.IGNORECASE)

QUOTE_MARK = "> "
SIGNATURE_MARK = "-- \n"
# A smiley is one character, joined and coloured ones are a few.
_MAX_EMOJI_CHARS = 12


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was taken out of a text.

    Attributes:
        at: Offset in the text at which it stood.
        start: Where it begins in the source.
    """

    at: int
    start: int
    words: str


@dataclass(frozen=True, slots=True)
class HtmlText:
    """What is left of a page without its tags.

    Attributes:
        text: Each line of a quoted mail begins with `QUOTE_MARK`, as in plain mail; a
            signature that is marked as one, with `SIGNATURE_MARK` on a line above it.
        source_map: From the text to the source. What was put in (line breaks, marks)
            stands for an empty piece of the source.
        title: Of the page; empty if it has none.
    """

    text: str
    source_map: SourceMap
    comments: tuple[Comment, ...]
    title: str


def looks_like_html(text: str) -> bool:
    """Tell whether a text has tags or entities that only HTML has."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def html_to_text(html: str, *, is_message: bool = False, keeps_tag: Callable[[str], bool] | None = None) -> HtmlText:
    """Return the words of a page; blocks become paragraphs, quoted mail gets quote marks.

    Never fails, whatever the text is; takes time in proportion to its length.

    Args:
        is_message: Whether somebody sent it to somebody: then a bare block quote holds what is answered.
        keeps_tag: Tells which opening tags stay in the text as they are written, those that
            nobody sees behind all words; None for no tag.

    Example:
        >>> page = html_to_text("<p>Caf&eacute; <b>Lua</b></p>")
        >>> page.text.strip(), page.source_map.start(3), page.source_map.end(4)
        ('Café Lua', 6, 14)
    """
    page = _Page(html, keeps_tag, is_message=is_message)
    page.read()
    return HtmlText(page.built.text, page.built.map(), tuple(page.comments), " ".join(page.title.split()))


class _Effect(Enum):
    """What an open element does to the words in it."""

    NONE = auto()
    UNSEEN = auto()
    PRESERVED = auto()
    QUOTE = auto()
    # Holds the head of the answered mail and the mail, and perhaps answers between its parts.
    REPLY = auto()


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    effect: _Effect


class _Page:
    """One page on its way to text."""

    def __init__(self, source: str, keeps_tag: Callable[[str], bool] | None, *, is_message: bool) -> None:
        self.built = MappedText()
        self.comments: list[Comment] = []
        self.title = ""
        self._source = source
        self._keeps_tag = keeps_tag
        self._is_message = is_message
        self._kept_unseen: list[tuple[int, int]] = []
        self._last_bracket = source.rfind(">")
        self._last_comment_end = source.rfind("-->")
        self._tag = _TAG
        self._unclosed_raw: set[str] = set()
        self._open: list[_Open] = []
        self._names: Counter[str] = Counter()
        self._effects: Counter[_Effect] = Counter()
        # The element that holds an answered mail, until the quote in it begins, and its first words.
        self._reply: _Open | None = None
        self._reply_words = ""
        # Some helpdesks keep plain lines and mark up words only: there a line break is one.
        self._keeps_lines = _HAS_BLOCKS.search(source) is None
        # How the text so far ends: line breaks (as many as nobody needs more of at its beginning), last words.
        self._line_breaks = 2
        self._tail = ""

    def read(self) -> None:
        """Go through the source once."""
        source = self._source
        at = 0
        while found := _MARKUP.search(source, at):
            start = found.start()
            self._words(at, start)
            if source[start] == "&":
                at = self._reference(start)
            elif start > self._last_bracket:
                # No tag is closed from here on: what looks like one is text.
                self._words(start, start + 1)
                at = start + 1
            else:
                at = self._markup(start)
        self._words(at, len(source))
        for start, end in self._kept_unseen:
            self._emit("\n\n", start, start)
            self._emit(source[start:end], start, end)

    # -- markup; each returns where it ends

    def _markup(self, start: int) -> int:
        source = self._source
        if source.startswith("<!--", start):
            return self._comment(start)
        if source[start + 1] in "!?":
            return source.find(">", start) + 1
        tag = self._tag.match(source, start)
        if tag is None:
            self._tag = _TORN_TAG
            return start
        name = tag["name"].lower()
        if "@" in name or name in _SCHEMES:  # "Ana <ana@mail.example>", as some programs leave it
            self._words(start, start + 1)
            return start + 1
        if tag["closes"]:
            self._end(name, start)
            return tag.end()
        return self._start(name, tag)

    def _comment(self, start: int) -> int:
        if self._last_comment_end < start + 2:
            return start + 4  # never closed: what follows is read as words, so that none is lost
        end = self._source.find("-->", start + 2)
        self.comments.append(Comment(self.built.length, start, self._source[start + 4 : max(start + 4, end)]))
        return end + 3

    def _start(self, name: str, tag: re.Match[str]) -> int:
        start, end, rest = tag.start(), tag.end(), tag["rest"]
        if name in _RAW_ENDS:
            return end if rest.endswith("/") else self._raw(name, end)
        attributes = _attributes(rest) if _TELLING.search(rest, 0, _ATTRIBUTES_CHARS) else {}
        if name == "body":
            self._end("head", start)
        self._break_at(name, start)
        if self._keeps_tag is not None and self._keeps_tag(tag[0]):
            self._keep(start, end)
        if name == "br":
            self._break(self._line_breaks + 1, start)
        elif name == "img":
            self._picture(attributes.get("alt", ""), start, end)
        if name in _NEVER_CLOSED or (name in _UNSEEN and rest.endswith("/")):
            return end
        effect = self._effect(name, attributes, tag)
        if effect is not _Effect.NONE or name in _PARAGRAPHS or name in _LINES or self._effects[_Effect.UNSEEN]:
            self._push(_Open(name, effect))
        if attributes and _SIGNATURE_NAME.search(_names_of(attributes)):
            self._mark_signature(start)
        if effect is _Effect.NONE and not rest and (name in _PARAGRAPHS or name in _LINES):
            return self._repeated(name, tag[0], end)
        return end

    def _effect(self, name: str, attributes: Mapping[str, str], tag: re.Match[str]) -> _Effect:
        """Return what an element does to the words that begin here; a bare block quote by what is said of it."""
        effect = _effect_of(name, attributes)
        if name != "blockquote" or effect is not _Effect.NONE or self._is_quoted:
            return effect
        is_bare = self._is_message and not _INDENTS.search(tag["rest"], 0, _ATTRIBUTES_CHARS)
        return _Effect.QUOTE if is_bare or self._is_attributed(tag.end()) else effect

    def _is_attributed(self, at: int) -> bool:
        """Whether the line above a quote, or its first words, say who wrote it."""
        if self._tail.rstrip().endswith(":"):
            above = self.built.ending(_MAX_ATTRIBUTION_CHARS).split("\n")
            if is_attribution(next(line.strip() for line in reversed(above) if line.strip())):
                return True
        inside = _ANY_TAG.sub(" ", self._source[at : at + _MAX_ATTRIBUTION_CHARS])
        return opens_with_attribution(" ".join(unescape(inside).split()))

    def _repeated(self, name: str, written: str, at: int) -> int:
        """Open what stands at once once more: the second of two bare blocks changes nothing else.

        A fuzzed export of a million such tags took 5 s.
        """
        end = at
        while self._source.startswith(written, end):
            end += len(written)
        count = (end - at) // len(written)
        self._open.extend(_Open(name, _Effect.NONE) for _ in range(count))
        self._names[name] += count
        self._effects[_Effect.NONE] += count
        return end

    def _keep(self, start: int, end: int) -> None:
        """Take over a tag as it is written."""
        if self._effects[_Effect.UNSEEN]:
            self._kept_unseen.append((start, end))
        else:
            self._add(self._source[start:end], start, end)

    def _raw(self, name: str, at: int) -> int:
        """Pass over what stands in a script, a style sheet or a title."""
        found = None if name in self._unclosed_raw else _RAW_ENDS[name].search(self._source, at)
        if found is None:
            self._unclosed_raw.add(name)
            # A browser shows nothing of an unclosed script; of a title that is cut off, the words are kept.
            return at if name == "title" else len(self._source)
        if name == "title":
            self.title += unescape(self._source[at : found.start()])
        return found.start()

    def _end(self, name: str, start: int) -> None:
        if self._names[name]:
            while self._pop().name != name:
                pass
        self._break_at(name, start)

    def _push(self, element: _Open) -> None:
        if element.effect is _Effect.REPLY and self._is_quoted:
            element.effect = _Effect.NONE
        if element.effect is _Effect.REPLY:
            self._reply, self._reply_words = element, ""
        elif element.effect is _Effect.QUOTE:
            self._narrow_reply()
        self._open.append(element)
        self._names[element.name] += 1
        self._effects[element.effect] += 1

    def _pop(self) -> _Open:
        element = self._open.pop()
        self._names[element.name] -= 1
        self._effects[element.effect] -= 1
        if element is self._reply:
            self._reply = None
        return element

    def _narrow_reply(self) -> None:
        """Let only the quotes in a reply be quoted from now on: between them may stand answers.

        A forwarded mail ("---------- Forwarded message") is quoted as a whole.
        """
        if self._reply is not None and not self._reply_words.lstrip().startswith("--"):
            self._effects[self._reply.effect] -= 1
            self._reply.effect = _Effect.NONE
            self._effects[self._reply.effect] += 1
        self._reply = None

    def _mark_signature(self, start: int) -> None:
        if self._is_quoted or self._effects[_Effect.UNSEEN] or not self.built.length:
            return
        self._break(1, start)
        if self._tail.rsplit("\n", 2)[-2].strip() != SIGNATURE_MARK.strip():
            self._emit(SIGNATURE_MARK, start, start)

    # -- words

    @property
    def _is_quoted(self) -> bool:
        return self._effects[_Effect.QUOTE] + self._effects[_Effect.REPLY] > 0

    def _words(self, start: int, end: int) -> None:
        """Take over words that stand in the source as they are."""
        if start == end or self._effects[_Effect.UNSEEN]:
            return
        if self._keeps_lines or self._effects[_Effect.PRESERVED]:
            self._add_lines(start, end)
            return
        run = start
        for gap in _GAPS.finditer(self._source, start, end):
            if gap.start() > run and gap[0] == " ":
                continue  # as in the source
            self._add(self._source[run : gap.start()], run, gap.start())
            run = gap.end()
            if not self._line_breaks and not self._tail.endswith(" "):
                self._emit(" ", gap.start(), run)
        self._add(self._source[run:end], run, end)

    def _add_lines(self, start: int, end: int) -> None:
        while start < end:
            line_end = self._source.find("\n", start, end) + 1 or end
            self._add(self._source[start:line_end], start, line_end)
            start = line_end

    def _reference(self, start: int) -> int:
        found = _REFERENCE.match(self._source, start)
        end = start + 1 if found is None else found.end()
        written = self._source[start:end]
        if not self._effects[_Effect.UNSEEN]:
            self._add(unescape(written) if len(written) <= _MAX_REFERENCE_CHARS else written, start, end)
        return end

    def _picture(self, words: str, start: int, end: int) -> None:
        """Show a smiley that a mail program sent as a picture."""
        words = unescape(words)
        if words and len(words) <= _MAX_EMOJI_CHARS and min(words) > "\u2000" and not any(map(str.isalnum, words)):
            self._add(words, start, end)

    def _add(self, words: str, start: int, end: int) -> None:
        """Append words; the first of a quoted line get its mark."""
        if "\0" in words and end - start == len(words):
            for part in _NOT_NUL.finditer(words):
                self._add(part[0], start + part.start(), start + part.end())
            return
        if not words or self._effects[_Effect.UNSEEN]:
            return
        if self._reply is not None and len(self._reply_words) < _MAX_EMOJI_CHARS:
            self._reply_words += words[:_MAX_EMOJI_CHARS]
        if self._line_breaks and self._is_quoted and words.strip():
            self._emit(QUOTE_MARK, start, start)
        self._emit(words, start, end)

    def _break_at(self, name: str, at: int) -> None:
        if name in _PARAGRAPHS:
            self._break(2, at)
        elif name in _LINES:
            self._break(1, at)

    def _break(self, line_breaks: int, at: int) -> None:
        """See to it that the text so far ends in so many line breaks, two at most."""
        missing = min(line_breaks, 2) - self._line_breaks
        if missing > 0 and not self._effects[_Effect.UNSEEN]:
            self._emit("\n" * missing, at, at)

    def _emit(self, words: str, start: int, end: int) -> None:
        self.built.add(words, start, end)
        if body := words.rstrip("\n"):
            self._line_breaks = len(words) - len(body)
        else:
            self._line_breaks += len(words)
        self._tail = (self._tail + words[-_TAIL_CHARS:])[-_TAIL_CHARS:]


def _effect_of(name: str, attributes: Mapping[str, str]) -> _Effect:
    if name in _UNSEEN:
        return _Effect.UNSEEN
    if not attributes:
        return _Effect.PRESERVED if name == "pre" else _Effect.NONE
    style = attributes.get("style", "")
    if _HIDDEN.search(style):
        return _Effect.UNSEEN
    if name == "pre":
        return _Effect.PRESERVED
    if name == "blockquote" and (
        "cite" in attributes
        or attributes.get("type", "").lower() == "cite"
        or _QUOTE_NAME.search(_names_of(attributes))
        or _QUOTE_BORDER.search(style)
    ):
        return _Effect.QUOTE
    return _Effect.REPLY if name in _HOLDERS and _REPLY_NAME.search(_names_of(attributes)) else _Effect.NONE


def _names_of(attributes: Mapping[str, str]) -> str:
    return " ".join(attributes.get(key, "") for key in ("class", "id", "name"))


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(rest, 0, _ATTRIBUTES_CHARS)
    return {item["name"].lower(): item["double"] or item["single"] or item["bare"] or "" for item in found}
