"""What became of commitments: who says that they were kept or broken, and what the clock says.

One pass over the conversation. Commitments wait under what they are about; a sentence that
says that something was done, came, or is missing settles those it is about. When it is not sure
which, or whether the time has come, the commitment stays open: a false accusation is worse
than a miss.
"""

from convscan.acts.heard import HeardConversation
from convscan.conversation import Role
from convscan.promises.agents_word import hear_agent
from convscan.promises.customers_word import hear_customer
from convscan.promises.memory import Memory


def read_fates(heard: HeardConversation) -> Memory:
    """Read a conversation from beginning to end; return its commitments, each with what became of it."""
    memory = Memory(heard)
    for turn in heard.turns:
        if turn.role is Role.AGENT:
            hear_agent(memory, turn)
        else:
            hear_customer(memory, turn)
    return memory
