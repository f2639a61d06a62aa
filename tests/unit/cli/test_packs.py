"""A pack is installed by one command, whole or not at all, and the program reads it at its next start."""

import json
import shutil

import pytest

from healthvisit.__main__ import main
from healthvisit.packs.library import load_library
from healthvisit.settings import Paths, resource


@pytest.fixture
def key(tmp_path):
    """A key of an office's own, made from the invented one."""
    folder = shutil.copytree(resource("packs/dscore-demo"), tmp_path / "stick" / "key")
    for name, change in (("pack.json", {"id": "own-key"}), ("key.json", {"key": "own"})):
        content = json.loads((folder / name).read_text(encoding="utf-8")) | change
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    return folder


def run(*arguments):
    return main(["--language", "en", "pack", *map(str, arguments)])


def test_an_installed_key_is_read_by_the_program(key, tmp_path, capsys):
    """The folder of an account is where the program looks; the file of the pack may be named instead of its folder."""
    into = Paths.under(tmp_path / "laptop").packs
    assert run("install", key / "pack.json", "--into", into) == 0
    assert "Close the program and open it again" in capsys.readouterr().out
    known = load_library(resource("packs/instruments"), into)
    assert [pack.key for pack in known.keys] == ["own"]
    assert known.left_out == ()


def test_a_damaged_pack_is_refused_in_a_sentence_and_the_old_one_stays(key, tmp_path, capsys):
    """Half a stick never becomes the key that children are scored by."""
    into = tmp_path / "packs"
    assert run("install", key, "--into", into) == 0
    (key / "items.csv").write_text("item,tau\na,three\n", encoding="utf-8")
    capsys.readouterr()
    assert run("install", key, "--into", into) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "items.csv, line 2, tau: this value is not right."
    assert said[-1] == "Nothing was installed; what was there before stays."
    assert len(load_library(resource("packs/instruments"), into).keys[0].difficulties) > 1
    assert run("install", tmp_path / "nowhere", "--into", into) == 1
    assert "pack.json: this file is missing." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["tm-default", "dmc"])
def test_a_pack_that_would_not_be_read_is_not_installed(name, tmp_path, capsys):
    """Installed and never used would be worse than refused."""
    assert run("install", resource(f"packs/{name}"), "--into", tmp_path / "packs") == 1
    assert "come with the program" in capsys.readouterr().out
    assert not (tmp_path / "packs").exists()


def test_a_folder_that_cannot_be_written_is_said(key, tmp_path, capsys):
    """An officer without rights reads what to do."""
    (tmp_path / "file").write_bytes(b"")
    assert run("install", key, "--into", tmp_path / "file") == 1
    assert "could not be written" in capsys.readouterr().out


def test_a_pack_damaged_after_it_was_installed_is_left_out_and_named(key, tmp_path):
    """One bad pack never keeps the program from starting."""
    into = tmp_path / "packs"
    run("install", key, "--into", into)
    (into / "own-key" / "items.csv").write_bytes(b"\xff")
    known = load_library(resource("packs/instruments"), into)
    assert known.keys == ()
    assert [(name, problem.file) for name, problem in known.left_out] == [("own-key", "items.csv")]
    assert known.instrument("phq2") is not None


def test_an_installed_pack_may_change_a_cut_off_and_bring_instruments_of_its_own(tmp_path):
    """DOMAIN 1.7: the cut-off of PHQ-2 is set per pack; a pack without tools scored elsewhere is one too."""
    source = shutil.copytree(resource("packs/instruments"), tmp_path / "stick")
    pack = json.loads((source / "pack.json").read_text(encoding="utf-8")) | {"id": "own-instruments"}
    content = json.loads((source / "instruments.json").read_text(encoding="utf-8"))
    phq2 = content["instruments"][0]
    phq2["cutoffs"][0]["high"], phq2["cutoffs"][1]["low"] = 1, 2
    (source / "pack.json").write_text(json.dumps(pack), encoding="utf-8")
    (source / "instruments.json").write_text(json.dumps({"instruments": [phq2]}), encoding="utf-8")
    (source / "external.json").write_text(json.dumps({"tools": []}), encoding="utf-8")
    assert run("install", source, "--into", tmp_path / "packs") == 0
    known = load_library(resource("packs/instruments"), tmp_path / "packs")
    assert known.pack_of("phq2").edition.id == "own-instruments"
    assert known.instrument("phq2").cutoffs[1].low == 2
    assert {one.code for one in known.instruments} == {"phq2", "ecdi2030", "mchat_r"}
    assert known.tool("epds") is not None


def test_what_is_no_pack_is_said_in_one_line(tmp_path, capsys):
    """Ten lines about files of which nothing is known hide the one that matters."""
    for folder in (tmp_path, tmp_path / "gone"):
        assert run("check", folder) == 1
        assert capsys.readouterr().out.splitlines() == ["pack.json: this file is missing.", "1 problem"]
    (tmp_path / "pack.json").write_text('{"kind": "recipes"}', encoding="utf-8")
    assert run("check", tmp_path) == 1
    assert {line.partition(":")[0].partition(",")[0] for line in capsys.readouterr().out.splitlines()[:-1]} == {
        "pack.json"
    }


def test_a_damaged_file_is_named_once_and_places_are_said_in_the_asked_language(key, capsys):
    """That every value of a torn file is wrong goes without saying."""
    (key / "key.json").write_text('{"key": "d', encoding="utf-8")
    (key / "items.csv").write_text("item,tau\na,1\nb,three\n", encoding="utf-8")
    assert main(["--language", "ru", "pack", "check", str(key / "pack.json")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("key.json: ")
    assert lines[1].startswith("items.csv, строка 3, tau: ")
