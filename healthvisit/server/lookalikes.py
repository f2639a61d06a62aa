"""Who in a register may be somebody already known: the score of DOMAIN 8.1, and a search that does not compare all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from healthvisit.domain.names import loose_key, strict_key

POSSIBLE = 5
LIKELY = 8
_NEAR_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the score looks at. `ref` names the row or record; `names` is surname and given name."""

    ref: str
    person: str
    names: str = field(repr=False)
    born_on: date | None = field(repr=False)
    sex: str
    mother: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    place: str = ""


@dataclass(frozen=True, slots=True)
class _Keys:
    strict: str
    loose: str
    mother_strict: str
    mother_loose: str


def pairs(new: Iterable[Candidate], known: Iterable[Candidate]) -> Iterator[tuple[Candidate, Candidate, int]]:
    """Each new candidate with an earlier or known one that scores 5 or more: (new, other, score).

    Only those whose name or birth date meet are compared: siblings share mother, phone and place and are not the same.
    """
    seen: dict[object, list[Candidate]] = defaultdict(list)
    keys: dict[str, _Keys] = {}
    for candidate in known:
        keys[candidate.ref] = _keys(candidate)
        for block in _blocks(candidate, keys[candidate.ref]):
            seen[block].append(candidate)
    for candidate in new:
        mine = keys[candidate.ref] = _keys(candidate)
        others = {other.ref: other for block in _blocks(candidate, mine) for other in seen[block]}
        for other in others.values():
            if other.person != candidate.person:
                points = score(candidate, other, mine, keys[other.ref])
                if points >= POSSIBLE:
                    yield candidate, other, points
        for block in _blocks(candidate, mine):
            seen[block].append(candidate)


def _blocks(candidate: Candidate, keys: _Keys) -> list[object]:
    return [block for block in (keys.loose, candidate.born_on) if block]


def _keys(candidate: Candidate) -> _Keys:
    names, mother = _stems(candidate.names), _stems(candidate.mother)
    return _Keys(strict_key(names), loose_key(names), strict_key(mother), loose_key(mother))


def _stems(names: str) -> str:
    """Names without the ending for women: brother's and sister's, mother's and son's surname compare equal."""
    words = names.casefold().split()
    return " ".join(w[:-1] if w.endswith(("owa", "ewa", "ова", "ева")) else w for w in words)


def score(one: Candidate, other: Candidate, mine: _Keys, theirs: _Keys) -> int:
    """Points for being the same person: 8 and more likely, 5 to 7 possible.

    Source: DOMAIN 8.1. The order of birth is not in a register: another given name on the same day of the same mother
    counts as a twin.
    """
    points = _met(mine.strict, theirs.strict, mine.loose, theirs.loose, (4, 2))
    mother = _met(mine.mother_strict, theirs.mother_strict, mine.mother_loose, theirs.mother_loose, (3, 1))
    same_day = one.born_on is not None and one.born_on == other.born_on
    if same_day and mother and not points:
        points -= 8
    points += mother + (3 if same_day else _near(one.born_on, other.born_on))
    if one.sex != other.sex and "unknown" not in (one.sex, other.sex):
        points -= 3
    return points + 2 * bool(one.phone and one.phone == other.phone) + bool(one.place and one.place == other.place)


def _met(strict: str, other_strict: str, loose: str, other_loose: str, worth: tuple[int, int]) -> int:
    if strict and strict == other_strict:
        return worth[0]
    return worth[1] if loose and loose == other_loose else 0


def _near(one: date | None, other: date | None) -> int:
    if one is None or other is None:
        return 0
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    return int(swapped or abs((one - other).days) <= _NEAR_DAYS)
