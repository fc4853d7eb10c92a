"""Name the speakers of a conversation as a person would."""

from collections import Counter
from collections.abc import Iterator

from convscan.conversation import Conversation, Role, Utterance
from convscan.writers.printable import beginning, printable

# Names and ids are given by systems and strangers; a longer one is cut.
MAX_NAME_CELLS = 40


def label(identity: str, name: str | None) -> str:
    """Return `name (id)`, or one of them if they are the same or one is unknown."""
    shown = beginning(printable(identity), MAX_NAME_CELLS)
    if not name or name == identity:
        return shown
    return f"{beginning(printable(name), MAX_NAME_CELLS)} ({shown})"


def names_by_identity(conversation: Conversation) -> dict[str, str | None]:
    """Return every speaker's name by identity, in order of first appearance."""
    names: dict[str, str | None] = {}
    for utterance in conversation.utterances:
        if utterance.speaker:
            names[utterance.speaker] = names.get(utterance.speaker) or utterance.author
    return names


def agents_of(conversation: Conversation) -> Iterator[str | None]:
    """Yield the identity of each agent that the customer heard, once; None for those without."""
    agents = (u.speaker for u in conversation.utterances if u.role is Role.AGENT and u.is_public and u.text.strip())
    yield from dict.fromkeys(agents)


class Speakers:
    """The speakers of one conversation; of none, if its text is not at hand."""

    def __init__(self, conversation: Conversation | None) -> None:
        self._utterances: tuple[Utterance, ...] = conversation.utterances if conversation else ()
        self._names = names_by_identity(conversation) if conversation else {}
        self._namesakes = Counter(self._names.values())

    def label_of(self, identity: str) -> str:
        """Return name and id of a speaker."""
        return label(identity, self._names.get(identity))

    def who_says(self, utterance: int) -> str:
        """Return who wrote an utterance, with the id only if two have that name."""
        if not 0 <= utterance < len(self._utterances):
            return ""
        said = self._utterances[utterance]
        if not said.speaker:
            return said.role.value
        name = self._names[said.speaker]
        if name is None or self._namesakes[name] > 1:
            return self.label_of(said.speaker)
        return beginning(printable(name), MAX_NAME_CELLS)
