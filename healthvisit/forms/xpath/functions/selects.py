"""Functions on choices and on the form's own texts."""

from healthvisit.forms.xpath.context import Context
from healthvisit.forms.xpath.functions.kind import Function
from healthvisit.forms.xpath.values import Value, to_number, to_text


def _selected(_: Context, answer: Value, name: Value) -> bool:
    """Whether a name is among the chosen ones; the blank name is chosen when nothing else is."""
    return to_text(name).strip() in (to_text(answer).split() or [""])


def _selected_at(_: Context, answer: Value, index: Value) -> str:
    names, at = to_text(answer).split(), to_number(index)
    return names[int(at)] if 0 <= at < len(names) else ""


def _choice_name(c: Context, name: Value, path: Value) -> str:
    if c.world.choice_name is None:
        return to_text(name)
    return c.world.choice_name(to_text(name), to_text(path).strip(), c.current)


def _itext(c: Context, text_id: Value) -> str:
    return "" if c.world.itext is None else c.world.itext(to_text(text_id), c.current)


TABLE = {
    "selected": Function(_selected, 2, 2),
    "selected-at": Function(_selected_at, 2, 2),
    "count-selected": Function(lambda _, answer: float(len(to_text(answer).split())), 1, 1),
    "jr:choice-name": Function(_choice_name, 2, 2),
    "jr:itext": Function(_itext, 1, 1),
}
