"""Instances of a repeat that look at one another: at their place, their number, or the one before."""

from datetime import UTC, datetime

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.session import FormSession

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>'
)
BODY = '<repeat nodeset="/data/rep"><input ref="/data/rep/x"/><input ref="/data/rep/y"/></repeat>'


def opened(*binds, instances=3):
    """A form of one repeat with two questions, x and y, in so many instances."""
    record = '<data id="t" version="1">' + "<rep><x/><y/></rep>" * instances + "</data>"
    xml = f"{HEAD}<instance>{record}</instance>{''.join(binds)}</model></h:head><h:body>{BODY}</h:body></h:html>"
    return FormSession.open(FormDefinition.load(xml), language="", now=datetime(2026, 1, 1, tzinfo=UTC))


def asked(session, name, instances):
    """Which instances ask the question."""
    return [at for at in range(1, instances + 1) if session.look(node(session, at, name), "relevant")]


def node(session, at, name):
    rep = [child for child in session.document.children[0].children if child.name == "rep"][at - 1]
    return next(child for child in rep.children if child.name == name)


def test_an_instance_may_be_asked_for_by_its_own_place():
    """A roster that asks something of all but the second person is a form, not a circle."""
    session = opened('<bind nodeset="/data/rep" relevant="position(.) != 2"/>')
    assert asked(session, "x", 3) == [1, 3]
    session.remove_repeat("/data/rep[1]")
    assert asked(session, "x", 2) == [1]
    session.add_repeat("/data/rep")
    assert asked(session, "x", 3) == [1, 3]


def test_a_question_may_wait_for_the_same_question_of_the_instance_before():
    """Whether there was another child before is asked for as long as the answer is yes."""
    before = "/data/rep[position() = position(current()/..) - 1]/x = 'yes'"
    session = opened(f'<bind nodeset="/data/rep/x" relevant="position(..) = 1 or {before}"/>', instances=4)
    assert asked(session, "x", 4) == [1]
    for at in (1, 2, 3):
        session.answer(f"/data/rep[{at}]/x", "yes")
        assert asked(session, "x", 4) == list(range(1, at + 2))
    session.answer("/data/rep[1]/x", "no")
    assert asked(session, "x", 4) == [1]
    session.answer("/data/rep[1]/x", "yes")
    assert asked(session, "x", 4) == [1, 2, 3, 4]


def test_a_relevance_that_counts_its_own_instances_comes_to_an_end():
    """Whatever it says, the program goes on."""
    session = opened('<bind nodeset="/data/rep" relevant="count(/data/rep) &lt; 3"/>', instances=2)
    session.add_repeat("/data/rep")
    session.remove_repeat("/data/rep[2]")
    assert sum(child.name == "rep" for child in session.document.children[0].children) == 2


@pytest.mark.parametrize(
    "bind",
    ['<bind nodeset="/data/rep/x" relevant=". = 1"/>', '<bind nodeset="/data/rep" relevant="./x = 1"/>',
     '<bind nodeset="/data/rep/x" relevant="../y = 1"/><bind nodeset="/data/rep/y" relevant="../x = 1"/>'],
)  # fmt: skip
def test_a_circle_inside_one_instance_is_refused_with_its_path(bind):
    """No order of computing is right."""
    with pytest.raises(FormError, match=r"form\.cycle"):
        opened(bind)
