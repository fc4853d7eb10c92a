"""Acts, turn by turn."""

from collections.abc import Callable, Mapping

import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation, Role, Utterance, Visibility
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.rules.catalogue import Catalogue

FILES = {
    "cues": "cues: [{name: negated, phrases: [no], affects: after, scope_words: 1}]",
    "acts/thanks": """
description: Thanks.
roles: [agent]
patterns: [thanks, "thank you"]
unless: [negated]
examples: {match: ["[[Thanks]]."], no_match: [{text: "No thanks.", saved_by: negated}]}
""",
    "acts/complaint": """
description: Complains.
roles: [customer]
patterns: [late, broken]
examples: {match: ["It is [[late]]."], no_match: [{text: "It is early.", why: "no complaint"}]}
""",
    "tone/curt": """
title: Curt
message: Curt.
suggestion: Say more.
since: "0.1"
rationale: It hurts.
patterns: [whatever]
examples: {match: ["[[Whatever]]."], no_match: [{text: "What.", why: "another word"}]}
""",
}

NAMES = ("complaint", "thanks")

Hear = Callable[..., HeardConversation]


@pytest.fixture(scope="module")
def heard(catalogue_of: Callable[[Mapping[str, str]], Catalogue], conversation: Callable[..., Conversation]) -> Hear:
    language = LanguagePipeline(catalogue_of(FILES), Budget(utterance_chars=1000, record_seconds=60))

    def make(*lines: str) -> HeardConversation:
        return hear(language.parse(conversation(*lines))[0])

    return make


def test_acts_of_a_turn_come_in_reading_order(heard: Hear) -> None:
    turns = heard("customer: It is late. And broken!", "customer: So late.", "agent: Thank you. Thanks!").turns
    assert [(act.name, act.at.utterance, act.at.quote) for turn in turns for act in turn.performs(NAMES)] == [
        ("complaint", 0, "late"),
        ("complaint", 0, "broken"),
        ("complaint", 1, "late"),
        ("thanks", 2, "Thank you"),
        ("thanks", 2, "Thanks"),
    ]
    assert [(turn.number, turn.role) for turn in turns] == [(0, Role.CUSTOMER), (1, Role.AGENT)]


def test_span_of_an_act_quotes_the_text(heard: Hear) -> None:
    conversation = heard("agent: Fine. Many thanks.")
    (act,) = conversation.turns[0].performs(NAMES)
    text = conversation.parsed.utterances[0].text
    assert text[act.at.start : act.at.end] == act.at.quote == "thanks"


def test_cancelled_words_are_no_act(heard: Hear) -> None:
    (turn,) = heard("agent: No thanks.").turns
    assert (turn.does(NAMES), turn.any_mark_of("acts/thanks"), list(turn.performs(NAMES))) == (None, None, [])


def test_first_utterance_that_does_it_is_told(heard: Hear) -> None:
    (turn,) = heard("agent: No thanks.", "agent: Hm.", "agent: Thank you. Thanks!", "agent: Many thanks.").turns
    doing, first = turn.does(NAMES), turn.any_mark_of("acts/thanks")
    assert doing is not None
    assert doing.index == 2
    assert first is not None
    assert first[0].index == 2


def test_words_of_the_other_role_are_no_act(heard: Hear) -> None:
    assert [tuple(turn.performs(NAMES)) for turn in heard("customer: Thanks.", "agent: It is late.").turns] == [(), ()]


def test_words_of_a_rule_are_no_act(heard: Hear) -> None:
    assert list(heard("agent: Whatever.").turns[0].performs(NAMES)) == []


@pytest.mark.parametrize("role", ["bot", "system"])
def test_bot_and_system_perform_nothing(heard: Hear, role: str) -> None:
    assert heard(f"{role}: Thanks.").turns == ()


def test_thanks_in_signature_and_quoted_mail_does_not_count(heard: Hear) -> None:
    assert heard("agent: It left.\n-- \nThanks Shop\n> Thank you").turns[0].does(NAMES) is None


def test_thanks_as_sign_off_counts(heard: Hear) -> None:
    assert [act.name for act in heard("agent: It left.\n\nThanks,\nJo").turns[0].performs(NAMES)] == ["thanks"]


def test_only_the_acts_asked_for_are_given(heard: Hear) -> None:
    turn = heard("customer: It is late.").turns[0]
    assert [act.name for act in turn.performs(("complaint", "thanks"))] == ["complaint"]
    assert list(turn.performs(("thanks",))) == []
    assert list(turn.performs(())) == []


def test_turns_of_a_role_and_the_next_of_it(heard: Hear) -> None:
    conversation = heard("customer: One.", "agent: Two.", "customer: Three.", "agent: Four.")
    agents = conversation.of_role(Role.AGENT)
    assert [turn.turn.first for turn in agents] == [1, 3]
    assert conversation.next_of(Role.AGENT, conversation.turns[0]) is agents[0]
    assert conversation.next_of(Role.AGENT, agents[0]) is agents[1]
    assert conversation.next_of(Role.AGENT, agents[1]) is None


def test_internal_note_performs_nothing(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> None:
    language = LanguagePipeline(catalogue_of(FILES), Budget(utterance_chars=1000, record_seconds=60))
    note = Utterance(Role.AGENT, "Thanks.", visibility=Visibility.INTERNAL)
    assert hear(language.parse(Conversation("c-1", (note,)))[0]).turns == ()
