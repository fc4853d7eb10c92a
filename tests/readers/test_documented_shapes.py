"""Shapes that the platforms document beside the usual export: events, chats, streams, first versions."""

import json
from pathlib import Path

import pytest

from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.trace import TraceBook

FORMATS = Path(__file__).parents[1] / "data" / "formats"
CUSTOMER, AGENT, BOT, SYSTEM = "customer", "agent", "bot", "system"
CALL = [(AGENT, "Thanks for calling, how can I help?"), (CUSTOMER, "My booking is gone, I was charged twice.")]


def only(path: Path, book: TraceBook | None = None) -> Conversation:
    """Return the one conversation of a file."""
    (record,) = read([str(path)], ReadOptions(trace=book or TraceBook()))
    assert isinstance(record, Conversation), record.message
    return record


def said(conversation: Conversation) -> list[tuple[str, str]]:
    """Return role and words of each utterance; what the customer did not see stands in brackets."""
    return [(u.role.value, u.text if u.is_public else f"[{u.text}]") for u in conversation.utterances]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "zendesk/chat_in_comment.json",
            [
                (SYSTEM, "Chat started: 2026-03-02 09:00 AM UTC\n\nServed by: Piet"),
                (CUSTOMER, "the mill does not turn"),
                (SYSTEM, "*** Piet joined the chat ***"),
                (AGENT, "Does it hum?\nOr is it silent?"),
                (BOT, "Rate this chat."),
                (CUSTOMER, "silent"),
                (AGENT, "A new\u00a0belt is in the post."),
            ],
        ),
        (
            "zendesk/chat_in_audits.json",
            [
                (CUSTOMER, "Is the mill shop open?"),
                (BOT, "One moment."),
                (AGENT, "From ten to six."),
                (AGENT, ""),
                (SYSTEM, "Outbound call to +1 555 0144"),
            ],
        ),
        (
            "zendesk/webhooks.jsonl",
            [(CUSTOMER, "The belt tore."), (AGENT, "A new one leaves today."), (AGENT, "[Third one this week.]")],
        ),
        (
            "zendesk/messaging.json",
            [
                (CUSTOMER, "My mill is loud."),
                (BOT, "A person comes soon."),
                (AGENT, "Which mill is it?"),
                (CUSTOMER, ""),
            ],
        ),
        ("zendesk/events_with_requester.json", [(CUSTOMER, "Do you grind rye?"), (AGENT, "Yes, on Fridays.")]),
        (
            "intercom/webhooks.jsonl",
            [
                (CUSTOMER, "Is rye in stock?"),
                (AGENT, "Ten sacks."),
                (SYSTEM, "This message was deleted"),
                (CUSTOMER, "I take two."),
            ],
        ),
        (
            "front/events.json",
            [(CUSTOMER, "Do you sell sacks?"), (AGENT, "[We have linen only.]"), (AGENT, "Linen ones, yes.")],
        ),
        ("hubspot/communications.json", [(CUSTOMER, "The sack has a hole."), (AGENT, "[Told Lena by phone text.]")]),
        (
            "hubspot/tickets_with_associations.json",
            [(CUSTOMER, "The sack is torn."), (AGENT, "[Ask Ruth.]"), (AGENT, "A new sack is yours.")],
        ),
        (
            "salesforce/LiveChatTranscript.csv",
            [(AGENT, "Good day, Osier Mills."), (CUSTOMER, "My sack: it has a hole."), (AGENT, "A new one is yours.")],
        ),
        (
            "salesforce/messaging.json",
            [(CUSTOMER, "When do you open?"), (BOT, "I ask a miller."), (AGENT, "From ten.")],
        ),
        (
            "salesforce/case_with_all.json",
            [(CUSTOMER, "The flour is damp."), (AGENT, "[Third damp batch.]"), (AGENT, "Dry flour is on its way.")],
        ),
        ("genesys/bulk.json", [(CUSTOMER, "Is the mill open?"), (BOT, "I pass you on."), (AGENT, "Until six.")]),
        ("genesys/recordings.json", [(CUSTOMER, "Is rye left?"), (AGENT, "Two sacks.")]),
        (
            "genesys/chat.json",
            [(CUSTOMER, "I was charged twice and my card is empty."), (AGENT, "How can I help? Let me check that.")],
        ),
        ("deepgram/live.jsonl", CALL),
        ("amazon-transcribe/streaming.jsonl", CALL),
        ("contact-lens/call-analytics-live.jsonl", [(AGENT, "Good day, Osier Mills."), (CUSTOMER, "Is rye left?")]),
        ("google-speech/words-in-each.json", CALL),
        ("webvtt/webex.vtt", CALL),
        ("webvtt/zoom.vtt", CALL),
        (
            "slack/history.json",
            [(CUSTOMER, "I was charged twice, my card is empty."), (AGENT, "How can we help? Let me check & see.")],
        ),
        ("convokit/version-1", [(CUSTOMER, "Is rye left?"), (AGENT, "Two sacks.")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_roles_words_order_and_visibility(file: str, expected: list[tuple[str, str]]) -> None:
    assert said(only(FORMATS / file)) == expected


@pytest.mark.parametrize(
    ("file", "ids"),
    [
        ("zendesk/chat_in_comment.json", [None, "61", None, "70", None, "61", "70"]),
        ("intercom/webhooks.jsonl", ["u61", "70", "70", "u61"]),
        ("genesys/bulk.json", [None, None, "u70"]),
    ],
)
def test_authors_are_the_accounts_where_they_are_known(file: str, ids: list[str | None]) -> None:
    assert [u.author_id for u in only(FORMATS / file).utterances] == ids


def test_lines_of_a_live_chat_tell_their_time_from_its_start() -> None:
    conversation = only(FORMATS / "salesforce" / "LiveChatTranscript.csv")

    assert (conversation.id, [u.timestamp for u in conversation.utterances]) == (
        "570A",
        ["2026-03-02T09:00:04+00:00", "2026-03-02T09:01:02+00:00", "2026-03-02T09:02:00+00:00"],
    )


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("zendesk/chat_in_audits.json", "transcript in a comment: the chat itself stands in the audits"),
        ("hubspot/communications.json", "meeting or task: nothing that was said to the customer"),
        ("salesforce/messaging.json", "entry without words: RoutingResult"),
        ("deepgram/live.jsonl", "result that is not final"),
        ("amazon-transcribe/streaming.jsonl", "partial result: a later one repeats it"),
        ("contact-lens/call-analytics-live.jsonl", "segment that is no finished transcript: Utterance"),
    ],
)
def test_what_is_left_out_is_told(file: str, what: str) -> None:
    book = TraceBook()
    only(FORMATS / file, book)

    assert book.omissions[what] == 1


