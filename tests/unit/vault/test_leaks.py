import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthvisit.domain.errors import StoreError
from healthvisit.vault import hardening
from healthvisit.vault.anchor import AnchorState

PASSPHRASE = "altyn deňiz ýyldyz gapy söz"  # the one that `desk` opens with

ROOT = Path(__file__).parents[3]
CANARIES = ["Zzyzxkanarýew", "КанарейкаЗаметка7731", "+99365770031", "2019-02-29", "kanareýka söz"]


def in_every_encoding(text):
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251"):
        try:
            yield text.encode(encoding)
        except UnicodeEncodeError:
            continue
    yield text.encode("unicode-escape")


def readable(folder):
    """Canaries found in any file below `folder`, and in any file this process holds open, deleted ones included."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    handles = Path("/proc/self/fd").glob("*") if sys.platform == "linux" else []
    files.extend(handle for handle in handles if handle.exists() and handle.is_file())
    content = [path.read_bytes() for path in files]
    assert len(content) >= 3
    return {text for text in CANARIES for code in in_every_encoding(text) if any(code in file for file in content)}


def test_nothing_personal_is_readable_in_any_file_open_or_closed(desk, tmp_path):
    """A stolen laptop gives away no name, note, telephone number, date of birth or passphrase."""
    surname, note, phone, born, words = CANARIES
    vault = desk.create(passphrase=words)
    body = {"surname": surname, "note": note, "phone": phone, "born_on": born}
    for n in range(30):
        with vault.transaction():
            vault.put("version", f"{surname} {n}", {"body": body, "filler": note * n * 20})
            vault.put("draft", "1", body)
    with vault.transaction():
        vault.end("draft", "1")
    vault.seal_catalog(b"".join(code for text in CANARIES for code in in_every_encoding(text)), schema_hash=b"schema 1")
    vault.write_anchor(AnchorState())
    with vault.transaction():
        vault.put("draft", "1", body)
    list(vault.rows())
    assert readable(tmp_path) == set()
    desk.close()
    assert readable(tmp_path) == set()
    (desk.folder / "control").write_text(surname)
    assert readable(tmp_path) == {surname}


def test_errors_carry_no_content(desk, vault):
    """An error ends in a log or a crash report."""
    with vault.transaction():
        vault.put("version", CANARIES[0], {"note": CANARIES[1]})
    with desk.tampering() as db:
        db.execute("UPDATE rec SET env=splice(env, 99, x'0000')")
    vault = desk.open()
    with pytest.raises(StoreError) as caught:
        vault.get("version", CANARIES[0])
    error: BaseException | None = caught.value
    while error is not None:
        assert not any(text in f"{error!r} {getattr(error, 'details', '')}" for text in CANARIES)
        error = error.__cause__
    assert set(caught.value.details) == {"row_seq", "why"}
    assert PASSPHRASE not in repr(vault.damaged())


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_other_accounts_of_the_computer_cannot_copy_the_vault(desk):
    """A shared laptop: the sealed file is still nobody else's business."""
    vault = desk.create()
    with vault.transaction():
        vault.put("draft", "1", {})
    assert desk.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in desk.folder.glob("vault.db*")} == {0o600}


CLOUDS = ["OneDrive", "OneDrive - Saglyk öýi", "Dropbox", "iCloudDrive", "Google Drive", "Яндекс.Диск"]


@pytest.mark.parametrize("name", CLOUDS)
def test_a_folder_that_is_copied_to_a_cloud_is_refused(new_desk, name):
    """A live vault copied by another program is a damaged or a doubled one, and leaves the country."""
    desk = new_desk(name)
    with pytest.raises(StoreError, match=r"vault\.cloud_folder"):
        desk.create()
    with pytest.raises(StoreError, match=r"vault\.cloud_folder"):
        desk.open()
    assert not desk.folder.exists()


def test_a_cloud_folder_under_another_name_and_a_network_share_are_refused(tmp_path, monkeypatch):
    """Windows says where OneDrive lives, whatever it is called."""
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Resminamalar"))
    with pytest.raises(StoreError, match=r"vault\.cloud_folder"):
        hardening.refuse_shared_folder(tmp_path / "Resminamalar" / "hv")
    hardening.refuse_shared_folder(tmp_path / "Resminamalar 2")
    with pytest.raises(StoreError, match=r"vault\.network_folder"):
        hardening.refuse_shared_folder(Path(r"\\server\share\hv"))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux measures")
def test_a_crashed_process_leaves_no_memory_on_disk():
    """A core file would hold keys and names."""
    code = """
import ctypes, resource
from healthvisit.vault.hardening import harden_process
print(sorted(harden_process()), resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert shown == "['no core files', 'not dumpable'] (0, 0) 0\n"
