"""Expressions that are only looked for where a word stands that they cannot do without.

Most sentences hold nothing of what is looked for. To see that, one look at their words is
enough, however many expressions there are; to search for each would take a hundred times as long.
"""

import re
from collections.abc import Collection, Mapping

from convscan.language.parsed import Sentence


class Wordings:
    """Several ways to say one thing."""

    def __init__(self, wordings: Mapping[str, str]) -> None:
        r"""Take expressions over the words of a sentence, joined by spaces.

        Args:
            wordings: Each expression, which begins and ends with a word, under the words of which a
                sentence must hold one for it to match; if behind a "+" there are more, one of those too.
        """
        self._under: dict[str, list[tuple[frozenset[str], re.Pattern[str]]]] = {}
        for needed, one in wordings.items():
            words, _, others = needed.partition(" + ")
            expression = re.compile(rf"\b(?:{one})\b")
            for word in words.split():
                self._under.setdefault(word, []).append((frozenset((others or words).split()), expression))
        self._words = frozenset(self._under)

    def may_stand_among(self, words: Collection[str]) -> bool:
        """Whether sentences of these words can say it at all."""
        return not self._words.isdisjoint(words)

    def stand_in(self, sentence: Sentence) -> bool:
        """Whether a sentence says it in any of these ways."""
        norms = sentence.found.norms
        for word in self._words.intersection(norms):
            for others, expression in self._under[word]:
                if not others.isdisjoint(norms) and expression.search(sentence.found.joined):
                    return True
        return False
