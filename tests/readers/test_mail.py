"""Mail: who wrote what to whom, in which order, whatever mail programs do to it."""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role
from convscan.errors import TranscriptError
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.mail.message import looks_like_mail, parse_mail
from convscan.readers.mail.threads import plain_subject
from convscan.readers.registry import reader_for
from convscan.readers.trace import TraceBook

SHOP = ReadOptions(agent_domains=("lamps.example",))
FORMATS = Path(__file__).parents[1] / "data" / "formats"
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def mail(
    *,
    number: int = 1,
    sender: str = "Ana <ana@mail.example>",
    to: str = "help@lamps.example",
    subject: str = "My lamp",
    body: str = "Where is my lamp?",
    answers: str = "",
    headers: Mapping[str, str] | None = None,
) -> str:
    """An RFC 5322 message; mail `number` is written in minute `number`."""
    fields = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": f"Tue, 3 Mar 2026 10:{number:02}:00 +0000",
        "Message-ID": f"<{number}@x.example>",
        "In-Reply-To": answers,
        **(headers or {}),
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items() if value) + f"\n{body}\n"


def answer(number: int, to: int, body: str = "It left on Monday.", **more: str) -> str:
    return mail(
        number=number,
        sender="Jo <jo@lamps.example>",
        to="ana@mail.example",
        subject=more.get("subject", "Re: My lamp"),
        body=body,
        answers=f"<{to}@x.example>",
    )


def mbox(*mails: str) -> bytes:
    return "".join(f"From x Tue Mar  3 10:14:00 2026\n{item}\n" for item in mails).encode()


def read_bytes(content: bytes, options: ReadOptions = SHOP) -> tuple[list[Conversation], list[str], list[str]]:
    """Conversations, messages of bad records, notices."""
    notices: list[str] = []
    records = list(read(["-"], options, notify=notices.append, stdin=io.BytesIO(content)))
    good = [item for item in records if isinstance(item, Conversation)]
    return good, [item.message for item in records if isinstance(item, BadRecord)], notices


def only(content: str, options: ReadOptions = SHOP) -> Conversation:
    good, bad, _ = read_bytes(content.encode("utf-8", "surrogateescape"), options)
    assert not bad
    (chat,) = good
    return chat


def said(chat: Conversation) -> list[tuple[str, str]]:
    return [(item.role.value, item.text) for item in chat.utterances]


# -- one mail


def test_mail_is_a_conversation_with_who_when_and_about_what() -> None:
    chat = only(mail(headers={"Date": "Tue, 3 Mar 2026 11:14:00 +0100"}))

    (utterance,) = chat.utterances
    assert (chat.id, chat.channel, chat.metadata) == ("1@x.example", Channel.EMAIL, {"subject": "My lamp"})
    assert (utterance.role, utterance.author, utterance.author_id) == (Role.CUSTOMER, "Ana", "ana@mail.example")
    assert utterance.timestamp == "2026-03-03T11:14:00+01:00"
    assert utterance.text == "Where is my lamp?"


def test_people_behind_a_shared_mailbox_are_told_apart_by_name() -> None:
    chat = only(mail(sender="Jo <help@lamps.example>"))
    assert (chat.utterances[0].author, chat.utterances[0].author_id) == ("Jo", None)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("=?utf-8?q?Zo=C3=AB_Okafor?= <z@mail.example>", "Zoë Okafor"),
        ("=?iso-8859-1?B?Wm/r?= =?utf-8?b?IE9r?= <z@mail.example>", "Zoë Ok"),
        ("=?x-nope?q?Zo=C3=AB?= <z@mail.example>", "Zoë"),
        ("=?utf-8?b?!!!?= <z@mail.example>", None),
        ('"Okafor, Zoë" <z@mail.example>', "Okafor, Zoë"),
        ("Zoë <z@mail.example", "Zoë"),
        ("z@mail.example (Zoe)", "Zoe"),
        ("((((" * 2000 + "z@mail.example", None),
    ],
)
def test_names_are_decoded_however_they_are_written(written: str, name: str | None) -> None:
    utterance = only(mail(sender=written)).utterances[0]
    assert utterance.author_id == "z@mail.example"
    assert name is None or utterance.author == name


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "café".encode(), "café"),
        ("iso-8859-1", b"caf\xe9 \x93so\x94", "café “so”"),
        ("us-ascii", "café".encode(), "café"),
        ("utf-8", b"caf\xe9", "café"),
        ("x-nope", "café".encode(), "café"),
        ("zip", "café".encode(), "café"),
        ("punycode", "café".encode(), "café"),
        ("gb2312", "你好灯".encode("gb18030"), "你好灯"),
        ("iso-2022-jp", "ランプ".encode("iso-2022-jp"), "ランプ"),
        ("utf-7", b"caf+AOk-", "café"),
        ("koi8-r", "лампа".encode("koi8-r"), "лампа"),
    ],
)
def test_words_are_decoded_by_their_charset_or_by_what_they_look_like(charset: str, content: bytes, text: str) -> None:
    head = mail(headers={"Content-Type": f"text/plain; charset={charset}"}, body="").encode()
    assert parse_mail(head + content).body.text == text


