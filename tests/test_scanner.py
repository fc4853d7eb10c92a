"""The library's front door."""

import copy
import datetime as dt
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import convscan
from convscan.config import Config, ModelChoice
from convscan.conversation import Channel, Conversation, Role, Utterance, Visibility
from convscan.errors import ConfigError, ConvscanWarning, TranscriptError
from convscan.finding import Kind, Outcome, ProblemCode, Scope, Severity, Status
from convscan.models import Models
from convscan.scannable import Scannable
from convscan.scanner import Scanner

Make = Callable[..., Conversation]
BLAME = "You should have read the manual."
ABSENCE = """\
title: Nothing said
message: Nobody said sorry.
suggestion: Say sorry.
scope: SCOPE
channels: CHANNELS
when: [{role: customer, acts: [problem]}]
expect: {acts: [apology], within: next-turn}
since: "1"
examples: {match: ["customer: x"], no_match: [{text: x, why: y}]}
rationale: House style.
references: [{title: House style, url: "https://acme.example/style"}]
"""


def test_a_span_finding_quotes_the_words_at_its_offsets(scanner: Scanner, conversation: Make) -> None:
    result = scanner.scan(conversation("customer: It leaks.", f"agent: Hello. {BLAME} Sorry."))

    [finding] = [finding for finding in result.findings if finding.rule == "blame/customer"]
    assert finding.at is not None
    assert finding.at.utterance == 1
    assert "Hello. You should have read the manual. Sorry."[finding.at.start : finding.at.end] == finding.at.quote
    assert finding.kind is Kind.PRESENT
    assert finding.severity is Severity.ERROR


def test_the_customers_own_words_are_never_judged(scanner: Scanner, conversation: Make) -> None:
    result = scanner.scan(conversation(f"customer: {BLAME} I guarantee it.", "agent: Thank you, that is true."))

    assert not [finding for finding in result.findings if finding.kind is Kind.PRESENT]


def test_a_missing_act_is_reported_with_the_words_that_called_for_it(scanner: Scanner, conversation: Make) -> None:
    result = scanner.scan(conversation("customer: My kettle is broken.", "agent: Order number."))

    [finding] = [finding for finding in result.findings if finding.rule == "acknowledgement/missing"]
    assert finding.kind is Kind.MISSING
    assert finding.because
    assert finding.because[0].utterance == 0
    assert {step.step for step in finding.explanation} == {"trigger", "searched", "nearest", "read"}


def test_checks_hold_kept_rules_too(scanner: Scanner, conversation: Make) -> None:
    """Rates need denominators."""
    result = scanner.scan(conversation("customer: My kettle is broken.", "agent: Thank you for telling us."))

    outcomes = {check.rule: check.outcome for check in result.checks}
    assert outcomes["thanks/missing"] is Outcome.KEPT
    assert outcomes["acknowledgement/missing"] is Outcome.KEPT


@pytest.mark.parametrize(("channel", "is_judged"), [(Channel.EMAIL, False), (Channel.CHAT, True)])
def test_advertising_below_the_signature_of_a_mail_is_not_judged(
    scanner: Scanner, channel: Channel, *, is_judged: bool
) -> None:
    """In a chat there are no signatures: there somebody says it."""
    said = (
        Utterance(Role.CUSTOMER, "My kettle is broken."),
        Utterance(Role.AGENT, f"It is on its way.\n\nBest,\nJo\nKettles Ltd\n{BLAME} Terms apply."),
    )
    found = scanner.scan(Conversation("c", said, channel=channel)).findings

    assert ("blame/customer" in {finding.rule for finding in found}) is is_judged


def test_internal_notes_are_not_judged(scanner: Scanner) -> None:
    note = Utterance(Role.AGENT, BLAME, visibility=Visibility.INTERNAL)
    result = scanner.scan(Conversation("c", (Utterance(Role.CUSTOMER, "It leaks."), note)))

    assert not [finding for finding in result.findings if finding.rule == "blame/customer"]


def test_bots_are_judged_only_when_asked_for(conversation: Make) -> None:
    chat = conversation("customer: It leaks.", f"bot: {BLAME}")

    default = Scanner(Config(select=("blame/customer",)))
    asked = Scanner(Config(select=("blame/customer",), judge_bots=True))

    assert default.scan(chat).findings == ()
    assert [finding.rule for finding in asked.scan(chat).findings] == ["blame/customer"]


