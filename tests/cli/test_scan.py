"""`convscan scan` as its users call it."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from convscan.cli.scan import RecordTally
from convscan.finding import Problem, ProblemCode, ScanResult, Status, Tool
from convscan.resources import schema_file

Command = Callable[..., SimpleNamespace]
GOOD = {
    "id": "good",
    "utterances": [
        {"role": "customer", "text": "The lamp is here."},
        {"role": "agent", "text": "Thank you for telling us."},
    ],
}
BAD = {
    "id": "bad",
    "utterances": [
        {"role": "customer", "text": "The lamp flickers."},
        {"role": "agent", "text": "You should have read the manual.", "author": "Lou", "author_id": "a1"},
    ],
}


def lines(*records: object) -> str:
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    path = tmp_path / "chats.jsonl"
    path.write_text(lines(GOOD, BAD), encoding="utf-8")
    return path


def results(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_message_that_is_too_long_is_told_with_its_place_and_both_sums_agree(convscan: Command, chats: Path) -> None:
    huge = {"id": "long one", "utterances": [{"role": "agent", "text": "It left on Monday. " * 20_000}]}
    chats.write_text(lines(GOOD, huge), encoding="utf-8")
    run = convscan("scan", chats)

    assert f"{chats}:2: conversation 'long one': utterance 0 has 380000 characters" in run.err
    assert "2 records in = 1 judged, 0 not judged, 1 judged only in part, 0 could not be read" in run.err
    assert "1 conversation judged (" in run.out
    assert "1 judged only in part" in run.out


def test_text_names_the_rule_the_speaker_the_words_and_what_to_say(convscan: Command, chats: Path) -> None:
    run = convscan("scan", chats)

    assert run.code == 0
    for expected in ("blame/customer", "Lou", "»You should have", "→", "1 of 2 conversations"):
        assert expected in run.out
    assert "\x1b[" not in run.out
    assert "2 records in = 2 judged, 0 not judged, 0 judged only in part, 0 could not be read" in run.err


def test_each_result_line_is_valid_by_the_schema_and_in_input_order(convscan: Command, chats: Path) -> None:
    run = convscan("scan", chats, "--format", "jsonl")

    schema = json.loads(schema_file("result").read_text(encoding="utf-8"))
    found = results(run.out)
    for result in found:
        jsonschema.validate(result, schema)
    assert [result["conversation_id"] for result in found] == ["good", "bad"]
    assert [result["source"] for result in found] == [{"path": str(chats), "line": n} for n in (1, 2)]


def test_json_is_one_array_of_the_same_results(convscan: Command, chats: Path) -> None:
    assert json.loads(convscan("scan", chats, "--format", "json").out) == results(
        convscan("scan", chats, "--format", "jsonl").out
    )


def test_with_text_adds_the_conversation(convscan: Command, chats: Path) -> None:
    [_, bad] = results(convscan("scan", chats, "--format", "jsonl", "--with-text").out)

    assert bad["conversation"]["utterances"][1]["text"] == "You should have read the manual."


def test_output_goes_to_a_file_and_nothing_to_stdout(convscan: Command, chats: Path, tmp_path: Path) -> None:
    target = tmp_path / "r.jsonl"

    run = convscan("scan", chats, "--format", "jsonl", "--output", target)

    assert run.out == ""
    assert len(results(target.read_text(encoding="utf-8"))) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["chats.jsonl", "r.jsonl"]


def test_an_output_folder_that_does_not_exist_is_told(convscan: Command, chats: Path, tmp_path: Path) -> None:
    run = convscan("scan", chats, "--output", tmp_path / "none" / "r.txt")

    assert run.code == 2
    assert f"{tmp_path / 'none' / 'r.txt'}: No such file or directory" in run.err


@pytest.mark.parametrize(("fail_on", "code"), [("never", 0), ("note", 1), ("warning", 1), ("error", 1)])
@pytest.mark.parametrize("format_", ["text", "jsonl", "json"])
def test_fail_on_decides_the_exit_code_and_the_format_does_not(
    convscan: Command, chats: Path, fail_on: str, code: int, format_: str
) -> None:
    run = convscan("scan", chats, "--select", "blame", "--fail-on", fail_on, "--format", format_)

    assert run.code == code


def test_fail_on_error_passes_over_warnings(convscan: Command, chats: Path) -> None:
    assert convscan("scan", chats, "--select", "thanks/missing", "--fail-on", "error").code == 0
    assert convscan("scan", chats, "--select", "thanks/missing", "--fail-on", "warning").code == 1


def test_select_and_ignore_take_lists(convscan: Command, chats: Path) -> None:
    wanted = ("--select", "blame,thanks", "--ignore", "thanks/missed-moment")
    run = convscan("scan", chats, *wanted, "--format", "jsonl", "--model", "none")

    assert {f["rule"] for r in results(run.out) for f in r["findings"]} == {"blame/customer", "thanks/missing"}


BAD_LINES: Mapping[str, tuple[str, str]] = {
    "truncated": ('{"id": "t", "utterances": [{"role": "agent", ', "chats.jsonl:2"),
    "no object": ('["a", "b"]', "chats.jsonl:2"),
    "unknown role": ('{"utterances": [{"role": "agnet", "text": "x"}]}', "agent, bot, customer, system"),
    "missing text": ('{"utterances": [{"role": "agent"}]}', "no 'text'"),
    "duplicate key": ('{"utterances": [{"role": "agent", "role": "customer", "text": "x"}]}', "role"),
    "deep": ("[" * 100_000, "chats.jsonl:2"),
    "not a number": ('{"utterances": [{"role": "agent", "text": "x", "metadata": {"s": NaN}}]}', "NaN"),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_record_is_told_with_its_place_and_the_others_are_scanned(
    convscan: Command, tmp_path: Path, case: str
) -> None:
    line, expected = BAD_LINES[case]
    path = tmp_path / "chats.jsonl"
    path.write_text(lines(GOOD, line, BAD), encoding="utf-8")

    run = convscan("scan", path, "--format", "jsonl", "--stats", tmp_path / "stats.jsonl")

    assert run.code == 0
    assert [r["status"] for r in results(run.out)] == ["judged", "error", "judged"]
    assert expected in run.err
    assert "chats.jsonl:2" in run.err
    assert "3 records in = 2 judged, 0 not judged, 0 judged only in part, 1 could not be read" in run.err
    ledger = results((tmp_path / "stats.jsonl").read_text(encoding="utf-8"))
    assert Counter(entry["status"] for entry in ledger) == {"judged": 2, "error": 1}
    assert [entry["conversation_id"] for entry in ledger][::2] == ["good", "bad"]


def test_strict_makes_a_bad_record_fail_the_job(convscan: Command, tmp_path: Path) -> None:
    path = tmp_path / "chats.jsonl"
    path.write_text(lines(GOOD, "{"), encoding="utf-8")

    assert convscan("scan", path).code == 0
    assert convscan("scan", path, "--strict").code == 2


def test_where_nothing_could_be_read_the_job_failed(convscan: Command, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    binary = tmp_path / "picture.jsonl"
    binary.write_bytes(bytes(range(256)) * 20)
    broken = tmp_path / "link.jsonl"
    broken.symlink_to(tmp_path / "nowhere")

    for path in (empty, folder, binary, broken, tmp_path / "no such file.jsonl"):
        run = convscan("scan", path)
        assert run.code == 2, path
        assert path.name in run.err
        assert "Traceback" not in run.err


def test_utf16_and_latin1_and_gzip_files_are_read_or_told(convscan: Command, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(lines(BAD), encoding="utf-16")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(BAD).encode()))
    latin = json.dumps({**BAD, "id": "café"}, ensure_ascii=False).encode("latin-1")
    (tmp_path / "c.jsonl").write_bytes(latin + b"\n" + lines(GOOD).encode())

    found = results(convscan("scan", tmp_path, "--format", "jsonl").out)

    assert [r["status"] for r in found] == ["judged", "judged", "error", "judged"]


def test_a_folder_and_standard_input_are_read(convscan: Command, chats: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with chats.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream})())
        piped = results(convscan("scan", "-", "--format", "jsonl").out)

    assert [r["conversation_id"] for r in piped] == ["good", "bad"]
    assert len(results(convscan("scan", chats.parent, "--format", "jsonl").out)) == 2


def test_roles_of_speakers_come_from_the_option_and_from_the_configuration(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text("Robin: it leaks\nKim: You should have read the manual.\nRobin: oh\n", encoding="utf-8")

    by_option = convscan("scan", chat, "--role", "Kim=agent", "--role", "Robin=customer", "--select", "blame")
    (tmp_path / "convscan.toml").write_text('[roles]\nKim = "agent"\nRobin = "customer"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    by_config = convscan("scan", chat, "--select", "blame")

    assert "blame/customer" in by_option.out
    assert by_config.out == by_option.out


def test_columns_of_a_table_come_from_the_option_and_from_the_configuration(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "chats.csv"
    table.write_text("who,what,text\nrep,You should have read the manual.,x\nguest,Oh.,y\n", encoding="utf-8")
    (tmp_path / "convscan.toml").write_text(
        '[columns]\ntext = "what"\nrole = "who"\n[roles]\nrep = "agent"\n', encoding="utf-8"
    )

    options = ("--column", "text=what", "--column", "role=who", "--role", "rep=agent")
    by_option = convscan("scan", table, *options, "--select", "blame")
    monkeypatch.chdir(tmp_path)
    by_config = convscan("scan", table, "--select", "blame")

    assert "blame/customer" in by_option.out
    assert by_config.out == by_option.out


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--format", "yaml"], "yaml"),
        (["--role", "Kim"], "NAME=ROLE"),
        (["--column", "text"], "FIELD=COLUMN"),
        (["--column", "txet=Body"], "there is no field 'txet'; did you mean text?"),
        (["--column", "price=Body"], "expected one of conversation, role, author"),
        (["--select", "blame/custmer"], "did you mean 'blame/customer'?"),
        (["--min-confidence", "3"], "from 0 to 1"),
        (["--jobs", "0"], "0"),
        (["--config", "none.toml"], "none.toml"),
        (["--rules", "nowhere"], "nowhere"),
        (["--from", "carrier-pigeon"], "carrier-pigeon"),
        (["--frobnicate"], "frobnicate"),
    ],
)
def test_wrong_options_are_refused_with_a_reason(
    convscan: Command, chats: Path, arguments: list[str], expected: str
) -> None:
    run = convscan("scan", chats, *arguments)

    assert run.code == 2
    assert expected in run.err
    assert run.out == ""


def test_an_unknown_setting_is_refused_with_a_hint(convscan: Command, chats: Path, tmp_path: Path) -> None:
    config = tmp_path / "convscan.toml"
    config.write_text('slect = ["blame"]\n', encoding="utf-8")

    run = convscan("scan", chats, "--config", config)

    assert run.code == 2
    assert "unknown setting 'slect'; did you mean 'select'?" in run.err


def test_isolated_passes_over_the_configuration(
    convscan: Command, chats: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (chats.parent / "convscan.toml").write_text('ignore = ["blame"]\n', encoding="utf-8")
    monkeypatch.chdir(chats.parent)

    assert "blame/customer" not in convscan("scan", "chats.jsonl").out
    assert "blame/customer" in convscan("scan", "chats.jsonl", "--isolated").out


def test_colour_is_written_when_asked_for(convscan: Command, chats: Path) -> None:
    assert "\x1b[" in convscan("scan", chats, "--color", "always").out


def test_a_template_folder_is_read_with_its_channel(convscan: Command, tmp_path: Path) -> None:
    (tmp_path / "late.md").write_text("Dear customer,\n\nthe parcel is late.\n", encoding="utf-8")

    found = results(convscan("scan", tmp_path, "--channel", "template", "--format", "jsonl", "--with-text").out)

    assert [r["conversation"]["channel"] for r in found] == ["template"]


def test_output_is_the_same_for_any_number_of_jobs(convscan: Command, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*({**(BAD if n % 3 else GOOD), "id": f"c{n}"} for n in range(150)), "{"), encoding="utf-8")

    one = convscan("scan", path, "--format", "jsonl", "--jobs", "1")
    two = convscan("scan", path, "--format", "jsonl", "--jobs", "2")

    assert one.out == two.out
    assert len(results(one.out)) == 151


def test_a_results_line_does_not_depend_on_the_order_of_files(convscan: Command, tmp_path: Path) -> None:
    paths = []
    for n in range(4):
        paths.append(tmp_path / f"{n}.jsonl")
        paths[-1].write_text(lines({**BAD, "id": f"c{n}"}), encoding="utf-8")

    forward = convscan("scan", *paths, "--format", "jsonl").out.splitlines()
    backward = convscan("scan", *reversed(paths), "--format", "jsonl").out.splitlines()

    assert forward == backward[::-1]


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(lines(*({**BAD, "id": f"c{n}"} for n in range(3_000))), encoding="utf-8")
    command = f"'{sys.executable}' -m convscan scan '{path}' --format jsonl | head -1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.fixture
def heard_interrupts() -> Iterator[None]:
    """A shell that runs the tests in the background has them ignore interrupts, and so what they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard_interrupts")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_with_130_and_leaves_valid_output(tmp_path: Path, jobs: str) -> None:
    """Somebody presses Ctrl-C while conversations still come in."""
    target = tmp_path / "r.json"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "convscan",
        "scan",
        "-",
        "--format",
        "json",
        "--output",
        target,
        "--jobs",
        jobs,
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as scan:
        assert scan.stdin is not None
        assert scan.stderr is not None
        scan.stdin.write(lines(*({**BAD, "id": f"c{n}"} for n in range(4_000))))
        scan.stdin.flush()
        _wait_until(lambda: any(path.stat().st_size > 1_000 for path in tmp_path.glob(".r.json.*")))
        os.killpg(scan.pid, signal.SIGINT)
        errors = scan.stderr.read()

    assert scan.returncode == 130
    assert "interrupted" in errors
    assert json.loads(target.read_text(encoding="utf-8"))


