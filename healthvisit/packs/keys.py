"""D-score keys: item difficulties, the prior for an age and the reference, as a folder that can be imported.

`key.json` names the key and gives slope, intercept, grid and prior. `items.csv` holds ``item,tau``, perhaps `label`.
`reference.csv` holds ``age,mu,sigma,nu,tau`` with the age in years, where `key.json` names a reference. Other columns
are let be; a `key` column must name this key in every line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from pathlib import Path
from types import MappingProxyType
from typing import Any

from healthvisit.packs.reader import (
    Edition,
    Problem,
    Reader,
    Spec,
    above_zero,
    maybe,
    need,
    nested,
    one_of,
    real,
    taken,
    words,
)

KIND = "dscore_key"
ReferenceRow = tuple[float, float, float, float, float]
"""Age in years, mu, sigma, nu, tau."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The prior's mean up to an age: one + age * a + log * ln(a + shift), `a` in years; None: to any age."""

    up_to: float | None
    one: float
    age: float = 0.0
    log: float = 0.0
    shift: float = 0.0

    def mean(self, years: float) -> float:
        """Raises ValueError where the logarithm ends."""
        return self.one + self.age * years + (self.log * log(years + self.shift) if self.log else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorRule:
    """The prior of a key: from which age it holds, its spread, and its mean in pieces by rising age."""

    begins: float
    sd: float
    pieces: tuple[Piece, ...]

    def at(self, years: float) -> tuple[float, float] | None:
        """Mean and standard deviation at an age in years; None where the key gives none."""
        piece = next((p for p in self.pieces if p.up_to is None or years <= p.up_to), None)
        return None if piece is None or years < self.begins else (piece.mean(years), self.sd)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPack:
    """One key, checked when it was loaded. Scores of different keys are never compared."""

    edition: Edition
    key: str
    slope: float
    intercept: float
    grid: tuple[float, ...] = field(repr=False)
    prior: PriorRule = field(repr=False)
    difficulties: Mapping[str, float] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)
    reference_name: str | None
    reference: tuple[ReferenceRow, ...] = field(repr=False)


def load_key(folder: Path) -> KeyPack:
    """Read a key.

    Raises:
        PackError: ``pack.missing``, ``pack.damaged`` or ``pack.wrong_value``, naming file, line and column.
    """
    return taken(read(folder))


def read(folder: Path) -> tuple[KeyPack | None, list[Problem]]:
    """The key, or everything that is wrong with it."""
    reader = Reader(folder)
    edition = reader.edition(KIND)
    about = reader.one("key.json", _KEY)
    own = {"key": maybe(one_of(about.get("key", "")))}
    items = reader.lines("items.csv", {**_ITEM, **own}, once="item")
    rows = reader.lines("reference.csv", {**_ROW, **own}, once="age") if about.get("reference") else []
    if reader.problems or edition is None:
        return None, reader.problems
    return KeyPack(
        edition=edition,
        key=about["key"],
        slope=about["slope"],
        intercept=about["intercept"],
        grid=about["quadrature"],
        prior=about["prior"],
        difficulties=MappingProxyType({line["item"]: line["tau"] for line in items}),
        labels=MappingProxyType({line["item"]: line["label"] for line in items if line.get("label")}),
        reference_name=about.get("reference"),
        reference=tuple(sorted((r["age"], r["mu"], r["sigma"], r["nu"], r["tau"]) for r in rows)),
    ), []


def _grid(value: Any) -> tuple[float, ...]:
    """First point, last point, step."""
    need(right=isinstance(value, list) and len(value) == len(("first", "last", "step")))
    first, last, step = (real(part) for part in value)
    need(right=step > 0 and 1 < (last - first) / step < _MOST_POINTS)
    return tuple(first + step * at for at in range(round((last - first) / step) + 1))


def _prior(value: Any) -> PriorRule:
    need(right=isinstance(value, dict) and value.keys() == {"begins", "sd", "pieces"})
    pieces: tuple[Piece, ...] = nested(_PIECE, Piece)(value["pieces"])
    begins = real(value["begins"])
    starts = [begins, *(real(piece.up_to) for piece in pieces[:-1])]
    need(right=all(before < after for before, after in pairwise(starts)))
    need(right=all(not piece.log or start + piece.shift > 0 for piece, start in zip(pieces, starts, strict=True)))
    return PriorRule(begins=begins, sd=above_zero(value["sd"]), pieces=pieces)


_MOST_POINTS = 10_000
_PIECE: Spec = {
    "up_to": maybe(real),
    "one": real,
    "age": lambda value: 0.0 if value is None else real(value),
    "log": lambda value: 0.0 if value is None else real(value),
    "shift": lambda value: 0.0 if value is None else real(value),
}
_KEY: Spec = {
    "key": words,
    "slope": above_zero,
    "intercept": real,
    "quadrature": _grid,
    "prior": _prior,
    "reference": maybe(words),
}
_ITEM: Spec = {"item": words, "tau": real, "label": maybe(words)}
_ROW: Spec = {"age": real, "mu": above_zero, "sigma": above_zero, "nu": real, "tau": above_zero}
