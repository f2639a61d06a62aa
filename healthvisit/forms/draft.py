"""A record taken down as plain texts, and laid out again from them."""

from typing import NamedTuple

from healthvisit.forms.instance import Node, path_of, placed_leaves, without_positions
from healthvisit.forms.ledger import Ledger
from healthvisit.forms.recompute import Record
from healthvisit.forms.snapshot import Snapshot

Pairs = tuple[tuple[str, str], ...]


class Draft(NamedTuple):
    """The parts of a `Snapshot` that stand in the record."""

    answers: Pairs
    repeats: tuple[tuple[str, int], ...]
    shelf: Pairs


def take_down(ledger: Ledger) -> Draft:
    """What somebody typed, or else what is stored, and how many instances there are."""
    leaves = list(placed_leaves(ledger.world.document))
    answers = [(path, leaf.text if leaf.typed is None else leaf.typed) for path, leaf in leaves if _is_answered(leaf)]
    answers += [(path_of(attribute), attribute.text) for attribute in _attributes(ledger) if attribute.text]
    shelf = ledger.shelf
    return Draft(
        answers=tuple(answers),
        repeats=tuple(_counts(ledger)),
        shelf=tuple((path, shelf[leaf]) for path, leaf in leaves if leaf in shelf) if shelf else (),
    )


def lay_out(record: Record, snapshot: Snapshot) -> None:
    """Write a draft into a record that was just made, in place of what its form begins with; all of it is due then.

    What the form no longer has is passed over.
    """
    ledger = record.ledger
    for path, count in snapshot.repeats:
        parent = ledger.index.find(path.rpartition("/")[0])
        repeat = ledger.definition.repeats.get(without_positions(path))
        if parent is not None and repeat is not None:
            record.repeats.resize(repeat, parent, count)
    for leaf in (*ledger.world.document.leaves(), *_attributes(ledger)):
        leaf.text = ""
    for path, text in snapshot.answers:
        if (node := ledger.index.find(path)) is not None:
            record.answer(node, text, is_checked=False)
    for path, text in snapshot.shelf:
        if (node := ledger.index.find(path)) is not None:
            ledger.shelve(node, text)
    record.everything()


def _is_answered(leaf: Node) -> bool:
    return bool(leaf.text or leaf.typed)


def _counts(ledger: Ledger) -> list[tuple[str, int]]:
    """Path of each repeat under each parent and its instances, from the outside in."""
    repeats = sorted(ledger.definition.repeats.values(), key=lambda repeat: repeat.path.count("/"))
    return [
        (f"{path_of(parent)}/{repeat.name}", len(parent.named(repeat.name)))
        for repeat in repeats
        for parent in ledger.index.at(repeat.above)
    ]


def _attributes(ledger: Ledger) -> list[Node]:
    """The attributes that the form itself writes, such as the id of an entity."""
    return [node for path in ledger.definition.attributes for node in ledger.index.at(path)]
