"""Who in a thread of mails writes for the company: by what the user says, else by evidence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from convscan.conversation import Role
from convscan.placeholders.names import words_of
from convscan.readers.base import ReadOptions
from convscan.readers.mail.header import Address
from convscan.readers.mail.message import Mail
from convscan.readers.role_guess import agent_lead

# The parts of addresses that belong to a team, in eight languages.
_TEAM_WORDS = words_of("""
    support help helpdesk helpline service services servicedesk customerservice customersupport customercare care cs
    info hello hi contact contactus team office sales billing accounts accounting orders order returns refunds
    complaints feedback enquiries inquiries noreply no-reply donotreply reply tickets desk shop store booking bookings
    reservations kundenservice kundendienst kontakt hilfe bestellung rechnung buchhaltung vertrieb assistance aide
    serviceclient sav commandes soporte ayuda atencion atencioncliente ventas pedidos assistenza aiuto ordini
    servizioclienti klantenservice verkoop bestellingen suporte ajuda atendimento vendas pomoc bok zamowienia obsluga
    biuro wsparcie
""")
_LOCAL_PARTS = re.compile(r"[^a-z]+")
# Providers whose domain says nothing about who somebody works for.
_FREE_MAIL = words_of("""
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com live.co.uk msn.com yahoo.com
    yahoo.co.uk yahoo.de yahoo.fr yahoo.es yahoo.it ymail.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.at
    gmx.com web.de t-online.de freenet.de posteo.de mailbox.org proton.me protonmail.com pm.me tutanota.com tuta.com
    fastmail.com zoho.com mail.com mail.ru yandex.ru orange.fr free.fr wanadoo.fr laposte.net libero.it virgilio.it
    alice.it tiscali.it ziggo.nl kpnmail.nl hetnet.nl telenet.be skynet.be wp.pl onet.pl o2.pl interia.pl uol.com.br
    bol.com.br terra.com.br sapo.pt telefonica.net comcast.net verizon.net att.net sbcglobal.net cox.net
    btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net rogers.com shaw.ca bigpond.com qq.com 163.com
    126.com
""")
# Points of evidence, unmeasured: a team's address makes a side, and so do three weaker signs, if no rival has
# nearly as many; fewer are an error that names the option.
_TEAM_POINTS = 3
_HELPDESK_POINTS = 3
_EVERYWHERE_POINTS = 3
_ANSWERS_POINTS = 1
_OWN_DOMAIN_POINTS = 1
_MAX_WORDS_POINTS = 2
MIN_POINTS = 3
MIN_LEAD = 2
_EVIDENCE_CHARS = 4000


@dataclass(frozen=True, slots=True)
class Sides:
    """Who writes for the company.

    Attributes:
        agents: Addresses and domains of the company; empty if it could not be told.
        evidence: By what it was told.
        is_guess: Whether nobody said it.
    """

    agents: frozenset[str]
    evidence: str
    is_guess: bool = False

    def is_agent(self, person: Address) -> bool:
        """Tell whether somebody writes for the company."""
        return person.address in self.agents or _in_domains(person.domain, self.agents)


def told_sides(options: ReadOptions) -> Sides | None:
    """Return the sides as the user told them; None if nothing was said."""
    agents = {item.lower().lstrip("@") for item in (*options.agent_domains, *options.agent_addresses)}
    return Sides(frozenset(agents), "--agent-domain or --agent-address") if agents else None


def role_by_name(person: Address, roles: Mapping[str, Role]) -> Role | None:
    """Return the role that the user gave an address or name with `--role`."""
    return roles.get(person.address) or (roles.get(person.name.casefold()) if person.name else None)


def sides_by_name(people: Sequence[Address], roles: Mapping[str, Role]) -> Sides | None:
    """Return the sides as they follow from who is an agent with `--role`; None if nobody is.

    Colleagues write from the same domain, unless all people of the thread do.
    """
    agents = [person for person in people if role_by_name(person, roles) is Role.AGENT]
    if not agents:
        return None
    groups = {group_of(person) for person in agents}
    is_inside = all(group_of(person) in groups for person in people)
    return Sides(frozenset(person.address for person in agents) if is_inside else frozenset(groups), "--role")


def guess_sides(mails: Sequence[Mail], company: str | None) -> Sides | None:
    """Tell from a thread who writes for the company.

    Args:
        mails: Of one thread, in time order, at least one.
        company: The domain that takes part in nearly all threads of the mailbox, if there is one.

    Returns:
        None if the evidence is weak.
    """
    groups = _groups(mails)
    if len(groups) == 1:
        return _guess_inside(groups)
    if not groups:
        return None
    points = {key: _evidence(key, groups, mails, company) for key in groups}
    ranked = sorted(points, key=lambda key: (-points[key].points, key))
    best, second = points[ranked[0]].points, points[ranked[1]].points if len(ranked) > 1 else 0
    if best < MIN_POINTS or best - second < MIN_LEAD:
        return None
    return Sides(frozenset({ranked[0]}), ", ".join(points[ranked[0]].signs), is_guess=True)


@dataclass(slots=True)
class _Points:
    points: int = 0
    signs: list[str] = field(default_factory=list)

    def add(self, points: int, sign: str) -> None:
        self.points += points
        self.signs.append(sign)


def _groups(mails: Iterable[Mail]) -> dict[str, list[Address]]:
    """Return the people of a thread by company: by domain, or each alone who has a free mailbox."""
    groups: dict[str, dict[str, Address]] = {}
    for mail in mails:
        for person in (mail.envelope.sender, *mail.envelope.recipients):
            if person is not None and person.address and not mail.envelope.is_bounce:
                groups.setdefault(group_of(person), {}).setdefault(person.address, person)
    return {key: list(people.values()) for key, people in groups.items()}


def group_of(person: Address) -> str:
    """Return what people of one company share: the domain, or the address for free mailboxes."""
    return person.address if person.domain in _FREE_MAIL else person.domain


def is_team(person: Address) -> bool:
    """Tell whether an address is that of a team and not of a person."""
    local = person.local.partition("+")[0]
    return local in _TEAM_WORDS or any(part in _TEAM_WORDS for part in _LOCAL_PARTS.split(local) if len(part) > 2)  # noqa: PLR2004 - "hi" and "cs" only by themselves


def _guess_inside(groups: Mapping[str, Sequence[Address]]) -> Sides | None:
    """Tell who answers inside one company: the team's address, if others write to it."""
    (people,) = groups.values()
    teams = [person for person in people if is_team(person)]
    if not teams or len(teams) == len(people):
        return None
    return Sides(
        frozenset(person.address for person in teams), f"{teams[0].address} is a team's address", is_guess=True
    )


