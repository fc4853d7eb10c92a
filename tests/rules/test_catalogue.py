"""The catalogue: several packs together, and names that must exist and be taken once."""

import json
import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from convscan.finding import Scope
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.rules.rule import Trigger

Write = Callable[[str, str | bytes], Path]

RULE = """\
title: Empty promise
message: "'{match}' promises what nobody can keep."
suggestion: Say what you will do.
since: "0.1"
patterns: [i promise]
unless: [negated]
examples: {match: ["[[I promise]]"], no_match: [{text: x, why: y}]}
rationale: It may not come true.
references: [{title: A book, url: "https://example.org/"}]
"""
ABSENCE = """\
title: No thanks
message: Nobody said thanks.
suggestion: Say thanks.
scope: turn
when:
  - {role: customer, acts: [thanks], without: [thanks], also: [thanks], after: [thanks]}
expect: {acts: [thanks], among: [thanks]}
settled-by: [thanks]
since: "0.1"
examples: {match: ["agent: [[x]]"], no_match: [{text: x, why: y}]}
rationale: It costs nothing.
references: [{title: A book, url: "https://example.org/"}]
"""
ACT = """\
description: Says thanks.
roles: [agent]
patterns: [{phrase: thanks, unless: [negated]}]
examples: {match: ["[[Thanks]]"], no_match: [{text: x, why: y}]}
"""
CUES = "cues: [{name: negated, phrases: [not]}]\n"


@pytest.fixture
def built_in(write: Write, tmp_path: Path) -> Path:
    write("one/promise/empty.yaml", RULE)
    write("one/thanks/gone.yaml", ABSENCE)
    write("one/acts/thanks.yaml", ACT)
    write("one/cues.yaml", CUES)
    write("one/lists.yaml", "lists: {we: [we]}")
    write("one/spelling.yaml", "spelling: {thanks: [thx]}")
    return tmp_path / "one"


def told(catalogue: Catalogue, root: Path) -> list[str]:
    return [str(error).replace(f"{root}/", "") for error in catalogue.errors]


def test_catalogue_holds_rules_by_id_and_acts_by_name(built_in: Path) -> None:
    catalogue = load_catalogue(built_in)

    assert catalogue.errors == ()
    assert list(catalogue.rules) == ["promise/empty", "thanks/gone"]
    assert list(catalogue.acts) == ["thanks"]
    assert catalogue.families() == ("promise", "thanks")
    assert catalogue.scopes() == {"promise/empty": Scope.SPAN, "thanks/gone": Scope.TURN}


def test_own_pack_adds_rules_under_its_own_family(built_in: Path, write: Write, tmp_path: Path) -> None:
    write("two/meadow/hype.yaml", RULE)
    catalogue = load_catalogue(built_in, [tmp_path / "two"])

    assert list(catalogue.rules) == ["meadow/hype", "promise/empty", "thanks/gone"]
    assert catalogue.rules["meadow/hype"].origin == str(tmp_path / "two")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("promise/empty.yaml", RULE, "two/promise/empty.yaml:1:1: rule id 'promise/empty' is taken by built-in"),
        ("acts/thanks.yaml", ACT, "two/acts/thanks.yaml:1:1: act 'thanks' is taken by built-in"),
        ("cues.yaml", CUES, "two/cues.yaml:1:8: cue 'negated' is taken by built-in"),
        ("lists.yaml", "lists: {us: [us], we: [i]}", "two/lists.yaml:1:19: word list 'we' is taken by built-in"),
    ],
)
def test_name_that_is_taken_is_an_error_and_the_first_stays(
    built_in: Path, write: Write, name: str, content: str, expected: str
) -> None:
    tmp_path = built_in.parent
    alone = load_catalogue(built_in)
    write(f"two/{name}", content)
    both = load_catalogue(built_in, [tmp_path / "two"])

    assert told(both, tmp_path) == [f"{expected}; choose another name"]
    assert (both.rules, both.acts, both.cues) == (alone.rules, alone.acts, alone.cues)
    assert both.lists["we"] == ("we",)


