"""Guess from how two speakers talk which of them is the agent."""

import re
from collections.abc import Iterable

# What only the one side says. Written from experience with support talk, unmeasured: a guess
# is told to the user, and too little evidence is an error, so a miss costs one `--role`.
_AGENT_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"how (?:can|may) (?:i|we) (?:help|assist)",
        r"what can (?:i|we) (?:do for|help) you",
        r"thank(?:s| you) for (?:contacting|calling|reaching out|getting in touch|writing in|your patience)",
        r"\b(?:is there )?anything else (?:i|we) can",
        r"\b(?:could|can|may|would) (?:you|i)(?: please)? (?:confirm|provide|have|take|give me) (?:your|the)\b",
        r"what(?:'s| is|\u2019s) your (?:order|account|policy|booking|reference|email|name|phone|post)",
        r"\b(?:i|we)(?:'ve|\u2019ve| have) (?:issued|processed|refunded|escalated|credited|raised a ticket)",
        r"\blet me (?:check|look|pull|see|find)",
        r"\b(?:i am|i'm|i\u2019m|i'd be|i would be) (?:happy|glad) to (?:help|assist)",
        r"\bsorry (?:to hear|for the (?:trouble|inconvenience|delay|wait))",
    )
)
_CUSTOMER_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bmy (?:order|parcel|package|delivery|account|bill|invoice|card|subscription|booking|router|refund)\b",
        r"\bi (?:was|got|have been|'ve been) (?:charged|billed|overcharged|sent|told)",
        r"\bi (?:want|need|would like|'d like) (?:a|my|to (?:cancel|return|speak|change|know))\b",
        r"\bi (?:can't|can\u2019t|cannot|couldn't|could not) (?:log|sign|access|open|pay|find|reset|connect)",
        r"\bi (?:haven't|haven\u2019t|have not|never|didn't|did not|still haven't) (?:received|receive|got|get|had)\b",
        r"\bi (?:ordered|bought|paid|cancelled|canceled|returned)\b",
        r"\byour (?:company|website|site|app|service|driver|colleague)\b",
        r"\bwhere(?:'s| is|\u2019s) my\b",
    )
)
# Two kinds of phrase more than the other speaker; one alone is said by both sides now and then.
MIN_EVIDENCE = 2
# Who somebody is shows early; this bounds the work on endless transcripts.
EVIDENCE_CHARS = 4000


def agent_lead(one: str, other: str) -> int:
    """Return how much more like an agent the one talks than the other.

    Who opens says nothing: chats are opened by either side.

    Args:
        one: What the one said, in order.
        other: What the other said.

    Returns:
        Kinds of phrase typical of agents less those typical of customers, the one's
        less the other's; negative if the other talks more like an agent.
    """
    return _agentness(one) - _agentness(other)


def _agentness(words: str) -> int:
    early = words[:EVIDENCE_CHARS]
    return _count(_AGENT_PHRASES, early) - _count(_CUSTOMER_PHRASES, early)


def _count(phrases: Iterable[re.Pattern[str]], text: str) -> int:
    return sum(phrase.search(text) is not None for phrase in phrases)
