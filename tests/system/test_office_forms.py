"""Forms of an office in the whole program: used from the next start, and never the reason that nothing opens."""

from healthvisit.forms.installed import install
from healthvisit.settings import Paths
from tests.desktop import make_work
from tests.ui.test_visit_whole import OWN_FORMS
from tests.ui.visiting import FORMS


def test_an_installed_form_is_asked_in_the_next_visit(desktop, tmp_path):
    """An officer's list of people stands among the sections of the visit."""
    folder = tmp_path / "laptop"
    install(OWN_FORMS["family"].source, FORMS["family"], Paths.under(folder).forms / "family.xml")
    (home,) = make_work(folder, "Myradow")
    here = desktop(folder).unlock()
    page = here.visit(home)
    assert "0/home" in [step.key for step in page.presenter.steps]
    assert not here.house.frame.banner.text()


def test_a_spoilt_form_is_told_and_the_programs_own_is_used(desktop, tmp_path):
    """A visit can be made this morning all the same."""
    folder = tmp_path / "laptop"
    (home,) = make_work(folder, "Myradow")
    target = Paths.under(folder).forms / "family.xml"
    target.parent.mkdir()
    target.write_text(OWN_FORMS["family"].source[:900], encoding="utf-8")
    here = desktop(folder).unlock()
    assert here.house.frame.banner.text().startswith("A form of your office (family) cannot be used")
    page = here.visit(home)
    assert "0/home" not in [step.key for step in page.presenter.steps]
