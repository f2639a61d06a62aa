"""Search keys meet across spellings, and do not throw different names together."""

import pytest

from healthvisit.domain.names import loose_key, strict_key

MEET = [
    "Oguljan Огулджан Oguldzhan", "Gulşat Gulshat", "Gülşat Гульшат", "Mähri Мяхри Mehri", "Aýna Айна Ayna",
    "Ýazgeldi Язгельди", "Öwez Овез", "Jemal Джемал Djemal", "Şöhrat Шохрат", "Hojamyradowa Ходжамырадова",
    "Gurbangeldi Курбангельды", "Ýolbars Ёлбарс",
]  # fmt: skip
DIFFER = ["Aman Emin", "Maral Meryem", "Merdan Mergen", "Bahar Bähri", "Arslan Aslan"]


@pytest.mark.parametrize("names", MEET)
def test_one_name_in_several_spellings_has_one_loose_key(names):
    """A nurse types what she hears; the family must be found."""
    assert len({loose_key(name) for name in names.split()}) == 1


@pytest.mark.parametrize("names", DIFFER)
def test_different_names_keep_different_loose_keys(names):
    """A list full of strangers finds nobody."""
    assert len({loose_key(name) for name in names.split()}) == 2


def test_strict_key_joins_turkmen_and_russian_letters():
    """Exact spelling in either script ranks first."""
    assert strict_key("Hojamyradowa") == strict_key("Ходжамырадова")
    assert strict_key("Gülşat") != strict_key("Gülnar")


def test_any_three_letters_of_either_script_are_found_in_the_key():
    """Search works from three letters, wherever they stand in the name."""
    assert strict_key("мыр") in strict_key("Hojamyradowa")
    assert strict_key("gül") in strict_key("Gülşat Myradowa")
