"""The command on files: where conversations come from, what is printed, what is refused."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from convscan.cli.evaluate import evaluate
from convscan.errors import ConvscanError, ModelError
from convscan.finding import Finding, Kind, ScanResult, Severity, Span, Status, Tool
from convscan.records import result_to_json

UTTERANCES = [
    {"role": "customer", "text": "The kettle you sent me leaks."},
    {"role": "agent", "text": "You must have dropped it."},
    {"role": "agent", "text": "A new one costs 30 euros."},
]
CONVERSATION = {"id": "kettle", "utterances": UTTERANCES}
BLAMED = {"id": "kettle", "findings": [{"rule": "blame/customer", "utterance": 1, "quote": "You must have"}]}
PROBE = {
    "id": "kettle",
    "rule": "blame/customer",
    "expect": True,
    "utterance": 1,
    "capability": "plain",
    "utterances": UTTERANCES,
}


def finding(rule: str, utterance: int, quote: str) -> Finding:
    start = UTTERANCES[utterance]["text"].index(quote)
    at = Span(utterance, start, start + len(quote), quote)
    return Finding(rule, Severity.ERROR, Kind.PRESENT, at, "message", "suggestion")


def write(path: Path, *records: Mapping[str, object]) -> str:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(evaluate, arguments, catch_exceptions=True)


def run_json(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert isinstance(report, dict)
    return report


def dig(report: object, *keys: str) -> object:
    for key in keys:
        assert isinstance(report, dict)
        report = report[key]
    return report


@pytest.fixture
def conversations(tmp_path: Path) -> str:
    return write(tmp_path / "kettles.jsonl", CONVERSATION)


@pytest.fixture
def gold(tmp_path: Path) -> str:
    return write(tmp_path / "gold.jsonl", BLAMED)


@pytest.fixture
def results(tmp_path: Path) -> str:
    """One hit and one false alarm."""
    found = (finding("blame/customer", 1, "You must have"), finding("blame/customer", 2, "30 euros"))
    return write(
        tmp_path / "results.jsonl",
        result_to_json(ScanResult("kettle", Status.JUDGED, Tool("0", "rules"), findings=found)),
    )


def test_table_shows_the_figures(gold: str, conversations: str, results: str) -> None:
    result = run(gold, "--conversations", conversations, "--results", results)

    assert result.exit_code == 0
    assert "1 conversation, 1 annotator, 0 without a result" in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("all findings")]
    assert line.split()[2:7] == ["1", "1", "1", "0", "0.50"]
    assert "nan" not in result.stdout


def test_json_holds_the_figures_and_null_for_the_undefined(gold: str, conversations: str, results: str) -> None:
    report = run_json(gold, "--conversations", conversations, "--results", results)

    assert report["schema"] == "convscan.evaluation/1"
    assert dig(report, "rules", "blame/customer", "f1", "value") == pytest.approx(2 / 3)
    assert dig(report, "totals", "all findings", "precision", "value") == 0.5
    assert dig(report, "totals", "core absence", "f1") == {"value": None, "low": None, "high": None}
    assert dig(report, "macro_f1", "value") is None
    assert "differences" not in report


def test_without_results_the_conversations_are_scanned_now(gold: str, conversations: str) -> None:
    report = run_json(gold, "--conversations", conversations)

    assert report["conversations"] == 1
    assert report["without_result"] == 0


def test_settings_and_own_rules_are_those_of_a_scan(kettle_pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [{"role": "customer", "text": "What leaks?"}, {"role": "agent", "text": "The kettle. You must have hit it."}]
    marks = [{"rule": "acme/kettle", "utterance": 1, "quote": "kettle"}, BLAMED["findings"][0]]
    gold = write(kettle_pack / "gold.jsonl", {"id": "k", "utterances": said, "findings": marks})
    monkeypatch.chdir(kettle_pack)
    (kettle_pack / "convscan.toml").write_text('model = "none"\nselect = ["acme"]\nrules-paths = ["."]\n')

    in_settings = run_json(gold)
    isolated = run_json(gold, "--isolated", "--rules", str(kettle_pack))

    assert [dig(in_settings, "rules", rule, "tp") for rule in ("acme/kettle", "blame/customer")] == [1, 0]
    assert [dig(isolated, "rules", rule, "tp") for rule in ("acme/kettle", "blame/customer")] == [1, 1]


def test_trained_model_of_the_settings_is_used(tmp_path: Path, gold: str, conversations: str) -> None:
    (tmp_path / "mine.toml").write_text('model = "fast"\nfast-model = "nowhere"\n')
    result = run(gold, "--conversations", conversations, "--config", str(tmp_path / "mine.toml"))

    assert isinstance(result.exception, ModelError)


def test_settings_say_how_conversations_are_read(
    tmp_path: Path, gold: str, results: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "chat.csv").write_text("conversation,role,Body\nkettle,customer,Hi\nkettle,agent,You must have\n")
    (tmp_path / "convscan.toml").write_text('[columns]\ntext = "Body"\n')
    monkeypatch.chdir(tmp_path)

    assert run_json(gold, "--conversations", "chat.csv", "--results", results)["conversations"] == 1


def test_results_are_measured_without_waking_a_model(tmp_path: Path, gold: str, results: str) -> None:
    conversations = write(tmp_path / "kettles.jsonl", CONVERSATION)
    code = (
        "import sys\n"
        "from convscan.cli.main import main\n"
        "try:\n"
        f"    main(['evaluate', {gold!r}, '--conversations', {conversations!r}, '--results', {results!r}])\n"
        "except SystemExit:\n"
        "    heavy = ('onnxruntime', 'spacy', 'convscan.scanner')\n"
        "    print([name for name in heavy if name in sys.modules], file=sys.stderr)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"


def test_probes_need_no_conversations(tmp_path: Path, results: str) -> None:
    probes = write(tmp_path / "probes.jsonl", PROBE)

    report = run_json(probes, "--results", results)
    table = run(probes, "--results", results).stdout

    assert report["schema"] == "convscan.probes/1"
    assert dig(report, "all", "right", "value") == 1.0
    assert "capability plain" in table


def test_probes_are_scanned_now_without_results(tmp_path: Path) -> None:
    assert dig(run_json(write(tmp_path / "probes.jsonl", PROBE)), "all", "n") == 1


def test_gold_may_carry_its_conversations(tmp_path: Path, results: str) -> None:
    gold = write(tmp_path / "gold.jsonl", {**BLAMED, "utterances": UTTERANCES})

    assert run_json(gold, "--results", results)["conversations"] == 1


@pytest.mark.parametrize("name", ["kettles.annotations.jsonl", "kettles.annotations.A.jsonl"])
def test_conversations_beside_the_gold_are_found_and_told(
    tmp_path: Path, conversations: str, results: str, name: str
) -> None:
    result = run(write(tmp_path / name, BLAMED), "--results", results)

    assert result.exit_code == 0
    assert f"conversations are read from {conversations}" in result.stderr
    assert "conversations are read from" not in result.stdout


def test_results_with_text_bring_their_conversations(tmp_path: Path, gold: str) -> None:
    bare = result_to_json(ScanResult("kettle", Status.JUDGED, Tool("0", "rules")))

    report = run_json(gold, "--results", write(tmp_path / "r.jsonl", {**bare, "conversation": CONVERSATION}))

    assert dig(report, "totals", "all findings", "recall", "value") == 0.0


def test_missing_conversations_are_an_error_that_names_the_option(gold: str, results: str) -> None:
    result = run(gold, "--results", results)

    assert isinstance(result.exception, ConvscanError)
    assert "--conversations PATH" in str(result.exception)


def test_two_annotators_show_contested_and_agreement(
    tmp_path: Path, gold: str, conversations: str, results: str
) -> None:
    doubted = {"rule": "blame/customer", "utterance": 2, "quote": "30 euros"}
    second = write(tmp_path / "second.jsonl", {**BLAMED, "findings": [*_findings(BLAMED), doubted]})

    report = run_json(gold, second, "--conversations", conversations, "--results", results)

    assert dig(report, "rules", "blame/customer", "contested") == 1
    assert dig(report, "totals", "all findings", "precision", "value") == 1.0
    assert dig(report, "totals", "all findings", "agreement") == pytest.approx(2 / 3)
    table = run(gold, second, "--conversations", conversations, "--results", results).stdout
    assert "human F1" in table


def test_errors_are_listed_one_a_line(gold: str, conversations: str, results: str) -> None:
    result = run(gold, "--conversations", conversations, "--results", results, "--list-errors")

    assert result.stdout.splitlines()[-1] == "false alarm\tkettle\t2\tblame/customer\t30 euros"


def test_errors_are_listed_in_json_too(gold: str, conversations: str, results: str) -> None:
    report = run_json(gold, "--conversations", conversations, "--results", results, "--list-errors")

    assert report["differences"] == [
        {
            "wrong": "false alarm",
            "conversation_id": "kettle",
            "rule": "blame/customer",
            "deposit": None,
            "utterance": 2,
            "quote": "30 euros",
        }
    ]


def test_listed_words_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Colour codes, line breaks, text turned round and half a surrogate pair are shown as escapes."""
    text = "red \x1b[31m\ntwo lines \u202e \ud800"
    hostile = {"id": "c", "utterances": [{"role": "agent", "text": text}]}
    missed = {**hostile, "findings": [{"rule": "blame/customer", "utterance": 0, "quote": text}]}
    silent = result_to_json(ScanResult("c", Status.JUDGED, Tool("0", "rules")))

    arguments = (write(tmp_path / "gold.jsonl", missed), "--results", write(tmp_path / "r.jsonl", silent))
    listed = run(*arguments, "--list-errors")

    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[-1].endswith(r"red \x1b[31m\ntwo lines \u202e \ud800")
    assert dig(run_json(*arguments), "conversations") == 1