# -- near misses ------------------------------------------------------------------------------


def zendesk_comment(tmp_path: Path, body: str) -> Conversation:
    users = [{"id": 1, "name": "Lena", "email": "l@mail.example", "role": "end-user"}]
    users.append({"id": 2, "name": "Piet", "email": "p@shop.example", "role": "agent"})
    comments = [
        {"id": 1, "author_id": 1, "body": "Hello?", "public": True, "created_at": "2026-03-02T09:00:00Z"},
        {"id": 2, "author_id": 2, "body": body, "public": True, "created_at": "2026-03-02T09:01:00Z"},
    ]
    path = tmp_path / "comments.json"
    path.write_text(json.dumps({"comments": comments, "users": users}), encoding="utf-8")
    return only(path)


@pytest.mark.parametrize(
    "body",
    [
        "We open at\n(10:00) Piet: and close at six.",  # a line of its own words before it
        "(10:00) Doors: open",  # one line is no chat
        "Opening hours:\n10:00 Monday: mill\n11:00 Tuesday: shop",  # no brackets
    ],
)
def test_comment_with_clock_times_in_it_stays_one_comment(body: str, tmp_path: Path) -> None:
    assert said(zendesk_comment(tmp_path, body))[1] == (AGENT, body)


def test_texts_of_deleted_zendesk_tickets_are_no_messages(tmp_path: Path) -> None:
    """Zendesk scrubs them, and "SCRUBBED" is nothing that a customer said."""
    ticket = {"id": 5, "requester_id": 1, "submitter_id": 1, "via": {}, "description": "SCRUBBED", "status": "deleted"}
    path = tmp_path / "tickets.json"
    path.write_text(json.dumps({"tickets": [ticket]}), encoding="utf-8")

    assert only(path).utterances == ()


@pytest.mark.parametrize("body", ["", None])
def test_live_chat_without_a_transcript_has_no_words(body: str | None, tmp_path: Path) -> None:
    """Found by the fuzz: a chat that nobody answered has none."""
    record = {"attributes": {"type": "LiveChatTranscript"}, "Id": "570B", "Body": body}
    path = tmp_path / "chats.json"
    path.write_text(json.dumps({"records": [record]}), encoding="utf-8")

    assert only(path).utterances == ()


def test_live_chat_of_an_unknown_shape_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    records = [
        {"attributes": {"type": "LiveChatTranscript"}, "Id": "570B", "Body": "Piet said: Good day"},
        {"attributes": {"type": "LiveChatTranscript"}, "Id": "570C", "Body": "Agent Piet<br>( 5s ) Piet: Good day"},
    ]
    path = tmp_path / "chats.json"
    path.write_text(json.dumps({"records": records}), encoding="utf-8")
    bad, good = read([str(path)])

    assert isinstance(bad, BadRecord)
    assert "570B: Body: no line of a chat" in bad.message
    assert isinstance(good, Conversation)
    assert said(good) == [(AGENT, "Good day")]


