"""A page of a visit with groups, tables or repeats, drawn as any form is; the visit's presenter takes the answers."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from healthvisit.forms.session import FormSession
from healthvisit.forms.views import Page, Section
from healthvisit.ui import theme
from healthvisit.ui.form.blocks import Instances
from healthvisit.ui.form.kinds.base import Ground, Keeper
from healthvisit.ui.form.page import FormPage, Remark
from healthvisit.ui.form.presenter import FormPresenter, Slip
from healthvisit.ui.form.repeat_pane import Summary
from healthvisit.ui.form.sheet import Sheet
from healthvisit.ui.form.sign_grid import SignGrid
from healthvisit.ui.i18n import language

TABLES = frozenset({"label", "list-nolabel"})


def is_whole(page: Page) -> bool:
    """Whether a page is more than questions under one another."""
    return any(isinstance(part, Section) for part in page.whole.parts) or any(
        TABLES.intersection(question.appearance.split()) for question in page.questions
    )


class WholePage(Sheet):
    """`changed`: instances came, went or were opened. `went` carries the words of what was removed."""

    changed = Signal()
    went = Signal(str)
    grid: SignGrid | None = None

    def __init__(self, clock: Callable[[], str] = str, files: Keeper | None = None) -> None:
        super().__init__(Ground(clock=clock, files=files))
        self._presenter: FormPresenter | None = None
        self._name, self._opened = "", dict[str, int]()
        for mine, deed in (
            (self.picked, "open_instance"), (self.entered, "enter"), (self.added, "add"), (self.removed, "remove")
        ):  # fmt: skip
            mine.connect(partial(self._do, deed))
        self.moved_on.connect(self._on_to_next)

    def show_session(self, name: str, session: FormSession, page: str) -> None:
        """Draw the page at the path `page`, or the same page (by `name`) as it reads after an answer."""
        if name != self._name:
            self._name, self._opened = name, {}
        self._presenter = FormPresenter(session, self)
        self._presenter.opened, self._presenter.at = self._opened, page
        self.holds = self._presenter.holds_answers
        self.draw()

    def _do(self, deed: str, *given: object) -> None:
        if self._presenter is not None:
            getattr(self._presenter, deed)(*given)

    def _on_to_next(self, path: str) -> None:
        """A quick question is answered: on to the next one."""
        asked = [p for p in self.widgets if self.widgets[p].can_be_answered()]
        if path in asked[:-1]:
            self.focus_open(asked[asked.index(path) + 1])

    # FormScreen

    def draw(self, *, moved: bool = False, answered: str = "", focus: str | None = None) -> None:  # noqa: ARG002 -- the visit moves
        """Draw the blocks of the page."""
        presenter = self._presenter
        if presenter is None or presenter.page is None:
            return
        key = f"{self._name} {language()} {theme.current().text_percent}"
        self.show_blocks(key, presenter.blocks(), presenter.pull, self._summary_of, answered=answered)
        if focus is not None:
            super().focus_open(focus)

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

    def _summary_of(self, block: Instances) -> Summary:
        assert self._presenter is not None, "drawn with one"
        return partial(self._presenter.summary, block)

    # what the visit asks of a page, which names the only instance of a repeat without its number

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Say mistakes beside the fields, by path."""
        super().show_errors({self._placed(path): words for path, words in errors.items()})

    def forget_error(self, path: str) -> None:
        """The mistake was put right."""
        super().forget_error(self._placed(path))

    def _placed(self, path: str) -> str:
        return self._presenter.placed(path) if self._presenter is not None else path

    def show_remarks(self, remarks: Mapping[str, Remark]) -> None:
        """Say what answers mean; `remarks` goes by the form's field."""
        for widget in self.widgets.values():
            remark = remarks.get(widget.question.field or "", Remark())
            widget.set_remark(remark.words, remark.tone)

    def cover_private(self) -> None:
        """Private questions are covered one by one where they stand in a grid; here there is none."""

    def focus_open(self, path: str = "") -> None:
        """Give the keyboard to the question at `path`, opening the instance in which it stands."""
        if path and self._presenter is not None:
            self._presenter.go_to(path)
            pane = self.repeat(path)
            if pane is not None:
                pane.list.setFocus(Qt.FocusReason.OtherFocusReason)
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
