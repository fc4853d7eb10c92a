"""Put opaque words in the place of placeholders, so that templates read as what is sent.

A name stands for a name and `{timeframe}` for a concrete time; a block tag and a comment
stand for nothing. Stand-ins are as long as what they replace: every offset stays true.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.language.editor_notes import editor_notes
from convscan.language.parsed import ParsedConversation
from convscan.placeholders.names import PlaceholderKind
from convscan.placeholders.styles import Placeholder, blanked, find_placeholders, markup_in

# Words that no rule knows, whole sentences where a placeholder stands for one. White space
# that is missing to the length goes between the two parts, where it changes nothing.
_PHRASES: Mapping[PlaceholderKind, tuple[tuple[str, str], ...]] = {
    # A normal lead time: concrete, and no hard promise.
    PlaceholderKind.TIME: (("24", "hours"), ("24", "hrs"), ("9", "May")),
    PlaceholderKind.REASON: (("because", "Qu"), ("due to", "Q")),
    PlaceholderKind.NEXT_STEP: (("I will", "write"),),
}
_STEMS: Mapping[PlaceholderKind, tuple[str, str]] = {
    PlaceholderKind.AMOUNT: ("\u00a3", "2"),
    PlaceholderKind.NUMBER: ("2", "2"),
    PlaceholderKind.LINK: ("www.quu.uk/", "u"),
    PlaceholderKind.CONTACT: ("u@quu.uk", " "),
}


def with_stand_ins(
    conversation: Conversation, known: Mapping[str, PlaceholderKind | None], *, limit_chars: int
) -> Conversation:
    """Return a template with stand-ins in its text; any other conversation as it is.

    Args:
        known: Names of placeholders and what they stand for.
        limit_chars: Longer texts, which will not be judged, are left as they are.
    """
    if conversation.channel is not Channel.TEMPLATE:
        return conversation
    return replace(
        conversation,
        utterances=tuple(_stood_in(utterance, known, limit_chars) for utterance in conversation.utterances),
    )


def in_own_words(parsed: ParsedConversation, conversation: Conversation) -> ParsedConversation:
    """Return a parsed conversation that quotes the text as its author wrote it."""
    if parsed.conversation is conversation:
        return parsed
    utterances = tuple(
        replace(item, text=own.text) for item, own in zip(parsed.utterances, conversation.utterances, strict=True)
    )
    return replace(parsed, conversation=conversation, utterances=utterances)


def _stood_in(utterance: Utterance, known: Mapping[str, PlaceholderKind | None], limit_chars: int) -> Utterance:
    if utterance.role is not Role.AGENT or len(utterance.text) > limit_chars:
        return utterance
    return replace(utterance, text=stand_in_text(utterance.text, known))


def stand_in_text(text: str, known: Mapping[str, PlaceholderKind | None] | None = None) -> str:
    """Return text of the same length in which no placeholder, tag or editor's note is left.

    Example:
        >>> stand_in_text("Hi {{name}}, it takes {timeframe}.")
        'Hi Quuuuuuu, it takes 24    hours.'
    """
    text = blanked(text, iter(editor_notes(text)))
    parts: list[str] = []
    at = 0
    for one in find_placeholders(text, known):
        if one.start < at:
            continue
        parts.extend((text[at : one.start], _stand_in(one, text)))
        at = one.end
    stood_in = "".join((*parts, text[at:]))
    return blanked(stood_in, _inline_tags(text))


def _stand_in(one: Placeholder, text: str) -> str:
    length = one.end - one.start
    first_line, line_break, rest = text[one.start : one.end].partition("\n")
    if line_break and one.is_shown:
        return "Q" + "u" * (len(first_line) - 1) + line_break + blanked(rest, iter([(0, len(rest))]))
    if not one.is_shown:
        return blanked(text[one.start : one.end], iter([(0, length)]))
    for first, last in _PHRASES.get(one.kind, ()):
        gap = length - len(first) - len(last)
        if gap > 0:
            return first + " " * gap + last
    head, filler = _STEMS.get(one.kind, ("Q", "u"))
    if length < len(head):
        head, filler = "Q", "u"
    return (head + filler * (length - len(head)))[:length]


def _inline_tags(text: str) -> Iterator[tuple[int, int]]:
    """Yield the tags inside a line of text; those of blocks part sentences and stay."""
    for start, end in markup_in(text):
        name = text[start:end].strip("</>").split(maxsplit=1)[0].lower()
        if name not in _BLOCK_TAGS:
            yield start, end


_BLOCK_TAGS = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "hr", "blockquote"}
    | {"h1", "h2", "h3", "h4", "h5", "h6"}
)
