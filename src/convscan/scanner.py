"""The library's front door: a scanner reads conversations and says what it found."""

import os
import threading
import warnings
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from convscan import models
from convscan.acts.heard import HeardConversation, hear
from convscan.balance import balance
from convscan.config import Config, ModelChoice
from convscan.conversation import Channel, Conversation, with_bots_as_agents
from convscan.detectors.deposits import find_deposits, sound_deposits
from convscan.detectors.registry import detectors_for
from convscan.detectors.settling import Settle, settle, settle_in_part, yielded_to
from convscan.errors import ConvscanWarning, RuleError
from convscan.finding import (
    Check,
    Deposit,
    Finding,
    Kind,
    Problem,
    ProblemCode,
    Promise,
    ScanResult,
    Scope,
    Status,
    Tool,
)
from convscan.language.clock import Clock, TimeIsUpError
from convscan.language.hidden import without_hidden
from convscan.language.identification import ENGLISH, language_of
from convscan.language.parsed import ParsedConversation
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.language.stand_ins import in_own_words, with_stand_ins
from convscan.models import Models
from convscan.promises.ledger import with_promises
from convscan.readers.base import BadRecord, Record
from convscan.readers.ids import content_id, with_unique_ids
from convscan.resources import ready_rules_folder, rules_folder
from convscan.rules import kept
from convscan.rules.index import packs_in_force
from convscan.rules.kept import load_rules
from convscan.rules.rule import Rule, is_sought_in
from convscan.scannable import Scannable, conversation_from, many_from, record_from
from convscan.triage import triage, unmeasured_left_out, unsure_left_out

if TYPE_CHECKING:
    from convscan.learned import FastModel


