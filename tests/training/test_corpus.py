"""The corpus: what is read, where mistakes are told, and who sees what."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from convscan.conversation import Channel, Conversation, Role, Utterance
from convscan.errors import AnnotationError, ConvscanError
from convscan.finding import Fate
from convscan.language.pipeline import LanguagePipeline
from convscan.language.stand_ins import stand_in_text
from convscan.learned.windows import exchanges
from convscan.training.corpus import Example, Marked, MarkedPromise, Quoted, Split, of_split, read_corpus

NOTHING = Conversation("c", ())
TEXT = "We are sorry. You broke it, did you not? Bye."
SORRY, BROKE, BYE = (0, 13), (14, 40), (41, 45)
ONE = '{"id": "a", "utterances": [{"role": "agent", "text": "Hello."}]}\n'
NONE_WRONG = '{"id": "a", "findings": []}\n'

WriteCorpus = Callable[..., Path]


@pytest.fixture
def corpus(tmp_path: Path) -> WriteCorpus:
    """Write a corpus of one file of conversations, and of one family if it is given."""

    def write(conversations: str = ONE, annotations: str | None = NONE_WRONG, family: str | None = None) -> Path:
        (tmp_path / "conversations").mkdir()
        (tmp_path / "conversations" / "chat.jsonl").write_text(conversations)
        if annotations is not None:
            (tmp_path / "conversations" / "chat.annotations.jsonl").write_text(annotations)
        if family is not None:
            (tmp_path / "families" / "blame").mkdir(parents=True)
            (tmp_path / "families" / "blame" / "customer.jsonl").write_text(family)
        return tmp_path

    return write


def promised(**changed: object) -> str:
    """Return annotations with an open promise, changed."""
    promise = {"utterance": 0, "quote": "Hello", "fate": "open", **changed}
    return json.dumps({"id": "a", "findings": [], "promises": [promise]}) + "\n"


def marked(group: str, **mark: object) -> str:
    """Return annotations with one mark."""
    return json.dumps({"id": "a", group: [{"utterance": 0, **mark}]}) + "\n"


# -- reading ---------------------------------------------------------------------------------


def test_conversation_is_read_with_all_its_marks(corpus: WriteCorpus) -> None:
    annotations = {
        "id": "a",
        "findings": [{"rule": "blame/customer", "utterance": 0, "quote": "Hello"}, {"rule": "thanks/missing"}],
        "deposits": [{"kind": "thanks", "utterance": 0}],
        "triggers": [{"kind": "praise", "utterance": 0, "quote": "ello"}],
    }
    (example,) = read_corpus(corpus(annotations=json.dumps(annotations)))

    assert (example.key, example.only, example.conversation.utterances[0].text) == ("a", None, "Hello.")
    assert example.marks == (
        Marked("blame/customer", 0, "Hello"),
        Marked("thanks/missing"),
        Marked("+thanks", 0),
        Marked("!praise", 0, "ello"),
    )


def test_promises_are_read_with_what_became_of_them(corpus: WriteCorpus) -> None:
    both = {
        "id": "a",
        "utterances": [{"role": "agent", "text": "I'll call."}, {"role": "customer", "text": "You did."}],
    }
    kept = {"utterance": 0, "quote": "I'll call", "fate": "kept", "evidence": {"utterance": 1, "quote": "You did"}}
    (example,) = read_corpus(corpus(json.dumps(both), json.dumps({"id": "a", "promises": [kept]})))

    assert example.promises == (MarkedPromise(Quoted(0, "I'll call"), Fate.KEPT, Quoted(1, "You did")),)


TOLD_BEFORE = {"utterance": 0, "quote": "It is ten"}
CALLED = {"utterance": 1, "quote": "I'll call", "fate": "kept", "evidence": TOLD_BEFORE}
ASKED = {"utterance": 0, "quote": "It is ten", "fate": "open"}


@pytest.mark.parametrize(
    ("promise", "message"),
    [
        (CALLED, "'It is ten' stands before the promise"),
        (ASKED, "'It is ten' is promised in words"),
    ],
)
def test_promise_that_cannot_be_is_told(corpus: WriteCorpus, promise: dict[str, object], message: str) -> None:
    said = [{"role": "customer", "text": "It is ten."}, {"role": "agent", "text": "I'll call."}]
    record = json.dumps({"id": "a", "utterances": said})
    with pytest.raises(AnnotationError, match=rf"annotations\.jsonl:1: {message}"):
        read_corpus(corpus(record, json.dumps({"id": "a", "promises": [promise]})))


def test_templates_are_heard_as_they_are_scanned(corpus: WriteCorpus, language: LanguagePipeline) -> None:
    text = "Hello {{guest.name}}, room {{no}} is free."
    record = {"id": "a", "channel": "template", "utterances": [{"role": "agent", "text": text}]}
    (example,) = read_corpus(corpus(json.dumps(record)))
    ((utterance, sentence),) = example.hear(language).heard.turns[0].sentences

    assert sentence.text == stand_in_text(text) != text
    assert utterance.text == text
    (window,) = next(iter(exchanges(example.heard))).windows(lambda texts: [[len(one)] for one in texts])
    assert window.pieces[-2:] == (len(text), 102)


def test_promises_that_nobody_looked_for_are_not_none_at_all(corpus: WriteCorpus) -> None:
    (unknown,) = read_corpus(corpus())
    assert unknown.promises is None


def test_wordings_of_a_rule_are_read(corpus: WriteCorpus) -> None:
    family = (
        '{"family": "drop", "text": "You let go.", "quotes": ["let go"]}\n\n'
        '{"family": "drop", "customer": "It fell.", "text": "Your fault, you let go.", "quotes": ["fault", "let go"]}\n'
        '{"family": "lost", "text": "It got lost."}\n'
    )
    _, alone, answer, innocent = read_corpus(corpus(family=family))

    assert {one.only for one in (alone, answer, innocent)} == {"blame/customer"}
    assert alone.marks == (Marked("blame/customer", 0, "let go"),)
    assert answer.marks == (Marked("blame/customer", 1, "fault"), Marked("blame/customer", 1, "let go"))
    assert innocent.marks == ()
    assert [one.role for one in answer.conversation.utterances] == [Role.CUSTOMER, Role.AGENT]
    assert answer.conversation.channel is Channel.CHAT
    assert len({one.conversation.id for one in (alone, answer, innocent)}) == 3


def test_folder_without_a_corpus_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(ConvscanError, match=rf"^{tmp_path}: no conversations/\*\.jsonl with \*\.annotations\.jsonl"):
        read_corpus(tmp_path)


def test_conversations_without_annotations_name_the_missing_file(corpus: WriteCorpus) -> None:
    with pytest.raises(AnnotationError, match=r"chat\.annotations\.jsonl: No such file"):
        read_corpus(corpus(annotations=None))


def test_conversation_without_its_line_is_told_with_its_place(corpus: WriteCorpus) -> None:
    two = ONE + ONE.replace('"a"', '"b"')
    with pytest.raises(AnnotationError, match=r"/chat\.jsonl:2: conversation 'b' has no line in the annotations"):
        read_corpus(corpus(two))


@pytest.mark.parametrize(
    ("broken", "name"), [("conversations", "chat.jsonl"), ("annotations", "chat.annotations.jsonl")]
)
def test_line_that_is_no_json_is_told_with_its_place(corpus: WriteCorpus, broken: str, name: str) -> None:
    given_ = {"conversations": ONE, "annotations": NONE_WRONG}
    with pytest.raises(AnnotationError, match=rf"/{name}:3: no JSON: "):
        read_corpus(corpus(**{**given_, broken: given_[broken] + "\n{\n"}))


def test_wording_that_is_no_json_is_told_with_its_place(corpus: WriteCorpus) -> None:
    with pytest.raises(AnnotationError, match=r"/families/blame/customer\.jsonl:1: no JSON: "):
        read_corpus(corpus(family="You let go.\n"))


@pytest.mark.parametrize(
    ("broken", "content", "place"),
    [
        ("conversations", "[]\n", "chat.jsonl:1"),
        ("conversations", '{"id": "a"}\n', "chat.jsonl:1"),
        ("conversations", ONE.replace("agent", "boss"), "chat.jsonl:1"),
        ("conversations", ONE.replace("Hello.", "\udce9"), "chat.jsonl"),
        ("annotations", "[]\n", "chat.annotations.jsonl:1"),
        ("annotations", '{"findings": []}\n', "chat.annotations.jsonl:1"),
        ("annotations", '{"id": "a", "findings": [{"utterance": 0}]}\n', "chat.annotations.jsonl:1"),
        ("annotations", '{"id": "a", "findings": [], "deposits": [{}]}\n', "chat.annotations.jsonl:1"),
        ("annotations", NONE_WRONG + NONE_WRONG.replace('"a"', '"b"'), "chat.annotations.jsonl:2"),
        ("annotations", NONE_WRONG + NONE_WRONG, "chat.annotations.jsonl:2"),
        ("annotations", '{"id": "a", "findings": [{"rule": "b/c", "utterance": 9, "quote": "Hello"}]}\n', "jsonl:1"),
        ("annotations", '{"id": "a", "findings": [{"rule": "b/c", "utterance": 0, "quote": "Bye"}]}\n', "jsonl:1"),
        ("annotations", promised(fate="lost"), "chat.annotations.jsonl:1: 'lost' is no fate of a promise"),
        ("annotations", promised(quote="Bye"), "chat.annotations.jsonl:1: a promise quotes 'Bye'"),
        ("annotations", promised(fate="kept"), "chat.annotations.jsonl:1: a promise that is kept or broken has evid"),
        ("annotations", promised(evidence={"utterance": 0, "quote": "Hello"}), "annotations.jsonl:1: a promise that"),
        ("annotations", promised(quote=""), "annotations.jsonl:1: 'quote' must be a text that is not empty, found ''"),
        ("annotations", promised(evidence=None), "annotations.jsonl:1: 'evidence' must be an object, found None"),
        ("annotations", '{"id": "a", "promises": null}\n', "annotations.jsonl:1: 'promises' must be a list of objects"),
        ("annotations", '{"id": "a", "findings": null}\n', "annotations.jsonl:1: 'findings' must be a list of objects"),
        ("annotations", marked("findings", rule=None), "annotations.jsonl:1: 'rule' must be a text that is not empty"),
        ("annotations", marked("findings", rule="blame"), "annotations.jsonl:1: 'blame' is no rule id"),
        ("annotations", marked("findings", rule="b/c", quote=5), "annotations.jsonl:1: 'quote' must be a text"),
        ("annotations", marked("findings", rule="b/c", utterance=True), "utterance True, which is no number"),
        ("annotations", marked("findings", rule="b/c", utterance=0.0), "utterance 0.0, which is no number"),
        ("annotations", marked("deposits", kind="thank"), "annotations.jsonl:1: 'thank' is none of deposits: "),
        ("annotations", marked("triggers", kind="anger"), "annotations.jsonl:1: 'anger' is none of triggers: "),
        ("family", '{"text": "You let go."}\n', "customer.jsonl:1"),
        ("family", '{"family": "drop"}\n', "customer.jsonl:1"),
    ],
    ids=[
        *("no object", "no utterances", "no such role", "no UTF-8", "no object of marks", "marks of nothing"),
        *("mark without rule", "deposit without kind", "marks of no conversation", "marks twice"),
        *("mark where nothing was said", "mark on words that are not there"),
        *("fate that there is not", "promise in words that are not there", "fate without evidence"),
        "open with evidence",
        *("promise in no words", "evidence that is nothing", "promises that are nothing", "findings that are nothing"),
        *("no rule", "no rule id", "quote that is no text", "utterance that is a flag", "utterance that is a fraction"),
        *("no such deposit", "no such trigger"),
        *("wording without family", "wording without text"),
    ],
)
def test_malformed_line_is_told_with_its_place(tmp_path: Path, broken: str, content: str, place: str) -> None:
    files = {"conversations": ONE, "annotations": NONE_WRONG, "family": "", broken: content}
    (tmp_path / "conversations").mkdir()
    (tmp_path / "families" / "blame").mkdir(parents=True)
    for name, path in (
        ("conversations", "conversations/chat.jsonl"),
        ("annotations", "conversations/chat.annotations.jsonl"),
        ("family", "families/blame/customer.jsonl"),
    ):
        (tmp_path / path).write_bytes(files[name].encode("utf-8", "surrogateescape"))
    with pytest.raises(AnnotationError, match=place):
        read_corpus(tmp_path)


def test_numbers_as_ids_fit_each_other(corpus: WriteCorpus) -> None:
    (example,) = read_corpus(corpus(ONE.replace('"a"', "7"), NONE_WRONG.replace('"a"', "7")))
    assert example.key == "7"


# -- splits ----------------------------------------------------------------------------------


def test_split_of_a_key_is_for_ever() -> None:
    """Another hash would teach what was kept for the test."""
    splits = [Example(NOTHING, (), key).split.value for key in ("w1-001", "w1-008", "w1-004")]
    assert splits == ["train", "dev", "test"]


@given(st.text(), st.text(), st.booleans())
def test_split_depends_on_nothing_but_the_key(key: str, text: str, has_marks: bool) -> None:  # noqa: FBT001 # hypothesis gives it
    said = Conversation(text, (Utterance(Role.AGENT, text),))
    marks = (Marked("blame/customer", 0, text),) if has_marks else ()
    assert Example(said, marks, key, only="blame/customer").split is Example(NOTHING, (), key).split


def test_wording_families_are_never_divided(corpus: WriteCorpus) -> None:
    lines = [{"family": f"f-{number % 40}", "text": f"You let go of {number}."} for number in range(400)]
    _, *wordings = read_corpus(corpus(family="".join(json.dumps(line) + "\n" for line in lines)))

    by_family: dict[str, set[Split]] = {}
    for line, wording in zip(lines, wordings, strict=True):
        by_family.setdefault(str(line["family"]), set()).add(wording.split)
    assert all(len(splits) == 1 for splits in by_family.values())
    assert {split for splits in by_family.values() for split in splits} == set(Split)


def test_six_of_ten_parts_are_for_training_and_two_for_the_test() -> None:
    sizes = Counter(Example(NOTHING, (), f"c-{number}").split for number in range(5000))
    assert abs(sizes[Split.TRAIN] - 3000) < 150
    assert abs(sizes[Split.TEST] - 1000) < 120
    assert abs(sizes[Split.DEV] - 1000) < 120


def test_every_example_is_in_one_split_and_stays_in_order(examples: list[Example]) -> None:
    parts = [of_split(examples, split) for split in Split]
    assert sum(map(len, parts)) == len(examples)
    assert all(parts)
    both = of_split(examples, Split.TRAIN, Split.DEV)
    assert both == [example for example in examples if example not in of_split(examples, Split.TEST)]
    assert of_split(examples) == []


# -- which sentences a mark is about ---------------------------------------------------------


def labels(mark: Marked, place: tuple[int, int], utterance: int = 1) -> set[str]:
    said = (Utterance(Role.CUSTOMER, "You broke it."), Utterance(Role.AGENT, TEXT))
    return Example(Conversation("c", said), (mark,), "c").labels_of(utterance, *place)


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("You broke it", [BROKE]),
        (TEXT[slice(*BROKE)], [BROKE]),
        ("it, did you not? Bye.", [BROKE, BYE]),
        ("not? Bye.", [BYE]),
        ("sorry. You broke it", [BROKE]),
        ("are sorry. You broke", [SORRY]),
        (TEXT, [SORRY, BROKE, BYE]),
        ("? B", []),
    ],
    ids=[
        *("part of the sentence", "all of it", "half of one and all of another", "all of a short sentence"),
        *("most of the mark", "half of both", "everything", "too little of all"),
    ],
)
def test_sentence_is_what_half_of_the_mark_or_half_of_it_says(quote: str, expected: list[tuple[int, int]]) -> None:
    mark = Marked("blame/customer", 1, quote)
    assert [place for place in (SORRY, BROKE, BYE) if labels(mark, place)] == expected


def test_label_is_told(examples: list[Example]) -> None:
    assert labels(Marked("+apology", 1, "sorry"), SORRY) == {"+apology"}
    first = examples[0]
    text = first.conversation.utterances[1].text
    assert first.labels_of(1, 0, text.index(".") + 1) == {"+acknowledgement"}
    assert first.labels_of(1, 0, len(text)) == {"+acknowledgement", "tone/curt"}


@pytest.mark.parametrize(
    "mark",
    [
        Marked("blame/customer", 0, "You broke it"),
        Marked("blame/customer", None, "You broke it"),
        Marked("blame/missing", 1),
        Marked("blame/customer", 1, "You broke him"),
        Marked("blame/customer", 1, "We are sorry."),
    ],
    ids=["other utterance", "whole conversation", "an absence", "words that are not there", "other sentence"],
)
def test_mark_that_is_about_something_else_labels_nothing(mark: Marked) -> None:
    assert labels(mark, BROKE) == set()


def test_a_folder_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ConvscanError, match=r"nothere: no such folder"):
        read_corpus(tmp_path / "nothere")
