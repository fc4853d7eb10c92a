"""Zones: what of a message is the speaker's own words, here and now."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.language.zones import Zone, mark_zones


def parts(text: str) -> list[tuple[str, str]]:
    """Zones as (name, words), white space around the words left out."""
    return [(zone.zone.value, text[zone.start : zone.end].strip()) for zone in mark_zones(text)]


def own(text: str, *, is_mail: bool = False) -> str:
    """The speaker's own words, white space evened out."""
    zones = mark_zones(text, is_mail=is_mail)
    return " ".join(" ".join(text[z.start : z.end] for z in zones if z.zone.is_own_words).split())


def in_zone(text: str, zone: Zone) -> str:
    return " ".join(" ".join(text[z.start : z.end] for z in mark_zones(text) if z.zone is zone).split())


def test_empty_text_has_no_zones() -> None:
    assert mark_zones("") == ()


def test_blank_text_is_one_zone() -> None:
    assert [zone.zone for zone in mark_zones(" \n\n \n")] == [Zone.BODY]


# -- greetings


@pytest.mark.parametrize(
    "line",
    [
        "Hi Ana,",
        "hi ana,",
        "Hello!",
        "Hello   Ana,",
        "Hey there 👋",
        "Good morning Mr Okafor",
        "Dear Ms. Ana van der Berg,",
        "Dear Sir or Madam:",
        "Dear Valued Customer,",
        "Hi {{first_name}},",
        "Hello [Customer Name],",
        "@ana_b Hi Ana,",
        "Hi again Ana -",
        "Welcome back!",
    ],
)
def test_line_that_only_greets_is_a_greeting(line: str) -> None:
    assert parts(f"{line}\nYour lamp left the shop.")[0] == ("greeting", line)


@pytest.mark.parametrize(
    "line",
    [
        "Hi Ana, thanks for your mail.",
        "Hi I need help",
        "hello where is my lamp",
        "Hello, can I help?",
        "Dear me",
        "Hiking boots are out of stock",
        "Good bye",
        "Hello Ana, Bo, Cy, Di, Ed, Flo and everybody else who wrote to us about the lamps this week,",
    ],
)
def test_line_that_says_more_is_no_greeting(line: str) -> None:
    assert [zone for zone, _ in parts(f"{line}\nYour lamp left the shop.")] == ["body"]


def test_only_the_opening_greets() -> None:
    assert [zone for zone, _ in parts("The lamp has left.\nHello Ana,\nit is with the courier.")] == ["body"]


def test_message_that_only_greets_is_a_greeting() -> None:
    assert parts("Hi Ana!") == [("greeting", "Hi Ana!")]


# -- quotes


def test_answers_between_quoted_lines_stay_the_speakers_own() -> None:
    text = "> Where is my lamp?\nIt left on Monday.\n>> And the bill?\n> You said you would send it.\nIt is attached."
    assert own(text) == "It left on Monday. It is attached."


def test_answer_below_a_marked_quote_stays() -> None:
    text = "On Tue, 3 Mar 2026 at 10:14, Ana Okafor wrote:\n> Where is my lamp?\n> Ana\n\nIt left on Monday.\nJo"
    assert own(text) == "It left on Monday. Jo"


@pytest.mark.parametrize(
    "head",
    [
        "On Tue, 3 Mar 2026 at 10:14, Ana Okafor <ana@mail.example> wrote:",
        "On Tue, 3 Mar 2026 at 10:14, Ana Okafor\n<ana.okafor@a-long-name-of-a-host.example> wrote:",
        "On Tue, 3 Mar 2026 at 10:14, Ana Okafor <ana@mail.example>\nwrote:",
        "Ana Okafor <ana@mail.example> wrote:",
        "-----Original Message-----\nFrom: Ana",
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "##- Please type your reply above this line -##",
        "________________________________\nFrom: Ana <ana@mail.example>\nSent: 3 March 2026 10:14\nTo: Lamp Shop",
        "From: Ana\nSent: 3 March 2026 10:14\nTo: Lamp Shop\nSubject: My lamp",
        "*From:* Ana <ana@mail.example>\n*Date:* 3 March\n*To:* Lamp Shop",
    ],
)
def test_mail_below_the_answer_is_quoted(head: str) -> None:
    text = f"It left on Monday.\n\n{head}\n\nHi,\nwhere is my lamp?\n\nRegards,\nAna"
    assert own(text) == "It left on Monday."
    assert in_zone(text, Zone.QUOTED).endswith("where is my lamp? Regards, Ana")


