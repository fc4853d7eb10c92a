"""Rules that are kept are the rules: the same findings, never those of other files, never half an entry."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, Role, Utterance
from convscan.errors import RuleError
from convscan.readers import ReadOptions, read
from convscan.records import result_to_json
from convscan.resources import cache_folder, rules_folder
from convscan.rules import kept
from convscan.rules.catalogue import PackFolder
from convscan.rules.kept import load_rules, ship_rules
from convscan.scanner import Scanner

SAMPLES = Path(__file__).parents[2] / "sample_transcripts"
ACT = """\
description: Says thanks.
roles: [agent, customer]
patterns: [{phrase}, "{phrase} (a lot|so much)"]
examples: {{match: ["{phrase}"], no_match: [{{text: x, why: y}}]}}
"""
LOOKED_FOR = ("thanks", "cheers")


@pytest.fixture(scope="module")
def forget() -> Iterator[Callable[[], None]]:
    """Let go of what this process has at hand, as another process would begin."""
    yield kept.forget
    kept.forget()


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with one act."""
    (tmp_path / "pack" / "acts").mkdir(parents=True)
    write_act(tmp_path / "pack", "thanks")
    return tmp_path / "pack"


@pytest.fixture
def further(tmp_path: Path) -> Path:
    """A pack that stands beside convscan's own rules, so that those made ready with them are not enough."""
    folder = tmp_path / "further"
    (folder / "acts").mkdir(parents=True)
    (folder / "acts" / "salutes.yaml").write_text(ACT.format(phrase="ahoy there"), encoding="utf-8")
    return folder


def write_act(pack: Path, phrase: str) -> None:
    (pack / "acts" / "thanks.yaml").write_text(ACT.format(phrase=phrase), encoding="utf-8")


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def looked_for(pack: Path, folder: Path | None) -> list[str | None]:
    return [pattern.phrase for pattern in load_rules(pack, folder=folder).catalogue.acts["thanks"].wording.patterns]


def test_what_is_kept_of_all_rules_is_what_was_made(tmp_path: Path, forget: Callable[[], None]) -> None:
    forget()
    made = load_rules(rules_folder(), folder=tmp_path)
    forget()
    again = load_rules(rules_folder(), folder=tmp_path)

    assert again is not made
    assert again == made
    assert [path.suffix for path in entries(tmp_path)] == [".json"]


def test_findings_are_the_same_with_and_without(tmp_path: Path, forget: Callable[[], None]) -> None:
    """On all samples and on the examples of all rules and acts, by the words of either side."""
    config = Config(model=ModelChoice.NONE)
    forget()
    Scanner(config, rules_cache=tmp_path)
    forget()
    with_kept = Scanner(config, rules_cache=tmp_path)
    forget()
    fresh = Scanner(config)
    judged = [one for one in read([str(SAMPLES)], ReadOptions()) if isinstance(one, Conversation)]
    for group in (fresh.catalogue.rules, fresh.catalogue.acts):
        for owner in group.values():
            texts = [example.text.replace("[[", "").replace("]]", "") for example in owner.examples]
            for first in (0, 1):
                roles = (Role.CUSTOMER, Role.AGENT) * len(texts)
                said = tuple(map(Utterance, roles[first:], texts))
                judged.append(Conversation(f"{first}-{owner.place.path}", said, language="en"))

    found = 0
    for one in judged:
        result = with_kept.scan(one)
        found += len(result.findings)
        assert result_to_json(result) == result_to_json(fresh.scan(one))
    assert found > 500


def test_selection_does_not_decide_what_is_kept(further: Path, tmp_path: Path, forget: Callable[[], None]) -> None:
    cache = tmp_path / "kept"
    said = Conversation("c", (Utterance(Role.AGENT, "We guarantee it. You should have read the manual."),))
    forget()

    def found(*select: str) -> set[str]:
        config = Config(model=ModelChoice.NONE, select=select, rules_paths=(str(further),))
        return {finding.rule for finding in Scanner(config, rules_cache=cache).scan(said).findings}

    assert found("promise") == {"promise/guarantee"}
    assert found("promise", "blame") == {"promise/guarantee", "blame/customer"}
    assert len(entries(cache)) == 1


