"""`convscan lint` as a user calls it: exit codes, streams, formats, settings."""

import gzip
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Command = Callable[..., SimpleNamespace]

FAULTY = "Hi {{name}},\n\nthanks. We guarantee it.\n"
CLEAN = "Hi {{name}},\n\nthank you for your mail. We ship on {{ship_date}}.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, outside of GitHub."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    (tmp_path / "convscan.toml").write_text('select = ["promise/guarantee", "template"]\n')
    (tmp_path / "faulty.md").write_text(FAULTY)
    (tmp_path / "clean.md").write_text(CLEAN)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["clean.md"], 0),
        (["faulty.md"], 1),
        (["faulty.md", "--fail-on", "never"], 0),
        (["faulty.md", "--format", "sarif"], 1),
        (["faulty.md", "--format", "json"], 1),
        (["."], 1),
        (["none.md"], 2),
        (["none/*.md"], 2),
        (["clean.md", "none.md"], 2),
        (["bad.json"], 2),
        (["clean.md", "bad.json"], 0),
        (["clean.md", "bad.json", "--strict"], 2),
        (["clean.md", "de.md", "--strict"], 0),
        (["clean.md", "--rules", "own"], 0),
        (["clean.md", "--rules", "own", "--strict"], 2),
        (["faulty.md", "--select", "no/such"], 2),
        (["faulty.md", "--format", "xml"], 2),
        (["faulty.md", "--format", "json", "--format", "text"], 2),
        (["faulty.md", "--baseline", "none.json"], 2),
        (["faulty.md", "--changed-since", "HEAD"], 2),
        ([], 2),
    ],
)
def test_exit_code(convscan: Command, folder: Path, arguments: list[str], code: int) -> None:
    (folder / "bad.json").write_text('{"a": ')
    (folder / "de.md").write_text(
        "Vielen Dank, wir haben Ihre Nachricht erhalten und melden uns in den n\u00e4chsten Tagen.\n"
    )
    (folder / "own" / "acme").mkdir(parents=True)
    (folder / "own" / "acme" / "kettle.yaml").write_text("titel: Kettle\n")

    assert convscan("lint", *arguments).code == code


def test_block_that_is_never_closed_gets_a_hint_of_its_own(convscan: Command, folder: Path) -> None:
    (folder / "a.md").write_text("{% if a %}Thank you for {{ last_name }}}.\n")
    out = " ".join(convscan("lint", "a.md").out.split())

    assert "Write {% endif %} where the block ends, or take {% if a %} out." in out
    assert "write {{ last_name }}." in out


def test_least_confidence_without_a_model_is_told_and_what_it_leaves_out_is_counted(convscan: Command) -> None:
    run = convscan("lint", "faulty.md", "--min-confidence", "0.5")

    assert run.code == 0
    assert 'without a model none has a measured confidence; set model = "fast" or "full"' in run.err
    assert "0 notes, 1 left out by --min-confidence (1 unmeasured)" in run.err
    assert "confidence" not in convscan("lint", "faulty.md").err


def test_findings_go_to_stdout_and_all_else_to_stderr(convscan: Command, folder: Path) -> None:
    (folder / "bad.json").write_text('{"a": ')
    run = convscan("lint", "faulty.md", "bad.json", "--format", "concise")

    assert run.out.splitlines() == [
        "faulty.md:3:9: error promise/guarantee: 'We guarantee it' promises a result that is not in the agent's hands."
    ]
    assert "bad.json:1:6: error: not valid JSON: it breaks off" in run.err
    assert "convscan: 1 template in 2 files: 1 error, 0 warnings, 0 notes, 1 not read in full" in run.err


def test_several_formats_at_once(convscan: Command, folder: Path) -> None:
    run = convscan("lint", "faulty.md", "--format", "sarif=out.sarif", "--format", "concise", "--format", "junit=o.xml")

    assert run.out.startswith("faulty.md:3:9")
    assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert (folder / "o.xml").read_text().startswith("<?xml")


def test_inside_github_actions_annotations_are_written(convscan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")

    assert convscan("lint", "faulty.md").out.startswith("::error file=faulty.md,line=3")
    assert convscan("lint", "faulty.md", "--format", "concise").out.startswith("faulty.md:3:9")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('select = ["promise"]\nselct = []\n', "convscan.toml:2: unknown setting 'selct'; did you mean 'select'?"),
        ('\n[severity]\n"promise/guarantee" = "high"\n', "convscan.toml:2: severity.promise/guarantee: 'high'"),
        ('[[templates]]\nfile = "x"\n', "convscan.toml:1: templates[0]: unknown setting 'file'"),
        ("select = [\n", "convscan.toml: no valid TOML"),
        ('[[templates]]\nitems = "$.none[*]"\n', "m.json: error: items = '$.none[*]' finds nothing"),
        ('[[templates]]\nitems = "$["\n', "m.json: error: items = '$[' is no JSONPath"),
    ],
)
def test_wrong_settings_are_told_and_the_job_is_not_done(
    convscan: Command, folder: Path, settings: str, message: str
) -> None:
    (folder / "convscan.toml").write_text(settings)
    (folder / "m.json").write_text('[{"title": "a", "body": "Thanks."}]')
    run = convscan("lint", "m.json")

    assert run.code == 2
    assert message in run.err


