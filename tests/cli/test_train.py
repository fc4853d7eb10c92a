"""The model on the command line: `convscan train`, and `convscan scan --model`."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from convscan.finding import DepositKind
from convscan.learned import load_model
from convscan.resources import models_folder
from convscan.training.corpus import CUSTOMER_LABELS

Command = Callable[..., SimpleNamespace]
LATE = {"id": "a", "utterances": [{"role": "customer", "text": "It is late."}, {"role": "agent", "text": "Hm."}]}


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "chat.jsonl"
    path.write_text(lines([LATE]))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Thirty conversations; every second holds every kind of mark."""
    records: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    for number in range(30):
        has_all = number % 2 == 0
        said = ("You lost it.", "We lost it.")[number % 2]
        asked = ("My lamp fell.", "It is fine.")[number % 2]
        utterances = [{"role": "customer", "text": asked}, {"role": "agent", "text": said}]
        records.append({"id": f"c-{number}", "channel": "chat", "language": "en", "utterances": utterances})
        here = {"utterance": 1, "quote": said}
        faults = [{"rule": "blame/customer", **here}, {"rule": "acknowledgement/missing", "utterance": 1}]
        marks.append(
            {
                "id": f"c-{number}",
                "findings": [*faults, {"rule": "thanks/missing"}] * has_all,
                "deposits": [{"kind": kind, **here} for kind in DepositKind] * has_all,
                "triggers": [{"kind": label[1:], "utterance": 0, "quote": asked} for label in CUSTOMER_LABELS]
                * has_all,
            }
        )
    (tmp_path / "ours" / "conversations").mkdir(parents=True)
    (tmp_path / "ours" / "conversations" / "chat.jsonl").write_text(lines(records))
    (tmp_path / "ours" / "conversations" / "chat.annotations.jsonl").write_text(lines(marks))
    return tmp_path / "ours"


def test_train_writes_a_model_and_says_so(convscan: Command, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "embedding").symlink_to(models_folder() / "embedding")
    into = tmp_path / "models" / "ours"

    run = convscan("train", corpus, "--into", into, "--jobs", "2")

    assert (run.code, run.out) == (0, "")
    model = load_model(into)
    read, wrote = run.err.splitlines()
    told = re.fullmatch(r"convscan: read 30 conversations and wordings; (\d+) are learned from, .*", read)
    assert told is not None
    assert 0 < int(told[1]) < 30
    assert wrote == f"convscan: wrote {into / 'weights.safetensors'}"
    assert "blame/customer" in model.weights.agent_labels
    assert (model.weights.turn_rules, model.weights.conversation_rules) == (
        ("acknowledgement/missing",),
        ("thanks/missing",),
    )


def test_train_without_a_corpus_says_what_belongs_there(convscan: Command, tmp_path: Path) -> None:
    run = convscan("train", tmp_path, "--into", tmp_path / "model")

    assert run.code == 2
    assert f"convscan: error: {tmp_path}: no conversations/*.jsonl" in run.err
    assert not (tmp_path / "model").exists()


def test_train_tells_the_place_of_a_mistake(convscan: Command, corpus: Path, tmp_path: Path) -> None:
    with (corpus / "conversations" / "chat.annotations.jsonl").open("a") as file:
        file.write("{\n")
    run = convscan("train", corpus, "--into", tmp_path / "model")

    assert run.code == 2
    assert f"convscan: error: {corpus}/conversations/chat.annotations.jsonl:31: no JSON" in run.err


@pytest.mark.parametrize("arguments", [("ours",), ("--into", "model"), ("ours", "--into", "model", "--jobs", "0")])
def test_train_without_what_it_needs_is_a_usage_error(convscan: Command, arguments: tuple[str, ...]) -> None:
    assert convscan("train", *arguments).code == 2


def test_scan_uses_both_models_unless_told_otherwise(convscan: Command, chat: Path) -> None:
    used = [
        json.loads(convscan("scan", chat, "--isolated", "--format", "jsonl", *option).out)["tool"]["model"]
        for option in ((), ("--model", "fast"), ("--model", "none"))
    ]
    assert re.fullmatch(r"fast@[0-9a-f]{16}\+full@[0-9a-f]{16}", used[0])
    assert used[1] == used[0].partition("+")[0]
    assert used[2] is None


def test_option_is_stronger_than_the_file(convscan: Command, chat: Path, tmp_path: Path) -> None:
    config = tmp_path / "convscan.toml"
    config.write_text('model = "none"\n')
    by_file = convscan("scan", chat, "--config", config, "--format", "jsonl")
    by_option = convscan("scan", chat, "--config", config, "--model", "fast", "--format", "jsonl")

    assert json.loads(by_file.out)["tool"]["model"] is None
    assert json.loads(by_option.out)["tool"]["model"].startswith("fast@")


def test_model_that_does_not_exist_is_refused_with_the_choices(convscan: Command, chat: Path) -> None:
    run = convscan("scan", chat, "--model", "slow")

    assert run.code == 2
    assert "'slow' is not one of 'none', 'fast'" in run.err


def test_too_few_conversations_are_told(convscan: Command, tmp_path: Path) -> None:
    folder = tmp_path / "few" / "conversations"
    folder.mkdir(parents=True)
    (folder / "chat.jsonl").write_text(lines([LATE]))
    (folder / "chat.annotations.jsonl").write_text(lines([{"id": "a", "findings": []}]))
    result = convscan("train", str(folder.parent), "--into", str(tmp_path / "model"))

    assert result.code == 2
    assert "at least 5 are needed" in result.err
    assert not (tmp_path / "model").exists()


def test_what_was_trained_is_used_where_the_settings_say_so(
    convscan: Command, corpus: Path, chat: Path, tmp_path: Path
) -> None:
    convscan("train", str(corpus), "--into", str(tmp_path / "own"))
    (tmp_path / "convscan.toml").write_text('fast-model = "own"\n')
    scan = ("scan", str(chat), "--model", "fast", "--format", "jsonl", "--fail-on", "never")
    ours = convscan(*scan, "--config", str(tmp_path / "convscan.toml"))
    shipped = convscan(*scan, "--isolated")

    known_by = [json.loads(one.out)["tool"]["model"] for one in (ours, shipped)]
    assert known_by[0] == f"fast@{load_model(tmp_path / 'own', models_folder() / 'embedding').digest}"
    assert known_by[0] != known_by[1]


def test_own_model_that_is_not_there_is_told(convscan: Command, chat: Path, tmp_path: Path) -> None:
    (tmp_path / "convscan.toml").write_text('fast-model = "nowhere"\n')
    result = convscan("scan", str(chat), "--model", "fast", "--config", str(tmp_path / "convscan.toml"))

    assert result.code == 2
    assert str(tmp_path / "nowhere") in result.err
