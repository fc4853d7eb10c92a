"""Messages whose speakers are yet to be cast as agent, customer, bot or system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from convscan.conversation import Role, Source, Utterance, Visibility
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions
from convscan.readers.role_guess import Speaker, Told, ask_for_roles, early_words, tell_guess, tell_roles
from convscan.readers.speakers import fold, parse_label

# Words that exports use for roles beside those that people put before a colon.
_FURTHER_WORDS: Mapping[str, Role] = {
    **dict.fromkeys(("inbound", "incoming", "received", "requester", "contact", "consumer", "patient"), Role.CUSTOMER),
    **dict.fromkeys(("passenger", "lead", "reviewer", "human", "end customer", "c"), Role.CUSTOMER),
    **dict.fromkeys(("outbound", "outgoing", "sent", "admin", "employee", "merchant", "wizard", "a"), Role.AGENT),
    **dict.fromkeys(("support rep", "specialist", "brand", "company", "business", "seller"), Role.AGENT),
    **dict.fromkeys(("chatgpt", "ai", "automation"), Role.BOT),
}
_NOBODY = "(no name)"
# After so many notices of guessed roles in one file the user has seen what is done.
_MOST_GUESS_NOTICES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, before its role is settled.

    Attributes:
        role: What the source says; None if it says nothing.
        evidence: By what it was told, for `Trace.told`.
        label: What the source calls the speaker, where that is no name ("rep_2").
    """

    text: str
    role: Role | None = None
    evidence: str = ""
    label: str = ""
    author: str | None = None
    author_id: str | None = None
    timestamp: str | None = None
    is_internal: bool = False
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Tells speakers apart."""
        return self.author_id or self.author or self.label

    @property
    def name(self) -> str:
        """The speaker as `--role` takes it."""
        return self.label or self.author or self.author_id or _NOBODY


def role_of_word(word: str) -> Role | None:
    """Return the role that a word of an export stands for; None if it is none that is known."""
    return _FURTHER_WORDS.get(fold(word)) or parse_label(word).role


class Caster:
    """Settles who is who in the conversations of one file.

    What the user says goes first, then the source, then how the speakers talk.
    """

    def __init__(self, options: ReadOptions, notify: Notice) -> None:
        self._said = options.folded_roles()
        self._trace = options.trace
        self._notify = notify
        self._guesses: set[tuple[str, Role]] = set()
        self._notices = 0

    def said(self, *names: str | None) -> Role | None:
        """Return what the user said of the first of these names of which something was said."""
        return next((self._said[name.casefold().strip()] for name in names if name and self._knows(name)), None)

    def _knows(self, name: str) -> bool:
        return name.casefold().strip() in self._said

    def cast(self, messages: Sequence[Message], source: Source) -> tuple[Utterance, ...]:
        """Return the messages as utterances, each with a role.

        Raises:
            TranscriptError: If nothing tells the role of somebody; names the option to set.
        """
        settled = [self._as_said(message) for message in messages]
        speakers = _speakers(settled)
        unknown = {speaker.key: speaker.name for speaker in speakers if speaker.role is None}
        told = tell_roles(speakers) if unknown else {}
        if "" in unknown:
            raise TranscriptError(
                "a message has neither a role nor an author, so nobody can tell who wrote it; export it with one"
            )
        if unknown and not set(unknown) <= set(told):
            raise TranscriptError(ask_for_roles(list(unknown.values())))
        self._tell(source, {name: told[key] for key, name in unknown.items()})
        return tuple(self._utterance(message, told) for message in settled)

    def _as_said(self, message: Message) -> Message:
        role = self.said(message.label, message.author, message.author_id)
        return message if role is None else replace(message, role=role, evidence="--role")

    def _tell(self, source: Source, told: Mapping[str, Told]) -> None:
        new = {name: found for name, found in told.items() if (name, found.role) not in self._guesses}
        self._guesses |= {(name, found.role) for name, found in new.items()}
        if new and self._notices < _MOST_GUESS_NOTICES:
            self._notices += 1
            more = "; others are told in the same way" if self._notices == _MOST_GUESS_NOTICES else ""
            self._notify(tell_guess(source, new) + more)

    def _utterance(self, message: Message, told: Mapping[str, Told]) -> Utterance:
        role, evidence = message.role, message.evidence
        if role is None:
            found = told[message.key]
            role, evidence = found.role, f"how they talk: {found.evidence}"
        self._trace.told(role, evidence)
        return Utterance(
            role=role,
            text=message.text,
            author=message.author,
            author_id=message.author_id,
            timestamp=message.timestamp,
            visibility=Visibility.INTERNAL if message.is_internal else Visibility.PUBLIC,
            metadata=message.metadata,
        )


def _speakers(messages: Iterable[Message]) -> list[Speaker]:
    """Return the speakers; one whose role is told in some messages only stands twice."""
    parts: dict[tuple[str, Role | None], list[Message]] = {}
    for message in messages:
        if message.role not in {Role.BOT, Role.SYSTEM}:
            parts.setdefault((message.key, message.role), []).append(message)
    return [
        Speaker(key, said[0].name, role, early_words(message.text for message in said))
        for (key, role), said in parts.items()
    ]
