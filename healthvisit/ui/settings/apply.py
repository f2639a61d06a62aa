"""Preferences become look and language, at the start and whenever one changes."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from healthvisit.settings import Preferences
from healthvisit.ui import i18n, theme
from healthvisit.ui.theme import Theme


def apply_preferences(app: QApplication, preferences: Preferences) -> None:
    """Give the program the look and language that were chosen; what holds already is left alone."""
    dark = preferences.theme == "dark" or (
        preferences.theme == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )
    wanted = Theme(dark=dark, text_percent=preferences.text_percent)
    if wanted != theme.current() or not app.styleSheet():
        theme.apply(app, wanted)
    if preferences.language != i18n.language():
        i18n.set_language(preferences.language)
