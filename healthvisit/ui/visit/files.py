"""Files that answer the questions of a visit, sealed with it, in the shape that a form's questions ask for."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from healthvisit.services import attachments
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.desk import Desk
from healthvisit.ui.form.attachments import Files, Kept, Seen, look, read_file


def seen_in(work: Any, draft: VisitDraft) -> dict[str, Seen]:
    """The files that a visit's answers name, drawn small. On the vault lane."""
    return look(attachments.read(work, attachments.answers_of(draft)))


class VaultFiles(Files):
    """Keeps files sealed.

    Args:
        desk: Its lane and its saves.
        seen: The files that the answers named when the visit was opened.
        beside: Gives the visit's answers that name files, when one more is kept: the limit is for all of them.
    """

    def __init__(self, desk: Desk, seen: Mapping[str, Seen], beside: Callable[[], Iterable[str]]) -> None:
        super().__init__(seen)
        self._desk, self._beside = desk, beside

    def keep(
        self,
        path: Path,
        media_type: str,
        *,
        done: Callable[[str], object],
        failed: Callable[[BaseException], object],
        owner: QObject,
    ) -> None:
        """Read a file and seal it; when `done` is called it is on the disk, and no draft names it yet."""

        def seal(kept: Kept) -> None:
            def sealed(_sha256: str) -> None:
                self.see(kept)
                done(kept.name)

            beside = frozenset(self._beside())
            self._desk.save(
                lambda work: attachments.keep(work, kept.data, beside=beside), done=sealed, failed=failed, owner=owner
            )

        self._desk.jobs.vault(read_file, path, media_type, done=seal, failed=failed, owner=owner)
