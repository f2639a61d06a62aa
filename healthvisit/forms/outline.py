"""What stands on each page of a record, in its groups and repeats, as it is now."""

from collections.abc import Callable, Iterator
from functools import partial

from healthvisit.forms.definition import Control, Group
from healthvisit.forms.instance import Node, below, path_of, without_positions
from healthvisit.forms.layout import PageLayout, is_repeated
from healthvisit.forms.ledger import Ledger
from healthvisit.forms.text import Label
from healthvisit.forms.views import Page, Question, Section
from healthvisit.forms.xpath.context import Context

Say = Callable[[Label | None, Context], str]


class Outline:
    """The pages of one record. `say` gives a label's words, `question` a question as it reads now."""

    def __init__(self, ledger: Ledger, say: Say, question: Callable[[str], Question]) -> None:
        self._ledger, self._say, self._question = ledger, say, question
        self._world = ledger.world
        self._definition = ledger.definition

    def pages(self) -> list[Page]:
        """The pages with something to show, or where a first instance can be added."""
        found: list[Page] = []
        for layout in self._definition.pages:
            paths = self._shown_paths(layout)
            if paths or any(self._can_begin(path) for path in layout.repeats):
                found.append(self._page(layout, paths))
        return found

    def _shown_paths(self, layout: PageLayout) -> tuple[str, ...]:
        places = [(control.path, self._ledger.index.at(control.path)) for control in layout.controls]
        if all(len(nodes) <= 1 for _, nodes in places):
            return tuple(path for path, nodes in places if nodes and not nodes[0].hidden)  # each is the only one
        wanted = {id(node) for _, nodes in places for node in nodes if not node.hidden}
        return tuple(path_of(node) for node in self._world.document.leaves() if id(node) in wanted)

    def _page(self, layout: PageLayout, paths: tuple[str, ...]) -> Page:
        place = next(iter(self._ledger.index.at(layout.path)), self._world.document)
        title = self._say(layout.title, Context(self._world, place))
        top = self._world.document.children[0]
        inside = Group(path=layout.path, children=layout.inside)
        parts = partial(self._parts, inside, top, f"/{top.name}")
        whole = Section(kind="group", path=layout.path, label=title, pull=parts)
        return Page(
            path=layout.path, title=title, appearance=layout.appearance, paths=paths, pull=self._question, whole=whole
        )

    def _parts(self, group: Group, place: Node, at: str) -> Iterator[Section | str]:
        """What a group shows inside the instance `place`, whose path is `at`."""
        base = without_positions(at)
        for child in group.children:
            if child.path is None or not child.path.startswith(f"{base}/"):
                if isinstance(child, Group):  # a frame on the screen only
                    frame = f"{at}#{self._definition.order.get(child.path or '', id(child))}"
                    label = self._say(child.label, Context(self._world, place))
                    yield Section(kind="group", path=frame, label=label, pull=partial(self._parts, child, place, at))
                continue
            steps = child.path.removeprefix(f"{base}/").split("/")
            nodes = below([place], steps)
            if isinstance(child, Group) and is_repeated(child):
                yield from self._repeat(child, below([place], steps[:-1])[:1], "/".join((at, *steps)))
            elif nodes and not nodes[0].hidden:
                path = "/".join((at, *steps))
                yield path if isinstance(child, Control) else self._group(child, place, at, (path, nodes[0]))

    def _group(self, group: Group, place: Node, at: str, own: tuple[str, Node]) -> Section:
        """A group that is a part of the record: `own` are its path and node."""
        path, node = own
        label = self._say(group.label, Context(self._world, node))
        parts = partial(self._parts, group, place, at)
        return Section(kind="group", path=path, label=label, appearance=group.appearance, pull=parts)

    def _repeat(self, group: Group, parents: list[Node], path: str) -> Iterator[Section]:
        """A repeat under one parent, with its instances; one that has none and gets none is not shown."""
        inner = group if group.is_repeat else next(c for c in group.children if isinstance(c, Group))
        repeat = self._definition.repeats.get(without_positions(path))
        if repeat is None or not parents or parents[0].hidden:
            return
        nodes = parents[0].named(repeat.name)
        shown = [(at, node) for at, node in enumerate(nodes, 1) if not node.hidden]
        if shown or (repeat.can_change and not nodes and self._can_begin(without_positions(path))):
            label = self._say(inner.label or group.label, Context(self._world, parents[0]))
            parts = partial(self._instances, inner, shown, path)
            yield Section(
                kind="repeat",
                path=path,
                label=label,
                appearance=inner.appearance,
                can_change=repeat.can_change,
                pull=parts,
            )

    def _instances(self, group: Group, shown: list[tuple[int, Node]], path: str) -> Iterator[Section]:
        for at, node in shown:
            here = f"{path}[{at}]"
            label = self._say(group.label, Context(self._world, node))
            yield Section(kind="instance", path=here, label=label, pull=partial(self._parts, group, node, here))

    def _can_begin(self, path: str) -> bool:
        """Whether somebody could add the first instance of a repeat."""
        repeat, bind = self._definition.repeats[path], self._definition.binds.get(path)
        if not repeat.can_change:
            return False
        for parent in self._ledger.index.at(repeat.above):
            if not parent.hidden:
                if bind is None or bind.relevant is None:
                    return True
                unborn = repeat.template.copy()
                unborn.parent = parent
                if self._ledger.holds(bind.relevant, unborn, path, "relevant"):
                    return True
        return False
