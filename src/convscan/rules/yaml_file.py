"""Read YAML strictly: text stays text, a key stands once, errors know their line."""

import re
from collections.abc import Hashable, Sequence
from pathlib import Path

import yaml

from convscan.errors import RuleError

# The longest rule files have a few hundred lines; more is a mistake or an attack.
MAX_BYTES = 512 * 1024


# YAML 1.1 reads `no` as false and 2026-11-21 as a date; in a list of words they are words.
_SURPRISES = frozenset({"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"})


class _StrictLoader(yaml.CSafeLoader):
    """A safe loader that refuses duplicate keys and leaves words alone."""

    yaml_implicit_resolvers = {  # noqa: RUF012 # the shape that yaml's resolver wants
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _SURPRISES]
        for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }


def _mapping_of(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, object]:
    seen: set[object] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            mark = key_node.start_mark
            raise yaml.MarkedYAMLError(problem=f"duplicate key {key!r}; keep one of the two", problem_mark=mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_of)


def read_yaml(path: Path) -> object:
    """Return the document in a file.

    Raises:
        RuleError: If it cannot be read, is too large, or is no valid YAML; with line and column.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RuleError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise RuleError(f"{path}: {len(data)} bytes; a rule file has at most {MAX_BYTES}")
    try:
        return yaml.load(data.decode("utf-8"), Loader=_StrictLoader)  # noqa: S506 # a subclass of CSafeLoader
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        raise RuleError(f"{path}{_line_of(error.problem_mark)}: {error.problem}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise RuleError(f"{path}: no valid YAML: {error}") from error


def _line_of(mark: yaml.Mark | None) -> str:
    return f":{mark.line + 1}:{mark.column + 1}" if mark else ""


def locate(path: Path, keys: Sequence[str | int]) -> str:
    """Return `path:line:col` of what stands under the keys; as near as can be found.

    The file is parsed a second time, for loading without positions is much faster.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return str(path)
    if node is None:
        return f"{path}:1:1"
    mark = node.start_mark
    for key in keys:
        found = _child(node, key)
        if found is None:
            break
        mark, node = found
    return f"{path}:{mark.line + 1}:{mark.column + 1}"


def _child(node: yaml.Node, key: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if key_node.value == str(key):
                return key_node.start_mark, value
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key].start_mark, node.value[key]
    return None
