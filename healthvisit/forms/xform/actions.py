"""The actions of an XForm: what is written when something happens."""

from collections.abc import Iterator
from typing import Any

from healthvisit.forms.definition import CHANGED, FIRST_LOAD, LOAD, NEW_REPEAT, Action
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import without_positions
from healthvisit.forms.xform.binds import Binds
from healthvisit.forms.xform.expressions import Expressions
from healthvisit.forms.xform.names import CONTROLS, EVENT, SETGEOPOINT, XF
from healthvisit.forms.xform.source import Source

_EVENTS = frozenset((FIRST_LOAD, LOAD, NEW_REPEAT, CHANGED, "xforms-revalidate"))  # the last: known, not run
_OLD_EVENTS = {"xforms-ready": FIRST_LOAD, "jr-insert": NEW_REPEAT}  # their names in old forms


def read_actions(source: Source, binds: Binds, expressions: Expressions) -> Iterator[Action]:
    """Every `setvalue`, in the order of the form.

    Raises:
        FormError: `form.unknown_event` of any action, also of those that a laptop does not carry out.
    """
    for element in source.everywhere(SETGEOPOINT):  # a laptop finds no place
        _awaited(element, element.get("ref") or "")
    for element in source.everywhere(f"{XF}setvalue"):
        repeat = next(
            (up.get("nodeset").strip() for up in element.iterancestors(f"{XF}repeat") if up.get("nodeset")), None
        )
        base, parent = repeat or binds.top, element.getparent()
        ref = binds.ref(element, base) or ""
        path = without_positions(ref)
        target = expressions.find(ref, path)
        if target is not None:
            yield Action(
                path=path,
                target=target,
                events=_awaited(element, path),
                value=expressions.find(element.get("value") or _literal(element.text), path),
                trigger=binds.ref(parent, base) if parent.tag in CONTROLS else None,
                repeat=repeat,
            )


def events_of(element: Any) -> tuple[frozenset[str], str]:
    """What an action waits for, and what of it never comes ("" where all is in order)."""
    names = (element.get("event") or element.get(EVENT) or "").split()
    events = frozenset(_OLD_EVENTS.get(name, name) for name in names)
    unknown = events - _EVENTS
    if element.getparent().tag == f"{XF}model":  # where nothing says of which repeat
        unknown |= events & {NEW_REPEAT}
    return events, min(unknown, default="")


def _awaited(element: Any, path: str) -> frozenset[str]:
    events, unknown = events_of(element)
    if unknown:
        raise FormError("form.unknown_event", path=path, name=unknown)
    return events


def _literal(text: str | None) -> str | None:
    """The words inside an action as an expression."""
    if not text:
        return None
    quote = '"' if "'" in text else "'"
    return f"{quote}{text}{quote}" if quote not in text else None
