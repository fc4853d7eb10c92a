"""A commitment as it is made, before anything is known of its fate: what kind of act it is, by its words."""

from dataclasses import dataclass
from datetime import datetime

from convscan.conversation import Channel
from convscan.finding import Deadline, PromiseKind, Span
from convscan.language.ways import Way
from convscan.lazy import lazy_property
from convscan.promises.deadlines import Interval
from convscan.promises.topics import WEAK_TOPICS, topics_of, visits

# Who speaks, or somebody of the company.
OWN_SUBJECT = Way(
    r"^(?:i|we|ill|well|let|lemme|allow|leave|bear|hold|hang|one|just|give|he|she|who|someone|somebody)\b",
)
_OUTCOME = Way(
    r"^(?:you|your|it|its|this|that|they|these|those|everything|both|all|the\s+process)\b|^(?:is|are|has|have)\s",
)
_DONE_TO_IT = Way(
    r"\b(?:will|should|shall|'ll|going to) (?:\w+ )?"
    r"(?:be|arrive|come|land|reach|show|take|clear|appear|hit|reflect|post)\b"
)
_IN_TOUCH = Way(
    r"\b(?:hear|call(?:ed|s|back)?|contact(?:ed)?|ring|rung|phone(?:d)?|e-?mail(?:ed)?|text(?:ed)?|notified"
    r"|informed|updated?|visit|letter|message|reply|answer|booked|scheduled|arranged)\b",
)
# Done in the same breath.
_AT_ONCE = Way(
    r"^(?:let me|lemme|allow me|bear with|hold|hang on|one|just a|give me)\b|\b(?:right now|now|one moment"
    r"|a moment|a second|quickly|(?:put|place|pop)(?:ting)? you (?:\w+ ){0,2}?on hold)\b"
    r"|\b(?:just )?(?:pull|bring) (?:that|this|it|up|your)\b",
    words="let lemme allow bear hold hang one just give now moment second quickly pull bring",
)
_LOOKS = Way(
    r"\b(?:check|look|see|find|open|pull|bring|grab|confirm|verify|have a look|take a look|review|get (?:your|that"
    r"|the|this) \w+ up|put you|hold|moment"
    r"|second|sec|minutes?|bear|go|run|do that|try|double|search|dig|read|note|test|speak|ask|consult"
    r"|up on)(?:ing)?\b",
)
_COMES_BACK = Way(
    r"\b(?:back to you|back with you|get back|come back|in touch|let you know|(?:keep|kept) you (?:posted|updated"
    r"|informed)|update you|updates? (?:from|by|on)|an update"
    r"|hear (?:from|back)|tell you|e?-?mail you|drop you|(?:reply|post) here|write (?:again|to you|you)"
    r"|have (?:an|my|the"
    r"|your) answer|an answer (?:for|from)|in writing|follow up|reply|respond|write (?:to )?you|report back"
    r"|(?:i|we|he|she)(?:'ll| will)(?: \w+)? be (?:right )?back|message you|report (?:here|to you)"
    r"|(?:have|get|receive|find|see) (?:our|my|the|your|an?|this) (?:\w+ )?(?:quote|offer|estimate|answer|reply"
    r"|result|decision))\b",
    words=(
        "back touch know posted updated informed update updates hear tell mail email drop reply post write "
        "answer writing follow respond report message quote offer estimate result decision"
    ),
)
# Not by who speaks, so that what they say next does not tell the outcome.
_BY_OTHERS = Way(
    r"(?!(?:i|we|ill)\b)(?:its?|this|that|they|these|those|everything|both|all|the|an?|he|she|who|someone|somebody"
    r"|\w+'ll|\w+ will)\b",
)
_YOURS = Way(r"(?:you|your)\b")
# Done when the conversation is over.
_AFTERWARDS = Way(
    r"\b(?:hang up|hung up|off (?:the phone|to you|this call|the line)|after (?:this|you)\b|when we(?:'re| are| have"
    r"|'ve)? (?:done"
    r"|finish\w*|off)|later)\b",
    words="hang hung off after when later",
)
# Ends in knowing something, or in somebody else's hands: who tells the outcome has done it.
_INQUIRY = Way(
    r"\b(?:check|look|ask|find (?:out|your|the|it|that|where|what)|trace|go through|page|speak|talk|chase|dig"
    r"|investigate|review|read|listen|search|run (?:a|the|that|some)|see (?:what|if|whether|why|who|where|how)"
    r"|get (?:the|your|a|hold of|an answer|his|her|their|through to)|(?:write to|(?<!a )(?<!the )call"
    r"|(?<!a )(?<!the )ring|phone|contact|e-?mail"
    r"|message|writing to|calling|ringing|phoning|contacting) (?!you\b|back\b)|consult|with (?:the|my"
    r"|our) (?:team|depot|warehouse|courier|manager|supervisor)"
    r"|test|have a (?:look|word|think)|query|verify|pull|track|measure|inspect|count|(?:check|look|ask|trac|pag"
    r"|speak|investigat|review|read|pull|search|dig|chas)ing)\b",
    words=(
        "check look ask find trace through page speak talk chase dig investigate review read listen search run see "
        "get write call ring phone contact mail email message writing calling ringing phoning contacting consult "
        "team depot warehouse courier manager supervisor test word think query verify pull track measure inspect "
        "count checking looking asking tracing paging speaking investigating reviewing reading pulling searching "
        "diging chasing"
    ),
)
# Whoever speaks, or the company, does it.
_BY_SELF = Way(
    r"(?:and |then )?\w+ing\b|(?:i|we|ill|i'll|we'll|let me|let us|lemme|consider|will|(?:and |then )?(?!you|it"
    r"|he|she"
    r"|they)\w+(?:ing)?)\b(?! (?:you|it|he|she|they))"
)
# Done with legs, wheels or the post, or goes on for long.
_AWAY = Way(
    r"\b(?:call (?:you|back)|ring you|phone|visit|come|comes|coming|post|ship|deliver|dispatch|collect|courier|pick"
    r"|drive|bring|be (?:there|with you|round|back)|get back|in touch|back to you|let you know|keep|monitor"
    r"|make sure|wait|letter|pay|refund|transfer|repair|build)\b",
)
_LATER = Way(
    r"\b(?:with (?:the|our|my|your|them|him|her)|back to you|let you know|tomorrow|by|within|later)\b",
)
# Comes by another way than this conversation.
_OTHER_WAY = Way(
    r"\b(?:(?:call|ring|phone|text|e-?mail|dm) (?:you|back)|letter|by post|in the post|a (?:call|ring|text)|sms)\b",
    words="call ring phone text mail email dm letter post sms",
)
_PASSES_ON = Way(
    r"\b(?:transfer|connect|put(?:ting)? you (?:straight |right )?(?:through|over|on|across)"
    r"|bring(?:ing)? (?:\w+ ){1,5}into\b|pass(?:ing)? you|hand(?:ing)? you|get(?:ting)? (?:you )?(?:a"
    r"|my|the|our|someone|somebody) (?:colleague|manager|supervisor|human|agent|specialist|to (?:help|join)))\b",
)
_WATCHES = Way(
    r"\b(?:keep (?:an eye|watching|monitoring|checking)|monitor|watch)\b",
    words="keep monitor watch",
)
_SHIPS = Way(
    r"\b(?:post|ship|dispatch|mail|send (?:you )?(?:a|the|your) (?:pack|parcel|box|letter|replacement|kit|new))\b",
)
_SOON = Way(r"\b(?:minutes?|mins?|moment|sec(?:onds?)?|hours?|now|today|tonight|away|shortly)\b")
_IT = Way(r"^(?:and )?(?:it|they|this|that|both|he|she|these|those)\b|\b(?:it|them)\b")
_IF = Way(r"(?:if|unless|should|in case|provided|providing|assuming|subject|depending|whenever)\b")
_MENDS = frozenset({"repair", "change", "cancel", "remove", "fee"})
_LIVE = frozenset({Channel.CHAT, Channel.CALL, Channel.SOCIAL, None})