def test_the_agent_who_wrote_it_is_charged() -> None:
    """Two agents of one name are told apart by their ids."""
    said = (
        Utterance(Role.CUSTOMER, "It leaks."),
        Utterance(Role.AGENT, "Hello.", author="Sam", author_id="a1"),
        Utterance(Role.AGENT, BLAME, author="Sam", author_id="a2"),
    )

    result = Scanner(Config(select=("blame",))).scan(Conversation("c", said))

    assert [finding.agent for finding in result.findings] == ["a2"]


def test_a_conversation_that_is_not_english_is_not_judged(scanner: Scanner, conversation: Make) -> None:
    result = scanner.scan(
        conversation(
            "customer: Guten Tag, meine Waschmaschine ist seit gestern kaputt und niemand meldet sich.",
            "agent: Das tut mir leid, bitte nennen Sie mir Ihre Kundennummer.",
        )
    )

    assert result.status is Status.NOT_JUDGED
    assert result.language == "de"
    assert result.findings == ()
    assert result.checks == ()


@pytest.mark.parametrize("text", ["ok", "thx bye", "Café Zürich?", "order 4411 AB-12 pls"])
def test_short_talk_is_taken_as_english(scanner: Scanner, text: str) -> None:
    assert scanner.scan([("customer", text), ("agent", "ok")]).status is Status.JUDGED


def test_the_language_that_the_source_names_is_believed(scanner: Scanner) -> None:
    chat = Conversation("c", (Utterance(Role.AGENT, "Thank you for your message about the lamp."),), language="fr-CA")

    assert scanner.scan(chat).status is Status.NOT_JUDGED


def test_an_utterance_over_the_size_budget_makes_the_record_incomplete(conversation: Make) -> None:
    """What was not looked at is never reported as clean, nor as missing."""
    small = Scanner(Config(max_utterance_chars=10))

    result = small.scan(conversation("customer: My kettle is broken.", "agent: Number?"))

    assert result.status is Status.INCOMPLETE
    assert [problem.code for problem in result.errors] == [ProblemCode.SIZE_BUDGET]
    assert not [finding for finding in result.findings if finding.kind is Kind.MISSING]


def test_a_record_over_the_time_budget_is_incomplete(conversation: Make) -> None:
    hasty = Scanner(Config(max_record_seconds=1e-9))

    result = hasty.scan(conversation("customer: My kettle is broken.", "agent: Order number."))

    assert result.status is Status.INCOMPLETE
    assert [problem.code for problem in result.errors] == [ProblemCode.TIME_BUDGET]


def test_a_plain_text_is_judged_as_a_template(scanner: Scanner) -> None:
    rules = [finding.rule for finding in scanner.scan(f"Dear customer,\n\n{BLAME}\n").findings]

    assert "blame/customer" in rules


def test_a_record_of_the_native_format_is_accepted(scanner: Scanner) -> None:
    result = scanner.scan({"id": "x-1", "utterances": [{"role": "agent", "text": BLAME}]})

    assert result.conversation_id == "x-1"


def test_a_malformed_record_is_refused_with_its_place(scanner: Scanner) -> None:
    with pytest.raises(TranscriptError, match=r"utterances\[0\]\.role: unknown value 'clerk'"):
        scanner.scan({"utterances": [{"role": "clerk", "text": "hi"}]})


def test_select_and_ignore_take_rules_and_families(conversation: Make) -> None:
    chat = conversation("customer: My kettle is broken.", f"agent: {BLAME}")

    families = {f.rule.split("/")[0] for f in Scanner(Config(select=("blame", "thanks"))).scan(chat).findings}
    without = {f.rule for f in Scanner(Config(select=("blame", "thanks"), ignore=("thanks",))).scan(chat).findings}

    assert families == {"blame", "thanks"}
    assert without == {"blame/customer"}


def test_a_rule_that_does_not_exist_is_refused_with_a_hint() -> None:
    with pytest.raises(ConfigError, match="did you mean 'blame/customer'"):
        Scanner(Config(select=("blame/custmer",)))


def test_the_severity_of_a_rule_can_be_set(conversation: Make) -> None:
    lenient = Scanner(Config(select=("blame",), severity={"blame/customer": Severity.NOTE}))

    [finding] = lenient.scan(conversation(f"agent: {BLAME}")).findings

    assert finding.severity is Severity.NOTE


