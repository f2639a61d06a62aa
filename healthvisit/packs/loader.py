"""Reads a pack's folder, checking every table; `check` lists all that is wrong, `load` stops at the first."""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from healthvisit.domain.measurement import Limit
from healthvisit.domain.schedule import Anchor, ContactPlan
from healthvisit.packs.pack import DangerSign, FirstAid, Group, Location, Named, Pace, Pack, Threshold
from healthvisit.packs.reader import Problem, Reader, Spec, code, codes, count, flag, maybe, number, taken, text, words

_LISTS = (
    "not_possible",
    "unplanned",
    "corrections",
    "not_measured",
    "concerns",
    "topics",
    "outcomes",
    "no_agreement",
    "transport",
)
_FEWEST_FIRST_AID_LINES = 3
_SUFFIXES = (".json", ".csv")


def load(folder: Path) -> Pack:
    """Read a pack.

    Raises:
        PackError: ``pack.missing`` (no such folder or file), ``pack.damaged`` (no JSON, or not the tables it should
            hold) or ``pack.wrong_value``, naming file, entry and member.
    """
    return taken(_read(folder))


def check(folder: Path) -> list[Problem]:
    """Everything that is wrong with a pack of any kind; empty when its loader will take it."""
    return _readers().get(Reader(folder).kind, _read)(folder)[1]


def kind_of(folder: Path) -> object:
    """The kind its `pack.json` names; None for a programme's pack."""
    return Reader(folder).kind


def install(source: Path, into: Path) -> Path:
    """Copy a pack to `into`/its id, whole or not at all: when anything is wrong, the one that stands there stays.

    Returns:
        The pack's folder.

    Raises:
        PackError: As `load`: the first fault, with file, line and member.
    """
    _whole(source)
    name = str(json.loads((source / "pack.json").read_bytes())["id"])
    target, fresh, old = into / name, into / f".{name}.new", into / f".{name}.old"
    if old.exists() and not target.exists():
        old.rename(target)  # the last time ended between the two steps below
    for rest in (fresh, old):
        shutil.rmtree(rest, ignore_errors=True)
    fresh.mkdir()
    for file in sorted(source.iterdir()):
        if file.suffix in _SUFFIXES and file.is_file():
            shutil.copyfile(file, fresh / file.name)
    _whole(fresh)  # it may have changed while it was read
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    return target


def _whole(folder: Path) -> None:
    if problems := check(folder):
        raise problems[0].error()


def _readers() -> Mapping[object, Callable[[Path], tuple[Any, list[Problem]]]]:
    from healthvisit.packs import checks, instruments, keys  # kinds that a laptop may never read

    return {kind.KIND: kind.read for kind in (checks, instruments, keys)}


def _read(folder: Path) -> tuple[Pack | None, list[Problem]]:
    reader = Reader(folder)
    head = reader.head()
    contacts = reader.rows("schedule.json", "contacts", _CONTACT)
    limits = reader.rows("limits.json", "limits", _LIMIT)
    warnings = reader.rows("limits.json", "warnings", _USUAL)
    first_aid = reader.make("dangers.json", "first_aid", _FIRST_AID, FirstAid)
    dangers = reader.make("dangers.json", "signs", _SIGN, DangerSign)
    thresholds = reader.make("dangers.json", "measured", _THRESHOLD, Threshold)
    lists = {name: reader.make("codes.json", name, _NAMED, Named) for name in _LISTS}
    places = reader.make("places.json", "places", _PLACE, Location)
    if reader.problems:
        return None, reader.problems
    pack = Pack(
        **head,
        schedule=tuple(_plan(row) for row in contacts if row.get("on", True)),
        visit_names=MappingProxyType({row["code"]: row["name"] for row in contacts}),
        limits=MappingProxyType({row["field"]: Limit(**row) for row in limits}),
        warnings=MappingProxyType({row["field"]: Limit(**row) for row in warnings}),
        dangers=dangers,
        first_aid=first_aid,
        thresholds=thresholds,
        lists=MappingProxyType(lists),
        places=places,
    )
    return pack, list(_cross_check(pack))


def _plan(row: Mapping[str, Any]) -> ContactPlan:
    return ContactPlan(**{name: value for name, value in row.items() if name not in ("name", "on")})


def _cross_check(pack: Pack) -> Iterable[Problem]:
    """What one row alone cannot show."""
    yield from _wrong("limits.json", "low", (x.field for x in pack.limits.values() if x.low > x.high))
    yield from _wrong("limits.json", "warnings", (x.field for x in pack.warnings.values() if not _inside(pack, x)))
    codes = {place.code for place in pack.places}
    yield from _wrong("places.json", "parent", (p.code for p in pack.places if p.parent and p.parent not in codes))
    yield from _cross_check_dangers(pack)


def _inside(pack: Pack, usual: Limit) -> bool:
    hard = pack.limits.get(usual.field)
    return hard is not None and hard.low <= usual.low <= usual.high <= hard.high


def _cross_check_dangers(pack: Pack) -> Iterable[Problem]:
    lines = {line.code for line in pack.first_aid}
    signs = {sign.code for sign in pack.dangers}
    measured = {threshold.sign for threshold in pack.thresholds}
    file = "dangers.json"
    yield from _wrong(file, "instead_of", (x.code for x in pack.first_aid if not lines.issuperset(x.instead_of)))
    yield from _wrong(file, "first_aid", (s.code for s in pack.dangers if not lines.issuperset(s.first_aid)))
    yield from _wrong(file, "first_aid", (s.code for s in pack.dangers if len(s.first_aid) < _FEWEST_FIRST_AID_LINES))
    yield from _wrong(file, "sign", (t.sign for t in pack.thresholds if not signs.issuperset({t.sign, *t.beside})))
    yield from _wrong(file, "asked", (s.code for s in pack.dangers if not s.asked and s.code not in measured))


def _wrong(file: str, member: str, entries: Iterable[str]) -> Iterable[Problem]:
    return (Problem(code="pack.wrong_value", file=file, entry=entry, member=member) for entry in entries)


_CONTACT: Spec = {
    "code": code,
    "anchor": Anchor,
    "months": maybe(count),
    "days": maybe(count),
    "before": count,
    "after": count,
    "core": flag,
    "on": maybe(flag),
    "name": text,
}
_USUAL: Spec = {"field": code, "low": number, "high": number}
_LIMIT: Spec = {**_USUAL, "preterm_low": maybe(number), "older_high": maybe(number)}
_FIRST_AID: Spec = {"code": code, "instead_of": maybe(codes), "text": text}
_SIGN: Spec = {
    "code": code,
    "group": Group,
    "urgency": Pace,
    "asked": maybe(flag),
    "private": maybe(flag),
    "first_aid": codes,
    "name": text,
}
_THRESHOLD: Spec = {
    "sign": code,
    "field": code,
    "at_least": maybe(number),
    "at_most": maybe(number),
    "from_days": maybe(count),
    "to_days": maybe(count),
    "beside": lambda value: None if value is None else frozenset(codes(value)),
}
_NAMED: Spec = {"code": code, "name": text}
_PLACE: Spec = {
    "code": code,
    "level": words,
    "parent": maybe(code),
    "urban": maybe(flag),
    "name": text,
}
