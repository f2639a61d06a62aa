"""What Today says of one household: its row in the list, and the facts beside it."""

from healthvisit.services.caseload import FamilyView
from healthvisit.services.lines import Group, HouseholdLine
from healthvisit.services.today import TodayRow
from healthvisit.ui import words
from healthvisit.ui.dates import clock
from healthvisit.ui.i18n import _
from healthvisit.ui.today.presenter import TodayPresenter
from healthvisit.ui.widgets.rows import Row


def row_of(presenter: TodayPresenter, row: TodayRow, *, names: bool) -> Row:
    """A row as the list shows it, with the children's `names` or without; one whose line was not read asks for it."""
    line, today, pack = row.line, presenter.today, presenter.desk.pack
    if line is None:
        presenter.want_line(row)
        return Row(key=row.id, title="…")
    chip, tone = words.chip(line, today)
    who = line.due or tuple(p for p in line.children if p.died_on is None) or line.persons
    second = [*presenter.begun(row), *(words.short_age(p, today, shown=names) for p in who[:3])]
    if line.group is Group.STARTED:
        second = [_stopped(line), *presenter.begun(row)]
    return Row(
        key=line.id,
        title=words.family_name(line),
        second=" · ".join([*filter(None, second), words.address(pack, line)]),
        chip=chip,
        tone=tone,
        aside=words.children_count(len(line.due)),
        bar=line.group in (Group.NOW, Group.OVERDUE),
        is_ticked=line.in_round,
    )


def _stopped(line: HouseholdLine) -> str:
    page = words.page(line.draft_page)
    if line.draft_at is None:
        return _("stopped at {page}").format(page=page) if page else ""
    at = clock(line.draft_at)
    return (
        _("stopped at {page}, {clock}").format(page=page, clock=at) if page else _("stopped {clock}").format(clock=at)
    )


def facts_of(presenter: TodayPresenter, view: FamilyView) -> list[tuple[str, str]]:
    """Why now, what to bring, what was agreed: each fact by its name."""
    line, today, pack = view.household, presenter.today, presenter.desk.pack
    names = presenter.desk.preferences.show_child_names
    due = line.due or tuple(p for p in line.persons if p.contact)
    row = presenter.row(line.id)
    planned = "\n".join(words.why_now(pack, p, today, shown=names) for p in due)
    rows = [(_("Why now"), planned)]
    if row is not None and row.line is not None and row.group is Group.NOW:
        rows = [(_("Why now"), words.chip(row.line, today)[0]), (_("Next visit"), planned)]
    begun = presenter.begun(row) if row is not None else []
    rows.append((_("Not finished"), "\n".join(begun)))
    if any(p.is_child for p in due):
        rows.append((_("Bring"), _("scales, length board, tape, the child's card")))
    last, agreed = presenter.last_time(view)
    rows.append((_("Last time"), last))
    if agreed:
        rows.append((_("Agreed"), agreed + "\n" + _("→ ask first how that went")))
    return [(name, fact) for name, fact in rows if fact]
