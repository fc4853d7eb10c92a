"""Tables: which column is what, which row belongs where, and what becomes of rows that are broken."""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Visibility
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.registry import reader_for
from convscan.readers.tables.grouping import LOOK_AHEAD_PIECES
from convscan.readers.tables.row_faults import MOST_REPORTED, MOST_TRIED

DATA = Path(__file__).parents[1] / "data" / "formats"
HEAD = "conversation_id,role,text\n"


def records_of(
    content: str | bytes, options: ReadOptions | None = None, notices: list[str] | None = None
) -> list[Record]:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    told: list[str] = [] if notices is None else notices
    return list(read(["-"], options or ReadOptions(format="csv"), notify=told.append, stdin=stream))


def conversations_of(content: str | bytes, options: ReadOptions | None = None) -> list[Conversation]:
    records = records_of(content, options)
    assert not [record.message for record in records if isinstance(record, BadRecord)]
    return [record for record in records if isinstance(record, Conversation)]


def said(record: Record) -> list[tuple[str, str]]:
    assert isinstance(record, Conversation), record
    return [(item.role.value, item.text) for item in record.utterances]


def table(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


# -- what is read ----------------------------------------------------------------------------


def test_rows_become_utterances_with_all_that_the_columns_say() -> None:
    first, second = read([str(DATA / "csv" / "utterances.csv")])

    assert said(first)[1] == ("agent", "I am sorry to hear that, Wanda.\nCould you send me a photo of the lid?")
    assert isinstance(first, Conversation)
    assert first.utterances[2].text == 'Sure: it says "made for gas" on the base.'
    assert first.utterances[0].author == "Wanda Reyes"
    assert first.utterances[0].metadata == {"Order": "7781"}
    assert first.utterances[1].timestamp == "2026-02-03T09:13:20Z"
    assert (first.id, first.language) == ("k-301", "en")
    assert [record.source.line for record in (first, second) if record.source] == [2, 6]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_told_by_what_the_header_means(delimiter: str) -> None:
    rows = [["Ticket ID", "Sender", "Body"], ["1", "Agent", "a; b, c | d\te"], ["1", "Customer", "x, y; z"]]

    (record,) = conversations_of(table(rows, delimiter))

    assert said(record) == [("agent", "a; b, c | d\te"), ("customer", "x, y; z")]


def test_line_of_excel_that_says_the_delimiter_is_heeded() -> None:
    (record,) = conversations_of("sep=|\r\nrole|text\r\nagent|a,b;c\r\n")

    assert said(record) == [("agent", "a,b;c")]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (codecs.BOM_UTF8 + f"{HEAD}1,agent,caf\u00e9\n".encode(), "caf\u00e9"),
        (f"{HEAD}1,agent,caf\u00e9\n".encode("utf-16"), "caf\u00e9"),
        (f"{HEAD}1,agent,caf\u00e9 \u2013 10 \u20ac\n".encode("cp1252"), "caf\u00e9 \u2013 10 \u20ac"),
        (f"{HEAD}1,agent,nul\0inside\n".encode(), "nul\0inside"),
        (f"{HEAD}1,agent,line\u2028inside\n".encode(), "line\u2028inside"),
        (HEAD.replace("\n", "\r").encode() + b"1,agent,old Mac\r", "old Mac"),
    ],
)
def test_encodings_and_odd_characters(content: bytes, text: str) -> None:
    (record,) = conversations_of(content)

    assert said(record) == [("agent", text)]


def test_mixed_encodings_are_read_line_by_line_and_told() -> None:
    notices: list[str] = []
    content = HEAD.encode() + "1,agent,gr\u00fc\u00df\n".encode() + "1,customer,gr\u00fc\u00df\n".encode("cp1252")

    (record,) = records_of(content, notices=notices)

    assert [text for _, text in said(record)] == ["gr\u00fc\u00df", "gr\u00fc\u00df"]
    assert any("line 3; read as Windows-1252" in notice for notice in notices)


def test_one_row_a_conversation_with_its_transcript() -> None:
    first, second = read([str(DATA / "csv" / "transcripts.csv")])

    assert said(first)[-1] == ("customer", "Since Monday.")
    assert isinstance(second, Conversation)
    assert (second.id, second.metadata["team"]) == ("c-10", "filters")


