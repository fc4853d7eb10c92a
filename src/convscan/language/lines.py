"""What a single line of a message looks like: greeting, name, sign-off, small print.

Every question is answered from one line, or a few lines after it, so that a text of
any number of lines takes time in proportion to its length.
"""

import re
from collections.abc import Sequence

# Possessive: a run of capitals could else be cut into words in millions of ways.
_NAME_WORD = r"[A-Z][\w.'\u2019-]*+"
# "{{name}}", "[Agent]", "%agent%", "<first name>": what a template shows in the place of a name.
_BLANK = r"(?:\{\{?[^{}\n]{1,60}\}?\}|\[[^][\n]{1,60}\]|%\w{1,40}%|<[^<>\n]{1,60}>|\$\{?[\w.]{1,40}\}?)"
_PLACEHOLDER = re.compile(_BLANK)
_HANDLES = r"(?:@\w{1,40}[ ,]+){0,9}"

_PART_OF_QUOTE = re.compile(r"\[/?quote\b", re.IGNORECASE)
_GREETING_WORD = re.compile(
    _HANDLES
    + r"(?:(?:hi|hello|hey|hiya|hallo|dear|greetings|welcome(?: back)?|good (?:morning|afternoon|evening|day))\b"
    r"(?:,? (?:again|there|all|everyone|everybody|folks|team|both|guys|and welcome(?: back)?)\b){0,2})",
    re.IGNORECASE,
)
_GREETED = re.compile(
    rf"(?:,? ?(?:@\w{{1,40}}|{_BLANK}|(?!I\b|My\b|We\b|Please\b|Can\b|Where\b|What\b|Thank){_NAME_WORD}"
    rf"|(?:sir|madam|customer|valued|van|von|de|der|da|la|or|and|&)\b)){{0,6}}"
    # One word in lower case is a name if a comma follows: "hi ana,".
    r"(?: [a-z]\w{1,19}(?=,$))?[ ,.!:;-]{0,4}[^\w\s]{0,4}$"
)
_SIGN_OFF = re.compile(
    r"(?:(?:with |and )?(?:my |our )?(?:very )?(?:kind|best|warm|kindest|warmest|many)? ?(?:regards|rgds|wishes)"
    r"|kr|br|best|warmly|(?:yours )?(?:sincerely|faithfully|truly|respectfully|cordially)(?: yours)?|yours|cheers"
    r"|thanks (?:and|&) (?:kind |best |warm )?(?:regards|wishes)"
    r"|(?:many |with )?thanks(?: again| so much| very much| a lot| in advance)?"
    r"|thank you(?: again| so much| very much| in advance)?"
    r"|take care|(?:all|wishing you all) the best"
    r"|(?:speak|talk) (?:to you )?soon"
    r"|have a (?:great|good|lovely|nice|wonderful) (?:day|evening|weekend|week|one)(?: ahead)?"
    # Agents who write English keep the block of their own language below it.
    r"|(?:mit )?(?:freundlichen?|besten?|vielen?|lieben?|herzlichen?) (?:gr\xfc(?:\xdf|ss)en?|gruss|gru\xdf)"
    r"|mfg|vg|lg|(?:bien |tr\xe8s )?cordialement|bien \xe0 vous|(?:sinc\xe8res|meilleures) salutations|salutations"
    r"|(?:un |muchos )?(?:cordial )?saludos?(?: cordiales)?|atentamente|cordialmente"
    r"|(?:cordiali|distinti|cari|un cordiale) saluti|saluti|un saluto"
    r"|(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|mvg"
    r"|atenciosamente|(?:com os )?(?:melhores )?cumprimentos|abra\xe7o"
    r"|pozdrawiam(?: serdecznie)?|serdecznie pozdrawiam|z powa\u017caniem|z wyrazami szacunku|pozdrowienia)",
    re.IGNORECASE,
)
_SIGN_OFF_REST = re.compile(rf"(?P<name>,? ?(?:{_NAME_WORD} ?|{_BLANK} ?){{1,3}})?[,.! ]{{0,4}}[^\w\s]{{0,4}}$")
_DEVICES = (
    r"(?:i(?:phone|pad|pod|os)|phone|cell|mobile|handy|android|samsung|galaxy|pixel|huawei|xiaomi|redmi|oneplus|nokia|motorola"
    r"|sony|xperia|htc|lg|blackberry|windows|tablet|device|smartphone|t\xe9l\xe9phone|m\xf3vil|telefono|telefoon|telem\xf3vel"
    r"|telefonu?|ger\xe4t|outlook|yahoo|gmail|proton|mail|gmx|web\.de|aol|hey|spark|superhuman|workspace|fairphone|ipad)"
)
# "Sent from my warehouse" is the writer's own.
_DEVICE = re.compile(
    r"(?:(?:sent (?:from|via|with|by|on)|(?:gesendet|verschickt) (?:von|mit|\xfcber)|von meine[mr]"
    r"|envoy\xe9e? (?:de|depuis|avec|\xe0 partir de)|enviad[oa] (?:desde|do|de|pelo|a partir do|con)"
    r"|inviat[oa] (?:da|dal|con)"
    r"|(?:verstuurd|verzonden) (?:vanaf|vanuit|met|via)|wys\u0142an[eoy] (?:z|ze|przez|za pomoc\u0105)"
    r"|skickat fr\xe5n|sendt fra|l\xe4hetetty"
    r"|\u043e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e (?:\u0441|\u0438\u0437))"
    rf"\b.{{0,30}}?\b{_DEVICES}"
    r"|get outlook for |outlook (?:f\xfcr|pour|para|per|voor|dla) (?:ios|android)|obt(?:enir|ener|enha|er) outlook "
    r"|t\xe9l\xe9charger outlook |scarica outlook |download outlook |pobierz (?:aplikacj\u0119 )?outlook "
    r"|diese nachricht wurde von meinem ).{0,120}$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:tel|phone|mobile|mob|fax|e-?mail|web|t|m|e|p|w)\s?[.:]|https?://|www\.|\+?[\d ()./-]{7,}$|\S+@\S+$",
    re.IGNORECASE,
)
_POSTSCRIPT = re.compile(r"p\.? ?s\b[.:,]?", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"[*_(\[ ]{0,4}(?:(?:this|the information (?:contained )?in this) (?:e-?mail|message|communication|transmission)\b"
    r"[^\n]{0,160}?\b(?:confidential|privileged"
    r"|intended (?:only|solely|exclusively|recipient"
    r"|for the (?:sole |exclusive )?(?:use|person|individual|addressee|named)))"
    r"|(?:confidentiality|legal|privacy) (?:notice|disclaimer|statement)\b|disclaimer\s?[:\u2013-]"
    r"|if you are not the (?:intended|named)"
    r"|if you have received this (?:e-?mail|message|communication) (?:in error|by mistake)"
    r"|(?:any )?(?:views|opinions)(?: or opinions)? expressed in this"
    r"|please (?:consider|think of) the environment before|registered (?:in|office|company)\b.{0,80}\d{5}"
    r"|(?:caution|warning|\[?external(?: e-?mail)?\]?)\s?[:\u2013-].{0,40}\b(?:outside|external)"
    r"|(?:diese|der inhalt dieser) (?:e-?mail|nachricht)\b[^\n]{0,120}?\bvertraulich"
    r"|(?:ce (?:message|courriel|mail)|les informations contenues)\b[^\n]{0,120}?\bconfidentiel"
    r"|(?:este (?:mensaje|correo|e-?mail)|esta mensagem|esta comunicaci\xf3n)\b[^\n]{0,120}?\bconfidencia"
    r"|(?:questo messaggio|le informazioni contenute|questa e-?mail)\b[^\n]{0,120}?\b(?:riservat|confidenzial)"
    r"|(?:dit (?:e-?mail)?bericht|deze e-?mail|de informatie)\b[^\n]{0,120}?\b(?:vertrouwelijk|uitsluitend bestemd)"
    r"|(?:ta|niniejsza) wiadomo\u015b\u0107\b[^\n]{0,120}?\bpoufn)",
    re.IGNORECASE,
)
_THANKS = re.compile(r"(?:many |with )?thank", re.IGNORECASE)
# "Take care, Ana" and "Cheers, Ana" name the reader, and stand in the middle of letters too.
_OF_WRITER = re.compile(r"(?:.{0,30}\b(?:regards|rgds|wishes|sincerely|faithfully)|best)\b", re.IGNORECASE)
# Whoever advertises says "we".
_FIRST_PERSON = re.compile(r"\b(?:i(?!\.\w)|me|my)\b", re.IGNORECASE)
_LETTER_OPENS = re.compile(r"(?:hi|hello|hey|dear)\b", re.IGNORECASE)
# Words that speak to somebody: no line of a signature but its advertising has them.
_PROSE_WORD = re.compile(
    r"\b(?:i|i'm|i'll|we|we'll|my|you|your|please|is|are|was|has|have|can|could|will|not|it|this|that|what|where|when|why|how)\b",
    re.IGNORECASE,
)
_LIST_ITEM = re.compile(r"(?:[-*\u2022\u2013\u25cf\u00b7]|\(?\d{1,2}[.)]|\(?[a-z]\)|step \d{1,2}[:.])\s", re.IGNORECASE)
_SMALL_NAME_WORDS = frozenset(
    {"of", "the", "and", "at", "de", "der", "van", "von", "da", "from", "for", "on", "behalf", "your"}
    | {"team", "support", "service", "services", "care", "desk", "department", "office", "customer"}
)
_MAX_NAME_WORDS = 8
_MAX_GREETING_CHARS = 80
_MAX_SIGN_OFF_CHARS = 60
_MAX_SIGNATURE_LINE_CHARS = 90
_MIN_PROSE_WORDS = 4
_MAX_WRAPPED_CHARS = 200


