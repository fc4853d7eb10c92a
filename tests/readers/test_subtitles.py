"""WebVTT and SRT: every word with its speaker, its time and its line."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

ROLES = {"jo": Role.AGENT, "mia": Role.CUSTOMER, "unknown": Role.CUSTOMER}


def read_text(text: str, notes: list[str] | None = None, **options: object) -> Record:
    known = ReadOptions(roles=ROLES) if not options else ReadOptions(**options)  # type: ignore[arg-type]
    (record,) = read(["-"], known, stdin=io.BytesIO(text.encode()), notify=(notes if notes is not None else []).append)
    return record


def lines(text: str) -> list[tuple[str, str]]:
    """Return role and text of each utterance."""
    record = read_text(text)
    assert isinstance(record, Conversation), getattr(record, "message", "")
    return [(item.role.value, item.text) for item in record.utterances]


def vtt(*cues: str) -> str:
    return "WEBVTT\n\n" + "\n\n".join(
        f"00:{number:02}.000 --> 00:{number:02}.500\n{cue}" for number, cue in enumerate(cues)
    )


def test_two_voices_in_one_cue_are_two_speakers() -> None:
    """A known package gives the whole cue to the first."""
    assert lines(vtt("<v Jo>Since when?</v> <v Mia>Since May.</v>")) == [
        ("agent", "Since when?"),
        ("customer", "Since May."),
    ]


def test_a_voice_goes_on_over_the_lines_of_its_cue() -> None:
    assert lines(vtt("<v Jo>Since\nwhen?")) == [("agent", "Since when?")]


def test_a_cue_without_voice_goes_on_with_the_speaker_before() -> None:
    assert lines(vtt("<v Jo>Since", "when?")) == [("agent", "Since when?")]


def test_tags_and_character_references_are_no_words() -> None:
    assert lines(vtt("<v.first.loud Jo>Q&amp;A <c.blue>on</c> <00:00:00.300><b>5&nbsp;&lt; 6</b>.")) == [
        ("agent", "Q&A on 5\N{NO-BREAK SPACE}< 6.")
    ]


def test_a_stray_angle_bracket_is_a_word() -> None:
    assert lines(vtt("<v Jo>3 < 4 and 5 > 2.")) == [("agent", "3 < 4 and 5 > 2.")]


def test_notes_styles_regions_and_the_header_are_not_said() -> None:
    text = "WEBVTT Kind: x\nLanguage: en-GB\n\nNOTE\n<v Jo>not said\n\nSTYLE\n::cue {}\n\nREGION\nid:x\n\n"
    record = read_text(text + "00:01.000 --> 00:02.000\n<v Jo>Said.\n")

    assert isinstance(record, Conversation)
    assert [item.text for item in record.utterances] == ["Said."]
    assert record.language == "en"


def test_words_under_a_broken_time_are_kept_and_told() -> None:
    notes: list[str] = []
    record = read_text("WEBVTT\n\n00:xx --> 00:02.000\n<v Jo>Said.\n", notes)

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "Said."
    assert "start_ms" not in str(record.utterances[0].metadata)
    assert any("cannot be read; its words are kept" in note for note in notes)


def test_cues_without_a_blank_line_between_them_are_two() -> None:
    assert lines("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Jo>One.\n00:03.000 --> 00:04.000\n<v Mia>Two.\n") == [
        ("agent", "One."),
        ("customer", "Two."),
    ]


def test_hours_may_be_missing() -> None:
    record = read_text("WEBVTT\n\n59:59.999 --> 01:00:00.001\n<v Jo>Late.\n")

    assert isinstance(record, Conversation)
    assert record.utterances[0].metadata["segments"] == [
        {"start": 0, "end": 5, "start_ms": 3_599_999, "end_ms": 3_600_001, "line": 4}
    ]


def test_a_call_in_which_all_is_the_agents_is_an_error_that_names_the_option() -> None:
    """Tools give a whole call one label when they cannot tell the speakers apart."""
    record = read_text(vtt("<v Agent>Good day.", "<v Agent>My parcel is lost."), roles={})

    assert isinstance(record, BadRecord)
    assert "all words are by the agent (Agent)" in record.message
    assert '--role "Agent=agent"' in record.message


def test_a_call_in_which_all_is_the_agents_is_read_if_the_user_says_so() -> None:
    record = read_text(vtt("<v Agent>Good day.", "<v Agent>Please call back."), roles={"Agent": Role.AGENT})

    assert isinstance(record, Conversation)
    assert {item.role for item in record.utterances} == {Role.AGENT}


def test_labels_before_a_colon() -> None:
    assert lines(vtt("AGENT: Since when?", "CUSTOMER: One thing: since May.", "[Agent] I see.")) == [
        ("agent", "Since when?"),
        ("customer", "One thing: since May."),
        ("agent", "I see."),
    ]


def test_a_word_before_a_colon_is_no_speaker() -> None:
    assert lines(vtt("JO: I look.", "Order number: 55.", "MIA: Thanks.")) == [
        ("agent", "I look."),
        ("agent", "Order number: 55."),
        ("customer", "Thanks."),
    ]


def test_marks_of_change_with_names_are_labels() -> None:
    assert lines(vtt(">> JO: Since when?", ">> MIA: Since May.", ">>> JO: News.")) == [
        ("agent", "Since when?"),
        ("customer", "Since May."),
        ("agent", "News."),
    ]


def test_marks_of_change_without_names_are_two_speakers_and_it_is_told() -> None:
    notes: list[str] = []
    record = read_text(vtt(">> Thank you for calling, how can I help?", ">> My order is lost. I want a refund."), notes)

    assert isinstance(record, Conversation)
    assert [item.role for item in record.utterances] == [Role.AGENT, Role.CUSTOMER]
    assert any("took each '>>' as a change between two speakers" in note for note in notes)


def test_cues_without_speakers_are_an_error_that_names_the_option() -> None:
    record = read_text(vtt("Hello.", "Hello?"), roles={})

    assert isinstance(record, BadRecord)
    assert "among 'unknown'; say it of each" in record.message


def test_cues_of_one_person_can_be_given_a_role() -> None:
    """A voicemail has one speaker and no labels."""
    assert lines(vtt("Please call me back.")) == [("customer", "Please call me back.")]


@pytest.mark.parametrize("text", ["WEBVTT\n", "WEBVTT\n\nNOTE x\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n\n"])
def test_a_file_without_words_is_an_error(text: str) -> None:
    record = read_text(text)

    assert isinstance(record, BadRecord)
    assert "no cues with words" in record.message


@pytest.mark.parametrize("opening", ["WEBVTTX\n\n", "webvtt\n\n", "The WEBVTT format\n"])
def test_other_texts_are_no_webvtt(opening: str) -> None:
    record = read_text(opening + "Agent: Hello.\nCustomer: Hi.\n")

    assert isinstance(record, Conversation)
    assert record.channel is None


def test_srt_numbers_are_not_said_and_figures_are() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nJO: Your number is\n42\n\n2\n00:00:02,100 --> 00:00:03,000\nexactly.\n"

    assert lines(text) == [("agent", "Your number is 42 exactly.")]


def test_srt_text_after_a_blank_line_is_not_lost() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nJO: One\n\ntwo.\n\n2\n00:00:03,000 --> 00:00:04,000\nMIA: Three.\n"

    assert lines(text) == [("agent", "One two."), ("customer", "Three.")]


def test_srt_without_numbers_and_with_formatting() -> None:
    text = "00:00:01.5 --> 00:00:02.5 X1:1\n{\\an8}<font color='red'>JO: <i>One</i> < two.</font>\n"

    assert lines(text) == [("agent", "One < two.")]


def test_subtitles_that_are_not_utf8_are_read_and_told_of() -> None:
    notes: list[str] = []
    content = vtt("<v Jo>Caf\xe9.").encode("latin-1")
    (record,) = read(["-"], ReadOptions(roles=ROLES), stdin=io.BytesIO(content), notify=notes.append)

    assert isinstance(record, Conversation)
    assert record.utterances[0].text == "Café."
    assert any("read as Windows-1252" in note for note in notes)


words = st.text(st.characters(exclude_characters="\r\n<>&:", codec="utf-8"), min_size=1, max_size=20)


@given(st.lists(st.tuples(st.sampled_from(("Jo", "Mia")), words), min_size=1, max_size=8))
def test_every_word_of_a_cue_comes_out(cues: list[tuple[str, str]]) -> None:
    record = read_text(vtt(*(f"<v {name}>{text}" for name, text in cues)))

    said = "".join(text for _, text in cues)
    if not said.strip() or "-->" in said:
        return
    assert isinstance(record, Conversation)
    found = "".join("".join(item.text.split()) for item in record.utterances)
    assert found == "".join(said.split())
