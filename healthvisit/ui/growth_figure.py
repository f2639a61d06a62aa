"""What a growth chart is made from: one child's points of one measure, the texts beside them, the colours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, Self

from healthvisit.growth import ChartIndicator, Sex
from healthvisit.ui.tokens import DARK, LIGHT, Tokens

MINUS = "−"
WEEKS_TO, MONTHS_TO = 100, 1100  # days shown: up to here the foot counts weeks, months; beyond, years
Unit = Literal["weeks", "months", "years", "cm"]
BY_LENGTH = ("weight_for_length", "weight_for_height")


def plain_number(value: float, decimals: int) -> str:
    """A number with a real minus sign; screens hand in their language's own."""
    return f"{value:.{decimals}f}".replace("-", MINUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPoint:
    """One measurement on the chart.

    Args:
        x: Age in days, or length in cm on the weight-for-length charts.
        value: kg, cm, kg/m² or mm, as the lines.
        label: The date, written as people read it; stands beside the last dot.
        tip: What the pointer or the arrow keys tell: exact age, value, z, in words.
        corrected_x: Corrected age in days, where the child was born before term.
        judged: The value as the curve takes it, where it differs: 0,7 cm off for a child measured lying from 2 years.
        draft: Not signed yet.
        key: What the point is called elsewhere, such as in a table beside the chart.
        child: Whose it is.
    """

    x: float = field(repr=False)
    value: float = field(repr=False)
    z: float | None = field(default=None, repr=False)
    flagged: bool = False
    label: str = field(default="", repr=False)
    tip: str = field(default="", repr=False)
    corrected_x: float | None = field(default=None, repr=False)
    judged: float | None = field(default=None, repr=False)
    draft: bool = False
    key: str = ""
    child: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """One child's chart of one indicator; every text is already in the reader's language.

    Args:
        start: First day (or cm) shown; below zero where a child's corrected ages are.
        stop: Last day (or cm) shown.
        points: In order of x.
        child: Whose chart it is; points of another are refused.
        title: What the chart is ("Weight for age, girl"); told to screen readers, not drawn.
        x_title: Unit of the foot; see `x_unit`.
        x_titles: The same for each unit, for a chart that is looked at closer.
        y_title: Unit of the side ("kg").
        lying_title: Word left of the step at two years; empty draws no step mark.
        standing_title: Word right of it.
        handover_titles: Words left and right of 60 months, where WHO 2006 hands over to WHO 2007; empty draws no mark.
        check_title: The word beside a value to be measured again.
        before_title: The words where a child's corrected age is below zero: no curve yet.
        number: Writes a number with so many decimals in the reader's language.
    """

    indicator: ChartIndicator
    sex: Sex
    start: float
    stop: float
    points: tuple[ChartPoint, ...] = field(default=(), repr=False)
    child: str = ""
    title: str = field(default="", repr=False)
    x_title: str = ""
    x_titles: Mapping[Unit, str] = field(default_factory=dict)
    y_title: str = ""
    lying_title: str = ""
    standing_title: str = ""
    handover_titles: tuple[str, str] | None = None
    check_title: str = ""
    before_title: str = ""
    number: Callable[[float, int], str] = field(default=plain_number, repr=False)

    def __post_init__(self) -> None:
        if any(point.child != self.child for point in self.points):
            raise ValueError("a chart shows one child")

    def between(self, start: float, stop: float) -> Self:
        """The same chart, looked at closer; every point keeps its index."""
        unit = x_unit(self.indicator, start, stop)
        return replace(self, start=start, stop=stop, x_title=self.x_titles.get(unit, self.x_title))

    def tip(self, index: int) -> str:
        """What is said of one dot."""
        point = self.points[index]
        if point.tip:
            return point.tip
        z = "" if point.z is None else f"z {self.number(point.z, 2)}"
        return " · ".join(part for part in (point.label, f"{self.number(point.value, 2)} {self.y_title}", z) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColours:
    """What the chart is drawn with, as ``#RRGGBB``. `lines` are those of the median, of 1, 2 and 3 SD."""

    surface: str
    band: str  # between -2 and +2
    grid: str
    text: str
    lines: tuple[str, str, str, str]
    dot: str
    flagged: str
    focus: str

    @classmethod
    def of(cls, tokens: Tokens) -> Self:
        """The chart in a theme's colours."""
        return cls(
            surface=tokens.surface,
            band=tokens.bg,
            grid=tokens.line,
            text=tokens.muted,
            lines=(tokens.muted, tokens.control, tokens.warn, tokens.danger),
            dot=tokens.primary,
            flagged=tokens.muted,
            focus=tokens.focus,
        )


LIGHT_COLOURS = ChartColours.of(LIGHT)
DARK_COLOURS = ChartColours.of(DARK)
PAPER_COLOURS = ChartColours(
    surface="#FFFFFF",
    band="#F4F4F4",
    grid="#CCCCCC",
    text="#000000",
    lines=("#000000",) * 4,
    dot="#000000",
    flagged="#666666",
    focus="#000000",
)


class HitPoint(NamedTuple):
    """Where the dot of `points[point]` was drawn, in the painter's logical units."""

    point: int
    x: float
    y: float


def x_unit(indicator: ChartIndicator, start: float, stop: float) -> Unit:
    """What the numbers at the foot count, so that the caller can name it in `x_title`."""
    if indicator in BY_LENGTH:
        return "cm"
    if stop - start <= WEEKS_TO and stop <= 2 * WEEKS_TO:
        return "weeks"
    return "months" if stop <= MONTHS_TO else "years"
