"""Short answers that mean the same in any conversation: yes, no, never mind, as you like, the first one."""

from __future__ import annotations

import re

from assistant.nlu.normalise import normalise

_SOFT = "[啊呀哦噢喔嘛吧呢哈呐啦了的嘞咯唉哎诶嗯呃额]"
_PAUSE = "[，,。.！!？?、；;：: ~…—]"

_YES = (
    "对", "是", "好", "行", "可以", "中", "成", "嗯", "恩", "唔", "没错", "没问题", "不错", "就这样", "就这么", "就这么办",
    "就这么定", "订", "定", "要", "要得", "好好", "对对", "是是", "行行", "好来", "好滴", "好的", "是这样", "就是", "是呀", "正是", "没问题", "同意",
    "确认", "确定", "没意见", "帮我订", "就订", "就定", "可", "ok", "OK", "Ok", "得", "蛮好", "挺好", "很好", "那好", "那行", "那就好",
    "那就这样", "那就行", "对头", "答应", "照办", "办", "约", "就约", "好伐", "好个", "对个", "是个", "来", "叫", "说得对", "你说得对",
    "就这个", "就要这个", "没有错", "错不了", "安排", "去办", "弄", "就弄", "可以可以",
)  # fmt: skip
_YES_RUN = re.compile(
    rf"^(?:{_PAUSE}|{_SOFT}|{'|'.join(sorted(map(re.escape, set(_YES)), key=len, reverse=True))}|就|那|都|你|我|说|这个|这样|吧|谢谢你?|多谢|麻烦你|辛苦你?)+$"
)
_YES_START = re.compile(
    rf"^(?:{_PAUSE}|嗯|唔|哦|噢|啊)*(?:对|是的|是|好的|好|行|可以|没错|没问题|中|要得|成|就这样|嗯){_SOFT}*(?={_PAUSE}|$)"
)
_NO_RUN = re.compile(
    rf"^(?:{_PAUSE}|{_SOFT}|不对|不是|不|错|错掉|弄错|搞错|听错|不行|不好|不要|不用|不必|别|勿要|勿是|勿对|不可以|不成|没有|哪里|哪有|没|勿|覅|伐对|伐是|伐要|伐|这个|这样|不是这样|我|你|都|说|没说|不想|算|就)+$"
)
_NO_START = re.compile(
    rf"^(?:{_PAUSE}|嗯|哦|噢|啊|哎|唉)*(?:(?:不对|不是|错了|不行|不好|不要|不用|不|勿是|勿要|别){_SOFT}*)+(?={_PAUSE}|$)"
)
_HAS_YES = re.compile(
    "[对是好行中成嗯恩唔要可得订定办约来叫]|没错|不错|没问题|没有错|错不了|没意见|就这|同意|确[认定]|安排|ok",
    re.IGNORECASE,
)
_HAS_NO = re.compile("[不错没勿别覅伐算]")
_GIVES_UP = re.compile(
    "算了|算啦|算数了|不订|不定了|不约了|不约|不要订|不要约|别订|别约|不弄了|不搞了|不办了|不麻烦了|不想订|不想要了|不想约|不需要了|用不着了|"
    "下次再|改天再|以后再说|回头再|过两天再|先不|暂时不|不去了|不看了|不吃了|取消|退掉|退了|作罢|拉倒|不用来了|不用订|不用约|不要来了|勿订|勿要了|[勿伐](?:要|用|来|去|订)[哉咧嘞啦]|覅哉|别[整弄办送来搞][了啦]|"
    "覅了|伐要了|不要了|不用了|不用麻烦|等.{0,3}回来再说|跟.{0,5}商量"
)
_ANYTHING = re.compile(
    "随便|随你|都行|都可以|都好|都一样|哪个都|哪样都|什么都|啥都|你看着|看着办|看着来|你定|你说了算|你决定|你帮我[挑选定]|你给我[挑选定]|"
    "无所谓|不挑|没讲究|不讲究|随意|你安排|听你的|你做主|你拿主意|差不多就|有啥.{0,2}啥|有什么.{0,2}什么|什么时候都|啥时候都|几点都|哪天都|最早|最快|越快越好|越早越好|尽快"
)
_ORDINALS = (
    re.compile("第一|头一|前面那?个?|前头|前一个|头里|上面那"),
    re.compile("第二|后面那?个?|后头|后一个|下面那"),
    re.compile("第三|最后"),
)
_QUESTION = re.compile(
    "[吗么呢伐][？?。]?$|[？?]|什么|啥|几点|几号|多少|怎么|哪[个些里天样]|有没有|是不是|能不能|好不好|可不可以|几时|多久|谁"
)
_WAIT = re.compile("等等|等一下|慢着|慢点|先问|问一下|我问|顺便问|对了")
_INSTEAD = re.compile("先不|先别|不订.{0,4}了|不约.{0,4}了|不要.{0,6}了|算了|改成|换成|还是先")


