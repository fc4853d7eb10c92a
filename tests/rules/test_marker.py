"""Marks in a sentence: which stand, which are cancelled, and by what."""

from collections.abc import Callable
from pathlib import Path

import pytest

from convscan.conversation import Channel, Role
from convscan.language.marking import Marker
from convscan.language.parsed import Mark
from convscan.rules.catalogue import load_catalogue

RULE = """\
title: Empty promise
message: Nobody can keep that.
suggestion: Say what you will do.
since: "0.1"
patterns: {patterns}
unless: [negated]
except: ["as promised"]
channels: {channels}
examples: {{match: [x], no_match: [{{text: x, why: y}}]}}
rationale: It may not come true.
references: []
"""
ACT = """\
description: Says thanks.
roles: [agent, customer]
patterns: [thanks, many thanks]
examples: {match: [x], no_match: [{text: x, why: y}]}
"""
CUES = """\
cues:
  - {name: negated, phrases: [not], affects: after, scope_words: 2, stop: [but]}
  - {name: asked, phrases: [^ will], affects: after, scope_words: 4}
"""

OWNERS = ("promise/empty", "acts/thanks")

Marked = Callable[..., list[tuple[str, tuple[str, ...]]]]


@pytest.fixture
def marker(tmp_path: Path) -> Callable[..., Marker]:
    def make(patterns: str, channels: str = "[]") -> Marker:
        files = {
            "promise/empty.yaml": RULE.format(patterns=patterns, channels=channels),
            "acts/thanks.yaml": ACT,
            "cues.yaml": CUES,
        }
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        catalogue = load_catalogue(tmp_path)
        assert catalogue.errors == ()
        return Marker(catalogue)

    return make


def marked(marker: Marker, text: str, *, role: Role = Role.AGENT, channel: Channel | None = None) -> list[Mark]:
    found = marker.find(text, role, channel=channel)
    return sorted((mark for owner in OWNERS for mark in found.of(owner)), key=lambda m: (m.start, m.end, m.owner))


def words(marks: list[Mark], text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(text[mark.start : mark.end], mark.vetoes) for mark in marks]


def test_longest_of_overlapping_marks_stays(marker: Callable[..., Marker]) -> None:
    text = "I promise you that it will never happen, I promise"
    marks = marked(marker("[i promise, promise you, i promise you that, that it]"), text)

    assert words(marks, text) == [("I promise you that", ()), ("I promise", ())]


def test_of_two_equally_long_overlapping_marks_the_first_stays(marker: Callable[..., Marker]) -> None:
    assert words(marked(marker("[a b, b c]"), "a b c"), "a b c") == [("a b", ())]


def test_marks_of_two_owners_may_overlap(marker: Callable[..., Marker]) -> None:
    marks = marked(marker("[many thanks i promise]"), "Many thanks I promise")
    assert [mark.owner for mark in marks] == ["acts/thanks", "promise/empty"]


def test_cancelled_mark_does_not_hide_one_that_stands(marker: Callable[..., Marker]) -> None:
    """The longer one is cancelled by its own cue; the shorter one is not in any cue's scope."""
    text = "Will you promise then"
    marks = marked(marker('[{phrase: "you promise then", unless: [asked]}, promise]'), text)

    assert words(marks, text) == [("you promise then", ("asked",)), ("promise", ())]


@pytest.mark.parametrize(
    ("text", "vetoes"),
    [
        ("I promise", ()),
        ("It is not what I promise", ("negated",)),
        ("It is not at all what I promise", ()),
        ("It is not, but I promise", ()),
        ("I promise not to", ()),
        ("I promise it, as promised", ("except as promised",)),
        ("This is not I promise it as promised", ("except as promised", "negated")),
    ],
)
def test_mark_tells_every_reason_that_cancels_it(
    marker: Callable[..., Marker], text: str, vetoes: tuple[str, ...]
) -> None:
    assert [mark.vetoes for mark in marked(marker("[i promise]"), text)] == [vetoes]


@pytest.mark.parametrize(
    ("channel", "found"), [(Channel.CHAT, True), (Channel.EMAIL, True), (Channel.CALL, False), (None, False)]
)
def test_rule_for_some_channels_is_silent_in_others(
    marker: Callable[..., Marker], channel: Channel | None, *, found: bool
) -> None:
    marks = marked(marker("[i promise]", "[chat, email]"), "I promise. Thanks", channel=channel)
    assert [mark.owner for mark in marks] == (["promise/empty"] if found else []) + ["acts/thanks"]


def test_rule_without_channels_looks_everywhere(marker: Callable[..., Marker]) -> None:
    assert len(marked(marker("[i promise]"), "I promise", channel=Channel.TEMPLATE)) == 1


def test_only_words_of_the_wanted_role_are_marked(marker: Callable[..., Marker]) -> None:
    marks = marked(marker("[i promise]"), "I promise, thanks", role=Role.CUSTOMER)
    assert [mark.owner for mark in marks] == ["acts/thanks"]


def test_marks_are_counted_from_the_beginning_of_the_utterance(marker: Callable[..., Marker]) -> None:
    (mark,) = marker("[i promise]").find("I promise", Role.AGENT, offset=100).of("promise/empty")
    assert (mark.start, mark.end) == (100, 109)


def test_owner_with_a_bad_pattern_is_told_and_left_out_alone(marker: Callable[..., Marker], tmp_path: Path) -> None:
    made = marker('[i promise, "(", {tokens: [{POS: NOUN}]}]')

    assert [str(error) for error in made.errors] == [
        f"{tmp_path}/promise/empty.yaml:5:23: empty alternative in phrase '('"
    ]
    assert [mark.owner for mark in marked(made, "I promise, thanks")] == ["acts/thanks"]
