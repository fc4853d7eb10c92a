"""What the model sees of a conversation: numbers for sentences, turns and the whole.

Training and scanning use the same functions, so that they see the same.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise, repeat

import numpy as np
import numpy.typing as npt

from convscan.acts.heard import HeardConversation, HeardTurn
from convscan.conversation import Channel, Role
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.lazy import lazy_property
from convscan.learned.embedding import StaticEmbedding, Vectors, direction

# Features with a name fall into so many buckets by their hash.
BUCKETS = 2**16
GRAM_WEIGHT = 0.9
OWNER_WEIGHT = 0.7
_CONTEXT_WEIGHT = 0.5
_BEFORE_WEIGHT = 0.4
_NUMBER = "<number>"
_SPOKEN_NUMBER = b" " + _NUMBER.encode()
# A probability of 0 or 1 has no logit.
_SURE = 1e-3
# A question and an answer.
_ONE_EXCHANGE = 2
# What a turn without words counts as, for each label.
_SILENT = -7.0

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True)
class SentenceFeatures:
    """A sentence as the model sees it.

    Attributes:
        turn: Number of its turn.
        surroundings: Names of features that say where it stands.
        owners: Rules and acts whose matches are features.
    """

    utterance: ParsedUtterance
    sentence: Sentence
    role: Role
    turn: int
    surroundings: tuple[str, ...]
    owners: Sequence[str]

    @property
    def words(self) -> tuple[str, ...]:
        """The norms of its words."""
        return self.sentence.found.norms

    @lazy_property
    def matches(self) -> list[str]:
        """The rules and acts that match, in the order of `owners`; looked up when it is asked for."""
        marked = self.sentence.found.marked()
        return [owner for owner in self.owners if owner in marked] if marked else []

    @property
    def named(self) -> tuple[tuple[str, float], ...]:
        """The features with a name and their weights: words and neighbours, rules that match, surroundings."""
        names = grams(self.words, is_question=self.sentence.found.is_question)
        weight = GRAM_WEIGHT / len(names) ** 0.5
        return (
            *((f"{self.role} {name}", weight) for name in names),
            *((match(owner), OWNER_WEIGHT) for owner in self.matches),
            *((name, _CONTEXT_WEIGHT) for name in self.surroundings),
        )

    @lazy_property
    def _gram_buckets(self) -> list[int]:
        return gram_buckets(self.role, self.words, is_question=self.sentence.found.is_question)

    def buckets(self, *, with_matches: bool = True) -> tuple[list[int], list[tuple[float, int]]]:
        """Return the buckets of the named features, and their weights as (weight, for how many)."""
        words = self._gram_buckets
        matches = [_known_bucket(match(owner)) for owner in self.matches] if with_matches else []
        placed = list(map(_known_bucket, self.surroundings))
        return [*words, *matches, *placed], [
            (GRAM_WEIGHT / len(words) ** 0.5, len(words)),
            (OWNER_WEIGHT, len(matches)),
            (_CONTEXT_WEIGHT, len(placed)),
        ]


def match(owner: str) -> str:
    """Return the name of the feature that a rule or act matches."""
    return f"match {owner}"


def grams(norms: Sequence[str], *, is_question: bool) -> list[str]:
    """Return the names of words, of two and three neighbours, and of two with one between, each once."""
    words = [
        "<s>",
        *(_NUMBER if norm[0].isdigit() else norm for norm in norms),
        "?" if is_question else "</s>",
    ]
    named = dict.fromkeys(words)
    named.update(dict.fromkeys(f"{one} {two}" for one, two in pairwise(words)))
    for one, two, three in zip(words, words[1:], words[2:], strict=False):
        named[f"{one} {two} {three}"] = None
        named[f"{one} _ {three}"] = None
    return list(named)


def gram_buckets(role: Role, norms: Sequence[str], *, is_question: bool) -> list[int]:
    """Return the buckets of a role's `grams`, in their order.

    The hash of a name goes on where that of its beginning ends, so that no name is ever put together.
    """
    spoken = [_SPOKEN_NUMBER if norm[0].isdigit() else b" " + norm.encode("utf-8", "surrogatepass") for norm in norms]
    spoken = [b" <s>", *spoken, b" ?" if is_question else b" </s>"]
    ones = list(map(zlib.crc32, spoken, repeat(zlib.crc32(role.encode()))))
    twos = list(map(zlib.crc32, spoken[1:], ones))
    threes = map(zlib.crc32, spoken[2:], twos)
    around = map(zlib.crc32, spoken[2:], map(zlib.crc32, repeat(b" _"), ones))
    hashes = dict.fromkeys(chain(ones, twos, chain.from_iterable(zip(threes, around, strict=True))))
    return [known % BUCKETS for known in hashes]


def sentence_features(heard: HeardConversation, owners: Sequence[str]) -> list[SentenceFeatures]:
    """Return all sentences of customer and agent, in order.

    Args:
        heard: The conversation.
        owners: Rules and acts whose matches are features.
    """
    channel = f"channel {heard.parsed.conversation.channel}"
    found = []
    for turn in heard.turns:
        surroundings = (channel, f"{turn.role} opens") if turn.number <= 1 else (channel,)
        first = (*surroundings, f"{turn.role} first")
        for number, (utterance, sentence) in enumerate(turn.sentences):
            placed = surroundings if number else first
            found.append(SentenceFeatures(utterance, sentence, turn.role, turn.number, placed, owners))
    return found


def bucket(name: str) -> int:
    """Return the bucket of a named feature."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) % BUCKETS


