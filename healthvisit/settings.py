"""Where the program keeps its files and finds its data, and what the person at this laptop prefers.

Nothing personal stands here: preferences lie beside the sealed file, readable by anyone, because the unlock window
already needs the language.
"""

import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Literal, Self, get_args

from platformdirs import user_data_path, user_state_path

Language = Literal["tk", "ru", "en"]
Theme = Literal["light", "dark", "system"]
TextPercent = Literal[100, 115, 130]

LANGUAGES: tuple[Language, ...] = get_args(Language)
THEMES: tuple[Theme, ...] = get_args(Theme)
TEXT_PERCENTS: tuple[TextPercent, ...] = get_args(TextPercent)
LOCK_MINUTES = range(2, 16)


def resource(name: str) -> Path:
    """The path of a file or folder under `resources/`, in the checkout or in the built program.

    Args:
        name: The path inside `resources/`, parts joined by "/", as "forms/visit.xml".
    """
    built = getattr(sys, "_MEIPASS", None)
    root = Path(built) if built else Path(__file__).resolve().parent.parent
    return root / "resources" / name


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one laptop account; making them is left to who writes first.

    `data` holds vault, backups and preferences. `anchor` holds the vault's marker: it never roams to another machine
    and is not copied back together with `data`, so that an older vault put back is noticed.
    """

    data: Path
    anchor: Path

    @classmethod
    def standard(cls, *, practice: bool = False) -> Self:
        """The account's own folders; practice mode has folders of its own and never sees real families."""
        name = "healthvisit-practice" if practice else "healthvisit"
        data = user_data_path(name, appauthor=False, roaming=False)
        return cls(data=data / "data", anchor=user_state_path(name, appauthor=False, roaming=False) / "anchor")

    @classmethod
    def under(cls, folder: Path) -> Self:
        """Both folders under one, for tests, tour and self-test."""
        return cls(data=folder / "data", anchor=folder / "anchor")

    @property
    def packs(self) -> Path:
        """Where `healthvisit pack install` puts packs; nothing personal."""
        return self.data.parent / "packs"

    @property
    def forms(self) -> Path:
        """Where `healthvisit form install` puts an office's forms; nothing personal."""
        return self.data.parent / "forms"

    @property
    def preferences(self) -> Path:
        """The file of `Preferences`."""
        return self.data / "preferences.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a person chose in Settings.

    Attributes:
        text_percent: Size of text on screens, in per cent.
        lock_minutes: Minutes without a key or click until the screen is covered.
        show_child_names: Off in a room that others share: lists show the family name only.
        print_language: Language of letters and lists on paper.
        wording_language: Language in which questions are read out, where it differs from the screens'.

    Raises:
        ValueError: A value outside its choices.
    """

    language: Language = "tk"
    theme: Theme = "system"
    text_percent: TextPercent = 100
    lock_minutes: int = 5
    show_child_names: bool = True
    print_language: Language = "tk"
    wording_language: Language | None = None

    def __post_init__(self) -> None:
        choices: dict[str, tuple[object, ...]] = {
            "language": LANGUAGES,
            "theme": THEMES,
            "text_percent": TEXT_PERCENTS,
            "lock_minutes": tuple(LOCK_MINUTES),
            "show_child_names": (True, False),
            "print_language": LANGUAGES,
            "wording_language": (None, *LANGUAGES),
        }
        for name, allowed in choices.items():
            value = getattr(self, name)
            if not any(value == choice and type(value) is type(choice) for choice in allowed):
                raise ValueError(f"{name} is not one of its choices")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what was saved. A file that cannot be understood is kept aside as `*.damaged`, and the defaults hold.

        Unknown names are left out, so that an older program starts after a newer one.
        """
        try:
            saved = dict(json.loads(path.read_bytes()))
            return cls(**{field.name: saved[field.name] for field in fields(cls) if field.name in saved})
        except FileNotFoundError:
            return cls()
        except (ValueError, TypeError):
            path.replace(path.with_suffix(".damaged"))
            return cls()

    def save(self, path: Path) -> None:
        """Replace the file as a whole: after a power cut it holds the old preferences or the new ones."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".preferences-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(self), file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
