"""A made-up corpus: short conversations that hold every kind of mark, and what is needed to learn from them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it has no types

from convscan.finding import DepositKind
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import FORMAT, StaticEmbedding, embedding_arrays
from convscan.rules.catalogue import Catalogue
from convscan.training.corpus import Example, read_corpus

HEAD = 'title: A rule\nmessage: A fault.\nsuggestion: Say it otherwise.\nsince: "0.1"\nrationale: It hurts.\n'
SPOKEN = 'patterns: [{0}]\nexamples: {{match: ["[[{0}]]"], no_match: [{{text: "x", why: "another word"}}]}}\n'
UNSPOKEN = """
scope: {scope}
when: [{{role: customer, acts: [complaint]}}]
expect: {{acts: [sorry], within: {within}}}
examples: {{match: ["[[x]]"], no_match: [{{text: "x", why: "nothing"}}]}}
"""
FILES = {
    "acts/complaint": "description: An act.\nroles: [customer]\n" + SPOKEN.format("broken"),
    "acts/sorry": "description: An act.\nroles: [agent]\n" + SPOKEN.format("sorry"),
    "tone/curt": HEAD + SPOKEN.format("whatever"),
    "tone/unheard": HEAD + SPOKEN.format("unheard"),
    "owed/words": HEAD + UNSPOKEN.format(scope="turn", within="next-turn"),
    "owed/all": HEAD + UNSPOKEN.format(scope="conversation", within="conversation"),
}
TRIGGERS = (
    *("problem", "request", "question", "negative-emotion", "effort-made", "waited", "praise"),
    *("loyalty", "promise-recalled", "resolved", "gave-up"),
)

Written = tuple[dict[str, Any], dict[str, Any]]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Without this the threads of small sums wait for one another wherever other tests run beside these."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def catalogue(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> Catalogue:
    return catalogue_of(FILES)


@pytest.fixture(scope="session")
def language(catalogue: Catalogue) -> LanguagePipeline:
    return LanguagePipeline(catalogue, Budget(utterance_chars=10_000, record_seconds=60))


@pytest.fixture(scope="session")
def embedding(tmp_path_factory: pytest.TempPathFactory) -> StaticEmbedding:
    folder = tmp_path_factory.mktemp("embedding")
    pieces = ["broken", "lamp", "obviously", "sorry", "my"]
    arrays = embedding_arrays(np.eye(len(pieces), dtype=np.float32), pieces)
    write_arrays(folder / "vectors.safetensors", FORMAT, arrays, {})
    return StaticEmbedding(folder)


def made_up(number: int, *, rule: str, turn_rule: str, conversation_rule: str) -> Written:
    """Return a conversation and its annotations; every kind of mark stands in some of them."""
    trigger, deposit = TRIGGERS[number % len(TRIGGERS)], list(DepositKind)[number % len(DepositKind)]
    asked, given = f"This is my {trigger} today.", f"We say {deposit} to that."
    fault = "You obviously dropped the lamp." if number % 3 == 0 else "The lamp is on its way."
    # A word that no other conversation holds.
    own = f"Case qq{number:03d}zz it is."
    record = {
        "id": f"c-{number}",
        "channel": "chat",
        "language": "en",
        "utterances": [
            {"role": "customer", "text": f"{asked} My lamp is broken."},
            {"role": "agent", "text": f"{given} {fault} {own}"},
            {"role": "customer", "text": "Fine."},
        ],
    }
    findings: list[dict[str, Any]] = []
    if number % 3 == 0:
        findings.append({"rule": rule, "utterance": 1, "quote": "You obviously dropped the lamp."})
    if number % 2:
        findings.append({"rule": turn_rule, "utterance": 1})
    if number % 5 == 0:
        findings.append({"rule": conversation_rule})
    annotations = {
        "id": f"c-{number}",
        "findings": findings,
        "deposits": [{"kind": deposit, "utterance": 1, "quote": given}],
        "triggers": [{"kind": trigger, "utterance": 0, "quote": asked}],
    }
    return record, annotations


def lines(records: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="session")
def corpus_in() -> Callable[..., None]:
    """Write sixty conversations and two wording families into a folder."""

    def write(
        folder: Path,
        *,
        rule: str = "tone/curt",
        turn_rule: str = "owed/words",
        conversation_rule: str = "owed/all",
    ) -> None:
        names = {"rule": rule, "turn_rule": turn_rule, "conversation_rule": conversation_rule}
        written = [made_up(number, **names) for number in range(60)]
        (folder / "conversations").mkdir(parents=True)
        (folder / "conversations" / "chat.jsonl").write_text(lines([one for one, _ in written]))
        (folder / "conversations" / "chat.annotations.jsonl").write_text(lines([one for _, one in written]))
        family = folder / "families" / f"{rule}.jsonl"
        family.parent.mkdir(parents=True)
        family.write_text(
            lines(
                [
                    {"family": "lost", "text": "You obviously lost it.", "quotes": ["You obviously lost it."]},
                    {"family": "lost", "text": "It was lost.", "quotes": []},
                    {
                        "family": "drop",
                        "customer": "It fell.",
                        "text": "Obviously you let go.",
                        "quotes": ["you let go"],
                    },
                ]
            )
        )

    return write


@pytest.fixture(scope="session")
def examples(
    corpus_in: Callable[..., None], language: LanguagePipeline, tmp_path_factory: pytest.TempPathFactory
) -> list[Example]:
    folder = tmp_path_factory.mktemp("corpus")
    corpus_in(folder)
    return [example.hear(language) for example in read_corpus(folder)]
