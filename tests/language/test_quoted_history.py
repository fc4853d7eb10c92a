"""Answers as mail programs send them: what is judged is the agent's new words, all of them and nothing else."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

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


CASES = yaml.safe_load((Path(__file__).parents[1] / "data" / "quoted_history.yaml").read_text(encoding="utf-8"))
HEADS = [Head(**case) for case in CASES["heads"]]


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.client)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_new_words_above_the_answered_mail(head: Head, line_break: str) -> None:
    history = f"{head.lines}\n{marked(OLD) if head.marks else OLD}"
    text = f"{NEW}\nJo Lindqvist\nLamp Shop\n\n{history}\n".replace("\n", line_break)

    assert own(text) == even(NEW)


@pytest.mark.parametrize(
    "quote",
    [
        "<p>On Sun Ana wrote:</p><blockquote>Calm down.</blockquote>",
        "<blockquote>On Sun Ana wrote: Calm down.</blockquote>",
        "<p>On 3 May 2026 at 10:12 Ana wrote:</p><blockquote>Calm down.<blockquote>Why?</blockquote></blockquote>",
    ],
)
def test_words_around_a_quote_that_is_only_set_off_are_kept(quote: str) -> None:
    text = html_to_text(f"<p>Hi Ana, thanks.</p>{quote}<p>You should have read it.</p>").text

    assert own(text) == "Hi Ana, thanks. You should have read it."


@pytest.mark.parametrize("head", [head for head in HEADS if head.marks], ids=lambda head: head.client)
def test_answers_between_and_below_marked_lines_are_kept(head: Head) -> None:
    text = (
        f"{head.lines}\n> Where is my lamp?\n\nIt left on Monday.\n\n"
        "> And what of the bill?\n\nIt is attached.\n\nBest,\nJo\n"
    )

    assert own(text) == "It left on Monday. It is attached. Best,"


@pytest.mark.parametrize("html", CASES["html"].values(), ids=CASES["html"])
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
    ["Mit freundlichen Grüßen", "Cordialement,",
     "Un saludo,", "Cordiali saluti", "Met vriendelijke groet,", "Cumprimentos,", "Pozdrawiam"],
)  # fmt: skip
def test_name_below_a_closing_in_another_language_is_a_signature(closing: str) -> None:
    text = f"Your lamp left on Monday.\n\n{closing}\nJo Lindqvist\nLamp Shop"
    assert [zone.zone for zone in mark_zones(text)] == [Zone.BODY, Zone.SIGN_OFF, Zone.SIGNATURE]


@pytest.mark.parametrize("below", ["", "\n\nOn 3 May 2026, Ana wrote:\n> Where is it?", "\n\nSent from my iPhone"])
def test_block_of_name_and_contacts_at_the_end_is_a_signature_without_any_closing(below: str) -> None:
    text = f"Your lamp left on Monday.\n\nJo E. Lindqvist, Ph.D.\nCare Lead\nLamp Shop\n+44 113 496 0000{below}"
    assert own(text) == "Your lamp left on Monday."


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
        "Please send it to:\n\nLamp Shop\n12 Mill Road\nwww.lamps.example",
        "The numbers are below.\n\nLamp Shop\nLeeds\n0113 496 0000\n\nPlease call one of them.",
        "You asked who.\n\nJo Lindqvist\nLamp Shop",
        "Do: switch it off.\nDo not: open the lamp while it is hot.",
    ],
)
def test_what_only_looks_like_history_is_kept(text: str) -> None:
    assert own(text) == even(text)


@pytest.mark.parametrize(
    "head",
    [
        "On 2 March Ana Diaz wrote:",
        "On March 2nd, Ana Diaz wrote:",
        "On Mon, 2 Mar Ana wrote:",
        "On Monday 2 March Ángel D. O'Neill wrote:",
    ],
)
def test_day_and_name_between_blank_lines_announce_a_mail_without_marks(head: str) -> None:
    assert own(f"Refund is done.\n\n{head}\n\n{OLD}") == "Refund is done."


@pytest.mark.parametrize(
    "head",
    [
        "On 2 March you wrote:",
        "On 2 March Ana from Returns wrote:",
        "On 2 March our driver Bo wrote:",
        "On page 2 Ana wrote:",
        "On 2 Market Street Ana wrote:",
        "On 2 March Ana Diaz said:",
        "Refund is done. On 2 March Ana Diaz wrote:",
    ],
)
def test_story_of_what_somebody_wrote_is_kept(head: str) -> None:
    text = f"Refund is done.\n\n{head}\n\nthe lamp is broken."
    assert own(text) == even(text)


@pytest.mark.parametrize("gaps", [("\n", "\n\n"), ("\n\n", "\n")], ids=["none above", "none below"])
def test_day_and_name_inside_a_paragraph_are_kept(gaps: tuple[str, str]) -> None:
    text = f"Refund is done.{gaps[0]}On 2 March Ana Diaz wrote:{gaps[1]}the lamp is broken."
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
