"""Is a turn a complete reply? Absence rules ask this first.

A part-message, a snippet to be pasted into a reply and a notice that answers nobody
owe no thanks and no acknowledgement.
"""

import re
from enum import StrEnum

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Channel

# The act of telling the customer news that nobody asked for.
ANNOUNCEMENT = "announces"
# Acts that answer somebody: a notice holds none of them.
_ANSWERS = ("thanks", "apology", "acknowledgement", "empathy")
# "1/2", "(2/3)", "[1 of 2]" at the beginning, behind whom it is addressed to, or at the end of a message.
_PART_AT_START = re.compile(r"(?:@\w+\s+)*\W{0,2}(\d)\s?(?:/|of)\s?(\d)\b")
_PART_AT_END = re.compile(r"\b(\d)\s?(?:/|of)\s?(\d)\W{0,2}(?:\W?\w{2,3})?$")
# More than the second takes, with the character before it.
_END_CHARS = 16
_SNIPPET_SENTENCES = 1


class ReplyKind(StrEnum):
    """What an agent turn is as a whole."""

    COMPLETE = "complete"
    PART = "part"
    SNIPPET = "snippet"
    NOTICE = "notice"


def reply_kind(turn: HeardTurn, heard: HeardConversation) -> ReplyKind:
    """Tell what an agent turn is.

    Args:
        turn: A turn of the agent.
        heard: The conversation it stands in.
    """
    # Turns of customer and agent alternate: before every turn but the first the other side spoke.
    answers_somebody = turn.number > 0
    if _is_part(turn, heard):
        return ReplyKind.PART
    if answers_somebody:
        return ReplyKind.COMPLETE
    if heard.parsed.conversation.channel is not Channel.TEMPLATE or _is_notice(turn):
        return ReplyKind.NOTICE
    sentences = sum(len(utterance.sentences) for utterance in heard.parsed.in_turn(turn.turn))
    return ReplyKind.SNIPPET if sentences <= _SNIPPET_SENTENCES else ReplyKind.COMPLETE


def _is_notice(turn: HeardTurn) -> bool:
    """Whether it tells news and takes up nothing that the customer said."""
    return turn.does((ANNOUNCEMENT,)) is not None and turn.does(_ANSWERS) is None


def _is_part(turn: HeardTurn, heard: HeardConversation) -> bool:
    """Whether it is numbered and some of the numbers are not in this turn."""
    parts = [part for utterance in heard.parsed.in_turn(turn.turn) if (part := _part(utterance.text))]
    total = max((part[1] for part in parts), default=0)
    here = {part[0] for part in parts}
    # One of "1/2" and "2/2" may stand without its number: two messages are two parts.
    return total > 1 and len(here) < total and len(turn.turn.utterances) < total


def _part(text: str) -> tuple[int, int] | None:
    """Return the number of a part and of how many, if a message says so."""
    found = _PART_AT_START.match(text) or _PART_AT_END.search(text.rstrip()[-_END_CHARS:])
    return (int(found[1]), int(found[2])) if found else None
