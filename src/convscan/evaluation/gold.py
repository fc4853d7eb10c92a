"""Gold files: JSON Lines into annotations, strictly; figures are as good as the gold."""

from collections.abc import Iterable, Iterator, Mapping

from convscan.conversation import Conversation, Source
from convscan.errors import AnnotationError, TranscriptError
from convscan.evaluation.annotation import Annotation, DepositMark, Gold, Mark, Probe, Problems
from convscan.finding import DepositKind, ScanResult
from convscan.readers.strict_json import parse_json
from convscan.records import conversation_from_json, result_from_json

_CONVERSATION_KEYS = ("id", "utterances", "channel", "language", "metadata")
_SHOWN_CHARACTERS = 80
_RESULT = "convscan.result/"


def read_gold(lines: Iterable[bytes], path: str) -> Gold:
    r"""Read annotations or probes; a line's keys tell which.

    Args:
        lines: The file's lines as bytes, divided at `\n` only.
        path: The file as the user named it.

    Raises:
        AnnotationError: If any line is bad, an id stands twice, or the file mixes
            annotations and probes; names every bad line.
    """
    problems = Problems()
    annotations: list[Annotation] = []
    probes: list[Probe] = []
    conversations: list[Conversation] = []
    for source, fields in _objects(lines, path, problems):
        if str(fields.get("schema", "")).startswith(_RESULT):
            # Told once: the file is the wrong one, and so is each of its lines.
            raise AnnotationError(
                f"{path}: is a scan result and no annotations; give the annotations of a person,"
                f" and this file beside them: convscan evaluate ANNOTATIONS --results {path}"
            )
        with problems.gathered():
            if "rule" in fields and "expect" in fields:
                probes.append(_probe(fields, source))
                continue
            if "utterances" in fields:
                conversations.append(_conversation(fields, source))
            annotations.append(_annotation(fields, source, problems))
    problems.found.extend(_repeated((a.id, a.source) for a in annotations))
    problems.found.extend(_repeated((p.conversation.id, p.source) for p in probes))
    if annotations and probes:
        problems.found.append(
            f"{path}: holds probes and annotations ({probes[0].source}, {annotations[0].source});"
            " put them in a file each"
        )
    if not problems.found and not annotations and not probes:
        problems.found.append(f"{path}: holds no annotations; give one JSON object per line, with 'id' and 'findings'")
    problems.raise_any()
    return Gold(tuple(annotations), tuple(probes), tuple(conversations))


def read_results(lines: Iterable[bytes], path: str) -> tuple[ScanResult, ...]:
    """Read what `convscan scan --format jsonl` wrote.

    Raises:
        AnnotationError: If any line is no result, or two lines are of one conversation;
            names every bad line.
    """
    problems = Problems()
    results: list[tuple[Source, ScanResult]] = []
    for source, fields in _objects(lines, path, problems):
        try:
            results.append((source, result_from_json(fields)))
        except TranscriptError as error:
            problems.found.append(f"{source}: {error}")
    named = ((r.conversation_id, source) for source, r in results if r.conversation_id is not None)
    problems.found.extend(_repeated(named))
    problems.raise_any()
    return tuple(result for _, result in results)


# -- lines -----------------------------------------------------------------------------------


def _objects(lines: Iterable[bytes], path: str, problems: Problems) -> Iterator[tuple[Source, Mapping[str, object]]]:
    for number, line in enumerate(lines, start=1):
        source = Source(path, number)
        if not line.strip():
            continue
        with problems.gathered():
            yield source, _object(line, source)


def _object(line: bytes, source: Source) -> Mapping[str, object]:
    try:
        value = parse_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise AnnotationError(f"{source}: is not UTF-8 text; save the file as UTF-8") from None
    except TranscriptError as error:
        raise AnnotationError(f"{source}: {error}; give one JSON object per line") from error
    if not isinstance(value, dict):
        raise AnnotationError(f"{source}: is no JSON object; give one {{…}} per line")
    return value


