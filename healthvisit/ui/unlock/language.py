"""The switch between the three languages, for pages that stand before Settings can be reached."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from healthvisit.ui import i18n, theme
from healthvisit.ui.widgets.layout import button, horizontal


class LanguageSwitch(QWidget):
    """The three languages by their own names; the one in use is pressed.

    Args:
        changed: Told the code once the program speaks it, so that it can be kept.
    """

    def __init__(self, changed: Callable[[str], object] = lambda _code: None) -> None:
        super().__init__()
        self._changed = changed
        self.buttons = {
            code: button(name, partial(self.choose, code), "quiet") for code, name in i18n.LANGUAGES.items()
        }
        for made in self.buttons.values():
            made.setCheckable(True)
        self.setLayout(horizontal(*self.buttons.values(), spacing=4))
        self._press()

    def choose(self, code: str) -> None:
        """Speak `code` from now on."""
        i18n.set_language(code)
        self._press()
        self._changed(code)

    def _press(self) -> None:
        for code, made in self.buttons.items():
            made.setChecked(code == i18n.language())
            theme.set_kind(made, "secondary" if made.isChecked() else "quiet")
