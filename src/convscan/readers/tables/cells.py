"""Values of typed tables as the text that a CSV file would have."""

from datetime import date, datetime, time


def shown(value: object) -> str:
    """Return a cell as text: dates as ISO 8601, whole numbers without a fraction, truth as true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
