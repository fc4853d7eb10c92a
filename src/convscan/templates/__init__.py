"""Template replies in files of any shape, with a map from their words to lines and columns.

`read_template_file` is the one way in. Nothing here judges; a template is a
conversation of one agent utterance.
"""

from convscan.templates.reading import TEMPLATE_SUFFIXES, read_template_file
from convscan.templates.suppressions import Suppression, Target
from convscan.templates.template import Template, TemplateFault, TemplateFile

__all__ = [
    "TEMPLATE_SUFFIXES",
    "Suppression",
    "Target",
    "Template",
    "TemplateFault",
    "TemplateFile",
    "read_template_file",
]
