"""Throw damaged files at every reader: structure-aware, seeded, each input repeatable.

    python benchmarks/fuzz_readers.py [--count 20000] [--reader NAME] [--seed 0] [--index I]

Each reader's fixtures (tests/data/formats/NAME) are mutated: cut, keys dropped, nulls,
wrong types, nesting, doubles, huge numbers, hostile HTML, control characters, wrong
encodings. Whatever comes out, reading it must give records and bad records only: no
other exception, no input that takes longer than 5 s of this process's time, no more than
1 GB of memory. It exits with 1 if that does not hold; `--index` repeats one input and keeps it.
"""

import argparse
import html
import io
import json
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from peak_memory import peak_memory_mib

from convscan.config import config_from_mapping
from convscan.conversation import Conversation
from convscan.readers import BadRecord, ReadOptions, all_readers, read
from convscan.records import conversation_to_json

FIXTURES = Path(__file__).parents[1] / "tests" / "data" / "formats"
# The reader of mappings has no name of its own; its fixtures are files of nobody's format.
MAPPING = "mapping"
MAPPED_FIXTURES = FIXTURES.parent / "mapping"
_MAPPINGS = config_from_mapping(
    {
        "mapping": {
            "ours": {
                "conversations": "export.cases[*]",
                "id": "key",
                "utterances": "lines[*]",
                "text": "words",
                "role": "who.kind",
                "role_map": {"rep": "agent", "guest": "customer"},
                "author": "who.name",
                "timestamp": "at",
                "public": "seen",
            },
            "table": {
                "id": "Case",
                "text": "Words",
                "role": "Who",
                "role_map": {"rep": "agent", "guest": "customer"},
                "timestamp": "When",
            },
        }
    },
    where="fuzz",
).mapping
MAX_SECONDS = 5.0
MAX_MEMORY_MIB = 1024
# A value that was doubled twice is not doubled again: it would fill the memory before a reader sees it.
_MOST_PLACES = 5000
# Doubled values share what is in them and take no memory, until they are written: one of 20,000 inputs took 3 GB.
_MOST_CHARS = 16 * 1024**2
_MOST_VALUES = 300_000
# Beyond this an input fails by itself, before it takes the machine with it; address space is more than memory.
_ADDRESS_SPACE_BYTES = 4 * 1024**3
_FEW = 3

Random = random.Random
Mutation = Callable[[bytes, Random], bytes]

_WORDS = (
    "",
    " ",
    "\x00",
    "\x1b[31mred",
    "\u202egnitirw",
    "\ud800",
    "a\u0301" * 2000,
    "x" * 100_000,
    "<div>" * 10_000,
    "<p>" + "<blockquote>" * 3_000 + "deep",
    "&lt;" * 20_000,
    "<![CDATA[" * 5_000,
    "<!--" * 5_000,
    "<a href='" * 3_000,
    "<script>alert(1)</script><style>p{}</style>Hi",
    "&#99999999999999999999;&#xFFFFFFFF;&bogus;",
    "> " * 5_000,
    "On Mon, somebody wrote:\n" * 500,
    "2026-13-45T99:99:99Z",
    "-1",
    "null",
    "(((((" * 2_000,
)
_VALUES: tuple[object, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**30,
    -(10**18),
    1.5,
    1e308,
    -0.0,
    [],
    {},
    [[]],
    [None],
    {"": None},
    ["a", 1, None, {}],
    {"id": {"id": 1}},
)
_MARKS = b'",:;\n\r\t{}[]<>\x00\xff'
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7", "shift_jis")


@dataclass(slots=True)
class Report:
    """What became of the inputs of one reader."""

    reader: str
    inputs: int = 0
    conversations: int = 0
    bad: int = 0
    slowest_s: float = 0.0
    failures: list[str] = field(default_factory=list)


class TooSlowError(Exception):
    """An input that took longer than it may."""


def _chance(rng: Random, share: float) -> bool:
    return rng.random() < share


# -- mutations of values ---------------------------------------------------------------------