def test_transcript_that_cannot_be_read_names_its_row_and_the_next_is_read() -> None:
    bad, good = records_of('id,transcript\n1,"nobody speaks"\n2,"Agent: Hello.\nCustomer: Hi."\n')

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("-:2: has no speakers")
    assert bad.id == "1"
    assert said(good) == [("agent", "Hello."), ("customer", "Hi.")]


def test_review_without_a_reply_is_a_conversation_of_the_customer() -> None:
    first, second = read([str(DATA / "csv" / "reviews.tsv")])

    assert [role for role, _ in said(first)] == ["customer", "agent"]
    assert said(second) == [("customer", "Lovely staff.")]


@pytest.mark.parametrize(
    ("header", "rows", "roles"),
    [
        ("is_agent,text", ["true,a", "false,b"], ["agent", "customer"]),
        ("inbound,text", ["True,a", "False,b"], ["customer", "agent"]),
        ("direction,text", ["inbound,a", "outbound,b"], ["customer", "agent"]),
        ("speaker,text", ["Jo (Support),a", "Visitor 12,b"], ["agent", "customer"]),
        ("role,text", ["END_USER,a", "chat-bot,b"], ["customer", "bot"]),
    ],
)
def test_words_and_flags_tell_roles(header: str, rows: list[str], roles: list[str]) -> None:
    (record,) = conversations_of("\n".join([header, *rows]) + "\n")

    assert [role for role, _ in said(record)] == roles


def test_internal_rows_and_channels() -> None:
    content = "case_id,author,body,public,channel\n1,Agent,note to self,false,Phone\n1,Customer,hi,true,Phone\n"

    (record,) = conversations_of(content)

    assert [item.visibility for item in record.utterances] == [Visibility.INTERNAL, Visibility.PUBLIC]
    assert record.channel is Channel.CALL


def test_newest_first_is_turned_round_and_other_times_are_left() -> None:
    rows = "1,agent,second,{}\n1,customer,first,{}\n"
    (turned,) = conversations_of(
        "id_,role,text,timestamp\n" + rows.format("2026-01-01T10:00:00Z", "2026-01-01T09:00:00Z")
    )
    (left,) = conversations_of("id_,role,text,timestamp\n" + rows.format("03/04/2026", "02/04/2026"))

    assert [text for _, text in said(turned)] == ["first", "second"]
    assert [text for _, text in said(left)] == ["second", "first"]


def test_milliseconds_since_1970_are_put_in_order_and_handed_on_as_dates() -> None:
    rows = [("customer", 1772012571000, "c"), ("customer", 1772012512345, "a"), ("agent", 1772012560000, "b")]
    lines = "".join(f"1,{role},{text},{time}\n" for role, time, text in rows)

    (record,) = conversations_of("id_,role,text,timestamp\n" + lines)

    assert [text for _, text in said(record)] == ["a", "b", "c"]
    assert record.utterances[0].timestamp == "2026-02-25T09:41:52.345000Z"


# -- what the user says ----------------------------------------------------------------------


def options(columns: Mapping[str, str], **roles: Role) -> ReadOptions:
    return ReadOptions(format="csv", columns=columns, roles=roles)


def test_columns_and_roles_of_the_user_go_first() -> None:
    content = "Who,Role,Body,Text\nx1,agent,yes,no\nx2,agent,and,or\n"

    (record,) = conversations_of(content, options({"text": "body", "role": "WHO"}, x1=Role.AGENT, X2=Role.CUSTOMER))

    assert said(record) == [("agent", "yes"), ("customer", "and")]


