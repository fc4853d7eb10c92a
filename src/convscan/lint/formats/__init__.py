"""What a lint writes, one module a format; `all_formats` finds them."""

from convscan.lint.formats.base import LintFormat, LintWriteOptions
from convscan.lint.formats.registry import all_formats, format_named

__all__ = ["LintFormat", "LintWriteOptions", "all_formats", "format_named"]
