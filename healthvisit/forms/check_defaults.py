"""What stands in a question before anybody has answered it: whether it is an answer of that question's type."""

from collections.abc import Iterator, Mapping
from typing import Any

from healthvisit.forms.answers import cast
from healthvisit.forms.definition import Bind
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.instance import Node


def bad_defaults(binds: Mapping[str, Any], nodes: Mapping[str, Node]) -> Iterator[Finding]:
    """Defaults that read as blank: text where a number belongs, a day that no month has.

    Args:
        binds: Path → the bind's element.
        nodes: Path → the node of an empty record.
    """
    for path, element in binds.items():
        node, type_ = nodes.get(path), (element.get("type") or "").rpartition(":")[2]
        if node is None or node.children or not (text := node.text.strip()):
            continue
        if not cast(Bind(path=path, type=type_), text):
            yield Finding(
                kind="bad_default",
                level=Level.WARNING,
                place=Place(line=element.sourceline, path=path),
                details={"text": text, "type": type_, "aspect": "default"},
            )
