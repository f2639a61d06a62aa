"""Qt's own words that a visitor can meet: buttons of questions, the menu of a text field, the file dialog.

Qt has no Turkmen catalogue; `i18n.Bridge` answers from ours, which finds these sentences here.
"""

from healthvisit.ui.i18n import N_

STRINGS = (
    # buttons of a question
    N_("OK"),
    N_("&OK"),
    N_("Cancel"),
    N_("&Cancel"),
    N_("Close"),
    N_("&Close"),
    N_("Save"),
    N_("&Save"),
    N_("Open"),
    N_("&Open"),
    N_("Apply"),
    N_("Reset"),
    N_("Help"),
    N_("Discard"),
    N_("Retry"),
    N_("Ignore"),
    N_("Abort"),
    N_("&Yes"),
    N_("&No"),
    N_("Yes to &All"),
    N_("N&o to All"),
    # menu of a text field
    N_("&Undo"),
    N_("&Redo"),
    N_("Cu&t"),
    N_("&Copy"),
    N_("&Paste"),
    N_("Delete"),
    N_("Select All"),
    # choosing a file
    N_("Look in:"),
    N_("File &name:"),
    N_("Files of type:"),
    N_("Directory:"),
    N_("Folder"),
    N_("&Choose"),
    N_("Back"),
    N_("Forward"),
    N_("Parent Directory"),
    N_("Create New Folder"),
    N_("New Folder"),
    N_("All Files (*)"),
    N_("Name"),
    N_("Size"),
    N_("Type"),
    N_("Date Modified"),
    N_("My Computer"),
    N_("%1 already exists.\nDo you want to replace it?"),
    N_("%1\nFile not found.\nPlease verify the correct file name was given."),
    # names of keys in menus
    N_("Ctrl"),
    N_("Shift"),
    N_("Alt"),
    N_("Return"),
    N_("Enter"),
    N_("Space"),
    N_("Left"),
    # scroll bars read these to a screen reader
    N_("Page up"),
    N_("Page down"),
)
