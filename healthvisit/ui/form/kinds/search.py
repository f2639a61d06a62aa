"""One or several of a long list, found by typing any part of the words."""

from PySide6.QtWidgets import QPushButton, QWidget

from healthvisit.forms.views import Question, words_of
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import PLAIN, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.layout import FlowLayout
from healthvisit.ui.widgets.search_list import SearchList


class SearchQuestion(Framed):
    """What is chosen stands in the field; of several, each above it with a cross that takes it out."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self._many = question.kind == "select_multiple"
        self.search = SearchList(many=self._many)
        self.search.picked.connect(self._pick)
        self.search.line.left.connect(self._leave)
        self._held = QWidget()
        self._chips = FlowLayout(self._held)
        self.chips: dict[str, QPushButton] = {}
        super().__init__(question, ground, self._held, self.search)
        self._held.hide()
        self.setFocusProxy(self.search.line)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.search.set_rows(question.choices)
        names = question.value.split() if self._many else [question.value] if question.value else []
        said = [words_of(question.choices, name) or name for name in names]
        self.search.show_chosen(names, "" if self._many else "".join(said))
        if self._many and list(self.chips) != names:
            self._show_chips(names, said)

    def controls(self) -> list[QWidget]:
        return [self.search.line]

    def stops(self) -> list[QWidget]:
        return [*self.chips.values(), self.search.line]

    def _describe(self) -> None:
        super()._describe()
        self.search.view.setAccessibleName(plain(self.question.label))

    def _show_chips(self, names: list[str], said: list[str]) -> None:
        for old in self.chips.values():
            self._chips.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.chips = {}
        for name, words in zip(names, said, strict=True):
            made = self.chips[name] = QPushButton(f"{plain(words)}  ×")
            made.setAutoDefault(False)
            made.setAccessibleName(_("Take out: {words}").format(words=plain(words)))
            theme.set_kind(made, "chip")
            made.clicked.connect(lambda _on=False, name=name: self._pick(name))
            self._chips.addWidget(made)
        self._held.setVisible(bool(names))

    def _pick(self, name: str) -> None:
        if not self._many:
            self._say(name)
            return
        names = self.question.value.split()
        self._say(" ".join([n for n in names if n != name] if name in names else [*names, name]))
