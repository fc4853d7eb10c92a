"""Who says what became of a promise, in which words, and which words only sound like it."""

import pytest

from convscan.conversation import Channel
from convscan.finding import ScanResult

from .conftest import Scan

RULE = "promise/broken"


def fates(result: ScanResult) -> list[str]:
    return [promise.fate.value for promise in result.promises]


def is_reported(result: ScanResult) -> bool:
    return any(finding.rule == RULE for finding in result.findings)


@pytest.mark.parametrize(
    "words",
    [
        "You said the lamp would be back within 6 days, it's day 15.",
        "I was told four days, it's been 19.",
        "My kiln has been with your workshop 9 weeks. You said two weeks.",
        "Your plumber never turned up.",
        "Someone was going to ring me back on Tuesday. Nobody rang.",
        "The fitter was booked for 9. It's now 14:30.",
    ],
)
def test_customer_who_sets_the_time_promised_against_the_time_now_is_believed(scan: Scan, words: str) -> None:
    assert is_reported(scan(f"customer: {words}", "agent: Which order is that?"))


@pytest.mark.parametrize(
    "words",
    [
        "You said the lamp would be back within 6 days, just checking the address.",
        "The crate was due on Tuesday. It's now Thursday.",
        "The letter says my account is overdrawn, it isn't.",
        "They told me they hadn't got the blue one.",
        "It hums like it says in the book and there's no steam.",
        "My father has been given an appointment. It is on the 9th.",
        "A neighbour was going to ring me back on Tuesday. Nobody rang.",
    ],
)
def test_plan_state_and_the_word_of_others_are_no_broken_promise(scan: Scan, words: str) -> None:
    assert not is_reported(scan(f"customer: {words}", "agent: Sorry to hear that. Which order is that?"))


def test_plan_counts_if_the_reply_says_whose_word_it_was(scan: Scan) -> None:
    assert is_reported(
        scan("customer: The crate was due on Tuesday. It's now Thursday.", "agent: Sorry, we said Tuesday.")
    )


PROMISED = ("customer: The crate is missing.", "agent: It'll be at your shop by 8 tonight.")


@pytest.mark.parametrize(
    "later",
    [
        ("customer: 22:15. No crate.",),
        ("customer: It's 9 pm and there is still no crate.",),
        ("system: next day", "customer: No crate, still nothing."),
    ],
)
def test_time_that_is_told_in_words_breaks_what_it_was_promised_for(scan: Scan, later: tuple[str, ...]) -> None:
    result = scan(*PROMISED, *later, channel=Channel.CHAT)

    assert fates(result) == ["broken"]
    assert is_reported(result)


@pytest.mark.parametrize(
    "later",
    [
        "customer: No problem.",
        'customer: Not one "sorry".',
        "customer: I didn't order it in a hurry, thank you.",
        "customer: So it is valid 30 days.",
        "agent: Sorry that I did not say it first.",
        "agent: Just ask for me if eight comes and we've not called.",
        "agent: Sorry, I missed your message.",
    ],
)
def test_courtesy_own_acts_and_lapses_of_words_break_nothing(scan: Scan, later: str) -> None:
    result = scan(*PROMISED, later, channel=Channel.CHAT)

    assert fates(result) == ["open"]
    assert not is_reported(result)


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ("I'll move your seat.", "agent: It's moved."),
        ("I'll check the shelf.", "agent: Two left, both blue."),
        ("I'll text you the code.", "customer: Got it."),
        ("I'll write to you here at 10:50.", "agent: 10:48, the lens is cut."),
    ],
)
def test_what_is_told_in_one_talk_keeps_it(scan: Scan, promised: str, told: str) -> None:
    assert fates(scan("customer: Hello.", f"agent: {promised}", told, channel=Channel.CHAT)) == ["kept"]


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ("I'll ring the surgery as soon as we hang up.", "agent: The old form is blue and has two pages."),
        ("She'll look into it.", "agent: Your plan has forty channels."),
        ("I'll check it myself on the 3rd.", "agent: Row twelve is near the door."),
        ("I'll send a code by text.", "customer: I've got a pen."),
        ("I'll check the shelf.", "agent: what's your postcode"),
        ("I'll check the shelf.", "agent: Aw, thank you, my lovely."),
        ("I'll fit a new one, free of charge.", "customer: my kids are in the car"),
        ("I'll text you once it is built.", "customer: I'm at work."),
        ("You'll get a call from the depot.", "agent: Give him a pat from us."),
    ],
)
def test_what_only_sounds_done_keeps_nothing(scan: Scan, promised: str, told: str) -> None:
    assert fates(scan("customer: Hello.", f"agent: {promised}", told, channel=Channel.CHAT)) == ["open"]


def test_what_must_have_happened_is_no_promise(scan: Scan) -> None:
    assert not scan("customer: It came open.", "agent: That'll have been the tape.").promises
    assert not scan("customer: It came open.", "agent: They'll have dropped it in the van.").promises
    assert scan("customer: It came open.", "agent: We'll have mended it by Friday.").promises


def test_new_date_told_in_time_breaks_nothing(scan: Scan) -> None:
    put_off = "agent 02T12:00: The refund needs longer, we'll refund you by Thursday."
    late = "agent 05T10:00: Sorry for the wait, the refund is sent now."
    asked = ("customer 02T09:00: I was charged twice.", "agent 02T10:00: We'll refund you by tomorrow.")

    assert not is_reported(scan(*asked, "customer 02T11:00: Thanks.", put_off, late))
    assert is_reported(scan(*asked, late))


def charged(result: ScanResult) -> list[str | None]:
    return [finding.agent for finding in result.findings if finding.rule == RULE]


def test_promise_from_before_the_conversation_charges_nobody(scan: Scan) -> None:
    """Jo answers for the company, and is not who promised it."""
    words = "Your colleague promised me a refund last week and nothing has arrived."
    assert charged(scan(f"customer: {words}", "agent: Hello, let me look into that.")) == [None]


def test_promise_made_in_the_conversation_charges_who_made_it(scan: Scan) -> None:
    assert charged(
        scan(
            "customer 02T09:00: Where is my refund?",
            "agent 02T09:05: I'll call you back by tomorrow.",
            "customer 05T09:00: Nobody called me back.",
            "other 05T09:05: Let me look into that.",
        )
    ) == ["Jo"]
