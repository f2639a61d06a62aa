"""What the process and the folder can do so that nothing of an open vault ends up elsewhere."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path, PureWindowsPath

from healthvisit.domain.errors import StoreError

_CLOUD_FOLDERS = ("onedrive", "dropbox", "icloud", "google drive", "googledrive", "yandex.disk", "yandexdisk")
_CLOUD_EXACT = {"mobile documents", "cloudstorage", "яндекс.диск"}
_CLOUD_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")
_PR_SET_DUMPABLE = 4


def refuse_shared_folder(folder: Path) -> None:
    """Refuse a folder that another program copies away or that lies on the network.

    A copied live vault is a damaged one, and a vault put back behind our back loses work.

    Raises:
        StoreError: `vault.cloud_folder` or `vault.network_folder`.
    """
    place = folder.expanduser().resolve()
    names = [part.casefold() for part in place.parts]
    if any(name.startswith(_CLOUD_FOLDERS) or name in _CLOUD_EXACT for name in names):
        raise StoreError("vault.cloud_folder")
    roots = [Path(os.environ[name]).resolve() for name in _CLOUD_VARIABLES if os.environ.get(name)]
    if any(place.is_relative_to(root) for root in roots):
        raise StoreError("vault.cloud_folder")
    if PureWindowsPath(folder).drive.startswith("\\\\"):
        raise StoreError("vault.network_folder")


def make_private(path: Path, *, mode: int) -> None:
    """Keep other accounts of this computer out of `path`, where the file system knows modes."""
    with suppress(OSError):
        path.chmod(mode)


def harden_process() -> frozenset[str]:
    """Keep this process out of crash dumps, as far as the system lets us. Returns the measures now in force."""
    measures = set()
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            if ctypes.WinDLL("wer").WerAddExcludedApplication(sys.executable, False) == 0:  # noqa: FBT003
                measures.add("no error reports")
    else:
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            measures.add("no core files")
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            if ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0:
                measures.add("not dumpable")
    return frozenset(measures)