def _wait_until(condition: Callable[[], bool], *, limit_s: float = 30) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "nothing was written in time"
        time.sleep(0.05)


def test_only_the_new_words_of_a_mail_are_judged(convscan: Command, tmp_path: Path) -> None:
    """The same words, once as the agent's own and once in the mail that is answered."""
    fault = "You should have read the manual."
    answer = (
        "From: Jo <jo@lamps.example>\nTo: ana@mail.example\nSubject: Matter {0}\nMessage-ID: <{0}@lamps.example>\n\n"
        "{1}\n\nAm Di., 3. März 2026 um 10:14 Uhr schrieb Ana <ana@mail.example>:\n> {2}\n"
    )
    path = tmp_path / "answers.mbox"
    mails = [answer.format("own", fault, "The lamp flickers."), answer.format("old", "Here is a new lamp.", fault)]
    path.write_text("".join(f"From x Tue Mar  3 10:14:00 2026\n{item}\n" for item in mails), encoding="utf-8")

    run = convscan(
        "scan", path, "--agent-domain", "lamps.example", "--format", "jsonl", "--select", "blame", "--isolated"
    )

    found = {item["conversation_id"]: [finding["quote"] for finding in item["findings"]] for item in results(run.out)}
    assert found["own@lamps.example"]
    assert found["old@lamps.example"] == []


