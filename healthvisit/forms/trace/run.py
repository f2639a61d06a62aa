"""Scripts carried out, each on a new record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from healthvisit.forms.answers import cast
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, path_of, without_positions
from healthvisit.forms.session import FormSession
from healthvisit.forms.text import language_code
from healthvisit.forms.trace.script import Plan, Script, Step, as_text

_REFUSALS = frozenset(("form.readonly", "form.no_repeat"))
_NUMBERS = frozenset(("int", "integer", "decimal"))
_IN_NUMBERS = frozenset(("decimal", "geopoint", "geotrace", "geoshape"))


class _Nothing:
    def __repr__(self) -> str:
        return "no such node"


_NOTHING = _Nothing()


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
        texts = (as_text(wanted, ref), str(found))
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


def _twins(node: Node, step: str) -> list[Node]:
    name = step.partition("[")[0].strip()
    if name.startswith("@"):
        return [attribute for attribute in node.attributes if attribute.name == name[1:]]
    return node.named(name) or [child for child in node.children if child.local_name == name.rpartition(":")[2]]


def _position(step: str) -> int:
    inside = step.partition("[")[2].rstrip("] ")
    return int(inside) if inside.isdigit() else 1 if not inside else 0


def _same(name: str, wanted: Any, found: Any) -> bool:
    if found is _NOTHING:
        return False
    if name == "choices":
        return isinstance(wanted, list) and [as_text(item, name) for item in wanted] == found
    if name == "labels":
        return isinstance(wanted, list) and [as_text(item, name).strip() for item in wanted] == [
            w.strip() for w in found
        ]
    if name == "value":
        return bool(as_text(wanted, name) == found)
    if name == "label":
        return bool(as_text(wanted, name).strip() == str(found).strip())
    return bool(wanted == found)
