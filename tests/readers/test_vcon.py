"""vCon files, from the first draft to the current one."""

import base64
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from convscan.conversation import Channel, Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

DATA = Path(__file__).parents[1] / "data" / "formats"
AGENT = {"name": "Ella", "role": "agent"}
CUSTOMER = {"name": "Tom", "role": "customer"}
TIME = "2026-03-04T09:00:00Z"


def read_vcon(vcon: object, roles: Mapping[str, Role]) -> Record:
    (record,) = read(["-"], ReadOptions(roles=roles), stdin=io.BytesIO(json.dumps(vcon).encode()))
    return record


def conversation(vcon: object, roles: Mapping[str, Role] = {}) -> Conversation:  # never changed
    record = read_vcon(vcon, roles)
    assert isinstance(record, Conversation), getattr(record, "message", "")
    return record


def refusal(vcon: object) -> str:
    record = read_vcon(vcon, {})
    assert isinstance(record, BadRecord)
    return record.message


def vcon_with(*dialog: Mapping[str, object], parties: object = (AGENT, CUSTOMER), **more: object) -> dict[str, object]:
    return {"vcon": "0.4.0", "uuid": "u-1", "parties": parties, "dialog": list(dialog), **more}


def text(party: object, body: object, **more: object) -> dict[str, object]:
    return {"type": "text", "start": TIME, "parties": party, "body": body, "encoding": "none", **more}


def said(vcon: object, roles: Mapping[str, Role] = {}) -> list[tuple[str, str]]:  # never changed
    return [(item.role.value, item.text) for item in conversation(vcon, roles).utterances]


@pytest.mark.parametrize("version", ["0.0.1", "0.0.2", "0.0.3", "0.1.0", "0.3.0", "0.4.0", None])
def test_all_versions(version: str | None) -> None:
    """The drafts since core-02 show files without a version."""
    vcon = {**vcon_with(text([0], "Hello.")), "vcon": version}
    if version is None:
        del vcon["vcon"]

    assert said(vcon) == [("agent", "Hello.")]


@pytest.mark.parametrize("parties", [0, [0], [0, 1], [[0, 1]], [None, 0]])
def test_the_first_party_of_a_text_sent_it(parties: object) -> None:
    assert said(vcon_with(text(parties, "Hello."))) == [("agent", "Hello.")]


def test_the_originator_goes_before_the_first_party() -> None:
    assert said(vcon_with(text([0, 1], "Hello.", originator=1))) == [("customer", "Hello.")]


def test_dialogs_are_in_the_order_of_time_and_not_of_the_file() -> None:
    late = text(0, "Second.", start="2026-03-04T10:01:00+01:00")
    early = text(1, "First.", start="2026-03-04T09:00:30Z")

    assert [words for _, words in said(vcon_with(late, early))] == ["First.", "Second."]


def test_dialogs_stay_in_the_order_of_the_file_if_a_time_is_none() -> None:
    assert [words for _, words in said(vcon_with(text(0, "A.", start="noon"), text(1, "B."), text(0, "C.")))] == [
        "A.",
        "B.",
        "C.",
    ]


