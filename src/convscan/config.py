"""Settings: frozen values, from `convscan.toml` or `[tool.convscan]`, strictly read."""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

from convscan.conversation import Channel, Role, Scenario
from convscan.errors import ConfigError
from convscan.finding import Severity
from convscan.path_expressions import check_path
from convscan.placeholders.names import PlaceholderKind

_Enum = TypeVar("_Enum", bound=StrEnum)

CONFIG_NAMES = ("convscan.toml", "pyproject.toml")
# Editors of Windows put a byte order mark before the first key.
_ENCODING = "utf-8-sig"


class ModelChoice(StrEnum):
    """Which model looks at conversations beside the rules."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    NEVER = "never"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Markup(StrEnum):
    """How the body of a template is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSettings:
    """What a user says of some files of templates; one `[[tool.convscan.templates]]`.

    Attributes:
        files: Patterns as in .gitignore, from the folder of the configuration file; empty for all files.
        items: JSONPath of the templates in a JSON, YAML or CSV file; None to look for them.
        title: JSONPath of a template's name, from the template.
        body: JSONPath of its text, from the template.
        id: JSONPath of its id, from the template.
        markup: None to tell by what the text looks like.
        scenario: What the templates answer, or what else they are.
        channel: How they will be sent.
        language: ISO 639-1 code.
    """

    files: tuple[str, ...] = ()
    items: str | None = None
    title: str | None = None
    body: str | None = None
    id: str | None = None
    markup: Markup | None = None
    scenario: Scenario | None = None
    channel: Channel | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        _settle(self, _TEMPLATE_READERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSettings:
    """Where things stand in files of a user's own shape; one `[tool.convscan.mapping.NAME]`.

    All but `role_map` and `markup` are JSONPaths; those from `text` to `public` start at an
    utterance. Of a table, paths are names of columns.

    Attributes:
        conversations: From a document (of JSON Lines a line, of a table a row); the document itself if None.
        id: Of a conversation. Without `utterances`, what has the same id is one conversation.
        utterances: From a conversation; None if what `conversations` finds are utterances.
        text: Its words.
        role: What the speaker is; None to tell by how they talk.
        role_map: What the file calls roles, in any case, and what they are.
        author: Name of the speaker.
        author_id: Identity of the speaker.
        timestamp: When it was sent; sorts the utterances if each has one.
        visibility: Of whom it was seen: internal, private, note, or anything else for public.
        internal: True for what the customer did not see.
        public: False for what the customer did not see.
        channel: Of a conversation; or the name of a channel itself.
        language: Of a conversation, ISO 639-1.
        subject: Of a conversation.
        markup: Whether texts are HTML; None to tell by what a text looks like.
    """

    conversations: str | None = None
    id: str | None = None
    utterances: str | None = None
    text: str = "text"
    role: str | None = None
    role_map: Mapping[str, Role] = field(default_factory=dict, hash=False)
    author: str | None = None
    author_id: str | None = None
    timestamp: str | None = None
    visibility: str | None = None
    internal: str | None = None
    public: str | None = None
    channel: str | None = None
    language: str | None = None
    subject: str | None = None
    markup: Markup | None = None

    def __post_init__(self) -> None:
        _settle(self, _MAPPING_READERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceSettings:
    """How the relationship balance is weighed, in points; `[tool.convscan.balance]`.

    The defaults are a convention: one deposit makes good one warning, and two an error. Source: docs/balance.md.

    Attributes:
        deposit: What each good thing is worth.
        note: What a finding of this severity takes.
        warning: Likewise.
        error: Likewise.
        unmeasured: Stands for a confidence that is not measured, 0 to 1.
        recovered: Share that still counts of what was followed by apology, ownership and remedy.
        run: What each turn in a row that only took adds to the factor 1 of the next.
        limit: The largest factor in a run.
    """

    deposit: float = 1.0
    note: float = 0.5
    warning: float = 1.0
    error: float = 2.0
    unmeasured: float = 1.0
    recovered: float = 0.5
    run: float = 0.25
    limit: float = 2.0

    def __post_init__(self) -> None:
        _settle(self, _BALANCE_READERS)

    def weight_of(self, severity: Severity) -> float:
        """Return what a finding takes."""
        return {Severity.NOTE: self.note, Severity.WARNING: self.warning, Severity.ERROR: self.error}[severity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a user can set.

    However it is made, values are read as those of a file are: words for what they name,
    lists for tuples. What is impossible is a `ConfigError`.

    Attributes:
        select: Rule ids or families to look for; empty for all.
        ignore: Rule ids or families to leave out; stronger than `select`.
        severity: Severity by rule id, instead of the rule's own.
        min_confidence: Findings below are not shown; unmeasured ones only at 0.
        fail_on: None leaves it to the command.
        rules_paths: Folders of further rules.
        model: Which model looks on beside the rules; None leaves it to the command.
        fast_model: Folder of the fast model that `convscan train` wrote; None for the one that ships.
        per_file_ignores: Patterns as in .gitignore, to rules or families that are left out in such files.
        exclude: Patterns as in .gitignore of files that `lint` leaves out, also if they are named.
        placeholders: Names of placeholders that the sender fills in, and what each stands for, None to tell
            by its words; if any are given, all other names are wrong.
        templates: What is said of files of templates; the first that fits a file counts.
        mapping: How files of the user's own shapes are read, by name: `--from mapping:NAME`.
        balance: How the relationship balance is weighed.
        baseline: File of findings that are accepted.
        format: What `lint` writes: names of formats, each perhaps with `=FILE`; empty leaves it to the command.
        cache_dir: Where `lint` keeps results of files that have not changed.
        judge_bots: Whether bots are judged as agents are.
        roles: Speaker name to role, for transcripts that do not say.
        columns: What a column of a table holds ("text", "role", …) to the column's name.
        agent_domains: Domains of the company, for mail: who writes from them is an agent.
        agent_addresses: Addresses of agents or of the team, for mail.
        max_utterance_chars: A longer utterance is not judged and the record is incomplete.
        max_record_seconds: A record that takes longer is incomplete.
        max_record_bytes: A larger record is not read at all.
        root: Folder from which patterns of files are taken: that of the configuration file.
        places: Setting, or `table.entry`, to the `path:line` at which a file sets it.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict, hash=False)
    min_confidence: float = 0.0
    fail_on: FailOn | None = None
    rules_paths: tuple[str, ...] = ()
    model: ModelChoice | None = None
    fast_model: str | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    exclude: tuple[str, ...] = ()
    placeholders: Mapping[str, PlaceholderKind | None] = field(default_factory=dict, hash=False)
    templates: tuple[TemplateSettings, ...] = ()
    mapping: Mapping[str, MappingSettings] = field(default_factory=dict, hash=False)
    balance: BalanceSettings = field(default_factory=BalanceSettings)
    baseline: str | None = None
    format: tuple[str, ...] = ()
    cache_dir: str = ".convscan_cache"
    judge_bots: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict, hash=False)
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)
    agent_domains: tuple[str, ...] = ()
    agent_addresses: tuple[str, ...] = ()
    max_utterance_chars: int = 200_000
    max_record_seconds: float = 60.0
    max_record_bytes: int = 32 * 1024 * 1024
    root: str = "."
    places: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False, hash=False)

    def __post_init__(self) -> None:
        _settle(self, {**_READERS, "root": _path_name})

    def wants(self, rule_id: str) -> bool:
        """Whether a rule is selected and not ignored."""
        if any(covers(entry, rule_id) for entry in self.ignore):
            return False
        return not self.select or any(covers(entry, rule_id) for entry in self.select)

    def severity_of(self, rule_id: str, default: Severity) -> Severity:
        """Return the severity that the user gave a rule, else its own."""
        return self.severity.get(rule_id, default)

    def check_rules(self, known: Mapping[str, object], left_out: Sequence[Exception] = ()) -> None:
        """Refuse rule ids and families that do not exist.

        Args:
            known: Rules by id.
            left_out: What was wrong in rules that are not among them.

        Raises:
            ConfigError: If an entry of select, ignore or severity names no rule.
        """
        for key, entries in self.named_rules():
            for entry in entries:
                place = self.places.get(f"{key}.{entry}") or self.places.get(key.split(".", 1)[0])
                check_rule_name(entry, known, where=f"{place}: {key}" if place else key, left_out=left_out)

    def named_rules(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each setting that names rules or families, with what it names."""
        yield "select", self.select
        yield "ignore", self.ignore
        yield "severity", tuple(self.severity)
        for pattern, entries in self.per_file_ignores.items():
            yield f"per-file-ignores.{pattern}", entries

    def with_renamed_rules(self, renamed: Mapping[str, str]) -> "Config":
        """Return the settings with new names for rules that were renamed."""

        def new(entries: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(renamed.get(entry, entry) for entry in entries)

        return replace(
            self,
            select=new(self.select),
            ignore=new(self.ignore),
            severity={renamed.get(entry, entry): severity for entry, severity in self.severity.items()},
            per_file_ignores={pattern: new(entries) for pattern, entries in self.per_file_ignores.items()},
        )


def check_rule_name(entry: str, known: Mapping[str, object], *, where: str, left_out: Sequence[Exception] = ()) -> None:
    """Refuse the name of a rule or family that does not exist.

    Args:
        known: Rules by id.
        where: Named in the error.
        left_out: What was wrong in rules that are not among them.

    Raises:
        ConfigError: If there is neither a rule nor a family of this name.
    """
    families = sorted({rule_id.rpartition("/")[0] for rule_id in known})
    if entry in known or entry in families:
        return
    if left_out:
        faults = "\n".join(map(str, left_out))
        raise ConfigError(
            f"{where}: no rule or family {entry!r} could be loaded; mend first what was left out:\n{faults}"
        )
    near = difflib.get_close_matches(entry, [*known, *families], n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"families: {', '.join(families)}; see: convscan rules list"
    raise ConfigError(f"{where}: no rule or family {entry!r}; {hint}")


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


def load_config(path: Path | str) -> Config:
    """Read settings from a file.

    Relative paths and patterns are taken from the file's folder.

    Raises:
        ConfigError: If the file cannot be read, is no TOML, or holds an unknown key or an impossible value.
    """
    path = Path(path)
    table: object = _tool_table(path).get("convscan", {}) if path.name == "pyproject.toml" else _toml(path)
    if not isinstance(table, Mapping):
        raise ConfigError(f"{path}: [tool.convscan] must be a table")
    config = config_from_mapping(table, where=str(path), line_of=_line_finder(path))
    folder = path.parent
    return replace(
        config,
        rules_paths=tuple(str(folder / other) for other in config.rules_paths),
        fast_model=None if config.fast_model is None else str(folder / config.fast_model),
        baseline=None if config.baseline is None else str(folder / config.baseline),
        cache_dir=str(folder / config.cache_dir),
        root=str(folder),
    )


def _nowhere(_key: str) -> int | None:
    """Return no line, for settings that come from no file."""
    return None


def config_from_mapping(
    table: Mapping[str, object], *, where: str, line_of: Callable[[str], int | None] = _nowhere
) -> Config:
    """Read settings from a mapping whose keys are in kebab-case.

    Args:
        where: Named in errors.
        line_of: Returns the line of a key, None if it is not known.

    Raises:
        ConfigError: If it holds an unknown key or an impossible value.
    """
    known = setting_names()
    values: dict[str, object] = {}
    places: dict[str, str] = {}
    for key, value in table.items():
        line = line_of(key)
        place = where if line is None else f"{where}:{line}"
        if key not in known:
            raise ConfigError(f"{place}: unknown setting {key!r}{_hint(key, known)}")
        values[known[key]] = _READERS[known[key]](value, f"{place}: {key}")
        if line is not None:
            places[key] = place
            inside = {entry: line_of(entry) for entry in value} if isinstance(value, Mapping) else {}
            places |= {f"{key}.{entry}": f"{where}:{at}" for entry, at in inside.items() if at is not None}
    values["places"] = places
    return Config(**values)  # type: ignore[arg-type] # each reader returns its field's type


def _settle(
    settings: Config | TemplateSettings | MappingSettings | BalanceSettings,
    readers: Mapping[str, Callable[[object, str], object]],
) -> None:
    """Read the values of settings that are being made; what a file said has been read before and stays.

    Raises:
        ConfigError: If a value is impossible.
    """
    for one in fields(settings):
        if one.name not in readers:
            continue
        value = getattr(settings, one.name)
        if value is not None or one.default is not None:
            read = readers[one.name](value, f"{type(settings).__name__}: {one.name}")
            object.__setattr__(settings, one.name, read)


def _line_finder(path: Path) -> Callable[[str], int | None]:
    """Return what tells the line of a key; the parser of TOML tells none."""
    lines = path.read_text(encoding=_ENCODING).splitlines()
    is_project = path.name == CONFIG_NAMES[1]
    first = next((n for n, line in enumerate(lines) if is_project and "tool.convscan" in line), 0)

    def line_of(key: str) -> int | None:
        name = re.escape(key)
        opening = re.compile(
            rf"""\s*(?:["']?{name}["']?\s*[=.]|\[\[?\s*(?:tool\.convscan\.)?["']?{name}["']?\s*[\].])"""
        )
        return next((n + 1 for n, line in enumerate(lines) if n >= first and opening.match(line)), None)

    return line_of


def setting_names() -> dict[str, str]:
    """Return what a user can set: key in a configuration file to field of `Config`."""
    return {f.name.replace("_", "-"): f.name for f in fields(Config) if f.name in _READERS}


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding=_ENCODING))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: no valid TOML: {error}") from error


