"""Read the templates of one file, whatever its shape."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import PurePath

from convscan.config import Config, Markup, TemplateSettings
from convscan.conversation import Channel, Conversation, Role, Source, Utterance
from convscan.errors import ConfigError
from convscan.placeholders.styles import KnownPlaceholders, has_broken_attribute
from convscan.readers.base import show_size
from convscan.readers.html_text import Comment, html_to_text, looks_like_html
from convscan.readers.opening import looks_binary
from convscan.readers.text_encoding import decode_text
from convscan.source_map import Lines, SourceMap, identity
from convscan.templates.csv_nodes import parse_csv_nodes
from convscan.templates.exports import Entry, entries_in
from convscan.templates.front_matter import SUPPRESSION_KEY, Declared, declared_in, read_front_matter
from convscan.templates.json_nodes import parse_json_nodes
from convscan.templates.markdown_export import macro_blocks, title_of
from convscan.templates.nodes import MalformedDocumentError, Node
from convscan.templates.suppressions import comments_in, directive, suppressions_in, whole_suppressions
from convscan.templates.template import Template, TemplateFault, TemplateFile


class Shape(StrEnum):
    """How a file holds its templates."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"


_SHAPES: Mapping[str, Shape] = {
    ".txt": Shape.TEXT,
    ".text": Shape.TEXT,
    ".md": Shape.MARKDOWN,
    ".markdown": Shape.MARKDOWN,
    ".html": Shape.HTML,
    ".htm": Shape.HTML,
    ".json": Shape.JSON,
    ".yaml": Shape.YAML,
    ".yml": Shape.YAML,
    ".csv": Shape.CSV,
    ".tsv": Shape.CSV,
}
# Endings of template languages; the one before them, or the content, says what is written in them.
_LANGUAGES = frozenset(
    {".j2", ".jinja", ".jinja2", ".liquid", ".hbs", ".handlebars", ".mustache", ".njk", ".twig", ".tmpl"}
)
TEMPLATE_SUFFIXES = (*_SHAPES, *sorted(_LANGUAGES))

_NO_SETTINGS = TemplateSettings()
_DEFAULTS = Config()


def shape_of(path: str, text: str) -> Shape:
    """Return how a file holds its templates: by its name, else by how it begins."""
    suffixes = [suffix.lower() for suffix in PurePath(path).suffixes]
    inner = suffixes[:-1] if suffixes and suffixes[-1] in _LANGUAGES else suffixes
    if inner and inner[-1] in _SHAPES:
        return _SHAPES[inner[-1]]
    start = text.lstrip()[:2]
    if (
        not (suffixes and suffixes[-1] in _LANGUAGES)
        and start[:1] in {"{", "["}
        and start[1:2] in {'"', "\n", "\r", " ", "{"}
    ):
        return Shape.JSON if start != "{{" else Shape.TEXT
    return Shape.HTML if looks_like_html(text) else Shape.TEXT


def read_template_file(
    content: bytes,
    path: str,
    settings: TemplateSettings = _NO_SETTINGS,
    *,
    max_bytes: int = _DEFAULTS.max_record_bytes,
    max_chars: int = _DEFAULTS.max_utterance_chars,
    placeholders: KnownPlaceholders | None = None,
) -> TemplateFile:
    """Return the templates of a file; what cannot be read becomes a fault of the file.

    Args:
        content: Of the file, decompressed.
        path: Named in faults; its ending says what shape the file has.
        settings: What the user says of such files.
        max_bytes: A larger file is a fault.
        max_chars: A longer template is a fault, tags included; the others of the file are read.
        placeholders: The names that the sender knows; a tag that holds a broken one stays in the text.
    """
    if len(content) > max_bytes:
        message = f"is larger than {show_size(max_bytes)}, the most that is read (max-record-bytes); split it"
        return _faulty(path, message)
    if looks_binary(content[: 64 * 1024]):
        return _faulty(path, "is no text (a binary file, or UTF-16 without a byte order mark); save it as UTF-8")
    decoded = decode_text(content)
    text = decoded.text
    doubts = () if decoded.doubt is None else (f"{path}: {decoded.doubt}; save it as UTF-8 to be sure",)
    lines = Lines(text)
    try:
        reading = _Reading(path, lines, settings, max_chars, placeholders or {})
        templates = tuple(_with_unique_keys(reading.templates()))
    except MalformedDocumentError as error:
        line, column = error.place(text)
        return TemplateFile(path, lines, faults=(TemplateFault(path, str(error), line, column),), doubts=doubts)
    except ConfigError as error:
        return TemplateFile(path, lines, faults=(TemplateFault(path, str(error), is_setting=True),), doubts=doubts)
    if not templates and not reading.too_long:
        return TemplateFile(path, lines, faults=(TemplateFault(path, _nothing_in(text)),), doubts=doubts)
    return TemplateFile(path, lines, templates, tuple(reading.too_long), doubts)


def _faulty(path: str, message: str) -> TemplateFile:
    return TemplateFile(path, Lines(""), faults=(TemplateFault(path, message),))


def _nothing_in(text: str) -> str:
    if not text.strip():
        return "is empty; a template is the text of one reply"
    return (
        "has no templates where they usually are; say where they stand with"
        " [[tool.convscan.templates]] files, items, title and body"
    )


