"""The lines with which mail programs announce the mail that is answered or forwarded.

In the languages of their users, for the program speaks the agent's language and the
agent the customer's. No library is used: those that exist cut the text at the first
announcement, so that answers between quoted lines are lost, tell no offsets, and search
with patterns whose time grows with the square of the length (`mail-parser-reply` 1.36,
`email-reply-parser`, `talon`). Source: the announcements of Gmail, Outlook, Apple Mail,
Thunderbird, Yahoo, Proton, Lotus Notes, GMX and the mail apps of phones, collected by hand.
"""

import re
from collections.abc import Mapping, Sequence

from convscan.language.quote_marks import is_quoted, is_rule
from convscan.readers.attributions import MAX_WRAPPED_CHARS, OPENS, PRONOUN, SURE_FACTS, WROTE_LAST

# Russian is written in escapes, for its letters look like ours.
_MESSAGE_WORDS = (
    r"original(?: e-?mail)? message|forwarded (?:message|mail)|original mail|forwarded by .{1,60}"
    r"|urspr\xfcngliche (?:nachricht|mail)|original-?nachricht|weitergeleitete nachricht"
    r"|message d['\u2019]origine|message original|message transf\xe9r\xe9|message transmis|courriel original"
    r"|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato"
    r"|oorspronkelijke? (?:bericht|e-?mail)|doorgestuurd bericht"
    r"|mensagem (?:original|encaminhada|reencaminhada)"
    r"|(?:oryginalna|przekazana) wiadomo\u015b\u0107|wiadomo\u015b\u0107 (?:oryginalna|przekazana)"
    r"|(?:\u0438\u0441\u0445\u043e\u0434\u043d\u043e\u0435"
    r"|\u043f\u0435\u0440\u0435\u0441\u044b\u043b\u0430\u0435\u043c\u043e\u0435)"
    r" \u0441\u043e\u043e\u0431\u0449\u0435\u043d\u0438\u0435"
    r"|ursprungligt meddelande|vidarebefordrat meddelande|oprindelig meddelelse|videresendt (?:meddelelse|melding)"
    r"|opprinnelig melding|alkuper\xe4inen viesti|p\u016fvodn\xed zpr\xe1va"
)
_DASHED = re.compile(rf"-{{2,}}\s{{0,3}}(?:(?:{_MESSAGE_WORDS})\b|.{{1,80}} wrote: ?-{{3,}}$)", re.IGNORECASE)
_BEGIN = re.compile(
    r"(?:begin forwarded message|(?:anfang|beginn) der weitergeleiteten (?:nachricht|e-?mail)"
    r"|d\xe9but du message (?:transf\xe9r\xe9|r\xe9exp\xe9di\xe9)|inicio del mensaje reenviado"
    r"|inizio messaggio inoltrato|begin doorgestuurd bericht|in\xedcio da mensagem (?:re)?encaminhada"
    r"|pocz\u0105tek przekazanej wiadomo\u015bci"
    r"|vidarebefordrat brev|start p\xe5 videresendt besked)\s?:",
    re.IGNORECASE,
)
# What a helpdesk writes on top of the mails that it sends, and finds above the quoted mail in the answers.
_REPLY_ABOVE = re.compile(
    r"[#-]{0,9}\s{0,3}(?:please )?(?:type your reply|reply) above this line|##-? ?\S.{3,200}? ?-?##$", re.IGNORECASE
)

_MARKER_SIGNS = frozenset("-#")
_ABOVE = "above this line"

# Fields of Outlook's head, by what they say. A booking has "From:", "To:" and "Date:" too, so dates are weak.
_FIELD_WORDS = {
    "from": "From Von De Da Van Od Fr\xe5n Fra \u041e\u0442 L\xe4hett\xe4j\xe4",
    "sent": "Sent Gesendet Envoy\xe9 Envoy\xe9_le Enviado Enviado_el Enviado_em Enviada Enviada_em Inviato "
    "Verzonden Wys\u0142ano Wys\u0142ane Skickat Sendt L\xe4hetetty "
    "\u041e\u0442\u043f\u0440\u0430\u0432\u043b\u0435\u043d\u043e",
    "date": "Date Datum Fecha Data Dato \u0414\u0430\u0442\u0430",
    "to": "To An \xc0 A Para Aan Do Till Til \u041a\u043e\u043c\u0443",
    "subject": "Subject Betreff Objet Asunto Oggetto Onderwerp Assunto Temat \xc4mne "
    "Emne \u0422\u0435\u043c\u0430 Aihe",
    "copy": "Cc CC Bcc Kopie Copie_\xe0 Copia DW Kopia Kopi Reply-To",
}
_FIELD_NAMES: Mapping[str, str] = {
    word.replace("_", " "): meaning for meaning, words in _FIELD_WORDS.items() for word in words.split()
}
_FIELD = re.compile(
    rf"[*>]{{0,2}}({'|'.join(sorted(map(re.escape, _FIELD_NAMES), key=len, reverse=True))})[ \xa0]?:\*?(?=\s|$)"
)
_MAX_FIELD_LINES = 6
_LONGEST_FIELD_CHARS = 24

