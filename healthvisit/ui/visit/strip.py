"""The line above a visit: a tab for each part, when it was saved, last time, and the way to "Danger now"."""

from collections.abc import Callable

from PySide6.QtWidgets import QTabBar, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.steps import who
from healthvisit.ui.widgets.layout import button, horizontal, label


class VisitStrip(theme.Restyled, Retranslated, QWidget):
    """A dot on a tab says that something of that part is open."""

    def __init__(
        self, pick_part: Callable[[int], object], last_time: Callable[[], object], danger: Callable[[], object]
    ) -> None:
        super().__init__()
        self._pick_part = pick_part
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.tabBarClicked.connect(self._pick)
        self.saved = label(role="small", wrap=False)
        self.last_button = button("", last_time)
        self.last_button.setCheckable(True)
        self.danger_button = button("", danger, "danger")
        self._row = horizontal(self.tabs, spacing=12)
        self._row.setStretchFactor(self.tabs, 1)  # all the room there is: its own hint lags behind changed names
        for widget in (self.saved, self.last_button, self.danger_button):
            self._row.addWidget(widget)
        self.setLayout(self._row)
        self.restyle()
        self.retranslate()

    def restyle(self) -> None:
        """Follow colours and text size."""
        self.danger_button.setIcon(theme.icon("alert", "danger"))
        self._row.setContentsMargins(theme.px(16), theme.px(2), theme.px(16), theme.px(4))

    def retranslate(self) -> None:
        """Say everything in the language in use."""
        self.last_button.setText(_("Last time"))
        self.danger_button.setText(_("Danger now"))
        self.danger_button.setToolTip("Ctrl+D")

    def draw(self, presenter: VisitPresenter, *, narrow: bool) -> None:
        """Draw the tabs; where it is narrow, a name alone has to tell twins apart, if they have names."""
        draft = presenter.draft
        shown = []
        for number, part in enumerate(draft.parts):
            if part.seen:
                named = narrow and part.person is not None and bool(part.person.name)
                name = who(part, draft.on, birth_order=not named, short=narrow) or _("Family")
                shown.append((number, name, presenter.survey.is_open(part)))
        while self.tabs.count() > len(shown):
            self.tabs.removeTab(self.tabs.count() - 1)
        while self.tabs.count() < len(shown):
            self.tabs.addTab("")
        for at, (number, name, is_open) in enumerate(shown):
            text = f"{name} •" if is_open else name
            if self.tabs.tabText(at) != text:
                self.tabs.setTabText(at, text)
            self.tabs.setTabData(at, number)
            self.tabs.setTabToolTip(at, _("{name}: something is open").format(name=name) if is_open else name)
            if presenter.step is not None and presenter.step.part == number:
                self.tabs.setCurrentIndex(at)

    def _pick(self, at: int) -> None:
        if at >= 0:
            self._pick_part(self.tabs.tabData(at))
