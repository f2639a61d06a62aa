r"""WHO's L, M and S, read once from resources/growth/who.bin.

The file is made by `tools/make_growth_tables.py`: the magic ``HVLMS01\n``, a count, then one block a table. A block is
a header (name, first row, rows, bytes of body, first L, M, S) and a deflated body with the differences from row to row,
first all low bytes, then all high bytes. Little-endian throughout; L and M in 1/10,000, S in 1/100,000.
"""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from array import array
from functools import cache
from itertools import accumulate
from os.path import dirname
from typing import TYPE_CHECKING, NamedTuple

from healthvisit.domain.errors import HealthvisitError

if TYPE_CHECKING:
    from pathlib import Path

SHA256 = "8be1b941359b7f6353d9039900070d57784e0e928f4c098f07b89a5f4262dd5f"
_MAGIC = b"HVLMS01\n"
_COUNT = struct.Struct("<H")
_HEADER = struct.Struct("<8sHHI3i")
_ROW = struct.Struct("=iii")
ROW_BYTES = _ROW.size
unpack_row = _ROW.unpack_from


class GrowthError(HealthvisitError):
    """The growth tables cannot be used: ``growth.table_damaged`` (absent, altered or cut short)."""


class Table(NamedTuple):
    """L, M and S of one indicator and sex. Row `first` (a day, a month or a millimetre of length) has index 0.

    The rows lie packed one after the other, three integers each: a register of random ages finds them in the
    processor's cache, which three lists of Python integers are too scattered for.
    """

    first: int
    rows: int
    packed: bytes

    @property
    def last(self) -> int:
        """The last row's day, month or millimetre."""
        return self.first + self.rows - 1

    def integers(self, at: int) -> tuple[int, int, int]:
        """L and M in 1/10,000 and S in 1/100,000 at index `at`."""
        found: tuple[int, int, int] = unpack_row(self.packed, at * ROW_BYTES)
        return found


class _Block(NamedTuple):
    first: int
    rows: int
    bases: tuple[int, int, int]
    body: bytes


class Tables(dict[str, Table]):
    """Tables by name ("wfa_f", "wfl_m", "bmifa5_f"); each is unpacked when first asked for."""

    def __init__(self, blocks: dict[str, _Block]) -> None:
        super().__init__()
        self._blocks = blocks
        self.names = tuple(blocks)

    def __missing__(self, name: str) -> Table:
        block = self._blocks[name]
        split = zlib.decompress(block.body)
        half = len(split) // 2
        pairs = bytearray(len(split))
        pairs[0::2] = split[:half]
        pairs[1::2] = split[half:]
        steps = struct.unpack(f"<{half}h", pairs)
        width = block.rows - 1
        parts = (steps[at * width : (at + 1) * width] for at in range(3))
        packed = array("i", bytes(ROW_BYTES * block.rows))
        for column, (part, base) in enumerate(zip(parts, block.bases, strict=True)):
            packed[column::3] = array("i", accumulate(part, initial=base))
        table = self[name] = Table(block.first, block.rows, packed.tobytes())
        return table


@cache
def load(path: Path | None = None) -> Tables:
    """The tables of `path`, or of the program's own resource; read once and checked against the pinned sum.

    Raises:
        GrowthError: ``growth.table_damaged``; no z-score may be computed from figures that differ from WHO's.
    """
    try:
        with open(path or own_file(), "rb") as file:  # noqa: PTH123 -- as below
            content = file.read()
    except OSError as exc:
        raise GrowthError("growth.table_damaged") from exc
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise GrowthError("growth.table_damaged")
    return Tables(_blocks(content))


def own_file() -> str:
    """Where the program keeps the tables; a test holds it to `settings.resource`.

    Asked here, because importing settings and pathlib would take longer than importing this whole package.
    """
    root: str = getattr(sys, "_MEIPASS", None) or dirname(dirname(dirname(__file__)))  # noqa: PTH120
    return f"{root}/resources/growth/who.bin"


def _blocks(content: bytes) -> dict[str, _Block]:
    blocks = {}
    at = len(_MAGIC)
    (count,) = _COUNT.unpack_from(content, at)
    at += _COUNT.size
    for _ in range(count):
        name, first, rows, size, *bases = _HEADER.unpack_from(content, at)
        at += _HEADER.size
        base_l, base_m, base_s = bases
        blocks[name.rstrip(b"\0").decode()] = _Block(first, rows, (base_l, base_m, base_s), content[at : at + size])
        at += size
    return blocks