def test_company_of_a_mail_can_stand_in_the_configuration(
    convscan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one.eml").write_text("From: a@x.example\nTo: b@y.example\nMessage-ID: <1@x>\n\nHello there.\n")
    monkeypatch.chdir(tmp_path)
    assert "--agent-domain" in convscan("scan", "one.eml").err

    (tmp_path / "convscan.toml").write_text('agent-domains = ["x.example"]\n')
    run = convscan("scan", "one.eml", "--format", "jsonl", "--with-text")
    assert results(run.out)[0]["conversation"]["utterances"][0]["role"] == "agent"


def test_accounts_hold_every_agent_and_team_once(convscan: Command, tmp_path: Path) -> None:
    chats = [
        {
            "id": f"{team}-{number}",
            "metadata": {"team": team},
            "utterances": [
                {"role": "customer", "text": "My kettle leaks."},
                {"role": "agent", "author": "Alex", "text": text},
            ],
        }
        for team, text in (("billing", "You should have read the terms."), ("repairs", "Thank you, I am on it."))
        for number in range(2)
    ]
    path = tmp_path / "chats.jsonl"
    path.write_text("".join(json.dumps(chat) + "\n" for chat in chats), encoding="utf-8")

    run = convscan("scan", path, "--format", "jsonl", "--accounts", tmp_path / "accounts.jsonl", "--isolated")

    accounts = results((tmp_path / "accounts.jsonl").read_text(encoding="utf-8"))
    assert [(a["of"], a["name"], a["team"], a["conversations"]) for a in accounts] == [
        ("agent", "Alex", "billing", 2),
        ("agent", "Alex", "repairs", 2),
        ("team", None, "billing", 2),
        ("team", None, "repairs", 2),
    ]
    nets = sum(result["balance"]["net"] for result in results(run.out))
    assert sum(account["balance"]["total"] for account in accounts[:2]) == pytest.approx(nets)


def test_rule_that_does_not_load_is_told_at_the_end_and_fails_a_strict_job(
    convscan: Command, chats: Path, tmp_path: Path
) -> None:
    """A typing error must not switch a rule off in CI without a word at the end."""
    rule = tmp_path / "pack" / "acme" / "revert.yaml"
    rule.parent.mkdir(parents=True)
    rule.write_text('title: "Revert\nseverity: note\n', encoding="utf-8")
    arguments = ("scan", chats, "--rules", tmp_path / "pack", "--model", "none", "--select", "blame")

    lenient, strict = convscan(*arguments), convscan(*arguments, "--strict")

    assert (lenient.code, strict.code) == (0, 2)
    assert f"rule left out: {rule}:1:8: the quote that opens here is never closed" in lenient.err
    assert "1 fault in rules, told at the beginning" in lenient.err.splitlines()[-2]


def test_role_of_nobody_is_told(convscan: Command, chats: Path) -> None:
    run = convscan("scan", chats, "--model", "none", "--role", "Kim=agent")

    assert "--role Kim=agent: nobody of that name, address or domain was found" in run.err


def test_findings_without_a_measured_confidence_are_counted_when_they_are_left_out(
    convscan: Command, chats: Path
) -> None:
    arguments = ("scan", chats, "--model", "none", "--select", "thanks/missing", "--format", "jsonl")
    every, sure = convscan(*arguments), convscan(*arguments, "--min-confidence", "0.5", "--jobs", "2")

    [unmeasured] = [f for r in results(every.out) for f in r["findings"] if f["confidence"] is None]
    assert not [f for r in results(sure.out) for f in r["findings"]]
    assert unmeasured["rule"] == "thanks/missing"
    assert "1 finding left out by --min-confidence (1 unmeasured)" in sure.err
    assert "left out by" not in every.err


@pytest.mark.parametrize("tells", [True, False])
def test_unreadable_record_is_told_once_where_the_report_is_on_the_same_screen(
    capsys: pytest.CaptureFixture[str], *, tells: bool
) -> None:
    problem = Problem(ProblemCode.UNREADABLE, "x.jsonl:1: is broken")
    tally = RecordTally(tells_problems=tells)

    tally.add(ScanResult(None, Status.ERROR, Tool("1", "r"), errors=(problem,)), None)

    assert ("is broken" in capsys.readouterr().err) is tells
    assert list(tally.closing_lines(0)) == [
        "1 record in = 0 judged, 0 not judged, 0 judged only in part, 1 could not be read; 0 findings"
    ]


def test_findings_that_are_left_out_are_told_in_one_line_measured_or_not() -> None:
    tally = RecordTally()
    tally.add(ScanResult("c", Status.JUDGED, Tool("1", "r"), unmeasured_left_out=1, unsure_left_out=2), None)

    assert next(tally.closing_lines(0)) == "3 findings left out by --min-confidence (2 less sure, 1 unmeasured)"


def test_record_on_which_convscan_failed_is_not_called_unreadable() -> None:
    tally = RecordTally(tells_problems=False)

    tally.add(ScanResult("c", Status.ERROR, Tool("1", "r"), errors=(Problem(ProblemCode.INTERNAL, "m"),)), None)

    assert next(tally.closing_lines(0)).startswith(
        "1 record in = 0 judged, 0 not judged, 0 judged only in part, 0 could"
    )
    assert "0 could not be read, 1 failed" in next(tally.closing_lines(0))


@pytest.mark.parametrize("option", ["--output", "--stats", "--accounts"])
def test_what_is_scanned_is_never_overwritten(convscan: Command, chats: Path, option: str) -> None:
    before = chats.read_bytes()

    run = convscan("scan", chats, option, chats, "--model", "none")

    assert run.code == 2
    assert f"{option} {chats} would overwrite what is read" in run.err
    assert chats.read_bytes() == before


def test_what_is_scanned_is_known_by_a_link_too(convscan: Command, chats: Path) -> None:
    link = chats.with_name("link.jsonl")
    link.symlink_to(chats)

    run = convscan("scan", link, "--output", chats, "--model", "none")

    assert run.code == 2
    assert str(link) in run.err
    assert "utterances" in chats.read_text()


def test_file_in_a_scanned_folder_is_never_overwritten(convscan: Command, chats: Path) -> None:
    run = convscan("scan", chats.parent, "--output", chats, "--model", "none")

    assert run.code == 2
    assert "take it out first" in run.err
    assert "utterances" in chats.read_text()


def test_new_file_or_one_that_is_not_read_may_lie_in_the_scanned_folder(convscan: Command, chats: Path) -> None:
    (chats.parent / "old.out").write_text("nothing")

    for name in ("new.jsonl", "old.out"):
        run = convscan("scan", chats.parent, "--output", chats.with_name(name), "--format", "jsonl", "--model", "none")
        assert run.code == 0
        assert len(results(chats.with_name(name).read_text())) == 2
        chats.with_name("new.jsonl").unlink(missing_ok=True)


def test_two_outputs_need_two_files(convscan: Command, chats: Path) -> None:
    path = chats.with_name("out.jsonl")

    run = convscan("scan", chats, "--output", path, "--stats", path, "--model", "none")

    assert run.code == 2
    assert f"--output and --stats both write to {path}" in run.err
    assert not path.exists()
    assert convscan("scan", chats, "--stats", "-", "--model", "none").code == 2


def test_conversation_in_which_nobody_says_anything_is_not_clean_but_not_judged(
    convscan: Command, tmp_path: Path
) -> None:
    path = tmp_path / "chats.jsonl"
    silent = {"id": "blank", "utterances": [{"role": "agent", "text": " \n"}]}
    path.write_text(lines({"id": "empty", "utterances": []}, silent, GOOD), encoding="utf-8")

    run = convscan("scan", path, "--model", "none", "--format", "jsonl")

    assert [(one["status"], one["language"]) for one in results(run.out)][:2] == [("not_judged", None)] * 2
    assert "2 records not judged, for nobody says anything" in run.err
    assert "3 records in = 1 judged, 2 not judged" in run.err


def test_pipe_is_written_to_and_stays_a_pipe(convscan: Command, chats: Path) -> None:
    """A device in its place, such as /dev/null, must not become a file either."""
    pipe = chats.with_name("pipe")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    run = convscan("scan", chats, "--output", pipe, "--format", "jsonl", "--model", "none")
    written = os.read(reader, 1 << 20).decode()
    os.close(reader)

    assert run.code == 0
    assert len(results(written)) == 2
    assert pipe.is_fifo()


def test_output_that_is_a_folder_is_told_before_anything_is_scanned(convscan: Command, chats: Path) -> None:
    run = convscan("scan", chats, "--output", chats.parent, "--model", "none")

    assert run.code == 2
    assert f"{chats.parent}: Is a directory" in run.err
