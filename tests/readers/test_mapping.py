"""Files of any shape, read by paths from the settings."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from convscan.config import config_from_mapping
from convscan.conversation import Channel, Conversation, Role
from convscan.errors import ConfigError
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

OURS = {
    "conversations": "$.data[*]",
    "id": "key",
    "utterances": "messages[*]",
    "text": "body",
    "role": "author.type",
    "role_map": {"Admin": "agent", "user": "customer"},
    "author": "author.name",
    "author_id": "author.id",
    "timestamp": "at",
    "internal": "private",
    "subject": "title",
    "channel": "chat",
}
CASE = {
    "key": 12,
    "title": "Lost hat",
    "messages": [
        {"author": {"type": "admin", "name": "Jo", "id": 7}, "body": "<p>It is <b>here</b>.</p>", "at": 1770000200},
        {"author": {"type": "user", "name": "Ana", "id": 8}, "body": "I lost a hat.", "at": 1770000100},
        {"author": {"type": "admin", "name": "Jo", "id": 7}, "body": "again", "at": 1770000300, "private": True},
    ],
}


@pytest.fixture
def read_as(tmp_path: Path) -> Callable[..., list[Record]]:
    """Save content and read it by a mapping."""

    def make(content: object, mapping: dict[str, object], **options: object) -> list[Record]:
        path = tmp_path / "export"
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        mappings = config_from_mapping({"mapping": {"ours": mapping}}, where="x").mapping
        chosen = ReadOptions(format="mapping:ours", mappings=mappings, **options)  # type: ignore[arg-type] # as the test says
        return list(read([str(path)], chosen))

    return make


def words(record: Record) -> list[tuple[Role, str]]:
    assert isinstance(record, Conversation), record.message
    return [(utterance.role, utterance.text) for utterance in record.utterances]


def test_paths_say_where_everything_stands(read_as: Callable[..., list[Record]]) -> None:
    [record] = read_as({"data": [CASE]}, OURS)

    assert words(record) == [(Role.CUSTOMER, "I lost a hat."), (Role.AGENT, "It is here."), (Role.AGENT, "again")]
    assert isinstance(record, Conversation)
    assert (record.id, record.channel, record.metadata) == ("12", Channel.CHAT, {"subject": "Lost hat"})
    first, _, note = record.utterances
    assert (first.author, first.author_id, first.timestamp) == ("Ana", "8", "2026-02-02T02:41:40Z")
    assert not note.is_public


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([CASE, CASE]),
        json.dumps([CASE, CASE], indent=1),
        json.dumps(CASE) + "\n" + json.dumps(CASE) + "\n",
    ],
)
def test_lists_and_json_lines_need_no_path_of_conversations(content: str, read_as: Callable[..., list[Record]]) -> None:
    without = {key: value for key, value in OURS.items() if key != "conversations"}

    assert [record.id for record in read_as(content, without)] == ["12", "12#2"]


def test_path_may_name_the_list_that_the_file_is(read_as: Callable[..., list[Record]]) -> None:
    assert [record.id for record in read_as([CASE], {**OURS, "conversations": "$[*]"})] == ["12"]


def test_rows_of_one_id_are_one_conversation(read_as: Callable[..., list[Record]]) -> None:
    table = "Ticket;Reply text;From\n5;Is it here?;client\n6;Hello;client\n5;It is.;staff\n"
    mapping = {"id": "Ticket", "text": "Reply text", "role": "From"}
    five, six = read_as(table, mapping)

    assert words(five) == [(Role.CUSTOMER, "Is it here?"), (Role.AGENT, "It is.")]
    assert (five.source, five.id, six.id) == (five.source, "5", "6")
    assert five.source
    assert five.source.line == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"utterances": "mesages[*]"}, "utterances = 'mesages[*]' finds nothing in it"),
        ({"text": "txt"}, "text = 'txt' finds nothing in it"),
        ({"conversations": "$.items[*]"}, "conversations = '$.items[*]'"),
        ({"author": "author.nmae"}, "author = 'author.nmae' finds nothing in the whole file"),
        ({"role_map": {}}, "role = 'author.type' finds 'admin', which is no role"),
        ({"text": "author"}, "finds dict, not text"),
    ],
)
def test_path_that_finds_nothing_is_an_error_that_names_it(
    change: dict[str, object], says: str, read_as: Callable[..., list[Record]]
) -> None:
    *_, bad = read_as({"data": [CASE]}, {**OURS, **change})

    assert isinstance(bad, BadRecord)
    assert says in bad.message


def test_one_conversation_without_utterances_does_not_lose_the_others(read_as: Callable[..., list[Record]]) -> None:
    bad, good = read_as({"data": [{"key": 1}, CASE]}, OURS)

    assert isinstance(bad, BadRecord)
    assert bad.id == "1"
    assert good.id == "12"


def test_user_names_roles_on_the_command_line_too(read_as: Callable[..., list[Record]]) -> None:
    roles = {"admin": Role.AGENT, "user": Role.CUSTOMER}
    [record] = read_as({"data": [CASE]}, {**OURS, "role_map": {}}, roles=roles)

    assert [role for role, _ in words(record)] == [Role.CUSTOMER, Role.AGENT, Role.AGENT]


def test_without_a_path_roles_are_told_from_words_or_asked_for(read_as: Callable[..., list[Record]]) -> None:
    mapping = {"utterances": "said[*]", "text": "t", "author": "by"}
    clear = {
        "said": [
            {"by": "A", "t": "Where is my order? I never got it."},
            {"by": "B", "t": "Sorry for the delay, let me check. How can I help otherwise?"},
        ]
    }
    vague = {"said": [{"by": "A", "t": "Yes."}, {"by": "B", "t": "No."}]}
    known, unknown = read_as([clear, vague], mapping)

    assert [role for role, _ in words(known)] == [Role.CUSTOMER, Role.AGENT]
    assert isinstance(unknown, BadRecord)
    assert '--role "NAME=agent"' in unknown.message


@pytest.mark.parametrize(
    ("seen", "is_public"),
    [
        ({"visibility": "internal"}, False),
        ({"visibility": "Note"}, False),
        ({"visibility": "customer"}, True),
        ({"internal": True}, False),
        ({"internal": "no"}, True),
        ({"public": False}, False),
        ({"public": 1}, True),
    ],
)
def test_each_way_to_say_what_the_customer_saw(
    seen: dict[str, object],
    is_public: bool,  # noqa: FBT001 - a parameter of the case
    read_as: Callable[..., list[Record]],
) -> None:
    [key] = seen
    [record] = read_as(
        {"u": [{"text": "a", "role": "agent", **seen}]}, {"utterances": "u[*]", "role": "role", key: key}
    )

    assert isinstance(record, Conversation)
    assert record.utterances[0].is_public is is_public


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"ours": {"text": "$["}}, r"x: mapping\.ours\.text = '\$\[' is no JSONPath"),
        ({"ours": {"txt": "a"}}, "unknown setting 'txt'; did you mean 'text'"),
        ({"ours": {"role_map": {"admin": "boss"}}}, "'boss' is not one of"),
        ({"ours": []}, "expected a table"),
    ],
)
def test_wrong_settings_are_refused_at_once(table: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        config_from_mapping({"mapping": table}, where="x")


def test_unknown_mapping_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no mapping 'theirs' in the settings \(known: none\)"):
        read(["x"], ReadOptions(format="mapping:theirs"))


def test_columns_of_parquet_and_what_is_nested_in_them_are_found(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    path = tmp_path / "export"
    pytest.importorskip("pyarrow.parquet").write_table(
        arrow.table({"case": ["c1"], "said": [[{"by": {"kind": "rep"}, "words": "Since when?"}]], "note": [None]}), path
    )
    mapping = {"id": "case", "utterances": "said[*]", "text": "words", "role": "by.kind", "role_map": {"rep": "agent"}}
    mappings = config_from_mapping({"mapping": {"ours": mapping}}, where="x").mapping

    [record] = read([str(path)], ReadOptions(format="mapping:ours", mappings=mappings))

    assert record.id == "c1"
    assert words(record) == [(Role.AGENT, "Since when?")]


def test_open_quote_in_a_table_costs_its_row_only(read_as: Callable[..., list[Record]]) -> None:
    table = 'case,by,words\n1,agent,"Open\n1,user,It is lost.\n1,agent,Since when?\n'

    bad, record = read_as(table, {"id": "case", "text": "words", "role": "by"})

    assert isinstance(bad, BadRecord)
    assert bad.source.line == 2
    assert words(record) == [(Role.CUSTOMER, "It is lost."), (Role.AGENT, "Since when?")]
