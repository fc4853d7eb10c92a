"""The names of rules, told without reading them, are those that are loaded."""

from pathlib import Path

import pytest

from convscan.errors import RuleError
from convscan.resources import rules_folder
from convscan.rules.catalogue import PackFolder, load_catalogue
from convscan.rules.index import index_rules


def test_index_agrees_with_the_catalogue() -> None:
    index, catalogue = index_rules(rules_folder(), ()), load_catalogue(rules_folder())

    assert set(index.files) == set(catalogue.rules)
    assert index.digest == catalogue.digest


def test_pack_adds_its_rules_and_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "kettle.yaml").write_text("title: Kettle")
    (tmp_path / "renamed.yaml").write_text("renamed: {acme/pot: acme/kettle}")
    index = index_rules(rules_folder(), (PackFolder(tmp_path, "acme"),))

    assert index.files["acme/kettle"] == tmp_path / "acme" / "kettle.yaml"
    assert index.renamed == {"acme/pot": "acme/kettle"}
    assert index.digest != index_rules(rules_folder(), ()).digest


def test_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such folder of rules"):
        index_rules(rules_folder(), (PackFolder(tmp_path / "none", "none"),))


def test_folder_without_rules_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rules in this folder"):
        index_rules(rules_folder(), (PackFolder(tmp_path, "none"),))


@pytest.mark.parametrize(
    ("text", "message"),
    [("renamed: {pot: acme/kettle}", "write ids"), ("renamed: {a/b: a/c, a/c: a/d}", "was renamed too")],
)
def test_wrong_renaming_is_an_error_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "renamed.yaml").write_text(text)
    [error] = load_catalogue(rules_folder(), [tmp_path]).errors

    assert str(error).startswith(f"{tmp_path / 'renamed.yaml'}:1:")
    assert message in str(error)
