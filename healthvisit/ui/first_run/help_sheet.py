"""The sheet that lies beside the computer: its number and whom to call. No secret, no name of a person or a place."""

from html import escape

from healthvisit.ui.i18n import _
from healthvisit.ui.printing import Letter

LINE = "_" * 26


def facts(number: str) -> list[tuple[str, str]]:
    """What stands on the sheet: a name and a fact, or a line to be filled in by hand."""
    return [
        (_("Number of this computer"), number),
        (_("Who helps with the program"), LINE),
        (_("Phone"), LINE),
        (_("Supervisor"), LINE),
        (_("Phone"), LINE),
    ]


def advice() -> list[str]:
    """What to do when something is wrong."""
    return [
        _("The computer is lost or stolen: call at once, whatever the hour."),
        _("The passphrase is forgotten: call before you try for long. Without it nobody can open the work."),
        _("A message asks you to call: read it out, and the number above."),
        _("Never write the passphrase on this sheet."),
    ]


def help_sheet(number: str, *, practice: bool = False) -> Letter:
    """The sheet as a letter, A5."""
    name_style, fact_style = "padding:10px 16px 10px 0", "padding:6px 0 10px 0"
    rows = "".join(
        f"<tr><td style='{name_style}'>{escape(name)}</td>"
        f"<td class='large' style='{fact_style}'>{escape(fact)}</td></tr>"
        for name, fact in facts(number)
    )
    said = "".join(f"<li style='margin-bottom:6px'>{escape(line)}</li>" for line in advice())
    title = escape(_("Help sheet"))
    return Letter(
        html=f"<h1>{title}</h1><table cellspacing='0'>{rows}</table><p></p><ul>{said}</ul>",
        page="A5",
        footer="healthvisit",
        practice=practice,
    )
