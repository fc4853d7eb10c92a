"""Whether a reply takes up the matter, or goes straight to demands, links, instructions and refusals."""

import re
from collections.abc import Collection, Sequence

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.reasoning.slots import IDENTIFIERS, asked_in
from convscan.reasoning.words import content, norms_of, word_set

_ADDRESS = re.compile(r"https?://|\bwww\.|\S+@\S+\.\w")
# How sentences begin that tell the customer what to do.
_INSTRUCTS = re.compile(
    r"^(?:(?:hi|hello|hey|good \w+|dear)(?: \S+){0,2} )?(?:please|kindly|pls|just|then|you (?:need|have|must|should"
    r"|can)|go|try|click|open"
    r"|send|call|contact|visit|use|check|set|help|have you tried|see|fill|reinstall|restart|post|paste|ask|share"
    r"|provide|look|upload|attach|email|dm|scan|take)\b"
)
_IDLE = re.compile(
    r"\b(?:how are you|anything else|how (?:can|may) (?:i|we) (?:help|assist)|did you know|what is your concern"
    r"|interested in|have you tried our)\b"
)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|heyo|yo|dear|greetings|respected|welcome|morning|afternoon|evening|good (?:day|morning"
    r"|afternoon|evening))"
    r"(?: \S+){0,6}"
    r"|(?:(?:i am|this is|myself|my name is|you are (?:speaking|chatting|talking) (?:to|with)) \S+)(?: \S+){0,5}"
    r"|(?:\S+ ){0,4}(?:speaking|here|this side|regards|sincerely|faithfully|wishes|greetings))"
)
_FILLER = re.compile(
    r"(?:okay|ok|right|checking|sir|madam|yes|all right)(?: (?:sir|madam|hello|then|so|now|thanks)){0,2}"
)
# "^Will", "-- Jo".
_INITIALS = re.compile(r"\s*[\^~/\-\u2013]+\s*\w+\W*")
# What identifies a customer, in a short sentence that asks.
_IDENTIFIES = re.compile(
    r"\b(?:name|surname|address|number|postcode|birth|dob|domain|account|password|characters|reference|e ?mail|id"
    r"|login|username)\b"
)
_MAX_DEMAND_WORDS = 14
_MAX_BARE_WORDS = 6
_YOU = frozenset({"you", "your", "yours", "u", "ur"})
_FINITE = word_set(
    "is are was were be been has have had do does did can could will would must should may might 's apply applies"
)


def _acts(*names: str) -> tuple[str, ...]:
    return tuple(ACT_PREFIX + name for name in names)


_DEMANDS = _acts("asks-identifier")
_DIVERTS = (
    *_acts("redirects", "refuses", "closes-unresolved"),
    "self-interest/policy-shield",
    "self-interest/sales-pitch",
)
_TELLS_MATTER = ("problem", "complaint", "request")
_ENOUGH_SHARED = 3


def takes_up(calling: HeardTurn, reply: HeardTurn) -> bool:
    """Whether a reply speaks of the matter, asks about it, or at least demands nothing.

    Args:
        calling: The customer's turn; without sentences if nobody sees it, before a template.
        reply: The agent's turn after it.
    """
    matter = content(norms_of(calling))
    is_unseen = not calling.sentences
    wants_answer = not is_unseen and calling.does(_TELLS_MATTER) is None
    is_straight, says_more = False, False
    for utterance, sentence in reply.sentences:
        norms = sentence.found.norms
        line = sentence.found.joined
        if is_greeting(sentence) or _FILLER.fullmatch(line) or _IDLE.search(line):
            continue
        if _goes_straight(utterance, sentence, line):
            is_straight = True
            if len(content(norms) & matter) >= _ENOUGH_SHARED:
                return True
        elif (
            (is_unseen and _YOU & {*norms})
            or sentence.found.is_question
            or wants_answer
            or _echoes(norms, content(norms) & matter)
        ):
            return True
        else:
            says_more = True
    return says_more and not is_straight


def is_greeting(sentence: Sentence) -> bool:
    """Whether a sentence only greets, takes leave, or says who writes."""
    found = sentence.found
    greets = _GREETING.fullmatch(found.joined) or _INITIALS.fullmatch(sentence.text)
    return not found.norms or greets is not None


def _echoes(norms: Sequence[str], shared: Collection[str]) -> bool:
    """Whether a sentence says again what the customer said: of them, or in a bare "four lines, one too many"."""
    if len(shared) != 1:
        return bool(shared)
    return bool(_YOU & {*norms}) or not _FINITE & {*norms}


def _goes_straight(utterance: ParsedUtterance, sentence: Sentence, line: str) -> bool:
    """Whether a sentence is a demand, a link, an instruction or a refusal."""
    if sentence.found.has_any(_DEMANDS) or sentence.found.has_any(_DIVERTS) or _ADDRESS.search(sentence.text):
        return True
    if _INSTRUCTS.search(line):
        return True
    norms = sentence.found.norms
    asks = sentence.found.is_question or "please" in norms or "kindly" in norms or len(norms) <= _MAX_BARE_WORDS
    if asks and len(norms) <= _MAX_DEMAND_WORDS and _IDENTIFIES.search(line):
        return True
    return any(asked.slot in IDENTIFIERS for asked in asked_in(utterance, sentence))
