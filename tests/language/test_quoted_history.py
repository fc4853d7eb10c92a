"""Answers as mail programs send them: what is judged is the agent's new words, all of them and nothing else."""

from dataclasses import dataclass

import pytest

from convscan.language.zones import Zone, mark_zones
from convscan.readers.html_text import html_to_text

NEW = "Hi Ana,\n\nyour lamp left the shop on Monday.\n\nKind regards,"
# What stands in the mail that is answered; none of it may be taken for the agent's.
OLD = "Hello,\nyou said it would be here on Friday.\nWhere is my lamp?\n\nAna"


def own(text: str) -> str:
    """The speaker's own words, white space evened out."""
    return " ".join(
        " ".join(text[zone.start : zone.end] for zone in mark_zones(text) if zone.zone.is_own_words).split()
    )


def even(text: str) -> str:
    return " ".join(text.split())


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@dataclass(frozen=True)
class Head:
    """How a program announces the mail below; `marks` if it marks each line of that mail."""

    client: str
    lines: str
    marks: bool = True


HEADS = [
    # -- Gmail
    Head("gmail en", "On Tue, Mar 3, 2026 at 10:14 AM Ana Okafor <ana@mail.example> wrote:"),
    Head("gmail en wrapped", "On Tue, Mar 3, 2026 at 10:14 AM Ana Okafor With A Long Name <\nana.okafor@mail.example> wrote:"),
    Head("gmail de", "Am Di., 3. März 2026 um 10:14 Uhr schrieb Ana Okafor <ana@mail.example>:"),
    Head("gmail de wrapped", "Am Di., 3. März 2026 um 10:14 Uhr schrieb Ana Okafor <\nana.okafor@mail.example>:"),
    Head("gmail fr", "Le mar. 3 mars 2026 à 10:14, Ana Okafor <ana@mail.example> a écrit\xa0:"),
    Head("gmail es", "El mar, 3 mar 2026 a las 10:14, Ana Okafor (<ana@mail.example>) escribió:"),
    Head("gmail it", "Il giorno mar 3 mar 2026 alle ore 10:14 Ana Okafor <ana@mail.example> ha scritto:"),
    Head("gmail nl", "Op di 3 mrt 2026 om 10:14 schreef Ana Okafor <ana@mail.example>:"),
    Head("gmail pt", "Em ter., 3 de mar. de 2026 às 10:14, Ana Okafor <ana@mail.example> escreveu:"),
    Head("gmail pt-PT", "Ana Okafor <ana@mail.example> escreveu (terça, 3/03/2026 à(s) 10:14):"),
    Head("gmail pl", "wt., 3 mar 2026 o 10:14 Ana Okafor <ana@mail.example> napisał(a):"),
    Head("gmail sv", "Den tis 3 mars 2026 kl 10:14 skrev Ana Okafor <ana@mail.example>:"),
    Head("gmail ru", "вт, 3 мар. 2026 г. в 10:14, Ana Okafor <ana@mail.example>:\n", marks=True),
    Head("gmail forward", "---------- Forwarded message ---------\nFrom: Ana Okafor <ana@mail.example>\nDate: Tue, Mar 3, 2026 at 10:14 AM\nSubject: My lamp\nTo: <help@lamps.example>\n", marks=False),
    # -- Outlook
    Head("outlook en", "From: Ana Okafor <ana@mail.example>\nSent: Tuesday, March 3, 2026 10:14 AM\nTo: Lamp Shop <help@lamps.example>\nSubject: My lamp", marks=False),
    Head("outlook en line", "________________________________\nFrom: Ana Okafor <ana@mail.example>\nSent: Tuesday, March 3, 2026 10:14 AM\nTo: Lamp Shop\nSubject: My lamp", marks=False),
    Head("outlook en bold", "*From:* Ana Okafor <ana@mail.example>\n*Sent:* Tuesday, March 3, 2026 10:14 AM\n*To:* Lamp Shop\n*Subject:* My lamp", marks=False),
    Head("outlook en original", "-----Original Message-----\nFrom: Ana Okafor [mailto:ana@mail.example]\nSent: Tuesday, March 3, 2026 10:14 AM\nTo: Lamp Shop\nSubject: My lamp", marks=False),
    Head("outlook en cc", "From: Ana Okafor\nSent: 03 March 2026 10:14\nTo: Lamp Shop\nCc: Bo Tran; Cy Ito\nSubject: RE: My lamp", marks=False),
    Head("outlook de", "Von: Ana Okafor <ana@mail.example>\nGesendet: Dienstag, 3. März 2026 10:14\nAn: Lampenladen\nBetreff: Meine Lampe", marks=False),
    Head("outlook de original", "-----Ursprüngliche Nachricht-----\nVon: Ana Okafor\nGesendet: Dienstag, 3. März 2026 10:14\nAn: Lampenladen\nBetreff: Meine Lampe", marks=False),
    Head("outlook fr", "De\xa0: Ana Okafor <ana@mail.example>\nEnvoyé\xa0: mardi 3 mars 2026 10:14\nÀ\xa0: Lampes\nObjet\xa0: Ma lampe", marks=False),
    Head("outlook fr original", "-----Message d'origine-----\nDe : Ana Okafor\nEnvoyé : mardi 3 mars 2026 10:14\nÀ : Lampes\nObjet : Ma lampe", marks=False),
    Head("outlook es", "De: Ana Okafor <ana@mail.example>\nEnviado: martes, 3 de marzo de 2026 10:14\nPara: Tienda\nAsunto: Mi lámpara", marks=False),
    Head("outlook es el", "De: Ana Okafor\nEnviado el: martes, 3 de marzo de 2026 10:14\nPara: Tienda\nAsunto: Mi lámpara", marks=False),
    Head("outlook it", "Da: Ana Okafor <ana@mail.example>\nInviato: martedì 3 marzo 2026 10:14\nA: Negozio\nOggetto: La mia lampada", marks=False),
    Head("outlook it original", "-----Messaggio originale-----\nDa: Ana Okafor\nInviato: martedì 3 marzo 2026 10:14\nA: Negozio\nOggetto: Lampada", marks=False),
    Head("outlook nl", "Van: Ana Okafor <ana@mail.example>\nVerzonden: dinsdag 3 maart 2026 10:14\nAan: Winkel\nOnderwerp: Mijn lamp", marks=False),
    Head("outlook nl original", "-----Oorspronkelijk bericht-----\nVan: Ana Okafor\nVerzonden: dinsdag 3 maart 2026 10:14\nAan: Winkel\nOnderwerp: Lamp", marks=False),
    Head("outlook pt", "De: Ana Okafor <ana@mail.example>\nEnviado: terça-feira, 3 de março de 2026 10:14\nPara: Loja\nAssunto: Minha lâmpada", marks=False),
    Head("outlook pt original", "-----Mensagem original-----\nDe: Ana Okafor\nEnviada em: terça-feira, 3 de março de 2026 10:14\nPara: Loja\nAssunto: Lâmpada", marks=False),
    Head("outlook pl", "Od: Ana Okafor <ana@mail.example>\nWysłano: wtorek, 3 marca 2026 10:14\nDo: Sklep\nTemat: Moja lampa", marks=False),
    Head("outlook pl original", "-----Oryginalna wiadomość-----\nOd: Ana Okafor\nWysłano: wtorek, 3 marca 2026 10:14\nDo: Sklep\nTemat: Lampa", marks=False),
    Head("outlook ru", "От: Ana Okafor <ana@mail.example>\nОтправлено: 3 марта 2026 г. 10:14\nКому: Shop\nТема: Lamp", marks=False),
    # -- Apple Mail, and phones
    Head("apple en", "On 3 Mar 2026, at 10:14, Ana Okafor <ana@mail.example> wrote:\n"),
    Head("apple en marked head", "> On 3 Mar 2026, at 10:14, Ana Okafor <ana@mail.example> wrote:\n>"),
    Head("apple de", "Am 03.03.2026 um 10:14 schrieb Ana Okafor <ana@mail.example>:\n"),
    Head("apple fr", "Le 3 mars 2026 à 10:14, Ana Okafor <ana@mail.example> a écrit :\n"),
    Head("apple es", "El 3 mar 2026, a las 10:14, Ana Okafor <ana@mail.example> escribió:\n"),
    Head("apple it", "Il giorno 3 mar 2026, alle ore 10:14, Ana Okafor <ana@mail.example> ha scritto:\n"),
    Head("apple nl", "Op 3 mrt. 2026 om 10:14 heeft Ana Okafor <ana@mail.example> het volgende geschreven:\n"),
    Head("apple pt", "No dia 03/03/2026, às 10:14, Ana Okafor <ana@mail.example> escreveu:\n"),
    Head("apple pl", "Wiadomość napisana przez Ana Okafor <ana@mail.example> w dniu 03.03.2026, o godz. 10:14:\n"),
    Head("apple forward", "Begin forwarded message:\n\nFrom: Ana Okafor <ana@mail.example>\nSubject: My lamp\nDate: 3 March 2026 at 10:14:00 GMT\nTo: help@lamps.example", marks=False),
    Head("apple forward de", "Anfang der weitergeleiteten Nachricht:\n\nVon: Ana Okafor <ana@mail.example>\nBetreff: Meine Lampe\nDatum: 3. März 2026 um 10:14:00 MEZ\nAn: help@lamps.example", marks=False),
    Head("iphone unmarked", "On 3 Mar 2026, at 10:14, Ana Okafor <ana@mail.example> wrote:\n", marks=False),
    Head("android en", "-------- Original message --------\nFrom: Ana Okafor <ana@mail.example>\nDate: 03/03/2026 10:14 (GMT+00:00)\nTo: help@lamps.example\nSubject: My lamp", marks=False),
    Head("android de", "-------- Ursprüngliche Nachricht --------\nVon: Ana Okafor <ana@mail.example>\nDatum: 03.03.26 10:14 (GMT+01:00)\nAn: help@lamps.example\nBetreff: Meine Lampe", marks=False),
    Head("android fr", "-------- Message d'origine --------\nDe : Ana Okafor <ana@mail.example>\nDate : 03/03/2026 10:14 (GMT+01:00)\nÀ : help@lamps.example\nObjet : Ma lampe", marks=False),
    Head("android ru", '03.03.2026 10:14 пользователь "Ana Okafor" <\nana@mail.example> написал:'),
    # -- Thunderbird
    Head("thunderbird en", "On 03/03/2026 10:14, Ana Okafor wrote:"),
    Head("thunderbird de", "Am 03.03.26 um 10:14 schrieb Ana Okafor:"),
    Head("thunderbird fr", "Le 03/03/2026 à 10:14, Ana Okafor a écrit :"),
    Head("thunderbird es", "El 3/3/26 a las 10:14, Ana Okafor escribió:"),
    Head("thunderbird it", "Il 03/03/26 10:14, Ana Okafor ha scritto:"),
    Head("thunderbird nl", "Op 03-03-2026 om 10:14 schreef Ana Okafor:"),
    Head("thunderbird pt", "Em 03/03/2026 10:14, Ana Okafor escreveu:"),
    Head("thunderbird pl", "W dniu 3.03.2026 o 10:14, Ana Okafor pisze:"),
    Head("thunderbird forward", "-------- Forwarded Message --------\nSubject: My lamp\nDate: Tue, 3 Mar 2026 10:14:00 +0000\nFrom: Ana Okafor <ana@mail.example>\nTo: help@lamps.example", marks=False),
    # -- Yahoo, Proton, Lotus Notes, GMX, others
    Head("yahoo en", "On Tuesday, March 3, 2026 at 10:14:00 AM GMT, Ana Okafor <ana@mail.example> wrote:\n", marks=False),
    Head("yahoo phone", "On Tue, Mar 3, 2026 at 10:14 AM, Ana Okafor<ana@mail.example> wrote:", marks=False),
    Head("yahoo old", "________________________________\nFrom: Ana Okafor <ana@mail.example>\nTo: help@lamps.example\nSent: Tuesday, 3 March 2026, 10:14\nSubject: My lamp", marks=False),
    Head("proton en", "On Tuesday, March 3rd, 2026 at 10:14, Ana Okafor <ana@mail.example> wrote:\n"),
    Head("proton old", "------- Original Message -------\nOn Tuesday, March 3rd, 2026 at 10:14, Ana Okafor <ana@mail.example> wrote:\n", marks=False),
    Head("notes wrote", "-----Ana Okafor <ana@mail.example> wrote: -----", marks=False),
    Head("notes wrote on", "Ana Okafor/Leeds/Lamps wrote on 03/03/2026 10:14:00:", marks=False),
    Head("notes block", "Ana Okafor <ana@mail.example>\n03/03/2026 10:14\n\nTo\nhelp@lamps.example\ncc\n\nSubject\nMy lamp", marks=False),
    Head("notes from", "From:\tAna Okafor/Leeds\nTo:\tLamp Shop/Leeds@LAMPS\nDate:\t03/03/2026 10:14\nSubject:\tMy lamp", marks=False),
    Head("gmx de", 'Gesendet: Dienstag, 03. März 2026 um 10:14 Uhr\nVon: "Ana Okafor" <ana@mail.example>\nAn: help@lamps.example\nBetreff: Meine Lampe', marks=False),
    Head("zendesk", "##- Please type your reply above this line -##\n\nYour request (4411) has been updated.", marks=False),
    Head("zendesk de", "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##", marks=False),
    Head("the bat", "Tuesday, March 3, 2026, 10:14:00 AM, you wrote:\n"),
    Head("mutt", "On Tue, Mar 03, 2026 at 10:14:00AM +0000, Ana Okafor wrote:"),
    Head("no head, marked", ""),
    Head("chinese gmail", "Ana Okafor <ana@mail.example> 于2026年3月3日周二 10:14写道："),
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.client)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_new_words_above_the_answered_mail(head: Head, line_break: str) -> None:
    history = f"{head.lines}\n{marked(OLD) if head.marks else OLD}"
    text = f"{NEW}\nJo Lindqvist\nLamp Shop\n\n{history}\n".replace("\n", line_break)

    assert own(text) == even(NEW)


