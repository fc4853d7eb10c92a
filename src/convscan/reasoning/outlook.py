"""Whether a matter still stands, and whether anybody says what happens next.

A reply may hold a next step in so many ways that none can prove its absence. What is looked
for is the opposite: a customer who plainly tells of something wrong, and after it nothing of
the agent's but courtesy, receipts, remarks and refusals. Everything else is taken for a way on.
"""

import re
from collections.abc import Sequence

from convscan.acts.heard import ACT_PREFIX, HeardTurn
from convscan.language.parsed import Sentence
from convscan.reasoning.answers import is_handling
from convscan.reasoning.words import word_set


def _acts(*names: str) -> tuple[str, ...]:
    return tuple(ACT_PREFIX + name for name in names)


_STEPS = _acts(
    "next-step",
    "remedy",
    "commits",
    "commitment",
    "commitment-of-others",
    "lets-check",
    "asks-matter",
    "asks-identifier",
    "closes-unresolved",
    "redirects",
    "has-done",
    "check-in",
    "offers-help",
)
# The agent leaves the customer there: another rule's matter.
_LEAVES = (*_acts("refuses", "closes-unresolved", "closes"), "avoidance/turned-away")
_PLEASED = re.compile(
    r"\b(?:glad|delighted|pleased|good to (?:hear|know)|hurra[hy]|perfect|well done|happy to hear|(?:much|most) obliged"
    r"|(?:thanks|thank you|cheers|ta)\b(?! for (?:your |the )?(?:patience|understanding|cooperation|getting|contacting"
    r"|reaching|writing|calling|message|mail|feedback|confirming))|you (?:are|'re) welcome|no problem|my pleasure"
    r"|with pleasure|out of road|dunno|choice)"
)
_DENIED = word_set("not never no nothing nobody cannot without")
# Words of what is to come, of what may be done, and of what was just put right.
_AHEAD = re.compile(
    r"\b(?:will|shall|going to|gonna|would|should|could|can|may|might|must|need to|have to|has to|let us|let me"
    r"|please|kindly|tomorrow|tonight|today|this (?:afternoon|evening|week|morning)|monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|next|soon|shortly|once|as soon as|within|in (?:a|the|\d+) \w+|by the|by \d+|if"
    r"|on (?:its|the|his|her|their) way|under way|underway|coming|instead|try|dm|link|http\S*|www\S*"
    r"|are (?:checking|looking|working|ringing|calling|testing|sending|chasing|on it)"
    r"|am (?:checking|looking|working|ringing|calling|testing|sending|chasing|on it))\b"
)
# What has been done, as far as it moves the matter; to have read, noted or understood it does not.
_DONE = re.compile(
    r"\b(?:(?:i|we) (?:have |just |also |now )*(?:\w+ed|sent|put|set|made|got|gone|given|taken|rung|begun|built|found)"
    r"|(?:is|are|has been|have been|been|be) (?:now |all |just |also |already |\w+ly )*(?:\w+ed|sent|put|set"
    r"|made|done|given|gone|paid|found|held|yours|free|back|off|on|out|there|ready|included|covered))\b"
)
_DONE_NOTHING = re.compile(
    r"\b(?:noted|received|logged|registered|recorded|acknowledged|understood|closed|declined|refused|rejected|charged"
    r"|delayed|related|considered|appreciated|valued|concerned|expected|supposed|allowed|permitted|limited|regretted"
    r"|looked|read|seen|listened|accepted|reviewed|added to|forced|interested|disappointed|delighted|pleased|tired"
    r"|needed|required|caused|experienced|mentioned|apologised|apologized)\b"
)
_ORDERS = re.compile(
    r"^(?:(?:hi|hello|hey|dear|good \w+|then|just|so|and|or|first|also|ok|okay|yes|no|\w+) ){0,2}"
    r"(?:go|try|click|open|send|call|ring|contact|visit|use|check|set|see|fill|reinstall|restart|post|paste|ask|share"
    r"|provide|upload|attach|email|write|scan|take|keep|leave|hold|wait|put|pull|press|turn|bring|tell|read|give|look"
    r"|clean|unplug|plug|remove|delete|install|update|reset|choose|select|switch|add|stay|come|pop|text|reply|move"
    r"|get|drop|say|have a)\b"
)
_IDLE_QUESTION = re.compile(
    r"\b(?:anything else|how are you|can you believe|fancy it|did you know|have you tried our)\b"
)