@pytest.mark.parametrize(
    "text",
    [
        "I want to change my ticket.\nFrom: Leeds\nTo: York\nDate: 3 May\nCan you do that?",
        "On my bill your colleague wrote:\nsee page two. There is no page two.",
        "I got this letter.\nSubject: your lamp\nIs it from you?",
        ">:( this is the third time\nwhere is my lamp",
        "First we check the plug.\n________\nThen we change the bulb and wait for you.",
    ],
)
def test_what_only_looks_like_a_quoted_mail_is_not(text: str) -> None:
    assert own(text) == " ".join(text.split())


def test_message_of_one_line_is_never_all_quote() -> None:
    assert parts("> 5 days and no lamp") == [("body", "> 5 days and no lamp")]


@pytest.mark.parametrize(
    "head",
    ["From: Ana\nSent: 3 March\nTo: Lamp Shop\nSubject: My lamp", "##- Please type your reply above this line -##"],
)
def test_head_on_top_of_a_mail_does_not_hide_the_mail(head: str) -> None:
    assert own(f"{head}\n\nWhere is my lamp?") == "Where is my lamp?"


def test_mail_that_only_forwards_has_no_own_words() -> None:
    assert own("-----Original Message-----\nFrom: Ana\n\nWhere is my lamp?") == ""


def test_forum_quote_ends_where_it_is_closed() -> None:
    text = "[quote=Ana]My lamp\nis broken.[/quote]\nTry another bulb."
    assert own(text) == "Try another bulb."


def test_forum_post_that_names_whom_it_quotes() -> None:
    assert own("Bo wrote:\n> Change the bulb.\nThat did it!") == "That did it!"


def test_quote_mark_may_be_left_as_an_html_entity() -> None:
    assert own("It left on Monday.\n&gt; Where is my lamp?") == "It left on Monday."


# -- signatures


def test_mail_ends_in_sign_off_signature_and_small_print() -> None:
    text = (
        "Hi Ana,\n\nYour lamp left on Monday.\n\nKind regards,\nJo Lindqvist\nCustomer Care\nLamp Shop Ltd\n"
        "Tel: 0123 456 789\nwww.lamps.example\n\n"
        "This e-mail is confidential and intended solely for\nthe person it is addressed to.\n\nLamp Shop Ltd, Leeds."
    )
    assert [zone for zone, _ in parts(text)] == ["greeting", "body", "sign-off", "signature", "disclaimer"]
    assert own(text) == "Hi Ana, Your lamp left on Monday. Kind regards,"


@pytest.mark.parametrize(
    "closing",
    [
        "Thanks,",
        "Thank you!",
        "Many thanks",
        "Thanks & regards,",
        "Best,",
        "With kind regards",
        "Yours sincerely,",
        "All the best,",
        "Have a lovely weekend!",
        "Speak soon,",
        "Cheers 😊",
        "Kind regards, Jo Lindqvist",
    ],
)
def test_name_below_a_sign_off_is_a_signature(closing: str) -> None:
    text = f"Your lamp left on Monday.\n\n{closing}\nJo Lindqvist\nLamp Shop"
    assert parts(text)[1:] == [("sign-off", closing), ("signature", "Jo Lindqvist\nLamp Shop")]


@pytest.mark.parametrize(
    "name", ["Jo", "jo", "{{agent.name}}", "[Agent name]", "The Lamp Shop Team", "Your Lamp Shop team", "Jo, Returns"]
)
def test_signature_may_be_any_kind_of_name(name: str) -> None:
    assert in_zone(f"It left on Monday.\nBest,\n{name}", Zone.SIGNATURE) == name


@pytest.mark.parametrize(
    "text",
    [
        "It is on its way.\nThanks!\nWhat is your order number?",
        "It is on its way.\nThanks.\nAnything else I can do?",
        "I AM WAITING.\nTHANKS\nWHERE IS MY LAMP",
        "The lamp is broken.\nThanks for nothing\nAna",
        "Thank you\nplease check the address",
        "Done.\nThanks\n1. Switch it on\n2. Wait",
        "Thanks 😊\n\n---\n\nIf it flickers, write to us again.",
    ],
)
def test_thanks_before_more_words_hides_none_of_them(text: str) -> None:
    assert own(text) == " ".join(text.split())


def test_chat_message_of_thanks_and_name_keeps_the_thanks() -> None:
    assert parts("Thanks,\nJo") == [("sign-off", "Thanks,"), ("signature", "Jo")]


@pytest.mark.parametrize("text", ["Thanks, Jo", "Jo", "Regards", "^JL", "\n  ^JL", "-- ", "Sent from my iPhone"])
def test_short_message_is_never_all_signature(text: str) -> None:
    assert own(text) == text.strip()


def test_prose_after_the_signature_is_own_words_again() -> None:
    text = "It left on Monday.\n\nBest,\nJo\n\nPS: Your bill is attached.\n\nSent from my iPhone"
    assert own(text) == "It left on Monday. Best, PS: Your bill is attached."


