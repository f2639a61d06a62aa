"""The record as the author wrote it, made ready: templates taken out, defaults cast, a place for its identity."""

from collections.abc import Collection, Iterable, Mapping

from healthvisit.forms.answers import cast
from healthvisit.forms.definition import Bind, Repeat
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import Node, below, names_in, path_without_positions
from healthvisit.forms.xform.names import OPENROSA
from healthvisit.forms.xpath.compile import Expression

_TEMPLATE = "jr:template"


def add_identity(top: Node, namespaces: Mapping[str, str]) -> None:
    """A record has a place for its `meta/instanceID`, also where the author left it out."""
    prefix = next((f"{name}:" for name, uri in namespaces.items() if name and uri == OPENROSA), "orx:")
    metas = [child for child in top.children if child.local_name == "meta"]
    meta = metas[0] if metas else top.append(Node(f"{prefix}meta"))
    if not any(child.local_name == "instanceID" for child in meta.children):
        meta.append(Node(f"{meta.name.removesuffix('meta')}instanceID"))


def cast_defaults(document: Node, binds: Mapping[str, Bind]) -> None:
    """Defaults that do not fit their question are blank, as ODK has it."""
    for node in document.leaves():
        if node.text and (bind := binds.get(path_without_positions(node))):
            node.text = cast(bind, node.text)


def take_repeats(
    document: Node, paths: Iterable[str], counts: Mapping[str, Expression], fixed: Collection[str]
) -> dict[str, Repeat]:
    """The repeats of a record, out of which their templates go, and the instances of those that are counted.

    Args:
        document: The record as written; what is left in it is what a new record begins with.
        paths: Of the repeats.
        counts: Path → what counts its instances.
        fixed: Paths of the repeats to which nobody may add.

    Raises:
        FormError: `form.unresolved` for a repeat that the record does not have.
    """
    repeats = {path: _repeat(document, path, counts.get(path), is_fixed=path in fixed) for path in paths}
    _without_templates(document)
    trees: list[tuple[Node, tuple[str, ...]]] = [(document, ())]
    for path, repeat in repeats.items():
        trees += [(tree, names_in(path)) for tree in (repeat.template, *repeat.first)]
    for counted in counts:
        for tree, at in trees:
            _without_instances(tree, at, names_in(counted))
    for repeat in repeats.values():
        for first in repeat.first:
            first.parent = None
        if repeat.is_fixed:
            _fill(document, repeat)
    return repeats


def _repeat(document: Node, path: str, count: Expression | None, *, is_fixed: bool) -> Repeat:
    """One repeat; where the author wrote no template, a new instance is blank."""
    nodes = _all_at(document, path)
    if not nodes:
        raise FormError("form.unresolved", path=path)
    template = next((node for node in nodes if _is_template(node)), None)
    fresh = (template or nodes[0]).copy()
    fresh.attributes = tuple(a for a in fresh.attributes if a.name != _TEMPLATE)
    if template is None:
        for leaf in fresh.leaves():
            leaf.text = ""
    _without_templates(fresh)
    parent = nodes[0].parent
    first = [node for node in nodes if not _is_template(node) and node.parent is parent] if count else []
    for node in first:
        _without_templates(node)
    return Repeat(path=path, template=fresh, count=count, first=tuple(first), is_fixed=is_fixed)


def _fill(document: Node, repeat: Repeat) -> None:
    """A repeat to which nobody may add has at least one instance."""
    for parent in _all_at(document, repeat.above):
        if not parent.named(repeat.name):
            parent.append(repeat.template.copy())


def _is_template(node: Node) -> bool:
    return node.attribute(_TEMPLATE) is not None


def _all_at(document: Node, path: str) -> list[Node]:
    return [node for node in document.walk() if node.name and path_without_positions(node) == path]


def _without_templates(tree: Node) -> None:
    for node in list(tree.walk()):
        if any(_is_template(child) for child in node.children):
            node.children = [child for child in node.children if not _is_template(child)]


def _without_instances(tree: Node, at: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Take every instance of the repeat called `names` out of a tree that stands at `at`."""
    if len(at) < len(names) and names[: len(at)] == at:
        for parent in below([tree], names[len(at) : -1]):
            parent.children = [child for child in parent.children if child.name != names[-1]]
