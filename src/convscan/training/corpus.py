"""The annotated corpus as examples to learn from.

A corpus is a folder with `conversations/*.jsonl` (native format), each beside its
`*.annotations.jsonl`, and `families/<family>/<rule>.jsonl` (ways of wording one rule).
Whole conversations and whole wording families go to one split, so that no rewording of
a sentence that was learned is measured.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from convscan.acts.heard import HeardConversation, hear
from convscan.conversation import Conversation, Role
from convscan.errors import AnnotationError, ConvscanError, TranscriptError
from convscan.finding import DepositKind, Fate
from convscan.language.clock import UNLIMITED
from convscan.language.pipeline import LanguagePipeline
from convscan.language.stand_ins import in_own_words, with_stand_ins
from convscan.records import conversation_from_json


class Split(StrEnum):
    """What an example is for."""

    TRAIN = "train"
    DEV = "dev"
    TEST = "test"


# Of ten parts, by hash.
_SPLITS = (Split.TEST, Split.TEST, Split.DEV, Split.DEV, *[Split.TRAIN] * 6)
# In characters; no text of a corpus is longer.
_NO_LIMIT = 10**6
# What customers say that the corpus marks, beside the acts that have patterns.
CUSTOMER_LABELS = tuple(
    f"!{kind}"
    for kind in (
        *("problem", "request", "question", "negative-emotion", "effort-made", "waited", "praise"),
        *("loyalty", "promise-recalled", "resolved", "gave-up"),
    )
)
# What good things, and what customers do, are called.
_KINDS = {
    "deposits": frozenset(kind.value for kind in DepositKind),
    "triggers": frozenset(label.removeprefix("!") for label in CUSTOMER_LABELS),
}
# A sentence is what a mark says if it holds half of the marked words, or is marked by half.
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark: a label on words, on an utterance, or on the whole conversation.

    Attributes:
        label: A rule id, `+deposit` or `!act`.
        utterance: None for a conversation rule.
        quote: Empty for what is missing.
    """

    label: str
    utterance: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of an utterance, verbatim."""

    utterance: int
    quote: str


@dataclass(frozen=True, slots=True)
class MarkedPromise:
    """A commitment of the agents' side and what became of it.

    Attributes:
        at: The words that make it.
        evidence: The first later words that show the fate; None while it is open.
    """

    at: Quoted
    fate: Fate
    evidence: Quoted | None


@dataclass(frozen=True)
class Example:
    """A conversation or a line of a wording family, with its marks.

    Attributes:
        key: What must not be divided between splits.
        only: The one label that the marks are complete for; None if they are complete for all.
        promises: Those that are made before the last words; None if nobody has marked them.
    """

    conversation: Conversation
    marks: tuple[Marked, ...]
    key: str
    only: str | None = None
    promises: tuple[MarkedPromise, ...] | None = None
    heard: HeardConversation = field(init=False, repr=False)

    @property
    def split(self) -> Split:
        """What the example is for; depends on nothing but its key."""
        number = int(hashlib.sha256(self.key.encode()).hexdigest(), 16) % len(_SPLITS)
        return _SPLITS[number]

    def hear(self, language: LanguagePipeline) -> "Example":
        """Parse the conversation into `heard` as a scanner does; it is looked into for as long as it takes."""
        opaque = with_stand_ins(self.conversation, {}, limit_chars=_NO_LIMIT)
        parsed = in_own_words(language.parse(opaque, UNLIMITED)[0], self.conversation)
        object.__setattr__(self, "heard", hear(parsed))
        return self

    def labels_of(self, utterance: int, start: int, end: int) -> set[str]:
        """Return the labels of the words between two code points of an utterance."""
        text = self.conversation.utterances[utterance].text
        found = set()
        for mark in self.marks:
            if mark.utterance != utterance or not mark.quote:
                continue
            first = text.find(mark.quote)
            last = first + len(mark.quote)
            shared = min(end, last) - max(start, first)
            if first >= 0 and shared > 0 and shared >= _OVERLAP * min(last - first, end - start):
                found.add(mark.label)
        return found


def read_corpus(folder: Path) -> list[Example]:
    """Read all conversations and wording families of a corpus.

    Raises:
        AnnotationError: If a file is malformed, or annotations have no conversation; with its place.
        ConvscanError: If the folder is missing or holds no corpus.
    """
    if not folder.is_dir():
        raise ConvscanError(f"{folder}: no such folder")
    conversations = [
        example
        for path in sorted((folder / "conversations").glob("*.jsonl"))
        if not path.name.endswith(".annotations.jsonl")
        for example in _conversations(path)
    ]
    if not conversations:
        raise ConvscanError(f"{folder}: no conversations/*.jsonl with *.annotations.jsonl beside them")
    families = [example for path in sorted((folder / "families").glob("*/*.jsonl")) for example in _family(path)]
    return conversations + families


def _conversations(path: Path) -> Iterator[Example]:
    annotated: dict[str, tuple[str, dict[str, Any]]] = {}
    for place, record in _records(path.with_suffix(".annotations.jsonl")):
        identifier = str(_needed(record, "id", place))
        if identifier in annotated:
            raise AnnotationError(f"{place}: {identifier!r} is annotated at {annotated[identifier][0]} already")
        annotated[identifier] = place, record
    for place, record in _records(path):
        conversation = _conversation(record, place)
        if conversation.id not in annotated:
            raise AnnotationError(f"{place}: conversation {conversation.id!r} has no line in the annotations beside it")
        where, annotation = annotated.pop(conversation.id)
        marks, promises = tuple(_marks(annotation, conversation, where)), _promises(annotation, conversation, where)
        yield Example(conversation, marks, conversation.id, promises=promises)
    for identifier, (place, _) in annotated.items():
        raise AnnotationError(f"{place}: there is no conversation {identifier!r} in {path}")


def _conversation(record: Mapping[str, Any], place: str) -> Conversation:
    try:
        return conversation_from_json(record)
    except TranscriptError as error:
        raise AnnotationError(f"{place}: {error}") from error


def _marks(record: Mapping[str, Any], conversation: Conversation, place: str) -> Iterator[Marked]:
    for kind, prefix, name in (("findings", "", "rule"), ("deposits", "+", "kind"), ("triggers", "!", "kind")):
        for mark in _list(record, kind, place):
            label = _text(mark, name, place)
            if kind == "findings" and "/" not in label:
                raise AnnotationError(f"{place}: {label!r} is no rule id, such as blame/customer")
            known = _KINDS.get(kind)
            if known is not None and label not in known:
                raise AnnotationError(f"{place}: {label!r} is none of {kind}: {', '.join(sorted(known))}")
            quote = _text(mark, "quote", place) if "quote" in mark else ""
            yield _checked(Marked(f"{prefix}{label}", mark.get("utterance"), quote), conversation, place)


def _list(record: Mapping[str, Any], key: str, place: str) -> list[dict[str, Any]]:
    found = record.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise AnnotationError(f"{place}: {key!r} must be a list of objects")
    return found


def _text(record: Mapping[str, Any], key: str, place: str) -> str:
    found = _needed(record, key, place)
    if not isinstance(found, str) or not found:
        raise AnnotationError(f"{place}: {key!r} must be a text that is not empty, found {found!r}")
    return found


def _checked(mark: Marked, conversation: Conversation, place: str) -> Marked:
    if mark.utterance is not None and type(mark.utterance) is not int:
        raise AnnotationError(f"{place}: {mark.label} is marked in utterance {mark.utterance!r}, which is no number")
    if mark.utterance is not None and mark.utterance not in range(len(conversation.utterances)):
        raise AnnotationError(f"{place}: {mark.label} is marked in utterance {mark.utterance}, which is not there")
    if mark.quote and (mark.utterance is None or mark.quote not in conversation.utterances[mark.utterance].text):
        raise AnnotationError(f"{place}: {mark.label} quotes {mark.quote!r}, which utterance {mark.utterance} lacks")
    return mark


def _promises(record: Mapping[str, Any], conversation: Conversation, place: str) -> tuple[MarkedPromise, ...] | None:
    if "promises" not in record:
        return None

    def quoted(fields: Mapping[str, Any]) -> Quoted:
        at = Quoted(_needed(fields, "utterance", place), _text(fields, "quote", place))
        _checked(Marked("a promise", at.utterance, at.quote), conversation, place)
        return at

    found = []
    for fields in _list(record, "promises", place):
        name = _text(fields, "fate", place)
        if name not in set(Fate):
            raise AnnotationError(f"{place}: {name!r} is no fate of a promise; there are {', '.join(Fate)}")
        at, evidence = quoted(fields), None
        if conversation.utterances[at.utterance].role is not Role.AGENT:
            raise AnnotationError(f"{place}: {at.quote!r} is promised in words that are no agent's")
        if "evidence" in fields:
            evidence = quoted(_object(fields, "evidence", place))
            if evidence.utterance < at.utterance:
                raise AnnotationError(
                    f"{place}: {evidence.quote!r} stands before the promise {at.quote!r} that it is about"
                )
        if (evidence is None) != (name == Fate.OPEN):
            raise AnnotationError(f"{place}: a promise that is kept or broken has evidence, one that is open has none")
        found.append(MarkedPromise(at, Fate(name), evidence))
    return tuple(found)


def _object(record: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
    found = record[key]
    if not isinstance(found, dict):
        raise AnnotationError(f"{place}: {key!r} must be an object, found {found!r}")
    return found


def _needed(record: Mapping[str, Any], key: str, place: str) -> Any:  # noqa: ANN401 # whatever JSON holds
    if key not in record:
        raise AnnotationError(f"{place}: {key!r} is missing")
    return record[key]


def _family(path: Path) -> Iterator[Example]:
    rule = f"{path.parent.name}/{path.stem}"
    for number, (place, record) in enumerate(_records(path)):
        spoken: list[dict[str, str]] = [{"role": "agent", "text": _needed(record, "text", place)}]
        if "customer" in record:
            spoken.insert(0, {"role": "customer", "text": record["customer"]})
        fields = {"id": f"{rule}#{number}", "channel": "chat", "language": "en", "utterances": spoken}
        conversation = _conversation(fields, place)
        answer = len(spoken) - 1
        quoted = [Marked(rule, answer, quote) for quote in record.get("quotes", ())]
        # A fault without words is one of the turn: something is missing.
        marked = quoted or ([Marked(rule, answer)] if record.get("fires") else [])
        marks = tuple(_checked(mark, conversation, place) for mark in marked)
        yield Example(conversation, marks, f"{rule}{_needed(record, 'family', place)}", only=rule)


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise AnnotationError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: no UTF-8: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                record = json.loads(line)
            except ValueError as error:
                raise AnnotationError(f"{path}:{number}: no JSON: {error}") from error
            if not isinstance(record, dict):
                raise AnnotationError(f"{path}:{number}: expected an object, found {type(record).__name__}")
            yield f"{path}:{number}", record


def of_split(examples: Sequence[Example], *splits: Split) -> list[Example]:
    """Return the examples of some splits, in order."""
    return [example for example in examples if example.split in splits]