def test_output_goes_to_a_file(tmp_path: Path, gold: str, conversations: str, results: str) -> None:
    output = tmp_path / "report.json"

    result = run(
        gold, "--conversations", conversations, "--results", results, "--format", "json", "--output", str(output)
    )

    assert result.stdout == ""
    assert json.loads(output.read_text(encoding="utf-8"))["conversations"] == 1


def test_output_never_overwrites_the_gold(gold: str, conversations: str, results: str) -> None:
    before = Path(gold).read_bytes()

    result = run(gold, "--conversations", conversations, "--results", results, "--output", gold)

    assert result.exit_code == 2
    assert "would overwrite" in result.stderr
    assert Path(gold).read_bytes() == before


def test_output_that_cannot_be_written_is_an_error(tmp_path: Path, gold: str, conversations: str, results: str) -> None:
    nowhere = str(tmp_path / "no" / "such" / "folder.txt")

    result = run(gold, "--conversations", conversations, "--results", results, "--output", nowhere)

    assert isinstance(result.exception, ConvscanError)
    assert "cannot be written" in str(result.exception)


def test_bad_gold_is_an_error(tmp_path: Path, conversations: str, results: str) -> None:
    gold = write(tmp_path / "gold.jsonl", {"id": "kettle", "findings": [{"rule": "blame"}]})

    result = run(gold, "--conversations", conversations, "--results", results)

    assert isinstance(result.exception, ConvscanError)
    assert f"{gold}:1" in str(result.exception)


