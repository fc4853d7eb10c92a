"""Join messages that reply to each other, millions of them, in arrays of numbers."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Numbers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int64]]

_NONE = -1
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class Threads:
    """Messages in conversations.

    Attributes:
        order: Indices of all messages, conversation by conversation, each in its order.
        starts: Where in `order` each conversation begins, and the end.
        doubles: Indices of messages whose id stood above already; they are in no conversation.
        missing: How many ids were answered and are not there.
        circles: How many threads answered themselves.
    """

    order: "Numbers"
    starts: "Numbers"
    doubles: tuple[int, ...]
    missing: int
    circles: int

    def groups(self) -> "Iterator[Numbers]":
        """Yield the messages of each conversation."""
        for first, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            yield self.order[first:end]


def threads_of(
    *,
    ids: "array[int]",
    parents: "array[int]",
    edges: "tuple[array[int], array[int]]",
    times: "array[int]",
    starters: "array[int]",
    people: "array[int]",
) -> Threads:
    """Return the conversations in which messages reply to each other.

    A thread in which several people started something is one conversation for each:
    a message belongs to the nearest of them above it. What stands above all of them
    (a company's announcement) goes with the only one there is, else by itself.

    Args:
        ids: Of the messages, 0 or more.
        parents: Id of the message that each answers, or -1.
        edges: Ids of messages and of answers to them, for messages that do not say what they answer.
        times: In seconds, -1 if not known; the order of a conversation if all are known, else the depth is.
        starters: Whether each was written by one who may start a conversation (a customer).
        people: Who wrote each, as numbers above 0.

    Returns:
        The conversations in the order of their first messages.
    """
    import numpy as np

    own = _numbers(ids)
    order_by_id = np.argsort(own, kind="stable")
    sorted_ids = own[order_by_id]
    is_double = np.zeros(len(own), dtype=bool)
    is_double[order_by_id[1:]] = sorted_ids[1:] == sorted_ids[:-1]
    parent_ids = _with_edges(own, _numbers(parents), _numbers(edges[0]), _numbers(edges[1]))
    parent_ids[parent_ids == own] = _NONE
    above, missing = _above(own, sorted_ids, order_by_id, parent_ids)
    circles = _cut_circles(above)
    count = len(above)
    is_starter = np.zeros(count, dtype=bool)
    is_starter[: len(own)] = _numbers(starters).astype(bool)
    root, depth = _climb(above)
    nodes = np.arange(count)
    owner_node, _ = _climb(np.where(is_starter, nodes, above))
    person = np.full(count, _NOBODY, dtype=np.int64)
    person[: len(own)] = _numbers(people)
    owner = np.where(is_starter[owner_node], person[owner_node], _NOBODY)[: len(own)]
    owner = _with_only_owner(root[: len(own)], owner)
    kept = np.flatnonzero(~is_double)
    order, starts = _sorted(kept, root[: len(own)], owner, _numbers(times), depth[: len(own)])
    return Threads(order, starts, tuple(int(index) for index in np.flatnonzero(is_double)), missing, circles)


def _numbers(values: "array[int]") -> "Numbers":
    import numpy as np

    kind = np.int8 if values.typecode == "b" else np.int64
    return np.frombuffer(values, dtype=kind).astype(np.int64) if len(values) else np.zeros(0, dtype=np.int64)


def _lookup(sorted_ids: "Numbers", order: "Numbers", wanted: "Numbers") -> "Numbers":
    """Return the index of each id, -1 where there is none."""
    import numpy as np

    if not len(sorted_ids):
        return np.full(len(wanted), _NONE, dtype=np.int64)
    at = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    return np.where(sorted_ids[at] == wanted, order[at], _NONE)


def _with_edges(own: "Numbers", parents: "Numbers", sources: "Numbers", targets: "Numbers") -> "Numbers":
    """Return the parents, with those that only the parent itself tells of."""
    import numpy as np

    found = parents.copy()
    order = np.argsort(own, kind="stable")
    child = _lookup(own[order], order, targets)
    is_new = child != _NONE
    child, source = child[is_new], sources[is_new]
    is_open = found[child] == _NONE
    # Of several that claim an answer the first one stays: it is written last.
    found[child[is_open][::-1]] = source[is_open][::-1]
    return found


def _above(own: "Numbers", sorted_ids: "Numbers", order: "Numbers", parents: "Numbers") -> "tuple[Numbers, int]":
    """Return for each message the index of the one above it, itself if there is none.

    A message that is answered and not there gets an index behind the others.
    """
    import numpy as np

    index = _lookup(sorted_ids, order, parents)
    has_parent = parents != _NONE
    is_missing = has_parent & (index == _NONE)
    absent, place = np.unique(parents[is_missing], return_inverse=True)
    above = np.arange(len(own) + len(absent))
    above[: len(own)] = np.where(has_parent, index, above[: len(own)])
    above[np.flatnonzero(is_missing)] = len(own) + place
    return above, len(absent)


def _rounds(count: int) -> int:
    return max(1, count.bit_length()) + 1


def _climb(above: "Numbers") -> "tuple[Numbers, Numbers]":
    """Return the root above each message, and how many steps it is away; each round doubles the steps."""
    import numpy as np

    root = above.copy()
    depth = (root != np.arange(len(root))).astype(np.int64)
    for _ in range(_rounds(len(root))):
        further = root[root]
        if np.array_equal(further, root):
            break
        depth += depth[root]
        root = further
    return root, depth


def _cut_circles(above: "Numbers") -> int:
    """Make a root in each thread that leads back to itself; return how many there were."""
    import numpy as np

    root, _ = _climb(above)
    unsettled = np.flatnonzero(above[root] != root)
    seen: set[int] = set()
    cut = 0
    for start in unsettled.tolist():
        way: dict[int, None] = {}
        node = start
        while node not in seen and node not in way:
            way[node] = None
            node = int(above[node])
        if node in way:
            cut += 1
            above[node] = node
        seen |= way.keys()
    return cut


def _with_only_owner(root: "Numbers", owner: "Numbers") -> "Numbers":
    """Give what belongs to nobody to the only owner in its thread."""
    import numpy as np

    is_owned = owner != _NOBODY
    if not is_owned.any():
        return owner
    pairs = np.unique(np.stack([root[is_owned], owner[is_owned]], axis=1), axis=0)
    roots, first, counts = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    single, single_owner = roots[counts == 1], pairs[first[counts == 1], 1]
    at = _lookup(single, np.arange(len(single)), root)
    return np.where(is_owned | (at == _NONE), owner, single_owner[at] if len(single_owner) else owner)


def _sorted(
    kept: "Numbers", root: "Numbers", owner: "Numbers", times: "Numbers", depth: "Numbers"
) -> "tuple[Numbers, Numbers]":
    import numpy as np

    if not len(kept):
        return kept, np.zeros(1, dtype=np.int64)
    by_group = np.lexsort((owner[kept], root[kept]))
    same = kept[by_group]
    is_first = np.ones(len(same), dtype=bool)
    is_first[1:] = (root[same][1:] != root[same][:-1]) | (owner[same][1:] != owner[same][:-1])
    number = np.cumsum(is_first) - 1
    # lexsort is stable: the first of each group is its first message in the file.
    first = same[is_first][number]
    lacks_time = np.zeros(number[-1] + 1, dtype=bool)
    lacks_time[number[times[same] == _NONE]] = True
    time = np.where(lacks_time[number], 0, times[same])
    order = np.lexsort((same, depth[same], time, first))
    groups = first[order]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    return same[order], np.append(starts, len(same))