@dataclass(frozen=True, eq=False)
class Commitment:
    """Words by which the agents' side binds itself.

    What kind of act it is, is looked up when it is asked for: many are settled before.

    Attributes:
        at: The words.
        turn: Number of the turn they stand in.
        agent: Who said them, as an identity.
        by_when: The words that name a time for it.
        due: What they mean, if that can be told.
        condition: The words that it depends on.
        said: When it was said, if the source tells.
        words: The same words as `at`, in small letters.
        norms: The same as patterns see them.
        runs: The runs of the letters a to z in the sentence.
    """

    at: Span
    turn: int
    agent: str | None
    by_when: Deadline | None
    due: Interval | None
    condition: Span | None
    said: datetime | None
    channel: Channel | None
    words: str
    norms: tuple[str, ...]
    runs: frozenset[str]

    @lazy_property
    def kind(self) -> PromiseKind:
        """Whether somebody of the company acts, or something comes about."""
        if OWN_SUBJECT.match(self.words) or _IN_TOUCH.search(self.words):
            return PromiseKind.ACT
        if _OUTCOME.match(self.words) or _DONE_TO_IT.search(self.words):
            return PromiseKind.OUTCOME
        return PromiseKind.ACT

    @lazy_property
    def topics(self) -> frozenset[str]:
        """What it is about."""
        return topics_of(self.norms) | visits(self.words, self.runs)

    @lazy_property
    def strong(self) -> frozenset[str]:
        """What it is about that not everything is about."""
        return self.topics - WEAK_TOPICS

    @property
    def is_uncertain(self) -> bool:
        """Whether it depends on what may never be ("if it breaks"), not on a step that is expected ("once you pay")."""
        return self.condition is not None and _IF.match(self.condition.quote.lower()) is not None

    @property
    def says_it(self) -> bool:
        """Whether it speaks of something that was named before ("it'll be with you")."""
        return _IT.search(self.words) is not None

    @property
    def names_nothing(self) -> bool:
        """Whether its words name no matter of their own ("we'll have you back in by five")."""
        return not self.strong

    @lazy_property
    def is_immediate(self) -> bool:
        """Whether it is done in the same breath ("let me look"), so that going on keeps it."""
        words = self._unconditional
        if self.channel not in _LIVE or not _AT_ONCE.stands_in(words, self.runs):
            return False
        return _LOOKS.search(words) is not None and not _LATER.search(words)

    @property
    def _unconditional(self) -> str:
        """Its words without those that it depends on: "when there is a quiet moment" is no "one moment"."""
        if self.condition is None or not self.at.start <= self.condition.start < self.at.end:
            return self.words
        first, last = self.condition.start - self.at.start, self.condition.end - self.at.start
        return f"{self.words[:first]} {self.words[last:]}"

    @lazy_property
    def is_inquiry(self) -> bool:
        """Whether it is to find something out, or to reach somebody, so that telling the outcome keeps it."""
        return not _YOURS.match(self.words) and _INQUIRY.stands_in(self.words, self.runs)

    @lazy_property
    def is_reply(self) -> bool:
        """Whether coming back in this conversation keeps it ("I'll get back to you")."""
        return _COMES_BACK.stands_in(self.words, self.runs)

    @lazy_property
    def is_at_desk(self) -> bool:
        """Whether who says it does it where they sit ("I'll rename both"), so that what they report next is that."""
        return _BY_SELF.match(self.words) is not None and not _AWAY.search(self.words)

    @lazy_property
    def goes_another_way(self) -> bool:
        """Whether it comes by another way than this conversation."""
        return _OTHER_WAY.stands_in(self.words, self.runs)

    @lazy_property
    def passes_on(self) -> bool:
        """Whether the customer is to be passed on to somebody else."""
        return _PASSES_ON.search(self.words) is not None

    @lazy_property
    def is_soon(self) -> bool:
        """Whether it is promised for the same hour or day."""
        return self.by_when is not None and _SOON.search(self.by_when.at.quote.lower()) is not None

    @property
    def ends_fault(self) -> bool:
        """Whether it puts an end to what is wrong, so that whoever says that it goes on says that it was not kept."""
        return self.kind is PromiseKind.OUTCOME or not self.topics.isdisjoint(_MENDS)

    @property
    def watches(self) -> bool:
        """Whether it goes on, so that no word that something is done ends it."""
        return _WATCHES.stands_in(self.words, self.runs)

    @property
    def ships(self) -> bool:
        """Whether it travels for days after it was done."""
        return _SHIPS.search(self.words) is not None

    @property
    def names_time(self) -> bool:
        """Whether a concrete time is named for it."""
        return self.by_when is not None and self.by_when.is_concrete

    @property
    def waits_for_time(self) -> bool:
        """Whether it is promised for a time to come that no clock can tell from now ("on the 3rd", in a chat)."""
        return self.names_time and not self.is_soon and (self.due is None or self.said is None)

    @lazy_property
    def is_by_others(self) -> bool:
        """Whether somebody else than who speaks does it."""
        return _BY_OTHERS.match(self.words) is not None

    @lazy_property
    def is_for_afterwards(self) -> bool:
        """Whether it is to be done when the conversation is over ("as soon as we hang up")."""
        depends = self.condition.quote.lower() if self.condition else ""
        return _AFTERWARDS.search(self.words) is not None or _AFTERWARDS.search(depends) is not None

    @property
    def waits(self) -> bool:
        """Whether it waits for a time that no clock can tell, or for a condition."""
        return self.waits_for_time or self.condition is not None
