"""What makes words of an emergency harmless: negation, past, hearsay, hypothesis; each with its scope."""

from __future__ import annotations

import re

from assistant.safety.frames import harmless_frame
from assistant.safety.heard import Heard
from assistant.safety.rules import Rule
from assistant.safety.scenes import Scene
from assistant.safety.trifles import BOOKING as _BOOKING
from assistant.safety.trifles import MILD as _MILD
from assistant.safety.trifles import everyday, trifling
from assistant.vocabulary import Emergency

BEFORE = 28
"""How many characters before a match are looked at; longer scopes suppress real alarms in long complaints."""
AFTER = 22
FRAME = 16
"""How much of the sentence around a match says what it is about; more would let a story hide an emergency."""

_NEGATED = re.compile(
    r"(?:没有?|并没|不是|没得|不会|未曾?|未|不用|不必|不需要|不要|别|无|从不|从来不|从没|从来没有?|不至于|不算|谈不上|还没|"
    r"才没|才不|没什么|不(?:再|怎么|太|大|咋)?)"
    r"(?:再|又|有|过|觉得|感到|感觉|什么|啥|怎么|真的|真|出现|发生|听到|看到|闻到|闻出|发|被|给|让|去|说|喊|叫|大|很|明显|"
    r"任何|一点儿?|人|那种|要|想|老){0,3}$"
)
_NOT_A_NEGATION = re.compile(
    r"(?:不小心|没站稳|没踩|没看清|没注意|没扶|有没有|是不是|要不要|不知道?|怎么没|为什么没|没法|没办法|疼不疼|别人|区别|特别|"
    r"差别|级别|是没|由不得|忍不住|恨不得|止不住|不停|不断|没几天|没多久|不久|不一会|不光|不但|不只|不仅|不得不|不时|不行)\S{0,2}$"
)
_NEAR_MISS = re.compile(r"(?:差一?点儿?|险些|差些)(?:就|没|要|又|把|给|儿|害得|害|被|我)?\S{0,5}$")
_CARE = re.compile(
    r"(?:(?<!不)小心|当心|谨防|防止?|预防|避免|以防|防备|提防|注意|怕(?!是|不是)|怕会|生怕|担心|害怕|容易|会不会|能不能|"
    r"千万(?:别|不能|不要)|要不要|能不能|可不可以|生怕|就怕|不能|免得|省得|要不然|不然就?|可能会|说不定会|才会|就会|恐怕会|风险|扶着点别|评估)"
    r"(?:再|又|会|我|他|她|你|人|老人|老人家|自己|把|给|发生|突然|被|是|要|吃|一个|煤|跤|老伴|夜里|洗澡|走路|脚下|别|在家|家里|以后|冬天|用|电热毯|病|起|再|一跤|半夜|自己){0,4}$"
)
_WITHIN = re.compile(r"怕(?!是|不是|我|人)|当心|(?<!不)小心|万一|要是|如果|预防|防止|差点|着过火")
"""What makes harmless even where it stands among the matched words (汤圆怕噎着)."""
_SUPPOSED = re.compile(
    r"(?:要是|如果|万一|假如|假使|假设|倘若|若是|要不是|哪天|哪一天|将来|以后(?:要|再|会)|比如|比方|譬如|一旦)\S{0,10}$"
)
_HYPOTHESIS_AFTER = re.compile(
    r"^\S{0,2}?(?:的话|的时候(?:要|该|怎么|应该|可以)|的症状|的前兆|的原因|的表现|是怎么回事|是(?:什么原因|为什么|怎么引起|怎么得)|"
    r"有(?:什么|哪些)(?:症状|表现|前兆|办法)|怎么(?:预防|防|引起|治|急救|逃|写|说|讲|处理|避免|得的)|"
    r"该怎么|应该怎么|时(?:要|该|怎么)|算不算|会不会|会怎|是什么(?:意思|病)|的风险|风险)"
)
_ASKS_WHETHER = re.compile(
    r"^[倒到跤伤]?了?(?:(?:你|你们|会|能|可以|要|该|有没有|按|谁)\S{0,12}(?:吗|么|哪里?|哪个|知道)$|(?:要|该)\S{1,6}吗$)"
)
_APPLIANCE = re.compile(
    r"^[倒到跤伤]?了?(?:报警|检测|按钮|手表|手环|科普|病史|史|护理|疗法|热线|讲座|课|培训|保险|预防|评估|比赛|知识|节目|自救|风险|老人的|的老人|的人(?:能|可以|吃)|的病人|式的|证明|一样|扶不扶|检查$|先别动|的桥段|的事$)"
)
_MATTER = re.compile(
    r"^[倒到跤伤断了着]{0,2}的(?:那?个?人(?!是|叫|在)|病人|患者|毛病|药|饭菜?|情况|标志|镜头|检查|症状|知识|新闻|习惯|视频|书|案例|护理|手术|原因|"
    r"小伙|故事|感觉|时候医生|问题|课|事情?(?:$|谁)|老毛病)"
)
_ADVICE = re.compile(
    r"什么科|哪个科|什么药|吃什么|能不能吃|可以吃|能吃|要注意|注意什么|注意啥|还有没有|能不能坐|是不是要少|要不要少|是什么原因|有什么区别|"
    r"能恢复|多久可以|怎么拍|怎么救|怎么判断|怎么看出|前兆|预防|口诀|手环|怎么回事呢?$|知道了?$|对吧$|对吗$|"
    r"(?:报警器|扶手|护栏|防滑|监控|摄像头|换锁|加锁|空调|指纹锁)|我就问问|就是问问"
)
_URGENT = re.compile(r"救|快来|快点|快叫|赶紧|现在|刚|怎么办|起不来|来人|120|马上|正在|越来越|还在")
_ASKED_ABOUT = re.compile(
    r"(?:医生|护士|女儿|儿子|孙女|孙子|老师|他们|人家|大家|别人|问卷上?|体检)(?:老|总|总是|老是|都|又|刚才)?(?:问|教|说|写|叫|让|提醒)(?:我|人)?"
    r"\S{0,6}(?:会|有没有|怎么|不要|别|的人|很|应该|要|容易|疼不|情况)?\S{0,2}$|(?:教|问)(?:我|孙子|大家|孩子)\S{0,6}$"
)
_WHAT_TO_DO = re.compile(r"^\S{0,2}?(?:怎么办|咋办|哪能办)")
_ABOUT_ME = re.compile(r"我|老伴|妈|爸|爷|奶|他|她|刚|现在")
_SOMEBODY_ELSE = re.compile(r"(?:^|[，。])(?:一般|如果|假如)?(?:老年?人|人家|别人|小孩|大家|人)$")
_HOW = re.compile(
    r"(?:怎么|怎样|如何|咋)(?:样|才能|才|去|能)*(?:不|预防|防止|防|避免|判断|知道|看出?|识别|处理|急救|认|查|检查)+\S{0,3}$"
)
_FAR_PAST = re.compile(
    r"去年|前年|大前年|往年|早年|当年|年轻(?:的)?(?:时|那|辈)|小时候?|以前|从前|(?<![睡昏晕倒厥死闭走出跑])过去(?!了)|原来|曾经|老早|早先|早前|上辈子|"
    r"那(?:年|时候|会儿|阵子|回|次|时)|[一二两三四五六七八九十几好多半0-9]+(?:多|来|几)?(?:年|个月|个多月|个礼拜|个星期)(?:多)?(?:以)?前|"
    r"[几好]年(?:以)?前|上(?:个)?(?:月|礼拜|星期|周|半年)|上上|有一[回次]|(?:春|夏|秋|冬)天(?:的)?时候|过年(?:的)?时候|"
    r"年(?:初|前|头上)|前(?:些|阵|一阵|段|一段|几个|两个)(?:年|子|时间|日子|月|天)|小辰光|辰光|生(?:老[大二三]|儿子|女儿|小孩|孩子|囡)(?:的)?(?:时|辰)|解放前|文革|打仗|当兵|大前天"
)
_NEAR_PAST = re.compile(
    r"昨[天晚夜日]|昨儿|前天|前晚|前[几两些]天|上次|上回|上一次|那天|那晚|头几天|几天前|[一二两三四五六七八九十]天前|之前|先前|"
    r"老底子|前一次|前两日|前几日"
)
_NOW = re.compile(
    r"现在|这会|刚[才刚]|刚(?!开始)|今[天朝早晚日儿]|今个|此刻|眼下|这下|这两天|这次|又(?!有)|还在|还是|到现在|一直|越来越|突然|"
    r"马上|正在|快来|从昨|这几天"
)
_EXPERIENCED = re.compile(r"^(?:了)?(?:过(?!去|敏)|那次|那回|那年|的那|以后|之后|后(?:来|遗|面)?)")
_RESOLVED = re.compile(
    r"(?:好了(?!多|几)|好多了|好些了|好转|好透|好利索|没事了|没有事了|(?<![你])不[疼痛闷喘流晕麻](?:了)?|查过|看过|包好了|在扎针|在吃药|吃药控制|没下床|(?:在|住)(?:县|镇|市)?医院|去看看(?:她|他)|看望|在家养|都?被我骂|赶(?:出|走)|删了|好多了|能走了|被救下|还有没有|[一二三四五六七八九十几多好](?:几)?年(?:了|前)|前年的|去年的|自己爬起来|又跑了|还笑|毛病小时候|(?<!没)止住了|止牢了|灭了|扑灭|"
    r"出院|住院|走的|走了[一二两三四五六七八九十几好]|送(?:去|到|了|进)?(?:了)?医院(?:了)?|去过医院|去医院看过|看过了|看好了|治好|恢复|康复|缓过来|救过来|救回来|"
    r"抢救过来|救活|去世|过世|找到了|找回来|回来了|回家了|送回来|又走了|"
    r"(?<!不)(?<!没)(?:站|爬)起来了|修好了|换好了|关(?:了|掉了|好了)(?:火|煤气)?|挂(?:了|掉了|断了)|没上当|不来往|没信|没给|没转|没理|没睬|"
    r"识破|报过警|抓(?:住|到|走)了|通过风|复查|拆线|正常了|不要紧|不碍事|老毛病|没问题|没大碍|现在(?:都|已经)?(?:挺|很|蛮)?(?:好|注意|不(?!能|会|行|动|省|知|认|晓)|平了|缓了)|查出来|已经扔|先睡了|好几年|在(?:养|康复))"
)
_UNRESOLVED = re.compile(r"(?:没|不|还没|没有|别|要|想|快|赶紧|得|去)$")
_HEARSAY = re.compile(
    r"(?:电视|电视机|新闻|广播|收音机|无线电|戏|电影|小说|故事|书|报纸?|节目|剧|片子|视频|抖音|朋友圈|评书|连续剧|电视剧|直播)"
    r"(?:里|里面|里头|上|中|说|讲|演|放|播|报|写)"
    r"|戏文|片子?里|(?:群里|网上|村里|外头)(?:都|在|有人)*传|谣言|讲?(?:个)?笑话|演戏|演的是|游戏里|评弹里|图片|照片上|作文|儿歌|成语|听说|听人(?:说|讲|家)|据说|传说|讲座|宣传|演习|演练|培训|课上|上课|从前有|猜谜|歌[词里名]|戏台|(?<![灶窗阳柜炉])台上|恐怖片|在玩|寻人|小品里|话剧"
)
_DREAM = re.compile(r"梦[见到里]|做(?:了)?(?:个|一个)?(?:恶|噩|怪)?梦")
_PLAYED = re.compile(r"(?:(?:演|唱|排)(?:戏|着|的)|玩游戏|做游戏|学着|模仿|假装)\S{0,4}$")
_ACTING = re.compile(
    r"^\S{0,8}(?:的(?:电影|电视|戏|故事|小说|新闻|歌|演习|课|讲座|知识|书|报道|案例|视频|节目)|电影|演习|演练|用英语|用普通话|什么意思)"
)
_TEST = re.compile(
    r"测试|试一下|试一试|试试|演习|演练|(?<!不是)开(?:个|一个|你)?玩笑|逗你|骗你的|吓唬你|说着玩|闹着玩|(?<!又)不是真的|打个比方|随便说说"
)
_QUOTED = re.compile(r"(?:叫做|名叫|念|写|三个字|两个字|四个字|这个词|这句话)\S{0,3}$")
_SPEAKER_RETURNS = re.compile(r"(?:老伴|老头子?|老太婆?|妈|爸)(?:突然|忽然|一下子)|我|救|快来|现在|刚才|刚刚")


