"""The deeds at the foot of a visit: back, leave, more; the main deed says what comes next."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import ActionBar, button, menu_deed

Act = Callable[[], object]


class VisitBar(Retranslated, ActionBar):
    """`can_undo` is asked when the menu opens."""

    def __init__(
        self, *, back: Act, leave: Act, undo: Act, can_undo: Callable[[], bool], drop: Act, go_on: Act, sign: Act
    ) -> None:
        super().__init__()
        self._can_undo = can_undo
        self.back_button, self.leave_button, self.more_button = button("", back), button("", leave), button("")
        self.more_menu = QMenu(self.more_button)
        self.undo_action = menu_deed(self.more_menu, self, undo)
        self.drop_action = menu_deed(self.more_menu, self, drop)
        self.more_menu.aboutToShow.connect(self._fit_menu)
        self.more_button.setMenu(self.more_menu)
        self.more_button.setProperty("menu", "true")
        for made in (self.back_button, self.leave_button, self.more_button):
            self.add_left(made)
        self.main_button = self.set_primary("", go_on)
        self.sign_button = button("", sign)
        self.add(self.sign_button)
        self.retranslate()

    def retranslate(self) -> None:
        """Say everything in the language in use, the main deed aside."""
        self.back_button.setText(_("Back"))
        self.leave_button.setText(_("Leave, keep it"))
        self.sign_button.setText(_("Sign"))
        self.more_button.setText(_("More"))
        self.undo_action.setText("{}\tCtrl+Z".format(_("Take back the last answer")))
        self.drop_action.setText(_("Throw this visit away"))

    def on_section(self, *, is_first: bool) -> None:
        """Under a page of questions."""
        self._show(_("Continue"), back=not is_first)

    def on_check(self, *, is_missing: bool) -> None:
        """Under "check and sign": while something is missing, signing is not what comes next."""
        self._show(_("Go on to what is missing") if is_missing else _("Sign"), sign=is_missing)

    def on_danger(self, words: str, *, back: bool) -> None:
        """Under "Danger now", with its own words for what comes next."""
        self._show(words or _("Back to the visit"), back=back, leave=False)

    def _show(self, words: str, *, back: bool = True, leave: bool = True, sign: bool = False) -> None:
        self.main_button.setText(f"{words}   Ctrl+Enter")
        for made, shown in (
            (self.sign_button, sign), (self.back_button, back), (self.leave_button, leave), (self.more_button, leave)
        ):  # fmt: skip
            made.setVisible(shown)

    def _fit_menu(self) -> None:
        self.undo_action.setEnabled(self._can_undo())
