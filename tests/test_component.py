"""The spaCy component."""

import multiprocessing
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from convscan.errors import ConfigError, ConvscanWarning
from convscan.scanner import Scanner

BLAME = "Hello there. You should have read the manual."


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    """A blank English pipeline with convscan in it."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan")
    return pipeline


def test_span_findings_go_into_doc_spans(nlp: spacy.Language) -> None:
    doc = nlp(BLAME)
    spans = doc.spans["convscan"]

    assert [span.label_ for span in spans] == ["blame/customer"]
    assert "should have" in spans[0].text


def test_absences_are_not_looked_for(nlp: spacy.Language) -> None:
    """A Doc is one utterance: nobody knows what called for it."""
    assert len(nlp("Order number please.").spans["convscan"]) == 0


def test_a_clean_doc_gets_an_empty_group(nlp: spacy.Language) -> None:
    assert "convscan" in nlp("Thank you for the photo.").spans


def test_it_works_in_nlp_pipe_and_survives_a_docbin(nlp: spacy.Language) -> None:
    docs = list(nlp.pipe([BLAME, "Thank you."]))
    again = list(DocBin(docs=docs, store_user_data=True).get_docs(nlp.vocab))

    assert [[span.label_ for span in doc.spans["convscan"]] for doc in again] == [["blame/customer"], []]


def test_the_spans_key_and_the_rules_can_be_chosen() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan", config={"spans_key": "qa", "ignore": ["blame"]})

    assert len(pipeline(BLAME).spans["qa"]) == 0


def test_a_pipeline_with_it_is_rebuilt_from_its_config(nlp: spacy.Language) -> None:
    copy = spacy.util.load_model_from_config(nlp.config, auto_fill=True)

    doc = copy(BLAME)
    assert [span.label_ for span in doc.spans["convscan"]] == ["blame/customer"]


# -- what is told beside the label ---------------------------------------------------------------


def test_a_span_tells_its_whole_finding(nlp: spacy.Language, scanner: Scanner) -> None:
    doc = nlp(BLAME)
    [span] = doc.spans["convscan"]
    [finding] = [one for one in scanner.scan([("agent", BLAME)]).findings if one.rule == span.label_]

    told = span._.convscan

    assert told["message"] == finding.message
    assert told["suggestion"] == finding.suggestion
    assert told["severity"] == "error"
    assert told["fingerprint"] == span.id_
    assert BLAME[told["start"] : told["end"]] == told["quote"]


def test_other_spans_are_told_nothing_of(nlp: spacy.Language) -> None:
    assert nlp(BLAME)[:2]._.convscan is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Thank you for the photo.", "judged"),
        ("Das tut mir leid, bitte nennen Sie mir Ihre Kundennummer und Anschrift.", "not_judged"),
        (f"{BLAME} {'x' * 200_000}", "incomplete"),
    ],
)
def test_what_was_not_judged_does_not_look_clean(nlp: spacy.Language, text: str, status: str) -> None:
    group = nlp(text).spans["convscan"]

    assert len(group) == 0
    assert group.attrs["status"] == status
    assert bool(group.attrs["errors"]) is (status == "incomplete")


def test_what_is_told_survives_being_stored(nlp: spacy.Language) -> None:
    doc = nlp(BLAME)

    for again in (Doc(nlp.vocab).from_bytes(doc.to_bytes()), *DocBin(docs=[doc]).get_docs(spacy.blank("en").vocab)):
        [span] = again.spans["convscan"]
        assert span._.convscan == doc.spans["convscan"][0]._.convscan
        assert again.spans["convscan"].attrs["status"] == "judged"


def test_two_components_do_not_overwrite_one_another() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan", name="all", config={"model": "none"})
    pipeline.add_pipe("convscan", name="none", config={"model": "none", "spans_key": "none", "ignore": ["blame"]})

    doc = pipeline(BLAME)

    assert [span._.convscan["rule"] for span in doc.spans["convscan"]] == ["blame/customer"]
    assert doc.spans["none"].attrs["findings"] == []


def test_each_of_two_components_tells_its_own_finding_of_the_same_words() -> None:
    """Both know it by the same fingerprint; how bad it is was set for each."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan", name="all", config={"model": "none"})
    mild = {"model": "none", "spans_key": "mild", "severity": {"blame/customer": "note"}}
    pipeline.add_pipe("convscan", name="mild", config=mild)

    made = pipeline(BLAME)

    for doc in (made, Doc(pipeline.vocab).from_bytes(made.to_bytes())):
        told = {key: [span._.convscan["severity"] for span in group] for key, group in doc.spans.items()}
        assert told == {"convscan": ["error"], "mild": ["note"]}


def test_of_docs_that_are_joined_only_the_spans_are_left(nlp: spacy.Language) -> None:
    """`spaCy` takes over no attributes of groups there; the documentation says so."""
    joined = Doc.from_docs([nlp(BLAME), nlp("Thank you.")])

    assert [(span.label_, span._.convscan) for span in joined.spans["convscan"]] == [("blame/customer", None)]


def test_it_travels_to_processes_that_are_started_anew() -> None:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan", config={"model": "none"})
    usual = multiprocessing.get_start_method()
    multiprocessing.set_start_method("spawn", force=True)
    try:
        docs = list(pipeline.pipe([BLAME, "Thank you."], n_process=2))
    finally:
        multiprocessing.set_start_method(usual, force=True)

    assert [[span._.convscan["rule"] for span in doc.spans["convscan"]] for doc in docs] == [["blame/customer"], []]


def test_a_model_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="'ful' is not one of none, fast, full") as refused:
        spacy.blank("en").add_pipe("convscan", config={"model": "ful"})
    assert isinstance(refused.value, ValueError)


# -- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("select", [["thanks/missing"], ["blame", "thanks/missing"]])
def test_what_no_single_utterance_can_hold_is_not_silently_never_found(select: list[str]) -> None:
    with pytest.raises(ConfigError, match="'thanks/missing' takes a conversation, and a Doc is one utterance"):
        spacy.blank("en").add_pipe("convscan", config={"select": select})


def test_a_family_with_a_span_rule_in_it_can_be_selected() -> None:
    """Of `acknowledgement` some rules need a conversation; the others are looked for."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("convscan", config={"model": "none", "select": ["acknowledgement"]})

    doc = pipeline("You need to calm down.")
    assert [span.label_ for span in doc.spans["convscan"]] == ["acknowledgement/dismissive"]


def test_rules_of_a_team_and_what_it_sets_are_used(kettle_pack: Path) -> None:
    pipeline = spacy.blank("en")
    settings = {
        "model": "none",
        "rules_paths": [str(kettle_pack)],
        "severity": {"acme/kettle": "error"},
        "max_utterance_chars": 60,
    }
    pipeline.add_pipe("convscan", config=settings)

    doc = pipeline("The kettle is here.")
    long_doc = pipeline("The kettle is here. " * 9)

    told = [(span.label_, span._.convscan["severity"]) for span in doc.spans["convscan"]]
    assert told == [("acme/kettle", "error")]
    assert long_doc.spans["convscan"].attrs["status"] == "incomplete"


def test_a_broken_rule_of_a_team_is_told(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "bad.yaml").write_text("title: x\npatern: [y]\n", encoding="utf-8")

    with pytest.warns(ConvscanWarning, match="unknown key 'patern'; did you mean 'patterns'"):
        spacy.blank("en").add_pipe("convscan", config={"model": "none", "rules_paths": [str(tmp_path)]})
