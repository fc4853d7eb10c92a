"""JSON records ⇄ values, both directions side by side.

The shapes are public: `schema/conversation.schema.json` and
`schema/result.schema.json` describe them and tests hold the three together.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias, TypeVar

from convscan.conversation import (
    Channel,
    Conversation,
    Role,
    Source,
    Utterance,
    Visibility,
    identifier,
    kind_of,
    member_of,
    moment,
)
from convscan.errors import TranscriptError
from convscan.finding import (
    Balance,
    Check,
    Deadline,
    Deposit,
    DepositKind,
    Entry,
    Fate,
    Finding,
    Kind,
    Outcome,
    Problem,
    ProblemCode,
    Promise,
    PromiseKind,
    ScanResult,
    Severity,
    Span,
    Status,
    Step,
    Tool,
)

RESULT_SCHEMA = "convscan.result/1"
# In a vCon: the type of an analysis that is a result, and the purpose of an attachment
# that is a conversation without the words, which stand in the dialogs.
VCON_ANALYSIS = "convscan"
VCON_CONVERSATION = "convscan-conversation"

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

_Enum = TypeVar("_Enum", bound=StrEnum)
_UTTERANCE_KEYS = frozenset({"role", "text", "author", "author_id", "timestamp", "visibility", "metadata"})
_CONVERSATION_KEYS = frozenset({"id", "utterances", "channel", "language", "metadata"})


# -- conversations ---------------------------------------------------------------------------


def conversation_from_json(record: object, *, source: Source | None = None) -> Conversation:
    """Read one record of the native format.

    Args:
        record: A parsed JSON value.
        source: Where it stands; named in the error.

    Returns:
        The conversation; `id` is empty if the record has none.

    Raises:
        TranscriptError: If it is no object, or a key has a value that is not allowed.
    """
    where = f"{source}: " if source else ""
    try:
        fields = _mapping(record, "the record")
        if "utterances" not in fields:
            raise TranscriptError("no 'utterances'; a conversation needs a list of {role, text}")
        return Conversation(
            id=identifier(fields.get("id"), "id"),
            utterances=tuple(
                utterance_from_json(item, f"utterances[{index}]")
                for index, item in enumerate(_list(fields["utterances"], "'utterances'"))
            ),
            channel=_optional_member(Channel, fields.get("channel"), "channel"),
            language=_optional_text(fields.get("language"), "language"),
            metadata=_metadata(fields, _CONVERSATION_KEYS, "metadata"),
            source=source,
        )
    except TranscriptError as error:
        raise TranscriptError(f"{where}{error}") from None


def conversation_to_json(conversation: Conversation) -> dict[str, Json]:
    """Return the native form; absent optional values are left out."""
    record: dict[str, Json] = {"id": conversation.id}
    if conversation.channel is not None:
        record["channel"] = conversation.channel.value
    if conversation.language is not None:
        record["language"] = conversation.language
    if conversation.metadata:
        record["metadata"] = _plain(conversation.metadata)
    record["utterances"] = [_utterance_to_json(utterance) for utterance in conversation.utterances]
    return record


def utterance_from_json(item: object, where: str) -> Utterance:
    """Read one utterance of a record of the native format.

    Args:
        item: A parsed JSON value.
        where: Its place in the record; named in the error.

    Raises:
        TranscriptError: If it is no object, or a key has a value that is not allowed.
    """
    fields = _mapping(item, where)
    for key in ("role", "text"):
        if fields.get(key) is None:
            raise TranscriptError(f"{where}: no {key!r}; every utterance needs 'role' and 'text'")
    return Utterance(
        role=member_of(Role, fields["role"], f"{where}.role"),
        text=_text(fields["text"], f"{where}.text"),
        author=_optional_text(fields.get("author"), f"{where}.author"),
        author_id=identifier(fields.get("author_id"), f"{where}.author_id") or None,
        timestamp=_optional_moment(fields.get("timestamp"), f"{where}.timestamp"),
        visibility=_optional_member(Visibility, fields.get("visibility"), f"{where}.visibility") or Visibility.PUBLIC,
        metadata=_metadata(fields, _UTTERANCE_KEYS, f"{where}.metadata"),
    )


def _utterance_to_json(utterance: Utterance) -> dict[str, Json]:
    record: dict[str, Json] = {"role": utterance.role.value, "text": utterance.text}
    for key in ("author", "author_id", "timestamp"):
        value = getattr(utterance, key)
        if value is not None:
            record[key] = value
    if not utterance.is_public:
        record["visibility"] = utterance.visibility.value
    if utterance.metadata:
        record["metadata"] = _plain(utterance.metadata)
    return record


# -- results ---------------------------------------------------------------------------------


def result_to_json(result: ScanResult) -> dict[str, Json]:
    """Return a result as one object of `--format jsonl`."""
    record: dict[str, Json] = {
        "schema": RESULT_SCHEMA,
        "tool": {
            "version": result.tool.version,
            "rules": result.tool.rules,
            "model": result.tool.model,
        },
        "conversation_id": result.conversation_id,
        "source": None if result.source is None else {"path": result.source.path, "line": result.source.line},
        "language": result.language,
        "status": result.status.value,
        "findings": [_finding_to_json(finding) for finding in result.findings],
        "deposits": [
            {
                "kind": deposit.kind.value,
                **_span_to_json(deposit.at),
                "confidence": deposit.confidence,
                "agent": deposit.agent,
            }
            for deposit in result.deposits
        ],
        "checks": [_check_to_json(check) for check in result.checks],
        "promises": [_promise_to_json(promise) for promise in result.promises],
        "balance": {
            "deposits": result.balance.deposits,
            "withdrawals": result.balance.withdrawals,
            "net": result.balance.net,
            "ledger": [_entry_to_json(entry) for entry in result.balance.ledger],
        },
        "errors": [{"code": problem.code.value, "message": problem.message} for problem in result.errors],
    }
    if result.conversation is not None:
        record["conversation"] = conversation_to_json(result.conversation)
    return record


def result_from_json(record: object) -> ScanResult:
    """Read one object of `--format jsonl` back.

    Raises:
        TranscriptError: If it is no result of schema `convscan.result/1`.
    """
    fields = _mapping(record, "the record")
    if fields.get("schema") != RESULT_SCHEMA:
        raise TranscriptError(
            f"schema is {fields.get('schema')!r}, expected {RESULT_SCHEMA!r};"
            " results come from `convscan scan --format jsonl`"
        )
    try:
        return _result(fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise TranscriptError(f"damaged result: {type(error).__name__} at {error}") from error


def _result(fields: Mapping[str, object]) -> ScanResult:
    tool = _mapping(fields["tool"], "tool")
    source = fields["source"]
    balance = _mapping(fields["balance"], "balance")
    conversation = fields.get("conversation")
    return ScanResult(
        conversation_id=_optional_text(fields["conversation_id"], "conversation_id"),
        status=member_of(Status, fields["status"], "status"),
        tool=Tool(
            version=_text(tool["version"], "tool.version"),
            rules=_text(tool["rules"], "tool.rules"),
            model=_optional_text(tool["model"], "tool.model"),
        ),
        source=None if source is None else _source(_mapping(source, "source")),
        language=_optional_text(fields["language"], "language"),
        findings=tuple(_finding_from_json(item) for item in _objects(fields["findings"], "findings")),
        deposits=tuple(
            Deposit(
                kind=member_of(DepositKind, item["kind"], "deposits[].kind"),
                at=_span_from_json(item),
                confidence=_optional_number(item["confidence"], "deposits[].confidence"),
                agent=_optional_text(item["agent"], "deposits[].agent"),
            )
            for item in _objects(fields["deposits"], "deposits")
        ),
        checks=tuple(
            Check(
                rule=_text(item["rule"], "checks[].rule"),
                outcome=member_of(Outcome, item["outcome"], "checks[].outcome"),
                utterance=_optional_index(item.get("utterance"), "checks[].utterance"),
            )
            for item in _objects(fields["checks"], "checks")
        ),
        promises=tuple(_promise_from_json(item) for item in _objects(fields["promises"], "promises")),
        balance=Balance(
            deposits=_number(balance["deposits"], "balance.deposits"),
            withdrawals=_number(balance["withdrawals"], "balance.withdrawals"),
            # Results of older versions have none.
            ledger=tuple(_entry_from_json(item) for item in _objects(balance.get("ledger", ()), "balance.ledger")),
        ),
        errors=tuple(
            Problem(
                code=member_of(ProblemCode, item["code"], "errors[].code"),
                message=_text(item["message"], "errors[].message"),
            )
            for item in _objects(fields["errors"], "errors")
        ),
        conversation=None if conversation is None else conversation_from_json(conversation),
    )


def _finding_to_json(finding: Finding) -> dict[str, Json]:
    nowhere: dict[str, Json] = {"utterance": None, "start": None, "end": None, "quote": None}
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "kind": finding.kind.value,
        **(nowhere if finding.at is None else _span_to_json(finding.at)),
        "agent": finding.agent,
        "message": finding.message,
        "suggestion": finding.suggestion,
        "because": [_span_to_json(span) for span in finding.because],
        "explanation": [{"step": step.step, "detail": step.detail} for step in finding.explanation],
        "fingerprint": finding.fingerprint,
    }


def _finding_from_json(item: Mapping[str, object]) -> Finding:
    return Finding(
        rule=_text(item["rule"], "rule"),
        severity=member_of(Severity, item["severity"], "severity"),
        kind=member_of(Kind, item["kind"], "kind"),
        at=None if item["utterance"] is None else _span_from_json(item),
        message=_text(item["message"], "message"),
        suggestion=_text(item["suggestion"], "suggestion"),
        confidence=_optional_number(item["confidence"], "confidence"),
        agent=_optional_text(item["agent"], "agent"),
        because=tuple(_span_from_json(span) for span in _objects(item["because"], "because")),
        explanation=tuple(
            Step(step=_text(step["step"], "step"), detail=_text(step["detail"], "detail"))
            for step in _objects(item["explanation"], "explanation")
        ),
        fingerprint=_text(item["fingerprint"], "fingerprint"),
    )


def _promise_to_json(promise: Promise) -> dict[str, Json]:
    by_when, condition = promise.by_when, promise.condition
    return {
        **_span_to_json(promise.at),
        "agent": promise.agent,
        "kind": promise.kind.value,
        "by_when": None
        if by_when is None
        else {
            **_span_to_json(by_when.at),
            "is_concrete": by_when.is_concrete,
            "earliest": by_when.earliest,
            "latest": by_when.latest,
        },
        "condition": None if condition is None else _span_to_json(condition),
        "fate": promise.fate.value,
        "evidence": [_span_to_json(span) for span in promise.evidence],
        "confidence": promise.confidence,
    }


def _promise_from_json(item: Mapping[str, object]) -> Promise:
    """Read a promise; results of before the ledger have nothing but its words and fate."""
    kind, by_when, condition = item.get("kind"), item.get("by_when"), item.get("condition")
    return Promise(
        at=_span_from_json(item),
        fate=member_of(Fate, item["fate"], "promises[].fate"),
        kind=PromiseKind.ACT if kind is None else member_of(PromiseKind, kind, "promises[].kind"),
        agent=_optional_text(item.get("agent"), "promises[].agent"),
        by_when=None if by_when is None else _deadline_from_json(_mapping(by_when, "promises[].by_when")),
        condition=None if condition is None else _span_from_json(_mapping(condition, "promises[].condition")),
        evidence=tuple(_span_from_json(span) for span in _objects(item.get("evidence", ()), "promises[].evidence")),
        confidence=_optional_number(item.get("confidence"), "promises[].confidence"),
    )


def _deadline_from_json(item: Mapping[str, object]) -> Deadline:
    return Deadline(
        at=_span_from_json(item),
        earliest=_optional_text(item["earliest"], "promises[].by_when.earliest"),
        latest=_optional_text(item["latest"], "promises[].by_when.latest"),
        is_concrete=_truth(item["is_concrete"], "promises[].by_when.is_concrete"),
    )


def _entry_to_json(entry: Entry) -> dict[str, Json]:
    return {
        "what": entry.what,
        "utterance": entry.utterance,
        "agent": entry.agent,
        "fingerprint": entry.fingerprint,
        "points": entry.points,
        "weight": entry.weight,
        "certainty": entry.certainty,
        "run": entry.run,
        "recovery": entry.recovery,
    }


def _entry_from_json(item: Mapping[str, object]) -> Entry:
    return Entry(
        what=_text(item["what"], "balance.ledger[].what"),
        points=_number(item["points"], "balance.ledger[].points"),
        weight=_number(item["weight"], "balance.ledger[].weight"),
        certainty=_number(item["certainty"], "balance.ledger[].certainty"),
        run=_number(item["run"], "balance.ledger[].run"),
        recovery=_number(item["recovery"], "balance.ledger[].recovery"),
        utterance=_optional_index(item["utterance"], "balance.ledger[].utterance"),
        agent=_optional_text(item["agent"], "balance.ledger[].agent"),
        fingerprint=_optional_text(item["fingerprint"], "balance.ledger[].fingerprint"),
    )


def _check_to_json(check: Check) -> dict[str, Json]:
    record: dict[str, Json] = {"rule": check.rule, "outcome": check.outcome.value}
    if check.utterance is not None:
        record["utterance"] = check.utterance
    return record


def _span_to_json(span: Span) -> dict[str, Json]:
    return {"utterance": span.utterance, "start": span.start, "end": span.end, "quote": span.quote}


def _span_from_json(item: Mapping[str, object]) -> Span:
    return Span(
        utterance=_index(item["utterance"], "utterance"),
        start=_index(item["start"], "start"),
        end=_index(item["end"], "end"),
        quote=_text(item["quote"], "quote"),
    )


def _source(item: Mapping[str, object]) -> Source:
    return Source(path=_text(item["path"], "source.path"), line=_optional_index(item["line"], "source.line"))


# -- values at the boundary ------------------------------------------------------------------


def _mapping(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TranscriptError(f"{where}: expected an object {{…}}, found {kind_of(value)}")
    return value


def _list(value: object, where: str) -> Iterable[object]:
    if not isinstance(value, list | tuple):
        raise TranscriptError(f"{where}: expected a list […], found {kind_of(value)}")
    return value


def _objects(value: object, where: str) -> Iterable[Mapping[str, object]]:
    return (_mapping(item, where) for item in _list(value, where))


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise TranscriptError(f"{where}: expected text, found {kind_of(value)}")
    return value


def _optional_text(value: object, where: str) -> str | None:
    return None if value is None else _text(value, where)


def _optional_moment(value: object, where: str) -> str | None:
    return None if value is None else moment(value, where)


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TranscriptError(f"{where}: expected a number, found {kind_of(value)}")
    try:
        return float(value)
    except OverflowError:
        raise TranscriptError(f"{where}: the number is too large") from None


def _optional_number(value: object, where: str) -> float | None:
    return None if value is None else _number(value, where)


def _truth(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise TranscriptError(f"{where}: expected true or false, found {kind_of(value)}")
    return value


def _index(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TranscriptError(f"{where}: expected a whole number, found {kind_of(value)}")
    return value


def _optional_index(value: object, where: str) -> int | None:
    return None if value is None else _index(value, where)


def _optional_member(enum: type[_Enum], value: object, where: str) -> _Enum | None:
    return None if value is None else member_of(enum, value, where)


def _metadata(fields: Mapping[str, object], known: frozenset[str], where: str) -> dict[str, object]:
    """Return the record's metadata and, beside it, every key the format does not know."""
    given = fields.get("metadata")
    other = {key: value for key, value in fields.items() if key not in known}
    return other if given is None else {**other, **_mapping(given, where)}


def _plain(value: object) -> Json:
    """Return a metadata value as JSON; what JSON cannot say is written as text."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): item if isinstance(item, str) else _plain(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)
