"""One page of any form: draws its questions, keeps what stays on an answer, says mistakes beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.asking import Asking
from healthvisit.ui.form.kinds.base import Ground, Keeper
from healthvisit.ui.form.kinds.folded import WhyQuestion
from healthvisit.ui.form.kinds.measure import NumberQuestion
from healthvisit.ui.form.questions import WHY
from healthvisit.ui.form.shown import NUMBERS
from healthvisit.ui.form.sign_grid import TWO_COLUMNS_PX, SignGrid

GRID_FROM = 4  # so many equal questions in a row become a grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What an answer means, beside its field: words, their tone, and a value offered in its place (label, text)."""

    words: str = field(default="", repr=False)
    tone: str = "muted"
    offer: tuple[str, str] | None = field(default=None, repr=False)


class FormPage(Asking):
    """The questions of one page of a visit: long lists of equal questions are a grid, numbers stand beside it."""

    def __init__(self, clock: Callable[[], str] = lambda: "", files: Keeper | None = None) -> None:
        super().__init__(Ground(clock=clock, files=files))
        self._page = ""
        self._grid: SignGrid | None = None
        self._order: list[str] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(14))
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._beside = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._beside.setSpacing(theme.px(14))
        self._column.addLayout(self._beside)

    @property
    def grid(self) -> SignGrid | None:
        """The compact list of equal questions, where the page has one."""
        return self._grid

    def show_page(self, key: str, questions: Sequence[Question]) -> None:
        """Draw a page, or the same page (by `key`) as it reads after an answer: nothing that stays is made anew."""
        if key != self._page:
            self._clear()
            self._page = key
        equal = _equal_run(questions)
        rest = [q for q in questions if q.path not in equal]
        self._show_grid([q for q in questions if q.path in equal], below=bool(rest) and rest[0] is questions[0])
        whys = {(q.field or "").removesuffix(WHY): q for q in rest if _is_why(q)}
        fields = {q.field for q in rest if q.field}
        own = [q for q in rest if not (_is_why(q) and q.field and q.field.removesuffix(WHY) in fields)]
        self._show_rest(own)
        for question in own:
            widget = self.widgets[question.path]
            if isinstance(widget, NumberQuestion):
                self._pair(widget, whys.get(question.field or ""))
        if self._errors:
            self._say_errors()

    def _show_grid(self, questions: Sequence[Question], *, below: bool) -> None:
        if not questions:
            if self._grid is not None:
                self._grid.hide()
            return
        if self._grid is None:
            self._grid = SignGrid()
            self._grid.answered.connect(self.answered)
            self._grid.zeroed.connect(self.zeroed)
            self._grid.ended.connect(self._after_grid)
            self._column.insertWidget(-1 if below else 0, self._grid)
            self._grid.show()
        self._grid.show_questions(questions)
        self._grid.show()

    def _show_rest(self, questions: Sequence[Question]) -> None:
        wanted = [q.path for q in questions]
        for path in [p for p in self.widgets if p not in wanted and not isinstance(self.widgets[p], WhyQuestion)]:
            gone = self.widgets.pop(path)
            (self._beside if self._beside.indexOf(gone) >= 0 else self._column).removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        beside = [q for q in questions if self._grid is not None and q.kind in NUMBERS]
        below = [q for q in questions if q not in beside]
        offset = self._column.indexOf(self._beside) + 1
        for layout, start, those in ((self._beside, 0, beside), (self._column, offset, below)):
            for at, question in enumerate(those, start):
                widget = self.widgets.get(question.path)
                if widget is None:
                    widget = self.widgets[question.path] = self._made(question)
                    layout.insertWidget(at, widget, layout is self._beside, Qt.AlignmentFlag.AlignTop)
                    widget.show()
                else:
                    widget.show_question(question)
        self._fit()
        if wanted != self._order:
            self._order = wanted
            self._tab_through()

    def _pair(self, number: NumberQuestion, why: Question | None) -> None:
        if why is None:
            if number.why is not None:
                self.widgets.pop(number.why.path, None)
            number.pair(None)
            return
        if number.why is None:
            made = self._made(why)
            self.widgets[why.path] = made
            number.pair(made if isinstance(made, WhyQuestion) else None)
            self._tab_through()
        else:
            number.why.show_question(why)

    def _tab_through(self) -> None:
        stops: list[QWidget] = list(self._grid.rows.values()) if self._grid is not None else []
        for path in self._order:
            stops.extend(self.widgets[path].stops())
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _clear(self) -> None:
        for widget in (*self.widgets.values(), *([self._grid] if self._grid else [])):
            (self._beside if self._beside.indexOf(widget) >= 0 else self._column).removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.widgets, self._grid, self._order, self._errors = {}, None, [], {}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Numbers below a grid stand beside one another where there is room: the list is seen without scrolling."""
        wide = self.width() >= theme.px(TWO_COLUMNS_PX)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # mistakes and remarks

    def _say_errors(self) -> None:
        super()._say_errors()
        for path, row in (self._grid.rows if self._grid else {}).items():
            row.set_error(self._errors.get(path, ""))

    def show_remarks(self, remarks: Mapping[str, Remark]) -> None:
        """Say what answers mean; `remarks` goes by the form's field."""
        for widget in self.widgets.values():
            remark = remarks.get(widget.question.field or "", Remark())
            widget.set_remark(remark.words, remark.tone)
            if isinstance(widget, NumberQuestion):
                widget.set_offer(remark.offer[0] if remark.offer else "")
                widget.offered = remark.offer[1] if remark.offer else ""

    def cover_private(self) -> None:
        """Hide private answers given before: the page was left since."""
        for row in (self._grid.rows if self._grid else {}).values():
            row.cover()

    # the keyboard

    def stop_of(self, path: str) -> QWidget | None:
        """The widget that takes the keyboard for a question."""
        if self._grid is not None and path in self._grid.rows:
            return self._grid.rows[path]
        return super().stop_of(path)

    def focus_open(self, path: str = "") -> None:
        """Give the keyboard to the question at `path`, else to the first without an answer, else to the first."""
        if path and (stop := self.stop_of(path)) is not None:
            stop.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self._grid is not None and self._grid.isVisibleTo(self) and self._grid.focus_open():
            return
        widgets = [self.widgets[p] for p in self._order if self.widgets[p].focusProxy() is not None]
        opened = next((w for w in widgets if not w.question.typed), widgets[0] if widgets else None)
        if opened is not None:
            opened.stop().setFocus(Qt.FocusReason.OtherFocusReason)

    def path_with_focus(self) -> str:
        """The path of the question that has the keyboard."""
        for path, row in (self._grid.rows if self._grid else {}).items():
            if row.hasFocus():
                return path
        return super().path_with_focus()

    def _after_grid(self) -> None:
        if self._order:
            self.widgets[self._order[0]].stop().setFocus(Qt.FocusReason.TabFocusReason)


def _is_why(question: Question) -> bool:
    return question.kind == "select_one" and "minimal" in question.appearance and (question.field or "").endswith(WHY)


def _equal_run(questions: Sequence[Question]) -> set[str]:
    """Paths of select-one questions that share their answers, where there are enough for a grid."""
    groups: dict[Sequence[tuple[str, str]], set[str]] = {}
    for question in questions:
        if question.kind == "select_one" and "minimal" not in question.appearance:
            groups.setdefault(question.choices, set()).add(question.path)
    largest = max(groups.values(), key=len, default=set())
    return largest if len(largest) >= GRID_FROM else set()
