"""Rules that are ready at once: what is made of a catalogue is kept, in the wheel and in a folder of the user's.

An entry is known by all that decides about it: names and contents of the rule files, and the
code that reads them. It holds plain data with a hash over it; one that is damaged is made
anew, and all may be deleted at any time.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path

from convscan.conversation import Role
from convscan.rules.catalogue import Catalogue, PackFolder, digest_of, load_catalogue
from convscan.rules.loader import pack_files, rule_files
from convscan.rules.prefilter import Filed
from convscan.rules.tables import PatternCompiler, Sought, Table, Tables, make_tables

# Who writes rules changes them often; entries of older states are taken out.
_MAX_ENTRIES = 8
# Sets of rules that a process keeps at hand.
_MAX_AT_HAND = 2


@dataclass(frozen=True, slots=True)
class ReadyRules:
    """A catalogue and what is made of it."""

    catalogue: Catalogue
    tables: Tables


def load_rules(
    built_in: Path, own: Iterable[PackFolder] = (), *, folder: Path | None = None, shipped: Path | None = None
) -> ReadyRules:
    """Load convscan's rules and any further packs, ready to be looked for.

    Args:
        built_in: Folder of convscan's own rules.
        own: Further packs.
        folder: Where the result is kept for the next time; None to keep nothing.
        shipped: Where `ship_rules` left it when convscan was built; nothing is written there.

    Raises:
        RuleError: If a folder of rules is not there or empty, or a phrase of a cue is malformed.
    """
    packs = tuple(own)
    digest = digest_of((root, pack_files(root)) for root in (built_in, *(pack.path for pack in packs)))
    return _at_hand(built_in, packs, digest, folder, shipped)


def ship_rules(built_in: Path, folder: Path) -> Path:
    """Write what is made of convscan's own rules, to be installed with them.

    Args:
        built_in: Folder of the rules.
        folder: Where it is written.

    Returns:
        The file: the same bytes for the same rules and code.

    Raises:
        RuleError: If a rule is wrong.
        OSError: If it cannot be written.
    """
    catalogue = load_catalogue(built_in)
    tables = make_tables(catalogue, PatternCompiler(catalogue))
    for error in (*catalogue.errors, *tables.errors.values()):
        raise error
    place = folder / _entry_name(catalogue.digest)
    _write(place, _content(tables, (built_in,)))
    # Whoever installs it is not always who runs it.
    place.chmod(0o644)
    return place


@lru_cache(maxsize=_MAX_AT_HAND)
def _at_hand(
    built_in: Path, packs: tuple[PackFolder, ...], digest: str, folder: Path | None, shipped: Path | None
) -> ReadyRules:
    for known_in in (shipped, folder):
        known = _load(known_in / _entry_name(digest), built_in, packs) if known_in else None
        if known is not None:
            return known
    catalogue = load_catalogue(built_in, packs)
    made = ReadyRules(catalogue, make_tables(catalogue, PatternCompiler(catalogue)))
    # What is wrong is told anew each time, with its place; a file that changed meanwhile is another entry's.
    if folder and catalogue.digest == digest and not catalogue.errors and not made.tables.errors:
        content = _content(made.tables, (built_in, *(pack.path for pack in packs)))
        # A folder that cannot be written to is no error.
        with suppress(OSError):
            _write(folder / _entry_name(digest), content)
    return made


def _entry_name(digest: str) -> str:
    return f"rules-{digest}-{_made_by()}.json"


def forget() -> None:
    """Let go of what this process has at hand."""
    _at_hand.cache_clear()


@cache
def _made_by() -> str:
    """Return a hash over the code that reads rules: what other code made is not to be trusted."""
    folder = Path(__file__).parent
    return digest_of([(folder, sorted(folder.glob("*.py")))])


def _load(place: Path, built_in: Path, packs: tuple[PackFolder, ...]) -> ReadyRules | None:
    """Return what is kept; None if nothing is, or if it is damaged."""
    try:
        digest, _, content = place.read_bytes().partition(b"\n")
        if digest != _digest(content):
            return None
        record = json.loads(content)
    except (OSError, ValueError):
        return None
    roots = (built_in, *(pack.path for pack in packs))
    documents = {
        root / name: document
        for root, files in zip(roots, record["documents"], strict=True)
        for name, document in files.items()
    }
    catalogue = load_catalogue(built_in, packs, documents)
    return ReadyRules(catalogue, Tables({Role(role): _table(item) for role, item in record["tables"].items()}, {}))


def _table(item: Mapping[str, dict]) -> Table:  # type: ignore[type-arg] # our own record
    sought = {owner: Sought(tuple(places), tuple(others)) for owner, (places, others) in item["sought"].items()}
    return Table(sought, Filed(**item["filed"]))


def _content(tables: Tables, roots: Sequence[Path]) -> bytes:
    """Return an entry."""
    from convscan.rules.yaml_file import read_yaml

    record = {
        "documents": [
            {path.relative_to(root).as_posix(): read_yaml(path) for path in rule_files(root)} for root in roots
        ],
        "tables": {
            role: {
                "sought": {owner: [one.patterns, one.exceptions] for owner, one in table.sought.items()},
                "filed": asdict(table.filed),
            }
            for role, table in tables.of_role.items()
        },
    }
    return json.dumps(record, separators=(",", ":")).encode()


def _write(place: Path, content: bytes) -> None:
    """Write an entry, and take out the oldest if there are many."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(_digest(content) + b"\n" + content)
    # In one step: another process sees the old entry, or none, or all of the new one.
    Path(temporary).replace(place)
    for old in sorted(place.parent.glob("rules-*.json"), key=lambda path: path.stat().st_mtime)[:-_MAX_ENTRIES]:
        old.unlink()


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