def test_pattern_in_quotes_finds_files(convscan: Command) -> None:
    assert "2 templates in 2 files" in convscan("lint", "*.md").err


def test_files_that_are_excluded_are_told(convscan: Command, folder: Path) -> None:
    with (folder / "convscan.toml").open("a") as file:
        file.write('exclude = ["drafts/", "faulty.md"]\n')
    (folder / "drafts").mkdir()
    (folder / "drafts" / "a.md").write_text(FAULTY)
    named, all_of_it, other = (convscan("lint", path) for path in ("faulty.md", ".", "clean.md"))

    assert "convscan: 1 file left out by `exclude` (faulty.md)\n" in named.err
    assert named.code == 0
    assert "convscan: 2 files left out by `exclude` (drafts/a.md, faulty.md)\n" in all_of_it.err
    assert "exclude" not in other.err


def test_standard_input_is_read_as_the_file_it_is_said_to_be(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("convscan")), "lint", "-", "--format", "concise"]
    draft = json.dumps([{"title": "a", "body": "Thanks. We guarantee it."}])
    run = subprocess.run(
        [*command, "--stdin-filename", "sub/x.json"],
        cwd=folder,
        input=draft,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stdout.startswith("sub/x.json:1:34: error promise/guarantee")


def test_baseline_accepts_what_is_there_and_prune_forgets_what_is_gone(convscan: Command, folder: Path) -> None:
    assert convscan("baseline", "write", "faulty.md").code == 0
    baseline = folder / ".convscan-baseline.json"

    assert convscan("lint", "faulty.md", "--baseline", baseline).code == 0
    (folder / "faulty.md").write_text("A new line.\n\n" + FAULTY + "\nOnce more, we guarantee you all.\n")
    run = convscan("lint", "faulty.md", "--baseline", baseline, "--format", "concise")
    assert run.code == 1
    assert len(run.out.splitlines()) == 1
    (folder / "faulty.md").write_text(CLEAN)
    assert "1 finding taken out, 0 left" in convscan("baseline", "prune", "faulty.md").err
    assert json.loads(baseline.read_text())["findings"] == []


def test_baseline_of_one_file_keeps_what_was_accepted_in_others(convscan: Command, folder: Path) -> None:
    (folder / "other.md").write_text(FAULTY)
    convscan("baseline", "write", ".")
    baseline = folder / ".convscan-baseline.json"
    baseline.write_text(baseline.read_text().replace('"rule"', '"reason": "legal knows",\n"rule"'))
    run = convscan("baseline", "write", "other.md")
    linted = convscan("lint", ".", "--baseline", baseline, "--format", "sarif")
    [done] = json.loads(linted.out)["runs"]

    assert "1 finding accepted, 1 of files that were not looked at kept" in run.err
    assert linted.code == 0
    assert [one["suppressions"][0]["justification"] for one in done["results"]] == ["legal knows"] * 2


def test_baseline_is_not_written_unless_all_can_be_read(convscan: Command, folder: Path) -> None:
    (folder / "bad.json").write_text('{"a": ')
    run = convscan("baseline", "write", "faulty.md", "bad.json")

    fault = "bad.json:1:6: not valid JSON: it breaks off"
    assert run.code == 2
    assert run.err.startswith(
        f"convscan: error: .convscan-baseline.json: not written, for not all could be read:\n{fault}"
    )
    assert not (folder / ".convscan-baseline.json").exists()


def test_baseline_that_is_there_stays_as_it_was_unless_all_can_be_read(convscan: Command, folder: Path) -> None:
    convscan("baseline", "write", "faulty.md")
    before = (folder / ".convscan-baseline.json").read_text()
    (folder / "bad.json").write_text('{"a": ')
    written, pruned = (convscan("baseline", order, "bad.json") for order in ("write", "prune"))

    assert (written.code, pruned.code) == (2, 2)
    assert written.err == pruned.err
    assert written.err.startswith("convscan: error: .convscan-baseline.json: stays as it was, for not all could be")
    assert (folder / ".convscan-baseline.json").read_text() == before


def test_baseline_in_the_settings_is_found_from_their_folder(
    convscan: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convscan("baseline", "write", "faulty.md", "--baseline", "accepted.json")
    with (folder / "convscan.toml").open("a") as file:
        file.write('baseline = "accepted.json"\n')
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")

    assert convscan("lint", "../faulty.md").code == 0


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@t.example"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def test_changed_since_looks_at_changed_files_and_templates_only(convscan: Command, folder: Path) -> None:
    macros = [{"title": "a", "body": "Thanks. We guarantee it."}, {"title": "b", "body": "Thanks. See you."}]
    (folder / "m.json").write_text(json.dumps(macros, indent=1))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")

    assert convscan("lint", ".", "--changed-since", "main").code == 0
    macros[1]["body"] = "Thanks. We guarantee that."
    (folder / "m.json").write_text(json.dumps(macros, indent=1))
    (folder / "new.md").write_text(FAULTY)
    run = convscan("lint", ".", "--changed-since", "main", "--format", "concise")
    assert [line.split(": ")[0] for line in run.out.splitlines()] == ["m.json:8:20", "new.md:3:9"]
    assert convscan("lint", ".", "--changed-since", "no-such").code == 2


def test_old_version_that_cannot_be_read_is_told_and_the_others_are_linted(convscan: Command, folder: Path) -> None:
    (folder / "a.md").write_bytes(gzip.compress(FAULTY.encode())[:-9])
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    (folder / "a.md").write_text(FAULTY)
    (folder / "faulty.md").write_text(FAULTY.replace("it", "you all"))
    run = convscan("lint", ".", "--changed-since", "HEAD", "--format", "concise")

    assert run.code == 1
    assert [line.split(":")[0] for line in run.out.splitlines()] == ["a.md", "faulty.md"]
    assert "convscan: a.md: its old version is damaged" in run.err


def test_renamed_rule_is_redirected_with_a_notice(convscan: Command, folder: Path) -> None:
    (folder / "pack").mkdir()
    (folder / "pack" / "renamed.yaml").write_text("renamed: {promise/sure-thing: promise/guarantee}\n")
    text = FAULTY.replace("thanks. We", "thanks.\n\n<!-- convscan: ignore promise/sure-thing -->\nWe")
    (folder / "old.md").write_text(text)
    run = convscan("lint", "old.md", "--rules", "pack", "--select", "promise/sure-thing")

    assert run.code == 0
    assert "select: promise/sure-thing is now promise/guarantee" in run.err
    assert "old.md:5:1: notice: promise/sure-thing is now promise/guarantee" in run.err


RULE = """\
title: Kettle
message: "'{match}' is a word we do not use."
suggestion: Say "boiler".
severity: warning
since: "1.0"
patterns: ["the kettle"]
examples: {match: ["[[The kettle]] is on its way."], no_match: [{text: The boiler., why: another word}]}
rationale: House style.
references: [{title: House style, url: "https://acme.example/style"}]
"""


def test_rules_of_a_package_are_found_by_their_entry_point(folder: Path) -> None:
    rules = folder / "site" / "acme_rules" / "acme"
    rules.mkdir(parents=True)
    (rules / "kettle.yaml").write_text(RULE)
    (rules.parent / "__init__.py").write_text("")
    info = folder / "site" / "acme_rules-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rules\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[convscan.rules]\nacme = acme_rules\n")
    (folder / "k.md").write_text("Thanks. The kettle is here.\n")
    environment = {**os.environ, "PYTHONPATH": str(folder / "site")}
    command = str(Path(sys.executable).with_name("convscan"))

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        return done.stdout

    listed = next(line for line in run("rules", "list").splitlines() if line.startswith("acme/kettle"))
    assert listed.endswith("[package acme-rules 1.2]")
    linted = run("lint", "k.md", "--select", "acme", "--format", "concise")
    assert linted == "k.md:1:9: warning acme/kettle: 'The kettle' is a word we do not use.\n"


def test_watch_lints_again_when_a_file_changes(folder: Path) -> None:
    command = [str(Path(sys.executable).with_name("convscan")), "lint", "clean.md", "--watch", "--format", "concise"]
    log = folder / "log.txt"
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=folder, stdout=stream, stderr=subprocess.DEVNULL)
        try:
            time.sleep(6)
            (folder / "clean.md").write_text(FAULTY + "More.\n")
            deadline = time.monotonic() + 30
            while not log.read_text() and time.monotonic() < deadline:
                time.sleep(0.2)
        finally:
            process.terminate()
            process.wait()

    assert log.read_text().startswith("clean.md:3:9: error promise/guarantee")