def mutate_value(value: object, rng: Random) -> object:
    """Return a JSON value with some things in it changed.

    Raises:
        ValueError: If it has become too long to be written.
    """
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        places = list(islice(_places(value), _MOST_PLACES + 1))
        if not places:
            return rng.choice(_VALUES)
        if len(places) > _MOST_PLACES:
            return value
        holder, key = rng.choice(places)
        rng.choice(_CHANGES)(holder, key, rng)
        if _is_too_long(value):
            raise ValueError("too long")
    return _nested(rng) if _chance(rng, 0.01) else value


def _places(value: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        children = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
        for key, child in list(children):
            if isinstance(item, dict | list):
                yield item, key
            if isinstance(child, dict | list):
                waiting.append(child)


def _is_too_long(value: object) -> bool:
    waiting, chars, values = [value], 0, 0
    while waiting:
        item = waiting.pop()
        chars += len(item) if isinstance(item, str) else 1
        values += 1
        if chars > _MOST_CHARS or values + len(waiting) > _MOST_VALUES:
            return True
        if isinstance(item, dict):
            waiting += [*item, *item.values()]
        elif isinstance(item, list):
            waiting += item
    return False


def _drop(holder: dict[str, object] | list[object], key: str | int, _rng: Random) -> None:
    del holder[key]  # type: ignore[arg-type] # the key is of this holder


def _replace(holder: dict[str, object] | list[object], key: str | int, rng: Random) -> None:
    holder[key] = rng.choice(_VALUES)  # type: ignore[index] # as above


def _reword(holder: dict[str, object] | list[object], key: str | int, rng: Random) -> None:
    holder[key] = rng.choice(_WORDS)  # type: ignore[index] # as above


def _wrap(holder: dict[str, object] | list[object], key: str | int, rng: Random) -> None:
    inside = holder[key]  # type: ignore[index] # as above
    for _ in range(rng.choice((1, 2, 90, 200))):
        inside = [inside] if _chance(rng, 0.5) else {"data": inside}
    holder[key] = inside  # type: ignore[index] # as above


def _double(holder: dict[str, object] | list[object], key: str | int, rng: Random) -> None:
    if isinstance(holder, list):
        holder += [holder[int(key)]] * rng.choice((1, 1, 2, 100))
    else:
        holder[f"{key}_2"] = holder[str(key)]


def _rename(holder: dict[str, object] | list[object], key: str | int, rng: Random) -> None:
    if isinstance(holder, dict):
        holder[rng.choice(("", "id", "type", str(key).upper(), "utterances"))] = holder.pop(str(key))
    else:
        rng.shuffle(holder)


_CHANGES = (_drop, _drop, _replace, _replace, _replace, _reword, _reword, _wrap, _double, _rename)


def _nested(rng: Random) -> object:
    value: object = "deep"
    for _ in range(rng.choice((50, 99, 101, 500))):
        value = [value] if _chance(rng, 0.5) else {"comments": value}
    return value


# -- mutations of files ----------------------------------------------------------------------


def mutate_json(content: bytes, rng: Random) -> bytes:
    """Return a JSON or JSON Lines file with values changed; other files are changed byte by byte."""
    try:
        return _dump(mutate_value(json.loads(content), rng), rng)
    except (ValueError, RecursionError):
        pass
    lines = content.split(b"\n")
    index = rng.randrange(len(lines))
    try:
        lines[index] = _dump(mutate_value(json.loads(lines[index]), rng), rng)
    except (ValueError, RecursionError):
        return mutate_bytes(content, rng)
    return b"\n".join(lines)


def _dump(value: object, rng: Random) -> bytes:
    text = json.dumps(value, ensure_ascii=_chance(rng, 0.5), indent=rng.choice((None, 1)))
    if _chance(rng, 0.06):  # what no Python value can hold
        bad = ((": null", f": {'9' * 5000}"), ("{", '{"id": 1, "id": 2, '), (": null", ": NaN"))
        text = text.replace(*rng.choice(bad), 1)
    return text.encode("utf-8", "surrogatepass")


def mutate_bytes(content: bytes, rng: Random) -> bytes:
    """Return a file with a piece of it cut, doubled, moved or overwritten."""
    start, end = sorted((rng.randint(0, len(content)), rng.randint(0, len(content))))
    before, piece, after = content[:start], content[start:end], content[end:]
    changes: tuple[Callable[[], bytes], ...] = (
        lambda: before,
        lambda: before + after,
        lambda: before + piece * rng.choice((2, 3, 20)) + after,
        lambda: before + rng.randbytes(min(len(piece), 40)) + after,
        lambda: before + rng.choice(_WORDS).encode("utf-8", "surrogatepass") + piece + after,
        lambda: before + bytes([rng.choice(_MARKS)]) * rng.choice((1, 1, 3, 2000)) + piece + after,
        lambda: after + before + piece,
    )
    return rng.choice(changes)()


def mutate_lines(content: bytes, rng: Random) -> bytes:
    """Return a file with lines dropped, doubled, moved or cut."""
    lines = content.split(b"\n")
    for _ in range(rng.choice((1, 2, 5))):
        index = rng.randrange(len(lines))
        rng.choice(_LINE_CHANGES)(lines, index, rng)
    return b"\n".join(lines)


def _drop_line(lines: list[bytes], index: int, _rng: Random) -> None:
    lines[index : index + 1] = [] if len(lines) > 1 else [b""]


def _double_line(lines: list[bytes], index: int, rng: Random) -> None:
    lines[index:index] = [lines[index]] * rng.choice((1, 2, 500))


def _shuffle_lines(lines: list[bytes], _index: int, rng: Random) -> None:
    rng.shuffle(lines)


def _cut_line(lines: list[bytes], index: int, rng: Random) -> None:
    lines[index] = lines[index][: rng.randint(0, len(lines[index]))]


def _lengthen_line(lines: list[bytes], index: int, rng: Random) -> None:
    lines[index] += rng.choice(_WORDS).encode("utf-8", "surrogatepass")


_LINE_CHANGES = (_drop_line, _double_line, _shuffle_lines, _cut_line, _lengthen_line)


def reencode(content: bytes, rng: Random) -> bytes:
    """Return a text file in another encoding, or in two."""
    text = content.decode("utf-8", "replace")
    other = text.encode(rng.choice(_ENCODINGS), "replace")
    half = len(text) // 2
    return other if _chance(rng, 0.7) else text[:half].encode() + text[half:].encode(rng.choice(_ENCODINGS), "replace")


def mutate_archive(content: bytes, rng: Random) -> bytes:
    """Return a zip archive, such as a workbook, with one of its files damaged and all checksums right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return mutate_bytes(content, rng)
    name = rng.choice(list(files))
    files[name] = rng.choice((mutate_bytes, mutate_tags, mutate_tags))(files[name], rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in files.items():
            archive.writestr(zipfile.ZipInfo(name), inside)
    return packed.getvalue()


def mutate_tags(content: bytes, rng: Random) -> bytes:
    """Return XML with a value or a tag changed, and the tags around it as they were."""
    pieces = re.split(rb"(<[^<>]*>)", content)
    index = rng.randrange(len(pieces))
    words = rng.choice((*_WORDS, "-1", "1e309", "999999999999", "A0", "XFD1048577"))
    escaped = html.escape(words).encode("utf-8", "surrogatepass")
    if pieces[index].startswith(b"<"):
        attributes = re.findall(rb'"[^"]*"', pieces[index])
        changed = pieces[index].replace(rng.choice(attributes), b'"' + escaped + b'"') if attributes else b""
        pieces[index] = rng.choice((changed, pieces[index] * 2, b""))
    else:
        pieces[index] = escaped
    return b"".join(pieces)


def mutate(content: bytes, rng: Random) -> bytes:
    """Return a damaged file."""
    if content.startswith(b"PK") and _chance(rng, 0.7):
        return mutate_archive(content, rng)
    is_text = b"\0" not in content
    looks_like_json = content.lstrip()[:1] in {b"{", b"["}
    if not is_text:
        return mutate_bytes(content, rng)
    if looks_like_json:
        change = rng.choice((mutate_json, mutate_json, mutate_json, mutate_json, mutate_bytes, mutate_lines, reencode))
    else:
        change = rng.choice((mutate_lines, mutate_lines, mutate_bytes, mutate_bytes, reencode))
    return change(content, rng)


# -- runs ------------------------------------------------------------------------------------


def fixtures_of(reader: str) -> list[Path]:
    """Return the files of a reader's fixtures, or the folders of a format of folders."""
    folder = MAPPED_FIXTURES if reader == MAPPING else FIXTURES / reader
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def write_input(fixture: Path, folder: Path, rng: Random) -> Path:
    """Write a damaged copy of a fixture and return its path."""
    target = folder / fixture.name
    if fixture.is_dir():
        shutil.copytree(fixture, target)
        files = sorted(path for path in target.rglob("*") if path.is_file())
        chosen = rng.choice(files)
        chosen.chmod(0o600)
        if _chance(rng, 0.1):
            chosen.unlink()
            return target
    else:
        chosen = target
        shutil.copyfile(fixture, chosen)
    chosen.write_bytes(mutate(chosen.read_bytes(), rng))
    return target


def try_input(path: Path, reader: str | None, report: Report) -> None:
    """Read one damaged file.

    Raises:
        Exception: Whatever the reader lets out.
    """
    # Time of this process: how busy the machine is must not decide.
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    started = time.process_time()
    try:
        for record in read([str(path)], ReadOptions(format=reader, mappings=_MAPPINGS)):
            if isinstance(record, BadRecord):
                report.bad += 1
            else:
                report.conversations += 1
                check_record(record)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - started
        report.slowest_s = max(report.slowest_s, seconds)
    if seconds > MAX_SECONDS:
        raise TooSlowError(f"took {seconds:.1f} s")


def check_record(record: Conversation) -> None:
    """Hold a conversation to what all others rely on: texts are text, and it can be written."""
    json.dumps(conversation_to_json(record))


def fuzz(reader: str, count: int, seed: int, *, only: int | None = None) -> Report:
    """Read damaged copies of a reader's fixtures.

    Args:
        reader: Its name.
        count: How many inputs.
        seed: Another seed gives other inputs.
        only: Number of the one input that is tried.
    """
    report = Report(reader)
    fixtures = fixtures_of(reader)
    if not fixtures:
        report.failures.append(f"no fixtures: put some under {FIXTURES / reader}")
        return report
    for index in range(count) if only is None else (only,):
        rng = Random(f"{seed}/{reader}/{index}")
        with tempfile.TemporaryDirectory() as folder:
            path = write_input(rng.choice(fixtures), Path(folder), rng)
            report.inputs += 1
            try:
                # By name every second time, so that damage to what is recognised is no way round the reader.
                name = f"{MAPPING}:{path.stem}" if reader == MAPPING else reader if index % 2 else None
                try_input(path, name, report)
            except Exception:  # noqa: BLE001 - finding them is what this is for
                report.failures.append(
                    f"--reader {reader} --seed {seed} --index {index}\n{traceback.format_exc(limit=-4)}"
                )
                if only is not None:
                    kept = Path(tempfile.mkdtemp(prefix="fuzz-")) / path.name
                    shutil.move(path, kept)
                    print(f"the input is kept: {kept}")
    return report


def main(arguments: Sequence[str]) -> int:
    """Fuzz all readers, or one, and print what became of the inputs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--index", type=int)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGPROF, _stop)
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = _ADDRESS_SPACE_BYTES if hard == resource.RLIM_INFINITY else min(_ADDRESS_SPACE_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    names = [given.reader] if given.reader else [*(reader.name for reader in all_readers()), MAPPING]
    failed = 0
    for name in names:
        report = fuzz(name, given.count, given.seed, only=given.index)
        failed += len(report.failures)
        print(
            f"{name:24} {report.inputs:7,} inputs: {report.conversations:9,} conversations,"
            f" {report.bad:7,} bad records, slowest {report.slowest_s:.2f} s, {len(report.failures)} failures"
        )
        for failure in report.failures[:_FEW]:
            print(failure)
    memory = peak_memory_mib()
    print(f"peak memory {memory:.0f} MiB, at most {MAX_MEMORY_MIB} MiB")
    return int(failed > 0 or memory > MAX_MEMORY_MIB)


def _stop(_number: int, _frame: object) -> None:
    raise TooSlowError(f"took longer than {MAX_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
