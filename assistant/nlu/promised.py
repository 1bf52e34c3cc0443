"""Short answers to what we said first. Pure; a longer sentence is a wish of its own."""

from __future__ import annotations

import re

from assistant.nlu.answers import is_question
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
