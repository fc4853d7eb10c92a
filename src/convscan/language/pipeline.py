"""Parse conversations: zones, sentences, marks."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from convscan.conversation import Channel, Conversation, Role, Utterance, turns
from convscan.errors import RuleError
from convscan.finding import Problem, ProblemCode
from convscan.language.clock import Clock, TimeIsUpError
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
        record_seconds: What comes up later is not looked at.
    """

    utterance_chars: int
    record_seconds: float


@dataclass(slots=True)
class _Parse:
    """One record on its way through the pipeline.

    Attributes:
        problems: What was left out of it, and why.
    """

    conversation: Conversation
    budget: Budget
    clock: Clock
    problems: list[Problem] = field(default_factory=list)

    def is_short(self, index: int, utterance: Utterance) -> bool:
        """Whether an utterance is within the budget; one that is not is told."""
        if len(utterance.text) <= self.budget.utterance_chars:
            return True
        self.problems.append(
            Problem(
                ProblemCode.SIZE_BUDGET,
                f"utterance {index} has {len(utterance.text)} characters, more than"
                f" max-utterance-chars = {self.budget.utterance_chars}; it was not judged",
            )
        )
        return False

    def give_up(self, index: int) -> None:
        """Tell that there was no time for an utterance, once for all that follow."""
        if any(problem.code is ProblemCode.TIME_BUDGET for problem in self.problems):
            return
        self.problems.append(
            Problem(
                ProblemCode.TIME_BUDGET,
                f"max-record-seconds = {self.budget.record_seconds:g} were over at utterance {index} of"
                f" {len(self.conversation.utterances)}, before anything was judged",
            )
        )


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

    def start_clock(self) -> Clock:
        """Return the clock of a record whose time begins now."""
        return Clock.of(self._budget.record_seconds)

    def parse(
        self, conversation: Conversation, clock: Clock | None = None
    ) -> tuple[ParsedConversation, tuple[Problem, ...]]:
        """Parse a conversation.

        Args:
            conversation: What was said.
            clock: When its time is over; what is looked up in its sentences later on stops then too. It
                begins to run now if none is given.

        Returns:
            The parsed conversation, and what was left out of it for size or time.
        """
        parse = _Parse(conversation, self._budget, clock or self.start_clock())
        utterances = tuple(
            self._parse_utterance(index, utterance, parse) for index, utterance in enumerate(conversation.utterances)
        )
        parsed = ParsedConversation(conversation, utterances, tuple(turns(conversation.utterances)), parse.clock)
        return parsed, tuple(parse.problems)

    def _parse_utterance(self, index: int, utterance: Utterance, parse: _Parse) -> ParsedUtterance:
        sentences: tuple[Sentence, ...] = ()
        is_heard = utterance.is_public and utterance.role in {Role.CUSTOMER, Role.AGENT}
        if is_heard and parse.is_short(index, utterance):
            try:
                sentences = tuple(self._sentences(utterance, parse))
            except TimeIsUpError:
                parse.give_up(index)
        return ParsedUtterance(index, utterance.role, utterance.text, sentences)

    def _sentences(self, utterance: Utterance, parse: _Parse) -> Iterator[Sentence]:
        channel, clock = parse.conversation.channel, parse.clock
        clock.check()
        for zone in mark_zones(utterance.text, is_mail=channel is Channel.EMAIL):
            if not zone.zone.is_own_words:
                continue
            for start, end in split_sentences(utterance.text, zone.start, zone.end):
                clock.check()
                text = utterance.text[start:end]
                found = self.marker.find(text, utterance.role, channel=channel, offset=start, clock=clock)
                yield Sentence(start, end, text, zone.zone, found)
