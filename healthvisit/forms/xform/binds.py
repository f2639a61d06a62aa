"""The binds of an XForm: the rules of each node."""

from typing import Any

from healthvisit.forms.definition import Bind
from healthvisit.forms.instance import path_from
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xform.names import ALWAYS, ENTITIES, HV, JR, XF
from healthvisit.forms.xform.words import Words


class Binds:
    """`rules`: path → bind; of several elements for one node the last counts, as in ODK. `top`: path of the record."""

    def __init__(self, model: Any, top: str, expressions: Expressions, words: Words) -> None:
        self.rules: dict[str, Bind] = {}
        self.top = top
        self._ids: dict[str, str] = {}
        self._expressions, self._words = expressions, words
        for element in model.iter(f"{XF}bind"):
            path = (element.get("nodeset") or element.get("ref") or "").strip()
            if path and not path.startswith("/"):
                path = f"{top}/{path}"
            if element.get("id"):
                self._ids[element.get("id")] = path
            self.rules[path] = self._bind(element, path)

    def at(self, path: str) -> Bind:
        """The rules of a node that is asked: none where the author wrote none."""
        return self.rules.setdefault(path, Bind(path=path))

    def ref(self, element: Any, base: str) -> str | None:
        """The path that an element of the body names: by a bind's id, or seen from `base`; None where it names none."""
        if element.get("bind"):
            return self._ids.get(element.get("bind"))
        ref = element.get("ref") or element.get("nodeset")
        return path_from(base, ref) if ref else None

    def _bind(self, element: Any, path: str) -> Bind:
        find, find_condition = self._expressions.find, self._expressions.find_condition
        relevant, preload = element.get("relevant"), element.get(f"{JR}preload")
        return Bind(
            path=path,
            type=(element.get("type") or "string").rpartition(":")[2],
            relevant=None if (relevant or "").strip() == ALWAYS else find(relevant, path),
            required=find_condition(element.get("required"), path),
            readonly=find_condition(element.get("readonly"), path),
            constraint=find(element.get("constraint"), path),
            calculate=find(element.get("calculate"), path),
            constraint_message=self._words.message(element.get(f"{JR}constraintMsg"), path),
            required_message=self._words.message(element.get(f"{JR}requiredMsg"), path),
            preload=(preload, element.get(f"{JR}preloadParams") or "") if preload else None,
            entry=element.get(f"{HV}entry"),
            field=element.get(f"{HV}field"),
            unit=element.get(f"{HV}unit"),
            save_to=element.get(f"{ENTITIES}saveto"),
        )