class Scanner:
    """Scan conversations for findings and deposits.

    Rules and models are loaded once; models are shared by all scanners of a process.
    A scanner may be shared between threads; scans then wait for one another, for the
    work is all Python. For speed use `convscan scan --jobs` or processes of your own:
    a scanner may be pickled, and a forked process goes on with the one it was born with.

    >>> scanner = Scanner()
    >>> result = scanner.scan([("customer", "My order is late."), ("agent", "What is your order number?")])
    >>> [finding.rule for finding in result.findings]
    ['acknowledgement/missing', 'thanks/missing']
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        scopes: Collection[Scope] = tuple(Scope),
        rules_cache: Path | None = None,
    ) -> None:
        """Load the rules.

        Args:
            config: Settings; the defaults if not given.
            scopes: Rules of other scopes are left out.
            rules_cache: Folder in which what is made of the rules is kept for the next start;
                None to keep nothing. See `resources.cache_folder`.

        Raises:
            ConfigError: If the settings name a rule that does not exist.
            RuleError: If a folder of rules is not there.
            ModelError: If the model is missing or damaged.
        """
        self.config = config or Config()
        self.rules_cache = rules_cache
        self._scopes = tuple(scopes)
        self._load()
        self._is_stale = False
        self._lock = threading.Lock()
        _scanners.add(self)

    def _load(self) -> None:
        packs = packs_in_force(self.config.rules_paths)
        ready = load_rules(rules_folder(), packs, folder=self.rules_cache, shipped=ready_rules_folder())
        self.catalogue = ready.catalogue
        self.config = self.config.with_renamed_rules(self.catalogue.renamed)
        self.config.check_rules(self.catalogue.rules, left_out=self.catalogue.errors)
        wanted = {
            rule_id: rule
            for rule_id, rule in self.catalogue.rules.items()
            if self.config.wants(rule_id) and rule.scope in self._scopes
        }
        self._models = Models(self.config.model or ModelChoice.FULL, self.config.fast_model)
        self._language = LanguagePipeline(
            self.catalogue,
            Budget(utterance_chars=self.config.max_utterance_chars, record_seconds=self.config.max_record_seconds),
            tables=ready.tables,
            # What the other rules match is a feature of the model, and some that are wanted give way to it.
            without=()
            if self._models.fast
            else self.catalogue.rules.keys() - wanted.keys() - yielded_to(wanted.values()),
        )
        self._rules_in = {
            channel: {rule.id: rule for rule in wanted.values() if is_sought_in(channel, rule.channels)}
            for channel in (None, *Channel)
        }
        self._reads_promises = Scope.CONVERSATION in self._scopes
        detectors = tuple(detectors_for(wanted.values(), placeholders=self.config.placeholders))
        self._detectors = tuple(
            (f"for {detector.rule.id} (rule {number} of {len(detectors)})", detector)
            for number, detector in enumerate(detectors, 1)
        )
        self.tool = Tool(version=version("convscan"), rules=self.catalogue.digest, model=self._models.known_by)

    def __reduce__(self) -> tuple[object, ...]:
        """Travel as settings: the process that it arrives in loads rules and models of its own."""
        return _scanner_again, (type(self), self.config, self._scopes, self.rules_cache)

    @property
    def rule_errors(self) -> tuple[RuleError, ...]:
        """What was wrong in rules that were left out."""
        return (*self.catalogue.errors, *self._language.errors)

    def scan(self, conversation: Scannable) -> ScanResult:
        """Scan one conversation.

        Args:
            conversation: A `Conversation`; a record of the native format; any iterable of
                (role, text), of `{"role": …, "text": …}` or of `Utterance`; or a text that is
                judged as one template reply. Ids may be numbers and UUIDs, timestamps datetimes.

        Returns:
            What was found. Without an id of its own the conversation is known by a hash of
            its content, which the fingerprints of its findings rest on.

        Raises:
            TranscriptError: If a record or list is malformed, or it is nothing of the kind.
        """
        known = conversation_from(conversation)
        return self._scan_alone(known if known.id else replace(known, id=content_id(known)))

    def scan_many(self, conversations: Iterable[Scannable]) -> Iterator[ScanResult]:
        """Scan conversations one by one, in order, in constant memory (eight bytes an id).

        A conversation that is malformed, or on which convscan fails, has a result with
        `Status.ERROR` and the reason in `errors`; the rest is still scanned. An id that was
        given before gets `#2`, `#3` and a `ConvscanWarning`. What the iterable itself raises
        is not caught.

        Args:
            conversations: Any iterable of what `scan` takes.

        Returns:
            One result for each conversation; a result comes before the next conversation is asked for.

        Raises:
            TranscriptError: If it is a single conversation or text, or nothing to go through.
        """
        given = many_from(conversations)
        records = (record_from(one, number) for number, one in enumerate(given, 1))
        return map(self.scan_record, with_unique_ids(records, notify=_warn))

    def scan_record(self, record: Record) -> ScanResult:
        """Scan a record of a reader, whatever happens; its id is taken as it is.

        Returns:
            What was found; with `Status.ERROR` if it could not be read, or if convscan fails on it.
        """
        if isinstance(record, BadRecord):
            problem = Problem(ProblemCode.UNREADABLE, record.message)
            return ScanResult(record.id, Status.ERROR, self.tool, record.source, errors=(problem,))
        try:
            return self._scan_alone(record)
        except Exception as error:  # noqa: BLE001 # whatever goes wrong in one record, the others are still scanned
            return self._failed(record, error)

    def _failed(self, conversation: Conversation, error: Exception) -> ScanResult:
        # The message of an unforeseen error may hold the customer's words; its kind does not.
        where = f"{conversation.source}: " if conversation.source else ""
        message = (
            f"{where}convscan failed on conversation {conversation.id!r} ({type(error).__name__}); please report it"
        )
        return ScanResult(
            conversation_id=conversation.id,
            status=Status.ERROR,
            tool=self.tool,
            source=conversation.source,
            language=conversation.language,
            errors=(Problem(ProblemCode.INTERNAL, message),),
        )

    def _scan_alone(self, conversation: Conversation) -> ScanResult:
        with self._lock:
            if self._is_stale:
                self._load()
                self._is_stale = False
            return self._scan(conversation)

    def _scan(self, given: Conversation) -> ScanResult:
        conversation, hidden = without_hidden(given, limit_chars=self.config.max_utterance_chars)
        # Of what nobody says nothing is clean: it has no language, and is not judged.
        language = language_of(conversation) if any(said.text.strip() for said in conversation.utterances) else None
        if language != ENGLISH:
            return ScanResult(
                conversation_id=given.id,
                status=Status.NOT_JUDGED,
                tool=self.tool,
                source=given.source,
                language=language,
            )
        clock = self._language.start_clock()
        judged = with_bots_as_agents(conversation) if self.config.judge_bots else conversation
        opaque = with_stand_ins(judged, self.config.placeholders, limit_chars=self.config.max_utterance_chars)
        parsed, problems = self._language.parse(opaque, clock)
        known = _Known()
        # Not whether it is over now: what ends between two looks at the clock must be told as well.
        if all(problem.code is not ProblemCode.TIME_BUDGET for problem in problems):
            problems += self._ask_all(in_own_words(parsed, judged), clock, known)
        if problems:
            # What was not looked at may hold what seems to be missing, or call for what seems to be kept.
            known.judgements = [
                one for one in known.judgements if isinstance(one, Finding) and one.kind is Kind.PRESENT
            ]
        findings = [judgement for judgement in known.judgements if isinstance(judgement, Finding)]
        shown = triage(findings, conversation_id=given.id, config=self.config)
        result = ScanResult(
            conversation_id=given.id,
            status=Status.INCOMPLETE if problems else Status.JUDGED,
            tool=self.tool,
            source=given.source,
            language=language,
            findings=shown,
            deposits=tuple(known.deposits),
            checks=tuple(judgement for judgement in known.judgements if isinstance(judgement, Check)),
            promises=known.promises,
            balance=balance(shown, known.deposits, parsed.turns, self.config.balance),
            errors=problems,
            unmeasured_left_out=unmeasured_left_out(findings, self.config),
            unsure_left_out=unsure_left_out(findings, self.config),
        )
        return hidden.put_back(result)

    def _ask_all(self, parsed: ParsedConversation, clock: Clock, known: "_Known") -> tuple[Problem, ...]:
        """Ask one stage after the other, and say what was left out if the time is over before the last."""
        asked = ""
        try:
            for stage in self._stages(parsed, clock, known):
                asked = stage
                clock.check()
        except TimeIsUpError:
            if known.heard is not None:
                self._settle(settle_in_part, known.heard, known)
            return (
                Problem(
                    ProblemCode.TIME_BUDGET,
                    f"max-record-seconds = {self.config.max_record_seconds:g} were over while asking {asked};"
                    " what comes after was left out, and nothing is said to be missing",
                ),
            )
        return ()

    def _stages(self, parsed: ParsedConversation, clock: Clock, known: "_Known") -> Iterator[str]:
        """Take one stage after the other, each named before it begins, and keep what becomes known."""
        yield "for promises"
        heard = known.heard = hear(parsed)
        if self._reads_promises:
            heard = with_promises(heard)
            known.promises = heard.ledger.promises
        yield "for deposits"
        known.deposits.extend(find_deposits(heard))
        rules = self._rules_for(heard)
        for asked, detector in self._detectors:
            if detector.rule.id in rules:
                yield asked
                known.judgements.extend(detector.detect(heard))
        if self._models.fast is not None:
            yield from self._read_by(self._models.fast, heard, known, clock)
        yield "which rule gives way"
        self._settle(settle, heard, known)

    def _rules_for(self, heard: HeardConversation) -> Mapping[str, Rule]:
        """Return the rules that are for the channel of a conversation, by id."""
        return self._rules_in[heard.parsed.conversation.channel]

    def _settle(self, by: Settle, heard: HeardConversation, known: "_Known") -> None:
        """Make one finding of each fault, and no deposit of it."""
        known.judgements = by(known.judgements, heard, self._rules_for(heard))
        known.deposits = sound_deposits(known.deposits, [one for one in known.judgements if isinstance(one, Finding)])

    def _read_by(self, fast: "FastModel", heard: HeardConversation, known: "_Known", clock: Clock) -> Iterator[str]:
        """Take the stages of the models, as `_stages` does."""
        from convscan.detectors.learned import confirm, credit, weigh

        yield "the fast model"
        first = fast.read(heard)
        rules = self._rules_for(heard)
        if self._models.full is None:
            known.judgements = weigh(known.judgements, first, rules)
            known.deposits = credit(known.deposits, first)
        else:
            # What it would find alone is one number more in the weighing.
            known.judgements = confirm(known.judgements, first, rules)
            from convscan.detectors.second_reading import reconsider
            from convscan.detectors.sites import read_again

            yield "the transformer"
            reading = read_again(first, self._models.full, clock)
            known.judgements, known.deposits = reconsider(known.judgements, known.deposits, reading, rules)
            if not reading.is_whole:
                raise TimeIsUpError


@dataclass(slots=True)
class _Known:
    """What is known of a conversation so far; it stands when the time is over.

    Attributes:
        heard: None if the time was over before anything was heard.
    """

    heard: HeardConversation | None = None
    promises: tuple[Promise, ...] = ()
    deposits: list[Deposit] = field(default_factory=list)
    judgements: list[Finding | Check] = field(default_factory=list)


def _scanner_again(kind: type[Scanner], config: Config, scopes: tuple[Scope, ...], rules_cache: Path | None) -> Scanner:
    """Make the scanner that another process, or `copy`, asked for."""
    return kind(config, scopes=scopes, rules_cache=rules_cache)


def _warn(message: str) -> None:
    # Past this function and `with_unique_ids`, to where the next result is asked for.
    warnings.warn(message, ConvscanWarning, stacklevel=3)


# -- forks -----------------------------------------------------------------------------------

_scanners: WeakSet[Scanner] = WeakSet()
_left_behind: list[dict[str, object]] = []


def _after_fork() -> None:
    """Make the scanners of a forked process its own.

    Of the threads only the one that forked is there. What another was using stays as it
    left it, half written or locked for ever (the locks of re2 and onnxruntime among them);
    so it is let lie, not even taken down, and loaded anew when the scanner is next used.
    """
    scanners = list(_scanners)
    is_in_use = models.is_loading() or any(scanner._lock.locked() for scanner in scanners)  # noqa: SLF001
    if is_in_use:
        models.forget()
        kept.forget()
    for scanner in scanners:
        scanner._lock = threading.Lock()  # noqa: SLF001
        scanner._is_stale |= is_in_use  # noqa: SLF001
        if is_in_use:
            _left_behind.append(dict(vars(scanner)))


if hasattr(os, "register_at_fork"):  # not on Windows, which has no forks
    os.register_at_fork(after_in_child=_after_fork)
