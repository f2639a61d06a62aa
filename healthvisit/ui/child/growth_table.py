"""Every measuring of a child as a table: raw numbers and z, with what was corrected since still to be read."""

from dataclasses import dataclass, field

from healthvisit.domain.measurement import Answer
from healthvisit.growth import Indicator, Score
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.ui.child.growth_words import after_five, corrected_short, judged_length, score_of
from healthvisit.ui.dates import age_short, cm, day, kg, z_text
from healthvisit.ui.i18n import _

COLUMNS: tuple[tuple[Indicator, str | None], ...] = (  # what stands in each column: a measure, its z beside it
    ("weight_for_age", "weight_g"),
    ("length_for_age", "length_mm"),
    ("weight_for_length", None),
    ("bmi_for_age", None),
    ("head_for_age", "head_mm"),
    ("muac_for_age", "muac_mm"),
)
BEFORE_TERM = {
    "weight_for_age": "intergrowth_weight", "length_for_age": "intergrowth_length", "head_for_age": "intergrowth_head"
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One measuring: its cells, which of them are doubtful, and whether a correction stands in its place."""

    part: str
    cells: tuple[str, ...] = field(repr=False)
    doubtful: frozenset[int] = frozenset()
    replaced: bool = False


def table_heads() -> tuple[str, ...]:
    """The heads of `table`."""
    return (
        _("Date"), _("Age"), _("kg (z)"), _("cm (z)"), _("z kg/cm"), _("z BMI"), _("Head (z)"), _("Arm (z)"), _("Note")
    )  # fmt: skip


def table(view: ChildView, *, with_replaced: bool = True) -> list[TableRow]:
    """Newest first; what a correction replaced stands right below it."""
    points = [*view.growth, *(view.growth_before if with_replaced else ())]
    return [_row(view, p) for p in sorted(points, key=lambda p: (p.on, not p.replaced), reverse=True)]


def filled(rows: list[TableRow]) -> list[int]:
    """The columns in which anything stands: a child without a head measure needs no column for it."""
    return [at for at in range(len(table_heads())) if at == 0 or any(row.cells[at] for row in rows)]


def _row(view: ChildView, point: GrowthPoint) -> TableRow:
    born = view.person.born_on
    age = age_short(born, point.on) if born and point.on >= born else ""
    if point.corrected and point.age_days is not None:
        age = f"{age} ({corrected_short(point.age_days)})"
    cells, doubtful = [], set()
    for at, (indicator, measure) in enumerate(COLUMNS, start=2):
        score = _score(point, indicator)
        raw = getattr(point, measure) if measure else None
        said = "" if raw is None else kg(raw) if measure == "weight_g" else cm(raw)
        z = "" if score.z is None else z_text(score.z)
        cells.append(f"{said} ({z})" if said and z else said or z)
        if score.flagged:
            doubtful.add(at)
    return TableRow(
        part=point.part, cells=(day(point.on), age, *cells, _note(point, doubtful=bool(doubtful))),
        doubtful=frozenset(doubtful), replaced=point.replaced,
    )  # fmt: skip


def _score(point: GrowthPoint, indicator: Indicator) -> Score:
    """The score that a row shows: before term INTERGROWTH-21st's; BMI from five years, when it says something new."""
    if indicator == "bmi_for_age" and not after_five(point):
        return Score(None)
    score = score_of(point, indicator)
    return score_of(point, BEFORE_TERM.get(indicator, "")) if score.reason == "below_zero_corrected" else score


def _note(point: GrowthPoint, *, doubtful: bool) -> str:
    said = [_("corrected")] if point.replaced else []
    said += [_("check")] if doubtful else []
    if point.age_days is not None and point.age_days < 0 and point.standard:
        said.append("INTERGROWTH-21st")
    stature = judged_length(point)
    if stature is not None and stature.corrected_by_mm:
        said.append(_("counted as {cm} cm").format(cm=cm(int(stature.mm))))
    if stature is not None and stature.posture_doubtful:
        said.append(_("standing?"))
    if point.oedema == Answer.YES:
        said.append(_("swollen feet"))
    elif point.oedema == Answer.NOT_CHECKED:
        said.append(_("feet not checked"))
    return ", ".join(said)
