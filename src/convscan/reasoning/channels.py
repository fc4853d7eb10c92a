"""Channels that failed a customer, and sentences that point back to them."""

import re
from collections.abc import Collection, Iterator

from convscan.language.parsed import Sentence
from convscan.reasoning.slots import NOT_ASKING
from convscan.reasoning.wordings import Wordings
from convscan.reasoning.words import word_set

# Where the customer got nowhere, and the words with which agents point there again.
_CHANNELS = {
    "phone": re.compile(
        r"\b(?:call|calling|called|phone|phoned|phoning|ring|rang|ringing|hotline|helpline|on hold|line|number)\b"
    ),
    "mail": re.compile(
        r"\b(?:email|emailed|emailing|mail|mailed|e mail|wrote (?:to|them|there)|write (?:to|them|there))\b|\S+@\S*"
    ),
    "form": re.compile(r"\b(?:form|forms)\b"),
    "app": re.compile(r"\b(?:app)\b"),
    "chat": re.compile(r"\b(?:live chat|chat|chatbot|bot)\b"),
    "branch": re.compile(r"\b(?:branch|store|shop|club|dealer|office|desk|counter|reception)\b"),
    "seller": re.compile(r"\b(?:retailer|seller|sender|merchant)\b"),
    "community": re.compile(r"\b(?:community|forum)\b"),
    "help page": re.compile(r"\b(?:help|settings|menu) (?:> )?(?:contact|orders|report|support)\b"),
    "website": re.compile(r"\b(?:website|site|web page|portal|link|page)\b"),
}
_TRIED_THERE = re.compile(
    r"\b(?:called|phoned|rang|rung|emailed|mailed|wrote|written|filled|tried|used|went|asked|visited|contacted"
    r"|been (?:on|to))\b"
)
# Without one of each nothing was tried in vain; quicker to see.
_TRIES = word_set(
    "called phoned rang rung emailed mailed wrote written filled tried used went asked visited contacted been"
)
_FAILS = word_set("""
    nothing no nobody not never hung cut engaged rings bounced bounces spins spinning told tells said says sent sends
    ignored down broken fails failed error ask
    """)
_IN_VAIN = re.compile(
    r"\b(?:nothing|no (?:answer|reply|response|one)|nobody|not (?:answer|answered|replied|reply|work|working|worked"
    r"|load|loading)"
    r"|never (?:answer|answered|replied|got|heard)|hung up|cut off|engaged|rings out|just rings|bounced|bounces"
    r"|spins|spinning"
    r"|(?:told|tells|said|says|sent|sends) (?:me|us)?(?: to)? ?(?:to|use|ask|call|visit|contact|you)|ignored|down"
    r"|broken|fails|failed|error|ask you)\b"
)
_POINTS = re.compile(
    r"\b(?:please|kindly|try|call|phone|ring|email|contact|visit|use|fill|go to|write|chat|message|reach|speak"
    r"|complete|submit|best (?:bet|route|way)|there (?:is|'s) a|get in touch|have a word"
    r"|can be (?:emailed|called|reached|contacted)"
    r"|(?:^|to |then |and |you )(?:check|raise|start|join|report|post)"
    r"|you (?:will |would |'d |'ll )?(?:can|could|need|should|want to|have to))\b"
)
_BIDS = re.compile(r"^(?:\w+ ){0,2}(?:can|could|would|will) you\b")


_NOT_RUNG = re.compile(
    r"\b(?:nobody|no one|no \w+|none|they|you|he|she|never)(?: has| have| ever| even)*"
    r" (?:rang|rung|called|phoned|emailed|mailed|wrote|written|visited|contacted|asked)\b"
)
_SENT_ON = re.compile(r"\b((?:told|tells|said|says|sent|sends) (?:me |us )?to) .*")
# "I will call you myself": nobody is sent anywhere.
_OURSELVES = re.compile(
    r"\b(?:i|we|he|she|they|team|colleague|engineer|technician|driver) (?:will|shall|can|am going to"
    r"|are going to|would)\b"
    r"(?: \w+)? (?:call|ring|phone|email|mail|write|visit|message|contact|reach)\b"
)


def may_fail(words: Collection[str]) -> bool:
    """Whether sentences of these words of a customer may say that a channel failed."""
    return not _TRIES.isdisjoint(words) and not _FAILS.isdisjoint(words)


def failed_channels(sentence: Sentence) -> Iterator[str]:
    """Yield the channels of which a customer's sentence says that they failed."""
    if sentence.found.is_question or not may_fail(sentence.found.norms):
        return
    # Who was not rung back has tried nothing; and where one is sent to is not where one was.
    line = _SENT_ON.sub(r"\1", _NOT_RUNG.sub("", sentence.found.joined))
    if _TRIED_THERE.search(line) and _IN_VAIN.search(line):
        yield from (name for name, pattern in _CHANNELS.items() if pattern.search(line))


