"""Model files: what was written is read, and what was changed is refused."""

import os
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from convscan.errors import ModelError
from convscan.learned.arrays import Arrays, read_arrays, write_arrays

FORMAT = "convscan.test/1"
ARRAYS: Arrays = {
    "whole": np.arange(-6, 6, dtype=np.int8).reshape(3, 4),
    "half": np.array([0.5, -2.0], np.float16),
    "none": np.zeros((0, 3), np.float32),
}
HEADER = {"labels": ["blame/customer", "+thanks"], "find": 0.75, "slope": None}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "deep" / "weights.safetensors"
    write_arrays(path, FORMAT, ARRAYS, HEADER)
    return path


def refused(path: Path, why: str) -> None:
    """Reading says which file it is, what is wrong, and what to do."""
    with pytest.raises(ModelError) as caught:
        read_arrays(path, FORMAT)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert why in message
    assert message.endswith("install convscan again, or train the model anew with `convscan train`")


def test_what_was_written_is_read(model: Path) -> None:
    arrays, header = read_arrays(model, FORMAT)

    assert header == HEADER
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert np.array_equal(arrays[name], array)
        assert arrays[name].shape == array.shape


def test_array_that_is_a_view_is_written_as_it_looks(tmp_path: Path) -> None:
    """A transposed array lies in memory in another order than it is read."""
    turned = ARRAYS["whole"].T
    write_arrays(tmp_path / "m", FORMAT, {"turned": turned}, {})

    assert np.array_equal(read_arrays(tmp_path / "m", FORMAT)[0]["turned"], turned)


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    path = tmp_path / "m"
    known_by = write_arrays(path, FORMAT, ARRAYS, HEADER)

    assert write_arrays(path, FORMAT, dict(reversed(ARRAYS.items())), dict(reversed(HEADER.items()))) == known_by
    assert write_arrays(path, FORMAT, ARRAYS, {**HEADER, "find": 0.76}) != known_by
    assert write_arrays(path, FORMAT, {**ARRAYS, "half": ARRAYS["half"] + 1}, HEADER) != known_by
    assert write_arrays(path, FORMAT, {**ARRAYS, "whole": ARRAYS["whole"].reshape(4, 3)}, HEADER) != known_by


@pytest.mark.skipif(os.name == "nt", reason="skipped: Windows knows no such rights")
def test_a_file_has_the_rights_that_a_new_file_has(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()

    write_arrays(tmp_path / "weights.safetensors", "x/1", {"a": np.zeros(2)}, {})

    assert (tmp_path / "weights.safetensors").stat().st_mode == other.stat().st_mode


def test_same_content_is_the_same_file(tmp_path: Path) -> None:
    written = set()
    for _ in range(30):
        write_arrays(tmp_path / "m", FORMAT, ARRAYS, HEADER)
        written.add((tmp_path / "m").read_bytes())

    assert len(written) == 1


def test_missing_file_is_named(tmp_path: Path) -> None:
    refused(tmp_path / "weights.safetensors", "cannot be read as a model")


def test_folder_is_no_model(tmp_path: Path) -> None:
    refused(tmp_path, "cannot be read as a model")


def test_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_text("<!DOCTYPE html><p>404: this is not the file you are looking for")
    refused(path, "cannot be read as a model")


@pytest.mark.parametrize("format_", ["convscan.other/1", "convscan.test/2"], ids=["other format", "other version"])
def test_other_format_is_told_with_the_one_that_is_needed(tmp_path: Path, format_: str) -> None:
    write_arrays(tmp_path / "m", format_, ARRAYS, HEADER)
    refused(tmp_path / "m", f"is of format {format_!r}, this convscan needs {FORMAT!r}")


def test_safetensors_of_somebody_else_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"x": np.zeros(2)}, tmp_path / "m")
    refused(tmp_path / "m", f"is of format None, this convscan needs {FORMAT!r}")


@given(share=st.floats(0, 1, exclude_max=True))
def test_file_that_is_cut_short_is_refused(model: Path, tmp_path_factory: pytest.TempPathFactory, share: float) -> None:
    content = model.read_bytes()
    path = tmp_path_factory.mktemp("cut") / "m"
    path.write_bytes(content[: int(len(content) * share)])
    refused(path, "cannot be read as a model")


@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_bit_changed_is_refused(
    model: Path, tmp_path_factory: pytest.TempPathFactory, share: float, bit: int
) -> None:
    """Wherever it is: in the numbers, in the header, in the format's own words."""
    content = bytearray(model.read_bytes())
    content[int(len(content) * share)] ^= 1 << bit
    path = tmp_path_factory.mktemp("changed") / "m"
    path.write_bytes(content)
    refused(path, "")


def test_header_by_another_name_is_refused(model: Path, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(model.read_bytes().replace(b"header", b"reader"))
    refused(tmp_path / "m", "")
