"""Cut the program's typeface from Inter (SIL Open Font License 1.1; Debian package `fonts-inter`).

    python tools/make_fonts.py FOLDER_WITH_INTER_OTF resources/fonts

Three choices were measured and have to stay:

- every name of the font is kept, else Qt cannot group the weights and draws 600 as 400;
- the `calt` feature is dropped: with it Qt's PDF loses minus signs and dashes from its text layer, and a z-score of
  -0,3 is copied and read aloud as 0,3;
- the family is called "Inter HV", so that an Inter installed on the computer, which still has `calt`, is never taken.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Inter HV"
WEIGHTS = ("Regular", "Medium", "SemiBold", "Bold")
UNICODES = (
    "0020-007E,00A0-024F,0300-036F,0400-052F,2010-2027,2030-203A,20AC,20BD,2116,2122,2190-2193,2212,2264-2265,2713"
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
FAMILY_NAMES = (1, 3, 4, 16, 21)  # family, unique id, full name, typographic and WWS family
POSTSCRIPT_NAME = 6


def cut(source: Path, target: Path) -> None:
    """Write one weight: the letters of Turkmen, Russian and English, and the family's own name."""
    options = subset.Options(name_IDs=["*"], layout_features=FEATURES, notdef_outline=True)
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(UNICODES))
    cutter.subset(font)
    for record in font["name"].names:
        text = record.toUnicode()
        if record.nameID in FAMILY_NAMES:
            record.string = text.replace("Inter", FAMILY, 1)
        elif record.nameID == POSTSCRIPT_NAME:
            record.string = text.replace("Inter", FAMILY.replace(" ", ""), 1)
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [name.replace("Inter", FAMILY.replace(" ", ""), 1) for name in top.fontNames]
    font.save(target)


def main() -> None:
    """Cut all four weights."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for weight in WEIGHTS:
        made = target / f"Inter-{weight}.otf"
        cut(source / f"Inter-{weight}.otf", made)
        print(f"{made.name}: {made.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
