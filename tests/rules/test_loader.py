"""Packs: what a file of rules may say, and what is told when it says something else."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from convscan.conversation import Channel, Role
from convscan.errors import RuleError
from convscan.finding import Scope, Severity
from convscan.rules.loader import Pack, load_pack
from convscan.rules.rule import Direction, Within

Write = Callable[[str, str | bytes], Path]

RULE = """\
title: Empty promise
message: "'{match}' promises what nobody can keep."
suggestion: Say what you will do.
severity: error
since: "0.1"
patterns:
  - "<we> promise"
  - {phrase: "trust (me|us)", unless: [asked]}
  - {tokens: [{LOWER: no}, {LOWER: worries}]}
unless: [negated]
except: ["promise (land|note)"]
examples:
  match: ["[[I promise]] it will."]
  no_match:
    - {text: "I never said I promise.", saved_by: negated}
rationale: It may not come true.
references:
  - {title: A book, url: "https://example.org/", accessed: 2026-11-21}
"""
ABSENCE = """\
title: No thanks
message: Nobody said thanks.
suggestion: Say thanks.
scope: turn
when:
  - {role: customer, acts: [effort], without: [joke]}
expect: {acts: [thanks], within: next-turn, among: [regret]}
settled-by: [goodbye]
since: "0.1"
examples:
  match: ["customer: I sent it.\\nagent: [[Fine.]]"]
  no_match: [{text: "customer: I sent it.\\nagent: Thanks.", why: thanked}]
rationale: It costs nothing.
references: [{title: A book, url: "https://example.org/"}]
"""
ACT = """\
description: Says thanks.
roles: [agent, customer]
patterns: [thanks]
examples:
  match: ["[[Thanks]] a lot."]
  no_match: [{text: "Nothing here.", why: no thanks}]
