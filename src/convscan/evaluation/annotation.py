"""Annotations by people as values, and whether they fit what they speak of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from convscan.conversation import Conversation, Role, Source
from convscan.errors import AnnotationError
from convscan.finding import DepositKind, Scope

# A file of the wrong kind goes wrong on every line; the first lines tell it.
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding as an annotator sees it.

    Attributes:
        rule: Rule id, `family/name`.
        utterance: Index over all utterances, from 0; None for conversation rules.
        quote: The words; span rules only.
    """

    rule: str
    utterance: int | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class DepositMark:
    """One deposit as an annotator sees it, at the first agent utterance of its turn."""

    kind: DepositKind
    utterance: int


@dataclass(frozen=True, slots=True)
class Annotation:
    """All that one annotator says of one conversation.

    Attributes:
        id: The conversation's.
    """

    id: str
    source: Source
    findings: tuple[Mark, ...] = ()
    deposits: tuple[DepositMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to a scan: does this rule fire at this place?

    Attributes:
        conversation: Carries the probe's id.
        mark: Where the rule is asked about.
        expect: Whether the rule ought to fire there.
        capability: What the probe is hard in, such as negation.
        pair: Name shared by two probes that differ in little and expect opposite answers.
    """

    conversation: Conversation
    mark: Mark
    expect: bool
    source: Source
    capability: str | None = None
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """One file of annotations, or one file of probes.

    Attributes:
        conversations: Those that the lines themselves carry.
    """

    annotations: tuple[Annotation, ...] = ()
    probes: tuple[Probe, ...] = ()
    conversations: tuple[Conversation, ...] = ()


@dataclass(slots=True)
class Problems:
    """Gathers what is wrong, so that a file is put right in one go."""

    found: list[str] = field(default_factory=list)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the error of one item and go on to the next."""
        try:
            yield
        except AnnotationError as error:
            self.found.append(str(error))

    def raise_any(self) -> None:
        """Raise one `AnnotationError` that names all problems, if there are any."""
        if not self.found:
            return
        more = len(self.found) - MOST_PROBLEMS
        rest = [f"… and {more} more"] if more > 0 else []
        raise AnnotationError("\n".join([*self.found[:MOST_PROBLEMS], *rest]))


def check_fit(
    annotations: Iterable[Annotation],
    conversations: Mapping[str, Conversation],
    scopes: Mapping[str, Scope],
) -> None:
    """Check that annotations speak of words and places that exist.

    Args:
        annotations: Of conversations that are there; others are passed over.
        conversations: By id.
        scopes: What each rule looks at.

    Raises:
        AnnotationError: If an utterance does not exist or is not the agent's, a quote
            does not stand in it, or a span or turn rule names no utterance; names all.
    """
    problems = Problems()
    for annotation in annotations:
        conversation = conversations.get(annotation.id)
        if conversation is None:
            continue
        for mark in annotation.findings:
            with problems.gathered():
                _check_mark(mark, conversation, scopes[mark.rule], annotation.source)
        for deposit in annotation.deposits:
            with problems.gathered():
                _check_place(f"deposit {deposit.kind}", deposit.utterance, conversation, annotation.source)
    problems.raise_any()


def check_probes(probes: Iterable[Probe], scopes: Mapping[str, Scope]) -> None:
    """Check that each probe asks about a place that exists.

    Raises:
        AnnotationError: As `check_fit` does.
    """
    problems = Problems()
    for probe in probes:
        with problems.gathered():
            _check_mark(probe.mark, probe.conversation, scopes[probe.mark.rule], probe.source)
    problems.raise_any()


def all_scopes(marks: Sequence[Mark], known: Mapping[str, Scope]) -> Mapping[str, Scope]:
    """Return the scope of every rule: the known ones, the others as their marks tell.

    A rule that is marked with a quote anywhere looks at words, one that is marked with
    an utterance looks at turns, any other at the conversation.
    """
    told: dict[str, Scope] = {}
    quoted = {mark.rule for mark in marks if mark.quote is not None}
    placed = {mark.rule for mark in marks if mark.utterance is not None}
    for rule in sorted({mark.rule for mark in marks} - set(known)):
        told[rule] = Scope.SPAN if rule in quoted else Scope.TURN if rule in placed else Scope.CONVERSATION
    return {**known, **told}


def _check_mark(mark: Mark, conversation: Conversation, scope: Scope, source: Source) -> None:
    if scope is Scope.CONVERSATION:
        return
    if mark.utterance is None:
        raise AnnotationError(f"{source}: {mark.rule} names no utterance; say in which one, counted from 0")
    _check_place(mark.rule, mark.utterance, conversation, source)
    text = conversation.utterances[mark.utterance].text
    if mark.quote is not None and mark.quote not in text:
        raise AnnotationError(
            f"{source}: {mark.rule} quotes {mark.quote!r}, which does not stand in utterance"
            f" {mark.utterance} of {conversation.id!r}; copy the words exactly"
        )


def _check_place(what: str, index: int, conversation: Conversation, source: Source) -> None:
    count = len(conversation.utterances)
    if not 0 <= index < count:
        raise AnnotationError(
            f"{source}: {what} names utterance {index}, but {conversation.id!r} has {count};"
            " utterances are counted from 0"
        )
    role = conversation.utterances[index].role
    if role not in (Role.AGENT, Role.BOT):
        raise AnnotationError(
            f"{source}: {what} names utterance {index} of {conversation.id!r}, which is by the {role};"
            " name the agent's utterance, counted from 0"
        )
