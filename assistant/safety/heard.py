"""Text as the guard reads it: one script, one width, no fillers, no stutter, and where the pauses were."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

MAX_CHARACTERS = 10_000
"""Longer texts are read at both ends only, so that no input makes the guard slow. Spoken turns have
less than 500 characters."""

_SIMPLIFIED = str.maketrans(
    "們來煙燒著氣煤漏險過別會說話講頭臉嘴歪斜邊腳腿動彈痛疼悶喘噁噎嗆兒媽爺爸奶婆隻個點幾還沒無"
    "請幫叫醫車護報鬧電視機樓梯間門開關壓緊難覺醒應認識轉賬帳騙錢銀碼獎稅險買藥農喫跳樓繩遺書"
    "傷斷絆滾摜爬從床裡裏廁滑倒濕地闆迷路丟失見處哪條橋這麼樣嗎現剛纔後復發導體軀癱瘓僵腦溢"
    "齒尿鮮顏黑紅濃嘔暈過厥魂聽喊搖拍搐啞瞇滅災焦糊爐灶鍋線插熱凍陽陰陳張劉趙吳鄭鄰區縣鎮鄉"
    "東問題時長傳號戶帶養產貸實貨師傅億萬塊讓誰輛嚇殺檢錄讀寫為與當",
    "们来烟烧着气煤漏险过别会说话讲头脸嘴歪斜边脚腿动弹痛疼闷喘恶噎呛儿妈爷爸奶婆只个点几还没无"
    "请帮叫医车护报闹电视机楼梯间门开关压紧难觉醒应认识转账账骗钱银码奖税险买药农吃跳楼绳遗书"
    "伤断绊滚掼爬从床里里厕滑倒湿地板迷路丢失见处哪条桥这么样吗现刚才后复发导体躯瘫痪僵脑溢"
    "齿尿鲜颜黑红浓呕晕过厥魂听喊摇拍搐哑眯灭灾焦糊炉灶锅线插热冻阳阴陈张刘赵吴郑邻区县镇乡"
    "东问题时长传号户带养产贷实货师傅亿万块让谁辆吓杀检录读写为与当",
)
"""Traditional → simplified, for the characters that matter to the guard."""

_SAME_WORD = str.maketrans(
    {"啦": "了", "咯": "了", "喽": "了", "嘞": "了", "勒": "了", "弗": "不", "勿": "不", "冇": "没"}
)
"""Particles and southern negations that mean the same as the standard word."""

_FILLERS = frozenset("嗯呃额唔啊阿呀哎诶欸唉哟呦喂哦噢喔咦嘛呢呐吧呗哇哈嘿哼呜嗷嗨")
"""Interjections that carry no meaning for the guard. 吗 stays: it makes a question."""

_CRYING_NA = re.compile(r"(?<=[人命火了我])哪(?=$|[,，。！!\s]|[救快来])")
"""哪 as a cry (来人哪), which is a filler; elsewhere it asks where."""

_KEPT_FILLERS = re.compile(r"阿[婆公姨伯爷妈爸弟哥妹叔]|喂[饭鸡狗猫药]|额头|咪呀|哮?喘?呜咽|哈欠")
"""Words in which one of those characters is no filler."""

_STOPS = frozenset("。！？!?;；\n\r")
_PAUSES = frozenset("…,，、:：~～—·\t\"“”‘’'()（）【】《》「」『』")
_EMERGENCY_NUMBERS = (
    (re.compile(r"[一幺么腰1][一幺么腰1][零洞〇0]"), "110"),
    (re.compile(r"[一幺么腰1][二两2][零洞〇0]"), "120"),
    (re.compile(r"[一幺么腰1][一幺么腰1][九酒久9]"), "119"),
)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """Normalised text, position by position.

    Attributes:
        text: what the rules read.
        source: the text as it was given.
        offsets: for each character of ``text`` its code-point offset in ``source``.
        stops: positions in ``text`` before which a sentence ended, ascending.
        pauses: positions before which there was a comma or a sentence end, ascending.
        question: whether the text ended with a question mark.
    """

    text: str
    source: str
    offsets: tuple[int, ...]
    stops: tuple[int, ...]
    pauses: tuple[int, ...]
    question: bool

    def words(self, start: int, end: int) -> str:
        """Return what was said in ``text[start:end]``, as it was given."""
        return self.source[self.offsets[start] : self.offsets[end - 1] + 1]

    def stopped_within(self, start: int, end: int) -> bool:
        """Return whether a sentence ended inside ``text[start:end]``."""
        at = bisect_right(self.stops, start)
        return at < len(self.stops) and self.stops[at] < end

    def paused_within(self, start: int, end: int) -> bool:
        """Return whether there was a pause inside ``text[start:end]``, its edges excluded."""
        at = bisect_right(self.pauses, start)
        return at < len(self.pauses) and self.pauses[at] < end

    def paused_between(self, end: int, start: int) -> bool:
        """Return whether there was a pause after ``end`` and before ``start``, both edges included."""
        at = bisect_left(self.pauses, end)
        return at < len(self.pauses) and self.pauses[at] <= start

    def sentence(self, position: int) -> tuple[int, int]:
        """Return start and end of the sentence around ``position``."""
        at = bisect_right(self.stops, position)
        start = self.stops[at - 1] if at else 0
        return start, self.stops[at] if at < len(self.stops) else len(self.text)


def hear(source: str) -> Heard:
    """Normalise ``source``. Never raises; anything that is no word becomes a pause."""
    if len(source) > MAX_CHARACTERS:
        half = MAX_CHARACTERS // 2
        source = source[:half] + "。" + source[-half:]
    characters: list[str] = []
    offsets: list[int] = []
    stops: list[int] = []
    pauses: list[int] = []
    said = _CRYING_NA.sub("呐", source)
    kept = {i for m in _KEPT_FILLERS.finditer(said) for i in range(*m.span())}
    question = False
    for offset, raw in enumerate(said):
        for character in _one(raw):
            if character in _STOPS or character in _PAUSES:
                question = character in "？?" or (question and character in _PAUSES)
                if pauses[-1:] != [len(characters)]:
                    pauses.append(len(characters))
                if character in _STOPS and stops[-1:] != [len(characters)]:
                    stops.append(len(characters))
            elif not character.isalnum() or (character in _FILLERS and offset not in kept):
                continue
            elif characters[-2:] == [character, character] and not character.isdigit():
                # The third of a run: 啊啊啊, 救救救命. Two stay, since 救救我 and 天天 are words.
                continue
            else:
                question = False
                characters.append(character)
                offsets.append(offset)
    text = "".join(characters)
    for pattern, number in _EMERGENCY_NUMBERS:
        text = pattern.sub(number, text)
    return Heard(
        text=text,
        source=source,
        offsets=tuple(offsets),
        stops=tuple(stops),
        pauses=tuple(pauses),
        question=question,
    )


_STAMMER = re.compile(
    r"那个|这个|就是说?|然后|怎么说呢|怎么讲|反正|[嗯呃哎唉啊哦]|(?<=[我他她])[,，…. ]*(?=[我他她])"
)
_DOUBLED = re.compile(r"([^\W\d_天妈爸爷奶婆公哥姐弟妹舅叔姑宝慢常刚好快看谢偷救急走说试聊等歇想听坐来])\1+")


def without_stammer(text: str) -> str:
    """Return ``text`` without the words that only fill a pause, and with what was said twice said once."""
    return _DOUBLED.sub(r"\1", _STAMMER.sub("", text[:MAX_CHARACTERS]))


def _one(raw: str) -> str:
    if raw in _STOPS or raw in _PAUSES:
        return raw
    return unicodedata.normalize("NFKC", raw).upper().translate(_SIMPLIFIED).translate(_SAME_WORD)