def test_probes_take_no_second_file(tmp_path: Path, gold: str) -> None:
    result = run(write(tmp_path / "probes.jsonl", PROBE), gold)

    assert result.exit_code == 2
    assert "without SECOND" in result.stderr


def test_missing_gold_is_a_usage_error(tmp_path: Path) -> None:
    assert run(str(tmp_path / "nothing.jsonl")).exit_code == 2


def test_bad_conversation_is_told_and_the_rest_is_measured(tmp_path: Path, gold: str, results: str) -> None:
    path = write(tmp_path / "mixed.jsonl", {"id": "broken"}, CONVERSATION)

    result = run(gold, "--conversations", path, "--results", results)

    assert result.exit_code == 0
    assert f"{path}:1" in result.stderr
    assert "1 conversation, 1 annotator" in result.stdout


def test_same_input_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    """Sets come in another order in each process; what is printed must not."""
    gold = write(tmp_path / "gold.jsonl", *({**BLAMED, "id": f"c{n}", "utterances": UTTERANCES} for n in range(20)))
    silent = [result_to_json(ScanResult(f"c{n}", Status.JUDGED, Tool("0", "rules"))) for n in range(10)]
    results = write(tmp_path / "results.jsonl", *silent)
    command = "from convscan.cli.evaluate import evaluate; evaluate()"

    printed = {
        subprocess.run(
            [sys.executable, "-c", command, gold, "--results", results, "--format", "json", "--list-errors"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(printed) == 1


def test_help_shows_an_example() -> None:
    assert "convscan evaluate march.annotations.jsonl" in run("--help").stdout


def _findings(annotation: Mapping[str, object]) -> Sequence[object]:
    findings = annotation["findings"]
    assert isinstance(findings, list)
    return findings