def test_wrong_charset_is_told() -> None:
    head = mail(headers={"Content-Type": "text/plain; charset=x-nope"}, body="").encode()
    _, _, notices = read_bytes(head + "café".encode())
    assert notices == ["-: unknown charset 'x-nope'"]


def multipart(kind: str, *parts: str, boundary: str = "b", closed: bool = True) -> str:
    body = "".join(f"--{boundary}\n{part}\n" for part in parts) + (f"--{boundary}--" if closed else "")
    return mail(headers={"Content-Type": f"multipart/{kind}; boundary={boundary}"}, body=body)


PLAIN = "Content-Type: text/plain\n\nplain words"
HTML = "Content-Type: text/html\n\n<p>HTML <b>words</b></p>"
BARE_QUOTE = "<p>Refund is done.</p><blockquote><p>Calm down.</p></blockquote>"
NO_HTML = "Content-Type: text/plain\n\nYour mail program does not support HTML."
INNER = "Content-Type: multipart/alternative; boundary=c"
PDF = "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (multipart("alternative", PLAIN, HTML), "plain words"),
        (multipart("alternative", HTML), "HTML words"),
        (multipart("alternative", "Content-Type: text/plain\n\n \n", HTML), "HTML words"),
        (multipart("alternative", NO_HTML, HTML), "HTML words"),
        (multipart("mixed", PLAIN, PDF, "Content-Type: text/plain\n\nmore words"), "plain words\nmore words"),
        (multipart("mixed", PLAIN, "Content-Type: text/plain; name=log.txt\n\nlog"), "plain words"),
        (multipart("mixed", PLAIN, "Content-Type: message/rfc822\n\n" + mail(body="theirs")), "plain words"),
        (multipart("related", HTML, "Content-Type: image/png\n\nx"), "HTML words"),
        (multipart("mixed", f"{INNER}\n\n--c\n{PLAIN}\n--c\n{HTML}\n--c--", PDF), "plain words"),
        (mail(headers={"Content-Type": "text/html"}, body=BARE_QUOTE), "Refund is done.\n\n> Calm down."),
        (mail(headers={"Content-Type": "message/rfc822"}, body=mail(body="inner words")), "inner words"),
        (mail(headers={"Content-Transfer-Encoding": "base64"}, body="cGxhaW4gd29yZHM="), "plain words"),
        (mail(headers={"Content-Transfer-Encoding": "quoted-printable"}, body="plain=\n words=21"), "plain words!"),
        (mail(body="\n\n  indented\n\n-- \nJo\n\n\n"), "  indented\n\n-- \nJo"),
    ],
)  # fmt: skip
def test_what_is_read_is_what_the_reader_of_the_mail_sees(content: str, text: str) -> None:
    assert only(content).utterances[0].text == text


def test_attachments_are_named_and_counted_not_read() -> None:
    trace = TraceBook()
    chat = only(multipart("mixed", PLAIN, PDF), ReadOptions(agent_domains=("lamps.example",), trace=trace))
    assert chat.utterances[0].metadata["attachments"] == ["a.pdf"]
    assert trace.omissions == {"attachment: not opened": 1}