def _tool_table(path: Path) -> Mapping[str, object]:
    tool = _toml(path).get("tool", {})
    return tool if isinstance(tool, Mapping) else {}


def covers(entry: str, rule_id: str) -> bool:
    """Whether an entry such as `promise` or `promise/guarantee` names a rule or its family."""
    return entry == rule_id or rule_id.startswith(entry + "/")


def _hint(word: str, known: Mapping[str, object] | list[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(sorted(known))}"


def _texts(value: object, where: str) -> tuple[str, ...]:
    hint = f"; write [{value!r}]" if isinstance(value, str) else ""
    if isinstance(value, set | frozenset):
        value = sorted(value, key=str)  # the order of a set is not the same in every process
    if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f"{where}: expected a list of texts, found {value!r}{hint}")
    return tuple(value)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{where}: expected text, found {value!r}")
    return value


def _path_name(value: object, where: str) -> str:
    return _text(os.fspath(value) if isinstance(value, os.PathLike) else value, where)


def _path_names(value: object, where: str) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        value = [os.fspath(item) if isinstance(item, os.PathLike) else item for item in value]
    return _texts(value, where)


def _formats(value: object, where: str) -> tuple[str, ...]:
    return _texts([value] if isinstance(value, str) else value, where)


def _texts_by_name(value: object, where: str) -> dict[str, tuple[str, ...]]:
    return {str(key): _texts(item, f"{where}.{key}") for key, item in _table(value, where).items()}


