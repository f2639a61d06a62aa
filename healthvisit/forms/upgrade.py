"""Moving a draft to a newer version of its form, and saying first what would change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.instance import path_of, path_without_positions, without_positions
from healthvisit.forms.session import FormSession, Functions
from healthvisit.forms.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What moving would do, as paths. Answers themselves are in the draft, which stays as it is until it is replaced.

    `lost`: answers to questions that the new form does not have. `unfitting`: answers that are kept as typed but that
    the new question does not take, or no longer offers. `recomputed`: values that come out otherwise. `asked`:
    questions that are new.
    """

    kept: int
    lost: tuple[str, ...]
    unfitting: tuple[str, ...]
    recomputed: tuple[str, ...]
    asked: tuple[str, ...]


def move(
    snapshot: Snapshot,
    old: FormDefinition,
    new: FormDefinition,
    *,
    now: datetime,
    tz: str = "UTC",
    functions: Functions | None = None,
    files: Mapping[str, bytes] | None = None,
) -> tuple[FormSession, Difference]:
    """Open a draft of `old` under `new`; the caller keeps the draft until the person agrees.

    Raises:
        FormError: As `FormSession.restore`.
    """
    kept_repeats = tuple((path, count) for path, count in snapshot.repeats if without_positions(path) in new.repeats)
    fresh = tuple(
        (path_of(leaf), leaf.text)
        for leaf in new.document.leaves()
        if leaf.text and path_without_positions(leaf) not in old.order
    )
    moved = replace(snapshot, sha256=new.sha256, repeats=kept_repeats, answers=(*snapshot.answers, *fresh))
    session = FormSession.restore(new, moved, now=now, tz=tz, functions=functions, files=files)
    fates = [(path, _fate(session, path, text)) for path, text in snapshot.answers]
    return session, Difference(
        kept=sum(fate == "kept" for _, fate in fates),
        lost=tuple(path for path, fate in fates if fate == "lost"),
        unfitting=tuple(path for path, fate in fates if fate == "unfitting"),
        recomputed=tuple(path for path, fate in fates if fate == "recomputed"),
        asked=tuple(path for path in new.controls if path not in old.controls),
    )


def _fate(session: FormSession, path: str, text: str) -> str:
    """What became of one answer; "" for a computed one that is as before."""
    control = session.definition.controls.get(without_positions(path))
    node = next((each for each in session.instances_at(without_positions(path)) if path_of(each) == path), None)
    if node is None:
        return "lost"
    if control is None or control.bind.calculate is not None:
        return "" if node.text == text else "recomputed"
    is_kept = node.text == text or (node.typed == text and session.question(path).violation != "type")
    return "kept" if is_kept else "unfitting"
