"""What the readers of helpdesks make of exports: who said what, in which order, seen by whom."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, all_readers, read
from convscan.readers.base import Record
from convscan.readers.trace import TraceBook

FORMATS = Path(__file__).parents[1] / "data" / "formats"
CUSTOMER, AGENT, BOT, SYSTEM = "customer", "agent", "bot", "system"


def fixture(name: str, **options: object) -> list[Record]:
    return list(read([str(FORMATS / name)], ReadOptions(**options)))  # type: ignore[arg-type] # as the test says


def said(record: Record) -> list[tuple[str, str]]:
    """Return role and words of each utterance; what the customer did not see stands in brackets."""
    assert isinstance(record, Conversation), record.message
    return [(u.role.value, u.text if u.is_public else f"[{u.text}]") for u in record.utterances]


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., str]:
    """Save a value as a JSON file and return its path."""

    def save(value: object, name: str = "export.json") -> str:
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return str(path)

    return save


# -- what each platform exports --------------------------------------------------------------

EXPECTED: list[tuple[str, list[tuple[str, str, list[tuple[str, str]]]]]] = [
    (
        "zendesk/comments_with_users.json",
        [
            (
                "",
                "email",
                [
                    (CUSTOMER, "The lamp I ordered arrived with a cracked shade."),
                    (AGENT, "[Stock says two left in the north hall.]"),
                    (AGENT, "I am sorry about the shade. A new one leaves today."),
                    (AGENT, "Your parcel number follows tonight."),
                ],
            )
        ],
    ),
    (
        "zendesk/recorded_comments.json",
        [
            (
                "7",
                "email",
                [
                    (CUSTOMER, "My account shows two invoices for March."),
                    (AGENT, "Thanks for telling us, one of them is void now."),
                ],
            ),
            ("8", "email", [(AGENT, "[Refund run is on Friday.]"), (AGENT, "You will see the money by Monday.")]),
        ],
    ),
    (
        "zendesk/incremental_tickets.json",
        [
            ("31", "ticket", [(CUSTOMER, "The dimmer hums when it is low.")]),
            ("32", "call", [(AGENT, "Customer called about the warranty card.")]),
        ],
    ),
    (
        "zendesk/ticket_export.jsonl",
        [
            (
                "41",
                "chat",
                [
                    (CUSTOMER, "You sent a blue bulb, I need a white one."),
                    (AGENT, "The white bulb is on its way."),
                    (BOT, "This ticket was closed."),
                ],
            ),
            ("42", "email", [(CUSTOMER, "It works now.")]),
        ],
    ),
    (
        "zendesk/audits.json",
        [("51", "ticket", [(CUSTOMER, "Where can I buy spare glass?"), (AGENT, "In the shop at Kai 4.")])],
    ),
    (
        "zendesk/chats.json",
        [
            (
                "2602.10.Abc",
                "chat",
                [(CUSTOMER, "Is the shop open today?"), (BOT, "Somebody is with you soon."), (AGENT, "Until six.")],
            )
        ],
    ),
    (
        "intercom/recorded_list.json",
        [
            ("88002", "email", [(CUSTOMER, "Please send the invoice again.")]),
            ("88003", "chat", [(BOT, "New: night mode")]),
        ],
    ),
    ("intercom/parts.jsonl", [("88004", "chat", [(CUSTOMER, "Which plan am I on?"), (AGENT, "The small one.")])]),
    ("intercom/api_1.json", [("147", "chat", [(CUSTOMER, "Hi, is there a spare key?"), (AGENT, "Yes, at the desk.")])]),
    (
        "intercom/ticket.json",
        [
            (
                "600",
                "ticket",
                [
                    (CUSTOMER, "The bridge blinks red."),
                    (SYSTEM, "ticket_state_updated_by_admin"),
                    (AGENT, "I am sending a new one."),
                ],
            )
        ],
    ),
    (
        "freshdesk/ticket.json",
        [
            (
                "71",
                "email",
                [
                    (CUSTOMER, "The kettle leaks at the base."),
                    (AGENT, "Please send a photo."),
                    (AGENT, "[Known fault, replace it.]"),
                    (CUSTOMER, "Here it is."),
                ],
            )
        ],
    ),
    (
        "freshdesk/recorded.json",
        [("72", "chat", [(CUSTOMER, "The lid is stuck.\nWhat now?"), (AGENT, "Cold water helps.")])],
    ),
    (
        "freshdesk/account_export.json",
        [("73", "email", [(AGENT, "Our new tea is here."), (CUSTOMER, "No more of these, please.")])],
    ),
    (
        "front/messages.json",
        [("cnv_55x", "email", [(CUSTOMER, "Two poles are missing."), (AGENT, "New poles left today.")])],
    ),
    (
        "front/conversation.json",
        [
            (
                "cnv_66",
                "chat",
                [(CUSTOMER, "Do you sell pegs?"), (AGENT, "[Only blue ones left]"), (AGENT, "Yes, in packs of ten.")],
            )
        ],
    ),
    (
        "gorgias/ticket.json",
        [
            (
                "81",
                "email",
                [
                    (CUSTOMER, "The boots are too small."),
                    (BOT, "We got your message."),
                    (AGENT, "[He is a regular]"),
                    (AGENT, "I can swap them for 43."),
                ],
            )
        ],
    ),
    ("gorgias/messages_list.json", [("82", "chat", [(CUSTOMER, "Any news?"), (AGENT, "They ship today.")])]),
    (
        "helpscout/list.json",
        [("911", "chat", [(CUSTOMER, "Do you fix e-bikes?"), (AGENT, "We do.")])],
    ),
    (
        "hubspot/thread_messages.json",
        [
            (
                "3001",
                "chat",
                [
                    (CUSTOMER, "The map does not load."),
                    (BOT, "Hello! A human is on the way."),
                    (SYSTEM, "ASSIGNMENT"),
                    (AGENT, "[cache again]"),
                    (AGENT, "It is fixed, please reload."),
                ],
            )
        ],
    ),
    (
        "hubspot/ticket_with_mails.json",
        [
            (
                "4001",
                "ticket",
                [
                    (CUSTOMER, "The zip broke after a week."),
                    (AGENT, "[Warranty until May]"),
                    (AGENT, "Send it in, we mend it\nfor free."),
                ],
            )
        ],
    ),
    (
        "hubspot/engagements.json",
        [("4002", "email", [(CUSTOMER, "Do you sell straps?"), (AGENT, "Yes, in three colours.")])],
    ),
    (
        "salesforce/CaseComment.csv",
        [
            (
                "500A",
                "ticket",
                [
                    (CUSTOMER, "My order 17 never came.\nIt was due on Monday."),
                    (AGENT, '[Courier "lost" it]'),
                    (AGENT, "I have sent a new parcel, Ida."),
                ],
            ),
            ("500B", "ticket", [(AGENT, "The plan ends in June.")]),
        ],
    ),
    (
        "salesforce/emails.json",
        [("500C", "email", [(CUSTOMER, "Which seat do I have?"), (AGENT, "Your seat is 12A.")])],
    ),
]


@pytest.mark.parametrize(("name", "expected"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_roles_words_order_and_visibility(name: str, expected: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
    records = fixture(name)

    assert [said(record) for record in records] == [words for _, _, words in expected]
    for record, (wanted_id, channel, _) in zip(records, expected, strict=True):
        assert isinstance(record, Conversation)
        assert record.channel == channel
        # Without an id it is a hash of the content.
        assert record.id == wanted_id or (not wanted_id and len(record.id) == 16)


def test_authors_times_ids_and_files_are_kept() -> None:
    [ticket] = fixture("zendesk/comments_with_users.json")

    assert isinstance(ticket, Conversation)
    first, note, *_ = ticket.utterances
    assert (first.author, first.author_id, first.timestamp) == ("Ines Prado", "11", "2026-02-03T09:00:00Z")
    assert first.metadata == {"id": "501", "attachments": ["shade.jpg"]}
    assert note.author == "Otto Lind"


def test_times_in_seconds_and_milliseconds_become_iso() -> None:
    [thread] = fixture("intercom/api_1.json")
    [mails] = fixture("hubspot/engagements.json")
    [front] = fixture("front/messages.json")

    assert [u.timestamp for u in thread.utterances] == ["2014-05-23T13:16:13Z", "2014-05-23T15:04:54Z"]  # type: ignore[union-attr] # a conversation
    assert mails.utterances[0].timestamp == "2026-04-02T08:00:00Z"  # type: ignore[union-attr] # likewise
    assert front.utterances[0].timestamp == "2026-02-05T14:00:00.123000Z"  # type: ignore[union-attr] # likewise


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("zendesk/incremental_tickets.json", [3, 27]),
        ("zendesk/ticket_export.jsonl", [1, 2]),
        ("freshdesk/account_export.json", [2]),
        ("salesforce/CaseComment.csv", [2, 6]),
    ],
)
def test_each_conversation_knows_its_line(name: str, lines: list[int]) -> None:
    assert [record.source.line for record in fixture(name) if record.source] == lines


def test_intercom_events_notes_and_bots_are_told_apart() -> None:
    [thread] = fixture("intercom/conversation.json")
    roles = [role for role, _ in said(thread)]

    assert said(thread)[0] == (CUSTOMER, "Hi,\nmy door sensor is offline & the app shows nothing.")
    assert roles == [CUSTOMER, BOT, SYSTEM, AGENT, AGENT, CUSTOMER, SYSTEM, AGENT, SYSTEM]
    assert said(thread)[2] == (SYSTEM, "assignment")
    assert said(thread)[3] == (AGENT, "[Batch 12 again.]")
    assert [word for word in said(thread)[4][1].split("\n") if word] == [
        "Thank you, Rosa. I restarted the bridge:",
        "hold the button",
        "wait for green",
    ]
    # Words sent with a close are the admin's; those of a kind that nobody knows are nobody's.
    assert said(thread)[7:] == [(AGENT, "Glad to hear it."), (SYSTEM, "Score recalculated")]


def test_help_scout_threads_come_oldest_first_without_drafts() -> None:
    [thread] = fixture("helpscout/conversation.json")
    lines = [(role, " ".join(text.split())) for role, text in said(thread)]

    assert lines == [
        (CUSTOMER, "The brake squeaks & shakes."),
        (AGENT, "[Same as last week]"),
        (AGENT, "Hello Jana, the pads must be run in."),
        (SYSTEM, "Ali marked as Closed"),
    ]


def test_what_is_left_out_is_told() -> None:
    book = TraceBook()
    fixture("zendesk/ticket_export.jsonl", trace=book)
    fixture("front/messages.json", trace=book)
    fixture("hubspot/ticket_with_mails.json", trace=book)

    assert book.omissions == {
        "the same comment once more": 1,
        "draft: it was not sent": 1,
        "attachment: no text": 1,
        "content of a ticket: it stands in its mails": 1,
    }
    assert book.evidence[Role.CUSTOMER, "requester_id"] == 2


def test_list_without_texts_is_told_and_no_error(saved: Callable[..., str]) -> None:
    told: list[str] = []
    path = saved([{"id": 5, "subject": "Urgent", "requester_id": 1, "responder_id": 2, "source": 1}])
    [ticket] = read([path], notify=told.append)

    assert isinstance(ticket, Conversation)
    assert (ticket.id, ticket.utterances, ticket.metadata["subject"]) == ("5", (), "Urgent")
    assert any("no message in '5'" in line for line in told)


# Shapes that the platforms document beside those of the fixtures.
def call(**answers: object) -> dict[str, object]:
    """A recording of API calls: addresses, with _ for /, to their answers."""
    return {"api": {"get": {key.replace("_", "/"): {"response": answer} for key, answer in answers.items()}}}


HELP = {"type": "customer", "body": "Any news?", "createdAt": "2026-03-05T11:00:00Z", "createdBy": {"id": 1}}
ANSWER = {"type": "message", "body": "Soon.", "createdAt": "2026-03-05T12:00:00Z", "createdBy": {"id": 2}}
TALK = [(CUSTOMER, "Any news?"), (AGENT, "Soon.")]
TICKET = {"id": 9, "requester_id": 1, "submitter_id": 1, "assignee_id": 2, "subject": "News", "via": {"channel": "web"}}
TWO = [{"author_id": 1, "public": True, "body": "Any news?"}, {"author_id": 2, "public": True, "body": "Soon."}]
EVENTS = [{"event_type": "Comment", "public": True, "body": "Any news?"}, {"event_type": "Change", "status": "open"}]
OTHER_SHAPES = [
    ("zendesk", "9", {"ticket": TICKET, "comments": TWO}),
    ("zendesk", "9", call(_api_v2_tickets_9={"ticket": TICKET}, _api_v2_tickets_9_comments={"comments": TWO})),
    ("zendesk", "9", [{"results": [{**TICKET, "result_type": "ticket", "comments": TWO}], "count": 1}]),
    (
        "zendesk",
        "9",
        call(
            _api_v2_requests_9_comments={
                "comments": TWO,
                "users": [{"id": 1, "agent": False}, {"id": 2, "agent": True}],
            }
        ),
    ),
    (
        "zendesk",
        "9",
        {
            "ticket_events": [
                {"ticket_id": 9, "updater_id": 1, "timestamp": 1770000000, "child_events": EVENTS},
                {
                    "ticket_id": 9,
                    "updater_id": 2,
                    "timestamp": 1770000900,
                    "child_events": [{"event_type": "Comment", "public": True, "body": "Soon.", "author_id": 2}],
                },
            ],
            "users": [
                {"id": 1, "role": "end-user", "email": "a@example.org"},
                {"id": 2, "role": "agent", "email": "b"},
            ],
        },
    ),
    (
        "intercom",
        "5",
        {
            "id": "5",
            "source": {
                "delivered_as": "customer_initiated",
                "body": "Any news?",
                "author": {"type": "lead", "id": "1"},
            },
            "conversation_parts": [{"part_type": "comment", "body": "Soon.", "author": {"type": "admin", "id": "2"}}],
        },
    ),
    ("helpscout", "3", {"item": {"id": 3, "mailbox": {"id": 1}, "threadCount": 2, "threads": [ANSWER, HELP]}}),
    ("helpscout", "3", {"items": [{"id": 3, "mailbox": {"id": 1}, "threadCount": 2, "threads": [ANSWER, HELP]}]}),
    ("helpscout", "3", call(_v2_conversations_3_threads={"_embedded": {"threads": [ANSWER, HELP]}})),
    (
        "freshdesk",
        "9",
        {
            "total": 1,
            "results": [
                {
                    "id": 9,
                    "requester_id": 1,
                    "responder_id": 2,
                    "description": "<p>Any news?</p>",
                    "conversations": [{"incoming": False, "private": False, "body": "<p>Soon.</p>", "user_id": 2}],
                }
            ],
        },
    ),
    (
        "gorgias",
        "8",
        {
            "data": [
                {
                    "id": 8,
                    "messages": [
                        {"from_agent": False, "channel": "chat", "body_html": "<p>Any news?</p>", "sender": {"id": 1}},
                        {"from_agent": True, "channel": "chat", "body_text": "Soon.", "sender": {"id": 2}},
                    ],
                }
            ],
            "meta": {},
        },
    ),
    (
        "front",
        "cnv_1",
        {
            "api": {
                "get": {
                    "/conversations/cnv_1": {"response": {"id": "cnv_1", "status": "open", "subject": "News"}},
                    "/conversations/cnv_1/messages": {
                        "response": {
                            "_results": [
                                {
                                    "id": "msg_2",
                                    "is_inbound": False,
                                    "body": "<p>Soon.</p>",
                                    "created_at": 1770000900.0,
                                },
                                {
                                    "id": "msg_1",
                                    "is_inbound": True,
                                    "body": "<p>Any news?</p>",
                                    "created_at": 1770000000.0,
                                },
                            ]
                        }
                    },
                }
            }
        },
    ),
    (
        "hubspot",
        "3001",
        {
            "id": "3001",
            "status": "OPEN",
            "messages": [
                {"type": "MESSAGE", "senders": [{"actorId": "V-1"}], "text": "Any news?", "direction": "INCOMING"},
                {"type": "MESSAGE", "senders": [{"actorId": "A-1"}], "text": "Soon.", "direction": "OUTGOING"},
            ],
        },
    ),
    (
        "salesforce",
        "500A",
        {
            "records": [
                {
                    "attributes": {"type": "CaseComment"},
                    "ParentId": "500A",
                    "CommentBody": "Any news?",
                    "CreatedBy": {"Name": "Ida", "UserType": "CspLitePortal"},
                    "CreatedById": "1",
                    "IsPublished": True,
                },
                {
                    "attributes": {"type": "CaseComment"},
                    "ParentId": "500A",
                    "CommentBody": "Soon.",
                    "CreatedBy": {"Name": "Jon", "UserType": "Standard"},
                    "CreatedById": "2",
                    "IsPublished": True,
                },
            ]
        },
    ),
    (
        "salesforce",
        "00012",
        "Case Number,Case Comments,Created By: User Type,Public\n00012,Any news?,Guest,1\n00012,Soon.,Standard,1\n",
    ),
]


@pytest.mark.parametrize(("platform", "case", "content"), OTHER_SHAPES)
def test_other_documented_shapes_are_recognised_too(
    platform: str, case: str, content: object, saved: Callable[..., str]
) -> None:
    book = TraceBook()
    records = list(read([saved(content)], ReadOptions(trace=book)))

    assert [name for name, _ in book.files] == [platform]
    assert [(record.id, said(record)) for record in records] == [(case, TALK)]


# -- roles -----------------------------------------------------------------------------------


def comment(author: object, text: str, **more: object) -> dict[str, object]:
    return {"author_id": author, "body": text, "public": True, **more}


def test_user_says_who_somebody_is_by_id_address_or_domain(saved: Callable[..., str]) -> None:
    users = [
        {"id": 3, "name": "Uma", "email": "uma@shop.example"},
        {"id": 4, "name": "Vic", "email": "vic@example.org"},
    ]
    path = saved({"comments": [comment(3, "Yes."), comment(4, "No.")], "users": users})

    [unknown] = read([path])
    assert isinstance(unknown, BadRecord)
    assert "cannot tell who is agent and who is customer among 'Uma', 'Vic'" in unknown.message
    assert '--role "NAME=agent"' in unknown.message
    for name in ("3", "uma@shop.example", "@shop.example", "UMA"):
        [known] = read([path], ReadOptions(roles={name: Role.AGENT, "vic": Role.CUSTOMER}))
        assert said(known) == [(AGENT, "Yes."), (CUSTOMER, "No.")]


def test_roles_told_from_words_are_told_to_the_user(saved: Callable[..., str]) -> None:
    told: list[str] = []
    words = [
        "Where is my parcel? I never got it.",
        "Sorry for the delay, let me check. Could I have your order number?",
    ]
    [known] = read([saved([comment(1, words[0]), comment(2, words[1])])], notify=told.append)

    assert [role for role, _ in said(known)] == [CUSTOMER, AGENT]
    assert any("from how they talk" in line and "--role" in line for line in told)


def test_of_many_guesses_only_the_first_are_told_one_by_one(saved: Callable[..., str]) -> None:
    told: list[str] = []
    notes = [comment(7, "Check.", public=False, ticket_id=number) for number in range(9)]
    replies = [comment(8, "Is it here?", ticket_id=number) for number in range(9)]
    list(read([saved([*notes, *replies])], notify=told.append))

    assert len(told) == 4
    assert told[-1].endswith("roles of 6 more conversations were told from how they talk")


def test_agents_of_other_tickets_are_agents_here(saved: Callable[..., str]) -> None:
    """Who writes an internal comment anywhere in the export works there."""
    one = [comment(7, "Check the stock.", public=False, ticket_id=1)]
    other = [comment(8, "Is it here?", ticket_id=2), comment(7, "It is.", ticket_id=2)]

    assert said(list(read([saved([*one, *other])]))[1]) == [(CUSTOMER, "Is it here?"), (AGENT, "It is.")]


def test_message_without_author_is_an_error_of_its_case_only(saved: Callable[..., str]) -> None:
    tickets = [
        {"id": 1, "requester_id": 5, "submitter_id": 5, "comments": [comment(None, "Hello?")]},
        {"id": 2, "requester_id": 5, "submitter_id": 5, "comments": [comment(5, "Hello!")]},
    ]
    bad, good = read([saved({"tickets": tickets})])

    assert isinstance(bad, BadRecord)
    assert (bad.id, "has no author" in bad.message) == ("1", True)
    assert said(good) == [(CUSTOMER, "Hello!")]


@pytest.mark.parametrize("wrapped", [False, True])
def test_native_record_with_a_ticket_in_its_metadata_stays_native(saved: Callable[..., str], *, wrapped: bool) -> None:
    record = {"metadata": {"ticket": good_ticket(1)}, "utterances": [{"role": "agent", "text": "Hi"}]}
    [read_back] = read([saved([record] if wrapped else record)])

    assert said(read_back) == [(AGENT, "Hi")]
    assert read_back.id != "1"


# -- bad input -------------------------------------------------------------------------------


def good_ticket(number: int) -> dict[str, object]:
    comments = [comment(5, f"Hello {number}", id=number)]
    return {"id": number, "subject": "x", "requester_id": 5, "submitter_id": 5, "comments": comments}


@pytest.mark.parametrize(
    ("comments", "says"),
    [
        (["none"], "comments[0]: expected an object, found 'none'"),
        ([[1]], "comments[0]: expected an object"),
        ([{"author_id": 5, "public": True, "body": 7}], "body: expected text, found 7"),
    ],
)
def test_wrong_nesting_is_reported_with_line_and_id_and_the_rest_is_read(
    comments: object, says: str, saved: Callable[..., str]
) -> None:
    bad_ticket = {"id": 77, "subject": "x", "requester_id": 5, "submitter_id": 5, "comments": comments}
    lines = [json.dumps(item) for item in (good_ticket(1), bad_ticket, good_ticket(3))]
    path = saved("\n".join(lines), "export.jsonl")
    records = list(read([path], ReadOptions(format="zendesk")))
    bad = [record for record in records if isinstance(record, BadRecord)]
    good = [record for record in records if isinstance(record, Conversation) and record.utterances]

    assert [record.id for record in good] == ["1", "3"]
    assert says in bad[0].message
    assert bad[0].message.startswith(f"{path}:2: 77: ")
    assert bad[0].id == "77"


def test_broken_line_loses_only_itself(saved: Callable[..., str]) -> None:
    lines = [json.dumps(good_ticket(1)), '{"id": 2, "comments": [', json.dumps(good_ticket(3))]
    one, bad, three = read([saved("\n".join(lines), "export.jsonl")])

    assert isinstance(bad, BadRecord)
    assert bad.source.line == 2
    assert [said(one), said(three)] == [[(CUSTOMER, "Hello 1")], [(CUSTOMER, "Hello 3")]]


def test_broken_item_of_a_list_loses_only_itself(saved: Callable[..., str]) -> None:
    text = json.dumps({"tickets": [good_ticket(1), good_ticket(2), good_ticket(3)]}, indent=1)
    doubled = text.replace('"body": "Hello 2"', '"body": "Hello 2", "body": "again"')
    records = list(read([saved(doubled)]))
    bad = [record for record in records if isinstance(record, BadRecord)]

    assert [record.id for record in records if isinstance(record, Conversation)] == ["1", "3"]
    assert "stands twice" in bad[0].message
    assert bad[0].source.line == text.splitlines().index('   "id": 2,')


def test_cut_file_gives_what_came_before_the_cut(saved: Callable[..., str]) -> None:
    text = json.dumps([good_ticket(number) for number in range(1, 30)], indent=1)
    *good, bad = read([saved(text[:-40])])

    assert [record.id for record in good] == [str(number) for number in range(1, 29)]
    assert isinstance(bad, BadRecord)
    assert "breaks off" in bad.message


@pytest.mark.parametrize("reader", [r.name for r in all_readers() if r.description.family == "Helpdesks"])
def test_nulls_everywhere_never_sink_the_file(reader: str, saved: Callable[..., str]) -> None:
    paths = sorted((FORMATS / reader).glob("*.json"))
    assert paths
    for path in paths:
        hollow = hollowed(json.loads(path.read_text("utf-8")))
        for record in read([saved([hollow, None, 5, [], {}])], ReadOptions(format=reader)):
            assert isinstance(record, Conversation | BadRecord)


def hollowed(value: object) -> object:
    if isinstance(value, dict):
        return {key: hollowed(item) for key, item in value.items()}
    return [hollowed(item) for item in value] if isinstance(value, list) else None


def test_same_ticket_twice_gets_a_second_id(saved: Callable[..., str]) -> None:
    records = list(read([saved({"tickets": [good_ticket(1), good_ticket(1)]})]))

    assert [record.id for record in records] == ["1", "1#2"]


def test_case_of_a_hundred_thousand_messages_is_read_in_seconds(
    saved: Callable[..., str], takes_less_than: Callable[..., bool]
) -> None:
    comments = [comment(5 + number % 2, f"Line {number}", id=number) for number in range(100_000)]
    users = [{"id": 5, "role": "end-user"}, {"id": 6, "role": "agent"}]
    path = saved({"comments": comments, "users": users})
    [record] = read([path])

    assert isinstance(record, Conversation)
    assert len(record.utterances) == 100_000
    assert takes_less_than(20, lambda: list(read([path])))


def test_bare_block_quote_of_a_body_is_quoted(saved: Callable[..., str]) -> None:
    """Helpdesks take the attributes off the tags of mails, so that nothing else tells."""
    body = "<p>Refund is done.</p><blockquote><p>Calm down.</p></blockquote>"
    part = {"part_type": "comment", "body": body, "author": {"type": "admin", "id": "1"}, "created_at": 1770000000}
    source = {"body": "Any news?", "author": {"type": "user", "id": "2"}}
    path = saved(
        {"type": "conversation", "id": "1", "source": source, "conversation_parts": {"conversation_parts": [part]}}
    )
    [record] = read([path])

    assert isinstance(record, Conversation)
    assert record.utterances[-1].text == "Refund is done.\n\n> Calm down."


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + "Deep",
        "<script>alert(1)</script>Deep",
        "&lt;" * 20_000 + "Deep",
        "<!--" * 5_000 + "Deep",
        "<p" * 10_000 + ">Deep",
    ],
)
def test_hostile_html_is_read_in_a_moment(
    body: str, saved: Callable[..., str], takes_less_than: Callable[..., bool]
) -> None:
    part = {"part_type": "comment", "body": body, "author": {"type": "admin", "id": "1"}, "created_at": 1770000000}
    path = saved({"type": "conversation", "id": "9", "source": None, "conversation_parts": [part]})
    [record] = read([path])

    assert isinstance(record, Conversation)
    assert takes_less_than(5, lambda: list(read([path])))
    assert "alert" not in "".join(text for _, text in said(record))
