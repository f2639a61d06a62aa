"""One XForm's way from XML to a definition."""

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.graph import Schema
from healthvisit.forms.instance import parse_xml
from healthvisit.forms.layout import pages_of, sections_of
from healthvisit.forms.xform.actions import read_actions
from healthvisit.forms.xform.binds import Binds
from healthvisit.forms.xform.body import Body
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xform.planning import plan_of, with_moving_words
from healthvisit.forms.xform.record import cast_defaults, take_repeats
from healthvisit.forms.xform.source import Source
from healthvisit.forms.xform.words import Words


def read_xform(xform: str, *, sha256: str, functions: frozenset[str]) -> FormDefinition:
    """Read one XForm; see `FormDefinition.load`."""
    source = Source(parse_xml(xform))
    document = source.record()
    schema = Schema(document.copy(), source.repeat_paths)  # whole, with every template
    expressions = Expressions(schema, functions)
    words = Words(expressions)
    catalogue = words.catalogue(source.model)
    binds = Binds(source.model, f"/{document.children[0].name}", expressions, words)
    body = Body(schema, binds, expressions, words)
    whole = body.read(source.body)
    lists = dict(source.lists())
    controls = with_moving_words(body.controls, catalogue, lists)
    cast_defaults(document, binds.rules)
    repeats = take_repeats(document, source.repeat_paths, body.counts, body.fixed)
    actions = tuple(read_actions(source, binds, expressions))
    plan = plan_of(schema, expressions, catalogue, binds.rules, controls, repeats, actions)
    pages = tuple(pages_of(whole))
    return FormDefinition(
        sha256=sha256,
        source=xform,
        form_id=source.top.get("id") or source.top.tag.rpartition("}")[2],
        version=source.top.get("version") or "",
        title=source.title,
        catalogue=catalogue,
        body=whole,
        pages=pages,
        sections=sections_of(whole, frozenset(page.path for page in pages)),
        document=document,
        binds=binds.rules,
        controls=controls,
        repeats=repeats,
        actions=actions,
        attributes=tuple(dict.fromkeys(p for p in (*binds.rules, *(a.path for a in actions)) if "/@" in p)),
        instances=lists,
        externals=source.externals(),
        namespaces=source.namespaces,
        order={path: place for place, path in enumerate(schema.nodes)},
        single=frozenset(path for path in schema.nodes if not schema.around(path)),
        submission=source.submission(),
        child_order=_child_order(schema),
        plan=plan,
        functions=frozenset(expressions.wants),
        unresolved=tuple(expressions.unresolved),
    )


def _child_order(schema: Schema) -> dict[str, tuple[str, ...]]:
    return {
        path: tuple(dict.fromkeys(child.name for child in node.children))
        for path, node in schema.nodes.items()
        if node.children
    }