def _placeholders(value: object, where: str) -> dict[str, PlaceholderKind | None]:
    """Read a list of names, or a table of names with what each stands for."""
    if isinstance(value, list | tuple):
        return dict.fromkeys(_texts(value, where))
    return {str(key): _placeholder_kind(item, f"{where}.{key}") for key, item in _table(value, where).items()}


def _placeholder_kind(value: object, where: str) -> PlaceholderKind | None:
    if value is None:
        return None
    kind = _member(PlaceholderKind, value, where)
    if kind in {PlaceholderKind.CONTROL, PlaceholderKind.COMMENT}:
        raise ConfigError(f"{where}: {value!r} is no kind of words; take one of {', '.join(sorted(_WORD_KINDS))}")
    return kind


_WORD_KINDS = frozenset(PlaceholderKind) - {PlaceholderKind.CONTROL, PlaceholderKind.COMMENT}


def _templates(value: object, where: str) -> tuple[TemplateSettings, ...]:
    if not isinstance(value, list | tuple):
        raise ConfigError(f"{where}: expected a list of tables; write [[tool.convscan.templates]]")
    return tuple(_template_settings(item, f"{where}[{number}]") for number, item in enumerate(value))


def _template_settings(value: object, where: str) -> TemplateSettings:
    if isinstance(value, TemplateSettings):
        return value
    values: dict[str, object] = {}
    for key, item in _table(value, where).items():
        if key not in _TEMPLATE_READERS:
            raise ConfigError(f"{where}: unknown setting {key!r}{_hint(str(key), list(_TEMPLATE_READERS))}")
        values[str(key)] = _TEMPLATE_READERS[str(key)](item, f"{where}.{key}")
    return TemplateSettings(**values)  # type: ignore[arg-type] # each reader returns its field's type


