"""The growth chart on paper: a table of every measuring, charts below it where there is room, then two a page."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from healthvisit.growth import Indicator
from healthvisit.services.caseload import ChildView
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import chart_data, span_for
from healthvisit.ui.child.growth_words import corrected_age, findings, table, table_heads
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk
from healthvisit.ui.growth_chart import PAPER_COLOURS, ChartData, paint
from healthvisit.ui.i18n import _
from healthvisit.ui.papers import html
from healthvisit.ui.papers.family_sheet import drawn
from healthvisit.ui.printing import Draw, Letter

A_PAGE = 2
SHORT_TABLE, BELOW_TABLE = 8, 'width="640" height="260"'  # rows; 1/96 inch
INDICATORS: tuple[Indicator, ...] = ("weight_for_age", "length_for_age", "weight_for_length", "head_for_age")


def growth_page(desk: Desk, child: ChildView) -> Letter:
    """A4: facts, words, table; weight and length for age, weight for length and head."""
    today, person = desk.today(), child.person
    born = day(person.born_on) if person.born_on else ""
    about = [words.sex(person), _("born {day}").format(day=born) if born else "", words.age(person, today)]
    about.append(corrected_age(child, today))
    said = [html.heading(words.person_name(person), 1), html.lines([" · ".join(filter(None, about))])]
    if child.growth:
        found = findings(child.growth[-1])
        said.append(html.lines([f"{f.name}: {f.said}  {f.z}" for f in found]))
    said.append(html.table(table_heads(), table(child.growth, person.born_on)))
    said.append(
        html.lines(
            [_("z: distance from the middle of healthy children; ? stands for a number to measure again.")], "small"
        )
    )
    span = span_for((today - person.born_on).days if person.born_on else None)
    charts = [data for name in INDICATORS if (data := chart_data(child, name, span)) is not None and data.points]
    drawings: dict[str, Draw] = {}
    if len(child.growth) <= SHORT_TABLE:
        for at, data in enumerate(charts[:A_PAGE]):
            drawings[f"chart{at}"] = drawn(data)
            said.append(f"<p><b>{html.text(data.title)}</b></p><p><img src='drawing:chart{at}' {BELOW_TABLE}></p>")
    rest = charts[len(drawings) :]
    own = tuple(_page(rest[at : at + A_PAGE]) for at in range(0, len(rest), A_PAGE))
    return Letter(
        html="".join(said), footer="healthvisit", practice=desk.practice, drawings=drawings, own_pages=own
    )  # fmt: skip


def _page(charts: list[ChartData]) -> Draw:
    def draw(painter: QPainter, room: QRectF) -> None:
        height = room.height() / A_PAGE
        for at, data in enumerate(charts):
            top = room.top() + at * height
            painter.setFont(theme.font(17, 600, theme=theme.Theme()))
            title = QRectF(room.left(), top, room.width(), 28)
            painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, data.title)
            below = QRectF(room.left(), top + 32, room.width(), height - 56)
            paint(painter, below, theme.font(12, theme=theme.Theme()), data, PAPER_COLOURS)

    return draw
