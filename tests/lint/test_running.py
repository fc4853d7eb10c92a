"""A lint as a whole: places, severities, suppressions, fingerprints, cache."""

import gzip
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convscan.config import Config, ModelChoice
from convscan.finding import Severity
from convscan.lint.judging import TemplateJudge
from convscan.lint.report import Hidden, LintReport
from convscan.models import digest_on_disk
from convscan.resources import code_digest, models_folder
from convscan.templates import read_template_file

Lint = Callable[..., LintReport]

FAULTY = "Hi {{name}},\n\nWe guarantee it.\n\nYou should have checked.\n"


def shown(report: LintReport) -> list[str]:
    """Return the findings that count, as `path:line:column rule`."""
    return [f"{one.path}:{one.region.line}:{one.region.column} {one.finding.rule}" for one in report.shown]


def test_findings_stand_at_their_lines_in_every_shape(lint: Lint) -> None:
    report = lint(
        {
            "a.md": "---\ntitle: A\n---\nThanks. We guarantee it.\n",
            "b.html": "<p>Thanks.</p>\n<p>We <b>guarantee</b> it.</p>\n",
            "c.json": json.dumps([{"title": "C", "body": "\u00e9 thanks.\nWe guarantee it."}]),
            "d.yaml": "d:\n  title: D\n  body: >\n    Thanks. We\n    guarantee it.\n",
            "e.csv": 'title,body\nE,"Thanks ""you"".\nWe guarantee it."\n',
            "f.txt.j2": "{% if a %}\nThanks. We guarantee it.{% endif %}\n",
        }
    )

    assert shown(report) == [
        "a.md:4:9 promise/guarantee",
        "b.html:2:4 promise/guarantee",
        "c.json:1:42 promise/guarantee",
        "d.yaml:4:13 promise/guarantee",
        "e.csv:3:1 promise/guarantee",
        "f.txt.j2:2:9 promise/guarantee",
    ]


def test_what_is_missing_is_a_note_until_the_scenario_is_declared(lint: Lint) -> None:
    text = "Hi {{name}},\n\nthe refund is on its way. It takes three days. See you."
    report = lint(
        {"a.md": text, "b.md": f"---\nscenario: complaint\n---\n{text}", "c.md": f"---\nscenario: notice\n---\n{text}"}
    )

    assert [(one.path, one.finding.rule, one.finding.severity) for one in report.shown] == [
        ("a.md", "thanks/missing", Severity.NOTE),
        ("b.md", "thanks/missing", Severity.WARNING),
    ]


def test_declared_reply_of_one_sentence_owes_thanks(lint: Lint) -> None:
    report = lint({"a.md": "---\nscenario: complaint\n---\nSend us the order number."})

    assert shown(report) == ["a.md:4:1 thanks/missing"]


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        pytest.param({"a.md": FAULTY}, {}, ["a.md:3:1 promise/guarantee", "a.md:5:1 blame/customer"], id="nothing"),
        pytest.param(
            {"a.md": FAULTY.replace("We g", "<!-- convscan: ignore -->\nWe g")},
            {}, ["a.md:6:1 blame/customer"], id="block"),
        pytest.param(
            {"a.md": FAULTY.replace("We g", "<!-- convscan: ignore blame -->\nWe g")},
            {}, ["a.md:4:1 promise/guarantee", "a.md:6:1 blame/customer"], id="block of another rule"),
        pytest.param(
            {"a.md": FAULTY.replace("We g", '<!-- convscan: ignore promise["we guarantee"] -->\nWe g')},
            {}, ["a.md:6:1 blame/customer"], id="match"),
        pytest.param(
            {"a.md": FAULTY.replace("We g", '<!-- convscan: ignore promise["we promise"] -->\nWe g')},
            {}, ["a.md:4:1 promise/guarantee", "a.md:6:1 blame/customer"], id="other words"),
        pytest.param(
            {"a.md": "{# convscan: off promise #}" + FAULTY}, {}, ["a.md:5:1 blame/customer"], id="off for the rest"),
        pytest.param(
            {"a.json": json.dumps([{"title": "t", "body": FAULTY, "x-convscan": "ignore blame, promise"}])},
            {}, [], id="key in JSON"),
        pytest.param({"a.md": FAULTY, "old/b.md": FAULTY}, {"per_file_ignores": {"old/**": ("blame", "promise")}},
                     ["a.md:3:1 promise/guarantee", "a.md:5:1 blame/customer"], id="per file"),
        pytest.param({"a.md": FAULTY}, {"per_file_ignores": {"*.md": ("blame/customer",)}},
                     ["a.md:3:1 promise/guarantee"], id="per file, one rule"),
        pytest.param({"a.md": FAULTY}, {"ignore": ("promise",)}, ["a.md:5:1 blame/customer"], id="ignored family"),
        pytest.param({"a.md": FAULTY}, {"exclude": ("a.*",)}, [], id="excluded"),
    ],
)  # fmt: skip
def test_suppression_matrix(
    lint: Lint, files: dict[str, str], settings: dict[str, object], expected: list[str]
) -> None:
    settings = {"select": ("promise", "blame"), **settings}

    assert shown(lint(files, **settings)) == expected