# What a customer says who was there, and what they say of how it went.
_WAS_THERE = re.compile(
    r"\b(?:did|done|posted|raised|deleted|reinstalled|been there|case raised|form (?:is |was )?(?:sent|filled)"
    r"|tried|days running|queue)\b"
)
_GOT_NOWHERE = re.compile(
    r"\b(?:useless|crash(?:es|ed|ing)?|(?:it|they|app|site|page|form|button|sender|seller|retailer|shop"
    r"|store) (?:just )?"
    r"(?:says?|said|tells?|told)|blank|white screen|no reply|nobody|went nowhere)\b"
)


_ASKS = re.compile(
    r"(?:and |so |but )?(?:do|does|did|is|are|can|could|will|should|where|what|how|which|who) (?:i|we|it|you|they)\b"
)


def came_back(sentence: Sentence) -> bool:
    """Whether a customer's sentence, right after they were sent somewhere, says that it led to nothing."""
    line = sentence.found.joined
    if sentence.found.is_question or _ASKS.match(line):
        return False
    return any(one.search(line) for one in (_TRIED_THERE, _IN_VAIN, _WAS_THERE, _GOT_NOWHERE))


# "Do try them once more", "put it through again": there again, wherever that was.
_THERE_AGAIN = re.compile(
    r"\b(?:try|call|ring|email|write|ask|contact|visit|fill|put|do|use|send|pop|submit|give)(?: \w+){0,2}?"
    r" (?:them|it|there|one|another one|the \w+)(?: \w+){0,2} (?:again|once more|another (?:go|try|whirl|time)"
    r"|a (?:second|third) time)\b"
    r"|^(?:just )?(?:pop in|send|put in|try) another one\b"
)


def points_there_again(sentence: Sentence) -> bool:
    """Whether a sentence of the agent points to the place they just spoke of, once more."""
    line = sentence.found.joined
    return _THERE_AGAIN.search(line) is not None and not _OURSELVES.search(line)


# Who is told to go somewhere, and not only of it: by an order that begins the sentence, or by words that make it one.
_GOING = (
    "call|phone|ring|email|contact|visit|use|fill|write|raise|report|start|check|join|post|complete|submit|speak|reach"
    "|message|chat"
)
_ORDERS = re.compile(
    rf"(?:(?!i |we |he |she |they |it )\w+ ){{0,3}}?(?:{_GOING}|go to|please|kindly|do|just|then|try)\b"
)
_ORDERING = frozenset(_GOING.split("|")) | word_set("go please kindly do just then try")
_MAX_ORDER_WORDS = 4
_SENDS = Wordings({
    "need want have ask best + to": rf"(?:need|want|have|ask you|best) to (?:\w+ )?(?:{_GOING}|go|put)",
    "please": rf"please (?:\w+ )?(?:{_GOING}|go|try)",
    "best + bet route way": r"best (?:bet|route|way)",
    "form + there": r"there (?:is|'s) a form",
    "touch + get": r"get in touch with",
    "word + have": r"have a word with",
    "emailed called reached contacted + can": r"can be (?:emailed|called|reached|contacted)",
})  # fmt: skip
_RINGS = re.compile(
    r"\b(?:call|ring|phone|dial|telephone) (?!back|you|her|him|charge)"
    r"|\b(?:hotline|helpline|(?:advice|help|support|service|info) line|the number)\b"
)


def may_send(words: Collection[str]) -> bool:
    """Whether sentences of these words of an agent may send the customer to a channel."""
    return not _ORDERING.isdisjoint(words) or _SENDS.may_stand_among(words)


def sent_to(sentence: Sentence) -> Iterator[str]:
    """Yield the channels to which a sentence of the agent plainly sends the customer."""
    if _sends(sentence):
        line = sentence.found.joined
        yield from (name for name in pointed_to(sentence) if name != "phone" or _RINGS.search(line))


def _sends(sentence: Sentence) -> bool:
    """Whether a sentence tells to go somewhere."""
    found = sentence.found
    orders = not _ORDERING.isdisjoint(found.norms[:_MAX_ORDER_WORDS]) and _ORDERS.match(found.joined) is not None
    return orders or _SENDS.stand_in(sentence)


def pointed_to(sentence: Sentence) -> Iterator[str]:
    """Yield the channels that a sentence of the agent points to."""
    line = sentence.found.joined
    if (
        _POINTS.search(line)
        and not _OURSELVES.search(line)
        and not NOT_ASKING.search(line)
        and (not sentence.found.is_question or _BIDS.search(line))
    ):
        yield from (name for name, pattern in _CHANNELS.items() if pattern.search(line))