def _plain(text: str) -> str:
    return normalise(text).strip()


def is_yes(text: str) -> bool:
    """Whether the whole sentence, or its first clause, says yes."""
    plain = _plain(text)
    if not _HAS_YES.search(plain) or is_no(text):
        return False
    return bool(_YES_RUN.match(plain) or _YES_START.match(plain))


def is_no(text: str) -> bool:
    """Whether the whole sentence, or its first clause, says no."""
    plain = _plain(text)
    if not _HAS_NO.search(plain) or re.match("没错|没问题|不错|没意见|没有错|错不了", plain):
        return False
    return bool(_NO_RUN.match(plain) or _NO_START.match(plain))


def is_bare(text: str) -> bool:
    """Whether the sentence is nothing but a yes or a no."""
    plain = _plain(text)
    return bool(_YES_RUN.match(plain) or _NO_RUN.match(plain))


def gives_up(text: str) -> bool:
    """Whether the sentence drops what was being arranged (算了, 不订了, 下次再说)."""
    return bool(_GIVES_UP.search(_plain(text)))


def leaves_choice(text: str) -> bool:
    """Whether the sentence leaves the choice to us (随便, 都行, 你看着办)."""
    return bool(_ANYTHING.search(_plain(text)))


def chosen(text: str, count: int) -> int | None:
    """Return the index of the one of ``count`` named things that an ordinal points at, or None."""
    plain = _plain(text)
    for index, ordinal in enumerate(_ORDINALS[:count]):
        if ordinal.search(plain):
            return count - 1 if "最后" in plain else index
    return None


def is_question(text: str) -> bool:
    """Whether the sentence asks something."""
    return bool(_QUESTION.search(_plain(text)))


def interrupts(text: str) -> bool:
    """Whether the sentence opens with 等等 or 先问一下."""
    return bool(_WAIT.search(_plain(text)[:8]))


def wants_instead(text: str) -> bool:
    """Whether a new wish replaces the one in hand (先不订饭了，我要…)."""
    return bool(_INSTEAD.search(_plain(text)))


_CANNOT = re.compile("[去来走等]不了|没空|没工夫|不方便|不行|有事|赶不上|赶不及|来不及")


def cannot(text: str) -> bool:
    """Whether the sentence says that a time does not suit."""
    return bool(_CANNOT.search(_plain(text)))


_ALTERS = re.compile("改|换|挪|推迟|提前|调|晚点|早点")


def alters(text: str) -> bool:
    """Whether the sentence says in so many words that something is to be different."""
    return bool(_ALTERS.search(_plain(text)))


_EARLIER = re.compile(
    "昨天|前天|上回|上次|上一次|早上订|已经订|原来订|之前|刚才|刚刚|先前|订的那|约的那|定的那|订好的|约好的|订过的"
)


def refers_back(text: str) -> bool:
    """Whether the sentence speaks of something that was arranged before."""
    return bool(_EARLIER.search(_plain(text)))


_JUST_NOW = re.compile("刚才|刚刚|方才|刚订|刚约|最后一个|最后那个|才订")
_ORDERED_ON = (
    (re.compile("(?:昨天|昨日|昨儿|夜里)[^，,。]{0,4}(?:订|定|约|叫|说)"), -1),
    (re.compile("前天[^，,。]{0,4}(?:订|定|约|叫|说)"), -2),
    (re.compile("(?:今天|今朝|今早|早上)[^，,。]{0,4}(?:订的|定的|约的)"), 0),
)
_KIND_NAMED = (
    ("meal", re.compile("饭|餐|菜|吃的|伙食|点心")),
    ("medical_appointment", re.compile("看病|挂号|号子|挂的号|医生|门诊|医院|看医生|看门诊|专家")),
    ("home_care", re.compile("上门|护理|阿姨|护工|师傅|服务")),
    ("companionship", re.compile("陪我|聊天|说话|来看我|坐坐|志愿者|探访|陪聊|打电话")),
)


