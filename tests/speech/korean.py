"""Korean for trying the Vosk engine: Hangul as phonemes, to be spoken by Kokoro. Synthetic."""

from __future__ import annotations

import itertools

BEGIN = ["k", "k͈", "n", "t", "t͈", "ɾ", "m", "p", "p͈", "s", "s͈", "", "ʨ", "ʨ", "ʨʰ", "kʰ", "tʰ", "pʰ", "h"]
MIDDLE = ["a", "ɛ", "ja", "jɛ", "ʌ", "e", "jʌ", "je", "o", "wa", "wɛ", "we", "jo", "u", "wʌ", "we", "wi",
          "ju", "ɯ", "ɰi", "i"]  # fmt: skip
END = ["", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t",
       "ŋ", "t", "t", "k", "t", "p", "t"]  # fmt: skip
CARRIED = {1: 0, 4: 2, 7: 3, 8: 5, 16: 6, 17: 7, 19: 9, 22: 12}
"""A final consonant before a vowel opens the next syllable: its number among the initials."""

VOICED = {"k": "ɡ", "t": "d", "p": "b", "ʨ": "ʥ"}
"""Plain stops between voiced sounds."""


def phonemes(text: str) -> str:
    """Return Hangul in the signs of the Kokoro model."""
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    parts = []
    for sign in word:
        number = ord(sign) - 0xAC00
        parts.append([number // 588, number % 588 // 28, number % 28])
    for here, after in itertools.pairwise(parts):
        if after[0] == 11 and here[2] in CARRIED:
            after[0], here[2] = CARRIED[here[2]], 0
        if END[here[2]] in ("k", "t", "p") and after[0] in (2, 6):
            here[2] = {"k": 21, "t": 4, "p": 16}[END[here[2]]]
    written = ""
    for number, (begin, middle, end) in enumerate(parts):
        first = BEGIN[begin]
        before = END[parts[number - 1][2]] if number else "-"
        if first in VOICED and before in ("", "n", "m", "l", "ŋ"):
            first = VOICED[first]
        if first == "s" and (MIDDLE[middle] in ("i", "wi") or MIDDLE[middle].startswith("j")):
            first = "ɕ"
        written += first + MIDDLE[middle] + END[end]
    return written
