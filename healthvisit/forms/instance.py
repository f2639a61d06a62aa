"""The light tree that expressions walk: read from XML, copied for each session; and the paths that lead through it."""

from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from healthvisit.forms.errors import FormError

ROOT, ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION = range(6)

MAX_BYTES = 24_000_000  # WHO's verbal autopsy form has 1.5 MB; more than this is no form and no record


class Node:
    """One node. A leaf keeps its text itself; an element with mixed content has text nodes among its children.

    `hidden` is the effective relevance, turned round: such a node keeps its text but reads as blank.
    `typed` is what a person typed where that differs from the stored text ("3,40" for "3.4"). `place` is its path
    without positions, for nodes of a session's record.
    """

    __slots__ = ("attributes", "children", "hidden", "irrelevant", "kind", "name", "parent", "place", "text", "typed")

    def __init__(self, name: str, text: str = "", kind: int = ELEMENT) -> None:
        self.name = name  # as written, with its prefix; "" for text and comments, "?target" for instructions
        self.kind = kind
        self.text = text
        self.typed: str | None = None
        self.place = ""
        self.parent: Node | None = None
        self.children: list[Node] = []
        self.attributes: tuple[Node, ...] = ()
        self.irrelevant = False  # by its own expression
        self.hidden = False  # by its own or an ancestor's

    def __repr__(self) -> str:
        """The place without the answer: nodes turn up in tracebacks."""
        return f"Node({path_of(self)!r})"

    def append(self, child: "Node") -> "Node":
        """Put `child` last and hand it back."""
        child.parent = self
        self.children.append(child)
        return child

    def set_attribute(self, name: str, text: str) -> None:
        """Write one attribute, replacing an earlier one of that name."""
        attribute = Node(name, text, ATTRIBUTE)
        attribute.parent = self
        self.attributes = (*(a for a in self.attributes if a.name != name), attribute)

    def attribute(self, name: str) -> str | None:
        """The text of one attribute."""
        return next((a.text for a in self.attributes if a.name == name), None)

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    def named(self, name: str) -> list["Node"]:
        """The children of this name, in document order."""
        return [child for child in self.children if child.name == name]

    def line(self) -> list["Node"]:
        """This node and everything above it, up to the top element (last)."""
        line = [self]
        while (parent := line[-1].parent) is not None and parent.kind != ROOT:
            line.append(parent)
        return line

    def walk(self) -> Iterator["Node"]:
        """This node and everything below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> Iterator["Node"]:
        """Every node at or below this one that can hold an answer."""
        if not self.children:
            if self.kind == ELEMENT:
                yield self
            return
        for child in self.children:
            yield from child.leaves()

    def copy(self) -> "Node":
        """The same tree again, sharing nothing that can change."""
        twin = Node(self.name, self.text, self.kind)
        twin.typed = self.typed
        for attribute in self.attributes:
            twin.set_attribute(attribute.name, attribute.text)
        for child in self.children:
            twin.append(child.copy())
        return twin


def names_of(node: Node) -> tuple[str, ...]:
    """Element names from the root element down to `node`: its place without positions."""
    names: list[str] = []
    step: Node | None = node
    while step is not None and step.kind != ROOT:
        names.append(f"@{step.name}" if step.kind == ATTRIBUTE else step.name)
        step = step.parent
    names.reverse()
    return tuple(names)


def path_of(node: Node) -> str:
    """Where a node stands: `/data/g/w`, with 1-based positions where siblings share a name (`/data/member[2]/age`)."""
    steps: list[str] = []
    step: Node | None = node
    while step is not None and step.kind != ROOT:
        if step.kind == ATTRIBUTE:
            steps.append(f"@{step.name}")
            step = step.parent
            continue
        twins = step.parent.named(step.name) if step.parent else [step]
        steps.append(step.name if len(twins) == 1 else f"{step.name}[{twins.index(step) + 1}]")
        step = step.parent
    return "/" + "/".join(reversed(steps))


def placed_leaves(document: Node) -> Iterator[tuple[str, Node]]:
    """Every leaf with its path, as `path_of` writes it, in one walk."""
    todo = [("", document)]
    while todo:
        path, node = todo.pop()
        if not node.children:
            if node.kind == ELEMENT:
                yield path, node
            continue
        names = [child.name for child in node.children]
        counts = {name: names.count(name) for name in set(names)}
        seen: dict[str, int] = {}
        inside = []
        for child in node.children:
            seen[child.name] = at = seen.get(child.name, 0) + 1
            inside.append((f"{path}/{child.name}[{at}]" if counts[child.name] > 1 else f"{path}/{child.name}", child))
        todo.extend(reversed(inside))


def locate(document: Node, path: str) -> Node | None:
    """The node at a path with positions, as `path_of` writes it; a step without one is the first of its name."""
    node = document
    for step in path.strip("/").split("/"):
        name, _, inside = step.partition("[")
        at = int(inside[:-1]) if inside[:-1].isdigit() else 1
        if name.startswith("@"):
            twins: list[Node] = [a for a in node.attributes if a.name == name[1:]]
        else:
            twins = node.named(name)
        if not 0 < at <= len(twins):
            return None
        node = twins[at - 1]
    return node


def below(nodes: list[Node], names: Sequence[str]) -> list[Node]:
    """Every node reached from any of `nodes` by these names; the last may be an attribute."""
    for name in names:
        if name[:1] == "@":  # quicker than startswith: lists have thousands of rows
            nodes = [a for node in nodes for a in node.attributes if a.name == name[1:]]
        else:
            nodes = [child for node in nodes for child in node.children if child.name == name]
    return nodes


def without_positions(path: str) -> str:
    """`/data/member/age` of `/data/member[2]/age`."""
    return "/".join(step.partition("[")[0] for step in path.split("/")) if "[" in path else path


def path_without_positions(node: Node) -> str:
    """`/data/member/age` for every instance of `member`."""
    return "/" + "/".join(names_of(node))


def names_in(path: str) -> tuple[str, ...]:
    """The steps of a path without positions."""
    return tuple(path.strip("/").split("/"))


def above(path: str) -> list[str]:
    """The path itself and every path above it."""
    found = []
    while path:
        found.append(path)
        path = path.rpartition("/")[0]
    return found


def is_within(path: str, top: str) -> bool:
    """Whether a path is `top` or leads below it; both without positions."""
    return f"{path}/".startswith(f"{top}/")


def path_from(base: str, ref: str) -> str:
    """The path that an element of the body names, seen from the one around it: `x`, `../x` or `current()/x`."""
    ref = ref.strip()
    if ref.startswith("/"):
        return ref
    if "[" in ref:
        return f"{base}/{ref}"
    steps = base.split("/")
    for step in ref.removeprefix("current()/").split("/"):
        if step == "..":
            steps.pop()
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def parse_xml(source: str | bytes) -> Any:
    """Read XML of unknown origin: no entities, no document type, nothing fetched, not beyond `MAX_BYTES`.

    Raises:
        FormError: `form.not_xml`, `form.forbidden_xml` (a document type, hence entities) or `form.too_large`.
    """
    data = source.encode() if isinstance(source, str) else source
    if len(data) > MAX_BYTES:
        raise FormError("form.too_large", limit=MAX_BYTES)
    if isinstance(source, str) and (declared := data.find(b"?>")) >= 0 and data.lstrip().startswith(b"<?xml"):
        data = data[declared + 2 :].lstrip()  # the text is decoded already, whatever encoding it names
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        code = "form.forbidden_xml" if b"<!DOCTYPE" in data else "form.not_xml"
        raise FormError(code, row=getattr(exc, "lineno", None)) from exc
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise FormError("form.forbidden_xml")
    return root


def load_document(source: str | bytes, *, keep_blank: bool = False) -> Node:
    """Read XML into a tree under a `ROOT` node; `keep_blank`: with the blank text between elements.

    Raises:
        FormError: As `parse_xml`.
    """
    document = Node("", kind=ROOT)
    top = parse_xml(source)
    for beside in reversed(list(top.itersiblings(preceding=True))):
        document.append(from_element(beside))
    document.append(from_element(top, keep_blank=keep_blank))
    for beside in top.itersiblings():
        document.append(from_element(beside))
    return document


def from_element(element: Any, *, keep_blank: bool = False) -> Node:
    """Take an lxml element over. Blank text between elements is layout, not content, unless it is to be kept."""
    if element.tag is etree.Comment:
        return Node("", element.text or "", COMMENT)
    if element.tag is etree.PI:
        return Node("?" + element.target, element.text or "", INSTRUCTION)
    node = Node(qualified(element))
    for name, value in element.attrib.items():
        node.set_attribute(_attribute_name(element, name), value)
    if len(element) == 0:
        node.text = element.text or ""
        return node
    _append_text(node, element.text, keep_blank=keep_blank)
    for child in element:
        if child.tag is not etree.Entity:
            node.append(from_element(child, keep_blank=keep_blank))
        _append_text(node, child.tail, keep_blank=keep_blank)
    return node


def _append_text(node: Node, text: str | None, *, keep_blank: bool) -> None:
    if text and (keep_blank or not text.isspace()):
        node.append(Node("", text, TEXT))


def qualified(element: Any) -> str:
    """An element's name as it is written, with its prefix."""
    local = str(etree.QName(element).localname)
    return f"{element.prefix}:{local}" if element.prefix else local


def _attribute_name(element: Any, name: str) -> str:
    if not name.startswith("{"):
        return name
    uri, local = name[1:].split("}")
    prefix = next((p for p, known in element.nsmap.items() if known == uri and p), "xml")
    return f"{prefix}:{local}"