def test_paragraph_after_a_name_that_speaks_to_the_reader_is_own_words() -> None:
    text = "It left on Monday.\n\nBest,\nJo\n\nPlease keep the box until you have tried the lamp."
    assert own(text).endswith("Please keep the box until you have tried the lamp.")


def test_line_that_praises_the_firm_right_below_the_name_is_signature() -> None:
    assert own("It left.\n\nBest,\nJo\nGood light since 1985.") == "It left. Best,"


def test_paragraph_after_a_name_that_is_a_sentence_is_own_words() -> None:
    assert own("It left.\n\nBest,\nJo\n\nThe bulb comes on Tuesday.").endswith("The bulb comes on Tuesday.")


def test_all_below_the_signature_mark_is_signature() -> None:
    text = "It left on Monday.\n-- \nJo Lindqvist\nWe love lamps, and so will you!"
    assert own(text) == "It left on Monday."


ADVERT = "You should have our lamps! Terms apply. We promise delivery tomorrow."


@pytest.mark.parametrize(
    "signature",
    [
        f"Kind regards,\nJo Park\nCustomer Happiness | Lamp Shop Ltd\n{ADVERT}",
        f"Best,\nJo\n{ADVERT}",
        f"Kind regards, Jo Park\n\n{ADVERT}",
        f"Kind regards\n\nJo Park\n\n{ADVERT}",
        f"Thanks,\n\n{{{{agent.name}}}}\n\nIt is light that you want?\n{ADVERT}\n\nwww.lamps.example",
    ],
)
def test_advertising_below_the_name_of_a_mail_is_signature(signature: str) -> None:
    sign_off = signature.split("\n", 1)[0]
    assert own(f"It left on Monday.\n\n{signature}", is_mail=True) == f"It left on Monday. {sign_off}"
    assert own(f"It left on Monday.\n\n{signature}") != f"It left on Monday. {sign_off}", "in a chat somebody says it"


@pytest.mark.parametrize(
    "postscript", ["PS: The bill is attached.", "ps I sent it today", "P.S. We packed a bulb too."]
)
def test_postscript_below_the_advertising_is_own_words(postscript: str) -> None:
    text = f"It left.\n\nBest,\nJo\n{ADVERT}\n\n{postscript}\n\nIt is the small one."
    assert own(text, is_mail=True) == f"It left. Best, {postscript} It is the small one."


def test_quote_below_the_advertising_is_quoted() -> None:
    text = f"It left.\n\nBest,\nJo\n{ADVERT}\n\nOn 3 March 2026 Ana wrote:\nWhere is my lamp?"
    assert [zone.zone.value for zone in mark_zones(text, is_mail=True)] == ["body", "sign-off", "signature", "quoted"]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks,\nJo\nps I sent it today",
        "Regards",
        "Best, I'd say, is the small lamp.\nJo likes it.\nYou should see it.",
        "It left.\nBest, I'd say, you wait.\nJo\nYou should have it on Monday.",
        "Done.\nThanks\n\nReturns\n\nYou send it back in its box. We pay for that.",
        "Done.\nThank you, Ana\nYou should have it on Monday.",
        "Done.\nCheers, Ana!\n\nYou should have it on Monday.",
        "Done.\nBest, Jo\n\nYou get it on Monday. I will write then.",
        "Done.\nThanks\nas always\nYou should have it on Monday.",
        "Done.\nThanks\nOrder 1234\nYou should have it on Monday.",
    ],
)
def test_mail_without_sign_off_and_name_is_own_words_to_its_end(text: str) -> None:
    assert own(text, is_mail=True) == own(text)


@pytest.mark.parametrize(
    "below",
    [
        "You get it on Monday. I will write then.",
        "Hi Jo, where is it?\nAna",
        "You should do this:\n1. Switch it off\n2. Wait",
        "You should have it on Monday.\n\nBest,\nJo",
        "\n".join(f"Lamp {number} is one that you get." for number in range(20)),
    ],
)
def test_mail_that_goes_on_below_a_name_is_own_words(below: str) -> None:
    text = f"It left.\n\nBest,\nJo\n\n{below}"
    assert own(text, is_mail=True) == own(text)
    assert below.split("\n", 1)[0] in own(text, is_mail=True)


def test_dashes_between_two_paragraphs_are_no_signature_mark() -> None:
    text = "Switch it off.\n--\nNow change the bulb and wait for a minute."
    assert own(text) == " ".join(text.split())


def test_mail_quoted_below_a_signature_is_quoted() -> None:
    text = "It left.\n\nBest,\nJo\n\nOn 3 March 2026 Ana wrote:\nWhere is my lamp?"
    assert [zone for zone, _ in parts(text)] == ["body", "sign-off", "signature", "quoted"]


