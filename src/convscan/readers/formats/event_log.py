"""Event logs of dialogue systems: Rasa trackers, and the wizard-of-Oz dialogues of STAR."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, TypeAlias

from convscan.conversation import Conversation, Role, Utterance
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_head import is_native, json_head, objects_in
from convscan.readers.json_values import Document, documents

_DESCRIPTION = Description(
    title="Event logs of Rasa and STAR",
    family=Family.RESEARCH,
    versions="Rasa trackers (`sender_id`, `events[]`), STAR dialogues (`DialogueID`, `Events[]`)",
    reads=(
        "Rasa: events `user` and `bot` with text; a human who took over, where `metadata` says so",
        "STAR: what user and wizard said (`utter`, `pick_suggestion`)",
    ),
    ignores=(
        "STAR: instructions to the user, drafts that were not sent (`request_suggestions`), queries and their results",
        "Rasa: actions, slots, sessions and all other events",
    ),
    roles="--role User=ROLE and the like, else: user is the customer, wizard the agent, bot a bot",
    example="convscan scan dialogues/",
)
_Fields: TypeAlias = Mapping[str, object]
_STAR_SAID = frozenset({"utter", "pick_suggestion"})
_STAR_ROLES: Mapping[str, Role] = {"user": Role.CUSTOMER, "wizard": Role.AGENT}
_RASA_ROLES: Mapping[str, Role] = {"user": Role.CUSTOMER, "bot": Role.BOT, "agent": Role.AGENT}
_KEPT = ("Scenario", "BatchID", "CompletionLevel", "latest_input_channel")
_LAST_SECOND = 253_402_300_799  # of the year 9999


@dataclass(frozen=True, slots=True)
class EventLogReader:
    """Reads dialogues in events."""

    name: str = "event-log"
    suffixes: tuple[str, ...] = ()
    rank: int = 15
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether a list of such events stands in how the file begins."""
        values = json_head(head)
        return not is_native(values) and any(_is_log(item) for item in objects_in(values))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the dialogues; see `Reader.read`."""
        del notify  # the format itself says who is who
        for found in documents(stream, path, options, _is_log):
            yield found if isinstance(found, BadRecord) else _conversation(found, options)


def _is_log(fields: _Fields) -> bool:
    return _is_star(fields) or _is_rasa(fields)


def _is_star(fields: _Fields) -> bool:
    first = _first(fields.get("Events"))
    return "Agent" in first and "Action" in first


def _is_rasa(fields: _Fields) -> bool:
    return isinstance(_first(fields.get("events")).get("event"), str) and (
        "sender_id" in fields or any(key in fields for key in ("slots", "latest_message"))
    )


def _first(events: object) -> _Fields:
    first = events[0] if isinstance(events, list) and events else None
    return first if isinstance(first, dict) else {}


def _conversation(document: Document, options: ReadOptions) -> Record:
    fields = document.value
    key, read = ("Events", _star) if _is_star(fields) else ("events", _rasa)
    found = next((str(fields[name]) for name in ("DialogueID", "sender_id") if _is_id(fields.get(name))), "")
    try:
        utterances = tuple(_utterances(fields[key], key, read, options))
    except TranscriptError as error:
        return bad_record(document.source, str(error), record_id=found or None)
    metadata = {name: fields[name] for name in _KEPT if fields.get(name)}
    return Conversation(found, utterances, metadata=metadata, source=document.source)


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that was said.

    Attributes:
        name: What the log calls the speaker.
        moment: Seconds since 1970; None if it does not say.
    """

    name: str
    role: Role | None
    text: object
    moment: object


def _utterances(
    events: object, where: str, read: Callable[[_Fields], _Event | str], options: ReadOptions
) -> Iterator[Utterance]:
    roles = options.folded_roles()
    for number, item in enumerate(events if isinstance(events, list) else ()):
        if not isinstance(item, dict):
            raise TranscriptError(f"{where}[{number}]: expected an object, found {type(item).__name__}")
        event = read(item)
        if isinstance(event, str):
            options.trace.left_out(event)
            continue
        if not isinstance(event.text, str) or not event.text.strip():
            options.trace.left_out("event without text")
            continue
        role = roles.get(event.name.casefold(), event.role)
        if role is None:
            raise TranscriptError(
                f"{where}[{number}]: unknown speaker {event.name!r};"
                f' say which it is: --role "{event.name}=ROLE" (agent, customer, bot or system)'
            )
        options.trace.told(role, "--role" if event.name.casefold() in roles else f"speaker {event.name}")
        yield Utterance(role, event.text, timestamp=_iso(event.moment))


def _star(item: _Fields) -> _Event | str:
    action, name = str(item.get("Action")), str(item.get("Agent"))
    if action not in _STAR_SAID:
        return f"event {action}"
    return _Event(name, _STAR_ROLES.get(name.casefold()), item.get("Text"), item.get("UnixTime"))


def _rasa(item: _Fields) -> _Event | str:
    kind = str(item.get("event"))
    if kind not in _RASA_ROLES:
        return f"event {kind}"
    metadata = item.get("metadata")
    is_human = kind == "bot" and isinstance(metadata, dict) and metadata.get("agent") is not None
    name = "agent" if is_human else kind
    return _Event(name, _RASA_ROLES[name], item.get("text"), item.get("timestamp"))


def _iso(moment: object) -> str | None:
    if isinstance(moment, bool) or not isinstance(moment, int | float) or not 0 <= moment <= _LAST_SECOND:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


READER = EventLogReader()