def test_case_description_that_its_first_mail_repeats_is_told_once(tmp_path: Path) -> None:
    mail = {"attributes": {"type": "EmailMessage"}, "TextBody": "The flour is damp.\n\nLena", "Incoming": True}
    case = {"attributes": {"type": "Case"}, "Id": "500C", "Description": "The flour is damp."}
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"records": [{**case, "EmailMessages": {"records": [mail]}}]}), encoding="utf-8")

    assert said(only(path)) == [(CUSTOMER, "The flour is damp.\n\nLena")]


def test_description_of_a_telephone_case_is_a_note_of_the_agent(tmp_path: Path) -> None:
    comment = {"attributes": {"type": "CaseComment"}, "CommentBody": "Sent.", "CreatedBy": {"UserType": "Standard"}}
    case = {"attributes": {"type": "Case"}, "Id": "500D", "Origin": "Phone", "Description": "Caller wants rye."}
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"records": [{**case, "CaseComments": {"records": [comment]}}]}), encoding="utf-8")

    assert said(only(path)) == [(AGENT, "[Caller wants rye.]"), (AGENT, "Sent.")]


def test_gorgias_messages_of_a_rule_are_a_bots(tmp_path: Path) -> None:
    base = {"channel": "email", "public": True, "sender": {"id": 4, "name": "Piet"}}
    messages = [
        {**base, "id": 1, "from_agent": False, "body_text": "Is rye left?", "via": "email"},
        {**base, "id": 2, "from_agent": True, "body_text": "We got your mail.", "via": "rule"},
    ]
    path = tmp_path / "ticket.json"
    path.write_text(json.dumps({"id": 1, "messages": messages}), encoding="utf-8")

    assert said(only(path)) == [(CUSTOMER, "Is rye left?"), (BOT, "We got your mail.")]


def test_lines_with_dashes_in_one_cue_are_not_all_the_last_speakers(tmp_path: Path) -> None:
    """Two people speak in such a cue, and nothing says which: a guess would put words into somebody's mouth."""
    path = tmp_path / "call.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\n[Agent] How can I help?\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\n[Customer] The mill is loud.\n\n"
        "3\n00:00:07,000 --> 00:00:08,000\n- Let me check.\n- Thanks.\n",
        encoding="utf-8",
    )
    (record,) = read([str(path)])

    assert isinstance(record, BadRecord)
    assert "among 'unknown'; say it of each" in record.message


def test_dashes_before_names_change_nobody(tmp_path: Path) -> None:
    path = tmp_path / "call.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nAgent: How can I help?\n\n"
        "2\n00:00:04,000 --> 00:00:06,000\n- Customer: The mill is loud.\n- Agent: Let me check.\n",
        encoding="utf-8",
    )

    assert said(only(path)) == [
        (AGENT, "How can I help?"),
        (CUSTOMER, "The mill is loud."),
        (AGENT, "Let me check."),
    ]


def test_menu_of_a_connect_chat_is_no_sentence_of_the_agent(tmp_path: Path) -> None:
    turn = {"ParticipantId": "a", "ParticipantRole": "AGENT", "Type": "MESSAGE", "AbsoluteTime": "2026-03-02T09:00:01Z"}
    asks = {**turn, "ParticipantId": "c", "ParticipantRole": "CUSTOMER", "Content": "Is rye left?"}
    menu = {
        **turn,
        "ContentType": "application/vnd.amazonaws.connect.message.interactive",
        "Content": '{"templateType":"ListPicker"}',
    }
    path = tmp_path / "chat.json"
    path.write_text(json.dumps({"ContactId": "c-9", "Participants": [], "Transcript": [asks, menu]}), encoding="utf-8")
    book = TraceBook()

    assert said(only(path, book)) == [(CUSTOMER, "Is rye left?")]
    assert book.omissions == {"chat item without text: application/vnd.amazonaws.connect.message.interactive": 1}


def test_vcon_transcript_of_a_dialog_that_is_not_there_is_told(tmp_path: Path) -> None:
    vcon = {
        "vcon": "0.0.2",
        "uuid": "u",
        "parties": [{"name": "Lena", "role": "customer"}],
        "dialog": [{"type": "text", "parties": [0], "body": "Hi", "encoding": "none"}],
        "analysis": [{"type": "transcript", "dialog": 5, "body": [{"speaker": "Agent", "message": "lost"}]}],
    }
    path = tmp_path / "a.vcon.json"
    path.write_text(json.dumps(vcon), encoding="utf-8")
    book = TraceBook()

    assert said(only(path, book)) == [(CUSTOMER, "Hi")]
    assert book.omissions["transcript of a dialog that is not there"] == 1


def test_json_of_an_unknown_tool_is_refused_with_the_way_on(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"chats": [{"text": "Hi"}]}), encoding="utf-8")
    (record,) = read([str(path)])

    assert isinstance(record, BadRecord)
    assert "convscan formats list" in record.message
