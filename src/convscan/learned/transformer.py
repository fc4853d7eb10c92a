"""The transformer: what it makes of an agent turn beside the customer turn that it answers.

It runs as ONNX on the CPU, one window at a time and on one thread: 8-bit weights give other
numbers for the same window when windows are put together.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from convscan.errors import ModelError
from convscan.language.clock import UNLIMITED, Clock
from convscan.learned.windows import Exchange, Floats, Window

# The name of the model and of its folder.
FULL = "full"
FORMAT = "convscan.transformer/4"
ENCODER, PIECES, HEADER = "encoder.onnx", "pieces.json", "model.json"
# Windows whose reading is kept: macros and greetings come again and again.
_MAX_REMEMBERED = 4096
_AGAIN = "install convscan again, or choose `--model fast`"


@dataclass(frozen=True, slots=True)
class Worth:
    """What the transformer's number for a label is worth, beside what rules and fast model say.

    Measured on conversations that nothing was learned from.

    Attributes:
        slope: How much the number counts, in logits.
        fast: How much the fast model's number counts.
        found: How much it counts that the rules found it.
        found_slope: How much the number counts where they did, in place of `slope`.
        kept: How much it counts that they hold that what is missing was done.
        offset: What is added.
        threshold: The probability from which on it is held for so.
        is_measured: Whether there was enough to call the probability a confidence.
    """

    slope: float
    fast: float
    found: float
    found_slope: float
    kept: float
    offset: float
    threshold: float
    is_measured: bool

    def probability(self, logit: float, fast: float, *, found: bool, kept: bool) -> float:
        """Return the probability that the label holds; `fast` is the fast model's number, in logits too."""
        known = self.found_slope * logit + self.found if found else self.slope * logit
        total = known + self.fast * fast + self.kept * kept + self.offset
        return float(1 / (1 + np.exp(-min(30.0, max(-30.0, total)))))


@dataclass(frozen=True)
class ExchangeReading:
    """Logits for an exchange.

    Attributes:
        sentences: A row a sentence of the exchange, a column a sentence label.
        turn: One number a turn label.
    """

    sentences: Floats
    turn: Floats


class Transformer:
    """A fine-tuned encoder with a head for sentences and one for turns."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder.

        Raises:
            ModelError: If a file is missing, damaged, of another version, or onnxruntime is not there.
        """
        self.header = _checked_header(folder)
        self.sentence_labels: tuple[str, ...] = tuple(self.header["sentence_labels"])
        self.turn_labels: tuple[str, ...] = tuple(self.header["turn_labels"])
        try:
            self.worths = {label: Worth(**fields) for label, fields in self.header["worths"].items()}
        except (TypeError, AttributeError) as error:
            raise ModelError(f"{folder / HEADER}: its worths cannot be read ({error}); {_AGAIN}") from error
        self.digest: str = hashlib.sha256(json.dumps(self.header, sort_keys=True).encode()).hexdigest()[:16]
        try:
            import onnxruntime
            from tokenizers import Tokenizer

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            self._session = onnxruntime.InferenceSession(
                str(folder / ENCODER), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / PIECES))
        except Exception as error:  # whatever a damaged file makes of the library
            raise ModelError(f"{folder}: cannot be read as a model ({error}); {_AGAIN}") from error
        self.forget_all()

    def forget_all(self) -> None:
        """Begin with a memory in which nothing is."""
        self._remembered: OrderedDict[tuple[tuple[int, ...], tuple[tuple[int, int, int], ...]], ExchangeReading] = (
            OrderedDict()
        )

    def apart(self) -> Self:
        """Return the same model with a memory of its own, for another scanner; the encoder is shared."""
        other = copy(self)
        other.forget_all()
        return other

    def read(self, exchange: Exchange, clock: Clock = UNLIMITED) -> ExchangeReading:
        """Read an exchange; what a long customer turn holds beyond the window of its answer is not read.

        Raises:
            TimeIsUpError: If the clock says so between two windows.
        """
        sentences = np.full((len(exchange.sentences), len(self.sentence_labels)), -np.inf, np.float32)
        turn = np.full(len(self.turn_labels), -np.inf, np.float32)
        for window in exchange.windows(self.pieces):
            if not window.is_whole and not window.has_agent:
                continue
            clock.check()
            found = self._window(window)
            for row, (number, _, _) in enumerate(window.places):
                # The customer's words stand beside each part of a long answer.
                np.maximum(sentences[number], found.sentences[row], out=sentences[number])
            if window.is_whole:
                turn = found.turn
        return ExchangeReading(sentences, turn)

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of the pieces of words of each text."""
        # Half a character, as broken exports hold them, is no text to the tokenizer.
        whole = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [found.ids for found in self._tokenizer.encode_batch(whole, add_special_tokens=False)]

    def _window(self, window: Window) -> ExchangeReading:
        key = window.pieces, window.places
        known = self._remembered.get(key)
        if known is None:
            sentences, turn = self._session.run(["sentence_logits", "turn_logits"], window.arrays())
            known = self._remembered[key] = ExchangeReading(sentences[0], turn[0])
            if len(self._remembered) > _MAX_REMEMBERED:
                self._remembered.popitem(last=False)
        else:
            self._remembered.move_to_end(key)
        return known


def _checked_header(folder: Path) -> Mapping[str, Any]:
    """Return the header, once every file is what it says."""
    try:
        header: dict[str, Any] = json.loads((folder / HEADER).read_text(encoding="utf-8"))
        if header["format"] != FORMAT:
            raise ModelError(
                f"{folder / HEADER}: is of format {header['format']!r}, this convscan needs {FORMAT!r}; {_AGAIN}"
            )
        for name, known in header["sha256"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != known:
                raise ModelError(f"{folder / name}: its content does not fit its hash; {_AGAIN}")
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}; {_AGAIN}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / HEADER}: cannot be read as a model ({error!r}); {_AGAIN}") from error
    return header
