"""What tests share: a scanner that is built once, and short ways to write conversations."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from convscan.conversation import Conversation, Role, Utterance
from convscan.rules.catalogue import Catalogue, load_catalogue
from convscan.scanner import Scanner

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what is kept between runs out of the user's own folder."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    """A scanner with the built-in rules and default settings."""
    return Scanner()


@pytest.fixture(scope="session")
def conversation() -> Callable[..., Conversation]:
    """Make a conversation from `role: words` lines."""

    def make(*lines: str, conversation_id: str = "c-1") -> Conversation:
        pairs = (line.split(": ", 1) for line in lines)
        return Conversation(conversation_id, tuple(Utterance(Role(role), text) for role, text in pairs))

    return make


@pytest.fixture(scope="session")
def catalogue_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], Catalogue]:
    """Make a catalogue from the texts of its files: "acts/thanks" to YAML."""

    def make(files: Mapping[str, str]) -> Catalogue:
        pack = tmp_path_factory.mktemp("pack")
        for name, text in files.items():
            path = pack / f"{name}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        catalogue = load_catalogue(pack)
        assert not catalogue.errors
        return catalogue

    return make


@pytest.fixture
def kettle_pack(tmp_path: Path) -> Path:
    """A folder with one rule of a team's own, `acme/kettle`."""
    rule = tmp_path / "acme" / "kettle.yaml"
    rule.parent.mkdir()
    rule.write_text(
        """\
title: Kettle
message: "'{match}' is a word that we do not say."
suggestion: Say boiler.
severity: note
since: "1"
patterns: [kettle]
examples: {match: ["The [[kettle]]."], no_match: [{text: The boiler., why: another word}]}
rationale: House style.
references: [{title: House style, url: "https://acme.example/style"}]
""",
        encoding="utf-8",
    )
    return tmp_path


# Machines are busy: what is quick enough once in as many tries is quick.
_TRIES = 3


@pytest.fixture(scope="session")
def takes_less_than() -> Callable[[float, Callable[[], object]], bool]:
    """Tell whether something takes less than so many seconds of the processor."""

    def is_quick(limit_s: float, run: Callable[[], object]) -> bool:
        return any(_seconds(run) < limit_s for _ in range(_TRIES))

    return is_quick


@pytest.fixture(scope="session")
def is_linear() -> Callable[[Callable[[str], object], Callable[[int], str], int], bool]:
    """Tell whether time grows with length only: four times the text may take eight times as long, but not sixteen.

    Of a text that is read in next to no time it cannot be told, so the longest must be long enough.
    """

    def is_even(run: Callable[[str], object], text_of: Callable[[int], str], longest: int) -> bool:
        short, long = (
            min(_seconds(partial(run, text)) for _ in range(2)) for text in map(text_of, (longest // 4, longest))
        )
        return long < 8 * short + 0.05

    return lambda *given: any(is_even(*given) for _ in range(_TRIES))


def _seconds(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started
