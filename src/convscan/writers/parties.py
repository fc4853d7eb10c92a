"""Who did what in one conversation: agents told apart, and the teams they write for."""

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from convscan.conversation import Conversation, Role, Utterance, turns


class Nobody(Enum):
    """Stands where no one agent, or no one team, can be named."""

    UNNAMED = "(unnamed)"
    SEVERAL = "(several agents)"
    NO_TEAM = "(no team)"
    SEVERAL_TEAMS = "(several teams)"


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent, told apart from others by id, else by name within a team.

    Attributes:
        name: None if there is an id: who has one may go by many names.
        team: None too: who has an id may write for many teams.
    """

    id: str | None = None
    name: str | None = None
    team: str | None = None


# An agent, the name of a team, or nobody in particular.
Party: TypeAlias = Agent | str | Nobody


class Parties:
    """The agents and teams whom the customer of one conversation heard; none if its text is not at hand."""

    def __init__(self, conversation: Conversation | None) -> None:
        self._utterances: tuple[Utterance, ...] = conversation.utterances if conversation else ()
        self._turns = [turn.utterances for turn in turns(self._utterances) if conversation and turn.role is Role.AGENT]
        heard = [index for turn in self._turns for index in turn]
        own_team = _team(conversation.metadata.get("team")) if conversation else None
        teams = {index: _team(self._utterances[index].metadata.get("team")) or own_team for index in heard}
        self._agents: dict[int, Party] = {index: _agent(self._utterances[index], teams[index]) for index in heard}
        self._teams: dict[int, Party] = {index: team or Nobody.NO_TEAM for index, team in teams.items()}

    @property
    def agents(self) -> Counter[Party]:
        """In how many turns each agent speaks, in order of first appearance."""
        return Counter(who for turn in self._turns for who in dict.fromkeys(self._agents[index] for index in turn))

    @property
    def teams(self) -> Counter[Party]:
        """In how many turns each team speaks."""
        return Counter(who for turn in self._turns for who in dict.fromkeys(self._teams[index] for index in turn))

    @property
    def names(self) -> dict[Party, str]:
        """The name of each agent that has one; the first in the alphabet of several."""
        names: dict[Party, str] = {}
        for index, agent in self._agents.items():
            author = self._utterances[index].author
            if author:
                names[agent] = min(author, names.get(agent, author))
        return names

    def agent_at(self, utterance: int | None, speaker: str | None) -> Party:
        """Return who is credited or charged with what stands at a place.

        Args:
            utterance: Its writer is the one; None for the conversation as a whole.
            speaker: Whom the result names, as an identity; decides where no utterance does.
        """
        if utterance is not None and utterance in self._agents:
            return self._agents[utterance]
        if speaker:
            known = {who for index, who in self._agents.items() if self._utterances[index].speaker == speaker}
            return _only(known, none=Agent(name=speaker), several=Nobody.SEVERAL)
        return _only(set(self._agents.values()), none=Nobody.UNNAMED, several=Nobody.SEVERAL)

    def team_at(self, utterance: int | None, speaker: str | None) -> Party:
        """Return whose team is credited or charged; the arguments are those of `agent_at`."""
        if utterance is not None and utterance in self._teams:
            return self._teams[utterance]
        of_speaker = {who for index, who in self._teams.items() if self._utterances[index].speaker == speaker}
        return _only(of_speaker or set(self._teams.values()), none=Nobody.NO_TEAM, several=Nobody.SEVERAL_TEAMS)


def _only(found: set[Party], *, none: Party, several: Party) -> Party:
    if len(found) > 1:
        return several
    return found.pop() if found else none


def _agent(utterance: Utterance, team: str | None) -> Party:
    if utterance.author_id:
        return Agent(id=utterance.author_id)
    return Agent(name=utterance.author, team=team) if utterance.author else Nobody.UNNAMED


def _team(given: object) -> str | None:
    """Return the name of a team; systems number theirs too."""
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return given.strip() or None if isinstance(given, str) else None
