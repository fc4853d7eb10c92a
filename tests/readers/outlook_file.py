"""Write a small Outlook mail: a compound file ([MS-CFB]) with the streams of [MS-OXMSG].

No package that may be used writes such files. Each stream is shorter than 4096 bytes, so
that all stand in the mini stream; that is all that is needed here.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

_SECTOR, _MINI = 512, 64
_END, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_TEXT, _BINARY, _TIME = 0x001F, 0x0102, 0x0040
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_DISPLAY_NAME, _SMTP_ADDRESS = 0x3001, 0x39FE

Properties = Mapping[int, str | bytes | datetime]


@dataclass
class _Node:
    name: str
    kind: int
    data: bytes = b""
    children: "list[_Node]" = field(default_factory=list)
    right: int = _FREE
    child: int = _FREE
    start: int = _END
    size: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        return struct.pack(
            "<64sHBBIII16sIQQIQ",
            *(name, len(name), self.kind, 1, _FREE, self.right, self.child, b"", 0, 0, 0, self.start, self.size),
        )


def outlook_file(properties: Properties, recipients: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return a `.msg` file with these properties, and recipients as name and address."""
    header = struct.pack("<8x4I8x", len(recipients), 0, len(recipients), 0)
    root = _Node("Root Entry", _ROOT, children=_streams(properties, header))
    for number, (name, address) in enumerate(recipients):
        streams = _streams({_DISPLAY_NAME: name, _SMTP_ADDRESS: address}, b"\0" * 8)
        root.children.append(_Node(f"__recip_version1.0_#{number:08X}", _STORAGE, children=streams))
    return _compound(root)


def _streams(properties: Properties, header: bytes) -> list[_Node]:
    table, streams = header, []
    for key, value in properties.items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7
            table += struct.pack("<HHIQ", _TIME, key, 6, ticks)
            continue
        kind = _TEXT if isinstance(value, str) else _BINARY
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        table += struct.pack("<HHIII", kind, key, 6, len(data) + 2 * (kind == _TEXT), 0)
        streams.append(_Node(f"__substg1.0_{key:04X}{kind:04X}", _STREAM, data))
    return [_Node("__properties_version1.0", _STREAM, table), *streams]


def _compound(root: _Node) -> bytes:
    nodes = [root]
    for node in nodes:  # grows as it goes
        numbers = range(len(nodes), len(nodes) + len(node.children))
        node.child = numbers[0] if numbers else _FREE
        for number, (left, _) in zip(numbers, pairwise(node.children), strict=False):
            left.right = number + 1
        nodes += node.children
    mini = b""
    mini_fat: list[int] = []
    for node in nodes:
        if node.kind == _STREAM and node.data:
            count = -(-len(node.data) // _MINI)
            node.start, node.size = len(mini_fat), len(node.data)
            mini_fat += [*range(node.start + 1, node.start + count), _END]
            mini += node.data.ljust(count * _MINI, b"\0")
    # The sectors: directory, mini FAT, mini stream, and one of the FAT itself.
    fat: list[int] = []
    parts = []
    root.size = len(mini)
    root.start = _sectors(len(nodes) * 128) + _sectors(4 * len(mini_fat))
    directory = b"".join(node.packed() for node in nodes)
    for data in (directory, struct.pack(f"<{len(mini_fat)}I", *mini_fat), mini):
        count = _sectors(len(data))
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
        filler = b"\xff" if data is not directory and data is not mini else b"\0"
        parts.append(data.ljust(count * _SECTOR, filler))
    fat.append(_FAT_SECTOR)
    assert len(fat) <= _SECTOR // 4
    fat_sector = len(fat) - 1
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 0, 0, 4096, _sectors(len(directory)), _sectors(4 * len(mini_fat)), _END, 0, fat_sector),
    )
    header += struct.pack("<108I", *[_FREE] * 108)
    return header + b"".join(parts) + struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))


def _sectors(size: int) -> int:
    return -(-size // _SECTOR)
