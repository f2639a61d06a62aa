"""Scores by a key's pack, and which scores may be joined to one line."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, TypeVar

from healthvisit.development.rasch import Answers, DScore, decimal_age, dscore
from healthvisit.packs.keys import KeyPack

FEWEST_FOR_A_POINT = 5
"""Below it the prior speaks louder than the child; the point is not drawn (design/growth.md section 4)."""


class Keyed(Protocol):
    """A score as it was just made, or as a record holds it."""

    @property
    def key(self) -> str | None:
        """Its key."""

    @property
    def n(self) -> int:
        """Answers that counted."""


_Score = TypeVar("_Score", bound=Keyed)


def score_with(pack: KeyPack, responses: Answers, age_days: float | None) -> DScore | None:
    """As `dscore`, with the key's own prior for the age, scale and reference; key and reference are on the score.

    Returns:
        None where there is no score, as `dscore`.
    """
    years = decimal_age(age_days)
    score = dscore(
        responses,
        age_days=age_days,
        difficulties=pack.difficulties,
        prior=None if years is None else pack.prior.at(years),
        reference=pack.reference or None,
        slope=pack.slope,
        intercept=pack.intercept,
        quadrature=pack.grid,
    )
    return None if score is None else replace(score, key=pack.key, reference=pack.reference_name)


def comparable(one: Keyed, other: Keyed) -> bool:
    """Whether two scores may stand on one line: the same, named key."""
    return one.key is not None and one.key == other.key


def lines(scores: Iterable[_Score], *, fewest: int = FEWEST_FOR_A_POINT) -> tuple[tuple[_Score, ...], ...]:
    """The scores of one child, in their order, split into lines that may be drawn: never across keys.

    Scores of fewer answers than `fewest` are left out; each score without a key stands alone.
    """
    made: list[list[_Score]] = []
    for score in scores:
        if score.n < fewest:
            continue
        line = next((line for line in made if comparable(line[0], score)), None)
        if line is None:
            made.append([score])
        else:
            line.append(score)
    return tuple(tuple(line) for line in made)