@pytest.mark.parametrize(
    ("headers", "sender", "role"),
    [
        ({"Auto-Submitted": "auto-replied"}, "Jo <jo@lamps.example>", Role.BOT),
        ({"Auto-Submitted": "auto-replied"}, "Ana <ana@mail.example>", Role.SYSTEM),
        ({"Auto-Submitted": "no"}, "Jo <jo@lamps.example>", Role.AGENT),
        ({"Subject": "Automatic reply: My lamp"}, "Ana <ana@mail.example>", Role.SYSTEM),
        ({"Subject": "Abwesenheitsnotiz: My lamp"}, "Ana <ana@mail.example>", Role.SYSTEM),
        ({"Subject": "Out of office"}, "Ana <ana@mail.example>", Role.SYSTEM),
        ({"Subject": "Out of office supplies"}, "Ana <ana@mail.example>", Role.CUSTOMER),
        ({"Subject": "Automated response times"}, "Ana <ana@mail.example>", Role.CUSTOMER),
        ({}, "MAILER-DAEMON@mx.lamps.example", Role.SYSTEM),
        ({"Content-Type": 'multipart/report; report-type="delivery-status"'}, "x@mx.example", Role.SYSTEM),
        ({}, "Bo <bo@eu.lamps.example>", Role.AGENT),
        ({}, "Bo <bo@notlamps.example>", Role.CUSTOMER),
    ],
)
def test_role_follows_the_address_and_programs_are_no_people(headers: dict[str, str], sender: str, role: Role) -> None:
    assert only(mail(sender=sender, headers=headers)).utterances[0].role is role


# -- who is the agent


@pytest.mark.parametrize(
    ("options", "role"),
    [
        (ReadOptions(agent_addresses=("ANA@mail.example",)), Role.AGENT),
        (ReadOptions(agent_domains=("@mail.example",)), Role.AGENT),
        (ReadOptions(agent_domains=("other.example",)), Role.CUSTOMER),
        (ReadOptions(roles={"Ana": Role.AGENT}), Role.AGENT),
        (ReadOptions(roles={"ana@mail.example": Role.BOT}), Role.BOT),
    ],
)
def test_what_the_user_says_decides(options: ReadOptions, role: Role) -> None:
    assert only(mail(to="bo@other.example"), options).utterances[0].role is role


@pytest.mark.parametrize("address", ["help@lamps.example", "kundenservice@lamps.example", "lamps-support@gmail.com"])
def test_team_address_tells_the_company(address: str) -> None:
    good, _, notices = read_bytes(mail(to=address).encode(), ReadOptions())
    assert good[0].utterances[0].role is Role.CUSTOMER
    assert f"{address} is a team's address" in notices[0]
    assert "--agent-domain" in notices[0]


def test_domain_of_nearly_all_threads_is_the_company() -> None:
    threads = [
        mail(number=n, sender=f"c{n}@host{n}.example", to="jo@lamps.example", subject=f"Matter {n}")
        for n in range(1, 5)
    ]
    good, bad, _ = read_bytes(mbox(*threads, answer(9, 4)), ReadOptions())
    assert not bad
    assert [item.role for item in good[-1].utterances] == [Role.CUSTOMER, Role.AGENT]


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        ("ana@mail.example", "jo@lamps.example"),
        ("ana@gmail.com", "jo@gmail.com"),
        ("help@mail.example", "support@lamps.example"),
        ("jo@lamps.example", "bo@lamps.example"),
    ],
)
def test_weak_evidence_is_an_error_that_names_the_option(sender: str, to: str) -> None:
    good, bad, _ = read_bytes(mail(sender=sender, to=to, headers={"In-Reply-To": "<0@x>"}).encode(), ReadOptions())
    assert not good
    assert "--agent-domain DOMAIN, or --agent-address ADDRESS" in bad[0]
    assert sender in bad[0]


@pytest.mark.parametrize("told", ["@lamps.example", "@LAMPS.example ", "jo@lamps.example"])
def test_role_of_a_domain_or_address_tells_both_sides(told: str) -> None:
    """What is said of one side with --role leaves the other: nothing more must be asked for."""
    content = mail(sender="ana@mail.example", to="jo@lamps.example", headers={"In-Reply-To": "<0@x>"}).encode()

    (record,), bad, notices = read_bytes(content, ReadOptions(roles={told: Role.AGENT}))

    assert not bad
    assert not notices
    assert record.utterances[0].role is Role.CUSTOMER


def test_role_of_one_address_inside_a_company_is_not_its_colleagues() -> None:
    content = mail(sender="bo@lamps.example", to="jo@lamps.example").encode()

    (record,), bad, _ = read_bytes(content, ReadOptions(roles={"jo@lamps.example": Role.AGENT}))

    assert not bad
    assert record.utterances[0].role is Role.CUSTOMER


def test_mail_without_any_address_is_an_error_that_names_the_option() -> None:
    _, bad, _ = read_bytes(mail(sender="Ana", to="").encode(), ReadOptions())
    assert "--agent-domain" in bad[0]


