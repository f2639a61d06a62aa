"""A sheet that draws the page a `FormPresenter` is on, and hands it what happens to the instances of repeats."""

from functools import partial

from PySide6.QtCore import Qt

from healthvisit.ui import theme
from healthvisit.ui.form.blocks import Instances
from healthvisit.ui.form.kinds.base import Ground
from healthvisit.ui.form.presenter import FormPresenter
from healthvisit.ui.form.repeat_pane import Summary
from healthvisit.ui.form.sheet import Sheet
from healthvisit.ui.i18n import language


class FormSheet(Sheet):
    """`serve` gives it a presenter; whoever shows the sheet takes the answers."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self.presenter: FormPresenter | None = None
        self.picked.connect(lambda path, at: self._shown().open_instance(path, at))
        self.entered.connect(lambda path: self._shown().enter(path))
        self.added.connect(lambda path: self._shown().add(path))
        self.removed.connect(lambda path, at: self._shown().remove(path, at))

    def serve(self, presenter: FormPresenter) -> None:
        """Draw this one's pages from now on."""
        self.presenter = presenter
        self.holds = presenter.holds_answers

    def draw_page(self, name: str, *, answered: str = "") -> None:
        """Draw the blocks of the page; another `name` is another page: nothing of the last one stays."""
        presenter = self._shown()
        key = f"{name} {language()} {theme.current().text_percent}"
        self.show_blocks(key, presenter.blocks(), presenter.pull, self._summary_of, answered=answered)

    def focus_block(self, path: str) -> None:
        """Give the keyboard to a question, or to the list of a repeat."""
        pane = self.repeat(path) if path else None
        if pane is not None:
            pane.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().focus_open(path)

    def focus_next(self, path: str) -> bool:
        """On from a question that was answered with one key; False where it was the last of the page."""
        asked = [p for p in self.widgets if self.widgets[p].can_be_answered()]
        after = asked[asked.index(path) + 1 :] if path in asked else []
        if after:
            self.focus_open(after[0])
        return bool(after)

    def _shown(self) -> FormPresenter:
        assert self.presenter is not None, "served with one"
        return self.presenter

    def _summary_of(self, block: Instances) -> Summary:
        return partial(self._shown().summary, block)