def test_two_own_packs_cannot_have_the_same_id_either(built_in: Path, write: Write, tmp_path: Path) -> None:
    for pack in ("two", "three"):
        write(f"{pack}/meadow/hype.yaml", RULE)
    catalogue = load_catalogue(built_in, (tmp_path / pack for pack in ("two", "three")))

    assert told(catalogue, tmp_path) == [
        f"three/meadow/hype.yaml:1:1: rule id 'meadow/hype' is taken by {tmp_path}/two; choose another name".replace(
            f"{tmp_path}/", ""
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("acts: [thanks], without", "acts: [thanks, thankz], without", "6:37"),
        ("without: [thanks]", "without: [thankz]", "6:48"),
        ("also: [thanks]", "also: [thankz]", "6:64"),
        ("after: [thanks]", "after: [thankz]", "6:81"),
        ("expect: {acts: [thanks]", "expect: {acts: [thankz]", "7:17"),
        ("among: [thanks]", "among: [thankz]", "7:34"),
        ("settled-by: [thanks]", "settled-by: [thankz]", "8:14"),
    ],
)
def test_absence_rule_with_an_unknown_act_is_left_out_alone(
    built_in: Path, write: Write, old: str, new: str, place: str
) -> None:
    write("one/thanks/gone.yaml", ABSENCE.replace(old, new))
    catalogue = load_catalogue(built_in)

    assert list(catalogue.rules) == ["promise/empty"]
    assert told(catalogue, built_in.parent) == [
        f"one/thanks/gone.yaml:{place}: unknown act 'thankz'; did you mean 'thanks'?"
    ]


@pytest.mark.parametrize("key", [one.name for one in fields(Trigger) if str(one.type).startswith("tuple[str")])
def test_every_list_of_acts_under_when_is_checked(built_in: Path, write: Write, key: str) -> None:
    """A list that is added to triggers later on is checked as well."""
    named = {"role": "customer", "acts": ["thanks"]} | {key: ["thankz"]}
    write("one/thanks/gone.yaml", re.sub(r"- \{role: customer.*", f"- {json.dumps(named)}", ABSENCE))

    (problem,) = told(load_catalogue(built_in), built_in.parent)
    assert "unknown act 'thankz'; did you mean 'thanks'?" in problem


def test_rule_that_yields_to_what_does_not_exist_is_left_out_alone(built_in: Path, write: Write) -> None:
    write("one/thanks/gone.yaml", ABSENCE + "yields-to: [promise/empty, acts/thanks, promise/emtpy]\n")
    catalogue = load_catalogue(built_in)

    assert list(catalogue.rules) == ["promise/empty"]
    (problem,) = told(catalogue, built_in.parent)
    assert "unknown rule 'promise/emtpy'; did you mean 'promise/empty'?" in problem


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("promise/empty.yaml", RULE.replace("[negated]", "[negted]"), "6:10: unknown cue 'negted'; did you mean 'neg"),
        ("promise/empty.yaml", RULE.replace("[negated]", "[xyz]"), "6:10: unknown cue 'xyz'; known: negated"),
        ("acts/thanks.yaml", ACT.replace("[negated]", "[xyz]"), "3:29: unknown cue 'xyz'; known: negated"),
    ],
)
def test_unknown_cue_is_told_with_its_place(
    built_in: Path, write: Write, name: str, content: str, expected: str
) -> None:
    write(f"one/{name}", content)
    catalogue = load_catalogue(built_in)

    assert any(error.startswith(f"one/{name}:{expected}") for error in told(catalogue, built_in.parent))
    assert name.removesuffix(".yaml") not in {*catalogue.rules, *(f"acts/{act}" for act in catalogue.acts)}


def test_rule_that_needs_an_act_that_was_left_out_is_left_out_too(built_in: Path, write: Write) -> None:
    write("one/acts/thanks.yaml", "roles: [agent]\n")
    assert "thanks/gone" not in load_catalogue(built_in).rules


def test_own_spelling_is_added_and_does_not_change_what_is_there(built_in: Path, write: Write, tmp_path: Path) -> None:
    write("two/spelling.yaml", "spelling: {tax: [thx], thanks: [tx]}")
    assert load_catalogue(built_in, [tmp_path / "two"]).norms == {"thx": "thanks", "tx": "thanks"}


def test_digest_follows_names_and_contents_but_not_the_folder(built_in: Path, write: Write, tmp_path: Path) -> None:
    before = load_catalogue(built_in).digest
    moved = built_in.rename(tmp_path / "moved")
    assert load_catalogue(moved).digest == before

    write("moved/promise/empty.yaml", RULE + "# a remark\n")
    changed = load_catalogue(moved).digest
    (moved / "promise/empty.yaml").rename(moved / "promise/void.yaml")

    assert len({before, changed, load_catalogue(moved).digest}) == 3


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_file_that_cannot_be_read_is_told_and_the_others_are_loaded(built_in: Path, tmp_path: Path) -> None:
    (built_in / "promise/odd.yaml").symlink_to("/proc/self/mem")
    catalogue = load_catalogue(built_in)

    assert told(catalogue, tmp_path) == ["one/promise/odd.yaml: cannot be read: Input/output error"]
    assert "promise/empty" in catalogue.rules
