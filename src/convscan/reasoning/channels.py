"""Channels that failed a customer, and sentences that point back to them."""

import re
from collections.abc import Iterator

from convscan.language.parsed import Sentence
from convscan.reasoning.slots import NOT_ASKING
from convscan.reasoning.words import word_set

# Where the customer got nowhere, and the words with which agents point there again.
_CHANNELS = {
    "phone": re.compile(
        r"\b(?:call|calling|called|phone|phoned|phoning|ring|rang|ringing|hotline|helpline|on hold|line|number)\b"
    ),
    "mail": re.compile(r"\b(?:email|emailed|emailing|mail|mailed|e mail|wrote to|write to)\b|\S+@\S*"),
    "form": re.compile(r"\b(?:form|forms)\b"),
    "app": re.compile(r"\b(?:app)\b"),
    "chat": re.compile(r"\b(?:live chat|chat|chatbot|bot)\b"),
    "branch": re.compile(r"\b(?:branch|store|shop|club|dealer|office|desk|counter)\b"),
    "website": re.compile(r"\b(?:website|site|web page|portal|link|page)\b"),
}
_TRIED_THERE = re.compile(
    r"\b(?:called|phoned|rang|rung|emailed|mailed|wrote|written|filled|tried|used|went|asked|visited|contacted"
    r"|been (?:on|to))\b"
)
# Without one of these nothing was tried; quicker to see.
_TRIES = word_set(
    "called phoned rang rung emailed mailed wrote written filled tried used went asked visited contacted been"
)
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
    r"|complete|submit|you (?:can|could|need|should))\b"
)


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


def failed_channels(sentence: Sentence) -> Iterator[str]:
    """Yield the channels of which a customer's sentence says that they failed."""
    if _TRIES.isdisjoint(sentence.found.norms):
        return
    # Who was not rung back has tried nothing; and where one is sent to is not where one was.
    line = _SENT_ON.sub(r"\1", _NOT_RUNG.sub("", sentence.found.joined))
    if _TRIED_THERE.search(line) and _IN_VAIN.search(line) and not sentence.found.is_question:
        yield from (name for name, pattern in _CHANNELS.items() if pattern.search(line))


def pointed_to(sentence: Sentence) -> Iterator[str]:
    """Yield the channels that a sentence of the agent points to."""
    line = sentence.found.joined
    if (
        _POINTS.search(line)
        and not _OURSELVES.search(line)
        and not NOT_ASKING.search(line)
        and not sentence.found.is_question
    ):
        yield from (name for name, pattern in _CHANNELS.items() if pattern.search(line))
