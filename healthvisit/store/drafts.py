"""Visits begun and not signed: one sealed row each, replaced whole. A draft never leaves the device."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from healthvisit.store import files, office
from healthvisit.store.readmodel import TABLES
from healthvisit.store.unit_of_work import UnitOfWork

_DRAFT = TABLES["draft"]


def put_draft(work: UnitOfWork, draft_id: str, *, listed: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    """Seal a draft; `listed` is its row of the read model, `content` everything else (snapshots as JSON values)."""
    named = files.names_of_draft(work, draft_id)
    work.put_row("draft", draft_id, {"row": {"id": draft_id, **listed}, "content": dict(content)})
    if gone := named - files.names_of_draft(work, draft_id):
        files.release(work, gone)


def find_draft(work: UnitOfWork, draft_id: str) -> Mapping[str, Any] | None:
    """A draft's content."""
    row = work.vault.get("draft", draft_id)
    return None if row is None else row["content"]


def end_draft(work: UnitOfWork, draft_id: str) -> None:
    """Remove a draft that was signed or dropped by its author, and the files that only it named."""
    named = files.names_of_draft(work, draft_id)
    work.end_row("draft", draft_id)
    office.release_drafts(work)
    files.release(work, named)


def list_drafts(work: UnitOfWork, *, household: str | None = None) -> list[Mapping[str, Any]]:
    """The drafts' rows, the newest first."""
    query = select(_DRAFT).order_by(_DRAFT.c.saved_at.desc())
    if household is not None:
        query = query.where(_DRAFT.c.household == household)
    return [dict(row._mapping) for row in work.db.execute(query)]  # noqa: SLF001 -- SQLAlchemy's public name


def keep_form(work: UnitOfWork, sha256: str, xml: str) -> None:
    """Keep a compiled form while a draft or visit here names it: an update of the program cannot change it."""
    if work.vault.get("form", sha256) is None:
        work.vault.put("form", sha256, {"xml": xml})


def find_form(work: UnitOfWork, sha256: str) -> str | None:
    """A kept compiled form."""
    row = work.vault.get("form", sha256)
    return None if row is None else str(row["xml"])