@pytest.mark.parametrize(
    ("content", "columns", "says"),
    [
        ("role,text,message\nagent,a,b\n", {}, '--column "text=text"'),
        ("role,text\nagent,a\n", {"text": "Body"}, "has no column 'Body'"),
        ("role,text\nagent,a\n", {"words": "text"}, "there is no field 'words'"),
        ("role,text,text\nagent,a,b\n", {"text": "text"}, "2 columns named 'text'"),
        ("colour,size\nred,4\n", {}, "--column FIELD=COLUMN"),
        ("title,body\nWelcome,Hello\n", {}, "convscan lint"),
        ("role,text\nagent,a\n", {"agent": "text"}, "cannot tell which of its columns"),
        ("title,text\nx,a\n", {"text": "text"}, "cannot tell which of its columns"),
    ],
)
def test_columns_that_cannot_be_told_are_an_error_with_the_option(
    content: str, columns: Mapping[str, str], says: str
) -> None:
    (bad,) = records_of(content, options(columns))

    assert isinstance(bad, BadRecord)
    assert says in bad.message


def test_unknown_role_is_an_error_with_the_option_and_the_next_is_read() -> None:
    bad, good = records_of(HEAD + "1,rep_2,ok\n1,p_9,fine\n2,agent,Hello\n")

    assert isinstance(bad, BadRecord)
    assert "among 'rep_2', 'p_9'" in bad.message
    assert bad.id == "1"
    assert said(good) == [("agent", "Hello")]


def test_what_was_taken_is_told() -> None:
    notices: list[str] = []
    records_of("Ticket ID,Sender,Body\n1,Agent,a\n", notices=notices)

    assert "took the columns conversation=Ticket ID, author=Sender, text=Body" in notices[0]


# -- which rows belong together --------------------------------------------------------------


def test_scattered_conversations_are_joined_and_told() -> None:
    notices: list[str] = []
    first, second = records_of(HEAD + "1,agent,a\n2,agent,b\n1,customer,c\n2,customer,d\n", notices=notices)

    assert [text for _, text in said(first)] == ["a", "c"]
    assert [text for _, text in said(second)] == ["b", "d"]
    assert any("scattered" in notice and ":4:" in notice for notice in notices)


def test_conversation_that_goes_on_after_it_was_given_out_is_reported() -> None:
    rows = "".join(f"c{number},agent,hello\n" for number in range(LOOK_AHEAD_PIECES + 5))

    records = records_of(HEAD + rows + "c3,customer,late\nlast,agent,bye\n")

    (bad,) = [record for record in records if isinstance(record, BadRecord)]
    assert bad.id == "c3"
    assert "sort the file by column 'conversation_id'" in bad.message
    assert len(records) == LOOK_AHEAD_PIECES + 7


def test_conversations_stream(tmp_path: Path) -> None:
    """The first ones come while the rest of the file is not read yet."""
    path = tmp_path / "long.csv"
    path.write_text(HEAD + "".join(f"c{number},agent,hello\n" for number in range(3 * LOOK_AHEAD_PIECES)), "utf-8")
    stream = path.open("rb")

    with stream:
        next(read(["-"], stdin=stream))
        assert stream.tell() < path.stat().st_size


def test_conversation_over_the_limit_is_reported_and_the_next_is_read() -> None:
    rows = HEAD + "1,agent,hello hello\n" * 40 + "2,agent,short\n"

    bad, good = records_of(rows, ReadOptions(format="csv", max_record_bytes=400))

    assert isinstance(bad, BadRecord)
    assert (bad.id, "larger than 400 bytes" in bad.message) == ("1", True)
    assert good.id == "2"


def test_row_without_an_id_is_reported() -> None:
    bad, good = records_of(HEAD + ",agent,whose?\n2,agent,mine\n")

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("-:2: has nothing in column 'conversation_id'")
    assert good.id == "2"


def test_100_000_rows_are_one_conversation() -> None:
    (record,) = conversations_of("role,text\n" + "agent,line\n" * 100_000)

    assert len(record.utterances) == 100_000


# -- broken rows -----------------------------------------------------------------------------


def test_quote_left_open_in_the_first_of_499_conversations_loses_that_row_only() -> None:
    rows = '0,agent,"never closed\n' + "".join(f'{number},agent,"a ""b"", c"\n' for number in range(1, 499))

    bad, *good = records_of(HEAD + rows)

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith("-:2: a quote is opened and never closed")
    assert [record.id for record in good] == [str(number) for number in range(1, 499)]


