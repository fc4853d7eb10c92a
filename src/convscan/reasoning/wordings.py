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
                sentence must hold one for it to match.
        """
        self.filed = [(frozenset(words.split()), re.compile(rf"\b(?:{one})\b")) for words, one in wordings.items()]
        self._under: dict[str, list[re.Pattern[str]]] = {}
        for words, expression in self.filed:
            for word in words:
                self._under.setdefault(word, []).append(expression)
        self._words = frozenset(self._under)

    def may_stand_among(self, words: Collection[str]) -> bool:
        """Whether sentences of these words can say it at all."""
        return not self._words.isdisjoint(words)

    def stand_in(self, sentence: Sentence) -> bool:
        """Whether a sentence says it in any of these ways."""
        words = self._words.intersection(sentence.found.norms)
        if not words:
            return False
        line = sentence.found.joined
        return any(expression.search(line) for word in words for expression in self._under[word])
