"""The visit sheet: one person, one visit, in the order of typing it in later. Private questions are never on it."""

from healthvisit.domain.person import PersonKind
from healthvisit.packs.pack import DangerSign, Group, child_group
from healthvisit.services.caseload import ChildView, FamilyView
from healthvisit.services.lines import PersonLine
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import measured
from healthvisit.ui.dates import day
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import _, language
from healthvisit.ui.papers import html
from healthvisit.ui.printing import Letter


def visit_sheet(desk: Desk, family: FamilyView | None, person: PersonLine | None, child: ChildView | None) -> Letter:
    """A4, blank without a person, else with identity, last measures and agreement.

    The number at the top right is the family's with the person's place in it; its last character before the stroke
    guards against a slip.
    """
    adult = person is not None and person.kind is PersonKind.ADULT
    parts = [_top(desk, family, person), _setting(), _dangers(desk, person), _concerns()]
    if not adult:
        parts.append(_growth(child))
    parts += [_agreement(family), html.paragraph(html.named(_("Visitor"), html.blank(30)))]
    return Letter(html="".join(parts), header=_("Visit sheet"), footer="healthvisit", practice=desk.practice)


def sheet_number(family: FamilyView, person: PersonLine) -> str:
    """K7QX-0143-R / 2."""
    at = [p.id for p in family.household.persons].index(person.id) + 1
    return f"{family.household.number} / {at}"


def _top(desk: Desk, family: FamilyView | None, person: PersonLine | None) -> str:
    if family is None or person is None:
        who = html.named(_("Name"), html.blank(30)) + "<br>" + html.named(_("Born"), html.blank(14))
        where, number = html.named(_("Village, street"), html.blank(26)), html.blank(14)
    else:
        today = desk.today()
        about = [words.sex(person), day(person.born_on) if person.born_on else "", words.age(person, today)]
        who = f"<b>{html.text(words.person_name(person))}</b><br>{html.text(', '.join(filter(None, about)))}"
        code = person.contact.code if person.contact else ""
        what = words.contact(desk.pack, code) if code else ""
        where = "<br>".join(html.text(w) for w in (words.address(desk.pack, family.household), what) if w)
        number = html.text(sheet_number(family, person))
    return (
        "<table width='100%' cellspacing='0' cellpadding='2'><tr>"
        f"<td width='40%' class='large'>{who}</td><td width='35%'>{where}</td>"
        f"<td align='right' class='large'><b>{number}</b></td></tr></table>"
    )


def _setting() -> str:
    return html.paragraph(
        html.named(_("Date"), html.boxes(8)),
        html.named(_("Time"), html.boxes(4)),
        html.named(_("Place"), html.ticks(_("home"), _("health house"), html.blank(8))),
    )


def _dangers(desk: Desk, person: PersonLine | None) -> str:
    """The whole list for the age; both lists of children where the sheet is blank."""
    if person is None:
        groups = [Group.YOUNG_INFANT, Group.CHILD]
    elif person.kind is PersonKind.ADULT:
        groups = [Group.PREGNANT if person.pregnant else Group.AFTER_BIRTH]
    else:
        age = (desk.today() - person.born_on).days if person.born_on else None
        groups = [child_group(age)]
    names = {
        Group.YOUNG_INFANT: _("Danger signs, under 2 months"),
        Group.CHILD: _("Danger signs, from 2 months"),
        Group.PREGNANT: _("Danger signs, pregnant"),
        Group.AFTER_BIRTH: _("Danger signs, after birth"),
    }
    said = html.lines(
        [_("Circle: + yes, − no, ? not checked. With any + ring 03 and refer first, write later.")], "small"
    )
    for group in groups:
        asked = [s for s in desk.pack.dangers_of(group) if s.asked and not s.private]
        said += html.heading(names[group]) + _signs(desk, asked)
    temperature = html.named(_("Temperature"), html.boxes(3, 2) + "°C")
    return said + html.paragraph(temperature, html.named(_("Breaths in a minute"), html.boxes(3)))


def _signs(desk: Desk, signs: list[DangerSign]) -> str:
    cells = [f"+ − ? &nbsp;{html.text(desk.pack.text(sign.name, language()))}" for sign in signs]
    half = (len(cells) + 1) // 2
    rows = [(cells[at], cells[at + half] if at + half < len(cells) else "") for at in range(half)]
    return html.table(("", ""), rows, widths=(50, 50), raw=True, pad=3)


def _concerns() -> str:
    return html.heading(_("Family's concerns")) + html.paragraph(html.ticks(_("none")), html.blank(66))


def _growth(child: ChildView | None) -> str:
    last = child.growth[-1] if child and child.growth else None
    before = _("Last time {day}: {numbers}").format(day=day(last.on), numbers=measured(last)) if last else ""
    numbers = html.paragraph(
        html.named(_("Weight"), html.boxes(4, 2) + _("kg")),
        html.named(_("Length"), html.boxes(4, 3) + _("cm")),
        html.ticks(_("lying"), _("standing")),
        html.named(_("Head"), html.boxes(3, 2) + _("cm")),
        html.named(_("Upper arm, 6 to 59 months"), html.boxes(3, 2) + _("cm")),
    )
    swelling = html.named(_("Swelling of both feet"), html.ticks(_("yes"), _("no"), _("not checked")))
    return html.heading(_("Growth")) + html.lines([before], "small") + numbers + html.paragraph(swelling)


def _agreement(family: FamilyView | None) -> str:
    last = next((v for v in family.timeline if not v.void and not v.replaced), None) if family else None
    agreed = last.agreed if last else ""
    asked = html.lines([_("Agreed last time: {words} → how did that go?").format(words=agreed)]) if agreed else ""
    now = html.paragraph(html.named(_("Agreed now: who does what"), html.blank(50)))
    ahead = html.paragraph(html.named(_("Next visit"), html.boxes(8)))
    return html.heading(_("Advice and agreement")) + asked + now + html.paragraph(html.blank(76)) + ahead
