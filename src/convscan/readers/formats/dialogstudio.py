"""DialogStudio and like it: dialogues with a `log` of user utterances and system responses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from convscan.conversation import Conversation, Role, Utterance
from convscan.errors import TranscriptError
from convscan.readers.base import BadRecord, Notice, ReadOptions, Record, bad_record
from convscan.readers.description import Description, Family
from convscan.readers.json_head import is_native, json_head, objects_in
from convscan.readers.json_values import Document, documents

_DESCRIPTION = Description(
    title="DialogStudio dialogues",
    family=Family.RESEARCH,
    versions="the JSON of DialogStudio's data sets (an object of dialogues), lists and JSON Lines of the same",
    reads=("`log[]`: `user utterance`, then `system response`", "ids and `original dialog info`, as metadata"),
    ignores=("`dialog history`: the same words once more", "prompts, knowledge bases, states"),
    roles="the user is the customer; the system is the agent, or with --role system=bot a bot",
    example="convscan scan train.json --role system=bot",
)
_SIDES = (("user utterance", "user", Role.CUSTOMER), ("system response", "system", Role.AGENT))
_IDS = ("new dialog id", "original dialog id", "dialog id", "dialogue_id", "id")
_KEPT = ("original dialog info", "original dialog id", "domain", "domains", "split")


@dataclass(frozen=True, slots=True)
class DialogStudioReader:
    """Reads dialogues; the whole file is held if it is one object."""

    name: str = "dialogstudio"
    suffixes: tuple[str, ...] = ()
    rank: int = 15
    description: Description = _DESCRIPTION

    def recognises(self, head: bytes) -> bool:
        """Tell whether a dialogue stands in how the file begins."""
        values = json_head(head)
        return not is_native(values) and any(_is_dialogue(item) for item in objects_in(values))

    def read(self, stream: BinaryIO, path: str, options: ReadOptions, notify: Notice) -> Iterator[Record]:
        """Yield the dialogues; see `Reader.read`."""
        del notify  # the format itself says who is who
        roles = options.folded_roles()
        for found in documents(stream, path, options, _is_dialogue):
            yield found if isinstance(found, BadRecord) else _conversation(found, roles, options)


def _is_dialogue(fields: Mapping[str, object]) -> bool:
    log = fields.get("log")
    first = log[0] if isinstance(log, list) and log else None
    return isinstance(first, dict) and any(key in first for key, _, _ in _SIDES)


def _conversation(document: Document, roles: Mapping[str, Role], options: ReadOptions) -> Record:
    fields = document.value
    found = next((str(fields[key]) for key in _IDS if isinstance(fields.get(key), str | int)), "")
    try:
        utterances = tuple(_utterances(document, roles, options))
    except TranscriptError as error:
        return bad_record(document.source, str(error), record_id=found or None)
    metadata = {key: fields[key] for key in _KEPT if fields.get(key)}
    return Conversation(found, utterances, metadata=metadata, source=document.source)


def _utterances(document: Document, roles: Mapping[str, Role], options: ReadOptions) -> Iterator[Utterance]:
    log = document.value["log"]
    for number, turn in enumerate(log if isinstance(log, list) else ()):
        if not isinstance(turn, dict):
            raise TranscriptError(f"log[{number}]: expected an object with 'user utterance' and 'system response'")
        for key, name, usual in _SIDES:
            text = turn.get(key)
            if text is not None and not isinstance(text, str):
                raise TranscriptError(f"log[{number}].{key}: expected text")
            if not text or not text.strip():
                continue
            role = roles.get(name, usual)
            options.trace.told(role, "--role" if name in roles else key)
            yield Utterance(role, text)


READER = DialogStudioReader()
