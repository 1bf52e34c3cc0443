"""Short answers to what we said first. Pure; a longer sentence is a wish of its own."""

from __future__ import annotations

import re

from assistant.nlu.answers import is_no, is_question, is_yes
from assistant.nlu.normalise import normalise

_NOISE = re.compile(r"[\s，,。.！!？?、；;：:~…—]|[啊呀哦噢喔嘛吧呢哈呐啦嘞咯唉哎诶嗯呃额]")
_ME = "(?:我|阿拉|侬|你|您|人家)?"
_ALREADY = "(?:已经|刚刚?|刚才|早就|早|都|才|老早|都已经)?"
_DID = "(?:吃|服|喝|量|测|打|做|办|弄|搞|去|洗|泡|滴|贴|擦|换|交|缴|关|开|带|拿|收|晒|练|走|动)"
_IT = "(?:药|水|饭|针|血压|血糖|体温|好|过|完|掉|脱|一下|一遍|一次|一片|两片)*"

_LATER = re.compile(
    "等会|等一会|等一下|等下|等等|等歇|等一歇|晏歇|慢慢来|过会|过一会|待会|晚点|晚一点|一会儿?(?:就|再)?|马上|就来|就去|就吃|这就|"
    "稍等|回头|吃(?:完|好|过)饭(?:再|就)|饭后|先放着|再说|不急|歇会|再等|过[一二两三五十半]*分钟|分钟以?后"
)
_NOT_YET = re.compile(
    rf"^{_ME}(?:还|还是)?(?:没|没有|没得|呒没|勿曾|未)(?:有)?(?:{_DID})?{_IT}(?:了)?$|^{_ME}忘(?:记|掉)?(?:了)?{_DID}?(?:了)?$"
)
_REFUSED = re.compile(
    rf"^{_ME}(?:今天|今朝|现在)?(?:不|勿|弗|伐|不想|不要|不用|不肯|不高兴|勿想|别)(?:再)?{_DID}{_IT}(?:了)?$|"
    "^不(?:想|要|用|了|做|去|弄)了?$|停药|医生(?:叫|让|说).{0,4}(?:停|不)"
)
_TAKEN = re.compile(
    rf"^{_ME}(?:药|饭|水|针|血压|血糖|体温)?{_ALREADY}{_DID}(?:了|过|好|完|掉|脱)*{_IT}(?:了|过了|好了|完了|过|啊)$|^刚刚?{_DID}$|^{_ME}{_ALREADY}(?:好|弄好|搞好|办好|做好|搞定)了$"
)
_HEARD = re.compile(
    "^(?:知道|晓得|记得|记住|听到|听见|明白|有数)(?:了|的|哉)?(?:谢谢你?|多谢)?$|^(?:好|好的|好嘞|行|行的|可以|是|是的|对|中|谢谢|谢谢你|多谢|好谢谢)+$"
)
_OTHER_DAY = re.compile("明天|后天|明朝|今晚|下雨|订|挂号")
LONGEST = 14
"""Characters of an answer; what is longer is heard by the dialogue."""


def reminder_answer(text: str, *, fresh: bool) -> str | None:
    """Return what an elder answers to a reminder: ``taken``, ``later``, ``refused``, ``heard``, or None.

    Args:
        text: her words.
        fresh: whether the reminder was said last between us; a bare 好 or 知道了 is an answer only then.
    """
    plain = _NOISE.sub("", normalise(text))
    if not plain or len(plain) > LONGEST or is_question(text.rstrip("呢。，, ")) or _OTHER_DAY.search(plain):
        return None
    if _REFUSED.search(plain):
        return "refused"
    if _NOT_YET.search(plain):
        return "later"
    if _TAKEN.search(plain) and (fresh or not plain.startswith(("好", "弄", "搞"))):
        return "taken"
    if len(plain) <= 10 and _LATER.search(plain) and (fresh or "等" in plain):
        return "later"
    return "heard" if fresh and _HEARD.search(plain) else None


def speaks_of(answer: str, reminder: str) -> bool:
    """Tell whether an answer names what a reminder is about (吃, 量, 药 …)."""
    return bool(
        {c for c in answer if re.match("[吃喝服量测打洗泡滴贴擦换交关药水针压糖]", c)} & set(reminder)
    )


_CAME = re.compile(
    rf"^{_ME}(?:饭|菜|人|她|他|东西|阿姨|师傅|护工|护理员|小[一-鿿])?(?:们)?{_ALREADY}(?:送到|送来|来|到|收到|拿到|吃|在吃|在做|在弄|进门)(?:了|过了|好了|着呢|完了|啦|家了|饭了)*$|有人来了|已经(?:来|到)了"
)
_NOT_COME = re.compile(
    rf"^{_ME}(?:都)?(?:还)?(?:没有?|没得|呒没|勿曾|未|不曾)(?:看到|看见|见到|人|有人)?(?:人|饭)?(?:送|来|到|收到|送来|送到|来过|拿到|吃到|吃)?(?:人|过|饭)?(?:了)?$|没人来|人没来|饭没(?:来|到|送)|影子也没"
)
_DROP = re.compile("不要了|不用来了|不用了|算了|取消|不用送了|退掉|不来也行|别来了|不要来了")


