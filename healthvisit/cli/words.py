"""What commands say, in Turkmen, Russian or English. They start no Qt, so they read the catalogues themselves."""

import errno
import gettext as catalogues
import locale

from healthvisit.settings import resource

LANGUAGES = ("tk", "ru", "en")


def N_(text: str) -> str:
    """Mark `text` for the catalogue and leave it in English; `_` translates it where it is shown."""
    return text


_SYSTEM = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a folder in its path is a file"),
    errno.EACCES: N_("permission is missing"),
    errno.EPERM: N_("permission is missing"),
    errno.EROFS: N_("the disk or folder is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.ENAMETOOLONG: N_("its name is too long"),
}


class _State:
    language = "en"
    catalogue: catalogues.NullTranslations = catalogues.NullTranslations()


def speak(language: str | None) -> None:
    """Speak `language` (tk, ru, en) from now on; None takes the computer's own, English where it is another."""
    code = language or (locale.getlocale()[0] or "")[:2]
    code = _State.language = code if code in LANGUAGES else "en"
    _State.catalogue = catalogues.translation("healthvisit", resource("locale"), languages=[code], fallback=True)


def language() -> str:
    """The language in use: tk, ru or en."""
    return _State.language


def gettext(text: str) -> str:
    """`text` in the language in use; `text` itself where the catalogue has none."""
    return _State.catalogue.gettext(text) if text else ""


_ = gettext


def ngettext(one: str, many: str, count: int) -> str:
    """The form of a sentence that goes with `count`; Russian has three."""
    return _State.catalogue.ngettext(one, many, count)


def why(error: OSError) -> str:
    """Why a file cannot be opened or written; in the system's own words where that is rare."""
    known = _SYSTEM.get(error.errno or 0)
    return _(known) if known else error.strerror or type(error).__name__