def test_threads_without_anybody_of_the_company_are_told() -> None:
    _, _, notices = read_bytes(mail(to="bo@other.example").encode())
    assert "nobody of lamps.example" in notices[-1]


# -- threads


def test_thread_is_one_conversation_in_time_order_whatever_the_order_of_the_file() -> None:
    thread = [mail(), answer(2, 1), mail(number=3, body="And the bill?", answers="<2@x.example>")]
    for order in permutations(thread):
        good, bad, _ = read_bytes(mbox(*order))
        assert not bad
        (chat,) = good
        assert [text for _, text in said(chat)] == ["Where is my lamp?", "It left on Monday.", "And the bill?"]
        assert chat.id == "1@x.example"


def test_mails_that_answer_a_mail_that_is_not_there_are_joined() -> None:
    good, _, _ = read_bytes(mbox(answer(2, 1), mail(number=3, answers="<1@x.example>")))
    assert len(good) == 1


def test_threads_of_outlook_are_joined_by_their_index() -> None:
    index = "AdMq" + "A" * 24
    good, _, _ = read_bytes(
        mbox(
            mail(headers={"Thread-Index": index, "Message-ID": ""}),
            mail(number=2, sender="jo@lamps.example", headers={"Thread-Index": index + "AAAA"}),
        )
    )
    assert len(good) == 1


def test_answer_without_reference_is_joined_by_subject_and_people_and_told() -> None:
    lost = mail(number=2, sender="jo@lamps.example", to="ana@mail.example", subject="AW: Re: my LAMP", body="It left.")
    stranger = mail(number=3, sender="cy@mail.example", to="jo@lamps.example", subject="Re: My lamp")
    good, _, notices = read_bytes(mbox(mail(to="jo@lamps.example"), lost, stranger))
    assert [len(chat.utterances) for chat in good] == [2, 1]
    assert "joined 1 mails to threads by subject" in notices[0]


def test_new_mail_with_an_old_subject_is_a_conversation_of_its_own() -> None:
    good, _, _ = read_bytes(mbox(mail(), mail(number=2)))
    assert len(good) == 2


def test_answer_never_stands_before_its_question_however_wrong_the_clock_is() -> None:
    good, _, _ = read_bytes(mbox(answer(1, 9), mail(number=9)))
    assert [role for role, _ in said(good[0])] == ["customer", "agent"]


def test_circle_of_references_is_read_once_each() -> None:
    circle = [mail(number=n, answers=f"<{n % 3 + 1}@x.example>", body=f"mail {n}") for n in (1, 2, 3)]
    good, bad, _ = read_bytes(mbox(*circle, mail(number=4, answers="<4@x.example>", body="itself")))
    assert not bad
    assert sorted(text for chat in good for _, text in said(chat)) == ["itself", "mail 1", "mail 2", "mail 3"]


def test_copy_of_a_mail_is_left_out_and_another_mail_of_the_same_id_is_not() -> None:
    trace = TraceBook()
    options = ReadOptions(agent_domains=("lamps.example",), trace=trace)
    good, _, notices = read_bytes(mbox(mail(), mail(), mail(body="Another.")), options)
    assert [text for _, text in said(good[0])] == ["Where is my lamp?", "Another."]
    assert trace.omissions == {"mail: a copy of one that was read": 1}
    assert "used twice" in notices[0]


@pytest.mark.parametrize(
    ("subject", "plain"),
    [
        ("Re: My lamp", ("my lamp", True)),
        ("AW: WG: Fwd[2]: RE : My  lamp", ("my lamp", True)),
        ("My lamp: re: the bulb", ("my lamp: re: the bulb", False)),
        ("Regarding my lamp", ("regarding my lamp", False)),
        ("", ("", False)),
    ],
)
def test_subject_is_compared_without_what_programs_put_before_it(subject: str, plain: tuple[str, bool]) -> None:
    assert plain_subject(subject) == plain


# -- mbox


def test_lines_that_begin_with_from_part_no_mails() -> None:
    body = "From here on it is dark.\n\nFrom Leeds, 10:14 in 2026 it left\n\n>From my side that is all."
    good, bad, _ = read_bytes(mbox(mail(body=body), mail(number=2, subject="Other")))
    assert not bad
    assert [len(chat.utterances) for chat in good] == [1, 1]
    assert good[0].utterances[0].text == body.replace(">From", "From")


