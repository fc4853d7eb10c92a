"""How varied the training corpus is, and whether its splits are apart.

Run it as `python benchmarks/corpus_variety.py [FOLDER]`. It ends with 1 if too many test
sentences stand, nearly word for word, in what another author wrote for training or development, and with 2
if there is no corpus to read.

Agent sentences are counted as training counts them: own words only, without quoted mail and
signatures. Words are compared in lower case, and a number, or a row of them, is one word.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

from convscan.conversation import Conversation, Role, turns
from convscan.errors import ConvscanError
from convscan.language.sentences import split_sentences
from convscan.language.zones import mark_zones
from convscan.training.corpus import Example, Split, of_split, read_corpus

CORPUS = Path(__file__).parent.parent / "models" / "en" / "corpus"
# A sentence of fewer words is anybody's: "Thank you for letting us know" has six.
MIN_WORDS = 6
RUN_WORDS = 5
# Two sentences are near-duplicates if so much of the shorter one's runs of words stands in the other.
NEAR = 0.5
# Of the test sentences; above it, what is measured on them is partly what was learned.
MAX_CROSSING = 0.01
OPENING_WORDS = 4
SHOWN = 10

# "3,550, 3,620 and 4,300" has three words: rows of numbers, such as a recipe for lenses, say nothing of wording.
_WORD = re.compile(r"\d(?:[\d\W]*\d)?|[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Said:
    """An agent sentence.

    Attributes:
        words: In lower case; every number or row of numbers is "0".
        piece: The conversation or wording family that it stands in; no two splits share one.
        author: Who wrote the piece. Those of the families are not known: each rule's file counts as one.
    """

    text: str
    words: tuple[str, ...]
    piece: str
    author: str
    split: Split


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences that are nearly the same.

    Attributes:
        shared: Runs of words that stand in both.
        containment: Their share of the shorter one's runs, in [NEAR, 1].
    """

    one: Said
    other: Said
    shared: int
    containment: float

    @property
    def splits(self) -> frozenset[Split]:
        """Both splits, or the one that both belong to."""
        return frozenset({self.one.split, self.other.split})

    def of(self, split: Split) -> Iterator[Said]:
        """Yield those of the two that belong to a split."""
        return (said for said in (self.one, self.other) if said.split is split)


# -- sentences -------------------------------------------------------------------------------


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared."""
    found = (match.group().lower().replace("\u2019", "'") for match in _WORD.finditer(text))
    return tuple("0" if word[0].isdigit() else word for word in found)


def bounds_of(conversation: Conversation, role: Role) -> Iterator[tuple[int, int, int]]:
    """Yield utterance, start and end of each sentence of a role's own words, in order."""
    for index, utterance in enumerate(conversation.utterances):
        if utterance.role is not role or not utterance.is_public:
            continue
        for zone in mark_zones(utterance.text):
            if zone.zone.is_own_words:
                for start, end in split_sentences(utterance.text, zone.start, zone.end):
                    yield index, start, end


def sentences_of(example: Example) -> Iterator[Said]:
    """Yield the agent sentences of a conversation or of a line of a family, in order."""
    conversation = example.conversation
    rule = example.only
    author = rule or str(conversation.metadata.get("hand", example.key))
    piece = example.key if rule is None else f"{rule} {example.key.removeprefix(rule)}"
    for index, start, end in bounds_of(conversation, Role.AGENT):
        text = conversation.utterances[index].text[start:end]
        yield Said(text, words_of(text), piece, author, example.split)