def test_unmeasured_findings_pass_only_when_no_confidence_is_asked_for(conversation: Make) -> None:
    strict = Scanner(Config(select=("blame",), min_confidence=0.01, model=ModelChoice.NONE))

    assert strict.scan(conversation(f"agent: {BLAME}")).findings == ()


def test_rules_of_other_scopes_can_be_left_out(conversation: Make) -> None:
    spans = Scanner(scopes=(Scope.SPAN,))

    result = spans.scan(conversation("customer: My kettle is broken.", f"agent: {BLAME}"))

    assert [finding.rule for finding in result.findings] == ["blame/customer"]
    assert result.checks == ()


@pytest.mark.parametrize(
    ("channels", "channel", "is_judged"),
    [
        ("[email]", Channel.EMAIL, True),
        ("[email]", Channel.CHAT, False),
        ("[email]", None, False),
        ("[chat, email, call, social, ticket]", None, True),
        ("[]", None, True),
    ],
)
@pytest.mark.parametrize("scope", ["turn", "conversation"])
def test_absence_rule_for_some_channels_is_not_asked_in_others(
    tmp_path: Path, conversation: Make, scope: str, channels: str, channel: Channel | None, *, is_judged: bool
) -> None:
    (tmp_path / "acme").mkdir()
    rule = ABSENCE.replace("SCOPE", scope).replace("CHANNELS", channels)
    (tmp_path / "acme" / "regards.yaml").write_text(rule, encoding="utf-8")
    own = Scanner(Config(model=ModelChoice.NONE, rules_paths=(str(tmp_path),), select=("acme",)))
    result = own.scan(replace(conversation("customer: My lamp is broken.", "agent: Order number."), channel=channel))

    assert not own.rule_errors
    assert [finding.rule for finding in result.findings] == ["acme/regards"] * is_judged
    assert len(result.checks) == is_judged, "what is not asked is in no rate"


def test_own_rules_are_used_beside_the_built_in_ones(kettle_pack: Path, conversation: Make) -> None:

    own = Scanner(Config(rules_paths=(str(kettle_pack),), select=("acme",)))

    assert own.rule_errors == ()
    assert [f.rule for f in own.scan(conversation("agent: The kettle is here.")).findings] == ["acme/kettle"]


def test_a_broken_rule_is_left_out_alone(tmp_path: Path, conversation: Make) -> None:
    bad = tmp_path / "acme" / "bad.yaml"
    bad.parent.mkdir()
    bad.write_text("title: x\npatern: [y]\n", encoding="utf-8")

    own = Scanner(Config(rules_paths=(str(tmp_path),)))

    assert any("bad.yaml:2:1: unknown key 'patern'; did you mean 'patterns'?" in str(e) for e in own.rule_errors)
    assert own.scan(conversation(f"agent: {BLAME}")).findings