def suppressed(heard: Heard, rule: Rule | Scene, start: int, end: int) -> bool:
    """Return whether the match of ``rule`` at ``heard.text[start:end]`` is no emergency now."""
    text = heard.text
    low, high = heard.sentence(start)
    before = text[max(low, start - BEFORE) : start]
    after = text[end : min(high, end + AFTER)]
    words = text[start:end]
    return (
        _denied(heard, before, start)
        or _imagined(heard, rule, start, before, words, after)
        or _told(before, after)
        or _over(rule, before, after)
        or trifling(rule, before, words, after)
        or bool(_WITHIN.search(words))
        or harmless_frame(rule.category, text[max(low, start - FRAME) : min(high, end + FRAME)])
    )


def _denied(heard: Heard, before: str, start: int) -> bool:
    hit = _NEGATED.search(before)
    if hit and not _NOT_A_NEGATION.search(before):
        return not heard.paused_between(start - (len(before) - hit.start()) + 1, start)
    return bool(_NEAR_MISS.search(before))


def _imagined(heard: Heard, rule: Rule | Scene, start: int, before: str, words: str, after: str) -> bool:
    if (
        (_CARE.search(before) and not heard.paused_between(start, start))
        or _SUPPOSED.search(before)
        or _HOW.search(before)
    ):
        return True
    if _HYPOTHESIS_AFTER.search(after) or _APPLIANCE.search(after) or _MATTER.search(after):
        return True
    if _ADVICE.search(after) and not _URGENT.search(before + words + after):
        return True
    if _ASKS_WHETHER.search(after) and not _ABOUT_ME.search(before + words):
        return True
    if _WHAT_TO_DO.search(after):
        # 「我摔倒了怎么办」 is a cry, 「煤气泄漏怎么办」 a question.
        if _SOMEBODY_ELSE.search(before + words[: words.find("人") + 1]):
            return True
        happened = "了" in words or after.startswith("了") or bool(_NOW.search(before)) or rule.state
        return not happened and not re.search(r"我|老伴|妈|爸|他|她", before + words)
    return False


