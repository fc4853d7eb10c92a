"""Good things that no pattern foresaw: the fast model credits a turn with what it lacks."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation
from convscan.detectors.learned import credit
from convscan.finding import Deposit, DepositKind, Span
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT, StaticEmbedding, embedding_arrays
from convscan.learned.features import BUCKETS, bucket
from convscan.learned.model import Calibration, FastModel, Weights
from convscan.rules.catalogue import Catalogue

# A pack in which nothing is looked for.
WORDS = {"lists": "lists: {nothing: [nothing]}"}
LABELS = tuple(f"+{kind}" for kind in DepositKind)
# One word decides, whatever else stands in its sentence.
STRONG = 60.0
MEASURED = Calibration(find=0.7, slope=1.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> FastModel:
    """Takes `grateful` for thanks, the more so beside `hugely`, and `refund` for a remedy."""
    folder = tmp_path_factory.mktemp("embedding")
    write_arrays(folder / "vectors.safetensors", FORMAT, embedding_arrays(np.zeros((1, 1), np.float32), ["x"]), {})
    named = np.zeros((BUCKETS, len(LABELS)), np.float32)
    named[bucket("agent grateful"), LABELS.index("+thanks")] = STRONG
    named[bucket("agent hugely"), LABELS.index("+thanks")] = STRONG
    named[bucket("agent refund"), LABELS.index("+remedy")] = STRONG
    return FastModel(
        Weights(
            agent_labels=LABELS,
            customer_labels=(),
            owners=(),
            turn_rules=(),
            conversation_rules=(),
            calibrations=dict.fromkeys(LABELS, MEASURED) | {"+advocacy": Calibration(find=2.0)},
            dense=np.zeros((2, len(LABELS)), np.float32),
            named=named,
            bias=np.full(len(LABELS), -5.0, np.float32),
            turn=np.zeros((0, 0), np.float32),
            turn_bias=np.zeros(0, np.float32),
            conversation=np.zeros((0, 0), np.float32),
            conversation_bias=np.zeros(0, np.float32),
        ),
        StaticEmbedding(folder),
    )


@pytest.fixture(scope="module")
def heard_of(
    catalogue_of: Callable[..., Catalogue], conversation: Callable[..., Conversation]
) -> Callable[..., HeardConversation]:
    language = LanguagePipeline(catalogue_of(WORDS), Budget(utterance_chars=10_000, record_seconds=60))

    def find(*lines: str) -> HeardConversation:
        said = tuple(conversation(line).utterances[0] for line in lines)
        return hear(language.parse(Conversation("c-1", said))[0])

    return find


def shown(deposits: Sequence[Deposit]) -> list[tuple[str, int, str]]:
    return [(one.kind.value, one.at.utterance, one.at.quote) for one in deposits]


def test_turn_is_credited_with_its_likeliest_sentence(
    model: FastModel, heard_of: Callable[..., HeardConversation]
) -> None:
    heard = heard_of("customer: Hi.", "agent: We are grateful. We are hugely grateful. Your refund is on its way.")

    found = credit([], model.read(heard))

    assert shown(found) == [("thanks", 1, "We are hugely grateful."), ("remedy", 1, "Your refund is on its way.")]
    assert all(one.confidence is not None and one.confidence >= 0.7 for one in found)


def test_what_the_rules_gave_a_turn_stands_and_is_not_given_twice(
    model: FastModel, heard_of: Callable[..., HeardConversation]
) -> None:
    heard = heard_of("agent: Ta.", "agent: Grateful, truly.", "customer: Hi.", "agent: Still grateful.")
    by_rules = Deposit(DepositKind.THANKS, Span(0, 0, 2, "Ta"))

    found = credit([by_rules], model.read(heard))

    assert shown(found) == [("thanks", 0, "Ta"), ("thanks", 3, "Still grateful.")]


def test_customer_and_unlikely_words_earn_nothing(model: FastModel, heard_of: Callable[..., HeardConversation]) -> None:
    heard = heard_of("customer: So grateful for the refund.", "agent: Glad it came.")

    assert credit([], model.read(heard)) == []
