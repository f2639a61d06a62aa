"""One expression against an XML record, for tests, authors and anybody who has no session."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from healthvisit.forms.instance import ELEMENT, ROOT, Node, load_document, parse_xml
from healthvisit.forms.xpath.compile import compile_expression
from healthvisit.forms.xpath.context import Context, World, zone_of
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import text_of, to_text

_WORDS = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.\-])(xhtml|html|h|xforms|xf|mathml):(?=[\w*])(?!:)")
_BARE_DOCTYPE = re.compile(r"<!DOCTYPE\s+[\w:.\-]+\s*>", re.IGNORECASE)
_UNSET_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)


def evaluate(
    expression: str,
    *,
    instance_xml: str | bytes,
    context: str = "/",
    instances: Mapping[str, str | bytes] | None = None,
    repeats: Iterable[str] = (),
    tz: str = "UTC",
    now: datetime | None = None,
) -> float | str | bool | list[str]:
    """Evaluate one expression by ODK's rules.

    Args:
        expression: XPath 1.0 with ODK's functions. `xhtml:` and the like, where the record declares no such prefix,
            mean its default namespace.
        instance_xml: The record, also within its `<instance>`.
        context: Path of the context node, with positions where needed (`/data/member[2]/age`).
        instances: Secondary instances: name to XML, as `instance('name')` finds them.
        repeats: Paths of repeats without positions: an absolute path through one means this instance.
        tz: Name of the time zone in which days begin.
        now: The clock, aware; without one it stands at 1970-01-01 UTC.

    Returns:
        A number, text or boolean; of a node-set the texts of its nodes; a date or moment as ISO text.

    Raises:
        XPathError: With the character at fault, when the expression cannot be read or run.
        FormError: When the XML cannot be read.
    """
    instance_xml = _without_bare_doctype(instance_xml)
    document = _instance(load_document(instance_xml, keep_blank=True))
    world = World(
        document=document,
        instances={name: _instance(load_document(xml, keep_blank=True)) for name, xml in (instances or {}).items()},
        now=now or _UNSET_CLOCK,
        zone=zone_of(tz),
        namespaces=_namespaces(document, instance_xml) if "namespace-uri" in expression else {},
    )
    expression, context = _own_names(expression, instance_xml), _own_names(context, instance_xml)
    start = compile_expression(context)(Context(world, world.document))
    if not isinstance(start, list) or not start:
        raise XPathError("form.unresolved", context)
    paths = [tuple(path.strip("/").split("/")) for path in repeats]
    value = compile_expression(expression, repeats=paths, late=True)(Context(world, start[0]))
    if isinstance(value, list):
        return [text_of(node) for node in value]
    return value if isinstance(value, (float, str, bool)) else to_text(value)


def _instance(document: Node) -> Node:
    """What lies in an `<instance>` as it stands in a form begins at that element; any other document at its top."""
    top = next(node for node in document.children if node.kind == ELEMENT)
    if top.name != "instance":
        return document
    top.kind, top.parent = ROOT, None
    return top


def _namespaces(document: Node, xml: str | bytes) -> dict[int, dict[str, str]]:
    """The prefixes known at each element; the light tree keeps names as they are written."""
    ours = (node for node in document.walk() if node.kind == ELEMENT)
    pairs = zip(ours, parse_xml(xml).iter("*"), strict=True)
    return {id(node): {prefix or "": uri for prefix, uri in element.nsmap.items()} for node, element in pairs}


def _without_bare_doctype(xml: str | bytes) -> str | bytes:
    """A page's `<!DOCTYPE html>` defines nothing; any other document type is refused when the XML is read."""
    return xml if isinstance(xml, bytes) else _BARE_DOCTYPE.sub("", xml.lstrip(), count=1)


def _own_names(expression: str, xml: str | bytes) -> str:
    """An expression without prefixes that the record does not declare; what is quoted stays."""
    text = xml if isinstance(xml, str) else xml.decode("utf-8", "replace")

    def own(match: re.Match[str]) -> str:
        prefix = match[1]
        return match[0] if prefix is None or f"xmlns:{prefix}=" in text else ""

    return _WORDS.sub(own, expression)
