"""Which language: passed over only on strong evidence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Conversation, Role, Utterance, Visibility
from convscan.language.identification import ENGLISH, language_of

GERMAN = "Guten Tag, mein Paket ist seit zwei Wochen unterwegs und niemand kann mir sagen, wo es bleibt."


def talk(*texts: str, role: Role = Role.CUSTOMER, language: str | None = None) -> Conversation:
    return Conversation("c-1", tuple(Utterance(role, text) for text in texts), language=language)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", GERMAN),
        ("fr", "Bonjour, ma commande n'est toujours pas arrivée et personne ne répond à mes messages depuis lundi."),
        ("es", "Hola, llevo tres semanas esperando mi pedido y nadie me ha contestado todavía, estoy muy enfadada."),
        ("ja", "注文した商品がまだ届いていません。いつごろ届くのか教えていただけますでしょうか。"),
        ("ru", "Здравствуйте, мой заказ до сих пор не пришёл, и никто не отвечает на мои письма."),
    ],
)
def test_a_conversation_in_another_language_is_told(code: str, text: str) -> None:
    assert language_of(talk(text)) == code


@pytest.mark.parametrize(
    "text",
    [
        "Hello, my parcel has been on its way for two weeks and nobody can tell me where it is.",
        "hi ther my pacel stil hasnt arived n noone anwsers teh fone pls hlp",
        "Mr Grzegorz Brzęczyszczykiewicz of Szczebrzeszyn says that the Küchenfee 300 from Röhrig leaks again.",
        "MY CARD WAS CHARGED TWICE AND I WANT MY MONEY BACK TODAY",
    ],
)
def test_english_with_typos_names_and_shouting_stays_english(text: str) -> None:
    assert language_of(talk(text)) == ENGLISH


@pytest.mark.parametrize("text", ["", "ok thx", "Ja, danke!", "4711 4712 4713 4714 4715 4716 4717", "😀😀😀"])
def test_too_few_letters_are_taken_as_english(text: str) -> None:
    assert language_of(talk(text)) == ENGLISH


def test_addresses_handles_and_placeholders_say_nothing_of_the_language() -> None:
    text = "https://kundendienst.beispiel.example/mein/paket/kommt/nicht @MeinPaketdienst {{kundennummer_der_kundin}}"

    assert language_of(talk(text)) == ENGLISH


@pytest.mark.parametrize(("named", "code"), [("en-GB", "en"), ("EN", "en"), ("de_AT", "de"), ("fr", "fr")])
def test_the_language_that_the_source_names_is_believed(named: str, code: str) -> None:
    assert language_of(talk(GERMAN, language=named)) == code


def test_several_short_messages_count_together() -> None:
    assert language_of(talk("Guten Tag", "mein Paket fehlt", "wer kann mir bitte weiterhelfen")) == "de"


@pytest.mark.parametrize(
    "unheard",
    [
        Utterance(Role.BOT, GERMAN),
        Utterance(Role.SYSTEM, GERMAN),
        Utterance(Role.AGENT, GERMAN, visibility=Visibility.INTERNAL),
    ],
    ids=["bot", "system", "internal"],
)
def test_only_what_customer_and_agent_said_to_each_other_counts(unheard: Utterance) -> None:
    plain = Utterance(Role.CUSTOMER, "My parcel has been on its way for two weeks.")

    assert language_of(Conversation("c-1", (unheard, unheard, plain))) == ENGLISH


@given(st.text(st.characters(), max_size=200))
def test_any_text_whatever_has_one_language(text: str) -> None:
    """Lone surrogates, control characters and private signs too."""
    code = language_of(talk(text))

    assert code == language_of(talk(text))
    assert 2 <= len(code) <= 3
    assert code.isascii()


def test_quoted_mail_and_signature_in_another_language_do_not_count() -> None:
    """An agent in Cologne answers in English; the mail program and the signature speak German."""
    text = (
        "You should have read the manual.\n\nMit freundlichen Grüßen\nJo Lindqvist\nLampenladen am Rathausplatz\n\n"
        "Am Di., 3. März 2026 um 10:14 Uhr schrieb Ana <ana@mail.example>:\n> Warum flackert denn die neue Lampe so?\n"
    )
    assert language_of(Conversation("c", (Utterance(Role.AGENT, text),))) == "en"
    assert language_of(Conversation("c", (Utterance(Role.AGENT, text.rpartition("> ")[2]),))) == "de"