def _told(before: str, after: str) -> bool:
    if _DREAM.search(before) and not re.search(r"现在|醒了|醒来|快来|救", before):
        return True
    told = _last(_HEARSAY, before)
    if told is not None and not _SPEAKER_RETURNS.search(before[told:]):
        return True
    if _ASKED_ABOUT.search(before) and not re.search(r"说(?:是|我|他|她)?$", before):
        return True
    return any(
        pattern.search(where)
        for pattern, where in (
            (_PLAYED, before),
            (_TEST, before),
            (_TEST, after),
            (_QUOTED, before),
            (_ACTING, after),
        )
    )


def _over(rule: Rule | Scene, before: str, after: str) -> bool:
    if rule.category is not Emergency.SELF_HARM:
        resolved = _RESOLVED.search(after)
        if resolved and not (
            _UNRESOLVED.search(after[: resolved.start()])
            or re.search(r"又|还|快来|救", after[: resolved.start()])
            or (resolved.group() == "老毛病" and "厉害" in after[: resolved.start()])
        ):
            return True
    experienced = bool(_EXPERIENCED.search(after))
    far = _last(_FAR_PAST, before)
    if far is not None and not _NOW.search(before[far:]):
        return True
    near = _last(_NEAR_PAST, before)
    if near is not None and not _NOW.search(before[near:]):
        return experienced or not rule.state or bool(_MILD.search(before[near:]))
    if experienced and not _NOW.search(before):
        return True
    return bool(
        re.search(
            r"^\S{0,6}(?:去年|以前|前几年|好几年前|老早|多年前|上个月|小时候|年轻时)的?(?:事|时候)", after
        )
    )


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    at = None
    for hit in pattern.finditer(text):
        at = hit.end()
    return at


