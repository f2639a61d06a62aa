"""Files that answer the questions of a visit: kept within limits, read again, shown with what was asked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from healthvisit.domain.attachment import LAPTOP_BYTES, VISIT_BYTES, named_by, sha256_of
from healthvisit.domain.errors import InputError, StoreError
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.forms.definition import FormDefinition
from healthvisit.services import free_answers
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.store import files
from healthvisit.store.unit_of_work import UnitOfWork

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of a signed visit: whom and what it answers. `data` is None where it is not, or not whole, on this laptop.

    `waits` tells that the office does not have it yet.
    """

    person: str | None
    name: str
    question: str = field(repr=False)
    data: bytes | None = field(repr=False)
    waits: bool


def keep(work: UnitOfWork, data: bytes, *, beside: Iterable[str]) -> str:
    """Seal a file chosen for a visit. Returns its SHA-256.

    Args:
        work: A writing unit of work.
        data: The whole file.
        beside: Answers of the visit; the files they name count too.

    Raises:
        InputError: ``file.visit_full``, ``file.laptop_full``, with the limit in MB.
        StoreError: What the disk refuses, such as ``vault.disk_full``; then nothing of it is kept.
    """
    if files.total(work, named_by(beside)) + len(data) > VISIT_BYTES:
        raise InputError("file.visit_full", limit=VISIT_BYTES // _MEGABYTE)
    if files.total(work) + len(data) > LAPTOP_BYTES:
        raise InputError("file.laptop_full", limit=LAPTOP_BYTES // _MEGABYTE)
    return files.put(work, data)


def answers_of(draft: VisitDraft) -> frozenset[str]:
    """The answers of a visit that name files, those of questions that are hidden now included."""
    answers = (text for part in draft.parts for _path, text in part.session.snapshot().answers)
    return frozenset(text for text in answers if sha256_of(text))


def read(work: UnitOfWork, answers: Iterable[str]) -> dict[str, bytes]:
    """The files that these answers name, as far as they are whole on this laptop."""
    found = {answer: _data(work, answer) for answer in answers}
    return {answer: data for answer, data in found.items() if data is not None}


def of_visit(work: UnitOfWork, forms: Mapping[str, FormDefinition], visit: Visit, language: str) -> list[Attached]:
    """The files of a signed visit with their questions, in the order of the parts. Never those of a private question.

    Args:
        work: A unit of work.
        forms: The program's own; a visit signed with another one has it kept beside it.
        visit: With its parts.
        language: In which the questions are worded.
    """
    return [found for part in (visit.family, *visit.parts) for found in _of_part(work, forms, part, language)]


def _of_part(
    work: UnitOfWork, forms: Mapping[str, FormDefinition], part: VisitPart, language: str
) -> Iterator[Attached]:
    named = {path: text for path, text in part.answers.items() if named_by([text])}
    asked = free_answers.of_part(work, forms.values(), part, language) if named else None
    for path, name in named.items():
        held = files.find(work, sha256_of(name) or "")
        if asked is None or path in asked:
            yield Attached(
                person=part.person, name=name, question=asked[path].label if asked else "",
                data=_data(work, name), waits=held is not None and held.state == files.WAITING,
            )  # fmt: skip


def _data(work: UnitOfWork, answer: str) -> bytes | None:
    try:
        return files.read(work, sha256_of(answer) or "")
    except StoreError:
        return None
