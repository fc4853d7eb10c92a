"""`convscan rules` as rule authors call it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

Command = Callable[..., SimpleNamespace]

RULE = """\
title: Revert
message: "'{match}' is office language."
suggestion: Say what to do.
severity: note
since: "1"
patterns: ["kindly revert"]
examples: {match: ["[[Kindly revert]]."], no_match: [{text: Please write back., why: plain}]}
rationale: House style.
references: [{title: House style, url: "https://acme.example/style"}]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack" / "acme" / "revert.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULE, encoding="utf-8")
    return path


def test_list_names_each_rule_with_severity_and_origin(convscan: Command, pack: Path) -> None:
    run = convscan("rules", "--rules", pack.parent.parent, "list")

    assert run.code == 0
    [own] = [line for line in run.out.splitlines() if line.startswith("acme/revert")]
    assert "note" in own
    assert str(pack.parent.parent) in own
    [built_in] = [line for line in run.out.splitlines() if line.startswith("blame/customer ")]
    assert "error" in built_in
    assert "[" not in built_in


def test_list_says_which_rules_are_off(convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "convscan.toml").write_text('ignore = ["blame"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    [line] = [line for line in convscan("rules", "list").out.splitlines() if line.startswith("blame/customer ")]

    assert line.endswith("(off)")


def test_show_says_why_and_what_to_write_instead(convscan: Command) -> None:
    run = convscan("rules", "show", "blame/customer")

    for heading in ("It says", "Write instead", "Why it matters", "Found", "Not found", "Sources", "Rule file"):
        assert heading in run.out.splitlines() or heading in run.out


def test_show_tells_in_words_when_an_absence_rule_fires(convscan: Command) -> None:
    assert "the agent owes" in convscan("rules", "show", "thanks/missing").out


def test_show_of_an_unknown_rule_names_the_known_ones(convscan: Command) -> None:
    run = convscan("rules", "show", "blame/nobody")

    assert run.code == 2
    assert "blame/customer" in run.err


def test_check_passes_on_a_sound_pack(convscan: Command, pack: Path) -> None:
    run = convscan("rules", "check", pack.parent.parent)

    assert run.code == 0
    assert ": 0 errors" in run.out


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "severity: note",
            "severity: hint",
            "revert.yaml:4:1: unknown value 'hint'; expected one of note, warning, error",
        ),
        ("patterns:", "paterns:", "unknown key 'paterns'; did you mean 'patterns'?"),
        ("since:", "title: again\nsince:", "revert.yaml:5:1: duplicate key 'title'"),
        ('["kindly revert"]', '["kindly (revert"]', "unclosed '(' in phrase"),
        ("[[Kindly revert]]", "[[Kindly]] revert", "revert.yaml:7:20: expected 'Kindly', found 'Kindly revert'"),
        ("Please write back.", "Kindly revert!", "must not fire, but does at 'Kindly revert'"),
        ('["kindly revert"]', '["kindly revert", "do the needful"]', "dead pattern 'do the needful'"),
        ("office language.", "office language", "a message ends with a full stop"),
        ('[{title: House style, url: "https://acme.example/style"}]', "[]", "no 'references'"),
        ('["kindly revert"]', "[{tokens: [{POS: VERB}]}]", "POS needs a tagger or parser"),
    ],
)
def test_check_names_file_line_and_fault(convscan: Command, pack: Path, old: str, new: str, expected: str) -> None:
    pack.write_text(RULE.replace(old, new), encoding="utf-8")

    run = convscan("rules", "check", pack.parent.parent)

    assert run.code == 2
    assert expected in run.err
    assert "built-in" not in run.err


def test_new_writes_a_rule_that_passes_the_check(convscan: Command, tmp_path: Path) -> None:
    into = tmp_path / "mine"

    assert convscan("rules", "new", "acme/revert", "--into", into).code == 0
    assert convscan("rules", "check", into).code == 0


def test_new_never_overwrites(convscan: Command, tmp_path: Path) -> None:
    convscan("rules", "new", "acme/revert", "--into", tmp_path)

    run = convscan("rules", "new", "acme/revert", "--into", tmp_path)

    assert run.code == 2
    assert "is there already" in run.err


def test_new_refuses_what_is_no_rule_id(convscan: Command, tmp_path: Path) -> None:
    assert "PACK/NAME" in convscan("rules", "new", "revert", "--into", tmp_path).err
