"""Figures of Student's t from R 4.2 (`pt`); the DAZ stands on them."""

from math import inf

import pytest

from healthvisit.development.student import student_cdf


@pytest.mark.parametrize(
    ("x", "df", "share"),
    [
        (-1000, 3, 1.1026538212882999e-09),
        (-20, 5, 2.8877581866120836e-06),
        (-8, 19.6, 6.7262666108199728e-08),
        (-5, 34.2, 8.4703685005701513e-06),
        (-1.8, 25, 0.04197043405773232),
        (-1.7, 25, 0.050770585242610515),
        (-0.3, 1, 0.40722642092225769),
        (-1e-05, 15.4, 0.499996074773153),
        (0, 3, 0.5),
        (1.73, 10, 0.94284251228591875),
        (4, 40.1, 0.99986742598020339),
        (9, 3.7, 0.99939930957344991),
        (-8, 1e7, 6.2216174014033532e-16),
        (-8, inf, 6.2209605742717844e-16),
        (-inf, 4, 0),
        (inf, 4, 1),
        (-1e200, 4, 0),
    ],
)
def test_both_tails_are_as_in_r(x, df, share):
    """A wrong tail is a wrong z-score exactly for the children who matter."""
    assert student_cdf(x, df) == pytest.approx(share, rel=1e-9, abs=0)
