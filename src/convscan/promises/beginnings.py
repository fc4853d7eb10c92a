"""Where a commitment may begin in words that no list of verbs can hold.

The acts name the verbs that services use. Every trade has its own: "I'm splicing it now", "Ted will walk it over
tomorrow", "We dig on Wednesday". Here the form tells: who acts, in which tense, and when. Where the form alone may
also tell how things are, a day to come must be named, or something of this customer.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from convscan.promises.ways import Way

# A clause begins.
_EDGE = (
    r"(?:^\W*|[,;:.!?)]\s+|\s[-\u2013\u2014]\s"
    r"|\b(?:and|so|then|but|ok|okay|right|well|yes|yeah|no|oh|hi|hello|sorry)\s)"
)
_SURELY = (
    r"(?:(?:now|also|just|then|already|personally|even|both|still|all|gladly|definitely|surely|myself|ourselves)\s)*"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?!s)"
_TO_COME = (
    rf"(?:tomorrow|tonight|{_DAY}|this (?:evening|afternoon|week|weekend)|next (?:week|month|{_DAY})|the \d+(?:st"
    rf"|nd|rd|th)"
    r"|in (?:\d+|an?|half an|two|three|five|ten|fifteen|twenty|thirty) (?:minutes?|mins?|hours?|days?|weeks?)"
    r"|first thing"
    r"|(?:by|before) (?:noon|lunch|then|\d|the end)|within (?:\d|an|the|two|three))\b"
)
_TODAY = rf"(?:{_TO_COME}|(?:today|this morning|now|shortly|straight away|right away|immediately)\b)"
_SOMEWHERE = r"(?=[^;.!?]{0,70}?\b"
# How it is for everybody.
_AS_A_RULE = Way(
    r"\b(?:usually|normally|generally|typically|always|every|each|as a rule|often|mostly|on average|in general|most"
    r"|should|could|might|may|perhaps|maybe|hopefully|customers|people|passengers|guests|members)\b",
    words=(
        "usually normally generally typically always every each rule often mostly average general most should could "
        "might may perhaps maybe hopefully customers people passengers guests members"
    ),
)
# What somebody feels, says or goes through: no act for the customer.
_STATES = (
    r"(?!(?:hoping|thinking|wondering|guessing|assuming|feeling|being|having|trying|struggling|seeing|hearing|missing"
    r"|reading|saying|talking|suggesting|offering|recommending|wishing|waiting|going|staying|sitting|standing|living"
    r"|dealing|finding|noticing|understanding|sensing|referring|apologi[sz]ing|begging|lacking|losing|learning"
    r"|enjoying|relying|counting|covering|working|showing|experiencing|wanting|needing|expecting|aiming|planning"
    r"|closing|facing|proposing|considering|asking|responding|replying|following|reaching|speaking|running"
    r"|questioning|blaming|denying|refusing|coming (?:from|to the)|becoming|running|calling (?:about|from|to|because"
    r"|on|in|regarding)|getting (?:an?|the|no|so|some|better|worse|error|your|that|this)|looking(?! (?:at|into|for|it)"
    r"[^;.!?]{0,30}\b(?:now|today)\b)|telling you|(?:writing|ringing|contacting|emailing|messaging)(?: you"
    r"| back)? (?:about"
    r"|from|to|because|on|in|regarding|with|as)|nothing|something|anything|everything|king|interesting|willing"
    r"|unwilling|pleasing|boring|caring|leaving you|loving)\b)"
)
_DOING = rf"{_STATES}\w{{2,}}ing\b"
_GERUND = Way(
    r"^\W*(?:(?:ok|okay|right|sure|yes|yep|thanks|no problem|will do|of course)\W+)?(?!(?:morning|evening|nothing"
    r"|something"
    r"|anything|everything|according|regarding|concerning|during|following|hoping|waiting|thinking|wishing|king|thing"
    r"|being|having|going|missing|pending|interesting|amazing|confusing|wondering|willing|charming|outstanding|looking"
    r" forward|bring|string|spring|ring|sing|feeling|seeing|sounding|meaning|assuming|depending|trying)\b)"
    r"(?P<head>\w{3,}ing)(?: (?:it|that|this|them|both|him|her|you|into it|on it|at it|up|over|back|the \w+|your \w+"
    r"|my \w+|for (?:you|it|them|that)"
    r"|(?:at|in|on|with|to|by) (?:the|my|our|your) \w+))*(?: (?:now|right now|as we speak|straight away|right away"
    r"|today))?"
    r"\W*(?:$|(?=(?:one|just|a|two|bear|hold|hang|give)\b))"
)
_OWN = Way(
    # "I'm splicing it", "im doing your lane"
    rf"{_EDGE}(?P<doing>(?:i'?m|i am|we're|we are)\s{_SURELY}{_DOING})"
    # "ill knock first"
    rf"|{_EDGE}(?P<ill>ill\s{_SURELY}(?!(?:health|will|effects?|child|baby|person|people|patient|and|with|at|in|for"
    rf"|feeling"
    r"|since|again|but|or|as|because|need|have|admit|say|assume|explain|help|assist|not|never|be(?! (?:there|back|with"
    r"|round|over|in touch|at|on))|miss|understand|know|want|like|love|hope|remember|see)\b)[a-z]{2,})"
    # "I'll walk it over", "I'll try it on the old one", "I'll know more tomorrow"
    r"|(?<!\w)(?P<will>(?:i|we)(?:'ll| will| shall) (?:walk|try|know|want)(?: (?:it|them|this|that|the|your|more)\b)"
    rf"(?<!know the)(?<!know your)(?<!know it)(?<!want it)(?<!want the)(?<!want your)(?<!want that)(?<!want this)"
    rf"(?! how| why| through))"
    # "We dig on Wednesday", "I myself look at it tomorrow"
    rf"|{_EDGE}(?P<plan>(?:i|we)\s{_SURELY}(?!(?:am|are|was|were|have|had|has|do|did|does|don't|can|can't|cannot"
    rf"|could|will"
    r"|won't|would|shall|should|may|might|must|need|want|hope|think|believe|know|see|say|said|told|sent|got|went|came"
    r"|saw|spoke|made|took|found|gave|left|wrote|rang|ran|paid|bought|brought|held|kept|met|lost|won|understand|guess"
    r"|suggest|recommend|wish|like|love|prefer|appreciate|close|open|offer|assume|expect|usually|normally|always|only"
    r"|never|not|regret|apologi[sz]e|sell|require|ask you|wait|noticed?|remember|agree|mean|begin|began|only|didn't"
    r"|haven't|wasn't|weren't|couldn't|heard|read|drove|built|dug|hung|drew|flew|grew|threw|broke|chose|forgot|fell"
    r"|felt"
    r"|rose|slept|stood|taught|thought|understood|woke|wore|lay|led|lent|spent|swept|cut|hit|hurt|shut|feel|work|run"
    r"|charge|run|accept|get|call it|\w+ed)\b)(?:[a-z]{2,})\b"
    rf"{_SOMEWHERE}(?!within){_TO_COME}))"
    # "I have two crates brought over today"
    r"|(?<!\w)(?P<brought>(?:i|we) (?:have|get) (?!been|already|just|now|also|not|all\b)(?:[\w-]+ ){1,4}?(?:brought"
    r"|sent|taken"
    rf"|collected|delivered|driven|picked up|fetched)\b{_SOMEWHERE}{_TODAY}))"
    # "On my way"
    r"|^\W*(?:(?:ok|okay|right|sure|yes|sorry)\W+)?(?P<way>(?:(?:i'?m|i am|we're|we are) )?(?:already )?on (?:it"
    r"|my way|our way))"
    r"(?=\W*$|[,.;!]| now\b)"
    # "We'll not leave you in the cold", "you'll find it in your inbox by noon"
    r"|(?<!\w)(?P<kept>(?:i|we)(?:'ll| will) not (?:leave|let|keep) you\b)"
    rf"|(?<!\w)(?P<found>you(?:'ll| will) find (?:it|them|the|your)\b{_SOMEWHERE}{_TODAY}))"
    # "the work is on me", "you won't pay for today"
    r"|(?P<treat>(?:\b(?:the|that|this|your|my) (?:[\w']+ ){1,3}|\bit)(?:is|are|'s|'re|s) on (?:me|us"
    r"|the house)(?= ?(?:$|[,;.!]"
    r"|and\b|for\b|this\b)))"
    r"|(?P<free>\byou (?:won't|will not|don't|do not) pay (?:for (?:today|this|that|it|the)|anything|a (?:cent"
    r"|penny)))"
)
_THINGS = (
    r"(?!(?:app|system|page|site|website|button|router|device|phone|screen|machine|bank|banks|it|that|this|you|i|we"
    r"|there"
    r"|which|what|who|everyone|light|window|menu|box|list|link|customers?|people|members|one|nobody|none|nothing"
    r"|neither|anyone|on|in|at|with|for|of|off|up|here|now|and|or|but|if|when|they|he|she|program|software|browser"
    r"|computer|meter|card|price|prices)\b)"
)
_NOT_DONE = (
    r"(?!(?:not|never|need|require|depend|be|have|want|ask|prompt|tell|let|show|see|say|know|notice|probably|usually"
    r"|normally|sometimes|often|only|appear|seem|mean|cost|remain|stay|expire|vary|work|try|hopefully|happen|charge"
    r"|help|make|remind|display|think|understand|decide|like|love|always|no|still|eventually|then|likely|just|take)\b)"
)
_OTHERS = Way(
    # "They will load it tonight", "Ted will walk it over tomorrow"
    rf"\b(?P<they>(?:he|she|they|{_THINGS}[a-z][a-z-]+)(?:'ll| will) {_SURELY}{_NOT_DONE}[a-z]{{2,}}\b"
    rf"(?:{_SOMEWHERE}{_TODAY})|(?= (?:[\w']+ )?(?:it|them|your|you)\b)))"
    rf"|\b(?P<has>(?:he|she|they)(?:'ll| will) have (?:the|it|his|her|your|them|a|an|your)\b{_SOMEWHERE}{_TODAY}))"
    # "Nobody will cut you off"
    rf"|\b(?P<spared>(?:nobody|no one|no-one) (?:will|is going to) (?!know|tell|notice|believe|answer|help"
    rf"|understand)[a-z]+"
    r"(?= (?:you|your)\b))"
    # "they'll be on before she sails"
    r"|\b(?P<before>(?:it|they|he|she)(?:'ll| will) be (?:on|in|up|back|there|here|off|out|done|ready|\w+ed|\w+en)"
    r"(?= before (?:i|we|you|he|she|they|it|the|your|his|her)\b))"
    # "it'll be picked up on Friday", "his pass will be printed once you've paid"
    rf"|\b(?P<be>(?:it|that|this|they|these|those|he|she|you)(?:'ll| will) be (?!able|happy|glad|charged|asked"
    rf"|{_DAY}|closed"
    rf"|shut|late|cold|hot|warm|busy|open|off\b|away|fine|sad|hard|easy|better|worse|due|like|some|a\b|an\b"
    rf"|the\b(?! full))"
    rf"\w+\b{_SOMEWHERE}{_TO_COME}))"
    r"|\b(?P<their>(?:his|her|their|my)\s(?:[\w-]+ ){1,3}(?:will|'ll) be \w+(?:ed|en|nt|ut|id|ne)\b)"
    # "Glass comes in tomorrow", "the remaining eight follow with Monday's truck"
    rf"|{_EDGE}(?P<comes>(?:(?!(?:if|when|once|unless|until|what|who|which|that|how|where|why|as|because|you|i|we"
    rf"|it|there"
    r"|nobody|nothing|while|whoever|whatever|since|after|before)\b)[\w-]+ ){1,4}?(?:comes?|goes|leaves|arrives?"
    rf"|follows?|ships?|lands?|returns?|drives|drive|takes over)\b(?! from){_SOMEWHERE}{_TO_COME}))"
    # "Anna takes care of it this afternoon", "the pane gets cut tonight"
    rf"|{_EDGE}(?P<does>(?:(?!(?:if|when|once|unless|until|what|who|which|that|how|where|why|as|because|you|i|we|it"
    rf"|there"
    r"|nobody|nothing|while|since|after|before)\b)[\w-]+ ){1,4}?(?:calls|rings|phones|writes|takes care|gets"
    r"|brings|sends|picks|drops|fixes|looks|deals|handles|meets|delivers|collects|fits|swaps|checks|visits"
    r"|has you down)"
    rf"(?!\w){_SOMEWHERE}{_TODAY}))"
    # "Drier's coming Thursday", "My brother's leaving now"
    rf"|{_EDGE}(?P<coming>(?:(?!(?:if|when|once|unless|until|what|who|which|that|how|where|why|as|because|you|i|we"
    rf"|it|there"
    r"|nobody|nothing|while|since|after|before)\b)[\w-]+ ){0,3}?(?:(?!(?:it|that|there|what|who|where|how"
    r"|let)\b)[\w-]+"
    r"(?:'s| is| are|'re)|shes|hes|theyre) (?:now |also |just |already )?(?:coming|going|leaving|arriving|heading"
    r"|starting|driving|bringing|taking|doing|picking|setting off|delivering|fetching|popping|calling|ringing|sending"
    rf"|dropping|visiting|fitting|shipping|cycling|walking)\b{_SOMEWHERE}{_TODAY}))"
    # "Plumber booked for tomorrow"
    r"|^\W*(?:\w+\W+){0,2}?(?P<booked>(?!(?:i|we|you|he|she|they|have|has|had|been|was|were|not"
    r"|already)\b)(?:(?!(?:i|we|you"
    r"|he|she|they|have|has|had|been|was|were|not|when|if)\b)[\w-]+ ){1,3}?(?:is |are )?(?:booked|scheduled|arranged"
    rf"|pencilled|lined up|confirmed)(?: in)?(?: for| on| to| at)? {_TO_COME})"
    # "The right part is here at two tomorrow", "it's with us on Wednesday"
    rf"|{_EDGE}(?P<there>(?:it|they|the (?:[\w-]+ ){{1,3}}?|your (?:[\w-]+ ){{1,3}}?)\s?(?:is|are|'s|'re) (?:here"
    rf"|with (?:you|us)"
    rf"|in|back|ready|at (?:yours|your \w+|the \w+)) (?:(?:on|by|from|first thing|before|again"
    rf"|at [\w:.]+(?: [ap]m)?) )?"
    rf"(?:{_TO_COME}|(?<=\d )today\b|(?<=m )today\b)(?!'s))"
)
# Any of these words, or a part of the verb "to be" before a verb in "-ing", is in all of them but the gerund.
_SIGNS = frozenset(
    """
    ill will ll me us house won pay today tonight tomorrow monday tuesday wednesday thursday friday saturday sunday
    evening afternoon week month now minutes minute mins hour hours days day weeks noon then thing shortly away
    immediately st nd rd th weekend morning m im am re are by before way
    """.split()  # noqa: SIM905 # as a list of strings it would fill a screen
)
# What is told of somebody's words, or hangs on "that", "because", "while": no commitment of its own.
_HANGS = Way(
    r"\b(?:because|since|while|that|if|when|whenever|where|what|who|which|why|how|until|till|after|before|says?"
    r"|said|told"
    r"|thinks?|thought|claims?|reckons?|unless|whether|though|although|as|than|hope|hopefully|believe|guess|assume"
    r"|suppose)\W*(?:\w+\W+)?$"
)
_MAX_GERUND_CHARS = 60
_BEFORE_CHARS = 40


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a commitment begins, with its subject, `[start, end)` in a sentence.

    Attributes:
        is_others: Whether somebody else than who speaks acts.
    """

    start: int
    end: int
    is_others: bool


