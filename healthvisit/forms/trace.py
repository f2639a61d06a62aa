"""A scripted session: what an author expects of a form after each step, and where the form does otherwise."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

from healthvisit.forms.answers import cast
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, path_of, without_positions
from healthvisit.forms.session import FormSession
from healthvisit.forms.text import language_code
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

    place: str  # in the script, for messages
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


@dataclass(frozen=True, slots=True)
class Broken:
    """One expectation that does not hold: texts of an author's own example, never of a family."""

    script: str
    step: int  # from 1
    deed: str
    ref: str
    name: str  # the property; "step" when the deed itself was refused
    wanted: Any
    found: Any


@dataclass(slots=True)
class Outcome:
    """How many expectations held, and those that did not."""

    passed: int = 0
    broken: list[Broken] = field(default_factory=list)


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
    return Step(place=place, deed=deed, ref=ref, value=_plain(value, f"{place}.value"), expect=wanted)


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


def _plain(data: Any, place: str) -> str:
    """An answer as text: names of several choices may stand in a list, null takes the answer back."""
    if isinstance(data, list):
        return " ".join(_plain(part, place) for part in data)
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


def form_text(path: Path) -> str:
    """The XForm of a form file: XML as it is, a workbook (.xlsx, .xls) or Markdown compiled.

    Raises:
        FormError: As the compiler, `form.not_xml`.
        OSError: When it cannot be read.
    """
    from healthvisit.forms.xlsform import compile_file

    data = path.read_bytes()
    if path.suffix.lower() in {".xlsx", ".xls"} or not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return compile_file(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise FormError("form.not_xml") from exc


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


def run_plan(definition: FormDefinition, plan: Plan, files: Mapping[str, bytes] | None = None) -> Outcome:
    """Run every script, each on a new record.

    Raises:
        FormError: When the form cannot be opened at all.
    """
    outcome = Outcome()
    for script in plan.scripts:
        run_script(definition, plan, script, files, outcome)
    return outcome


def run_script(
    definition: FormDefinition, plan: Plan, script: Script, files: Mapping[str, bytes] | None, outcome: Outcome
) -> FormSession:
    """Run one script on a new record; what held and what did not goes into `outcome`.

    Returns:
        The record as the script left it.

    Raises:
        FormError: When the form cannot be opened at all.
    """
    session = FormSession.open(definition, language="", now=plan.now, tz=plan.tz, files=files)
    run = _Run(session, script, outcome)
    for number, step in enumerate(script.steps, 1):
        run.step(number, step)
    return session


class _Run:
    """One script on its session."""

    def __init__(self, session: FormSession, script: Script, outcome: Outcome) -> None:
        self._session = session
        self._script = script
        self._outcome = outcome

    def step(self, number: int, step: Step) -> None:
        """Do one step and compare."""
        try:
            self._do(step)
        except FormError as error:
            if error.code not in _REFUSALS or not step.expect:  # what a refusal leaves is for the expectations to say
                self._outcome.broken.append(
                    Broken(self._script.name, number, step.deed, step.ref, "step", None, error.code)
                )
        for ref, names in step.expect.items():
            for name, wanted in names.items():
                found = self._found(ref, name)
                if _same(name, wanted, found) or (name == "value" and self._is_same_number(ref, wanted, found)):
                    self._outcome.passed += 1
                else:
                    self._outcome.broken.append(Broken(self._script.name, number, step.deed, ref, name, wanted, found))

    def _do(self, step: Step) -> None:
        if step.deed == "language":
            self._session.set_language(language_code(step.value))
        elif step.deed == "answer":
            self._answer(step)
        elif step.deed == "add":
            self._session.add_repeat(self._repeat(step.ref))
        elif step.deed == "remove":
            node = self._node(step.ref)
            if node is None:
                raise FormError("form.no_repeat", path=step.ref)
            self._session.remove_repeat(path_of(node))

    def _answer(self, step: Step) -> None:
        """A script may answer hidden questions, as ODK's engines do: the answer waits."""
        node = self._node(step.ref) or self._grown(step.ref)
        if node is None:
            raise FormError("form.no_question", path=step.ref)
        path = path_of(node)
        control = self._session.definition.controls.get(without_positions(path))
        if node.hidden or control is None:
            self._session.put({path: step.value})
        else:  # a laptop's question keeps 5.7 as typed and flags it; ODK's integer question makes it 5
            is_number = control.bind.type in _NUMBERS
            self._session.answer(path, (cast(control.bind, step.value) if is_number else "") or step.value)

    def _grown(self, ref: str) -> Node | None:
        """Answering in the instance after the last one adds it, as in ODK's own scripts."""
        steps = ref.strip("/").split("/")
        for number, _step in enumerate(steps, 1):
            path = "/" + "/".join(steps[:number])
            if self._node(path) is None:
                if without_positions(path) not in self._session.definition.repeats:
                    return None
                self._session.add_repeat(self._repeat(path))
        return self._node(ref)

    def _repeat(self, ref: str) -> str:
        """The path of a repeat below the instance meant by `ref`, whose own position does not matter."""
        above, _, last = ref.rpartition("/")
        parent = self._node(above)
        if parent is None:
            raise FormError("form.no_repeat", path=ref)
        return f"{path_of(parent)}/{without_positions(last)}"

    def _node(self, ref: str) -> Node | None:
        """The node a script means; a step without a position is the first of its name."""
        node = self._session.document
        for step in ref.strip("/").split("/"):
            twins = _twins(node, step)
            at = _position(step)
            if not 0 < at <= len(twins):
                return None
            node = twins[at - 1]
        return node

    def _is_same_number(self, ref: str, wanted: Any, found: Any) -> bool:
        """Decimals and places are compared as numbers: 5 and 5.0 are one answer."""
        bind = self._session.definition.binds.get(without_positions(ref))
        if bind is None or bind.type not in _IN_NUMBERS or found is _NOTHING:
            return False
        texts = (_plain(wanted, ref), str(found))
        try:
            sides = [[[float(word) for word in place.split()] for place in text.split(";")] for text in texts]
        except ValueError:
            return False
        return texts[1] != "" and sides[0] == sides[1]

    def _found(self, ref: str, name: str) -> Any:
        if name == "count":
            above, _, last = ref.rpartition("/")
            parent = self._node(above)
            if "[" in last:
                return int(self._node(ref) is not None)
            return 0 if parent is None else len(_twins(parent, last))
        node = self._node(ref)
        if node is None:
            return _NOTHING
        return self._session.look(node, name)


_REFUSALS = frozenset(("form.readonly", "form.no_repeat"))
_NUMBERS = frozenset(("int", "integer", "decimal"))
_IN_NUMBERS = frozenset(("decimal", "geopoint", "geotrace", "geoshape"))


class _Nothing:
    def __repr__(self) -> str:
        return "no such node"


_NOTHING = _Nothing()


def _twins(node: Node, step: str) -> list[Node]:
    name = step.partition("[")[0].strip()
    if name.startswith("@"):
        return [attribute for attribute in node.attributes if attribute.name == name[1:]]
    found = [child for child in node.children if child.name == name]
    return found or [child for child in node.children if child.name.rpartition(":")[2] == name.rpartition(":")[2]]


def _position(step: str) -> int:
    inside = step.partition("[")[2].rstrip("] ")
    return int(inside) if inside.isdigit() else 1 if not inside else 0


def _same(name: str, wanted: Any, found: Any) -> bool:
    if found is _NOTHING:
        return False
    if name == "choices":
        return isinstance(wanted, list) and [_plain(item, name) for item in wanted] == found
    if name == "labels":
        return isinstance(wanted, list) and [_plain(item, name).strip() for item in wanted] == [
            w.strip() for w in found
        ]
    if name == "value":
        return bool(_plain(wanted, name) == found)
    if name == "label":
        return bool(_plain(wanted, name).strip() == str(found).strip())
    return bool(wanted == found)