def _with_unique_keys(templates: Iterator[Template]) -> Iterator[Template]:
    """Number templates of one file that share a key, in its order."""
    seen: dict[str, int] = {}
    for template in templates:
        key = template.conversation.id
        seen[key] = seen.get(key, 0) + 1
        if seen[key] > 1:
            yield replace(template, conversation=replace(template.conversation, id=f"{key}#{seen[key]}"))
        else:
            yield template


@dataclass(slots=True)
class _Reading:
    """One file that is being read."""

    path: str
    lines: Lines
    settings: TemplateSettings
    max_chars: int
    placeholders: KnownPlaceholders
    too_long: list[TemplateFault] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole file."""
        return self.lines.text

    def templates(self) -> Iterator[Template]:
        shape = shape_of(self.path, self.text)
        match shape:
            case Shape.JSON:
                yield from self._entries([parse_json_nodes(self.text)])
            case Shape.YAML:
                from convscan.templates.yaml_nodes import parse_yaml_nodes

                yield from self._entries(parse_yaml_nodes(self.text))
            case Shape.CSV:
                yield from self._entries([parse_csv_nodes(self.text)])
            case _:
                yield from self._document(shape)

    def _entries(self, roots: list[Node]) -> Iterator[Template]:
        for entry in entries_in(roots, self.settings):
            if not self._is_too_long(entry.body.text or "", entry.body.start):
                yield self._entry(entry, roots)

    def _is_too_long(self, body: str, start: int) -> bool:
        """Note a text that would take too long; nobody reads so much in a reply."""
        if len(body) <= self.max_chars:
            return False
        line, column = self.lines.place(start)
        message = (
            f"a template of {len(body)} characters, more than max-utterance-chars = {self.max_chars}; it was not judged"
        )
        self.too_long.append(TemplateFault(self.path, message, line, column))
        return True

    def _entry(self, entry: Entry, roots: list[Node]) -> Template:
        spoken = [
            root.fields[SUPPRESSION_KEY]
            for root in roots
            if SUPPRESSION_KEY in root.fields and root is not entry.holder
        ]
        spoken += [entry.holder.fields[SUPPRESSION_KEY]] if SUPPRESSION_KEY in entry.holder.fields else []
        declared = Declared(id=entry.id or None, title=entry.title or None)
        for node in spoken:
            said = declared_in(node)
            declared = replace(
                declared,
                scenario=said.scenario or declared.scenario,
                channel=said.channel or declared.channel,
                language=said.language or declared.language,
            )
        body = entry.body
        markup = self.settings.markup or (Markup.HTML if looks_like_html(body.text or "") else Markup.TEXT)
        return self._template(body.text or "", body.source_map(), markup, declared, spoken)

    def _document(self, shape: Shape) -> Iterator[Template]:
        head = read_front_matter(self.text)
        declared = declared_in(head.node) if head.node else Declared()
        spoken = [head.node.fields[SUPPRESSION_KEY]] if head.node and SUPPRESSION_KEY in head.node.fields else []
        markup = self.settings.markup or (Markup.HTML if shape is Shape.HTML else Markup.TEXT)
        start = head.end
        if self._is_too_long(self.text[start:], start):
            return
        if shape is Shape.MARKDOWN:
            blocks = macro_blocks(self.text, start)
            for block in blocks:
                said = replace(declared, id=None, title=block.title)
                block_markup = Markup.HTML if looks_like_html(block.text) else Markup.TEXT
                yield self._template(block.text, block.source_map, block_markup, said, spoken)
            if blocks:
                return
            title, start = title_of(self.text, start)
            declared = replace(declared, title=declared.title or title or None)
        body = self.text[start:]
        if body.strip():
            yield self._template(body, identity(start, len(body)), markup, declared, spoken)

    def _template(
        self, body: str, body_map: SourceMap, markup: Markup, declared: Declared, spoken: list[Node]
    ) -> Template:
        text, source_map, title = body, body_map, ""
        comments: list[tuple[Comment, int]] = []
        if markup is Markup.HTML:
            page = html_to_text(body, keeps_tag=partial(has_broken_attribute, known=self.placeholders))
            text, source_map, title = page.text, page.source_map.through(body_map), page.title
            orders = filter(None, map(directive, page.comments))
            comments = [(replace(order, start=body_map.start(order.start)), order.at) for order in orders]
        comments += [(replace(c, start=source_map.start(c.start)), end) for c, end in comments_in(text)]
        found, malformed = suppressions_in(text, sorted(comments, key=lambda pair: pair[0].start))
        for node in spoken:
            more, wrong = whole_suppressions(node, len(text))
            found += more
            malformed += wrong
        declared = declared.over(self.settings)
        name = declared.title or title or declared.id or ""
        start = source_map.start(len(text) - len(text.lstrip()))
        return Template(
            name=name,
            conversation=Conversation(
                id=declared.id or name,
                utterances=(Utterance(Role.AGENT, text),),
                channel=Channel.TEMPLATE,
                language=declared.language,
                source=Source(self.path, self.lines.place(start)[0]),
                scenario=declared.scenario,
            ),
            source_map=source_map,
            start=start,
            sent_by=declared.channel,
            suppressions=tuple(found),
            malformed=tuple(malformed),
        )