def may_begin(text: str, runs: frozenset[str]) -> bool:
    """Tell whether a commitment may begin in a sentence by its form; much quicker than where.

    Args:
        text: In small letters.
        runs: The runs of the letters a to z in it.
    """
    return not runs.isdisjoint(_SIGNS) or (len(text) <= _MAX_GERUND_CHARS and _GERUND.match(text) is not None)


def beginnings(text: str) -> Iterator[Beginning]:
    """Yield where commitments may begin in a sentence that asks nothing, in reading order for each side.

    Args:
        text: In small letters.
    """
    if len(text) <= _MAX_GERUND_CHARS and (found := _GERUND.match(text)) is not None:
        yield Beginning(found.start("head"), found.end("head"), is_others=False)
        return
    for way, is_others in ((_OWN, False), (_OTHERS, True)):
        for found in way.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            if _is_quoted(text, start) or _HANGS.search(text, max(0, start - _BEFORE_CHARS), start):
                continue
            if not (is_others and _AS_A_RULE.search(_clause(text, start, end))):
                yield Beginning(start, end, is_others)


def _clause(text: str, start: int, end: int) -> str:
    """Return the clause around a beginning, without what follows its next sign."""
    before = max(text.rfind(",", 0, start), text.rfind(";", 0, start)) + 1
    ends = [at for sign in ",;" if (at := text.find(sign, end)) >= 0]
    return text[before : min(ends, default=len(text))]


def _is_quoted(text: str, start: int) -> bool:
    """Whether a place stands between quotation marks."""
    return text.count('"', 0, start) % 2 == 1 or text.count("\u201c", 0, start) > text.count("\u201d", 0, start)
