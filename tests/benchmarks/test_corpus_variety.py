"""How varied a corpus is: what counts as said twice, and when the splits are not apart."""

from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase

import pytest
from corpus_variety import Said, main, near_duplicates, words_of

from convscan.training.corpus import Split

SENT = "agent: Please send the blue form back today."
SENT_ALIKE = "agent: Please send the blue form back tomorrow."


def said(text: str, *, author: str = "w1", piece: str = "c1", split: Split = Split.TRAIN) -> Said:
    return Said(text, words_of(text), piece, author, split)


def shared_runs(one: str, other: str) -> list[tuple[int, float]]:
    return [(pair.shared, pair.containment) for pair in near_duplicates([said(one), said(other)])]


def unlike(number: int) -> str:
    """A sentence of seven words that shares no run of five with any other."""
    letters = ascii_lowercase[number // 26] + ascii_lowercase[number % 26]
    return f"{letters} is {letters} and {letters} was {letters}."


def printed(capsys: pytest.CaptureFixture[str], name: str) -> str:
    """Return what stands after a name in the output."""
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.strip().startswith(name))
    return line.strip().removeprefix(name).strip()


# -- sentences -------------------------------------------------------------------------------


def test_case_and_apostrophes_are_no_difference() -> None:
    assert words_of("It\u2019s MINE, isn't it?") == ("it's", "mine", "isn't", "it")


def test_numbers_are_one_word_however_they_are_written() -> None:
    """A row of figures is alike in every conversation and says nothing of its wording."""
    assert words_of("Pay £17.20 by 3/4") == ("pay", "0", "by", "0")
    assert words_of("then 3,550, 3,620, 3,900") == ("then", "0")


def test_sentences_that_share_half_of_the_shorter_ones_runs_are_near_duplicates() -> None:
    # Runs of five: send…back and the…today, send…back and the…tomorrow.
    assert shared_runs("Send the blue form back today.", "Send the blue form back tomorrow.") == [(1, 0.5)]
    assert shared_runs("Please send the blue form back today.", "Please send the blue form back today?") == [(3, 1.0)]


def test_a_short_sentence_inside_a_long_one_is_a_near_duplicate() -> None:
    long = "We have one more wish, please send the blue form back today, and thanks."
    assert shared_runs("Send the blue form back today.", long) == [(2, 1.0)]


def test_sentences_that_share_less_are_none() -> None:
    # Four words in a row are shared.
    assert shared_runs("Send the blue form home today.", "Send the blue form back today.") == []
    # One of three runs is.
    assert shared_runs("Send the blue form back to us.", "Send the blue form back by post today.") == []


def test_short_sentences_are_anybodys() -> None:
    assert shared_runs("Thank you for the photo.", "Thank you for the photo.") == []


# -- splits ----------------------------------------------------------------------------------


