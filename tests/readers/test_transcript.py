"""Plain-text transcripts: who speaks, what exactly was said, and no silent guess."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Visibility
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record
from convscan.readers.formats.transcript import READER


def read_all(text: str | bytes, **roles: Role) -> tuple[list[Record], list[str]]:
    notices: list[str] = []
    content = text if isinstance(text, bytes) else text.encode()
    options = ReadOptions(format="transcript", roles=roles)
    return list(read(["-"], options, notify=notices.append, stdin=io.BytesIO(content))), notices


def conversation(text: str | bytes, **roles: Role) -> Conversation:
    (record,), _ = read_all(text, **roles)
    assert isinstance(record, Conversation), record
    return record


def said(text: str | bytes, **roles: Role) -> list[tuple[str, str]]:
    return [(item.role.value, item.text) for item in conversation(text, **roles).utterances]


def problem(text: str | bytes, **roles: Role) -> str:
    (record,), _ = read_all(text, **roles)
    assert isinstance(record, BadRecord), record
    return record.message


# -- labels ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "role", "author"),
    [
        ("Agent", Role.AGENT, None),
        ("AGENT", Role.AGENT, None),
        ("Customer Service", Role.AGENT, None),
        ("Customer-Support", Role.AGENT, None),
        ("Customer", Role.CUSTOMER, None),
        ("Agent Jo", Role.AGENT, "Jo"),
        ("Agent Jo O'Neil", Role.AGENT, "Jo O'Neil"),
        ("Visitor 4821", Role.CUSTOMER, "Visitor 4821"),
        ("Jo (Support)", Role.AGENT, "Jo"),
        ("Jo [Acme Support Team]", Role.AGENT, "Jo"),
        ("Jo - Senior Advisor", Role.AGENT, "Jo"),
        ("Jo from Support", Role.AGENT, "Jo"),
        ("Guest (Agent)", Role.AGENT, None),
        ("Virtual Agent", Role.BOT, None),
        ("Agt", Role.AGENT, None),
        ("Sales Rep", Role.AGENT, None),
        ("Support Team", Role.AGENT, None),
        ("Supervisor Jo", Role.AGENT, "Jo"),
        ("Jo (Team Lead)", Role.AGENT, "Jo"),
        ("Cust", Role.CUSTOMER, None),
        ("Pip (bot)", Role.BOT, "Pip"),
        ("**Caller**", Role.CUSTOMER, None),
        ("System", Role.SYSTEM, None),
    ],
)
def test_label_tells_role_and_name(label: str, role: Role, author: str | None) -> None:
    first, *_ = conversation(f"{label}: Hello there.\nCustomer: Hi.\nAgent: Yes?\n").utterances

    assert (first.role, first.author, first.text) == (role, author, "Hello there.")


@pytest.mark.parametrize(
    ("prefix", "timestamp", "time"),
    [
        ("[10:02] Ana (customer):", None, "10:02"),
        ("10:02 Ana (customer):", None, "10:02"),
        ("(10:02:11 AM) Ana (customer):", None, "10:02:11 AM"),
        ("2026-03-02 10:14 - Ana (customer):", "2026-03-02 10:14", None),
        ("[2026-03-02T10:14:00Z] Ana (customer):", "2026-03-02T10:14:00Z", None),
        ("02/03/2026, 10:14 - Ana (customer):", None, "02/03/2026, 10:14"),
        ("[02.03.26, 10:14:05] Ana (customer):", None, "02.03.26, 10:14:05"),
        ("( 1m 3s ) Ana (customer):", None, "1m 3s"),
        ("Ana (customer) [10:02]:", None, "10:02"),
        ("Ana (customer) (10:02 pm):", None, "10:02 pm"),
    ],
)
def test_time_is_kept_as_written(prefix: str, timestamp: str | None, time: str | None) -> None:
    (utterance,) = conversation(f"{prefix} My kettle leaks.\n").utterances

    assert (utterance.author, utterance.text) == ("Ana", "My kettle leaks.")
    assert (utterance.timestamp, utterance.metadata.get("time")) == (timestamp, time)


@pytest.mark.parametrize(
    "line",
    [
        "http://shop.example/help: look here",
        "https://shop.example",
        "Note: the red one",
        "PS: I am in until noon",
        "P.S.: I am in until noon",
        "Order number: 123",
        "Customer number: 123",
        "Agent name: unknown",
        "Phone: 555 0199",
        "User: ana",
        "Support: the bolt under the seat",
        "Supervisor: Jo Orr",
        "Supervisor: Jo Orr, second floor",
        "Account holder: Ana Lopez",
        "Manager Approval: pending",
        "Specialist Visit: Tuesday",
        "Two things: the lid and the lamp",
        "10:30 would be best: I work late",
        "> Agent: an old message",
        "Re: your message",
        ": odd",
        "3:1",
    ],
)
def test_line_inside_a_message_starts_no_utterance(line: str) -> None:
    assert said(f"Customer: Hello.\n{line}\nAgent: Hi.\n") == [("customer", f"Hello.\n{line}"), ("agent", "Hi.")]


def test_stamped_transcript_takes_lines_without_time_as_text() -> None:
    text = "[9:00] Customer: Two names:\nAgent: is one of them\n[9:01] Support: I see.\n"

    assert said(text) == [("customer", "Two names:\nAgent: is one of them"), ("agent", "I see.")]


def test_line_without_time_is_an_utterance_if_its_label_has_one_elsewhere() -> None:
    text = "[9:00] Customer: Hi.\n[9:01] Agent: Hello.\nCustomer: One more thing.\n"

    assert said(text)[-1] == ("customer", "One more thing.")


def test_event_between_messages_is_of_the_system() -> None:
    text = "[9:00] Customer: Hi.\n[9:01] Jo has joined the chat\n[9:02] Agent: Hello.\n[9:03] Ticket number: 5\n"

    assert said(text)[1::2] == [("system", "Jo has joined the chat"), ("system", "Ticket number: 5")]


def test_time_inside_a_message_is_no_event() -> None:
    assert len(said("9:00 Customer: Come at\n10:30 or later\n9:01 Agent: Fine.\n")) == 2


def test_private_note_is_internal() -> None:
    text = "Customer: Hi.\nInternal note: check the account\nJo (private note): did so\nAgent: Hello.\n"

    assert [item.visibility for item in conversation(text).utterances] == [
        Visibility.PUBLIC,
        Visibility.INTERNAL,
        Visibility.INTERNAL,
        Visibility.PUBLIC,
    ]


def test_name_that_is_taken_as_words_is_told() -> None:
    _, notices = read_all("Customer: Hi.\nAgent: Hello.\nMia: I take over.\n")

    [notice] = notices
    assert notice.startswith("-:3: took 'Mia' before a colon as words of the message; if that is a speaker, say: ")
    assert notice.endswith('--role "Mia=ROLE" (agent, customer, bot or system)')


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("Supervisor: I take over from here.", "agent"),
        ("Team Lead: hello, let me see", "agent"),
        ("Manager: The refund went out on Monday.", "agent"),
        ("Passenger: Nobody told me so!", "customer"),
        ("Cust: thanks", "customer"),
    ],
)
def test_title_before_talk_is_a_speaker_even_if_it_occurs_once(line: str, role: str) -> None:
    text = f"Customer: I was charged twice.\nRep: Sorry, let me check.\n{line}\nRep: Fine.\n"

    assert said(text)[2] == (role, line.partition(": ")[2])


@pytest.mark.parametrize("line", ["Supervisor: Jo Orr", "Support: the bolt", "User: ana"])
def test_role_that_is_taken_as_words_is_told(line: str) -> None:
    label = line.partition(":")[0]
    _, notices = read_all(f"Customer: Hi.\nAgent: Hello.\n{line}\n")

    assert said(f"Customer: Hi.\nAgent: Hello.\n{line}\n", **{label: Role.BOT})[-1][0] == "bot"
    assert f"took '{label}' before a colon as words of the message" in notices[0]


@pytest.mark.parametrize(
    "event",
    [
        "System: Jo has joined the chat",
        "System: Agent Jo is now here.",
        "Bot: I'm connecting you with Jo.",
        "System: The chat was transferred from billing to Jo",
    ],
)
def test_name_that_the_system_announces_is_a_speaker_even_if_it_occurs_once(event: str) -> None:
    assert said(f"Customer: Hi.\n{event}\nJo: How can I help?\nCustomer: It leaks.\n")[2:] == [
        ("agent", "How can I help?"),
        ("customer", "It leaks."),
    ]


def test_announced_speaker_whose_role_nothing_tells_is_no_guess() -> None:
    text = "Customer: Hi.\nAgent: Hello.\nSystem: Jo has joined\nJo: I see it.\nCustomer: Good.\n"

    assert "among 'Jo'" in problem(text)


def test_choice_that_a_bot_offers_is_no_speaker() -> None:
    text = "Bot: Is it Billing or Delivery?\nCustomer: Two things.\nBilling: too much\nAgent: I see.\n"

    assert said(text)[1] == ("customer", "Two things.\nBilling: too much")


def test_named_speaker_is_one_even_if_it_occurs_once() -> None:
    assert said("Customer: Hi.\nAgent: Hello.\nMia: I take over.\n", Mia=Role.AGENT)[-1] == ("agent", "I take over.")


# -- text ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_below_belong_to_the_message_as_they_stand(end: str) -> None:
    text = end.join(["Customer: First. ", "", "  Second.", "", "Agent:  Third.", ""])

    assert said(text) == [("customer", f"First. {end}{end}  Second."), ("agent", "Third.")]


@pytest.mark.parametrize("separator", ["\u2028", "\x0b", "\x0c", "\x85"])
def test_other_separators_do_not_end_a_line(separator: str) -> None:
    assert said(f"Agent: one{separator}Customer: two\n") == [("agent", f"one{separator}Customer: two")]


def test_words_may_begin_below_the_label() -> None:
    assert said("Agent:\n\nGood morning.\n\nCustomer:\nMorning.\n") == [
        ("agent", "Good morning."),
        ("customer", "Morning."),
    ]


def test_empty_message_is_kept() -> None:
    assert said("Customer:\nAgent: Are you there?\n")[0] == ("customer", "")


WORDS = st.text(st.characters(exclude_characters="\r\n:", exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(st.sampled_from(["Agent", "Customer"]), st.lists(WORDS, min_size=1, max_size=3)), min_size=1))
def test_no_word_is_lost_or_changed(messages: list[tuple[str, list[str]]]) -> None:
    """Every text is a piece of the file, and all pieces together are all of it."""
    content = "".join(f"{label}: x" + "\n".join(lines) + "\n" for label, lines in messages)
    records, _ = read_all(content)

    utterances = [item for record in records if isinstance(record, Conversation) for item in record.utterances]

    assert all(item.text in content for item in utterances)
    kept = "".join("".join(item.text.split()) for item in utterances)
    if len(records) == 1:
        assert kept == "".join("".join(f"x{''.join(lines)}".split()) for _, lines in messages)


@given(st.text(max_size=200))
def test_no_text_raises_an_error(text: str) -> None:
    records, _ = read_all(text.encode("utf-8", "surrogatepass"))

    assert records


# -- several conversations, headers ----------------------------------------------------------


@pytest.mark.parametrize("separator", ["---", "=====", "\n----------\n", "# c-2", "Conversation: c-2", "---\n# c-2"])
def test_separator_begins_a_conversation(separator: str) -> None:
    records, _ = read_all(f"Customer: Hi.\nAgent: Hello.\n{separator}\nCustomer: Bye.\nAgent: Bye!\n")

    first, second = records
    assert isinstance(first, Conversation)
    assert isinstance(second, Conversation)
    assert [item.text for item in first.utterances] == ["Hi.", "Hello."]
    assert [item.text for item in second.utterances] == ["Bye.", "Bye!"]
    assert (second.id == "c-2") == ("c-2" in separator)


@pytest.mark.parametrize(
    ("first", "second", "found_id"),
    [
        ("=== Chat 1 ===", "=== Chat 2 ===", "2"),
        ("## Chat 1", "## Chat 2", "2"),
        ("### Call #1 of 2", "### Call #2 of 2", "2"),
        ("--- Conversation 1 ---", "--- Conversation 2 ---", "2"),
        ("**Ticket A-16**", "**Ticket A-17**", "A-17"),
        ("## Support chat 1: the mill", "## Support chat 2: the kettle", "2"),
        ("[Transcript no. 1]", "[Transcript no. 2]", "2"),
        ("*** Case A ***", "*** Case B ***", "B"),
        ("Conversation 1", "\nConversation 2", "2"),
        ("Chat #7:", "\nChat #9:", "9"),
        ("Call 1\n======", "\nCall 2\n======", "2"),
        ("CONVERSATION 9", "CONVERSATION 10", "10"),
        ("## Chat 1\n*in March*", "---\n## Chat 2\n*in April*", "2"),
    ],
)
def test_heading_with_a_number_begins_a_conversation(first: str, second: str, found_id: str) -> None:
    records, notices = read_all(f"{first}\nCustomer: Hi.\nAgent: Hello.\n{second}\n\nCustomer: Bye.\nAgent: Bye!\n")

    one, two = records
    assert isinstance(one, Conversation)
    assert isinstance(two, Conversation)
    assert [item.text for item in one.utterances] == ["Hi.", "Hello."]
    assert [item.text for item in two.utterances] == ["Bye.", "Bye!"]
    assert two.id == found_id
    assert notices == []


def test_words_of_a_heading_are_kept() -> None:
    found = conversation("## Chat 2: the kettle\nCustomer: Hi.\nAgent: Yes?\n")

    assert (found.id, found.metadata) == ("2", {"preamble": "## Chat 2: the kettle"})


@pytest.mark.parametrize(
    "lines",
    [
        "## Chat 2\nis the shorter one.",  # no speaker follows, and nothing counts on
        "## Steps",
        "## Call us on 555 0199",
        "--- Chat 2 ended ---",
        "=== Call ended at 10:05 ===",
        "The old one was\n\nConversation 2",  # no such line heads the file
        "Chat 2 please",
        "I hung up on call 2",
    ],
)
def test_heading_inside_a_message_is_text(lines: str) -> None:
    assert said(f"Customer: Look.\n{lines}\nAgent: Hello.\n") == [
        ("customer", f"Look.\n{lines}"),
        ("agent", "Hello."),
    ]


@pytest.mark.parametrize("line", ["Ticket 4419", "\nTicket 4411", "\nTicket ID: 4412"])
def test_line_that_may_head_a_conversation_is_told_if_it_is_taken_as_words(line: str) -> None:
    """Not below a blank line; a number that stands above already; a field."""
    (record,), notices = read_all(f"Ticket 4411\n\nCustomer: This one:\n{line}\nAgent: I see.\n")

    assert isinstance(record, Conversation)
    assert record.id == "4411"
    assert record.utterances[0].text == f"This one:\n{line}"
    (notice,) = notices
    assert f"took {line.strip()!r} as words of the message; if a conversation begins there, put a line of ---" in notice


def test_line_drawn_inside_a_message_is_text() -> None:
    assert said("Customer: Hi.\n---\nsent from a phone\nAgent: Hello.\n")[0] == (
        "customer",
        "Hi.\n---\nsent from a phone",
    )


def test_line_at_the_end_is_no_text() -> None:
    assert said("Customer: Hi.\nAgent: Hello.\n---\n")[-1] == ("agent", "Hello.")


def test_other_customers_after_a_separator_are_speakers() -> None:
    records, _ = read_all(
        "Ana: Where is my parcel? I ordered it in May.\nJo: How can I help? Let me check.\n---\n"
        "Ben: I was charged twice for my order.\nJo: Sorry to hear that. Let me look.\n"
    )

    assert [[item.author for item in record.utterances] for record in records if isinstance(record, Conversation)] == [
        ["Ana", "Jo"],
        ["Ben", "Jo"],
    ]


@pytest.mark.parametrize("closing", ["\n", "", "---\n"])
def test_header_is_read(closing: str) -> None:
    found = conversation(
        f"Id: c-7\nChannel: Email\nLanguage: en-GB\nSubject: Kettle\n{closing}Customer: Hi.\nAgent: Yes?\n"
    )

    assert (found.id, found.channel, found.language) == ("c-7", Channel.EMAIL, "en")
    assert found.metadata == {"subject": "Kettle"}
    assert len(found.utterances) == 2


def test_other_fields_and_lines_above_are_kept_as_metadata() -> None:
    found = conversation("Transcript of a call\nId: c-7\nQueue: north\n\nCustomer: Hi.\nAgent: Yes?\n")

    assert found.metadata["preamble"] == "Transcript of a call"
    assert found.metadata["queue"] == "north"


def test_unknown_channel_is_kept_as_metadata() -> None:
    found = conversation("Channel: pigeon\n\nCustomer: Hi.\nAgent: Yes?\n")

    assert (found.channel, found.metadata) == (None, {"channel": "pigeon"})


def test_field_named_like_a_role_is_no_speaker() -> None:
    found = conversation("Id: 5\nTeam: billing\n\nCustomer: Hi.\nAgent: Yes?\n")

    assert [item.text for item in found.utterances] == ["Hi.", "Yes?"]


def test_talk_right_below_a_header_field_is_talk() -> None:
    assert len(said("Channel: chat\nAgent: hi\nCustomer: hello\n\nBot: rate us\n")) == 3


def test_header_that_names_the_people_gives_their_roles() -> None:
    assert said("Id: 5\nCustomer: Ana Lopez\nAgent: Jo\n\nAna Lopez: Hi.\nJo: Yes?\n") == [
        ("customer", "Hi."),
        ("agent", "Yes?"),
    ]


# -- roles -----------------------------------------------------------------------------------

CLEAR = "Ana: Where is my parcel? I ordered it in May.\nJo: Sorry to hear that. Let me check, how can I help?\n"
VAGUE = "Ana: Good morning.\nJo: Good morning to you.\n"


def test_guess_is_told_with_the_option_that_sets_it_right() -> None:
    _, notices = read_all(CLEAR)

    assert said(CLEAR)[0][0] == "customer"
    (notice,) = notices
    assert notice.startswith("-:1: took 'Ana' to be the customer and 'Jo' to be the agent, from how they talk;")
    assert notice.endswith('if that is wrong, say: --role "Ana=agent" --role "Jo=customer"')


def test_weak_evidence_is_no_guess() -> None:
    message = problem(VAGUE)

    assert message.startswith("-:1: cannot tell who is agent and who is customer among 'Ana', 'Jo'")
    assert 'say it of each: --role "NAME=agent" or --role "NAME=customer"' in message


def test_three_unnamed_speakers_are_no_guess() -> None:
    assert "among 'Ana', 'Jo', 'Max'" in problem(CLEAR * 2 + "Max: Hi.\nMax: Ho.\n")


def test_user_names_the_speakers_in_any_case() -> None:
    assert [role for role, _ in said(VAGUE, ANA=Role.AGENT, jo=Role.CUSTOMER)] == ["agent", "customer"]


def test_user_goes_before_the_label() -> None:
    assert said("Agent: Hi.\nCustomer: Hi.\n", agent=Role.BOT)[0] == ("bot", "Hi.")


def test_user_may_name_the_person_of_a_longer_label() -> None:
    assert said("Jo (Support): Hi.\nCustomer: Hi.\n", jo=Role.BOT)[0] == ("bot", "Hi.")


def test_known_side_leaves_the_other() -> None:
    records, notices = read_all("Ana: Good morning.\nAgent: Good morning.\nAna: It rains.\n")

    assert isinstance(records[0], Conversation)
    assert records[0].utterances[0].role is Role.CUSTOMER
    assert "'Ana' to be the customer" in notices[0]


def test_field_beside_a_known_side_is_no_speaker_by_guess() -> None:
    assert "among 'Colour'" in problem("Customer: I want a chair.\nColour: blue\n")


def test_unknown_beside_a_known_side_who_talks_like_it_is_no_guess() -> None:
    text = "Agent: Hi.\nJo: How can I help? Let me check.\nAgent: Hi.\nJo: What can I do for you?\n"

    assert "among 'Jo'" in problem(text)


def test_bad_record_keeps_the_id_of_its_header() -> None:
    (record,), _ = read_all(f"Id: c-7\n\n{VAGUE}")

    assert isinstance(record, BadRecord)
    assert record.id == "c-7"


def test_speakers_of_one_bad_conversation_do_not_spoil_the_next() -> None:
    records, _ = read_all(f"{VAGUE}---\nCustomer: Hi.\nAgent: Yes?\n")

    assert [type(record) for record in records] == [BadRecord, Conversation]


def test_text_without_speakers_points_to_lint() -> None:
    message = problem("Dear {{name}},\n\nReturns: 30 days.\n")

    # What most people need stands first.
    assert message.startswith("-: has no speakers: put 'Agent:' or 'Customer:' before the first line of each message.")
    assert message.endswith("If it is a reply template, read it with --channel template")


# -- encodings -------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_needs_no_notice(codec: str) -> None:
    text = "Customer: Café “Größe” 😀\nAgent: Yes?\n"
    _, notices = read_all(text.encode(codec))

    assert said(text.encode(codec))[0][1] == "Café “Größe” 😀"
    assert notices == []


def test_windows_1252_is_read_and_told() -> None:
    content = "Customer: I can\u2019t find “Größe”\nAgent: Yes?\n".encode("cp1252")
    _, notices = read_all(content)

    assert said(content)[0][1] == "I can\u2019t find “Größe”"
    assert notices == ["-: not UTF-8 at line 1; read as Windows-1252; save it as UTF-8 to be sure"]


def test_latin_1_is_the_last_resort() -> None:
    content = b"Customer: \x81 caf\xe9\nAgent: Yes?\n"
    _, notices = read_all(content)

    assert said(content)[0][1] == "\x81 café"
    assert "read as Latin-1" in notices[0]


def test_one_damaged_character_does_not_spoil_the_others() -> None:
    content = "Customer: Größe, Café, naïve\nAgent: Señor 😀".encode()[:-1]
    _, notices = read_all(content)

    assert said(content) == [("customer", "Größe, Café, naïve"), ("agent", "Señor \ufffd")]
    assert "damaged UTF-8 at line 2" in notices[0]


def test_nul_characters_are_no_text() -> None:
    assert "is no text" in problem(b"Agent: a\0b\n")


# -- the reader among readers ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (b"Agent: Hi.\n", True),
        (b"Ana: Hi.\nJo: Hello.\n", True),
        (b"[10:02] Ana: Hi.\n[10:03] Jo: Hello.\n", True),
        (b"From: ana@shop.example\nTo: help@shop.example\nSubject: Kettle\n\nDear team,\n", False),
        (b"Dear {{name}},\n\nthank you.\n", False),
        (b"", False),
        (b"Agent: \0", False),
    ],
)
def test_transcripts_are_recognised(head: bytes, is_one: bool) -> None:  # noqa: FBT001 - parametrised
    assert READER.recognises(head) is is_one


def test_transcript_without_suffix_is_read(tmp_path: Path) -> None:
    path = tmp_path / "call-17"
    path.write_text("Agent: Hi.\nCustomer: Hello.\n", encoding="utf-8")

    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert str(record.source) == f"{path}:1"


def test_100_000_utterances_are_read() -> None:
    text = "[10:02] Ana: My order 5 is late, where is my parcel?\n[10:03] Jo: Let me check. How can I help?\n" * 50_000

    assert len(conversation(text).utterances) == 100_000


@pytest.mark.parametrize("filler", [" ", "a", "(", "-", "1h ", "10:02 ", "# ", "**"])
def test_long_line_is_read_in_linear_time(filler: str, is_linear: Callable[..., bool]) -> None:
    """Each part of the patterns is bounded."""

    def text_of(size: int) -> str:
        line = filler * (size // len(filler))
        return f"Customer: Hi.\n{line}\nx\nAgent: {line}!\n"

    assert len(said(text_of(1_000_000))) == 2
    assert is_linear(said, text_of, 1_000_000)


def test_teammates_with_their_company_in_the_label_are_speakers(tmp_path: Path) -> None:
    """As Intercom exports conversations as text; "Update from Monday:" inside a message is none."""
    path = tmp_path / "export.txt"
    path.write_text(
        "Intercom Conversation with Lena Orr on March 2, 2026\n-----------------------------------\n"
        "10:04 AM | Lena Orr: Hi, I was charged twice for my order\n"
        "10:05 AM | Piet from Osier: Hello Lena, let me check that.\nUpdate from Monday: it is one charge.\n"
        "10:06 AM | Lena Orr: thanks\n"
        "-----------------------------------\nExported from Osier, on March 3, 2026\n",
        encoding="utf-8",
    )
    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert [(u.role.value, u.author, u.text) for u in record.utterances] == [
        ("customer", "Lena Orr", "Hi, I was charged twice for my order"),
        ("agent", "Piet", "Hello Lena, let me check that.\nUpdate from Monday: it is one charge."),
        ("customer", "Lena Orr", "thanks"),
    ]


def test_agent_who_tells_of_the_end_of_a_chat_is_heard(tmp_path: Path) -> None:
    """Only the last line of a file can be the exporting program's."""
    path = tmp_path / "chat.txt"
    path.write_text(
        "Customer: Hi\nAgent: Your call broke off.\nChat ended at ten, sorry.\nCustomer: Ok\n", encoding="utf-8"
    )
    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert record.utterances[1].text == "Your call broke off.\nChat ended at ten, sorry."


def test_who_served_a_chat_is_the_agent(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        "Chat started: 2026-03-02 09:00 AM UTC\n\nServed by: Piet, Ruth\n\n"
        "(09:00:05 AM) Lena: the mill does not turn\n"
        "(09:00:30 AM) Piet: Does it hum?\n(09:01:00 AM) Ruth: Or rattle?\n",
        encoding="utf-8",
    )
    (record,) = read([str(path)])

    assert isinstance(record, Conversation)
    assert [u.role.value for u in record.utterances] == ["customer", "agent", "agent"]
