"""What became of promises, as the transformer reads it: each later exchange beside the words of the promise.

The ledger follows promises by what their words are about. Whether "not a soul came" speaks of
"someone will be round in the morning" is a matter of meaning; here both are read together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from convscan.acts.heard import HeardConversation
from convscan.finding import Fate, Ledger, Promise, Span
from convscan.language.clock import UNLIMITED, Clock
from convscan.learned.transformer import Transformer
from convscan.learned.windows import Exchange, exchanges

# What a sentence may say of the promise beside it.
FATES: Mapping[str, Fate] = {f"={fate}": fate for fate in (Fate.BROKEN, Fate.KEPT)}
# What comes later than so many exchanges is not read beside a promise: it costs more than it tells.
_NEXT_EXCHANGES = 7
# Nothing that was learned is certain.
_SUREST = 0.99


@dataclass(frozen=True, slots=True)
class FateReading:
    """A promise and what later sentences say of it.

    Attributes:
        promise: As the ledger has it.
        logits: For each of `FATES`, the transformer's number of the sentence that speaks most for it.
        told: That sentence.
    """

    promise: Promise
    logits: Mapping[str, float]
    told: Mapping[str, Span]

    @property
    def is_by_clock(self) -> bool:
        """Whether timestamps alone show the fate, which words cannot change."""
        return self.promise.fate is Fate.BROKEN and not self.promise.evidence


def exchanges_after(whole: Sequence[Exchange], utterance: int, end: int) -> Iterator[tuple[Exchange, tuple[int, ...]]]:
    """Yield the exchanges that may tell what became of a promise, each with the numbers of its later sentences.

    Args:
        whole: All exchanges of the conversation.
        utterance: Where the promise stands.
        end: Where its words end in there.
    """
    seen = 0
    for exchange in whole:
        if seen == _NEXT_EXCHANGES:
            return
        rows = tuple(
            row
            for row, (spoken, sentence) in enumerate(exchange.sentences)
            if (spoken.index, sentence.start) > (utterance, end - 1)
        )
        if rows:
            yield exchange, rows
            seen += 1


def read_beside(heard: HeardConversation, model: Transformer, clock: Clock = UNLIMITED) -> Iterator[FateReading]:
    """Yield what the transformer makes of each promise of the ledger, in order.

    Raises:
        TimeIsUpError: If the clock says so between two windows.
    """
    whole = tuple(exchanges(heard))
    columns = {label: model.sentence_labels.index(label) for label in FATES if label in model.sentence_labels}
    for promise in heard.ledger.promises if columns else ():
        logits: dict[str, float] = {}
        told: dict[str, Span] = {}
        for exchange, rows in exchanges_after(whole, promise.at.utterance, promise.at.end):
            sentences = model.read(exchange, clock, promise=promise.at.quote).sentences
            for label, column in columns.items():
                best = max(rows, key=lambda row: float(sentences[row, column]))
                if label not in logits or sentences[best, column] > logits[label]:
                    utterance, sentence = exchange.sentences[best]
                    logits[label] = float(sentences[best, column])
                    told[label] = utterance.span(sentence.start, sentence.end)
        if logits:
            yield FateReading(promise, logits, told)


def with_fates_read(heard: HeardConversation, model: Transformer, clock: Clock = UNLIMITED) -> HeardConversation:
    """Return a conversation whose promises have the fates that ledger and transformer together hold for likeliest.

    What the clock alone shows stands.

    Raises:
        TimeIsUpError: If the clock says so between two windows.
    """
    weighed = {one.promise: _weighed(one, model) for one in read_beside(heard, model, clock)}
    ledger = heard.ledger
    promises = tuple(weighed.get(promise, promise) for promise in ledger.promises)
    return heard.with_ledger(Ledger(promises, ledger.breaches))


def _weighed(reading: FateReading, model: Transformer) -> Promise:
    promise = reading.promise
    if reading.is_by_clock:
        return promise
    likely: list[tuple[float, bool, str]] = []
    for label, logit in reading.logits.items():
        worth = model.worths.get(label)
        if worth is not None:
            found, other = promise.fate is FATES[label], promise.fate not in {FATES[label], Fate.OPEN}
            probability = worth.probability(logit, 0.0, found=found, kept=other)
            if probability >= worth.threshold:
                likely.append((probability, worth.is_measured, label))
    if not likely:
        return replace(promise, fate=Fate.OPEN, evidence=()) if model.worths.keys() & FATES.keys() else promise
    probability, is_measured, label = max(likely)
    fate = FATES[label]
    return replace(
        promise,
        fate=fate,
        evidence=promise.evidence if fate is promise.fate else (reading.told[label],),
        confidence=min(_SUREST, round(probability, 2)) if is_measured else None,
    )
