"""Strict YAML: text stays text, hostile files are refused with their place."""

import random
import string
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from convscan.errors import RuleError
from convscan.rules.yaml_file import MAX_BYTES, MAX_DEPTH, locate, read_yaml

Write = Callable[[str, str | bytes], Path]

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + chr(ord(name) - 1)] * 9)}]\n" for name in "bcdefgh"
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("off", "off"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("2026-11-21", "2026-11-21"),
        ("12:30:00", "12:30:00"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("0.10", "0.10"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("1" * 5000, "1" * 5000),
        ("10", 10),
        ("0", 0),
        ("-5", -5),
        ('"10"', "10"),
        ("'true'", "true"),
        ("", None),
        ("~", None),
        ("null", None),
        ('""', ""),
        ("=", "="),
        ("<<", "<<"),
        ('"\\u2019"', "\u2019"),
        ("> \n  two\n  lines", "two lines\n"),
        ("[no, 5, {a: b}, []]", ["no", 5, {"a": "b"}, []]),
        ("{a: {b: [c]}, d: }", {"a": {"b": ["c"]}, "d": None}),
    ],
)
def test_only_whole_numbers_true_false_and_nothing_are_not_text(write: Write, written: str, value: object) -> None:
    assert read_yaml(write("x.yaml", f"key: {written}\n")) == {"key": value}


@pytest.mark.parametrize("content", ["", "# only a comment\n", "\n\n"])
def test_file_without_document_is_none(write: Write, content: str) -> None:
    assert read_yaml(write("x.yaml", content)) is None


def test_byte_order_mark_is_no_part_of_the_first_key(write: Write) -> None:
    assert read_yaml(write("x.yaml", b"\xef\xbb\xbftitle: x\n")) == {"title": "x"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("severity: note\ntitle: x\nseverity: error\n", r"x\.yaml:3:1: duplicate key 'severity'; keep one"),
        ("a:\n  - {b: 1, b: 2}\n", r"x\.yaml:2:12: duplicate key 'b'"),
        (BOMB, r"x\.yaml:1:4: anchors \(&\) and aliases \(\*\) are not allowed; put text that begins so in quotes"),
        ("a: *b\n", r"x\.yaml:1:4: anchors"),
        ("a: &b [*b]\n", r"x\.yaml:1:4: anchors"),
        ("&a x: y\n", r"x\.yaml:1:1: anchors"),
        ("a: !!python/object/apply:os.system [ls]\n", r"x\.yaml:1:4: tag 'tag:yaml.org,2002:python/object"),
        ("a: !!str 5\n", r"x\.yaml:1:4: tag .* is not allowed; quotes make anything text"),
        ("a: !!set {b}\n", r"x\.yaml:1:4: tag .* write plain lists"),
        ("a: 1\n---\nb: 2\n", r"x\.yaml:2:1: a second document begins; one file holds one document"),
        ("? [a, b]\n: c\n", r"x\.yaml:1:3: a key must be one word or text"),
        ("? {a: b}\n: c\n", r"x\.yaml:1:3: a key must be one word or text"),
        ("[" * 400_000, rf"x\.yaml:1:{MAX_DEPTH + 1}: nested more than {MAX_DEPTH} deep"),
        ("{a: " * 100_000, rf"nested more than {MAX_DEPTH} deep"),
        ("- " * 200_000 + "x", rf"nested more than {MAX_DEPTH} deep"),
        ('["]", ' * 50_000, rf"nested more than {MAX_DEPTH} deep"),
        ("a: [b\nc: d\n", r"x\.yaml:1:4: in the list \[ that opens here: .*\(line 2\)"),
        ("a: 1\nb: {c\nd: e: f\n", r"x\.yaml:2:4: in the mapping \{ that opens here: "),
        ("a:\n\tb: 1\n", r"x\.yaml:2:1: "),
        ("a: '\n", r"x\.yaml:1:4: the quote that opens here is never closed"),
        ('a: 1\nb: "x\nc: 2\n\nd: 3\n', r"x\.yaml:2:4: the quote that opens here is never closed"),
        ("a: b: c\n", r"x\.yaml:1:5: "),
        ('a: "\\ud800"\n', r"x\.yaml:1:\d+: .*escape code"),
        ("title: \u00e9\u00e9\nb: c\x07\n", r"x\.yaml:2:5: control characters are not allowed; take out U\+0007"),
        (b"title: x\nb: caf\xe9\n", r"x\.yaml:2:7: not UTF-8; save the file as UTF-8"),
        ("title: x\n".encode("utf-16"), r"x\.yaml:1:1: not UTF-8"),
        ("a" * (MAX_BYTES + 1), rf"x\.yaml: larger than {MAX_BYTES} bytes; split it"),
    ],
)
def test_unsafe_or_malformed_yaml_is_refused_with_its_place(write: Write, content: str | bytes, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read_yaml(write("x.yaml", content))


def test_largest_allowed_file_is_read(write: Write) -> None:
    content = "# " + "x" * (MAX_BYTES - 8) + "\na: b\n"
    assert read_yaml(write("x.yaml", content)) == {"a": "b"}


def test_deepest_allowed_document_is_read(write: Write) -> None:
    depth = MAX_DEPTH - 1
    assert read_yaml(write("x.yaml", "[" * depth + "a" + "]" * depth))


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"gone\.yaml: cannot be read: No such file"):
        read_yaml(tmp_path / "gone.yaml")


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read: Is a directory"):
        read_yaml(tmp_path)


