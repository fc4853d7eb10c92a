"""From the mails of a thread to a conversation."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.errors import TranscriptError
from convscan.readers.base import Notice, ReadOptions, Record, bad_record, show_place, show_size
from convscan.readers.mail.message import Mail, parse_mail
from convscan.readers.mail.sides import Sides, guess_sides, is_team, role_by_name, sides_by_name, told_sides
from convscan.readers.mail.threads import Entry, company_of, join_threads

_MAX_NOTICES = 3
_MAX_NAMES_SHOWN = 5
_MAX_METADATA = 50


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail that has been read, and where it stands."""

    mail: Mail
    source: Source


Load = Callable[[Entry], StoredMail]


class ThreadReader:
    """Turns threads of mails into conversations; tells each kind of thing a few times only."""

    def __init__(self, place: str, options: ReadOptions, notify: Notice) -> None:
        """Take what is the same for all threads.

        Args:
            place: The file or folder, for notices.
            options: What the user says.
            notify: Told of everything that was guessed.
        """
        self._place = place
        self._options = options
        self._notify = notify
        self._roles = options.folded_roles()
        self._told = told_sides(options)
        self._counts: dict[str, int] = {}
        self._strangers = 0

    def read(self, entries: Sequence[Entry], load: Load) -> Iterator[Record]:
        """Yield the conversation of each thread; a mail that cannot be read is a bad record of its own."""
        threads, by_subject = join_threads(entries)
        if by_subject:
            self._say(f"joined {by_subject} mails to threads by subject and people, for they name no mail before them")
        company = company_of(threads)
        for thread in threads:
            yield from self._thread(thread, load, company)
        self.close()

    def close(self) -> None:
        """Tell what was left to tell."""
        for what, count in self._counts.items():
            if count > _MAX_NOTICES:
                self._say(f"{what}: {count - _MAX_NOTICES} more threads or mails")
        if self._strangers:
            self._say(
                f"{self._strangers} threads have nobody of {', '.join(sorted(self._told.agents)) if self._told else ''}"
                " in them; their agents are given with --agent-domain or --agent-address too"
            )

    def _thread(self, thread: Sequence[Entry], load: Load, company: str | None) -> Iterator[Record]:
        stored: list[StoredMail] = []
        seen: dict[str, tuple[str, str]] = {}
        size = 0
        for entry in thread:
            try:
                found = load(entry)
            except BadMailError as error:
                yield bad_record(error.source, str(error))
                continue
            name, words = found.mail.envelope.id, found.mail.body.text
            if name and seen.get(name) == (words, found.mail.envelope.date):
                self._options.trace.left_out("mail: a copy of one that was read")
                continue
            if name and name in seen:
                self._some("an id is used by several mails", found.source, f"the id {name[:80]!r} is used twice")
            seen.setdefault(name, (words, found.mail.envelope.date))
            size += len(words)
            if size > self._options.max_record_bytes:
                limit = show_size(self._options.max_record_bytes)
                yield bad_record(found.source, f"the thread is larger than {limit}, the most that is read; split it")
                return
            stored.append(found)
        if stored:
            yield self._conversation(stored, company)

    def _conversation(self, stored: Sequence[StoredMail], company: str | None) -> Record:
        first = stored[0]
        name = first.mail.envelope.id
        mails = [item.mail for item in stored]
        try:
            sides = self._sides(mails, first.source, company)
        except TranscriptError as error:
            return bad_record(first.source, str(error), record_id=name or None)
        for item in stored:
            for doubt in item.mail.body.doubts:
                self._some("charset", item.source, doubt)
        utterances = tuple(self._utterance(item.mail, sides) for item in stored)
        subject = next((mail.envelope.subject for mail in mails if mail.envelope.subject), "")
        return Conversation(
            id=name,
            utterances=utterances,
            channel=Channel.EMAIL,
            metadata={"subject": subject} if subject else {},
            source=first.source,
        )

    def _sides(self, mails: Sequence[Mail], source: Source, company: str | None) -> Sides:
        """Return who is the agent.

        Raises:
            TranscriptError: If nobody said it and the evidence is weak.
        """
        people = [p for m in mails for p in (m.envelope.sender, *m.envelope.recipients) if p is not None]
        if self._told is not None:
            self._strangers += not any(self._told.is_agent(person) for person in people)
            return self._told
        senders = [mail.envelope.sender for mail in mails if not _is_of_program(mail)]
        if all(person is not None and role_by_name(person, self._roles) for person in senders):
            return Sides(frozenset(), "--role")
        sides = sides_by_name(people, self._roles) or guess_sides(mails, company)
        if sides is None:
            raise TranscriptError(_ask_for_sides([person.address for person in people]))
        if not sides.is_guess:
            return sides
        self._some(
            "took a side to be the company",
            source,
            f"took {', '.join(sorted(sides.agents))} to be the company ({sides.evidence});"
            " if that is wrong, say it with --agent-domain or --agent-address",
        )
        return sides

    def _utterance(self, mail: Mail, sides: Sides) -> Utterance:
        envelope, body = mail.envelope, mail.body
        role, evidence = _role_of(mail, sides, self._roles)
        self._options.trace.told(role, evidence)
        if body.attachments:
            self._options.trace.left_out("attachment: not opened", count=len(body.attachments))
        if body.attached_mails:
            self._options.trace.left_out("attached mail: not words of the sender", count=body.attached_mails)
        sender = envelope.sender
        # A team's mailbox is shared: there the name tells agents apart.
        is_shared = sender is not None and bool(sender.name) and is_team(sender)
        return Utterance(
            role=role,
            text=body.text,
            author=(sender.name or None) if sender else None,
            author_id=None if sender is None or is_shared else sender.address or None,
            timestamp=envelope.moment.written if envelope.moment else None,
            metadata=_metadata(mail),
        )

    def _some(self, kind: str, source: Source, what: str) -> None:
        """Tell the first few of a kind, with their place."""
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= _MAX_NOTICES:
            self._notify(f"{show_place(source)}: {what}")

    def _say(self, what: str) -> None:
        self._notify(f"{show_place(Source(self._place))}: {what}")


