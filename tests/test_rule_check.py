"""Rules are held to their examples: whatever is taken away from a rule that passes is missed."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from convscan.language.marking import EXCEPTION
from convscan.resources import rules_folder
from convscan.rule_check import RuleChecker
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.rules.loader import located
from convscan.rules.rule import Act, Example, Pattern, Rule, Wording

RULE = """\
title: Empty promise
message: "'{match}' promises what nobody can keep."
suggestion: Say what you will do.
since: "0.1"
patterns:
  - "i promise"
  - {phrase: "never ... again", unless: [asked]}
unless: [negated]
except: ["promised land", "as promised"]
examples:
  match:
    - "[[I promise]] it will."
    - "That will [[never happen again]]."
  no_match:
    - {text: "I cannot say I promise it.", saved_by: negated}
    - {text: "Will it never happen again?", saved_by: asked}
    - {text: "I promise the promised land.", saved_by: except}
    - {text: "I promise it as promised.", saved_by: except}
    - {text: "The promise holds.", why: nobody promises}
rationale: It may not come true.
references: [{title: A book, url: "https://example.org/"}]
"""
ABSENCE = """\
title: No thanks
message: Nobody said thanks.
suggestion: Say thanks.
scope: turn
when: [{role: customer, acts: [effort]}]
expect: {acts: [thanks], within: next-turn}
since: "0.1"
examples:
  match: ["customer: I sent the form twice.\\nagent: [[It is here.]]"]
  no_match: [{text: "customer: I sent the form.\\nagent: Thanks for that.", why: thanked}]
rationale: It costs nothing.
references: [{title: A book, url: "doi:10.1000/1"}]
"""
THANKS = """\
description: Says thanks.
roles: [agent]
patterns: [thanks]
examples: {match: ["[[Thanks]] a lot."], no_match: [{text: Nothing., why: no thanks}]}
"""
EFFORT = """\
description: Did something for the company.
roles: [customer]
patterns: [i sent]
examples: {match: ["[[I sent]] it."], no_match: [{text: It was sent., why: by somebody}]}
"""
CUES = """\
cues:
  - {name: negated, phrases: [not], affects: after, scope_words: 4}
  - {name: asked, phrases: [^ will], affects: after, scope_words: 3}
"""

Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check the small pack with one replacement in one file; return what is wrong with it."""

    def checked(name: str = "promise/empty.yaml", old: str = "", new: str = "") -> list[str]:
        files = {
            "promise/empty.yaml": RULE,
            "thanks/gone.yaml": ABSENCE,
            "acts/thanks.yaml": THANKS,
            "acts/effort.yaml": EFFORT,
            "cues.yaml": CUES,
        }
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
        for path, content in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(content, encoding="utf-8")
        return [str(error).removeprefix(f"{tmp_path}/") for error in RuleChecker(load_catalogue(tmp_path)).check()]

    return checked


def test_pack_whose_examples_hold_has_no_errors(check: Check) -> None:
    assert check() == []