def is_greeting(line: str) -> bool:
    """Tell whether a line greets and says nothing else."""
    if len(line) > _MAX_GREETING_CHARS:
        return False
    line = " ".join(line.split())
    found = _GREETING_WORD.match(line)
    return found is not None and _GREETED.match(line, found.end()) is not None


def is_sign_off(line: str, *, with_name: bool) -> bool:
    """Tell whether a line only closes a letter.

    Args:
        with_name: Whether the writer's name may follow on the line ("Best, Jo").
    """
    if len(line) > _MAX_SIGN_OFF_CHARS:
        return False
    closing = _SIGN_OFF.match(line)
    rest = closing and _SIGN_OFF_REST.match(line, closing.end())
    return rest is not None and (with_name or not rest["name"])


def is_name(line: str) -> bool:
    """Tell whether a line can open a signature: a name, a team, a placeholder, a number."""
    if len(line) > _MAX_SIGNATURE_LINE_CHARS:
        return False
    words = _PLACEHOLDER.sub("X", line).split()
    if not any(map(str.isalnum, line)) or len(words) > _MAX_NAME_WORDS:
        return False
    if line[-1] in ".!?:" or is_list_item(line):
        return False
    if len(words) == 1 and words[0].isalpha():
        return True
    if _CONTACT.match(line):
        return True
    return not _PROSE_WORD.search(line.removeprefix("Your ")) and all(map(_is_name_word, words))