def test_quote_left_open_above_rows_without_quotes_loses_that_row_only() -> None:
    bad, *good = records_of(HEAD + '0,agent,"never closed\n' + "1,agent,a\n2,agent,b\n")

    assert isinstance(bad, BadRecord)
    assert [record.id for record in good] == ["1", "2"]


def test_cut_inside_a_long_cell_is_told() -> None:
    good, bad = sorted(records_of(HEAD + '0,agent,a\n1,agent,"one\ntwo\nthree'), key=lambda r: isinstance(r, BadRecord))

    assert isinstance(bad, BadRecord)
    assert "breaks off inside a quoted cell with the 2 lines below it" in bad.message
    assert good.id == "0"


def test_ragged_rows_are_reported_with_their_lines() -> None:
    records = records_of(HEAD + "1,agent,a\n1,agent\n1,agent,b,c\n1,customer,d,,\n")
    bad = [record for record in records if isinstance(record, BadRecord)]

    assert [record.source.line for record in bad] == [3, 4]
    assert "has 2 cells where the header has 3" in bad[0].message
    assert said(next(record for record in records if isinstance(record, Conversation))) == [
        ("agent", "a"),
        ("customer", "d"),
    ]


def test_flood_of_bad_rows_is_reported_together() -> None:
    records = records_of(HEAD + "1,agent,a\n" + "x,y\n" * 5000)
    bad = [record for record in records if isinstance(record, BadRecord)]

    assert len(bad) == MOST_REPORTED + 1
    assert "4,900 more rows from here to line 5002" in bad[-1].message
    assert len(records) == len(bad) + 1


def test_table_that_is_mostly_bad_rows_is_given_up_and_its_good_rows_are_kept() -> None:
    records = records_of(HEAD + "1,agent,a\n" + "x,y\n" * 3 * MOST_TRIED + "1,agent,b\n")
    bad = [record for record in records if isinstance(record, BadRecord)]

    assert f"to line {MOST_TRIED + 2} cannot be read either, and the rest of it was not looked at" in bad[-1].message
    assert [said(record) for record in records if isinstance(record, Conversation)] == [[("agent", "a")]]


def test_many_bad_rows_among_more_good_ones_are_no_reason_to_give_up() -> None:
    good = "1,agent,a\n"
    records = records_of(HEAD + (good + good + "x,y\n") * (MOST_TRIED + 1) + "1,agent,last\n")

    assert [said(record)[-1] for record in records if isinstance(record, Conversation)] == [("agent", "last")]


@pytest.mark.parametrize("quote", ['"', ""])
def test_50_mb_cell_is_reported_and_the_next_row_is_read(quote: str, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with path.open("wb") as file:
        file.write(f"{HEAD}1,agent,{quote}".encode())
        for _ in range(50):
            file.write(b"x" * 1024 * 1023 + (b"\n" if quote else b"x"))
        file.write(f"{quote}\n2,agent,after\n".encode())

    bad, good = sorted(
        read([str(path)], ReadOptions(max_record_bytes=4 * 1024 * 1024)), key=lambda r: not isinstance(r, BadRecord)
    )

    assert isinstance(bad, BadRecord)
    assert bad.message.startswith(f"{path}:2: ")
    assert "longer than 4 MiB" in bad.message
    assert said(good) == [("agent", "after")]


@pytest.mark.parametrize("content", ["", "\n\n", "role,text\n", '"role,text'])
def test_table_without_rows_is_an_error(content: str) -> None:
    (bad,) = records_of(content)

    assert isinstance(bad, BadRecord)


# -- near misses -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Customer: Hello, my order, text and role\nAgent: Yes, of course, sir\n", "transcript"),
        ("Agent, Customer and text: three words\nAgent: a, b\nCustomer: c, d\n", "transcript"),
        ('{"id": "1", "utterances": [{"role": "agent", "text": "a, b"}]}\n', "jsonl"),
        ('[{"id": "1", "utterances": [{"role": "agent", "text": "a, b"}]}]', "json"),
        ("title,body,author,created_at\nWelcome,Hello {{name}},Jo,2026-01-01\n", None),
        ("name,content\nWelcome,Hello\n", None),
        ("role,text\nagent,hello\n", "csv"),
    ],
)
def test_files_of_other_kinds_are_not_taken_for_conversations(content: str, name: str | None) -> None:
    found = reader_for(content.encode(), "-")

    assert (found.name if found else None) == name