_COLON = (":", "\uff1a", ":*", "\xa0:")
_WROTE_INSIDE = re.compile(
    r"(?:Am|Op|Den)\b.{1,200}\b(?:schrieb|schreef|skrev)\b.{0,200}:\*?$"
    r"|.{1,100}\b(?:schrieb am|wrote on|schreef op)\b[^:]{0,60}[\d: APM]{4,20}:$"
)
# A date with a year or time of day, or an address: what a mail program puts before "wrote:" and a person does not.
_MAIL_FACTS = re.compile(r"\b\d{4}\b|\d:\d\d|@|\b\d{1,2}[./]\d{1,2}[./]\d\d\b|\d{4}\u5e74")
_CLOCK = re.compile(r"\d:\d\d")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
# "On 2 March Ana Diaz wrote:": a day and a name and nothing else. "Ana from Returns wrote:" tells a story.
_DAY_AND_NAME = re.compile(
    r"On (?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?),?"
    r"(?: (?![a-z])[^\W\d_][\w.'\u2019-]*+){1,4} wrote:$"
)
_MAX_WRAPPED_LINES = 3
_NOTES_FIELDS = frozenset({"To", "An"})
_CLOCK_LINE = re.compile(r".{0,40}\d{1,4}[./-]\d{1,2}[./-]\d{2,4}.{0,30}$")


def quote_head(lines: Sequence[str], number: int) -> int:
    """Count the lines that announce the mail that is answered, from a line on.

    Args:
        lines: Of a message, without white space around them.

    Returns:
        How many lines the announcement takes; 0 if there is none.
    """
    line = lines[number]
    if _is_marker(line):
        below = number + 1
        return 1 + (_fields(lines, below) or _fields(lines, below + 1, above=1) or _wrote(lines, below))
    if is_rule(line) and number + 1 < len(lines):
        fields = _fields(lines, number + 1)
        return 1 + fields if fields else 0
    fields = _fields(lines, number) if ":" in line[:_LONGEST_FIELD_CHARS] else 0
    return fields or _wrote(lines, number) or _notes_head(lines, number)


def _is_marker(line: str) -> bool:
    """Whether a line says by itself that a mail follows; asked of every line, so that first comes what is cheap."""
    if line[:1] in _MARKER_SIGNS:
        return (_DASHED.match(line) or _REPLY_ABOVE.match(line)) is not None
    if line.endswith(_COLON):
        return _BEGIN.match(line) is not None
    return _ABOVE in line and _REPLY_ABOVE.match(line) is not None


def is_head_of_own_mail(line: str) -> bool:
    """Tell whether a line that opens a message heads that very message: "Subject: …", "Reply above this line"."""
    return _FIELD.match(line) is not None or _REPLY_ABOVE.match(line) is not None


def _fields(lines: Sequence[str], number: int, *, above: int = 0) -> int:
    """Count the lines of an Outlook head; people also write "From: Leeds", "To: York".

    Args:
        above: Blank lines above the head that count too.
    """
    names: list[str] = []
    has_address = False
    for line in lines[number : number + _MAX_FIELD_LINES]:
        field = _FIELD.match(line) if ":" in line[:_LONGEST_FIELD_CHARS] else None
        if field is None:
            break
        names.append(_FIELD_NAMES[field[1]])
        has_address = has_address or "@" in line
    is_head = "from" in names and ("subject" in names or "sent" in names or has_address)
    return above + len(names) if is_head and len(names) > 1 else 0


def _wrote(lines: Sequence[str], number: int) -> int:
    """Count the lines of "On Tue, … wrote:"; mail programs wrap it when it gets long."""
    head = ""
    for count, line in enumerate(lines[number : number + _MAX_WRAPPED_LINES], start=1):
        if not line or len(line) > MAX_WRAPPED_CHARS or is_quoted(line):
            return 0
        head = f"{head} {line}" if head else line
        if line.endswith(_COLON):
            if WROTE_LAST.search(head) or _WROTE_INSIDE.match(head):
                is_head = _is_mail_head(head, lines, number + count) or _is_day_head(head, lines, number, count)
                return count if is_head else 0
            if "@" in head and _CLOCK.search(head) and _is_quoted_next(lines, number + count):
                return count  # in a language that is not known here
        if count == 1 and "@" not in head and not (OPENS.match(head) and any(map(str.isdigit, head))):
            return 0
    return 0


def _is_mail_head(head: str, lines: Sequence[str], after: int) -> bool:
    facts = _MAIL_FACTS if OPENS.match(head) else SURE_FACTS
    if facts.search(head) and not PRONOUN.search(head):
        return True
    # "Ana wrote:" before marked lines, as forums have it.
    return _is_quoted_next(lines, after)


def _is_day_head(head: str, lines: Sequence[str], number: int, count: int) -> bool:
    """Whether a head without year and time stands by itself: it could be a sentence of the writer's else."""
    after = number + count
    stands_alone = (number == 0 or not lines[number - 1]) and after < len(lines) and not lines[after]
    return stands_alone and _DAY_AND_NAME.match(head) is not None and PRONOUN.search(head) is None


def _is_quoted_next(lines: Sequence[str], after: int) -> bool:
    """Whether the next line that is not blank is marked as quoted."""
    while after < len(lines) and not lines[after]:
        after += 1
    return after < len(lines) and is_quoted(lines[after])


def _notes_head(lines: Sequence[str], number: int) -> int:
    """Count the lines of the head of Lotus Notes: a name, a date, "To" and "Subject" on lines of their own."""
    if number + 3 >= len(lines) or not _NOTES_FIELDS.intersection(lines[number + 2 : number + 4]):
        return 0
    if not _CLOCK_LINE.match(lines[number + 1][:MAX_WRAPPED_CHARS]):
        return 0
    block = [line for line in lines[number + 2 : number + 14] if line][:8]
    if not block or block[0] not in _NOTES_FIELDS or not {"Subject", "Betreff"} & set(block):
        return 0
    last = next(at for at in range(number + 2, len(lines)) if lines[at] in {"Subject", "Betreff"})
    return min(last + 2, len(lines)) - number
