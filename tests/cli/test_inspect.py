"""`convscan inspect` and `convscan formats` as their users call them."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from convscan.readers import all_readers

Command = Callable[..., SimpleNamespace]
FORMATS = Path(__file__).parents[1] / "data" / "formats"
DOCS = Path(__file__).parents[2] / "docs"


def test_says_format_roles_evidence_and_what_was_left_out(convscan: Command) -> None:
    run = convscan("inspect", FORMATS / "intercom" / "conversation.json", "--isolated")

    assert run.code == 0
    for expected in (
        "intercom (Intercom conversations and tickets), by content",
        "1 conversation (1 chat)",
        "9 utterances",
        "2  agent: author.type is admin",
        "1  bot: author.type is bot",
        "1  attachment: no text",
        "3  system: events and automatic lines",
        "1  internal: the customer never saw it",
        "customer Rosa Keller: Hi, my door sensor is offline & the app shows nothing.",
    ):
        assert expected in run.out
    assert run.err == ""


def test_three_turns_are_shown(convscan: Command) -> None:
    run = convscan("inspect", FORMATS / "zendesk" / "chats.json", "--isolated", "--format", "json")

    assert [(turn["role"], turn["text"]) for turn in json.loads(run.out)["turns"]] == [
        ("customer", "Is the shop open today?"),
        ("agent", "Until six."),
    ]


@pytest.mark.parametrize("reader", [reader.name for reader in all_readers()])
def test_json_counts_every_utterance_once_by_role(reader: str, convscan: Command) -> None:
    run = convscan("inspect", FORMATS / reader, "--isolated", "--format", "json", "--from", reader)
    seen = json.loads(run.out)

    assert run.code == 0
    assert seen["schema"] == "convscan.inspection/1"
    assert {(item["format"], item["by"]) for item in seen["recognised"]} == {(reader, "--from")}
    assert sum(item["utterances"] for item in seen["roles"]) == seen["utterances"] > 0
    assert seen["errors"] == []
    assert len(seen["turns"]) <= 3


def test_guess_is_told_with_its_confidence(convscan: Command, tmp_path: Path) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text(
        "Bo: Where is my parcel? I never got it.\nEl: Sorry for the delay, let me check.\nBo: Yes.\nEl: Here.\n",
        encoding="utf-8",
    )
    run = convscan("inspect", chat, "--isolated")

    assert "agent: how they talk: looks it up, apologises for the company (confidence 0.98)" in run.out
    assert "if that is wrong, say" in run.out


def test_what_cannot_be_read_is_told_and_exits_with_2(convscan: Command, tmp_path: Path) -> None:
    vague = tmp_path / "vague.txt"
    vague.write_text("Bo: Yes.\nEl: No.\nBo: Yes.\nEl: No.\n", encoding="utf-8")
    run = convscan("inspect", vague, "--isolated")

    assert run.code == 2
    assert "cannot tell who is agent and who is customer among 'Bo', 'El'" in run.out
    assert convscan("inspect", tmp_path / "nowhere.json").code == 2
    assert convscan("inspect", vague, "--isolated", "--role", "Bo=agent", "--role", "El=customer").code == 0
    assert convscan("inspect", vague, "--from", "nonsense").code == 2


def test_text_of_strangers_cannot_steer_the_terminal(convscan: Command, tmp_path: Path) -> None:
    chat = tmp_path / "chat.jsonl"
    words = "\x1b[31mred \u202e" + "long " * 500
    record = {"utterances": [{"role": "customer", "author": "\x1b]0;x\x07", "text": words}]}
    chat.write_text(json.dumps(record), encoding="utf-8")
    out = convscan("inspect", chat, "--isolated").out

    assert "\x1b" not in out
    assert "\u202e" not in out
    assert all(len(line) < 200 for line in out.splitlines())


def test_mapping_of_the_settings_is_used(convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("convscan.toml").write_text(
        '[mapping.ours]\nutterances = "said[*]"\nrole = "by"\nrole_map = { we = "agent", they = "customer" }\n',
        encoding="utf-8",
    )
    said = [{"by": "they", "text": "The lamp flickers."}, {"by": "we", "text": "You should have read the manual."}]
    Path("chat.json").write_text(json.dumps({"said": said}), encoding="utf-8")

    inspected = convscan("inspect", "chat.json", "--from", "mapping:ours")
    assert "1  agent: by is we" in inspected.out
    scanned = convscan("scan", "chat.json", "--from", "mapping:ours", "--format", "jsonl")
    assert "blame/customer" in scanned.out
    assert convscan("config", "show").out.count("[mapping]") == 1


# -- formats ---------------------------------------------------------------------------------


def test_formats_are_listed(convscan: Command) -> None:
    run = convscan("formats", "list")

    assert run.code == 0
    assert all(reader.name in run.out for reader in all_readers())
    assert "mapping:NAME" in run.out


def test_page_of_the_docs_is_what_the_readers_say(convscan: Command) -> None:
    assert convscan("formats", "docs", "--check", "--output", DOCS / "formats.md").code == 0


def test_check_finds_a_page_that_is_missing_or_old(convscan: Command, tmp_path: Path) -> None:
    page = tmp_path / "formats.md"

    missing = convscan("formats", "docs", "--check", "--output", page)
    assert (missing.code, "is missing" in missing.err) == (2, True)
    assert convscan("formats", "docs", "--output", page).code == 0
    assert convscan("formats", "docs", "--check", "--output", page).code == 0
    page.write_text(page.read_text("utf-8").replace("Zendesk", "Zendisk"), encoding="utf-8")
    old = convscan("formats", "docs", "--check", "--output", page)
    assert (old.code, "differs from the readers" in old.err) == (2, True)
    assert "Zendisk" in page.read_text("utf-8")


def test_page_has_what_a_user_asks_for_each_format() -> None:
    page = (DOCS / "formats.md").read_text("utf-8")

    for reader in all_readers():
        section = page.split(f"### {reader.name}\n")[1].split("\n### ")[0]
        assert reader.description.versions in section
        assert reader.description.roles in section
        assert f"$ {reader.description.example}" in section
        assert all(entry in section for entry in (*reader.description.reads, *reader.description.ignores))


def test_takes_what_a_scan_is_told_of_tables_and_mail(convscan: Command, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("Who,Words\nagent,Since when?\ncustomer,Since May.\n", encoding="utf-8")
    mail = tmp_path / "m.eml"
    mail.write_text("From: a@one.example\nTo: b@two.example\nSubject: Hat\n\nIt is here.\n", encoding="utf-8")

    told = convscan("inspect", table, "--isolated", "--column", "role=Who", "--column", "text=Words")
    sided = convscan("inspect", mail, "--isolated", "--agent-domain", "one.example")
    named = convscan("inspect", mail, "--isolated", "--agent-address", "b@two.example")

    assert "1  agent: column 'Who'" in told.out
    assert "agent: the sender's address is the company's: --agent-domain or --agent-address" in sided.out
    assert "customer: the sender's address is not the company's" in named.out
