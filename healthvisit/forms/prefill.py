"""What is known before the visit, as secondary instances: `instance('child')/root/item[1]/age_days`."""

from collections.abc import Mapping, Sequence

from healthvisit.forms.instance import ROOT, Node

Rows = Mapping[str, Sequence[Mapping[str, str]]]
Frozen = tuple[tuple[str, tuple[tuple[tuple[str, str], ...], ...]], ...]


def freeze(prefill: Rows | None) -> Frozen:
    """The rows as they are at opening: later changes of the caller's lists reach no open form."""
    return tuple(
        (name, tuple(tuple((column, str(text)) for column, text in row.items()) for row in rows))
        for name, rows in (prefill or {}).items()
    )


def instances_of(frozen: Frozen) -> dict[str, Node]:
    """Name → document with one `item` a row and one element a column."""
    documents: dict[str, Node] = {}
    for name, rows in frozen:
        documents[name] = Node("", kind=ROOT)
        root = documents[name].append(Node("root"))
        for row in rows:
            item = root.append(Node("item"))
            for column, text in row:
                item.append(Node(column, text))
    return documents
