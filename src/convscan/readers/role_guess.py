"""Tell agent and customer apart by how they talk, where nothing else says who is who.

What a label, a header, an account or the user says comes first and is no matter of this
file. What is left is evidence in words: who greets as a host, who asks to verify, who
speaks of "my order". Too little of it is an error that names the option to set; a role
is never guessed in silence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from convscan.conversation import Role, Source
from convscan.readers.base import show_place

SIDES = frozenset({Role.AGENT, Role.CUSTOMER})


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of phrase that one side says and the other hardly.

    Attributes:
        what: What a speaker does who says so.
    """

    what: str
    pattern: re.Pattern[str]


def _sign(what: str, pattern: str) -> Sign:
    return Sign(what, re.compile(pattern, re.IGNORECASE))


# What only the one side says, written from experience with support talk; how far it can be
# trusted is measured, see `_CONFIDENCE`.
_AGENT_SIGNS = (
    _sign("offers help", r"how (?:can|may) (?:i|we) (?:help|assist)"),
    _sign("offers help", r"what can (?:i|we) (?:do for|help) you"),
    _sign(
        "greets as a host",
        r"thank(?:s| you) for (?:contacting|calling|reaching out|getting in touch|writing in|your patience)",
    ),
    _sign("asks whether that is all", r"\b(?:is there )?anything else (?:i|we) can"),
    _sign(
        "asks to verify",
        r"\b(?:could|can|may|would) (?:you|i)(?: please)? (?:confirm|provide|have|take|give me|verify) (?:your|the)\b",
    ),
    _sign(
        "asks to verify",
        r"what(?:'s| is|\u2019s) your (?:order|account|policy|booking|reference|email|name|phone|post)",
    ),
    _sign("asks to verify", r"\b(?:for security|for verification|to verify (?:your|the) (?:account|identity))"),
    _sign(
        "reports what was done",
        r"\b(?:i|we)(?:'ve|\u2019ve| have) (?:issued|processed|refunded|escalated|credited|raised a ticket)",
    ),
    _sign("looks it up", r"\blet me (?:check|look|pull|see|find)"),
    _sign("offers help", r"\b(?:i am|i'm|i\u2019m|i'd be|i would be) (?:happy|glad) to (?:help|assist)"),
    _sign("apologises for the company", r"\bsorry (?:to hear|for the (?:trouble|inconvenience|delay|wait))"),
)
_CUSTOMER_SIGNS = (
    _sign(
        "speaks of an own order or account",
        r"\bmy (?:order|parcel|package|delivery|account|bill|invoice|card|subscription|booking|router|refund)\b",
    ),
    _sign("says what happened", r"\bi (?:was|got|have been|'ve been) (?:charged|billed|overcharged|sent|told)"),
    _sign(
        "says what is wanted", r"\bi (?:want|need|would like|'d like) (?:a|my|to (?:cancel|return|speak|change|know))\b"
    ),
    _sign(
        "says what fails",
        r"\bi (?:can't|can\u2019t|cannot|couldn't|could not) (?:log|sign|access|open|pay|find|reset|connect)",
    ),
    _sign(
        "says what is missing",
        r"\bi (?:haven't|haven\u2019t|have not|never|didn't|did not|still haven't) (?:received|receive|got|get|had)\b",
    ),
    _sign("says what happened", r"\bi (?:ordered|bought|paid|cancelled|canceled|returned)\b"),
    _sign("speaks of your company", r"\byour (?:company|website|site|app|service|driver|colleague)\b"),
    _sign("asks where it is", r"\bwhere(?:'s| is|\u2019s) my\b"),
)
# Share of right guesses by how many signs one speaker leads the other (or, alone, zero).
# Source: the 1623 conversations of models/en/corpus, sample_transcripts and tests/contrast with
# their labels taken away, on 2026-11-22: lead 1 right in 261 of 285, lead 2 and more in 66 of 66
# (counted as 67 of 68); one speaker alone in 341 of 371, and in 34 of 34.
_CONFIDENCE = (0.0, 0.92, 0.98)
# Below this it is an error that names --role: one wrong file in ten is too many to pass unseen.
MIN_CONFIDENCE = 0.95
# Who somebody is shows early; this bounds the work on endless transcripts.
EVIDENCE_CHARS = 4000
_MOST_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody of a conversation.

    Attributes:
        key: Tells speakers apart.
        name: As it is shown; what `--role` takes.
        role: What the user or the file says; None if nobody does.
        words: What they said first, as evidence.
        is_marked: Whether it is sure to be a speaker and not a word before a colon.
    """

    key: str
    name: str
    role: Role | None
    words: str
    is_marked: bool = True


def early_words(texts: Iterable[str]) -> str:
    """Return what somebody said first, as much as is evidence, in lines."""
    words = ""
    for text in texts:
        words += text[:EVIDENCE_CHARS] + "\n"
        if len(words) > EVIDENCE_CHARS:
            break
    return words


@dataclass(frozen=True, slots=True)
class Told:
    """A role that was told from words.

    Attributes:
        confidence: Measured share of right guesses on such evidence; None if it was not measured.
        evidence: By what it was told.
    """

    role: Role
    confidence: float | None
    evidence: str


def tell_roles(speakers: Sequence[Speaker]) -> dict[str, Told]:
    """Return the roles of the speakers that have none, by key; none at all if the evidence is weak.

    Two speakers are told apart against each other, one beside a known side is the
    other side, and of more each must show by themselves who they are.
    """
    unknown = [speaker for speaker in speakers if speaker.role is None]
    known = [speaker for speaker in speakers if speaker.role in SIDES]
    sides = {speaker.role for speaker in known}
    if len(unknown) == 2 and not sides:  # noqa: PLR2004 - a conversation has two sides
        return _tell_both(*unknown)
    if len(unknown) == 1 and len(sides) == 1:
        return _tell_other(unknown[0], known)
    return _tell_each(unknown)


def agent_lead(one: str, other: str) -> int:
    """Return how much more like an agent the one talks than the other.

    Who opens says nothing: chats are opened by either side.

    Args:
        one: What the one said, in order.
        other: What the other said.

    Returns:
        Signs of agents less those of customers, the one's less the other's; negative
        if the other talks more like an agent.
    """
    return _agentness(one) - _agentness(other)


def ask_for_roles(names: Sequence[str]) -> str:
    """Return the error for speakers whose role nothing tells, with the option to set."""
    shown = names[:_MOST_NAMES_SHOWN]
    listed = ", ".join(map(repr, shown)) + (", …" if len(names) > len(shown) else "")
    domains = ', or --role "@DOMAIN=agent" for all addresses of a domain' if any("@" in name for name in shown) else ""
    # No name stands in the option: copied as it is, a wrong one would have the customer judged.
    return (
        f"cannot tell who is agent and who is customer among {listed};"
        f' say it of each: --role "NAME=agent" or --role "NAME=customer"{domains}'
    )


def tell_guess(source: Source, guessed: Mapping[str, Told]) -> str:
    """Return the notice of a guess.

    Args:
        source: Where the conversation stands.
        guessed: By name as shown.
    """
    takes = " and ".join(f"{name!r} to be the {told.role}" for name, told in guessed.items())
    options = " ".join(
        f'--role "{name}={_side(is_agent=told.role is not Role.AGENT)}"' for name, told in guessed.items()
    )
    return f"{show_place(source)}: took {takes}, from how they talk; if that is wrong, say: {options}"


def _tell_both(one: Speaker, other: Speaker) -> dict[str, Told]:
    lead = agent_lead(one.words, other.words)
    confidence = _confidence(lead)
    if confidence < MIN_CONFIDENCE:
        return {}
    agent, customer = (one, other) if lead > 0 else (other, one)
    return {
        agent.key: Told(Role.AGENT, confidence, _evidence(agent.words, _AGENT_SIGNS, "the other is the customer")),
        customer.key: Told(
            Role.CUSTOMER, confidence, _evidence(customer.words, _CUSTOMER_SIGNS, "the other is the agent")
        ),
    }


def _tell_other(unknown: Speaker, known: Sequence[Speaker]) -> dict[str, Told]:
    # The known side leaves one role free. Somebody who surely speaks has it unless the
    # talk says otherwise; "Colour: blue" once in a message must not become an agent.
    is_agent = known[0].role is Role.CUSTOMER
    sign = 1 if is_agent else -1
    alone = sign * agent_lead(unknown.words, "")
    against = sign * agent_lead(unknown.words, "\n".join(item.words for item in known)) < 0
    if against or (alone <= 0 and not unknown.is_marked):
        return {}
    role = _side(is_agent=is_agent)
    return {unknown.key: Told(role, None, f"the only one beside the {known[0].role}")}


def _tell_each(unknown: Iterable[Speaker]) -> dict[str, Told]:
    told: dict[str, Told] = {}
    for speaker in unknown:
        lead = agent_lead(speaker.words, "")
        confidence = _confidence(lead)
        if confidence < MIN_CONFIDENCE:
            return {}
        signs = _AGENT_SIGNS if lead > 0 else _CUSTOMER_SIGNS
        told[speaker.key] = Told(_side(is_agent=lead > 0), confidence, _evidence(speaker.words, signs, "how they talk"))
    return told


def _confidence(lead: int) -> float:
    return _CONFIDENCE[min(abs(lead), len(_CONFIDENCE) - 1)]


def _evidence(words: str, signs: Iterable[Sign], otherwise: str) -> str:
    seen = dict.fromkeys(sign.what for sign in signs if sign.pattern.search(words[:EVIDENCE_CHARS]))
    return ", ".join(seen) or otherwise


def _agentness(words: str) -> int:
    early = words[:EVIDENCE_CHARS]
    return _count(_AGENT_SIGNS, early) - _count(_CUSTOMER_SIGNS, early)


def _count(signs: Iterable[Sign], text: str) -> int:
    return sum(sign.pattern.search(text) is not None for sign in signs)


def _side(*, is_agent: bool) -> Role:
    return Role.AGENT if is_agent else Role.CUSTOMER
