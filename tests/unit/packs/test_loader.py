"""A pack is clinical content: a fault in it must be named before a visit, never met in one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthvisit.packs import PackError, check, load
from healthvisit.packs.reader import Problem

DEFAULT = Path(__file__).parents[3] / "resources" / "packs" / "tm-default"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(DEFAULT, tmp_path / "pack"))


def spoil(folder: Path, file: str, change: Callable[[Any], object]) -> None:
    path = folder / file
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_the_default_pack_has_no_fault():
    """`healthvisit pack check` on our own pack says nothing."""
    assert check(DEFAULT) == []
    assert load(DEFAULT).name == "tm-default@2026.1"


def test_nobody_is_said_to_have_approved_it():
    """A clinical content nobody signed must not look signed."""
    assert load(DEFAULT).approved_by is None


def test_a_missing_pack_is_named(tmp_path):
    """A laptop without its pack says so instead of asking nothing."""
    with pytest.raises(PackError) as caught:
        load(tmp_path / "nowhere")
    assert caught.value.code == "pack.missing"
    assert caught.value.details["file"] == "pack.json"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"signs": 3}'])
def test_a_damaged_file_is_named(folder, content):
    """Half a file after a power cut is found by its name."""
    (folder / "dangers.json").write_bytes(content)
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.code == "pack.damaged"
    assert caught.value.details["file"] == "dangers.json"


def first(content: Any, table: str) -> Any:
    return content[table][0]


@pytest.mark.parametrize(
    ("file", "change", "entry", "member"),
    [
        ("pack.json", lambda c: c.update(valid_from="soon"), "", "valid_from"),
        ("pack.json", lambda c: c.update(languages=["tk", "ru"]), "", "languages"),
        ("schedule.json", lambda c: first(c, "contacts").update(anchor="moon"), "AN1", "anchor"),
        ("schedule.json", lambda c: first(c, "contacts").update(before=-1), "AN1", "before"),
        ("schedule.json", lambda c: first(c, "contacts").update(before=True), "AN1", "before"),
        ("schedule.json", lambda c: first(c, "contacts").pop("core"), "AN1", "core"),
        ("schedule.json", lambda c: c["contacts"].append(first(c, "contacts")), "AN1", "code"),
        ("schedule.json", lambda c: first(c, "contacts").update(befor=3), "AN1", "befor"),
        ("schedule.json", lambda c: c["contacts"].__setitem__(2, "M3"), "contacts 3", ""),
        ("limits.json", lambda c: first(c, "limits").update(low=50_000), "weight_g", "low"),
        ("limits.json", lambda c: first(c, "warnings").update(field="arm"), "arm", "warnings"),
        ("limits.json", lambda c: first(c, "warnings").update(high=999), "muac_mm", "warnings"),
        ("dangers.json", lambda c: first(c, "signs")["name"].pop("ru"), "yi_not_feeding", "name"),
        ("dangers.json", lambda c: first(c, "signs")["name"].update(tk=" "), "yi_not_feeding", "name"),
        ("dangers.json", lambda c: first(c, "signs").update(urgency="later"), "yi_not_feeding", "urgency"),
        ("dangers.json", lambda c: first(c, "signs")["first_aid"].append("magic"), "yi_not_feeding", "first_aid"),
        ("dangers.json", lambda c: first(c, "signs").update(first_aid=["go_now"]), "yi_not_feeding", "first_aid"),
        ("dangers.json", lambda c: first(c, "signs").update(asked=False), "yi_not_feeding", "asked"),
        ("dangers.json", lambda c: c["first_aid"][1].update(instead_of=["x"]), "nothing_by_mouth", "instead_of"),
        ("dangers.json", lambda c: first(c, "measured").update(sign="yi_gone"), "yi_gone", "sign"),
        ("dangers.json", lambda c: first(c, "measured").update(at_least="38"), "yi_fever", "at_least"),
        ("codes.json", lambda c: first(c, "not_possible").update(code="not home"), "not home", "code"),
        ("places.json", lambda c: c["places"][-1].update(parent="TM-X"), "TM-M-GAR-06", "parent"),
    ],
)
def test_a_wrong_value_is_named_with_file_and_entry(folder, file, change, entry, member):
    """Whoever edits a pack finds the line from the message; nothing wrong passes in silence."""
    spoil(folder, file, change)
    assert Problem(code="pack.wrong_value", file=file, entry=entry, member=member) in check(folder)
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.code == "pack.wrong_value"
    assert caught.value.details["file"] == file


def test_a_missing_list_is_named(folder):
    """A pack without the reasons of a failed visit would leave the button empty."""
    spoil(folder, "codes.json", lambda content: content.pop("not_possible"))
    assert check(folder) == [Problem(code="pack.damaged", file="codes.json", entry="not_possible")]


def test_every_fault_is_listed_at_once(folder):
    """An author mends a pack in one go, not fault by fault."""
    spoil(folder, "pack.json", lambda c: c.update(version=""))
    (folder / "places.json").unlink()
    assert {(p.code, p.file) for p in check(folder)} == {
        ("pack.wrong_value", "pack.json"),
        ("pack.missing", "places.json"),
    }
