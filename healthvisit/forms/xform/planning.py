"""What of a form is computed after what, and which question looks different then."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from healthvisit.forms.definition import Action, Bind, Control, Itemset, Repeat
from healthvisit.forms.graph import Plan, Planner, Reads, Schema
from healthvisit.forms.instance import Node
from healthvisit.forms.text import Catalogue
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xpath.compile import Expression

_FROM_A_LIST = re.compile(r"\s*(randomize\s*\(\s*)?instance\s*\(")


def plan_of(
    schema: Schema,
    expressions: Expressions,
    catalogue: Catalogue,
    binds: Mapping[str, Bind],
    controls: Mapping[str, Control],
    repeats: Mapping[str, Repeat],
    actions: tuple[Action, ...],
) -> Plan:
    """The plan of a form; expressions that lead nowhere are noted in `expressions`.

    Raises:
        FormError: `form.cycle`.
    """
    planner = Planner(schema)
    for path in schema.nodes:
        for aspect, expression in _computed(binds.get(path)):
            expressions.note(expression, path)
            planner.add(path, aspect, expressions.reads(expression, path))
        if (repeat := repeats.get(path)) and repeat.count:
            planner.add(path, "count", expressions.reads(repeat.count, path))
    for path, control in controls.items():
        if control.itemset and not control.itemset.is_static:
            planner.add(path, "items", _reads_in_rows(expressions, control.itemset, control.itemset.value, path))
        for rule in _rules(control.bind):
            expressions.note(rule, path)
        for reads in _watched(expressions, control, catalogue):
            planner.watch(path, reads)
    for action in actions:
        if action.value:
            expressions.note(action.value, action.path)
    return planner.plan()


def _computed(bind: Bind | None) -> list[tuple[str, Expression]]:
    found = (("relevant", bind.relevant), ("calculate", bind.calculate)) if bind else ()
    return [(aspect, expression) for aspect, expression in found if expression]


def _rules(bind: Bind) -> list[Expression]:
    return [rule for rule in (bind.required, bind.readonly, bind.constraint) if rule]


def _watched(expressions: Expressions, control: Control, catalogue: Catalogue) -> Iterator[Reads]:
    """What the looks of a question depend on."""
    bind, itemset = control.bind, control.itemset
    labels = (control.label, control.hint, bind.constraint_message, bind.required_message)
    words = [*(label for label in labels if label), *(choice.label for choice in control.choices)]
    for expression in (*_rules(bind), *(part for label in words for part in label.outputs(catalogue))):
        yield expressions.reads(expression, control.path)
    if itemset and itemset.label and itemset.label.expression and not itemset.is_static:
        yield _reads_in_rows(expressions, itemset, itemset.label.expression, control.path)


def _reads_in_rows(expressions: Expressions, itemset: Itemset, said: Expression, path: str) -> Reads:
    """The rows of a list never change; those that are instances of a repeat do."""
    if _FROM_A_LIST.match(itemset.nodes.source):
        return expressions.reads(itemset.nodes, path)
    return expressions.reads_in_rows(itemset.nodes, said, path)


def with_moving_words(
    controls: Mapping[str, Control], catalogue: Catalogue, lists: Mapping[str, Node]
) -> dict[str, Control]:
    """The questions, those marked whose choices have answers set into their words."""
    moving = catalogue.moving()
    rows = {leaf.text for document in lists.values() for leaf in document.leaves()} if moving else set()
    found = dict(controls)
    for path, control in controls.items():
        label = control.itemset.label if control.itemset else None
        from_rows = label is not None and label.is_id and not moving.isdisjoint(rows)
        if from_rows or any(choice.label.outputs(catalogue) for choice in control.choices):
            found[path] = replace(control, has_fixed_words=False)
    return found
