"""Slots: what the customer has given already, and what the agent asks for.

An order number, an address, a photograph, a step that was tried: each is a slot. Customers
are heard for the slots that they fill, agents for the slots that they ask for. Whatever is
in doubt was not given: a finding accuses somebody.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.reasoning.words import NUMBER_WORDS, content, is_number, word_set


@dataclass(frozen=True, slots=True)
class Given:
    """A slot that the customer has filled.

    Attributes:
        slot: Its name in plain words.
        values: Words that say its value; reading them back confirms it.
        about: Stems of the words around it.
    """

    slot: str
    at: Span
    values: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A slot that the agent asks for.

    Attributes:
        wanted: Stems of the words that say which one is wanted, "of the label".
    """

    slot: str
    at: Span
    wanted: frozenset[str] = frozenset()


# Nouns of what can be asked for, as they are said, with the name of the slot.
_NUMBERS = {
    "order": "order number",
    "booking": "booking number",
    "reservation": "booking number",
    "account": "account number",
    "customer": "customer number",
    "ticket": "ticket number",
    "case": "case number",
    "claim": "claim number",
    "policy": "policy number",
    "contract": "contract number",
    "invoice": "invoice number",
    "bill": "bill number",
    "tracking": "tracking number",
    "serial": "serial number",
    "reference": "reference",
    "ref": "reference",
    "phone": "phone number",
    "telephone": "phone number",
    "mobile": "phone number",
    "application": "application number",
    "report": "report number",
    "meter": "meter number",
    "member": "membership number",
    "membership": "membership number",
    "parcel": "tracking number",
    "shipment": "tracking number",
}
_NUMBER_NOUNS = frozenset({"number", "no", "num", "nr", "id", "#", "reference", "ref", "numbers", "code"})
_MATERIALS = {
    "photo": "photographs",
    "photos": "photographs",
    "photograph": "photographs",
    "photographs": "photographs",
    "picture": "photographs",
    "pictures": "photographs",
    "pics": "photographs",
    "pic": "photographs",
    "image": "photographs",
    "images": "photographs",
    "screenshot": "screenshot",
    "screenshots": "screenshot",
    "video": "video",
    "videos": "video",
    "footage": "video",
    "recording": "video",
    "clip": "video",
    "log": "log",
    "logs": "log",
    "logfile": "log",
    "invoice": "invoice",
    "invoices": "invoice",
    "receipt": "receipt",
    "receipts": "receipt",
    "bill": "invoice",
    "passport": "passport",
    "certificate": "certificate",
    "prescription": "prescription",
    "warranty card": "warranty card",
    "form": "form",
    "documents": "documents",
    "document": "documents",
    "statement": "statement",
    "boarding pass": "boarding pass",
    "proof": "proof",
    "plans": "plans",
    "readings": "readings",
    "reading": "readings",
}
_SPOKEN = {
    "name": "name",
    "surname": "name",
    "postcode": "postcode",
    "postal code": "postcode",
    "post code": "postcode",
    "zip": "postcode",
    "zip code": "postcode",
    "address": "address",
    "email address": "e-mail address",
    "e mail address": "e-mail address",
    "mail address": "e-mail address",
    "your email": "e-mail address",
    "e mail used": "e-mail address",
    "email used": "e-mail address",
    "mail used": "e-mail address",
    "the email": "e-mail address",
    "and email": "e-mail address",
    "version": "version",
    "model": "model",
    "prescription": "prescription",
    "birthday": "date of birth",
    "birth": "date of birth",
    "dob": "date of birth",
    "date of purchase": "date of purchase",
    "purchase date": "date of purchase",
    "error message": "error message",
    "error code": "error message",
    "browser": "browser",
    "make": "make",
}
_MATERIAL_SLOTS = frozenset(_MATERIALS.values())
# What was done to the device, as a stem, and the forms that report it.
_STEPS = {
    "restart": "restarting",
    "reboot": "restarting",
    "unplug": "unplugging",
    "reinstall": "reinstalling",
    "uninstall": "reinstalling",
    "reset": "resetting",
    "clean": "cleaning",
    "replug": "unplugging",
}
_STEP_PHRASES = {
    "cache": "clearing the cache",
    "cookies": "clearing the cache",
    "incognito": "a private window",
    "another browser": "another browser",
    "different browser": "another browser",
    "off and on": "restarting",
    "power cycle": "restarting",
    "power cycled": "restarting",
}

