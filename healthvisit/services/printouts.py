"""Every print has a number and is noted: what kind of paper, when, how many pages; never of whom."""

from healthvisit.domain.record import encode
from healthvisit.store.unit_of_work import UnitOfWork

_KEPT = 500


def note_print(work: UnitOfWork, papers: tuple[tuple[str, int], ...]) -> int:
    """Note papers as (kind, pages).

    Returns:
        The number of the first; the others follow.
    """
    held = work.state("prints")
    first = int(held.get("last", 0)) + 1
    noted = [
        {"number": number, "kind": kind, "pages": pages, "at": encode(work.author.now)}
        for number, (kind, pages) in enumerate(papers, start=first)
    ]
    log = [*held.get("log", []), *noted][-_KEPT:]
    work.put_state("prints", {"last": first + len(papers) - 1, "log": log})
    return first
