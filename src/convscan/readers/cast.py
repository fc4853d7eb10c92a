"""Tell what each speaker of a conversation is: the one place where roles are settled.

In this order: what the user says, what the file says, what the speaker's label says,
and last a guess from how two people talk. A guess is told; where it is not sure, the
error names the option to set.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convscan.conversation import Role
from convscan.errors import TranscriptError
from convscan.readers.role_guess import MIN_EVIDENCE, agent_lead
from convscan.readers.speakers import fold, parse_label

_SIDES = frozenset({Role.AGENT, Role.CUSTOMER})
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
    """

    key: str
    names: tuple[str, ...] = ()
    declared: Role | None = None
    declared_by: str = "role"
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is who.

    Attributes:
        roles: The role of each speaker, by key.
        evidence: By what each was told, by key.
        guess: What was guessed and how to correct it; None if nothing was.
    """

    roles: Mapping[str, Role]
    evidence: Mapping[str, str]
    guess: str | None = None


def settle_roles(voices: Sequence[Voice], given: Mapping[str, Role]) -> Cast:
    """Return the role of every speaker.

    Args:
        voices: The speakers in the order in which they come in.
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
    guessed = _guessed(unknown, [voice for voice in voices if known.get(voice.key) in _SIDES], known)
    if not guessed:
        raise TranscriptError(_ask(unknown))
    evidence |= dict.fromkeys(guessed, "how the speakers talk")
    return Cast({**known, **guessed}, evidence, _tell(guessed))


def _told(voice: Voice, given: Mapping[str, Role]) -> tuple[Role, str] | None:
    """Return the role that somebody states, and who states it."""
    for name in (voice.key, *voice.names):
        role = given.get(name.casefold().strip()) or given.get(fold(name))
        if role is not None:
            return role, "--role"
    if voice.declared is not None:
        return voice.declared, voice.declared_by
    labels = (parse_label(name.replace("_", " ")) for name in (voice.key, *voice.names))
    return next(((label.role, "the speaker's label") for label in labels if label.role is not None), None)


def _guessed(unknown: Sequence[Voice], sides: Sequence[Voice], known: Mapping[str, Role]) -> dict[str, Role]:
    """Return the roles of two speakers nobody knows, or of one beside a known side; none if unsure."""
    if len(unknown) == 2 and not sides:  # noqa: PLR2004 - a conversation has two sides
        one, other = unknown
        lead = agent_lead(one.words, other.words)
        if abs(lead) < MIN_EVIDENCE:
            return {}
        return {one.key: _side(is_agent=lead > 0), other.key: _side(is_agent=lead < 0)}
    if len(unknown) == 1 and len({known[voice.key] for voice in sides}) == 1:
        is_agent = known[sides[0].key] is Role.CUSTOMER
        lead = agent_lead(unknown[0].words, "\n".join(voice.words for voice in sides))
        against = lead < 0 if is_agent else lead > 0
        return {} if against else {unknown[0].key: _side(is_agent=is_agent)}
    return {}


def _side(*, is_agent: bool) -> Role:
    return Role.AGENT if is_agent else Role.CUSTOMER


def _ask(unknown: Sequence[Voice]) -> str:
    shown = unknown[:_MOST_NAMES_SHOWN]
    names = ", ".join(repr(_shown(voice)) for voice in shown) + (", …" if len(unknown) > len(shown) else "")
    options = " ".join(f'--role "{voice.key}={_side(is_agent=not index)}"' for index, voice in enumerate(shown))
    return f"cannot tell who is agent and who is customer among {names}; say it, for example: {options}"


def _shown(voice: Voice) -> str:
    return f"{voice.key} ({voice.names[0]})" if voice.names else voice.key


def _tell(guessed: Mapping[str, Role]) -> str:
    takes = " and ".join(f"{name!r} to be the {role}" for name, role in guessed.items())
    options = " ".join(f'--role "{name}={_side(is_agent=role is not Role.AGENT)}"' for name, role in guessed.items())
    return f"took {takes}, from how they talk; if that is wrong, say: {options}"
