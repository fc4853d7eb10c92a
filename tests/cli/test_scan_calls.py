"""`convscan scan` on calls: found by content, and written back as vCon."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

Command = Callable[..., SimpleNamespace]
DATA = Path(__file__).parents[1] / "data" / "formats"


def test_a_finding_in_a_call_can_be_traced_to_its_segment(convscan: Command, tmp_path: Path) -> None:
    turns = [
        {
            "ParticipantRole": "CUSTOMER",
            "Content": "The lamp flickers.",
            "BeginOffsetMillis": 0,
            "EndOffsetMillis": 900,
        },
        {"ParticipantRole": "AGENT", "Content": "You should have", "BeginOffsetMillis": 1000, "EndOffsetMillis": 1900},
        {"ParticipantRole": "AGENT", "Content": "read the manual.", "BeginOffsetMillis": 2000, "EndOffsetMillis": 2900},
    ]
    path = tmp_path / "call.json"
    path.write_text(json.dumps({"Participants": [], "JobStatus": "COMPLETED", "Transcript": turns}), encoding="utf-8")

    run = convscan("scan", path, "--format", "jsonl", "--with-text", "--isolated")

    result = json.loads(run.out)
    (finding,) = [item for item in result["findings"] if item["kind"] == "present"]
    utterance = result["conversation"]["utterances"][finding["utterance"]]
    first, last = utterance["metadata"]["segments"]
    assert utterance["text"] == "You should have read the manual."
    assert first["start"] <= finding["start"] < first["end"]
    assert (first["start_ms"], last["end_ms"]) == (1000, 2900)


def test_a_vcon_is_written_back_with_its_findings(convscan: Command, tmp_path: Path) -> None:
    target = tmp_path / "out.vcon.json"

    run = convscan("scan", DATA / "vcon" / "small.vcon.json", "--format", "vcon", "--output", target, "--isolated")

    assert run.code == 0
    original = json.loads((DATA / "vcon" / "small.vcon.json").read_text("utf-8"))
    written = json.loads(target.read_text("utf-8"))
    assert written["analysis"][-1]["body"]["conversation_id"] == original["uuid"]
    assert {**written, "analysis": []} == original
    again = convscan("scan", target, "--format", "jsonl", "--isolated")
    assert json.loads(again.out)["findings"] == written["analysis"][-1]["body"]["findings"]


def test_an_unknown_speaker_is_told_with_the_option_that_helps(convscan: Command, tmp_path: Path) -> None:
    path = tmp_path / "call.vtt"
    path.write_text("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Jo>Hello.\n", encoding="utf-8")

    refused = convscan("scan", path, "--isolated")
    helped = convscan("scan", path, "--role", "Jo=agent", "--isolated")

    assert refused.code == 2
    assert '--role "NAME=agent"' in refused.err
    assert helped.code == 0
