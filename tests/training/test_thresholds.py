"""What the transformer's numbers are worth is measured on what it has not learned from."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from convscan.learned import FULL
from convscan.resources import models_folder
from convscan.training.thresholds import main


@pytest.fixture
def from_all(tmp_path: Path) -> Path:
    """A model that has learned from the development part too."""
    folder = tmp_path / "full"
    shutil.copytree(models_folder() / FULL, folder)
    header = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    header["learned_from"] = ["train", "dev"]
    (folder / "model.json").write_text(json.dumps(header), encoding="utf-8")
    return folder


@pytest.mark.parametrize("given", [(), ("--twin", "TWIN")])
def test_a_model_is_not_measured_on_what_it_has_learned_from(
    from_all: Path, given: tuple[str, ...], tmp_path: Path
) -> None:
    before = (from_all / "model.json").read_bytes()
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    arguments = [str(from_all) if argument == "TWIN" else argument for argument in given]
    result = CliRunner().invoke(main, [str(from_all), str(corpus), *arguments])
    assert result.exit_code == 1
    assert "has learned from the development part" in result.output
    assert "--twin" in result.output
    assert (from_all / "model.json").read_bytes() == before
