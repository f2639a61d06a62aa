"""A light tree written as XML."""

from typing import Any

from lxml import etree

from healthvisit.forms.instance import ELEMENT, TEXT, Node


def serialise(node: Node, *, namespaces: dict[str, str], keep_hidden: bool = False) -> str:
    """Write a tree as XML.

    Args:
        node: The top of what is written.
        namespaces: Prefix to address; the key "" is the default namespace.
        keep_hidden: Keep irrelevant nodes; a finalised record leaves them out.
    """
    known = {prefix or None: uri for prefix, uri in namespaces.items() if uri}
    element = _to_element(node, known, keep_hidden=keep_hidden)
    etree.cleanup_namespaces(element)
    return str(etree.tostring(element, encoding="unicode"))


def _to_element(node: Node, namespaces: dict[Any, str], *, keep_hidden: bool) -> Any:
    element: Any = etree.Element(_clark(node.name, namespaces), nsmap=namespaces)
    for attribute in node.attributes:
        prefix, _, _ = attribute.name.rpartition(":")
        element.set(_clark(attribute.name, namespaces) if prefix else attribute.name, attribute.text)
    if not node.children:
        element.text = node.text or None
    for child in node.children:
        if child.kind == TEXT:
            _add_tail(element, child.text)
        elif child.kind == ELEMENT and (keep_hidden or not child.hidden):
            element.append(_to_element(child, namespaces, keep_hidden=keep_hidden))
    return element


def _add_tail(element: Any, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _clark(name: str, namespaces: dict[str | None, str]) -> str:
    prefix, _, local = name.rpartition(":")
    uri = "http://www.w3.org/XML/1998/namespace" if prefix == "xml" else namespaces.get(prefix or None)
    return f"{{{uri}}}{local}" if uri else local
