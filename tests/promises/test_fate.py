"""What becomes of promises, and what does not touch them."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.finding import Fate, ScanResult, Status
from convscan.promises.deadlines import moment
from convscan.scanner import Scanner

from .conftest import Scan

RULE = "promise/broken"
ASKED = ("customer 02T09:00: I was charged twice.", "agent 02T10:00: Sorry about that. We'll refund you by Friday.")


def fates(result: ScanResult) -> list[str]:
    return [promise.fate.value for promise in result.promises]


def is_reported(result: ScanResult) -> bool:
    return any(finding.rule == RULE for finding in result.findings)


def test_promise_is_open_while_nobody_says_more(scan: Scan) -> None:
    result = scan(*ASKED)

    assert fates(result) == ["open"]
    assert not is_reported(result)


@pytest.mark.parametrize(
    "later",
    [
        "agent 03T10:00: Done, the refund is sent.",
        "other 03T10:00: I've refunded the 12 euros.",
        "customer 04T10:00: The refund has arrived, thank you.",
        "customer 04T10:00: Got the money, thanks.",
    ],
)
def test_later_words_that_it_is_done_keep_it(scan: Scan, later: str) -> None:
    result = scan(*ASKED, later)

    assert fates(result) == ["kept"]
    assert result.promises[0].evidence[0].utterance == 2
    assert not is_reported(result)


@pytest.mark.parametrize(
    "later",
    [
        "customer 09T10:00: Still no refund.",
        "customer 09T10:00: It's Monday and nobody has refunded me.",
        "customer 09T10:00: Where is my refund?",
        "other 09T10:00: I see that the refund was never processed.",
    ],
)
def test_words_after_the_deadline_that_it_is_missing_break_it(scan: Scan, later: str) -> None:
    result = scan(*ASKED, later)

    assert fates(result) == ["broken"]
    assert is_reported(result)


@pytest.mark.parametrize(
    "later",
    [
        "customer 03T10:00: Still no refund, hurry up.",
        "customer 03T10:00: Where is my refund?",
        "customer 03T10:00: This takes too long!",
        "customer 09T10:00: My neighbour never got her refund either.",
        "customer 09T10:00: I never received the other parcel.",
        "customer 04T10:00: My neighbour got her refund, thanks.",
        "customer 03T10:00: Thanks, I look forward to the refund.",
    ],
)
def test_impatience_and_other_matters_leave_it_open(scan: Scan, later: str) -> None:
    result = scan(*ASKED, later)

    assert fates(result) == ["open"]
    assert not is_reported(result)


def test_answer_that_comes_too_late_breaks_the_promise_to_answer(scan: Scan) -> None:
    result = scan(
        "customer 02T09:00: Where is my parcel?",
        "agent 02T10:00: I'll get back to you by tomorrow noon.",
        "agent 05T09:00: The depot has found it.",
    )

    assert fates(result) == ["broken"]


def test_answer_in_time_keeps_it(scan: Scan) -> None:
    result = scan(
        "customer 02T09:00: Where is my parcel?",
        "agent 02T10:00: I'll get back to you by tomorrow noon.",
        "agent 03T11:00: As promised, an update: the depot has found it.",
    )

    assert fates(result) == ["kept"]


def test_customer_who_tells_late_of_what_came_accuses_nobody(scan: Scan) -> None:
    result = scan(
        "customer 02T09:00: The tap drips.",
        "agent 02T10:00: A plumber will visit you this afternoon.",
        "customer 05T08:00: The plumber came, all fixed. Thank you.",
    )

    assert fates(result) == ["kept"]


def test_immediate_act_is_kept_by_going_on(scan: Scan) -> None:
    """Decision record 0009: "let me look" is kept as soon as the agent speaks again."""
    result = scan("customer: Is it sent?", "agent: Let me look.", "agent: It left on Monday.", channel=Channel.CHAT)

    assert fates(result) == ["kept"]


def test_broken_stays_broken_when_it_is_made_good_later(scan: Scan) -> None:
    result = scan(*ASKED, "customer 09T10:00: Still no refund.", "agent 09T11:00: I've refunded it now.")

    assert fates(result) == ["broken"]


def test_customer_who_takes_the_reproach_back_clears_it(scan: Scan) -> None:
    result = scan(
        *ASKED,
        "customer 09T10:00: You never sent the refund!",
        "agent 09T11:00: It left on Wednesday, to the card ending 02.",
        "customer 09T12:00: How embarrassing, I looked at the wrong card.",
    )

    assert fates(result) == ["kept"]
    assert not is_reported(result)


@pytest.mark.parametrize(
    "words",
    [
        "You said someone would ring me yesterday and nobody did.",
        "I was promised a call on Friday and I never got one.",
        "Your colleague told me it would be fixed last week. It still leaks.",
        "You said you'd call me back and nobody did.",
        "I never got the callback that I was promised.",
        "You never kept your word.",
    ],
)
def test_promise_from_before_counts_if_the_customer_says_it_was_not_kept(scan: Scan, words: str) -> None:
    result = scan(f"customer: {words}", "agent: I'm sorry.")

    assert is_reported(result)
    assert not result.promises


@pytest.mark.parametrize(
    "words",
    [
        "You said it would be sent this week, is it on track?",
        "My bank said it would take two days and it has not come.",
        "Can you promise that it comes on Friday?",
        "I am still waiting and I am annoyed.",
        "You promised it for Monday and it came two days early, wow.",
    ],
)
def test_recalling_or_waiting_alone_accuses_nobody(scan: Scan, words: str) -> None:
    assert not is_reported(scan(f"customer: {words}", "agent: Thank you for asking."))


@pytest.mark.parametrize(
    "words",
    [
        "Hello, my router is broken since Monday and nobody called me back.",
        "I left two messages about the piano and they didn't ring me.",
        "I wrote to the vet twice and never got a call back.",
        "I asked on the first. Three weeks have passed and nobody answered.",
    ],
)
def test_call_that_nobody_promised_breaks_no_promise(scan: Scan, words: str) -> None:
    assert not is_reported(scan(f"customer: {words}", "agent: I'm sorry about that, it was our mistake."))


def test_later_agent_who_admits_it_confirms_what_the_customer_recalls(scan: Scan) -> None:
    result = scan(
        "customer: In June I was told that the fee would go down.",
        "agent: You are right, and it never happened. I have changed it.",
    )

    assert is_reported(result)


def test_indices_shift_with_what_stands_before(scan: Scan) -> None:
    later = "agent 03T10:00: Done, the refund is sent."
    here = scan(*ASKED, later)
    there = scan("customer 01T08:00: Hello.", "agent 01T08:30: Good morning.", *ASKED, later)

    assert [one.at.utterance + 2 for one in here.promises] == [one.at.utterance for one in there.promises]
    assert fates(here) == fates(there)


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ("I'll rename both phones.", "agent 02T10:30: Renamed."),
        ("I'll extend the voucher for you.", "agent 02T10:05: Please try it again now."),
        ("I'll drop the card in here.", "agent 02T10:05: https://example.com/cards/curry"),
        ("You'll have our quote by tomorrow noon.", "agent 03T09:00: 200 bags, two colours, 312 euros net."),
        ("Our man will be with you this afternoon.", "customer 02T18:30: The nest is gone, thanks."),
        ("The update will fix it.", "customer 04T10:00: It did the trick."),
    ],
)
def test_result_keeps_a_promise_that_it_does_not_name(scan: Scan, promised: str, told: str) -> None:
    result = scan("customer 02T09:00: Hello.", f"agent 02T10:00: {promised}", told)

    assert fates(result) == ["kept"]


@pytest.mark.parametrize(
    "later",
    [
        "customer 02T10:30: Great, thank you.",
        "agent 02T10:30: Which floor is it on?",
        "agent 02T10:30: I'm still waiting for the key.",
        "customer 02T10:30: My neighbour got hers, thanks.",
    ],
)
def test_acceptance_and_questions_keep_nothing(scan: Scan, later: str) -> None:
    result = scan("customer 02T09:00: Hello.", "agent 02T10:00: I'll rename both phones.", later)

    assert fates(result) == ["open"]


def test_reproach_that_the_agent_disproves_accuses_nobody(scan: Scan) -> None:
    result = scan(*ASKED, "customer 09T10:00: I never got the refund.", "agent 09T11:00: It was credited on the 4th.")

    assert fates(result) == ["kept"]
    assert not is_reported(result)


@pytest.mark.parametrize(
    "words",
    [
        "Your site says 3 to 5 days, and nothing has come.",
        'The tracking says "delivered" and there is nothing here.',
        "Could nobody have told me in April?",
    ],
)
def test_lead_times_signs_and_wishes_are_no_promises(scan: Scan, words: str) -> None:
    assert not is_reported(scan(f"customer: {words}", "agent: I'm sorry about that."))


def test_finding_names_promise_and_evidence(scan: Scan) -> None:
    result = scan(*ASKED, "customer 09T10:00: Still no refund.")
    (finding,) = (finding for finding in result.findings if finding.rule == RULE)

    assert [span.quote for span in finding.because] == ["We'll refund you by Friday", "Still no refund."]
    assert finding.agent == "Jo"


def test_outcome_of_the_rule_is_counted(scan: Scan) -> None:
    def outcome(*lines: str) -> list[str]:
        return [check.outcome.value for check in scan(*lines).checks if check.rule == RULE]

    assert outcome("customer: Hello.", "agent: Hello.") == ["not_applicable"]
    assert outcome(*ASKED, "agent 03T10:00: Done, the refund is sent.") == ["kept"]
    assert outcome(*ASKED, "customer 09T10:00: Still no refund.") == ["missing"]


LATER = (
    "The refund has arrived, thank you.",
    "Still no refund.",
    "Where is my refund?",
    "Thanks.",
    "Nobody called me.",
    "You said by Friday!",
)
TALK = st.lists(
    st.tuples(
        st.sampled_from((Role.CUSTOMER, Role.AGENT)),
        st.sampled_from(
            (*LATER, "Done, the refund is sent.", "We'll call you tomorrow.", "I'll get back to you within 2 hours.")
        ),
        st.integers(1, 5_000),
    ),
    max_size=6,
)


def talk(said: list[tuple[Role, str, int]], shift: timedelta) -> Conversation:
    at = moment("2026-03-02T10:00:00+01:00")
    assert at is not None
    utterances = [
        Utterance(Role.CUSTOMER, "I was charged twice.", timestamp=(at + shift).isoformat()),
        Utterance(Role.AGENT, "We'll refund you by Friday.", timestamp=(at + shift).isoformat()),
    ]
    for role, words, minutes in said:
        at += timedelta(minutes=minutes)
        utterances.append(Utterance(role, words, timestamp=(at + shift).isoformat()))
    return Conversation("c-1", tuple(utterances), channel=Channel.EMAIL)


@settings(max_examples=40)
@given(TALK, st.integers(-200, 200))
def test_moving_all_timestamps_by_weeks_changes_no_fate(
    scanner: Scanner, said: list[tuple[Role, str, int]], weeks: int
) -> None:
    here = scanner.scan(talk(said, timedelta(0)))
    there = scanner.scan(talk(said, timedelta(weeks=weeks)))

    assert fates(here) == fates(there)
    assert is_reported(here) == is_reported(there)


@settings(max_examples=40)
@given(TALK)
def test_evidence_stands_behind_the_promise_and_only_where_the_fate_is_known(
    scanner: Scanner, said: list[tuple[Role, str, int]]
) -> None:
    for promise in scanner.scan(talk(said, timedelta(0))).promises:
        assert bool(promise.evidence) is (promise.fate is not Fate.OPEN)
        assert all(span.utterance >= promise.at.utterance for span in promise.evidence)


@pytest.mark.parametrize("sent", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("words", ["I will call you back.", "We'll refund you today.", "I'll post it within the hour."])
@pytest.mark.parametrize("channel", [Channel.CHAT, Channel.EMAIL])
def test_timestamp_that_stands_for_never_is_no_error(scanner: Scanner, sent: str, words: str, channel: Channel) -> None:
    """Exports write the last moment of the calendar where they know none."""
    said = (
        Utterance(Role.CUSTOMER, "I was charged twice and have no refund.", timestamp=sent),
        Utterance(Role.AGENT, words, timestamp=sent),
        Utterance(Role.CUSTOMER, "Still no refund, and nobody called or posted it. Thanks.", timestamp=sent),
        Utterance(Role.AGENT, "All done, the refund is sent.", timestamp=sent),
        Utterance(Role.CUSTOMER, "It has arrived, thank you.", timestamp=sent),
    )

    result = scanner.scan(Conversation("c-1", said, channel=channel))

    assert result.status is Status.JUDGED
    assert result.promises
