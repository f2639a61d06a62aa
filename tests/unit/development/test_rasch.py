"""The D-score equals R's at two decimals, its z-score at three; `r_dscore.csv` is what R 4.2 gave for made-up items."""

import csv
import re
from math import inf, log, nan
from pathlib import Path

import pytest

from healthvisit.development import DScore, daz, decimal_age, dscore, row_at
from healthvisit.development.rasch import Row
from healthvisit.domain.errors import InputError

TAU = {f"i{k}": round(-5 + 0.35 * k, 2) for k in range(300)}
TABLE = [
    (0, 11.5, 0.22, 1.40, 34.3),
    (0.0383, 13.18, 0.2075, 1.42, 34.189),
    (0.1534, 18.33, 0.1672, 1.456, 33.783),
    (0.46, 31.76, 0.1022, 1.5522, 32.724),
    (0.7474, 42.25, 0.0761, 1.6423, 31.761),
    (1.0157, 49.68, 0.0651, 1.7264, 30.888),
    (1.4949, 58.86, 0.0573, 1.8765, 29.388),
    (2.0123, 65.47, 0.0553, 2.0387, 27.849),
    (2.4914, 70.71, 0.0525, 2.1889, 26.497),
    (3.0089, 74.77, 0.0512, 2.3511, 25.11),
    (3.5647, 77.29, 0.0488, 2.5253, 23.701),
]
TABLES = [  # skewness above zero, around it, below it
    TABLE,
    [(a, m, s, n - 2.0, t / 4) for a, m, s, n, t in TABLE],
    [(a, m, s, -1.2, 3.0) for a, m, s, _, _ in TABLE],
]
PRIOR = (30.0, 5.0)
ROWS = list(csv.DictReader((Path(__file__).parent / "r_dscore.csv").read_text().splitlines()))


def prior_at(years: float) -> tuple[float, float]:
    """The published prior of one key, written out."""
    if years <= 0.75:
        return 24.522 + 23.886 * years + 9.190 * log(years + 0.2), 5
    if years <= 3.5:
        return 18.434 - 9.206 * years + 61.255 * log(years + 0.92), 5
    return 62.6268 + 4 * years, 5


def answers_of(text: str) -> dict[str, int]:
    if text == "first150":
        return {f"i{k}": 1 for k in range(150)}
    return {f"i{word[1:]}": int(word[0] == "+") for word in text.split()}


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_figure_is_as_in_r(row):
    """A worker's D and DAZ must be those a ministry's statistician gets."""
    days = int(row["days"])
    score = dscore(
        answers_of(row["answers"]),
        age_days=days,
        difficulties=TAU,
        prior=prior_at(decimal_age(days) or 0),
        reference=TABLES[int(row["reference"])],
    )
    assert score is not None
    assert score.d == float(row["d"])
    assert score.daz == (float(row["daz"]) if row["daz"] else None)
    assert score.sem == pytest.approx(float(row["sem"]), abs=1e-6)
    assert (score.share_passed, score.n) == (float(row["share_passed"]), int(row["n"]))


@pytest.mark.parametrize(("d", "z"), [(6.61, -2.019), (5.60, -2.235), (9.09, -1.447), (15.30, 0.277)])
def test_z_for_age_is_that_of_the_r_packages_own_checks(d, z):
    """Reference "phase1" at 21 days, as published with the package."""
    assert daz(d, Row(14.36, 0.2324, 1.2062, 15.54)) == z


@pytest.mark.parametrize(
    ("answers", "d", "sem"),
    [
        ({"ddifmd001": 0}, 9.95, 4.386250),
        ({"ddifmd001": 0, "ddicmm029": 0}, 7.76, 3.921677),
        ({"ddifmd001": 0, "ddicmm029": 1}, 11.58, 3.988388),
        ({"ddifmd001": 1, "ddicmm029": 0}, 11.58, 3.988388),
        ({"ddifmd001": 1, "ddicmm029": 1}, 15.73, 4.250471),
    ],
)
def test_the_example_of_the_r_package_comes_out(answers, d, sem):
    """Its manual shows one child of 21 days, key gsed2406, to six decimals: a judge that we did not run ourselves."""
    score = dscore(
        answers, age_days=21, difficulties={"ddifmd001": 8.61, "ddicmm029": 8.47}, prior=prior_at(decimal_age(21) or 0)
    )
    assert score is not None
    assert (score.d, round(score.sem, 6), score.n) == (d, sem, len(answers))


