"""Every conversation of a scan has an id of its own, and keeps it."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.readers import BadRecord, content_id, with_unique_ids

TALK = Conversation("", (Utterance(Role.CUSTOMER, "The tap drips.", author="Mo", timestamp="2026-05-01T08:00:00Z"),))


def ids_of(*wanted: str) -> list[str]:
    return [str(record.id) for record in with_unique_ids(replace(TALK, id=name) for name in wanted)]


def test_given_id_is_kept() -> None:
    assert ids_of("a", "b") == ["a", "b"]


def test_repeated_id_is_numbered() -> None:
    assert ids_of("a", "b", "a", "a") == ["a", "b", "a#2", "a#3"]


def test_number_that_is_taken_is_passed_over() -> None:
    assert ids_of("a", "a#2", "a", "a#2") == ["a", "a#2", "a#3", "a#2#2"]


def test_without_id_it_is_a_hash_of_the_content() -> None:
    (first, second) = ids_of("", "")

    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert second == f"{first}#2"


def test_hash_does_not_depend_on_the_place() -> None:
    moved = replace(TALK, source=Source("elsewhere.jsonl", 99), metadata={"team": "night"})

    assert content_id(moved) == content_id(TALK)


def test_hash_depends_on_all_that_was_said() -> None:
    (said,) = TALK.utterances
    others = [
        replace(TALK, channel=Channel.CHAT),
        *(
            replace(TALK, utterances=(other,))
            for other in (
                replace(said, role=Role.AGENT),
                replace(said, text="The tap drips!"),
                replace(said, author="Mia"),
                replace(said, author_id="7"),
                replace(said, timestamp=None),
            )
        ),
    ]

    assert len({content_id(TALK), *(content_id(other) for other in others)}) == 1 + len(others)


def test_hash_is_the_same_in_every_version() -> None:
    """Baselines and fingerprints are stored; a change here breaks them."""
    assert content_id(TALK) == "376c7eb8a8774579"


def test_lone_surrogate_can_be_hashed() -> None:
    assert ids_of("\ud800", "\ud800") == ["\ud800", "\ud800#2"]
    assert content_id(replace(TALK, utterances=(Utterance(Role.AGENT, "\ud800"),)))


def test_given_ids_that_repeat_are_told_a_few_times_then_counted() -> None:
    notices: list[str] = []
    source = Source("joined.jsonl", 4)

    list(with_unique_ids([replace(TALK, id="a", source=source)] * 10, notify=notices.append))

    assert len(notices) == 4
    assert notices[0] == "joined.jsonl:4: the id 'a' was used before; this conversation is reported as 'a#2'"
    assert notices[-1].startswith("6 more conversations")


def test_same_content_twice_is_no_news() -> None:
    notices: list[str] = []

    list(with_unique_ids([TALK, TALK], notify=notices.append))

    assert notices == []


def test_bad_records_pass_through() -> None:
    bad = BadRecord(Source("x.jsonl", 1), "x.jsonl:1: broken", "a")

    assert list(with_unique_ids([bad, replace(TALK, id="a"), bad])) == [bad, replace(TALK, id="a"), bad]


@given(st.lists(st.sampled_from(["", "a", "a#2", "a#3", "a#2#2", "b"]), max_size=30))
def test_ids_are_unique(wanted: list[str]) -> None:
    found = ids_of(*wanted)

    assert len(set(found)) == len(wanted)
