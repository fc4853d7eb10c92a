"""Notes to the editor, and what only looks like one."""

import pytest

from convscan.language.editor_notes import editor_notes


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("BEFORE SENDING \u2013 make sure it is paid.", "BEFORE SENDING \u2013 make sure it is paid."),
        ("**NOTE TO AGENT: choose one**", "NOTE TO AGENT: choose one"),
        ("Thank you. [delete if paid] Bye.", "[delete if paid]"),
        ("Dear Mr / Ms (delete as appropriate),", "(delete as appropriate)"),
        ("Dear Mr / Ms, delete as appropriate", "delete as appropriate"),
        ("Use this macro when a parcel is late.\nHi", "Use this macro when a parcel is late."),
        ("TODO: price", "TODO: price"),
        ("Hi. [If the customer is angry: apologise] Bye.", "[If the customer is angry: apologise]"),
    ],
)
def test_note_is_found_with_its_bounds(text: str, note: str) -> None:
    assert [text[start:end] for start, end in editor_notes(text)] == [note]


@pytest.mark.parametrize(
    "text",
    [
        "Before sending the kettle, make sure it is empty.",
        "Please delete the app if it freezes.",
        "You can use this message as proof.",
        "Choose one of the two sizes.",
        "Please note: we close at five.",
        "DO NOT SEND cash by post.",
        "(optional extras cost more)",
    ],
)
def test_instruction_to_the_customer_is_no_note(text: str) -> None:
    assert editor_notes(text) == []
