"""Forms that an office puts in the place of the program's own."""

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.errors import FormError
from healthvisit.forms.installed import install, installed

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:hv="urn:healthvisit:form"><h:head><h:title>{title}</h:title><model><instance><data id="f"><g><w/><x/></g>'
    '</data></instance><bind nodeset="/data/g" hv:entry="growth"/><bind nodeset="/data/g/w" {field}/></model></h:head>'
    '<h:body><group ref="/data/g"><input ref="/data/g/w"><label/></input><input ref="/data/g/x"><label/></input>'
    "</group></h:body></h:html>"
)


def form(title, field='hv:field="weight_g"'):
    return HEAD.format(title=title, field=field)


OWN = FormDefinition.load(form("own"))


def test_an_offices_form_takes_the_place_of_the_programs(tmp_path):
    """What the ministry wrote in Excel is what the worker is asked."""
    install(form("theirs"), OWN, tmp_path / "forms" / "child.xml")
    forms, left_out = installed(tmp_path / "forms", {"child": OWN, "family": OWN})
    assert (forms["child"].title, forms["family"].title, left_out) == ("theirs", "own", [])
    assert installed(None, {"child": OWN}) == ({"child": OWN}, [])
    assert installed(tmp_path / "nowhere", {"child": OWN}) == ({"child": OWN}, [])


def test_a_form_that_lacks_what_the_program_reads_is_refused_and_the_earlier_one_stays(tmp_path):
    """A visit without a weight would look as if nobody had weighed."""
    target = tmp_path / "child.xml"
    install(form("theirs"), OWN, target)
    with pytest.raises(FormError) as refused:
        install(form("worse", ""), OWN, target)
    assert (refused.value.code, refused.value.details) == ("form.lacks_fields", {"fields": "growth.weight_g"})
    assert installed(tmp_path, {"child": OWN})[0]["child"].title == "theirs"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<h:html", "form.not_xml"),
        (b"\xff\xfe\x00", "form.not_xml"),
        (b"", "form.not_xml"),
        (form("x", "").encode(), "form.lacks_fields"),
        (form("x", 'hv:field="weight_g" calculate="nosuch()"').encode(), "form.unknown_function"),
    ],
)
def test_a_file_that_was_spoilt_is_left_out_and_named(tmp_path, data, why):
    """The visit goes on with the program's own form, and somebody is told."""
    (tmp_path / "child.xml").write_bytes(data)
    forms, (left_out,) = installed(tmp_path, {"child": OWN})
    assert forms["child"] is OWN
    assert (left_out.code, left_out.details) == ("form.left_out", {"form": "child", "why": why})
