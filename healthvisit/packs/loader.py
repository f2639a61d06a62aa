"""Reads a pack's folder, checking every table; `check` lists all that is wrong, `load` stops at the first."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from healthvisit.domain.measurement import Limit
from healthvisit.domain.schedule import Anchor, ContactPlan
from healthvisit.packs.pack import DangerSign, FirstAid, Group, Location, Named, Pace, Pack, PackError, Text, Threshold

_T = TypeVar("_T")
_Check = Callable[[Any], Any]
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
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
_LANGUAGES = ("tk", "ru", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault: `code` as in `PackError`, the file, the entry in it (code of the row, or number) and the member."""

    code: str
    file: str
    entry: str = ""
    member: str = ""

    def error(self) -> PackError:
        """The same as something to raise."""
        details = {"file": self.file, "entry": self.entry, "member": self.member}
        return PackError(self.code, **{name: value for name, value in details.items() if value})


def load(folder: Path) -> Pack:
    """Read a pack.

    Raises:
        PackError: ``pack.missing`` (no such folder or file), ``pack.damaged`` (no JSON, or not the tables it should
            hold) or ``pack.wrong_value``, naming file, entry and member.
    """
    pack, problems = _read(folder)
    if pack is None or problems:
        raise problems[0].error()
    return pack


def check(folder: Path) -> list[Problem]:
    """Everything that is wrong with a pack; empty when `load` will take it."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Pack | None, list[Problem]]:
    reader = _Reader(folder)
    head = reader.head()
    contacts = reader.rows("schedule.json", "contacts", _CONTACT)
    limits = reader.rows("limits.json", "limits", _LIMIT)
    warnings = reader.rows("limits.json", "warnings", _LIMIT)
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


class _Reader:
    """Reads tables and remembers what was wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self._folder = folder
        self._files: dict[str, Mapping[str, Any]] = {}

    def head(self) -> dict[str, Any]:
        return self._row("pack.json", "", self._file("pack.json"), _HEAD) or {}

    def make(self, file: str, table: str, spec: Mapping[str, _Check], kind: Callable[..., _T]) -> tuple[_T, ...]:
        return tuple(kind(**row) for row in self.rows(file, table, spec))

    def rows(self, file: str, table: str, spec: Mapping[str, _Check]) -> list[dict[str, Any]]:
        """The rows of one table that are right; a code stands in a table once."""
        content = self._file(file)
        if not content:
            return []
        rows = content.get(table)
        if not isinstance(rows, list) or not rows:
            self._report("pack.damaged", file, table)
            return []
        made, seen = [], set()
        for number, raw in enumerate(rows, start=1):
            row = self._row(file, f"{table} {number}", raw, spec)
            if row is None:
                continue
            key = row.get("code") or (row.get("field") if "sign" not in row else None)
            if key in seen and key is not None:
                self._report("pack.wrong_value", file, key, "code")
            seen.add(key)
            made.append(row)
        return made

    def _row(self, file: str, entry: str, raw: Any, spec: Mapping[str, _Check]) -> dict[str, Any] | None:
        if not isinstance(raw, dict):
            self._report("pack.wrong_value", file, entry)
            return None
        entry = next((str(raw[n]) for n in ("code", "sign", "field") if isinstance(raw.get(n), str)), entry)
        wrong = [name for name in raw if name not in spec]
        row = {}
        for name, accept in spec.items():
            try:
                value = accept(raw.get(name))
            except (ValueError, TypeError):
                wrong.append(name)
                continue
            if name in raw:
                row[name] = value
        for name in wrong:
            self._report("pack.wrong_value", file, entry, name)
        return None if wrong else row

    def _file(self, name: str) -> Mapping[str, Any]:
        if name not in self._files:
            self._files[name] = self._load(name)
        return self._files[name]

    def _load(self, name: str) -> Mapping[str, Any]:
        try:
            content = json.loads((self._folder / name).read_bytes())
        except OSError:
            self._report("pack.missing", name)
            return {}
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict) or not content:
            self._report("pack.damaged", name)
            return {}
        return content

    def _report(self, code: str, file: str, entry: str = "", member: str = "") -> None:
        problem = Problem(code=code, file=file, entry=entry, member=member)
        if problem not in self.problems:
            self.problems.append(problem)


def _need(*, right: bool) -> None:
    if not right:
        raise ValueError


def _code(value: Any) -> str:
    _need(right=isinstance(value, str) and _CODE.fullmatch(value) is not None)
    return str(value)


def _words(value: Any) -> str:
    _need(right=isinstance(value, str) and bool(value) and value == value.strip())
    return str(value)


def _text(value: Any) -> Text:
    _need(right=isinstance(value, dict) and tuple(value) == _LANGUAGES)
    return MappingProxyType({language: _words(words) for language, words in value.items()})


def _number(value: Any) -> int:
    _need(right=type(value) is int)
    return int(value)


def _count(value: Any) -> int:
    _need(right=_number(value) >= 0)
    return int(value)


def _flag(value: Any) -> bool:
    _need(right=isinstance(value, bool))
    return bool(value)


def _codes(value: Any) -> tuple[str, ...]:
    _need(right=isinstance(value, list) and len(set(value)) == len(value))
    return tuple(_code(item) for item in value)


def _languages(value: Any) -> tuple[str, ...]:
    _need(right=isinstance(value, list) and tuple(value) == _LANGUAGES)
    return _LANGUAGES


def _maybe(accept: _Check) -> _Check:
    return lambda value: None if value is None else accept(value)


_HEAD: Mapping[str, _Check] = {
    "id": _code,
    "version": _words,
    "valid_from": date.fromisoformat,
    "valid_to": _maybe(date.fromisoformat),
    "jurisdiction": _code,
    "approved_by": _maybe(_words),
    "languages": _languages,
}
_CONTACT: Mapping[str, _Check] = {
    "code": _code,
    "anchor": Anchor,
    "months": _maybe(_count),
    "days": _maybe(_count),
    "before": _count,
    "after": _count,
    "core": _flag,
    "on": _maybe(_flag),
    "name": _text,
}
_LIMIT: Mapping[str, _Check] = {"field": _code, "low": _number, "high": _number}
_FIRST_AID: Mapping[str, _Check] = {"code": _code, "instead_of": _maybe(_codes), "text": _text}
_SIGN: Mapping[str, _Check] = {
    "code": _code,
    "group": Group,
    "urgency": Pace,
    "asked": _maybe(_flag),
    "private": _maybe(_flag),
    "first_aid": _codes,
    "name": _text,
}
_THRESHOLD: Mapping[str, _Check] = {
    "sign": _code,
    "field": _code,
    "at_least": _maybe(_number),
    "at_most": _maybe(_number),
    "from_days": _maybe(_count),
    "to_days": _maybe(_count),
    "beside": lambda value: None if value is None else frozenset(_codes(value)),
}
_NAMED: Mapping[str, _Check] = {"code": _code, "name": _text}
_PLACE: Mapping[str, _Check] = {
    "code": _code,
    "level": _words,
    "parent": _maybe(_code),
    "urban": _maybe(_flag),
    "name": _text,
}
