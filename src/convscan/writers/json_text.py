"""JSON as text that any program can read: one line, valid UTF-8, no number JSON lacks."""

import json
import math
import re

from convscan.records import Json

# Lone surrogates are no valid UTF-8. U+2028 and U+2029 end a line for some readers,
# as does U+0085, and the other control characters of U+007F to U+009F steer terminals.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def json_text(value: Json) -> str:
    """Return a value as JSON on one line, without a line end.

    Text stays readable: only characters that would break a line, a file or a
    terminal are escaped. Keys keep their order. A number that is none is null.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        text = json.dumps(_without_nan(value), ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _without_nan(value: Json) -> Json:
    """JSON knows no NaN and no infinity: metadata that holds one is written as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    return value