@pytest.mark.parametrize("head", [head for head in HEADS if head.marks], ids=lambda head: head.client)
def test_answers_between_and_below_marked_lines_are_kept(head: Head) -> None:
    text = f"{head.lines}\n> Where is my lamp?\n\nIt left on Monday.\n\n> And what of the bill?\n\nIt is attached.\n\nBest,\nJo\n"

    assert own(text) == "It left on Monday. It is attached. Best,"


@pytest.mark.parametrize(
    "html",
    [
        '<div dir="ltr"><div>{new}</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Le mar. 3 mars'
        ' 2026 à 10:14, Ana &lt;ana@mail.example&gt; a écrit\xa0:<br></div><blockquote class="gmail_quote">{old}</blockquote></div>',
        '<body><p class="MsoNormal">{new}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b>'
        " Ana &lt;ana@mail.example&gt;<br><b>Sent:</b> Tuesday, March 3, 2026<br><b>To:</b> Shop<br><b>Subject:</b> Lamp</p></div><p>{old}</p>",
        '<div>{new}</div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>Von:</b> Ana<br><b>Gesendet:</b> Dienstag<br>'
        "<b>An:</b> Shop<br><b>Betreff:</b> Lampe</font></div><div>{old}</div>",
        '<html><body><div>{new}</div><div><br><blockquote type="cite"><div>Am 03.03.2026 um 10:14 schrieb Ana:</div><br>{old}</blockquote></div>',
        '<p>{new}</p><div class="moz-cite-prefix">On 03/03/2026 10:14, Ana wrote:<br></div><blockquote type="cite" cite="mid:1@x">{old}</blockquote>',
        '<div class="ydp1"><div>{new}</div></div><div id="ydp2yahoo_quoted_1" class="yahoo_quoted"><div><div>On Tuesday, Ana wrote:</div>{old}</div></div>',
        '<div>{new}</div><div class="protonmail_quote">On Tuesday, March 3rd, 2026 at 10:14, Ana wrote:<br><blockquote class="protonmail_quote"'
        ' type="cite">{old}</blockquote><br></div>',
        '<p>{new}</p><blockquote style="border-left:1px solid #ccc;margin:0;padding-left:1ex">Ana wrote:<br>{old}</blockquote>',
        '<div>{new}</div><div class="gmail_quote">---------- Forwarded message ---------<br>From: Ana<br>Date: Tue<br>{old}'
        '<blockquote class="gmail_quote">an older mail</blockquote>after it</div>',
    ],
    ids=["gmail", "outlook", "outlook web de", "apple de", "thunderbird", "yahoo", "proton", "border", "gmail forward"],
)  # fmt: skip
def test_new_words_of_an_html_mail(html: str) -> None:
    new, old = (part.replace("\n", "<br>") for part in (NEW, OLD))
    page = html_to_text(html.replace("{new}", new).replace("{old}", old))

    assert own(page.text) == even(NEW)


