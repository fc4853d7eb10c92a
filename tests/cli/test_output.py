"""Where results go: links are followed, rights are kept, and a file is whole or as it was."""

import os
import stat
from pathlib import Path

import pytest

from convscan.cli.output import open_output


def put(path: Path, text: str) -> None:
    with open_output(str(path)) as stream:
        stream.write(text)


def rights_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("is_there", [True, False], ids=["to a file", "to nothing yet"])
def test_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path: Path, *, is_there: bool) -> None:
    target, link = tmp_path / "kept" / "out.json", tmp_path / "link.json"
    target.parent.mkdir()
    if is_there:
        target.write_text("old")
    link.symlink_to(Path("kept") / "out.json")

    put(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"
    assert not target.is_symlink()


def test_rights_of_a_file_that_is_there_are_kept(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old")
    target.chmod(0o600)

    put(target, "new")

    assert (target.read_text(), rights_of(target)) == ("new", 0o600)


def test_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        put(tmp_path / "out.json", "new")
    finally:
        os.umask(before)

    assert rights_of(tmp_path / "out.json") == 0o640


def test_link_to_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    link = tmp_path / "nowhere"
    link.symlink_to(os.devnull)

    put(link, "new")

    assert link.is_symlink()


def test_after_an_error_the_old_file_is_as_it_was_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    target, link = tmp_path / "out.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)

    with pytest.raises(TypeError), open_output(str(link)) as stream:
        stream.writelines(["new", None])  # type: ignore[list-item] # an error half way

    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.json", "out.json"]
