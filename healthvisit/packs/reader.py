"""What every kind of pack is read with: files, tables and lines checked one value at a time, each fault named."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from healthvisit.packs.pack import PackError, Text

_T = TypeVar("_T")
Accept = Callable[[Any], Any]
Spec = Mapping[str, Accept]
LANGUAGES = ("tk", "ru", "en")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class WrongError(ValueError):
    """A value inside a nested table is not right; `path` says which."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What every pack says of itself; `approved_by` is None until somebody has signed for the content."""

    id: str
    version: str
    valid_from: date
    valid_to: date | None
    jurisdiction: str
    approved_by: str | None
    languages: tuple[str, ...]
    licence: str
    source: str

    @property
    def name(self) -> str:
        """As records name it: ``"dmc@2026.1"``."""
        return f"{self.id}@{self.version}"


def taken(made: tuple[_T | None, list[Problem]]) -> _T:
    """What was read, where nothing was wrong with it.

    Raises:
        PackError: The first fault.
    """
    pack, problems = made
    if pack is None or problems:
        raise problems[0].error()
    return pack


class Reader:
    """Reads tables and remembers what was wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = []
        self._folder = folder
        self._files: dict[str, Mapping[str, Any]] = {}

    def head(self) -> dict[str, Any]:
        """The members of `pack.json` of a programme's pack."""
        return self._row("pack.json", "", self._file("pack.json"), HEAD) or {}

    def edition(self, kind: str) -> Edition | None:
        """What `pack.json` says of a pack of this kind; a pack of another kind is refused."""
        row = self._row("pack.json", "", self._file("pack.json"), {**HEAD, **_EDITION, "kind": one_of(kind)})
        return None if row is None else Edition(**{name: value for name, value in row.items() if name != "kind"})

    @property
    def kind(self) -> object:
        """The kind `pack.json` names; None for a programme's pack."""
        return self._file("pack.json").get("kind")

    def one(self, file: str, spec: Spec) -> dict[str, Any]:
        """A file that is one object with these members; empty when something was wrong."""
        return self._row(file, "", self._file(file), spec) or {}

    def wrong(self, file: str, member: str, entries: Iterable[str], code: str = "pack.wrong_value") -> None:
        """Note a fault that one row alone cannot show, for each of these entries."""
        for entry in entries:
            self._report(code, file, entry, member)

    def lines(self, file: str, spec: Spec, *, once: str) -> list[dict[str, Any]]:
        """The rows of a CSV file, all or none; other columns are let be. `once` names the column without repeats."""
        try:
            text_of = (self._folder / file).read_text(encoding="utf-8-sig")
            table = list(csv.DictReader(text_of.splitlines(), strict=True))
        except OSError:
            self._report("pack.missing", file)
            return []
        except (ValueError, csv.Error):
            table = []
        if not table:
            self._report("pack.damaged", file)
            return []
        made, seen = [], set()
        for number, raw in enumerate(table, start=2):
            row = self._row(file, f"line {number}", {name: raw.get(name) or None for name in spec}, spec)
            if row is not None and row[once] in seen:
                self._report("pack.wrong_value", file, f"line {number}", once)
            elif row is not None:
                seen.add(row[once])
                made.append(row)
        return made

    def make(
        self, file: str, table: str, spec: Spec, kind: Callable[..., _T], *, empty: bool = False
    ) -> tuple[_T, ...]:
        return tuple(kind(**row) for row in self.rows(file, table, spec, empty=empty))

    def rows(self, file: str, table: str, spec: Spec, *, empty: bool = False) -> list[dict[str, Any]]:
        """The rows of one table that are right; a code stands in a table once. `empty`: there may be none."""
        content = self._file(file)
        if not content:
            return []
        rows = content.get(table)
        if not isinstance(rows, list) or not (rows or empty):
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

    def _row(self, file: str, entry: str, raw: Any, spec: Spec) -> dict[str, Any] | None:
        if not isinstance(raw, dict):
            self._report("pack.wrong_value", file, entry)
            return None
        entry = next((str(raw[n]) for n in ("code", "sign", "field") if isinstance(raw.get(n), str)), entry)
        wrong = [name for name in raw if name not in spec]
        row = {}
        for name, accept in spec.items():
            try:
                value = accept(raw.get(name))
            except WrongError as fault:
                wrong.append(f"{name} {fault.path}")
                continue
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