def test_compare_tells_what_an_upgrade_changes(convscan: Command, folder: Path) -> None:
    convscan("lint", "faulty.md", "--format", "jsonl=old.jsonl")
    with (folder / "convscan.toml").open("a") as file:
        file.write('severity = {"promise/guarantee" = "note"}\n')
    convscan("lint", "faulty.md", "--format", "json=new.json", "--no-cache")
    run = convscan("compare", "old.jsonl", "new.json", "--exit-code")

    assert run.code == 1
    assert "~ faulty.md:1 faulty: error -> note promise/guarantee: We guarantee it" in run.out
    assert "0 added, 0 removed, 1 changed, 0 the same" in run.out
    assert convscan("compare", "old.jsonl", "old.jsonl", "--exit-code").code == 0


def test_config_show_is_toml_that_says_the_same(convscan: Command, folder: Path) -> None:
    (folder / "convscan.toml").write_text(
        'select = ["promise"]\nplaceholders = {name = "name"}\n'
        'per-file-ignores = {"a/**" = ["thanks"]}\n[[templates]]\nfiles = "*.json"\nscenario = "notice"\n'
    )
    first = convscan("config", "show").out
    (folder / "convscan.toml").write_text(first)
    second = convscan("config", "show").out

    assert 'select = ["promise"]' in first
    assert f'select = ["promise"]  # {folder / "convscan.toml"}:1' in first
    assert tomllib.loads(second) == tomllib.loads(first)