class BadMailError(TranscriptError):
    """A mail that could not be read, with its place."""

    def __init__(self, source: Source, message: str) -> None:
        """Take place and message; the message names no place."""
        super().__init__(message)
        self.source = source


def check_size(size_bytes: int, source: Source, *, limit_bytes: int) -> None:
    """Refuse a mail that is too large.

    Raises:
        BadMailError: If it is.
    """
    if size_bytes > limit_bytes:
        raise BadMailError(
            source,
            f"the mail is larger than {show_size(limit_bytes)}, the most that is read (max-record-bytes);"
            " export it without its attachments",
        )


def stored_mail(content: bytes, source: Source) -> StoredMail:
    """Return the mail of some bytes.

    Raises:
        BadMailError: If it is damaged beyond reading, or has no sender.
    """
    try:
        mail = parse_mail(content)
    except TranscriptError as error:
        raise BadMailError(source, str(error)) from error
    if mail.envelope.sender is None:
        raise BadMailError(
            source, "the mail has no sender: no From, Sender or Reply-To header; add one, or leave it out"
        )
    return StoredMail(mail, source)


def _is_of_program(mail: Mail) -> bool:
    return mail.envelope.is_bounce or mail.envelope.is_automatic


def _role_of(mail: Mail, sides: Sides, roles: Mapping[str, Role]) -> tuple[Role, str]:
    envelope = mail.envelope
    if envelope.is_bounce:
        return Role.SYSTEM, "a mail server wrote it"
    sender = envelope.sender
    if sender is not None and (told := role_by_name(sender, roles)) is not None:
        return told, "--role"
    is_agent = sender is not None and sides.is_agent(sender)
    if envelope.is_automatic:
        return (Role.BOT if is_agent else Role.SYSTEM), "sent automatically (Auto-Submitted and the like)"
    if not is_agent:
        return Role.CUSTOMER, "the sender's address is not the company's"
    return Role.AGENT, f"the sender's address is the company's: {sides.evidence}"


def _metadata(mail: Mail) -> dict[str, object]:
    envelope = mail.envelope
    found: dict[str, object] = {
        "message_id": envelope.id,
        "from": envelope.sender.address if envelope.sender else "",
        "to": [person.address for person in envelope.recipients[:_MAX_METADATA] if person.address],
        "attachments": list(mail.body.attachments),
        "date": "" if envelope.moment else envelope.date,
    }
    return {key: value for key, value in found.items() if value}


def _ask_for_sides(found: Sequence[str]) -> str:
    names = list(dict.fromkeys(name for name in found if name))
    shown = ", ".join(names[:_MAX_NAMES_SHOWN]) + (", …" if len(names) > _MAX_NAMES_SHOWN else "")
    return (
        f"cannot tell who of {shown or 'the people in it'} writes for the company;"
        " say it: --agent-domain DOMAIN, or --agent-address ADDRESS"
    )
