"""Everything that can be asked or entered here: what comes with the program, and what an officer installed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from healthvisit.packs import instruments, keys
from healthvisit.packs.instruments import Instrument, InstrumentsPack, Tool
from healthvisit.packs.keys import KeyPack
from healthvisit.packs.reader import Problem, Reader

INSTALLABLE = (instruments.KIND, keys.KIND)
"""Kinds that are read from the folder of installed packs; others come with the program only."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Packs of instruments, the installed ones first, and the D-score keys; `left_out` are folders with a fault."""

    packs: tuple[InstrumentsPack, ...] = field(repr=False)
    keys: tuple[KeyPack, ...] = field(default=(), repr=False)
    left_out: tuple[tuple[str, Problem], ...] = ()

    def pack_of(self, code: str) -> InstrumentsPack:
        """The pack that holds an instrument or a tool; the shipped one for a code nobody holds."""
        held = (p for p in self.packs if p.instrument(code) is not None or p.tool(code) is not None)
        return next(held, self.packs[-1])

    def instrument(self, code: str) -> Instrument | None:
        """One instrument, of an installed pack rather than the shipped one."""
        return self.pack_of(code).instrument(code)

    def tool(self, code: str) -> Tool | None:
        """One tool scored elsewhere."""
        return self.pack_of(code).tool(code)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """All that can be scored here, each code once; with a key only where that key is here."""
        known = {one.code: one for pack in reversed(self.packs) for one in pack.instruments}
        return tuple(one for one in known.values() if one.key is None or self.key(one.key) is not None)

    @property
    def tools(self) -> tuple[Tool, ...]:
        """All whose results are entered, each code once."""
        return tuple({one.code: one for pack in reversed(self.packs) for one in pack.tools}.values())

    def key(self, name: str) -> KeyPack | None:
        """A D-score key by the name that records give it."""
        return next((key for key in self.keys if key.key == name), None)


def load_library(shipped: Path, installed: Path | None = None, *, extra_keys: tuple[Path, ...] = ()) -> Library:
    """Read the shipped instruments, every installed pack, and keys named by their folder.

    An installed pack with a fault is left out and named; the rest works.

    Raises:
        PackError: What is wrong with the shipped pack, or one of `extra_keys`.
    """
    found: dict[str, list[Path]] = {kind: [] for kind in INSTALLABLE}
    for folder in sorted(installed.iterdir()) if installed is not None and installed.is_dir() else ():
        kind = Reader(folder).kind
        if not folder.name.startswith(".") and isinstance(kind, str) and kind in found:
            found[kind].append(folder)
    left_out: list[tuple[str, Problem]] = []

    def whole(folders: list[Path], read: Callable[[Path], tuple[_T | None, list[Problem]]]) -> list[_T]:
        made = []
        for folder in folders:
            pack, problems = read(folder)
            if problems or pack is None:
                left_out.append((folder.name, problems[0]))
            else:
                made.append(pack)
        return made

    own = whole(found[instruments.KIND], instruments.read)
    own_keys = whole(found[keys.KIND], keys.read)
    return Library(
        packs=(*own, instruments.load_instruments(shipped)),
        keys=(*own_keys, *(keys.load_key(folder) for folder in extra_keys)),
        left_out=tuple(left_out),
    )
