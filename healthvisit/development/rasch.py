"""The D-score: one number for a child's development from passed and failed items, with its error and z-score for age.

A Rasch model with a normal prior for the age, summed over a grid; see `dscore`. Item difficulties, prior and reference
come from an importable key (`healthvisit.packs.keys`): the program holds none.

Source: van Buuren 2014 (Stat Methods Med Res 23:346), Bock & Mislevy 1982 (expected a posteriori), Rigby &
Stasinopoulos 2006 (Box-Cox t); rounding, age limits and order of steps as in the R package `dscore` 1.11.0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp, inf, isfinite, log, log1p, sqrt
from numbers import Real
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

from healthvisit.development.student import student_cdf
from healthvisit.domain.errors import InputError

ENGINE_VERSION = "1"
DAYS_PER_YEAR = 365.25
SLOPE = 4.064264
INTERCEPT = 54.939147
QUADRATURE = range(-10, 101)
YOUNGEST_YEARS = -1 / 12  # the R package gives no score below it

Answers = Mapping[str, float | None]
Prior = tuple[float, float]
Reference = Sequence[Any] | Mapping[str, Any]
NoDaz = Literal["no_reference", "outside_reference", "beyond_reference"]


class Row(NamedTuple):
    """One age of a reference: median, spread, skewness and degrees of freedom of the Box-Cox t distribution."""

    mu: float
    sigma: float
    nu: float
    tau: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DScore:
    """One D-score; information, never the sole ground of a referral (no instrument is validated for single children).

    Attributes:
        d: Points on the key's scale, two decimals.
        sem: Standard error of measurement, same scale, not rounded.
        daz: Z-score for age, three decimals; None where `no_daz` says why: no reference was given, the age is
            ``outside_reference``, or the score ``beyond_reference`` (then the answers should be looked at again).
        n: Items that counted.
        share_passed: Of these, four decimals.
        logit: The same ability before it was put on the D scale.
        unknown: Answered items the key does not hold, left out, sorted.
        key, reference: The key and reference as their pack names them; None where they were handed in bare. Scores of
            different keys cannot be compared.
    """

    d: float = field(repr=False)
    sem: float = field(repr=False)
    daz: float | None = field(repr=False)
    no_daz: NoDaz | None = field(default=None, repr=False)
    n: int = field(repr=False)
    share_passed: float = field(repr=False)
    logit: float = field(repr=False)
    unknown: tuple[str, ...] = field(default=(), repr=False)
    key: str | None = None
    reference: str | None = None
    engine: str = ENGINE_VERSION


def dscore(
    responses: Answers,
    *,
    age_days: float | None,
    difficulties: Mapping[str, float],
    prior: Prior | None,
    reference: Reference | None = None,
    slope: float = SLOPE,
    intercept: float = INTERCEPT,
    quadrature: Sequence[float] = QUADRATURE,
) -> DScore | None:
    """Score one child's answers.

    Args:
        responses: Item to 1 (passes), 0 (does not) or None (not asked). Items without a difficulty are left out and
            listed in the result.
        age_days: Days since birth, corrected where the child was preterm. No age, no score.
        difficulties: Item to its tau, on the D scale.
        prior: Mean and standard deviation, on the D scale, at this age; None where the key has none for it.
        reference: One row for this age, ``(mu, sigma, nu, tau)``; or a table, rows ``(age, mu, sigma, nu, tau)`` in
            any order with the age in years, between whose ages is interpolated. Rows may be mappings with these names;
            a table may be a mapping too, of ages to rows or of these names to columns.
        slope: Points of D in one logit.
        intercept: D at logit 0; it moves `logit` only, because difficulties and prior are on the D scale already.
        quadrature: The grid, evenly spaced.

    Returns:
        None where there is no score: no usable answer, no age, younger than a month before birth, no prior.

    Raises:
        InputError: ``development.wrong_answer``, an answer that is not 1, 0 or None.

    Source: design/growth.md section 4; equal to R `dscore` at two decimals (D) and three (DAZ).
    """
    years = decimal_age(age_days)
    given = {item: answer for item, value in responses.items() if (answer := _answer(item, value)) is not None}
    known = {item: given[item] for item in sorted(given) if _is_number(difficulties.get(item))}
    if years is None or years < YOUNGEST_YEARS or prior is None or not isfinite(prior[0]) or not known:
        return None
    if not (slope > 0 and 0 < prior[1] < inf):
        raise ValueError("slope and the prior's standard deviation must be above zero")
    weights = _posterior(known, difficulties, prior, slope, tuple(quadrature))
    mean = sum(q * w for q, w in zip(quadrature, weights, strict=True))
    variance = sum(w * (q - mean) ** 2 for q, w in zip(quadrature, weights, strict=True))
    d = round(mean, 2) + 0.0
    z, no_daz = _daz(d, years, reference)
    return DScore(
        d=d,
        sem=sqrt(variance),
        daz=z,
        no_daz=no_daz,
        n=len(known),
        share_passed=round(sum(known.values()) / len(known), 4),
        logit=(mean - intercept) / slope,
        unknown=tuple(sorted(given.keys() - known.keys())),
    )


def decimal_age(age_days: float | None) -> float | None:
    """Age in years, four decimals; None for none."""
    return round(age_days / DAYS_PER_YEAR, 4) if _is_number(age_days) and age_days is not None else None


def daz(d: float, row: Row) -> float | None:
    """Development-for-age z-score of `d` (already rounded) in one row of a reference.

    Returns:
        Three decimals; None where the distribution has nothing left beyond `d`.

    Source: Box-Cox t distribution, truncated to what is above zero; D below 1 counts as 1.
    """
    mu, sigma, nu, tau = row
    if not (all(isfinite(x) for x in (mu, sigma, nu)) and mu > 0 and sigma > 0 and tau > 0):
        return None
    ratio = max(d, 1.0) / mu
    try:
        x = (ratio**nu - 1) / (nu * sigma) if nu else log(ratio) / sigma
    except OverflowError:
        x = inf if nu > 0 else -inf
    edge = 1 / (sigma * abs(nu)) if nu else inf
    below = student_cdf(-edge, tau) if nu > 0 else 0.0
    share = (student_cdf(x, tau) - below) / student_cdf(edge, tau)
    return round(NormalDist().inv_cdf(share), 3) + 0.0 if 0 < share < 1 else None


def row_at(reference: Iterable[Any], years: float) -> Row | None:
    """The row of a table at an age, between two rows in proportion; None outside the table.

    Args:
        reference: Rows ``(age, mu, sigma, nu, tau)`` or mappings with these names, in any order, age in years.
        years: Age in years.
    """
    rows = sorted(_numbers(row, ("age", *Row._fields)) for row in reference)
    older = next((at for at, row in enumerate(rows) if row[0] >= years), None)
    if older is None or (older == 0 and rows[0][0] != years):
        return None
    after = rows[older]
    if after[0] == years:
        return Row(*after[1:])
    before = rows[older - 1]
    share = (years - before[0]) / (after[0] - before[0])
    return Row(*(b + (a - b) * share for b, a in zip(before[1:], after[1:], strict=True)))


def _daz(d: float, years: float, reference: Reference | None) -> tuple[float | None, NoDaz | None]:
    if reference is None or len(reference) == 0:
        return None, "no_reference"
    row = _single(reference) or row_at(_table(reference), years)
    if row is None:
        return None, "outside_reference"
    z = daz(d, row)
    return z, "beyond_reference" if z is None else None


def _single(reference: Reference) -> Row | None:
    """The reference where it is one row already."""
    first = reference.get("mu") if isinstance(reference, Mapping) else reference[0]
    return Row(*_numbers(reference, Row._fields)) if isinstance(first, Real) else None


def _table(reference: Reference) -> Iterable[Any]:
    if not isinstance(reference, Mapping):
        return reference
    if "mu" in reference:
        return zip(*(reference[name] for name in ("age", *Row._fields)), strict=True)
    return [(age, *_numbers(row, Row._fields)) for age, row in reference.items()]


def _numbers(row: Any, names: tuple[str, ...]) -> tuple[float, ...]:
    values = tuple(row[name] for name in names) if isinstance(row, Mapping) else tuple(row)
    if len(values) != len(names):
        raise ValueError(f"a reference row holds {', '.join(names)}")
    return values


def _posterior(
    known: Mapping[str, int],
    difficulties: Mapping[str, float],
    prior: Prior,
    slope: float,
    grid: tuple[float, ...],
) -> list[float]:
    """The weight of each point of the grid. In logarithms: 150 passes in a row underflow otherwise."""
    mean, sd = prior
    passed = sum(known.values())
    shift = sum(difficulties[item] for item, answer in known.items() if answer)
    doubts = [sum(column) for column in zip(*(_doubt(difficulties[i], slope, grid) for i in known), strict=True)]
    logs = [
        (passed * q - shift) / slope - doubt - 0.5 * ((q - mean) / sd) ** 2
        for q, doubt in zip(grid, doubts, strict=True)
    ]
    most = max(logs)
    weights = [exp(value - most) for value in logs]
    whole = sum(weights)
    return [weight / whole for weight in weights]


@lru_cache(maxsize=2048)
def _doubt(tau: float, slope: float, grid: tuple[float, ...]) -> tuple[float, ...]:
    """Minus the logarithm of failing the item at each point; passing adds (q - tau) / slope."""
    steps = ((q - tau) / slope for q in grid)
    return tuple(max(step, 0.0) + log1p(exp(-abs(step))) for step in steps)


def _answer(item: str, value: Any) -> int | None:
    if value is None or value != value:  # noqa: PLR0124 - the only float that is not itself
        return None
    if value not in (0, 1):
        raise InputError("development.wrong_answer", item=item)
    return int(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and isfinite(value)
