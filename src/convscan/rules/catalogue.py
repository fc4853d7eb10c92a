"""All rules, acts and cues together, from convscan and from packs of one's own."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from convscan.errors import RuleError
from convscan.finding import Scope
from convscan.rules.loader import BUILT_IN, Pack, load_pack, located
from convscan.rules.rule import Act, Cue, Rule


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
    """

    rules: Mapping[str, Rule]
    acts: Mapping[str, Act]
    cues: Mapping[str, Cue]
    lists: Mapping[str, Sequence[str]]
    norms: Mapping[str, str]
    errors: tuple[RuleError, ...] = ()
    digest: str = ""

    def scopes(self) -> dict[str, Scope]:
        """Return the scope of each rule by id."""
        return {rule_id: rule.scope for rule_id, rule in self.rules.items()}

    def families(self) -> tuple[str, ...]:
        """Return the families of all rules, sorted."""
        return tuple(sorted({rule.family for rule in self.rules.values()}))


def load_catalogue(built_in: Path, own: Iterable[Path] = ()) -> Catalogue:
    """Load convscan's rules and any further packs.

    A pack's files take the place of nothing: an id that stands twice is an error
    and the later rule is left out.

    Raises:
        RuleError: If a folder is not there.
    """
    own = tuple(own)
    packs = [load_pack(built_in, origin=BUILT_IN)]
    packs += [load_pack(root, origin=str(root)) for root in own]
    errors = [error for pack in packs for error in pack.errors]
    rules: dict[str, Rule] = {}
    acts: dict[str, Act] = {}
    for pack in packs:
        for rule in pack.rules:
            if rule.id in rules:
                errors.append(located(rule.place, f"rule id {rule.id!r} is taken by {rules[rule.id].origin}"))
            else:
                rules[rule.id] = rule
        for act in pack.acts:
            if act.name in acts:
                errors.append(located(act.place, f"act {act.name!r} is taken by {acts[act.name].origin}"))
            else:
                acts[act.name] = act
    cues = {cue.name: cue for pack in reversed(packs) for cue in pack.cues}
    rules, unknown = _known_references(rules, acts, cues)
    return Catalogue(
        rules=dict(sorted(rules.items())),
        acts=dict(sorted(acts.items())),
        cues=cues,
        lists={name: words for pack in reversed(packs) for name, words in pack.lists.items()},
        norms={written: norm for pack in reversed(packs) for written, norm in pack.norms.items()},
        errors=(*errors, *unknown),
        digest=_digest(packs, [built_in, *own]),
    )


def _known_references(
    rules: Mapping[str, Rule], acts: Mapping[str, Act], cues: Mapping[str, Cue]
) -> tuple[dict[str, Rule], list[RuleError]]:
    """Leave out rules that name an act or cue that does not exist."""
    kept: dict[str, Rule] = {}
    errors: list[RuleError] = []
    for rule_id, rule in rules.items():
        unknown = [
            *(f"unknown act {name!r}; known: {', '.join(sorted(acts))}" for name in _acts_of(rule) if name not in acts),
            *(f"unknown cue {name!r}; known: {', '.join(sorted(cues))}" for name in _cues_of(rule) if name not in cues),
        ]
        if unknown:
            errors.extend(located(rule.place, message) for message in unknown)
        else:
            kept[rule_id] = rule
    return kept, errors


def _acts_of(rule: Rule) -> Iterable[str]:
    if rule.absence is None:
        return
    for trigger in rule.absence.when:
        yield from (*trigger.acts, *trigger.without, *trigger.also, *trigger.after)
    yield from rule.absence.expect.acts
    yield from rule.absence.settled_by


def _cues_of(rule: Rule) -> Iterable[str]:
    yield from rule.wording.unless
    for pattern in rule.wording.patterns:
        yield from pattern.unless


def _digest(packs: Iterable[Pack], roots: Iterable[Path]) -> str:
    """Return a hash over names and contents, wherever the folders lie."""
    digest = hashlib.sha256()
    for pack, root in zip(packs, roots, strict=True):
        for path in pack.files:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(b"\0")
            digest.update(path.read_bytes())
            digest.update(b"\0")
    return digest.hexdigest()[:16]
