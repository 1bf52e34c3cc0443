"""What makes words of an emergency harmless: negation, past, hearsay, hypothesis, idiom. Each with its scope."""

from __future__ import annotations

import re

from assistant.safety.heard import Heard
from assistant.safety.rules import Rule
from assistant.vocabulary import Emergency

BEFORE = 28
"""How many characters before a match are looked at; longer scopes suppress real alarms in long complaints."""
AFTER = 22

_NEGATED = re.compile(
    r"(?:没有?|并没|不是|没得|不会|未曾?|未|不用|不必|不需要|不要|别|无|从不|从来不|从没|从来没有?|不至于|不算|谈不上|又没|还没|才没|没什么)"
    r"(?:再|又|有|过|觉得|感到|感觉|什么|啥|怎么|真的|真|出现|发生|听到|看到|闻到|闻出|是|发|被|给|让|去|说|喊|叫|大|很|明显|任何|一点儿?|人|那种|以前那样|老){0,3}$"
)
_NOT_A_NEGATION = re.compile(
    r"(?:不小心|没站稳|没人|没踩|没看清|没注意|没扶|有没有|是不是|要不要|不知道?|怎么没|为什么没|没法|没办法|疼不疼|别人|区别|特别|差别|是没)\S{0,2}$"
)
_NEAR_MISS = re.compile(r"(?:差一?点儿?|险些|差些)(?:就|没|要|又|把|给|儿|害得|害|被)?\S{0,3}$")
_CARE = re.compile(
    r"(?:小心|当心|谨防|防止?|预防|避免|以防|防备|提防|注意|怕(?!是|不是)|怕会|生怕|担心|害怕|容易|会不会|能不能|以后|千万别|别|不要|免得|省得|要不然|不然|可能会|会|恐怕会)"
    r"(?:再|又|会|我|他|她|你|人|老人|老人家|自己|把|给|发生|突然|被|是|要){0,3}$"
)
_SUPPOSED = re.compile(
    r"(?:要是|如果|万一|假如|假使|假设|倘若|若是|要不是|的时候要|哪天|哪一天|将来|以后|比如|比方|譬如)\S{0,10}$"
)
_THEN_ASKS = re.compile(
    r"^\S{0,8}(?:怎么办|咋办|怎么|能|会|该|谁|你们|有人|的话|可以|应该|打什么|打哪|找谁|吗|呢|要|就)"
)
_HYPOTHESIS_AFTER = re.compile(
    r"^(?:了)?(?:的话|的时候(?:要|该|怎么|应该)|的症状|的前兆|的原因|是(?:怎么|什么原因|为什么)|有(?:什么|哪些)(?:症状|表现|前兆|办法)|怎么(?:预防|防|引起|治|急救|逃|写|说|讲|处理|避免|得的|回事啊?$)|该怎么|应该怎么|要怎么|时(?:要|该|怎么)|算不算|会不会|会怎|要不要紧吗|是什么(?:意思|病)|怎么办)"
)
_HOW = re.compile(
    r"(?:怎么|怎样|如何|咋)(?:样|才能|才|去|能)?(?:不|预防|防止|防|避免|判断|知道|看出|识别|处理|急救)?\S{0,3}$"
)
_FAR_PAST = re.compile(
    r"去年|前年|大前年|往年|早年|当年|年轻(?:的)?(?:时|那|辈)|小时候?|以前|从前|过去(?!了)|原来|曾经|老早|早先|早前|上辈子|那(?:年|时候|会儿|阵子|回|次)|"
    r"[一二两三四五六七八九十几好多0-9]+(?:多|来|几)?(?:年|个月|个多月|个礼拜|个星期)(?:多)?(?:以)?(?:前|了)|[几好]年(?:以)?前|上(?:个)?(?:月|礼拜|星期|周|半年)|上上|"
    r"(?:春|夏|秋|冬)天(?:的)?时候|过年(?:的)?时候|年(?:初|前|头上)|前(?:些|阵|一阵|段|一段|几个|两个)(?:年|子|时间|日子|月|天)|解放前|文革|打仗|当兵|大前天"
)
_NEAR_PAST = re.compile(
    r"昨[天晚夜日]|昨儿|前天|前晚|前[几两些]天|上次|上回|上一次|那天|那晚|头几天|几天前|[一二两三四五六七八九十]天前|之前|先前|老底子|前一次|前两日|前几日"
)
_NOW = re.compile(
    r"现在|这会|刚[才刚]|刚(?!开始)|今[天朝早晚日儿]|今个|此刻|眼下|这下|这两天|又|还在|还是|到现在|一直|越来越|突然|马上|正在|快来|从昨"
)
_EXPERIENCED = re.compile(r"^(?:了)?(?:过|那次|那回|那年|的那|以后|之后|后(?:来|遗|面)?)")
_RESOLVED = re.compile(
    r"(?:现在|已经|后来|都|也|就|早就?|今天|如今|早|全)?(?:好了|好多了|好些了|好转|好透|好利索|没事了|没事儿了|没有事了|不疼了|不痛了|不闷了|不喘了|不流了|不晕了|不麻了|止住了|止牢了|灭了|扑灭|救火车|"
    r"出院|住院|送(?:去|到|了|进)?(?:了)?医院(?:了)?|去过医院|去医院看过|看过了|看好了|治好|恢复|康复|缓过来|救过来|救回来|抢救过来|救活|去世|过世|走了好|没了好|死了好|过去了|找到了|找回来|回来了|回家了|"
    r"站起来了|爬起来了|起来了没|修好了|换好了|关(?:了|掉了|好了)|挂(?:了|掉了|断了)|没上当|没信|没给|没转|没理|没睬|识破|报过警|报警了|抓(?:住|到|走)了|通过风|开窗散|复查|拆线|正常了)"
)
_UNRESOLVED = re.compile(r"(?:没|不|还没|没有|别)$")
_HEARSAY = re.compile(
    r"(?:电视|电视机|新闻|广播|收音机|无线电|戏|电影|小说|故事|书|报纸?|节目|剧|片子|视频|抖音|手机|朋友圈|评书|连续剧|电视剧|直播)"
    r"(?:里|里面|里头|上|中|说|讲|演|放|播|报|写|看|看到|听到|正在|在|刚|又|那个|有个|的)"
    r"|听说|听人(?:说|讲|家)|据说|传说|梦[见到里]|做(?:了)?(?:个|一个)?(?:恶|噩|怪)?梦|讲座|宣传|演习|演练|培训|课上|上课|学习|从前有|猜谜|歌[词里名]|唱[的到]"
)
_ACTING = re.compile(
    r"^\S{0,8}(?:梦|的(?:电影|电视|戏|故事|小说|新闻|歌|演习|课|讲座|知识|书|报道|案例|视频|节目)|电影|剧|演习|演练|用英语|用普通话|什么意思)"
)
_TEST = re.compile(
    r"测试|试一下|试一试|试试|演习|演练|开(?:个|一个|你)?玩笑|逗你|骗你的|吓唬你|说着玩|闹着玩|不是真的|假的|打个比方|随便说说"
)
_QUOTED = re.compile(r"(?:叫做|名叫|念|写|三个字|两个字|四个字|这个词|这句话)\S{0,3}$")
_BOOKING = re.compile(
    r"挂(?:个|一个|一下)?\S{0,6}(?:号|科)|预约|约(?:个|一下|一个)|想?看(?:个|一下|一看)?\S{0,4}(?:科|门诊|专家|医生|大夫)|复查|体检|开(?:点|些)药|配(?:点|些)?药|号吗|有号"
)
_MILD = re.compile(r"有点儿?|有些|一点点|稍微|微微|偶尔|有时|轻微|一丝|不太|不大")
_SELF_NOW = re.compile(r"(?:我|我家|我们|自己|我自己|俺)(?:现在|刚才|刚刚|也|真的?|家|这边|老伴|妈|爸)")
_SPEAKER_RETURNS = re.compile(r"我|救|快来|现在|刚才|刚刚")

