"""Who said what in a vCon: its text dialogs, and the transcripts of its recordings."""

from collections.abc import Mapping
from dataclasses import replace

from convscan.conversation import Channel, Role, Source
from convscan.errors import TranscriptError
from convscan.readers import chronology
from convscan.readers.base import Notice, ReadOptions, show_place
from convscan.readers.speakers import fold, parse_label
from convscan.readers.speech.clocks import clock_time_after
from convscan.readers.speech.json_fields import Fields, label_of, objects_of, pick
from convscan.readers.speech.segments import Spoken
from convscan.readers.speech.spoken import NOBODY, Speaker, spoken_in
from convscan.readers.speech.vcon_content import body_of, calls_in, is_transcript, media_type, text_of_dialog

# Words for roles that labels of transcripts do not use.
# Source: role of the CC extension; `contact` in published vCons of car dealers' calls.
_PARTY_ROLES: Mapping[str, Role] = {
    "contact": Role.CUSTOMER,
    "consumer": Role.CUSTOMER,
    "lead": Role.CUSTOMER,
    "supervisor": Role.AGENT,
    "sme": Role.AGENT,
    "employee": Role.AGENT,
    "ai": Role.BOT,
    "voicebot": Role.BOT,
}
_MAIL_KINDS = ("message/", "multipart/")


class VconContent:
    """The words in one vCon and the people in it."""

    def __init__(self, vcon: Fields, options: ReadOptions, source: Source, notify: Notice) -> None:
        self._options = options
        self._source = source
        self._notify = notify
        parties = vcon.get("parties")
        self._parties = [] if parties is None else [item for _, item in objects_of(parties, "parties")]
        self.people = [_person(party) for party in self._parties]
        self._dialog = self._listed(vcon, "dialog")
        self._analysis = self._listed(vcon, "analysis")
        self._is_call = False
        self._is_mail = False
        self._recordings = 0

    @staticmethod
    def _listed(vcon: Fields, key: str) -> list[tuple[str, Fields]]:
        listed = vcon.get(key)
        return [] if listed is None else list(objects_of(listed, key))

    @property
    def channel(self) -> Channel:
        """How the conversation was held."""
        if self._is_call:
            return Channel.CALL
        return Channel.EMAIL if self._is_mail else Channel.CHAT

    def explain_nothing(self) -> str:
        """Return what to do about a vCon without words."""
        if self._recordings:
            return (
                f"has no words in it but {self._recordings} recording(s); transcribe them, the transcript stands in"
                " 'analysis' as type transcript"
            )
        return "has no words in it: no text dialog and no transcript"

    def spoken(self) -> tuple[list[Spoken], dict[str, Speaker]]:
        """Return what was said, by time, and the speakers by key."""
        speakers: dict[str, Speaker] = {}
        parts: list[tuple[str | None, list[Spoken]]] = []
        transcripts = self._transcripts()
        for index, (where, item) in enumerate(self._dialog):
            kind = label_of(item, "type")
            start = label_of(item, "start")
            if kind == "text":
                said = self._text(index, where, item, speakers)
                parts += [(start, [said])] if said is not None else []
            elif index in transcripts:
                parts.append((start, self._recorded(index, item, transcripts[index], speakers)))
            elif kind == "recording":
                self._recordings += 1
                self._options.trace.left_out("recording without a transcript")
            else:
                self._options.trace.left_out(f"dialog of type {kind or 'none'}: no words")
        if None in transcripts:
            parts.append((None, self._recorded(None, {}, transcripts[None], speakers)))
        return [item for _, group in _by_time(parts) for item in group], speakers

    def _transcripts(self) -> dict[int | None, tuple[int, Fields]]:
        """Return the first transcript of each dialog; under None one that names no dialog."""
        found: dict[int | None, tuple[int, Fields]] = {}
        for index, (_, item) in enumerate(self._analysis):
            if not is_transcript(item):
                continue
            if "body" not in item:
                self._options.trace.left_out("transcript at an address: nothing is fetched")
                continue
            dialog = _first_index(item.get("dialog"))
            if dialog is not None and not 0 <= dialog < len(self._dialog):
                self._options.trace.left_out("transcript of a dialog that is not there")
            elif dialog in found:
                self._options.trace.left_out("further transcript of the same dialog")
            else:
                found[dialog] = (index, item)
        return found

    def _text(self, index: int, where: str, item: Fields, speakers: dict[str, Speaker]) -> Spoken | None:
        text = text_of_dialog(item, where)
        if text is None:
            self._options.trace.left_out("text at an address: nothing is fetched")
            return None
        self._is_mail = self._is_mail or media_type(item).startswith(_MAIL_KINDS)
        key = self._sender(item, where, speakers)
        return Spoken(key, text, label_of(item, "start"), {"dialog": index, **_kept_of(item)})

    def _sender(self, item: Fields, where: str, speakers: dict[str, Speaker]) -> str:
        number = _first_index(item.get("originator"))
        number = _first_index(item.get("parties")) if number is None else number
        return NOBODY if number is None else self._party(number, where, speakers)

    def _party(self, number: int, where: str, speakers: dict[str, Speaker]) -> str:
        if not 0 <= number < len(self.people):
            raise TranscriptError(f"{where}: party {number} is not among the {len(self.people)} of 'parties'")
        key = f"party {number}"
        speakers[key] = self.people[number]
        return key

    def _recorded(
        self, index: int | None, item: Fields, transcript: tuple[int, Fields], speakers: dict[str, Speaker]
    ) -> list[Spoken]:
        number, analysis = transcript
        where = f"analysis[{number}]"
        start = label_of(item, "start")
        self._is_call = True
        found: list[Spoken] = []
        for call in calls_in(body_of(analysis, where)):
            if isinstance(call, TranscriptError):
                raise TranscriptError(f"{where}.body: {call}")
            for said in spoken_in(replace(call, channel=Channel.CALL)):
                key = self._speaker(said.speaker, call.speakers.get(said.speaker), item, speakers)
                at = said.timestamp or clock_time_after(start, _start_of(said))
                place: dict[str, object] = (
                    {"analysis": number} if index is None else {"dialog": index, "analysis": number}
                )
                found.append(replace(said, speaker=key, timestamp=at, metadata={**said.metadata, **place}))
        if not found:
            self._notify(f"{show_place(self._source)}: {where}: no words were found in this transcript")
        return found

    def _speaker(self, label: str, known: Speaker | None, item: Fields, speakers: dict[str, Speaker]) -> str:
        """Return the key of a transcript's speaker: a party, if it can be told which."""
        number = self._number_of(label, known, item)
        if number is not None:
            return self._party(number, "parties", speakers)
        if known is not None:
            speakers.setdefault(label, known)
        return label

    def _number_of(self, label: str, known: Speaker | None, item: Fields) -> int | None:
        names = {fold(name) for name in (label, known.name if known else None, known.id if known else None) if name}
        same = [number for number, person in enumerate(self.people) if names & _names_of(person)]
        # A transcript often has the first name only.
        same = same or [number for number, person in enumerate(self.people) if _first_name(person) in names - {""}]
        if len(same) == 1:
            return same[0]
        channels = item.get("parties")
        line = label.removeprefix("channel ")
        if line != label and line.isdecimal() and isinstance(channels, list) and int(line[:4]) < len(channels):
            return _first_index(channels[int(line[:4])])
        # A recording of one party alone, or a transcript without speakers of it.
        alone = [channels] if isinstance(channels, int) else channels
        if label == NOBODY and isinstance(alone, list) and len(alone) == 1:
            return _first_index(alone[0])
        role = (known.role if known else None) or parse_label(label.replace("_", " ")).role
        with_role = [number for number, person in enumerate(self.people) if person.role is role and role is not None]
        return with_role[0] if len(with_role) == 1 else None


