"""Makes a sentence plain for the grammar, one character for one, so that every offset still counts."""

from __future__ import annotations

import re

LIMIT = 500
"""Characters read of one sentence: nobody says a time after a speech of five hundred characters."""

_PLAIN = str.maketrans(
    "０１２３４５６７８９：～〜—–－／．點後週禮號個兩這鐘飯時間開始節過舊曆農陰離從換進來對幾點補體壓湯當亮灣",
    "0123456789:~~---/.点后周礼号个两这钟饭时间开始节过旧历农阴离从换进来对几点补体压汤当亮湾",
)

# Words as recognisers hear them from Jiangnan mouths. Same length on both sides; only where the wrong word
# is hardly ever meant.
_HEARD = {
    "里拜": "礼拜",
    "理拜": "礼拜",
    "李拜": "礼拜",
    "礼败": "礼拜",
    "离拜": "礼拜",
    "力拜": "礼拜",
    "立拜": "礼拜",
    "礼拜山": "礼拜三",
    "礼拜散": "礼拜三",
    "礼拜伞": "礼拜三",
    "礼拜武": "礼拜五",
    "礼拜舞": "礼拜五",
    "礼拜午": "礼拜五",
    "礼拜溜": "礼拜六",
    "礼拜田": "礼拜天",
    "礼拜添": "礼拜天",
    "礼拜依": "礼拜一",
    "礼拜衣": "礼拜一",
    "星其": "星期",
    "兴期": "星期",
    "新期": "星期",
    "心期": "星期",
    "星七": "星期",
    "星期田": "星期天",
    "星期山": "星期三",
    "明招": "明朝",
    "明昭": "明朝",
    "鸣朝": "明朝",
    "名朝": "明朝",
    "明田": "明天",
    "名天": "明天",
    "鸣天": "明天",
    "明添": "明天",
    "后田": "后天",
    "厚天": "后天",
    "金朝": "今朝",
    "今招": "今朝",
    "金天": "今天",
    "今田": "今天",
    "作天": "昨天",
    "咋天": "昨天",
    "夏午": "下午",
    "吓午": "下午",
    "赏午": "上午",
    "伤午": "上午",
    "尚午": "上午",
    "终午": "中午",
    "钟午": "中午",
    "种午": "中午",
    "早辰": "早晨",
    "早沉": "早晨",
    "早尚": "早上",
    "晚尚": "晚上",
    "点伴": "点半",
    "点扮": "点半",
    "点种": "点钟",
    "点忠": "点钟",
    "个中头": "个钟头",
    "个种头": "个钟头",
    "一科钟": "一刻钟",
    "点一科": "点一刻",
    "点三科": "点三刻",
    "啦月": "腊月",
    "辣月": "腊月",
    "蜡月": "腊月",
    "每添": "每天",
    "每田": "每天",
    "隔添": "隔天",
    "初医": "初一",
    "端五": "端午",
    "元月": "一月",
    "俩点": "两点",
}
_HEARD_AT = re.compile("|".join(sorted(_HEARD, key=len, reverse=True)))
# A slip of the ear must not make a word of two others: 早上没天亮, 说明天气.
_SPACE = re.compile(r"\s")


def tidy(text: str) -> tuple[str, list[int] | None]:
    """Return the plain sentence without spaces, and the original offset of each character.

    Offsets are None where nothing was dropped. Never raises; longer sentences are cut at ``LIMIT``.
    """
    plain = text[:LIMIT].translate(_PLAIN)
    offsets: list[int] | None = None
    if _SPACE.search(plain):
        offsets = [index for index, character in enumerate(plain) if not character.isspace()]
        plain = "".join(plain[index] for index in offsets)
        offsets.append(min(len(text), LIMIT))
    for _ in range(2):  # 里拜山 → 礼拜山 → 礼拜三
        plain, changes = _HEARD_AT.subn(lambda heard: _HEARD[heard.group()], plain)
        if not changes:
            break
    return plain, offsets
