"""Hold rules to their examples: what `convscan rules check` runs.

Every marked example must be found exactly, no other may fire, every pattern must be
hit by an example, and every cue and exception must save one. A pattern that no
example covers, or a cue that saves nothing, is dead and refused.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from convscan.acts.heard import ACT_PREFIX, hear
from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.detectors.registry import detectors_for
from convscan.detectors.settling import give_way
from convscan.errors import RuleError
from convscan.finding import Finding, Scope
from convscan.language.marking import EXCEPTION
from convscan.language.parsed import Mark, ParsedConversation
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.promises.ledger import with_promises
from convscan.rules.catalogue import Catalogue
from convscan.rules.loader import located
from convscan.rules.rule import Act, Example, Pattern, Place, Rule, Wording

_SPEAKER = re.compile(rf"^({'|'.join(Role)}): ?", re.MULTILINE)
# What stands before the first colon of a line, if it is one word.
_LABEL = re.compile(r"^(\w+):(?=\s)", re.MULTILINE)
_OPEN, _CLOSE = "[[", "]]"
_URL = re.compile(r"https?://\S+\.\S+|doi:\S+|urn:isbn:\S+")
_NO_LIMIT = Budget(utterance_chars=10**6, record_seconds=60.0)


@dataclass(frozen=True, slots=True)
class _Shown:
    """An example as a conversation, and the places marked in it: (utterance, start, end)."""

    conversation: Conversation
    spans: tuple[tuple[int, int, int], ...]


class RuleChecker:
    """Check the rules and acts of a catalogue against their own examples."""

    def __init__(self, catalogue: Catalogue, *, only: Sequence[Path] = ()) -> None:
        """Compile the catalogue once for all examples.

        Args:
            catalogue: All rules; those that are checked may use acts and cues of others.
            only: Folders whose rules and acts alone are checked; all if empty.
        """
        self._catalogue = catalogue
        self._only = tuple(folder.resolve() for folder in only)
        self.rules = tuple(rule for rule in catalogue.rules.values() if self._is_wanted(rule.place.path))
        self.acts = tuple(act for act in catalogue.acts.values() if self._is_wanted(act.place.path))
        self._language = LanguagePipeline(catalogue, _NO_LIMIT)
        self._detectors = {detector.rule.id: detector for detector in detectors_for(catalogue.rules.values())}

    def check(self) -> Iterator[RuleError]:
        """Yield everything that is wrong, file by file."""
        for found in self.steps():
            yield from found

    def __len__(self) -> int:
        """Return the number of steps."""
        return 1 + len(self.rules) + len(self.acts)

    def steps(self) -> Iterator[list[RuleError]]:
        """Yield what is wrong in files that cannot be used, then of each rule and each act."""
        # All of them, also those of other packs: a rule may hang on what they leave out.
        yield [*self._catalogue.errors, *self._language.errors]
        for rule in self.rules:
            yield list(self._check_rule(rule)) if self._is_compiled(rule.place) else []
        for act in self.acts:
            yield list(self._check_act(act)) if self._is_compiled(act.place) else []

    def _is_wanted(self, path: Path) -> bool:
        return not self._only or any(path.resolve().is_relative_to(folder) for folder in self._only)

    def _is_compiled(self, place: Place) -> bool:
        """Whether its patterns are in use; else each example would be one more error that says nothing new."""
        return not any(str(error).startswith(f"{place.path}:") for error in self._language.errors)

    def _check_rule(self, rule: Rule) -> Iterator[RuleError]:
        yield from _check_references(rule)
        yield from _both_kinds(rule.place.at("examples"), rule.examples)
        channel = rule.channels[0] if rule.channels else None
        tried = [self._try(example, rule.id, rule.wording, channel) for example in rule.examples]
        for one in tried:
            strangers = list(_check_speakers(one.example))
            yield from strangers or _compare(one.example, one.shown, self._findings(rule, one.parsed), rule.scope)
        if rule.absence is None and (rule.wording.patterns or rule.detector is None):
            yield from _check_coverage(rule.wording, tried)

    def _check_act(self, act: Act) -> Iterator[RuleError]:
        yield from _both_kinds(act.place.at("examples"), act.examples)
        owner = ACT_PREFIX + act.name
        tried = [self._try(example, owner, act.wording, None) for example in act.examples]
        for one in tried:
            found = [
                (utterance.index, mark.start, mark.end)
                for utterance in one.parsed.utterances
                if utterance.role in act.wording.roles
                for mark in utterance.marks_of(owner)
            ]
            strangers = list(_check_speakers(one.example))
            yield from strangers or _compare(one.example, one.shown, found, Scope.SPAN)
        yield from _check_coverage(act.wording, tried)

    def _try(self, example: Example, owner: str, wording: Wording, channel: Channel | None) -> "_Tried":
        shown = _shown(example, wording.roles[0], channel)
        parsed, _ = self._language.parse(shown.conversation)
        return _Tried(example, shown, parsed, tuple(self._all_marks(owner, parsed, wording)))

    def _findings(self, rule: Rule, parsed: ParsedConversation) -> list[tuple[int, int, int]]:
        heard = with_promises(hear(parsed))
        judgements = give_way(list(self._detectors[rule.id].detect(heard)), heard, {rule.id: rule})
        findings = [judgement for judgement in judgements if isinstance(judgement, Finding)]
        return [(f.at.utterance, f.at.start, f.at.end) if f.at else (-1, 0, 0) for f in findings]

    def _all_marks(self, owner: str, parsed: ParsedConversation, wording: Wording) -> Iterator[Mark]:
        if not wording.patterns:
            return
        for utterance in parsed.utterances:
            if utterance.role not in wording.roles:
                continue
            for sentence in utterance.sentences:
                found = self._language.marker.find(sentence.text, utterance.role, channel=parsed.conversation.channel)
                yield from found.all_of(owner)


@dataclass(frozen=True, slots=True)
class _Tried:
    """An example and what was found in it.

    Attributes:
        marks: All of the owner's, vetoed and overlapping ones too.
    """

    example: Example
    shown: _Shown
    parsed: ParsedConversation
    marks: tuple[Mark, ...]


def _check_references(rule: Rule) -> Iterator[RuleError]:
    if not rule.references:
        yield located(rule.place, "no 'references'; say where the claim in 'rationale' comes from")
    for number, reference in enumerate(rule.references):
        if not _URL.fullmatch(reference.url):
            place = rule.place.at("references", number, "url")
            yield located(place, f"{reference.url!r} is no http(s) address, doi: or urn:isbn:")
        if reference.accessed is not None and not _is_day(reference.accessed):
            place = rule.place.at("references", number, "accessed")
            yield located(place, f"{reference.accessed!r} is no day; write it as 2026-01-31")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_speakers(example: Example) -> Iterator[RuleError]:
    """Find speakers that are misspelt: what they say would count as said by somebody else."""
    named = _LABEL.findall(example.text)
    if not named[1:] and not _SPEAKER.search(example.text):
        return  # one line may begin with any word: "Agents: please hold"
    for name in named:
        near = difflib.get_close_matches(name.casefold(), [role.value for role in Role], n=1)
        if near and name not in set(Role):
            yield located(example.place, f"unknown speaker {name!r}; did you mean {near[0]!r}?")
            return
    if _SPEAKER.search(example.text) and not _SPEAKER.match(example.text):
        speakers = ", ".join(f"'{role}: '" for role in Role)
        yield located(example.place, f"the first line names no speaker, as others do; begin it with one of {speakers}")


def _check_coverage(wording: Wording, tried: Sequence[_Tried]) -> Iterator[RuleError]:
    hit = {mark.pattern for one in tried if one.example.fires for mark in one.marks if not mark.vetoes}
    for pattern in wording.patterns:
        if str(pattern) not in hit:
            yield located(pattern.place, f"dead pattern {str(pattern)!r}: no match example is found by it")
    for one in tried:
        yield from _check_saved_by(one)
    yield from _dead_savers(wording, [mark for one in tried if not one.example.fires for mark in one.marks])


def _check_saved_by(tried: _Tried) -> Iterator[RuleError]:
    saver = tried.example.saved_by
    if saver is not None and not any(_is_saved_by(mark, saver) for mark in tried.marks):
        yield located(
            tried.example.place, f"not saved by {saver!r}: the example would not fire if {saver!r} were taken away"
        )


def _is_saved_by(mark: Mark, saver: str) -> bool:
    """Whether the mark would stand if one cue (or all exceptions) were taken away."""
    if saver == EXCEPTION:
        return bool(mark.vetoes) and all(veto.startswith(EXCEPTION + " ") for veto in mark.vetoes)
    return mark.vetoes == (saver,)


def _dead_savers(wording: Wording, marks: Sequence[Mark]) -> Iterator[RuleError]:
    saving = {mark.vetoes[0] for mark in marks if len(mark.vetoes) == 1}
    for pattern in wording.exceptions:
        if f"{EXCEPTION} {pattern}" not in saving:
            yield located(pattern.place, f"dead exception {str(pattern)!r}: it saves no no_match example by itself")
    for cue, pattern in _cue_uses(wording):
        if cue not in saving:
            yield located(pattern.place, f"dead cue {cue!r}: it saves no no_match example by itself")


def _cue_uses(wording: Wording) -> Iterator[tuple[str, Pattern]]:
    """Yield each cue once with a pattern it belongs to."""
    seen: set[str] = set()
    for pattern in wording.patterns:
        for cue in (*wording.unless, *pattern.unless):
            if cue not in seen:
                seen.add(cue)
                yield cue, pattern


def _both_kinds(place: Place, examples: Sequence[Example]) -> Iterator[RuleError]:
    for fires, key in ((True, "match"), (False, "no_match")):
        if not any(example.fires is fires for example in examples):
            yield located(place, f"no {key!r} example")


def _shown(example: Example, role: Role, channel: Channel | None) -> _Shown:
    """Return an example as a conversation; plain text is one utterance of the role."""
    if _SPEAKER.match(example.text):
        said = _SPEAKER.split(example.text)[1:]
        lines = [(Role(name), text.strip()) for name, text in zip(said[::2], said[1::2], strict=True)]
    else:
        lines = [(role, example.text)]
    spans: list[tuple[int, int, int]] = []
    utterances: list[Utterance] = []
    for index, (speaker, marked) in enumerate(lines):
        text, bounds = _unmarked(marked)
        spans += [(index, start, end) for start, end in bounds]
        utterances.append(Utterance(speaker, text))
    return _Shown(Conversation("example", tuple(utterances), channel=channel), tuple(spans))


def _unmarked(marked: str) -> tuple[str, list[tuple[int, int]]]:
    bounds: list[tuple[int, int]] = []
    text = ""
    for piece in re.split(r"(\[\[.*?\]\])", marked, flags=re.DOTALL):
        if piece.startswith(_OPEN):
            inside = piece.removeprefix(_OPEN).removesuffix(_CLOSE)
            bounds.append((len(text), len(text) + len(inside)))
            text += inside
        else:
            text += piece
    return text, bounds


def _compare(
    example: Example, shown: _Shown, found: Sequence[tuple[int, int, int]], scope: Scope
) -> Iterator[RuleError]:
    if not example.fires:
        for place in found:
            yield located(example.place, f"must not fire, but does at {_quoted(shown, place)}")
        return
    if scope is Scope.CONVERSATION:
        if shown.spans:
            yield located(example.place, "what concerns the whole conversation has no place in it; take out the [[…]]")
        if not found:
            yield located(example.place, "must fire, but does not")
        return
    got = " and ".join(_quoted(shown, place) for place in found) or "nothing"
    if not shown.spans:
        what = f"; found is {got}" if found else ", and nothing is found"
        yield located(example.place, f"no words are marked with [[…]] as what must be found{what}")
    elif sorted(found) != sorted(shown.spans):
        expected = " and ".join(_quoted(shown, place) for place in shown.spans)
        yield located(example.place, f"expected {expected}, found {got}")


def _quoted(shown: _Shown, place: tuple[int, int, int]) -> str:
    utterance, start, end = place
    if utterance < 0:
        return "the whole conversation"
    return repr(shown.conversation.utterances[utterance].text[start:end])
