"""`convscan explain`, as a QA lead calls it."""

import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import pytest

from convscan.cli.explanation import Explanation
from convscan.config import Config
from convscan.conversation import Conversation, Role, Utterance
from convscan.finding import Fate, Finding, Kind, Promise, ScanResult, Severity, Span, Status, Step, Tool
from convscan.records import conversation_from_json
from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.scanner import Scanner
from convscan.writers import WriteOptions, writer_for

CHATS: tuple[dict[str, object], ...] = (
    {
        "id": "kettle",
        "utterances": [
            {"role": "customer", "author": "Mira", "text": "Hello. My kettle leaks since yesterday. I am furious."},
            {"role": "agent", "author": "Tom", "text": "Order number."},
            {"role": "customer", "author": "Mira", "text": "It is 5519."},
            {"role": "agent", "author": "Tom", "text": "You should have read the manual, that is all I can say."},
            {"role": "customer", "author": "Mira", "text": "Excuse me?"},
        ],
    },
    {
        "id": "lamp",
        "utterances": [
            {"role": "customer", "text": "The lamp came broken."},
            {"role": "agent", "text": "I'm sorry about the lamp. You should have checked it at the door."},
        ],
    },
)

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


class Run(Protocol):
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@dataclass(frozen=True, slots=True)
class Scanned:
    """A results file and the fingerprints in it, by conversation and rule."""

    path: Path
    fingerprints: dict[tuple[str | None, str], str]


Scan = Callable[..., Scanned]


@pytest.fixture
def scan(scanner: Scanner, tmp_path: Path) -> Scan:
    """Scan the chats and write the results, as `convscan scan` does."""

    def run(scanner: Scanner = scanner, *, format_: str = "jsonl", with_text: bool = False) -> Scanned:
        conversations = [conversation_from_json(chat) for chat in CHATS]
        results = [replace(scanner.scan(one), conversation=one if with_text else None) for one in conversations]
        path = tmp_path / f"results.{format_}"
        with path.open("w", encoding="utf-8") as stream:
            writer = writer_for(format_, stream, options=WriteOptions())
            writer.open()
            for result in results:
                writer.write(result, None)
            writer.close()
        return Scanned(path, {(r.conversation_id, f.rule): f.fingerprint for r in results for f in r.findings})

    return run


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(rules_folder())


# -- the list --------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["jsonl", "json"])
def test_without_a_fingerprint_each_finding_is_one_line(convscan: Command, scan: Scan, format_: str) -> None:
    scanned = scan(format_=format_)

    run = convscan("explain", scanned.path)

    assert run.code == 0
    assert [line.split()[0] for line in run.out.splitlines()] == list(scanned.fingerprints.values())
    [blamed] = [line for line in run.out.splitlines() if "blame/customer" in line and "kettle" in line]
    assert "You should have read" in blamed
    [thanks] = [line for line in run.out.splitlines() if "thanks/missing" in line and "lamp" in line]
    assert "(the whole conversation)" in thanks


