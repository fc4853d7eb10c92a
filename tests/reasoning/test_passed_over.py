"""Questions that are passed over in terse chats, and replies that only look as if they did."""

from collections.abc import Callable

import pytest

Rules = Callable[..., list[str]]
UNANSWERED = "avoidance/unanswered"


@pytest.mark.parametrize(
    "said",
    [
        # The customer comes back with a word or two.
        (
            ("customer", "Unlock my card please. Do you pay the penalty?"),
            ("agent", "It is unlocked, you can try it."),
            ("customer", "works. and the penalty?"),
        ),
        # Whoever ends it tells nothing.
        (("customer", "Letters only? To what address?"), ("agent", "The chat ends now.")),
        (("customer", "And which office is right?"), ("agent", "Thread is set to done.")),
        (("customer", "Why did you want my passport?"), ("agent", "Closing this ticket as no fix is planned.")),
        # A why, and the refusal once more.
        (("customer", "Why not? My sister did it in May."), ("agent", "Not changeable.")),
        # Of two things asked in one breath the second is passed over.
        (
            ("customer", "Can I bring my bicycle and will the sauna stay open?"),
            ("agent", "Yes, bicycles go in the shed."),
        ),
        # Who does not understand, and asks nothing back, tells nothing.
        (
            ("customer", "Room 12 is taken? Does it say until when?"),
            ("agent", "Apologies, I could not make out what you are asking. This desk only books rooms."),
        ),
        # Only noted.
        (("customer", "Will you move the antenna?"), ("agent", "Your values are taken up in the file.")),
    ],
)
def test_a_question_that_is_passed_over_is_found(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert UNANSWERED in rules(*said)


@pytest.mark.parametrize(
    "said",
    [
        # It comes back to something that the reply speaks of, or that is new.
        (
            ("customer", "Unlock my card please. Do you pay the penalty?"),
            ("agent", "Yes, it is unlocked and we pay the penalty."),
            ("customer", "and the penalty?"),
        ),
        (
            ("customer", "Unlock my card please. Do you pay the penalty?"),
            ("agent", "It is unlocked. We pay the penalty."),
            ("customer", "and the interest?"),
        ),
        # Who does not understand asks back.
        (("customer", "Why is it not in my list?"), ("agent", "I don't follow your question, which list do you mean?")),
        # The end is what is asked about.
        (("customer", "Why are you closing it?"), ("agent", "Closing this ticket as no fix is planned.")),
        # It ends after an answer.
        (("customer", "To what address?"), ("agent", "12 Elm Road. The chat ends now.")),
        # A poor reason is a reason; who says that it will not be told withholds it.
        (("customer", "Why not?"), ("agent", "Not changeable because of the fare.")),
        (("customer", "Why is that?"), ("agent", "That I do not explain.")),
        # Both are taken up, one of them by a number.
        (
            ("customer", "Can I bring my bicycle and what does it cost?"),
            ("agent", "Sure, bicycles are fine, 4 euro."),
        ),
        # Vague is poor, and an answer.
        (("customer", "when do i get it"), ("agent", "It will be released soon friend, thanks for your trust.")),
        # Nothing is wanted.
        (
            ("agent", "Anything else?"),
            ("customer", "no, don't worry, I'll take it to the tip"),
            ("agent", "Lovely, thanks for calling, bye now"),
        ),
    ],
)
def test_an_answer_that_is_short_is_an_answer(rules: Rules, said: tuple[tuple[str, str], ...]) -> None:
    assert UNANSWERED not in rules(*said)
