"""Take values out of parsed JSON: what is of another kind than it should be is told, with its place."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from convscan.conversation import kind_of
from convscan.errors import TranscriptError

Fields: TypeAlias = Mapping[str, object]


def as_fields(value: object, where: str) -> Fields:
    """Return an object.

    Raises:
        TranscriptError: If the value is none.
    """
    if not isinstance(value, dict):
        raise TranscriptError(f"{where}: expected an object {{…}}, found {kind_of(value)}")
    return value


def items_of(value: object, where: str) -> list[object]:
    """Return a list.

    Raises:
        TranscriptError: If the value is none.
    """
    if not isinstance(value, list):
        raise TranscriptError(f"{where}: expected a list […], found {kind_of(value)}")
    return value


def objects_of(value: object, where: str) -> Iterator[tuple[str, Fields]]:
    """Yield the objects of a list, each with the words for its place.

    Raises:
        TranscriptError: If the value is no list, or an item of it no object.
    """
    for index, item in enumerate(items_of(value, where)):
        place = f"{where}[{index}]"
        yield place, as_fields(item, place)


def text_of(fields: Fields, where: str, *keys: str) -> str:
    """Return the text under the first of some keys that is there.

    Raises:
        TranscriptError: If there is none, or it is no text.
    """
    value = pick(fields, *keys)
    if not isinstance(value, str):
        raise TranscriptError(f"{where}.{keys[0]}: expected text, found {kind_of(value)}")
    return value


def pick(fields: Fields, *keys: str) -> object:
    """Return the value under the first of some keys that is there and not null."""
    return next((value for key in keys if (value := fields.get(key)) is not None), None)


def label_of(fields: Fields, *keys: str) -> str | None:
    """Return the first name or id under some keys, as text; many systems number their records.

    None if all are missing, empty or of another kind.
    """
    values = (fields.get(key) for key in keys)
    labels = (str(value).strip() for value in values if isinstance(value, str | int) and not isinstance(value, bool))
    return next((label for label in labels if label), None)


def number_of(fields: Fields, *keys: str) -> float | None:
    """Return a number, also one that is written as text; None if there is none."""
    value = pick(fields, *keys)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    # NaN is unequal to itself.
    return number if number == number and abs(number) < _TOO_LARGE else None  # noqa: PLR0124 - see above


def find_objects(value: object, is_wanted: Callable[[Fields], bool]) -> Iterator[Fields]:
    """Yield the topmost objects inside a value that are wanted, in the order in which they stand."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if is_wanted(item):
                yield item
                continue
            waiting.extend(reversed(item.values()))
        elif isinstance(item, list):
            waiting.extend(reversed(item))


# No clock runs so far, in any unit.
_TOO_LARGE = 1e18