def _mappings(value: object, where: str) -> dict[str, MappingSettings]:
    return {str(name): _mapping_settings(item, f"{where}.{name}") for name, item in _table(value, where).items()}


def _mapping_settings(value: object, where: str) -> MappingSettings:
    if isinstance(value, MappingSettings):
        return value
    values: dict[str, object] = {}
    for key, item in _table(value, where).items():
        if key not in _MAPPING_READERS:
            raise ConfigError(f"{where}: unknown setting {key!r}{_hint(str(key), list(_MAPPING_READERS))}")
        values[str(key)] = _MAPPING_READERS[str(key)](item, f"{where}.{key}")
    return MappingSettings(**values)  # type: ignore[arg-type] # each reader returns its field's type


def _path(value: object, where: str) -> str:
    path = _text(value, where)
    check_path(path, where)
    return path


def _balance(value: object, where: str) -> BalanceSettings:
    if isinstance(value, BalanceSettings):
        return value
    known = [f.name for f in fields(BalanceSettings)]
    values: dict[str, float] = {}
    for key, item in _table(value, where).items():
        if key not in known:
            raise ConfigError(f"{where}: unknown setting {key!r}{_hint(str(key), known)}")
        values[str(key)] = _BALANCE_READERS[str(key)](item, f"{where}.{key}")
    return BalanceSettings(**values)


