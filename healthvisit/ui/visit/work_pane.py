"""The work of a visit: sections at the left, the page or "check and sign" in the middle, last time at the right."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from healthvisit.domain.visit import Place, VisitPart
from healthvisit.forms.views import Page
from healthvisit.services.lines import PersonLine
from healthvisit.ui import theme, words
from healthvisit.ui.desk import Desk
from healthvisit.ui.form.kinds.base import Keeper
from healthvisit.ui.form.page import FormPage
from healthvisit.ui.i18n import _, language, ngettext
from healthvisit.ui.visit.check_pane import FindingsPane, danger_card, missing_card
from healthvisit.ui.visit.findings import Findings, findings
from healthvisit.ui.visit.follow_pane import FollowPane
from healthvisit.ui.visit.last_time import LastTimePane
from healthvisit.ui.visit.offering import offer
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.problems import problems_of
from healthvisit.ui.visit.remarks import growth_now
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.setting_pane import SettingPane
from healthvisit.ui.visit.steps import Step, answers_so_far, page_of, who
from healthvisit.ui.visit.timers import single_shot
from healthvisit.ui.visit.whole_page import VisitPage, WholePage, page_for, show_in, way_to
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import ElidedLabel, button, horizontal, label, scrolled, vertical
from healthvisit.ui.widgets.notices import ErrorSummary
from healthvisit.ui.widgets.sections import SectionList

RIGHT_PX, MANY_SIGNS, ANY_WIDTH, AHEAD_AFTER_MS = 350, 4, 16777215, 120


class WorkPane(QWidget):
    """Draws a `VisitPresenter`. Each section keeps its page while the visit is open: going back makes nothing anew.

    `refer` asks for "Danger now" for a part whose sign has no referral yet. `went` says what was removed.
    """

    left = Signal(str)
    refer = Signal(object)
    went = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._presenter: VisitPresenter | None = None
        self._before: tuple[VisitPart, ...] = ()
        self._files: Keeper | None = None
        self.heading, self.whose = label(role="heading", wrap=False), ElidedLabel(role="muted")
        self.whose.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.sections = SectionList(_("Sections"))
        self.sections.picked.connect(self._pick)
        self.summary = ErrorSummary()
        self.setting = SettingPane(self._place, self._tick)
        self.follow = FollowPane()
        self.follow.answered.connect(self._follow)
        self.page: VisitPage = FormPage()
        self._pages: dict[str, VisitPage] = {}
        self._held = vertical(spacing=0)
        self._ahead = single_shot(self, AHEAD_AFTER_MS, self._make_ahead)
        self.check = FindingsPane()
        self.reason = ChoiceGroup("")
        self.reason.changed.connect(self._reason)
        self.none = button("", self._zero)
        self.none.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has 0
        title = horizontal(self.heading, self.none, self.whose, spacing=12)
        title.setStretchFactor(self.whose, 1)
        column = vertical(
            title, self.summary, self.setting, self.follow, self._held, self.reason, self.check, spacing=10
        )
        column.addStretch()
        column.setContentsMargins(0, 0, theme.px(8), 0)
        middle = QWidget()
        middle.setLayout(column)
        self.middle = scrolled(middle)
        self.right = LastTimePane()
        self.right_scroll = scrolled(self.right)
        across = horizontal(self.sections, self.middle, self.right_scroll, spacing=16)
        across.setContentsMargins(theme.px(8), theme.px(4), theme.px(16), theme.px(4))
        across.setStretchFactor(self.middle, 1)
        self.setLayout(across)

    def open(self, presenter: VisitPresenter, before: tuple[VisitPart, ...], files: Keeper) -> None:
        """Another visit; `before` are the parts of the one that it corrects. Nothing of the last one stays."""
        self._presenter, self._before, self._files = presenter, before, files
        for page in self._pages.values():
            self._held.removeWidget(page)
            page.hide()
            page.deleteLater()
        self._pages, self.page = {}, FormPage()
        self.reason.set_choices(())

    # drawing

    def draw(self, *, moved: bool) -> None:
        """Draw what the presenter says, the columns aside."""
        presenter = self._shown()
        draft, step, part = presenter.draft, presenter.step, presenter.part
        if moved and self.summary.isVisibleTo(self):
            self.summary.show_problems([])
        self.sections.show_sections(presenter.sections(), draft.page)
        self.heading.setText(step.title if step else _("Check and sign"))
        self.whose.setText(who(part, draft.on) if step else "")
        self.none.setText(_("None of these, I looked for each: 0"))
        self.none.setVisible(step is not None and presenter.has_open_signs())
        self.setting.setVisible(step is not None and step.name == "setting")
        self.check.setVisible(step is None)
        self.reason.setVisible(step is None and draft.amends is not None)
        self.follow.show_questions(presenter.follow_questions())
        if step is None:
            self.page.hide()
            self._draw_check(presenter)
        else:
            self._draw_step(presenter, step, moved=moved)
        if moved:
            self._ahead.start()

    def _draw_step(self, presenter: VisitPresenter, step: Step, *, moved: bool) -> None:
        if step.name == "setting":
            self.setting.show_draft(presenter.draft, self._desk.pack)
        page = page_of(presenter.draft, step)
        before, self.page = self.page, self._page(step.key, page)
        if before is not self.page:
            before.hide()
            self.page.show_errors({})
        show_in(self.page, step.key, presenter.part.session, page)
        self.page.show_remarks(presenter.remarks())
        if moved:
            self.page.cover_private()
        wrong = {problem.path for problem in problems_of(presenter.draft, step)}
        for path in page.paths if page else ():
            if path not in wrong:
                self.page.forget_error(path)
        self.page.show()  # once it is whole: each row shown by itself would be laid out by itself

    def _page(self, key: str, page: Page | None) -> VisitPage:
        key = f"{key}@{theme.current().text_percent}"
        if key not in self._pages:
            made = self._pages[key] = page_for(page, self._files)
            made.hide()
            if isinstance(made, WholePage):
                made.changed.connect(self._changed)
                made.went.connect(self.went)
            made.answered.connect(self._answer)
            made.left.connect(self.left)
            made.zeroed.connect(self._zero)
            self._held.addWidget(made)
        return self._pages[key]

    def _make_ahead(self) -> None:
        """One more page while she reads this one: each section is there at once when she comes to it."""
        presenter = self._presenter
        if presenter is None or not self.isVisible():
            return
        for step in presenter.steps:
            count, page = len(self._pages), page_of(presenter.draft, step)
            made = self._page(step.key, page)
            if len(self._pages) > count:
                show_in(made, step.key, presenter.draft.parts[step.part].session, page)
                for widget in made.findChildren(QWidget):
                    widget.ensurePolished()
                self._ahead.start()
                return

    def _draw_check(self, presenter: VisitPresenter) -> None:
        shown, missing, waiting = presenter.to_check()
        draft, pack = presenter.draft, self._desk.pack
        above = [missing_card(missing, presenter.pick)] if missing else []
        above += [
            danger_card(words.short_name(part.person), partial(self.refer.emit, part))
            for part in draft.seen
            if part.id in waiting and part.person is not None
        ]
        if self._before:
            old = findings(pack, self._before, draft.household.persons, on=draft.on)
            shown = [*shown, *(_titled(block, _("Before the correction · {who}")) for block in old)]
            self.reason.label.setText(_("Why is it corrected?"))
            self.reason.label.show()
            named = pack.lists.get("corrections", ())
            offer(self.reason, [Choice(n.code, pack.text(n.name, language())) for n in named])
            self.reason.choose(*([draft.reason] if draft.reason else []))
        self.check.show_findings(shown, above)

    def draw_right(self) -> None:
        """Draw last time, with this visit's numbers as far as they are typed."""
        if self._presenter is None or self.right_scroll.isHidden():
            return
        presenter, part = self._presenter, self._presenter.part
        held = answers_so_far(part)
        fields = held.fields("growth") if held else {}
        now = growth_now(self._desk.pack, part.facts, fields, on=presenter.draft.on) if part.facts and fields else None
        self.right.show_part(presenter.draft, part, now)

    def fit(self, *, narrow: bool, last_time: bool) -> bool:
        """Three columns; where it is narrow the right one is a second tab, and the danger list takes both.

        Returns:
            Whether there is a second tab.
        """
        step = self._presenter.step if self._presenter is not None else None
        wide = step is not None and step.name == "danger"
        swapped = narrow and last_time and not wide
        self.right_scroll.setVisible(swapped or not (narrow or wide))
        self.right_scroll.setMaximumWidth(ANY_WIDTH if swapped else theme.px(RIGHT_PX))
        self.right_scroll.setMinimumWidth(0 if swapped else theme.px(RIGHT_PX))
        self.middle.setVisible(not swapped)
        return narrow and not wide

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say them above and beside the fields; a long row of unanswered signs is one sentence."""
        self.page.show_errors({p.path: p.words for p in problems})
        self.follow.show_errors({p.path: p.words for p in problems})
        rows = self.page.grid.rows if self.page.grid else {}
        signs = [p.path for p in problems if p.path in rows]
        if len(signs) >= MANY_SIGNS:
            said = ngettext(
                "{n} sign still needs an answer. Press 0 when you looked for each and none is there.",
                "{n} signs still need an answer. Press 0 when you looked for each and none is there.",
                len(signs),
            ).format(n=len(signs))
            problems = [Problem(signs[0], said), *(p for p in problems if p.path not in rows)]
        linked = [(p.listed, stop) for p in problems if (stop := self._way_to(p.path)) is not None]
        self.summary.show_problems(linked)
        self.middle.verticalScrollBar().setValue(0)

    def _way_to(self, path: str) -> QWidget | Callable[[], None] | None:
        return self.follow.groups.get(path) or way_to(self.page, path)

    def focus_open(self, path: str) -> None:
        """Give the keyboard to the question at `path`, else to the first of the section without an answer."""
        if path or not self.follow.isVisibleTo(self) or not self.follow.focus_open():
            self.page.focus_open(path)

    def ask_reason(self) -> None:
        """A correction without its reason is not signed."""
        self.reason.set_error(_("Choose why it is corrected."))
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    # what was chosen

    def _shown(self) -> VisitPresenter:
        assert self._presenter is not None, "opened with one"
        return self._presenter

    def _answer(self, path: str, text: str) -> None:
        self._shown().answer(path, text)

    def _follow(self, path: str, answer: str) -> None:
        self._shown().follow(path, answer)
        if answer:
            self.focus_open("")

    def _changed(self) -> None:
        self._shown().changed()

    def _zero(self) -> None:
        self._shown().none_of_these()

    def _pick(self, key: str) -> None:
        self._shown().pick(key)

    def _place(self, place: Place) -> None:
        self._shown().setting.set_place(place)

    def _tick(self, person: PersonLine, there: bool) -> None:
        self._shown().setting.set_present(person, there=there)

    def _reason(self) -> None:
        if code := self.reason.key():
            self.reason.set_error("")
            self._shown().setting.set_reason(code)


def _titled(block: Findings, title: str) -> Findings:
    return replace(block, title=title.format(who=block.title))