def encoded(words: str) -> str:
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ({"body": "Grüße.", "encoding": "none"}, "Grüße."),
        ({"body": "Grüße."}, "Grüße."),
        ({"body": encoded("Grüße, ünd so?"), "encoding": "base64url"}, "Grüße, ünd so?"),
        ({"body": '"Grüße."', "encoding": "json"}, "Grüße."),
        ({"body": {"text": "Grüße."}, "encoding": "json"}, "Grüße."),
        ({"body": '{"text": "Grüße."}', "encoding": "json"}, "Grüße."),
        ({"body": "<p>One &amp; two</p><p>three</p>", "mediatype": "text/html"}, "One & two\n\nthree"),
        ({"body": "One &amp; two", "mimetype": "text/plain; charset=utf-8"}, "One &amp; two"),
        (
            {"body": "--b\r\nContent-Type: text/html\r\n\r\n<p>no</p>\r\n--b\r\nContent-Type: text/plain;"
             " charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe.\r\n--b--\r\n",
             "mediatype": "multipart/alternative; boundary=b"},
            "Grüße.",
        ),
        (
            {"body": "Subject: x\r\nContent-Type: text/plain\r\n\r\nHello.", "mediatype": "message/rfc822"},
            "Hello.",
        ),
    ],
)  # fmt: skip
def test_bodies(part: dict[str, object], words: str) -> None:
    dialog: dict[str, object] = {"type": "text", "start": TIME, "parties": 0, **part}

    assert said(vcon_with(dialog)) == [("agent", words)]


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ({"body": "%%%", "encoding": "base64url"}, "dialog[0].body: no base64url"),
        ({"body": encoded("x") + "é", "encoding": "base64url"}, "dialog[0].body: no base64url"),
        ({"body": "_w", "encoding": "base64url"}, "dialog[0].body: no base64url of UTF-8"),
        ({"body": 7, "encoding": "none"}, "dialog[0].body: expected text, found a number"),
        ({"body": "x", "encoding": "rot13"}, "dialog[0].encoding: unknown value 'rot13'; expected base64url"),
        ({"url": "https://files.example.com/x"}, "has no words in it"),
        ({"body": "x", "parties": 9}, "dialog[0]: party 9 is not among the 2 of 'parties'"),
        ({"body": "x", "parties": [-1]}, "dialog[0]: party -1 is not among"),
    ],
)
def test_bodies_that_cannot_be_read(part: dict[str, object], says: str) -> None:
    assert says in refusal(vcon_with({"type": "text", "start": TIME, "parties": 0, **part}))


@pytest.mark.parametrize(
    ("party", "role"),
    [
        ({"role": "agent"}, Role.AGENT),
        ({"role": "Supervisor"}, Role.AGENT),
        ({"role": "contact"}, Role.CUSTOMER),
        ({"role": "caller"}, Role.CUSTOMER),
        ({"meta": {"role": "agent"}}, Role.AGENT),
        ({"type": "bot"}, Role.BOT),
        ({"name": "Customer Support"}, Role.AGENT),
        ({"role": "host", "name": "Jo (Support)"}, Role.AGENT),
    ],
)
def test_roles_of_parties(party: dict[str, object], role: Role) -> None:
    found = conversation(vcon_with(text(0, "Hello."), parties=[party]))

    assert found.utterances[0].role is role


def test_parties_of_unknown_role_are_an_error_that_names_the_option() -> None:
    message = refusal(vcon_with(text(0, "Hi."), text(1, "Hi."), parties=[{"tel": "+1"}, {"name": "Jo"}]))

    assert "cannot tell who is agent and who is customer among '+1', 'Jo'" in message
    assert 'say it of each: --role "NAME=agent" or --role "NAME=customer"' in message


@pytest.mark.parametrize("name", ["party 0", "Jo Hale", "jo@example.com"])
def test_parties_can_be_named_in_three_ways(name: str) -> None:
    vcon = vcon_with(text(0, "Hi."), parties=[{"name": "Jo Hale", "mailto": "jo@example.com"}])

    assert said(vcon, roles={name: Role.AGENT}) == [("agent", "Hi.")]


@pytest.mark.parametrize(
    ("vcon", "says"),
    [
        ({"payload": "e30", "signatures": [{"header": {}, "signature": "x"}]}, "is a signed vCon (JWS)"),
        ({"protected": "x", "iv": "x", "ciphertext": "x", "tag": "x", "recipients": []}, "is an encrypted vCon (JWE)"),
        (vcon_with(text(0, "Hi."), critical=["sealed-lips"]), "extensions that are not understood here ('sealed-lips'"),
        (vcon_with({"type": "recording", "start": TIME, "url": "https://files.example.com/x.wav"}), "1 recording(s)"),
        (vcon_with({"type": "incomplete", "start": TIME, "disposition": "busy"}, {}), "has no words in it"),
        (vcon_with(7), "dialog[0]: expected an object {…}, found a number"),  # type: ignore[arg-type]
        ({"vcon": "0.0.1", "uuid": "u", "dialog": {}}, "dialog: expected a list […], found an object"),
    ],
)
def test_vcons_that_cannot_be_read(vcon: object, says: str) -> None:
    assert says in refusal(vcon)