# For names that are few: those of rules and surroundings.
_known_bucket = cache(bucket)


def dense_features(sentences: Sequence[SentenceFeatures], embedding: StaticEmbedding) -> tuple[Vectors, Vectors]:
    """Return, a row a sentence, its meaning with that of the customer's words before it, and its meaning alone."""
    meaning = embedding.sentences([one.words for one in sentences])
    before = np.zeros_like(meaning)
    turns = by_turn(sentences)
    for turn, rows in turns.items():
        if sentences[rows[0]].role is Role.AGENT and turn - 1 in turns:
            before[rows] = _mean(meaning, turns[turn - 1])
    return np.concatenate([meaning, _BEFORE_WEIGHT * before], axis=1), meaning


def by_turn(sentences: Sequence[SentenceFeatures]) -> dict[int, list[int]]:
    """Return the numbers of sentences by the number of their turn."""
    turns: dict[int, list[int]] = {}
    for number, one in enumerate(sentences):
        turns.setdefault(one.turn, []).append(number)
    return turns


def _mean(vectors: Vectors, rows: Sequence[int]) -> Vectors:
    if not rows:
        return np.zeros(vectors.shape[1], np.float32)
    return direction(vectors[rows])


@dataclass(frozen=True)
class Told:
    """What turns hold, for features of turns and conversations.

    Attributes:
        said: Names of the agent's labels, then of the customer's.
        probabilities: A row a sentence, a column a label.
        owners: Rules and acts whose matches count.
    """

    heard: HeardConversation
    sentences: Sequence[SentenceFeatures]
    meaning: Vectors
    agent_labels: Sequence[str]
    customer_labels: Sequence[str]
    probabilities: Vectors
    owners: Sequence[str]

    @lazy_property
    def _by_turn(self) -> Mapping[int, Sequence[int]]:
        return by_turn(self.sentences)

    def rows(self, turns: Sequence[HeardTurn]) -> list[int]:
        """Return the numbers of the sentences of some turns."""
        return [row for turn in turns for row in self._by_turn.get(turn.number, ())]

    def highest(self, rows: Sequence[int], role: Role) -> Vectors:
        """Return the highest probability of each of a role's labels among sentences."""
        first, last = (0, len(self.agent_labels)) if role is Role.AGENT else (len(self.agent_labels), None)
        columns = self.probabilities[:, first:last]
        result: Vectors = columns[rows].max(axis=0) if rows else np.zeros(columns.shape[1], np.float32)
        return result

    def matches(self, rows: Sequence[int]) -> Vectors:
        """Return which rules and acts match in sentences, as 0 and 1."""
        matched = {owner for row in rows for owner in self.sentences[row].matches}
        return np.array([owner in matched for owner in self.owners], np.float32)


