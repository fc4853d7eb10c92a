"""What the model sees: the same names for the same words, at training and at scanning."""

from collections.abc import Callable

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convscan.acts.heard import HeardConversation
from convscan.conversation import Channel, Conversation, Role, Utterance, Visibility
from convscan.learned.embedding import StaticEmbedding
from convscan.learned.features import (
    BUCKETS,
    SentenceFeatures,
    bucket,
    dense_features,
    gram_buckets,
    grams,
    sentence_features,
)

Hear = Callable[..., HeardConversation]
OWNERS = ("acts/thanks", "tone/curt")


def names(sentence: SentenceFeatures) -> set[str]:
    return {name for name, _ in sentence.named}


@pytest.mark.parametrize(
    ("name", "number"), [("agent sorry", 29673), ("customer <s> my", 38393), ("match blame/customer", 5268)]
)
def test_bucket_of_a_name_is_for_ever(name: str, number: int) -> None:
    """Another hash, or another number of buckets, makes every model that exists worthless."""
    assert bucket(name) == number


@given(st.text())
def test_every_name_has_a_bucket(name: str) -> None:
    assert 0 <= bucket(name) < BUCKETS


def test_lone_surrogate_has_a_bucket() -> None:
    assert bucket("agent \ud800") != bucket("agent \ud801")


def test_grams_are_words_neighbours_and_words_around_one() -> None:
    assert grams(("we", "are", "late"), is_question=False) == [
        *("<s>", "we", "are", "late", "</s>"),
        *("<s> we", "we are", "are late", "late </s>"),
        *("<s> we are", "<s> _ are", "we are late", "we _ late", "are late </s>", "are _ </s>"),
    ]


def test_question_ends_otherwise() -> None:
    asked = set(grams(("late",), is_question=True))
    said = set(grams(("late",), is_question=False))
    assert asked - said == {"?", "late ?", "<s> late ?", "<s> _ ?"}
    assert said - asked == {"</s>", "late </s>", "<s> late </s>", "<s> _ </s>"}


def test_one_number_is_as_good_as_another() -> None:
    assert grams(("order", "4711"), is_question=False) == grams(("order", "12/3"), is_question=False)
    assert "<number>" not in grams(("order", "a12"), is_question=False)


def test_sentence_without_words_has_an_end_only() -> None:
    assert grams((), is_question=False) == ["<s>", "</s>", "<s> </s>"]


@given(st.lists(st.sampled_from(["we", "are", "5", "?"]), max_size=8), st.booleans())
def test_every_gram_comes_once(norms: list[str], is_question: bool) -> None:  # noqa: FBT001 # hypothesis gives it
    found = grams(norms, is_question=is_question)
    assert len(found) == len(set(found))


@given(st.lists(st.text(st.characters(exclude_characters=" _"), min_size=1, max_size=4), max_size=9), st.booleans())
def test_buckets_are_those_of_the_names(norms: list[str], is_question: bool) -> None:  # noqa: FBT001 # hypothesis gives it
    """They are found without the names, which only explanations need."""
    named = [bucket(f"agent {name}") for name in grams(norms, is_question=is_question)]
    assert gram_buckets(Role.AGENT, norms, is_question=is_question) == named


def test_words_of_customer_and_agent_are_not_the_same(heard: Hear) -> None:
    customer, agent = sentence_features(heard("customer: Late.", "agent: Late."), ())
    assert "customer late" in names(customer)
    assert "agent late" in names(agent)
    assert names(customer) & names(agent) == {"channel None"}


def test_matches_of_rules_and_acts_are_seen(heard: Hear) -> None:
    plain, both = sentence_features(heard("agent: Fine. Thanks, whatever."), OWNERS)
    assert not any(name.startswith("match") for name in names(plain))
    assert {"match acts/thanks", "match tone/curt"} <= names(both)
    (unasked,) = sentence_features(heard("agent: Thanks."), ())
    assert "match acts/thanks" not in names(unasked)


def test_channel_is_seen(heard: Hear) -> None:
    chat = Conversation("c", (Utterance(Role.AGENT, "Fine."),), channel=Channel.CHAT)
    (sentence,) = sentence_features(heard(chat), ())
    assert "channel chat" in names(sentence)


def test_place_in_turn_and_conversation_is_seen(heard: Hear) -> None:
    lines = ("customer: One. Two.", "agent: Three.", "agent: Four.", "customer: Five.")
    one, two, three, four, five = map(names, sentence_features(heard(*lines), ()))
    places = [
        {name for name in found if name.endswith((" opens", " first"))} for found in (one, two, three, four, five)
    ]
    assert places == [
        {"customer opens", "customer first"},
        {"customer opens"},
        {"agent opens", "agent first"},
        {"agent opens"},
        {"customer first"},
    ]


def test_only_own_words_of_customer_and_agent_are_seen(heard: Hear) -> None:
    said = (
        Utterance(Role.BOT, "Bot."),
        Utterance(Role.SYSTEM, "System."),
        Utterance(Role.AGENT, "Note.", visibility=Visibility.INTERNAL),
        Utterance(Role.AGENT, "Own.\n> Quoted."),
    )
    assert [one.words for one in sentence_features(heard(Conversation("c", said)), ())] == [("own",)]


def test_reply_carries_the_meaning_of_what_it_answers(heard: Hear, embedding: StaticEmbedding) -> None:
    lines = ("customer: Broken.", "agent: Late.", "customer: Late.")
    dense, meaning = dense_features(sentence_features(heard(*lines), ()), embedding)
    assert np.allclose(meaning, [(1, 0), (0, 1), (0, 1)])
    assert np.array_equal(dense[:, :2], meaning)
    before = dense[:, 2:]
    assert before[1, 0] > 0
    assert not before[[0, 2]].any()
    assert before[1, 1] == 0


def test_nothing_said_is_no_rows(heard: Hear, embedding: StaticEmbedding) -> None:
    assert sentence_features(heard(), ()) == []
    dense, meaning = dense_features([], embedding)
    assert (dense.shape, meaning.shape) == ((0, 4), (0, 2))