SECOND_MATCH = '    - "That will [[never happen again]]."\n'
NEGATED = '    - {text: "I cannot say I promise it.", saved_by: negated}\n'
LAND = '    - {text: "I promise the promised land.", saved_by: except}\n'


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (SECOND_MATCH, "", ["7:5: dead pattern 'never ... again': no match example is found by it"]),
        ("[[I promise]] it", "I [[promise]] it", ["12:7: expected 'promise', found 'I promise'"]),
        (
            "[[I promise]] it",
            "I promise it",
            ["12:7: no words are marked with [[…]] as what must be found; found is 'I promise'"],
        ),
        (
            "[[I promise]] it will",
            "[[I swear]] it will",
            ["12:7: expected 'I swear', found nothing", "6:5: dead pattern"],
        ),
        ('"The promise holds."', '"I promise it holds."', ["19:7: must not fire, but does at 'I promise'"]),
        (NEGATED, "", ["6:5: dead cue 'negated': it saves no no_match example by itself"]),
        (LAND, "", ["9:10: dead exception 'promised land': it saves no no_match example by itself"]),
        ("the promised land.", "the promised land as promised.", ["9:10: dead exception 'promised land'"]),
        (
            ", saved_by: negated",
            ", saved_by: asked",
            ["15:7: not saved by 'asked': the example would not fire if 'asked'"],
        ),
        (", saved_by: negated", ", saved_by: except", ["15:7: not saved by 'except'"]),
        ("unless: [negated]", "", ["15:7: must not fire, but does", "15:7: not saved by 'negated'"]),
        (", unless: [asked]", "", ["16:7: must not fire, but does", "16:7: not saved by 'asked'"]),
        (
            'except: ["promised land", "as promised"]',
            "",
            ["17:7: must not fire", "18:7: must not fire", "17:7: not", "18:7: not"],
        ),
        (', "as promised"', "", ["18:7: must not fire, but does at 'I promise'", "18:7: not saved by 'except'"]),
        ('references: [{title: A book, url: "https://example.org/"}]', "", ["1:1: no 'references'"]),
        ("https://example.org/", "example", ["21:30: 'example' is no http(s) address, doi: or urn:isbn:"]),
        (
            'example.org/"',
            'example.org/", accessed: yesterday',
            ["21:59: 'yesterday' is no day; write it as 2026-01-31"],
        ),
        ('example.org/"', 'example.org/", accessed: 2026-01-31', []),
        ("https://example.org/", "http://localhost", ["21:30: 'http://localhost' is no http(s) address"]),
    ],
)
def test_change_of_a_rule_is_missed(check: Check, old: str, new: str, expected: list[str]) -> None:
    found = check(old=old, new=new)

    assert len(found) == len(expected), found
    for error, beginning in zip(found, expected, strict=True):
        assert error.startswith(f"promise/empty.yaml:{beginning}")


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("cust: I sent the form twice.", "unknown speaker 'cust'; did you mean 'customer'?"),
        ("Customer: I sent the form twice.", "unknown speaker 'Customer'; did you mean 'customer'?"),
        ("I sent the form twice.", "the first line names no speaker, as others do"),
    ],
)
def test_speaker_that_is_none_is_named_and_nothing_else(check: Check, wrong: str, expected: str) -> None:
    found = check("thanks/gone.yaml", "customer: I sent the form twice.", wrong)

    assert len(found) == 1, found
    assert found[0].startswith(f"thanks/gone.yaml:9:11: {expected}")


def test_words_before_a_colon_are_no_speaker(check: Check) -> None:
    for text in ("Agents: the promise holds.", "agent: The promise holds.\\nNote: bring the form."):
        assert check(old='"The promise holds."', new=f'"{text}"') == []


def test_finding_about_the_whole_conversation_is_not_marked(check: Check) -> None:
    found = check("thanks/gone.yaml", "scope: turn", "scope: conversation")

    assert found == [
        "thanks/gone.yaml:9:11: what concerns the whole conversation has no place in it; take out the [[…]]"
    ]


def test_rule_with_one_kind_of_examples_only_is_refused(check: Check) -> None:
    found = check(old=RULE[RULE.index("  match:") : RULE.index("  no_match:")], new="")
    assert found[0] == "promise/empty.yaml:10:1: no 'match' example"


def test_rule_that_does_not_compile_is_told_once_without_its_examples(check: Check) -> None:
    found = check(old='"i promise"', new='"i (promise"')
    assert found == ["promise/empty.yaml:6:5: unclosed '(' in phrase 'i (promise'"]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("thanks/gone.yaml", "[[It is here.]]", "It is [[here.]]", "9:11: expected 'here.', found 'It is here.'"),
        ("thanks/gone.yaml", "Thanks for that", "Here it is", "10:14: must not fire, but does at 'Here it is.'"),
        ("thanks/gone.yaml", "agent: [[It is here.]]", "agent: [[Thanks.]]", "9:11: expected 'Thanks.', found nothing"),
        ("acts/thanks.yaml", "[[Thanks]] a lot", "[[Thanks a lot]]", "4:20: expected 'Thanks a lot', found 'Thanks'"),
        ("acts/thanks.yaml", "text: Nothing.", "text: Thanks.", "4:53: must not fire, but does at 'Thanks'"),
        ("acts/effort.yaml", "[i sent]", "[i sent, i posted]", "3:20: dead pattern 'i posted'"),
    ],
)
def test_change_of_an_absence_rule_or_act_is_missed(check: Check, name: str, old: str, new: str, expected: str) -> None:
    found = check(name, old, new)
    assert any(error.startswith(f"{name}:{expected}") for error in found), found


