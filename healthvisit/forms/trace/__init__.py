"""A scripted session: what an author expects of a form after each step, and where the form does otherwise."""

from healthvisit.forms.form_file import form_text
from healthvisit.forms.trace.run import Broken, Outcome, run_plan, run_script
from healthvisit.forms.trace.script import Plan, Script, Step, read_attachments, read_plan

__all__ = [
    "Broken",
    "Outcome",
    "Plan",
    "Script",
    "Step",
    "form_text",
    "read_attachments",
    "read_plan",
    "run_plan",
    "run_script",
]