@pytest.mark.parametrize(
    ("answers", "d"),
    [
        ((None, None, 0), -1.87),
        ((0, None, 0), -1.94),
        ((0, 0, 1), 1.26),
        ((1, 0, 0), 1.26),
        ((0, 1, 1), 4.63),
        ((1, 0, 1), 4.63),
        ((1, 1, 1), 12.06),
        ((0, None, None), 3.53),
        ((0, 0, None), 0.59),
        ((1, 1, None), 12.06),
    ],
)
def test_the_dutch_key_on_its_own_scale_comes_out(answers, d):
    """Another key, slope 1 and a grid that ends at 80: figures of the R package's own checks."""
    years = decimal_age(21) or 0
    score = dscore(
        dict(zip("abc", answers, strict=True)),
        age_days=21,
        difficulties={"a": 5.4, "b": 1.7, "c": -1.9},
        prior=(44.35 - 1.8 * years + 28.47 * log(years + 0.25), 5),
        slope=1,
        quadrature=range(-10, 81),
    )
    assert score is not None
    assert score.d == d


@pytest.mark.parametrize(
    ("responses", "age_days", "prior"),
    [
        ({}, 400, PRIOR),
        ({"i1": None, "i2": None}, 400, PRIOR),
        ({"i1": nan}, 400, PRIOR),
        ({"nobody": 1}, 400, PRIOR),
        ({"i1": 1}, None, PRIOR),
        ({"i1": 1}, nan, PRIOR),
        ({"i1": 1}, -31, PRIOR),
        ({"i1": 1}, 400, None),
        ({"i1": 1}, 400, (nan, 5)),
    ],
)
def test_nothing_to_score_is_no_score(responses, age_days, prior):
    """A prior alone is not a child's score."""
    assert dscore(responses, age_days=age_days, difficulties=TAU, prior=prior) is None


def test_a_month_before_term_is_still_scored():
    """A preterm child's corrected age may be below zero."""
    assert dscore({"i1": 1}, age_days=-30, difficulties=TAU, prior=PRIOR) is not None


@pytest.mark.parametrize("wrong", [2, -1, 0.5, "1", "yes"])
def test_an_answer_that_is_no_answer_is_refused(wrong):
    """Counted as a fail, "sometimes" would lower a child's score in silence."""
    with pytest.raises(InputError) as caught:
        dscore({"i1": wrong}, age_days=400, difficulties=TAU, prior=PRIOR)
    assert (caught.value.code, caught.value.details) == ("development.wrong_answer", {"item": "i1"})


def test_unknown_items_are_left_out_and_listed():
    """A newer form may ask what this key does not hold."""
    difficulties = {**TAU, "blank": nan, "none": None}
    known = dscore({"i90": 1}, age_days=400, difficulties=TAU, prior=PRIOR)
    more = dscore(
        {"z": 1, "i90": True, "a": 0, "q": None, "blank": 1, "none": 0},
        age_days=400,
        difficulties=difficulties,
        prior=PRIOR,
    )
    assert known is not None
    assert more is not None
    assert more.unknown == ("a", "blank", "none", "z")
    assert (more.d, more.n) == (known.d, 1)


def test_the_order_of_items_changes_nothing():
    """Two laptops that ask in different order agree."""
    asked = {f"i{k}": k % 2 for k in range(60)}
    turned = dict(reversed(asked.items()))
    first, second = (dscore(x, age_days=400, difficulties=TAU, prior=PRIOR) for x in (asked, turned))
    assert first == second


@pytest.mark.parametrize("sign", [1, 0])
def test_extreme_difficulties_do_not_fall_over(sign):
    """A table in the wrong unit gives an odd score, not a crash in front of a mother."""
    difficulties = {"far": 1e6, "near": -1e6}
    score = dscore({"far": sign, "near": sign}, age_days=400, difficulties=difficulties, prior=PRIOR, reference=TABLE)
    assert score is not None
    assert -10 <= score.d <= 100


