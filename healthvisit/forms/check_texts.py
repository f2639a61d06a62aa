"""The words and pictures of an XForm: what one language has and another lacks, and files that are not there."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from healthvisit.forms.check_lists import beside
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.text import UNTRANSLATED
from healthvisit.forms.xform import XF


def missing_media(model: Any, folders: Collection[Path]) -> Iterator[Finding]:
    """Pictures, sound and films named in labels that lie in none of the folders."""
    for translation in model.iter(f"{XF}translation"):
        for text in translation.findall(f"{XF}text"):
            for value in text.findall(f"{XF}value"):
                name = (value.text or "").strip()
                if name.startswith("jr://") and beside(folders, name.rpartition("/")[2]) is None:
                    text_id = text.get("id") or ""
                    yield Finding(
                        kind="missing_media",
                        level=Level.WARNING,
                        place=Place(line=value.sourceline, path=text_id.rpartition(":")[0] or text_id),
                        details={
                            "name": name.rpartition("/")[2],
                            "aspect": value.get("form") or "image",
                            "spoken": translation.get("lang") or "",
                        },
                    )


def translations(root: Any) -> Iterator[Finding]:
    """Texts that one language has and another lacks."""
    lines: dict[str, int] = {}
    spoken: dict[str, dict[str, bool]] = {}
    names = []
    for translation in root.iter(f"{XF}translation"):
        language = translation.get("lang") or ""
        names.append(language)
        for text in translation.findall(f"{XF}text"):
            words = "".join(text.itertext()).strip()
            is_said = (bool(words) or text.find(f".//{XF}output") is not None) and words != UNTRANSLATED
            spoken.setdefault(text.get("id") or "", {})[language] = is_said
            lines.setdefault(text.get("id") or "", text.sourceline)
    for text_id, languages in spoken.items():
        for name in names:
            if any(languages.values()) and not languages.get(name):
                place = Place(line=lines[text_id], path=text_id)
                yield Finding(kind="no_translation", level=Level.WARNING, place=place, details={"language": name})
    if names:
        details = {"count": len(names), "languages": ", ".join(names)}
        yield Finding(kind="languages", level=Level.NOTE, details=details)
