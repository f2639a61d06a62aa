"""A page of a visit with groups, tables or repeats, drawn as any form is; the visit's presenter takes the answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from healthvisit.forms.session import FormSession
from healthvisit.forms.views import Page, Section
from healthvisit.ui.form.form_sheet import FormSheet
from healthvisit.ui.form.kinds.base import Ground, Keeper
from healthvisit.ui.form.page import FormPage, Remark
from healthvisit.ui.form.presenter import FormPresenter, Slip
from healthvisit.ui.form.sign_grid import SignGrid

TABLES = frozenset({"label", "list-nolabel"})


def is_whole(page: Page) -> bool:
    """Whether a page is more than questions under one another."""
    return any(isinstance(part, Section) for part in page.whole.parts) or any(
        TABLES.intersection(question.appearance.split()) for question in page.questions
    )


class WholePage(FormSheet):
    """`changed`: instances came, went or were opened. `went` carries the words of what was removed."""

    changed = Signal()
    went = Signal(str)
    grid: SignGrid | None = None

    def __init__(self, clock: Callable[[], str] = str, files: Keeper | None = None) -> None:
        super().__init__(Ground(clock=clock, files=files))
        self._name, self._opened = "", dict[str, int]()
        self.moved_on.connect(self.focus_next)

    def show_session(self, name: str, session: FormSession, page: str) -> None:
        """Draw the page at the path `page`, or the same page (by `name`) as it reads after an answer."""
        if name != self._name:
            self._name, self._opened = name, {}
        presenter = FormPresenter(session, self)
        presenter.opened, presenter.at = self._opened, page
        self.serve(presenter)
        self.draw()

    # FormScreen

    def draw(self, *, moved: bool = False, answered: str = "", focus: str | None = None) -> None:  # noqa: ARG002 -- the visit moves
        """Draw the blocks of the page."""
        if self.presenter is None or self.presenter.page is None:
            return
        self.draw_page(self._name, answered=answered)
        if focus is not None:
            self.focus_block(focus)

    def show_slips(self, slips: Sequence[Slip]) -> None:
        """The visit says what is wrong itself."""

    def say_removed(self, words: str) -> None:
        """Say what went; the visit has the place and the way to take it back."""
        self.went.emit(words)

    def touched(self) -> None:
        """Something changed that has to be kept."""
        self.changed.emit()

    def ended(self) -> None:
        """The visit ends by its own signature."""

    # what the visit asks of a page, which names the only instance of a repeat without its number

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Say mistakes beside the fields, by path."""
        super().show_errors({self._placed(path): words for path, words in errors.items()})

    def forget_error(self, path: str) -> None:
        """The mistake was put right."""
        super().forget_error(self._placed(path))

    def _placed(self, path: str) -> str:
        return self.presenter.placed(path) if self.presenter is not None else path

    def show_remarks(self, remarks: Mapping[str, Remark]) -> None:
        """Say what answers mean; `remarks` goes by the form's field."""
        for widget in self.widgets.values():
            remark = remarks.get(widget.question.field or "", Remark())
            widget.set_remark(remark.words, remark.tone)

    def cover_private(self) -> None:
        """Private questions are covered one by one where they stand in a grid; here there is none."""

    def focus_open(self, path: str = "") -> None:
        """Give the keyboard to the question at `path`, opening the instance in which it stands."""
        if path and self.presenter is not None:
            self.presenter.go_to(path)
        else:
            super().focus_open(path)


VisitPage = FormPage | WholePage


def page_for(page: Page | None, files: Keeper | None = None) -> VisitPage:
    """The widget that a page of a visit needs, empty."""
    return WholePage(files=files) if page is not None and is_whole(page) else FormPage(files=files)


def show_in(made: VisitPage, key: str, session: FormSession, page: Page | None) -> None:
    """Draw a page in its widget; `key` tells it from others."""
    if isinstance(made, FormPage):
        made.show_page(key, page.questions if page else ())
    elif page is not None:
        made.show_session(key, session, page.path)


def way_to(made: VisitPage, path: str) -> QWidget | Callable[[], None] | None:
    """Where a problem leads: its field, or into the instance in which it stands."""
    return made.stop_of(path) if isinstance(made, FormPage) else partial(made.focus_open, path)
