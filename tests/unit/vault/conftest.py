"""A real vault in a temporary folder, at the lowest key-derivation cost the format allows."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from healthvisit.vault.keys import LOWEST
from healthvisit.vault.vault import FILE, Vault

PASSPHRASE = "altyn deňiz ýyldyz gapy söz"


class Desk:
    """A laptop's two folders, and whatever vaults were opened over them."""

    def __init__(self, root: Path) -> None:
        self.folder, self.anchors = root / "vault", root / "local"
        self._opened: list[Vault] = []

    def create(self, **given) -> Vault:
        words = {"passphrase": PASSPHRASE, "label": "W-07", "cost": LOWEST} | given
        return self._kept(Vault.create(self.folder, self.anchors, **words))

    def open(self, **given) -> Vault:
        return self._kept(Vault.open(self.folder, self.anchors, **({"passphrase": PASSPHRASE} | given)))

    def close(self) -> None:
        for vault in self._opened:
            vault.close()

    @contextmanager
    def tampering(self) -> Iterator[sqlite3.Connection]:
        """The closed file in the hands of somebody with a database editor."""
        self.close()
        connection = sqlite3.connect(self.folder / FILE)
        connection.create_function("splice", 3, lambda blob, at, new: blob[:at] + new + blob[at + len(new) :])
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _kept(self, vault: Vault) -> Vault:
        self._opened.append(vault)
        return vault


@pytest.fixture
def desk(tmp_path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.close()


@pytest.fixture
def new_desk(tmp_path) -> Iterator[Callable[[str], Desk]]:
    desks: list[Desk] = []

    def make(name: str) -> Desk:
        desks.append(Desk(tmp_path / name))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def vault(desk) -> Vault:
    return desk.create()


@pytest.fixture
def counts() -> SimpleNamespace:
    """How long the long batteries run: a small count, and the full one with HEALTHVISIT_DEEP=1."""
    deep = os.environ.get("HEALTHVISIT_DEEP") == "1"
    return SimpleNamespace(kills=200 if deep else 5, every_byte=97 if deep else 4001)
