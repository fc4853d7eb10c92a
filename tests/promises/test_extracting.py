"""What is a commitment, how far it reaches, by when and on what it depends."""

import pytest

from convscan.conversation import Channel
from convscan.finding import Promise, PromiseKind

from .conftest import Scan


def only(scan: Scan, words: str, channel: Channel = Channel.EMAIL) -> Promise:
    (promise,) = scan("customer: My kettle broke.", f"agent 02T10:00: {words}", channel=channel).promises
    return promise


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("I'll call you back tomorrow.", "I'll call you back tomorrow"),
        ("Thanks, we will refund it within 3\u20135 business days.", "we will refund it within 3\u20135 business days"),
        ("You'll hear from us by Friday.", "You'll hear from us by Friday"),
        ("Someone from the team will be in touch.", "Someone from the team will be in touch"),
        ("Expect an e-mail today.", "Expect an e-mail today"),
        ("Let me check and get back to you.", "Let me check and get back to you"),
        ("A technician is booked for the 4th.", "A technician is booked for the 4th"),
        ("I am going to escalate this.", "I am going to escalate this"),
        ("Your new kettle ships; the refund should be with you by Friday.", "the refund should be with you by Friday"),
        ("Will do!", "Will do"),
        ("We won't charge you for it.", "We won't charge you for it"),
        ("Could you send me the number and I'll look into it?", "I'll look into it"),
        ("I come by on Thursday between 5 and 7.", "I come by on Thursday between 5 and 7"),
    ],
)
def test_commitment_is_found_as_a_clause(scan: Scan, words: str, quote: str) -> None:
    assert only(scan, words).at.quote == quote


def test_run_on_words_of_a_call_are_cut_at_the_next_commitment(scan: Scan) -> None:
    said = (
        "okay so what i'm gonna do is i'm gonna raise a ticket for you and somebody from the billing team"
        " will ring you back within forty eight hours okay"
    )
    result = scan("customer: hello", f"agent: {said}", channel=Channel.CALL)

    assert [promise.at.quote for promise in result.promises] == [
        "i'm gonna raise a ticket for you",
        "somebody from the billing team will ring you back within forty eight hours",
    ]


def test_two_acts_of_one_sentence_are_two_promises(scan: Scan) -> None:
    result = scan("customer: hello", "agent 02T10:00: I'll write to both dealers this evening and tell you by Friday.")

    assert [(p.at.quote, p.by_when and p.by_when.latest) for p in result.promises] == [
        ("I'll write to both dealers this evening", "2026-03-02T23:59:59+01:00"),
        ("tell you by Friday", "2026-03-06T23:59:59+01:00"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        "Shall I send you a new one?",
        "We can send you a new one.",
        "My colleague told you we would call.",
        "We won't be able to refund it.",
        "Refunds take five days.",
        "I'll need your order number.",
        "If you have any further questions, we will be happy to help.",
        "Do you know when it will arrive?",
        "Press the button and it will restart.",
        "Please call us tomorrow.",
        "You have a ticket open.",
        "I hope you'll enjoy it.",
        "With luck it will be on your desk by Friday.",
    ],
)
def test_what_only_looks_like_a_commitment_is_none(scan: Scan, words: str) -> None:
    assert not scan("customer: My kettle broke.", f"agent: {words}").promises


def test_words_of_the_customer_commit_nobody(scan: Scan) -> None:
    assert not scan("customer: I'll call you tomorrow and send the form.", "agent: Fine.").promises


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("Once we receive it, we'll refund you.", "Once we receive it"),
        ("If you send me the photo I'll order a new one today.", "If you send me the photo"),
        ("I'll file it as soon as you have approved it.", "as soon as you have approved it"),
        ("I'll let you know when it ships.", "when it ships"),
    ],
)
def test_condition_is_told(scan: Scan, words: str, condition: str) -> None:
    promise = only(scan, words)

    assert promise.condition is not None
    assert promise.condition.quote == condition


@pytest.mark.parametrize(
    "words", ["I'll check if it has left.", "I'll do it as soon as possible.", "I'll fix it if I can."]
)
def test_inquiry_and_courtesy_are_no_condition(scan: Scan, words: str) -> None:
    assert only(scan, words).condition is None


def test_time_before_and_behind_a_commitment_belongs_to_it(scan: Scan) -> None:
    ahead = only(scan, "By Friday I'll have an answer for you.")
    behind = only(scan, "I'll pass it to the workshop. Within 24 hours.")

    assert ahead.by_when is not None
    assert ahead.by_when.at.quote == "By Friday"
    assert behind.by_when is not None
    assert behind.by_when.latest == "2026-03-03T10:00:00+01:00"


def test_time_of_the_past_is_no_deadline(scan: Scan) -> None:
    assert only(scan, "I'll refund the order placed on 3 February.").by_when is None


def test_kinds_are_told_apart(scan: Scan) -> None:
    assert only(scan, "I'll call you tomorrow.").kind is PromiseKind.ACT
    assert only(scan, "Your parcel will arrive tomorrow.").kind is PromiseKind.OUTCOME


def test_promise_is_charged_to_who_made_it(scan: Scan) -> None:
    result = scan("customer: Hello.", "agent: I'll call you.", "customer: Fine.", "other: I'll send the form.")

    assert [promise.agent for promise in result.promises] == ["Jo", "Mia"]


def test_spans_are_the_words_of_the_text(scan: Scan) -> None:
    words = "Sorry\u2019bout that \U0001f600! We\u2019ll refund you by Friday, once it\u2019s here."
    (promise,) = scan("customer: Hello.", f"agent 02T10:00: {words}").promises
    spans = [promise.at, promise.by_when.at if promise.by_when else None, promise.condition]

    assert all(span and words[span.start : span.end] == span.quote for span in spans)
