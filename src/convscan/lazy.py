"""Properties that are worked out once, when they are first asked for.

`functools.cached_property` of Python 3.11 holds one lock for all objects of a class while it
works. A process that is forked while another thread holds it can never ask again: the thread
is not there to let go. From Python 3.12 on the library's has no lock, and this one can go.
"""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class lazy_property(Generic[Value]):  # noqa: N801 # reads like `property`
    """A property whose value is kept in its object; two threads may both work it out, to the same end."""

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        """Take the method that works the value out."""
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Keep the name under which the value is kept."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type | None = None) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type | None = None) -> Value: ...
    def __get__(self, instance: object | None, owner: type | None = None) -> Self | Value:
        """Work the value out; from then on the object's own value is found before this is asked."""
        if instance is None:
            return self
        value = self._work_out(instance)
        vars(instance)[self._name] = value
        return value
