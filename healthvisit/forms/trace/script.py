"""Scripts as an author writes them, in JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from healthvisit.forms.errors import FormError
from healthvisit.forms.xpath.context import zone_of

_OPERATIONS = ("check", "answer", "add", "remove", "language")
_WANTED = {
    "value": "text",
    "relevant": "true or false",
    "required": "true or false",
    "readonly": "true or false",
    "violation": "null, required or constraint",
    "choices": "a list of texts",
    "labels": "a list of texts",
    "label": "text",
    "count": "a whole number",
}
_SCRIPT = frozenset(("name", "steps"))
_STEP = frozenset(("op", "ref", "value", "expect"))
_YEARS = range(2, 9999)  # with a day to spare for every time zone
_UNSET_CLOCK = datetime(2024, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One deed and what must hold after it: path → property → value."""

    deed: str
    ref: str
    value: str
    expect: Mapping[str, Mapping[str, Any]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Steps of one session that begins with a new record."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole file of scripts. `files` are the form's attachments: name → path as the author wrote it."""

    tz: str
    now: datetime
    files: Mapping[str, str]
    scripts: tuple[Script, ...]
    passed_over: tuple[str, ...] = ()  # places of members that nothing reads: slips of spelling


def read_plan(text: str) -> Plan:
    """Read a script file.

    Raises:
        FormError: `form.bad_script`, with `place` in the file and what is `wanted` there; `form.unknown_zone`.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as exc:
        line = getattr(exc, "lineno", 1)
        raise FormError("form.bad_script", place=f"line {line}", wanted="JSON") from exc
    plan = _object(data, "script")
    tz = _text(plan.get("tz"), "tz") or "UTC"
    files = _object(plan.get("files") or {}, "files")
    scripts = plan.get("scripts", [] if "steps" not in plan else [plan])
    return Plan(
        tz=tz,
        now=_moment(_text(plan.get("now"), "now"), zone_of(tz)),
        files={str(name): _text(path, f"files.{name}") for name, path in files.items()},
        scripts=tuple(_script(item, number) for number, item in enumerate(_list(scripts, "scripts"))),
        passed_over=tuple(_passed_over(plan)),
    )


def _passed_over(plan: dict[str, Any]) -> Iterator[str]:
    """Every member of a well-formed file that no part of it has."""
    yield from sorted(plan.keys() - {"tz", "now", "files", "scripts", *(() if "scripts" in plan else _SCRIPT)})
    for number, script in enumerate(plan.get("scripts", [plan])):
        place = f"scripts[{number}]"
        if "scripts" in plan:
            yield from sorted(f"{place}.{name}" for name in script.keys() - _SCRIPT)
        for at, step in enumerate(script.get("steps", ())):
            yield from sorted(f"{place}.steps[{at}].{name}" for name in step.keys() - _STEP)


def _script(item: Any, number: int) -> Script:
    place = f"scripts[{number}]"
    script = _object(item, place)
    steps = _list(script.get("steps", []), f"{place}.steps")
    return Script(
        name=_text(script.get("name"), f"{place}.name") or str(number + 1),
        steps=tuple(_step(step, f"{place}.steps[{at}]") for at, step in enumerate(steps)),
    )


def _step(item: Any, place: str) -> Step:
    step = _object(item, place)
    deed = _text(step.get("op"), f"{place}.op") or "check"
    if deed not in _OPERATIONS:
        raise FormError("form.bad_script", place=f"{place}.op", wanted=", ".join(_OPERATIONS))
    ref = _text(step.get("ref"), f"{place}.ref")
    if not ref and deed in {"answer", "add", "remove"}:
        raise FormError("form.bad_script", place=f"{place}.ref", wanted="a path")
    expect = _object(step.get("expect") or {}, f"{place}.expect")
    wanted = {str(path): _object(names, f"{place}.expect[{path}]") for path, names in expect.items()}
    for path, names in wanted.items():
        for name in names:
            if name not in _WANTED:
                raise FormError("form.bad_script", place=f"{place}.expect[{path}].{name}", wanted=", ".join(_WANTED))
    value = step.get("value")
    if deed == "language" and value is None:
        value = step.get("ref")
    return Step(deed=deed, ref=ref, value=as_text(value, f"{place}.value"), expect=wanted)


def _object(data: Any, place: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise FormError("form.bad_script", place=place, wanted="an object")
    return data


def _list(data: Any, place: str) -> list[Any]:
    if not isinstance(data, list):
        raise FormError("form.bad_script", place=place, wanted="a list")
    return data


def _text(data: Any, place: str) -> str:
    if data is None:
        return ""
    if not isinstance(data, (str, int, float)):
        raise FormError("form.bad_script", place=place, wanted="text")
    return str(data)


def as_text(data: Any, place: str) -> str:
    """An answer as text: names of several choices may stand in a list, null takes the answer back."""
    if isinstance(data, list):
        return " ".join(as_text(part, place) for part in data)
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float) and data.is_integer():
        return str(int(data))
    return _text(data, place)


def _moment(text: str, zone: tzinfo) -> datetime:
    if not text:
        return _UNSET_CLOCK
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise FormError("form.bad_script", place="now", wanted="a date and time such as 2024-03-01T08:00:00Z")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def read_attachments(plan: Plan, folders: Iterable[Path]) -> dict[str, bytes]:
    """The attachments of a plan, each looked for in every folder in turn.

    Raises:
        FormError: `form.missing_file`, with its name.
    """
    folders = list(folders)
    found: dict[str, bytes] = {}
    for name, path in plan.files.items():
        place = next((folder / path for folder in folders if (folder / path).is_file()), None)
        if place is None:
            raise FormError("form.missing_file", name=name)
        found[name] = place.read_bytes()
    return found