"""


def errors(pack: Pack, root: Path) -> list[str]:
    return [str(error).removeprefix(f"{root}/") for error in pack.errors]


@pytest.fixture
def load(write: Write, tmp_path: Path) -> Callable[..., tuple[Pack, list[str]]]:
    def load_files(**files: str) -> tuple[Pack, list[str]]:
        for name, content in files.items():
            write(name.replace("__", "/") + ".yaml", content)
        pack = load_pack(tmp_path, origin="test")
        return pack, errors(pack, tmp_path)

    return load_files


Load = Callable[..., tuple[Pack, list[str]]]


def test_rule_says_what_its_file_says(load: Load) -> None:
    pack, found = load(promise__empty=RULE)
    (rule,) = pack.rules

    assert found == []
    assert (rule.id, rule.family, rule.origin) == ("promise/empty", "promise", "test")
    assert (rule.severity, rule.scope, rule.absence) == (Severity.ERROR, Scope.SPAN, None)
    assert [str(pattern) for pattern in rule.wording.patterns][:2] == ["<we> promise", "trust (me|us)"]
    assert rule.wording.patterns[1].unless == ("asked",)
    assert rule.wording.patterns[2].tokens == ({"LOWER": "no"}, {"LOWER": "worries"})
    assert rule.wording.roles == (Role.AGENT,)
    assert rule.references[0].accessed == "2026-11-21"
    assert [(example.fires, example.saved_by) for example in rule.examples] == [(True, None), (False, "negated")]


def test_absence_rule_says_what_its_file_says(load: Load) -> None:
    pack, found = load(thanks__gone=ABSENCE)
    absence = pack.rules[0].absence

    assert found == []
    assert absence is not None
    assert (absence.when[0].acts, absence.when[0].without, absence.settled_by) == (("effort",), ("joke",), ("goodbye",))
    assert (absence.expect.acts, absence.expect.within) == (("thanks",), Within.NEXT_TURN)
    assert absence.expect.among == ("regret",)


def test_act_cues_lists_and_spelling_are_read(load: Load) -> None:
    pack, found = load(
        acts__thanks=ACT,
        cues='cues: [{name: negated, phrases: [no, "not at"], affects: both, scope_words: 3, stop: [but]}]',
        lists="lists: {we: [i, we], answers: [no, yes]}",
        spelling="spelling: {thanks: [Thx, tnx]}",
    )
    (cue,) = pack.cues

    assert found == []
    assert pack.acts[0].name == "thanks"
    assert [pattern.phrase for pattern in cue.phrases] == ["no", "not at"]
    assert (cue.affects, cue.scope_words, [p.phrase for p in cue.stop]) == (Direction.BOTH, 3, ["but"])
    assert pack.lists == {"we": ("i", "we"), "answers": ("no", "yes")}
    assert pack.norms == {"thx": "thanks", "tnx": "thanks"}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("severity: error", "severty: error", "4:1: unknown key 'severty'; did you mean 'severity'?"),
        ("severity: error", "colour: red", "4:1: unknown key 'colour'; known keys: channels, complete-replies-only"),
        ("severity: error", "severity: high", "4:1: unknown value 'high'; expected one of note, warning, error"),
        ("severity: error", "severity: [error]", "4:1: unknown value ['error']; expected one of note, warning, error"),
        ("severity: error", "severity: note\nseverity: error", "5:1: duplicate key 'severity'; keep one of the two"),
        ("severity: error", "scope: page", "4:1: unknown value 'page'; expected one of span, turn, conversation"),
        ("severity: error", "scope: turn", "4:1: scope 'span' goes with 'patterns', 'turn' and 'conversation' with"),
        ("severity: error", "channels: chat", "4:1: 'channels' must be a list, found text"),
        ("severity: error", "channels: [chat, fax]", "4:18: unknown value 'fax'; expected one of chat, email"),
        ("severity: error", "roles: [customer]", "4:1: 'customer' cannot stand here; allowed: agent"),
        ("severity: error", "roles: [bot]", "4:1: 'bot' cannot stand here; allowed: agent"),
        ("title: Empty promise\n", "", "1:1: 'title' is missing"),
        ("title: Empty promise", "title:", "1:1: 'title' is missing"),
        ("title: Empty promise", 'title: " "', "1:1: 'title' is empty"),
        ("title: Empty promise", "title: 404", "1:1: 'title' must be text, found a number; put it in quotes"),
        ("title: Empty promise", "title: [a]", "1:1: 'title' must be text, found a list; put it in quotes"),
        ('since: "0.1"', "since: true", "5:1: 'since' must be text, found true/false; put it in quotes"),
        ("nobody can keep.", "nobody can keep", "2:1: a message ends with a full stop"),
        ("{match}", "{quote}", "2:1: only {match} can stand in braces in a message"),
        ("{match}", "{match.__class__}", "2:1: only {match} can stand in braces in a message"),
        ('  - "<we> promise"', "  - 100", "7:5: expected a phrase, found a number; put it in quotes"),
        ('  - "<we> promise"', "  -", "7:4: expected a phrase, found nothing"),
        ('  - "<we> promise"', "  - {word: x}", "7:5: a pattern is a phrase, or has either 'phrase' or 'tokens'"),
        ('  - "<we> promise"', "  - {word: x}", "7:6: unknown key 'word'; known keys: phrase, tokens, unless"),
        ("unless: [asked]", "unles: [asked]", "8:31: unknown key 'unles'; did you mean 'unless'?"),
        ("{LOWER: worries}", "worries", "9:28: a token is a mapping like {LOWER: refund}, found text"),
        ("unless: [negated]", "unless: negated", "10:1: 'unless' must be a list, found text"),
        ("unless: [negated]", "unless: [5]", "10:10: expected text, found a number; put it in quotes"),
        ("unless: [negated]", "unless: [a, b, a]", "10:16: 'a' stands twice in 'unless'"),
        ('"promise (land|note)"', "{phrase: x, unless: [a]}", "11:22: an exception has no 'unless'"),
        ("saved_by: negated", "comment: x", "15:7: a no_match example says 'why' it is none, or what it is 'saved_by'"),
        ('"I never said I promise."', '"I [[never]]"', "15:7: a no_match example has no [[marks]]"),
        ("  no_match:", "  nomatch:", "14:3: unknown key 'nomatch'; did you mean 'no_match'?"),
        ("url:", "link:", "18:21: unknown key 'link'; known keys: accessed, title, url"),
        ("references:\n", "references: x\nnothing:\n", "17:1: 'references' must be a list, found text"),
        ("rationale: It may not come true.", "when: []", "1:1: 'rationale' is missing"),
        (
            "rationale: It",
            "expect: {acts: [a], within: next-turn}\nrationale: It",
            "1:1: 'when' and 'expect' go together",
        ),
    ],
)
def test_wrong_rule_is_told_with_line_column_and_what_to_do(load: Load, old: str, new: str, expected: str) -> None:
    assert old in RULE
    pack, found = load(promise__empty=RULE.replace(old, new, 1))

    assert pack.rules == ()
    assert any(f"promise/empty.yaml:{expected}" in error for error in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("acts: [effort]", "acts: effort", "6:22: 'acts' must be a list, found text"),
        ("role: customer", "role: boss", "6:6: unknown value 'boss'; expected one of customer, agent, bot, system"),
        ("without:", "position: middle, without:", "6:38: unknown value 'middle'; expected one of any, first"),
        ("within: next-turn", "within: soon", "7:26: unknown value 'soon'; expected one of same-turn, next-turn"),
        ("expect: {acts", "expect: {act", "7:10: unknown key 'act'; did you mean 'acts'?"),
        ("scope: turn\n", "", "1:1: scope 'span' goes with 'patterns', 'turn' and 'conversation' with 'when'"),
        ("scope: turn", "scope: turn\npatterns: [x]", "5:1: a rule has 'patterns' or 'when', not both"),
        ("settled-by: [goodbye]", "complete-replies-only: no", "8:1: 'complete-replies-only' must be true or false"),
    ],
)
def test_wrong_absence_rule_is_told_with_line_and_column(load: Load, old: str, new: str, expected: str) -> None:
    assert old in ABSENCE
    pack, found = load(thanks__gone=ABSENCE.replace(old, new, 1))

    assert pack.rules == ()
    assert any(f"thanks/gone.yaml:{expected}" in error for error in found), found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("roles: [agent, customer]\n", "", "1:1: 'roles' is missing; whose words are they?"),
        ("roles: [agent, customer]", "roles: [system]", "2:1: 'system' cannot stand here; allowed: customer, agent"),
        ("patterns: [thanks]\n", "", "1:1: 'patterns' is missing"),
        ("description: Says thanks.", "title: x", "1:1: 'description' is missing"),
    ],
)
def test_wrong_act_is_told_with_line_and_column(load: Load, old: str, new: str, expected: str) -> None:
    pack, found = load(acts__thanks=ACT.replace(old, new, 1))

    assert pack.acts == ()
    assert any(f"acts/thanks.yaml:{expected}" in error for error in found), found


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("cues", "cues: [{phrases: [no]}]", "cues.yaml:1:8: 'name' is missing"),
        ("cues", "cues: [{name: a}, {name: a}]", "cues.yaml:1:19: cue 'a' stands twice; put the phrases into one"),
        ("cues", "cues: [{name: A b}]", "cues.yaml:1:8: 'A b' is no name; write it in a-z, 0-9 and '-'"),
        ("cues", "cues: [{name: a, scope_words: 010}]", "cues.yaml:1:18: 'scope_words' must be a whole number from 0"),
        ("cues", "cues: [{name: a, scope_words: -1}]", "must be a whole number from 0, found -1"),
        ("cues", "cues: [{name: a, affects: left}]", "unknown value 'left'; expected one of before, after, both"),
        ("cues", "cues: [{name: a, in_quotation: yes}]", "'in_quotation' must be true or false, found 'yes'"),
        ("cues", "cues: [{name: a, phrases: [{tokens: []}]}]", "1:28: expected a phrase, found a mapping"),
        ("cues", "cues: {name: a}", "cues.yaml:1:1: 'cues' must be a list, found a mapping"),
        ("lists", "lists: {We: [i]}", "lists.yaml:1:9: 'We' is no name"),
        ("lists", "lists: {we: i}", "lists.yaml:1:9: 'we' must be a list, found text"),
        ("lists", "lists: {we: [1]}", "lists.yaml:1:14: expected text, found a number; put it in quotes"),
        ("lists", "- a", "lists.yaml:1:1: expected a mapping 'key: value', found a list"),
        ("spelling", "spelling: {a: [x], b: [x]}", "1:24: 'x' is a spelling of 'a' already; it can be one word only"),
        ("spelling", "spelling: {a: [b], b: [c]}", "1:20: 'b' is a spelling of 'a'; list its spellings there"),
        ("acts__a", "", "acts/a.yaml:1:1: expected a mapping 'key: value', found nothing"),
        ("a__b", "just text", "a/b.yaml:1:1: expected a mapping 'key: value', found text"),
    ],
)
def test_wrong_file_is_told_with_line_and_column(load: Load, name: str, content: str, expected: str) -> None:
    _, found = load(**{name: content})
    assert any(expected in error for error in found), found


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("top.yaml", "the path gives the id 'top'"),
        ("promise/Empty.yaml", "the path gives the id 'promise/Empty'"),
        ("promise/two words.yaml", "the path gives the id 'promise/two words'"),
        ("promise/double--dash.yaml", "the path gives the id 'promise/double--dash'"),
        ("promise/em\u0440ty.yaml", r"the path gives the id 'promise/em\u0440ty'"),
        ("promise/\u202eytpme.yaml", r"the path gives the id 'promise/\u202eytpme'"),
        ("promise/a\u0301.yaml", r"the path gives the id 'promise/a\u0301'"),
    ],
)
def test_id_that_could_be_taken_for_another_is_refused(write: Write, tmp_path: Path, name: str, told: str) -> None:
    write(name, RULE)
    pack = load_pack(tmp_path, origin="test")

    assert pack.rules == ()
    assert [told in str(error) for error in pack.errors] == [True]


@pytest.mark.parametrize("name", ["acts/Thanks.yaml", "acts/th\u0430nks.yaml", "acts/more/thanks.yaml"])
def test_act_with_a_strange_name_is_refused(write: Write, tmp_path: Path, name: str) -> None:
    write(name, ACT)
    pack = load_pack(tmp_path, origin="test")

    assert (pack.acts, pack.rules) == ((), ())
    assert ["write acts/name in a-z, 0-9 and '-'" in str(error) for error in pack.errors] == [True]


def test_only_the_broken_rules_are_left_out_and_all_of_their_faults_are_told(load: Load) -> None:
    bad = RULE.replace("error", "high").replace("title: Empty promise\n", "").replace("since", "sinec")
    pack, found = load(promise__empty=RULE, promise__bad=bad, thanks__gone=ABSENCE, blame__bad="a: [")

    assert [rule.id for rule in pack.rules] == ["promise/empty", "thanks/gone"]
    assert len([error for error in found if error.startswith("promise/bad.yaml:")]) == 4
    assert len([error for error in found if error.startswith("blame/bad.yaml:")]) == 1


def test_pattern_does_not_repeat_a_cue_that_counts_for_all(load: Load) -> None:
    """Told twice, the cue would look like two reasons, and an example saved by it like saved by more than one."""
    pack, found = load(promise__empty=RULE.replace("unless: [asked]", "unless: [asked, negated]"))

    assert found == []
    assert pack.rules[0].wording.patterns[1].unless == ("asked",)


def test_channels_and_roles_named_twice_count_once(load: Load) -> None:
    pack, _ = load(promise__empty=RULE + "channels: [chat, email, chat]\nroles: [agent, agent]\n")

    assert pack.rules[0].channels == (Channel.CHAT, Channel.EMAIL)
    assert pack.rules[0].wording.roles == (Role.AGENT,)


def test_file_with_the_other_suffix_is_told_not_passed_over(write: Write, tmp_path: Path) -> None:
    write("promise/empty.yml", RULE)
    assert errors(load_pack(tmp_path, origin="test"), tmp_path) == [
        "promise/empty.yml: rule files end in '.yaml'; rename it"
    ]


def test_what_is_hidden_or_no_file_is_passed_over(write: Write, tmp_path: Path) -> None:
    write(".github/workflows/ci.yaml", "on: push\n")
    write("promise/.draft.yaml", "a: [")
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    real = write("cues.yaml", "cues: []\n")

    assert load_pack(tmp_path, origin="test") == Pack(tmp_path, "test", files=(real,))


def test_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    """Who names it believes that its rules are looked for."""
    with pytest.raises(RuleError, match="no rules in this folder; a rule is a file such as"):
        load_pack(tmp_path, origin="test")


@pytest.mark.parametrize("name", ["gone", "file.yaml"])
def test_folder_that_is_not_there_is_an_error(write: Write, tmp_path: Path, name: str) -> None:
    write("file.yaml", "")
    with pytest.raises(RuleError, match=f"{name}: no such folder of rules"):
        load_pack(tmp_path / name, origin="test")


def test_files_are_read_in_the_order_of_their_names(load: Load) -> None:
    names: Sequence[str] = ["b__b", "a__c", "a__a", "a-b__a"]
    pack, _ = load(**dict.fromkeys(names, RULE))

    assert [rule.id for rule in pack.rules] == ["a/a", "a/c", "a-b/a", "b/b"]