def test_suppression_keeps_the_finding_with_its_reason(lint: Lint) -> None:
    report = lint({"a.md": FAULTY.replace("We g", "<!-- convscan: ignore -- legal knows -->\nWe g")})

    [hidden] = [one for one in report.findings if not one.is_shown and one.finding.rule == "promise/guarantee"]
    assert (hidden.hidden, hidden.reason) == (Hidden.SUPPRESSION, "legal knows")


def test_suppression_that_names_the_rule_covers_what_is_missing(lint: Lint) -> None:
    text = "Hi {{name}},\n\nit is on its way. It takes a day.\n\n<!-- convscan: ignore thanks/missing -->\nBye"

    assert shown(lint({"a.md": text})) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("ignore blame", "suppression of blame suppresses nothing"),
        ("ignore no/such", "no rule or family 'no/such'"),
        ("ignor blame", "is no order"),
    ],
)
def test_suppression_that_does_nothing_is_told_with_its_place(lint: Lint, comment: str, message: str) -> None:
    report = lint({"a.md": f"Thanks.\n\n<!-- convscan: {comment} -->\nIt is late."})
    [notice] = report.notices

    assert (notice.path, notice.line, notice.column) == ("a.md", 3, 1)
    assert message in notice.message


def test_suppression_for_a_whole_file_is_used_if_one_template_needs_it(lint: Lint) -> None:
    replies = {"a": "Thanks. We guarantee it.", "b": "Thanks. It is on its way."}
    report = lint({"a.json": json.dumps({"x-convscan": ["ignore promise", "ignore blame"], **replies})})

    assert shown(report) == []
    assert [notice.message for notice in report.notices] == ["suppression of blame suppresses nothing; take it out"]


def test_suppression_of_a_rule_that_is_off_is_not_called_unused(lint: Lint) -> None:
    report = lint({"a.md": "Thanks.\n\n<!-- convscan: ignore hidden/evasive -->\nIt is late."})

    assert not list(report.notices)


def test_bad_file_does_not_sink_the_others(lint: Lint) -> None:
    report = lint({"a.json": "{", "b.md": FAULTY})

    assert [fault.path for fault in report.faults] == ["a.json"]
    assert "b.md:3:1 promise/guarantee" in shown(report)


def tar_of(text: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        file = tarfile.TarInfo("a.md")
        file.size = len(text)
        archive.addfile(file, io.BytesIO(text.encode()))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(tar_of(FAULTY), "is a tar archive, which is not opened; unpack it", id="tar"),
        pytest.param(gzip.compress(gzip.compress(b"Thanks.")), "is an archive inside an archive", id="gzip twice"),
        pytest.param(gzip.compress(b"a" * 9_000_000), "times its size, as no text does", id="bomb"),
        pytest.param(gzip.compress(b"Thanks.")[:-9], "is damaged", id="cut"),
    ],
)
def test_packed_file_that_cannot_be_opened_does_not_sink_the_others(lint: Lint, content: bytes, message: str) -> None:
    report = lint({"a.md": content, "b.md": FAULTY})

    assert [fault.path for fault in report.faults] == ["a.md"]
    assert message in next(report.faults).message
    assert "b.md:3:1 promise/guarantee" in shown(report)


def test_packed_file_that_is_whole_is_linted(lint: Lint) -> None:
    assert "a.md:3:1 promise/guarantee" in shown(lint({"a.md": gzip.compress(FAULTY.encode())}))


def test_non_english_template_is_not_judged(lint: Lint) -> None:
    report = lint({"a.md": "---\nlanguage: de\n---\nWe guarantee it.\n"})

    assert shown(report) == []
    assert report.files[0].templates[0].result.status == "not_judged"


def test_second_run_gives_the_same_from_the_cache(lint: Lint, tmp_path: Path) -> None:
    first = lint({"a.md": FAULTY, "b.json": "{"}, use_cache=True)
    entries = list((tmp_path / ".convscan_cache").glob("??/*"))
    second = lint({"a.md": FAULTY, "b.json": "{"}, use_cache=True)

    assert len(entries) == 2
    assert list(second.findings) == list(first.findings)
    assert list(second.faults) == list(first.faults)


def test_damaged_cache_is_as_good_as_none(lint: Lint, tmp_path: Path) -> None:
    first = lint({"a.md": FAULTY}, use_cache=True)
    for path in (tmp_path / ".convscan_cache").glob("??/*"):
        path.write_text('{"templates": [{}]}')

    assert list(lint({"a.md": FAULTY}, use_cache=True).findings) == list(first.findings)


def test_cache_knows_that_settings_have_changed(lint: Lint) -> None:
    lint({"a.md": FAULTY}, use_cache=True)
    report = lint({"a.md": FAULTY}, use_cache=True, severity={"promise/guarantee": Severity.NOTE})

    assert report.count(Severity.NOTE) == 2


def test_cache_remembers_what_was_left_out(lint: Lint) -> None:
    left_out = [lint({"a.md": FAULTY}, use_cache=True, min_confidence=0.5).unmeasured_left_out for _ in range(2)]

    assert left_out == [3, 3]


