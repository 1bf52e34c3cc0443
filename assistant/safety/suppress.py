"""What makes words of an emergency harmless: negation, past, hearsay, hypothesis; each with its scope."""

from __future__ import annotations

import re

from assistant.safety.heard import Heard
from assistant.safety.rules import Rule
from assistant.vocabulary import Emergency

BEFORE = 28
"""How many characters before a match are looked at; longer scopes suppress real alarms in long complaints."""
AFTER = 22

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
_NEAR_MISS = re.compile(r"(?:差一?点儿?|险些|差些)(?:就|没|要|又|把|给|儿|害得|害|被|我)?\S{0,3}$")
_CARE = re.compile(
    r"(?:(?<!不)小心|当心|谨防|防止?|预防|避免|以防|防备|提防|注意|怕(?!是|不是)|怕会|生怕|担心|害怕|容易|会不会|能不能|"
    r"千万别|免得|省得|要不然|不然就?|可能会|说不定会|才会|就会|恐怕会|风险|扶着点别|评估)"
    r"(?:再|又|会|我|他|她|你|人|老人|老人家|自己|把|给|发生|突然|被|是|要|一个|煤|跤){0,3}$"
)
_SUPPOSED = re.compile(
    r"(?:要是|如果|万一|假如|假使|假设|倘若|若是|要不是|哪天|哪一天|将来|以后(?:要|再|会)|比如|比方|譬如|一旦)\S{0,10}$"
)
_HYPOTHESIS_AFTER = re.compile(
    r"^\S{0,2}?(?:的话|的时候(?:要|该|怎么|应该|可以)|的症状|的前兆|的原因|的表现|是怎么回事|是(?:什么原因|为什么|怎么引起|怎么得)|"
    r"有(?:什么|哪些)(?:症状|表现|前兆|办法)|怎么(?:预防|防|引起|治|急救|逃|写|说|讲|处理|避免|得的)|"
    r"该怎么|应该怎么|时(?:要|该|怎么)|算不算|会不会|会怎|是什么(?:意思|病)|的风险|风险)"
)
_WHAT_TO_DO = re.compile(r"^\S{0,2}?(?:怎么办|咋办|哪能办)")
_SOMEBODY_ELSE = re.compile(r"(?:^|[，。])(?:一般|如果|假如)?(?:老年?人|人家|别人|小孩|大家|人)$")
_HOW = re.compile(
    r"(?:怎么|怎样|如何|咋)(?:样|才能|才|去|能)*(?:不|预防|防止|防|避免|判断|知道|看出?|识别|处理|急救|认|查|检查)+\S{0,3}$"
)
_FAR_PAST = re.compile(
    r"去年|前年|大前年|往年|早年|当年|年轻(?:的)?(?:时|那|辈)|小时候?|以前|从前|过去(?!了)|原来|曾经|老早|早先|早前|上辈子|"
    r"那(?:年|时候|会儿|阵子|回|次|时)|[一二两三四五六七八九十几好多半0-9]+(?:多|来|几)?(?:年|个月|个多月|个礼拜|个星期)(?:多)?(?:以)?前|"
    r"[几好]年(?:以)?前|上(?:个)?(?:月|礼拜|星期|周|半年)|上上|(?:春|夏|秋|冬)天(?:的)?时候|过年(?:的)?时候|"
    r"年(?:初|前|头上)|前(?:些|阵|一阵|段|一段|几个|两个)(?:年|子|时间|日子|月|天)|解放前|文革|打仗|当兵|大前天"
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
    r"(?:好了(?!多|几)|好多了|好些了|好转|好透|好利索|没事了|没有事了|不[疼痛闷喘流晕麻](?:了)?|止住了|止牢了|灭了|扑灭|"
    r"出院|住院|走的|走了[一二两三四五六七八九十几好]|送(?:去|到|了|进)?(?:了)?医院(?:了)?|去过医院|去医院看过|看过了|看好了|治好|恢复|康复|缓过来|救过来|救回来|"
    r"抢救过来|救活|去世|过世|找到了|找回来|回来了|回家了|送回来|又走了|"
    r"(?<!不)(?<!没)(?:站|爬)起来了|修好了|换好了|关(?:了|掉了|好了)(?:火|煤气)?|挂(?:了|掉了|断了)|没上当|没信|没给|没转|没理|没睬|"
    r"识破|报过警|抓(?:住|到|走)了|通过风|复查|拆线|正常了|不要紧|不碍事|老毛病)"
)
_UNRESOLVED = re.compile(r"(?:没|不|还没|没有|别|要|想|快|赶紧|得|去)$")
_HEARSAY = re.compile(
    r"(?:电视|电视机|新闻|广播|收音机|无线电|戏|电影|小说|故事|书|报纸?|节目|剧|片子|视频|抖音|朋友圈|评书|连续剧|电视剧|直播)"
    r"(?:里|里面|里头|上|中|说|讲|演|放|播|报|写)"
    r"|听说|听人(?:说|讲|家)|据说|传说|讲座|宣传|演习|演练|培训|课上|上课|从前有|猜谜|歌[词里名]"
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
_BOOKING = re.compile(
    r"挂(?:个|一个|一下)?\S{0,6}(?:号|科)|预约|约(?:个|一下|一个)|想?(?:要)?看(?:个|一下|一看)?\S{0,4}(?:科|门诊|专家|医生|大夫)|"
    r"复查|体检|开(?:点|些)药|配(?:点|些)?药|号吗|有号"
)
_MILD = re.compile(r"有点儿?|有些|一点点|稍微|微微|偶尔|有时|轻微|一丝|不太|不大|爬楼|上楼|走快")
_TRIFLING_BLOOD = re.compile(
    r"牙龈|刷牙|牙缝|打针|抽|蚊子|擦破|一点点|一点|有点|痔疮|有时|偶尔|创可贴|拔牙|指甲"
)
_HOARSE = re.compile(r"喉咙|嗓子|感冒|哑|牙")
_DAILY_MEDICINE = re.compile(r"^\|$|血压|血糖|还是|饭后|降压|感冒")
_EMPTY = re.compile(r"(?:打火机?|煤气|液化气|轮胎|车胎|球|瓶|罐|可乐)(?:里|都|又|快)*$")
_SEVERE = re.compile(
    r"止不|全是|都是|喘|汗|受不了|要命|不停|不止|很多|好多|一直|大量|直流|满|厉害|一盆|一大|停不"
)
_SPEAKER_RETURNS = re.compile(r"我|救|快来|现在|刚才|刚刚")
_THINGS = re.compile(
    r"(?:碗|杯子?|盘子?|手机|眼镜|盆|花盆|瓶子?|壶|锅|东西|电视机?|玩具|球|鸡蛋|蛋|西瓜|书|包|相框|衣服|衣架|被子|枕头|遥控器|钥匙|"
    r"扫把|拖把|水|汤|油|饭|菜|茶|牛奶|药|灯|毛巾|帽子|鞋|票|卡|猫|狗|鸡|鸭|鸟|猪|羊|股票|股价|房价|价钱|价格|基金|大盘|金价)"
    r"(?:又|也|都|给|被|不小心|好像|刚才|刚|就|我|全|一下子|一只|了){0,4}$|把(?!我|他|她|人|老|奶|爷|妈|爸)\S{1,6}$"
)
_THINGS_AFTER = re.compile(
    r"^(?:了)?(?:个|一个|只|两个|几个)?(?:碗|杯|盘|手机|眼镜|盆|瓶|壶|东西|门|鞋|碎|价|停)"
)
_LYING_IN = re.compile(
    r"太早|那么早|这么早|天冷|冬天|困|懒|闹钟|被窝|点钟|想睡|多睡|睡懒觉|太晚|睡晚|早上$|早晨$|早$"
)
_WORN_OUT = re.compile(r"(?:爬山|爬楼梯?|上楼|走路|干活|跳舞|力气活)\S{0,3}$")
_CALLED_FOR_FUN = re.compile(r"玩|游戏|吃饭|打电话|电话|小康|睡得香|睡得沉|叫你|喊你|懒|手机|电视")
_KIN_ASKS = re.compile(
    r"(?:儿子|女儿|孙子|孙女|媳妇|女婿|侄子|侄女|社区|村里|居委会|医生|护士|医院|食堂|老师|你|学校|小康|老伴)(?:们)?(?:刚才|今天|昨天|又|也|都|说)*$"
)
_KIN = re.compile(r"儿子|女儿|孙|媳妇|女婿|侄|你|老伴|小康")
_IMPOSTOR = re.compile(r"冒充|假|不像|骗|陌生|微信上|短信|安全账|验证码|不要告诉|别告诉|说是|被抓|出事|车祸")
_BILLS = re.compile(r"电费|水费|学费|话费|煤气费|医保|社保|党费|会费|物业|挂号费|医药费|体检")
_COULD_LOSE = re.compile(
    r"(?:猫|狗|鸡|鸭|鸟|羊|鞋|袜|钥匙|眼镜|手机|遥控器|东西|卡|证|药|拖鞋|工作|对象|路由器|帽子|手表|包)"
)


def suppressed(heard: Heard, rule: Rule, start: int, end: int) -> bool:
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
        or _trifling(rule, before, words, after)
    )