def _person(party: Fields) -> Speaker:
    meta = party.get("meta")
    words = [
        label_of(party, "role"),
        label_of(meta, "role") if isinstance(meta, dict) else None,
        label_of(party, "type"),
    ]
    roles = (_role_in(word) for word in words if word is not None)
    return Speaker(
        role=next((role for role in roles if role is not None), None),
        name=label_of(party, "name"),
        id=label_of(party, "uuid", "mailto", "tel", "sip", "did", "id"),
        told_by="`parties[].role`",
    )


def _role_in(word: str) -> Role | None:
    return _PARTY_ROLES.get(fold(word)) or parse_label(word.replace("_", " ")).role


def _names_of(person: Speaker) -> set[str]:
    return {fold(name) for name in (person.name, person.id) if name}


def _first_name(person: Speaker) -> str:
    return fold(person.name or "").partition(" ")[0]


def _first_index(value: object) -> int | None:
    """Return an index, or the first of a list of them, however deep."""
    while isinstance(value, list):
        value = next((item for item in value if item is not None), None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _start_of(said: Spoken) -> int | None:
    places = said.metadata.get("segments")
    first = places[0] if isinstance(places, list) and places else None
    start = first.get("start_ms") if isinstance(first, dict) else None
    return start if isinstance(start, int) else None


def _kept_of(item: Fields) -> dict[str, object]:
    return {key: value for key in ("message_id", "application") if (value := pick(item, key)) is not None}


def _by_time(parts: list[tuple[str | None, list[Spoken]]]) -> list[tuple[str | None, list[Spoken]]]:
    """Return the parts by when they began: a vCon lists them as they were added."""
    return chronology.in_order(parts, lambda part: part[0])