def test_selecting_a_broken_rule_tells_what_is_wrong_with_it(tmp_path: Path) -> None:
    bad = tmp_path / "acme" / "bad.yaml"
    bad.parent.mkdir()
    bad.write_text("title: x\npatern: [y]\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="no rule or family 'acme'") as caught:
        Scanner(Config(rules_paths=(str(tmp_path),), select=("acme",)))

    assert f"{bad}:2:1: unknown key 'patern'" in str(caught.value)
    assert "did you mean 'blame'" not in str(caught.value)


def test_scan_many_streams(scanner: Scanner, conversation: Make) -> None:
    """A result comes before the next conversation is asked for."""
    taken: list[int] = []

    def endless() -> Iterator[Conversation]:
        number = 0
        while True:
            taken.append(number)
            yield conversation(f"agent: {BLAME}", conversation_id=str(number))
            number += 1

    results = scanner.scan_many(endless())

    assert next(results).conversation_id == "0"
    assert taken == [0]


def test_a_scanner_is_shared_between_threads(scanner: Scanner, conversation: Make) -> None:
    chats = [conversation(f"customer: Lamp {n} is broken.", f"agent: {BLAME} {n}") for n in range(40)]
    expected = [scanner.scan(chat) for chat in chats]
    found: dict[int, list[object]] = {}

    def work(worker: int) -> None:
        found[worker] = [scanner.scan(chat) for chat in chats]

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(found[worker] == expected for worker in range(4))


def test_the_package_offers_its_public_names() -> None:
    for name in convscan.__all__:
        assert getattr(convscan, name) is getattr(sys.modules[f"convscan.{_module_of(name)}"], name)
    assert {*convscan.__all__, "__version__"} <= set(dir(convscan))
    assert convscan.__version__ == convscan.Scanner(Config(model=ModelChoice.NONE)).tool.version
    with pytest.raises(AttributeError, match="no attribute 'Scaner'"):
        convscan.Scaner  # noqa: B018 # the access is what is tested


def _module_of(name: str) -> str:
    [module] = [module for module, names in convscan._MODULES.items() if name in names]  # noqa: SLF001
    return module


def test_importing_the_package_imports_nothing_else_of_it() -> None:
    """`convscan --help` must stay quick."""
    told = "import sys, convscan; dir(convscan); print([name for name in sys.modules if name.startswith('convscan.')])"

    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "[]"


def test_lone_surrogates_and_odd_characters_do_not_stop_a_scan(scanner: Scanner, conversation: Make) -> None:
    result = scanner.scan(conversation("customer: \ud800 broken \u202e", f"agent: \x00{BLAME}\u2028\ufdfa İ"))

    assert result.status is Status.JUDGED
    assert any(finding.rule == "blame/customer" for finding in result.findings)


# -- what is taken for a conversation ------------------------------------------------------------


SAID = [("customer", "My lamp is broken."), ("agent", BLAME)]


@pytest.mark.parametrize(
    "given",
    [
        SAID,
        tuple(SAID),
        [list(pair) for pair in SAID],
        [{"role": role, "text": text} for role, text in SAID],
        [Utterance(Role(role), text) for role, text in SAID],
        {"utterances": [{"role": role, "text": text} for role, text in SAID]},
        Conversation("", tuple(Utterance(Role(role), text) for role, text in SAID)),
    ],
)
def test_one_conversation_in_any_shape_has_one_result(scanner: Scanner, given: Scannable) -> None:
    assert scanner.scan(given) == scanner.scan(pair for pair in SAID)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "expected a Conversation, .*; found null"),
        (7, "found a number"),
        (b"Hello", "found bytes; decode it first"),
        (Utterance(Role.AGENT, "Hello"), "found Utterance"),
        ([("agent", "Jo", "Hello")], r"utterances\[0\]: expected \(role, text\), found 3 values"),
        ([("agent", "Hello"), ("agent", None)], r"utterances\[1\]: no 'text'"),
        (["Hello"], r"utterances\[0\]: expected \(role, text\) or .*, found text"),
        ([("Agent", "Hello")], r"unknown value 'Agent'; .*; did you mean 'agent'\?"),
        ([{"utterances": []}], r"utterances\[0\]: is a conversation by itself; .* scan_many"),
        ([Conversation("c", ())], r"utterances\[0\]: is a conversation by itself"),
    ],
)
def test_what_is_no_conversation_is_refused_with_what_is_one(scanner: Scanner, given: Scannable, message: str) -> None:
    with pytest.raises(TranscriptError, match=message):
        scanner.scan(given)


def test_ids_and_times_may_be_values_of_python(scanner: Scanner) -> None:
    number = uuid.UUID(int=7)
    sent = dt.datetime(2026, 3, 2, 10, 14, tzinfo=dt.UTC)
    said = {"role": "agent", "text": BLAME, "author_id": 12, "timestamp": sent}

    result = scanner.scan({"id": number, "utterances": [said]})
    as_text = scanner.scan(
        {"id": str(number), "utterances": [{**said, "author_id": "12", "timestamp": sent.isoformat()}]}
    )

    assert result == as_text
    assert result.findings[0].agent == "12"


# -- ids -----------------------------------------------------------------------------------------


def test_without_an_id_a_conversation_is_known_by_its_content(scanner: Scanner) -> None:
    one, same, other = scanner.scan(SAID), scanner.scan(SAID), scanner.scan([*SAID, ("customer", "Oh.")])

    assert one.conversation_id
    assert one.conversation_id == same.conversation_id != other.conversation_id
    prints = [{finding.fingerprint for finding in result.findings} for result in (one, other)]
    assert prints[0]
    assert not prints[0] & prints[1]


