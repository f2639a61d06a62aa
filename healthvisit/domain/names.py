"""Names as people spell them: search keys that meet across Turkmen, Russian and hurried spelling.

Source: the folding rules of DOMAIN section 6, tried there on 34 pairs.
"""

import re
import unicodedata

_LETTERS = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэ", "abvgdeziyklmnoprstufhye", strict=True)),
        "я": "ya",
        "ё": "yo",
        "ю": "yu",
        "ж": "zh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ь": "",
        "ъ": "",
        "ә": "a",
        "ө": "o",
        "ү": "u",
        "ң": "n",
        "җ": "j",
        "ä": "a",
        "ç": "ch",
        "ž": "zh",
        "ň": "n",
        "ö": "o",
        "ş": "sh",
        "ü": "u",
        "ý": "y",
        "w": "v",
        **dict.fromkeys("'’ʼ`-–", ""),
    }
)
_STRICT_RULES = (("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("x", "h"))
_LOOSE_RULES = (("sch", "s"), ("sh", "s"), ("tch", "c"), ("ch", "c"), ("gh", "g"), ("ts", "s"))
_DOUBLED = re.compile(r"(.)\1+")
_GLIDE = re.compile(r"(?<=[aeou])[yi]|[yi](?=[aeou])")
_LOOSE_LETTERS = str.maketrans("gkqaeiyou", "kkkaauuuu")


def strict_key(text: str) -> str:
    """Words of a name folded so that one spelling in either script meets the other; words stay apart by a space."""
    return " ".join(filter(None, (_strict(word) for word in text.split())))


def loose_key(text: str) -> str:
    """As `strict_key`, and forgiving vowels, glides and hissing letters: finds more, and some that differ."""
    return " ".join(filter(None, (_loose(_strict(word)) for word in text.split())))


def _strict(word: str) -> str:
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold()).translate(_LETTERS)
    for old, new in _STRICT_RULES:
        folded = folded.replace(old, new)
    return _DOUBLED.sub(r"\1", folded)


def _loose(folded: str) -> str:
    for old, new in _LOOSE_RULES:
        folded = folded.replace(old, new)
    folded = _GLIDE.sub("", folded).translate(_LOOSE_LETTERS)
    if folded.endswith("d"):
        folded = folded[:-1] + "t"
    return _DOUBLED.sub(r"\1", folded)