@pytest.mark.parametrize("is_at_hand", [False, True])
def test_rules_that_were_edited_are_seen_at_once(
    pack: Path,
    tmp_path: Path,
    forget: Callable[[], None],
    is_at_hand: bool,  # noqa: FBT001 # a case
) -> None:
    for phrase in ("thanks", "cheers", "thanks"):
        write_act(pack, phrase)
        assert looked_for(pack, tmp_path / "kept") == [phrase, f"{phrase} (a lot|so much)"]
        if not is_at_hand:
            forget()


def test_pack_elsewhere_with_the_same_files_has_its_own_places(
    pack: Path, tmp_path: Path, forget: Callable[[], None]
) -> None:
    load_rules(pack, folder=tmp_path / "kept")
    forget()
    moved = shutil.move(pack, tmp_path / "moved")
    found = load_rules(Path(moved), folder=tmp_path / "kept").catalogue.acts["thanks"]

    assert found.place.path == tmp_path / "moved" / "acts" / "thanks.yaml"


@given(st.data())
def test_damaged_entry_is_made_anew(
    tmp_path_factory: pytest.TempPathFactory, forget: Callable[[], None], data: st.DataObject
) -> None:
    """Cut short anywhere, or with any byte changed."""
    folder = tmp_path_factory.mktemp("damaged")
    pack = folder / "pack"
    (pack / "acts").mkdir(parents=True)
    write_act(pack, "thanks")
    forget()
    sound = load_rules(pack, folder=folder / "kept")
    [entry] = entries(folder / "kept")
    content = entry.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    rest = data.draw(st.sampled_from([b"", bytes([content[at] ^ 1]) + content[at + 1 :]]))
    entry.write_bytes(content[:at] + rest)
    forget()

    assert load_rules(pack, folder=folder / "kept") == sound
    assert entry.read_bytes() == content


def test_what_is_wrong_in_a_rule_is_told_every_time(pack: Path, tmp_path: Path, forget: Callable[[], None]) -> None:
    write_act(pack, "^")
    told = []
    for _ in range(2):
        forget()
        told.append([str(error) for error in load_rules(pack, folder=tmp_path / "kept").tables.errors.values()])

    assert told[0] == told[1] != []
    assert not (tmp_path / "kept").exists()


def test_what_ships_is_the_same_bytes_and_the_rules(tmp_path: Path, forget: Callable[[], None]) -> None:
    """A wheel that is built twice is one wheel: the order in which Python keeps sets decides nothing."""
    shipped = ship_rules(rules_folder(), tmp_path / "here")
    ship = "import sys; from pathlib import Path; from convscan.rules.kept import ship_rules;"
    ship += "print(ship_rules(Path(sys.argv[1]), Path(sys.argv[2])))"
    seeded = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", ship, str(rules_folder()), str(tmp_path / "there")]
    again = subprocess.run(command, env=seeded, capture_output=True, text=True, check=True).stdout.strip()

    assert Path(again).name == shipped.name
    assert Path(again).read_bytes() == shipped.read_bytes()
    forget()
    read = load_rules(rules_folder(), folder=tmp_path / "kept", shipped=tmp_path / "here")
    assert read == load_rules(rules_folder())
    assert not (tmp_path / "kept").exists()
    assert entries(tmp_path / "here") == [shipped]