def _logits(probabilities: Vectors) -> Vectors:
    clipped = np.clip(probabilities, _SURE, 1 - _SURE)
    result: Vectors = np.log(clipped / (1 - clipped)).astype(np.float32)
    return result


def turn_features(told: Told, turn: HeardTurn) -> Vectors:
    """Return what is known of an agent turn: its acts, those of the customer's turns around it, and their meaning."""
    number = turn.number
    turns = told.heard.turns
    before, after = turns[number - 1 : number] if number else (), turns[number + 1 : number + 2]
    here, called, next_ = told.rows([turn]), told.rows(before), told.rows(after)
    said = told.highest(here, Role.AGENT)
    asked = told.highest(called, Role.CUSTOMER)
    silent = np.full(len(told.customer_labels), _SILENT, np.float32)
    deposits = said[[n for n, label in enumerate(told.agent_labels) if label.startswith("+")]]
    questions = sum(told.sentences[row].sentence.found.is_question for row in called)
    words = sum(len(told.sentences[row].words) for row in here)
    words_before = sum(len(told.sentences[row].words) for row in called)
    context = [
        number <= 1, number == 0, number >= len(turns) - 2, bool(before), len(here) == 1,
        np.log1p(words) / 4, np.log1p(words_before) / 4, min(questions, 3) / 2,
        any(told.sentences[row].sentence.found.is_question for row in here),
    ]  # fmt: skip
    return np.concatenate(
        [
            _logits(said) / 4,
            (_logits(asked) if before else silent) / 4,
            (_logits(told.highest(next_, Role.CUSTOMER)) if after else silent) / 8,
            0.7 * told.matches(here),
            0.7 * told.matches(called),
            _channel(told.heard),
            np.array(context, np.float32),
            np.outer(asked, 1 - deposits).ravel(),
            _mean(told.meaning, here),
            _mean(told.meaning, called),
        ]
    ).astype(np.float32)


def conversation_features(told: Told) -> Vectors:
    """Return what is known of a conversation: acts of all and of the last turns, and the meaning of the last."""
    agents, customers = told.heard.of_role(Role.AGENT), told.heard.of_role(Role.CUSTOMER)
    turns = told.heard.turns
    last, last_asked = told.rows(agents[-1:]), told.rows(customers[-1:])
    context = [
        bool(turns) and turns[-1].role is Role.CUSTOMER, len(turns) <= _ONE_EXCHANGE, np.log1p(len(turns)) / 3,
        len(agents) == 1,
        any(told.sentences[row].sentence.found.is_question for row in last),
        any(told.sentences[row].sentence.found.is_question for row in last_asked),
    ]  # fmt: skip
    return np.concatenate(
        [
            _logits(told.highest(told.rows(agents), Role.AGENT)) / 4,
            _logits(told.highest(last, Role.AGENT)) / 4,
            _logits(told.highest(told.rows(customers), Role.CUSTOMER)) / 4,
            _logits(told.highest(last_asked, Role.CUSTOMER)) / 4,
            0.7 * told.matches(told.rows(agents)),
            0.7 * told.matches(last),
            0.7 * told.matches(last_asked),
            _channel(told.heard),
            np.array(context, np.float32),
            _mean(told.meaning, last),
            _mean(told.meaning, last_asked),
        ]
    ).astype(np.float32)


def _channel(heard: HeardConversation) -> Vectors:
    channel = heard.parsed.conversation.channel
    return np.array([channel is one for one in Channel], np.float32)
