"""Files that answer the questions of a visit, sealed with it, in the shape that a form's questions ask for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from PySide6.QtCore import QObject

from healthvisit.services import attachments
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui.desk import Desk
from healthvisit.ui.form.attachments import Files, Seen, look


def seen_in(work: Any, draft: VisitDraft) -> dict[str, Seen]:
    """The files that a visit's answers name, drawn small. On the vault lane."""
    return look(attachments.read(work, attachments.answers_of(draft)))


def vault_files(desk: Desk, seen: Mapping[str, Seen], beside: Callable[[], Iterable[str]]) -> Files:
    """Files that are sealed as soon as they are read; no draft names them yet.

    Args:
        desk: Its lane and its saves.
        seen: The files that the answers named when the visit was opened.
        beside: Gives the visit's answers that name files, when one more is kept: the limit is for all of them.
    """

    def take(
        data: bytes, *, done: Callable[[object], object], failed: Callable[[BaseException], object], owner: QObject
    ) -> None:
        named = frozenset(beside())
        desk.save(lambda work: attachments.keep(work, data, beside=named), done=done, failed=failed, owner=owner)

    return Files(desk.jobs, seen, take)