def test_config_show_names_the_values_that_are_used_where_none_is_set(convscan: Command) -> None:
    shown = convscan("config", "show", "--isolated").out

    assert '# model = "full"  # default of scan; that of lint is "none"' in shown
    assert '# fail-on = "never"  # default of scan; that of lint is "warning"' in shown
    assert "is not set" not in shown


def test_config_show_names_one_model_where_it_is_set(convscan: Command, folder: Path) -> None:
    (folder / "convscan.toml").write_text('model = "fast"\n')

    assert f'model = "fast"  # {folder / "convscan.toml"}:1' in convscan("config", "show").out.splitlines()


def test_rule_that_is_unknown_in_the_settings_is_told_with_file_and_line(convscan: Command, folder: Path) -> None:
    settings = folder / "convscan.toml"
    settings.write_text('exclude = []\nignore = ["blam"]\n', encoding="utf-8")
    in_list = convscan("lint", "faulty.md", "--config", settings)
    settings.write_text('[severity]\n"thanks/missing" = "note"\n"blame/custmer" = "note"\n', encoding="utf-8")
    in_table = convscan("lint", "faulty.md", "--config", settings)
    asked = convscan("lint", "faulty.md", "--config", settings, "--ignore", "blam")

    assert (in_list.code, in_table.code, asked.code) == (2, 2, 2)
    assert f"{settings}:2: ignore: no rule or family 'blam'; did you mean 'blame'?" in in_list.err
    assert f"{settings}:3: severity: no rule or family 'blame/custmer'; did you mean 'blame/customer'?" in in_table.err
    assert "error: ignore: no rule or family 'blam'" in asked.err


def test_selected_rule_that_is_broken_is_told_with_file_and_line(convscan: Command, folder: Path) -> None:
    (folder / "own" / "acme").mkdir(parents=True)
    (folder / "own" / "acme" / "kettle.yaml").write_text("titel: Kettle\n")
    run = convscan("lint", "faulty.md", "--rules", "own", "--select", "acme")

    assert run.code == 2
    assert "own/acme/kettle.yaml:1:1: unknown key 'titel'" in run.err
    assert "did you mean 'blame'" not in run.err


def test_broken_json_is_told_alike_by_lint_and_scan(convscan: Command, folder: Path) -> None:
    (folder / "bad.json").write_text('[\n {"title": "a", "body": "x\ty"}]', encoding="utf-8")
    fault = "a line break, tab or other control character inside text in quotes; write \\n or \\t"

    assert f"bad.json:2:27: error: not valid JSON: {fault}" in convscan("lint", "bad.json").err
    assert f"not valid JSON at line 2 column 27: {fault}" in convscan("scan", "bad.json", "--model", "none").err


def test_config_schema_is_that_of_the_package(convscan: Command) -> None:
    assert json.loads(convscan("config", "schema").out)["$id"] == "urn:convscan:config:1"


@pytest.mark.parametrize(
    "arguments",
    [
        ["faulty.md", "--output", "faulty.md"],
        ["faulty.md", "--format", "json=faulty.md"],
        [".", "--output", "faulty.md"],
        ["clean.md", "--baseline", "accepted.json", "--format", "json=accepted.json"],
    ],
)
def test_what_is_linted_or_compared_with_is_never_overwritten(
    convscan: Command, folder: Path, arguments: list[str]
) -> None:
    convscan("baseline", "write", "clean.md", "--baseline", "accepted.json")
    before = (folder / "accepted.json").read_bytes()

    run = convscan("lint", *arguments)

    assert run.code == 2
    assert "would overwrite what is read" in run.err
    assert (folder / "faulty.md").read_text() == FAULTY
    assert (folder / "accepted.json").read_bytes() == before
