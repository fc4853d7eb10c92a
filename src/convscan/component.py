"""The spaCy pipeline component: `nlp.add_pipe("convscan")`.

A Doc is one agent utterance, so only span rules are looked for. Findings go into
`doc.spans["convscan"]`: a span for each, with the rule id as label and the finding's
fingerprint as id. The rest of the finding is `span._.convscan`. What is said of the Doc as
a whole stands in the attributes of the group. Both are kept in `to_bytes`, `to_disk`, `copy`
and a `DocBin`; `Doc.from_docs` and `to_json` keep the spans without attributes, and so lose both:

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("convscan", config={"model": "none"})
>>> doc = nlp("You should have read the manual.")
>>> group = doc.spans["convscan"]
>>> group.attrs["status"], group[0].label_, group[0]._.convscan["severity"]
('judged', 'blame/customer', 'error')
"""

import warnings
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, SpanGroup

from convscan.config import Config, covers
from convscan.errors import ConfigError, ConvscanWarning
from convscan.finding import Scope
from convscan.records import Json, result_to_json

if TYPE_CHECKING:
    from convscan.scanner import Scanner

SPANS_KEY = "convscan"
EXTENSION = "convscan"
_DEFAULTS = Config()
# Of a result, what is said of a Doc beside its findings; all are those of the contract.
_OF_THE_DOC = ("status", "language", "errors", "findings")


class ConvscanComponent:
    """Write the span findings of each Doc into `doc.spans[spans_key]`.

    The group's `attrs` hold, as in a result of `--format jsonl`:

    - `status`: `judged`; `not_judged` if the Doc is not in English; `incomplete` if it was too
      long or took too long. Without spans only a Doc that was judged is a clean one;
    - `language`, and `errors`: why it was not judged in full, as `code` and `message`;
    - `findings`: all of each finding, `message`, `suggestion`, `severity` and `confidence` among it.

    Spans of another group than `convscan` have its name as `kb_id`, so that what two components
    find in the same words is told apart.

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
                    kb_id=_kb_id_in(self._spans_key),
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
        if span.kb_id_ != _kb_id_in(group.name):
            continue
        for finding in group.attrs.get("findings", ()):
            if get_string_id(finding["fingerprint"]) == span.id:
                found: dict[str, Json] = finding
                return found
    return None


def _kb_id_in(group: str) -> str:
    # displaCy shows a `kb_id` beside the label, so there is none where nobody needs it.
    return "" if group == SPANS_KEY else group


if not Span.has_extension(EXTENSION):
    Span.set_extension(EXTENSION, getter=finding_of)


@Language.factory(
    "convscan",
    assigns=["doc.spans", "span._.convscan"],
    default_config={
        "spans_key": SPANS_KEY,
        "select": [],
        "ignore": [],
        "min_confidence": 0.0,
        "model": "fast",
        "rules_paths": [],
        "severity": {},
        "max_utterance_chars": _DEFAULTS.max_utterance_chars,
        "max_record_seconds": _DEFAULTS.max_record_seconds,
    },
)
def make_convscan(  # noqa: PLR0917 # spaCy calls a factory with nlp and name first
    nlp: Language,  # noqa: ARG001 # likewise
    name: str,  # noqa: ARG001 # likewise
    spans_key: str,
    select: list[str],
    ignore: list[str],
    min_confidence: float,
    model: str,
    rules_paths: list[str],
    severity: dict[str, str],
    max_utterance_chars: int,
    max_record_seconds: float,
) -> ConvscanComponent:
    """Make the component.

    Args:
        nlp: The pipeline; any English one will do, blank or trained.
        name: The component's name in it.
        spans_key: Where in `doc.spans` the findings go.
        select: Span rules or families of them to look for; empty for all.
        ignore: Rules or families to leave out.
        min_confidence: From 0 to 1; findings below are left out.
        model: `none`, `fast` or `full`; the last reads a reply beside the question, which a Doc does not hold.
        rules_paths: Folders of further rules; what is wrong in them is a `ConvscanWarning`.
        severity: Severity by rule id, instead of the rule's own.
        max_utterance_chars: A longer Doc is not judged.
        max_record_seconds: A Doc that takes longer is judged in part.

    Raises:
        ConfigError: If a value is impossible, or a rule does not exist or is none of words; it is a ValueError too.
    """
    from convscan.scanner import Scanner

    # The settings read what a configuration says; the types are for spaCy.
    given: dict[str, Any] = {
        "select": select,
        "ignore": ignore,
        "min_confidence": min_confidence,
        "model": model,
        "rules_paths": rules_paths,
        "severity": severity,
        "max_utterance_chars": max_utterance_chars,
        "max_record_seconds": max_record_seconds,
    }
    scanner = Scanner(Config(**given), scopes=(Scope.SPAN,))
    _check_selected(scanner)
    if scanner.rule_errors:
        warnings.warn("\n".join(map(str, scanner.rule_errors)), ConvscanWarning, stacklevel=2)
    return ConvscanComponent(scanner, spans_key)


def _check_selected(scanner: "Scanner") -> None:
    """Refuse to look for what cannot be found in one utterance."""
    words = [rule.id for rule in scanner.catalogue.rules.values() if rule.scope is Scope.SPAN]
    for entry in scanner.config.select:
        if not any(covers(entry, rule_id) for rule_id in words):
            raise ConfigError(
                f"select: {entry!r} takes a conversation, and a Doc is one utterance; take span rules,"
                " as `convscan rules list` tells them, or scan conversations with convscan.Scanner"
            )
