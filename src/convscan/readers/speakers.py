"""Tell who speaks in a plain-text transcript: labels, names and what they say of the role."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from convscan.conversation import Role
from convscan.lazy import lazy_property


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that label a role on their own or before a name ("Agent Jo"), without case.
# Source: the labels that chat and call exports of helpdesks print, collected by hand.
_ROLE_WORDS: Mapping[str, Role] = {
    **dict.fromkeys(
        (
            "agent",
            "support agent",
            "service agent",
            "live agent",
            "support",
            "customer support",
            "tech support",
            "technical support",
            "support team",
            "customer support team",
            "customer service",
            "customer care",
            "client services",
            "member services",
            "customer service team",
            "customer service representative",
            "advisor",
            "adviser",
            "representative",
            "rep",
            "operator",
            "csr",
            "team",
            "service",
            "service desk",
            "help desk",
            "helpdesk",
            "staff",
            "agt",
            "csa",
            "senior agent",
            "sales agent",
            "billing agent",
            "call center agent",
            "call centre agent",
            "support rep",
            "sales rep",
            "service rep",
            "support representative",
            "service representative",
            "sales representative",
            "support specialist",
            "support engineer",
            "support supervisor",
            "support manager",
            "billing team",
            "billing support",
            "sales team",
            "escalation team",
            "escalations team",
            "supervisor",
            "shift supervisor",
            "manager",
            "shift manager",
            "duty manager",
            "account manager",
            "team lead",
            "team leader",
            "shift lead",
            "senior advisor",
            "senior adviser",
            "specialist",
            "technician",
            "consultant",
            "associate",
            "dispatcher",
        ),
        Role.AGENT,
    ),
    **dict.fromkeys(
        ("cust", "consumer", "subscriber", "patient", "passenger", "tenant", "account holder", "cardholder"),
        Role.CUSTOMER,
    ),
    **dict.fromkeys(
        ("customer", "client", "caller", "user", "end user", "guest", "member", "visitor", "buyer", "shopper"),
        Role.CUSTOMER,
    ),
    **dict.fromkeys(
        (
            "bot",
            "chatbot",
            "chat bot",
            "assistant",
            "virtual assistant",
            "virtual agent",
            "ai assistant",
            "ivr",
            "auto reply",
            "automated message",
        ),
        Role.BOT,
    ),
    "system": Role.SYSTEM,
    "system message": Role.SYSTEM,
}
_NOTE_WORDS = frozenset({"note", "internal note", "private note", "agent note", "internal"})
# Role words that also head a line inside a message ("Support: 9 to 5", "User: ana", "System: Windows").
_AMBIGUOUS = frozenset(
    {"support", "team", "service", "staff", "user", "guest", "member", "assistant", "system", "service desk"}
    | {"help desk", "helpdesk", "buyer", "operator", "note", "internal"}
)
# Words that stand before a name in a form or signature as often as before talk ("Supervisor: Jo Orr").
_TITLES = frozenset(
    {"supervisor", "shift supervisor", "manager", "shift manager", "duty manager", "account manager", "team lead"}
    | {"team leader", "shift lead", "senior advisor", "senior adviser", "specialist", "technician", "consultant"}
    | {"associate", "dispatcher", "consumer", "subscriber", "patient", "passenger", "tenant", "account holder"}
    | {"cardholder"}
)
# Last words of a label that make it a field of a form ("Order number: 123"), not a speaker.
_FIELD_WORDS = _words("""
    account action actions address amount approval area attachment attachments balance bcc birth brand
    browser callback cause cc  channel city code company conclusion contact cost country date dates day days
    delivery deposit details  device disclaimer document due edit email error example expiry fax fee
    fees fix fyi from hint hours id  important info information invoice issue item items language
    link links location mail message method  mobile model name notes note number no option options
    order p.s. page parcel password phone plan policy  postcode price problem product ps quantity
    question re reason ref reference refund requirements result review  serial shipping size solution
    source status step steps street subject summary tel telephone ticket time  tip title to topic
    total tracking type update updates url username version visit warning website zip http https