def test_table_of_something_else_goes_by_its_suffix_and_not_by_words_in_its_cells() -> None:
    content = b'number,what\n1,"Agent: hello\nCustomer: hi"\n2,"Agent: bye\nCustomer: bye"\n'

    found = reader_for(content, "x.csv")

    assert found is not None
    assert found.name == "csv"


# -- properties ------------------------------------------------------------------------------

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip() != "")
UTTERANCES = st.lists(st.tuples(st.sampled_from(["agent", "customer", "bot"]), WORDS), min_size=1, max_size=6)


@given(cases=st.lists(UTTERANCES, min_size=1, max_size=5), delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_any_text_survives_in_any_dialect(cases: list[list[tuple[str, str]]], delimiter: str) -> None:
    rows = [(f"c{number}", role, text) for number, case in enumerate(cases) for role, text in case]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("conversation_id", "role", "text"), *rows])

    found = conversations_of(stream.getvalue())

    assert [record.id for record in found] == [f"c{number}" for number in range(len(cases))]
    assert [said(record) for record in found] == cases


@given(cases=st.lists(UTTERANCES, min_size=1, max_size=5), data=st.data())
def test_order_of_rows_between_conversations_changes_no_conversation(
    cases: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    """A file may be sorted by anything, so long as the rows of each conversation keep their order."""
    turns = data.draw(st.permutations([number for number, case in enumerate(cases) for _ in case]))
    left = [list(case) for case in cases]
    rows = [(f"c{number}", *left[number].pop(0)) for number in turns]

    found = {
        record.id: said(record) for record in conversations_of(table([("conversation_id", "role", "text"), *rows]))
    }

    assert found == {f"c{number}": case for number, case in enumerate(cases)}


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_nothing_but_records_comes_of_any_text(content: str) -> None:
    assert all(isinstance(record, Conversation | BadRecord) for record in records_of(content))


@given(cut=st.integers(0, 400))
def test_cut_anywhere_gives_records(cut: int) -> None:
    content = (DATA / "csv" / "utterances.csv").read_bytes()[:cut]

    assert records_of(content)


# -- what the user says of people, and tables of two columns ---------------------------------

ADDRESSES = "Ticket,From,Body\n1,cust@x.example,My bill is wrong\n1,help@eu.acme.example,What is your number?\n"


@pytest.mark.parametrize("told", ["@eu.acme.example", "@acme.example", "HELP@eu.acme.example"])
def test_domain_says_who_is_an_agent_in_a_table(told: str) -> None:
    chosen = ReadOptions(format="csv", roles={told: Role.AGENT})

    (record,) = conversations_of(ADDRESSES, chosen)

    assert [role for role, _ in said(record)] == ["customer", "agent"]
    assert chosen.has_met(told)


def test_name_that_nobody_has_is_not_met() -> None:
    chosen = ReadOptions(format="csv", roles={"@acme.example": Role.AGENT, "acme.example": Role.BOT, "Kim": Role.BOT})

    records_of(ADDRESSES, chosen)

    assert [name for name in chosen.roles if chosen.has_met(name)] == ["@acme.example"]


@pytest.mark.parametrize("header", ["id,customer,agent", "Agent;Customer", "customer,Agent,language"])
def test_columns_customer_and_agent_alone_hold_what_they_wrote(header: str) -> None:
    sign = ";" if ";" in header else ","
    cells = {"id": "1", "customer": "Where is my tent?", "agent": "It is in Leeds.", "language": "en"}
    row = sign.join(cells[name.casefold()] for name in header.split(sign))

    (record,) = conversations_of(f"{header}\n{row}\n")

    assert said(record) == [("customer", "Where is my tent?"), ("agent", "It is in Leeds.")]


def test_columns_customer_and_agent_beside_others_may_be_names_and_the_command_is_told() -> None:
    (bad,) = records_of("id,Customer,agent,status\n1,Ana,Jo,open\n")

    assert isinstance(bad, BadRecord)
    assert bad.message.endswith('say: --column "customer=Customer" --column "agent=agent"')
