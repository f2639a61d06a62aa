"""`healthvisit form test FORM SCRIPT`, `form export FORM SCRIPT -o OUT`: scripted sessions and what is said of them."""

import argparse
import hashlib
import json
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthvisit.cli.form_words import error_line, line_of, sentence, unreadable, unwritable
from healthvisit.cli.own_forms import errors_in, files_wanted
from healthvisit.cli.words import N_, _
from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Level

if TYPE_CHECKING:
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.trace import Broken, Outcome, Plan

    Run = Callable[[FormDefinition, Plan, dict[str, bytes]], int]

PROBLEMS = {
    "required": N_("required"),
    "constraint": N_("breaks its rule"),
    "type": N_("does not fit the type of the question"),
}


def test(asked: argparse.Namespace) -> int:
    """Run every script and name each broken expectation."""
    from healthvisit.forms.trace import run_plan

    def run(definition: "FormDefinition", plan: "Plan", files: dict[str, bytes]) -> int:
        outcome = run_plan(definition, plan, files)
        print("\n".join(_report(outcome)))
        return 1 if outcome.broken else 0

    return _scripted(asked, run)


def export(asked: argparse.Namespace) -> int:
    """Write the record that the first script fills in."""
    from healthvisit.forms.fhir import questionnaire_response, write_response
    from healthvisit.forms.openrosa import submission
    from healthvisit.forms.trace import Outcome, run_script
    from healthvisit.forms.xpath.context import zone_of

    def run(definition: "FormDefinition", plan: "Plan", files: dict[str, bytes]) -> int:
        if not plan.scripts:
            raise FormError("form.bad_script", place="scripts", wanted="a script")
        outcome = Outcome()
        session = run_script(definition, plan, plan.scripts[0], files, outcome)
        if outcome.broken:
            _complain("\n".join(_report(outcome)))
            return 1
        for problem in session.problems():
            _complain(f"{problem.path}: {_(PROBLEMS.get(problem.kind, problem.kind))}")
        session.finalise(plan.now)
        told = hashlib.sha256(asked.script.read_bytes()).hexdigest()  # the same script again is the same record
        own = uuid.uuid5(uuid.NAMESPACE_OID, f"{definition.sha256} {told}")
        try:
            if asked.fhir:
                zone = plan.now.astimezone(zone_of(plan.tz))
                write_response(asked.output, questionnaire_response(session, canonical=asked.fhir, authored=zone))
            else:
                submission(session, instance_id=str(own)).write(asked.output)
        except OSError as error:
            _complain(unwritable(error, asked.output))
            return 2
        return 0

    return _scripted(asked, run)


def _scripted(asked: argparse.Namespace, run: "Run") -> int:
    """Read form, script and attachments, run, and say what stands in the way, of the file where it stands."""
    from healthvisit.forms.external import lists_beside
    from healthvisit.forms.trace import read_attachments, read_plan

    file: Path = asked.script
    folders = (asked.form.parent, asked.form.parent / f"{asked.form.stem}-media")
    try:
        plan = read_plan(file.read_text(encoding="utf-8-sig"))
        for place in plan.passed_over:
            _complain(_warning("unknown_member", file, place=place))
        attached = read_attachments(plan, (file.parent, *folders))
        file = asked.form
        definition = _loaded(file)
        if definition is None:
            return 1
        files = lists_beside(definition, folders) | attached
        for name in files_wanted(definition) - files.keys():
            _complain(_warning("missing_file", file, name=name))
        return run(definition, plan, files)
    except HealthvisitError as error:
        _complain(error_line(error, file.name))
        return 1
    except OSError as error:
        _complain(unreadable(error, Path(error.filename or file)))
    except UnicodeDecodeError:
        _complain(error_line(FormError("form.bad_script", place="script", wanted="JSON"), file.name))
    return 2


def _loaded(form: Path) -> "FormDefinition | None":
    """The form, or None when it has errors, which are then said, each with its cell, as the check says them."""
    from healthvisit.forms.definition import FormDefinition
    from healthvisit.forms.trace import form_text

    try:
        return FormDefinition.load(form_text(form))
    except HealthvisitError:
        found = errors_in(form)
        if not found:
            raise
    for each in found:
        _complain(line_of(each, form.name))
    return None


def _report(outcome: "Outcome") -> Iterator[str]:
    """One line for each broken expectation, and the sum, which other programs read: the same in every language."""
    for broken in outcome.broken:
        place = _("{script}, step {step} ({deed}): {ref}").format(
            script=broken.script, step=broken.step, deed=broken.deed, ref=broken.ref
        )
        yield f"{place}: {_said(broken)}"
    yield f"{outcome.passed} passed, {len(outcome.broken)} failed"


def _said(broken: "Broken") -> str:
    if broken.name == "step":
        return f"{sentence(str(broken.found).removeprefix('form.'), {'path': broken.ref})} [{broken.found}]"
    said = _("expected {wanted}, found {found}").format(wanted=_value(broken.wanted), found=_value(broken.found))
    return f"{broken.name}: {said}"


def _value(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except TypeError:  # what `trace` gives where nothing stands
        return _("no such node")


def _warning(kind: str, file: Path, **details: str) -> str:
    return line_of(Finding(kind=kind, level=Level.WARNING, details=details), file.name)


def _complain(line: str) -> None:
    print(line, file=sys.stderr)