def test_what_the_next_run_may_judge_in_full_is_not_remembered(lint: Lint, tmp_path: Path) -> None:
    report = lint({"a.md": FAULTY}, use_cache=True, max_record_seconds=1e-9)

    assert [fault for fault in report.faults if "max-record-seconds" in fault.message]
    assert not list((tmp_path / ".convscan_cache").glob("??/*"))


def test_cache_knows_that_the_model_has_changed(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "models"
    shutil.copytree(models_folder() / "fast", models / "fast")
    shutil.copytree(models_folder() / "embedding", models / "embedding")
    monkeypatch.setattr("convscan.models.models_folder", lambda: models)

    def entries() -> int:
        lint({"a.md": FAULTY}, use_cache=True, model=ModelChoice.FAST)
        return len(list((tmp_path / ".convscan_cache").glob("??/*")))

    before = entries(), entries()
    (models / "fast" / "trained.txt").write_text("anew")

    assert (*before, entries()) == (1, 1, 2)


def test_cache_knows_that_the_code_has_changed(lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every checkout has the same version."""
    for digest in ("one", "one", "other"):
        monkeypatch.setattr("convscan.lint.running.code_digest", lambda digest=digest: digest)
        lint({"a.md": FAULTY}, use_cache=True)

    assert len(list((tmp_path / ".convscan_cache").glob("??/*"))) == 2


def test_digest_of_the_code_is_that_of_its_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = tmp_path / "code"
    (code / "detectors").mkdir(parents=True)
    (code / "detectors" / "words.py").write_text("LIMIT = 1\n")
    monkeypatch.setattr("convscan.resources._PACKAGE", code)
    before = code_digest()
    (code / "notes.txt").write_text("no code")
    beside = code_digest()
    (code / "detectors" / "words.py").write_text("LIMIT = 2\n")

    assert beside == before
    assert code_digest() != before


def test_what_was_guessed_is_told_by_the_second_run_too(lint: Lint) -> None:
    told: list[str] = []
    for _ in range(2):
        lint({"a.md": b"Thanks. The caf\xe9 opens at nine."}, use_cache=True, notify=told.append)

    assert len(told) == 2
    assert "not UTF-8" in told[0]
    assert told[1] == told[0]


def test_rule_that_was_left_out_is_told_by_the_second_run_too(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "own" / "acme").mkdir(parents=True)
    (tmp_path / "own" / "acme" / "kettle.yaml").write_text("titel: Kettle\n")
    told: list[list[str]] = []
    for _ in range(2):
        said: list[str] = []
        lint({"a.md": FAULTY}, use_cache=True, notify=said.append, rules_paths=(str(tmp_path / "own"),))
        told.append(said)

    assert any("kettle.yaml:1" in message for message in told[0])
    assert told[1] == told[0]


def test_no_model_has_no_digest_and_each_choice_its_own() -> None:
    digests = [digest_on_disk(choice) for choice in ModelChoice]

    assert digests[0] == ""
    assert len({*digests}) == len(ModelChoice)


@pytest.fixture(scope="module")
def judge() -> TemplateJudge:
    """One judge for many examples."""
    return TemplateJudge(Config(select=("promise/guarantee", "blame/customer", "thanks/missing")))


@given(
    lines=st.lists(
        st.sampled_from(["It is on its way.", "", "The depot opens at nine.", "{{order_number}}"]), max_size=6
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_lines_above_a_finding_never_change_its_fingerprint(judge: TemplateJudge, lines: list[str]) -> None:
    head = "---\nid: refund\nscenario: complaint\n---\n"
    before = "".join(f"{line}\n" for line in lines)

    def fingerprints(text: str) -> set[tuple[str, str]]:
        file = judge.judge(read_template_file((head + text).encode(), "a.md"))
        return {(one.finding.rule, one.finding.fingerprint) for one in file.findings}

    assert fingerprints(f"Hi,\n{before}\n{FAULTY}") == fingerprints(f"Hi,\n{FAULTY}")


def test_fingerprint_stays_when_a_file_is_renamed(lint: Lint) -> None:
    old, new = ([one.finding.fingerprint for one in lint({name: FAULTY}).findings] for name in ("a.md", "b.md"))

    assert old == new


def test_template_without_words_is_not_clean_but_not_judged(lint: Lint) -> None:
    report = lint({"a.json": '[{"title": "a", "body": "  "}, {"title": "b", "body": "Hello there."}]'})

    assert [notice.message for notice in report.notices] == ["1 template not judged, for there are no words in it"]


def test_template_in_another_language_is_not_clean_but_not_judged(lint: Lint) -> None:
    german = "Hallo {{name}},\n\nvielen Dank f\u00fcr Ihre Nachricht. Wir melden uns bis morgen bei Ihnen.\n"
    for _ in range(2):  # the second time from the cache
        report = lint({"de.md": german, "en.md": "Thank you for your message. It leaves today.\n"}, use_cache=True)

        assert [(one.path, one.line, one.is_error) for one in report.notices] == [("de.md", 1, False)]
        assert "1 template not judged, in language de" in next(report.notices).message
