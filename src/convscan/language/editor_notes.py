"""Instructions to whoever edits a template, which must not reach the customer."""

import re
from collections.abc import Iterator

_AIM = r"(?:reply|replies|e-?mail|message|template|macro|response|answer|letter|text)"
_DASH = r"[:\u2013\u2014-]"
_EDITOR = r"(?:agents?|editors?|self|staff|advis[eo]r|sender|team)"
_PART = r"(?:line|paragraph|section|sentence|note|part|bit|text|option|block)s?"
_INSIDE = r"[^\[\]()<>\n]{0,200}"
# In capitals, "BEFORE SENDING" speaks to the sender; "Before sending the parcel" speaks to the customer.
_LOUD = re.compile(
    rf"(?<!\w)(?:BEFORE (?:YOU )?SEND(?:ING)?"
    r"|(?:DO NOT|DON'T) SEND(?= (?:THIS|YET|UNTIL|BEFORE|WITHOUT|IF)\b| ?[:!.]|[ \t]*$)"
    rf"|INTERNAL(?: USE)?(?: ONLY)?(?= ?{_DASH})"
    rf"|FOR INTERNAL USE|TODO|FIXME|TBD|TBC|DRAFT(?= ?{_DASH})|(?:DELETE|REMOVE) (?:THIS|BEFORE|IF|AS)"
    r"|CHECK (?:THIS )?BEFORE SENDING)\b[^\n]*",
    re.MULTILINE,
)
_QUIET = re.compile(
    rf"(?:before (?:you )?send(?:ing)? (?:this|the|out this) {_AIM}\b"
    rf"|(?:do not|don't|never) send this {_AIM}\b"
    rf"|only (?:send|use) this {_AIM}\b"
    rf"|use this {_AIM} (?:when|if|for|only|to)\b"
    rf"|(?:notes?|instructions?|reminder) (?:to|for) (?:the )?{_EDITOR}\b"
    rf"|(?:agent|editor|editor's|internal|staff) (?:notes?|instructions?|comment|only)\b(?= ?(?:{_DASH}|\.))"
    r"|(?:delete|remove|amend|edit|strike out|change) (?:as|where|if|when) (?:not )?"
    r"(?:appropriate|applicable|necessary|needed|required|relevant)\b"
    rf"|(?:delete|remove) (?:this|the) {_PART} (?:if|that|which|before|when|unless|below|above|in brackets)\b"
    r"|(?:replace|fill in|complete) (?:all )?(?:the )?(?:placeholders?|(?:text in )?brackets|bracketed text|blanks)\b"
    r"|(?:personali[sz]e|customi[sz]e|adapt|tailor) this (?:reply|template|macro|message|greeting|paragraph|section)\b"
    r"|(?:choose|pick|select|keep) (?:only )?(?:one|the) (?:of the )?(?:options?|paragraphs?|versions?)"
    r" (?:below|above|that|which|and delete)\b"
    r")[^\n]*",
    re.IGNORECASE,
)
# In brackets shorter words tell as much.
_BRACKETED = re.compile(
    r"[\[(<](?:"
    rf"(?:delete|remove|omit|leave out|keep|only|use|include|optional)\b{_INSIDE}"
    rf"\b(?:if|when|unless|where|only|as|before)\b{_INSIDE}"
    rf"|(?:optional|agents?|editor|internal|note|nb|todo|tbd|tbc|attention)(?: only| note)?\s?{_DASH}{_INSIDE}"
    rf"|if (?:the|this|your|a|an) (?:customer|client|user|member|guest|order|ticket|case)\b{_INSIDE}"
    r"|(?:delete|remove)(?: this)?(?: line| paragraph| section| note)?"
    rf"|(?:choose|pick|select) (?:one|from|an?) {_INSIDE}"
    rf"|(?:agent|advis[eo]r|editor)s?(?: should| must| to|, please|: ?){_INSIDE}"
    r")[\])>]",
    re.IGNORECASE,
)
# "Mr / Ms, delete as appropriate" speaks to the editor wherever it stands.
_AS_APPROPRIATE = re.compile(r"\w+ (?:out )?as (?:appropriate|applicable|necessary|required)", re.IGNORECASE)
_WINDOW_CHARS = 200
# What surrounds a note and is none of it.
_ENDS = " \t\r*_>#-"


def editor_notes(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the notes in a template, in order, none overlapping.

    A note in brackets is the brackets; any other goes on to the end of its line.
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(_all(text)):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _all(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (_BRACKETED, _LOUD, _QUIET):
        for match in pattern.finditer(text):
            start, end = match.span()
            if pattern is _QUIET and not (_AS_APPROPRIATE.match(match[0]) or _opens_sentence(text, start)):
                continue
            if pattern is not _BRACKETED:
                end = _end_in_brackets(text, start, end)
            yield start, start + len(text[start:end].rstrip(_ENDS))


def _end_in_brackets(text: str, start: int, end: int) -> int:
    """Return where a note ends: at its line's end, or where the brackets around it close."""
    before = text[max(0, start - _WINDOW_CHARS) : start].rpartition("\n")[2]
    for opening, closing in ("()", "[]"):
        if before.rfind(opening) > before.rfind(closing):
            found = text.find(closing, start, end)
            return found if found >= 0 else end
    return end


def _opens_sentence(text: str, start: int) -> bool:
    """Whether nothing but marks stands before a note in its sentence or in its brackets."""
    before = text[max(0, start - _WINDOW_CHARS) : start].rpartition("\n")[2].rstrip(" \t*_>#-\u2013\u2014\"'")
    return not before or before[-1] in ".!?:([<{"
