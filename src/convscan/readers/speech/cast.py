"""Tell what each speaker of a conversation is: the one place where roles are settled.

In this order: what the user says, what the file says, what the speaker's label says,
and last how people talk. A guess is told; where it is not sure, the
error names the option to set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convscan.conversation import Role, Source
from convscan.errors import TranscriptError
from convscan.readers.role_guess import SIDES, Speaker, ask_for_roles, tell_guess, tell_roles
from convscan.readers.speakers import fold, parse_label

_LABEL = "the speaker's label"
_USER = "--role"
_MOST_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Voice:
    """One speaker, and what is known of them.

    Attributes:
        key: What the file calls the speaker.
        names: Other words by which the user may name them: a name, an id.
        declared: What the file itself says they are.
        declared_by: Which of its fields says so, such as `participants[].role`.
        words: What they said first, as evidence.
        is_somebody: Whether the file tells this speaker from others at all.
    """

    key: str
    names: tuple[str, ...] = ()
    declared: Role | None = None
    declared_by: str = "role"
    words: str = ""
    is_somebody: bool = True


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who.

    Attributes:
        roles: The role of each speaker, by key.
        evidence: By what each was told, by key.
        notice: What was guessed and how to correct it; None if nothing was.
    """

    roles: Mapping[str, Role]
    evidence: Mapping[str, str]
    notice: str | None = None


def settle_roles(voices: Sequence[Voice], given: Mapping[str, Role], source: Source) -> Cast:
    """Return the role of every speaker.

    Args:
        voices: The speakers in the order in which they come in.
        source: Where they speak, for the notice.
        given: What the user says: names and labels without case.

    Raises:
        TranscriptError: If somebody's role cannot be told; names the option to set.
    """
    told = {voice.key: found for voice in voices if (found := _told(voice, given)) is not None}
    known = {key: role for key, (role, _) in told.items()}
    evidence = {key: by for key, (_, by) in told.items()}
    unknown = [voice for voice in voices if voice.key not in known]
    if not unknown:
        return Cast(known, evidence)
    # One voice alone, or words of nobody in particular, may be two people whom the
    # recogniser did not tell apart: how they talk is no evidence then.
    is_doubtful = len(voices) == 1 or any(not voice.is_somebody for voice in unknown)
    guessed = {} if is_doubtful else tell_roles([_speaker(voice, known.get(voice.key)) for voice in voices])
    if not guessed:
        raise TranscriptError(ask_for_roles([_shown(voice) for voice in unknown]))
    shown = {_shown(voice): guessed[voice.key] for voice in unknown}
    return Cast(
        {**known, **{key: told.role for key, told in guessed.items()}},
        {**evidence, **{key: told.evidence for key, told in guessed.items()}},
        tell_guess(source, shown),
    )


def check_sides(voices: Sequence[Voice], cast: Cast) -> None:
    """Refuse a call in which one side alone speaks, unless the user says that it is so.

    Tools give a whole call one label when they cannot tell the speakers apart; the
    customer's words would be judged as the agent's. A single voice that the file itself
    declares, as by a channel of its own, is believed.

    Raises:
        TranscriptError: If it is such a call; names the option to set.
    """
    side = {role for role in cast.roles.values() if role in SIDES}
    doubtful = [
        voice
        for voice in voices
        if cast.roles[voice.key] in SIDES
        and cast.evidence[voice.key] != _USER
        and (len(voices) > 1 or cast.evidence[voice.key] == _LABEL)
    ]
    if len(side) != 1 or not doubtful:
        return
    names = [_shown(voice) for voice in doubtful[:_MOST_NAMES_SHOWN]]
    options = " ".join(f'--role "{name}={next(iter(side))}"' for name in names)
    raise TranscriptError(
        f"all words are by the {next(iter(side))} ({', '.join(names)}): if two sides speak, the speakers were not told"
        f" apart, so transcribe it again with one label a speaker; if it is right, say: {options}"
    )


def _told(voice: Voice, given: Mapping[str, Role]) -> tuple[Role, str] | None:
    """Return the role that somebody states, and who states it."""
    for name in (voice.key, *voice.names):
        role = given.get(name.casefold().strip()) or given.get(fold(name))
        if role is not None:
            return role, _USER
    if voice.declared is not None:
        return voice.declared, voice.declared_by
    labels = (parse_label(name.replace("_", " ")) for name in (voice.key, *voice.names))
    return next(((label.role, _LABEL) for label in labels if label.role is not None), None)


def _speaker(voice: Voice, role: Role | None) -> Speaker:
    return Speaker(voice.key, _shown(voice), role, voice.words)


def _shown(voice: Voice) -> str:
    """Return what the user knows a speaker by: a name, if there is one."""
    return voice.names[0] if voice.names else voice.key
