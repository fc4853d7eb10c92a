"""`convscan inspect`: what a file was recognised as, and what became of what is in it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import click

from convscan.cli.main import EXIT_FAILED
from convscan.cli.settings import settings
from convscan.cli.shared_options import read_options, reading_options, settings_options, strangers
from convscan.conversation import Conversation, Role, Utterance, turns
from convscan.readers.trace import TraceBook
from convscan.records import Json
from convscan.writers.counting import counted
from convscan.writers.printable import beginning, printable

_SCHEMA = "convscan.inspection/1"
_SAMPLE_TURNS = 3
_SAMPLE_CELLS = 88
# A file in which nothing is right is not told line by line.
_MOST_SHOWN = 10


@click.command(short_help="Say what a file was recognised as and what is in it.")
@click.argument("path", metavar="FILE")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_options
@settings_options
def inspect(
    *,
    path: str,
    format_: str,
    read_as: str | None,
    channel: str | None,
    config_path: str | None,
    isolated: bool,
    **given: object,
) -> int:
    """Say what a file was recognised as and what is in it.

    FILE is a file, a folder, or - for standard input. Nothing is judged: it counts
    conversations, says who speaks by which evidence, and what was left out and why.

    \b
    Exit codes: 0 something could be read, 2 nothing could.

    \b
    Examples:
      convscan inspect export.json
      convscan inspect chat.txt --role "Jo=agent" --format json
    """  # noqa: D301 # \b is click's mark for "do not re-wrap"
    from convscan.readers import read

    config = settings(
        config_path=config_path, isolated=isolated, given={k.replace("_", "-"): v for k, v in given.items()}
    )
    options = read_options(config, read_as=read_as, channel=channel, trace=(book := TraceBook()))
    view = _View(path, book)
    for record in read([path], options, notify=view.notices.append):
        if isinstance(record, Conversation):
            view.add(record)
        else:
            view.errors.append(record.message)
    view.notices += strangers(options, given["roles"])
    if format_ == "json":
        click.echo(json.dumps(view.to_json(), ensure_ascii=False, indent=2))
    else:
        for line in view.lines():
            click.echo(line)
    return 0 if view.conversations else EXIT_FAILED


@dataclass(slots=True)
class _View:
    """What was seen of a file.

    Attributes:
        aside: Utterances that are read but never judged, by why.
        sample: The first turns.
    """

    path: str
    book: TraceBook
    conversations: int = 0
    channels: Counter[str] = field(default_factory=Counter)
    roles: Counter[Role] = field(default_factory=Counter)
    aside: Counter[str] = field(default_factory=Counter)
    sample: list[Utterance] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def add(self, conversation: Conversation) -> None:
        """Count a conversation."""
        self.conversations += 1
        self.channels[conversation.channel.value if conversation.channel else "without a channel"] += 1
        for utterance in conversation.utterances:
            self.roles[utterance.role] += 1
            self.aside.update(_why_aside(utterance))
        if not self.sample:
            first = (conversation.utterances[turn.first] for turn in turns(conversation.utterances))
            self.sample = [utterance for utterance, _ in zip(first, range(_SAMPLE_TURNS), strict=False)]

    @property
    def utterances(self) -> int:
        """How many utterances there are."""
        return self.roles.total()

    def evidence(self) -> Iterator[tuple[Role, str, int]]:
        """Yield each role, by what it was told, and for how many utterances."""
        for role in Role:
            told = {by: count for (which, by), count in self.book.evidence.items() if which is role}
            yield from ((role, by, count) for by, count in told.items())
            if (rest := self.roles[role] - sum(told.values())) > 0:
                yield role, "the file says it", rest

    def to_json(self) -> dict[str, Json]:
        """Return what was seen for programs."""
        from convscan.readers.format_page import title_of

        return {
            "schema": _SCHEMA,
            "path": self.path,
            "recognised": [
                {"format": name, "title": title_of(name), "by": by, "files": count}
                for (name, by), count in self.book.files.items()
            ],
            "conversations": self.conversations,
            "utterances": self.utterances,
            "channels": dict(self.channels),
            "roles": [{"role": role.value, "by": by, "utterances": count} for role, by, count in self.evidence()],
            "not_judged": dict(self.aside),
            "left_out": dict(self.book.omissions),
            "notices": list(self.notices),
            "errors": list(self.errors),
            "turns": [
                {"role": item.role.value, "author": item.author, "timestamp": item.timestamp, "text": item.text}
                for item in self.sample
            ],
        }

    def lines(self) -> Iterator[str]:
        """Yield what was seen for people."""
        from convscan.readers.format_page import title_of

        for (name, by), count in self.book.files.items():
            files = "" if count == 1 else f", {count} files"
            yield f"{printable(self.path)}: {name} ({title_of(name)}), by {by}{files}"
        channels = ", ".join(f"{count} {name}" for name, count in self.channels.items())
        yield f"{counted(self.conversations, 'conversation')} ({channels or 'none'})"
        yield counted(self.utterances, "utterance")
        yield from _table(
            "Roles, and by what they were told", ((n, f"{r.value}: {by}") for r, by, n in self.evidence())
        )
        yield from _table("Read, but not judged", ((count, why) for why, count in self.aside.items()))
        yield from _table("Left out", ((count, what) for what, count in self.book.omissions.items()))
        yield from _some("Notices", self.notices)
        yield from _some("Could not be read", self.errors)
        if self.sample:
            yield from ("", "First turns")
            yield from (_turn(utterance) for utterance in self.sample)


def _why_aside(utterance: Utterance) -> Iterator[str]:
    if not utterance.is_public:
        yield "internal: the customer never saw it"
    elif utterance.role is Role.SYSTEM:
        yield "system: events and automatic lines"
    elif utterance.role is Role.BOT:
        yield "bot: judged with --judge-bots only"
    elif not utterance.text.strip():
        yield "no words: a file by itself"


def _table(heading: str, rows: Iterable[tuple[int, str]]) -> Iterator[str]:
    found = list(rows)
    if found:
        yield from ("", heading)
        yield from (f"{count:>8}  {printable(what)}" for count, what in found)


def _some(heading: str, messages: list[str]) -> Iterator[str]:
    if not messages:
        return
    yield from ("", heading)
    yield from (f"  {printable(message)}" for message in messages[:_MOST_SHOWN])
    if len(messages) > _MOST_SHOWN:
        yield f"  … and {len(messages) - _MOST_SHOWN} more"


def _turn(utterance: Utterance) -> str:
    name = f" {printable(utterance.author)}" if utterance.author else ""
    return f"  {utterance.role.value}{name}: {beginning(printable(utterance.text[: 4 * _SAMPLE_CELLS]), _SAMPLE_CELLS)}"
