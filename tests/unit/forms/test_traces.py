"""Small forms with scripts, one behaviour each: the states that ODK's own engine reaches after every step.

The forms were written for this; what they expect was recorded from Web Forms' engine 0.22.0 where ours agrees. Where it
does not, `docs/forms-deviations.md` says why.
"""

import json
from pathlib import Path

import pytest

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.trace import read_plan, run_plan

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:odk="http://www.opendatakit.org/xforms" '
    'xmlns:orx="http://openrosa.org/xforms" xmlns:ev="http://www.w3.org/2001/xml-events" '
    'xmlns:entities="http://www.opendatakit.org/xforms/entities" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
)
TRACES = json.loads((Path(__file__).parent / "traces.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("trace", TRACES, ids=[trace["name"] for trace in TRACES])
def test_a_form_goes_through_the_states_that_odk_gives_it(trace):
    """A ministry's form means here what it means on its own server."""
    head = f"{HEAD}<h:head><h:title>t</h:title><model>{trace['model']}</model></h:head>"
    xform = f"{head}<h:body>{trace['body']}</h:body></h:html>"
    plan = read_plan(json.dumps({"now": "2024-03-01T06:30:00Z", "scripts": [trace]}))
    files = {name: text.encode() for name, text in trace.get("files", {}).items()}
    outcome = run_plan(FormDefinition.load(xform), plan, files)
    assert not outcome.broken
    assert outcome.passed
