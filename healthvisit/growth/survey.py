"""Figures of a whole table of children, gathered row by row: nothing of a single child is kept.

A flagged z takes part in no prevalence, mean or curve. A child with oedema has no weight-based z and counts as below
-3 there, weighed or not. One whose age is not known counts with those under five. Digit preference by the SMART score:
100 * sqrt(chi² / (n * (classes - 1))), 0 where every last digit is as frequent as any other.

Source: who counts where, and the bands, as in WHO's programs anthro and anthroplus 1.1.0 (their intervals are logit
ones, which shrink to a point at 0 and 100 %; ours are Wilson's); limits of the score from the SMART manual (2017).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import sqrt
from typing import Literal, NamedTuple, cast

from healthvisit.growth.batch import INDICATORS, Scored
from healthvisit.growth.lms import AGE_OF_2007, BMI, DAYS_PER_MONTH, WEIGHT, Age, Number, Sex, whole_days
from healthvisit.growth.zscores import Assessment, Indicator, Measures

BANDS = ((0, 6), (6, 12), (12, 24), (24, 36), (36, 48), (48, 60), (60, 120), (120, 180), (180, 229))
"""Completed months from and until (not included); from 60 by WHO 2007."""
AGE_UNKNOWN = -1
UNDER_FIVE, FROM_FIVE = (*range(6), AGE_UNKNOWN), range(6, 9)
BINS_A_Z = 4
WIDEST_Z = 6
CUT, SEVERE = 2, 3  # z beyond which a child is counted
MONTHS_UNDER_FIVE = 60
_WITH_OEDEMA: dict[Indicator, int] = {  # indicator to the last month whose standard has it
    "weight_for_age": WEIGHT.months,
    "weight_for_length": MONTHS_UNDER_FIVE - 1,
    "bmi_for_age": BMI.months,
}
MEASURES = ("weight_g", "length_mm", "posture", "head_mm", "muac_mm", "triceps_mm", "subscapular_mm")
DIGITS = {"weight_g": 100, "length_mm": 1, "muac_mm": 1}  # what the last digit on the paper stands for
Z_OF_95 = 1.959964
GOOD_SCORES = (7, 12, 20)
Rating = Literal["excellent", "good", "acceptable", "problematic"]
RATINGS: tuple[Rating, ...] = ("excellent", "good", "acceptable", "problematic")


class Share(NamedTuple):
    """`found` of `n`, as a share with its 95 % confidence interval (Wilson; a simple random sample)."""

    found: int
    n: int
    share: float
    low: float
    high: float


class Group:
    """The z-scores of one indicator in one group of children."""

    __slots__ = ("above", "below", "n", "oedema", "squares", "total")

    def __init__(self) -> None:
        self.n = self.oedema = 0
        self.total = self.squares = 0.0
        self.below = [0, 0]  # -2, -3
        self.above = [0, 0, 0]  # 1, 2, 3

    def add(self, z: float) -> None:
        """Count one z that is not flagged."""
        self.n += 1
        self.total += z
        self.squares += z * z
        if z < -CUT:
            self.below[0] += 1
            self.below[1] += z < -SEVERE
        elif z > 1:
            self.above[0] += 1
            self.above[1] += z > CUT
            self.above[2] += z > SEVERE

    def share(self, limit: int) -> Share | None:
        """Children beyond `limit` (-3, -2, 1, 2 or 3); below with those who have oedema. None without children."""
        count = self.oedema + self.below[-limit - 2] if limit < 0 else self.above[limit - 1]
        return share(count, self.n + self.oedema)

    @property
    def mean(self) -> float | None:
        """Mean z; None without any."""
        return self.total / self.n if self.n else None

    @property
    def deviation(self) -> float | None:
        """Standard deviation of z (n - 1); None below two."""
        if self.n < 2:  # noqa: PLR2004
            return None
        return sqrt(max(self.squares - self.total**2 / self.n, 0.0) / (self.n - 1))


class Survey:
    """Figures of one table; `add` each scored row, then read.

    Attributes:
        rows: Rows met; `refused` of them could not be used at all.
        sexes: Children by sex; None: not known.
        missing: Measure ("weight_g", …) to rows without it, or with one that is no measure.
        flagged: Indicator to implausible z-scores; `scored` to all.
        months: Children by completed month, 0 to 59.
        digits: Measure to how often each last digit was met.
    """

    def __init__(self) -> None:
        self.rows = self.refused = self.oedema = self.age_unknown = 0
        self.sexes: dict[Sex | None, int] = defaultdict(int)
        self.missing = dict.fromkeys(MEASURES, 0)
        self.flagged: dict[Indicator, int] = dict.fromkeys(INDICATORS.values(), 0)
        self.scored: dict[Indicator, int] = dict.fromkeys(INDICATORS.values(), 0)
        self.months = [0] * MONTHS_UNDER_FIVE
        self.digits = {name: [0] * 10 for name in DIGITS}
        self._groups: dict[tuple[Indicator, Sex | None, int], Group] = defaultdict(Group)
        self._bins: dict[tuple[Indicator, Sex | None], list[int]] = defaultdict(lambda: [0] * (2 * WIDEST_Z * BINS_A_Z))

    @property
    def used(self) -> int:
        """Rows that could be used."""
        return self.rows - self.refused

    def add(self, scored: Scored) -> None:
        """Count one row."""
        self.rows += 1
        measures, assessment = scored.measures, scored.assessment
        if measures is None or assessment is None:
            self.refused += 1
            return
        sex, age = measures.sex, measures.age_days
        self.sexes[sex] += 1
        self.oedema += measures.oedema
        month = None if age is None else _month(age)
        if month is None:
            band = AGE_UNKNOWN
            self.age_unknown += 1
        else:
            band = _BAND_OF[min(month, len(_BAND_OF) - 1)]
            if month < MONTHS_UNDER_FIVE:
                self.months[month] += 1
        self._count_measures(measures)
        self._count_scores(assessment, sex, band)
        if measures.oedema:
            self._count_oedema(sex, band, month)

    def _count_measures(self, measures: Measures) -> None:
        for name, value in zip(MEASURES, measures[2:9], strict=True):
            if value is None:
                self.missing[name] += 1
            elif name in DIGITS:
                self.digits[name][int(cast("Number", value)) // DIGITS[name] % 10] += 1

    def _count_scores(self, assessment: Assessment, sex: Sex | None, band: int) -> None:
        for indicator, (z, flagged, _reason) in assessment.scores.items():
            if z is None:
                continue
            self.scored[indicator] += 1
            if flagged:
                self.flagged[indicator] += 1
                continue
            self._groups[indicator, sex, band].add(z)
            self._bins[indicator, sex][min(int((z + WIDEST_Z) * BINS_A_Z), 2 * WIDEST_Z * BINS_A_Z - 1)] += 1

    def _count_oedema(self, sex: Sex | None, band: int, month: int | None) -> None:
        """Without an age there is only weight for length."""
        for indicator, last in _WITH_OEDEMA.items():
            if indicator == "weight_for_length" if month is None else month <= last:
                self._groups[indicator, sex, band].oedema += 1

    def group(self, indicator: Indicator, *, sex: Sex | None = None, bands: Collection[int]) -> Group:
        """The children of some age bands (places in `BANDS`, or `AGE_UNKNOWN`), of one sex or of both."""
        whole = Group()
        for (name, who, band), part in self._groups.items():
            if name == indicator and band in bands and sex in (None, who):
                whole.n += part.n
                whole.oedema += part.oedema
                whole.total += part.total
                whole.squares += part.squares
                whole.below = _added(whole.below, part.below)
                whole.above = _added(whole.above, part.above)
        return whole

    def density(self, indicator: Indicator, sex: Sex | None = None) -> list[tuple[float, float]]:
        """Middle of each bin of z and its density (the standard's is the normal one); empty without children."""
        chosen = [bins for (name, who), bins in self._bins.items() if name == indicator and sex in (None, who)]
        counts = [sum(column) for column in zip(*chosen, strict=True)]
        whole = sum(counts)
        if not whole:
            return []
        return [((at + 0.5) / BINS_A_Z - WIDEST_Z, count * BINS_A_Z / whole) for at, count in enumerate(counts)]

    def year_digits(self) -> list[int]:
        """Children under five by month of their year of life, 0 to 11: the first is full where ages are rounded."""
        return [sum(self.months[at::12]) for at in range(12)]


def share(count: int, n: int) -> Share | None:
    """A share with its 95 % Wilson interval; None of nobody."""
    if not n:
        return None
    p, squared = count / n, Z_OF_95**2 / n
    middle = (p + squared / 2) / (1 + squared)
    half = Z_OF_95 * sqrt(p * (1 - p) / n + squared / (4 * n)) / (1 + squared)
    return Share(count, n, p, max(0.0, middle - half), min(1.0, middle + half))


def preference(counts: Sequence[int]) -> float | None:
    """The SMART digit preference score of how often each digit (or month) was met; None without any."""
    n = sum(counts)
    if not n:
        return None
    expected = n / len(counts)
    chi2 = sum((count - expected) ** 2 / expected for count in counts)
    return 100 * sqrt(chi2 / (n * (len(counts) - 1)))


def rating(score: float) -> Rating:
    """How good a digit preference score is: to 7 excellent, to 12 good, to 20 acceptable."""
    return RATINGS[sum(score > limit for limit in GOOD_SCORES)]


def _month(age_days: Age) -> int:
    """Completed months, told under 60 by the whole day that the tables are read at."""
    return int((whole_days(age_days) if age_days < AGE_OF_2007 else float(age_days)) / DAYS_PER_MONTH)


def _added(one: Iterable[int], other: Iterable[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


_BAND_OF = [next(at for at, (_low, high) in enumerate(BANDS) if month < high) for month in range(BANDS[-1][1])]
