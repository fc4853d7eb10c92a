"""What must hold of open questions and repeated requests when a conversation is changed.

Each change has an effect that is known beforehand: an answer clears the question, a value
that is read back is no second request, earlier small talk moves indices and nothing else.
"""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.finding import Finding
from convscan.scanner import Scanner

Said = list[tuple[str, str]]

UNANSWERED, REPEATED = "avoidance/unanswered", "effort/repeat-information"

# A question, and an answer of the kind that it wants.
QUESTIONS = (
    ("When will the kiln be repaired?", "On Thursday at nine."),
    ("How much is the second key?", "It is 14 euro."),
    ("Is the pool heated?", "Yes, to 28 degrees."),
    ("Who signs the form?", "The landlord signs it, not you."),
    ("Does the glue contain latex?", "No, it does not."),
)
# Replies that tell nothing.
EMPTY = ("Thank you for getting in touch!", "Have a lovely day!", "Our cabins are loved by thousands of families.")
# What the customer gives, how the agent asks for it, and how the agent confirms it.
SLOTS = (
    ("My order no. 44718 came without a lid.", "What is your order number?", "I have order number 44718 here."),
    ("I'm at 12 Elm Road and the parcel went next door.", "What is your address?", "Is it still 12 Elm Road?"),
    ("It is version 5.2 and it crashes.", "Which version is it, please?", "So that is version 5.2."),
    ("I attached the invoice and it is wrong.", "Please send us the invoice.", "The invoice has arrived."),
    ("It is dead. I restarted it twice.", "Have you tried restarting it?", "You restarted it twice, I see."),
)
SMALL_TALK = (
    "The weather is grey in Leith.",
    "My aunt sends her regards.",
    "The bus was full.",
    "Tea is on the table.",
)


def _found(scanner: Scanner, said: Said, rule: str) -> list[Finding]:
    return [finding for finding in scanner.scan(said).findings if finding.rule == rule]


def _earlier_talk(lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        yield ("agent" if number % 2 else "customer"), line


talk = st.lists(st.sampled_from(SMALL_TALK), max_size=4).map(lambda lines: lines[: len(lines) // 2 * 2])


@settings(max_examples=40, deadline=None)
@given(question=st.sampled_from(QUESTIONS), empty=st.sampled_from(EMPTY))
def test_an_answer_in_the_next_turn_clears_the_question(
    rules_alone: Scanner, question: tuple[str, str], empty: str
) -> None:
    asked, answer = question

    assert _found(rules_alone, [("customer", asked), ("agent", empty)], UNANSWERED)
    assert not _found(rules_alone, [("customer", asked), ("agent", empty), ("agent", answer)], UNANSWERED)
    assert not _found(rules_alone, [("customer", asked), ("agent", f"{empty} {answer}")], UNANSWERED)


@settings(max_examples=40, deadline=None)
@given(question=st.sampled_from(QUESTIONS), empty=st.sampled_from(EMPTY))
def test_saying_that_it_is_looked_up_clears_the_question(
    rules_alone: Scanner, question: tuple[str, str], empty: str
) -> None:
    said = [("customer", question[0]), ("agent", f"{empty} Let me check that with the workshop.")]

    assert not _found(rules_alone, said, UNANSWERED)


@settings(max_examples=40, deadline=None)
@given(slot=st.sampled_from(SLOTS))
def test_confirming_instead_of_asking_clears_the_request(rules_alone: Scanner, slot: tuple[str, str, str]) -> None:
    given_, ask, confirm = slot

    assert _found(rules_alone, [("customer", given_), ("agent", ask)], REPEATED)
    assert not _found(rules_alone, [("customer", given_), ("agent", confirm)], REPEATED)


@settings(max_examples=40, deadline=None)
@given(slot=st.sampled_from(SLOTS))
def test_a_first_request_is_none_again(rules_alone: Scanner, slot: tuple[str, str, str]) -> None:
    said = [("customer", "My hat is lost."), ("agent", slot[1]), ("customer", slot[0]), ("agent", slot[2])]

    assert not _found(rules_alone, said, REPEATED)


@settings(max_examples=60, deadline=None)
@given(lines=talk, slot=st.sampled_from(SLOTS), question=st.sampled_from(QUESTIONS), empty=st.sampled_from(EMPTY))
def test_earlier_talk_moves_indices_and_nothing_else(
    rules_alone: Scanner, lines: list[str], slot: tuple[str, str, str], question: tuple[str, str], empty: str
) -> None:
    before: Said = list(_earlier_talk(lines))
    told: Said = [("customer", slot[0]), ("agent", slot[1]), ("customer", question[0]), ("agent", empty)]

    for rule in (UNANSWERED, REPEATED):
        alone, moved = _found(rules_alone, told, rule), _found(rules_alone, before + told, rule)
        assert [(f.at.utterance + len(before), f.at.quote) for f in alone if f.at] == [
            (f.at.utterance, f.at.quote) for f in moved if f.at
        ]
        assert [[span.quote for span in f.because] for f in alone] == [
            [span.quote for span in f.because] for f in moved
        ]


def test_the_finding_says_what_stayed_open(rules_alone: Scanner) -> None:
    (finding,) = _found(rules_alone, [("customer", "Hi. When is the kiln back?"), ("agent", "Hello Ida!")], UNANSWERED)

    assert [span.quote for span in finding.because] == ["When is the kiln back?"]
    assert [step.detail for step in finding.explanation] == [
        "'When is the kiln back?'; wants: a time",
        "agent turn 1: tells nothing: courtesy, slogans or offers only",
    ]


def test_the_finding_says_where_it_was_given(rules_alone: Scanner) -> None:
    said = [("customer", "Order no. 44718 is late."), ("agent", "Oh dear. What is your order number?")]
    (finding,) = _found(rules_alone, said, REPEATED)

    assert finding.at is not None
    assert finding.at.quote == "What is your order number?"
    assert [step.detail for step in finding.explanation] == [
        "for: order number",
        "in utterance 0: 'Order no. 44718 is late.'",
    ]
