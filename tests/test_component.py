"""The spaCy component."""

import pytest
import spacy
from spacy.tokens import DocBin

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
