"""Tokens per second of a whole scan, beside spaCy's tokenizer on the same unique text in the same run.

    python benchmarks/speed.py

Two texts: one that is made, of which no sentence stands twice, so that no cache helps either side; and conversations of
the corpus, each read once, in which more is said that rules look at twice.
"""

import itertools
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from convscan.config import Config, ModelChoice
from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.scanner import Scanner
from convscan.training.corpus import read_corpus

CONVERSATIONS = 1_500
WARM_UP = 500
RUNS = 3
CHUNK = 25
CORPUS = Path(__file__).parents[1] / "models" / "en" / "corpus"

_CUSTOMER = (
    "hi, my {thing} has not arrived and it is {day} already",
    "I was charged {n} euros twice for the {thing}, can you look into it?",
    "the {thing} stopped working after {n} days and nobody answers the phone",
    "ok, the number is {n}-{m}, I bought it on {day}",
    "How do I change the {thing} on my account? I tried the app {n} times.",
    "that did it, {thing} {n} works now, thanks",
)
_AGENT = (
    "Hello, thank you for writing to us about the {thing} from {day}.",
    "I'm sorry to hear about the {thing}; let me check order {n} for you.",
    "Could you tell me which {thing} you use, {n} or {m}?",
    "I've sent a new {thing} today, it should be with you on {day} or the day after.",
    "You can find the setting under Account, then {thing}, on page {n}.",
    "As the {thing} was built in week {n}, the repair is free of charge and takes {m} days.",
    "Is there anything else I can help you with, for example the {thing} of {day}?",
    "We have updated the address for the {thing}; reference {n}{m}.",
)
_THINGS = [
    "router",
    "kettle",
    "parcel",
    "invoice",
    "ticket",
    "booking",
    "heater",
    "card",
    "lens",
    "saddle",
    "visa",
    "printer",
    "policy",
    "meter",
    "pump",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def conversations(count: int, seed: int = 7) -> Iterator[Conversation]:
    """Yield conversations of eight messages in which every sentence is new."""
    rng = random.Random(seed)  # noqa: S311 # made-up text, no secret
    numbers = itertools.count(1_000)

    def said(template: str) -> str:
        return template.format(
            thing=f"{rng.choice(_THINGS)} {rng.choice('abcdefgh')}{next(numbers)}",
            day=rng.choice(_DAYS),
            n=next(numbers),
            m=next(numbers),
        )

    for number in range(count):
        utterances = []
        for _ in range(4):
            utterances.append(Utterance(Role.CUSTOMER, said(rng.choice(_CUSTOMER))))
            utterances.append(Utterance(Role.AGENT, f"{said(rng.choice(_AGENT))} {said(rng.choice(_AGENT))}"))
        yield Conversation(f"made-{number}", tuple(utterances), channel=Channel.CHAT)


def natural(folder: Path = CORPUS) -> Iterator[Conversation]:
    """Yield the conversations of the corpus in random order."""
    found = [one.conversation for one in read_corpus(folder) if one.only is None]
    random.Random(RUNS).shuffle(found)  # noqa: S311 # no secret
    yield from found


def measured(scanner: Scanner, texts: Iterator[Conversation]) -> float:
    """Print both speeds on text that is new to both, and return how many times as long the scan takes."""
    import spacy

    nlp = spacy.blank("en")
    tokens, cold, scan = 0, 0.0, 0.0
    # By turns, so that whatever else the machine does slows both alike.
    while part := list(itertools.islice(texts, CHUNK)):
        started = time.process_time()
        tokens += sum(len(nlp.make_doc(u.text)) for c in part for u in c.utterances)
        between = time.process_time()
        for conversation in part:
            scanner.scan(conversation)
        cold += between - started
        scan += time.process_time() - between
    print(f"  make_doc {tokens / cold:9,.0f} tokens/s, scan {tokens / scan:9,.0f} tokens/s")
    return scan / cold


def main() -> None:
    """Print both speeds and their ratio for the rules alone and with the model."""
    for model, wanted in ((ModelChoice.NONE, 3), (ModelChoice.FAST, 5)):
        scanner = Scanner(Config(model=model))
        # Start-up has a benchmark of its own; the text below is new to both sides all the same.
        for conversation in conversations(WARM_UP, seed=RUNS):
            scanner.scan(conversation)
        median = statistics.median(measured(scanner, conversations(CONVERSATIONS, seed=run)) for run in range(RUNS))
        print(f"model {model}: a scan takes {median:.2f} times the time of make_doc (median; at most {wanted} wanted)")
        texts = natural()
        for conversation in itertools.islice(texts, WARM_UP):
            scanner.scan(conversation)
        # One after the other from the same texts, none of which is read twice.
        median = statistics.median([measured(scanner, itertools.islice(texts, CONVERSATIONS)) for _ in range(RUNS)])
        print(f"model {model}, conversations of the corpus: {median:.2f} times (median)")


if __name__ == "__main__":
    main()
