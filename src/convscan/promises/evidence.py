"""What words say of promises that were made before: that they were kept, not kept, or are under way.

Of one sentence or clause at a time, without knowing which promise it may speak of; `fate` decides that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from convscan.finding import Span
from convscan.language.parsed import ParsedUtterance, Sentence
from convscan.language.ways import Way
from convscan.promises.topics import WEAK_TOPICS

# Between two clauses.
_EDGE = Way(
    r"[,;:.!?]\s|\s[-\u2013\u2014]\s|\s(?=(?:but|however|although|though|yet|except|because|until)\s)"
    r"|\s(?=(?:i|we|he|she|they|you|it)\s(?:can|could|will|would|should|may)\b)"
    r"|\s(?:and|so)\s(?=(?:i|it|he|she|they|we|you|nobody|no|still|never|nothing|the|my|your|now|that|there)\b)",
)

# -- either side ----------------------------------------------------------------------------

# Somebody else's matter, or another of the same customer.
ELSEWHERE = Way(
    r"\b(?:my (?:neighbou?r|friend|sister|brother|mother|mum|mom|dad|father|wife's|husband's|colleague|boss|son"
    r"|daughter|cousin|flatmate)'?s?|other customers?|another customer|somebody else's|someone else's"
    r"|the other (?:order|parcel|account|one|refund|ticket|case|booking|item)|another (?:order|parcel|account"
    r"|refund|ticket|case|booking)|(?:a )?different (?:order|parcel|account|matter|issue)|last (?:year|time)"
    r"|previous (?:order|parcel|case|time))\b",
    words="my other another somebody someone different last previous",
)
# What somebody did; whose act it was decides whether it keeps the other side's promise.
_ACTED = (
    r"(?:'ve| have| had)?(?: (?:just|already|also|even|again|now|then|only|both|all)){0,2} (?:called|rang|rung|phoned"
    r"|wrote|written|e?-?mailed|texted|messaged|sent|posted|visited|paid|went|came|returned|collected|asked"
    r"|told|chased"
    r"|reported|waited|bought|ordered|tried|complained|mentioned|booked|requested|gave|given|provided|uploaded"
    r"|said)\b"
)
_ACTED_WORDS = (
    "called rang rung phoned wrote written emailed mailed texted messaged sent posted visited paid went came "
    "returned collected asked told chased reported waited bought ordered tried complained mentioned booked "
    "requested gave given provided uploaded said"
)
_CUSTOMER_ACTED = Way(rf"\b(?:i|we){_ACTED}", words=_ACTED_WORDS)
_YOU_ACTED = Way(rf"\byou{_ACTED}", words=_ACTED_WORDS)
_PAST_FORMS = (
    r"(?:\w{3,}ed|done|sent|resent|found|put|set|gone|made|got|given|gave|taken|took|spoken|spoke|written|wrote"
    r"|told|asked|paid|read|run|ran|cut|built|bought|brought|left|lost|rung|rang|shown|seen|saw|held|kept|met|won"
    r"|heard|been|reset|begun|drawn|sewn|ground|printed|shipped)"
)
# Says that something is so, or was done.
IS_SO = Way(
    r"(?:\b(?:is|are|was|were|has|have|had|been|got|went|came|gave|made|put|took|found|left|did|done|sent|ran|wrote"
    r"|rang|told|paid|set|built|bought|brought|spoke|cut|read)\b|'s\b"
    r"|'ve\b|'re\b|\w{3,}ed\b)",
)
# What came to somebody, or how things are, rather than what somebody did: no act is done by it.
_NO_ACT = (
    r"(?!(?:heard|been|seen|saw|met|lost|need|feed|indeed|hundred|speed|allowed|limited|supposed|deserved"
    r"|excited|worried|pleased|delighted|married|wanted|needed|liked|loved|hoped)\b|got you\b)"
)
# "It is in", "they're back now", not "it is in the car".
_ENDS_THERE = (
    r"(?=\W*$|[,.;!]|\s(?:now|already|again|and|at last|finally|today|yesterday|since|as of|this (?:morning"
    r"|afternoon))\b)"
)
# Says that something was done, whatever it was: alone, it speaks of what was promised last.
ACCOMPLISHED = Way(
    rf"^\W*(?:(?!i'm|i am|you|sorry|if|thank)[\w']+\W+){{0,3}}?{_NO_ACT}{_PAST_FORMS}\b"
    rf"|\b(?:i|we|he|she|they|it|that|this|those|these|both|all)\s(?:just\s|also\s|now\s"
    rf"|already\s){{0,2}}{_NO_ACT}{_PAST_FORMS}\b"
    rf"|(?:\b(?:have|has|is|are|was|were|been)|'ve|'s|'re)\s(?:(?:just|now|already|all|been|also|gone|back)\s){{0,2}}"
    rf"(?:{_NO_ACT}{_PAST_FORMS}|live|ready|all set|(?:in|on|up|back|out|through|off|away|there|here){_ENDS_THERE})\b"
    r"|\b(?:it|they|both|all)(?:'s| is|'re| are) (?:now |already |back )?(?:in|on(?! us\b)|up|back|out|through|off"
    r"|away"
    r"|there|here)\b",
)
# Shows it, hands it over, or asks the customer to try it: what was to be done is done.
HANDS_OVER = Way(
    r"\b(?:(?:here|there) (?:you|we) (?:go|are)|here(?:'s| is| are| it is)|attached|enclosed|below|(?:as"
    r"|like) (?:i |we )?"
    r"(?:promised|agreed|discussed)|for you\b\W*$|in your (?:inbox|mailbox|mail)|(?:try|check|refresh|reload"
    r"|look)\b.{0,30}"
    r"\b(?:again|now|inbox)|(?:can|do) you (?:see|find|get|have) (?:it|the|a|that|them)|should (?:now )?(?:be"
    r"|see|have|work)"
    r" .{0,30}\bnow|now (?:please )?(?:try|check)|that should (?:be it|do it|have (?:done|fixed) it)"
    r"|(?:i'm|i am|we're|we are|he's|he is|she's|she is|they're|they are) (?:now |just )?(?:at your (?:door"
    r"|gate|house"
    r"|flat|place)|outside|downstairs|on site))\b"
    r"|\bhttps?://|\bwww\.",
    words=(
        "here there attached enclosed below promised agreed discussed for inbox mailbox mail again now see "
        "find get have should door gate house flat place outside downstairs site http https www"
    ),
)
# What was done to it kept it from being done.
_HINDERED = Way(
    r"\b(?:held (?:back|up)|delayed|postponed|put off|pushed back|pulled (?:to|off|from|away)|called off|stuck|failed"
    r"|forgot(?:ten)?|missed|overlooked|left (?:behind|lying)|lost|broken? down|slipped|misplaced|mixed up"
    r"|crashed|jammed|skipped|broke down|got stuck|ran out|sold out|called in sick)\b",
    words=(
        "held delayed postponed put pushed pulled called stuck failed forgot forgotten missed overlooked left "
        "lost broke broken slipped misplaced mixed crashed jammed skipped got ran sold"
    ),
)
# A question without its sign, as calls are written down: "what's the name", "did you get that".
_ASKS = Way(
    r"^\W*(?:(?:and|so|okay|ok|right|um|now|but)\W+){0,2}(?:(?:what|who|where|when|which|how)(?:'s| is| are| was"
    r"| were| did| do"
    r"| does)\b|(?:did|do|does|is|are|was|were|can|could|would|have|has) (?:you|your|it|that|this|there|he|she|they"
    r"|anybody"
    r"|anyone)\b)",
)
# "Got it, thank you": heard, not done.
_HEARD = Way(r"^\W*(?:got it|noted|understood|i see|thanks|thank you|right|sure|of course|agreed)\b")
_MAX_HEARD_WORDS = 6
_UNDER_WAY = Way(
    r"\b(?:will|would|can|could|should|shall|(?<!\d )(?<!of )may(?! \d)|might|must|going to|gonna|if|when|once"
    r"|unless|until"
    r"|please"
    r"|pending|process|progress|processing|on (?:its|his|her|their|the) way|scheduled"
    r"|(?<!re )(?<!are )(?<!ve )(?<!been )booked|due|waiting|still"
    r"|being|yet|soon|not|no|never|nobody|delayed"
    r"|expected|sorry|apologi[sz]e|supposed|promised|understand|normally|usually|as a rule|takes?|happy|glad)\b"
    r"|'ll\b|n't\b",
)

# -- the agents' side -----------------------------------------------------------------------

_MIN_NEWS_WORDS = 3
# "Thank you, my dear", "that's good of you to say, thanks".
_ONLY_THANKS = Way(r"\bthank(?:s| you)\b", words="thank thanks")
_MAX_THANKS_WORDS = 9
_MAX_SMALL_TALK_WORDS = 12
# "Hello Ana, it is 24 euro": the news comes behind the greeting.
_GREETING = Way(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening))\b[^,.!?:\n-]{0,40}[,.!:\n-]\s*",
)
_DEMANDS = Way(r"^\W*(?:please|kindly|may i|could you|can you|would you)\b")
# "Friday stands", "that remains until they know": says of a promise that it is under way.
_NO_NEWS = Way(
    r"\b(?:stands|holds|remains?|until|still (?:the plan|on track|to come))\b",
    words="stands holds remain remains until still",
)
# "10:48, the lens is done": it tells what the clock says.
TELLS_HOUR = Way(r"^\W*\d{1,2}[:.]\d\d\b")
_SMALL_TALK = Way(
    r"\b(?:you(?:'re| are) (?:very |most )?welcome|my pleasure|have a (?:nice|great"
    r"|good|lovely)|take care|good ?bye|any ?time|no problem|thanks? (?:you )?(?:for|so)|sorry|apologi[sz]e"
    r"|i (?:fully |completely |do )?understand"
    r"|good (?:morning|afternoon|evening)|bear with|hold on|one (?:moment|sec|second|minute)|hello|anything else)\b",
    words=(
        "welcome pleasure have take good goodbye anytime time problem thank thanks sorry apologise apologize "
        "understand bear hold one hello else"
    ),
)
UNFINISHED = Way(
    r"\b(?:still (?:waiting|checking|looking|chasing|trying|working|no|not|haven't|with|on|there|locked|open)"
    r"|not (?:yet|heard)"
    r"|no (?:news|word|answer|reply|response) (?:yet|from|so)|haven't (?:heard|had|got)|hasn't (?:answered|replied"
    r"|come back|got back)"
    r"|waiting (?:for|on)|(?:needs?|takes?|taking|need) (?:a bit |a little |some )?(?:longer|more time)"
    r"|new estimates?\b"
    r"|can't (?:phone|reach|get hold)|(?:stuck|held up|trapped) (?:in|at|on|behind)|(?:burst|flat) tyre|broken? down"
    r"|(?:won't|can't|cannot|couldn't|could not|didn't|did not) make it|running (?:\w+ )?late|as soon as (?:i"
    r"|we) (?:hear|have|know)|bear with|patien(?:ce|t|ts|tly)\b)",
    words=(
        "still not no haven hasn waiting need needs take takes taking new can soon bear patience patient "
        "patients patiently stuck held trapped tyre broke broken won cannot couldn didn did running"
    ),
)
# Words of who does it at this moment, or knows that it is late.
ONLY_NOW = Way(
    r"\b(?:now|just|today|finally|late|later than|delay(?:ed)?|at last|here (?:it|they) (?:is|are)|here's"
    r"|attached)\b",
)

# "If I've not called", "I should not have said that".
_IN_CASE = Way(
    r"\b(?:if|unless|in case|should (?:he|she|it|they))\b"
    r"|\b(?:should(?:n't| not)|did(?:n't| not)|had(?:n't| not)|have(?:n't| not)) (?:\w+ )?(?:have )?(?:said?|say"
    r"|mention\w*"
    r"|written|phras\w+|put it|see|seen|notice\w*|read|underst\w+|realis\w+|know|known|explain\w*)\b"
    r"|\b(?:not|n't) (?:\w+ )?(?:clear|clearer)\b|\bmissed your (?:message|mail|e-?mail|note|call|question|reply)\b"
)
# Done, but after its time.
_LATE = Way(r"\b(?:late|later|delay\w*|wait\w*|longer|took|slow)\b")
_NOT_DONE = Way(
    r"\b(?:not|never|nobody|no one|forgot\w*|failed|missed|should have|supposed|meant|overlooked|slipped)\b|n't\b",
)
# When it was done, if that was before it is told.
WAS_BEFORE = Way(
    r"\b(?:yesterday|last (?:night|week|\w+day)|(?:on|since) (?:the \d|mon|tues|wednes|thurs|fri|satur|sun)\w*|ago"
    r"|already|earlier|at (?:\d|noon|lunch)\S*)\b",
)

# -- the customer ---------------------------------------------------------------------------

# "I didn't do it in a hurry": what the customer did not do is nobody's promise; what they did not get is.
_NOT_BY_CUSTOMER = Way(
    r"\b(?:i|we) (?:did ?n[o']?t|have ?n[o']?t|never|had ?n[o']?t|have not|was ?n[o']?t|am not|'?m not)"
    r" (?!(?:even |ever |actually |yet |once |been |got |get |had |have |a |one )*(?:got|get|gotten|receiv\w+"
    r"|hear\w*|had|have"
    r"|seen?|see|been|told|given|paid|refunded|credited|called|contacted|a|any|my)\b)",
    words="i we",
)
# A courtesy that was not shown: no promise.
_COURTESY = Way(
    r"\b(?:not (?:one|a single|even a|a)|no|without (?:a|an)) \W?(?:sorry|apology|apologies|thank\w*|hello|please"
    r"|goodbye)\b",
    words="sorry apology apologies thank thanks hello please goodbye",
)
# "No letter.", "No bag yet": nothing else is said.
NAMES_LACK = Way(
    r"(?:^\W*(?:(?:and|but|so|still|yet|hello|hi)\W+){0,2}|\b(?:there(?:'s|s| is| are| was| were)|and|but"
    r"|with) (?:still )?)no (?!(?:problem|worries|thanks?|rush|hurry|charge|longer|one"
    r"|bother|way"
    r"|matter|doubt|need|stress|pressure|offence|sorry|idea|chance|luck|joy|wonder|clue|reason|not|never|nothing|i"
    r"|you|it|we"
    r"|they|that|this|he|she|its|just|still|but|please|no|more|the|my)\b)[a-z-]+(?: (?:here|yet|today|yesterday"
    r"|either|at all|(?:on|in|at|for|to) (?:it|her|him|them|me|us|there)"
    r"|so far|again))?(?=\W*$|[,.;!?])",
    words="no",
)
# Words that settle it: it did not happen, not merely "not yet".
FLATLY = Way(
    r"\b(?:nobody|no[ -]?one|none of you|never|did ?n[o']?t|didn'?t|failed|forgot(?:ten)?|missed|no[ -]show"
    r"|stood (?:me|us) up|let (?:me|us) down|broke|ignored|silence|without (?:a|any)"
    r"|not (?:one|a single)|no (?:call|callback|email|reply|word|show|response))\b",
)
ASKS_AFTER = Way(
    r"\b(?:where(?:'s| is| are)|what (?:happened|about|has happened)|any (?:news|update|word|sign|progress)"
    r"|when will|how (?:much longer|long))\b",
    words="where what any when how",
)
# It names the hour or day, to say that it is over.
NAMES_HOUR = Way(
    r"\b(?:(?:it(?:'s| is)|that was|today is) (?:now |already |gone )?(?:\d|half|past|noon|midnight|mon|tue|wed"
    r"|thu|fri|sat"
    r"|sun)|\d+ (?:hours?|days?|weeks?|minutes)|hours?|late|overdue|passed|past|\d[:.]\d\d|yesterday|last night"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
)
# It names the time that has gone by.
ELAPSED = Way(
    r"\b(?:it(?:'s| is| has been|'s been)|that was|this is|been|now|already|today is|over|ago|later|overdue|passed"
    r"|since|yesterday|last (?:night|week|month|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
)
_COUNTED = (
    r"(?:\d[\d:.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|sixteen|twenty|thirty"
    r"|several)"
)
# What the time is now, or how much has gone by: "it's been 24", "[2 days later]", "now 3pm", "22:40."
TELLS_TIME = Way(
    rf"\b(?:it'?s|it is|that was|today(?:'s| is)|now|already|been|here we are)\W+(?:now |been |about |only |still "
    rf"|on |just )?(?:(?:gone|past|nearly|almost|over|half|day"
    rf"|week) )*(?:\d[\d:.]*\b|noon\b|midday\b|midnight\b|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december)\b)"
    rf"|\bbeen (?:[\w']+ ){{0,5}}?(?:nearly |almost |over |about )?{_COUNTED} (?:\w+ )?(?:days?|weeks?|months?"
    rf"|hours?)\b"
    r"|\bbeen (?:nearly |almost |over |about )?(?:\d+|[a-z]+teen|[a-z]+ty|ten|eleven|twelve)(?=\W*$|[,.;!?])"
    rf"|\b{_COUNTED} (?:minutes?|hours?|days?|weeks?|months?) (?:later|late|ago|now|on|over|and (?:nothing|still"
    rf"|no))\b"
    r"|^\W*(?:\d{1,2}[:.]\d\d|next (?:day|morning|week)|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: \d|\W|$)"
    r"|\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:today|now)\b",
)
# "It is Monday" alone reproaches nobody; with one of these it does.
REPROACHES = Way(
    r"\b(?:no|not|never|nothing|nobody|none|still|missing|without|late|later|overdue|passed|over|waiting|waited"
    r"|where|wrong"
    r"|empty|dead|same|again|cold|dark|silence|broke|missed|forgot|failed|sat|locked|as ever"
    r"|silent)\b|n't\b|\?"
)
FLATLY_SENT = Way(r"\b(?:never|not|n't) (?:been )?(?:sent|posted|shipped|dispatched|left)\b")
TAKES_BACK = Way(
    r"\b(?:how embarrassing|i(?:'m| am) (?:so )?embarrassed|my (?:mistake|bad|fault|apologies|error)|i was wrong"
    r"|i take (?:it|that) back|(?:it|they|that) (?:was|were|went) in (?:my |the )?(?:spam|junk)|found it in"
    r"|drop the complaint"
    r"|i (?:had |have |'ve |'d )?(?:only |just )?(?:mis)?remembered|i (?:had |have |'ve )?mis(?:read|remembered"
    r"|understood)"
    r"|i (?:had )?(?:missed|overlooked) (?:it|your|the|that|his|her)|(?:he|she|they|you) did (?:speak|call|ring"
    r"|come|send|write|email|reply)|no wait)\b",
)
_GLAD = Way(
    r"\b(?:thank\w*|thx|ta|cheers|great|super|lovely|wonderful|brilliant|perfect|good|nice|appreciate\w*|happy|yay"
    r"|fine|excellent|awesome|amazing|finally|phew|best|angel|legend|star|hero|super|love|much obliged"
    r"|smooth\w*|well done)\b|!!|\U0001f44d|\U0001f60a",
)
_THANKS = Way(r"\b(?:thank\w*|thx|ta|cheers|much obliged|appreciate\w*|brilliant|perfect|wonderful)\b")
_IS_THERE = Way(
    r"(?:\b(?:got|received|came|come|arrived|here|was|were|is|are|on|saw|seen|has|have|had|just|in|works?|working"
    r"|says|shows?|did|done|went|showed|called|rang|fixed|looks|accept\w*)\b|'s\b|\w{3,}ed\b)",
)
# Of what is named by it, this is enough.
CAME = Way(
    r"\b(?:came|(?:has|have|just) (?:come|arrived)|arrived|got|received|landed|called|rang|phoned|wrote|written"
    r"|texted"
    r"|e?-?mailed|visited|refunded|fixed|repaired|replaced|brought|collected|is (?:here|in|on|up)|are (?:here|in|on"
    r"|up))\b",
    words=(
        "came come arrived got received landed called rang phoned wrote written texted emailed mailed visited "
        "refunded fixed repaired replaced brought collected here in on up"
    ),
)
# It is there or it works, in words that speak of what was promised last if they name nothing.
HAS_COME = Way(
    r"\b(?:got|received|arrived|landed|(?:has|have|'s|'ve) (?:just )?come|came (?:today|yesterday|this|on"
    r"|in the)|(?:was|were|been|is|are|i'm|we're|he's|she's|it's|they're) (?:gone|through|at the door|right|correct"
    r"|working|sorted|fixed|fine now|online|open"
    rf"|(?:here|there|in|back|on|up){_ENDS_THERE})"
    rf"|(?:he|she|they|somebody|someone)(?:'s|'ve| has| have) been{_ENDS_THERE}|(?<!it)(?<!there)(?<!that)(?:'s| has)"
    r" been(?= and\b| here\b| round\b|\W*$)|all (?:clear|good|fine|sorted)"
    r"|(?:popped|pinged|turned|showed) up|just (?:pinged|popped|dropped)|came through|done and dusted"
    r"|lights? (?:are |is )?on\b"
    r"|there is (?:light|power|heat\w*|hot water)"
    r"|(?:thank|thanks|thank you|cheers|ta)\b[\w ,]{0,20} for (?:sorting|fixing|sending|calling|ringing|coming"
    r"|refunding"
    r"|replacing|crediting|doing|arranging|changing|cancelling|delivering|repairing|the (?:call|refund|visit))"
    r"|(?:i|we) (?:can )?see (?:it|them|him|her|that)|there (?:it|he|she|they) (?:is|are)|called|rang|phoned"
    r"|turned up"
    r"|showed up|fixed|has been|have it|that's (?:the one|better)"
    r"|(?:goes|go|going|went|gone|came|comes|ran|runs|run) (?:in|through|out|off|back|up|fine|well|again|smoothly)"
    r"|(?<!\bi )(?<!\bat )(?<!\bto )(?<!\bfor )(?<!\bmy )works?(?! for me)|worked|working(?! from| for)|did (?:it"
    r"|the trick)|(?:closes|opens|shuts|starts|boots|prints|heats|drains|flushes"
    r"|rings|loads|turns|charges) (?:again|now|fine|properly|perfectly)|runs|much (?:better|smoother|faster"
    r"|warmer|quieter)"
    rf"|(?:is|are) (?:gone|(?:in|back|here){_ENDS_THERE}))\b",
)
# "I've got a pen": a thing that the words name, so that it must be what was promised.
_GOT_A_THING = Way(
    r"\b(?:got|received|have) (?:an?|half|some|two|three|my|\d+)\b(?! (?:e-?mail|mail|text|sms|message|call|letter"
    r"|reply)\b)",
    words="got received have",
)
# "Thanks for the ring": it was had; what a message is thanked for is the message.
_THANKS_FOR_IT = Way(
    r"\b(?:thank\w*|thx|cheers|ta)\b[\w ,]{0,12} for (?:the|that|his|her|their|your) (?!(?:\w+ )?(?:reply|answer"
    r"|response|message|mail|e-?mail|info\w*|help|update|news|offer|explanation|patience)\b)",
    words="for",
)
_HAS_IT = Way(r"\b(?:got|received|arrived|works?|working|here|there|back|fixed)\b")
# "Noon is gone", "the 12th has passed": the time, not the thing.
_TIME_IS_OVER = Way(
    r"\b(?:[\d:.]+(?: ?[ap]m|th|st|nd|rd)?|noon|midday|midnight|deadline|time|date|days?|weeks?|hours?|slot|window"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|evening|morning|afternoon) (?:is|has|was|have|are|came|went)"
    r" (?:now |long |well )?(?:gone|over|past|passed|up|and)\b",
    words="gone over past passed up and",
)
_NOT_YET = Way(
    r"\b(?:will|would|can(?! see)|could|should|please|if|when|once|hope|hopefully|not|no|never|nothing|nobody"
    r"|still|yet"
    r"|until|need|want|waiting|wait|looking forward|wrong|but|only|silent|silence|quiet|dark|dead|empty|missing"
    r"|jammed|shut|locked|worse)\b|n't\b",
)


@dataclass(frozen=True, slots=True)
class Clue:
    """A clause that may settle something.

    Attributes:
        words: The clause.
        runs: The runs of the letters a to z in its sentence.
        topics: What it is about.
        turn: Number of the turn that it stands in.
        said: When it was said.
    """

    at: Span
    words: str
    runs: frozenset[str]
    topics: frozenset[str]
    turn: int
    said: datetime | None

    @property
    def strong(self) -> frozenset[str]:
        """What it is about that not everything is about."""
        return self.topics - WEAK_TOPICS


def whole(utterance: ParsedUtterance, sentence: Sentence) -> Span:
    """Return a sentence as a span."""
    return utterance.span(sentence.start, sentence.end)


def clause_around(text: str, first: int, last: int) -> tuple[int, int]:
    """Return where the clause begins and ends that holds some code points of a sentence."""
    start = max((edge.end() for edge in _EDGE.finditer(text, 0, first)), default=0)
    edge = _EDGE.search(text, last)
    return start, edge.start() if edge else len(text)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the clauses of a sentence begin and end."""
    start = 0
    for edge in _EDGE.finditer(text):
        yield start, edge.start()
        start = edge.end()
    yield start, len(text)


