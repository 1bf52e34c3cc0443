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
    "铭天": "明天",
    "明甜": "明天",
    "侯天": "后天",
    "猴天": "后天",
    "后添": "后天",
    "津天": "今天",
    "筋天": "今天",
    "今添": "今天",
    "佐天": "昨天",
    "美天": "每天",
    "媒天": "每天",
    "霞午": "下午",
    "虾午": "下午",
    "下舞": "下午",
    "下武": "下午",
    "上舞": "上午",
    "上武": "上午",
    "商午": "上午",
    "中舞": "中午",
    "忠午": "中午",
    "枣上": "早上",
    "澡上": "早上",
    "早伤": "早上",
    "万上": "晚上",
    "晚伤": "晚上",
    "班晚": "傍晚",
    "棒晚": "傍晚",
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
# Characters written for another of the same sound where the words beside them leave no doubt. Same length.
_NUMERALS_HEARD = {
    **dict.fromkeys("依衣伊壹", "一"), **dict.fromkeys("儿而耳贰", "二"), **dict.fromkeys("散伞叁山", "三"),
    **dict.fromkeys("司思死似寺肆", "四"), **dict.fromkeys("武舞伍吴", "五"),
    **dict.fromkeys("溜流刘留陆", "六"),
    **dict.fromkeys("妻骑柒", "七"), **dict.fromkeys("巴爸疤捌", "八"), **dict.fromkeys("久酒旧玖", "九"),
    **dict.fromkeys("拾石食", "十"), **dict.fromkeys("亮量", "两"), **dict.fromkeys("田添甜", "天"),
}  # fmt: skip
_POINTS_HEARD = "店电典垫殿"
_PART_BEFORE = "(?<=上午|下午|中午|早上|晚上|夜里|早晨|傍晚)"
_HOUR_AFTER = "(?=[钟半整]|[一三]刻|多钟|左右)"
_SLIPS: tuple[tuple[re.Pattern[str], int], ...] = (
    # 礼拜武, 星期山: the numeral of a weekday.
    (re.compile(r"(?:礼拜|星期)([依衣伊壹儿而耳散伞叁山司思死似寺武舞伍吴溜流刘留田添甜])(?![里子女])"), 1),
    # 下午散点, 武点半: the numeral of an hour.
    (
        re.compile(
            rf"{_PART_BEFORE}([散伞叁山司思死似武舞伍吴溜流刘留妻骑巴爸久酒旧拾亮量])"
            rf"(?=[点{_POINTS_HEARD}])"
        ),
        1,
    ),
    (re.compile(rf"([散伞叁司思似武舞伍溜流留妻骑巴久旧拾])(?=点{_HOUR_AFTER})"), 1),
    # 三店半, 下午三电: the hour itself.
    (re.compile(rf"(?<=[一二两三四五六七八九十0-9])([{_POINTS_HEARD}]){_HOUR_AFTER}"), 2),
    (
        re.compile(
            rf"(?:上午|下午|中午|早上|晚上|夜里)[一二两三四五六七八九十]([{_POINTS_HEARD}])(?![视话器影灯])"
        ),
        2,
    ),
)
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
    for pattern, kind in _SLIPS:
        for slip in pattern.finditer(plain):
            at = slip.start(1)
            plain = f"{plain[:at]}{'点' if kind == 2 else _NUMERALS_HEARD[plain[at]]}{plain[at + 1 :]}"
    return plain, offsets
