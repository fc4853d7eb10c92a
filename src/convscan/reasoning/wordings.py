"""Several ways to say one thing, looked for in the words of a sentence."""

from collections.abc import Collection, Mapping

from convscan.language.parsed import Sentence
from convscan.language.ways import Way, Ways


class Wordings:
    """Several ways to say one thing.

    Attributes:
        ways: Each looks at the words of a sentence, joined by spaces.
    """

    def __init__(self, wordings: Mapping[str, str]) -> None:
        r"""Take expressions over the words of a sentence.

        Args:
            wordings: Each expression, which begins and ends with a word, under the words of which a
                sentence must hold one for it to match; if behind a "+" there are more, one of those too.
        """
        needed = ((words.partition("+"), one) for words, one in wordings.items())
        self.ways = Ways(*(Way(rf"\b(?:{one})\b", words, also) for (words, _, also), one in needed))

    def may_stand_among(self, words: Collection[str]) -> bool:
        """Whether sentences of these words can say it at all."""
        return self.ways.may_stand_among(words)

    def stand_in(self, sentence: Sentence) -> bool:
        """Whether a sentence says it in any of these ways."""
        norms = sentence.found.norms
        for way in self.ways.to_try(norms):  # noqa: SIM110 # asked often: `any` would make a generator each time
            if way.stands_in(sentence.found.joined, norms):
                return True
        return False
