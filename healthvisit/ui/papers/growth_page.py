"""The growth chart on paper: a table of every measuring, charts below it where there is room, then two a page."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from healthvisit.growth import ChartIndicator
from healthvisit.services.caseload import ChildView
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import chart_data, span_for
from healthvisit.ui.child.growth_table import COLUMNS, filled, table, table_heads
from healthvisit.ui.child.growth_words import after_five, corrected_age, findings, judged_length, told_now, trends_of
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk
from healthvisit.ui.growth_chart import PAPER_COLOURS, ChartData, paint
from healthvisit.ui.i18n import _
from healthvisit.ui.papers import html
from healthvisit.ui.papers.family_sheet import drawn
from healthvisit.ui.printing import Draw, Letter, page_count

A_PAGE = 2
Page = Literal["A4", "A5"]
HEAD_PX = 15  # 14 px, bold
SMALL_PX: dict[Page, int] = {"A4": 11, "A5": 9}
BREAKS = (1, len(COLUMNS) + 2)  # age and note may break into lines
BELOW_TABLE: dict[Page, str] = {"A4": 'width="640" height="260"', "A5": 'width="460" height="190"'}  # 1/96 inch


def growth_page(desk: Desk, child: ChildView, page: Page = "A4") -> Letter:
    """Facts, words, table; then each chart on which something was measured, as many beside the table as have room."""
    for below in range(A_PAGE, -1, -1):
        letter = _with_charts(desk, child, page, below)
        if page_count(letter) == 1 + len(letter.own_pages):
            break
    return letter


def _with_charts(desk: Desk, child: ChildView, page: Page, below: int) -> Letter:
    today, person = desk.today(), child.person
    born = day(person.born_on) if person.born_on else ""
    about = [words.sex(person), _("born {day}").format(day=born) if born else "", words.age(person, today)]
    about.append(corrected_age(child, today))
    said = [html.heading(words.person_name(person), 1), html.lines([" · ".join(filter(None, about))])]
    if child.growth:
        last = child.growth[-1]
        said.append(html.lines([f"{f.name}: {f.said}  {f.z}" for f in findings(last)]))
        said.append(html.lines(told_now(trends_of(child), last.on)))
    said += [_table(child, SMALL_PX[page]), html.lines([_legend()], "small")]
    charts = _charts(child, span_for((today - person.born_on).days if person.born_on else None))
    drawings: dict[str, Draw] = {}
    for at, data in enumerate(charts[:below]):
        drawings[f"chart{at}"] = drawn(data)
        place = f"<img src='drawing:chart{at}' {BELOW_TABLE[page]}>"
        said.append(f"<p><b>{html.text(data.title)}</b><br>{place}</p>")
    rest = charts[len(drawings) :]
    own = tuple(_page(rest[at : at + A_PAGE]) for at in range(0, len(rest), A_PAGE))
    return Letter(
        html="".join(said), page=page, footer="healthvisit", practice=desk.practice, drawings=drawings, own_pages=own
    )  # fmt: skip


def _legend() -> str:
    return _(
        "z: distance from the middle of healthy children of this age and sex (WHO). Check: a number to measure again."
    )


def _table(child: ChildView, size_px: int) -> str:
    """The child's measurings that count; columns in which nothing stands are left out, each as wide as it needs."""
    rows, heads = table(child, with_replaced=False), table_heads()
    shown = filled(rows)
    head = HEAD_PX / size_px  # a letter of the heads is that much wider
    wide = [
        max([head * len(heads[at]), *(_longest(row.cells[at], breaks=at in BREAKS) for row in rows)]) + 2
        for at in shown
    ]
    style = f"style='font-size:{size_px}px'"

    def cell(words_said: str, at: int) -> str:
        whole = html.text(words_said).replace(" ", "&nbsp;") or "&nbsp;"
        breaks = ("&nbsp;(", " (") if at == 1 else (",&nbsp;", ", ") if at in BREAKS else ("", "")
        return f"<span {style}>{whole.replace(*breaks)}</span>"

    return html.table(
        [heads[at] for at in shown], ([cell(row.cells[at], at) for at in shown] for row in rows),
        widths=[int(100 * each / sum(wide)) for each in wide], raw=True, pad=3,
    )  # fmt: skip


def _longest(text: str, *, breaks: bool) -> int:
    """How many letters stand in one line; figures are wide."""
    return max(len(piece) + 1 for piece in text.replace(" (", ",(").split(",")) if breaks else len(text) + 1


def _charts(child: ChildView, span: str) -> list[ChartData]:
    last = child.growth[-1] if child.growth else None
    stature = judged_length(last) if last is not None else None
    tall = stature is not None and stature.posture == "standing"
    wanted: list[ChartIndicator] = ["weight_for_age", "length_for_age"]
    wanted.append("bmi_for_age" if last is not None and after_five(last) else _for_length(tall=tall))
    wanted += ["head_for_age", "muac_for_age"]
    made = (chart_data(child, name, span) for name in wanted)
    return [data for data in made if data is not None and data.points]


def _for_length(*, tall: bool) -> ChartIndicator:
    return "weight_for_height" if tall else "weight_for_length"


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
