"""The spaCy pipeline component: `nlp.add_pipe("convscan")`.

A Doc is one agent utterance, so only span rules are looked for. Findings go into
`doc.spans`, with the rule id as label.
"""

from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup

if TYPE_CHECKING:
    from convscan.scanner import Scanner

SPANS_KEY = "convscan"


class ConvscanComponent:
    """Write the span findings of each Doc into `doc.spans[spans_key]`."""

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
                span = doc.char_span(finding.at.start, finding.at.end, label=finding.rule, alignment_mode="expand")
                spans.append(span)
        doc.spans[self._spans_key] = SpanGroup(doc, name=self._spans_key, spans=spans)
        return doc


@Language.factory(
    "convscan",
    assigns=["doc.spans"],
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
    """
    from convscan.config import Config, ModelChoice
    from convscan.finding import Scope
    from convscan.scanner import Scanner

    config = Config(select=tuple(select), ignore=tuple(ignore), min_confidence=min_confidence, model=ModelChoice(model))
    return ConvscanComponent(Scanner(config, scopes=(Scope.SPAN,)), spans_key)
