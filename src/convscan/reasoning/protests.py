"""Customers who say that they gave it already, and what they may mean by it."""

import re

from convscan.language.parsed import Sentence
from convscan.reasoning.words import word_set

# "It's in my first message", "I only just gave you all that", "scroll up".
_PROTEST = re.compile(
    r"\b(?:(?:i|we)(?: have| 've)?(?: only)?(?: already| just| both| all)+(?: just| already)? "
    r"(?:told|gave|given|sent|said|explained|answered|provided|attached|uploaded|typed|mentioned|wrote|written"
    r"|listed|shared|showed|shown)"
    r"|(?:told|gave|sent|said|explained|answered|provided|attached|uploaded|wrote) (?:it|that|this|you|all (?:this"
    r"|that)|them|her|him)?"
    r" ?(?:already|earlier|before|above)"
    r"|(?:in|to|of) (?:my|the) (?:very )?(?:first|last|previous|earlier|original|opening) (?:message|mail|e mail"
    r"|email|post|ticket|letter|note|tweet|line)"
    r"|(?:scroll|read) (?:back )?up|(?:scroll|read) (?:back|above)|read (?:my|your|the) (?:mail|message|post|notes"
    r"|ticket|first|email|note)"
    r"|(?:did|do|does|can) (?:you|anyone|anybody|any of you|someone)(?: \S+){0,3} read (?!y|o)"
    r"|as i (?:already )?(?:said|wrote|told|mentioned|explained)|(?:message|mail|post|ticket|it|that|this"
    r"|them) (?:is |are )?(?:right )?above"
    r"|(?:it is|all) in (?:your|the) (?:notes|system|file)|(?:is|was|are|were) in (?:this|the) (?:very )?(?:ticket"
    r"|thread)"
    r"|you have (?:it|the|that|this|them|all)(?: \S+){0,3} (?:above|already|attached|in front)|you (?:just"
    r"|already) (?:read|have|asked|got)"
    r"|^(?:\S+ ){0,2}a (?:third|fourth|fifth|second) time|(?:i|phone|number|name|email) i? ?gave$|up one (?:post"
    r"|message)"
    r"|sent \S+ to your (?:bot|colleague)|one message up|precisely what is attached|attached to my"
    r"|typed it in at the start|^i just did$|i (?:already|just) put it in|(?:it|that|they|number) (?:is|'s"
    r"|are) (?:all )?(?:right )?above|^its above"
    r"|you (?:people |guys )?have twice|did (?:anyone|anybody|you) (?:even )?open|(?:i )?gave (?:it|that|this|them"
    r"|all) (?:to )?(?:your|the) (?:bot|colleague|last|other|first))\b"
)


# One of these is in every such protest; quicker to see.
_NEEDED = word_set("""
    told gave given sent said explained answered provided attached uploaded typed mentioned wrote written listed shared
    showed shown first last previous earlier original opening scroll read above notes system file ticket thread already
    front just time up put twice open
    """)


def protests(sentence: Sentence) -> bool:
    """Whether the customer says that what is asked for was given."""
    return not _NEEDED.isdisjoint(sentence.found.norms) and _PROTEST.search(sentence.found.joined) is not None


_OPEN_ASK = re.compile(
    r"\b(?:please|kindly|could you|can you|would you|may i|can i|could i|send|share|tell (?:me|us)|provide|describe"
    r"|explain"
    r"|what is (?:your|the)|what seems|how (?:can|may) (?:i|we) help|have you tried|did you try|which|what)\b"
)


def asks_something(sentence: Sentence) -> bool:
    """Whether a sentence of the agent may be what a customer protests against."""
    return sentence.found.is_question or _OPEN_ASK.search(sentence.found.joined) is not None
