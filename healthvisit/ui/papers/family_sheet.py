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
from healthvisit.ui.printing import Draw, Letter, page_count

MOST_SIGNS, FEWEST_SIGNS = 8, 4


def family_sheet(desk: Desk, family: FamilyView, child: ChildView) -> Letter:
    """A5, in the language of prints: made inside `i18n.borrowed`. As many danger signs as one page holds."""
    letter = _with_signs(desk, family, child, MOST_SIGNS)
    for signs in range(MOST_SIGNS - 2, FEWEST_SIGNS - 1, -2):
        if page_count(letter) == 1:
            break
        letter = _with_signs(desk, family, child, signs)
    return letter


def _with_signs(desk: Desk, family: FamilyView, child: ChildView, signs: int) -> Letter:
    here = [words.age(child.person, desk.today())]
    if child.growth:
        last = child.growth[-1]
        here += [f"{day(last.on)}: {measured(last)}", *standing(child.growth)]
    said = [html.heading(words.person_name(child.person), 1), html.lines(here, "large")]
    drawings: dict[str, Draw] = {}
    data = chart_data(child, "weight_for_age", span_for(_age(desk, child)))
    if data is not None and data.points:
        drawings["chart"] = drawn(data)
        said.append('<img src="drawing:chart" width="440" height="165">')
    agreed = next((v for v in family.timeline if not v.void and not v.replaced), None)
    if agreed is not None and agreed.agreed:
        said.append(_part(_("We agreed"), agreed.agreed))
    ahead = _next_day(desk, family, child)
    if ahead:
        said.append(_part(_("Next visit"), ahead))
    said += _signs(desk, child, signs)
    said.append(html.paragraph(html.named(_("You may say no to a visit. Questions and complaints"), html.blank(20))))
    return Letter(html="".join(said), page="A5", footer="healthvisit", practice=desk.practice, drawings=drawings)


def _part(name: str, words_said: str) -> str:
    return f"<p class='large'><b>{html.text(name)}</b>{'<br>' if words_said else ''}{html.text(words_said)}</p>"


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


def _signs(desk: Desk, child: ChildView, most: int) -> list[str]:
    """The signs of the child's age for which a family goes at once; worded by the pack."""
    group = child_group(_age(desk, child))
    signs = [s for s in desk.pack.dangers_of(group) if s.urgency is Pace.NOW and s.asked and not s.private]
    names = [html.text(desk.pack.text(s.name, language())) for s in signs[:most]]
    half = (len(names) + 1) // 2
    rows = [
        (f"• {name}", f"• {names[at + half]}" if at + half < len(names) else "") for at, name in enumerate(names[:half])
    ]
    cells = "".join(f"<tr><td width='48%'>{left}</td><td width='4%'></td><td>{right}</td></tr>" for left, right in rows)
    return [
        html.heading(_("Go to the doctor at once, ring 03")),
        f"<table width='100%' cellpadding='1'>{cells}</table>",
    ]