def _evidence(key: str, groups: Mapping[str, Sequence[Address]], mails: Sequence[Mail], company: str | None) -> _Points:
    found = _Points()
    team = next((person for person in groups[key] if is_team(person)), None)
    if team is not None:
        found.add(_TEAM_POINTS, f"{team.address} is a team's address")
    if key == company:
        found.add(_EVERYWHERE_POINTS, f"{key} takes part in nearly all threads")
    if any(mail.envelope.is_from_helpdesk and _is_from(mail, key) for mail in mails):
        found.add(_HELPDESK_POINTS, "sent by a helpdesk program")
    if key not in _addresses(groups[key]) and all(other == key or "@" in other for other in groups):
        found.add(_OWN_DOMAIN_POINTS, "the others have free mailboxes")
    people = [mail for mail in mails if not (mail.envelope.is_automatic or mail.envelope.is_bounce)]
    if people and not people[0].envelope.answers and not _is_from(people[0], key):
        found.add(_ANSWERS_POINTS, "did not write first")
    own, others = _words(people, key)
    if own and others and (lead := agent_lead(own, others)) > 0:
        found.add(min(lead, _MAX_WORDS_POINTS), "talks like an agent")
    return found


def _is_from(mail: Mail, key: str) -> bool:
    sender = mail.envelope.sender
    return sender is not None and bool(sender.address) and group_of(sender) == key


def _words(mails: Iterable[Mail], key: str) -> tuple[str, str]:
    """Return what one group wrote first, and what the others did, without quoted lines."""
    said: dict[bool, str] = {True: "", False: ""}
    for mail in mails:
        side = _is_from(mail, key)
        if len(said[side]) < _EVIDENCE_CHARS:
            lines = mail.body.text[:_EVIDENCE_CHARS].splitlines()
            said[side] += "\n".join(line for line in lines if not line.startswith(">")) + "\n"
    return said[True], said[False]


def _addresses(people: Iterable[Address]) -> frozenset[str]:
    return frozenset(person.address for person in people)


def _in_domains(domain: str, names: frozenset[str]) -> bool:
    """Whether a domain, or one that it stands under, is among names."""
    if not domain or not names:
        return False
    labels = domain.split(".")[-8:]
    return any(".".join(labels[start:]) in names for start in range(len(labels)))
