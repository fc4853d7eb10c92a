"""The marks of quoted lines, and drawn lines: what several questions about a line begin with."""

import re

# ">:(" and ">.<" are faces.
_QUOTE_MARK = re.compile(r"(?:>|&gt;)(?![:;.=]['-]?[()<D])")
_RULE = re.compile(r"_{3,}$|-{4,}$|={4,}$")


def is_rule(line: str) -> bool:
    """Tell whether a line is drawn."""
    return _RULE.match(line) is not None


def is_quoted(line: str) -> bool:
    """Tell whether a line is marked as somebody's earlier words."""
    return _QUOTE_MARK.match(line) is not None
