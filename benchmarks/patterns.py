"""What rules cost that never apply: the rule book beside copies of it that each need an unsaid word.

Run it as `python benchmarks/patterns.py [COPIES]`.
"""

import statistics
import sys
import time
from dataclasses import replace

from speed import conversations

from convscan.conversation import Role
from convscan.language.sentences import split_sentences
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.rules.matching import PatternIndex
from convscan.rules.phrase import Phrase, PhraseCompiler
from convscan.rules.words import Tokens, Words

COPIES = 30
RUNS = 3


def phrases(words: Words) -> list[Phrase]:
    """Return every phrase of the rule book."""
    catalogue = load_catalogue(rules_folder())
    compiler = PhraseCompiler(words.norms_of, catalogue.lists)
    wordings = [rule.wording for rule in catalogue.rules.values()] + [act.wording for act in catalogue.acts.values()]
    patterns = (pattern for wording in wordings for pattern in (*wording.patterns, *wording.exceptions))
    return [compiler.compile(pattern.phrase) for pattern in patterns if pattern.phrase]


def copy(phrase: Phrase, number: int) -> Phrase:
    """Return a phrase of the same shape with one word more, which is its own and which nobody says."""
    word = f"unsaid{number}"
    return replace(phrase, expression=phrase.expression + word, needs=phrase.needs | {frozenset({word})})


def seconds(index: PatternIndex, sentences: list[Tokens]) -> float:
    """Return how long it takes to say what can match in all sentences."""
    started = time.perf_counter()
    for tokens in sentences:
        index.present(tokens)
    return time.perf_counter() - started


def main(arguments: list[str]) -> None:
    """Print both times and their ratio, the median of several runs."""
    copies = int(arguments[0]) if arguments else COPIES
    words = Words(load_catalogue(rules_folder()).norms)
    book = [phrase for phrase in phrases(words) if phrase.needs]
    sentences = [
        words.tokens(utterance.text[start:end])
        for conversation in conversations(150)
        for utterance in conversation.utterances
        if utterance.role is Role.AGENT
        for start, end in split_sentences(utterance.text)
    ]
    one = PatternIndex(book, words)
    many = PatternIndex([*book, *(copy(phrase, n) for n, phrase in enumerate(book * (copies - 1)))], words)
    ratio = statistics.median(seconds(many, sentences) / seconds(one, sentences) for _ in range(RUNS))
    print(f"{len(book):,} patterns, {copies} times as many take {ratio:.2f} times as long to be looked up")


if __name__ == "__main__":
    main(sys.argv[1:])
