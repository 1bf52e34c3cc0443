"""Writes pinyin.tsv: `python -m assistant.nlu.build_pinyin`, in the environment that has pypinyin.

The table holds facts (how characters are read), not anybody's text: Unicode's Unihan database,
kMandarin and kHanyuPinlu, by way of pypinyin (MIT), for the 6,763 characters of GB 2312 and the
characters named in `EXTRA`. Run time needs only the table.
"""

from __future__ import annotations

import sys
from pathlib import Path

EXTRA = "啰囡囝覅冇咗唔嘢煨焗煲熬煸氽煀鮰鳜鲃鳑鲏鳊鲅馄饨饦馍餶餐蕰蔬荠苋茼蒿莴芡馃糍粢饭糰囫囵"
"""Characters outside GB 2312, or nearly, that kitchens and dialects need."""

# pypinyin's first reading follows frequency over all texts; at a table and in a clinic these differ.
PREFERRED = {"大": "da", "血": "xue", "薄": "bo", "便": "bian", "行": "xing", "囡": "nan", "覅": "fiao"}


def characters() -> list[str]:
    """Return the characters of GB 2312 in code order, then the extra ones."""
    found = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.append(bytes((high, low)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return list(dict.fromkeys([*found, *EXTRA, *"〇"]))


def table() -> str:
    """Return the table: a line a syllable, characters first read so, characters also read so."""
    from pypinyin import Style, pinyin

    first: dict[str, list[str]] = {}
    other: dict[str, list[str]] = {}
    for character in characters():
        readings = pinyin(character, style=Style.NORMAL, heteronym=True, v_to_u=False, errors="ignore")
        found = list(
            dict.fromkeys(reading for reading in (readings[0] if readings else []) if reading.isascii())
        )
        found = [reading for reading in found if reading and any(vowel in reading for vowel in "aeiouv")]
        if character == "〇":
            found = ["ling"]
        if character in PREFERRED:
            found = [PREFERRED[character], *(reading for reading in found if reading != PREFERRED[character])]
        if not found:
            continue
        first.setdefault(found[0], []).append(character)
        for reading in found[1:3]:
            other.setdefault(reading, []).append(character)
    lines = ["# syllable\tcharacters read so first\tcharacters also read so (Unihan kMandarin, kHanyuPinlu)"]
    for syllable in sorted({*first, *other}):
        lines.append(f"{syllable}\t{''.join(first.get(syllable, []))}\t{''.join(other.get(syllable, []))}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table beside this module and say how large it is."""
    text = table()
    Path(__file__).with_name("pinyin.tsv").write_text(text, encoding="utf-8")
    sys.stdout.write(f"pinyin.tsv: {text.count(chr(10)) - 1} syllables, {len(text.encode())} bytes\n")


if __name__ == "__main__":
    main()
