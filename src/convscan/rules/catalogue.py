"""All rules, acts and cues together, from convscan and from packs of one's own."""

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from convscan.errors import RuleError
from convscan.finding import Scope
from convscan.rules.fields import listed
from convscan.rules.loader import BUILT_IN, Pack, load_pack, located
from convscan.rules.rule import Act, Cue, Place, Rule, Wording

# How a rule names an act where it may name rules too.
_ACTS = "acts/"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is looked for.

    Attributes:
        rules: By id, sorted.
        acts: By name, sorted.
        lists: Word lists for phrases, by name.
        norms: Spelling to norm.
        errors: What was wrong in files that were left out.
        digest: Hash over every file that was read; equal rules give equal hashes.
        renamed: Old ids of rules, with the new ones.
    """

    rules: Mapping[str, Rule]
    acts: Mapping[str, Act]
    cues: Mapping[str, Cue]
    lists: Mapping[str, Sequence[str]]
    norms: Mapping[str, str]
    errors: tuple[RuleError, ...] = ()
    digest: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)

    def scopes(self) -> dict[str, Scope]:
        """Return the scope of each rule by id."""
        return {rule_id: rule.scope for rule_id, rule in self.rules.items()}

    def families(self) -> tuple[str, ...]:
        """Return the families of all rules, sorted."""
        return tuple(sorted({rule.family for rule in self.rules.values()}))


@dataclass(frozen=True, slots=True)
class PackFolder:
    """Where a rule pack lies, and what `rules list` tells of its origin."""

    path: Path
    origin: str


def load_catalogue(
    built_in: Path, own: Iterable[Path | PackFolder] = (), documents: Mapping[Path, object] | None = None
) -> Catalogue:
    """Load convscan's rules and any further packs.

    A pack's files take the place of nothing: an id that stands twice is an error
    and the later rule is left out.

    Args:
        built_in: Folder of convscan's own rules.
        own: Folders of further packs.
        documents: What stands in files that are known already.

    Raises:
        RuleError: If a folder is not there or empty.
    """
    folders = [pack if isinstance(pack, PackFolder) else PackFolder(pack, str(pack)) for pack in own]
    folders.insert(0, PackFolder(built_in, BUILT_IN))
    packs = [load_pack(folder.path, origin=folder.origin, documents=documents) for folder in folders]
    errors = [error for pack in packs for error in pack.errors]
    rules = _once("rule id", [_Entry(r.id, r, r.place, pack.origin) for pack in packs for r in pack.rules], errors)
    acts = _once("act", [_Entry(act.name, act, act.place, pack.origin) for pack in packs for act in pack.acts], errors)
    cues = _once("cue", [entry for pack in packs for entry in _cues_of_pack(pack)], errors)
    lists = _once("word list", [entry for pack in packs for entry in _lists_of_pack(pack)], errors)
    acts = _with_known_cues(acts, cues, errors)
    rules = _with_known_names(rules, acts, cues, errors)
    return Catalogue(
        rules=dict(sorted(rules.items())),
        acts=dict(sorted(acts.items())),
        cues=cues,
        lists=lists,
        # How a word is spelled is no judgement: the packs' tables are one, and convscan's own goes first.
        norms={written: norm for pack in reversed(packs) for written, norm in pack.norms.items()},
        errors=tuple(errors),
        digest=digest_of((pack.root, pack.files) for pack in packs),
        renamed={old: new for pack in packs for old, new in pack.renamed.items()},
    )


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[_Value]):
    """Something with a name that only one pack can take."""

    name: str
    value: _Value
    place: Place
    origin: str


def _cues_of_pack(pack: Pack) -> Iterator[_Entry[Cue]]:
    for number, cue in enumerate(pack.cues):
        yield _Entry(cue.name, cue, Place(pack.root / "cues.yaml", ("cues", number)), pack.origin)


def _lists_of_pack(pack: Pack) -> Iterator[_Entry[Sequence[str]]]:
    for name, words in pack.lists.items():
        yield _Entry(name, words, Place(pack.root / "lists.yaml", ("lists", name)), pack.origin)


def _once(kind: str, entries: Iterable[_Entry[_Value]], errors: list[RuleError]) -> dict[str, _Value]:
    """Return the entries by name; where two have one name the first stays and the other is an error."""
    first: dict[str, _Entry[_Value]] = {}
    for entry in entries:
        holder = first.setdefault(entry.name, entry)
        if holder is not entry:
            errors.append(
                located(entry.place, f"{kind} {entry.name!r} is taken by {holder.origin}; choose another name")
            )
    return {name: entry.value for name, entry in first.items()}


def _with_known_cues(acts: Mapping[str, Act], cues: Mapping[str, Cue], errors: list[RuleError]) -> dict[str, Act]:
    """Leave out acts that name a cue that does not exist."""
    kept: dict[str, Act] = {}
    for name, act in acts.items():
        unknown = [
            _unknown("cue", cue, place, cues) for place, cue in _cues_of(act.wording, act.place) if cue not in cues
        ]
        errors.extend(unknown)
        if not unknown:
            kept[name] = act
    return kept


def _with_known_names(
    rules: Mapping[str, Rule], acts: Mapping[str, Act], cues: Mapping[str, Cue], errors: list[RuleError]
) -> dict[str, Rule]:
    """Leave out rules that name an act, cue or rule that does not exist."""
    kept: dict[str, Rule] = {}
    owners = {*rules, *(f"{_ACTS}{name}" for name in acts)}
    for rule_id, rule in rules.items():
        unknown = [
            *(_unknown("act", name, place, acts) for place, name in _acts_of(rule) if name not in acts),
            *(
                _unknown("cue", cue, place, cues)
                for place, cue in _cues_of(rule.wording, rule.place)
                if cue not in cues
            ),
            *(
                _unknown("rule", name, place, owners)
                for place, name in _named(rule.yields_to, rule.place.at("yields-to"))
                if name not in owners
            ),
        ]
        errors.extend(unknown)
        if not unknown:
            kept[rule_id] = rule
    return kept


def _unknown(kind: str, name: str, place: Place, known: Iterable[str]) -> RuleError:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {listed(known, near=name)}"
    return located(place, f"unknown {kind} {name!r}; {hint}")


def _acts_of(rule: Rule) -> Iterator[tuple[Place, str]]:
    if rule.absence is None:
        return
    for number, trigger in enumerate(rule.absence.when):
        place = rule.place.at("when", number)
        yield from _named(trigger.acts, place.at("acts"))
        yield from _named(trigger.without, place.at("without"))
        yield from _named(trigger.also, place.at("also"))
        yield from _named(trigger.after, place.at("after"))
    yield from _named(rule.absence.expect.acts, rule.place.at("expect", "acts"))
    yield from _named(rule.absence.expect.among, rule.place.at("expect", "among"))
    yield from _named(rule.absence.settled_by, rule.place.at("settled-by"))


def _cues_of(wording: Wording, place: Place) -> Iterator[tuple[Place, str]]:
    yield from _named(wording.unless, place.at("unless"))
    for pattern in wording.patterns:
        for name in pattern.unless:
            yield pattern.place.at("unless"), name


def _named(names: Iterable[str], place: Place) -> Iterator[tuple[Place, str]]:
    for number, name in enumerate(names):
        yield place.at(number), name


def digest_of(packs: Iterable[tuple[Path, Iterable[Path]]]) -> str:
    """Return a hash over names and contents of the files of each folder, wherever the folders lie."""
    digest = hashlib.sha256()
    for number, (root, files) in enumerate(packs):
        # Where one pack ends and the next begins: what is made of two is not what is made of one.
        digest.update(b"\0" if number else b"")
        for path in files:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(b"\0")
            digest.update(_content(path))
            digest.update(b"\0")
    return digest.hexdigest()[:16]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # reported when its rules were read
        return b""
