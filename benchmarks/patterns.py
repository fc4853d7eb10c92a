"""What a larger rule book costs: copies of its patterns, and other books of the same size.

Run it as `python benchmarks/patterns.py [COPIES]`. The copies are equal patterns in the same
rules. The other books are patterns that each need one word more, which nobody says, so that
they are as many and as long as those of the rule book and never match.
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from speed import conversations

from convscan.acts.heard import hear
from convscan.conversation import Conversation
from convscan.detectors.deposits import find_deposits
from convscan.detectors.registry import detectors_for
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.rules.rule import Pattern, Wording

COPIES = 1_000
BOOKS = 10
RUNS = 5
CONVERSATIONS = 300


def grown(catalogue: Catalogue, more: Callable[[Wording], Wording]) -> Catalogue:
    """Return a catalogue in which the patterns of each rule and act are more."""
    return replace(
        catalogue,
        rules={name: replace(rule, wording=more(rule.wording)) for name, rule in catalogue.rules.items()},
        acts={name: replace(act, wording=more(act.wording)) for name, act in catalogue.acts.items()},
    )


def copied(copies: int) -> Callable[[Wording], Wording]:
    """Return what repeats patterns and exceptions."""
    return lambda wording: replace(wording, patterns=wording.patterns * copies, exceptions=wording.exceptions * copies)


def with_other_books(books: int) -> Callable[[Wording], Wording]:
    """Return what adds patterns that each need a word of their own."""

    def unsaid(pattern: Pattern, book: int) -> Pattern:
        number = abs(hash(pattern.phrase))
        return replace(pattern, phrase=f"unsaid{book}x{number} {(pattern.phrase or '').removeprefix('^ ')}")

    def more(wording: Wording) -> Wording:
        phrases = [pattern for pattern in wording.patterns if pattern.phrase]
        others = (unsaid(pattern, book) for book in range(1, books) for pattern in phrases)
        return replace(wording, patterns=(*wording.patterns, *others))

    return more


def seconds(catalogue: Catalogue, pipeline: LanguagePipeline, texts: list[Conversation]) -> float:
    """Return the processor time of judging conversations, from their text to findings and deposits."""
    detectors = tuple(detectors_for(catalogue.rules.values()))
    started = time.process_time()
    for conversation in texts:
        heard = hear(pipeline.parse(conversation)[0])
        for judge in (find_deposits, *(detector.detect for detector in detectors)):
            list(judge(heard))
    return time.process_time() - started


def main(arguments: list[str]) -> None:
    """Print both ratios, the median of several runs on new text."""
    copies = int(arguments[0]) if arguments else COPIES
    budget = Budget(utterance_chars=10**6, record_seconds=60)
    catalogue = load_catalogue(rules_folder())
    one = LanguagePipeline(catalogue, budget)
    for name, more in ((f"{copies:,} copies", copied(copies)), (f"{BOOKS} books", with_other_books(BOOKS))):
        larger = grown(catalogue, more)
        many = LanguagePipeline(larger, budget)
        ratios = []
        for run in range(RUNS):
            texts = list(conversations(CONVERSATIONS, seed=run))
            ratios.append(seconds(larger, many, texts) / seconds(catalogue, one, texts))
        print(f"{name} of the patterns take {statistics.median(ratios):.2f} times as long as one")


if __name__ == "__main__":
    main(sys.argv[1:])
