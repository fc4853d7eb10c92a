"""Load rule packs: folders of YAML files, one rule a file, the path is the id.

    <pack>/<family>/<name>.yaml   a rule
    <pack>/acts/<name>.yaml       an act
    <pack>/cues.yaml              cues
    <pack>/lists.yaml             word lists for phrases
    <pack>/spelling.yaml          spellings that are one word to a pattern
    <pack>/renamed.yaml           old ids of rules that have a new one

A file that is wrong is left out alone and reported; the others still load.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from convscan.conversation import Channel, Role
from convscan.errors import RuleError
from convscan.finding import Scope, Severity
from convscan.rules.fields import Fields, Problems, kind_of
from convscan.rules.rule import (
    Absence,
    Act,
    Cue,
    Direction,
    Example,
    Expectation,
    Pattern,
    Place,
    Position,
    Reference,
    Rule,
    Trigger,
    Within,
    Wording,
)

BUILT_IN = "built-in"

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_ID = re.compile(rf"{_NAME.pattern}(?:/{_NAME.pattern})+")
# Whose words there are marks for; nobody answers for what a bot or the system says.
_HEARD_ROLES = (Role.CUSTOMER, Role.AGENT)
_MARK = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Pack:
    """What one folder of rules, or one file of it, holds, and what is wrong with it.

    Attributes:
        root: The folder.
        origin: Told in `rules list`; `built-in` for convscan's own.
        files: All files that were read, sorted.
    """

    root: Path
    origin: str
    rules: tuple[Rule, ...] = ()
    acts: tuple[Act, ...] = ()
    cues: tuple[Cue, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    norms: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    errors: tuple[RuleError, ...] = ()
    files: tuple[Path, ...] = ()


def load_pack(root: Path, *, origin: str, documents: Mapping[Path, object] | None = None) -> Pack:
    """Load every YAML file below a folder.

    Args:
        origin: Told in `rules list`; `built-in` for convscan's own.
        documents: What stands in files that are known already.

    Raises:
        RuleError: If the folder is not there, or nothing is in it.
    """
    files = pack_files(root)
    parts = [_load_file(path, Pack(root, origin), documents or {}) for path in files]
    return Pack(
        root,
        origin,
        rules=tuple(rule for part in parts for rule in part.rules),
        acts=tuple(act for part in parts for act in part.acts),
        cues=tuple(cue for part in parts for cue in part.cues),
        lists={name: words for part in parts for name, words in part.lists.items()},
        norms={written: norm for part in parts for written, norm in part.norms.items()},
        renamed={old: new for part in parts for old, new in part.renamed.items()},
        errors=tuple(error for part in parts for error in part.errors),
        files=files,
    )


def is_rule_id(name: str) -> bool:
    """Tell whether a rule may be called so: lower-case words with hyphens, parted by a slash."""
    return _ID.fullmatch(name) is not None


def pack_files(root: Path) -> tuple[Path, ...]:
    """Return the files of a pack, sorted.

    Raises:
        RuleError: If the folder is not there, or nothing is in it: whoever names it believes that it is looked for.
    """
    if not root.is_dir():
        raise RuleError(f"{root}: no such folder of rules")
    files = rule_files(root)
    if not files:
        raise RuleError(f"{root}: no rules in this folder; a rule is a file such as {root / 'acme' / 'no-slang.yaml'}")
    return files


def rule_files(root: Path) -> tuple[Path, ...]:
    """Return the files of a pack, sorted; none if the folder is not there."""
    return tuple(path for path in sorted(root.rglob("*.y*ml")) if _is_rule_file(path, root))


def _is_rule_file(path: Path, root: Path) -> bool:
    """Whether a file is meant for convscan; what hides behind a dot belongs to other tools."""
    is_hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.suffix in {".yaml", ".yml"} and not is_hidden and path.is_file()


def _load_file(path: Path, pack: Pack, documents: Mapping[Path, object]) -> Pack:
    """Return the pack with what one file of it holds."""
    if path.suffix == ".yml":
        return replace(pack, errors=(RuleError(f"{path}: rule files end in '.yaml'; rename it"),))
    try:
        document = documents[path] if path in documents else _read(path)
    except RuleError as error:
        return replace(pack, errors=(error,))
    problems = Problems()
    fields = Fields(document, Place(path), problems)
    loaded = _loaded(path.relative_to(pack.root).with_suffix("").as_posix(), fields, pack)
    fields.finish()
    return replace(pack, errors=tuple(problems.errors())) if problems.found else loaded


def _read(path: Path) -> object:
    # PyYAML is not loaded where all is known already.
    from convscan.rules.yaml_file import read_yaml

    return read_yaml(path)


def _loaded(name: str, fields: Fields, pack: Pack) -> Pack:
    match name.split("/"):
        case ["cues"]:
            return replace(pack, cues=tuple(_cues(fields)))
        case ["lists"]:
            return replace(pack, lists=_lists(fields))
        case ["spelling"]:
            return replace(pack, norms=_norms(fields))
        case ["renamed"]:
            return replace(pack, renamed=renamed_rules(fields))
        case ["acts", *names]:
            return replace(pack, acts=(_act("/".join(names), fields, pack.origin),))
        case _:
            return replace(pack, rules=(_rule(name, fields, pack.origin),))


def _rule(rule_id: str, fields: Fields, origin: str) -> Rule:
    if not _ID.fullmatch(rule_id):
        fields.problems.add(fields.place, f"the path gives the id {rule_id!a}; write family/name in a-z, 0-9 and '-'")
    absence = _absence(fields)
    detector = fields.optional_text("detector")
    scope = fields.member("scope", Scope, Scope.SPAN)
    wording = _wording(fields, (Role.AGENT,))
    _check_roles(fields, wording, (Role.AGENT,))
    if absence is not None and wording.patterns:
        fields.problems.add(
            fields.place.at("patterns"), "a rule has 'patterns' or 'when', not both; move one to an act"
        )
    if detector is not None and absence is not None:
        fields.problems.add(fields.place.at("detector"), "a rule with a 'detector' has no 'when'")
    if absence is None and not wording.patterns and detector is None:
        fields.problems.add(fields.place, "no 'patterns' and no 'when'; a rule needs one of them")
    if detector is None and (absence is None) != (scope is Scope.SPAN):
        fields.problems.add(
            fields.place.at("scope"), "scope 'span' goes with 'patterns', 'turn' and 'conversation' with 'when'"
        )
    message = fields.text("message")
    if message and not message.endswith("."):
        fields.problems.add(fields.place.at("message"), "a message ends with a full stop")
    if set(re.findall(r"\{.*?\}", message)) - {"{match}"}:
        fields.problems.add(fields.place.at("message"), "only {match} can stand in braces in a message")
    return Rule(
        id=rule_id,
        title=fields.text("title"),
        message=message,
        suggestion=fields.text("suggestion"),
        severity=fields.member("severity", Severity, Severity.WARNING),
        scope=scope,
        wording=wording,
        channels=fields.members("channels", Channel, ()),
        examples=tuple(_examples(fields)),
        rationale=fields.text("rationale"),
        references=tuple(_references(fields)),
        since=fields.text("since"),
        place=fields.place,
        origin=origin,
        absence=absence,
        false_positives=fields.optional_text("false_positives"),
        detector=detector,
        yields_to=fields.texts("yields-to"),
        runs_on=fields.flag("runs-on", default=False),
    )


def _act(name: str, fields: Fields, origin: str) -> Act:
    if not _NAME.fullmatch(name):
        fields.problems.add(fields.place, f"the path gives the act {name!a}; write acts/name in a-z, 0-9 and '-'")
    wording = _wording(fields, ())
    _check_roles(fields, wording, _HEARD_ROLES)
    if not wording.roles and not fields.problems.are_at(fields.place.at("roles")):
        fields.problems.add(fields.place, "'roles' is missing; whose words are they?")
    if not wording.patterns:
        fields.problems.add(fields.place, "'patterns' is missing")
    return Act(
        name=name,
        description=fields.text("description"),
        wording=wording,
        examples=tuple(_examples(fields)),
        place=fields.place,
        origin=origin,
    )


def _check_roles(fields: Fields, wording: Wording, allowed: tuple[Role, ...]) -> None:
    for role in wording.roles:
        if role not in allowed:
            message = f"{role.value!r} cannot stand here; allowed: {', '.join(allowed)}"
            fields.problems.add(fields.place.at("roles"), message)


def _wording(fields: Fields, default_roles: tuple[Role, ...]) -> Wording:
    unless = fields.distinct_texts("unless")
    return Wording(
        roles=fields.members("roles", Role, default_roles),
        patterns=tuple(_patterns(fields, "patterns", unless)),
        unless=unless,
        exceptions=tuple(_exceptions(fields)),
    )


def _patterns(fields: Fields, key: str, unless_of_all: tuple[str, ...] = ()) -> Iterator[Pattern]:
    for place, item in fields.items(key):
        if isinstance(item, str):
            yield Pattern(place, phrase=item)
            continue
        if not isinstance(item, Mapping):
            fields.problems.add(place, f"expected a phrase, found {kind_of(item)}; put it in quotes")
            continue
        inner = Fields(item, place, fields.problems)
        yield _pattern(inner, unless_of_all)
        inner.finish()


def _pattern(fields: Fields, unless_of_all: tuple[str, ...]) -> Pattern:
    phrase = fields.optional_text("phrase")
    tokens: list[Mapping[str, object]] = []
    for place, token in fields.items("tokens"):
        if isinstance(token, Mapping):
            tokens.append({str(attribute): value for attribute, value in token.items()})
        else:
            fields.problems.add(place, f"a token is a mapping like {{LOWER: refund}}, found {kind_of(token)}")
    if (phrase is None) == (not tokens):
        fields.problems.add(fields.place, "a pattern is a phrase, or has either 'phrase' or 'tokens'")
    unless = tuple(cue for cue in fields.distinct_texts("unless") if cue not in unless_of_all)
    return Pattern(fields.place, phrase=phrase, tokens=tuple(tokens), unless=unless)


def _exceptions(fields: Fields) -> Iterator[Pattern]:
    for pattern in _patterns(fields, "except"):
        if pattern.unless:
            fields.problems.add(
                pattern.place.at("unless"), "an exception has no 'unless'; it cancels wherever it stands"
            )
        yield pattern


def _phrases(fields: Fields, key: str) -> tuple[Pattern, ...]:
    """Return a list of phrases; cues have no other patterns."""
    items = list(fields.items(key))
    for place, item in items:
        if not isinstance(item, str):
            fields.problems.add(place, f"expected a phrase, found {kind_of(item)}; put it in quotes")
    return tuple(Pattern(place, phrase=item) for place, item in items if isinstance(item, str))


def _absence(fields: Fields) -> Absence | None:
    triggers = tuple(_triggers(fields))
    expectation = fields.take("expect")
    settled_by = fields.texts("settled-by")
    complete_replies_only = fields.flag("complete-replies-only", default=True)
    if not triggers and expectation is None:
        return None
    if not triggers or expectation is None:
        fields.problems.add(fields.place, "'when' and 'expect' go together")
        return None
    expect = Fields(expectation, fields.place.at("expect"), fields.problems)
    absence = Absence(
        when=triggers,
        expect=Expectation(
            acts=expect.texts("acts"),
            within=expect.member("within", Within, Within.NEXT_TURN),
            taken_up=expect.flag("taken-up", default=False),
            among=expect.texts("among"),
        ),
        settled_by=settled_by,
        complete_replies_only=complete_replies_only,
    )
    expect.finish()
    return absence


def _triggers(fields: Fields) -> Iterator[Trigger]:
    for place, item in fields.items("when"):
        inner = Fields(item, place, fields.problems)
        yield Trigger(
            role=inner.member("role", Role, Role.CUSTOMER),
            acts=inner.texts("acts"),
            without=inner.texts("without"),
            also=inner.texts("also"),
            after=inner.texts("after"),
            heated=inner.flag("heated", default=False),
            is_implied=inner.flag("implied", default=False),
            position=inner.member("position", Position, Position.ANY),
        )
        inner.finish()


def _examples(fields: Fields) -> Iterator[Example]:
    examples = fields.take("examples")
    if examples is None:
        fields.problems.add(fields.place, "'examples' is missing; a rule is shown and tested by its examples")
        return
    inner = Fields(examples, fields.place.at("examples"), fields.problems)
    for key in ("match", "no_match"):
        for place, item in inner.items(key):
            example = _example(item, place, fields.problems, fires=key == "match")
            if example is not None:
                yield example
    inner.finish()


def _example(item: object, place: Place, problems: Problems, *, fires: bool) -> Example | None:
    if isinstance(item, str):
        text, saved_by, why = item, None, None
    elif isinstance(item, Mapping) and len(item) == 1 and "text" not in item:
        problems.add(
            place, f"expected text, found a mapping of {next(iter(item))!r}; put text with ': ' in it in quotes"
        )
        return None
    else:
        fields = Fields(item, place, problems)
        text = fields.text("text")
        saved_by = fields.optional_text("saved_by")
        why = fields.optional_text("why")
        fields.finish()
    if not fires and _MARK.search(text):
        problems.add(place, "a no_match example has no [[marks]]")
        return None
    if not fires and not (why or saved_by):
        problems.add(place, "a no_match example says 'why' it is none, or what it is 'saved_by'")
        return None
    return Example(place=place, text=text.strip(), fires=fires, saved_by=saved_by, why=why)


def _references(fields: Fields) -> Iterator[Reference]:
    for place, item in fields.items("references"):
        inner = Fields(item, place, fields.problems)
        accessed = inner.take("accessed")  # YAML reads 2026-11-21 as a date
        yield Reference(
            title=inner.text("title"),
            url=inner.text("url"),
            accessed=None if accessed is None else str(accessed),
        )
        inner.finish()


def _cues(fields: Fields) -> Iterator[Cue]:
    names: set[str] = set()
    for place, item in fields.items("cues"):
        inner = Fields(item, place, fields.problems)
        name = _name(inner.text("name"), place, fields.problems)
        if name in names:
            fields.problems.add(place, f"cue {name!r} stands twice; put the phrases into one")
        names.add(name)
        yield Cue(
            name=name,
            phrases=_phrases(inner, "phrases"),
            affects=inner.member("affects", Direction, Direction.AFTER),
            scope_words=inner.number("scope_words", 0),
            stop=_phrases(inner, "stop"),
            in_quotation=inner.flag("in_quotation", default=False),
        )
        inner.finish()


def _name(name: str, place: Place, problems: Problems) -> str:
    if name and not _NAME.fullmatch(name):
        problems.add(place, f"{name!a} is no name; write it in a-z, 0-9 and '-'")
    return name


def _lists(fields: Fields) -> dict[str, tuple[str, ...]]:
    lists = Fields(fields.take("lists"), fields.place.at("lists"), fields.problems)
    found = {_name(name, lists.place.at(name), fields.problems): lists.texts(name) for name in lists.names()}
    lists.finish()
    return found


def _norms(fields: Fields) -> dict[str, str]:
    norms: dict[str, str] = {}
    spelling = Fields(fields.take("spelling"), fields.place.at("spelling"), fields.problems)
    for norm in spelling.names():
        for number, written in enumerate(spelling.texts(norm)):
            known = norms.setdefault(written.lower(), norm)
            if known != norm:
                place = spelling.place.at(norm, number)
                fields.problems.add(place, f"{written!r} is a spelling of {known!r} already; it can be one word only")
    for norm in spelling.names():
        if norms.get(norm, norm) != norm:
            message = f"{norm!r} is a spelling of {norms[norm]!r}; list its spellings there"
            fields.problems.add(spelling.place.at(norm), message)
    return norms


def renamed_rules(fields: Fields) -> dict[str, str]:
    """Return old ids of rules with the new ones, from the fields of `renamed.yaml`."""
    renamed = Fields(fields.take("renamed"), fields.place.at("renamed"), fields.problems)
    found = {old: renamed.text(old) for old in renamed.names()}
    for old, new in found.items():
        if not _ID.fullmatch(old) or not _ID.fullmatch(new):
            fields.problems.add(renamed.place.at(old), f"{old!r} to {new!r}: write ids such as family/name")
        if new in found:
            fields.problems.add(renamed.place.at(old), f"{new!r} was renamed too; name its new id {found[new]!r}")
    return found


def located(place: Place, message: str) -> RuleError:
    """Return an error that names file, line and column of a place."""
    from convscan.rules.yaml_file import locate

    return RuleError(f"{locate(place.path, place.keys)}: {message}")
