"""The schema of the settings says what `convscan.toml` may hold, no more and no less."""

import json
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator, ValidationError

from convscan.config import BalanceSettings, MappingSettings, TemplateSettings, config_from_mapping, setting_names
from convscan.errors import ConfigError
from convscan.resources import schema_file

SCHEMA = json.loads(schema_file("config").read_text("utf-8"))

GOOD = [
    {"select": ["promise"], "fail-on": "error", "min-confidence": 0.5},
    {"per-file-ignores": {"old/**": ["thanks"]}, "severity": {"promise/guarantee": "note"}},
    {"placeholders": ["name", "ticket.*"]},
    {"placeholders": {"eta": "time"}, "format": "sarif=out.sarif", "baseline": "b.json", "cache-dir": "c"},
    {"mapping": {"ours": {"conversations": "$.data[*]", "role": "by", "role_map": {"we": "agent"}, "markup": "html"}}},
    {"balance": {"error": 3, "unmeasured": 0.5, "recovered": 0, "run": 0, "limit": 1.5}},
    {"templates": [{"files": "*.json", "items": "$[*]", "body": "b", "scenario": "notice", "markup": "html"}]},
]
BAD = [
    {"selct": ["promise"]},
    {"fail-on": "never ever"},
    {"min-confidence": 2},
    {"placeholders": {"eta": "comment"}},
    {"templates": [{"file": "*.json"}]},
    {"mapping": {"ours": {"words": "text"}}},
    {"mapping": {"ours": {"role_map": {"we": "boss"}}}},
    {"templates": [{"scenario": "fun"}]},
    {"per-file-ignores": {"old/**": "thanks"}},
    {"balance": {"erorr": 3}},
    {"balance": {"error": -1}},
    {"balance": {"error": 101}},
    {"balance": {"recovered": 1.5}},
    {"balance": {"limit": 0.5}},
    {"balance": {"deposit": True}},
]


def test_schema_names_every_setting() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(setting_names())
    assert set(SCHEMA["$defs"]["templates"]["properties"]) == {field.name for field in fields(TemplateSettings)}
    assert set(SCHEMA["$defs"]["mapping"]["properties"]) == {field.name for field in fields(MappingSettings)}


def test_schema_says_the_weights_that_are_in_force() -> None:
    said = {name: node["default"] for name, node in SCHEMA["properties"]["balance"]["properties"].items()}
    assert said == {field.name: field.default for field in fields(BalanceSettings)}


@pytest.mark.parametrize("table", GOOD)
def test_what_is_read_is_valid(table: dict[str, object]) -> None:
    Draft202012Validator(SCHEMA).validate(table)
    config_from_mapping(table, where="x")


@pytest.mark.parametrize("table", BAD)
def test_what_is_refused_is_not_valid(table: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Draft202012Validator(SCHEMA).validate(table)
    with pytest.raises(ConfigError, match="x: "):
        config_from_mapping(table, where="x")
