"""Settings: frozen values, from `convscan.toml` or `[tool.convscan]`, strictly read."""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from convscan.conversation import Role
from convscan.errors import ConfigError
from convscan.finding import Severity

_Enum = TypeVar("_Enum", bound=StrEnum)

CONFIG_NAMES = ("convscan.toml", "pyproject.toml")


class ModelChoice(StrEnum):
    """Which model looks at conversations beside the rules."""

    NONE = "none"
    FAST = "fast"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    NEVER = "never"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a user can set.

    Attributes:
        select: Rule ids or families to look for; empty for all.
        ignore: Rule ids or families to leave out; stronger than `select`.
        severity: Severity by rule id, instead of the rule's own.
        min_confidence: Findings below are not shown; unmeasured ones only at 0.
        fail_on: None leaves it to the command.
        rules_paths: Folders of further rules.
        model: Which model looks at conversations beside the rules.
        judge_bots: Whether bots are judged as agents are.
        roles: Speaker name to role, for transcripts that do not say.
        max_utterance_chars: A longer utterance is not judged and the record is incomplete.
        max_record_seconds: A record that takes longer is incomplete.
        max_record_bytes: A larger record is not read at all.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    min_confidence: float = 0.0
    fail_on: FailOn | None = None
    rules_paths: tuple[str, ...] = ()
    model: ModelChoice = ModelChoice.FAST
    judge_bots: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    max_utterance_chars: int = 200_000
    max_record_seconds: float = 60.0
    max_record_bytes: int = 32 * 1024 * 1024

    def wants(self, rule_id: str) -> bool:
        """Whether a rule is selected and not ignored."""
        if any(_covers(entry, rule_id) for entry in self.ignore):
            return False
        return not self.select or any(_covers(entry, rule_id) for entry in self.select)

    def severity_of(self, rule_id: str, default: Severity) -> Severity:
        """Return the severity that the user gave a rule, else its own."""
        return self.severity.get(rule_id, default)

    def check_rules(self, known: Mapping[str, object]) -> None:
        """Refuse rule ids and families that do not exist.

        Raises:
            ConfigError: If an entry of select, ignore or severity names no rule.
        """
        names = sorted({*known, *(rule_id.rpartition("/")[0] for rule_id in known)})
        for key in ("select", "ignore", "severity"):
            for entry in getattr(self, key):
                if entry not in names:
                    raise ConfigError(f"{key}: no rule or family {entry!r}{_hint(entry, names)}")


def find_config(start: Path) -> Path | None:
    """Return the nearest file with settings, upward from a folder; None if there is none.

    A `pyproject.toml` counts only if it has a `[tool.convscan]` table.
    """
    for folder in (start, *start.parents):
        for name in CONFIG_NAMES:
            path = folder / name
            if path.is_file() and (name == CONFIG_NAMES[0] or "convscan" in _tool_table(path)):
                return path
    return None


def load_config(path: Path) -> Config:
    """Read settings from a file.

    Relative `rules-paths` are taken from the file's folder.

    Raises:
        ConfigError: If the file cannot be read, is no TOML, or holds an unknown key or an impossible value.
    """
    table: object = _tool_table(path).get("convscan", {}) if path.name == "pyproject.toml" else _toml(path)
    if not isinstance(table, Mapping):
        raise ConfigError(f"{path}: [tool.convscan] must be a table")
    config = config_from_mapping(table, where=str(path))
    return replace(config, rules_paths=tuple(str(path.parent / folder) for folder in config.rules_paths))


def config_from_mapping(table: Mapping[str, object], *, where: str) -> Config:
    """Read settings from a mapping whose keys are in kebab-case.

    Args:
        where: Named in errors.

    Raises:
        ConfigError: If it holds an unknown key or an impossible value.
    """
    known = {f.name.replace("_", "-"): f.name for f in fields(Config)}
    values: dict[str, object] = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{where}: unknown setting {key!r}{_hint(key, known)}")
        values[known[key]] = _READERS[known[key]](value, f"{where}: {key}")
    return replace(Config(), **values)  # type: ignore[arg-type] # each reader returns its field's type


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: no valid TOML: {error}") from error


def _tool_table(path: Path) -> Mapping[str, object]:
    tool = _toml(path).get("tool", {})
    return tool if isinstance(tool, Mapping) else {}


def _covers(entry: str, rule_id: str) -> bool:
    return entry == rule_id or rule_id.startswith(entry + "/")


def _hint(word: str, known: Mapping[str, object] | list[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where}: expected a list of texts, found {value!r}")
    return tuple(value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where}: expected true or false, found {value!r}")
    return value


def _share(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ConfigError(f"{where}: expected a number from 0 to 1, found {value!r}")
    return float(value)


def _positive(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigError(f"{where}: expected a number above 0, found {value!r}")
    return float(value)


def _count(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ConfigError(f"{where}: expected a whole number above 0, found {value!r}")
    return value


def _fail_on(value: object, where: str) -> FailOn:
    return _member(FailOn, value, where)


def _model(value: object, where: str) -> ModelChoice:
    return _member(ModelChoice, value, where)


def _severities(value: object, where: str) -> dict[str, Severity]:
    return {str(key): _member(Severity, item, f"{where}.{key}") for key, item in _table(value, where).items()}


def _roles(value: object, where: str) -> dict[str, Role]:
    return {str(key): _member(Role, item, f"{where}.{key}") for key, item in _table(value, where).items()}


def _table(value: object, where: str) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: expected a table, found {value!r}")
    return value


def _member(enum: type[_Enum], value: object, where: str) -> _Enum:
    try:
        return enum(str(value))
    except ValueError:
        raise ConfigError(f"{where}: {value!r} is not one of {', '.join(enum)}") from None


_READERS: Mapping[str, Callable[[object, str], object]] = {
    "select": _texts,
    "ignore": _texts,
    "severity": _severities,
    "min_confidence": _share,
    "fail_on": _fail_on,
    "rules_paths": _texts,
    "model": _model,
    "judge_bots": _flag,
    "roles": _roles,
    "max_utterance_chars": _count,
    "max_record_seconds": _positive,
    "max_record_bytes": _count,
}
