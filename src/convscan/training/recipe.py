"""From corpus to model: what `convscan train` and `make models` do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.learned.arrays import write_arrays
from convscan.learned.embedding import StaticEmbedding
from convscan.learned.model import FORMAT
from convscan.resources import models_folder, rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.training.corpus import Example, Split, of_split, read_corpus
from convscan.training.fit import train

_NO_LIMIT = Budget(utterance_chars=10**6, record_seconds=60.0)


def train_model(corpora: Sequence[Path], into: Path, *, jobs: int = 2) -> Iterator[str]:
    """Train on the training and development parts of some corpora and write the model.

    Yields:
        What was done, step by step.

    Raises:
        AnnotationError: If an annotation file is malformed.
        ConvscanError: If a folder holds no corpus.
    """
    catalogue = load_catalogue(rules_folder())
    embedding = StaticEmbedding(models_folder() / "embedding")
    examples = heard_corpus(corpora)
    used = of_split(examples, Split.TRAIN, Split.DEV)
    yield f"read {len(examples)} conversations and wordings; {len(used)} are learned from, the rest is for tests"
    unknown = {mark.label for one in used for mark in one.marks if mark.label[0] not in "+!"} - catalogue.rules.keys()
    if unknown:
        yield f"not learned, for there is no such rule: {', '.join(sorted(unknown))}"
    weights = train(examples, catalogue, embedding, jobs=jobs)
    write_arrays(into / "weights.safetensors", FORMAT, weights.arrays(), weights.header())
    yield f"wrote {into / 'weights.safetensors'}"


def heard_corpus(corpora: Sequence[Path]) -> list[Example]:
    """Read corpora and parse what is in them."""
    language = LanguagePipeline(load_catalogue(rules_folder()), _NO_LIMIT)
    return [example.hear(language) for corpus in corpora for example in read_corpus(corpus)]