def test_a_critical_extension_that_changes_no_words_is_read() -> None:
    assert said(vcon_with(text(0, "Hi."), critical=["CC"])) == [("agent", "Hi.")]


RECORDING = {"type": "recording", "start": TIME, "parties": [0, 1], "url": "https://files.example.com/x.wav"}


def transcript(body: object, **more: object) -> dict[str, object]:
    return {"type": "transcript", "dialog": 0, "vendor": "x", "encoding": "json", "body": body, **more}


def test_channels_of_a_recording_are_its_parties_in_order() -> None:
    results = {
        "channels": [
            {"alternatives": [{"transcript": "Good day.", "words": [{"word": "Good day.", "start": 1, "end": 2}]}]},
            {"alternatives": [{"transcript": "Hi.", "words": [{"word": "Hi.", "start": 2.5, "end": 3}]}]},
        ]
    }
    recording = {**RECORDING, "parties": [1, 0]}
    found = conversation(vcon_with(recording, analysis=[transcript({"results": results})]))

    assert [(item.author, item.role) for item in found.utterances] == [("Tom", Role.CUSTOMER), ("Ella", Role.AGENT)]
    assert [item.timestamp for item in found.utterances] == ["2026-03-04T09:00:01.000Z", "2026-03-04T09:00:02.500Z"]
    assert found.channel is Channel.CALL


@pytest.mark.parametrize(
    "body",
    [
        {"segments": [{"start": 0, "end": 1, "text": "Hello.", "speaker": "Ella"}]},
        [{"speaker": "Ella", "text": "Hello.", "start": 0}],
        {"Transcript": [{"ParticipantRole": "AGENT", "Content": "Hello.", "BeginOffsetMillis": 0}]},
        {"transcript": "Hello.", "words": [{"word": "Hello.", "start": 0, "end": 1}]},
        {"text": "Hello."},
        "Hello.",
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_transcripts_of_many_makers(body: object, as_text: bool) -> None:  # noqa: FBT001 # a case
    recording = {**RECORDING, "parties": 0}
    written = json.dumps(body) if as_text else body

    assert said(vcon_with(recording, analysis=[transcript(written)])) == [("agent", "Hello.")]


def test_a_second_transcript_of_a_recording_is_not_said_twice() -> None:
    one = transcript([{"speaker": "Ella", "text": "Hello."}])
    other = transcript([{"speaker": "Ella", "text": "Hallo."}], vendor="y")

    assert said(vcon_with(RECORDING, analysis=[one, other])) == [("agent", "Hello.")]


def test_a_summary_is_no_transcript() -> None:
    analysis = [{"type": "summary", "dialog": 0, "vendor": "x", "body": "They talked.", "encoding": "none"}]

    assert said(vcon_with(text(0, "Hi."), analysis=analysis)) == [("agent", "Hi.")]


def test_a_list_and_lines_of_vcons(tmp_path: Path) -> None:
    one, two = vcon_with(text(0, "One.")), {**vcon_with(text(0, "Two.")), "uuid": "u-2"}
    (tmp_path / "list.json").write_text(json.dumps([one, two]), encoding="utf-8")
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(one)}\n{{\n{json.dumps(two)}\n", encoding="utf-8")

    assert [record.id for record in read([str(tmp_path / "list.json")])] == ["u-1", "u-2"]
    first, bad, last = read([str(tmp_path / "lines.jsonl")])
    assert isinstance(bad, BadRecord)
    assert (first.id, last.id) == ("u-1", "u-2")


def test_markup_without_end_is_read_in_little_time(takes_less_than: Callable[..., bool]) -> None:
    body = "<div>" * 100_000 + "Hello." + "<![x" * 1000 + "&amp;" * 1000

    document = vcon_with(text(0, body, mediatype="text/html"))

    ((role, words),) = said(document)
    assert role == "agent"
    assert words.startswith("Hello.")
    assert takes_less_than(5, lambda: said(document))
