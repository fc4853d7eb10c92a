"""What rules there are, told from their files without reading what they look for.

Enough to check names in settings and to know whether anything has changed; the
catalogue itself is loaded only where something has to be judged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from convscan.errors import RuleError
from convscan.rules.catalogue import PackFolder, digest_of
from convscan.rules.fields import Fields, Problems
from convscan.rules.loader import pack_files, renamed_rules
from convscan.rules.rule import Place

# Packages that hold a rule pack name it in this group: `acme = "acme_rules"`, or `"acme_rules.folder"`.
ENTRY_POINT_GROUP = "convscan.rules"

_NO_RULES = frozenset({"acts"})


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Names of all rules.

    Attributes:
        files: Rule id to file.
        renamed: Old ids of rules, with the new ones.
        digest: That of the catalogue which these files make.
    """

    files: Mapping[str, Path]
    digest: str
    renamed: Mapping[str, str] = field(default_factory=dict)


def index_rules(built_in: Path, own: Iterable[PackFolder]) -> RuleIndex:
    """Return the names of convscan's rules and those of further packs.

    Raises:
        RuleError: If a folder is not there or empty.
    """
    listed = [(root, pack_files(root)) for root in (built_in, *(pack.path for pack in own))]
    return RuleIndex(
        files={name: path for root, files in listed for path in files if (name := _rule_id(path, root))},
        digest=digest_of(listed),
        renamed={old: new for root, _ in listed for old, new in _renamed_in(root / "renamed.yaml").items()},
    )


def _rule_id(path: Path, root: Path) -> str | None:
    parts = path.relative_to(root).with_suffix("").parts
    return "/".join(parts) if len(parts) > 1 and parts[0] not in _NO_RULES else None


def _renamed_in(path: Path) -> dict[str, str]:
    """Return what a pack renamed; what is wrong in the file is told where rules are loaded."""
    if not path.is_file():
        return {}
    from convscan.rules.yaml_file import read_yaml

    try:
        return renamed_rules(Fields(read_yaml(path), Place(path), Problems()))
    except RuleError:
        return {}


def packs_in_force(rules_paths: Iterable[str]) -> tuple[PackFolder, ...]:
    """Return the packs beside convscan's own: folders that the user names, then installed packages."""
    return (*(PackFolder(Path(path), path) for path in rules_paths), *_installed_packs())


def _installed_packs() -> Iterable[PackFolder]:
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        origin = f"package {point.dist.name} {point.dist.version}" if point.dist else f"package {point.module}"
        yield PackFolder(_folder_of(point.module, origin), origin)


def _folder_of(module: str, origin: str) -> Path:
    """Return the folder that `package` or `package.folder` names; nothing of the package is run but its `__init__`."""
    package, _, inside = module.partition(".")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise RuleError(
            f"{origin}: {module!r} names no package; mend its entry point in the group {ENTRY_POINT_GROUP!r}"
        )
    return Path(next(iter(spec.submodule_search_locations)), *inside.split(".") if inside else ())