def _is_name_word(word: str) -> bool:
    return not word[0].islower() or word.lower() in _SMALL_NAME_WORDS


def is_signature_line(line: str, *, after_gap: bool) -> bool:
    """Tell whether a line below a name belongs to the signature.

    Args:
        after_gap: Whether a blank line stands before it; new prose begins there.
    """
    if len(line) > _MAX_SIGNATURE_LINE_CHARS or _POSTSCRIPT.match(line):
        return False
    if _CONTACT.match(line):
        return True
    if line.count(" ") + 1 < _MIN_PROSE_WORDS:
        return not line.endswith("?")
    if line.endswith("?") or _PROSE_WORD.search(line):
        return False
    return not (after_gap and line.endswith((".", "!", ":")))


def is_postscript(line: str) -> bool:
    """Tell whether a line opens what somebody adds below their name."""
    return _POSTSCRIPT.match(line) is not None


def is_thanks(line: str) -> bool:
    """Tell whether a line thanks; as a sign-off it may stand in the middle of a letter."""
    return _THANKS.match(line) is not None


def is_signed(line: str) -> bool:
    """Tell whether a line closes a letter and has the writer's name on it: "Kind regards, Jo Park"."""
    is_named = is_sign_off(line, with_name=True) and not is_sign_off(line, with_name=False)
    return is_named and _OF_WRITER.match(line) is not None


def is_written_by_hand(line: str) -> bool:
    """Tell whether a line below a name was written for this letter: it says "I", lists, greets or signs again."""
    return (
        _FIRST_PERSON.search(line) is not None
        or is_list_item(line)
        or _LETTER_OPENS.match(line) is not None
        or is_sign_off(line, with_name=True)
    )


def is_contact_line(line: str) -> bool:
    """Tell whether a line says how to reach somebody: a number, an address, a page."""
    return _CONTACT.match(line) is not None


def is_device_line(line: str) -> bool:
    """Tell whether a phone or mail program added the line ("Sent from my …")."""
    return _DEVICE.match(line) is not None


def is_list_item(line: str) -> bool:
    """Tell whether a line opens with a bullet or a number."""
    return _LIST_ITEM.match(line) is not None


def is_forum_quote(line: str) -> bool:
    """Tell whether a forum's quote begins on the line."""
    return _PART_OF_QUOTE.match(line) is not None


def is_disclaimer(lines: Sequence[str], number: int) -> bool:
    """Tell whether legal small print begins on a line; its first sentence may be wrapped."""
    line = lines[number]
    if number + 1 < len(lines):
        line = f"{line[:_MAX_WRAPPED_CHARS]} {lines[number + 1][:_MAX_WRAPPED_CHARS]}"
    return _DISCLAIMER.match(line) is not None
