"""From a stable error code to what a person reads: what happened, and what to do. A test finds every code in the code.

A sentence may name ids, limits and counts (`details` of the error), never a name or an answer.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from healthvisit.domain.errors import HealthvisitError, OfficeError
from healthvisit.ui.dates import clock, cm, day_long, kg, number
from healthvisit.ui.i18n import N_, _, ngettext

BUG = "program.failed"
UNKNOWN_REFUSAL = "office.unknown_code"

NONE = ""
SUPERVISOR = N_("Tell your supervisor.")
CALL_HELP = N_("Nothing was changed. Call the person on your help sheet.")
BY_ITSELF = N_("Nothing is lost; the next try comes by itself.")
AUTHOR = N_("Tell the author of the form; visits already made are not touched.")
OFFICE_ASK = N_("Nothing is lost; ask the office to look into it.")
NEW_CODE = N_("Ask the office for a new code.")
CORRECT = N_("Look at the entry and make it again if it is right.")
AGAIN = N_("Please type it again.")
INSTALL_AGAIN = N_("Install the program again; your work is kept.")
PACK_AGAIN = N_("Install the pack again, or the program; your work is kept.")
KEPT_ON_PAGE = N_("What you typed stays on this page.")

SENTENCES: Mapping[str, tuple[str, str]] = {
    BUG: (
        N_("Something in the program failed. Your work up to the last answer is saved."),
        N_("Close the program and open it again. If it happens once more, call the person on your help sheet."),
    ),
    "program.no_screen": (
        N_("No screen was found, so no window can be shown."),
        N_("Start the program on the computer's own screen, or make pictures with --tour DIR."),
    ),
    "practice.office_not_started": (
        N_("The invented office of practice did not start."),
        N_("You can practise without sending; start the program again to try once more."),
    ),
    "practice.folder_in_use": (
        N_("The folder for practice holds something else already. Nothing was changed."),
        N_("Choose another folder."),
    ),
    # the sealed file
    "vault.wrong_passphrase": (N_("That did not open it."), N_("Look at the keyboard layout and type it again.")),
    "vault.absent": (N_("There is no work on this computer yet."), N_("Start from the first page.")),
    "vault.exists": (
        N_("There is already work on this computer. It was left as it is."),
        N_("Unlock it with its passphrase."),
    ),
    "vault.in_use": (
        N_("The program is already open, perhaps for another account of this computer."),
        N_("Go to its window, or close it there and try again."),
    ),
    "vault.newer": (
        N_("This work was made with a newer program. Nothing was changed."),
        N_("Install the newer program on this computer."),
    ),
    "vault.not_ours": (N_("The file in the place of your work was not made by this program."), CALL_HELP),
    "vault.schema": (N_("The file with your work was changed by another program."), CALL_HELP),
    "vault.damaged": (
        N_("The file with your work is damaged and cannot be opened."),
        N_("Do not delete it: much of it can often be saved. Call the person on your help sheet."),
    ),
    "vault.altered": (
        N_("Somebody or something outside this program changed the file with your work."),
        N_("Do not go on with it. Call the person on your help sheet."),
    ),
    "vault.keys_exchanged": (
        N_("The keys of this file were exchanged by somebody else. Nothing was opened or saved."),
        SUPERVISOR,
    ),
    "vault.row_damaged": (
        N_("One record cannot be read (number {row_seq}). Everything else works."),
        N_("The office may have it: send now, then look again."),
    ),
    "vault.put_back": (
        N_("This work was put back from an older copy. What was saved after that copy is missing here."),
        N_("Send now: what the office has comes back. Tell your supervisor what else is missing."),
    ),
    "vault.slot_limits": (N_("The passphrase's entry in the file was changed and is not safe to use."), CALL_HELP),
    "vault.no_memory": (
        N_("This computer has too little free memory to open your work."),
        N_("Close other programs and try again."),
    ),
    "vault.no_device": (N_("The file with your work was not finished when it was made."), CALL_HELP),
    "vault.cannot_open": (
        N_("The file with your work cannot be opened: its folder is closed to this account."),
        N_("Sign in to the computer with your own account, or call the person on your help sheet."),
    ),
    "vault.read_only": (
        N_("Cannot save: the disk or folder can only be read."),
        N_("Sign in with your own account; if a switch or card protects the disk, take it off, then try again."),
    ),
    "vault.disk_full": (
        N_("Cannot save: the disk is full."),
        N_("What you typed stays on this page; free 20 MB or put in a stick, then try again."),
    ),
    "vault.disk_error": (
        N_("Cannot save: the disk reports a fault."),
        N_("What you typed stays on this page; try again, and tell your supervisor today: the disk may be failing."),
    ),
    "vault.cloud_folder": (
        N_("The work lies in a folder that another program copies away (OneDrive, Dropbox or the like)."),
        N_("It would be damaged there. Call the person on your help sheet to move it."),
    ),
    "vault.network_folder": (
        N_("The work lies in a folder of another computer. It would be damaged there."),
        N_("Call the person on your help sheet to move it to this computer."),
    ),
    # what is typed
    "household.name_missing": (N_("The family has no name yet."), N_("Type the family's name.")),
    "household.place_missing": (N_("The village is missing."), N_("Choose the village or street.")),
    "household.nobody": (N_("Nobody is in this family yet."), N_("Add a child or the mother.")),
    "household.absent": (N_("This family is not on this computer."), N_("Go back to the list and open it again.")),
    "person.name_missing": (
        N_("The name is missing."),
        N_("Type a surname or a first name; for a child not named yet choose its mother."),
    ),
    "person.birth_date_missing": (
        N_("The date of birth is missing."),
        N_("Type it, or choose “about” and type the month or the year."),
    ),
    "person.born_in_future": (N_("The date of birth is in the future."), N_("Please check day, month and year.")),
    "person.born_too_early": (N_("The date of birth is before 1900."), N_("Please check the year.")),
    "person.died_before_birth": (N_("The date of death is before the birth."), N_("Please check both dates.")),
    "person.died_in_future": (N_("The date of death is in the future."), N_("Please check the date.")),
    "enrolment.end_in_future": (N_("The day of leaving is in the future."), N_("Please check the date.")),
    "birth.gestation": (
        N_("Weeks of pregnancy must lie between {low} and {high}."),
        N_("Please check the number."),
    ),
    "birth.left_before": (
        N_("The mother and child left the maternity house before the birth, by these dates."),
        N_("Please check both dates."),
    ),
    "birth.order": (
        N_("The order of birth does not fit the number of children born together."),
        N_("Please check both numbers."),
    ),
    "phone.invalid": (
        N_("This is not a phone number."),
        N_("Type it as +993 65 12 34 56, or leave it empty."),
    ),
    "measurement.out_of_range": (
        N_("{field} must lie between {low} and {high}."),
        N_("Please look at the decimal comma, and measure again."),
    ),
    "measurement.not_positive": (N_("{field} must be more than zero."), N_("Please measure again.")),
    "danger.no_sign": (N_("No danger sign is chosen."), N_("Choose what you see.")),
    "referral.refusal_needs_reason": (
        N_("The family does not agree: the reason, and that your supervisor was told, are missing."),
        N_("Write down both."),
    ),
    # visits, drafts, records
    "visit.already_signed": (
        N_("This visit is signed already and safe."),
        N_("To change it, open it and choose Correct."),
    ),
    "visit.in_future": (N_("The date of the visit is in the future."), N_("Please check the date.")),
    "visit.reason_missing": (N_("The reason for the correction is missing."), N_("Choose why it is corrected.")),
    "visit.nothing_changed": (
        N_("Nothing differs from the visit as it was signed."),
        N_("Change what was wrong, or leave it as it is."),
    ),
    "visit.before_birth": (
        N_("The visit is dated before the child's birth."),
        N_("Please check the date of the visit and the date of birth."),
    ),
    "visit.nobody_to_move_to": (
        N_("The family you chose has no child this visit could belong to."),
        N_("Choose another family."),
    ),
    "visit.danger_without_referral": (
        N_("A danger sign was found and nobody has been referred yet."),
        N_("Open “Danger now” and refer, or write down that the family refuses."),
    ),
    "draft.absent": (
        N_("The visit that was open is no longer here: it was signed or thrown away."),
        N_("Look at the family's visits."),
    ),
    "record.absent": (
        N_("This record is not on this computer any more."),
        N_("Go back to the list and open it again."),
    ),
    "record.unreadable": (
        N_("One record cannot be read by this program ({kind}). Everything else works."),
        N_("It stays as it is. Send now; if it remains, tell your supervisor."),
    ),
    "change.unreadable": (N_("One saved change cannot be read. Everything else works."), OFFICE_ASK),
    "change.refused": (N_("The office did not accept this entry. It is kept here."), CORRECT),
    "change.no_record": (
        N_("The office did not accept this entry: it does not have the record it belongs to."),
        CORRECT,
    ),
    "change.other_kind": (N_("The office did not accept this entry: it has something else there."), CORRECT),
    "change.record_exists": (N_("The office did not accept this entry: it has another version of it."), CORRECT),
    "change.bad_id": (N_("The office could not use an entry: its number is wrong. It is kept here."), OFFICE_ASK),
    "change.bad_stamp": (N_("The office could not use an entry: its time is wrong. It is kept here."), OFFICE_ASK),
    "change.not_mergeable": (N_("The office could not use an entry. It is kept here."), OFFICE_ASK),
    "change.gone": (N_("The office has removed this entry for good, as the law asks."), NONE),
    "change.by": (
        N_("The office did not accept this entry: it does not know who made it on this computer."),
        OFFICE_ASK,
    ),
    "chg.clash": (N_("The office has another entry under the same number. Both are kept."), OFFICE_ASK),
    "scope.not_yours": (
        N_("The office did not accept this entry: the family is not in your list. It is kept here."),
        N_("Ask your supervisor who visits this family now."),
    ),
    "attention.decided": (N_("This was decided already."), N_("Look at what stands there now.")),
    # forms, packs, growth
    "form.absent": (
        N_("The form this visit was begun with is not on this computer any more."),
        N_("Your answers are kept. Call the person on your help sheet."),
    ),
    "form.missing": (N_("A form of the program is missing ({form})."), INSTALL_AGAIN),
    "form.other_definition": (
        N_("This visit was begun with another version of the form."),
        N_("Your answers are kept. Call the person on your help sheet."),
    ),
    "form.unfinished": (N_("Questions that still need an answer: {count}."), N_("Answer them, then sign.")),
    "form.hidden": (N_("This question does not apply any more after an earlier answer."), NONE),
    "form.readonly": (N_("This is worked out by the form and cannot be typed."), NONE),
    "form.too_many": (N_("No more entries are possible here (limit: {limit})."), NONE),
    "form.file_unreadable": (N_("The file cannot be read."), N_("Choose it again, or another one.")),
    "form.file_too_large": (N_("The file is larger than {limit} MB and was not taken."), N_("Choose a smaller one.")),
    "form.not_a_picture": (N_("This is no picture that can be kept."), N_("Choose a photograph (JPEG or PNG).")),
    "file.visit_full": (
        N_("The pictures and files of this visit would be more than {limit} MB; this one was not taken."),
        N_("Take another one out first."),
    ),
    "file.laptop_full": (
        N_("The pictures and files on this computer would be more than {limit} MB; this one was not taken."),
        SUPERVISOR,
    ),
    "file.not_named": (
        N_("The office has no entry yet that this picture or file belongs to."),
        N_("It waits here until it has."),
    ),
    "file.too_large": (
        N_("The picture or file is larger than {limit} MB and was not taken."),
        N_("Choose a smaller one."),
    ),
    "file.absent": (N_("The picture or file is not on this computer."), NONE),
    "file.damaged": (
        N_("The picture or file on this computer is damaged and cannot be shown."),
        N_("Choose it again if you still have it."),
    ),
    "form.too_large": (N_("The form is larger than {limit} bytes and was not opened."), AUTHOR),
    "form.compiler_missing": (N_("The program that compiles forms is not installed."), N_("Install {name}.")),
    "form.broken_workbook": (N_("The workbook cannot be read."), AUTHOR),
    "form.does_not_compile": (N_("The form does not compile: {reason}."), AUTHOR),
    "form.not_xml": (N_("The form's file is not readable XML."), AUTHOR),
    "form.forbidden_xml": (N_("The form's file holds XML that is not allowed here."), AUTHOR),
    "form.not_a_form": (N_("The file is no form this program knows."), AUTHOR),
    "form.field_twice": (N_("The form fills {name} twice ({path})."), AUTHOR),
    "form.field_without_entry": (N_("In the form {path} names a field but no entry."), AUTHOR),
    "form.unit_without_field": (N_("In the form {path} names a unit but no field."), AUTHOR),
    "form.unknown_entry": (N_("In the form {path} names an entry this program does not know: {name}."), AUTHOR),
    "form.unknown_field": (N_("In the form {path} names a field this program does not know: {name}."), AUTHOR),
    "form.unknown_unit": (N_("In the form {path} names a unit this program does not know: {name}."), AUTHOR),
    "form.unknown_zone": (N_("The form names a time zone this program does not know: {name}."), AUTHOR),
    "form.unknown_axis": (N_("The form uses a path step this program does not know: {name}."), AUTHOR),
    "form.unknown_digest": (N_("The form uses a checksum this program does not know."), AUTHOR),
    "form.unknown_function": (N_("The form uses a function this program does not know: {name}."), AUTHOR),
    "form.unknown_variable": (N_("The form uses a variable this program does not know: {name}."), AUTHOR),
    "form.unresolved": (N_("The form points to a question that is not in it."), AUTHOR),
    "form.left_out": (
        N_("A form of your office ({form}) cannot be used ({why}). The program's own form is used."),
        AUTHOR,
    ),
    "form.lacks_fields": (N_("The form lacks questions that the program needs: {fields}."), AUTHOR),
    "form.no_instance_id": (N_("The record has no number of its own and cannot be sent to another system."), AUTHOR),
    "form.no_question": (N_("The form has no question {path}."), AUTHOR),
    "form.no_repeat": (N_("The form cannot repeat {path}."), AUTHOR),
    "form.not_whole": (N_("The form gives a fraction where a whole number is kept ({path})."), AUTHOR),
    "form.not_nodes": (N_("The form uses a value where it must name questions."), AUTHOR),
    "form.arity": (N_("The form gives {given} values to {name}, which takes another number."), AUTHOR),
    "form.bad_pattern": (N_("The form holds a text pattern that cannot be used."), AUTHOR),
    "form.cycle": (N_("In the form {path} depends on itself."), AUTHOR),
    "form.syntax": (N_("An expression of the form cannot be read."), AUTHOR),
    "form.not_a_place": (N_("The form measures a distance between values that are no places."), AUTHOR),
    "form.failed": (N_("An expression of the form cannot be worked out."), AUTHOR),
    "form.endless": (N_("Values of the form depend on each other without end."), AUTHOR),
    "form.endless_actions": (N_("Actions of the form set each other off without end."), AUTHOR),
    "form.unknown_event": (N_("In the form an action on {path} waits for something unknown: {name}."), AUTHOR),
    "form.many_targets": (N_("An action of the form does not say which of several entries it means."), AUTHOR),
    "form.bad_script": (N_("The script cannot be used at {place}; wanted there: {wanted}."), NONE),
    "form.bad_attachment": (N_("The form's file {name} cannot be read."), AUTHOR),
    "form.missing_file": (N_("The form's file {name} is missing."), AUTHOR),
    "form.too_deep": (N_("An expression of the form is nested too deeply."), AUTHOR),
    "pack.missing": (N_("A content pack is missing, or a file of it ({file})."), PACK_AGAIN),
    "pack.damaged": (N_("A file of a content pack is damaged ({file})."), PACK_AGAIN),
    "pack.wrong_value": (
        N_("A content pack has a wrong value ({file}, {entry}, {member})."),
        PACK_AGAIN,
    ),
    "development.wrong_answer": (
        N_("An answer of this check is none of those that can be given ({item})."),
        N_("Answer it again."),
    ),
    "development.unknown_flag": (
        N_("This check does not know the sign {flag}. It was not weighed."),
        N_("Tell your supervisor, and act on the sign as you were taught."),
    ),
    "development.unknown_item": (N_("This instrument has no question {item}."), SUPERVISOR),
    "development.unknown_area": (N_("This instrument has no area {name}."), N_("Choose one of the list.")),
    "development.unknown_status": (N_("This instrument has no result {name}."), N_("Choose one of the list.")),
    "development.status_disagrees": (
        N_("The result and the total do not fit together: a total from {low} to {high} means another result."),
        N_("Look at the form again."),
    ),
    "development.score_out_of_range": (N_("This score cannot be: it goes from {low} to {high}."), AGAIN),
    "development.result_in_future": (N_("The day of this assessment is still to come."), AGAIN),
    "development.result_before_birth": (N_("The day of this assessment is before the birth."), AGAIN),
    "development.result_needs": (N_("Something is still missing: {field}."), N_("Fill it in.")),
    "development.check_in_future": (N_("The day of this check is still to come."), N_("Please check the date.")),
    "development.check_before_birth": (
        N_("The day of this check is before the child was born."),
        N_("Please check this date and the date of birth."),
    ),
    "development.too_old": (
        N_("These checks are for children under {years} years."),
        N_("If you are worried about an older child, refer to the doctor."),
    ),
    "development.month_ahead": (
        N_("The child was not so old yet: {months} completed months today."),
        N_("Type the age at which it happened, in months."),
    ),
    "development.unknown_tool": (N_("This program does not know the tool {name}."), N_("Choose one of the list.")),
    "development.form_incomplete": (
        N_("These questions need an answer each; still open: {count}."),
        N_("Ask what is open, or leave it and go on later."),
    ),
    "development.safety_not_said": (
        N_("It is not said whether the question about self-harm was answered with anything but never."),
        N_("Look at the paper form."),
    ),
    "development.nothing_asked": (N_("Nothing was answered yet."), N_("Answer at least one question.")),
    "development.not_for_age": (
        N_("This form is for children from {low} to {high} months, on the day it was filled in."),
        N_("Please check the date, or choose another tool."),
    ),
    "development.nothing_answered": (
        N_("Nothing was answered yet, so there is no check to save."),
        N_("Answer at least one question."),
    ),
    "growth.table_damaged": (N_("The growth tables are damaged; no z-score can be shown."), INSTALL_AGAIN),
    # the way to the office
    "card.unreadable": (N_("This file is no office card, or it is damaged."), N_("Ask the office for the card again.")),
    "card.other_office": (N_("This card is from another office."), N_("Nothing was changed. Ask your own office.")),
    "card.not_newer": (N_("You already have this card or a newer one (number {n})."), NONE),
    "enrol.code_mistyped": (N_("Group {group} of the code is not right."), AGAIN),
    "enrol.code_incomplete": (
        N_("The code is not complete (groups: {groups} of {needed})."),
        N_("Type the rest."),
    ),
    "enrol.code_unknown": (N_("The office does not know this code."), NEW_CODE),
    "enrol.code_used": (N_("This code was used already, by another computer."), NEW_CODE),
    "enrol.code_expired": (N_("This code is too old."), NEW_CODE),
    "enrol.code_ended": (N_("This code was tried wrongly too often and has ended."), NEW_CODE),
    "enrol.proof_wrong": (
        N_("The office did not accept the code. Tries left: {left}."),
        N_("Compare it with the paper and type it again."),
    ),
    "enrol.device_taken": (
        N_("The office knows this computer or worker under another name."),
        N_("Nothing is lost; ask the office for a code made for you."),
    ),
    "enrol.other_card": (
        N_("Code and office card do not belong together."),
        N_("Ask the office for both again."),
    ),
    "device.revoked": (
        N_("The office has ended this computer's membership. Your work stays here, sealed."),
        N_("Speak with your supervisor."),
    ),
    "office.revoked": (
        N_("The office has ended this computer's membership; your work reached it. It stays here too, sealed."),
        N_("Speak with your supervisor."),
    ),
    "office.bad_question": (N_("The office did not understand what was asked."), OFFICE_ASK),
    "auth.unknown_device": (N_("The office does not know this computer."), N_("Join again with a new code.")),
    "auth.nonce": (N_("The office did not recognise this computer in time."), BY_ITSELF),
    "auth.token": (N_("The office asked this computer to sign in again."), BY_ITSELF),
    "auth.signature": (N_("The office did not accept this computer's signature."), OFFICE_ASK),
    "auth.other_device": (N_("The office took this for another computer's work."), OFFICE_ASK),
    "office.unreachable": (N_("No line."), BY_ITSELF),
    "office.captive_portal": (
        N_("This network wants a login page of its own; the office was not reached."),
        N_("Open a web page once and sign in there, or use another network."),
    ),
    "office.wrong_certificate": (
        N_("The answer did not come from our office. Nothing was sent."),
        SUPERVISOR,
    ),
    "office.not_ours": (N_("Another office answered than the one you joined. Nothing was sent."), SUPERVISOR),
    "office.busy": (N_("The office is busy and asks to wait {retry_after_s}."), BY_ITSELF),
    "office.bad_address": (N_("The office's address cannot be used."), N_("Please check it: it begins with https://")),
    "office.no_address": (N_("The office card holds no address."), N_("Type the office's address too.")),
    "server.disk_full": (N_("The office's own disk is full."), OFFICE_ASK),
    "server.database": (N_("The office cannot save at the moment."), BY_ITSELF),
    "sync.not_joined": (
        N_("This computer is not joined to an office yet."),
        N_("Join with a code; until then all waits."),
    ),
    "sync.stopped": (N_("Stopped. Arrived: {sent}, waiting: {waiting}."), NONE),
    "sync.gap": (N_("The office asked for something this computer does not have."), OFFICE_ASK),
    "sync.epoch_changed": (N_("The office was set up again while sending."), BY_ITSELF),
    "sync.old_epoch": (
        N_("The office answered with an old state. Nothing was taken from it."),
        SUPERVISOR,
    ),
    "sync.old_statement": (N_("The office's answer is older than the last one and was not taken."), BY_ITSELF),
    "wire.bad_signature": (
        N_("The answer was not signed by our office. Nothing was taken from it."),
        SUPERVISOR,
    ),
    "wire.bad_chain": (N_("What arrived does not fit together and was not taken."), BY_ITSELF),
    "wire.other_device": (N_("The answer was for another computer and was not taken."), BY_ITSELF),
    "wire.too_big": (N_("What was to be sent or read is larger than {limit} allows."), OFFICE_ASK),
    "wire.unreadable": (N_("The office's answer could not be read."), BY_ITSELF),
    "wire.newer": (
        N_("The office speaks a newer language than this program."),
        N_("Nothing is lost. Install the newer program, then send."),
    ),
    UNKNOWN_REFUSAL: (N_("The office refused for a reason this program does not know ({code})."), OFFICE_ASK),
    # paper
    "print.cannot_save": (
        N_("The file could not be written there."),
        N_("Choose another folder, or free some room."),
    ),
    "print.no_printer": (
        N_("The printer did not take it."),
        N_("See whether it is on and has paper, or save it as a file."),
    ),
}

FIELDS: Mapping[str, str] = {
    "weight_g": N_("Weight"),
    "birth_weight_g": N_("Weight at birth"),
    "length_mm": N_("Length or height"),
    "head_mm": N_("Head"),
    "muac_mm": N_("Upper arm"),
    "temperature_c10": N_("Temperature"),
    "breaths": N_("Breaths in a minute"),
    "pulse": N_("Pulse"),
    "oxygen_percent": N_("Oxygen"),
    "systolic": N_("Blood pressure, upper number"),
    "diastolic": N_("Blood pressure, lower number"),
    "mother_age_years": N_("Age of the mother"),
    "version": N_("Version"),
    "assessor": N_("Who assessed"),
    "status": N_("Result"),
}


def sentence(error: BaseException) -> str:
    """What happened and what to do, in the language in use; an error of our own is said to be one."""
    if not isinstance(error, HealthvisitError):
        return said(BUG)
    if error.code not in SENTENCES and isinstance(error, OfficeError):
        return said(UNKNOWN_REFUSAL, {"code": error.code})
    return said(error.code, error.details)


def said(code: str, details: Mapping[str, Any] | None = None) -> str:
    """The same from a code and its details, as they are kept in a history or a state."""
    return " ".join(_filled(part, details or {}) for part in SENTENCES.get(code, SENTENCES[BUG]) if part)


def happened(code: str, details: Mapping[str, Any] | None = None) -> str:
    """Only what happened, for a line of a list."""
    return _filled(SENTENCES.get(code, SENTENCES[BUG])[0], details or {})


def advice(code: str, details: Mapping[str, Any] | None = None) -> str:
    """Only what to do, for a place that has said what happened; empty where nothing is to be done."""
    return _filled(SENTENCES.get(code, SENTENCES[BUG])[1], details or {})


def _filled(text: str, details: Mapping[str, Any]) -> str:
    field = str(details.get("field", ""))
    shown = {name: _shown(name, value, field) for name, value in details.items()}
    return _(text).format_map(_Lenient(shown)) if text else ""


class _Lenient(dict[str, str]):
    """A detail that an older office left out must not turn a message into a crash."""

    def __missing__(self, _key: str) -> str:
        return "…"


def _shown(name: str, value: Any, field: str) -> str:
    if name == "field":
        return _(FIELDS[value]) if value in FIELDS else str(value)
    if name in ("low", "high") and isinstance(value, int):
        return _with_unit(field, value)
    if name == "retry_after_s" and isinstance(value, int):
        minutes = max(1, round(value / 60))
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if isinstance(value, datetime):
        return clock(value)
    if isinstance(value, date):
        return day_long(value)
    return str(value)


def _with_unit(field: str, value: int) -> str:
    if field.endswith("_g"):
        return _("{number} kg").format(number=kg(value))
    if field.endswith("_mm"):
        return _("{number} cm").format(number=cm(value))
    if field.endswith("_c10"):
        return _("{number} °C").format(number=number(Decimal(value) / 10, 1))
    return str(value)
