"""The desktop process is killed after a photograph was taken: the picture is there again, and can be signed."""

from PySide6.QtGui import QImage

from healthvisit.domain.attachment import sha256_of
from healthvisit.forms.installed import install
from healthvisit.settings import Paths
from healthvisit.store import files
from healthvisit.ui.form.kinds.file import FileQuestion
from tests.desktop import make_work
from tests.system.test_killed import killed
from tests.ui.test_visit_files import FILES_FORMS
from tests.ui.visiting import FORMS

DRIVER = """
from healthvisit.ui.form.kinds.file import FileQuestion

hands.house.start_visit(home)
page = hands.house.visit_page
hands.until("the visit opens", lambda: page.presenter is not None)
page.presenter.pick("0/home")
hands.settle()
asked = next(w for w in page.page.widgets.values() if isinstance(w, FileQuestion) and w.path.endswith("card"))
asked.take(what)
hands.until("it is taken", lambda: asked.question.value)
hands.until("the draft is sealed", lambda: not page.presenter.keeper.is_dirty)
hands.settle()
print(json.dumps({"name": asked.question.value}), flush=True)
hands.until("the end that comes from outside", lambda: False)
"""


def test_a_photograph_survives_the_kill_of_the_program(desktop, tmp_path):
    """P1: "Saved" was said, so the picture of the card is in the draft, and after signing in the record."""
    install(FILES_FORMS["family"].source, FORMS["family"], Paths.under(tmp_path / "laptop").forms / "family.xml")
    (home,) = make_work(tmp_path / "laptop", "Myradow")
    picture = tmp_path / "card.png"
    QImage(900, 600, QImage.Format.Format_RGB32).save(str(picture))
    name = killed(tmp_path / "laptop", home, str(picture), driver=DRIVER)["name"]
    here = desktop(tmp_path / "laptop").unlock()
    page = here.visit(home)
    assert page.presenter.draft.page == "0/home"
    asked = next(w for w in page.page.widgets.values() if isinstance(w, FileQuestion) and w.path.endswith("card"))
    assert asked.question.value == name
    assert not asked.thumb.pixmap().isNull()
    assert here.at_store(lambda work: files.find(work, sha256_of(name))).state == files.DRAFT
    assert not here.program.opened.damaged
