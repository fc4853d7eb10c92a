"""What the user says of who is who, looked up by name, address or domain."""

from collections.abc import Iterator, Mapping

from convscan.conversation import Role

_MOST_LABELS = 8


def as_given(name: str) -> str:
    """Return a name as names are compared: without case and blanks around it."""
    return name.casefold().strip()


class GivenRoles(Mapping[str, Role]):
    """Roles by name in any case; `@acme.example` is everybody who has an address there.

    Example:
        >>> roles = GivenRoles({"@acme.example": Role.AGENT}, set())
        >>> roles.get("Help@acme.example"), roles.get("help@other.example")
        (<Role.AGENT: 'agent'>, None)
    """

    def __init__(self, roles: Mapping[str, Role], met: set[str]) -> None:
        """Take what the user says.

        Args:
            roles: By name, as the user wrote it.
            met: Takes the names of which somebody was found.
        """
        self._roles = {as_given(name): role for name, role in roles.items()}
        self._met = met

    def __getitem__(self, name: str) -> Role:
        """Return the role of a name or address."""
        if self._roles:
            for key in _keys(as_given(name)):
                if key in self._roles:
                    self._met.add(key)
                    return self._roles[key]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names as they are compared."""
        return iter(self._roles)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._roles)

    def over(self, weaker: Mapping[str, Role]) -> "GivenRoles":
        """Return these roles and, where they say nothing, those that something else says."""
        return GivenRoles({**{as_given(name): role for name, role in weaker.items()}, **self._roles}, self._met)


def _keys(name: str) -> Iterator[str]:
    """Yield what may be said of a name: itself, then its domain and those that this stands under."""
    yield name
    local, at, domain = name.rpartition("@")
    if at and local:
        labels = domain.split(".")[-_MOST_LABELS:]
        yield from ("@" + ".".join(labels[start:]) for start in range(len(labels)))
