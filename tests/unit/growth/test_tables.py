"""The tables are WHO's, whole, and small enough to read at once."""

import hashlib
import importlib.util
from pathlib import Path

import pytest

from healthvisit.growth import GrowthError, load
from healthvisit.growth.tables import SHA256, own_file
from healthvisit.settings import resource

ROOT = Path(__file__).resolve().parents[3]
RESOURCE = ROOT / "resources" / "growth" / "who.bin"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_growth_tables", ROOT / "tools" / "make_growth_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_committed_tables_are_what_the_script_makes(maker):
    """Nobody can check 27,000 rows by eye: they must come from their source, unchanged."""
    assert maker.build() == RESOURCE.read_bytes()


def test_every_row_of_every_table_comes_back(maker):
    """A slip in unpacking would shift ages or mix columns, and every z with them."""
    tables = load(RESOURCE)
    source = maker.collect()
    assert set(tables.names) == set(source)
    for name, rows in source.items():
        table = tables[name]
        assert {table.first + at: table.integers(at) for at in range(table.rows)} == rows


def test_tables_end_with_the_standard(maker):
    """Rows beyond day 1826 are no part of WHO 2006; months of WHO 2007 begin at 60."""
    tables = load(RESOURCE)
    assert (tables["wfa_f"].first, tables["wfa_f"].rows) == (0, 1827)
    assert (tables["acfa_m"].first, tables["acfa_m"].rows) == (91, 1736)
    assert (tables["wfl_f"].first, tables["wfl_f"].rows) == (450, 651)
    assert (tables["wfh_m"].first, tables["wfh_m"].rows) == (650, 551)
    assert (tables["bmifa5_f"].first, tables["bmifa5_f"].rows) == (60, 169)
    assert (tables["wfa5_m"].first, tables["wfa5_m"].rows) == (60, 61)


def test_outermost_lines_exist_everywhere(maker):
    """1 + L·S·k must stay above zero for k = -3 to 3, or a restricted z becomes a complex number."""
    for rows in maker.collect().values():
        assert all(abs(3 * row[0] / 1e4 * row[2] / 1e5) < 1 for row in rows.values())


def test_sum_is_pinned():
    """The sum in the code is the promise; the file must keep it."""
    assert hashlib.sha256(RESOURCE.read_bytes()).hexdigest() == SHA256


@pytest.mark.parametrize("damage", ["flip", "cut", "absent"])
def test_damaged_tables_are_refused(tmp_path, damage):
    """A wrong figure gives a wrong z without a word: better no z at all."""
    path = tmp_path / "who.bin"
    content = bytearray(RESOURCE.read_bytes())
    content[5000] ^= 1
    if damage == "flip":
        path.write_bytes(content)
    elif damage == "cut":
        path.write_bytes(RESOURCE.read_bytes()[:-1])
    with pytest.raises(GrowthError) as caught:
        load(path)
    assert caught.value.code == "growth.table_damaged"


@pytest.mark.parametrize("built", [False, True])
def test_tables_lie_where_settings_look_for_resources(monkeypatch, built):
    """The path is worked out twice, for speed; in checkout and built program both must find the same file."""
    if built:
        monkeypatch.setattr("sys._MEIPASS", str(ROOT), raising=False)
    assert Path(own_file()) == resource("growth/who.bin")


def test_tables_are_read_once():
    """Reading the file at each z-score would make a register of 20,000 children wait."""
    assert load(RESOURCE) is load(RESOURCE)
