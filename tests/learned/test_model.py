"""The fast model, with weights made by hand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convscan.acts.heard import HeardConversation
from convscan.conversation import Role
from convscan.errors import ModelError
from convscan.learned import FastModel, Reading, load_model
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import StaticEmbedding, embedding_arrays
from convscan.learned.features import conversation_features, turn_features
from convscan.learned.model import FORMAT, Calibration

Hear = Callable[..., HeardConversation]
ModelOf = Callable[..., FastModel]
EmbeddingIn = Callable[[Path], StaticEmbedding]
# Enough for one word to decide, whatever else stands in a short sentence.
STRONG = 60.0
COMPLAINT = {("customer broken", "!complaint"): STRONG}
# Where the customer's first label stands among the features of a turn: before it, and after it.
BEFORE, AFTER = 2, 4


def likely(reading: Reading, label: str) -> list[bool]:
    return [reading.of(row, label) > 0.5 for row in range(len(reading.sentences))]


def owed(model: FastModel, heard: HeardConversation) -> list[bool]:
    """Whether the turn rule is likely, agent turn by agent turn."""
    reading = model.read(heard)
    return [reading.of_turn(turn)["owed/words"] > 0.5 for turn in heard.of_role(Role.AGENT)]


def test_one_word_makes_its_sentence_likely(model_of: ModelOf, heard: Hear) -> None:
    model = model_of({("agent obviously", "tone/curt"): STRONG})
    reading = model.read(heard("agent: Obviously it is. It is fine."))
    assert likely(reading, "tone/curt") == [True, False]
    assert likely(reading, "+thanks") == [False, False]


def test_word_of_the_customer_is_not_the_agents(model_of: ModelOf, heard: Hear) -> None:
    reading = model_of({("agent obviously", "tone/curt"): STRONG}).read(heard("customer: Obviously."))
    assert likely(reading, "tone/curt") == [False]


def test_words_side_by_side_weigh_only_side_by_side(model_of: ModelOf, heard: Hear) -> None:
    model = model_of({("agent not late", "tone/curt"): STRONG})
    assert likely(model.read(heard("agent: It is not late. Late it is not.")), "tone/curt") == [True, False]


def test_meaning_weighs(model_of: ModelOf, heard: Hear) -> None:
    model = model_of(dense={(0, "tone/curt"): STRONG})
    assert likely(model.read(heard("agent: Broken. Late.")), "tone/curt") == [True, False]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("customer: Broken.", "agent: Fine."), [False, True]),
        (("customer: Late.", "agent: Fine."), [False, False]),
        (("agent: Fine.", "customer: Broken."), [False, False]),
        (("customer: Broken.", "agent: Yes.", "customer: Late.", "agent: Fine."), [False, True, False, False]),
    ],
    ids=["before", "something else", "after", "too long ago"],
)
def test_reply_is_read_in_the_light_of_what_it_answers(
    model_of: ModelOf, heard: Hear, lines: tuple[str, ...], expected: list[bool]
) -> None:
    assert likely(model_of(dense={(2, "tone/curt"): STRONG}).read(heard(*lines)), "tone/curt") == expected


@pytest.mark.parametrize(
    ("place", "expected"), [(BEFORE, [False, True, False]), (AFTER, [True, False, False])], ids=["before", "after"]
)
def test_turn_is_read_in_the_light_of_its_neighbours(
    model_of: ModelOf, heard: Hear, place: int, expected: list[bool]
) -> None:
    """The agent speaks before the complaint, right after it, and later; nobody speaks before or after all."""
    model = model_of(COMPLAINT, turn={place: STRONG})
    lines = ("agent: Hello.", "customer: Broken.", "agent: Yes.", "customer: Fine.", "agent: Broken. Bye.")
    assert owed(model, heard(*lines)) == expected


def test_what_customers_say_is_heard_from_customers_only(model_of: ModelOf, heard: Hear) -> None:
    lines = ("customer: Fine.", "agent: Broken.", "customer: Broken.", "agent: Fine.")
    reading = model_of(COMPLAINT).read(heard(*lines))
    assert likely(reading, "!complaint") == [False, False, True, False]


def test_deposit_in_a_turn_weighs(model_of: ModelOf, heard: Hear) -> None:
    model = model_of({("agent thanks", "+thanks"): STRONG}, turn={1: STRONG})
    lines = ("customer: Broken.", "agent: Fine. Thanks.", "customer: Late.", "agent: Fine.")
    assert owed(model, heard(*lines)) == [True, False]


def test_conversation_rule_sees_the_whole(model_of: ModelOf, heard: Hear) -> None:
    model = model_of({("agent thanks", "+thanks"): STRONG}, conversation={1: STRONG})
    thanked = ("agent: Thanks.", "customer: Fine.", "agent: Bye.")
    assert model.read(heard(*thanked)).of_conversation["owed/all"] > 0.5
    assert model.read(heard("customer: Thanks.", "agent: Bye.")).of_conversation["owed/all"] < 0.5


@pytest.mark.parametrize(
    "lines",
    [(), ("customer: ...", "agent: ?!"), ("bot: Late.",), ("agent: > Late.",), ("customer: Broken.",), ("agent: 👍",)],
    ids=["empty", "no words", "bot only", "quoted only", "customer only", "emoji"],
)
def test_conversation_with_next_to_nothing_can_be_read(model_of: ModelOf, heard: Hear, lines: tuple[str, ...]) -> None:
    given_ = heard(*lines)
    reading = model_of().read(given_)
    assert reading.probabilities.shape == (len(reading.sentences), 4)
    assert np.all((reading.probabilities >= 0) & (reading.probabilities <= 1))
    assert [reading.of_turn(turn).keys() for turn in given_.of_role(Role.AGENT)] == [{"owed/words"}] * len(
        given_.of_role(Role.AGENT)
    )
    assert 0 <= reading.of_conversation["owed/all"] <= 1


LINES = st.sampled_from(
    ["customer: Broken.", "agent: Late, obviously. Thanks?", "customer: ...", "bot: Hi.", "agent: 5"]
)


@given(st.lists(LINES, max_size=8))
def test_features_are_as_many_for_every_conversation(model_of: ModelOf, heard: Hear, lines: list[str]) -> None:
    given_ = heard(*lines)
    model = model_of()
    told = model.read(given_).told
    assert len(conversation_features(told)) == len(model.weights.conversation)
    for turn in given_.of_role(Role.AGENT):
        assert len(turn_features(told, turn)) == len(model.weights.turn)


@given(st.lists(LINES, max_size=6), st.lists(LINES, max_size=6))
def test_other_conversations_change_nothing(
    model_of: ModelOf, heard: Hear, lines: list[str], others: list[str]
) -> None:
    model = model_of(COMPLAINT, dense={(1, "tone/curt"): 3.0})
    first = model.read(heard(*lines))
    model.read(heard(*others))
    again = model.read(heard(*lines))
    assert np.array_equal(first.probabilities, again.probabilities)
    assert first.of_conversation == again.of_conversation


def test_strongest_features_are_told_the_strongest_first(model_of: ModelOf, heard: Hear) -> None:
    model = model_of(
        {
            ("agent obviously", "tone/curt"): 2.0,
            ("agent fine", "tone/curt"): 3.0,
            ("agent it", "tone/curt"): -9.0,
            ("agent is", "+thanks"): 9.0,
            ("match tone/curt", "tone/curt"): 9.0,
        }
    )
    (sentence,) = model.read(heard("agent: Obviously it is fine, whatever.")).sentences
    assert model.strongest(sentence, "tone/curt") == ["match tone/curt", "fine", "obviously"]
    assert model.strongest(sentence, "tone/curt", count=1) == ["match tone/curt"]


def test_wording_weighs_words_without_their_surroundings(model_of: ModelOf) -> None:
    model = model_of({("agent obviously", "tone/curt"): 2.0, ("channel chat", "tone/curt"): 9.0})
    with_it = model.wording(("obviously", "fine"), "tone/curt", is_question=False)
    assert with_it > model.wording(("fine",), "tone/curt", is_question=False) == 0
    assert model.wording(("obviously", "very", "fine"), "tone/curt", is_question=False) < with_it


# -- confidence ------------------------------------------------------------------------------


def test_what_was_not_measured_has_no_confidence() -> None:
    assert Calibration(0.5).confidence(0.99) is None


def test_straight_line_changes_no_probability() -> None:
    assert [Calibration(0.5, slope=1.0).confidence(p) for p in (0.0, 0.25, 0.5, 1.0)] == [0.0, 0.25, 0.5, 1.0]


def test_overconfident_model_is_taken_back() -> None:
    confidence = Calibration(0.5, slope=0.5, offset=-1.0).confidence(0.99)
    assert confidence is not None
    assert 0.7 < confidence < 0.8


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 3), st.floats(-5, 5))
def test_confidence_grows_with_the_probability(one: float, two: float, slope: float, offset: float) -> None:
    calibration = Calibration(0.5, slope=slope, offset=offset)
    low, high = calibration.confidence(min(one, two)), calibration.confidence(max(one, two))
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= 1


# -- on disk ---------------------------------------------------------------------------------


@pytest.fixture
def folder(model_of: ModelOf, embedding_in: EmbeddingIn, tmp_path: Path) -> Path:
    """A model on disk, with its embedding beside it."""
    model = model_of(COMPLAINT, dense={(0, "tone/curt"): 8.0}, turn={BEFORE: 2.0})
    embedding_in(tmp_path / "embedding")
    weights = replace(
        model.weights, calibrations={**model.weights.calibrations, "tone/curt": Calibration(0.5, 0.1, 0.75, -1.0)}
    )
    write_arrays(tmp_path / "fast" / "weights.safetensors", FORMAT, weights.arrays(), weights.header())
    return tmp_path / "fast"


def test_model_that_was_written_reads_as_before(model_of: ModelOf, heard: Hear, folder: Path) -> None:
    written = model_of(COMPLAINT, dense={(0, "tone/curt"): 8.0}, turn={BEFORE: 2.0})
    loaded = load_model(folder)
    given_ = heard("customer: Broken.", "agent: Broken, late.")

    assert loaded.weights.agent_labels == written.weights.agent_labels
    assert loaded.weights.calibrations["tone/curt"] == Calibration(0.5, 0.1, 0.75, -1.0)
    assert loaded.weights.calibrations["owed/all"] == Calibration(2.0)
    assert np.array_equal(loaded.read(given_).probabilities, written.read(given_).probabilities)
    assert owed(loaded, given_) == owed(written, given_)


def test_model_is_known_by_its_weights_and_by_what_words_mean_to_it(folder: Path) -> None:
    known = load_model(folder)
    again = load_model(folder)
    other = replace(known.weights, bias=known.weights.bias + 1)
    write_arrays(folder / "weights.safetensors", FORMAT, other.arrays(), other.header())
    with_other_weights = load_model(folder)
    write_arrays(folder / "weights.safetensors", FORMAT, known.weights.arrays(), known.weights.header())
    arrays = embedding_arrays(np.ones((1, 2), np.float32), ["late"])
    write_arrays(folder.parent / "embedding" / "vectors.safetensors", "convscan.embedding/1", arrays, {})
    with_other_meanings = load_model(folder)

    assert again.digest == known.digest
    assert len({known.digest, with_other_weights.digest, with_other_meanings.digest}) == 3


def test_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"^{tmp_path}/weights\.safetensors: .*`convscan train`$"):
        load_model(tmp_path)


def test_model_of_another_version_is_refused(folder: Path) -> None:
    path = folder / "weights.safetensors"
    write_arrays(path, "convscan.fast/99", {"x": np.zeros(1)}, {})
    with pytest.raises(ModelError, match=rf"{path}: is of format 'convscan\.fast/99'.*`convscan train`$"):
        load_model(folder)


def test_model_without_its_embedding_names_what_is_missing(folder: Path) -> None:
    (folder.parent / "embedding" / "vectors.safetensors").unlink()
    with pytest.raises(ModelError, match=r"embedding/vectors\.safetensors: .*install convscan again"):
        load_model(folder)
