"""Over the list of Today: how many families, and which of them are shown: one village, or the round."""

from collections.abc import Callable

from PySide6.QtWidgets import QBoxLayout, QCheckBox, QComboBox, QWidget

from healthvisit.ui import theme, words
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.today.presenter import TodayPresenter
from healthvisit.ui.widgets.layout import ElidedLabel, horizontal

VILLAGE_PX = 150


class FilterBar(Retranslated, theme.Restyled, QWidget):
    """`changed` is told the village's code, empty for all, and whether only the round is shown."""

    def __init__(self, changed: Callable[[str, bool], object]) -> None:
        super().__init__()
        self._changed = changed
        self.counts = ElidedLabel(role="small")  # never so wide that it pushes the pane beside
        self.village = QComboBox()
        self.village.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.village.activated.connect(self._filter)
        self.round_only = QCheckBox()
        self.round_only.clicked.connect(self._filter)
        filters = horizontal(self.village, self.round_only, spacing=12)
        filters.insertStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.counts, 1)
        self._row.addLayout(filters)
        self.setLayout(self._row)
        self.restyle()
        self.retranslate()

    def restyle(self) -> None:
        """Follow the text size."""
        self.village.setFixedWidth(theme.px(VILLAGE_PX))
        self._row.setSpacing(theme.px(6))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.village.setAccessibleName(_("Village"))
        self.round_only.setText(_("In my round"))

    def lie(self, *, across: bool) -> None:
        """Counts and filters share a line, or the counts have one and are never cut."""
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom)

    def draw(self, presenter: TodayPresenter) -> None:
        """Draw what there is to count, and the villages that have a row."""
        places = presenter.places()
        self.counts.setText(presenter.counts() if presenter.view and presenter.view.households else "")
        self.village.clear()
        self.village.addItem(_("All villages"), "")
        for code in places:
            self.village.addItem(words.place(presenter.desk.pack, code), code)
        self.village.view().setMinimumWidth(self.village.view().sizeHintForColumn(0) + theme.px(24))
        self.village.setCurrentIndex(max(0, self.village.findData(presenter.place)))
        self.village.setVisible(len(places) > 1)
        self.round_only.setChecked(presenter.only_round)
        self.round_only.setVisible(bool(places))

    def _filter(self) -> None:
        self._changed(self.village.currentData() or "", self.round_only.isChecked())
