"""A draft as plain data: all that is needed to open a form again where it was left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from healthvisit.forms.prefill import Frozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One form as it stands.

    `answers` are (path, what was typed) in document order, `repeats` (path of the repeat, instances) from the outside
    in, `focus` the question the person was at. The form itself is named by `sha256`.
    """

    sha256: str
    language: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)
    repeats: tuple[tuple[str, int], ...] = ()
    prefill: Frozen = field(default=(), repr=False)
    focus: str | None = None
    shelf: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    undo: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> str:
        """As text, for whoever seals it."""
        return json.dumps(
            {
                "sha256": self.sha256,
                "language": self.language,
                "answers": self.answers,
                "repeats": self.repeats,
                "prefill": self.prefill,
                "focus": self.focus,
                "shelf": self.shelf,
                "undo": self.undo,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> "Snapshot":
        """The inverse of `to_json`; keys of a later version are left alone."""
        data = json.loads(text)
        return cls(
            sha256=data["sha256"],
            language=data["language"],
            answers=tuple((str(path), str(answer)) for path, answer in data["answers"]),
            repeats=tuple((str(path), int(count)) for path, count in data["repeats"]),
            prefill=tuple(
                (str(name), tuple(tuple((str(column), str(cell)) for column, cell in row) for row in rows))
                for name, rows in data["prefill"]
            ),
            focus=data["focus"],
            shelf=tuple((str(path), str(answer)) for path, answer in data.get("shelf", ())),
            undo=data.get("undo"),
        )