def test_all_passed_at_forty_days_has_no_z_but_says_why():
    """The answers contradict the age: shown as "check the answers", not as a wonder child."""
    score = dscore(
        answers_of("first150"),
        age_days=40,
        difficulties=TAU,
        prior=prior_at(0.1095),
        reference=[(0, 13, 0.01, 1.4, 34), (1, 50, 0.01, 1.7, 31)],
    )
    assert score is not None
    assert (score.daz, score.no_daz) == (None, "beyond_reference")


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        (None, "no_reference"),
        ([], "no_reference"),
        ([row for row in TABLE if row[0] > 2], "outside_reference"),
        ([row for row in TABLE if row[0] < 1], "outside_reference"),
        ([(nan, 50, 0.06, 1.7, 31)], "outside_reference"),
        ((0.0, 0.06, 1.7, 31.0), "beyond_reference"),
        ((50.0, -0.06, 1.7, 31.0), "beyond_reference"),
        ((50.0, nan, 1.7, 31.0), "beyond_reference"),
        ((50.0, 0.06, 1e6, 31.0), "beyond_reference"),
        ((50.0, 0.06, -1e6, 31.0), "beyond_reference"),
    ],
)
def test_without_a_fitting_reference_the_score_stands_alone(reference, reason):
    """Outside the reference there is D and SEM, and "no reference" for the z."""
    score = dscore({"i150": 1, "i170": 1}, age_days=400, difficulties=TAU, prior=(48, 5), reference=reference)
    assert score is not None
    assert (score.daz, score.no_daz) == (None, reason)
    assert score.sem > 0


def test_a_reference_may_come_in_any_shape():
    """One row or a table, tuples or mappings, sorted or not: the same z."""
    names = ("age", *Row._fields)
    years = decimal_age(400)
    assert years is not None
    row = row_at(TABLE, years)
    assert row is not None
    shapes = [
        TABLE,
        tuple(reversed(TABLE)),
        [dict(zip(names, values, strict=True)) for values in reversed(TABLE)],
        {age: rest for age, *rest in reversed(TABLE)},
        dict(zip(names, zip(*TABLE, strict=True), strict=True)),
        row,
        tuple(row),
        list(row),
        row._asdict(),
    ]
    scores = [dscore({"i150": 1}, age_days=400, difficulties=TAU, prior=(48, 5), reference=shape) for shape in shapes]
    assert len({score.daz for score in scores if score is not None}) == 1


def test_a_row_of_the_wrong_length_is_our_mistake():
    """A column lost on the way must not shift the others."""
    with pytest.raises(ValueError, match="mu, sigma, nu, tau"):
        dscore({"i1": 1}, age_days=400, difficulties=TAU, prior=PRIOR, reference=(50, 0.06, 1.7))


def test_a_prior_without_spread_is_our_mistake():
    """Packs refuse it; nothing else may hand it in."""
    with pytest.raises(ValueError, match="above zero"):
        dscore({"i1": 1}, age_days=400, difficulties=TAU, prior=(30, 0))


@pytest.mark.parametrize(
    ("d", "row", "z"),
    [
        (50.0, (50, 0.06, 1.7, 31), 0.0),
        (-4.0, (13, 0.2, 1.4, 34), daz(1.0, Row(13, 0.2, 1.4, 34))),
        (60.0, (50, 0.1, 0.0, inf), round(log(1.2) / 0.1, 3)),
    ],
)
def test_z_at_the_median_below_one_and_in_the_plain_lognormal(d, row, z):
    """Three places where the formula can be checked by hand."""
    assert daz(d, Row(*row)) == z


def test_a_score_prints_no_figure():
    """A crash report must not hold a child's score."""
    score = dscore({"i90": 1}, age_days=400, difficulties=TAU, prior=PRIOR, reference=TABLE)
    assert isinstance(score, DScore)
    assert not re.search(r"\d\.\d", repr(score))
    assert "i90" not in repr(score)


def test_the_logit_undoes_the_scale():
    """Programmes that publish in logits get them without our rounding."""
    score = dscore({"i150": 1}, age_days=400, difficulties=TAU, prior=(48, 5))
    assert score is not None
    assert score.logit * 4.064264 + 54.939147 == pytest.approx(score.d, abs=0.005)
