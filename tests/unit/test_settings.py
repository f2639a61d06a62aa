import os
import sys
from dataclasses import FrozenInstanceError

import pytest

from healthvisit.settings import Paths, Preferences, resource


def test_preferences_come_back_as_they_were_saved(tmp_path):
    """A worker chooses text size and language once, not every morning."""
    chosen = Preferences(
        language="ru", theme="dark", text_percent=130, lock_minutes=2, show_child_names=False, wording_language="tk"
    )
    chosen.save(tmp_path / "new folder" / "preferences.json")
    assert Preferences.load(tmp_path / "new folder" / "preferences.json") == chosen


def test_a_first_start_has_defaults_and_writes_nothing(tmp_path):
    """Looking at preferences leaves no file behind on a laptop that is only tried out."""
    assert Preferences.load(tmp_path / "preferences.json") == Preferences()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"language": "ru"',
        b"\xff\xfe\x00",
        b"[1, 2]",
        b"null",
        b'{"language": "fr"}',
        b'{"lock_minutes": 16}',
        b'{"lock_minutes": "5"}',
        b'{"lock_minutes": true}',
        b'{"text_percent": 100.0}',
        b'{"show_child_names": 1}',
        b'{"wording_language": ["tk"]}',
    ],
)
def test_a_damaged_file_is_kept_aside_and_the_program_still_starts(tmp_path, damage):
    """A power cut must not keep a health visitor from her families, nor hide what happened from support."""
    path = tmp_path / "preferences.json"
    path.write_bytes(damage)
    assert Preferences.load(path) == Preferences()
    assert not path.exists()
    assert (tmp_path / "preferences.damaged").read_bytes() == damage


def test_names_from_a_newer_program_are_left_out(tmp_path):
    """Going back to an older version keeps the choices it knows."""
    path = tmp_path / "preferences.json"
    path.write_text('{"language": "en", "printer_tray": 2}')
    assert Preferences.load(path) == Preferences(language="en")


def test_a_failed_save_leaves_the_old_file_whole(tmp_path):
    """A half-written file would lose every choice; here the folder in the way stands for a full disk."""
    path = tmp_path / "preferences.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        Preferences(language="en").save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["preferences.json"]


def test_preferences_cannot_change_unsaved():
    """A screen that altered them in place would differ from the file and from other screens."""
    with pytest.raises(FrozenInstanceError):
        Preferences().language = "en"  # type: ignore[misc]


def test_the_anchor_is_not_in_the_folder_that_backups_copy(tmp_path):
    """Copied back together with an old vault, the anchor could not tell that the vault is old."""
    for paths in (Paths.standard(), Paths.standard(practice=True), Paths.under(tmp_path)):
        assert not paths.anchor.is_relative_to(paths.data)
        assert not paths.data.is_relative_to(paths.anchor)
        assert paths.preferences.is_relative_to(paths.data)


def test_practice_never_shares_a_folder_with_real_families():
    """Invented families in the real file, or the reverse, would be the worst mix-up."""
    real, practice = Paths.standard(), Paths.standard(practice=True)
    for mine in (real.data, real.anchor):
        for other in (practice.data, practice.anchor):
            assert not mine.is_relative_to(other)
            assert not other.is_relative_to(mine)


def test_paths_are_named_without_touching_the_disk(tmp_path, monkeypatch):
    """Importing or asking creates nothing: only who stores something makes folders."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    Paths.standard()
    assert not os.listdir(tmp_path)  # noqa: PTH208


def test_resources_are_found_beside_the_package_and_in_the_built_program(tmp_path, monkeypatch):
    """The same call must work in a checkout and after installation."""
    assert resource("forms/visit.xml").parts[-3:] == ("resources", "forms", "visit.xml")
    assert (resource("").parent / "healthvisit" / "settings.py").is_file()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("forms") == tmp_path / "resources" / "forms"
