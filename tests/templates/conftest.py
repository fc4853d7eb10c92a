"""Read templates from text, as if it stood in a file."""

from collections.abc import Callable

import pytest

from convscan.config import TemplateSettings
from convscan.templates import TemplateFile, read_template_file

ReadText = Callable[..., TemplateFile]


@pytest.fixture
def read_text() -> ReadText:
    """Return the templates of a file with this name and content."""

    def read(text: str, path: str = "reply.md", **settings: object) -> TemplateFile:
        return read_template_file(text.encode(), path, TemplateSettings(**settings))  # type: ignore[arg-type] # as a test says

    return read