_NOT_NOW = re.compile(
    r"其实|是感冒|请假|哈哈|演员|是电视|玩笑|扣子|那口|出来了$|差一?点|险些|怕(?!是)|(?<!不)小心|当心|预防|防止|讲座|培训|打过招呼"
)
_OPENS_DENIED = re.compile(
    r"^(?:我|他|她|人|老伴)?(?:没有?|不是?|别|不要|不用|不会|从来不|从不|从没)(?!想活|想(?:再)?(?:拖累|连累|给|做人|在)|要救|行|好|活|了|醒|气|呼吸|知觉|反应|喘|动|会|能|知道|认|晓得|省人|给|来三|灵|对劲|舒服|得了|小心|出来)"
)
_ASKS = re.compile(
    r"(?:吗|么|几点|多少钱|多少|哪里|哪儿|怎么(?:用|走|写|说|弄|防|洗|领)|什么时候|几号|哪天|什么意思|好不好|行不行|要不要紧)$"
)


def about_something_else(heard: Heard, category: Emergency) -> bool:
    """Return whether the whole of what was said is about the past, a story, a wish to prevent, or a question."""
    text = heard.text
    if len(text) <= 2 * FRAME and (harmless_frame(category, text) or everyday(category, text)):
        return True
    if any(
        p.search(text) for p in (_HEARSAY, _DREAM, _SUPPOSED, _BOOKING, _TEST, _RESOLVED, _NOT_NOW, _ASKS)
    ):
        return True
    if _OPENS_DENIED.search(text):
        return True
    past = _FAR_PAST.search(text) or _NEAR_PAST.search(text)
    return bool(past) and not _NOW.search(text)
