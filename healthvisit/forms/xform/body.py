"""The body of an XForm: groups, repeats and questions with their choices."""

from collections.abc import Iterator
from typing import Any

from healthvisit.forms.definition import Bind, Choice, Control, Group, Itemset
from healthvisit.forms.errors import FormError
from healthvisit.forms.graph import Schema
from healthvisit.forms.text import Label, Text
from healthvisit.forms.xform.binds import Binds
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xform.names import ALWAYS, CONTROLS, JR, XF, elements_of
from healthvisit.forms.xform.words import Words
from healthvisit.forms.xpath.compile import Expression
from healthvisit.forms.xpath.shape import relative_names

_INPUTS = {"int": "integer", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time"}
_INPUTS |= {"dateTime": "datetime", "datetime": "datetime", "string": "text", "barcode": "text"}
_OTHERS = {"select1": "select_one", "select": "select_multiple", "trigger": "trigger", "range": "range", "rank": "rank"}


class Body:
    """Reads it. `controls` by path; `counts` of counted repeats; `fixed`: repeats to which nobody may add."""

    def __init__(self, schema: Schema, binds: Binds, expressions: Expressions, words: Words) -> None:
        self.controls: dict[str, Control] = {}
        self.counts: dict[str, Expression] = {}
        self.fixed: set[str] = set()
        self._schema, self._binds, self._expressions, self._words = schema, binds, expressions, words

    def read(self, element: Any) -> Group:
        """The whole body as one group without a path."""
        return Group(path=None, children=tuple(self._children(element, self._binds.top)))

    def _children(self, element: Any, base: str) -> Iterator[Group | Control]:
        for child in elements_of(element):
            if child.tag in {f"{XF}group", f"{XF}repeat"}:
                yield self._group(child, base)
            elif child.tag in CONTROLS:
                control = self._control(child, base)
                self.controls[control.path] = control
                yield control

    def _group(self, element: Any, base: str) -> Group:
        path = self._binds.ref(element, base)
        is_repeat = element.tag == f"{XF}repeat"
        if is_repeat and path:
            self._note_repeat(element, path)
        label = element.find(f"{XF}label")
        if label is None and is_repeat:
            label = element.getparent().find(f"{XF}label")  # a repeat's words stand on the frame around it
        return Group(
            path=path,
            label=self._words.label(label, path or base),
            appearance=element.get("appearance") or "",
            is_repeat=is_repeat,
            children=tuple(self._children(element, path or base)),
        )

    def _note_repeat(self, element: Any, path: str) -> None:
        if count := self._expressions.find(element.get(f"{JR}count"), path):
            self.counts[path] = count
        elif (element.get(f"{JR}noAddRemove") or "").strip() == ALWAYS:
            self.fixed.add(path)

    def _control(self, element: Any, base: str) -> Control:
        path = self._binds.ref(element, base) or base
        bind = self._binds.at(path)
        if path not in self._schema.nodes:
            raise FormError("form.unresolved", path=path)
        itemset = element.find(f"{XF}itemset")
        return Control(
            path=path,
            kind=_kind(element.tag.rpartition("}")[2], bind),
            bind=bind,
            label=self._words.label(element.find(f"{XF}label"), path),
            hint=self._words.label(element.find(f"{XF}hint"), path),
            appearance=element.get("appearance") or "",
            bounds=_bounds(element),
            media_type=element.get("mediatype") or "",
            choices=tuple(self._choice(item, path) for item in element.findall(f"{XF}item")),
            itemset=None if itemset is None else self._itemset(itemset, path),
        )

    def _choice(self, element: Any, path: str) -> Choice:
        """One choice beside its question; without a label its name is its words."""
        name = (element.findtext(f"{XF}value") or "").strip()
        return Choice(name, self._words.label(element.find(f"{XF}label"), path) or Label(text=Text((name,))))

    def _itemset(self, element: Any, path: str) -> Itemset:
        nodes = self._expressions.find(element.get("nodeset"), path)
        ref, label = element.find(f"{XF}value"), element.find(f"{XF}label")
        value = None if ref is None else self._expressions.find(ref.get("ref") or "name", path)
        if nodes is None or value is None:
            raise FormError("form.not_a_form", path=path)
        reads = self._expressions.reads(nodes, path)
        return Itemset(
            nodes=nodes,
            value=value,
            column=relative_names(value.tree),
            label=None if label is None else self._words.reference(label.get("ref") or "label", path),
            is_static=not reads.paths and not reads.calls - {"instance"},
        )


def _kind(tag: str, bind: Bind) -> str:
    if tag != "input":
        return _OTHERS.get(tag, "unsupported")
    kind = _INPUTS.get(bind.type, "unsupported")
    is_note = kind == "text" and bind.readonly is not None and bind.readonly.source == ALWAYS
    return "note" if is_note and not bind.calculate and not bind.field else kind


def _bounds(element: Any) -> tuple[float, float, float] | None:
    ends = [element.get(name) for name in ("start", "end", "step")]
    try:
        start, end, step = (float(text) for text in ends)
    except (TypeError, ValueError):
        return None
    return start, end, abs(step)
