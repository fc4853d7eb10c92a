"""SARIF against the object model that pysarif carries, which was generated from the whole schema of 2.1.0.

No package on PyPI that we know of carries the schema itself. `tests/data/sarif-2.1.0-part.schema.json` holds what
the model does not say: ranges of numbers, forms of texts.
"""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pysarif
import pytest

from convscan.lint.baseline import Baseline
from convscan.lint.formats import LintWriteOptions, format_named
from convscan.lint.report import LintReport
from convscan.resources import rules_folder
from convscan.rules.catalogue import load_catalogue

Lint = Callable[..., LintReport]

RULES = tuple(load_catalogue(rules_folder()).rules.values())
FILES = {
    "a b.md": "---\nscenario: complaint\n---\nHi.\n\nWe guarantee\nit. You should have checked.\n",
    "b.json": json.dumps([{"title": "Late", "body": "Hi {{name}}, see you. It is late. It takes a day."}]),
    "refusal.md": "Hi {{name}},\n\nthanks. We are unable to offer you a refund.\n\nBye\n",
    "c.json": '{"a": ',
    "d.md": "Thanks.\n\n<!-- convscan: ignore promise -- legal -->\nWe guarantee it.\n\n# convscan: ignore blame\n",
}


# The model was made from a draft of the schema, in which a suppression had a `state`; 3.35.3 calls it `status`.
LATER = {(pysarif.Suppression, "status")}


def misfits(value: object, kind: object, at: str) -> Iterator[str]:
    """Yield what in a value is not as a type of the model says."""
    origin, args = get_origin(kind), get_args(kind)
    if kind is Any:
        return
    if origin in {Union, UnionType}:
        [kind] = [arg for arg in args if arg is not NoneType]
        yield from misfits(value, kind, at)
    elif origin is Literal:
        if value not in args:
            yield f"{at}: {value!r} is none of {args}"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{at}: is no list"
            return
        for number, item in enumerate(value):
            yield from misfits(item, args[0], f"{at}[{number}]")
    elif isinstance(kind, type) and is_dataclass(kind):
        yield from misfits_of_object(value, kind, at)
    elif isinstance(kind, type) and not isinstance(value, (int, float) if kind is float else kind):
        yield f"{at}: {value!r} is no {kind.__name__}"


def misfits_of_object(value: object, kind: type, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: is no object"
        return
    hints = get_type_hints(kind)
    known = {key_of(field.name): field for field in fields(kind)}
    for key, item in value.items():
        if key in known:
            yield from misfits(item, hints[known[key].name], f"{at}.{key}")
        elif kind is not pysarif.PropertyBag and (kind, key) not in LATER:
            yield f"{at}: {kind.__name__} has no {key!r}"
    for key, field in known.items():
        if field.default is MISSING and field.default_factory is MISSING and key not in value:
            yield f"{at}: {kind.__name__} needs {key!r}"


def key_of(name: str) -> str:
    """Return the key of a field: `rule_id` is `ruleId`."""
    return "$schema" if name == "schema" else re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def sarif(report: LintReport, *, has_baseline: bool = False) -> Any:
    stream = io.StringIO()
    options = LintWriteOptions(version="1.2.3", rules=lambda: RULES, has_baseline=has_baseline)
    format_named("sarif").write(report, stream, options)
    return json.loads(stream.getvalue())


def test_log_is_as_the_standard_has_it(lint: Lint, tmp_path: Path) -> None:
    """Faults, notices, suppressions, what called for something missing, and the baseline included."""
    report = lint(FILES, select=("promise/guarantee", "blame/customer", "hidden/unexplained-refusal"))
    entries = tuple(entry for entry in Baseline(tmp_path / "b.json").renewed(report) if entry.path == "a b.md")
    log = sarif(Baseline(tmp_path / "b.json", entries).apply(report), has_baseline=True)
    [run] = log["runs"]

    assert list(misfits(log, pysarif.SarifLog, "log")) == []
    assert len(run["tool"]["driver"]["rules"]) == len(RULES)
    assert run["invocations"][0]["toolExecutionNotifications"]
    assert {one["kind"] for result in run["results"] for one in result.get("suppressions", [])} == {
        "inSource",
        "external",
    }
    assert any("relatedLocations" in result for result in run["results"])


def test_log_of_nothing_is_as_the_standard_has_it(lint: Lint) -> None:
    log = sarif(lint({"a.md": "Thanks for your mail. It is on its way.\n"}))

    assert list(misfits(log, pysarif.SarifLog, "log")) == []
    assert log["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("version",), "2.0.0", "none of"),
        (("runs", 0, "tool"), {}, "needs 'driver'"),
        (("runs", 0, "results", 0, "level"), "fatal", "none of"),
        (("runs", 0, "results", 0, "rule_id"), "a", "has no 'rule_id'"),
        (("runs", 0, "results", 0, "locations"), {}, "is no list"),
        (("runs", 0, "columnKind"), 3, "none of"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), "3", "is no int"),
    ],
)
def test_model_refuses_what_the_standard_does_not_have(
    lint: Lint, path: tuple[str | int, ...], value: object, said: str
) -> None:
    log = sarif(lint(FILES))
    inner = log
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value

    assert any(said in misfit for misfit in misfits(log, pysarif.SarifLog, "log"))
