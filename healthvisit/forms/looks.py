"""How a session looks now: pages, questions, choices and violations, computed only for what somebody looks at."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from healthvisit.forms.answers import fits
from healthvisit.forms.choices import choices_of, rows_of
from healthvisit.forms.definition import Bind, Control, Group
from healthvisit.forms.errors import FormError
from healthvisit.forms.graph import path_without_positions
from healthvisit.forms.instance import Node, below, path_of, without_positions
from healthvisit.forms.layout import PageLayout, is_repeated
from healthvisit.forms.recompute import Record
from healthvisit.forms.text import Label
from healthvisit.forms.views import LongList, Page, Problem, ProblemKind, Question, Section, is_answerable, words_of
from healthvisit.forms.xpath.compile import Expression, compile_expression
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.values import text_of, to_boolean, to_text

_UNNAMED = Group(path=None)
LONG = 50  # choices; of a longer list each is put into words when it comes into sight


class Looks:
    """The words and rules of one record in one language at a time."""

    def __init__(self, record: Record, language: str) -> None:
        self.language = language
        self._record = record
        self._world = record.world
        self._definition = record.definition
        self._repeats = [tuple(path.strip("/").split("/")) for path in self._definition.repeats]
        self._choices: dict[tuple[str, str], Sequence[tuple[str, str]]] = {}
        self._world.choice_name = self._choice_name
        self._world.itext = self._itext

    def find(self, path: str) -> tuple[Control, Node]:
        """A question and its node.

        Raises:
            FormError: `form.no_question`.
        """
        control = self._definition.controls.get(without_positions(path))
        node = self._record.find(path)
        if control is None or node is None:
            raise FormError("form.no_question", path=path)
        return control, node

    def pages(self) -> list[Page]:
        found: list[Page] = []
        for layout in self._definition.pages:
            paths = self._shown_paths(layout)
            if paths or any(self._can_begin(path) for path in layout.repeats):
                found.append(self._page(layout, paths))
        return found

    def _shown_paths(self, layout: PageLayout) -> tuple[str, ...]:
        places = [(control.path, self._record.at(control.path)) for control in layout.controls]
        if all(len(nodes) <= 1 for _, nodes in places):
            return tuple(path for path, nodes in places if nodes and not nodes[0].hidden)  # each is the only one
        wanted = {id(node) for _, nodes in places for node in nodes if not node.hidden}
        return tuple(path_of(node) for node in self._world.document.leaves() if id(node) in wanted)

    def _page(self, layout: PageLayout, paths: tuple[str, ...]) -> Page:
        place = next(iter(self._record.at(layout.path)), self._world.document)
        title = self._say(layout.title, Context(self._world, place))
        top = self._world.document.children[0]
        inside = Group(path=layout.path, children=layout.inside)
        whole = self._section("group", layout.path, title, partial(self._parts, inside, top, f"/{top.name}"))
        return Page(
            path=layout.path, title=title, appearance=layout.appearance, paths=paths, pull=self.question, whole=whole
        )

    # -- what stands on a page, in its groups and repeats

    def _section(self, kind: Any, path: str, label: str, parts: Any, **more: Any) -> Section:
        return Section(kind=kind, path=path, label=label, pull=lambda: tuple(parts()), **more)

    def _parts(self, group: Group, place: Node, at: str) -> Iterator[Section | str]:
        """What a group shows inside the instance `place`, whose path is `at`."""
        base = without_positions(at)
        for child in group.children:
            if child.path is None or not child.path.startswith(f"{base}/"):
                if isinstance(child, Group):  # a frame on the screen only
                    frame = f"{at}#{self._definition.order.get(child.path or '', id(child))}"
                    label = self._say(child.label, Context(self._world, place))
                    yield self._section("group", frame, label, partial(self._parts, child, place, at))
                continue
            steps = child.path.removeprefix(f"{base}/").split("/")
            nodes = below(place, steps)
            if isinstance(child, Group) and is_repeated(child):
                yield from self._repeat(child, below(place, steps[:-1])[:1], "/".join((at, *steps)))
            elif nodes and not nodes[0].hidden:
                path = "/".join((at, *steps))
                yield path if isinstance(child, Control) else self._group(child, place, at, (path, nodes[0]))

    def _group(self, group: Group, place: Node, at: str, own: tuple[str, Node]) -> Section:
        label = self._say(group.label, Context(self._world, own[1]))
        parts = partial(self._parts, group, place, at)
        return self._section("group", own[0], label, parts, appearance=group.appearance)

    def _repeat(self, group: Group, parents: list[Node], path: str) -> Iterator[Section]:
        """A repeat under one parent, with its instances; one that has none and gets none is not shown."""
        inner = group if group.is_repeat else next(c for c in group.children if isinstance(c, Group))
        repeat = self._definition.repeats.get(without_positions(path))
        if repeat is None or not parents or parents[0].hidden:
            return
        can_change = repeat.count is None and not repeat.is_fixed
        name = path.rpartition("/")[2]
        nodes = [node for node in parents[0].children if node.name == name]
        shown = [(at, node) for at, node in enumerate(nodes, 1) if not node.hidden]
        if shown or (can_change and not nodes and self._can_begin(without_positions(path))):
            label = self._say(inner.label or group.label, Context(self._world, parents[0]))
            parts = partial(self._instances, inner, shown, path)
            yield self._section("repeat", path, label, parts, can_change=can_change, appearance=inner.appearance)

    def _instances(self, group: Group, shown: list[tuple[int, Node]], path: str) -> Iterator[Section]:
        for at, node in shown:
            here = f"{path}[{at}]"
            label = self._say(group.label, Context(self._world, node))
            yield self._section("instance", here, label, partial(self._parts, group, node, here))

    def _can_begin(self, path: str) -> bool:
        """Whether somebody could add the first instance of a repeat."""
        repeat, bind = self._definition.repeats[path], self._definition.binds.get(path)
        if repeat.count is not None or repeat.is_fixed:
            return False
        for parent in self._record.at(path.rpartition("/")[0]):
            if not parent.hidden:
                if bind is None or bind.relevant is None:
                    return True
                unborn = repeat.template.copy()
                unborn.parent = parent
                value = self._record.run(bind.relevant, Context(self._world, unborn), path, "relevant")
                if value is not None and to_boolean(value):
                    return True
        return False

    def question(self, path: str) -> Question:
        control, node = self.find(path)
        bind = control.bind
        context = Context(self._world, node)
        return Question(
            path=path,
            kind=control.kind,
            label=self._say(control.label, context),
            hint=self._say(control.hint, context),
            choices=_named(self._offered(control, node)),
            value=node.text,
            typed=node.text if node.typed is None else node.typed,
            required=self.holds(bind.required, node, "required"),
            readonly=control.kind == "note" or self.is_readonly(node),
            relevant=not node.hidden,
            violation=self._obstacle(control, node),
            constraint_message=self._say(bind.constraint_message, context),
            required_message=self._say(bind.required_message, context),
            appearance=control.appearance,
            section=self._say(self._definition.sections.get(control.path), context),
            entry=self._definition.entry_of(control.path),
            field=bind.field,
            unit=bind.unit,
            guidance=self._guise(control.hint, "guidance", context),
            media=self._media(control.label, context),
            pictures=self._pictures(control, node),
            data_type=bind.type,
            bounds=control.bounds,
            media_type=control.media_type,
        )

    def look(self, node: Node, name: str) -> Any:
        """One property of any node, question or not, by the name that scripts use."""
        path = path_without_positions(node)
        control = self._definition.controls.get(path)
        match name:
            case "value":
                return text_of(node)
            case "relevant":
                return not node.hidden
            case "required":
                bind = self._definition.binds.get(path)
                return bind is not None and self.holds(bind.required, node, "required")
            case "readonly":
                return self.is_readonly(node)
            case "violation":
                return self._violated(control or Control(path=path, kind="text", bind=self._bind(path)), node)
            case "label":
                group = next((group for group in self._groups() if group.path == path), None)
                return self._say((control or group or _UNNAMED).label, Context(self._world, node))
        offered = self._offered(control, node) if control else ()
        return [words if name == "labels" else value for value, words in offered]

    def _violated(self, control: Control, node: Node) -> str | None:
        """What a script can name: an answer that does not fit its question counts as none."""
        if node.hidden or node.children:
            return None
        kind = self._violation(control, node)
        if kind == "type":
            return "required" if not node.text and self.holds(control.bind.required, node, "required") else None
        return kind

    def _bind(self, path: str) -> Bind:
        return self._definition.binds.get(path) or Bind(path=path)

    def _groups(self) -> Iterator[Group]:
        todo: list[Group | Control] = [self._definition.body]
        while todo:
            part = todo.pop()
            if isinstance(part, Group):
                yield part
                todo.extend(part.children)

    def is_readonly(self, node: Node) -> bool:
        """Whether the node, or anything above it, cannot be changed."""
        step: Node | None = node
        while step is not None and step.parent is not None:
            bind = self._definition.binds.get(path_without_positions(step))
            if bind is not None and self.holds(bind.readonly, step, "readonly"):
                return True
            step = step.parent
        return False

    def problems(self) -> list[Problem]:
        found: list[Problem] = []
        for control, node in self._visible():
            if kind := self._obstacle(control, node):
                found.append(Problem(path_of(node), kind))
        return found

    def holds(self, rule: Expression | None, node: Node, aspect: str) -> bool:
        """Whether a condition is true at a node; no condition is not true, nor one that stumbles."""
        if rule is None:
            return False
        value = self._record.run(rule, Context(self._world, node), path_without_positions(node), aspect)
        return value is not None and to_boolean(value)

    def _visible(self) -> Iterator[tuple[Control, Node]]:
        for node in self._world.document.leaves():
            control = None if node.hidden else self._definition.controls.get(path_without_positions(node))
            if control:
                yield control, node

    def _say(self, label: Label | None, context: Context) -> str:
        try:
            return "" if label is None else label.render(self._definition.catalogue, self.language, context)
        except FormError as exc:
            self._record.faults[path_without_positions(context.node), "label"] = exc.code
            return ""

    def _guise(self, label: Label | None, form: str, context: Context) -> str:
        if label is None or label.text_id is None:
            return ""
        return self._definition.catalogue.words(label.text_id, self.language, context, form)

    def _media(self, label: Label | None, context: Context) -> dict[str, str]:
        if label is None or label.text_id is None:
            return {}
        return self._definition.catalogue.media(label.text_id, self.language, context)

    def _obstacle(self, control: Control, node: Node) -> ProblemKind | None:
        """As `_violation`, but nobody is stopped by what cannot be answered on this computer."""
        kind = self._violation(control, node)
        if kind is None or is_answerable(
            kind=control.kind,
            data_type=control.bind.type,
            media_type=control.media_type,
            appearance=control.appearance,
        ):
            return kind
        return None

    def _violation(self, control: Control, node: Node) -> ProblemKind | None:
        if control.kind == "note":
            return None
        if not fits(control, node.text, node.typed):
            return "type"
        if not node.text:
            return "required" if self.holds(control.bind.required, node, "required") else None
        if control.bind.constraint is None:
            return None
        context = Context(self._world, node)
        value = self._record.run(control.bind.constraint, context, control.path, "constraint")
        return None if value is None or to_boolean(value) else "constraint"  # what cannot be judged stops nobody

    def _offered(self, control: Control, node: Node) -> Sequence[tuple[str, str]]:
        """The choices; those that depend on no answer are put into words once a language, a long list as it is read."""
        if not control.itemset and not control.choices:
            return ()
        key = (control.path, self.language)
        if key in self._choices:
            return self._choices[key]
        rows = rows_of(control, node, self._world, self._record.run)
        offered: Sequence[tuple[str, str]]
        if len(rows) > LONG and control.itemset and not control.choices:
            label, language = control.itemset.label, self.language
            offered = LongList(rows, partial(self._words, label, node, language), language)
            self._record.names(control, node)  # now, so that the first answer does not wait for it
        else:
            catalogue = self._definition.catalogue
            offered = tuple(choices_of(control, node, self._world, self._record.run, catalogue, self.language))
        if control.has_fixed_choices and control.has_fixed_words:
            self._choices[key] = offered
        return offered

    def _words(self, label: Label | None, node: Node, language: str, row: Node) -> str:
        """The words of one row of a list."""
        if label is None:
            return ""
        return label.render(self._definition.catalogue, language, Context(self._world, row, node))

    def _pictures(self, control: Control, node: Node) -> Mapping[str, str]:
        """Name of a choice → address of its picture."""
        if not self._has_pictures or not control.is_select:
            return {}
        ids = [(choice.name, choice.label.text_id) for choice in control.choices]
        label = control.itemset.label if control.itemset else None
        if label is not None and label.expression is not None and label.is_id:
            for name, row in rows_of(control, node, self._world, self._record.run)[:LONG]:
                ids.append((name, to_text(label.expression(Context(self._world, row, node)))))
        catalogue, context = self._definition.catalogue, Context(self._world, node)
        found = {name: catalogue.words(of, self.language, context, "image") for name, of in ids if of}
        return {name: address for name, address in found.items() if address}

    @cached_property
    def _has_pictures(self) -> bool:
        """Whether any choice of a list has a picture; the texts of questions have paths for ids."""
        known = self._definition.catalogue.texts.values()
        return any("image" in text.forms for texts in known for key, text in texts.items() if not key.startswith("/"))

    def _choice_name(self, name: str, path: str, node: Node) -> str:
        """`jr:choice-name`: the words of a choice of the select at `path`, as `node` sees it."""
        found = compile_expression(path, repeats=self._repeats)(Context(self._world, node))
        place = found[0] if isinstance(found, list) and found else None
        control = self._definition.controls.get(path_without_positions(place)) if place else None
        if control is None or place is None:
            return ""
        return words_of(self._offered(control, place), name) or ""

    def _itext(self, text_id: str, node: Node) -> str:
        return self._definition.catalogue.words(text_id, self.language, Context(self._world, node))


def _named(choices: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """A choice without words shows its name."""
    if isinstance(choices, LongList) or all(words for _, words in choices):
        return choices
    return tuple((name, words or name) for name, words in choices)
