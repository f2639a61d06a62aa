"""Development on paper, for the doctor a child is referred to: the last check, motor windows, skills, other results."""

from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from healthvisit.services.development import checks_pack
from healthvisit.services.development_view import DevelopmentView
from healthvisit.ui import theme
from healthvisit.ui import words as general
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk
from healthvisit.ui.development import motor_words, words
from healthvisit.ui.development.motor_chart import PAPER
from healthvisit.ui.development.motor_plot import MotorData, paint_motor
from healthvisit.ui.i18n import _
from healthvisit.ui.papers import html
from healthvisit.ui.printing import Draw, Letter

CHART = 'width="640" height="250"'  # 1/96 inch


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What the page shows beside the check, in the print language: rows as on the screen."""

    owed: list[str] = field(repr=False)
    skills: list[tuple[str, ...]] = field(repr=False)
    checks: list[tuple[str, ...]] = field(repr=False)
    results: list[tuple[str, ...]] = field(repr=False)


def development_page(desk: Desk, view: DevelopmentView, tables: Tables, today: date) -> Letter:
    """A4. It names the child and says what was found: it is handed to the doctor, and to nobody else."""
    pack, person = checks_pack(), view.facts.person
    born = _("born {day}").format(day=day(person.born_on)) if person.born_on else ""
    about = [general.sex(person), born, general.age(person, today)]
    said = [
        html.heading(general.person_name(person), 1),
        html.lines([" · ".join(filter(None, about)), _("For the doctor. Not to be left lying.")]),
        html.lines([words.own(pack.notice)]),
    ]
    check = view.last
    if check is not None:
        said.append(html.heading(f"{day(check.on)}: {words.result(pack, check.result)}"))
        said.append(html.lines([*(words.reason(pack, r).line() for r in check.reasons), check.worry, *tables.owed]))
    drawings: dict[str, Draw] = {}
    if view.milestones:
        drawings["motor"] = _drawn(motor_words.chart(view, today))
        said.append(html.heading(_("Motor milestones")))
        said.append(f"<p><img src='drawing:motor' {CHART}></p>")
        said.append(html.table(motor_words.heads(), motor_words.rows(view.milestones), pad=2))
    for heading, heads, rows in (
        (_("Skills"), (_("Area"), _("Skill"), _("First seen"), _("Now")), tables.skills),
        (_("Checks"), (_("Day"), _("Age"), _("List"), _("Result"), _("Why")), tables.checks),
        (
            _("Results of other tools"),
            (_("Day"), _("Tool"), _("Result"), _("Scores"), _("Who assessed")),
            tables.results,
        ),
    ):
        if rows:
            said += [html.heading(heading), html.table(heads, rows, pad=2)]
    return Letter(html="".join(said), footer="healthvisit", practice=desk.practice, drawings=drawings)


def _drawn(data: MotorData) -> Draw:
    def draw(painter: QPainter, rect: QRectF) -> None:
        painter.save()
        paint_motor(painter, rect, theme.font(11, theme=theme.Theme()), data, PAPER)
        painter.restore()

    return draw
