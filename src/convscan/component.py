"""The spaCy pipeline component: `nlp.add_pipe("convscan")`.

A Doc is one agent utterance, so only span rules are looked for. Findings go into
`doc.spans["convscan"]`: a span for each, with the rule id as label and the finding's
fingerprint as id. The rest of the finding is `span._.convscan`. What is said of the Doc as
a whole stands in the attributes of the group, and is kept wherever spaCy keeps the spans:

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("convscan", config={"model": "none"})
>>> doc = nlp("You should have read the manual.")
>>> group = doc.spans["convscan"]
>>> group.attrs["status"], group[0].label_, group[0]._.convscan["severity"]
('judged', 'blame/customer', 'error')
"""

from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, SpanGroup

from convscan.records import Json, result_to_json

if TYPE_CHECKING:
    from convscan.scanner import Scanner

SPANS_KEY = "convscan"
EXTENSION = "convscan"
# Of a result, what is said of a Doc beside its findings; all are those of the contract.
_OF_THE_DOC = ("status", "language", "errors", "findings")


class ConvscanComponent:
    """Write the span findings of each Doc into `doc.spans[spans_key]`.

    The group's `attrs` hold, as in a result of `--format jsonl`:

    - `status`: `judged`; `not_judged` if the Doc is not in English; `incomplete` if it was too
      long or took too long. Without spans only a Doc that was judged is a clean one;
    - `language`, and `errors`: why it was not judged in full, as `code` and `message`;
    - `findings`: all of each finding, `message`, `suggestion`, `severity` and `confidence` among it.

    The component may be pickled: `nlp.pipe(texts, n_process=2)` works however processes are started.
    """

    def __init__(self, scanner: "Scanner", spans_key: str) -> None:
        """Take a scanner, made once for all Docs."""
        self._scanner = scanner
        self._spans_key = spans_key

    def __call__(self, doc: Doc) -> Doc:
        """Scan one Doc as an agent's utterance."""
        result = self._scanner.scan([("agent", doc.text)])
        spans = []
        for finding in result.findings:
            if finding.at is not None:
                # The Doc may come from another tokenizer; the span grows to whole tokens.
                span = doc.char_span(
                    finding.at.start,
                    finding.at.end,
                    label=finding.rule,
                    alignment_mode="expand",
                    span_id=finding.fingerprint,
                )
                spans.append(span)
        record = result_to_json(result)
        attrs = {key: record[key] for key in _OF_THE_DOC}
        doc.spans[self._spans_key] = SpanGroup(doc, name=self._spans_key, attrs=attrs, spans=spans)
        return doc


def finding_of(span: Span) -> dict[str, Json] | None:
    """Return the finding that a span stands for, as in a result; None if it stands for none."""
    for group in span.doc.spans.values():
        for finding in group.attrs.get("findings", ()):
            if get_string_id(finding["fingerprint"]) == span.id:
                found: dict[str, Json] = finding
                return found
    return None


if not Span.has_extension(EXTENSION):
    Span.set_extension(EXTENSION, getter=finding_of)


@Language.factory(
    "convscan",
    assigns=["doc.spans", "span._.convscan"],
    default_config={"spans_key": SPANS_KEY, "select": [], "ignore": [], "min_confidence": 0.0, "model": "fast"},
)
def make_convscan(  # noqa: PLR0917 # spaCy calls a factory with nlp and name first
    nlp: Language,  # noqa: ARG001 # likewise
    name: str,  # noqa: ARG001 # likewise
    spans_key: str,
    select: list[str],
    ignore: list[str],
    min_confidence: float,
    model: str,
) -> ConvscanComponent:
    """Make the component.

    Args:
        nlp: The pipeline; any English one will do, blank or trained.
        name: The component's name in it.
        spans_key: Where in `doc.spans` the findings go.
        select: Rules or families to look for; empty for all span rules.
        ignore: Rules or families to leave out.
        min_confidence: From 0 to 1; findings below are left out.
        model: `none`, `fast` or `full`; the last reads a reply beside the question, which a Doc does not hold.

    Raises:
        ConfigError: If a value is impossible, or a rule does not exist; it is a ValueError too.
    """
    from convscan.config import Config
    from convscan.finding import Scope
    from convscan.scanner import Scanner

    # The settings read what a configuration says; the types are for spaCy.
    given: dict[str, Any] = {"select": select, "ignore": ignore, "min_confidence": min_confidence, "model": model}
    config = Config(**given)
    return ConvscanComponent(Scanner(config, scopes=(Scope.SPAN,)), spans_key)