value = st.recursive(
    st.text(string.printable + "\u00e9\u2019\U0001f642", max_size=8) | st.integers(0, 999) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(string.ascii_letters, min_size=1), inner),
    max_leaves=8,
)


@given(value=value, style=st.sampled_from([True, False]))
def test_whatever_yaml_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    value: object,
    style: bool,  # noqa: FBT001 # given by hypothesis
) -> None:
    path = tmp_path_factory.mktemp("yaml") / "x.yaml"
    path.write_text(yaml.safe_dump({"key": value}, allow_unicode=True, default_flow_style=style), encoding="utf-8")
    assert read_yaml(path) == {"key": value}


@pytest.mark.parametrize("seed", range(20))
def test_bytes_at_random_are_refused_or_read_but_crash_nothing(write: Write, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 # no secret, a test
    signs = "[]{}:,-?&*!|>'\"%@`# \n\ta0\\<"
    for number in range(50):
        path = write(f"{number}.yaml", "".join(chance.choice(signs) for _ in range(40)))
        try:
            read_yaml(path)
        except RuleError as error:
            assert str(error).startswith(f"{path}:")  # noqa: PT017 # either outcome is fine, another error is not


CONTENT = 'title: x\nexamples:\n  match:\n    - "one"\n    - {text: two, why: three}\n5: y\n'


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), "1:1"),
        (("title",), "1:1"),
        (("examples", "match"), "3:3"),
        (("examples", "match", 1), "5:7"),
        (("examples", "match", 1, "why"), "5:19"),
        (("5",), "6:1"),
        # What is not there is looked for as far down as there is something.
        (("examples", "no_match", 3), "2:1"),
        (("examples", "match", 7), "3:3"),
        (("title", "deeper"), "1:1"),
    ],
)
def test_place_is_found_as_near_as_can_be(write: Write, keys: tuple[str | int, ...], place: str) -> None:
    path = write("x.yaml", CONTENT)
    assert locate(path, keys) == f"{path}:{place}"


def test_place_in_an_empty_file_is_its_beginning(write: Write) -> None:
    path = write("x.yaml", "")
    assert locate(path, ("title",)) == f"{path}:1:1"


def test_place_in_a_file_that_is_gone_is_the_file(tmp_path: Path) -> None:
    assert locate(tmp_path / "x.yaml", ("title",)) == str(tmp_path / "x.yaml")
