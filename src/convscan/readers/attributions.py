"""The line with which a mail program says who wrote what is quoted below it: "On Sunday Ana wrote:"."""

import re

# In the languages of mail programs; Russian is written in escapes, for its letters look like ours.
_WROTE = re.compile(
    r"(?:\b(?:wrote|writes|said|a \xe9crit|escribi\xf3|ha scritto|(?:het volgende )?geschreven|geschrieben|escreveu"
    r"|napisa\u0142a?|pisze|napsala?|kirjoitti|skrev f\xf6ljande|skrev|\u015funu yazd\u0131"
    r"|\u043d\u0430\u043f\u0438\u0441\u0430\u043b\u0430?|\u043f\u0438\u0448\u0435\u0442)"
    r"(?:\(a\)|/a)?|\u5199\u9053)\s?[:\uff1a]\*?"
)
WROTE_LAST = re.compile(f"{_WROTE.pattern}$")
OPENS = re.compile(
    r"(?:(?:On|Am|Le|El|Il|Op|Em|No dia|A|W dniu|Dnia|Den|Dne)\s|(?:\w{2,4}\.,? )?\d{1,4}[./ -](?:\d|\w{3}))"
)
# What a mail program puts before "wrote:" and a person does not: a time of day, an address, a date in figures.
SURE_FACTS = re.compile(r"\d:\d\d|@|\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|\d{4}\u5e74")
# "On 3 May 2026 you wrote:": who tells a story says "you", a mail program says a name.
PRONOUN = re.compile(
    r"\b(?:you|he|she|they|we|I|it|(?:your|my|our|the) [\w-]{1,30})(?: \w{1,12})? (?:wrote|writes|said):\*?$"
)
# A longer line, or one that is wrapped, announces nothing.
MAX_WRAPPED_CHARS = 200


def is_attribution(line: str) -> bool:
    """Tell whether a line says who wrote what is set off as a quote below it: "On Sunday Ana wrote:"."""
    is_dated = OPENS.match(line) or SURE_FACTS.search(line)
    return bool(is_dated and WROTE_LAST.search(line) and not PRONOUN.search(line))


def opens_with_attribution(words: str) -> bool:
    """Tell whether a text begins with such words, be it in a line of their own or not."""
    window = words[:MAX_WRAPPED_CHARS]
    return any(is_attribution(window[: wrote.end()]) for wrote in _WROTE.finditer(window))
