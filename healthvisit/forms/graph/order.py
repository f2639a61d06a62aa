"""Targets put in an order in which each stands behind all that it needs."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from healthvisit.forms.errors import FormError


class Target(NamedTuple):
    """Something computed: `aspect` is relevant, calculate, count (of a repeat's instances) or items (of a select)."""

    path: str
    aspect: str


def ordered(needs: Mapping[Target, set[Target]]) -> list[Target]:
    """Kahn's order, with the author's order where there is a choice.

    Raises:
        FormError: `form.cycle`, with the questions that need each other in `paths`.
    """
    place = {target: number for number, target in enumerate(needs)}
    targets = list(needs)
    open_needs = {target: len(wanted) for target, wanted in needs.items()}
    wanted_by: dict[Target, list[Target]] = {}
    for target, wanted in needs.items():
        for other in wanted:
            wanted_by.setdefault(other, []).append(target)
    ready = [place[target] for target, count in open_needs.items() if count == 0]
    heapq.heapify(ready)
    order: list[Target] = []
    while ready:
        done = targets[heapq.heappop(ready)]
        order.append(done)
        for target in wanted_by.get(done, ()):
            open_needs[target] -= 1
            if open_needs[target] == 0:
                heapq.heappush(ready, place[target])
    if len(order) < len(targets):
        grown = _without_growth(needs)
        if grown != needs:
            return ordered(grown)
        cycle = _cycle(needs, {target for target in targets if open_needs[target] > 0})
        raise FormError("form.cycle", path=cycle[0], paths=cycle)
    return order


def _without_growth(needs: Mapping[Target, set[Target]]) -> dict[Target, set[Target]]:
    """A count may look at its own instances, a list at its own answer: what they look at comes first, and again after.

    So a repeat asks "is there another?", and a list leaves out what was chosen.
    """
    grown = {target: set(wanted) for target, wanted in needs.items()}
    for count in (target for target in needs if target.aspect in {"count", "items"}):
        behind: set[Target] = set()
        todo = [count]
        while todo:
            for target in needs[todo.pop()] - behind:
                behind.add(target)
                todo.append(target)
        for target in behind:
            grown[target].discard(count)
    return grown


def _cycle(needs: Mapping[Target, set[Target]], left: set[Target]) -> list[str]:
    """One circle among the targets that could not be ordered, as paths, ending where it began."""
    pick: Callable[[Iterable[Target]], Target] = min
    seen: list[Target] = [pick(left)]
    while (following := pick(needs[seen[-1]] & left)) not in seen:
        seen.append(following)
    circle = [*seen[seen.index(following) :], following]
    return [
        target.path for number, target in enumerate(circle) if number == 0 or target.path != circle[number - 1].path
    ]
