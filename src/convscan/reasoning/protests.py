"""Customers who say that they gave it already, and what they may mean by it."""

import re
from collections.abc import Collection

from convscan.language.parsed import Sentence
from convscan.reasoning.wordings import Wordings
from convscan.reasoning.words import word_set

# "It's in my first message", "I only just gave you all that", "scroll up".
_PROTEST = Wordings({
    "told gave given sent said explained answered provided attached uploaded typed mentioned wrote written listed "
    "shared showed shown + already just both all": (
        r"(?:i|we)(?: have| 've)?(?: only)?(?: already| just| both| all)+(?: just| already)? (?:told|gave|given|sent"
        r"|said|explained|answered|provided|attached|uploaded|typed|mentioned|wrote|written|listed|shared|showed|shown)"
    ),
    "already just + put read have asked got": (
        r"i (?:already|just) put it in|you (?:just|already) (?:read|have|asked|got)"
    ),
    "wrote told gave sent said explained answered provided attached uploaded did done tried posted mentioned listed "
    "+ already": (
        r"already (?:wrote|told|gave|sent|said|explained|answered|provided|attached|uploaded|did|done|tried|posted"
        r"|mentioned|listed)"
    ),
    "just + did said told wrote had": r"^i just did$|^(?:\S+ ){0,2}just (?:said|told|wrote)|you just had (?:it|that)",
    "told gave sent said explained answered provided attached uploaded wrote linked posted typed "
    "+ already earlier before above": (
        r"(?:told|gave|sent|said|explained|answered|provided|attached|uploaded|wrote)"
        r"(?: (?:it|that|this|you|all (?:this|that)|them|her|him))? (?:already|earlier|before|above)"
        r"|(?:linked|attached|posted|typed|wrote|sent) (?:it |them )?(?:right )?(?:above|already|before)"
    ),
    # What was done: "I JUST DID", "this I did", "did that already", "I've done all that".
    "did done tried filled called emailed mailed posted put dmed + just literally already": (
        r"(?:i|we)(?: have| 've)? (?:just |literally |already )+(?:did|done|tried|filled|called|emailed|mailed|posted"
        r"|put|dmed)"
    ),
    "did done tried checked + already twice before first yesterday": (
        r"(?:did|done|tried|checked) (?:all )?(?:that|this|it|so|them|those)(?: all)? (?:already|twice|before|first"
        r"|yesterday)"
    ),
    "did wrote said sent gave done already + this that which": (
        r"(?:this|that|which) i (?:did|wrote|said|sent|gave|have done|already)"
    ),
    "done": (
        r"also done|(?:already|all) done(?: that| this)?$"
        r"|(?:i|we)(?: have| 've) (?:already )?done (?:all )?(?:that|this|your|those)"
    ),
    "twice": r"you (?:people |guys )?have twice",
    "literally only + said told wrote gave did": r"(?<!not )(?:literally|only) (?:just )?(?:said|told|wrote|gave|did)",
    # Told to whom, and how.
    "said wrote told mentioned explained": (
        r"as i (?:already )?(?:said|wrote|told|mentioned|explained)|first thing i (?:wrote|said|told)"
        r"|(?:i|we) said (?:so|it|that) (?:in|to)"
    ),
    "wrote told said gave typed + the your": (
        r"(?:wrote|told|said|gave|typed) (?:it|that|this|them|all) (?:to |in )?(?:the|your) (?:bot|man|lady|woman"
        r"|colleague|other|machine|form|chat)|typed it in at the start"
    ),
    "gave": (
        r"(?:i|phone|number|name|email)(?: i)? gave$"
        r"|gave (?:it|that|this|them|all) (?:to )?(?:your|the) (?:bot|colleague|last|other|first)"
    ),
    "told tell + you": r"(?:i|we) (?:told|tell) you (?:this|that|it|all)",
    "thanked": r"you (?:just )?thanked me for",
    "bot colleague": r"sent \S+ to your (?:bot|colleague)",
    "described listed mentioned wrote tried gave + the": (
        r"the (?:workaround|steps?|thing|one) (?:that )?i (?:described|listed|mentioned|wrote|tried|gave)"
    ),
    # Where it stands: "it's in the line above", "they are in yesterday's mail", "line four of my post".
    "message mail mails email post ticket letter note notes tweet tweets line thread dm dms attachment attachments "
    "title screenshot comment report chat": (
        r"(?:in|to|of) (?:my|the) (?:very )?(?:first|last|previous|earlier|original|opening) (?:message|mail|e mail"
        r"|email|post|ticket|letter|note|tweet|line)|(?:first|last|previous|original) (?:message|mail|e mail|email|post"
        r"|tweet)$"
        r"|(?:it|its|that|this|they|those|these|all|all of it|everything|pics|photos|number|details) (?:is |are |was "
        r"|were |'s )(?:\w+ ){0,2}(?:in|on) (?:my|the|this|that|your|yesterday|its) (?:\S+ ){0,2}(?:message|mail|mails"
        r"|email|post|tweet|tweets|thread|dms?|attachment|attachments|title|line|screenshot|comment|report|chat"
        r"|notes|letter)"
    ),
    "form log subject ticket tweet pictures photos list table file app post message title + in on the": (
        r"(?:it|its|that|this|they|those|these|all|number|serial) (?:is |are |was |were |'s )?(?:\w+ ){0,2}(?:in|on) "
        r"(?:the |my |your |this )+(?:very |claim )?(?:form|log|subject|ticket|tweet|pictures|photos|list|table|file"
        r"|app)|in the subject|^the (?:tweet|post|message|log|subject|ticket|form|title)$"
    ),
    "notes system file ticket thread + in": (
        r"(?:it is|all) in (?:your|the) (?:notes|system|file)|(?:is|was|are|were) in (?:this|the) (?:very )?(?:ticket"
        r"|thread)"
    ),
    "first last same + package parcel mail message envelope letter": (
        r"(?:was|were|are|is) in the (?:first|last|same) (?:package|parcel|mail|message|envelope|letter)"
    ),
    "its + my": r"its (?:all |right |already )?in my",
    "top line sentence paragraph point + of sentence": (
        r"(?:top|line \w+|sentence \w+|paragraph \w+|point \w+) of (?:my|the)|^sentence \w+$"
    ),
    "scroll read": (
        r"(?:scroll|read) (?:back )?up|(?:scroll|read) (?:back|above)|read (?:my|your|the) (?:mail|message|post|notes"
        r"|ticket|first|email|note)|(?:did|do|does|can) (?:you|anyone|anybody|any of you|someone)(?: \S+){0,3} read "
        r"(?!y|o)"
    ),
    "above": (
        r"(?:message|mail|post|ticket|it|that|this|them) (?:is |are )?(?:right )?above"
        r"|(?:it|that|they|number) (?:is|'s|are) (?:all )?(?:right )?above|^its above"
    ),
    "above already attached front + have": (
        r"you have (?:it|the|that|this|them|all)(?: \S+){0,3} (?:above|already|attached|in front)"
    ),
    "up": r"up one (?:post|message)|one message up",
    "linked attached there": (
        r"(?:it|its|that|this|they|all|pics|photos|log|logs) (?:is |are |'s )?(?:all |right |literally |both )*"
        r"(?:linked|attached|literally there|up there|already there|right there)(?: above| already)?$"
        r"|^(?:it|they|that) (?:is |are |'s )(?:already |all |right )?there$"
    ),
    "attached": r"precisely what is attached|attached to my",
    "says": r"says so (?:up|above|in|right)",
    "since + have": r"you have (?:it|them|this|that|all) (?:all )?since",
    "open + did": r"did (?:anyone|anybody|you) (?:even )?open",
    # How often.
    "second third fourth fifth + time": r"^(?:\S+ ){0,2}a (?:third|fourth|fifth|second) time",
    "same": r"^same (?:order|booking|as (?:before|above))|^(?:\w+ )?same as (?:before|above|i (?:said|wrote|gave))",
})  # fmt: skip


# "It's in my daughter's email" answers, as does all that says nothing of what was said, done or written.
_SPEAKS_OF_IT = word_set("""
    told gave given sent said explained answered provided attached uploaded typed mentioned wrote written listed shared
    showed shown first last previous earlier original opening scroll read above notes system file ticket thread already
    front just time up put twice open is are was were its top line sentence did done tried checked linked also same
    workaround steps step thanked tell its form log subject tweet pictures photos list table same says there since
    message post had app title
    """)


def may_protest(words: Collection[str]) -> bool:
    """Whether any sentence of a turn with these words may say that what is asked for was given."""
    return _PROTEST.may_stand_among(words)


def protests(sentence: Sentence) -> bool:
    """Whether the customer says that what is asked for was given."""
    return _PROTEST.stand_in(sentence) and not _SPEAKS_OF_IT.isdisjoint(sentence.found.norms)


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