def shows_way(turn: HeardTurn) -> bool:
    """Whether an agent turn says what comes next, by whomever, or has just done something about the matter."""
    return any(_shows(sentence) for _, sentence in turn.sentences)


def _shows(sentence: Sentence) -> bool:
    norms = sentence.found.norms
    if not norms:
        return False
    line = sentence.found.joined
    if sentence.found.is_question:
        return not _IDLE_QUESTION.search(line)
    if sentence.found.has_any(_STEPS) or _ORDERS.search(line) or is_handling(sentence):
        return True
    if _DENIED.isdisjoint(norms) and _AHEAD.search(line):
        return True
    done = [one.group() for one in _DONE.finditer(line)]
    return _DENIED.isdisjoint(norms) and any(not _DONE_NOTHING.search(one) for one in done)


_RAISES = _acts("problem", "complaint", "still-open", "waited", "not-kept")
_CONTENT = _acts("resolved", "customer-thanks", "praise", "gave-up")
# What acts do not foresee: "every day we lose orders then", "double still", "need 60 for the robot".
_WRONG = re.compile(
    r"\b(?:still|cannot|lose|losing|lost|(?:^|i |we |just )needs?|blocks?|blocked|wrong|broken|missing|without|worse"
    r"|fails?|failed|stuck|nobody|nothing|never|waiting|is not|are not|was not|does not|do not|did not)\b"
)
_GLAD = re.compile(
    r"\b(?:lovely|brilliant|beautifully|will do|you star|makes sense|weird|ha(?:ha)*|lol|joking|dont spend"
    r"|wonderful|beautiful|splendid|perfect|great(?! deal)|excellent|gone through|went through"
    r"|(?:it|they|he|she|parcel|refund|order|money) (?:has |have |is |are |just )?(?:came|come|arrived|here|gone|done"
    r"|landed|working|works|worked|fixed|sorted|fits)|all (?:here|there|good|green|done)|no (?:worries|problem)|legend"
    r"|phew|bye|goodbye|fair enough|that is (?:ok|okay|fine|fair)|whatever you say)\b"
)
_NODS = re.compile(
    r"(?:(?:ok|okay|k|yes|yeah|yep|right|understood|i see|noted|fine|hm+|hmm|it is|it does|so|well|could be"
    r"|maybe|alright"
    r"|all right|good|sure|correct|exactly|true|no|agreed|oh|ah|it did|they are|it was|clear|got it"
    r"|i know)\b ?){1,5}(?:\w+ ?){0,2}"
)
_MAX_NOD_WORDS = 5


def raises(turn: HeardTurn) -> bool:
    """Whether a customer turn says that something is wrong, and nothing that sounds content."""
    if is_content(turn):
        return False
    return _does(turn, _RAISES) or any(_WRONG.search(sentence.found.joined) for _, sentence in turn.sentences)


def is_content(turn: HeardTurn) -> bool:
    """Whether a customer turn thanks, praises, or says that it is settled."""
    return _does(turn, _CONTENT) or any(_GLAD.search(sentence.found.joined) for _, sentence in turn.sentences)


def gives_up_on(turn: HeardTurn) -> bool:
    """Whether an agent turn refuses, turns the customer away, ends the talk, or is pleased that it is done."""
    return _does(turn, _LEAVES) or any(_PLEASED.search(sentence.found.joined) for _, sentence in turn.sentences)


def nods(turn: HeardTurn) -> bool:
    """Whether a customer turn only takes note: "Understood.", "Could be so."."""
    words = [norm for _, sentence in turn.sentences for norm in sentence.found.norms]
    return not words or (len(words) <= _MAX_NOD_WORDS and _NODS.fullmatch(" ".join(words)) is not None)


def _does(turn: HeardTurn, owners: Sequence[str]) -> bool:
    return any(sentence.found.has_any(tuple(owners)) for _, sentence in turn.sentences)
