"""Cues: words that change the force of words near them, on the right side and not too far off."""

from collections.abc import Callable, Mapping

import pytest

from convscan.conversation import Conversation, Role, Utterance
from convscan.language.parsed import Mark
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.rules.catalogue import Catalogue

CUES = """
cues:
  - name: negated
    phrases: [not, never]
    affects: after
    scope_words: 3
    stop: [but, "not only"]
  - name: asked-back
    phrases: [really]
    affects: before
    scope_words: 2
  - name: hedged
    phrases: [perhaps]
    affects: both
    scope_words: 2
  - name: quoted
    in_quotation: true
"""
ACT = """
description: Promises a thing.
roles: [agent]
patterns: ["we ... promise", "lamp*"]
unless: [negated, asked-back, hedged, quoted]
except: ["lamp shop"]
examples:
  match: ["[[We promise]]."]
  no_match: [{text: "We do not promise.", saved_by: negated}]
"""

Marked = Callable[[str], list[tuple[str, tuple[str, ...]]]]


@pytest.fixture(scope="module")
def marked(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> Marked:
    """Find the marks of a text as (words, vetoes)."""
    catalogue = catalogue_of({"cues": CUES, "acts/promise": ACT})
    language = LanguagePipeline(catalogue, Budget(utterance_chars=1000, record_seconds=60))

    def find(text: str) -> list[tuple[str, tuple[str, ...]]]:
        parsed, _ = language.parse(Conversation("c-1", (Utterance(Role.AGENT, text),)))
        sentences = parsed.utterances[0].sentences
        marks: list[Mark] = [mark for sentence in sentences for mark in sentence.found.of("acts/promise")]
        return [(text[mark.start : mark.end], mark.vetoes) for mark in marks]

    return find


def test_match_without_a_cue_stands(marked: Marked) -> None:
    assert marked("Here is a lamp.") == [("lamp", ())]


@pytest.mark.parametrize("text", ["It is not a lamp.", "It isn't a lamp.", "Never one two three lamps!"])
def test_cue_reaches_what_follows(marked: Marked, text: str) -> None:
    assert [vetoes for _, vetoes in marked(text)] == [("negated",)]


def test_cue_ends_at_its_scope(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("Never one two three four lamps!")] == [()]


def test_cue_does_not_reach_back(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("The lamp is not there.")] == [()]


def test_stop_ends_the_scope_early(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("Not red but lamps.")] == [()]


def test_stop_after_the_match_ends_nothing(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("Not lamps but bulbs.")] == [("negated",)]


@pytest.mark.parametrize("text", ["Not only lamps.", "It isn't only lamps."])
def test_cue_that_is_part_of_a_stop_has_no_force(marked: Marked, text: str) -> None:
    assert [vetoes for _, vetoes in marked(text)] == [()]


def test_cue_beside_one_that_is_part_of_a_stop_keeps_its_force(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("Not only never lamps.")] == [("negated",)]


def test_cue_in_another_sentence_has_no_force(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("It is not. Lamps are.")] == [()]


def test_cue_may_reach_only_what_stands_before(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked("A lamp, really?")] == [("asked-back",)]
    assert [vetoes for _, vetoes in marked("Really, a lamp?")] == [()]


@pytest.mark.parametrize("text", ["Perhaps a lamp.", "A lamp, perhaps."])
def test_cue_may_reach_both_ways(marked: Marked, text: str) -> None:
    assert [vetoes for _, vetoes in marked(text)] == [("hedged",)]


def test_cue_that_fills_a_gap_of_the_match_counts(marked: Marked) -> None:
    assert marked("We do not promise.") == [("We do not promise", ("negated",))]


@pytest.mark.parametrize(
    "text", ['It says "new lamps" here.', "It says \u201clamps\u201d here.", "It says \u00ablamps\u00bb."]
)
def test_words_in_quotation_marks_are_quoted(marked: Marked, text: str) -> None:
    assert [vetoes for _, vetoes in marked(text)] == [("quoted",)]


@pytest.mark.parametrize("text", ['It says "new" lamps here.', 'A 3" lamp.', "The customer's lamp isn't 'new'."])
def test_words_beside_quotation_marks_are_not_quoted(marked: Marked, text: str) -> None:
    assert [vetoes for _, vetoes in marked(text)] == [()]


def test_several_cues_are_all_told(marked: Marked) -> None:
    assert [vetoes for _, vetoes in marked('Perhaps not "lamps".')] == [("negated", "hedged", "quoted")]


def test_exception_cancels_every_match_of_its_sentence(marked: Marked) -> None:
    found = marked("The lamp shop has a lamp. A lamp!")
    assert [vetoes for _, vetoes in found] == [("except lamp shop",), ("except lamp shop",), ()]
