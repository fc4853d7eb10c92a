"""What promises are about, in a few words, so that a promise and what became of it find each other.

"I'll give you a ring" and "nobody called" share no word; both are about a call. Only words
that company and customer use for one thing stand together; what is in no group is compared
as it is.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from convscan.language.ways import Way

_GROUPS: Mapping[str, str] = {
    "call": "talk talked call calls called calling ring rings rang rung ringing phone phoned phoning callback callbacks"
    " voicemail dial",
    "contact": "contact contacted contacting touch reply replied replies reply answer answered respond responded"
    " response"
    " update updates updated updating hear heard hearing inform informed notify notified news word feedback posted"
    " follow followed back message messaged confirmation confirm",
    "mail": "email emails emailed emailing mail mailed inbox",
    "text": "text texted sms",
    "refund": "refund refunds refunded refunding money reimburse reimbursed reimbursement cash cashback repay repaid"
    " payment paid payout reverse reversed reversal",
    "credit": "credit credited crediting goodwill compensation compensate compensated voucher discount",
    "parcel": "parcel parcels package packages delivery delivered deliver delivering deliveries shipment ship shipped"
    " shipping dispatch dispatched courier van driver tracking order orders item items",
    "replacement": "replacement replacements replace replaced replacing resend resent new",
    "visit": "visit visited technician technicians engineer engineers fitter plumber electrician appointment slot"
    " surveyor"
    " assessor install installation mechanic crew repairman",
    "collection": "collect collected collection pickup pick picked",
    "repair": "repair repaired fix fixed fixing resolve resolved sort sorted restore restored patch solved",
    "label": "label labels",
    "link": "link links code url qr password reset",
    "document": "document documents invoice invoices receipt receipts letter statement form certificate copy"
    " contract quote report",
    "cancel": "cancel cancelled cancelling cancellation close closed terminate stop stopped",
    "fee": "fee fees charge charges charged charging waive waived waiver bill billed",
    "escalate": "escalate escalated escalating escalation raise raised ticket case complaint",
    "manager": "manager supervisor lead",
    "check": "check checked checking look looked looking investigate investigated investigation investigating review"
    " reviewed find found ask asked speak spoken spoke chase chased see",
    "pass": "transfer transferred transferring connect connected",
    "book": "book booked booking schedule scheduled rebook rebooked rebooking reservation reserve reserved",
    "change": "change changed changing amend amended correct corrected move moved upgrade upgraded",
    "remove": "remove removed delete deleted",
    "hold": "hold moment second minute minutes sec bear",
    "freeze": "freeze freezes frozen froze freezing",
    "write": "write writes wrote written writing",
    "build": "build built building",
    "grind": "grind ground grinding",
    "send": "send sent sending post posted",
}  # fmt: skip
_TOPIC_OF: Mapping[str, str] = {word: topic for topic, words in _GROUPS.items() for word in words.split()}
# Words that say how, when or to whom, never what.
_EMPTY = frozenset(
    """
    able about account after afternoon again all already also and any anything appreciate april are around
    arrange arranged arrive arrived arrives as at august back be been before being best between business but
    by came can come comes coming could day days december do does doing done eight either else end even
    evening ever every everything expect february few finally first for forty four friday from get gets
    getting give given go goes going gone gonna good got great had happy has have he her here hers him his
    hope hour hours how i if in into is it its january july june just keep kept know land landed last later
    least left let like long lovely made make makes many march me midday monday more morning most much must my
    never next no nobody none noon noone not nothing november now number october of off ok okay on once one
    ones only or our out over own please promise promised put really receive received request requested right
    said same saturday saw say says seen sees september seventy she shortly should show showed shown since so
    some somebody someone something soon sorry still sunday sure take taken takes team tell than thank thanks
    that the their them then there these they thing think this those thought through thursday time to today
    told tomorrow tonight too tuesday turn turned twenty two under until up us very want was way we wednesday
    week weekend weeks well went were what when where which while who whole will with within without working
    would yes yet you your yours
    """.split()  # noqa: SIM905 # as a list of strings it would fill a screen
)
_MIN_WORD_CHARS = 4
_MIN_STEM_CHARS = 3
# Words whose topic is remembered.
_MAX_REMEMBERED = 50_000
# Topics that many promises share: alone they tie nothing together that a better topic does not.
WEAK_TOPICS = frozenset({"check", "send", "contact", "hold", "book", "change"})


# "He comes by", "the man was here", "thanks for coming": a visit, in whatever words.
_VISIT = Way(
    r"\b(?:(?:be|is|was|were|been|'m|am|'s|'re|are) (?:at (?!home)|here\b|there (?:on|at|between|by|before"
    r"|tomorrow|today)|round\b"
    r"|on site)|(?:come|comes|came|coming) (?:by|round|out|over|along|to (?:you|your|us|the|my|fix|see|look))"
    r"|thanks for coming|at your (?:place|house|flat|home|office|shop)\b|turn(?:ed|s)? up|show(?:ed|s|n)? up"
    r"|no[ -]?show|meet (?:you|her|him|them)"
    r"|(?:'s|has) been(?= and\b| here\b| round\b|\W*$)|send (?:\w+ ){1,3}(?:over|round|out|by)\b"
    r"|(?:he|she|they|who|somebody|someone|man|driver|engineer|fitter)(?:'ll| will| is|'s"
    r"| should)? (?:be )?with you)",
    words=(
        "at here there round site come comes came coming turn turned turns show showed shows shown no noshow "
        "meet been send with"
    ),
)


def visits(text: str, runs: frozenset[str]) -> frozenset[str]:
    """Return the topic of a visit if somebody comes, came or did not come.

    Args:
        text: In small letters.
        runs: The runs of the letters a to z in its sentence.
    """
    return frozenset({"visit"}) if _VISIT.stands_in(text, runs) else frozenset()


def topics_of(norms: Sequence[str]) -> frozenset[str]:
    """Return what some words are about: groups, and words that are in none.

    Args:
        norms: Words as patterns see them.
    """
    if "-" in "".join(norms):  # seldom
        norms = [norm.replace("-", "") for norm in norms]
    # What is no word, a number above all, is about nothing, and is new in every sentence.
    return frozenset(filter(None, map(_topic, filter(str.isalpha, norms))))


@lru_cache(maxsize=_MAX_REMEMBERED)
def _topic(norm: str) -> str:
    if norm in _TOPIC_OF:
        return _TOPIC_OF[norm]
    if len(norm) < _MIN_WORD_CHARS or norm in _EMPTY:
        return ""
    stem = _stem(norm)
    return _TOPIC_OF_STEM.get(stem, stem)


def _stem(word: str) -> str:
    """Return what the forms of a word share: "file", "filed" and "filing" are about one thing."""
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM_CHARS and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


_TOPIC_OF_STEM: Mapping[str, str] = {_stem(word): topic for word, topic in reversed(tuple(_TOPIC_OF.items()))}
