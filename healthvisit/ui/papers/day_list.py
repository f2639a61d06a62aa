"""The day list: whom to visit, where, what for. No reasons, no levels; a copy stays at the health house."""

from collections.abc import Sequence

from healthvisit.domain.person import PersonKind
from healthvisit.services.lines import HouseholdLine
from healthvisit.ui import words
from healthvisit.ui.dates import weekday_day
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import _, language
from healthvisit.ui.papers import html
from healthvisit.ui.printing import Letter


def day_list(desk: Desk, lines: Sequence[HouseholdLine]) -> Letter:
    """A4: one row a household in the order given."""
    today = desk.today()
    heads = ("", _("Family"), _("Where"), _("Who, what for"), _("Done / code"))
    rows = [_row(desk, number, line) for number, line in enumerate(lines, start=1)]
    codes = " · ".join(
        f"{number} {desk.pack.text(reason.name, language())}"
        for number, reason in enumerate(desk.pack.not_possible, start=1)
    )
    child = any(p.kind is PersonKind.CHILD for line in lines for p in line.due or line.persons)
    body = [
        html.heading(_("Visits on {day}").format(day=weekday_day(today)), 1),
        html.paragraph(
            html.named(_("Out from"), html.blank(10)),
            html.named(_("Back at"), html.blank(10)),
            html.named(_("List left with"), html.blank(18)),
        ),
        html.table(heads, rows, widths=(5, 23, 31, 28, 13), raw=True),
        html.lines([_("Not possible, codes: {codes}").format(codes=codes)], "small"),
    ]
    if child:
        body.append(html.lines([_("Bring: scales, length board, tape, cards, visit sheets.")], "small"))
    worker = _("Worker: {name}").format(name=desk.worker_label)
    return Letter(html="".join(body), header=worker, footer="healthvisit", practice=desk.practice)


def _row(desk: Desk, number: int, line: HouseholdLine) -> tuple[str, ...]:
    shown, today = desk.preferences.show_child_names, desk.today()
    due = line.due or tuple(p for p in line.persons if p.contact)
    who = [
        ": ".join(filter(None, (words.short_age(p, today, shown=shown), words.contact(desk.pack, p.contact.code))))
        for p in due
        if p.contact is not None
    ]
    rings = words.ringing(line)
    where = [words.address(desk.pack, line), line.note, rings, _("Two go together") if line.two_go else ""]
    return (
        str(number),
        f"<b>{html.text(words.family_name(line))}</b><br>{html.text(line.number)}",
        "<br>".join(html.text(w) for w in where if w),
        "<br>".join(html.text(w) for w in who),
        "<big>☐</big> &nbsp; ____",
    )
