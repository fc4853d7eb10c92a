"""Find the templates in a JSON, YAML or CSV document: where it is said, else where they usually are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from convscan.config import TemplateSettings
from convscan.errors import ConfigError
from convscan.path_expressions import find
from convscan.templates.nodes import Node

# Keys under which helpdesks and people keep the text of a reply, in the order in which they are asked;
# of the first two groups the plain text goes before the same words in HTML.
_BODY_KEYS = (
    "body", "content", "body_text", "content_text", "text", "message", "reply", "response", "template", "answer",
    "comment", "body_html", "content_html", "html", "description",
)  # fmt: skip
_TITLE_KEYS = ("title", "name", "label", "subject", "macro", "shortcut", "summary")
_ID_KEYS = ("id", "key", "slug", "uuid")
# Zendesk: the actions of a macro that write to the customer.
_COMMENT_FIELDS = ("comment_value", "comment_value_html")
# "macros: {greeting: Hi there}" holds texts; "name: Jo" is none. Shorter ones are labels and settings.
_MIN_BODY_WORDS = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One template of a document.

    Attributes:
        body: Its text.
        holder: The mapping in which it stands.
        title: Empty if it has none.
        id: Empty if it has none.
    """

    body: Node
    holder: Node
    title: str = ""
    id: str = ""


def entries_in(roots: Sequence[Node], settings: TemplateSettings) -> list[Entry]:
    """Return the templates of a document, in its order; none if there are none.

    Args:
        roots: The documents of the file.
        settings: Where templates stand; without `items` and `body` they are looked for.

    Raises:
        ConfigError: If a JSONPath is malformed, or finds nothing.
    """
    is_said = settings.items is not None or settings.body is not None
    entries = (entry for root in roots for entry in (_said(root, settings) if is_said else _found(root, "")))
    # A YAML alias is the text that it names, not a second one.
    return list({id(entry.body): entry for entry in entries}.values())


# -- where it is said ------------------------------------------------------------------------


def _said(root: Node, settings: TemplateSettings) -> Iterator[Entry]:
    items = list(_select(root, settings.items, "items")) if settings.items else _rows(root)
    if not items:
        raise ConfigError(
            f"items = {settings.items!r} finds nothing in it; mend the path, or leave the file out of `files`"
        )
    count = 0
    for key, item in items:
        for body in _said_bodies(item, settings.body):
            count += 1
            title = _first_text(item, settings.title, "title") if settings.title else _title(item) or key
            identity = _first_text(item, settings.id, "id") if settings.id else _id(item) or key
            yield Entry(body, item, title, identity)
    if not count:
        raise ConfigError(
            f"body = {settings.body!r} finds no text in it; mend the path, or leave the file out of `files`"
        )


def _said_bodies(item: Node, path: str | None) -> Iterator[Node]:
    """Yield the texts of one template: where a path says, else where they usually are."""
    if path is not None:
        yield from (node for _, node in _select(item, path, "body") if node.text is not None)
    elif item.text is not None:
        yield item
    else:
        yield from (entry.body for entry in _found(item, ""))


def _rows(root: Node) -> list[tuple[str, Node]]:
    """Return the items of a list, else the document itself."""
    return [("", item) for item in root.items] if root.items else [("", root)]


def _select(node: Node, path: str, key: str) -> Iterator[tuple[str, Node]]:
    """Yield what a path finds, each with the key under which it stands."""
    for found in find(node.plain(), path, key):
        last = found.parts[-1] if found.parts else ""
        yield (last if isinstance(last, str) else ""), node.at(found.parts)


def _first_text(node: Node, path: str, key: str) -> str:
    values = (found.value for _, found in _select(node, path, key) if not found.fields and not found.items)
    return next((str(value) for value in values if value is not None), "")


# -- where they usually are ------------------------------------------------------------------


def _found(node: Node, key: str) -> Iterator[Entry]:
    """Yield the templates in a node and below it.

    Args:
        key: Under which the node stands.
    """
    bodies = list(_bodies(node))
    if bodies:
        yield from (Entry(body, node, _title(node) or key, _id(node) or key) for body in bodies)
        return
    if node.fields:
        yield from (Entry(child, node, name, name) for name, child in node.fields.items() if _is_lone_body(child, node))
        for name, child in node.fields.items():
            if child.fields or child.items:
                yield from _found(child, name if child.fields else "")
    for item in node.items:
        if item.fields or item.items:
            yield from _found(item, "")
        elif _is_reply(item):
            yield Entry(item, item)


def _bodies(node: Node) -> Iterator[Node]:
    """Yield the texts that a mapping holds as a template; one of several forms of the same text."""
    if "actions" in node.fields:
        yield from _without_repeats(_comments(node.fields["actions"].items))
        return
    texts = [node.fields[key] for key in _BODY_KEYS if key in node.fields and node.fields[key].text]
    named = any(key in node.fields for key in (*_TITLE_KEYS, *_ID_KEYS))
    if texts and (named or _is_reply(texts[0])):
        yield texts[0]


def _comments(actions: Iterable[Node]) -> Iterator[Node]:
    """Yield what the actions of a macro write: Zendesk's comments, Gorgias' reply texts."""
    for action in actions:
        fields = action.fields
        if "field" in fields and fields["field"].text in _COMMENT_FIELDS and "value" in fields:
            value = fields["value"]
            # A list of a channel and the text.
            texts = [item for item in value.items if item.text and not item.text.startswith("channel:")]
            yield from texts or ([value] if value.text else [])
        elif "arguments" in fields:
            arguments = fields["arguments"].fields
            texts = [arguments[key] for key in ("body_text", "body_html") if key in arguments and arguments[key].text]
            yield from texts[:1]


def _without_repeats(bodies: Iterable[Node]) -> Iterator[Node]:
    seen: set[object] = set()
    for body in bodies:
        if body.value not in seen:
            seen.add(body.value)
            yield body


def _is_lone_body(node: Node, holder: Node) -> bool:
    """Whether a text is a template by itself: `{refund_done: "Hi {{name}}, …"}`."""
    return _is_reply(node) and not any(key in holder.fields for key in (*_TITLE_KEYS, "version", "$schema"))


def _is_reply(node: Node) -> bool:
    return node.text is not None and len(node.text.split()) >= _MIN_BODY_WORDS


def _title(node: Node) -> str:
    return _first_of(node, _TITLE_KEYS)


def _id(node: Node) -> str:
    return _first_of(node, _ID_KEYS)


def _first_of(node: Node, keys: Iterable[str]) -> str:
    for key in keys:
        value = node.fields[key].value if key in node.fields else None
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""
