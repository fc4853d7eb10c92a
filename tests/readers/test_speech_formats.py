"""What each contact-centre format gives, from files of the platforms' shapes."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from convscan.conversation import Channel, Conversation
from convscan.readers import BadRecord, read
from convscan.readers.registry import all_readers, reader_for

DATA = Path(__file__).parents[1] / "data" / "formats"
SPEECH = (
    "amazon-transcribe",
    "azure",
    "contact-lens",
    "deepgram",
    "fireflies",
    "genesys",
    "google-conversation",
    "google-speech",
    "speaker-list",
    "srt",
    "twilio",
    "vcon",
    "webvtt",
)
FILES = sorted(path for name in SPEECH for path in (DATA / name).iterdir())


def conversations(path: Path) -> list[Conversation]:
    """Return what a file holds; a bad record fails the test with its message."""
    records = list(read([str(path)]))
    assert not [record.message for record in records if isinstance(record, BadRecord)]
    return [record for record in records if isinstance(record, Conversation)]


def said(conversation: Conversation) -> list[tuple[str, str]]:
    """Return roles and texts, in order."""
    return [(utterance.role.value, utterance.text) for utterance in conversation.utterances]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_files_are_known_by_content_alone(path: Path) -> None:
    reader = reader_for(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), "without-suffix")

    assert reader is not None
    assert reader.name == path.parent.name


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_segments_are_found_again_in_the_text(path: Path) -> None:
    for conversation in conversations(path):
        for utterance in conversation.utterances:
            if conversation.channel is not Channel.CALL or "segments" not in utterance.metadata:
                continue
            places = utterance.metadata["segments"]
            assert isinstance(places, list)
            assert places[0]["start"] == 0
            assert places[-1]["end"] == len(utterance.text)
            for before, after in pairwise(places):
                # One blank at most was put between two segments, and nothing was lost.
                assert utterance.text[before["end"] : after["start"]] in {"", " "}


def test_every_reader_describes_itself() -> None:
    ours = [reader for reader in all_readers() if reader.name in SPEECH]

    assert [reader.name for reader in sorted(ours, key=lambda reader: reader.name)] == sorted(SPEECH)
    assert all(reader.description.reads and reader.description.roles for reader in ours)


AGENT, CUSTOMER, BOT, SYSTEM = "agent", "customer", "bot", "system"
FERN = "Thank you for calling Fern Tea, how can I help you?"
CRANE = "Thank you for calling Crane Clocks, how can I help you?"
BIRCH = "Thank you for calling Birch Bikes, how can I help you?"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "contact-lens/small.json",
            [
                (AGENT, "Lantern Kettles, this is Ruth speaking. What has happened?"),
                (CUSTOMER, "The kettle I bought in May has started to leak, and the card I paid with ends in [PII]."),
                (AGENT, "I am sorry about the leak. A new one leaves us today."),
            ],
        ),
        (
            "contact-lens/chat.json",
            [
                (CUSTOMER, "which lid fits the"),
                (CUSTOMER, "two litre one"),
                (BOT, "One moment, a colleague will join."),
                (AGENT, "Lid B fits."),
            ],
        ),
        (
            "amazon-transcribe/small.json",
            [(AGENT, FERN), (CUSTOMER, "My order was crushed."), (CUSTOMER, "I paid with [PII].")],
        ),
        (
            "amazon-transcribe/channels.json",
            [(AGENT, FERN), (CUSTOMER, "My order was crushed."), (CUSTOMER, "I paid with [PII].")],
        ),
        (
            "amazon-transcribe/audio-segments.json",
            [(AGENT, FERN), (CUSTOMER, "My order was crushed, and I want a refund.")],
        ),
        (
            "azure/small.json",
            [
                (AGENT, "Thank you for calling Osier Mills, how can I help you?"),
                (CUSTOMER, "I ordered a basket and I haven't received it."),
                (AGENT, "Let me check that for you."),
            ],
        ),
        (
            "azure/fast.json",
            [
                (AGENT, "Good day, can I have your order number?"),
                (CUSTOMER, "My parcel was opened. I want a refund."),
                (AGENT, "Sorry to hear that. Let me look."),
            ],
        ),
        ("azure/content-understanding.json", [(AGENT, "Good day, Osier Mills."), (CUSTOMER, "The lid is missing.")]),
        (
            "azure/transcriber.jsonl",
            [
                (AGENT, "Thank you for calling, how can I help you?"),
                (CUSTOMER, "I bought a mill and I can't open it."),
            ],
        ),
        (
            "google-conversation/small.json",
            [
                (CUSTOMER, "Hello, the lamp arrived without a plug."),
                (AGENT, "I will send the plug today."),
                (BOT, "Rate this chat from 1 to 5."),
            ],
        ),
        (
            "google-conversation/messages.json",
            [(CUSTOMER, "When can I collect my lamp?"), (AGENT, "You can collect it at noon.")],
        ),
        ("deepgram/small.json", [(AGENT, BIRCH), (CUSTOMER, "My brakes squeal. I want a refund.")]),
        (
            "deepgram/paragraphs.json",
            [(AGENT, BIRCH), (CUSTOMER, "My brakes squeal."), (CUSTOMER, "I want a refund.")],
        ),
        (
            "deepgram/channels.json",
            [(AGENT, BIRCH), (CUSTOMER, "My brakes squeal."), (CUSTOMER, "I want a refund.")],
        ),
        (
            "fireflies/small.json",
            [
                (AGENT, "Thanks for calling, how can I help you?"),
                (CUSTOMER, "I was charged twice, and I want a refund."),
                (AGENT, "Let me check your account."),
            ],
        ),
        (
            "fireflies/download.json",
            [(AGENT, "Thank you for calling Tarn Boats, how can I help?"), (CUSTOMER, "When does it ship?")],
        ),
        (
            "genesys/small.json",
            [
                (BOT, "your call is important"),
                (AGENT, "Moss Gardens, good morning."),
                (CUSTOMER, "The mower I bought does not start."),
            ],
        ),
        (
            "google-speech/small.json",
            [(AGENT, CRANE), (CUSTOMER, "I bought a clock."), (CUSTOMER, "I want a refund.")],
        ),
        ("google-speech/channels.json", [(AGENT, CRANE), (CUSTOMER, "My order was lost, and I want a refund.")]),
        ("genesys/messages.json", [(AGENT, "Moss Gardens here."), (CUSTOMER, "is the seed in stock")]),
        (
            "twilio/small.json",
            [
                (CUSTOMER, "where is my parcel"),
                (AGENT, "Hello, Pine Post here. Let me check your parcel."),
                (CUSTOMER, ""),
                (SYSTEM, "The conversation was closed."),
            ],
        ),
        ("twilio/sentences.json", [(AGENT, "Pine Post, good morning."), (CUSTOMER, "The box is wet.")]),
        (
            "speaker-list/small.json",
            [
                (AGENT, "Harbour Café, what can I do for you?"),
                (CUSTOMER, "I would like to change my table."),
                (AGENT, "Certainly. To which day?"),
            ],
        ),
        (
            "speaker-list/segments.json",
            [(AGENT, " Thanks for calling, how can I help you?"), (CUSTOMER, " My booking is gone.")],
        ),
        (
            "speaker-list/utterances.json",
            [(AGENT, "Thank you for calling. How can I help you?"), (CUSTOMER, "I was charged twice. My card is new.")],
        ),
        ("speaker-list/dated.jsonl", [(CUSTOMER, "do you ship"), (CUSTOMER, "to Malta"), (AGENT, "Yes, we do.")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_roles_and_words(file: str, expected: list[tuple[str, str]]) -> None:
    (conversation,) = conversations(DATA / file)

    assert said(conversation) == expected


def test_events_of_two_contacts_in_one_stream_are_two_conversations_and_polls_repeat_nothing() -> None:
    first, second = conversations(DATA / "contact-lens" / "live.jsonl")

    assert (first.id, second.id) == ("c-1", "c-2")
    assert said(first) == [(AGENT, "Good morning, Lantern Kettles."), (CUSTOMER, "My order is two weeks late.")]
    assert said(second) == [(CUSTOMER, "Is the shop open on Sunday?"), (AGENT, "Yes, from ten.")]


def test_messages_of_two_conversations_in_one_file_are_kept_apart() -> None:
    first, second = conversations(DATA / "twilio" / "two.jsonl")

    assert said(first) == [(CUSTOMER, "hi"), (AGENT, "Hello, how can I help you?")]
    assert said(second) == [(CUSTOMER, "stop"), (AGENT, "You will get no more messages.")]


def test_written_and_spoken_items_are_different_channels() -> None:
    """What was typed was sent as it stands; only speech is cut in the middle of a sentence."""
    written, spoken = conversations(DATA / "azure" / "items.json")

    assert (written.channel, spoken.channel) == (Channel.CHAT, Channel.CALL)
    assert [text for _, text in said(written)] == ["Hello, Osier Mills.", "is the mill shop", "open today"]
    assert [text for _, text in said(spoken)] == ["We open at ten.", "Thank you."]


def test_segments_of_a_joined_sentence_keep_their_times() -> None:
    (conversation,) = conversations(DATA / "contact-lens" / "small.json")

    assert conversation.utterances[1].metadata["segments"] == [
        {"start": 0, "end": 41, "start_ms": 2500, "end_ms": 4000, "id": "t-2"},
        {"start": 42, "end": 87, "start_ms": 4300, "end_ms": 6100, "id": "t-3"},
    ]


def test_an_id_and_a_role_word_for_the_only_agent_are_one_person() -> None:
    """Contact Lens mixes both; two identities would be two agents in the report."""
    (conversation,) = conversations(DATA / "contact-lens" / "small.json")

    assert {item.author_id for item in conversation.utterances if item.role.value == AGENT} == {"p-agent"}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("genesys/small.json", "2026-03-04T08:00:01.000Z"),
        ("google-conversation/small.json", "2026-03-04T08:00:05.500Z"),
        ("twilio/sentences.json", "2026-03-04T08:00:02.000Z"),
        ("vcon/recording.vcon.json", "2026-03-04T09:00:04.000Z"),
    ],
)
def test_times_are_by_the_clock_where_the_file_tells_the_start(file: str, expected: str) -> None:
    (conversation,) = conversations(DATA / file)

    assert conversation.utterances[1].timestamp == expected


@pytest.mark.parametrize("file", ["deepgram/small.json", "azure/small.json", "fireflies/small.json", "srt/small.srt"])
def test_no_date_is_made_up_where_the_file_tells_none(file: str) -> None:
    """Deepgram, Azure and Fireflies say when they transcribed, which may be days after the call."""
    (conversation,) = conversations(DATA / file)

    assert {utterance.timestamp for utterance in conversation.utterances} == {None}


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("contact-lens/small.json", ("c-7001", Channel.CALL, "en")),
        ("contact-lens/chat.json", ("c-7002", Channel.CHAT, None)),
        ("amazon-transcribe/small.json", ("fern-17", Channel.CALL, "en")),
        ("genesys/small.json", ("gc-1", Channel.CALL, "en")),
        ("deepgram/paragraphs.json", ("dg-2", Channel.CALL, "en")),
        ("twilio/small.json", ("CHfixture1", Channel.CHAT, None)),
        ("google-conversation/messages.json", ("d-1", Channel.CHAT, "en")),
    ],
)
def test_id_channel_and_language(file: str, expected: tuple[str, Channel, str | None]) -> None:
    (conversation,) = conversations(DATA / file)

    assert (conversation.id, conversation.channel, conversation.language) == expected


def test_insights_conversations_in_camel_and_snake_case_are_read_alike() -> None:
    call, chat = conversations(DATA / "google-conversation" / "insights.json")

    assert said(call) == [(AGENT, "Thanks for calling Glow Lamps, what can I do?"), (CUSTOMER, "My lamp hums.")]
    # The agent's segment names no participant; the call's metadata says which channel is theirs.
    assert said(chat) == [(CUSTOMER, "hi"), (AGENT, "Hello there.")]


def test_chat_of_an_agent_without_end_keeps_every_message(tmp_path: Path, make_messages: Callable[[int], str]) -> None:
    path = tmp_path / "long.json"
    path.write_text(make_messages(100_000), encoding="utf-8")

    (conversation,) = conversations(path)

    assert len(conversation.utterances) == 100_000


@pytest.fixture
def make_messages() -> Callable[[int], str]:
    """Make a recorded answer with so many messages."""

    def make(count: int) -> str:
        message = '{{"conversation_sid": "CH1", "sid": "IM{0}", "index": {0}, "author": "system", "body": "{0}"}}'
        return '{"messages": [' + ",".join(message.format(number) for number in range(count)) + "]}"

    return make
