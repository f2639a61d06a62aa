"""Reads an XForm into a definition."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from healthvisit.forms.actions import CHANGED, FIRST_LOAD, LOAD, NEW_REPEAT
from healthvisit.forms.definition import (
    NAMESPACE,
    Action,
    Bind,
    Choice,
    Control,
    FormDefinition,
    Group,
    Itemset,
    Repeat,
)
from healthvisit.forms.errors import FormError
from healthvisit.forms.graph import Plan, Planner, Reads, Schema
from healthvisit.forms.instance import ROOT, Node, from_element, names_in, parse_xml, path_from, without_positions
from healthvisit.forms.layout import pages_of, sections_of
from healthvisit.forms.repeats import OPENROSA, add_identity, cast_defaults, take_repeats
from healthvisit.forms.text import Catalogue, Label, Text, language_code
from healthvisit.forms.xpath.compile import Expression, compile_expression
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.shape import relative_names

XF = "{http://www.w3.org/2002/xforms}"
XHTML = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
HV = f"{{{NAMESPACE}}}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"

_CONTROLS = {f"{XF}{tag}" for tag in ("input", "select1", "select", "upload", "trigger", "range", "secret")} | {
    f"{{{uri}}}rank" for uri in ("http://www.opendatakit.org/xforms", "http://www.opendatakit.org/xforms/", XF[1:-1])
}
_INPUTS = {"int": "integer", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time"}
_INPUTS |= {"dateTime": "datetime", "datetime": "datetime", "string": "text", "barcode": "text"}
_OTHERS = {"select1": "select_one", "select": "select_multiple", "trigger": "trigger", "range": "range", "rank": "rank"}
_ALWAYS = "true()"
_NEVER = frozenset(("false()", ""))


def read_xform(xform: str, *, sha256: str, functions: frozenset[str]) -> FormDefinition:
    """Read one XForm; see `FormDefinition.load`."""
    return _Reader(parse_xml(xform), functions).read(xform, sha256)


class _Reader:
    """One XForm's way from XML to a definition."""

    def __init__(self, root: Any, functions: frozenset[str]) -> None:
        model = root.find(f"{XHTML}head/{XF}model")
        primary = None if model is None else model.find(f"{XF}instance")
        body = root.find(f"{XHTML}body")
        if model is None or body is None or primary is None or not _elements(primary):
            raise FormError("form.not_a_form")
        self._root, self._model, self._body = root, model, body
        self._functions = functions
        self._top = _elements(primary)[0]
        self._document = Node("", kind=ROOT)
        self._namespaces = {prefix or "": uri for prefix, uri in self._top.nsmap.items()}
        self._namespaces.setdefault("orx", OPENROSA)
        add_identity(self._document.append(from_element(self._top)), self._namespaces)
        repeats = self._repeat_paths()
        self._schema = Schema(self._document.copy(), repeats)  # whole, with every template
        self._repeat_names = {names_in(path) for path in repeats}
        self._binds: dict[str, Bind] = {}
        self._bind_ids: dict[str, str] = {}
        self._controls: dict[str, Control] = {}
        self._repeats: dict[str, Repeat] = {}
        self._counts: dict[str, Expression] = {}
        self._fixed: set[str] = set()
        self._unresolved: list[tuple[str, str]] = []
        self._wants: set[str] = set()

    def read(self, xform: str, sha256: str) -> FormDefinition:
        catalogue = self._catalogue()
        for bind in self._model.iter(f"{XF}bind"):
            self._bind(bind)
        body = Group(path=None, children=tuple(self._children(self._body, self._top_path())))
        instances = dict(self._secondary())
        self._note_words(catalogue, instances)
        cast_defaults(self._document, self._binds)
        self._repeats = take_repeats(self._document, self._repeat_paths(), self._counts, self._fixed)
        actions = tuple(self._actions())
        pages = tuple(pages_of(body))
        plan = self._plan(catalogue, actions)
        top = self._top
        return FormDefinition(
            sha256=sha256,
            source=xform,
            form_id=top.get("id") or top.tag.rpartition("}")[2],
            version=top.get("version") or "",
            title=(self._root.findtext(f"{XHTML}head/{XHTML}title") or "").strip(),
            catalogue=catalogue,
            body=body,
            pages=pages,
            sections=sections_of(body, frozenset(page.path for page in pages)),
            document=self._document,
            binds=self._binds,
            controls=self._controls,
            repeats=self._repeats,
            actions=actions,
            attributes=tuple(dict.fromkeys(p for p in (*self._binds, *(a.path for a in actions)) if "/@" in p)),
            instances=instances,
            externals={
                element.get("id"): element.get("src")
                for element in self._model.findall(f"{XF}instance")[1:]
                if element.get("id") and element.get("src")
            },
            namespaces=self._namespaces,
            order={path: place for place, path in enumerate(self._schema.nodes)},
            submission=self._submission(),
            child_order={
                path: tuple(dict.fromkeys(child.name for child in node.children))
                for path, node in self._schema.nodes.items()
                if node.children
            },
            plan=plan,
            functions=frozenset(self._wants),
            unresolved=tuple(self._unresolved),
        )

    def _top_path(self) -> str:
        return "/" + self._document.children[0].name

    # -- expressions

    def _expression(self, source: str | None, path: str) -> Expression | None:
        if source is None or not source.strip():
            return None
        try:
            expression = compile_expression(source.strip(), repeats=self._repeat_names, functions=self._functions)
        except XPathError as exc:
            exc.details["path"] = path
            raise
        self._wants |= expression.wants
        return expression

    def _condition(self, source: str | None, path: str) -> Expression | None:
        """As above, but what is never true needs no expression."""
        return None if source is None or source.strip() in _NEVER else self._expression(source, path)

    # -- model

    def _catalogue(self) -> Catalogue:
        names: dict[str, str] = {}
        texts: dict[str, dict[str, Text]] = {}
        default = ""
        for translation in self._model.findall(f"{XF}itext/{XF}translation"):
            name = translation.get("lang") or ""
            code = language_code(name)
            names[code] = name
            default = code if translation.get("default") is not None or not default else default
            texts[code] = {text.get("id") or "": self._itext(text) for text in translation.findall(f"{XF}text")}
        return Catalogue(languages=tuple(names), default=default, names=names, texts=texts)

    def _itext(self, text: Any) -> Text:
        values = text.findall(f"{XF}value")
        plain = next((value for form in (None, "long", "short") for value in values if value.get("form") == form), None)
        path = (text.get("id") or "").rpartition(":")[0].removesuffix(":jr")
        forms = {value.get("form"): self._text(value, path) for value in values if value.get("form")}
        return Text(() if plain is None else self._text(plain, path).parts, forms)

    def _text(self, element: Any, path: str) -> Text:
        """The words of an element with its outputs; blanks at both ends are the compiler's layout."""
        parts: list[str | Expression] = [element.text or ""]
        for child in element:
            if child.tag == f"{XF}output" and (run := self._expression(child.get("value") or child.get("ref"), path)):
                parts.append(run)
            elif isinstance(child.tag, str):
                parts.append("".join(child.itertext()))
            parts.append(child.tail or "")
        if isinstance(parts[0], str):
            parts[0] = parts[0].lstrip()
        if isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return Text(tuple(part for part in parts if part))

    def _bind(self, element: Any) -> None:
        """The rules of a node; of several elements for one node the last counts, as in ODK."""
        path = (element.get("nodeset") or element.get("ref") or "").strip()
        if path and not path.startswith("/"):
            path = f"{self._top_path()}/{path}"
        if element.get("id"):
            self._bind_ids[element.get("id")] = path
        preload = element.get(f"{JR}preload")
        readonly = element.get("readonly")
        relevant = element.get("relevant")
        self._binds[path] = Bind(
            path=path,
            type=(element.get("type") or "string").rpartition(":")[2],
            relevant=None if (relevant or "").strip() == _ALWAYS else self._expression(relevant, path),
            required=self._condition(element.get("required"), path),
            readonly=self._condition(readonly, path),
            constraint=self._expression(element.get("constraint"), path),
            calculate=self._expression(element.get("calculate"), path),
            constraint_message=self._words(element.get(f"{JR}constraintMsg"), path),
            required_message=self._words(element.get(f"{JR}requiredMsg"), path),
            preload=(preload, element.get(f"{JR}preloadParams") or "") if preload else None,
            entry=element.get(f"{HV}entry"),
            field=element.get(f"{HV}field"),
            unit=element.get(f"{HV}unit"),
            save_to=element.get(f"{ENTITIES}saveto"),
        )

    def _words(self, source: str | None, path: str) -> Label | None:
        """A message: the words themselves, or `jr:itext(…)`."""
        if source is None:
            return None
        return self._reference(source, path) if source.strip().startswith("jr:itext(") else Label(text=Text((source,)))

    def _reference(self, source: str, path: str) -> Label:
        expression = self._expression(source, path)
        if expression is None:
            return Label()
        tree = expression.tree
        if tree[:2] == ("call", "jr:itext"):
            if tree[2][0][0] == "string":
                return Label(text_id=tree[2][0][1])
            inner = source.strip().removeprefix("jr:itext(").removesuffix(")")
            return Label(expression=self._expression(inner, path), is_id=True)
        return Label(expression=expression)

    def _secondary(self) -> Iterator[tuple[str, Node]]:
        for element in self._model.findall(f"{XF}instance")[1:]:
            document = Node("", kind=ROOT)
            for child in () if element.get("src") else _elements(element):  # what stands in place of a file is no row
                document.append(from_element(child))
            if element.get("id"):
                yield element.get("id"), document

    # -- repeats

    def _repeat_paths(self) -> list[str]:
        return [repeat.get("nodeset").strip() for repeat in self._body.iter(f"{XF}repeat") if repeat.get("nodeset")]

    def _submission(self) -> Mapping[str, str]:
        element = self._model.find(f"{XF}submission")
        if element is None:
            return {}
        return {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}

    # -- body

    def _children(self, element: Any, base: str) -> Iterator[Group | Control]:
        for child in _elements(element):
            if child.tag in {f"{XF}group", f"{XF}repeat"}:
                yield self._group(child, base)
            elif child.tag in _CONTROLS:
                control = self._control(child, base)
                self._controls[control.path] = control
                yield control

    def _ref(self, element: Any, base: str) -> str | None:
        if element.get("bind"):
            return self._bind_ids.get(element.get("bind"))
        ref = element.get("ref") or element.get("nodeset")
        return path_from(base, ref) if ref else None

    def _group(self, element: Any, base: str) -> Group:
        path = self._ref(element, base)
        is_repeat = element.tag == f"{XF}repeat"
        if is_repeat and path and (count := self._expression(element.get(f"{JR}count"), path)):
            self._counts[path] = count
        elif is_repeat and path and (element.get(f"{JR}noAddRemove") or "").strip() == _ALWAYS:
            self._fixed.add(path)
        label = element.find(f"{XF}label")
        if label is None and is_repeat:
            label = element.getparent().find(f"{XF}label")  # a repeat's words stand on the frame around it
        return Group(
            path=path,
            label=self._label(label, path or base),
            appearance=element.get("appearance") or "",
            is_repeat=is_repeat,
            children=tuple(self._children(element, path or base)),
        )

    def _label(self, element: Any, path: str) -> Label | None:
        if element is None:
            return None
        ref = element.get("ref")
        return self._reference(ref, path) if ref else Label(text=self._text(element, path))

    def _control(self, element: Any, base: str) -> Control:
        path = self._ref(element, base) or base
        bind = self._binds.get(path) or Bind(path=path)
        self._binds[path] = bind
        if path not in self._schema.nodes:
            raise FormError("form.unresolved", path=path)
        itemset = element.find(f"{XF}itemset")
        return Control(
            path=path,
            kind=_kind(element.tag.rpartition("}")[2], bind),
            bind=bind,
            label=self._label(element.find(f"{XF}label"), path),
            hint=self._label(element.find(f"{XF}hint"), path),
            appearance=element.get("appearance") or "",
            bounds=_bounds(element),
            media_type=element.get("mediatype") or "",
            choices=tuple(self._choice(item, path) for item in element.findall(f"{XF}item")),
            itemset=None if itemset is None else self._itemset(itemset, path),
        )

    def _choice(self, element: Any, path: str) -> Choice:
        """One choice beside its question; without a label its name is its words."""
        name = (element.findtext(f"{XF}value") or "").strip()
        return Choice(name, self._label(element.find(f"{XF}label"), path) or Label(text=Text((name,))))

    def _itemset(self, element: Any, path: str) -> Itemset:
        nodes = self._expression(element.get("nodeset"), path)
        ref, label = element.find(f"{XF}value"), element.find(f"{XF}label")
        value = None if ref is None else self._expression(ref.get("ref") or "name", path)
        if nodes is None or value is None:
            raise FormError("form.not_a_form", path=path)
        reads = self._schema.reads(nodes, path)
        return Itemset(
            nodes=nodes,
            value=value,
            column=relative_names(value.tree),
            label=None if label is None else self._reference(label.get("ref") or "label", path),
            is_static=not reads.paths and not reads.calls - {"instance"},
        )

    def _actions(self) -> Iterator[Action]:
        for element in (*self._model.iter(SETGEOPOINT), *self._body.iter(SETGEOPOINT)):
            self._awaited(element, element.get("ref") or "")  # a laptop finds no place, but the form must be in order
        for element in (*self._model.iter(f"{XF}setvalue"), *self._body.iter(f"{XF}setvalue")):
            parent = element.getparent()
            repeat = next(
                (up.get("nodeset").strip() for up in element.iterancestors(f"{XF}repeat") if up.get("nodeset")), None
            )
            ref = self._ref(element, repeat or self._top_path()) or ""
            path = without_positions(ref)
            target = self._expression(ref, path)
            if target is None:
                continue
            yield Action(
                path=path,
                target=target,
                events=self._awaited(element, path),
                value=self._expression(element.get("value") or _literal(element.text), path),
                trigger=self._ref(parent, repeat or self._top_path()) if parent.tag in _CONTROLS else None,
                repeat=repeat,
            )

    def _awaited(self, element: Any, path: str) -> frozenset[str]:
        events, unknown = events_of(element)
        if unknown:
            raise FormError("form.unknown_event", path=path, name=unknown)
        return events

    def _note_words(self, catalogue: Catalogue, instances: Mapping[str, Node]) -> None:
        """Find the questions whose choices have answers set into their words."""
        moving = catalogue.moving()
        rows = {leaf.text for document in instances.values() for leaf in document.leaves()} if moving else set()
        for path, control in self._controls.items():
            labels = [choice.label for choice in control.choices]
            label = control.itemset.label if control.itemset else None
            from_rows = label is not None and label.is_id and not moving.isdisjoint(rows)
            if from_rows or any(label.outputs(catalogue) for label in labels):
                self._controls[path] = replace(control, has_fixed_words=False)

    # -- the graph

    def _plan(self, catalogue: Catalogue, actions: tuple[Action, ...]) -> Plan:
        planner = Planner(self._schema)
        for path in self._schema.nodes:
            if bind := self._binds.get(path):
                self._plan_bind(planner, bind)
            if (repeat := self._repeats.get(path)) and repeat.count:
                planner.add(path, "count", self._schema.reads(repeat.count, path))
        for path, control in self._controls.items():
            if control.itemset and not control.itemset.is_static:
                planner.add(path, "items", self._reads_in_rows(control.itemset, control.itemset.value, path))
            self._watch(planner, control, catalogue)
        for action in actions:
            if action.value:
                self._note(action.path, action.value)
        return planner.plan()

    def _plan_bind(self, planner: Planner, bind: Bind) -> None:
        for aspect, expression in (("relevant", bind.relevant), ("calculate", bind.calculate)):
            if expression:
                self._note(bind.path, expression)
                planner.add(bind.path, aspect, self._schema.reads(expression, bind.path))

    def _watch(self, planner: Planner, control: Control, catalogue: Catalogue) -> None:
        bind = control.bind
        rules = [rule for rule in (bind.required, bind.readonly, bind.constraint) if rule]
        labels = (control.label, control.hint, bind.constraint_message, bind.required_message)
        for rule in rules:
            self._note(bind.path, rule)
        words = [*(label for label in labels if label), *(choice.label for choice in control.choices)]
        rules.extend(part for label in words for part in label.outputs(catalogue))
        for rule in rules:
            planner.watch(control.path, self._schema.reads(rule, control.path))
        label = control.itemset.label if control.itemset else None
        if control.itemset and label and label.expression and not control.itemset.is_static:
            planner.watch(control.path, self._reads_in_rows(control.itemset, label.expression, control.path))

    def _reads_in_rows(self, itemset: Itemset, said: Expression, path: str) -> Reads:
        """What a list looks at, and what its rows say, which changes where they are instances of a repeat."""
        rows = itemset.nodes
        if not _FROM_A_LIST.match(rows.source):
            source = f"({rows.source})[{said.source}]"
            rows = compile_expression(source, repeats=self._repeat_names, functions=self._functions)
        return self._schema.reads(rows, path)

    def _note(self, path: str, expression: Expression) -> None:
        if self._schema.reads(expression, path).is_unresolved:
            self._unresolved.append((path, expression.source))


