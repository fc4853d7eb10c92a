"""README says what is so."""

import re
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from convscan.cli.main import cli
from convscan.config import config_from_mapping
from convscan.resources import rules_folder
from convscan.rules.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(rules_folder())


def test_the_library_example_runs_and_finds_both_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    exec(blocks("python")[0], {})  # noqa: S102 # our own README

    printed = capsys.readouterr().out
    assert "blame/customer - You should have" in printed
    assert "thanks/missing - the whole conversation" in printed


def test_the_spacy_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(blocks("python")[1], {})  # noqa: S102 # our own README

    assert "blame/customer" in capsys.readouterr().out


def test_the_sample_is_what_a_scan_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings with their confidence, words that are shown, and the balance."""
    [shown] = [block for block in blocks("text") if "social-mobile-no-signal" in block]
    monkeypatch.chdir(ROOT)
    scanned = (
        CliRunner()
        .invoke(cli, ["scan", "sample_transcripts/social.jsonl", "--isolated"], env={"COLUMNS": "100"})
        .output
    )

    told = [line for line in shown.splitlines() if re.search(r"confidence|│|balance|^  \+ ", line)]
    assert len(told) > 5
    for line in told:
        assert line in scanned, line


def test_the_settings_example_is_valid() -> None:
    [settings] = blocks("toml")

    config_from_mapping(tomllib.loads(settings), where="README")


def test_every_family_is_told_and_none_that_is_not_there(catalogue: Catalogue) -> None:
    told = re.findall(r"^\| ([a-z-]+) \| ", README, flags=re.MULTILINE)

    assert sorted(set(told) - {"family"}) == list(catalogue.families())


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_both_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    targets = re.findall(r"^\$ make (\w+)", README, flags=re.MULTILINE)
    assert targets
    for target in targets:
        assert f"\n{target}:" in makefile
