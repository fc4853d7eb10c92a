"""`convscan rules docs`: the pages say what the rules say."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.rules.pages import pages

ROOT = Path(__file__).parents[2]
HEADINGS = [
    "What it finds",
    "Why it matters",
    "Found",
    "Not found (and why)",
    "When it may be wrong",
    "Sources",
    "Measured precision",
]
RULE = """\
title: Stars | bars
message: "'{match}' is *not* said."
suggestion: Say what to do.
severity: note
since: "1"
patterns: ["kindly revert"]
unless: [quoted]
examples:
  match:
    - "[[Kindly revert]] to <team>."
    - "1. [[kindly revert]]"
    - |
      customer: Is it_ready_now?
      agent: [[Kindly
      revert]].

      Bye
  no_match:
    - {text: "You wrote \\"kindly revert\\".", saved_by: quoted}
    - {text: Please write back., why: "plain [words]"}
rationale: House style.
references: [{title: House style, url: "https://acme.example/style", accessed: "2026-01-31"}]
"""
CUES = "cues: [{name: quoted, in_quotation: true, affects: both}]\n"


class Run(Protocol):
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(rules_folder())


@pytest.fixture
def page(catalogue_of: Callable[[Mapping[str, str]], Catalogue]) -> str:
    own = catalogue_of({"acme/revert": RULE, "cues": CUES})
    return pages(own, lambda _page, _place: "../revert.yaml")["acme/revert.md"]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    path = tmp_path / "pack" / "acme" / "revert.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULE, encoding="utf-8")
    return path


# -- the pages -------------------------------------------------------------------------------


def test_the_pages_in_this_repository_are_up_to_date(convscan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    run = convscan("rules", "--isolated", "docs", "--check")

    assert (run.code, run.err) == (0, "")


def test_every_rule_has_a_page_with_the_same_headings(catalogue: Catalogue) -> None:
    texts = pages(catalogue, lambda _page, _place: "rule.yaml")

    assert set(texts) == {"README.md", *(f"{rule_id}.md" for rule_id in catalogue.rules)}
    for rule_id in catalogue.rules:
        assert re.findall(r"^## (.*)$", texts[f"{rule_id}.md"], flags=re.MULTILINE) == HEADINGS


def test_the_index_names_every_rule_with_severity_and_title(catalogue: Catalogue) -> None:
    index = pages(catalogue, lambda _page, _place: "")["README.md"]

    for rule in catalogue.rules.values():
        [row] = [line for line in index.splitlines() if f"[{rule.id}]({rule.id}.md)" in line]
        assert f"| {rule.severity} |" in row
        assert rule.title in row


def test_a_long_list_of_examples_ends_with_a_link_to_the_rest(catalogue: Catalogue) -> None:
    rule = catalogue.rules["blame/customer"]
    page = pages(catalogue, lambda _page, _place: "the-rule.yaml")[f"{rule.id}.md"]

    found = page.partition("## Found\n")[2].partition("\n## ")[0]
    matches = sum(example.fires for example in rule.examples)

    assert found.count("\n- ") == 12
    assert f"{matches - 12} more: [{rule.id}.yaml](the-rule.yaml)" in found


def test_an_absence_rule_says_when_it_is_found_and_what_its_acts_are(catalogue: Catalogue) -> None:
    page = pages(catalogue, lambda _page, _place: "")["acknowledgement/feeling-ignored.md"]

    assert "\n- What calls for it: " in page
    assert "\n- Then the agent owes " in page
    assert f"- *negative-emotion*: {catalogue.acts['negative-emotion'].description}" in page


def test_an_absence_rule_that_nothing_can_keep_says_what_is_found(catalogue: Catalogue) -> None:
    page = pages(catalogue, lambda _page, _place: "")["avoidance/abandoned.md"]

    assert "\n- What is found: a turn of the customer that no agent turn follows, with " in page
    assert "Then the agent owes" not in page
    assert "\n- It is settled if a later turn of the customer holds " in page


def test_marks_are_bold_and_all_else_is_shown_as_it_is(page: str) -> None:
    assert "# acme/revert: Stars \\| bars\n" in page
    assert "'…' is \\*not\\* said." in page
    assert "- **Kindly revert** to \\<team\\>.\n" in page
    assert "- 1\\. **kindly revert**\n" in page


def test_a_transcript_is_a_quotation_that_keeps_its_lines(page: str) -> None:
    quotation = [line for line in page.splitlines() if line.startswith(">")]

    assert quotation == [
        "> *customer*: Is it\\_ready\\_now?\\",
        "> *agent*: **Kindly**\\",
        "> **revert**.",
        ">",
        "> Bye",
    ]


def test_what_is_not_found_says_why(page: str) -> None:
    assert '- You wrote "kindly revert". (cancelled by the cue *quoted*)\n' in page
    assert "- Please write back. (plain \\[words\\])\n" in page


def test_sources_say_when_they_were_read(page: str) -> None:
    assert "- House style, <https://acme.example/style> (accessed 2026-01-31)\n" in page


# -- the command -----------------------------------------------------------------------------


def test_pages_are_written_once_and_then_in_order(convscan: Command, tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "out"
    count = len(catalogue.rules) + 1

    first = convscan("rules", "--isolated", "docs", "--output", folder)
    second = convscan("rules", "--isolated", "docs", "--output", folder)
    checked = convscan("rules", "--isolated", "docs", "--output", folder, "--check")

    assert f"{count} pages in {folder}, {count} changed" in first.out
    assert ", 0 changed" in second.out
    assert (checked.code, checked.err) == (0, "")


def test_links_to_rule_files_and_pages_lead_somewhere(convscan: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    convscan("rules", "--isolated", "docs", "--output", folder)

    written = list(folder.rglob("*.md"))
    assert len(written) > 1
    for page in written:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)


def test_check_names_each_page_that_differs_and_writes_nothing(convscan: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    convscan("rules", "--isolated", "docs", "--output", folder)
    changed, missing, stale = folder / "blame/customer.md", folder / "blame/system.md", folder / "blame/weather.md"
    stale.write_bytes(missing.read_bytes())
    missing.unlink()
    changed.write_text("hand-made", encoding="utf-8")

    run = convscan("rules", "--isolated", "docs", "--output", folder, "--check")

    assert run.code == 2
    assert f"{changed} differs from its rule" in run.err
    assert f"{missing} is missing" in run.err
    assert f"{stale} is of a rule that is no more" in run.err
    assert run.err.count("convscan: error") == 3
    assert f"convscan rules docs --output {folder}" in run.err
    assert changed.read_text(encoding="utf-8") == "hand-made"
    assert stale.exists()
    assert not missing.exists()


def test_pages_of_rules_that_are_no_more_go_and_others_stay(convscan: Command, tmp_path: Path, pack: Path) -> None:
    folder = tmp_path / "out"
    convscan("rules", "--isolated", "--rules", pack.parents[1], "docs", "--output", folder)
    assert (folder / "acme/revert.md").exists()
    mine = folder / "guide.md"
    mine.write_text("# My own notes\n", encoding="utf-8")

    convscan("rules", "--isolated", "docs", "--output", folder)

    assert not (folder / "acme").exists()
    assert mine.exists()


def test_no_page_is_lost_because_its_rule_is_broken(convscan: Command, tmp_path: Path, pack: Path) -> None:
    folder = tmp_path / "out"
    convscan("rules", "--isolated", "--rules", pack.parents[1], "docs", "--output", folder)
    pack.write_text(RULE.replace("severity: note", "severity: hint"), encoding="utf-8")

    run = convscan("rules", "--isolated", "--rules", pack.parents[1], "docs", "--output", folder)

    assert run.code == 2
    assert "revert.yaml:4:1: unknown value 'hint'" in run.err
    assert (folder / "acme/revert.md").exists()


def test_the_command_shows_an_example(convscan: Command) -> None:
    assert "Example" in convscan("rules", "docs", "--help").out