def _number_between(least: float, most: float, value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ConfigError(f"{where}: expected a number from {least:g} to {most:g}, found {value!r}")
    return float(value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigError(f"{where}: expected true or false, found {value!r}")
    return value


def _share(value: object, where: str) -> float:
    return _number_between(0, 1, value, where)


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


def _columns(value: object, where: str) -> dict[str, str]:
    return {str(key): _text(item, f"{where}.{key}") for key, item in _table(value, where).items()}


def _table(value: object, where: str) -> Mapping[object, object]:
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: expected a table, found {value!r}")
    return value


def _member(enum: type[_Enum], value: object, where: str) -> _Enum:
    try:
        return enum(str(value))
    except ValueError:
        near = difflib.get_close_matches(value.lower(), list(enum), n=1) if isinstance(value, str) else ()
        hint = f"; did you mean {str(near[0])!r}?" if near else ""
        raise ConfigError(f"{where}: {value!r} is not one of {', '.join(enum)}{hint}") from None


_TEMPLATE_READERS: Mapping[str, Callable[[object, str], object]] = {
    "files": _formats,
    "items": _text,
    "title": _text,
    "body": _text,
    "id": _text,
    "markup": lambda value, where: _member(Markup, value, where),
    "scenario": lambda value, where: _member(Scenario, value, where),
    "channel": lambda value, where: _member(Channel, value, where),
    "language": _text,
}
_MAPPING_READERS: Mapping[str, Callable[[object, str], object]] = {
    **{f.name: _path for f in fields(MappingSettings)},
    "role_map": _roles,
    "markup": lambda value, where: _member(Markup, value, where),
}
# More than anybody means; it keeps sums within what a number can hold to the hundredth.
_MOST_POINTS = 100
_BALANCE_RANGES = {"unmeasured": (0, 1), "recovered": (0, 1), "limit": (1, _MOST_POINTS)}
_BALANCE_READERS: Mapping[str, Callable[[object, str], float]] = {
    f.name: partial(_number_between, *_BALANCE_RANGES.get(f.name, (0, _MOST_POINTS))) for f in fields(BalanceSettings)
}
_READERS: Mapping[str, Callable[[object, str], object]] = {
    "select": _texts,
    "ignore": _texts,
    "severity": _severities,
    "min_confidence": _share,
    "fail_on": _fail_on,
    "rules_paths": _path_names,
    "model": _model,
    "fast_model": _path_name,
    "per_file_ignores": _texts_by_name,
    "exclude": _texts,
    "placeholders": _placeholders,
    "templates": _templates,
    "mapping": _mappings,
    "balance": _balance,
    "baseline": _path_name,
    "format": _formats,
    "cache_dir": _path_name,
    "judge_bots": _flag,
    "roles": _roles,
    "columns": _columns,
    "agent_domains": _texts,
    "agent_addresses": _texts,
    "max_utterance_chars": _count,
    "max_record_seconds": _positive,
    "max_record_bytes": _count,
}
