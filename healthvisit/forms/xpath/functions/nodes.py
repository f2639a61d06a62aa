"""Functions on node-sets."""

import hashlib
import math
import secrets

from healthvisit.forms.instance import ELEMENT, Node
from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import Nodes, Value, text_of, to_number, to_text

_PARK_MILLER = 2_147_483_647
_SEEDS = 2**63


def _nodes(value: Value, name: str) -> Nodes:
    if not isinstance(value, list):
        raise XPathError("form.not_nodes", name)
    return value


def _position(c: Context, *nodes: Value) -> float:
    """The place among the candidates of a predicate; with a node, its place among siblings of the same name."""
    if not nodes:
        return float(c.position)
    found = _nodes(nodes[0], "position")
    if not found:
        return math.nan
    node = found[0]
    if node.kind != ELEMENT:
        return 1.0
    twins = [twin for twin in node.parent.children if twin.name == node.name] if node.parent else [node]
    return float(next(place for place, twin in enumerate(twins, 1) if twin is node))


def _instance(c: Context, name: Value) -> Nodes:
    document = c.world.instances.get(to_text(name))
    return [document] if document is not None else []


def _randomize(c: Context, value: Value, *seed: Value) -> Nodes:
    """Shuffled as Collect does it (inside-out Fisher-Yates on Park-Miller), so that the order is the same there.

    Without a seed each question has an order of its own, which stays: choices must not jump under the hand.
    """
    nodes = _nodes(value, "randomize")
    state = _seed(seed[0]) if seed else c.world.seeds.setdefault(c.current, secrets.randbelow(_PARK_MILLER))
    state = state % _PARK_MILLER if state >= 0 else -(-state % _PARK_MILLER)
    if state <= 0:
        state += _PARK_MILLER - 1
    mixed: Nodes = []
    for place, node in enumerate(nodes):
        state = state * 16_807 % _PARK_MILLER
        other = int((state - 1) / (_PARK_MILLER - 1) * (place + 1))
        mixed.append(node)
        mixed[place], mixed[other] = mixed[other], node
    return mixed


def _seed(value: Value) -> int:
    """A whole number of 64 bits: the number's own, as near as they allow, or the first of the hash of its words."""
    number = to_number(value)
    if not math.isnan(number):
        return int(max(-_SEEDS, min(_SEEDS - 1, number)))
    words = to_text(value)
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big", signed=True) if words else 0


def _name_of(c: Context, values: tuple[Value, ...]) -> str:
    nodes = _nodes(values[0], "name") if values else [c.node]
    return nodes[0].name.removeprefix("?").removeprefix(c.world.made_prefix) if nodes else ""


def _namespace(c: Context, *values: Value) -> str:
    """The address that a prefix stands for; blank where the world does not know its namespaces."""
    nodes = _nodes(values[0], "namespace-uri") if values else [c.node]
    prefix = nodes[0].name.rpartition(":")[0] if nodes else ""
    if not nodes or (nodes[0].kind != ELEMENT and not prefix):
        return ""
    return c.world.namespaces.get(id(nodes[0] if nodes[0].kind == ELEMENT else nodes[0].parent), {}).get(prefix, "")


def _lang(c: Context, wanted: Value) -> bool:
    node: Node | None = c.node
    while node is not None:
        if (language := node.attribute("xml:lang")) is not None:
            asked = to_text(wanted).lower()
            return language.lower() == asked or language.lower().startswith(asked + "-")
        node = node.parent
    return False


def _id(c: Context, value: Value) -> Nodes:
    texts = [text_of(node) for node in value] if isinstance(value, list) else [to_text(value)]
    wanted = {word for text in texts for word in text.split()}
    top = c.node
    while top.parent is not None:
        top = top.parent
    elements = [node for node in top.walk() if node.kind == ELEMENT]
    return [node for node in elements if (node.attribute("id") or node.attribute("xml:id")) in wanted]


def _count_non_empty(_: Context, value: Value) -> float:
    return float(sum(1 for node in _nodes(value, "count-non-empty") if text_of(node)))


TABLE = {
    "count": Function(lambda _, value: float(len(_nodes(value, "count"))), 1, 1),
    "count-non-empty": Function(_count_non_empty, 1, 1),
    "position": Function(_position, 0, 1),
    "last": Function(lambda c: float(c.size), 0, 0),
    "instance": Function(_instance, 1, 1),
    "current": Function(lambda c: [c.current], 0, 0),
    "randomize": Function(_randomize, 1, 2),
    "name": Function(lambda c, *values: _name_of(c, values), 0, 1),
    "local-name": Function(lambda c, *values: _name_of(c, values).rpartition(":")[2], 0, 1),
    "namespace-uri": Function(_namespace, 0, 1),
    "lang": Function(_lang, 1, 1),
    "id": Function(_id, 1, 1),
}