_SENT = re.compile(
    r"\b(?:attached|attaching|attach|enclosed|enclosing|enclose|uploaded|emailed|mailed|sent|submitted|filled|scanned"
    r"|posted|forwarded|pasted|pasting|included|below|above|here (?:is|are|you go)|gave|given|shared|filmed|faxed"
    r"|are in (?:my|the)|is in (?:my|the)|handed|dmd|dmed|messaged|went in|went to you|came to you"
    r"|(?:are|is) with you)\b"
)
# "I could send a photo", "I haven't sent it", "you sent me an invoice", "my invoice was not attached".
_NOT_SENT = re.compile(
    r"\b(?:not|never|can i|could i|shall i|should i|will|would|if i|want me to|going to|let me|need to|have to|happy to"
    r"|you (?:have )?(?:sent|attached|emailed|mailed|gave|posted|forwarded|shared)|they (?:have )?(?:sent|emailed"
    r"|mailed)"
    r"|(?:was|were|been|got|get|is) (?:sent|emailed|mailed|given) (?:a|an|the|this|me|us|to me)|lost|cannot|no)\b"
)
# "I sent my passport twice, what is missing?"
_I_SENT = re.compile(r"\b(?:i|we) (?:have |already |just )*(?:sent|attached|uploaded|emailed|enclosed|posted)\b")
_PHOTO_MARK = re.compile(r"\[(?:photo|picture|image|screenshot|video|attachment|file)s?\b[^\]]{0,40}\]", re.IGNORECASE)
_COUNTED = re.compile(
    r"\b(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) (photos|pictures|pics|images|screenshots|videos)\b"
)
_PAST = re.compile(
    r"\b(?:restarted|rebooted|unplugged|reinstalled|uninstalled|reset|cleared|cleaned|replugged"
    r"|tried (?:restarting|rebooting|unplugging|reinstalling|uninstalling|resetting|clearing|cleaning)"
    r"|turned (?:it |the \S+ )?off and on|switched (?:it |the \S+ )?off and on|power cycled|incognito|(?:another"
    r"|different) browser)\b"
)
_MAIL = re.compile(r"[^\s@]+@[\w-]+(?:\.[\w-]+)+")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")
_STREET = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:[A-Za-z']+ ){1,3}"
    r"(?:street|st|road|rd|lane|ln|avenue|ave|close|drive|court|way|place|terrace|crescent|row|square|gardens|grove"
    r"|mews|hill)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"\b(?:version|v)\.? ?\d+(?:\.\d+)*|\b(?:windows|ios|android|macos|ubuntu|debian|fedora) \d+", re.IGNORECASE
)
_ERROR = re.compile(
    r"\b(?:error|code|message|says?|saying|reads?)\b[^\"'“]{0,20}[\"'“][^\"”]{4,}[\"'”]"
    r"|\berror (?:code )?[A-Z]*\d[\w-]*",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[\w.@-]*\w")
# Words that name the slot and are no part of its value.
_NAMES_SLOT = word_set("version v error code message says say saying read reads")
_MIN_SPOKEN_DIGITS = 3


def given_in(utterance: ParsedUtterance) -> Iterator[Given]:
    """Yield the slots that a customer's message fills by itself."""
    for sentence in utterance.sentences:
        yield from _given_in_sentence(utterance, sentence)


def _given_in_sentence(utterance: ParsedUtterance, sentence: Sentence) -> Iterator[Given]:
    norms, text = sentence.found.norms, sentence.text
    if not norms:
        return
    at = utterance.span(sentence.start, sentence.end)
    yield from _numbers_in(norms, at)
    is_shown = _PHOTO_MARK.search(text) is not None
    if sentence.found.is_question and not is_shown and not _I_SENT.search(sentence.found.joined):
        return
    yield from _materials_in(sentence, at, is_shown=is_shown)
    for pattern, slot in (
        (_MAIL, "e-mail address"),
        (_POSTCODE, "postcode"),
        (_STREET, "address"),
        (_VERSION, "version"),
        (_ERROR, "error message"),
    ):
        found = pattern.search(text)
        if found is not None:
            yield Given(slot, at, frozenset(_VALUE.findall(found.group().lower())) - _NAMES_SLOT)
    yield from _steps_done(sentence, at)


def _numbers_in(norms: Sequence[str], at: Span) -> Iterator[Given]:
    """Yield numbers that stand behind the word that says what they are: "order no. 4471"."""
    for place, norm in enumerate(norms):
        slot = _NUMBERS.get(norm)
        if slot is None:
            continue
        behind = norms[place + 1 : place + 6]
        near = next((number for number, word in enumerate(behind) if _is_reference(word)), None)
        if near is not None and all(_may_stand_between(word) for word in behind[:near]):
            yield Given(slot, at, frozenset(word for word in behind[near:] if _is_reference(word)))


# "Order of 2024", "order on the 5123": a number that is not the order's.
_NOT_BETWEEN = word_set("on in for of by at to and or but the from with")
_MAX_PREFIX_CHARS = 4


def _may_stand_between(word: str) -> bool:
    """Whether a word may stand between "order" and its number: "order no. TRK 90 4471"."""
    return word in _NUMBER_NOUNS or word == "ending" or (len(word) <= _MAX_PREFIX_CHARS and word not in _NOT_BETWEEN)


_MIN_REFERENCE = 4


def _is_reference(norm: str) -> bool:
    """Whether a word can be a number by which something is found: not "2 days", not "5 pm"."""
    digits = sum(letter.isdigit() for letter in norm)
    return (digits >= _MIN_SPOKEN_DIGITS and len(norm) >= _MIN_REFERENCE) or (
        digits > 1 and any(letter.isalpha() for letter in norm)
    )


def _materials_in(sentence: Sentence, at: Span, *, is_shown: bool) -> Iterator[Given]:
    """Yield what was sent: shown by a mark in the text, counted, or said to be."""
    norms, line = sentence.found.norms, sentence.found.joined
    if is_shown:
        yield Given("photographs", at, about=content(norms))
        yield Given("screenshot", at, about=content(norms))
    named = dict.fromkeys(_named(norms, _MATERIALS))
    if not named or _NOT_SENT.search(line):
        return
    counted = _COUNTED.search(line)
    if counted is not None:
        yield Given(_MATERIALS[counted.group(1)], at, about=content(norms))
    if _SENT.search(line):
        for slot in named:
            yield Given(slot, at, about=content(norms))


def _named(norms: Sequence[str], names: Mapping[str, str]) -> Iterator[str]:
    yield from (names[norm] for norm in norms if norm in names)
    yield from (names[two] for two in map(" ".join, pairwise(norms)) if two in names)


def _steps_done(sentence: Sentence, at: Span) -> Iterator[Given]:
    norms, line = sentence.found.norms, sentence.found.joined
    if not names_step(line) or not _PAST.search(line) or _UNDONE.search(line):
        return
    for slot in dict.fromkeys(_steps_named(norms, line)):
        yield Given(slot, at, about=content(norms))


_UNDONE = re.compile(r"\b(?:not|never|should i|shall i|if i|you|after (?:it|the)|how|keeps)\b")


def _steps_named(norms: Sequence[str], line: str) -> Iterator[str]:
    for norm in norms:
        slot = next((name for root, name in _STEPS.items() if norm.startswith(root)), None)
        if slot is not None:
            yield slot
    yield from (name for phrase, name in _STEP_PHRASES.items() if phrase in line)


# How an agent asks for something.
_ASKS = re.compile(
    r"\b(?:please|kindly|pls|plz|(?:can|could|may|might|would|will) (?:i|we|you)|(?:i|we) (?:will |would |'d |'ll "
    r"|still |also |just |do |only )*(?:need|require|ask|want)"
    r"|give (?:me|us)|send (?:me|us)|tell (?:me|us)|let (?:me|us) (?:have|know)|what is|what 's|what was|which|what"
    r"|share|provide|go ahead and|you can|do you have|have you got|are needed|is needed|must|you have to"
    r"|you (?:will )?need to|with the)\b"
)
NOT_ASKING = re.compile(
    r"\b(?:thank you for|thanks for|thank you|thanks|received|got your|i see (?:your|the)"
    r"|will (?:send|share|provide|email|give)|(?<!can )(?<!may )(?<!could )(?:i|we) (?:have|can see|found|noted)"
    r"|if you (?:have|need|still)"
    r"|is (?:that|this|it) (?:still|correct|right)|"
    r"not need|no need|not have to|do not (?:send|give|share|provide)|never share|i am sending|in case|attached"
    r"|once we|when you (?:receive|get)|as soon as (?!possible)|below is|here is)\b"
)
# More than was given, or something else.
MORE = word_set("""
    exact full complete entire whole more another additional further clearer better close closer closeup newer latest
    other different second alternative new their his her driver manager husband wife side angle label
    security bank card billing delivery secondary emergency ip verification landlord bigger uncropped original
    certified signed previous old former current maiden mother mothers father fathers pet pets childhood school
    """)
_STEP_ASK = re.compile(
    r"\bgive (?:the|that|your|another) \w+ (?:another|one more|a second|a)\b"
    r"|\b(?:have you (?:already )?tried|did you (?:try )?|have you|please|kindly|try|can you|could you|would you"
    r"|you (?:can|could|should|need to|might)|go ahead and|suggest|recommend)\b|^(?:\d+ )?(?:restart|reboot"
    r"|unplug|reinstall"
    r"|reset|clear|clean|turn|uninstall)\b"
)


def asked_in(
    utterance: ParsedUtterance, sentence: Sentence, *, listing: bool = False, may_name_step: bool = True
) -> tuple[Asked, ...]:
    """Return the slots that a sentence of the agent asks for.

    Args:
        listing: Whether it stands below words that announce a list of what is needed.
        may_name_step: Whether it may name a step to take; False where that is known not to be.
    """
    found = sentence.found
    if _NAMES_ASKED.isdisjoint(found.norms) and not (may_name_step and names_step(found.joined)):
        return ()
    at = utterance.span(sentence.start, sentence.end)
    return asked_with(found.norms, at, is_question=found.is_question, listing=listing, may_name_step=may_name_step)


def may_name_slot(words: Collection[str]) -> bool:
    """Whether these words name anything but steps that can be asked for; quicker than what it is."""
    return not _NAMES_ASKED.isdisjoint(words)


def announces_list(sentence: Sentence) -> bool:
    """Whether a list of what is needed follows: "please provide the following documents:"."""
    ends = sentence.text.rstrip().endswith(":")
    if not ends and _NAMES_LIST.isdisjoint(sentence.found.norms):
        return False
    line = sentence.found.joined
    return (ends or _LIST.search(line) is not None) and _NEEDS.search(line) is not None


_NAMES_LIST = frozenset({"following", "below", "these"})
_LIST = re.compile(r"\b(?:following|below (?:materials|details|documents)|these details)\b")
_NEEDS = re.compile(r"\b(?:need|needed|require|required|provide|send|share|supply|kindly|please)\b")
_GIVES = re.compile(
    r"\b(?:send|provide|share|attach|upload|forward|need|needed|require|supply|have|get|post|fill|email|submit|join"
    r"|show"
    r"|complete|enclose|mail|give|see|without|produce|furnish|pop|courier|want|pass|drop)\b"
)
_MAX_WORDS_BARE = 7


def asked_with(
    norms: Sequence[str], at: Span, *, is_question: bool, listing: bool = False, may_name_step: bool = True
) -> tuple[Asked, ...]:
    """Return the slots that words ask for; see `asked_in`."""
    line = " ".join(norms)
    asked = [
        Asked(slot, at, _complement(norms, place))
        for slot, place in _asked_slots(norms)
        if _is_asked(slot, norms, place, line, asks=listing or is_question, listing=listing)
    ]
    if may_name_step and names_step(line) and _STEP_ASK.search(line):
        asked += [Asked(slot, at) for slot in dict.fromkeys(_steps_named(norms, line))]
    return tuple(asked) if asked and not NOT_ASKING.search(line) else ()


def _is_asked(slot: str, norms: Sequence[str], place: int, line: str, *, asks: bool, listing: bool) -> bool:
    """Whether words that name a slot ask for it."""
    near = norms[max(0, place - 3) : place + 4]
    if not MORE.isdisjoint(near) or "'s" in norms[max(0, place - 1) : place]:
        return False
    if slot in _MATERIAL_SLOTS and slot != "prescription":
        before = " ".join(norms[:place])
        return listing or (_ASKS.search(before) is not None and _GIVES.search(before) is not None)
    return asks or _ASKS.search(line) is not None or _is_bare(norms, place)


# Without one of these nothing is asked for: the last words of names, which are rarer than the first.
_NAMES_ASKED = frozenset(name.split()[-1] for name in (*_NUMBER_NOUNS, *_MATERIALS, *_SPOKEN))
_BEGINS_NAME = frozenset(name.split()[0] for name in (*_NUMBERS, *_NUMBER_NOUNS, *_MATERIALS, *_SPOKEN))
_STEP_NAMES = (*_STEPS, *_STEP_PHRASES)


def _is_bare(norms: Sequence[str], place: int) -> bool:
    """Whether a few words are a demand though nothing asks: "Your full name", not "Beautiful name"."""
    return (
        len(norms) <= _MAX_WORDS_BARE
        and _FINITE.isdisjoint(norms)
        and all(
            norm in _BEFORE_BARE or norm in _NUMBERS or norm in _SPOKEN or norm in _NUMBER_NOUNS
            for norm in norms[:place]
        )
    )


_FINITE = word_set("is are was were be been has have had 's 'll will")
_BEFORE_BARE = word_set(
    "your the full first last and or please ok okay thanks plus also with line of family then now what"
)


def names_step(line: str) -> bool:
    """Whether words may name a step to take; one by one they are found quicker than by an expression."""
    return any(map(line.__contains__, _STEP_NAMES))


def _asked_slots(norms: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the slots named, each with its place among the words."""
    for place, norm in enumerate(norms):
        if norm not in _BEGINS_NAME:
            continue
        following = norms[place + 1] if place + 1 < len(norms) else ""
        if norm in _NUMBERS and following in _NUMBER_NOUNS:
            yield _NUMBERS[norm], place
        elif norm in _NUMBER_NOUNS and norms[place + 1 : place + 3] in (("of", "your"), ("of", "the")):
            named = norms[place + 3] if place + 3 < len(norms) else ""
            if named in _NUMBERS:
                yield _NUMBERS[named], place
        elif f"{norm} {following}" in _SPOKEN:
            yield _SPOKEN[f"{norm} {following}"], place
        elif f"{norm} {following}" in _MATERIALS:
            yield _MATERIALS[f"{norm} {following}"], place
        elif norm in _MATERIALS and following not in _NUMBER_NOUNS:
            yield _MATERIALS[norm], place
        elif norm in _SPOKEN:
            yield _SPOKEN[norm], place


_GENERIC = content(
    word_set(
        "damage damaged defect defects fault problem issue item product device order parcel purchase error screen copy "
        "parts part unit box packaging"
    )
)


def _complement(norms: Sequence[str], place: int) -> frozenset[str]:
    """Return the stems of what is wanted of it: "of the label"."""
    behind = list(takewhile(lambda norm: norm not in {"and", "or", "so", "to"}, norms[place + 1 : place + 7]))
    if "of" not in behind:
        return frozenset()
    return content(behind[behind.index("of") + 1 :]) - _GENERIC


def is_confirming(asked: Asked, given: Given, norms: Sequence[str]) -> bool:
    """Whether a sentence that names a slot reads its value back."""
    words = frozenset(norms)
    return bool(given.values and given.values & words) or (
        not given.values and any(is_number(w) and w[0].isdigit() for w in norms) and asked.slot.endswith("number")
    )


def is_same(asked: Asked, given: Given) -> bool:
    """Whether what is asked for is what was given, as far as the words tell."""
    return not asked.wanted or bool(asked.wanted & given.about)


def answers_ask(norms: Sequence[str], slot: str) -> frozenset[str] | None:
    """Return the words with which a short reply fills a slot that was asked for; None if it does not."""
    if _NO_ANSWER & frozenset(norms):
        return None
    numbers = frozenset(norm for norm in norms if is_number(norm))
    if slot.endswith(("number", "reference", "birth", "postcode")):
        digits = sum(sum(c.isdigit() for c in norm) for norm in numbers) + sum(norm in NUMBER_WORDS for norm in numbers)
        return numbers if digits >= _MIN_SPOKEN_DIGITS else None
    if slot in {"name", "model", "make", "browser"} and len(norms) <= _SHORT_ANSWER:
        return frozenset(norms)
    if slot in _STEP_SLOTS and _DONE & frozenset(norms):
        return frozenset()
    return None


_DONE = word_set("done did yes yep yeah tried same twice already")
_STEP_SLOTS = frozenset((*_STEPS.values(), *_STEP_PHRASES.values()))


_NO_ANSWER = word_set("not why what where which how already again none cannot dunno lost sorry hang")
_SHORT_ANSWER = 10


# "I sent my ID twice already": whatever it was, it was handed over.
_HANDED = re.compile(
    r"\b(?:i|we) (?:have |had |already |just |also |even |did )*(?:sent|send|gave|given|uploaded|emailed|mailed"
    r"|submitted|posted|forwarded|shared|provided|supplied|handed|faxed|filled|resent)\b"
    r"(?! (?:an? )?(?:email|mail|message|complaint|request|letter|question|ticket)s?\b)"
)
HANDED = "something that was handed over"
# "I sent the wrong one": what is wanted was not handed over.
_NOT_IT = word_set("wrong old mistake mistakenly incomplete half blurry only")
_MAX_HANDED_WORDS = 24


def handed_in(utterance: ParsedUtterance, sentence: Sentence) -> Given | None:
    """Return what a customer's sentence says was handed over; None if nothing is, as far as it tells."""
    found = sentence.found
    if found.is_question or len(found.norms) > _MAX_HANDED_WORDS or not _HANDED.search(found.joined):
        return None
    if _NOT_SENT.search(found.joined) or not _NOT_IT.isdisjoint(found.norms):
        return None
    at = utterance.span(sentence.start, sentence.end)
    return Given(HANDED, at, frozenset(found.norms), content(found.norms))


MATERIALS = frozenset(_MATERIALS.values())
# What says who the customer is, or which case; the model of a device is part of the matter.
IDENTIFIERS = frozenset(_NUMBERS.values()) | {"name", "postcode", "address", "e-mail address", "date of birth"}


_SAYS_AGAIN = word_set("again more time afresh anew resend reupload resubmit reattach")
_HANDS_AGAIN = re.compile(
    r"\b(?:send|provide|share|upload|attach|forward|submit|post|give|supply|fill|pop|drop|pass)(?: \S+){1,7}?"
    r" (?:again|over again|once more|one more time|another time|a second time|afresh|anew)\b"
    r"|\b(?:resend|reupload|resubmit|reattach)\b"
)


def may_ask_again(words: Collection[str]) -> bool:
    """Whether sentences of these words may ask to hand something over once more."""
    return not _SAYS_AGAIN.isdisjoint(words)


# "Send it again.": what is meant was spoken of; else a noun must say that it is the same.
_HAND_IT_AGAIN = re.compile(
    r"^(?:(?:please|then|so|ok|okay|just|and|well|kindly|you (?:will )?(?:need|have) to|you must|could you"
    r"|can you) ){0,3}"
    r"(?:send|upload|submit|forward|post|provide|supply|give|email|mail|resend|resubmit|reupload)"
    r" (?:(?:us|me) )?(it|them|that|this|(?:the|your|that|those|these|everything) ?(?:\w+ ?){0,3}?)"
    r" ?(?:in |over |to us |to me |back )?(?:again|once more|one more time|afresh|anew)(?: please)?$"
)
_IT = frozenset({"it", "them", "that", "this"})
_POINTING = frozenset({"the", "your", "that", "those", "these", "everything", "same", "of", "and"})


def handed_again(sentence: Sentence, handed: Sequence[Given]) -> Given | None:
    """Return what a bare order tells to hand over once more; None if it tells nothing of the kind.

    Args:
        handed: What the customer said was handed over, in order.
    """
    if not handed or not may_ask_again(sentence.found.norms):
        return None
    found = _HAND_IT_AGAIN.search(sentence.found.joined)
    if found is None:
        return None
    if found[1].strip() in _IT:
        return handed[-1]
    # "ID" is too short for a stem.
    words = frozenset(found[1].split()) - _POINTING
    return next((one for one in reversed(handed) if content(words) & one.about or words & one.values), None)


def asks_for_it_again(sentence: Sentence) -> bool:
    """Whether a sentence asks to hand something over once more: "you can send it again"."""
    if not may_ask_again(sentence.found.norms):
        return False
    line = sentence.found.joined
    return bool(_HANDS_AGAIN.search(line) and _ASKS.search(line) and not NOT_ASKING.search(line))