""")
_MAX_NAME_WORDS = 4
_BRACKETED = re.compile(r"(?P<name>[^()\[\]]*?)\s*[(\[](?P<inside>[^()\[\]]{1,60})[)\]]\s*$")
# "Jo - Support", "Jo | Support", "Jo from Support": the role stands behind the name.
_ATTACHED = re.compile(r"(?P<name>.{1,60}?)\s*(?:\s[-–—]\s|\||\sfrom\s|,\s)\s*(?P<inside>.{1,60})$")  # noqa: RUF001 - dashes as people type them


# "Jo from Acme", as Intercom's exports of text name teammates; whose company Acme is, it does not say.
_EMPLOYED = re.compile(r"(?P<name>[^\W\d_][^:]{0,40}?) from (?P<company>[^\W\d_][^:]{0,40})")


@dataclass(frozen=True)
class Label:
    """What stands before the colon, taken apart.

    Attributes:
        text: As written, without white space around it.
        name: The person; empty if the label only names a role.
        role: What the label itself says the speaker is.
        is_note: Whether it marks a private note.
    """

    text: str
    name: str
    role: Role | None = None
    is_note: bool = False

    @lazy_property
    def key(self) -> str:
        """The label without case; equal keys are one speaker."""
        return fold(self.text)

    @lazy_property
    def spellings(self) -> tuple[str, ...]:
        """In which ways a user may name the speaker."""
        return self.text.casefold(), self.key, self.name.casefold(), fold(self.name)

    @lazy_property
    def is_sure(self) -> bool:
        """Whether it names a role in words that head no line inside a message."""
        return (self.role is not None or self.is_note) and self.key not in _AMBIGUOUS and not self.is_title

    @lazy_property
    def is_title(self) -> bool:
        """Whether it is a title that heads talk (`Supervisor: I take over.`) or a name (`Supervisor: Jo Orr`)."""
        return self.key in _TITLES

    @lazy_property
    def is_name(self) -> bool:
        """Whether it has the shape of a name: few words, each with a capital or a figure."""
        words = self.name.split()
        return 0 < len(words) <= _MAX_NAME_WORDS and all(_opens_as_name(word) for word in words)

    @lazy_property
    def is_field(self) -> bool:
        """Whether it is a field of a form, or a heading, such as `Order number`."""
        words = self.key.replace("#", " ").split()
        return self.role is None and (not words or words[-1] in _FIELD_WORDS or words[0] in _FIELD_WORDS)


def fold(text: str) -> str:
    """Return a label or name for comparing: without case, hyphens as blanks, single blanks."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def parse_label(text: str) -> Label:
    """Take a label apart: `Jo (Support)`, `Agent Jo`, `Jo - Support`, `Customer`, `Jo`."""
    text = text.strip().strip("*").strip()
    key = fold(text)
    if key in _ROLE_WORDS or key in _NOTE_WORDS:
        return Label(text, "", *_meaning(key))
    for shape in (_BRACKETED, _ATTACHED):
        if (match := shape.match(text)) and (meaning := _meaning_of_phrase(match["inside"])) is not None:
            before = parse_label(match["name"])
            return Label(text, before.name, *meaning)
    if (match := _EMPLOYED.fullmatch(text)) is not None:
        return Label(text, match["name"])
    return _label_with_leading_role(text)


# A transcript has few labels on many lines.
label_again = lru_cache(maxsize=1024)(parse_label)


def _meaning(key: str) -> tuple[Role | None, bool]:
    # A note is written by the agent's side, for the agent's side.
    return (Role.AGENT, True) if key in _NOTE_WORDS else (_ROLE_WORDS[key], False)


def _meaning_of_phrase(text: str) -> tuple[Role | None, bool] | None:
    """Return what a phrase beside a name says: `Support`, `Acme Support Team`, `senior advisor`."""
    words = fold(text).split()
    if len(words) > _MAX_NAME_WORDS:
        return None
    tails = (" ".join(words[start:]) for start in range(len(words)))
    key = next((tail for tail in tails if tail in _ROLE_WORDS or tail in _NOTE_WORDS), None)
    return None if key is None else _meaning(key)


def _label_with_leading_role(text: str) -> Label:
    words = text.split()
    for count in range(min(len(words) - 1, _MAX_NAME_WORDS), 0, -1):
        role = _ROLE_WORDS.get(fold(" ".join(words[:count])))
        rest = words[count:]
        if role is not None and _is_name_after_role(rest):
            # "Visitor 4821" is a name as a whole, "4821" is none.
            name = text if rest[0].lstrip("#").isdigit() else " ".join(rest)
            return Label(text, name, role)
    return Label(text, text)


def _is_name_after_role(words: list[str]) -> bool:
    # "Customer Number: 55" and "Agent name: Jo" are fields of a form.
    return (
        len(words) <= 2  # noqa: PLR2004 - a first and a last name
        and all(_opens_as_name(word) for word in words)
        and words[-1].casefold() not in _FIELD_WORDS
    )


def _opens_as_name(word: str) -> bool:
    first = word.lstrip("#@'(")[:1]
    return first.isdigit() or (first.isalpha() and first == first.upper())
