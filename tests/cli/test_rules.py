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


@pytest.mark.parametrize(("wrong", "hint"), [("blam/customer", "'blame/customer'"), ("blme", "'blame'")])
def test_show_of_an_unknown_rule_names_the_nearest(convscan: Command, wrong: str, hint: str) -> None:
    run = convscan("rules", "show", wrong)

    assert run.code == 2
    assert run.err == f"convscan: error: no rule {wrong!r}; did you mean {hint}?\n"


def test_show_of_what_is_like_nothing_names_the_list(convscan: Command) -> None:
    assert convscan("rules", "show", "xyzzy").err.endswith("see: convscan rules list\n")


def test_show_of_a_family_lists_its_rules(convscan: Command) -> None:
    lines = convscan("rules", "show", "blame").out.splitlines()

    assert any(line.startswith("blame/customer ") for line in lines)
    assert all(line.startswith("blame/") for line in lines)


def test_check_passes_on_a_sound_pack(convscan: Command, pack: Path) -> None:
    run = convscan("rules", "check", pack.parent.parent)

    assert run.code == 0
    # The pack alone: convscan's own rules take a minute on a small machine.
    assert run.out == "1 rule, 0 acts, 2 examples checked: 0 errors\n"


def test_check_of_a_pack_that_the_settings_name_too_is_of_one_pack(
    convscan: Command, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pack.parent.parent.parent)
    Path("convscan.toml").write_text('rules-paths = ["pack"]\n', encoding="utf-8")

    run = convscan("rules", "check", "pack/")

    assert (run.code, run.err) == (0, "")


def test_check_counts_one_error_as_one(convscan: Command, pack: Path) -> None:
    pack.write_text(RULE.replace("office language.", "office language"), encoding="utf-8")

    assert convscan("rules", "check", pack.parent.parent).out.endswith(": 1 error\n")


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
        ('"kindly revert"]', '"kindly revert"]\nyields-to: [xyzzy/q]', "unknown rule 'xyzzy/q'; known: "),
        ('"kindly revert"', '"<xyzzyq>"', "unknown word list <xyzzyq>; known lists: "),
        ("patterns:", "roles: [agents]\npatterns:", "unknown value 'agents'; expected one of customer, agent, bot"),
        ("rationale: House style.", "rationale: Note: house style.", "put text with ': ' in it in quotes"),
        ('["[[Kindly revert]]."]', "[agent: Kindly revert.]", "found a mapping of 'agent'; put text with ': ' in it"),
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


@pytest.mark.parametrize("line", ["roles: [agents]", "yields-to: [xyzzy/q]", 'unless: ["xyzzy"]'])
def test_check_tells_one_fault_once_and_in_a_line_that_can_be_read(convscan: Command, pack: Path, line: str) -> None:
    pack.write_text(f"{RULE}{line}\n", encoding="utf-8")

    [told] = convscan("rules", "check", pack.parent.parent).err.splitlines()

    assert len(told.removeprefix(f"convscan: error: {pack}")) < 250


def test_check_of_a_file_names_the_folder_to_give(
    convscan: Command, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(pack.parents[2])

    run = convscan("rules", "check", "pack/acme/revert.yaml")

    assert run.code == 2
    assert "is a file; name the folder of its pack" in run.err
    assert run.err.endswith("convscan rules check pack\n")


def test_rules_may_be_named_behind_the_subcommand(convscan: Command, pack: Path) -> None:
    own = pack.parent.parent

    assert "office language" in convscan("rules", "show", "--rules", own, "acme/revert").out
    assert "acme/revert" in convscan("rules", "list", "--rules", own).out


def test_new_keeps_out_of_the_built_in_families(convscan: Command, tmp_path: Path) -> None:
    run = convscan("rules", "new", "blame/mine", "--into", tmp_path)

    assert run.code == 2
    assert "a family of convscan's own" in run.err
    assert "acme/mine" in run.err
    assert not list(tmp_path.iterdir())


def test_new_writes_a_rule_that_passes_the_check(convscan: Command, tmp_path: Path) -> None:
    into = tmp_path / "mine"

    assert convscan("rules", "new", "acme/revert", "--into", into).code == 0
    assert convscan("rules", "check", into).code == 0


def test_new_never_overwrites(convscan: Command, tmp_path: Path) -> None:
    convscan("rules", "new", "acme/revert", "--into", tmp_path)

    run = convscan("rules", "new", "acme/revert", "--into", tmp_path)

    assert run.code == 2
    assert "is there already" in run.err


def test_new_writes_the_first_rule_of_a_pack_that_the_settings_name(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "convscan.toml").write_text('rules-paths = ["mine"]\n', encoding="utf-8")

    assert convscan("rules", "new", "acme/revert", "--into", "mine").code == 0


def test_new_refuses_what_is_no_rule_id(convscan: Command, tmp_path: Path) -> None:
    assert "PACK/NAME" in convscan("rules", "new", "revert", "--into", tmp_path).err


@pytest.mark.parametrize("name", ["Acme/MyRule", "acme/my_rule", "acme/a/b", "acme/", "../x"])
def test_new_says_how_rules_are_named(convscan: Command, tmp_path: Path, name: str) -> None:
    run = convscan("rules", "new", name, "--into", tmp_path)

    assert run.code == 2
    assert "lower-case letters, digits and hyphens" in run.err
    assert not list(tmp_path.iterdir())


def test_new_refuses_the_id_of_a_rule_that_is_there(convscan: Command, tmp_path: Path) -> None:
    """It would be left out at every scan, for no rule takes the place of another."""
    run = convscan("rules", "new", "blame/customer", "--into", tmp_path)

    assert run.code == 2
    assert "'blame/customer' is taken by" in run.err
    assert 'ignore = ["blame/customer"]' in run.err
    assert not list(tmp_path.iterdir())
