"""Parse conversations: zones, sentences, marks."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from convscan.conversation import Channel, Conversation, Role, Utterance, turns
from convscan.errors import RuleError
from convscan.finding import Problem, ProblemCode
from convscan.language.marking import Marker
from convscan.language.parsed import ParsedConversation, ParsedUtterance, Sentence
from convscan.language.sentences import split_sentences
from convscan.language.zones import mark_zones
from convscan.rules.catalogue import Catalogue
from convscan.rules.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much one record may cost before convscan gives up on the rest of it.

    Attributes:
        utterance_chars: A longer utterance is not looked at.
        record_seconds: Utterances that come up later are not looked at.
    """

    utterance_chars: int
    record_seconds: float


@dataclass(slots=True)
class _Clock:
    """The time that one record has left, and what it ran into."""

    budget: Budget
    started: float = field(default_factory=time.monotonic)
    problems: list[Problem] = field(default_factory=list)

    def allows(self, index: int, utterance: Utterance) -> bool:
        if len(utterance.text) > self.budget.utterance_chars:
            self.problems.append(
                Problem(
                    ProblemCode.SIZE_BUDGET,
                    f"utterance {index} has {len(utterance.text)} characters, more than"
                    f" max-utterance-chars = {self.budget.utterance_chars}; it was not judged",
                )
            )
            return False
        if time.monotonic() - self.started <= self.budget.record_seconds:
            return True
        if not any(problem.code is ProblemCode.TIME_BUDGET for problem in self.problems):
            self.problems.append(
                Problem(
                    ProblemCode.TIME_BUDGET,
                    f"max-record-seconds = {self.budget.record_seconds:g} were over at utterance {index};"
                    " it and the following were not judged",
                )
            )
        return False


class LanguagePipeline:
    """What reads conversations for a catalogue; built once, used for all."""

    def __init__(
        self, catalogue: Catalogue, budget: Budget, *, tables: Tables | None = None, without: Collection[str] = ()
    ) -> None:
        """Get the catalogue's wordings ready in `marker`, which has the arguments explained."""
        self.marker = Marker(catalogue, tables, without=without)
        self._budget = budget

    @property
    def errors(self) -> tuple[RuleError, ...]:
        """What was wrong in wordings that were left out."""
        return tuple(self.marker.errors)

    def parse(self, conversation: Conversation) -> tuple[ParsedConversation, tuple[Problem, ...]]:
        """Parse a conversation.

        Returns:
            The parsed conversation, and what was left out of it for size or time.
        """
        clock = _Clock(self._budget)
        utterances = tuple(
            self._parse_utterance(index, utterance, conversation.channel, clock)
            for index, utterance in enumerate(conversation.utterances)
        )
        parsed = ParsedConversation(conversation, utterances, tuple(turns(conversation.utterances)))
        return parsed, tuple(clock.problems)

    def _parse_utterance(
        self, index: int, utterance: Utterance, channel: Channel | None, clock: _Clock
    ) -> ParsedUtterance:
        is_heard = utterance.is_public and utterance.role in {Role.CUSTOMER, Role.AGENT}
        sentences = tuple(self._sentences(utterance, channel)) if is_heard and clock.allows(index, utterance) else ()
        return ParsedUtterance(index, utterance.role, utterance.text, sentences)

    def _sentences(self, utterance: Utterance, channel: Channel | None) -> Iterator[Sentence]:
        for zone in mark_zones(utterance.text):
            if not zone.zone.is_own_words:
                continue
            for start, end in split_sentences(utterance.text, zone.start, zone.end):
                text = utterance.text[start:end]
                found = self.marker.find(text, utterance.role, channel=channel, offset=start)
                yield Sentence(start, end, text, zone.zone, found)
