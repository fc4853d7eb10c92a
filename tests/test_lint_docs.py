"""docs/lint.md says what is so."""

import re
import tomllib
from pathlib import Path

import pytest

from convscan.config import config_from_mapping
from convscan.conversation import Scenario
from convscan.lint.formats import all_formats
from convscan.templates import TEMPLATE_SUFFIXES
from convscan.templates.suppressions import comments_in, suppressions_in

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "lint.md").read_text("utf-8")


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL))
def test_every_example_of_settings_is_valid(block: str) -> None:
    config_from_mapping(tomllib.loads(block)["tool"]["convscan"], where="docs/lint.md")


def test_examples_of_suppressions_are_understood() -> None:
    [block] = re.findall(r"```html\n(.*?)```", TEXT, flags=re.DOTALL)
    found, wrong = suppressions_in(block, comments_in(block))

    assert not wrong
    assert len(found) == 3


def test_formats_scenarios_and_endings_are_told() -> None:
    assert all(f"`{item.name}`" in TEXT for item in all_formats())
    assert all(f"`{scenario}`" in TEXT for scenario in Scenario)
    assert {".md", ".txt", ".html", ".json", ".yaml", ".csv", ".tsv", ".liquid", ".hbs", ".j2"} <= set(
        TEMPLATE_SUFFIXES
    )


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    for link in links:
        assert link.startswith("https://www.rfc-editor.org/") or (DOCS / link).exists(), link