def test_bad_mail_is_told_with_its_line_and_the_others_are_read() -> None:
    good, bad, _ = read_bytes(mbox(mail(), mail(number=2, sender="", subject="none"), mail(number=3, subject="x")))
    assert [chat.id for chat in good] == ["1@x.example", "3@x.example"]
    assert bad == ["-:10: the mail has no sender: no From, Sender or Reply-To header; add one, or leave it out"]


def test_too_large_mail_is_told_and_the_others_are_read() -> None:
    options = ReadOptions(agent_domains=("lamps.example",), max_record_bytes=5000)
    good, bad, _ = read_bytes(mbox(mail(body="x" * 9000), mail(number=2, subject="Other")), options)
    assert [chat.id for chat in good] == ["2@x.example"]
    assert "larger than" in bad[0]


def test_too_large_thread_is_told_and_the_others_are_read() -> None:
    options = ReadOptions(agent_domains=("lamps.example",), max_record_bytes=5000)
    long = [mail(body="x" * 3000), answer(2, 1, body="y" * 3000), mail(number=3, subject="Other")]
    good, bad, _ = read_bytes(mbox(*long), options)
    assert [chat.id for chat in good] == ["3@x.example"]
    assert "the thread is larger than" in bad[0]


def test_mailbox_needs_memory_for_its_headers_only(tmp_path: Path) -> None:
    """Sixty megabytes of words in a process that may take less than that beyond what Python and convscan need."""
    path = tmp_path / "big.mbox"
    with path.open("wb") as file:
        for number in range(600):
            file.write(
                mbox(mail(subject=f"Matter {number}", headers={"Message-ID": f"<{number}@x>"}, body="words\n" * 17_000))
            )
    program = (
        "import sys; from convscan.readers import ReadOptions, read;"
        "sys.path.append(sys.argv[2]); from peak_memory import peak_memory_mib;"
        "before = peak_memory_mib();"
        "count = sum(1 for _ in read([sys.argv[1]], ReadOptions(agent_domains=('lamps.example',))));"
        "print(count, peak_memory_mib() - before)"
    )
    done = subprocess.run([sys.executable, "-c", program, path, BENCHMARKS], capture_output=True, text=True, check=True)
    count, grown_mib = done.stdout.split()
    assert int(count) == 600
    assert float(grown_mib) < 40


# -- folders


def test_maildir_is_read_with_the_sent_folder_inside_it() -> None:
    chats = [item for item in read([str(FORMATS / "eml" / "maildir")], SHOP) if isinstance(item, Conversation)]
    assert [[item.role.value for item in chat.utterances] for chat in chats] == [["customer", "bot", "agent"]]


def test_folder_of_mails_is_read_as_threads(tmp_path: Path) -> None:
    for number, content in enumerate((answer(2, 1), mail(), mail(number=3, sender=""), "no mail at all")):
        (tmp_path / f"{number}.eml").write_text(content, encoding="utf-8")
    records = list(read([str(tmp_path)], SHOP))
    assert [len(item.utterances) for item in records if isinstance(item, Conversation)] == [2]
    bad = sorted(item.message for item in records if isinstance(item, BadRecord))
    assert [message.partition(": ")[0] for message in bad] == [f"{tmp_path}{os.sep}{n}.eml" for n in (2, 3)]


def test_mail_of_apple_mail_has_a_count_above_and_data_below() -> None:
    content = mail()
    text = f"{len(content)}       \n{content}<?xml version='1.0'?><plist/>"
    assert said(only(text)) == [("customer", "Where is my lamp?")]


# -- recognition


@pytest.mark.parametrize(
    "path", sorted(FORMATS.glob("eml/*.eml")) + sorted(FORMATS.glob("m*/*.m*")), ids=lambda p: p.name
)
def test_fixtures_are_recognised_by_content(path: Path) -> None:
    found = reader_for(path.read_bytes()[:65536], "export.txt")
    assert found is not None
    assert found.name == path.parent.name


@pytest.mark.parametrize(
    "head",
    [
        "From: Leeds\nTo: York\nDate: 3 May\nAgent: Which train?\n",
        "Subject: My lamp\n\nHi there",
        "Customer: Hi\nAgent: Hello\n",
        "Date: 3 May\nChannel: chat\nAgent: Hello\nCustomer: Hi\n",
        "From here on\n",
        "",
    ],
)
def test_transcripts_are_no_mails(head: str) -> None:
    assert not looks_like_mail(head.encode())


# -- Outlook


