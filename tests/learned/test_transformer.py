"""The transformer that ships: the same numbers whatever stands beside, and damage is told."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from convscan.acts.heard import HeardConversation, hear
from convscan.errors import ModelError
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned import FULL, Transformer
from convscan.learned.windows import exchanges
from convscan.records import conversation_from_json
from convscan.resources import models_folder, rules_folder
from convscan.rules.catalogue import load_catalogue

LANGUAGE = LanguagePipeline(load_catalogue(rules_folder()), Budget(utterance_chars=10**6, record_seconds=60.0))
FOLDER = models_folder() / FULL


@pytest.fixture(scope="module")
def transformer() -> Transformer:
    return Transformer(FOLDER)


def heard(*spoken: tuple[str, str]) -> HeardConversation:
    record = {"id": "t", "channel": "chat", "utterances": [{"role": role, "text": text} for role, text in spoken]}
    return hear(LANGUAGE.parse(conversation_from_json(record))[0])


def logit(model: Transformer, label: str, *spoken: tuple[str, str]) -> float:
    """Return the highest number for a sentence label in the last exchange."""
    reading = model.read(list(exchanges(heard(*spoken)))[-1])
    return float(reading.sentences[:, model.sentence_labels.index(label)].max())


@pytest.mark.parametrize(
    ("label", "says_it", "does_not"),
    [
        ("+apology", "I'm really sorry we let you down.", "The parcel weighs two kilos."),
        ("+thanks", "Thank you so much for the photos.", "The parcel weighs two kilos."),
        ("hidden/withheld", "I am not allowed to tell you why.", "The dye runs above forty degrees."),
        ("effort/channel-bounce", "Please phone our hotline about this.", "I have passed it on for you."),
        ("promise/guarantee", "I guarantee it will never break again.", "We hope it holds this time."),
    ],
)
def test_what_is_said_outright_is_read_so(transformer: Transformer, label: str, says_it: str, does_not: str) -> None:
    asked = ("customer", "The jumper I bought has shrunk. What now?")
    said, unsaid = (logit(transformer, label, asked, ("agent", words)) for words in (says_it, does_not))
    assert said > unsaid + 1


def test_a_window_has_the_same_numbers_whatever_was_read_before() -> None:
    conversations = [
        heard(("customer", "My bike is still not repaired!!"), ("agent", "We will see."), ("customer", "When?")),
        heard(("customer", "hi"), ("agent", "Hello! " + "It takes a while to look this up. " * 60)),
        heard(("agent", "Your order was shipped.")),
    ]
    there, back = Transformer(FOLDER), Transformer(FOLDER)
    first = [there.read(one) for conversation in conversations for one in exchanges(conversation)]
    second = [back.read(one) for heard_one in reversed(conversations) for one in reversed([*exchanges(heard_one)])]
    again = [there.read(one) for conversation in conversations for one in exchanges(conversation)]
    assert len(first) == 4
    for one, other, same in zip(first, second[::-1], again, strict=True):
        assert np.array_equal(one.sentences, same.sentences)
        assert np.array_equal(one.sentences, other.sentences)
        assert np.array_equal(one.turn, other.turn)


def test_every_sentence_of_a_long_answer_is_read(transformer: Transformer) -> None:
    answer = " ".join(f"Then take screw number {number} out of the lid." for number in range(80))
    (exchange,) = exchanges(heard(("customer", "How do I open it?"), ("agent", answer)))
    assert np.isfinite(transformer.read(exchange).sentences).all()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / FULL))


def test_a_file_that_is_cut_short_is_told(copied: Path) -> None:
    path = copied / "encoder.onnx"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"encoder\.onnx: its content does not fit its hash; install convscan again"):
        Transformer(copied)


def test_a_missing_file_is_told(copied: Path) -> None:
    (copied / "pieces.json").unlink()
    with pytest.raises(ModelError, match=r"pieces\.json.*install convscan again, or choose `--model fast`"):
        Transformer(copied)


def test_another_version_is_told(copied: Path) -> None:
    header = json.loads((copied / "model.json").read_text(encoding="utf-8"))
    (copied / "model.json").write_text(json.dumps({**header, "format": "convscan.transformer/9"}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"is of format 'convscan\.transformer/9'"):
        Transformer(copied)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "convscan.transformer/3", "sha256": 3}', "\x00"])
def test_a_damaged_header_is_told(copied: Path, content: str) -> None:
    (copied / "model.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"model\.json"):
        Transformer(copied)