def reports(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence of the agents' side that say that something is so or was done."""
    text, runs = sentence.found.lowered, sentence.found.runs
    hands_over = HANDS_OVER.stands_in(text, runs)
    if not (hands_over or IS_SO.search(text)):
        return
    if (
        _ASKS.match(text)
        or _HINDERED.stands_in(text, runs)
        or _YOU_ACTED.stands_in(text, runs)
        or (_HEARD.match(text) and len(text.split()) <= _MAX_HEARD_WORDS)
    ):
        return
    if not _UNDER_WAY.search(text):
        yield 0, len(text)
        return
    for start, end in clauses(text):
        words = text[start:end]
        if (IS_SO.search(words) and not _UNDER_WAY.search(words)) or (hands_over and HANDS_OVER.search(words)):
            yield start, end


def tells(sentence: Sentence) -> bool:
    """Whether a sentence of the agents' side says something of the matter."""
    found = sentence.found
    if found.is_question:
        return False
    greeting = _GREETING.match(found.lowered)
    text = found.lowered[greeting.end() :] if greeting else found.lowered
    words = len(text.split())
    runs = found.runs
    if words < _MIN_NEWS_WORDS or _NO_NEWS.stands_in(text, runs) or _DEMANDS.match(text) or _ASKS.match(text):
        return False
    if words <= _MAX_THANKS_WORDS and _ONLY_THANKS.stands_in(text, runs) and not ACCOMPLISHED.search(text):
        return False
    # In a call one sentence may hold a greeting and all that follows.
    return words > _MAX_SMALL_TALK_WORDS or not _SMALL_TALK.stands_in(text, runs)


def lacks_nothing(clue: Clue) -> bool:
    """Whether what a customer says is missing cannot have been promised: their own act, or a courtesy."""
    return _NOT_BY_CUSTOMER.stands_in(clue.words, clue.runs) or _COURTESY.stands_in(clue.words, clue.runs)


def is_no_lapse(text: str) -> bool:
    """Whether they speak of a lapse that may come ("if it hasn't come by then"), or of words and sight, not acts."""
    return _IN_CASE.search(text) is not None


def is_only_late(text: str) -> bool:
    """Whether words of a lapse speak of lateness alone ("sorry for the late reply"), not of what was left undone."""
    return _LATE.search(text) is not None and not _NOT_DONE.search(text)


def is_glad(text: str) -> bool:
    """Whether words of a customer sound pleased."""
    return _GLAD.search(text) is not None


def names_what_came(clue: Clue) -> bool:
    """Whether words say what the customer got, so that they speak of no promise of anything else."""
    return _GOT_A_THING.stands_in(clue.words, clue.runs)


def is_thankful(text: str) -> bool:
    """Whether a customer gives thanks, and for nothing that is yet to come."""
    return _THANKS.search(text) is not None and not _NOT_YET.search(text) and not ELSEWHERE.search(text)


def is_there(text: str, runs: frozenset[str]) -> bool:
    """Whether a customer says that something is so, and of nothing that it is yet to come.

    Args:
        text: A clause, in small letters.
        runs: The runs of the letters a to z in its sentence.
    """
    if _NOT_YET.search(text) or ELSEWHERE.stands_in(text, runs):
        return False
    if not (_IS_THERE.search(text) or HAS_COME.search(text) or _THANKS_FOR_IT.stands_in(text, runs)):
        return False
    # "I called you twice" keeps no promise to call.
    is_own_act = _CUSTOMER_ACTED.stands_in(text, runs) and not _HAS_IT.search(text)
    return not is_own_act and not _TIME_IS_OVER.stands_in(text, runs)
