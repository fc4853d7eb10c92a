"""Customer Support on Twitter: tweets joined to threads, whatever their order and whatever is missing."""

import io
import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role
from convscan.readers import BadRecord, ReadOptions, read
from convscan.readers.base import Record

DATA = Path(__file__).parents[1] / "data" / "formats" / "twitter" / "tweets.csv"
HEAD = "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id\n"


class Pipe(io.RawIOBase):
    """A stream that cannot be read twice."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override] # as BufferedReader calls it
        chunk = self._content.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def records_of(rows: str, notices: list[str] | None = None, **roles: Role) -> list[Record]:
    told: list[str] = [] if notices is None else notices
    content = (HEAD + rows).encode()
    records = list(read(["-"], ReadOptions(roles=roles), notify=told.append, stdin=io.BytesIO(content)))
    piped = list(read(["-"], ReadOptions(roles=roles), stdin=io.BufferedReader(Pipe(content))))
    assert records == piped
    return records


def texts(record: Record) -> list[str]:
    assert isinstance(record, Conversation), record
    return [item.text for item in record.utterances]


def row(tweet: int, author: str, *, answers: str = "", answered_by: str = "", minute: int | None = None) -> str:
    inbound = author.startswith("c")
    time = "" if minute is None else f"Tue Nov 07 09:{minute:02}:00 +0000 2017"
    return f"{tweet},{author},{inbound},{time},t{tweet},{answered_by},{answers}\n"


def test_threads_are_told_apart_by_customer() -> None:
    first, second, third = read([str(DATA)])

    assert isinstance(first, Conversation)
    assert [(item.role, item.author) for item in first.utterances] == [
        (Role.CUSTOMER, "88001"),
        (Role.AGENT, "HillsideTrains"),
        (Role.CUSTOMER, "88001"),
    ]
    assert (first.id, first.channel, str(first.source)) == ("11", Channel.SOCIAL, f"{DATA}:2")
    assert first.utterances[0].text == "@HillsideTrains no heating & no lights in coach B again"
    assert first.utterances[0].timestamp == "2017-11-07T09:01:00Z"
    assert texts(second)[0].startswith("@HillsideTrains same here")
    assert texts(third)[0] == "@88003 Your refund was paid this morning."


def test_answers_are_found_in_both_directions() -> None:
    (record,) = records_of(row(3, "c1", answers="2") + row(1, "c1", answered_by="2") + row(2, "Shop"))

    assert texts(record) == ["t1", "t2", "t3"]


def test_answers_to_a_tweet_that_is_gone_belong_together_and_it_is_told() -> None:
    notices: list[str] = []
    (record,) = records_of(row(2, "Shop", answers="1", minute=1) + row(3, "Shop", answers="1", minute=2), notices)

    assert texts(record) == ["t2", "t3"]
    assert any("1 tweets that are answered are not in the file" in notice for notice in notices)


def test_announcement_to_several_customers_stands_by_itself() -> None:
    rows = row(1, "Shop") + row(2, "c1", answers="1") + row(3, "c2", answers="1") + row(4, "Shop", answers="3")

    assert [texts(record) for record in records_of(rows)] == [["t1"], ["t2"], ["t3", "t4"]]


def test_tweets_that_answer_each_other_in_a_circle_are_one_thread() -> None:
    notices: list[str] = []
    rows = row(1, "c1", answers="3") + row(2, "c1", answers="1") + row(3, "c1", answers="2") + row(4, "c1", answers="4")

    assert sorted(len(texts(record)) for record in records_of(rows, notices)) == [1, 3]
    assert any("lead back to themselves" in notice for notice in notices)


def test_bad_rows_are_reported_and_the_others_are_read() -> None:
    rows = f'x,c1,True,,a,,\n2,c1,perhaps,,a,,\n3,c1\n4,c1,True,,"open,,\n{row(5, "c1")}{row(5, "c1")}'

    records = records_of(rows)
    bad = [record for record in records if isinstance(record, BadRecord)]

    assert sorted(record.source.line or 0 for record in bad) == [2, 3, 4, 5, 7]
    assert [texts(record) for record in records if isinstance(record, Conversation)] == [["t5"]]


def test_user_says_who_is_who() -> None:
    (record,) = records_of(row(1, "c1") + row(2, "Helper", answers="1"), helper=Role.BOT)

    assert isinstance(record, Conversation)
    assert [item.role for item in record.utterances] == [Role.CUSTOMER, Role.BOT]


def test_chain_of_50_000_tweets_is_one_conversation() -> None:
    rows = [row(number, "c1" if number % 2 else "Shop", answers=str(number - 1)) for number in range(2, 50_001)]
    random.Random(7).shuffle(rows)  # noqa: S311 - any order will do

    (record,) = read(["-"], stdin=io.BytesIO((HEAD + row(1, "c1") + "".join(rows)).encode()))

    assert texts(record) == [f"t{number}" for number in range(1, 50_001)]


@given(
    parents=st.lists(st.integers(0, 30), min_size=1, max_size=25),
    customers=st.lists(st.booleans(), min_size=25, max_size=25),
    data=st.data(),
)
def test_every_tweet_is_in_one_conversation_and_order_of_rows_changes_none(
    parents: list[int], customers: list[bool], data: st.DataObject
) -> None:
    rows = [
        row(number, f"c{number % 3}" if customers[number - 1] else "Shop", answers=str(parent or ""))
        for number, parent in enumerate(parents, start=1)
    ]
    shuffled = data.draw(st.permutations(rows))

    found = [sorted(texts(record)) for record in records_of("".join(shuffled))]

    assert sorted(text for conversation in found for text in conversation) == sorted(
        f"t{number}" for number in range(1, len(parents) + 1)
    )
    if not _has_circle(parents):
        assert sorted(found) == sorted(sorted(texts(record)) for record in records_of("".join(rows)))


def _has_circle(parents: list[int]) -> bool:
    for start in range(1, len(parents) + 1):
        node, steps = start, 0
        while 0 < node <= len(parents) and steps <= len(parents):
            node, steps = (0 if parents[node - 1] == node else parents[node - 1]), steps + 1
        if steps > len(parents):
            return True
    return False