# What follows changes all rules that convscan ships, many in one run, because compiling them takes seconds.


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return convscan's own rules and acts; a copy, for errors look up their line in the file."""
    copy = tmp_path_factory.mktemp("built-in") / "en"
    shutil.copytree(rules_folder(), copy)
    return load_catalogue(copy)


@pytest.fixture(scope="module")
def passing(built_in: Catalogue) -> list[Rule | Act]:
    """Return those that pass: only of them can it be said that a change is missed."""
    wrong = [str(error) for error in RuleChecker(built_in).check()]
    owners: list[Rule | Act] = [*built_in.rules.values(), *built_in.acts.values()]
    return [owner for owner in owners if not any(e.startswith(f"{owner.place.path}:") for e in wrong)]


def _changed(catalogue: Catalogue, change: Callable[[Rule | Act], Rule | Act]) -> list[str]:
    rules = {name: changed for name, rule in catalogue.rules.items() if isinstance(changed := change(rule), Rule)}
    acts = {name: changed for name, act in catalogue.acts.items() if isinstance(changed := change(act), Act)}
    return [str(error) for error in RuleChecker(replace(catalogue, rules=rules, acts=acts)).check()]


def _first(examples: Iterable[Example], *, fires: bool) -> Example:
    return next(example for example in examples if example.fires is fires)


def _told(example: Example, wrong: Iterable[str]) -> bool:
    return any(error.startswith(str(located(example.place, ""))) for error in wrong)


@pytest.mark.parametrize("fires", [True, False])
def test_example_turned_round_is_missed_in_every_rule(
    built_in: Catalogue, passing: list[Rule | Act], *, fires: bool
) -> None:
    def turned(owner: Rule | Act) -> Rule | Act:
        first = _first(owner.examples, fires=fires)
        examples = tuple(replace(e, fires=not fires) if e is first else e for e in owner.examples)
        return replace(owner, examples=examples)

    wrong = _changed(built_in, turned)
    unnoticed = [str(owner.place.path) for owner in passing if not _told(_first(owner.examples, fires=fires), wrong)]

    assert unnoticed == []


def test_pattern_without_its_example_is_missed_in_every_rule(built_in: Catalogue, passing: list[Rule | Act]) -> None:
    """A rule with so many patterns cannot be covered by the one example that is left."""
    many = 8

    def bared(owner: Rule | Act) -> Rule | Act:
        first = _first(owner.examples, fires=True)
        return replace(owner, examples=tuple(e for e in owner.examples if e is first or not e.fires))

    wrong = _changed(built_in, bared)
    unnoticed = [
        str(owner.place.path)
        for owner in passing
        if len(owner.wording.patterns) >= many
        and not any(error.startswith(f"{owner.place.path}:") and "dead pattern" in error for error in wrong)
    ]

    assert unnoticed == []


def _without(wording: Wording, saver: str) -> Wording:
    if saver == EXCEPTION:
        return replace(wording, exceptions=())
    return replace(
        wording,
        unless=tuple(cue for cue in wording.unless if cue != saver),
        patterns=tuple(_without_cue(pattern, saver) for pattern in wording.patterns),
    )


def _without_cue(pattern: Pattern, saver: str) -> Pattern:
    return replace(pattern, unless=tuple(cue for cue in pattern.unless if cue != saver))


def _saved(owner: Rule | Act) -> Example | None:
    return next((example for example in owner.examples if example.saved_by), None)


def test_cue_or_exception_that_saves_an_example_is_missed_in_every_rule(
    built_in: Catalogue, passing: list[Rule | Act]
) -> None:
    def unsaved(owner: Rule | Act) -> Rule | Act:
        example = _saved(owner)
        if example is None or example.saved_by is None:
            return owner
        return replace(owner, wording=_without(owner.wording, example.saved_by))

    wrong = _changed(built_in, unsaved)
    saved = [example for owner in passing if (example := _saved(owner))]

    assert [str(example.place.path) for example in saved if not _told(example, wrong)] == []
