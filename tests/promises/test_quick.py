"""The ledger leaves out what can settle nothing; it must find the same as if it left out nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.promises.memory import Memory
from convscan.records import result_to_json
from convscan.scanner import Scanner

from .test_ways import NAMED

AGENT = (
    "I'll call you back by Friday.",
    "Let me check that for you.",
    "We'll refund you within three days, and I'll email you the receipt.",
    "The engineer will come on Thursday.",
    "If it hasn't come by then, I'll send another.",
    "It should be with you tomorrow at 5 pm.",
    "I'll find out and let you know.",
    "I've refunded the 12 euros.",
    "All done, it's live now.",
    "Here you go, try it again now.",
    "Sorry, I forgot to send it.",
    "We're still waiting for the depot.",
    "It is with the courier.",
    "Our records show that he called on Monday.",
    "The answer is 24 euros, and the lens is ready.",
    "That is for another order.",
)
CUSTOMER = (
    "You promised me a refund last week.",
    "It has arrived, thank you.",
    "Got it, thanks!",
    "The parcel came yesterday.",
    "Still no refund.",
    "Nobody called me.",
    "No call yet.",
    "It's Monday and he was to come on Thursday.",
    "The engineer was booked for Thursday and never turned up.",
    "Where is my parcel?",
    "It works now.",
    "Ok, thanks.",
    "My mistake, it was in the spam folder.",
    "I was charged twice, and it is half three already.",
)
TIMES = (None, "2026-03-02T10:00:00+01:00", "2026-03-03T09:00:00+01:00", "2026-03-09T18:30:00+01:00")


def _said(role: Role, sentences: tuple[str, ...]) -> st.SearchStrategy[Utterance]:
    words = st.lists(st.sampled_from(sentences), min_size=1, max_size=3).map(" ".join)
    return st.builds(Utterance, st.just(role), words, timestamp=st.sampled_from(TIMES))


@settings(max_examples=60, deadline=None)
@given(
    channel=st.sampled_from((None, *Channel)),
    utterances=st.lists(_said(Role.AGENT, AGENT) | _said(Role.CUSTOMER, CUSTOMER), min_size=2, max_size=8),
)
def test_what_is_left_out_changes_no_result(
    scanner: Scanner, channel: Channel | None, utterances: list[Utterance]
) -> None:
    conversation = Conversation("c-1", tuple(utterances), channel=channel)
    quick = scanner.scan(conversation)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Memory, "may_settle", lambda *_: True)
        for way in NAMED.values():
            patch.setattr(way, "needs", ())
        slow = scanner.scan(conversation)

    assert result_to_json(quick) == result_to_json(slow)
