"""The library's front door: a scanner reads conversations and says what it found."""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from convscan.acts.heard import hear
from convscan.balance import balance
from convscan.config import Config, ModelChoice
from convscan.conversation import Conversation, with_bots_as_agents
from convscan.detectors.deposits import find_deposits, sound_deposits
from convscan.detectors.registry import detectors_for
from convscan.detectors.settling import settle, yielded_to
from convscan.errors import RuleError
from convscan.finding import Check, Finding, Kind, ScanResult, Scope, Status, Tool
from convscan.language.identification import ENGLISH, language_of
from convscan.language.pipeline import Budget, LanguagePipeline
from convscan.language.stand_ins import in_own_words, with_stand_ins
from convscan.promises.ledger import with_promises
from convscan.records import conversation_from_json
from convscan.resources import models_folder, ready_rules_folder, rules_folder
from convscan.rules.index import packs_in_force
from convscan.rules.kept import load_rules
from convscan.triage import triage

if TYPE_CHECKING:
    from convscan.learned import FastModel, Transformer

Scannable = Conversation | Mapping[str, object] | str | Sequence[tuple[str, str]]


class Scanner:
    """Scan conversations for findings and deposits.

    Rules are loaded once. A scanner may be shared between threads; scans then wait
    for one another, for the work is all Python. Use `convscan scan --jobs` or
    processes of your own for speed.

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
        packs = packs_in_force(self.config.rules_paths)
        ready = load_rules(rules_folder(), packs, folder=rules_cache, shipped=ready_rules_folder())
        self.catalogue = ready.catalogue
        self.config = self.config.with_renamed_rules(self.catalogue.renamed)
        self.config.check_rules(self.catalogue.rules)
        wanted = {
            rule_id: rule
            for rule_id, rule in self.catalogue.rules.items()
            if self.config.wants(rule_id) and rule.scope in scopes
        }
        chosen = self.config.model or ModelChoice.FULL
        self._model = _fast_model() if chosen is not ModelChoice.NONE else None
        self._transformer = _transformer() if chosen is ModelChoice.FULL else None
        self._language = LanguagePipeline(
            self.catalogue,
            Budget(utterance_chars=self.config.max_utterance_chars, record_seconds=self.config.max_record_seconds),
            tables=ready.tables,
            # What the other rules match is a feature of the model, and some that are wanted give way to it.
            without=() if self._model else self.catalogue.rules.keys() - wanted.keys() - yielded_to(wanted.values()),
        )
        self._rules = wanted
        self._reads_promises = Scope.CONVERSATION in scopes
        self._detectors = tuple(detectors_for(wanted.values(), placeholders=self.config.placeholders))
        read_by = ((ModelChoice.FAST, self._model), (ModelChoice.FULL, self._transformer))
        model = "+".join(f"{name.value}@{one.digest}" for name, one in read_by if one is not None) or None
        self.tool = Tool(version=version("convscan"), rules=self.catalogue.digest, model=model)
        self._lock = threading.Lock()

    @property
    def rule_errors(self) -> tuple[RuleError, ...]:
        """What was wrong in rules that were left out."""
        return (*self.catalogue.errors, *self._language.errors)

    def scan(self, conversation: Scannable) -> ScanResult:
        """Scan one conversation.

        Args:
            conversation: A `Conversation`, a record of the native format, a list of
                (role, text), or a text that is judged as one template reply.

        Raises:
            TranscriptError: If a record or list is malformed.
        """
        with self._lock:
            return self._scan(_as_conversation(conversation))

    def scan_many(self, conversations: Iterable[Scannable]) -> Iterator[ScanResult]:
        """Scan conversations one by one, in order, in constant memory."""
        return (self.scan(conversation) for conversation in conversations)

    def _scan(self, conversation: Conversation) -> ScanResult:
        language = language_of(conversation)
        if language != ENGLISH:
            return ScanResult(
                conversation_id=conversation.id,
                status=Status.NOT_JUDGED,
                tool=self.tool,
                source=conversation.source,
                language=language,
            )
        judged = with_bots_as_agents(conversation) if self.config.judge_bots else conversation
        opaque = with_stand_ins(judged, self.config.placeholders, limit_chars=self.config.max_utterance_chars)
        parsed, problems = self._language.parse(opaque)
        heard = hear(in_own_words(parsed, judged))
        if self._reads_promises:
            heard = with_promises(heard)
        deposits = list(find_deposits(heard))
        judgements = [judgement for detector in self._detectors for judgement in detector.detect(heard)]
        if self._model is not None:
            from convscan.detectors.learned import weigh

            judgements = weigh(judgements, heard, self._model, self._rules)
        if self._transformer is not None:
            from convscan.detectors.second_reading import read_again, reconsider

            reading = read_again(heard, self._transformer)
            judgements, deposits = reconsider(judgements, deposits, reading, self._rules)
        judgements = settle(judgements, heard, self._rules)
        findings = [judgement for judgement in judgements if isinstance(judgement, Finding)]
        deposits = sound_deposits(deposits, findings)
        if problems:
            # What was not looked at may hold what seems to be missing.
            findings = [finding for finding in findings if finding.kind is Kind.PRESENT]
        shown = triage(findings, conversation_id=conversation.id, config=self.config)
        return ScanResult(
            conversation_id=conversation.id,
            status=Status.INCOMPLETE if problems else Status.JUDGED,
            tool=self.tool,
            source=conversation.source,
            language=language,
            findings=shown,
            deposits=tuple(deposits),
            checks=tuple(judgement for judgement in judgements if isinstance(judgement, Check)),
            promises=heard.ledger.promises,
            balance=balance(shown, deposits, parsed.turns, self.config.balance),
            errors=problems,
        )


def _fast_model() -> "FastModel":
    """Load the model, and numpy with it, which rules alone can do without."""
    from convscan.learned import FAST, load_model

    return load_model(models_folder() / FAST)


def _transformer() -> "Transformer":
    from convscan.learned import FULL, Transformer

    return Transformer(models_folder() / FULL)


def _as_conversation(given: Scannable) -> Conversation:
    if isinstance(given, Conversation):
        return given
    if isinstance(given, str):
        return conversation_from_json({"channel": "template", "utterances": [{"role": "agent", "text": given}]})
    if isinstance(given, Mapping):
        return conversation_from_json(given)
    return conversation_from_json({"utterances": [{"role": role, "text": text} for role, text in given]})