def just_now(text: str) -> bool:
    """Whether the sentence points at what was arranged last (刚才那个)."""
    return bool(_JUST_NOW.search(_plain(text)))


def ordered_on(text: str) -> int | None:
    """Return the day on which something was arranged, in days from today (昨天订的 → -1), or None."""
    plain = _plain(text)
    return next((days for pattern, days in _ORDERED_ON if pattern.search(plain)), None)


def kind_named(text: str) -> str | None:
    """Return the service kind whose everyday word stands in the sentence, or None."""
    plain = _plain(text)
    return next((kind for kind, pattern in _KIND_NAMED if pattern.search(plain)), None)


_ADDS = re.compile(
    "再来|再加|再要|再添|再弄|还要|还想|另外|外加|加[一个份点]|添[一个份点]|也要|也来|也加|连带"
)
_LIKE_BEFORE = re.compile(
    "照样|照旧|照老样|老样子|一式一样|同样的?[再也来]|原样|"
    "(?:跟|和|同|像|照|按)(?:昨天|前天|上次|上回|上趟|刚才|刚刚|之前|以前|先前|我|平时)[^，,。]{0,6}(?:一样|那样|那个|来|的)|"
    "一样的?(?:也|再|就|来|$|[，,。])|(?:上次|上回|昨天|前天|刚才)(?:吃|订|点|约|叫)的?那[个样份种]"
)
_SAME_DOCTOR = re.compile(
    "(?:上回|上次|上趟|上一?次|原来|之前|以前|先前|老|同一|那)(?:看|约|挂|给我看)?的?[^，,。]{0,5}(?:个|位)?(?:医生|大夫|医师|郎中)"
)


def adds(text: str) -> bool:
    """Whether something is wanted on top of what was said before (再来一个, 还要)."""
    return bool(_ADDS.search(_plain(text)))


def like_before(text: str) -> bool:
    """Whether it shall be as it was before (照旧, 跟昨天一样, 一样的)."""
    return bool(_LIKE_BEFORE.search(_plain(text)))


def same_doctor(text: str) -> bool:
    """Whether the doctor of an earlier visit is meant (还是上回那个医生)."""
    return bool(_SAME_DOCTOR.search(_plain(text)))


_INSISTS = re.compile(
    "不换|不要换|勿要换|别换|不用换|就要|就吃|偏要|还是要|照样要|照吃|没关系|不碍事|不要紧|勿要紧|没事体|偶尔|难得|不改"
)


def insists(text: str) -> bool:
    """Whether what was warned of is wanted all the same (不要换，我就要吃这个)."""
    return bool(_INSISTS.search(_plain(text)))


_BEGINS_WITH_YES = re.compile(
    "^(?:嗯|哦|噢|啊|哎|诶|呃|那|,|，)*(?:对(?!了|不)|是(?!不|几|什|啥|谁|哪)|好|行|可以|没错|要得)"
)


def begins_with_yes(text: str) -> bool:
    """Whether the sentence opens with a yes, whatever it then says once more (对明天中午白切鸡一份)."""
    return bool(_BEGINS_WITH_YES.search(_plain(text)))


_ALL = re.compile("都|全部?|统统|一道|所有|一起")


def means_all(text: str) -> bool:
    """Whether everything that was arranged is meant (都不要了, 全取消)."""
    return bool(_ALL.search(_plain(text)))


_ALSO = re.compile("也(?:要|来|订|定|想|帮|给|一样|同样|是|约|叫)|也$")


def also(text: str) -> bool:
    """Whether the same is wanted once more, for another day or person (后天也要一份, 老头子也来一份)."""
    return bool(_ALSO.search(_plain(text)))


_KEPT = re.compile("还要|仍旧?要|照旧|照送|照来|留着|不动|不变|要的$")


def without_kept(text: str) -> str:
    """Return what is dropped, without the clauses that say what stays (看病不去了，饭还要的)."""
    pieces = re.split("[，,。；;]", _plain(text))
    dropped = [piece for piece in pieces if piece and not _KEPT.search(piece)]
    return "，".join(dropped) if dropped and len(dropped) < len(pieces) else text