def test_test_sentence_in_another_authors_training_piece_fails(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus((id_of(Split.TRAIN), (SENT,), {}, "w1"), (id_of(Split.TEST), (SENT_ALIKE,), {}, "w2"))

    assert main([str(folder)]) == 1
    assert printed(capsys, "FAILED:").startswith("1 of 1 (100.00%)")


def test_an_authors_own_words_are_counted_but_do_not_fail(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus((id_of(Split.TRAIN), (SENT,), {}, "w1"), (id_of(Split.TEST), (SENT_ALIKE,), {}, "w1"))

    assert main([str(folder)]) == 0
    assert printed(capsys, "test sentences with one anywhere in train or dev:") == "1 of 1 (100.00%)"


def test_sentence_in_dev_fails_too(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus((id_of(Split.DEV), (SENT,), {}, "w1"), (id_of(Split.TEST), (SENT_ALIKE,), {}, "w2"))

    assert main([str(folder)]) == 1
    assert printed(capsys, "with one in another split:") == "2 of 2 (100.00%)"


def test_words_of_customers_and_quoted_mail_do_not_count(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(
        (id_of(Split.TRAIN), (SENT,), {}, "w1"),
        (id_of(Split.TEST), (f"customer: {SENT}", f"agent: It is done.\n\n> {SENT}"), {}, "w2"),
    )

    assert main([str(folder)]) == 0
    assert printed(capsys, "agent sentences in conversations:") == "2"


@pytest.mark.parametrize(("others", "code"), [(98, 1), (99, 0)])
def test_one_in_a_hundred_may_cross(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], others: int, code: int
) -> None:
    tested = (SENT_ALIKE, *(f"agent: {unlike(number)}" for number in range(others)))
    folder = write_corpus((id_of(Split.TRAIN), (SENT,), {}, "w1"), (id_of(Split.TEST), tested, {}, "w2"))

    assert main([str(folder)]) == code


def test_families_are_looked_through_too(write_corpus: Callable[..., Path], id_of: Callable[..., str]) -> None:
    name = id_of(Split.TRAIN, "blame/customer")
    line = {"family": name, "fires": False, "text": SENT.removeprefix("agent: ")}
    folder = write_corpus((id_of(Split.TEST), (SENT_ALIKE,), {}, "w2"), families={"blame/customer": [line]})

    assert main([str(folder)]) == 1


# -- figures ---------------------------------------------------------------------------------


def test_repeated_words_and_openings_are_counted(
    write_corpus: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_corpus(
        ("c1", ("agent: We can do it now.", "agent: We can do it.", "agent: Try to do it."), {}, "w1")
    )
    main([str(folder)])
    output = capsys.readouterr().out

    # we can do it now / we can do it / try to do it
    assert "distinct among all 1-grams: 7 of 13 (53.85%)" in output
    # we-can can-do do-it it-now / … / try-to to-do do-it
    assert "distinct among all 2-grams: 6 of 10 (60.00%)" in output
    # we-can-do can-do-it do-it-now / … / try-to-do to-do-it
    assert "distinct among all 3-grams: 5 of 7 (71.43%)" in output
    assert "sentences whose first four words open no other: 1 of 3 (33.33%)" in output
    assert "   2 we can do it …" in output


def test_lengths_are_medians(write_corpus: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_corpus(
        (
            "c1",
            ("agent: One. One two.", "agent: One two.", "customer: Well.", "agent: One two three four five."),
            {},
            "w",
        )
    )
    main([str(folder)])

    # Sentences of 1, 2, 2 and 5 words; turns of 3 and 1 sentences.
    assert "chat: 2 words a sentence, 2 sentences a turn" in capsys.readouterr().out


def test_where_faults_stand_is_counted_by_turn(
    write_corpus: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = ("agent: Calm down.", "customer: What?", "agent: Sorry.", "agent: Really.")
    calm = {"rule": "acknowledgement/dismissive", "utterance": 0, "quote": "Calm down"}
    absent = {"rule": "acknowledgement/missing", "utterance": 2}
    solved = {"kind": "resolved", "utterance": 1, "quote": "What?"}
    sorry = {"kind": "apology", "utterance": 2, "quote": "Sorry"}
    folder = write_corpus(
        ("c1", spoken, {"findings": [calm], "deposits": [sorry]}, "w"),
        ("c2", spoken, {"findings": [absent]}, "w"),
        ("c3", spoken, {"findings": [calm, absent, {"rule": "thanks/missing"}]}, "w"),
        # What is missing in the whole conversation stands in no turn.
        ("c4", spoken, {"findings": [{"rule": "thanks/missing"}], "triggers": [solved]}, "w"),
        # With one agent turn, there is no course to speak of.
        ("c5", spoken[:1], {"findings": [calm]}, "w"),
    )
    main([str(folder)])
    output = capsys.readouterr().out

    assert "two agent turns or more, faults in the first only: 1 of 4" in output
    assert "two agent turns or more, faults in a later one only: 1 of 4" in output
    assert "two agent turns or more, faults in the first and later: 1 of 4" in output
    assert "two agent turns or more, no faults in any: 1 of 4" in output
    assert "faults in words, one: 3 of 5" in output
    assert "with a customer, the customer calls it resolved: 1 of 4" in output


def test_families_are_counted_once_a_family(
    write_corpus: Callable[..., Path], id_of: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    rule = "blame/customer"
    fault = {"family": id_of(Split.DEV, rule), "fires": True, "text": "You should have.", "quotes": ["You should have"]}
    miss = {"family": id_of(Split.TEST, rule), "fires": False, "text": "We should have."}
    folder = write_corpus(("c1", ("agent: Hi.",), {}, "w"), families={rule: [fault, fault, miss]})
    main([str(folder)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if rule in line]

    # Families of train, dev and test; lines.
    assert lines == [[rule, "faults", "0", "1", "0;", "2"], [rule, "near", "misses", "0", "0", "1;", "1"]]


def test_folder_without_a_corpus_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"{tmp_path}: no conversations")