def runs_of(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield each run of so many words, in order."""
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def near_duplicates(sentences: Sequence[Said]) -> list[Pair]:
    """Return all pairs of near-duplicates, those that share most first.

    Every pair that shares a run of words is looked at, so none is overlooked. Sentences that
    differ in every fifth word, or say the same in other words, are none.

    Args:
        sentences: Those with fewer than `MIN_WORDS` words are left out.
    """
    long = [said for said in sentences if len(said.words) >= MIN_WORDS]
    runs = [frozenset(runs_of(said.words, RUN_WORDS)) for said in long]
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, held in enumerate(runs):
        for run in held:
            holders[run].append(number)
    shared = Counter(pair for numbers in holders.values() for pair in combinations(numbers, 2))
    pairs = (
        Pair(long[one], long[other], count, count / min(len(runs[one]), len(runs[other])))
        for (one, other), count in shared.items()
    )
    near = (pair for pair in pairs if pair.containment >= NEAR)
    return sorted(near, key=lambda pair: (-pair.shared, -pair.containment, pair.one.text, pair.other.text))


# -- what is printed -------------------------------------------------------------------------


def share(part: int, whole: int) -> str:
    """Return a count with its share of the whole."""
    return f"{part:,} of {whole:,} ({part / whole:.2%})" if whole else f"{part:,} of 0"


def of_each(kinds: Iterable[object]) -> str:
    """Return how often each kind comes, the most frequent first."""
    ranked = sorted(Counter(map(str, kinds)).items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} {count:,}" for kind, count in ranked)


def size_lines(conversations: Sequence[Example], families: Sequence[Example]) -> Iterator[str]:
    """Yield how much there is, of what kind."""
    trades = Counter(str(one.conversation.metadata.get("trade")) for one in conversations)
    channels = sorted({str(one.conversation.channel) for one in conversations})
    yield "SIZE"
    yield f"conversations: {len(conversations):,}; {of_each(one.split for one in conversations)}"
    yield f"lines of wording families: {len(families):,}; {of_each(one.split for one in families)}"
    yield f"agent sentences in conversations: {sum(1 for one in conversations for _ in sentences_of(one)):,}"
    yield f"agent sentences in families: {sum(1 for one in families for _ in sentences_of(one)):,}"
    for channel in channels:
        writers = [one.conversation.metadata.get("writer") for one in conversations if _is_of(one, channel)]
        yield f"  {channel}: {len(writers):,} conversations; {of_each(writers)}"
    yield f"writers' English: {of_each(one.conversation.metadata.get('writer') for one in conversations)}"
    yield f"authors: {of_each(one.conversation.metadata.get('hand') for one in conversations)}"
    once = sum(count == 1 for count in trades.values())
    yield f"trades, as their authors name them: {len(trades):,}, {once:,} of them in one conversation only"
    for trade, count in sorted(trades.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]:
        yield f"  {count:4} {trade}"


def length_lines(conversations: Sequence[Example]) -> Iterator[str]:
    """Yield how long sentences and turns are."""
    yield "LENGTH (agent's; medians)"
    channels = sorted({str(one.conversation.channel) for one in conversations})
    writers = sorted({str(one.conversation.metadata.get("writer")) for one in conversations})
    groups = [(channel, [one for one in conversations if _is_of(one, channel)]) for channel in channels]
    groups += [(w, [one for one in conversations if one.conversation.metadata.get("writer") == w]) for w in writers]
    for name, group in groups:
        lengths = [len(said.words) for one in group for said in sentences_of(one)]
        per_turn = [count for one in group for count in _sentences_per_turn(one.conversation)]
        if lengths and per_turn:
            yield f"  {name}: {median(lengths):g} words a sentence, {median(per_turn):g} sentences a turn"


def wording_lines(name: str, sentences: Sequence[Said]) -> Iterator[str]:
    """Yield how often words come again."""
    yield f"WORDING ({name})"
    for size in (1, 2, 3):
        runs = [run for said in sentences for run in runs_of(said.words, size)]
        yield f"  distinct among all {size}-grams: {share(len(set(runs)), len(runs))}"
    openings = Counter(s.words[:OPENING_WORDS] for s in sentences if len(s.words) >= OPENING_WORDS)
    unique = sum(count == 1 for count in openings.values())
    yield f"  sentences whose first four words open no other: {share(unique, openings.total())}"
    for opening, count in sorted(openings.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]:
        yield f"  {count:4} {' '.join(opening)} …"


def fault_lines(conversations: Sequence[Example]) -> Iterator[str]:
    """Yield how faults are spread, and how conversations go on and end."""
    yield "FAULTS AND OUTCOMES (conversations)"
    faults = [sum(_is_fault_in_words(mark.label, mark.quote) for mark in one.marks) for one in conversations]
    for name, wanted in (("none", {0}), ("one", {1}), ("two to four", {2, 3, 4})):
        yield f"  faults in words, {name}: {share(sum(n in wanted for n in faults), len(faults))}"
    yield f"  faults in words, more: {share(sum(n > 4 for n in faults), len(faults))}"  # noqa: PLR2004
    courses = Counter(course for one in conversations if (course := _course(one)) is not None)
    for course, count in sorted(courses.items()):
        yield f"  of those with two agent turns or more, {course}: {share(count, courses.total())}"
    asked = [one for one in conversations if any(u.role is Role.CUSTOMER for u in one.conversation.utterances)]
    for label, name in (("!resolved", "the customer calls it resolved"), ("!gave-up", "the customer gives up")):
        count = sum(any(mark.label == label for mark in one.marks) for one in asked)
        yield f"  of those with a customer, {name}: {share(count, len(asked))}"


def rule_lines(conversations: Sequence[Example]) -> Iterator[str]:
    """Yield how often each label is marked."""
    yield "MARKS IN CONVERSATIONS (marks; conversations that hold any: train, dev, test)"
    labels = sorted({mark.label for one in conversations for mark in one.marks})
    for label in labels:
        count = sum(mark.label == label for one in conversations for mark in one.marks)
        holding = [one for one in conversations if any(mark.label == label for mark in one.marks)]
        parts = " ".join(f"{len(of_split(holding, split)):4}" for split in Split)
        yield f"  {label:33} {count:5}; {parts}"


def family_lines(families: Sequence[Example]) -> Iterator[str]:
    """Yield how many wording families each rule has: the fault's and the near misses'."""
    yield "WORDING FAMILIES (families: train, dev, test; lines)"
    for rule in sorted({one.only for one in families if one.only is not None}):
        own = [one for one in families if one.only == rule]
        for name, lines in (
            ("faults", [one for one in own if one.marks]),
            ("near misses", [one for one in own if not one.marks]),
        ):
            parts = " ".join(f"{len({one.key for one in of_split(lines, split)}):3}" for split in Split)
            yield f"  {rule:31} {name:11} {parts}; {len(lines):3}"


def duplicate_lines(sentences: Sequence[Said], pairs: Sequence[Pair]) -> Iterator[str]:
    """Yield how many sentences have a near-duplicate, where it stands, and the worst."""
    compared = [said for said in sentences if len(said.words) >= MIN_WORDS]
    yield f"NEAR-DUPLICATES (agent sentences of {MIN_WORDS} words or more, families included)"
    for name, chosen in (
        ("in the same piece", [p for p in pairs if p.one.piece == p.other.piece]),
        ("in another piece of the split", [p for p in pairs if len(p.splits) == 1 and p.one.piece != p.other.piece]),
        ("in another split", [p for p in pairs if len(p.splits) > 1]),
    ):
        having = {id(said) for pair in chosen for said in (pair.one, pair.other)}
        yield f"  with one {name}: {share(len(having), len(compared))}"
    crossing = crossing_pairs(pairs)
    for name, chosen in (
        ("anywhere in train or dev", crossing),
        ("in train or dev, by another author", _between_authors(crossing)),
        (f"in train or dev, by another author, more than {RUN_WORDS} words in a row", _more_than_a_run(crossing)),
    ):
        yield f"  test sentences with one {name}: {share(*crossing_share(sentences, chosen))}"
    yield from _examples("within one split", [p for p in pairs if len(p.splits) == 1 and p.one.piece != p.other.piece])
    yield from _examples("between train and test", crossing)


def crossing_pairs(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the pairs of a test sentence and one of what the models that ship have learned from."""
    return [pair for pair in pairs if Split.TEST in pair.splits and len(pair.splits) > 1]


def crossing_share(sentences: Iterable[Said], crossing: Iterable[Pair]) -> tuple[int, int]:
    """Return how many test sentences stand in the pairs, and how many there are."""
    tested = sum(said.split is Split.TEST and len(said.words) >= MIN_WORDS for said in sentences)
    return len({id(said) for pair in crossing for said in pair.of(Split.TEST)}), tested


def _between_authors(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.one.author != pair.other.author]


def _more_than_a_run(pairs: Iterable[Pair]) -> list[Pair]:
    return [pair for pair in _between_authors(pairs) if pair.shared > 1]


def _examples(name: str, pairs: Sequence[Pair]) -> Iterator[str]:
    yield f"  worst {name}:"
    for pair in pairs[:SHOWN]:
        yield f"    {pair.shared} runs, {pair.containment:.0%}: {pair.one.piece} | {pair.other.piece}"
        yield from (f"      {' '.join(said.text.split())}" for said in (pair.one, pair.other))


def _is_of(example: Example, channel: str) -> bool:
    return str(example.conversation.channel) == channel


def _is_fault_in_words(label: str, quote: str) -> bool:
    return bool(quote) and label[0] not in "+!"


def _sentences_per_turn(conversation: Conversation) -> list[int]:
    counts = Counter(index for index, _, _ in bounds_of(conversation, Role.AGENT))
    agent = (turn for turn in turns(conversation.utterances) if turn.role is Role.AGENT)
    return [sum(counts[index] for index in turn.utterances) for turn in agent]


def _course(example: Example) -> str | None:
    """Return where in a conversation the faulty turns are; None with fewer than two agent turns."""
    agent = [turn for turn in turns(example.conversation.utterances) if turn.role is Role.AGENT]
    if len(agent) < 2:  # noqa: PLR2004
        return None
    places = {mark.utterance for mark in example.marks if mark.label[0] not in "+!"}
    first, *later = (_has_any(turn.utterances, places) for turn in agent)
    if first:
        return "faults in the first and later" if any(later) else "faults in the first only"
    return "faults in a later one only" if any(later) else "no faults in any"


def _has_any(utterances: Iterable[int], places: Collection[int | None]) -> bool:
    return any(index in places for index in utterances)


def main(arguments: Sequence[str]) -> int:
    """Print all figures; return what the process ends with."""
    try:
        examples = read_corpus(Path(arguments[0]) if arguments else CORPUS)
    except ConvscanError as error:
        print(error, file=sys.stderr)
        return 2
    conversations = [one for one in examples if one.only is None]
    families = [one for one in examples if one.only is not None]
    said = [sentence for one in conversations for sentence in sentences_of(one)]
    worded = [sentence for one in families for sentence in sentences_of(one)]
    pairs = near_duplicates([*said, *worded])
    for lines in (
        size_lines(conversations, families),
        length_lines(conversations),
        wording_lines("conversations", said),
        wording_lines("families", worded),
        fault_lines(conversations),
        rule_lines(conversations),
        family_lines(families),
        duplicate_lines([*said, *worded], pairs),
    ):
        print("\n".join(lines), end="\n\n")
    count, tested = crossing_share([*said, *worded], _between_authors(crossing_pairs(pairs)))
    is_apart = count <= MAX_CROSSING * tested
    print(f"{'ok' if is_apart else 'FAILED'}: {share(count, tested)} test sentences nearly stand in another author's")
    print(f"training or development pieces; at most {MAX_CROSSING:.0%} may")
    return 0 if is_apart else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
