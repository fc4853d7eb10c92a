"""Small corpora for the benchmarks, which are scripts beside the package and no part of it."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.training.corpus import Example, Split

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

Record = dict[str, object]


def lines_of(records: Iterable[Mapping[str, object]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="session")
def id_of() -> Callable[..., str]:
    """Find the id of a conversation, or a name for a family of a rule, that falls into a split."""

    def find(split: Split, rule: str = "") -> str:
        names = (f"c{number}" for number in count())
        return next(name for name in names if Example(Conversation(name, ()), (), rule + name).split is split)

    return find


@pytest.fixture
def write_corpus(tmp_path: Path) -> Callable[..., Path]:
    """Write a corpus of chats, each `(id, role: words lines, marks, author)`, and of families."""

    def write(
        *conversations: tuple[str, tuple[str, ...], Record, str], families: Mapping[str, Iterable[Record]] | None = None
    ) -> Path:
        folder = tmp_path / "conversations"
        folder.mkdir()
        said = []
        marked = []
        for name, spoken, marks, author in conversations:
            pairs = (line.split(": ", 1) for line in spoken)
            utterances = [{"role": role, "text": text} for role, text in pairs]
            metadata = {"hand": author, "writer": "native", "trade": "bakery"}
            said.append({"id": name, "channel": "chat", "utterances": utterances, "metadata": metadata})
            marked.append({"id": name, "findings": [], "deposits": [], "triggers": [], **marks})
        (folder / "chat.jsonl").write_text(lines_of(said), encoding="utf-8")
        (folder / "chat.annotations.jsonl").write_text(lines_of(marked), encoding="utf-8")
        for rule, records in (families or {}).items():
            path = tmp_path / "families" / f"{rule}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(lines_of(records), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def write_blind(tmp_path: Path) -> Callable[..., None]:
    """Write what the second hand marked."""

    def write(*records: Mapping[str, object]) -> None:
        folder = tmp_path / "blind"
        folder.mkdir()
        whole = ({"findings": [], "deposits": [], "triggers": [], **record} for record in records)
        (folder / "chat.annotations.jsonl").write_text(lines_of(whole), encoding="utf-8")

    return write
