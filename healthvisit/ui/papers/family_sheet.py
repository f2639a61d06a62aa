"""What the family keeps: large words, the chart, what we agreed, when we meet again. Nothing Sensitive, no finding."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from healthvisit.packs.pack import Pace, child_group
from healthvisit.services.caseload import ChildView, FamilyView
from healthvisit.ui import theme, words
from healthvisit.ui.child.growth_data import chart_data, span_for
from healthvisit.ui.child.growth_words import measured, standing
from healthvisit.ui.dates import day, day_long
from healthvisit.ui.desk import Desk
from healthvisit.ui.growth_chart import PAPER_COLOURS, ChartData, paint
from healthvisit.ui.i18n import _, language
from healthvisit.ui.papers import html
from healthvisit.ui.printing import Draw, Letter

MOST_SIGNS = 9


def family_sheet(desk: Desk, family: FamilyView, child: ChildView) -> Letter:
    """A5, in the language of prints: made inside `i18n.borrowed`."""
    today, person = desk.today(), child.person
    said = [html.heading(words.person_name(person), 1), html.lines([words.age(person, today)])]
    if child.growth:
        last = child.growth[-1]
        said.append(html.lines([f"{day(last.on)}:  {measured(last)}", *standing(child.growth)], "large"))
    drawings: dict[str, Draw] = {}
    data = chart_data(child, "weight_for_age", span_for(_age(desk, child)))
    if data is not None and data.points:
        drawings["chart"] = drawn(data)
        said += [html.lines([_("Weight for age")], "small"), '<img src="drawing:chart" width="430" height="230">']
    agreed = next((v for v in family.timeline if not v.void and not v.replaced), None)
    if agreed is not None and agreed.agreed:
        said += [html.heading(_("We agreed")), html.lines([agreed.agreed], "large")]
    ahead = _next_day(desk, family, child)
    if ahead:
        said += [html.heading(_("Next visit")), html.lines([ahead], "large")]
    said += _signs(desk, child)
    said.append(html.paragraph(html.named(_("You may say no to a visit. Questions and complaints"), html.blank(20))))
    return Letter(html="".join(said), page="A5", footer="healthvisit", practice=desk.practice, drawings=drawings)


def drawn(data: ChartData) -> Draw:
    """The chart in black on white."""

    def draw(painter: QPainter, rect: QRectF) -> None:
        painter.save()
        paint(painter, rect, theme.font(11, theme=theme.Theme()), data, PAPER_COLOURS)
        painter.restore()

    return draw


def _age(desk: Desk, child: ChildView) -> int | None:
    return (desk.today() - child.person.born_on).days if child.person.born_on else None


def _next_day(desk: Desk, family: FamilyView, child: ChildView) -> str:
    contact = child.person.contact
    agreed = family.timeline[0].next_on if family.timeline else None
    on = next((d for d in (contact.agreed_on if contact else None, agreed) if d and d >= desk.today()), None)
    if on is not None:
        return day_long(on)
    if contact is None:
        return ""
    return f"{words.contact(desk.pack, contact.code)}: {day(contact.opens_on)} – {day(contact.closes_on)}"


def _signs(desk: Desk, child: ChildView) -> list[str]:
    """The signs of the child's age for which a family goes at once; worded by the pack."""
    group = child_group(_age(desk, child))
    signs = [s for s in desk.pack.dangers_of(group) if s.urgency is Pace.NOW and s.asked and not s.private]
    shown = "".join(f"<li>{html.text(desk.pack.text(s.name, language()))}</li>" for s in signs[:MOST_SIGNS])
    return [html.heading(_("Go to the doctor at once, ring 03")), f"<ul>{shown}</ul>"]