def test_what_ships_for_other_rules_is_not_trusted(pack: Path, tmp_path: Path, forget: Callable[[], None]) -> None:
    shipped = ship_rules(pack, tmp_path / "shipped")
    write_act(pack, "cheers")
    forget()
    found = load_rules(pack, folder=tmp_path / "kept", shipped=tmp_path / "shipped")

    assert [pattern.phrase for pattern in found.catalogue.acts["thanks"].wording.patterns][:1] == ["cheers"]
    assert [path.name for path in entries(tmp_path / "kept")] != [shipped.name]
    assert entries(tmp_path / "shipped") == [shipped]


def test_what_ships_and_is_damaged_is_made_anew_elsewhere(
    pack: Path, tmp_path: Path, forget: Callable[[], None]
) -> None:
    shipped = ship_rules(pack, tmp_path / "shipped")
    content = shipped.read_bytes()
    shipped.write_bytes(content[:-1])
    forget()
    load_rules(pack, folder=tmp_path / "kept", shipped=tmp_path / "shipped")

    assert (tmp_path / "kept" / shipped.name).read_bytes() == content
    assert shipped.read_bytes() == content[:-1]


def test_rules_with_errors_do_not_ship(pack: Path, tmp_path: Path) -> None:
    write_act(pack, "^")
    with pytest.raises(RuleError, match=r"thanks\.yaml:3"):
        ship_rules(pack, tmp_path / "shipped")
    assert not (tmp_path / "shipped").exists()


def test_folder_that_cannot_be_written_to_is_no_error(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file in its place", encoding="utf-8")

    assert looked_for(pack, tmp_path / "kept") == looked_for(pack, None)


def test_pack_that_is_not_there_is_an_error(pack: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no such folder of rules"):
        load_rules(pack, [PackFolder(tmp_path / "none", "none")], folder=tmp_path / "kept")


def test_pack_without_rules_is_an_error(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "void").mkdir()
    load_rules(pack, folder=tmp_path / "kept")

    with pytest.raises(RuleError, match="no rules in this folder"):
        load_rules(pack, [PackFolder(tmp_path / "void", "void")], folder=tmp_path / "kept")


def test_two_packs_are_not_one_with_the_files_of_both(pack: Path, further: Path, tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    shutil.copytree(pack, tmp_path / "both", dirs_exist_ok=True)
    shutil.copytree(further, tmp_path / "both", dirs_exist_ok=True)
    (further / "acts" / "salutes.yaml").rename(further / "acts" / "zz.yaml")
    (tmp_path / "both" / "acts" / "salutes.yaml").rename(tmp_path / "both" / "acts" / "zz.yaml")

    one = load_rules(tmp_path / "both", folder=tmp_path / "kept")
    two = load_rules(pack, [PackFolder(further, "further")], folder=tmp_path / "kept")

    assert two.catalogue.acts.keys() == one.catalogue.acts.keys()
    assert two.catalogue.acts["zz"].origin == "further"


def test_entries_of_older_states_are_taken_out(pack: Path, tmp_path: Path) -> None:
    for number in range(12):
        write_act(pack, f"thanks w{number}")
        load_rules(pack, folder=tmp_path / "kept")
        for age, entry in enumerate(reversed(entries(tmp_path / "kept"))):
            os.utime(entry, (1_000 + age, 1_000 + age))

    assert len(entries(tmp_path / "kept")) == 8


def test_two_processes_at_once_leave_one_entry(further: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "convscan", "scan", str(SAMPLES / "parcel-chat.txt"), "--model", "none"]
    command += ["--rules", str(further)]  # convscan's own come made ready, and nothing is kept of them
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    both = [
        subprocess.Popen([*command, "--isolated", "--format", "jsonl"], stdout=subprocess.PIPE, env=environment)
        for _ in range(2)
    ]
    out = [process.communicate()[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert out[0] == out[1]
    assert json.loads(out[0])["status"] == "judged"
    assert len(entries(tmp_path / "convscan")) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows names the folder in another variable")
def test_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "convscan"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = cache_folder()
    assert found is not None
    assert found.is_relative_to(tmp_path)
