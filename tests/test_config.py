"""Settings: read strictly, from the file that is meant."""

from dataclasses import fields
from pathlib import Path

import pytest

from convscan.config import (
    BalanceSettings,
    Config,
    FailOn,
    MappingSettings,
    Markup,
    ModelChoice,
    TemplateSettings,
    config_from_mapping,
    find_config,
    load_config,
)
from convscan.conversation import Role
from convscan.errors import ConfigError
from convscan.finding import Severity
from convscan.placeholders.names import PlaceholderKind


def read(table: dict[str, object]) -> Config:
    return config_from_mapping(table, where="convscan.toml")


def test_nothing_set_gives_the_defaults() -> None:
    assert read({}) == Config()


def test_every_setting_is_read() -> None:
    table: dict[str, object] = {
        "select": ["blame", "tone/curt"],
        "ignore": ["blame/system"],
        "severity": {"tone/curt": "note"},
        "min-confidence": 1,
        "fail-on": "error",
        "rules-paths": ["ours"],
        "model": "fast",
        "fast-model": "learned",
        "per-file-ignores": {"old/*": ["tone"]},
        "exclude": ["drafts"],
        "placeholders": {"slot": "time"},
        "templates": [{"files": ["*.csv"], "body": "Text"}],
        "mapping": {"ours": {"text": "words"}},
        "balance": {"deposit": 2},
        "baseline": "accepted.json",
        "format": ["text", "sarif=out.sarif"],
        "cache-dir": "kept",
        "judge-bots": True,
        "roles": {"Jo": "agent"},
        "columns": {"text": "Body"},
        "agent-domains": ["acme.example"],
        "agent-addresses": ["help@acme.example"],
        "max-utterance-chars": 10,
        "max-record-seconds": 0.5,
        "max-record-bytes": 99,
    }
    expected = Config(
        select=("blame", "tone/curt"),
        ignore=("blame/system",),
        severity={"tone/curt": Severity.NOTE},
        min_confidence=1.0,
        fail_on=FailOn.ERROR,
        rules_paths=("ours",),
        model=ModelChoice.FAST,
        fast_model="learned",
        per_file_ignores={"old/*": ("tone",)},
        exclude=("drafts",),
        placeholders={"slot": PlaceholderKind.TIME},
        templates=(TemplateSettings(files=("*.csv",), body="Text"),),
        mapping={"ours": MappingSettings(text="words")},
        balance=BalanceSettings(deposit=2.0),
        baseline="accepted.json",
        format=("text", "sarif=out.sarif"),
        cache_dir="kept",
        judge_bots=True,
        roles={"Jo": Role.AGENT},
        columns={"text": "Body"},
        agent_domains=("acme.example",),
        agent_addresses=("help@acme.example",),
        max_utterance_chars=10,
        max_record_seconds=0.5,
        max_record_bytes=99,
    )

    assert read(table) == expected
    # A file names its own folder, and the lines at which it sets what.
    settable = {one.name for one in fields(Config)} - {"root", "places"}
    assert {key.replace("-", "_") for key in table} == settable
    assert [name for name in settable if getattr(expected, name) == getattr(Config(), name)] == []


def test_unknown_setting_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"convscan\.toml: unknown setting 'ignroe'; did you mean 'ignore'\?"):
        read({"ignroe": []})


def test_unknown_setting_like_no_other_lists_all() -> None:
    with pytest.raises(ConfigError, match="known: agent-addresses, agent-domains, balance, baseline"):
        read({"zzz": 1})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("select", "blame"),
        ("select", [1]),
        ("judge-bots", "yes"),
        ("min-confidence", 1.01),
        ("min-confidence", -0.01),
        ("min-confidence", True),
        ("min-confidence", float("nan")),
        ("max-utterance-chars", 0),
        ("max-utterance-chars", 1.5),
        ("max-utterance-chars", True),
        ("max-record-seconds", 0),
        ("max-record-seconds", True),
        ("max-record-seconds", "1"),
        ("fail-on", "always"),
        ("severity", {"tone/curt": "high"}),
        ("severity", ["note"]),
        ("roles", {"Jo": "boss"}),
    ],
)
def test_impossible_value_is_refused_with_its_key(key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"convscan.toml: {key}"):
        read({key: value})


def test_select_and_ignore_take_rules_and_families() -> None:
    config = Config(select=("blame", "tone/curt"), ignore=("blame/system",))
    assert [config.wants(rule) for rule in ("blame/customer", "tone/curt", "blame/system", "tone/cold")] == [
        True,
        True,
        False,
        False,
    ]


def test_family_does_not_cover_a_longer_name() -> None:
    assert not Config(select=("blame",)).wants("blameless/praise")


def test_without_a_selection_all_is_wanted() -> None:
    assert Config().wants("tone/curt")


@pytest.mark.parametrize(
    "config",
    [Config(select=("tone/crut",)), Config(ignore=("tone/crut",)), Config(severity={"tone/crut": Severity.NOTE})],
)
def test_setting_for_a_rule_that_does_not_exist_is_refused(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"no rule or family 'tone/crut'; did you mean 'tone/curt'\?"):
        config.check_rules({"tone/curt": None})


def test_family_is_a_known_name() -> None:
    Config(select=("tone",)).check_rules({"tone/curt": None})