def arrival_answer(text: str, *, asks: str) -> str | None:
    """Return what an elder answers when somebody did not come: ``came``, ``not_come``, ``yes``, ``no``, ``drop``.

    Args:
        text: her words.
        asks: ``arrival`` (has it come after all?) or ``moved`` (does the other time suit you?).
    """
    plain = _NOISE.sub("", normalise(text))
    if not plain or len(plain) > LONGEST or is_question(text.rstrip("呢。，, ")):
        return None
    half = plain[: len(plain) // 2]
    plain = half if plain == half * 2 else plain  # 来了来了
    if _DROP.search(plain):
        return "drop"
    if _NOT_COME.search(plain) and asks == "arrival":
        return "not_come"
    if _CAME.search(plain):
        return "came"
    if asks != "moved" or _OTHER_DAY.search(plain):
        return None
    return "no" if is_no(text) else "yes" if is_yes(text) else None


_LIKED = (
    (1, re.compile("(?:很|太|蛮|非常|一点(?:也|都))(?:不好|差|不行|不满意|勿好)|差得很|差劲|太差|一塌糊涂|气死")),
    (2, re.compile("不好|不行|不满意|勿好|弗好|不大好|不太好|不怎么样|不怎么好|(?<!马)马虎(?!虎)|差(?!不多)|不仔细|不舒服|弄痛|不灵")),
    (3, re.compile("还行|还可以|一般|马马虎虎|凑合|过得去|还好|差不多|就那样|将就|可以")),
    (5, re.compile("(?:很|蛮|挺|真|非常|特别|邪气|交关|顶|最|十分)(?:好|不错|满意|舒服|灵|仔细|周到|适意)|好得很|好极了|满意得很|没话说|好的很")),
    (4, re.compile("好|不错|满意|舒服|适意|灵")),
)  # fmt: skip


def liking(text: str) -> int | None:
    """Return how an elder found a service when she is asked: 1 (very bad) to 5 (very good), or None."""
    plain = _NOISE.sub("", normalise(text))
    if not plain or len(plain) > LONGEST or is_question(text.rstrip("呢。，, ")):
        return None
    if _WISH.search(plain) or _OTHER_DAY.search(plain):
        return None
    return next((stars for stars, words in _LIKED if words.search(plain)), None)


_MOODS = (
    ("pain", re.compile("(?<!心)(?:疼|痛)(?!快)|胸闷|酸(?:得|痛|胀)|麻(?:得|了|木)")),
    ("unwell", re.compile("不舒服|勿适意|不适意|难受|头[晕昏]|晕|没力气|没精神|乏力|感冒|咳嗽|发[烧热]|不大好|不太好|不好受|(?:浑身|身上|人)(?:都)?(?:没劲|发软|发冷|没力)|腿(?:发)?软|恶心|拉肚子|心慌|发抖")),
    ("poor_sleep", re.compile("没睡好|睡不着|睡不好|失眠|睡得?不(?:好|着|踏实|香)|没怎么睡|没睡|一夜没|醒得早|老(?:是)?醒|翻来覆去|没困好|困勿着|困不着|睡得少|做[了恶噩]?梦")),
    ("no_appetite", re.compile("(?:没有?|呒没|一点没)(?:啥|什么|多少)?(?:个)?胃口|胃口(?:[^，,。]{0,4})(?:不好|不大好|不行|差|没了)|嘴里(?:没味|发苦|苦)|吃(?:啥|什么)都(?:没味|不香)|吃不下|吃不进|不想吃|没味道|吃得少|不饿|没吃什么")),
    ("lonely", re.compile("闷|一个人|没人(?:说话|讲话|陪|来)|冷清|孤单|孤独|寂寞|无聊|厌气|没意思|没劲|想(?:儿子|女儿|孙|囡囡|家里人|老伴|他们)")),
    ("low", re.compile("心情不好|不高兴|不开心|勿开心|心里(?:难过|不痛快|烦)|烦(?:死|得|躁)|伤心|难过|唉声叹气|不痛快")),
)  # fmt: skip
_WELL_ONLY = re.compile(
    "^[我都人身体上精神今天朝夜里昨晚一切睡得吃也还蛮挺很非常是比较就老样子和往跟平不累了过下着谢你多放心嗯们情胃口算的好错行可以香没事啥舒服适意硬朗正高兴开个呢来用担起早中饭]+$"
)
_GOOD = re.compile(
    "好|不错|还行|可以|香|没事|没啥|舒服|适意|硬朗|正常|老样子|高兴|开心|吃[过了]|吃得下|行|不累|放心"
)
_NOT_GOOD = re.compile("不(?!错|累|用)|没(?!事|啥)")
_WISH = re.compile("订|约|挂号|叫人|派人|提醒|取消|改到|改成|几点|查一下|帮我|给我|我要|我想要|放首|唱|播")
_NOTHING_MUCH = re.compile("没(?:啥|什么|多少)(?=不舒服|胃口|力气|精神|劲|心思|毛病)")
LONGEST_FEELING = 40
"""Characters of what one says of oneself in a breath."""


def feeling(text: str) -> str | None:
    """Return how an elder says she is: ``well``, ``pain``, ``unwell``, ``poor_sleep``, … or None."""
    text = _NOTHING_MUCH.sub("没有", text)
    plain = _NOISE.sub("", normalise(text))
    if (
        not plain
        or len(plain) > LONGEST_FEELING
        or is_question(text.rstrip("呢。，, "))
        or _WISH.search(plain)
    ):
        return None
    calm = re.sub("不(?:疼|痛|闷|晕|难受|咳)(?:了)?|没(?:有)?(?:不舒服|哪里疼|毛病)|疼(?:也)?好了", "", plain)
    mood = next((mood for mood, words in _MOODS if words.search(calm)), None)
    if mood is not None:
        return mood
    well = _WELL_ONLY.match(calm) and _GOOD.search(calm) and not _NOT_GOOD.search(calm)
    return "well" if well or (calm != plain and not calm) else None


def sounds_poorly(text: str) -> bool:
    """Tell whether what she says of herself is not plainly good; then somebody should look at it."""
    mood = feeling(text)
    plain = _NOISE.sub("", normalise(text))
    return mood not in (None, "well") or (mood is None and bool(_NOT_GOOD.search(plain)))


def tells_more(text: str) -> bool:
    """Tell whether a sentence goes on about how one is, and asks for nothing."""
    plain = _NOISE.sub("", normalise(text))
    return (
        bool(plain)
        and len(plain) <= LONGEST_FEELING * 2
        and not is_question(text)
        and not _WISH.search(plain)
    )


_RELATIVE = "女儿|儿子|孙子|孙女|外孙女?|媳妇|儿媳|女婿|老伴|妹妹|弟弟|姐姐|哥哥|侄子|侄女|囡囡|小囡|家里人?|家属|小的|他们|她们"
_ORDERED = "(?:给我|帮我|替我|为我)?(?:订|叫|点|买|定)"
_REFUSED_ORDER = re.compile(
    f"(?:不要|不想要|不吃|不想吃|退掉|退了|取消|勿要|别要)(?:我|我家)?(?:{_RELATIVE}){_ORDERED}|"
    f"(?:{_RELATIVE}){_ORDERED}的?.{{0,5}}(?:不要|不吃|不想|退掉|退了|取消|勿要)"
)


def refuses_order(text: str) -> bool:
    """Tell whether an elder refuses what a relative ordered for her, in so many words (我不要女儿订的饭)."""
    plain = _NOISE.sub("", normalise(text))
    return len(plain) <= LONGEST * 2 and bool(_REFUSED_ORDER.search(plain)) and not is_question(text)


def agreement(text: str) -> str | None:
    """Return ``yes`` or ``no`` where a sentence is that, else None."""
    plain = _NOISE.sub("", normalise(text))
    if not plain or len(plain) > LONGEST or is_question(text.rstrip("呢。，, ")):
        return None
    return "no" if is_no(text) or _DROP.search(plain) else "yes" if is_yes(text) else None


_KIN = "孙子|孙女|外孙|外甥|儿子|女儿|囡囡|媳妇|女婿|老伴|妹妹|弟弟|姐姐|哥哥|侄子|侄女|小囡|重孙|亲戚|邻居|老姐妹|老同事"
_EVENT = "考试|高考|中考|结婚|订婚|生日|过寿|回来|来看|住院|出院|开刀|开学|毕业|出差|搬家|生孩子|生小孩|满月|工作|相亲|吵架|打电话|过年|旅游"
_NEWS = re.compile(f"(?:{_KIN}).{{0,12}}(?:{_EVENT})|(?:{_EVENT}).{{0,8}}(?:{_KIN})")
_FORGET = re.compile(
    "(?:别|不要|不许|莫|勿要|不用)(?:再)?(?:帮我|给我)?记(?:这个|这些|着|住|下|了|我|$)|忘了(?:它|这个|这事|吧)|忘掉(?:它|这个|吧)|(?:擦|删)掉"
)
_ALL = re.compile("都|全部|统统|所有|全")


def tells_news(text: str) -> bool:
    """Tell whether an elder tells of her people's lives (孙子要考试), and asks for nothing."""
    plain = _NOISE.sub("", normalise(text))
    return (
        len(plain) <= LONGEST_FEELING
        and bool(_NEWS.search(plain))
        and not _WISH.search(plain)
        and not is_question(text)
    )


def wants_forgotten(text: str) -> str | None:
    """Return ``last`` or ``all`` where an elder wants what she told not to be remembered, else None."""
    plain = _NOISE.sub("", normalise(text))
    if not plain or len(plain) > LONGEST or not _FORGET.search(plain):
        return None
    return "all" if _ALL.search(plain) else "last"
