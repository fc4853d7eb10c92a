"""`convscan scan` on every format: from the file to results that hold to their schema."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from jsonschema import Draft202012Validator
from referencing import Resource
from referencing.jsonschema import EMPTY_REGISTRY

from convscan.conversation import Conversation
from convscan.readers import read
from convscan.resources import schema_file

Command = Callable[..., SimpleNamespace]
FORMATS = Path(__file__).parents[1] / "data" / "formats"
SCHEMAS = {name: json.loads(schema_file(name).read_text("utf-8")) for name in ("result", "conversation")}
RESOURCES = [(schema["$id"], Resource.from_contents(schema)) for schema in SCHEMAS.values()]
VALIDATOR = Draft202012Validator(SCHEMAS["result"], registry=EMPTY_REGISTRY.with_resources(RESOURCES))


def test_every_format_gives_results_as_the_schema_says(convscan: Command, tmp_path: Path) -> None:
    fixtures = [path for path in sorted(FORMATS.glob("*/*")) if not path.name.startswith(".")]

    run = convscan("scan", *fixtures, "--isolated", "--format", "jsonl", "--with-text")
    results = [json.loads(line) for line in run.out.splitlines()]

    for result in results:
        VALIDATOR.validate(result)
    assert run.code == 0
    assert (
        f"{len(results)} records in = {len(results)} judged, 0 not judged, 0 judged only in part, 0 could not be read"
        in run.err
    )
    again = tmp_path / "again.jsonl"
    again.write_text("".join(json.dumps(item["conversation"]) + "\n" for item in results), encoding="utf-8")
    # What came from anywhere is the same in convscan's own format.
    assert [_said(item) for item in read([str(again)])] == [_said(item) for item in read(map(str, fixtures))]


def _said(record: object) -> tuple[object, ...]:
    assert isinstance(record, Conversation)
    turns = [(item.role, item.text, item.visibility, item.author, item.timestamp) for item in record.utterances]
    return record.id, record.channel, record.language, turns, record.metadata