_RESOLVABLE = frozenset(Emergency) - {Emergency.SELF_HARM}


def suppressed(heard: Heard, rule: Rule, start: int, end: int) -> bool:
    """Return whether the match of ``rule`` at ``heard.text[start:end]`` is no emergency now."""
    text = heard.text
    low, high = heard.sentence(start)
    before = text[max(low, start - BEFORE) : start]
    after = text[end : min(high, end + AFTER)]
    return (
        _denied(heard, before, start)
        or _imagined(before, after, heard, start, end)
        or _told(before, after)
        or _over(heard, rule, before, after, start, end)
        or (rule.mild and _mild(text[max(low, start - 8) : end], text[low:high]))
    )


def _denied(heard: Heard, before: str, start: int) -> bool:
    hit = _NEGATED.search(before)
    if hit and not _NOT_A_NEGATION.search(before):
        return not heard.paused_between(start - (len(before) - hit.start()) + 1, start)
    return bool(_NEAR_MISS.search(before))


def _imagined(before: str, after: str, heard: Heard, start: int, end: int) -> bool:
    if _CARE.search(before) and not heard.paused_between(start, start):
        return True
    if _SUPPOSED.search(before):
        return True
    if _HOW.search(before) and not re.search(r"怎么(?:就|都|又|也)?$", before):
        return True
    return bool(_HYPOTHESIS_AFTER.search(after)) and not (
        "怎么办" in after[:4] and (text_has_now(heard.text[:end]) or "了" in heard.text[start : end + 1])
    )


def text_has_now(text: str) -> bool:
    """Return whether ``text`` speaks of the speaker, of kin or of now."""
    return bool(_NOW.search(text) or re.search(r"我|老伴|妈|爸|他|她", text))


def _told(before: str, after: str) -> bool:
    hit = None
    for hit in _HEARSAY.finditer(before):
        pass
    if hit and not _SPEAKER_RETURNS.search(before[hit.end() :]):
        return True
    return bool(
        _TEST.search(before) or _TEST.search(after) or _QUOTED.search(before) or _ACTING.search(after)
    )


def _over(heard: Heard, rule: Rule, before: str, after: str, start: int, end: int) -> bool:
    resolved = None
    if rule.category in _RESOLVABLE:
        resolved = _RESOLVED.search(after)
        if resolved and _UNRESOLVED.search(after[: resolved.start()]):
            resolved = None
    if resolved and not re.search(r"又|还|快来|救", after[: resolved.start()]):
        return True
    experienced = bool(_EXPERIENCED.search(after)) and not after.startswith("过去")
    far = _last(_FAR_PAST, before)
    if far is not None and not _NOW.search(before[far:]):
        return True
    near = _last(_NEAR_PAST, before)
    if near is not None and not _NOW.search(before[near:]):
        if experienced or not rule.state:
            return True
        return bool(_MILD.search(before[near:]))
    if (
        experienced
        and re.search(r"(?:我|他|她|妈|爸|伴)?(?:也|都|是|有|曾|没)?$", before)
        and not _NOW.search(before)
    ):
        return True
    return bool(
        re.search(
            r"^\S{0,6}(?:去年|以前|前几年|好几年前|老早|多年前|上个月|小时候|年轻时)的?(?:事|时候)?", after
        )
    )


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    at = None
    for hit in pattern.finditer(text):
        at = hit.end()
    return at


def _mild(words: str, sentence: str) -> bool:
    return bool(_MILD.search(words) and _BOOKING.search(sentence))