def test_results_are_read_from_standard_input(convscan: Command, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = scan()
    stdin = SimpleNamespace(buffer=io.BytesIO(scanned.path.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert len(convscan("explain", "-").out.splitlines()) == len(scanned.fingerprints)


def test_results_without_findings_are_no_error(convscan: Command, scan: Scan) -> None:
    run = convscan("explain", scan(Scanner(Config(select=("promise/broken",)))).path)

    assert (run.code, run.out) == (0, "")
    assert "no findings" in run.err


# -- one finding -----------------------------------------------------------------------------


def test_words_that_should_not_be_there_are_shown_in_their_conversation(convscan: Command, scan: Scan) -> None:
    scanned = scan(with_text=True)

    run = convscan("explain", scanned.path, scanned.fingerprints["kettle", "blame/customer"])

    assert run.code == 0
    assert "\n  #2 Mira: It is 5519.\n  > #3 Tom: »You should have read the manual" in run.out
    assert "\n  #4 Mira: Excuse me?" in run.out
    assert "Order number." not in run.out


def test_the_page_says_all_that_the_rule_knows(convscan: Command, scan: Scan, catalogue: Catalogue) -> None:
    scanned = scan(with_text=True)
    rule = catalogue.rules["blame/customer"]

    page = " ".join(convscan("explain", scanned.path, scanned.fingerprints["kettle", rule.id]).out.split())

    assert f"rule {rule.id}: {rule.title}" in page
    assert "severity error" in page
    assert re.search(r"confidence 0\.\d", page)
    assert rule.false_positives is not None
    for text in (rule.suggestion, rule.rationale, rule.false_positives):
        assert " ".join(text.split()) in page
    assert "match this pattern of the rule:" in page
    assert "no cue of: " in page
    assert 'ignore = ["blame/customer"]' in page
    assert 'severity = { "blame/customer" = "warning" }' in page


def test_a_missing_act_is_explained_by_the_customers_words(convscan: Command, scan: Scan, catalogue: Catalogue) -> None:
    scanned = scan(with_text=True)

    page = convscan("explain", scanned.path, scanned.fingerprints["kettle", "acknowledgement/feeling-ignored"]).out

    assert "furious«." in page
    assert "> #1 Tom: Order number.\n" in page
    description = catalogue.acts["negative-emotion"].description.removesuffix(".")
    assert f"negative-emotion ({description})" in " ".join(page.split())
    assert "agent turns at utterances 1: no " in " ".join(page.split())
    assert "deposits that are there: none" in page
    assert "Then the agent owes " in page


def test_a_note_has_no_milder_severity(convscan: Command, scan: Scan) -> None:
    scanned = scan(Scanner(Config(select=("blame/customer",), severity={"blame/customer": Severity.NOTE})))

    page = convscan("explain", scanned.path, scanned.fingerprints["lamp", "blame/customer"]).out

    assert "note (the rule's own is error)" in page
    assert "ignore = [" in page
    assert "severity = {" not in page


def test_without_the_text_the_quotes_are_shown_and_how_to_get_more(convscan: Command, scan: Scan) -> None:
    scanned = scan()

    page = convscan("explain", scanned.path, scanned.fingerprints["kettle", "blame/customer"]).out

    assert "> #3: »You should have read the manual" in page
    assert "scan with --with-text" in page


def test_the_beginning_of_a_fingerprint_will_do_in_any_case(convscan: Command, scan: Scan) -> None:
    scanned = scan()
    whole = scanned.fingerprints["lamp", "blame/customer"]

    run = convscan("explain", scanned.path, whole[:10].upper())

    assert f"finding       {whole}\n" in run.out


def test_a_rule_of_ones_own_is_explained_if_its_folder_is_named(convscan: Command, scan: Scan, tmp_path: Path) -> None:
    pack = tmp_path / "pack"
    (pack / "acme").mkdir(parents=True)
    rule = RULE.replace("kindly revert", "read the manual").replace("[[Kindly revert]]", "[[Read the manual]]")
    (pack / "acme" / "manual.yaml").write_text(rule, encoding="utf-8")
    scanned = scan(Scanner(Config(rules_paths=(str(pack),), select=("acme",))))
    fingerprint = scanned.fingerprints["kettle", "acme/manual"]

    known = convscan("explain", scanned.path, fingerprint, "--rules", pack, "--isolated")
    unknown = convscan("explain", scanned.path, fingerprint, "--isolated")

    assert "House style." in known.out
    assert known.err == ""
    assert unknown.code == 0
    assert "name its folder with --rules" in unknown.out
    assert "the rules are not those of that scan" in unknown.err


# -- what cannot be explained ----------------------------------------------------------------


def test_an_unknown_fingerprint_says_how_to_list_them(convscan: Command, scan: Scan) -> None:
    path = scan().path

    run = convscan("explain", path, "zzzzzzzz")

    assert (run.code, run.out) == (2, "")
    assert f"no finding has the fingerprint 'zzzzzzzz'; list them with: convscan explain {path}" in run.err


def test_too_short_a_beginning_is_refused(convscan: Command, scan: Scan) -> None:
    scanned = scan()

    run = convscan("explain", scanned.path, next(iter(scanned.fingerprints.values()))[:3])

    assert run.code == 2
    assert "at least 4 characters" in run.err


def test_a_beginning_of_several_names_them(convscan: Command, scan: Scan) -> None:
    scanned = scan()
    record = json.loads(scanned.path.read_text(encoding="utf-8").splitlines()[0])
    for number, finding in enumerate(record["findings"]):
        finding["fingerprint"] = f"abcd{number:012}"
    scanned.path.write_text(json.dumps(record) + "\n", encoding="utf-8")

    run = convscan("explain", scanned.path, "abcd")

    assert run.code == 2
    assert f"{len(record['findings'])} fingerprints begin with 'abcd': abcd000000000000 (" in run.err


def test_the_same_finding_twice_is_not_ambiguous(convscan: Command, scan: Scan) -> None:
    scanned = scan()
    scanned.path.write_bytes(scanned.path.read_bytes() * 2)

    assert convscan("explain", scanned.path, scanned.fingerprints["lamp", "blame/customer"]).code == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "holds no results"),
        (b"[]", "holds no results"),
        (b"Order 5519\n", ":1: not valid JSON"),
        (b'{"id": "c", "utterances": []}\n', ":1: is no result: schema is None"),
        (b"\n[1]", ":2: is no result"),
        (b'[{"id": 7}]', ": item 1: is no result"),
        (b"\xff\xfe{\x00", "is not UTF-8 text"),
        (b'{"schema": "convscan.result/1"}\n', "damaged result"),
    ],
)
def test_a_file_of_anything_else_is_refused(convscan: Command, tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_bytes(content)

    run = convscan("explain", path)

    assert run.code == 2
    assert f"convscan: error: {path}" in run.err
    assert expected in run.err


def test_a_file_that_is_not_there_is_named(convscan: Command, tmp_path: Path) -> None:
    run = convscan("explain", tmp_path / "none.jsonl")

    assert run.code == 2
    assert "none.jsonl: cannot be read" in run.err
    assert "convscan scan --format jsonl" in run.err


# -- hostile and foreign results -------------------------------------------------------------


def explained(finding: Finding, catalogue: Catalogue, *texts: str) -> str:
    conversation = Conversation("c", tuple(Utterance(Role.AGENT, text) for text in texts)) if texts else None
    result = ScanResult("c", Status.JUDGED, Tool("0", "0"), findings=(finding,), conversation=conversation)
    return "\n".join(Explanation(finding, result, catalogue, 80).lines())


def found(at: Span | None, *steps: Step, kind: Kind = Kind.PRESENT, because: tuple[Span, ...] = ()) -> Finding:
    return Finding(
        "acme/one", Severity.NOTE, kind, at, "It is wrong.", "Say it well.", explanation=steps, because=because
    )


def test_steps_of_a_later_version_are_shown_as_they_are(catalogue: Catalogue) -> None:
    page = explained(found(None, Step("model", "blame 0.93"), Step("trigger", "a complaint")), catalogue)

    assert "  Model:\n    blame 0.93\n" in page
    assert "called for it:\n    a complaint\n" in page


def test_words_of_strangers_cannot_steer_the_terminal(catalogue: Catalogue) -> None:
    quote = "\x1b[31mred\x02\x03"

    page = explained(found(Span(0, 0, len(quote), quote), Step("\x1b[2J", "\x07")), catalogue, f"{quote} alert")

    assert page.replace("\n", "").isprintable()


def test_a_span_that_does_not_fit_its_text_is_shown_as_quoted(catalogue: Catalogue) -> None:
    page = explained(found(Span(0, 2, 9, "kettles")), catalogue, "Other words altogether")

    assert "> #0 agent: »kettles«" in page
    assert "Other words" not in page


def test_a_span_beyond_the_conversation_is_shown_as_quoted(catalogue: Catalogue) -> None:
    assert "> #9: »gone«" in explained(found(Span(9, 0, 4, "gone")), catalogue, "Only one")


def test_words_that_overlap_are_marked_as_one(catalogue: Catalogue) -> None:
    text = "It leaks and nobody answers."
    because = (Span(0, 3, 19, "leaks and nobody"), Span(0, 13, 27, "nobody answers"), Span(0, 0, 2, "It"))

    page = explained(found(None, kind=Kind.MISSING, because=because), catalogue, text)

    assert "#0 agent: »It« »leaks and nobody answers«." in page


def test_of_a_huge_utterance_only_the_words_and_what_is_near_are_shown(catalogue: Catalogue) -> None:
    text = "Well. " * 50_000 + "You failed. " + "Yes. " * 50_000

    page = explained(found(Span(0, 300_000, 310, "x")), catalogue, text)
    near = explained(found(Span(0, 300_000, 300_010, "You failed")), catalogue, text)

    assert "»You failed«" in near
    assert len(near) < 3000
    assert len(page) < 3000


MAIL = (
    "Dear Peter,\n\nSend the form.\n\nBest regards,\nMaria Lopez\nCustomer Care, Acme\n\n"
    "On Sun, 8 Mar 2026, Peter Young wrote:\n> Here are the photos.\n> It was my fault."
)


def page_of(found: Finding, result: ScanResult, catalogue: Catalogue) -> str:
    return "\n".join(Explanation(found, result, catalogue, 110).lines())


def test_signature_and_quoted_mail_are_not_shown_as_the_agents_words(catalogue: Catalogue) -> None:
    chat = Conversation("c", (Utterance(Role.CUSTOMER, "It is broken."), Utterance(Role.AGENT, MAIL)))
    missing = Finding(
        "acknowledgement/missing", Severity.WARNING, Kind.MISSING, Span(1, 0, len(MAIL), MAIL), "m", "s",
        because=(Span(0, 0, 12, "It is broken"),), fingerprint="f" * 16,
    )  # fmt: skip
    result = ScanResult("c", Status.JUDGED, Tool("1", "r"), findings=(missing,), conversation=chat)

    page = page_of(missing, result, catalogue)

    assert "Send the form." in page
    assert "Here are the photos" not in page
    assert "Customer Care" not in page
    assert "…" in page.split("Send the form.")[1].splitlines()[0]


def test_words_in_question_are_shown_wherever_they_stand(catalogue: Catalogue) -> None:
    start = MAIL.index("my fault")
    chat = Conversation("c", (Utterance(Role.AGENT, MAIL),))
    found = Finding(
        "blame/customer", Severity.ERROR, Kind.PRESENT, Span(0, start, start + 8, "my fault"), "m", "s",
        fingerprint="f" * 16,
    )  # fmt: skip

    page = page_of(found, ScanResult("c", Status.JUDGED, Tool("1", "r"), conversation=chat), catalogue)

    assert "»my fault«" in page


def test_pattern_of_many_words_is_cut_where_it_can_be_read(catalogue: Catalogue) -> None:
    step = Step("matched", "(a|b) (one|two|three|four|five|six|seven|eight) ...2 (x|y|z) end")
    found = Finding(
        "blame/customer", Severity.ERROR, Kind.PRESENT, None, "m", "s", explanation=(step,), fingerprint="f"
    )

    page = page_of(found, ScanResult("c", Status.JUDGED, Tool("1", "r")), catalogue)

    assert "(a | b) (one | two | three | four | five | … 3 more) ...2 (x | y | z) end" in page


def test_promise_on_which_a_finding_stands_is_named(catalogue: Catalogue) -> None:
    made, told = Span(0, 0, 18, "I'll call tomorrow"), Span(1, 0, 14, "Nobody called.")
    chat = Conversation("c", (Utterance(Role.AGENT, made.quote), Utterance(Role.CUSTOMER, told.quote)))
    found = Finding(
        "promise/broken", Severity.ERROR, Kind.MISSING, None, "m", "s", because=(made, told), fingerprint="f" * 16
    )
    promises = (Promise(made, Fate.BROKEN, evidence=(told,)), Promise(Span(0, 0, 4, "I'll"), Fate.OPEN))
    result = ScanResult("c", Status.JUDGED, Tool("1", "r"), findings=(found,), promises=promises, conversation=chat)

    page = page_of(found, result, catalogue)

    assert '- #0 "I\'ll call tomorrow": broken; shown by #1 "Nobody called."' in page
    assert page.count("- #0") == 1
