"""Feeling that shows in how words are typed: capitals, heaped marks, faces."""

import re

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.finding import Span
from convscan.language.parsed import Sentence
from convscan.reasoning.words import word_set

# Words that nobody writes in capitals unless loud; names, codes and abbreviations are not among them.
_LOUD = word_set("""
    NOT NOTHING ALL EVERY AGAIN NEVER STILL WHY WHO WHAT WHEN WHERE HOW STOP CANCEL THIS THAT YOUR YOU HELP NOW TWICE
    READ ANSWER WEEK WEEKS DAYS HOURS MONTHS YEARS TODAY WORK WORKING WAITING WAIT NOBODY ANYONE HUMAN SENT PAID
    MONEY BEFORE AFTER ALREADY TIMES THIRD SECOND HAVE CARE JUST DOES DID CAN DONE WRONG REFUND TOLD SAID LIE LYING
    ENOUGH EVER ALIVE EVERYTHING FIVE THREE FOUR SAME CHARGED THEFT LOST BEEN ANYTHING BLOCK FIX
    """)
_CAPITALS = re.compile(r"\b[A-Z]{2,}\b")
_SHOUTED = 2
_HEAPED = re.compile(r"!{2,}|\?!|!\?|\?{3,}")
_ANGRY = "\U0001f620\U0001f621\U0001f92c\U0001f624\U0001f92e\U0001f47f\U0001f63e"
# ":@" and ">:(" stand by themselves; "12:@home" is no face.
_ANGRY_FACE = re.compile(rf"[{_ANGRY}]|(?<![^\s.,!?])(?::-?@|>:-?\()(?!\w)")
# Tears and long faces; people weep with joy as well, so something must be wrong besides.
_SAD = "\U0001f622\U0001f61e\U0001f614\U0001f629\U0001f62b\U0001f62d\U0001f494"
_SAD_FACE = re.compile(rf"[{_SAD}]|:'?-?\((?!\w)")
# A row of them weeps over something, unless it is over something good.
_SAD_ROW = re.compile(rf"[{_SAD}](?:\s?[{_SAD}])+|:'?-?\({{2,}}")
_JOY = word_set("omg best love loved amazing finally yay happy beautiful gorgeous cute lol haha lmao back sweet wow")
# Two capitals, two marks, a face or the eyes of one: a sentence with none of these, as most are, shows nothing.
_MAY_SHOW = re.compile(rf"[A-Z!?:{_ANGRY}{_SAD}](?:(?<=[A-Z])[A-Z]|(?<=[!?])[!?]|(?<=:)['(@-]|(?<=[{_ANGRY}{_SAD}]))")
_AT_FAULT = tuple(ACT_PREFIX + name for name in ("problem", "complaint", "waited", "still-open"))
_GLAD = tuple(ACT_PREFIX + name for name in ("customer-thanks", "praise", "resolved"))


def heat_of(turn: HeardTurn) -> Span | None:
    """Return the first sentence of a customer that is loud about something wrong; None if none is."""
    telling = [spoken for spoken in turn.sentences if _MAY_SHOW.search(spoken[1].text)]
    if not telling or any(sentence.found.has_any(_GLAD) for _, sentence in turn.sentences):
        return None
    for utterance, sentence in telling:
        if _is_loud(sentence) or _weeps(sentence, turn):
            return utterance.span(sentence.start, sentence.end)
    return None


def _weeps(sentence: Sentence, turn: HeardTurn) -> bool:
    """Whether a sentence has a sad face over something wrong, or a row of them over nothing good."""
    if _SAD_FACE.search(sentence.text) is None:
        return False
    return _tells_of_wrong(turn) or (_SAD_ROW.search(sentence.text) is not None and _tells_no_joy(turn))


def _tells_no_joy(turn: HeardTurn) -> bool:
    return all(_JOY.isdisjoint(sentence.found.norms) for _, sentence in turn.sentences)


def _tells_of_wrong(turn: HeardTurn) -> bool:
    return any(sentence.found.has_any(_AT_FAULT) for _, sentence in turn.sentences)


def _is_loud(sentence: Sentence) -> bool:
    text = sentence.text
    if _ANGRY_FACE.search(text):
        return True
    capitals = _CAPITALS.findall(text)
    loud = [word for word in capitals if word in _LOUD]
    # A whole text in capitals is how some people type.
    is_shouted = bool(loud) and text != text.upper()
    if len(loud) >= _SHOUTED and is_shouted:
        return True
    return (is_shouted or _HEAPED.search(text) is not None) and sentence.found.has_any(_AT_FAULT)