def test_very_long_list_below_a_name_is_no_signature() -> None:
    serials = "\n".join(f"LAMP-{number}" for number in range(40))
    assert "LAMP-39" in own(f"The serials are below.\nThanks,\nJo\n\n{serials}")


@pytest.mark.parametrize(
    ("text", "initials"),
    [
        ("@ana So sorry to hear that! Please DM us. ^MK", "^MK"),
        ("Please DM us your order number. ^ Jo 1/2", "^ Jo 1/2"),
        ("It is on its way. -JL", "-JL"),
        ("It is on its way! ~Jo https://lamps.example/t/1", "~Jo https://lamps.example/t/1"),
        ("Hi Ana,\nit is on its way. /JL", "/JL"),
    ],
)
def test_initials_at_the_end_of_a_post_are_a_signature(text: str, initials: str) -> None:
    assert in_zone(text, Zone.SIGNATURE) == initials


@pytest.mark.parametrize(
    "text", ["10 - 3 = 7 - OK", "The switch is on/off", "2^10 is 1024", "It is either that *or* -that"]
)
def test_signs_inside_a_post_are_no_initials(text: str) -> None:
    assert in_zone(text, Zone.SIGNATURE) == ""


# -- small print


@pytest.mark.parametrize(
    "small_print",
    [
        "This message is confidential.",
        "CONFIDENTIALITY NOTICE: for Ana only.",
        "If you are not the intended recipient, delete it.",
        "Please consider the environment before printing this mail.",
        "Any views expressed in this mail are the writer's.",
    ],
)
def test_small_print_is_a_disclaimer(small_print: str) -> None:
    assert parts(f"It left on Monday.\n\n{small_print}")[-1] == ("disclaimer", small_print)


def test_small_print_on_top_hides_only_its_paragraph() -> None:
    text = "CAUTION: this mail comes from outside the firm.\n\nWhere is my lamp?"
    assert own(text) == "Where is my lamp?"


def test_message_that_says_what_it_is_for_is_no_disclaimer() -> None:
    text = "This message is intended to confirm your booking.\nYou will get the ticket on Monday."
    assert own(text) == " ".join(text.split())


# -- properties

_PIECES = st.sampled_from(
    [
        "Hi Ana,",
        "Thanks,",
        "Best, Jo",
        "Jo",
        "It left on Monday.",
        "> Where?",
        "",
        "  ",
        "-- ",
        "--",
        "____",
        "From: a@b.example",
        "Sent: today",
        "On 3 May 2026 Ana wrote:",
        "[quote]",
        "[/quote]",
        "This e-mail is confidential",
        "Bye. ^JL",
        "P.S. one more",
        "Sent from my phone",
        "1. Open it",
        "😀",
        "-----Original Message-----",
        "x" * 200,
    ]
)
_ENDS = st.sampled_from(["\n", "\r\n", "\n\n", "\r", "\u2028"])
_LAYOUTS = st.lists(st.tuples(_PIECES, _ENDS)).map(lambda lines: "".join(map("".join, lines)))


@given(st.text() | _LAYOUTS, st.booleans())
def test_zones_cover_the_text_in_order(text: str, is_mail: bool) -> None:  # noqa: FBT001 - Hypothesis gives it
    zones = mark_zones(text, is_mail=is_mail)
    assert [zone.start for zone in zones] == [0, *(zone.end for zone in zones)][: len(zones)]
    assert "".join(text[zone.start : zone.end] for zone in zones) == text
    assert all(zone.start < zone.end for zone in zones)


@given(_LAYOUTS)
def test_neighbouring_zones_differ(text: str) -> None:
    zones = [zone.zone for zone in mark_zones(text)]
    assert all(left is not right for left, right in pairwise(zones))


@given(_LAYOUTS)
def test_marked_lines_are_never_own_words(text: str) -> None:
    several = f"Yes.\n{text}\n> marked\nNo."
    assert "> marked" not in own(several)


@pytest.mark.parametrize(
    "unit",
    [
        "ok\n",
        "\n",
        "Thanks\n\n",
        "Thanks,\nJo\n",
        "Best\nJo\nYou pay\n",
        "Best\nJo\n\n\n\n\n\n",
        ">",
        ">\n",
        "-- \n",
        "--\n",
        "____\nFrom:\n",
        "On 2024 Bo\n",
        "[quote]x[/quote]\n",
        "Bo wrote:\n",
        "From: a@b\nSent:\nx\n",
        "This e-mail is\n",
        " ^",
        "A",
        "@",
    ],
)
def test_time_grows_with_length_only(unit: str, is_linear: Callable[..., bool]) -> None:
    assert is_linear(partial(mark_zones, is_mail=True), lambda size: "Hello\n" + unit * (size // len(unit)), 40_000)