def need(*, right: bool) -> None:
    """Raise where a value is not right."""
    if not right:
        raise ValueError


def code(value: Any) -> str:
    """A name that files and records use."""
    need(right=isinstance(value, str) and _CODE.fullmatch(value) is not None)
    return str(value)


def words(value: Any) -> str:
    """A text, not empty, without blanks around it."""
    need(right=isinstance(value, str) and bool(value) and value == value.strip())
    return str(value)


def text(value: Any) -> Text:
    """One wording in all three languages, in their order."""
    need(right=isinstance(value, dict) and tuple(value) == LANGUAGES)
    return MappingProxyType({language: words(said) for language, said in value.items()})


def number(value: Any) -> int:
    """A whole number."""
    need(right=type(value) is int)
    return int(value)


def count(value: Any) -> int:
    """A whole number not below zero."""
    need(right=number(value) >= 0)
    return int(value)


def flag(value: Any) -> bool:
    """True or false."""
    need(right=isinstance(value, bool))
    return bool(value)


def codes(value: Any) -> tuple[str, ...]:
    """A list of names, each once."""
    need(right=isinstance(value, list) and len(set(value)) == len(value))
    return tuple(code(item) for item in value)


def languages(value: Any) -> tuple[str, ...]:
    """The three languages."""
    need(right=isinstance(value, list) and tuple(value) == LANGUAGES)
    return LANGUAGES


def maybe(accept: Accept) -> Accept:
    """What may also be absent."""
    return lambda value: None if value is None else accept(value)


def real(value: Any) -> float:
    """A number, finite; also written as text, as in a CSV."""
    need(right=not isinstance(value, bool))
    made = float(value)
    need(right=isfinite(made))
    return made


def above_zero(value: Any) -> float:
    """A number above zero."""
    need(right=real(value) > 0)
    return float(value)


def one_of(*allowed: str) -> Accept:
    """One of these words."""

    def accept(value: Any) -> str:
        need(right=value in allowed)
        return str(value)

    return accept


def nested(spec: Spec, kind: Callable[..., Any], *, empty: bool = False) -> Accept:
    """A table inside a row: a list of objects, made into `kind`, their `code` once each."""

    def accept(value: Any) -> tuple[Any, ...]:
        need(right=isinstance(value, list) and (empty or bool(value)))
        made, seen = [], set()
        for at, raw in enumerate(value, start=1):
            if not isinstance(raw, dict):
                raise WrongError(str(at))
            entry = raw.get("code") if isinstance(raw.get("code"), str) else str(at)
            if entry in seen or raw.keys() - spec.keys():
                raise WrongError(f"{entry} {' '.join(sorted(raw.keys() - spec.keys()))}".strip())
            seen.add(entry)
            made.append(kind(**_members(spec, raw, str(entry))))
        return tuple(made)

    return accept


def _members(spec: Spec, raw: Mapping[str, Any], entry: str) -> dict[str, Any]:
    row = {}
    for name, accept in spec.items():
        try:
            value = accept(raw.get(name))
        except WrongError as fault:
            raise WrongError(f"{entry} {name} {fault.path}") from fault
        except (ValueError, TypeError) as fault:
            raise WrongError(f"{entry} {name}") from fault
        if name in raw:
            row[name] = value
    return row


HEAD: Spec = {
    "id": code,
    "version": words,
    "valid_from": date.fromisoformat,
    "valid_to": maybe(date.fromisoformat),
    "jurisdiction": code,
    "approved_by": maybe(words),
    "languages": languages,
}
_EDITION: Spec = {"licence": words, "source": words}
