"""Remember what was found in files that have not changed.

An entry is known by everything that decides about it: the content of the file, the
settings, the rules, the models, the code. The folder can be deleted at any time.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from convscan.conversation import Scenario, Source
from convscan.errors import ConvscanError
from convscan.finding import ProblemCode
from convscan.lint.report import LintedFile, LintedTemplate, PlacedFinding, Region
from convscan.records import Json, result_from_json, result_to_json
from convscan.source_map import Lines
from convscan.templates.suppressions import MalformedSuppression, Suppression, Target
from convscan.templates.template import TemplateFault

_FORMAT = 2
# What another run may not meet again: a busy machine, an error that a later version has not.
_PASSING = frozenset({ProblemCode.TIME_BUDGET, ProblemCode.INTERNAL})
# A branch that nobody has looked at for a month may be judged anew.
_MAX_AGE_S = 30 * 24 * 3600
# Set once a day, so that a second run writes nothing.
_TOUCH_AGE_S = 24 * 3600


class Cache:
    """Results by the hash of what they depend on."""

    def __init__(self, folder: Path | None, basis: str) -> None:
        """Take where entries lie.

        Args:
            folder: None to remember nothing.
            basis: What all entries depend on beside their files: rules, models, settings, code.
        """
        self._folder = folder
        self._basis = basis
        self._has_written = False

    def key(self, content: bytes, about: str) -> str:
        """Return the name of an entry.

        Args:
            content: Of the file.
            about: What else is known of the file: its shape, what settings say of it.
        """
        digest = hashlib.sha256(f"{_FORMAT}\0{self._basis}\0{about}\0".encode())
        digest.update(content)
        return digest.hexdigest()

    def load(self, key: str, path: str, lines: Lines) -> LintedFile | None:
        """Return what was found in a file like this one; None if it is not known.

        Args:
            path: Where such a file lies now.
            lines: Its lines.
        """
        if self._folder is None:
            return None
        place = self._place(self._folder, key)
        try:
            record = json.loads(place.read_bytes())
            file = _file_from_json(record, path, lines)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ConvscanError):
            return None  # not there, or damaged: the file is judged anew
        with suppress(OSError):
            if time.time() - place.stat().st_mtime > _TOUCH_AGE_S:
                os.utime(place)
        return file

    def store(self, key: str, file: LintedFile) -> None:
        """Remember what was found; a folder that cannot be written to is no error.

        What the next run may judge in full is not remembered.
        """
        if self._folder is None or any(one.code in _PASSING for item in file.templates for one in item.result.errors):
            return
        place = self._place(self._folder, key)
        with suppress(OSError):
            if not self._has_written:
                self._has_written = True
                _prepare(self._folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=place.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(_file_to_json(file), stream)
            Path(temporary).replace(place)

    def close(self) -> None:
        """Take out entries that were not used for long, if anything new was stored."""
        if self._folder is None or not self._has_written:
            return
        oldest = time.time() - _MAX_AGE_S
        with suppress(OSError):
            for place in self._folder.glob("??/*"):
                if place.stat().st_mtime < oldest:
                    place.unlink()

    @staticmethod
    def _place(folder: Path, key: str) -> Path:
        return folder / key[:2] / key[2:]


def _prepare(folder: Path) -> None:
    """Make the folder one that version control and backups pass over."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    (folder / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="utf-8")


def _file_to_json(file: LintedFile) -> Json:
    return {
        "templates": [_template_to_json(template) for template in file.templates],
        "faults": [[fault.message, fault.line, fault.column, fault.is_setting] for fault in file.faults],
        "doubts": [doubt.removeprefix(file.path) for doubt in file.doubts],
    }


def _file_from_json(record: Mapping[str, list], path: str, lines: Lines) -> LintedFile:  # type: ignore[type-arg] # our own record
    return LintedFile(
        path,
        lines,
        tuple(_template_from_json(item, path) for item in record["templates"]),
        tuple(
            TemplateFault(path, message, line, column, is_setting=flag)
            for message, line, column, flag in record["faults"]
        ),
        doubts=tuple(f"{path}{doubt}" for doubt in record["doubts"]),
    )


def _template_to_json(template: LintedTemplate) -> Json:
    return {
        "key": template.key,
        "name": template.name,
        "start": _region_to_json(template.start),
        "result": result_to_json(template.result),
        "left_out": [template.result.unmeasured_left_out, template.result.unsure_left_out],
        "scenario": template.scenario,
        "regions": [[_region_to_json(region) for region in (one.region, *one.because)] for one in template.findings],
        "suppressions": [
            [one.start, one.end, [[t.rule, t.quote] for t in one.targets], one.reason, one.offset, one.is_whole]
            for one in template.suppressions
        ],
        "malformed": [[one.offset, one.message] for one in template.malformed],
    }


def _template_from_json(item: Mapping[str, list], path: str) -> LintedTemplate:  # type: ignore[type-arg] # our own record
    unmeasured, unsure = map(int, item["left_out"])
    result = replace(result_from_json(item["result"]), unmeasured_left_out=unmeasured, unsure_left_out=unsure)
    if result.source is not None:
        result = replace(result, source=Source(path, result.source.line))
    name = str(item["name"])
    return LintedTemplate(
        key=str(item["key"]),
        name=name,
        start=Region(*item["start"]),
        result=result,
        scenario=Scenario(str(item["scenario"])) if item["scenario"] else None,
        findings=tuple(
            PlacedFinding(finding, path, Region(*region), name, because=tuple(Region(*other) for other in because))
            for finding, (region, *because) in zip(result.findings, item["regions"], strict=True)
        ),
        suppressions=tuple(
            Suppression(start, end, tuple(Target(*target) for target in targets), reason, offset, is_whole=is_whole)
            for start, end, targets, reason, offset, is_whole in item["suppressions"]
        ),
        malformed=tuple(MalformedSuppression(*one) for one in item["malformed"]),
    )


def _region_to_json(region: Region) -> Json:
    return [region.line, region.column, region.end_line, region.end_column]