def _denied(heard: Heard, before: str, start: int) -> bool:
    hit = _NEGATED.search(before)
    if hit and not _NOT_A_NEGATION.search(before):
        return not heard.paused_between(start - (len(before) - hit.start()) + 1, start)
    return bool(_NEAR_MISS.search(before))


def _imagined(heard: Heard, rule: Rule, start: int, before: str, words: str, after: str) -> bool:
    if (
        (_CARE.search(before) and not heard.paused_between(start, start))
        or _SUPPOSED.search(before)
        or _HOW.search(before)
    ):
        return True
    if _HYPOTHESIS_AFTER.search(after):
        return True
    if _WHAT_TO_DO.search(after):
        # 「我摔倒了怎么办」 is a cry, 「煤气泄漏怎么办」 a question.
        if _SOMEBODY_ELSE.search(before):
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


def _over(rule: Rule, before: str, after: str) -> bool:
    if rule.category is not Emergency.SELF_HARM:
        resolved = _RESOLVED.search(after)
        if resolved and not (
            _UNRESOLVED.search(after[: resolved.start()])
            or re.search(r"又|还|快来|救", after[: resolved.start()])
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


def _trifling(rule: Rule, before: str, words: str, after: str) -> bool:
    around = before[-10:] + words
    sentence = before + words + after
    booking = bool(_BOOKING.search(sentence)) and not _SEVERE.search(sentence)
    if rule.mild and (booking or (_MILD.search(around) and rule.category is Emergency.BREATHING)):
        return True
    if rule.category is Emergency.HELP and booking and words.endswith(("住了", "住", "下去")):
        return True
    if rule.category is Emergency.STROKE and re.search(r"[说讲]", words) and _HOARSE.search(before):
        return True
    if rule.category is Emergency.BLEEDING:
        trifling = booking and re.search(r"[便尿咳痰丝拉]", words)
        return bool(trifling or _TRIFLING_BLOOD.search(sentence)) and not _SEVERE.search(sentence)
    if rule.category is Emergency.SELF_HARM and words.startswith(("药", "把药")):
        poison = before[-1:] in tuple("农毒鼠眠")
        return not poison and bool(_DAILY_MEDICINE.search(before[-4:] + "|" + after))
    if rule.category is Emergency.BREATHING and words.endswith("没气了"):
        return bool(_EMPTY.search(before))
    if rule.category is Emergency.FALL:
        if _THINGS.search(before) or _THINGS_AFTER.search(after):
            return True
        if words[0] == "跌" and re.search(r"股|价|基金|大盘|行情|涨", sentence):
            return True
        if words.startswith("起") and _LYING_IN.search(before + after[:8]):
            return True
        return "动" in words and bool(_WORN_OUT.search(before))
    if rule.category is Emergency.UNCONSCIOUS:
        if (
            "抽" in words
            and re.search(r"[腿脚]|小腿", sentence)
            and not re.search(r"全身|浑身|眼|沫|叫", sentence)
        ):
            return True
        return bool(_CALLED_FOR_FUN.search(around + after[:4])) and "手机" not in before[:4]
    if rule.category is Emergency.SCAM:
        if _BILLS.search(words + after[:4]) and not _IMPOSTOR.search(sentence):
            return True
        asks = _KIN_ASKS.search(before)
        if asks is None or _IMPOSTOR.search(sentence):
            return False
        return bool(_KIN.match(asks.group())) or not re.search(r"[万千]", words + after[:6])
    if rule.category is Emergency.LOST:
        return bool(
            _COULD_LOSE.search(before[-4:] + words[:2])
            or _COULD_LOSE.match(after.lstrip("了一几两好只个把副条"))
        )
    return False


def _last(pattern: re.Pattern[str], text: str) -> int | None:
    at = None
    for hit in pattern.finditer(text):
        at = hit.end()
    return at
