"""Every measuring of a child as a table: raw numbers and z, with what was corrected since still to be read."""

from dataclasses import dataclass, field

from healthvisit.domain.measurement import Answer
from healthvisit.growth import Indicator, Score
from healthvisit.services.caseload import ChildView, GrowthPoint
from healthvisit.ui.child.growth_words import after_five, corrected_short, judged_length, score_of
from healthvisit.ui.dates import age_short, cm, day, kg, z_text
from healthvisit.ui.i18n import _

Z_COLUMNS: tuple[Indicator, ...] = (
    "weight_for_age", "length_for_age", "weight_for_length", "bmi_for_age", "head_for_age", "muac_for_age"
)  # fmt: skip
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
        _("Date"), _("Age"), _("kg"), _("cm"), _("Head"), _("Arm"), _("z weight"), _("z length"),
        _("z weight/length"), _("z BMI"), _("z head"), _("z arm"), _("Note"),
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
    raw = (
        kg(point.weight_g) if point.weight_g else "",
        cm(point.length_mm) if point.length_mm else "",
        cm(point.head_mm) if point.head_mm else "",
        cm(point.muac_mm) if point.muac_mm else "",
    )
    zs, doubtful = [], set()
    for at, indicator in enumerate(Z_COLUMNS, start=2 + len(raw)):
        score = score_of(point, indicator)
        if indicator == "bmi_for_age" and not after_five(point):  # under five, weight for length says it
            score = Score(None)
        if score.reason == "below_zero_corrected":
            score = score_of(point, BEFORE_TERM.get(indicator, ""))
        zs.append("" if score.z is None else z_text(score.z))
        if score.flagged:
            doubtful.add(at)
    return TableRow(
        part=point.part, cells=(day(point.on), age, *raw, *zs, _note(point, doubtful=bool(doubtful))),
        doubtful=frozenset(doubtful), replaced=point.replaced,
    )  # fmt: skip


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