def test_nearest_file_upward_is_found(tmp_path: Path) -> None:
    (tmp_path / "convscan.toml").write_text("")
    (tmp_path / "team" / "march").mkdir(parents=True)
    (tmp_path / "team" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(tmp_path / "team" / "march") == tmp_path / "convscan.toml"


def test_pyproject_with_a_table_of_ours_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.convscan]\njudge-bots = true\n")
    found = find_config(tmp_path)
    assert found is not None
    assert load_config(found).judge_bots


def test_own_file_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "convscan.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.convscan]\n")
    assert find_config(tmp_path) == tmp_path / "convscan.toml"


def test_folders_of_rules_are_taken_from_the_files_folder(tmp_path: Path) -> None:
    path = tmp_path / "convscan.toml"
    path.write_text('rules-paths = ["ours", "/theirs"]\n')
    assert load_config(path).rules_paths == (str(tmp_path / "ours"), "/theirs")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"select = [", "no valid TOML"), (b"\xff", "no valid TOML"), (None, "cannot be read")],
)
def test_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "convscan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_config(path)


def test_table_must_be_a_table(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool]\nconvscan = 3\n")
    with pytest.raises(ConfigError, match="must be a table"):
        load_config(path)


def test_misspelt_weight_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "convscan.toml"
    path.write_text("select = []\n\n[balance]\nrecoverd = 0.5\n", encoding="utf-8")
    with pytest.raises(
        ConfigError, match=r"convscan\.toml:3: balance: unknown setting 'recoverd'; did you mean 'recovered'\?"
    ):
        load_config(path)


@pytest.mark.parametrize("weight", [-0.5, 1000, float("inf"), float("nan"), True, "2"])
def test_weight_that_is_none_is_refused(weight: object) -> None:
    with pytest.raises(ConfigError, match=r"x: balance\.error: expected a number from 0 to 100, found"):
        config_from_mapping({"balance": {"error": weight}}, where="x")


# -- made by hand --------------------------------------------------------------------------------


def test_settings_made_by_hand_are_those_of_a_file() -> None:
    by_hand = Config(
        select=["blame"],  # type: ignore[arg-type] # as people write it
        ignore={"tone/curt", "tone/cold"},  # type: ignore[arg-type]
        severity={"blame/customer": "note"},  # type: ignore[dict-item]
        model="full",  # type: ignore[arg-type]
        fail_on="error",  # type: ignore[arg-type]
        roles={"Jo": "agent"},  # type: ignore[dict-item]
        balance={"deposit": 2},  # type: ignore[arg-type]
        rules_paths=[Path("ours")],  # type: ignore[arg-type]
        placeholders=["name"],  # type: ignore[arg-type]
    )

    assert by_hand == read(
        {
            "select": ["blame"],
            "ignore": ["tone/cold", "tone/curt"],
            "severity": {"blame/customer": "note"},
            "model": "full",
            "fail-on": "error",
            "roles": {"Jo": "agent"},
            "balance": {"deposit": 2},
            "rules-paths": ["ours"],
            "placeholders": ["name"],
        }
    )
    assert by_hand.model is ModelChoice.FULL
    assert by_hand.balance == BalanceSettings(deposit=2.0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": "ful"}, "Config: model: 'ful' is not one of none, fast, full; did you mean 'full'"),
        ({"severity": {"a/b": "eror"}}, r"Config: severity\.a/b: 'eror' is not one of .*; did you mean 'error'"),
        ({"select": "blame"}, r"Config: select: expected a list of texts, found 'blame'; write \['blame'\]"),
        ({"min_confidence": 50}, "Config: min_confidence: expected a number from 0 to 1, found 50"),
        ({"max_record_seconds": -1}, "Config: max_record_seconds: expected a number above 0"),
        ({"max_utterance_chars": 0}, "Config: max_utterance_chars: expected a whole number above 0"),
        ({"max_record_bytes": None}, "Config: max_record_bytes: expected a whole number above 0, found None"),
        ({"judge_bots": "yes"}, "Config: judge_bots: expected true or false"),
        ({"root": 5}, "Config: root: expected text"),
        ({"balance": {"depsit": 2}}, "Config: balance: unknown setting 'depsit'; did you mean 'deposit'"),
        ({"mapping": {"ours": {"txt": "x"}}}, r"Config: mapping\.ours: unknown setting 'txt'; did you mean 'text'"),
    ],
)
def test_impossible_values_by_hand_are_refused_as_those_of_a_file(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Config(**settings)  # type: ignore[arg-type] # the mistake that is tested


def test_settings_inside_settings_are_read_too() -> None:
    assert TemplateSettings(markup="html").markup is Markup.HTML  # type: ignore[arg-type] # as people write it
    assert MappingSettings(role_map={"x": "bot"}).role_map == {"x": Role.BOT}  # type: ignore[dict-item]
    with pytest.raises(ConfigError, match="BalanceSettings: recovered: expected a number from 0 to 1, found 2"):
        BalanceSettings(recovered=2)


def test_settings_can_be_members_of_a_set() -> None:
    assert len({Config(roles={"Jo": Role.AGENT}), Config(roles={"Jo": Role.AGENT})}) == 1


def test_file_with_a_byte_order_mark_is_read_and_its_faults_have_their_line(tmp_path: Path) -> None:
    """Editors of Windows write one."""
    path = tmp_path / "convscan.toml"
    path.write_text('ignore = ["blame"]\n', encoding="utf-8-sig")
    assert load_config(path).ignore == ("blame",)

    path.write_text("ignroe = []\n", encoding="utf-8-sig")
    with pytest.raises(ConfigError, match=r"convscan\.toml:1"):
        load_config(path)
