"""One paper sheet on one page: every section of the visit in the order of the sheet, and one list of what is wrong."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from healthvisit.services.lines import PersonLine
from healthvisit.ui import theme
from healthvisit.ui.desk import Desk
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.problems import problems_of
from healthvisit.ui.visit.setting_pane import SettingPane
from healthvisit.ui.visit.steps import Step, page_of, who
from healthvisit.ui.visit.whole_page import VisitPage, WholePage, page_for, show_in, way_to
from healthvisit.ui.widgets.layout import label, scrolled, vertical
from healthvisit.ui.widgets.notices import ErrorSummary

SHEET_PX = 1060


class PaperSheet(QWidget):
    """Draws a `VisitPresenter` whole. `left` carries the path of a field that the keyboard left."""

    left = Signal(str, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._presenter: VisitPresenter | None = None
        self.pages: dict[str, VisitPage] = {}
        self.summary = ErrorSummary()
        sheet = QWidget()
        sheet.setMaximumWidth(theme.px(SHEET_PX))
        self._column = QVBoxLayout(sheet)
        self._column.setSpacing(theme.px(14))
        inside = QWidget()
        inside.setLayout(vertical(self.summary, sheet, spacing=8))
        self._area = scrolled(inside)
        self.setLayout(vertical(self._area))

    def open(self, presenter: VisitPresenter) -> None:
        """Another sheet, with the keyboard at its first question."""
        self._presenter = presenter
        self.summary.show_problems([])
        self._lay_out(presenter)
        self.draw()
        self._area.verticalScrollBar().setValue(0)
        next(iter(self.pages.values())).focus_open()

    def take_keyboard(self) -> None:
        """Give the keyboard back to the question where it was, else to the first."""
        draft = self._presenter.draft if self._presenter is not None else None
        pages = list(self.pages.values())
        page = self.pages.get(draft.page, pages[0]) if draft is not None and pages else None
        if draft is not None and page is not None:
            page.focus_open(draft.focus)

    def draw(self) -> None:
        """Draw every section as it reads now; laid out anew when somebody is ticked as there or not."""
        presenter = self._presenter
        if presenter is None:
            return
        if list(self.pages) != [s.key for s in presenter.steps]:
            self._lay_out(presenter)
        at = presenter.draft.page
        self.setting.show_draft(presenter.draft, self._desk.pack)
        for step in presenter.steps:
            page, asked = self.pages[step.key], page_of(presenter.draft, step)
            presenter.draft.page = step.key
            show_in(page, step.key, presenter.part.session, asked)
            page.show_remarks(presenter.remarks())
            wrong = {problem.path for problem in problems_of(presenter.draft, step)}
            for path in asked.paths if asked else ():
                if path not in wrong:
                    page.forget_error(path)
        presenter.draft.page = at

    def say_problems(self) -> bool:
        """Everything that is wrong on the sheet, above it and beside the fields; tells whether there is anything."""
        presenter = self._presenter
        assert presenter is not None, "asked of an open sheet"
        linked = []
        for step in presenter.steps:
            page, problems = self.pages[step.key], problems_of(presenter.draft, step)
            page.show_errors({p.path: p.words for p in problems})
            rows = page.grid.rows if page.grid else {}
            signs = [p.path for p in problems if p.path in rows]
            several = _("Danger signs: answer each, or press 0 when none was ticked on the sheet.")
            whose = who(presenter.draft.parts[step.part], presenter.draft.on, short=True)
            for problem in problems:
                stop = way_to(page, problem.path)
                if stop is not None and problem.path not in signs[1:]:
                    said = several if problem.path in signs else problem.listed
                    linked.append((f"{whose} · {said}" if whose else said, stop))
        self.summary.show_problems(linked)
        self._area.verticalScrollBar().setValue(0)
        return bool(linked)

    # inside

    def _lay_out(self, presenter: VisitPresenter) -> None:
        self.pages = {}
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setting = SettingPane(presenter.setting.set_place, self._tick)
        self.setting.show_draft(presenter.draft, self._desk.pack)
        self._column.addWidget(self.setting)
        for step in presenter.steps:
            self._add(presenter, step)
        self._column.addStretch()

    def _add(self, presenter: VisitPresenter, step: Step) -> None:
        whose = who(presenter.draft.parts[step.part], presenter.draft.on)
        self._column.addWidget(label(" · ".join(filter(None, (step.title, whose))), "heading"))
        page = self.pages[step.key] = page_for(page_of(presenter.draft, step))
        if isinstance(page, WholePage):
            page.changed.connect(partial(self._changed, step.key))
        page.answered.connect(partial(self._answer, step.key))
        page.left.connect(partial(self.left.emit, step.key))
        page.zeroed.connect(partial(self._zero, step.key))
        self._column.addWidget(page)

    def _at(self, key: str) -> VisitPresenter:
        assert self._presenter is not None, "answered on an open sheet"
        self._presenter.draft.page = key
        return self._presenter

    def _answer(self, key: str, path: str, text: str) -> None:
        self._at(key).answer(path, text)

    def _changed(self, key: str) -> None:
        self._at(key).changed()

    def _zero(self, key: str) -> None:
        self._at(key).none_of_these()
        self.pages[key].focus_open()

    def _tick(self, person: PersonLine, there: bool) -> None:
        if self._presenter is not None:
            self._presenter.setting.set_present(person, there=there)
