"""Rules, acts and cues as pure values, as their YAML files say them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from convscan.conversation import Channel, Role
from convscan.finding import Scope, Severity


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a rule file, for error messages.

    Attributes:
        keys: Keys and list positions from the top of the document down to it.
    """

    path: Path
    keys: tuple[str | int, ...] = ()

    def at(self, *keys: str | int) -> "Place":
        """Return a place further down."""
        return Place(self.path, (*self.keys, *keys))


@dataclass(frozen=True, slots=True)
class Pattern:
    """One textual condition: a phrase, or a raw spaCy token pattern.

    Attributes:
        phrase: The phrase form; None if `tokens` is given.
        unless: Cues that cancel this pattern, beside those of the whole rule.
    """

    place: Place
    phrase: str | None = None
    tokens: tuple[Mapping[str, object], ...] = ()
    unless: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the pattern as its author wrote it."""
        return self.phrase if self.phrase is not None else str([dict(token) for token in self.tokens])


@dataclass(frozen=True, slots=True)
class Wording:
    """What to look for in the words of one speaker.

    Attributes:
        patterns: Any one suffices.
        unless: Names of cues that cancel a match in whose scope it stands.
        exceptions: Phrases that cancel every match in the same sentence.
    """

    roles: tuple[Role, ...]
    patterns: tuple[Pattern, ...] = ()
    unless: tuple[str, ...] = ()
    exceptions: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A text that must, or must not, make a rule fire.

    Attributes:
        text: A sentence, or a transcript of `role: words` lines, with `[[…]]` around what must be found.
        saved_by: The cue, or `except`, without which it would fire.
        why: Why it is no match, or why it is one.
    """

    place: Place
    text: str
    fires: bool
    saved_by: str | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Why we believe it: a source that others can look up."""

    title: str
    url: str
    accessed: str | None = None


class Within(StrEnum):
    """Where an expected act is looked for."""

    SAME_TURN = "same-turn"
    NEXT_TURN = "next-turn"
    LATER_TURNS = "later-turns"
    LAST_TURN = "last-turn"
    CONVERSATION = "conversation"


class Position(StrEnum):
    """Which of the turns that hold a trigger count."""

    ANY = "any"
    FIRST = "first"
    LATER = "later"
    LAST = "last"
    CLOSING = "closing"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Trigger:
    """What calls for an act.

    Attributes:
        acts: Any one calls for it; empty if the turn itself does.
        without: Acts in the same turn that take the call back.
        also: Acts that satisfy this call beside those that the rule expects.
        after: Acts of the agent that must stand in an earlier turn.
        heated: Whether feeling that shows in capitals, heaped marks and faces calls for it too.
        is_implied: Whether a template is read as the answer to such a turn.
        position: Which of the turns with such acts count.
    """

    role: Role
    acts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    heated: bool = False
    is_implied: bool = False
    position: Position = Position.ANY


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the agent owes then.

    Attributes:
        acts: Any one satisfies; if empty, nothing can, and the trigger alone is the fault.
        taken_up: Whether a turn that takes up the matter in words of its own satisfies too.
        among: If there are any, it is missing only where every sentence that is searched performs one of these;
            what is said in words that nobody knows may satisfy.
    """

    acts: tuple[str, ...]
    within: Within
    taken_up: bool = False
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """`when` + `expect`: an act that was called for and did not come.

    Attributes:
        when: Any one of these calls for it.
        settled_by: Acts of the customer, later on, that make the rule not apply.
        complete_replies_only: Whether part-messages, snippets and notices are passed over.
    """

    when: tuple[Trigger, ...]
    expect: Expectation
    settled_by: tuple[str, ...] = ()
    complete_replies_only: bool = True


# What may be meant where no channel is told; a template is always known to be one.
_SENT_IN = frozenset(Channel) - {Channel.TEMPLATE}


def is_sought_in(channel: Channel | None, channels: Collection[Channel]) -> bool:
    """Tell whether what is looked for in some channels, in all if there are none, is looked for in this one.

    A conversation whose channel nobody knows may have been held in any but a template.
    """
    if not channels:
        return True
    return channel in channels if channel is not None else _SENT_IN.issubset(channels)


@dataclass(frozen=True, slots=True)
class Rule:
    """A documented, identifiable thing that can be found.

    Attributes:
        id: `family/name`; the path of its file.
        message: What is wrong, to the reader; `{match}` stands for the words found.
        suggestion: What to say instead.
        absence: For turn and conversation rules.
        detector: Name of the detector in `detectors` that finds it; None for rules made of patterns or acts.
        channels: In which it is judged; all if empty.
        yields_to: Rules, and acts as `acts/name`, that leave nothing to find where they stand: in the same
            sentence for a span rule, else in the same turn or conversation.
        runs_on: Whether findings in sentences that follow one another are one fault.
        origin: `built-in`, or the folder of the pack it came from.
    """

    id: str
    title: str
    message: str
    suggestion: str
    severity: Severity
    scope: Scope
    wording: Wording
    channels: tuple[Channel, ...]
    examples: tuple[Example, ...]
    rationale: str
    references: tuple[Reference, ...]
    since: str
    place: Place
    origin: str
    absence: Absence | None = None
    false_positives: str | None = None
    detector: str | None = None
    yields_to: tuple[str, ...] = ()
    runs_on: bool = False

    @property
    def family(self) -> str:
        """The group that the rule belongs to."""
        return self.id.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Act:
    """What a sentence does, found by patterns; acts feed absence rules and deposits.

    Attributes:
        name: File name without suffix; a deposit kind makes it a deposit.
        description: When a sentence does this.
    """

    name: str
    description: str
    wording: Wording
    examples: tuple[Example, ...]
    place: Place
    origin: str


class Direction(StrEnum):
    """On which side of a cue the words stand that it affects."""

    BEFORE = "before"
    AFTER = "after"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that changes the force of words near it: not, if, maybe.

    Attributes:
        phrases: Any one is the cue.
        affects: Whether words before or after the cue are in its scope.
        scope_words: How many words its scope reaches at most.
        stop: Phrases that end the scope early.
        in_quotation: Whether it is the quotation marks around the words that count.
    """

    name: str
    phrases: tuple[Pattern, ...] = ()
    affects: Direction = Direction.AFTER
    scope_words: int = 0
    stop: tuple[Pattern, ...] = ()
    in_quotation: bool = False