_EVENT = "{http://www.w3.org/2001/xml-events}event"
SETGEOPOINT = "{http://www.opendatakit.org/xforms}setgeopoint"
_EVENTS = frozenset((FIRST_LOAD, LOAD, NEW_REPEAT, CHANGED, "xforms-revalidate"))  # the last: known, not run
_OLD_EVENTS = {"xforms-ready": FIRST_LOAD, "jr-insert": NEW_REPEAT}  # their names in old forms


def events_of(element: Any) -> tuple[frozenset[str], str]:
    """What an action waits for, and what of it never comes ("" where all is in order)."""
    names = (element.get("event") or element.get(_EVENT) or "").split()
    events = frozenset(_OLD_EVENTS.get(name, name) for name in names)
    unknown = events - _EVENTS
    if element.getparent().tag == f"{XF}model":  # where nothing says of which repeat
        unknown |= events & {NEW_REPEAT}
    return events, min(unknown, default="")


_FROM_A_LIST = re.compile(r"\s*(randomize\s*\(\s*)?instance\s*\(")


def _literal(text: str | None) -> str | None:
    """The words inside an action as an expression."""
    if not text:
        return None
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}" if quote not in text else None


def _bounds(element: Any) -> tuple[float, float, float] | None:
    ends = [element.get(name) for name in ("start", "end", "step")]
    try:
        start, end, step = (float(text) for text in ends)
    except (TypeError, ValueError):
        return None
    return start, end, abs(step)


def _elements(parent: Any) -> list[Any]:
    return [child for child in parent if isinstance(child.tag, str)]


def _kind(tag: str, bind: Bind) -> str:
    if tag != "input":
        return _OTHERS.get(tag, "unsupported")
    kind = _INPUTS.get(bind.type, "unsupported")
    is_note = kind == "text" and bind.readonly is not None and bind.readonly.source == _ALWAYS
    return "note" if is_note and not bind.calculate and not bind.field else kind
