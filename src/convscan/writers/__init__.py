"""Writers turn results into text on a stream, in constant memory.

One module a format. `writer_for` is the one way in; it knows nothing of any format.
"""

from convscan.writers.base import Format, WriteOptions, Writer
from convscan.writers.registry import all_formats, writer_for

__all__ = ["Format", "WriteOptions", "Writer", "all_formats", "writer_for"]