def test_outlook_mail_is_read_from_its_properties() -> None:
    (chat,) = read([str(FORMATS / "msg" / "answer.msg")], SHOP)
    assert isinstance(chat, Conversation)
    (utterance,) = chat.utterances
    assert (chat.id, utterance.role, utterance.author) == ("two@lamps.example", Role.AGENT, "Jo Lindqvist")
    assert utterance.timestamp == "2026-03-03T10:14:00+00:00"
    assert utterance.metadata["to"] == ["ana@mail.example"]


def test_office_file_that_is_no_mail_says_so() -> None:
    _, bad, _ = read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    assert "is no mail of Outlook" in bad[0]


@pytest.mark.parametrize("at", [0x2C, 0x40, 0x48])
def test_container_that_says_it_is_larger_than_it_is_is_refused(at: int) -> None:
    content = bytearray((FORMATS / "msg" / "answer.msg").read_bytes())
    content[at : at + 4] = b"\xff\xff\xff\x7f"
    _, bad, _ = read_bytes(bytes(content))
    assert "is no mail of Outlook, or a damaged one" in bad[0]


def test_streams_that_say_they_are_endless_are_refused() -> None:
    content = (FORMATS / "msg" / "answer.msg").read_bytes()
    name = "__substg1.0_1000001F".encode("utf-16-le")
    at = content.index(name) + 120
    _, bad, _ = read_bytes(content[:at] + b"\xff\xff\xff\x7f" + content[at + 4 :])
    assert "is no mail of Outlook, or a damaged one" in bad[0]


def test_missing_package_is_named_with_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "oxmsg", None)
    _, bad, _ = read_bytes((FORMATS / "msg" / "answer.msg").read_bytes())
    assert "pip install 'convscan[mail]'" in bad[0]


# -- whatever comes


def nested(depth: int) -> str:
    opened = "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth - 1))
    body = f"{opened}--b{depth - 1}\nContent-Type: text/plain\n\ndeep words"
    return mail(headers={"Content-Type": "multipart/mixed; boundary=b0"}, body=body)


@pytest.mark.parametrize("depth", [60, 3000])
def test_mail_that_is_nested_too_deeply_is_refused(depth: int) -> None:
    with pytest.raises(TranscriptError, match="nested too deeply"):
        parse_mail(nested(depth).encode())


@pytest.mark.parametrize(
    "content",
    [
        nested(20),
        multipart("mixed", "Content-Type: text/plain\n\ndeep words", closed=False),
        mail(headers={"Content-Type": "multipart/mixed"}, body="deep words"),
        mail(to="(" * 5000, body="deep words", sender="Jo <help@lamps.example>"),
        mail(headers={"Content-Type": "text/plain" + "; a*0=1" * 5000}, body="deep words"),
        mail(headers={"References": " ".join(f"<{n}@x>" for n in range(50_000))}, body="deep words"),
        mail(subject="=?a?q?" * 10_000, body="deep words"),
        mail(headers={"Date": "Tue, 99 Mar 99999 99:99:99 +9999"}, body="deep words"),
        mail(headers={"Content-Type": "text/html"}, body="<div>" * 10_000 + "deep words"),
    ],
    ids=["nested", "cut", "no boundary", "brackets", "parameters", "references", "subject", "date", "html"],
)
def test_words_of_a_bent_mail_are_read(content: str) -> None:
    assert "deep words" in only(content).utterances[0].text


_BENT = """From x Tue Mar  3 10:14:00 2026
From: a@b.example
From: (((
To: help@lamps.example
Subject: =?utf-8?q?x
Subject: Re: x
Message-ID: <1@x>
In-Reply-To: <1@x>
References: <1@x> <2@x>
Date: Tue, 3 Mar 2026 10:14
Content-Type: multipart/mixed; boundary=b
Content-Type: multipart/alternative; boundary="b
Content-Type: text/html; charset=zip
Content-Type: message/rfc822
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename*=x''%ff
Auto-Submitted: auto-replied
--b
--b--

x
=C3=
\xff\0
\tfolded"""
_LINES = st.sampled_from(_BENT.split("\n"))


@settings(max_examples=200)
@given(st.lists(_LINES, max_size=25), st.sampled_from(["eml", "mbox"]))
def test_any_mixture_of_lines_gives_records_and_no_other_error(lines: list[str], reader: str) -> None:
    content = "\n".join(["From x Tue Mar  3 10:14:00 2026", "From: a@b.example", *lines]).encode("latin-1")
    options = ReadOptions(agent_domains=("lamps.example",), format=reader)
    assert list(read(["-"], options, stdin=io.BytesIO(content)))
