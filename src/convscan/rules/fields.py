"""Take a YAML mapping apart, field by field, and collect everything that is wrong with it."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from convscan.errors import RuleError
from convscan.rules.rule import Place

_Enum = TypeVar("_Enum", bound=StrEnum)
# More than a line of names helps nobody.
_MOST_NAMES_SHOWN = 8


@dataclass(slots=True)
class Problems:
    """What is wrong with one file, each with its place."""

    found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        """Note a problem; reading goes on, so that all are reported at once."""
        self.found.append((place, message))

    def are_at(self, place: Place) -> bool:
        """Tell whether something is wrong at a place or further down."""
        return any(one.path == place.path and one.keys[: len(place.keys)] == place.keys for one, _ in self.found)

    def errors(self) -> list[RuleError]:
        """Return the problems as errors with file, line and column."""
        from convscan.rules.yaml_file import locate

        return [RuleError(f"{locate(place.path, place.keys)}: {message}") for place, message in self.found]


class Fields:
    """A mapping whose keys are taken one after the other; what is left over is unknown."""

    def __init__(self, value: object, place: Place, problems: Problems) -> None:
        """Start on a mapping; anything else is a problem and reads as empty."""
        self.place = place
        self.problems = problems
        self._known: list[str] = []
        self._values: Mapping[object, object] = {}
        if isinstance(value, Mapping):
            self._values = value
        else:
            problems.add(place, f"expected a mapping 'key: value', found {kind_of(value)}")

    def take(self, key: str) -> object:
        """Return the value of a key, None if it is absent."""
        self._known.append(key)
        return self._values.get(key)

    def names(self) -> tuple[str, ...]:
        """Return the keys of a mapping whose keys are names of the author's choice."""
        return tuple(str(key) for key in self._values)

    def text(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.optional_text(key)
        if self._values.get(key) is None:
            self.problems.add(self.place, f"{key!r} is missing")
        elif value == "":
            self.problems.add(self.place.at(key), f"{key!r} is empty")
        return value or ""

    def optional_text(self, key: str) -> str | None:
        """Return a text that may be absent, white space trimmed."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str):
            return value.strip()
        self.problems.add(self.place.at(key), f"{key!r} must be text, found {kind_of(value)}; put it in quotes")
        return None

    def number(self, key: str, default: int) -> int:
        """Return a whole number."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.problems.add(self.place.at(key), f"{key!r} must be a whole number from 0, found {value!r}")
        return default

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.problems.add(self.place.at(key), f"{key!r} must be true or false, found {value!r}")
        return default

    def member(self, key: str, enum: type[_Enum], default: _Enum) -> _Enum:
        """Return one of a closed set."""
        value = self.take(key)
        found = None if value is None else self._as_member(value, enum, self.place.at(key))
        return default if found is None else found

    def members(self, key: str, enum: type[_Enum], default: tuple[_Enum, ...]) -> tuple[_Enum, ...]:
        """Return several of a closed set."""
        items = list(self.items(key))
        if not items:
            return default
        found = (self._as_member(item, enum, place) for place, item in items)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty if absent."""
        found = []
        for place, item in self.items(key):
            if isinstance(item, str):
                found.append(item)
            else:
                self.problems.add(place, f"expected text, found {kind_of(item)}; put it in quotes")
        return tuple(found)

    def items(self, key: str) -> Iterator[tuple[Place, object]]:
        """Yield the items of a list with their places."""
        value = self.take(key)
        place = self.place.at(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.problems.add(place, f"{key!r} must be a list, found {kind_of(value)}")
            return
        for number, item in enumerate(value):
            yield place.at(number), item

    def distinct_texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts in which none stands twice, empty if absent."""
        texts = self.texts(key)
        for number, text in enumerate(texts):
            if text in texts[:number]:
                self.problems.add(self.place.at(key, number), f"{text!r} stands twice in {key!r}")
        return texts

    def finish(self) -> None:
        """Report the keys that nobody took."""
        for key in self._values:
            if key in self._known:
                continue
            near = difflib.get_close_matches(str(key), self._known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(sorted(self._known))}"
            self.problems.add(self.place.at(str(key)), f"unknown key {key!r}; {hint}")

    def _as_member(self, value: object, enum: type[_Enum], place: Place) -> _Enum | None:
        try:
            return enum(str(value))
        except ValueError:
            self.problems.add(place, f"unknown value {value!r}; expected one of {', '.join(enum)}")
            return None


def listed(known: Iterable[str], *, near: str) -> str:
    """Return names that are known, for a message; of many those that are most like another."""
    names = sorted(known)
    if len(names) <= _MOST_NAMES_SHOWN:
        return ", ".join(names) or "none"
    likest = difflib.get_close_matches(near, names, n=_MOST_NAMES_SHOWN, cutoff=0.0)
    return f"{', '.join(sorted(likest))} and {len(names) - len(likest)} more"


def kind_of(value: object) -> str:
    """Return what a YAML value is, in words for a message."""
    if value is None:
        return "nothing"
    names = {str: "text", bool: "true/false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}
    return names.get(type(value), type(value).__name__)
