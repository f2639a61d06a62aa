"""One expression against an XML record, for tests, authors and anybody who has no session."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from healthvisit.forms.instance import ELEMENT, ROOT, TEXT, Node, below, load_document, names_in, parse_xml
from healthvisit.forms.xpath.compile import compile_expression
from healthvisit.forms.xpath.context import Context, World, zone_of
from healthvisit.forms.xpath.parse import XPathError
from healthvisit.forms.xpath.values import text_of, to_text

_WORDS = re.compile(r"\"[^\"]*\"|'[^']*'|(?<![\w.\-])(xhtml|html|h|xforms|xf|mathml):(?=[\w*])(?!:)")
_BARE_DOCTYPE = re.compile(r"<!DOCTYPE\s+[\w:.\-]+\s*>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_PAGES = "http://www.w3.org/1999/xhtml"
_PAGE = "page-own:"
_KNOWS_ADDRESSES = re.compile(f"namespace-uri|{_PAGES}")
_PART = "cdata-part"  # stands for one until the XML is read
_DOCUMENT_TYPE = -1  # a kind that no test but node() fits
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
        instance_xml: The record, also within its `<instance>` or its whole form, whose default language then speaks.
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
    text = instance_xml if isinstance(instance_xml, str) else instance_xml.decode("utf-8", "replace")
    loaded = _page(instance_xml)
    texts = _texts(loaded)
    world = World(
        namespaces=_namespaces(loaded, text) if _KNOWS_ADDRESSES.search(expression + text) else {},
        document=_instance(loaded),
        instances={name: _instance(load_document(xml, keep_blank=True)) for name, xml in (instances or {}).items()},
        now=now or _UNSET_CLOCK,
        zone=zone_of(tz),
        itext=lambda name, _node: texts.get(name, ""),
    )
    start = _start(_own_names(context, text, ""), world)
    world.made_prefix = _prefix_page(world)
    expression = _own_names(expression, text, world.made_prefix)
    compiled = compile_expression(expression, repeats=[names_in(path) for path in repeats], late=True)
    value = compiled(Context(world, start))
    if isinstance(value, list):
        return [text_of(node) for node in value]
    return value if isinstance(value, (float, str, bool)) else to_text(value)


def _start(context: str, world: World) -> Node:
    """The context node."""
    found = compile_expression(context)(Context(world, world.document))
    if not isinstance(found, list) or not found:
        raise XPathError("form.unresolved", context)
    return found[0]


def _page(xml: str | bytes) -> Node:
    """A record as a browser holds it: a CDATA part and a document type that defines nothing are nodes of their own.

    Any other document type is refused.
    """
    if isinstance(xml, bytes):
        return load_document(xml, keep_blank=True)
    bare = _BARE_DOCTYPE.sub("", xml.lstrip(), count=1)
    document = load_document(_CDATA.sub(lambda part: f"<?{_PART} {part[1].encode().hex()}?>", bare), keep_blank=True)
    for node in document.walk():
        if node.name == f"?{_PART}":
            node.name, node.kind, node.text = "", TEXT, bytes.fromhex(node.text).decode()
    if len(bare) < len(xml.lstrip()):
        document.append(Node("", kind=_DOCUMENT_TYPE))
        document.children.insert(0, document.children.pop())
    return document


def _instance(document: Node) -> Node:
    """What lies in an `<instance>` as it stands in a form begins at that element; any other document at its top."""
    top = next(node for node in document.children if node.kind == ELEMENT)
    if top.name != "instance":
        return document
    top.kind, top.parent = ROOT, None
    return top


def _texts(document: Node) -> dict[str, str]:
    """The words of a form's default language by their id, where the record stands in a whole form."""
    known = [node for node in document.walk() if node.name == "translation"]
    spoken = next((node for node in known if node.attribute("default") is not None), known[0] if known else None)
    texts = [node for node in spoken.walk() if node.name == "text"] if spoken else []
    said = {node.attribute("id") or "": below([node], ("value",)) for node in texts}
    return {name: text_of(values[0]) for name, values in said.items() if values}


def _namespaces(document: Node, xml: str) -> dict[int, dict[str, str]]:
    """The prefixes known at each element; the light tree keeps names as they are written."""
    ours = (node for node in document.walk() if node.kind == ELEMENT)
    pairs = zip(ours, parse_xml(_BARE_DOCTYPE.sub("", xml.lstrip(), count=1)).iter("*"), strict=True)
    return {id(node): {prefix or "": uri for prefix, uri in element.nsmap.items()} for node, element in pairs}


def _prefix_page(world: World) -> str:
    """In a page, as in XPath 1.0, a name without a prefix is one of no namespace: the page's own names get a prefix."""
    top = next((node for node in world.document.children if node.kind == ELEMENT), world.document)
    if top.name != "html" or world.namespaces.get(id(top), {}).get("") != _PAGES:
        return ""
    for node in world.document.walk():
        scope = world.namespaces.get(id(node), {})
        if scope.get("") == _PAGES and ":" not in node.name:
            node.name, scope[_PAGE[:-1]] = _PAGE + node.name, _PAGES
    return _PAGE


def _own_names(expression: str, text: str, own_prefix: str) -> str:
    """An expression without prefixes that the record does not declare; what is quoted stays."""

    def own(match: re.Match[str]) -> str:
        prefix = match[1]
        return match[0] if prefix is None or f"xmlns:{prefix}=" in text else own_prefix

    return _WORDS.sub(own, expression)
