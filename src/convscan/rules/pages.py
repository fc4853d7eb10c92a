"""Rules as Markdown pages: what `convscan rules docs` writes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from convscan.conversation import Role
from convscan.finding import Scope
from convscan.rules.catalogue import Catalogue
from convscan.rules.in_words import absence_in_words, acts_named
from convscan.rules.rule import Act, Example, Place, Rule

INDEX = "README.md"
# Pages that begin so are the program's own: it may overwrite and remove them.
WRITTEN_BY = "<!-- Written by `convscan rules docs`"

# A page is read from top to bottom; whoever wants all examples opens the rule file.
_MAX_EXAMPLES = 12
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(\s*)(\d*)([#+-]|(?<=\d)[.)])")
_MARKED = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SPEAKER = re.compile(rf"^({'|'.join(Role)}):")
_LOOKS_AT = {
    Scope.SPAN: "words",
    Scope.TURN: "a turn of the agent",
    Scope.CONVERSATION: "the whole conversation",
}

# Returns the link from a page to a rule file.
Link = Callable[[str, Place], str]


def pages(catalogue: Catalogue, link: Link) -> dict[str, str]:
    """Return the text of every page by its path: one a rule, and an index of all.

    Args:
        link: Called with the page's path and the rule's place.
    """
    index = {INDEX: _text(_index(catalogue.rules.values()))}
    return index | {
        f"{rule.id}.md": _text(_page(rule, catalogue.acts, link(f"{rule.id}.md", rule.place)))
        for rule in catalogue.rules.values()
    }


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _index(rules: Iterable[Rule]) -> Iterator[str]:
    yield f"{WRITTEN_BY} from the rule files. Change those, not this page. -->"
    yield "# All rules"
    yield ""
    yield "`convscan rules show RULE` prints a rule's page in the terminal."
    yield ""
    yield "| rule | severity | looks at | finds |"
    yield "|---|---|---|---|"
    for rule in rules:
        yield f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {_LOOKS_AT[rule.scope]} | {_escaped(rule.title)} |"


def _page(rule: Rule, acts: Mapping[str, Act], source: str) -> Iterator[str]:
    yield f"{WRITTEN_BY} from the rule file. Change that, not this page. -->"
    yield f"# {rule.id}: {_escaped(rule.title)}"
    sections = {
        "What it finds": _what_it_finds(rule, acts),
        "Why it matters": [_paragraph(rule.rationale)],
        "Found": _examples(rule, source, fires=True),
        "Not found (and why)": _examples(rule, source, fires=False),
        "When it may be wrong": [_paragraph(rule.false_positives or "No case is known yet.")],
        "Sources": (_source(r.title, r.url, r.accessed) for r in rule.references),
        "Measured precision": ["Not measured yet."],
    }
    for heading, lines in sections.items():
        yield from ("", f"## {heading}", "", *lines)
    yield from ("", f"Rule file: [{rule.id}.yaml]({source})")


def _what_it_finds(rule: Rule, acts: Mapping[str, Act]) -> Iterator[str]:
    yield _paragraph(rule.message.replace("{match}", "…"))
    yield ""
    yield f"Write instead: {_paragraph(rule.suggestion)}"
    yield ""
    yield f"- severity: {rule.severity}"
    yield f"- looks at: {_LOOKS_AT[rule.scope]}"
    yield f"- channels: {', '.join(rule.channels) or 'all'}"
    yield f"- since: {rule.since}"
    if rule.absence is None:
        return
    yield from ("", "When it is found:", "")
    yield from (f"- {_escaped(sentence)}" for sentence in absence_in_words(rule.absence))
    named = [acts[name] for name in acts_named(rule.absence) if name in acts]
    yield from ("", "The acts are:", "")
    yield from (f"- *{act.name}*: {_paragraph(act.description)}" for act in named)


def _examples(rule: Rule, source: str, *, fires: bool) -> Iterator[str]:
    examples = [example for example in rule.examples if example.fires is fires]
    yield from _listed(examples[:_MAX_EXAMPLES])
    more = len(examples) - _MAX_EXAMPLES
    if more > 0:
        yield from ("", f"{more} more: [{rule.id}.yaml]({source})")


def _listed(examples: Sequence[Example]) -> Iterator[str]:
    """Yield sentences as a list, and transcripts as quotations."""
    for before, example in zip([None, *examples], examples, strict=False):
        reason = _reason(example)
        if before and "\n" in before.text + example.text:
            yield ""
        if "\n" in example.text:
            yield from _quotation(example.text)
            yield from ("", f"({reason})") if reason else ()
        else:
            yield f"- {_marked(example.text)}{f' ({reason})' if reason else ''}"


def _quotation(text: str) -> Iterator[str]:
    r"""Yield the lines of a transcript; a `\` keeps the break between two of them."""
    lines = _marked(text).splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        shown = _SPEAKER.sub(r"*\1*:", line)
        yield f"> {shown}{chr(92) if shown and following else ''}".rstrip()


def _reason(example: Example) -> str | None:
    if example.why:
        return _paragraph(example.why)
    if example.saved_by == "except":
        return "one of the rule's exceptions"
    return f"cancelled by the cue *{example.saved_by}*" if example.saved_by else None


def _source(title: str, url: str, accessed: str | None) -> str:
    when = f" (accessed {accessed})" if accessed else ""
    return f"- {_escaped(title)}, <{url}>{when}"


def _marked(text: str) -> str:
    """Return text with what must be found in bold."""
    pieces = _MARKED.split(text)
    return "".join(_bold(piece) if number % 2 else _escaped(piece) for number, piece in enumerate(pieces))


def _bold(text: str) -> str:
    return "\n".join(f"**{_escaped(line)}**" if line.strip() else line for line in text.split("\n"))


def _paragraph(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    lines = (_BLOCK_START.sub(r"\1\2\\\3", line) for line in _SPECIAL.sub(r"\\\g<0>", text).split("\n"))
    return "\n".join(lines)
