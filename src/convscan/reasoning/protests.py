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
    # Where it stands: "it's in the line above", "they are in yesterday's mail", "line four of my post".
    r"|(?:it|its|that|this|they|those|these|all|all of it|everything|pics|photos|number|details) (?:is |are "
    r"|was |were |'s )"
    r"(?:\w+ ){0,2}(?:in|on) (?:my|the|this|that|your|yesterday|its) (?:\S+ ){0,2}(?:message|mail|mails|email"
    r"|post|tweet|tweets"
    r"|thread|dms?|attachment|attachments|title|line|screenshot|comment|report|chat|message|notes|letter)"
    r"|(?:it|its|that|this|they|all|pics|photos|log|logs) (?:is |are |'s )?(?:all |right |literally "
    r"|both )*(?:linked|attached|literally there|up there"
    r"|already there|right there) ?(?:above|already)?$|(?:linked|attached|posted|typed|wrote|sent) (?:it "
    r"|them )?(?:right )?(?:above|already|before)"
    r"|(?:top|line \w+|sentence \w+|paragraph \w+|point \w+) of (?:my|the)|^sentence \w+$|(?:first|last"
    r"|previous|original) "
    r"(?:message|mail|e mail|email|post|tweet)$"
    r"|(?:it|its|that|this|they|those|these|all|number|serial) (?:is |are |was |were |'s )?(?:\w+ ){0,2}(?:in|on) "
    r"(?:the |my |your |this )+(?:very |claim )?(?:form|log|subject|ticket|tweet|pictures|photos|list|table|file|app)\b"
    r"|\bits (?:all |right |already )?in my|in the subject|^the (?:tweet|post|message|log|subject|ticket|form|title)$"
    r"|(?:was|were|are|is) in the (?:first|last|same) (?:package|parcel|mail|message|envelope|letter)"
    r"|says so (?:up|above|in|right)|^(?:it|they|that) (?:is |are |'s )(?:already |all |right )?there$"
    r"|you have (?:it|them|this|that|all) (?:all )?since|\balready (?:wrote|told|gave|sent|said|explained|answered"
    r"|provided|attached|uploaded|did|done|tried|posted|mentioned|listed)"
    r"|(?:literally|only) (?:just )?(?:said|told|wrote|gave|did)|^(?:\S+ ){0,2}just (?:said|told|wrote)"
    r"|first thing i (?:wrote|said|told)|you just had (?:it|that)"
    # What was done: "I JUST DID", "this I did", "did that already", "I've done all that".
    r"|(?:i|we)(?: have| 've)? (?:just |literally |already )+(?:did|done|tried|filled|called|emailed|mailed"
    r"|posted|put|dmed)"
    r"|(?:did|done|tried|checked) (?:all )?(?:that|this|it|so|them|those)(?: all)? (?:already|twice|before"
    r"|first|yesterday)"
    r"|(?:this|that|which) i (?:did|wrote|said|sent|gave|have done|already)|also done|(?:already"
    r"|all) done(?: that| this)?$"
    r"|(?:i|we)(?: have| 've) (?:already )?done (?:all )?(?:that|this|your|those)|(?:i|we) said (?:so|it"
    r"|that) (?:in|to)"
    r"|(?:wrote|told|said|gave|typed) (?:it|that|this|them|all) (?:to |in )?(?:the|your) (?:bot|man|lady|woman"
    r"|colleague|other|machine"
    r"|form|chat)|the (?:workaround|steps?|thing|one) (?:that )?i (?:described|listed|mentioned|wrote|tried|gave)"
    r"|^same (?:order|booking|as (?:before|above))|^(?:\w+ )?same as (?:before|above|i (?:said|wrote|gave))"
    r"|(?:i|we) (?:told|tell) you (?:this|that|it|all)|you (?:just )?thanked me for"
    r"|you (?:people |guys )?have twice|did (?:anyone|anybody|you) (?:even )?open|(?:i )?gave (?:it|that|this|them"
    r"|all) (?:to )?(?:your|the) (?:bot|colleague|last|other|first))\b"
)


# One of these is in every such protest; quicker to see.
_NEEDED = word_set("""
    told gave given sent said explained answered provided attached uploaded typed mentioned wrote written listed shared
    showed shown first last previous earlier original opening scroll read above notes system file ticket thread already
    front just time up put twice open is are was were its top line sentence did done tried checked linked also same
    workaround steps step thanked tell its form log subject tweet pictures photos list table same says there since
    message post had app title
    """)


def protests(sentence: Sentence) -> bool:
    """Whether the customer says that what is asked for was given."""
    return not _NEEDED.isdisjoint(sentence.found.norms) and _PROTEST.search(sentence.found.joined) is not None


_OPEN_ASK = re.compile(
    r"\b(?:please|kindly|could you|can you|would you|may i|can i|could i|send|share|tell (?:me|us)|provide|describe"
    r"|explain|(?:we|i) (?:will |'ll |would |still )?(?:need|want|require)|^(?:upload|attach|enter|type|give|list)"
    r"|^(?:\w+ ){0,3}(?:have a look|check(?! out)|reinstall|restart|reset|update|transcode|try|dm|post)"
    r"|what is (?:your|the)|what seems|how (?:can|may) (?:i|we) help|have you tried|did you try|which|what)\b"
)


_OFFERS = re.compile(r"\b(?:would you like|do you want|shall (?:i|we)|want me to|interested in)\b")
# One of these is in all that asks so.
_NEEDED_TO_ASK = word_set("""
    please kindly could can would may send share tell provide describe explain have check reinstall restart reset
    update transcode try dm post what how did which need want require upload attach enter type give list
    """)


def asks_something(sentence: Sentence) -> bool:
    """Whether a sentence of the agent may be what a customer protests against."""
    if _OFFERS.search(sentence.found.joined):
        return False
    if sentence.found.is_question:
        return True
    return not _NEEDED_TO_ASK.isdisjoint(sentence.found.norms) and _OPEN_ASK.search(sentence.found.joined) is not None