# -- signatures


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nJo Lindqvist\nWe love lamps",
        "Jo Lindqvist\nCustomer Care Lead\n+44 113 496 0000",
        "Jo Lindqvist | Customer Care | Lamp Shop\nwww.lamps.example",
        "Jo\n\nSent from my iPhone",
        "Jo\n\nVon meinem iPhone gesendet",
        "Jo\n\nEnvoyé de mon iPhone",
        "Jo\n\nEnviado desde mi iPhone",
        "Jo\n\nInviato da iPhone",
        "Jo\n\nVerstuurd vanaf mijn iPhone",
        "Jo\n\nEnviado do meu iPhone",
        "Jo\n\nWysłane z iPhone'a",
        "Jo\n\nGet Outlook for iOS<https://aka.example/o0ukef>",
        "Jo\n\nSent from Outlook for Android<https://aka.example/x>",
        "Jo\n\nSent with Proton Mail secure email.",
        "Jo\n\nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.",
        "Jo Lindqvist\nLamp Shop\n\nThis e-mail is confidential and intended solely for the addressee.",
        "Jo Lindqvist\nLampenladen\n\nDiese E-Mail enthält vertrauliche Informationen.",
        "Jo Lindqvist\n\nCe message et ses pièces jointes sont confidentiels.",
        "Jo Lindqvist\n\nEste mensaje es confidencial.",
        "Jo Lindqvist\n\nLe informazioni contenute in questo messaggio sono riservate.",
        "Jo Lindqvist\n\nDit e-mailbericht is vertrouwelijk.",
        "Jo Lindqvist\n\nTa wiadomość jest poufna.",
    ],
)
def test_signature_is_not_judged(signature: str) -> None:
    assert own(f"{NEW}\n{signature}") == even(NEW)