def test_the_same_content_twice_has_two_ids(scanner: Scanner) -> None:
    alone = scanner.scan(SAID).conversation_id

    assert [r.conversation_id for r in scanner.scan_many([SAID, SAID])] == [alone, f"{alone}#2"]


def test_an_id_that_comes_again_is_numbered_and_warned_of(scanner: Scanner) -> None:
    chat = {"id": "c", "utterances": [{"role": "agent", "text": "Hello."}]}

    with pytest.warns(ConvscanWarning, match="the id 'c' was used before; .* 'c#2'") as warned:
        assert [r.conversation_id for r in scanner.scan_many([chat, chat])] == ["c", "c#2"]
    assert [Path(one.filename) for one in warned] == [Path(__file__)]


# -- bad records ---------------------------------------------------------------------------------


def test_a_bad_record_does_not_end_the_stream(scanner: Scanner) -> None:
    bad = {"id": 5, "utterances": [{"role": "clerk", "text": BLAME}]}

    first, second, third = scanner.scan_many([SAID, bad, SAID])

    assert (first.status, second.status, third.status) == (Status.JUDGED, Status.ERROR, Status.JUDGED)
    assert second.conversation_id == "5"
    [problem] = second.errors
    assert problem.code is ProblemCode.UNREADABLE
    assert problem.message.startswith("record 2: utterances[0].role: unknown value 'clerk'")


def test_what_the_iterable_raises_is_not_swallowed(scanner: Scanner) -> None:
    def broken() -> Iterator[Scannable]:
        yield SAID
        raise OSError("the line is dead")

    results = scanner.scan_many(broken())

    assert next(results).status is Status.JUDGED
    with pytest.raises(OSError, match="the line is dead"):
        next(results)


@pytest.mark.parametrize("given", ["Hello.", b"Hello.", {"utterances": []}, Conversation("c", ()), None, 3])
def test_one_conversation_is_not_gone_through_letter_by_letter(scanner: Scanner, given: object) -> None:
    with pytest.raises(TranscriptError, match="expected an iterable of conversations"):
        scanner.scan_many(given)  # type: ignore[arg-type] # the mistake that is tested


# -- processes -----------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_process_forked_while_a_thread_scans_can_scan() -> None:
    own = Scanner(Config(model=ModelChoice.FAST))
    expected = own.scan(SAID)
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            own.scan(SAID * 10)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        while not own._lock.locked():  # noqa: SLF001 # the moment that is tested
            time.sleep(0.0001)
        child = os.fork()
        if child == 0:
            os._exit(0 if own.scan(SAID) == expected else 1)
    finally:
        is_over.set()
        thread.join()

    assert _exit_code(child, limit_s=120) == 0


def _exit_code(child: int, *, limit_s: float) -> int | None:
    """Return how a process ended; None if it was still there, and it is then ended."""
    until = time.monotonic() + limit_s
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def test_a_scanner_travels_to_a_new_process() -> None:
    own = Scanner(Config(model=ModelChoice.NONE, select=("blame",)), scopes=(Scope.SPAN,))

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(own.scan, SAID).result(timeout=120) == own.scan(SAID)


def test_a_copy_of_a_scanner_scans_alike() -> None:
    own = Scanner(Config(model=ModelChoice.FAST, ignore=("thanks",)))

    other = copy.deepcopy(own)

    assert other.scan(SAID) == own.scan(SAID)
    assert other.config == own.config


# -- models --------------------------------------------------------------------------------------


def test_models_are_loaded_once_and_remembered_apart() -> None:
    one, other = Models(ModelChoice.FULL), Models(ModelChoice.FULL)

    assert one.fast is not None
    assert other.fast is not None
    assert one.fast.weights is other.fast.weights
    assert one.full is not None
    assert other.full is not None
    assert one.full._session is other.full._session  # noqa: SLF001 # what costs the memory
    one.fast.embedding.sentences([["kettle"]])
    assert "kettle" not in other.fast.embedding._row  # noqa: SLF001


# -- values --------------------------------------------------------------------------------------


def test_values_can_be_members_of_a_set(scanner: Scanner, conversation: Make) -> None:
    chat = replace(conversation(f"agent: {BLAME}"), metadata={"team": "billing"})

    assert len({chat, replace(chat)}) == 1
    assert len({scanner.scan(chat), scanner.scan(chat)}) == 1
