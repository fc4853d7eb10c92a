"""Where a commitment may begin in words that no list of verbs can hold.

The acts name the verbs that services use. Every trade has its own: "I'm splicing it now", "Ted will walk it over
tomorrow", "We dig on Wednesday". Here the form tells: who acts, in which tense, and when. Where the form alone may
also tell how things are, a day to come must be named, or something of this customer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from convscan.language.ways import Way, Ways


def _any(words: str) -> str:
    """Return an expression for any one of some words."""
    return f"(?:{'|'.join(words.split())})"


# A clause begins.
_EDGE = (
    r"(?:^\W*|[,;:.!?)]\s+|\s[-\u2013\u2014]\s"
    rf"|\b{_any('and so then but ok okay right well yes yeah no oh hi hello sorry')}\s)"
)
_SURELY = (
    rf"(?:{_any('now also just then already personally even both still all gladly definitely surely myself ourselves')}"
    r"\s)*"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?!s)"
_TO_COME = (
    rf"(?:tomorrow|tonight|{_DAY}|this {_any('evening afternoon week weekend')}|next (?:week|month|{_DAY})"
    r"|the \d+(?:st|nd|rd|th)|first thing"
    r"|in (?:\d+|an?|half an|two|three|five|ten|fifteen|twenty|thirty) (?:minutes?|mins?|hours?|days?|weeks?)"
    r"|(?:by|before) (?:noon|lunch|then|\d|the end)|within (?:\d|an|the|two|three))\b"
)
_TODAY = rf"(?:{_TO_COME}|(?:today|this morning|now|shortly|straight away|right away|immediately)\b)"
# Behind "will" and "is coming" these are to come; behind "comes" they may be how it is every day.
_PART_TO_COME = r"(?:(?:in the (?:morning|afternoon|evening)|later (?:on )?today|(?:at|over) the weekend)\b)"
# One of these words is in every time that is to come.
_TIME_SIGNS = """
    tomorrow tonight monday tuesday wednesday thursday friday saturday sunday evening afternoon week weekend month
    st nd rd th first minutes minute mins min hour hours day days weeks by before within today morning now shortly away
    immediately
    """
# Further on in the same clause stands one of these.
_DAY_TO_COME = rf"(?=[^;.!?]{{0,70}}?\b{_TO_COME})"
_SOON = rf"(?=[^;.!?]{{0,70}}?\b{_TODAY})"
_DAY_AHEAD = rf"(?=[^;.!?]{{0,70}}?\b(?:{_TO_COME}|{_PART_TO_COME}))"
_SOON_AHEAD = rf"(?=[^;.!?]{{0,70}}?\b(?:{_TODAY}|{_PART_TO_COME}))"
# What no name and no thing before a verb begins or goes on with: "the remaining eight", "Anna".
_NO_NAME = _any("""
    if when once unless until what who whoever which whatever that how where why as because you i we it there nobody
    nothing while since after before to
    """)
_NAME_WORD = rf"(?!{_NO_NAME}\b)[\w-]+ "

# How it is for everybody.
_FOR_EVERYBODY = """
    usually normally generally typically always every each often mostly most should could might may perhaps maybe
    hopefully customers people passengers guests members
    """
_AS_A_RULE = Way(
    rf"\b(?:{_any(_FOR_EVERYBODY)}|as a rule|on average|in general)\b", words=f"{_FOR_EVERYBODY} rule average general"
)

# What somebody feels, says or goes through: no act for the customer.
_STATES = _any("""
    hoping thinking wondering guessing assuming feeling being having trying struggling seeing hearing missing reading
    saying talking suggesting offering recommending wishing waiting going staying sitting standing living dealing
    finding noticing understanding sensing referring apologi[sz]ing begging lacking losing learning enjoying relying
    counting covering working showing experiencing wanting needing expecting aiming planning closing facing proposing
    considering asking responding replying following reaching speaking running questioning blaming denying refusing
    becoming loving nothing something anything everything king interesting willing unwilling pleasing boring caring
    """)
# Likewise, but only beside some words.
_STATES_BESIDE = (
    r"coming (?:from|to the)|calling (?:about|from|to|because|on|in|regarding)|telling you|leaving you"
    r"|getting (?:an?|the|no|so|some|better|worse|error|your|that|this)"
    r"|looking(?! (?:at|into|for|it)[^;.!?]{0,30}\b(?:now|today)\b)"
    r"|(?:writing|ringing|contacting|emailing|messaging)(?: you| back)?"
    r" (?:about|from|to|because|on|in|regarding|with|as)"
)
_DOING = rf"(?!(?:{_STATES}|{_STATES_BESIDE})\b)\w{{2,}}ing\b"
_NO_DEED = _any("""
    morning evening nothing something anything everything according regarding concerning during following hoping
    waiting thinking wishing king thing being having going missing pending interesting amazing confusing wondering
    willing charming outstanding bring string spring ring sing feeling seeing sounding meaning assuming depending trying
    """)
# "Checking that for you now"
_GERUND = Way(
    r"^\W*(?:(?:ok|okay|right|sure|yes|yep|thanks|no problem|will do|of course)\W+)?"
    rf"(?!(?:{_NO_DEED}|looking forward)\b)(?P<head>\w{{3,}}ing)"
    r"(?: (?:it|that|this|them|both|him|her|you|into it|on it|at it|up|over|back|the \w+|your \w+|my \w+"
    r"|for (?:you|it|them|that)|(?:at|in|on|with|to|by) (?:the|my|our|your) \w+))*"
    r"(?: (?:now|right now|as we speak|straight away|right away|today))?"
    r"\W*(?:$|(?=(?:one|just|a|two|bear|hold|hang|give)\b))"
)

# Behind an "ill" that is no "I'll".
_BEHIND_ILL = _any("""
    health will effects? child baby person people patient and with at in for feeling since again but or as because
    need have admit say assume explain help assist not never miss understand know want like love hope remember see
    """)
# Verbs behind "we" or "I" that plan nothing, or are in the past.
_NO_PLAN = _any(r"""
    am are was were have had has do did does don't can can't cannot could will won't would shall should may might must
    need want hope think believe know see say said told sent got went came saw spoke made took found gave left wrote
    rang ran paid bought brought held kept met lost won understand guess suggest recommend wish like love prefer
    appreciate close open offer assume expect usually normally always only never not regret apologi[sz]e sell require
    wait noticed? remember agree mean begin began didn't haven't wasn't weren't couldn't heard read drove built dug
    hung drew flew grew threw broke chose forgot fell felt rose slept stood taught thought understood woke wore lay led
    lent spent swept cut hit hurt shut feel work run charge accept get rest sleep live relax retire celebrate marry
    dine fly \w+ed
    """)
_NO_TREAT = _any("""
    mistakes? errors? faults? blame blunders? oversights? slips? lapses? omissions? failures? failing mix-up mixup mix
    up mess muddle confusion misunderstanding problems? issues? delays? damage loss responsibility onus burden pressure
    guilt shame joke jokes focus spotlight eyes ball proof clock
    """)
OWN = Ways(
    # "I'm splicing it", "im doing your lane"
    Way(
        rf"{_EDGE}(?P<doing>(?:i'?m|i am|we're|we are)\s{_SURELY}{_DOING})",
        words="m im am re are",
        core=r"ing\b",
    ),
    # "ill knock first"
    Way(
        rf"{_EDGE}(?P<ill>ill\s{_SURELY}(?!(?:{_BEHIND_ILL}|be(?! (?:there|back|with|round|over|in touch|at|on)))\b)"
        r"[a-z]{2,})",
        words="ill",
    ),
    # "I'll walk it over", "I'll try it on the old one", "I'll know more tomorrow"
    Way(
        r"(?<!\w)(?P<will>(?:i|we)(?:'ll| will| shall)"
        r" (?:(?:walk|try) (?:it|them|this|that|the|your|more)|know (?:them|this|that|more)|want (?:them|more))\b"
        r"(?! how| why| through))",
        words="walk try know want",
    ),
    # "We dig on Wednesday", "I myself look at it tomorrow"
    Way(
        rf"{_EDGE}(?P<plan>(?:i|we)\s{_SURELY}(?!(?:{_NO_PLAN}|ask you|call it)\b)[a-z]{{2,}}\b"
        rf"(?=[^;.!?]{{0,70}}?\b(?!within){_TO_COME}))",
        words=_TIME_SIGNS,
        also="i we",
        core=r"(?:i|we)\s",
    ),
    # "I have two crates brought over today"
    Way(
        r"(?<!\w)(?P<brought>(?:i|we) (?:have|get) (?!been|already|just|now|also|not|all\b)(?:[\w-]+ ){1,4}?"
        rf"(?:brought|sent|taken|collected|delivered|driven|picked up|fetched)\b{_SOON})",
        words="brought sent taken collected delivered driven picked fetched",
        also="have get",
    ),
    # "On my way"
    Way(
        r"^\W*(?:(?:ok|okay|right|sure|yes|sorry)\W+)?"
        r"(?P<way>(?:(?:i'?m|i am|we're|we are) )?(?:already )?on (?:it|my way|our way))(?=\W*$|[,.;!]| now\b)",
        words="it way",
        also="on",
    ),
    # "We'll not leave you in the cold", "you'll find it in your inbox by noon"
    Way(r"(?<!\w)(?P<kept>(?:i|we)(?:'ll| will) not (?:leave|let|keep) you\b)", words="leave let keep", also="not"),
    Way(rf"(?<!\w)(?P<found>you(?:'ll| will) find (?:it|them|the|your)\b{_SOON_AHEAD})", words="find", also="ll will"),
    # "the work is on me", "you won't pay for today"; a fault is nothing that can be paid for
    Way(
        rf"(?P<treat>(?:\b(?:the|that|this|your|my) (?:(?!{_NO_TREAT}\b)[\w']+ ){{1,3}}|\bit)"
        r"(?:is|are|'s|'re|s) on (?:me|us|the house)\b"
        r"(?= ?(?:$|[,;.!]|and\b|for\b|this\b)))",
        words="me us house",
        also="on",
    ),
    Way(
        r"(?P<free>\byou (?:won't|will not|don't|do not) pay"
        r" (?:for (?:today|this|that|it|the)|anything|a (?:cent|penny)))",
        words="pay",
    ),
)

# What is told of as working by itself, and words that are no name.
_NO_ACTOR = _any("""
    app system page site website button router device phone screen machine bank banks it that this you i we there which
    what who everyone light window menu box list link customers? people members one nobody none nothing neither anyone
    on in at with for of off up here now and or but if when they he she program software browser computer meter card
    price prices
    """)
_NO_ACT = _any("""
    not never need require depend be have want ask prompt tell let show see say know notice probably usually normally
    sometimes often only appear seem mean cost remain stay expire vary work try hopefully happen charge help make
    remind display think understand decide like love always no still eventually then likely just take
    """)
# What others think and say: nobody can spare the customer that.
_NO_DEED_OF_OTHERS = _any("""
    know tell notice believe answer help understand blame judge think hate like love miss hear see find thank mind envy
    accuse suspect recogni[sz]e remember resent fault tease mock
    """)
_NO_EVENT = _any(r"""
    able happy glad charged asked closed shut late cold hot warm busy open off\b away fine sad hard easy better worse
    due like some a\b an\b sunny rainy windy foggy cloudy stormy icy snowy misty humid dark
    """)
OF_OTHERS = Ways(
    # "They will load it tonight", "Ted will walk it over tomorrow"
    Way(
        rf"\b(?P<they>(?:he|she|they|(?!{_NO_ACTOR}\b)[a-z][a-z-]+)(?:'ll| will) {_SURELY}"
        rf"(?!{_NO_ACT}\b)[a-z]{{2,}}\b(?:{_SOON_AHEAD}|(?= (?:[\w']+ )?(?:it|them|your|you)\b)))",
        words="ll will",
    ),
    Way(
        rf"\b(?P<has>(?:he|she|they)(?:'ll| will) have (?:the|it|his|her|your|them|a|an)\b{_SOON_AHEAD})",
        words="have",
        also="he she they",
    ),
    # "Nobody will cut you off"
    Way(
        r"\b(?P<spared>(?:nobody|no one|no-one) (?:will|is going to) "
        rf"(?!{_NO_DEED_OF_OTHERS}\b)[a-z]+(?= (?:you|your)\b))",
        words="nobody no",
    ),
    # "they'll be on before she sails"
    Way(
        r"\b(?P<before>(?:it|they|he|she)(?:'ll| will) be (?:on|in|up|back|there|here|off|out|done|ready|\w+ed|\w+en)"
        r"(?= before (?:i|we|you|he|she|they|it|the|your|his|her)\b))",
        words="before",
        also="be",
    ),
    # "it'll be picked up on Friday", "his pass will be printed once you've paid"
    Way(
        r"\b(?P<be>(?:it|that|this|they|these|those|he|she|you)(?:'ll| will) be "
        rf"(?!{_NO_EVENT}|{_DAY}|the\b(?! full))\w+\b{_DAY_AHEAD})",
        words="be",
        also="ll will",
    ),
    Way(
        r"\b(?P<their>(?:his|her|their|my)\s(?:[\w-]+ ){1,3}(?:will|'ll) be \w+(?:ed|en|nt|ut|id|ne)\b)",
        words="be",
        also="his her their my",
    ),
    # "Glass comes in tomorrow", "the remaining eight follow with Monday's truck"
    Way(
        rf"{_EDGE}(?P<comes>(?:{_NAME_WORD}){{1,4}}?"
        r"(?:comes?|goes|leaves|arrives?|follows?|ships?|lands?|returns?|drives?|takes over)\b(?! from)"
        rf"{_DAY_TO_COME})",
        words=(
            "come comes goes leaves arrive arrives follow follows ship ships land lands return returns drive drives"
            " over"
        ),
        also=_TIME_SIGNS,
    ),
    # "Anna takes care of it this afternoon", "the pane gets cut tonight"
    Way(
        rf"{_EDGE}(?P<does>(?:{_NAME_WORD}){{1,4}}?"
        r"(?:calls|rings|phones|writes|takes care|gets|brings|sends|picks|drops|fixes|looks|deals|handles|meets"
        rf"|delivers|collects|fits|swaps|checks|visits|has you down)(?!\w){_SOON})",
        words=(
            "calls rings phones writes care gets brings sends picks drops fixes looks deals handles meets delivers"
            " collects fits swaps checks visits down"
        ),
        also=_TIME_SIGNS,
    ),
    # "Drier's coming Thursday", "My brother's leaving now"
    Way(
        rf"{_EDGE}(?P<coming>(?:{_NAME_WORD}){{0,3}}?"
        r"(?:(?!(?:it|that|there|what|who|where|how|let)\b)[\w-]+(?:'s| is| are|'re)|shes|hes|theyre)"
        r" (?:now |also |just |already )?"
        r"(?:coming|going|leaving|arriving|heading|starting|driving|bringing|taking|doing|picking|setting off"
        r"|delivering|fetching|popping|calling|ringing|sending|dropping|visiting|fitting|shipping|cycling|walking)\b"
        rf"(?! to (?:an?|the) (?:end|close|halt|stop|standstill)\b){_SOON_AHEAD})",
        words=(
            "coming going leaving arriving heading starting driving bringing taking doing picking setting delivering"
            " fetching popping calling ringing sending dropping visiting fitting shipping cycling walking"
        ),
        also=_TIME_SIGNS,
    ),
    # "Plumber booked for tomorrow"
    Way(
        r"^\W*(?:\w+\W+){0,2}?(?P<booked>(?!(?:i|we|you|he|she|they|have|has|had|been|was|were|not|already)\b)"
        r"(?:(?!(?:i|we|you|he|she|they|have|has|had|been|was|were|not|when|if)\b)[\w-]+ ){1,3}?(?:is |are )?"
        rf"(?:booked|scheduled|arranged|pencilled|lined up|confirmed)(?: in)?(?: for| on| to| at)? {_TO_COME})",
        words="booked scheduled arranged pencilled lined confirmed",
    ),
    # "The right part is here at two tomorrow", "it's with us on Wednesday"
    Way(
        rf"{_EDGE}(?P<there>(?:it|they|the (?:[\w-]+ ){{1,3}}?|your (?:[\w-]+ ){{1,3}}?)\s?(?:is|are|'s|'re)"
        r" (?:here|with (?:you|us)|in|back|ready|at (?:yours|your \w+|the \w+))"
        r" (?:(?:on|by|from|first thing|before|again|at [\w:.]+(?: [ap]m)?) )?"
        rf"(?:{_TO_COME}|(?<=\d )today\b|(?<=m )today\b)(?!'s))",
        words=_TIME_SIGNS,
        also="here with in back ready at",
        core=r"(?:is|are|'s|'re) (?:here|with|in|back|ready|at)\b",
    ),
)
# What is told of somebody's words, or hangs on "that", "because", "while": no commitment of its own.
_HANGS = Way(
    r"\b(?:because|since|while|that|if|when|whenever|where|what|who|which|why|how|until|till|after|before|says?|said"
    r"|told|thinks?|thought|claims?|reckons?|unless|whether|though|although|as|than|hope|hopefully|believe|guess|assume"
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


def beginnings(text: str, runs: frozenset[str]) -> Iterator[Beginning]:
    """Yield where commitments may begin in a sentence that asks nothing, in reading order for each side.

    Args:
        text: In small letters.
        runs: The runs of the letters a to z in it.
    """
    if len(text) <= _MAX_GERUND_CHARS and "ing" in text and (gerund := _GERUND.match(text)) is not None:
        yield Beginning(gerund.start("head"), gerund.end("head"), is_others=False)
        return
    for is_others, ways in ((False, OWN), (True, OF_OTHERS)):
        tried = [way for way in ways.to_try(runs) if way.may_stand_in(text, runs)]
        for found in _one_by_one([one for way in tried for one in way.finditer(text)]) if tried else ():
            start, end = found.span(found.lastgroup or 0)
            if _is_quoted(text, start) or _HANGS.search(text, max(0, start - _BEFORE_CHARS), start):
                continue
            if not (is_others and _AS_A_RULE.search(_clause(text, start, end))):
                yield Beginning(start, end, is_others)


def _one_by_one(matches: Sequence[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the first of some matches, then the first behind it, and so on."""
    behind = 0
    for found in sorted(matches, key=re.Match.start):
        if found.start() >= behind:
            yield found
            behind = found.end()


def _clause(text: str, start: int, end: int) -> str:
    """Return the clause around a beginning, without what follows its next sign."""
    before = max(text.rfind(",", 0, start), text.rfind(";", 0, start)) + 1
    ends = [at for sign in ",;" if (at := text.find(sign, end)) >= 0]
    return text[before : min(ends, default=len(text))]


def _is_quoted(text: str, start: int) -> bool:
    """Whether a place stands between quotation marks."""
    return text.count('"', 0, start) % 2 == 1 or text.count("\u201c", 0, start) > text.count("\u201d", 0, start)
