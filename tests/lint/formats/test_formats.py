"""Every format against what its readers document."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from convscan.config import FailOn
from convscan.finding import Severity
from convscan.lint.baseline import Baseline
from convscan.lint.formats import LintWriteOptions, all_formats, format_named
from convscan.lint.report import LintReport
from convscan.records import result_from_json
from convscan.resources import rules_folder, schema_file
from convscan.rules.catalogue import load_catalogue

Lint = Callable[..., LintReport]

ROOT = Path(__file__).parents[3]
SARIF = Draft202012Validator(json.loads((ROOT / "tests/data/sarif-2.1.0-part.schema.json").read_text("utf-8")))
CATALOGUE = load_catalogue(rules_folder())

FILES = {
    "a b.md": "---\ntitle: Refund, 100%\n---\n\u00e9\U0001f600 thanks.\n\nWe guarantee\nit. You should have checked.\n",
    "b.json": json.dumps([{"title": "Late", "body": "Hi {{name}}, see you. It is late. It takes a day."}]),
    "c.json": '{"a": ',
    "d.md": "Thanks.\n\n<!-- convscan: ignore promise -- legal -->\nWe guarantee it.\n\n# convscan: ignore blame\n",
}


def written(report: LintReport, name: str, **options: object) -> str:
    stream = io.StringIO()
    given = LintWriteOptions(version="1.2.3", rules=lambda: list(CATALOGUE.rules.values()), **options)  # type: ignore[arg-type] # as a test says
    format_named(name).write(report, stream, given)
    return stream.getvalue()


@pytest.fixture
def report(lint: Lint) -> LintReport:
    return lint(FILES)


@pytest.fixture
def clean(lint: Lint) -> LintReport:
    return lint({"a.md": "Thanks for your mail. It is on its way.\n"})


def test_formats_are_those_of_the_contract() -> None:
    expected = {"text", "concise", "github", "sarif", "gitlab", "junit", "rdjsonl", "json", "jsonl"}

    assert {item.name for item in all_formats()} == expected


@pytest.mark.parametrize("name", [item.name for item in all_formats()])
def test_same_report_same_bytes(report: LintReport, name: str) -> None:
    assert written(report, name) == written(report, name)


def test_concise_lines_fit_the_problem_matcher(report: LintReport) -> None:
    matcher = json.loads((ROOT / "docs/ci/problem-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    matches = [re.match(matcher["regexp"], line) for line in written(report, "concise").splitlines()]

    assert [(m[1], m[2], m[3], m[4], m[5]) for m in matches if m] == [
        ("a b.md", "6", "1", "error", "promise/guarantee"),
        ("a b.md", "7", "5", "error", "blame/customer"),
        ("b.json", "1", "29", "note", "thanks/missing"),
    ]
    assert all(matches)


def test_text_shows_the_line_and_what_to_write_instead(report: LintReport) -> None:
    text = written(report, "text")

    assert "a b.md:7:5: error blame/customer  Refund, 100%" in text
    assert "»You should have checked«" in text
    assert "→" in text


def test_github_escapes_what_would_end_a_command(report: LintReport) -> None:
    lines = written(report, "github").splitlines()

    assert lines[0].startswith("::error file=a b.md,line=6,endLine=7,title=promise/guarantee::'We guarantee it'")
    assert any(line.startswith("::notice file=b.json,line=1,") for line in lines)
    assert any(line.startswith("::error file=c.json,line=1,title=convscan::not valid JSON") for line in lines)
    assert all(re.fullmatch(r"::(error|warning|notice) [^:]+::.+", line) for line in lines)


def test_sarif_validates_and_declares_every_rule(report: LintReport) -> None:
    log = json.loads(written(report, "sarif"))
    [run] = log["runs"]

    SARIF.validate(log)
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(CATALOGUE.rules)
    assert all(rule["help"]["text"] and rule["helpUri"].startswith("http") for rule in run["tool"]["driver"]["rules"])
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["partialFingerprints"]["convscan/v1"]
    first = run["results"][0]["locations"][0]
    assert first["physicalLocation"]["artifactLocation"] == {"uri": "a%20b.md", "uriBaseId": "%SRCROOT%"}
    assert first["physicalLocation"]["region"] == {"startLine": 6, "startColumn": 1, "endLine": 7, "endColumn": 3}
    assert first["logicalLocations"][0]["name"] == "Refund, 100%"
    assert run["columnKind"] == "unicodeCodePoints"
    assert not run["invocations"][0]["executionSuccessful"]


def test_sarif_of_a_clean_run_is_an_empty_run(clean: LintReport) -> None:
    log = json.loads(written(clean, "sarif"))

    SARIF.validate(log)
    assert log["runs"][0]["results"] == []
    assert log["runs"][0]["tool"]["driver"]["rules"]
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_sarif_tells_suppressions_and_the_baseline(report: LintReport, tmp_path: Path) -> None:
    all_of_it = Baseline(tmp_path / "b.json").renewed(report)
    accepted = Baseline(tmp_path / "b.json", tuple(entry for entry in all_of_it if entry.path == "a b.md"))
    log = json.loads(written(accepted.apply(report), "sarif", has_baseline=True))
    states = [
        (result["baselineState"], [(s["kind"], s["justification"]) for s in result.get("suppressions", [])])
        for result in log["runs"][0]["results"]
    ]

    SARIF.validate(log)
    assert states == [
        ("unchanged", [("external", "accepted in the baseline")]),
        ("unchanged", [("external", "accepted in the baseline")]),
        ("new", []),
        ("new", [("inSource", "legal")]),
    ]


def test_gitlab_has_the_documented_fields_and_no_fingerprint_twice(lint: Lint) -> None:
    report = lint({"a.md": "Thanks. We guarantee it.", "b.md": "Thanks. We guarantee it."})
    items = json.loads(written(report, "gitlab"))

    assert [(item["location"]["path"], item["location"]["lines"]["begin"]) for item in items] == [
        ("a.md", 1),
        ("b.md", 1),
    ]
    assert len({item["fingerprint"] for item in items}) == 2
    for item in items:
        assert set(item) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert item["severity"] in {"info", "minor", "major", "critical", "blocker"}


def test_gitlab_of_a_clean_run_is_an_empty_array(clean: LintReport) -> None:
    assert json.loads(written(clean, "gitlab")) == []


def test_junit_counts_what_fails(report: LintReport) -> None:
    root = ET.fromstring(written(report, "junit"))  # noqa: S314 # our own
    cases = root.findall("testsuite/testcase")

    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "1")
    assert [case.get("name") for case in cases] == ["Refund, 100%", "Late", "readable", "d"]
    assert cases[0].find("failure") is not None
    assert "blame/customer" in (cases[0].findtext("failure") or "")
    assert cases[1].find("failure") is None
    assert "thanks/missing" in (cases[1].findtext("system-out") or "")
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests") or 0) == len(suite.findall("testcase"))


def test_junit_fails_from_the_severity_of_the_run(report: LintReport) -> None:
    assert 'failures="2"' in written(report, "junit", fail_on=FailOn.NOTE)
    assert 'failures="0"' in written(report, "junit", fail_on=FailOn.NEVER)


def test_rdjsonl_counts_columns_in_bytes(lint: Lint) -> None:
    [line] = written(lint({"a.md": "\u00e9\U0001f600 thanks. We guarantee it."}), "rdjsonl").splitlines()
    record = json.loads(line)

    assert set(record) == {"message", "location", "severity", "source", "code"}
    # Two bytes and four bytes stand before " thanks. ".
    assert record["location"]["range"]["start"] == {"line": 1, "column": 7 + len(" thanks. ")}
    assert record["severity"] == "ERROR"
    assert record["code"] == {"value": "promise/guarantee"}


def test_json_and_jsonl_are_results_with_places(report: LintReport) -> None:
    registry = Registry().with_resources(
        (f"urn:convscan:{name}:1", Resource.from_contents(json.loads(schema_file(name).read_text("utf-8"))))
        for name in ("conversation", "result")
    )
    schema = json.loads(schema_file("result").read_text("utf-8"))
    lines = [json.loads(line) for line in written(report, "jsonl").splitlines()]

    assert json.loads(written(report, "json")) == lines
    for record in lines:
        Draft202012Validator(schema, registry=registry).validate(record)
        result_from_json(record)
    assert [record["status"] for record in lines] == ["judged", "judged", "error", "judged"]
    assert lines[0]["findings"][0]["location"]["line"] == 6
    assert lines[0]["template"]["name"] == "Refund, 100%"
    assert lines[3]["template"]["suppressed"] == 1


def test_severity_of_every_finding_is_written(report: LintReport) -> None:
    assert report.count(Severity.ERROR) == written(report, "concise").count(": error ")
