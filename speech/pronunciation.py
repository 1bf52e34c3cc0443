"""Characters become toned syllables, with the tone changes that people make in running speech."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STOPS = "，。？！"
_PARTS = re.compile(r"[^，。？！]+|[，。？！]")
PRIVATE_CACHE = Path("~/.cache/kangban")
_NUMERALS = "零一二三四五六七八九十百千万亿幺两点"

READ_AS = {
    "还": "hai2", "长者": "zhang3 zhe3", "觉得": "jue2 de5", "睡觉": "shui4 jiao4", "快乐": "kuai4 le4",
    "量血压": "liang2 xue4 ya1", "血糖": "xue4 tang2", "血压": "xue4 ya1", "大夫": "dai4 fu5",
    "换药": "huan4 yao4", "头发": "tou2 fa5", "了": "le5", "着": "zhe5", "地址": "di4 zhi3", "得": "de5",
    "重复": "chong2 fu4", "再来一遍": "zai4 lai2 yi2 bian4", "家长": "jia1 zhang3", "行": "xing2",
    "银行": "yin2 hang2", "没": "mei2", "都": "dou1", "地": "di4", "给": "gei3", "好": "hao3", "假": "jia4",
}  # fmt: skip
"""Readings that the dictionary gets wrong in what we say; whole words of the segmentation only."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """A pause, by its sign."""

    sign: str


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A word: its syllables in pinyin with the tone as a digit, 5 for the neutral one, ü written v."""

    syllables: tuple[str, ...]


def pronounce(text: str) -> Iterator[Spoken | Stop]:
    """Yield the words and stops of a text as ``aloud.as_said`` returns it."""
    import jieba
    from pypinyin import Style, lazy_pinyin

    jieba.setLogLevel(60)  # its greetings are not ours
    # Its compiled dictionary is loaded again at each start: not from a folder that others can write to.
    with suppress(OSError, RuntimeError):
        PRIVATE_CACHE.expanduser().mkdir(parents=True, exist_ok=True, mode=0o700)
        jieba.dt.tmp_dir = str(PRIVATE_CACHE.expanduser())
    for part in _PARTS.findall(text):
        if part in STOPS:
            yield Stop(sign=part)
            continue
        words = [word for word in jieba.lcut(part, HMM=False) if word.strip()]
        read: list[list[str]] = []
        for word in words:
            known = READ_AS.get(word)
            syllables = (
                known.split() if known else lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
            )
            read.append([syllable for syllable in syllables if syllable[-1:].isdigit()])
        for syllables in change_tones(words, read):
            if syllables:
                yield Spoken(syllables=tuple(syllables))


def change_tones(words: Sequence[str], read: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the syllables with the changes of 不, 一 and of third tones that follow one another."""
    changed = [list(syllables) for syllables in read]
    flat = [(at, on) for at, syllables in enumerate(changed) for on in range(len(syllables))]
    signs = [words[at][on] if len(words[at]) == len(changed[at]) else "" for at, on in flat]
    for number, (at, on) in enumerate(flat):
        follows = flat[number + 1] if number + 1 < len(flat) else None
        tone = changed[follows[0]][follows[1]][-1] if follows else ""
        if signs[number] == "不" and tone == "4":
            changed[at][on] = "bu2"
        elif signs[number] == "一" and tone:
            # The dictionary has some of these changes and not others; here they are all made alike.
            changed[at][on] = "yi1" if _counts(signs, number) else "yi2" if tone == "4" else "yi4"
    for number in range(len(flat) - 2, -1, -1):
        _third(changed, flat[number], flat[number + 1])
    return changed


def _counts(signs: Sequence[str], number: int) -> bool:
    """Whether this 一 is part of a number or an ordinal, where it keeps its tone (十一, 第一)."""
    before = signs[number - 1] if number else ""
    after = signs[number + 1] if number + 1 < len(signs) else ""
    return before in tuple("第期拜周十零") or (
        after in tuple(_NUMERALS) and after not in tuple("百千万亿点两")
    )


def _third(changed: list[list[str]], here: tuple[int, int], after: tuple[int, int]) -> None:
    one, two = changed[here[0]][here[1]], changed[after[0]][after[1]]
    same_word = here[0] == after[0]
    # Between words only a lone syllable leans on the next word (我 想, 很 好).
    leans = same_word or len(changed[here[0]]) == 1
    if one.endswith("3") and two.endswith("3") and leans:
        changed[here[0]][here[1]] = one[:-1] + "2"
