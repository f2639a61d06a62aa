"""The words on screen in Turkmen, Russian and English: gettext catalogues, and a bridge that lends them to Qt.

Sentences are written in English inside `_("…")` and filled in afterwards:
``_("Cannot open {name}").format(name=name)``. A list of sentences that is made before the language is known marks them
with `N_` and translates where it shows them.
"""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from healthvisit.settings import resource

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object

DOMAIN = "healthvisit"
LANGUAGES = {"tk": "Türkmençe", "ru": "Русский", "en": "English"}
"""Code and own name, in the order they are offered."""
LOCALES = {"tk": "tk_TM", "ru": "ru_RU", "en": "en_GB"}


class _State:
    code = "en"
    catalogue: catalogues.NullTranslations = catalogues.NullTranslations()
    bridge: "Bridge | None" = None


def set_language(code: str, *, folder: Path | None = None) -> None:
    """Speak `code` (tk, ru, en) from now on; windows already open change their words at once.

    Args:
        code: One of `LANGUAGES`.
        folder: Where the catalogues stand; `resources/locale` when left out. A missing catalogue leaves English.

    Raises:
        KeyError: A language the program does not have.
    """
    QLocale.setDefault(QLocale(LOCALES[code]))
    _State.code = code
    where = folder or resource("locale")
    _State.catalogue = catalogues.translation(DOMAIN, where, languages=[code], fallback=True)
    app = QApplication.instance()
    if _State.bridge is not None and app is not None:
        app.removeTranslator(_State.bridge)
        app.installTranslator(_State.bridge)  # this sends LanguageChange to every window


def language() -> str:
    """The code of the language in use."""
    return _State.code


@contextmanager
def borrowed(code: str) -> Iterator[None]:
    """Speak `code` for the length of a `with`, as for a paper in the family's language; no window is told."""
    before, catalogue, locale = _State.code, _State.catalogue, QLocale()
    QLocale.setDefault(QLocale(LOCALES[code]))
    _State.code = code
    if code != before:
        _State.catalogue = catalogues.translation(DOMAIN, resource("locale"), languages=[code], fallback=True)
    try:
        yield
    finally:
        QLocale.setDefault(locale)
        _State.code, _State.catalogue = before, catalogue


def install(app: QApplication) -> None:
    """Lend our catalogue to Qt's own buttons and menus (Qt has no Turkmen); `set_language` reaches open windows."""
    if _State.bridge is None or not isValid(_State.bridge):
        _State.bridge = Bridge(app)
    app.removeTranslator(_State.bridge)
    app.installTranslator(_State.bridge)


def gettext(text: str) -> str:
    """`text` in the language in use; `text` itself where the catalogue has none."""
    return _State.catalogue.gettext(text) if text else ""


_ = gettext


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a sentence that goes with `count`; Russian has three."""
    return _State.catalogue.ngettext(one, many, count)


def pgettext(context: str, text: str) -> str:
    """`text` as it is said in `context`, for English words with two meanings."""
    return _State.catalogue.pgettext(context, text)


def N_(text: str) -> str:
    """Mark `text` for the catalogue and leave it in English; `_` translates it where it is shown."""
    return text


class Bridge(QTranslator):
    """Answers Qt's own questions ("Cancel", "&Undo") from our catalogue."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, _context: str, text: str, _hint: str | None = None, _count: int = -1) -> str | None:  # type: ignore[override]
        """Our words for Qt's `text`, or None: an empty string would blank "Ctrl+" in menus."""
        found = gettext(text)
        return found if found and found != text else None


class Retranslated(_Widget):
    """Mixin, left of the Qt class: `retranslate` runs again when the language changes; call it once yourself."""

    def retranslate(self) -> None:
        """Set every text of this widget again."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