def _repeated(ids: Iterable[tuple[str | None, Source]]) -> Iterator[str]:
    first: dict[str | None, Source] = {}
    for identifier, source in ids:
        if identifier in first:
            yield f"{source}: id {_shown(identifier)} stands in {first[identifier]} already; keep one"
        first.setdefault(identifier, source)


# -- fields ----------------------------------------------------------------------------------


def _annotation(fields: Mapping[str, object], source: Source, problems: Problems) -> Annotation:
    if "findings" not in fields:
        raise AnnotationError(f"{source}: has no 'findings'; where nothing is wrong, say \"findings\": []")
    findings: list[Mark] = []
    deposits: list[DepositMark] = []
    for place, item in _items(fields["findings"], f"{source}: findings"):
        with problems.gathered():
            findings.append(_mark(item, place))
    for place, item in _items(fields.get("deposits", []), f"{source}: deposits"):
        with problems.gathered():
            deposits.append(_deposit(item, place))
    return Annotation(_id(fields, source), source, tuple(findings), tuple(deposits))


def _probe(fields: Mapping[str, object], source: Source) -> Probe:
    expect = fields["expect"]
    if not isinstance(expect, bool):
        raise AnnotationError(f"{source}: 'expect' is {_shown(expect)}; say true or false")
    if "utterances" not in fields:
        raise AnnotationError(f"{source}: has no 'utterances'; a probe carries its own conversation")
    return Probe(
        conversation=_conversation(fields, source),
        mark=_mark(fields, str(source)),
        expect=expect,
        source=source,
        capability=_text(fields.get("capability"), f"{source}: 'capability'"),
        pair=_text(fields.get("pair"), f"{source}: 'pair'"),
    )


def _conversation(fields: Mapping[str, object], source: Source) -> Conversation:
    _id(fields, source)
    # The answers stay out of the metadata, which detectors may read.
    record = {key: fields[key] for key in _CONVERSATION_KEYS if key in fields}
    try:
        return conversation_from_json(record, source=source)
    except TranscriptError as error:
        raise AnnotationError(str(error)) from error


def _mark(item: Mapping[str, object], place: str) -> Mark:
    rule = _text(item.get("rule"), f"{place}: 'rule'")
    if rule is None or not all(rule.partition("/")) or not rule.isprintable():
        raise AnnotationError(f"{place}: 'rule' is {_shown(rule)}; say family/name, such as 'blame/customer'")
    quote = _text(item.get("quote"), f"{place}: 'quote'")
    return Mark(rule, _index(item.get("utterance"), place), quote or None)


def _deposit(item: Mapping[str, object], place: str) -> DepositMark:
    kind = _text(item.get("kind"), f"{place}: 'kind'")
    if kind not in tuple(DepositKind):
        raise AnnotationError(f"{place}: 'kind' is {_shown(kind)}; expected one of {', '.join(sorted(DepositKind))}")
    utterance = _index(item.get("utterance"), place)
    if utterance is None:
        raise AnnotationError(f"{place}: names no utterance; name the first of the agent's turn, counted from 0")
    return DepositMark(DepositKind(kind), utterance)


def _items(value: object, place: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    if not isinstance(value, list):
        raise AnnotationError(f"{place}: expected a list […], found {_shown(value)}")
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            raise AnnotationError(f"{place}[{index}]: expected an object {{…}}, found {_shown(item)}")
        yield f"{place}[{index}]", item


def _id(fields: Mapping[str, object], source: Source) -> str:
    value = fields.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    identifier = _text(value, f"{source}: 'id'")
    if not identifier:
        raise AnnotationError(f"{source}: has no 'id'; name the conversation that it annotates")
    return identifier


def _text(value: object, place: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise AnnotationError(f"{place} is {_shown(value)}; expected text")


def _index(value: object, place: str) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise AnnotationError(f"{place}: 'utterance' is {_shown(value)}; expected a whole number, counted from 0")


def _shown(value: object) -> str:
    """Return a value for a message: short, and harmless to a terminal."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
