"""The schemas say what the values are, whole and in plain words."""

import json
from collections.abc import Iterator
from dataclasses import fields
from enum import StrEnum

import pytest
from jsonschema import Draft202012Validator

from convscan.conversation import Channel, Role, Visibility
from convscan.finding import DepositKind, Kind, Outcome, ProblemCode, Severity, Status, Tool
from convscan.records import RESULT_SCHEMA
from convscan.resources import schema_file

SCHEMAS = {name: json.loads(schema_file(name).read_text("utf-8")) for name in ("conversation", "result")}
CONVERSATION, RESULT = SCHEMAS["conversation"], SCHEMAS["result"]


def nodes(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every part of a schema with its path."""
    if isinstance(schema, dict):
        yield path, schema
        for key, value in schema.items():
            yield from nodes(value, f"{path}/{key}")


def properties(schema: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every property that is described in full where it stands."""
    for path, node in nodes(schema):
        is_condition = "/then/" in path or "/else/" in path or "/if/" in path
        if path.rpartition("/")[0].endswith("/properties") and not is_condition:
            yield path, node


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == f"urn:convscan:{name}:1"


@pytest.mark.parametrize(
    ("node", "enum"),
    [
        (CONVERSATION["properties"]["channel"], Channel),
        (CONVERSATION["$defs"]["utterance"]["properties"]["role"], Role),
        (CONVERSATION["$defs"]["utterance"]["properties"]["visibility"], Visibility),
        (RESULT["properties"]["status"], Status),
        (RESULT["$defs"]["finding"]["properties"]["severity"], Severity),
        (RESULT["$defs"]["finding"]["properties"]["kind"], Kind),
        (RESULT["$defs"]["deposit"]["properties"]["kind"], DepositKind),
        (RESULT["$defs"]["check"]["properties"]["outcome"], Outcome),
        (RESULT["$defs"]["problem"]["properties"]["code"], ProblemCode),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_schema_lists_every_member_in_order(node: dict[str, list[str | None]], enum: type[StrEnum]) -> None:
    assert [value for value in node["enum"] if value is not None] == [member.value for member in enum]


def test_schema_names_the_version_that_results_carry() -> None:
    assert RESULT["properties"]["schema"]["const"] == RESULT_SCHEMA


def test_schema_has_the_fields_of_a_tool() -> None:
    assert list(RESULT["properties"]["tool"]["properties"]) == [field.name for field in fields(Tool)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_says_what_it_means(name: str) -> None:
    silent = [
        path
        for path, node in properties(SCHEMAS[name])
        if not {"title", "description"} <= node.keys() and not str(node.get("$ref", "")).startswith("#/")
    ]
    assert silent == []


def test_no_object_of_a_result_takes_unknown_keys() -> None:
    open_objects = [
        path
        for path, node in nodes(RESULT)
        if node.get("type") == "object" and node.get("additionalProperties") is not False
    ]
    assert open_objects == []


def test_every_key_of_a_result_is_required_but_those_that_may_be_left_out() -> None:
    optional = {
        f"{path}/{key}"
        for path, node in nodes(RESULT)
        if isinstance(required := node.get("required"), list) and isinstance(known := node["properties"], dict)
        for key in known.keys() - set(required)
    }
    # Results of before the ledger name nothing but the words and the fate of a promise.
    of_the_ledger = {"agent", "kind", "by_when", "condition", "evidence", "confidence"}
    assert optional == {
        *(
            "/conversation",
            "/template",
            "/properties/balance/ledger",
            "/$defs/check/utterance",
            "/$defs/finding/location",
        ),
        *(f"/$defs/promise/{key}" for key in of_the_ledger),
    }


@pytest.mark.parametrize(
    ("place", "is_valid"),
    [
        ({"utterance": None, "start": None, "end": None, "quote": None}, True),
        ({"utterance": 0, "start": 0, "end": 2, "quote": "no"}, True),
        ({"utterance": None, "start": 0, "end": 2, "quote": "no"}, False),
        ({"utterance": 0, "start": None, "end": None, "quote": None}, False),
        ({"utterance": -1, "start": 0, "end": 2, "quote": "no"}, False),
    ],
)
def test_a_finding_has_a_whole_place_or_none(place: dict[str, object], is_valid: bool) -> None:  # noqa: FBT001 # an expectation of the table
    finding = {
        "rule": "blame/customer",
        "severity": "error",
        "confidence": None,
        "kind": "present",
        "agent": None,
        "message": "",
        "suggestion": "",
        "because": [],
        "explanation": [],
        "fingerprint": "",
        **place,
    }
    validator = Draft202012Validator({"$defs": RESULT["$defs"], "$ref": "#/$defs/finding"})
    assert validator.is_valid(finding) is is_valid
