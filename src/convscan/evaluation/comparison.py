"""One conversation: what annotators and a scan say of it, brought to the same places."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from convscan.conversation import Conversation, Role, Utterance
from convscan.evaluation.annotation import Annotation
from convscan.evaluation.intervals import Counts
from convscan.finding import ScanResult, Scope


class Wrong(StrEnum):
    """How a scan can differ from gold."""

    FALSE_ALARM = "false alarm"
    MISS = "miss"


@dataclass(frozen=True, slots=True)
class Claim:
    """Something said of a place; equal claims match.

    Attributes:
        label: Rule id, or `+` and a deposit kind: no rule id begins with a plus.
        place: The utterance for span rules, the first agent utterance of the turn for
            turn rules and deposits, None for conversation rules.
    """

    label: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the scan is wrong, to learn from.

    Attributes:
        quote: The words, or the whole utterance if none are named; None for conversation rules.
    """

    wrong: Wrong
    conversation_id: str
    label: str
    utterance: int | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the scan of one conversation compares with gold.

    Attributes:
        counts: By label.
        overlaps: For each span finding that matches gold with a quote: the share of code
            points in both quotes among those in either, in [0, 1].
        is_scanned: Whether there is a result at all.
        misplaced: Claims of the scan left out because their words do not stand in the conversation.
    """

    counts: Mapping[str, Counts]
    overlaps: tuple[float, ...]
    differences: tuple[Difference, ...]
    is_scanned: bool
    misplaced: int


@dataclass(frozen=True, slots=True)
class _Said:
    label: str
    utterance: int | None
    start: int = 0
    quote: str | None = None


def deposit_label(kind: str) -> str:
    """Return the label under which deposits of a kind are counted."""
    return f"+{kind}"


def turn_start(utterances: Sequence[Utterance], index: int) -> int:
    """Return the first agent utterance of the turn that holds an utterance.

    System, bot and internal utterances do not break a turn.
    """
    start = index
    for before in range(index - 1, -1, -1):
        utterance = utterances[before]
        if utterance.role in (Role.SYSTEM, Role.BOT) or not utterance.is_public:
            continue
        if utterance.role is not Role.AGENT:
            break
        start = before
    return start


def compare(
    annotations: Sequence[Annotation],
    conversation: Conversation,
    result: ScanResult | None,
    scopes: Mapping[str, Scope],
) -> Comparison:
    """Compare the scan of one conversation with what each annotator says.

    Gold is what all annotators say. What only some say is contested and scores neither way.

    Args:
        annotations: One per annotator, never empty.
        conversation: The one that they all speak of; `check_fit` holds.
        result: None if the scan gave none; everything in gold is then missed.
        scopes: What each rule looks at; rules that are not in it count as span rules.
    """
    annotators = [_claims(_annotated(a, conversation), conversation, scopes) for a in annotations]
    said = tuple(_found(result)) if result else ()
    found = _claims(said, conversation, scopes)
    gold = set.intersection(*(set(claims) for claims in annotators))
    any_gold = set().union(*annotators)
    counts: defaultdict[str, Counts] = defaultdict(Counts)
    for claim in [claim for claims in annotators for claim in claims]:
        counts[claim.label] += Counts(said=1)
    for claim in gold:
        counts[claim.label] += Counts(gold=1, tp=claim in found, fn=claim not in found)
    for claim in set(found) - gold:
        counts[claim.label] += Counts(contested=claim in any_gold, fp=claim not in any_gold)
    misses = {claim: annotators[0][claim] for claim in gold - set(found)}
    alarms = {claim: found[claim] for claim in set(found) - any_gold}
    return Comparison(
        counts=counts,
        overlaps=tuple(_overlaps(gold, annotators[0], found, scopes)),
        differences=(
            *_differences(Wrong.FALSE_ALARM, alarms, conversation),
            *_differences(Wrong.MISS, misses, conversation),
        ),
        is_scanned=result is not None,
        misplaced=sum(not _stands(item, conversation) for item in said),
    )


def _annotated(annotation: Annotation, conversation: Conversation) -> Iterator[_Said]:
    for mark in annotation.findings:
        start = 0
        if mark.quote and mark.utterance is not None:
            start = conversation.utterances[mark.utterance].text.find(mark.quote)
        yield _Said(mark.rule, mark.utterance, start, mark.quote)
    for deposit in annotation.deposits:
        yield _Said(deposit_label(deposit.kind), deposit.utterance)


def _found(result: ScanResult) -> Iterator[_Said]:
    for finding in result.findings:
        at = finding.at
        yield _Said(finding.rule, at.utterance, at.start, at.quote) if at else _Said(finding.rule, None)
    for deposit in result.deposits:
        at = deposit.at
        yield _Said(deposit_label(deposit.kind), at.utterance, at.start, at.quote)


def _claims(said: Iterable[_Said], conversation: Conversation, scopes: Mapping[str, Scope]) -> dict[Claim, list[_Said]]:
    claims: defaultdict[Claim, list[_Said]] = defaultdict(list)
    for item in said:
        scope = Scope.TURN if item.label.startswith("+") else scopes.get(item.label, Scope.SPAN)
        if scope is Scope.CONVERSATION:
            claims[Claim(item.label, None)].append(item)
        elif item.utterance is not None and 0 <= item.utterance < len(conversation.utterances):
            place = item.utterance
            if scope is Scope.TURN:
                place = turn_start(conversation.utterances, place)
            claims[Claim(item.label, place)].append(item)
    return dict(claims)


def _stands(item: _Said, conversation: Conversation) -> bool:
    """Tell whether a claim's words stand where it says they do."""
    if item.utterance is None:
        return True
    if not 0 <= item.utterance < len(conversation.utterances):
        return False
    return conversation.utterances[item.utterance].text.startswith(item.quote or "", item.start)


def _overlaps(
    gold: Iterable[Claim],
    annotated: Mapping[Claim, Sequence[_Said]],
    found: Mapping[Claim, Sequence[_Said]],
    scopes: Mapping[str, Scope],
) -> Iterator[float]:
    for claim in sorted(gold, key=_reading_order):
        if scopes.get(claim.label) is not Scope.SPAN:
            continue
        wanted = [item for item in annotated[claim] if item.quote]
        given = [item for item in found.get(claim, ()) if item.quote]
        if wanted and given:
            yield max(_overlap(wanted[0], item) for item in given)


def _overlap(one: _Said, other: _Said) -> float:
    ends = (one.start + len(one.quote or ""), other.start + len(other.quote or ""))
    shared = min(ends) - max(one.start, other.start)
    return max(0.0, shared / (max(ends) - min(one.start, other.start)))


def _differences(
    wrong: Wrong, claims: Mapping[Claim, Sequence[_Said]], conversation: Conversation
) -> Iterator[Difference]:
    for claim in sorted(claims, key=_reading_order):
        quote = claims[claim][0].quote
        if claim.place is not None:
            quote = quote or conversation.utterances[claim.place].text
        yield Difference(wrong, conversation.id, claim.label, claim.place, quote)


def _reading_order(claim: Claim) -> tuple[int, str]:
    return (-1 if claim.place is None else claim.place, claim.label)