@pytest.mark.parametrize(
    "closing",
    ["Mit freundlichen Grüßen", "Cordialement,", "Un saludo,", "Cordiali saluti", "Met vriendelijke groet,", "Cumprimentos,", "Pozdrawiam"],
)  # fmt: skip
def test_name_below_a_closing_in_another_language_is_a_signature(closing: str) -> None:
    text = f"Your lamp left on Monday.\n\n{closing}\nJo Lindqvist\nLamp Shop"
    assert [zone.zone for zone in mark_zones(text)] == [Zone.BODY, Zone.SIGN_OFF, Zone.SIGNATURE]


# -- near misses: all of it is the writer's own


@pytest.mark.parametrize(
    "text",
    [
        "I want to book again.\nFrom: Leeds to York\nTo: Hull after that\nDate: 3 May 2026\nIs that possible?",
        "From: Leeds to York on 3 May 2026.\nThat was the train, and it never came.",
        "Von: Leipzig\nAn: Ulm\nDatum: 3. Mai 2026\nthat is what I booked.",
        "Please look at the letter.\nOn Monday, he wrote:\nyou will get the money back.",
        "I kept your mail.\nOn 3 May 2026 you wrote:\nthe lamp will be here on Friday.",
        "We have it in writing.\nIn 2024 your colleague wrote:\nno fee for returns.",
        "There were two things -- the lamp\n-- and the bill. Both are wrong.",
        "Switch it off -- \nand wait for a minute, then switch it on again.",
        "Sent from my warehouse in Leeds on Monday, so it should be there.\nPlease check again.",
        "The lamp was sent from the shop.\nSent from Leeds, it takes two days.",
        "Subject to stock, we send it today.\nDate of arrival: Friday.",
        "To: sum it up\nwe send a new lamp.",
        "Thanks for the original message -- I read it.\nWe will send a new lamp.",
        "On 3 May we sent the lamp:\nit should be there by now.",
        "Best of all, the lamp is free.\nJo told me so, and I believe her.",
        "The form says:\nName: your own\nDate: today\nSubject: the lamp\nPlease fill it in.",
        "Here is what to do next:\n________\nSwitch it off and on again please.",
        "a) the lamp\nb) the bill\nA: the lamp comes first, then the bill.",
        "Do: switch it off.\nDo not: open the lamp while it is hot.",
    ],
)
def test_what_only_looks_like_history_is_kept(text: str) -> None:
    assert own(text) == even(text)


def test_words_around_a_quote_that_the_agent_makes_are_kept() -> None:
    """A quote made on purpose is somebody's words all the same; what is said about it is the agent's."""
    text = "You asked two things.\n\n> Can I return the lamp?\n\nYes, within 30 days.\n\n> Is the bulb included?\n\nNo."
    assert own(text) == "You asked two things. Yes, within 30 days. No."


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.client)
def test_history_is_whole_and_stands_where_the_zone_says(head: Head) -> None:
    history = f"{head.lines}\n{marked(OLD) if head.marks else OLD}"
    text = f"It left on Monday.\n\n{history}"

    quoted = [zone for zone in mark_zones(text) if zone.zone is Zone.QUOTED]
    assert text[quoted[0].start :].strip() == history.strip()
    assert quoted[-1].end == len(text)
