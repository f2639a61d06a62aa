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


@pytest.mark.parametrize("place", ["position(.)", "position(current())"])
def test_an_instance_may_be_asked_for_by_its_own_place(place):
    """A roster that asks something of all but the second person is a form, not a circle."""
    session = opened(f'<bind nodeset="/data/rep" relevant="{place} != 2"/>')
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


def test_a_repeat_grows_for_as_long_as_its_last_instance_says_so():
    """Whoever answers that there is another child is asked for the next one, with no number beforehand."""
    more = "if(../n = 0 or /data/rep[position() = /data/n]/x = 'yes', ../n + 1, ../n)"
    session = grown('<bind nodeset="/data/n" type="int" calculate="count(/data/rep)"/>', more)
    for at in (1, 2, 3):
        assert len(session.instances_at("/data/rep")) == at
        session.answer(f"/data/rep[{at}]/x", "yes" if at < 3 else "no")
    assert (session.value("/data/n"), session.value("/data/wanted")) == ("3", "3")
    session.undo()
    session.undo()
    assert len(session.instances_at("/data/rep")) == 2


def test_a_repeat_that_would_never_stop_growing_stops_at_the_most_there_may_be():
    """A slip of the author costs a long list, not a program that hangs."""
    session = grown('<bind nodeset="/data/n" type="int" calculate="count(/data/rep)"/>', "/data/n + 1")
    assert len(session.instances_at("/data/rep")) == 1000


def grown(bind, wanted):
    """A form whose repeat is counted by what is calculated from its own instances."""
    xml = (
        f"{HEAD}<instance><data id='t'><n/><wanted/><rep><x/></rep></data></instance>{bind}"
        f'<bind nodeset="/data/wanted" type="int" calculate="{wanted}"/></model></h:head><h:body>'
        '<repeat nodeset="/data/rep" jr:count="/data/wanted"><input ref="/data/rep/x"/></repeat></h:body></h:html>'
    )
    return FormSession.open(FormDefinition.load(xml), language="", now=datetime(2026, 1, 1, tzinfo=UTC))


def test_the_last_instance_is_found_by_a_path_from_where_the_sum_stands():
    """The weight of the last visit follows the answer also where the author wrote `../rep/x`."""
    xml = (
        f"{HEAD}<instance><data id='t'><rep><x>4</x></rep><rep><x>6</x></rep><last/></data></instance>"
        '<bind nodeset="/data/last" calculate="indexed-repeat(../rep/x, ../rep, count(../rep))"/></model></h:head>'
        '<h:body><repeat nodeset="/data/rep"><input ref="/data/rep/x"/></repeat></h:body></h:html>'
    )
    session = FormSession.open(FormDefinition.load(xml), language="", now=datetime(2026, 1, 1, tzinfo=UTC))
    assert session.value("/data/last") == "6"
    session.answer("/data/rep[2]/x", "7")
    assert session.value("/data/last") == "7"
    session.remove_repeat("/data/rep[2]")
    assert session.value("/data/last") == "4"
