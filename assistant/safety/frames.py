"""What a whole sentence is about: one that asks in general, explains, supposes or tells is no emergency."""

from __future__ import annotations

import re

from assistant.vocabulary import Emergency

_PRESSING = re.compile(
    r"救|快来|快叫|快点|赶紧|马上|来人|120|正在|现在(?!(?:都|已经)?(?:好|没事|不))|刚[才刚]?(?!刚?好|退|出院|开)|"
    r"突然|止不|越来越|还在|起不来|受不了|厉害|喘不|说不出"
)
"""Words that say that it is happening: no frame holds against them."""

_SOMEBODY = re.compile(r"我|他|她|伊|妈|爸|爷|奶|老伴|老头|老太|阿[公婆]|家里|屋里|这里|隔壁|邻居|孩子|孙")

_GENERAL = re.compile(
    r"会不会(?:引起|得|变|导致|造成|发|出|中|晕|昏|摔|死|有|是)?|会(?:引起|导致|造成)|容易(?:引起|导致)?|是不是都|"
    r"^(?:什么|啥|哪些|为什么|怎么样?才|如何|怎样)|要不要|(?:和|跟|与)\S{1,8}有(?:什么|啥)?(?:区别|关系)|"
    r"有(?:什么|啥|哪些)(?:办法|先兆|前兆|征兆|预兆|症状|表现|注意|讲究|关系)|(?:要|该)注意(?:什么|啥|哪些|点)|"
    r"(?:要|得|打|吃|做|住|养)(?:几|多少|多久)(?:针|天|次|个?月|回|钱|时间)|(?:几|多少)(?:钱|次)$"
)
"""A question about how things are, not about what happens."""

_ASKS_IN_GENERAL = re.compile(r"(?:会|能|可以|算|要|是)\S{1,10}(?:吗|么)$")

_SUPPOSES = re.compile(
    r"(?:要是|如果|万一|假如|假使|若是|倘若|哪天|哪一天|有朝一日|一旦|就算|即使|哪怕|以防|免得|省得|就怕|只怕会|生怕)"
)
_SUPPOSITION_ENDS = re.compile(r"(?:要是|如果)(?:你们)?(?:再)?不(?:来|救|管)|如果(?:你)?(?:听|能听)")

_EXPLAINED = re.compile(
    r"(?:烫|辣|冻|冷|麻药|花椒|喝(?:了|多)?(?:点|杯|两杯)?酒|酒喝|蹲|坐久|跪久|压久|站久|枕|扎针|针灸|牙医|补牙|拔牙)"
    r"\S{0,8}(?:麻|木|没知觉|没感觉|舌头|不听使唤|发僵|僵|讲不清|说不清)"
)
"""A numbness with an everyday reason."""

_EXPLAINABLE = frozenset({Emergency.STROKE, Emergency.UNCONSCIOUS})

_CHRONIC = re.compile(
    r"老毛病|慢性|一直有点|老是有?点?|总是有?点?|经常|常常|时不时|隔三差五|偶尔|有时候?|平时|"
    r"(?:好几|好些|几|多|半|[一二两三四五六七八九十])(?:多)?(?:年|个月|个多月)(?:了|多|来|下来)|好久了|多年"
)
_APPOINTMENT = re.compile(
    r"挂(?:个|一个|一下|哪个)?\S{0,8}(?:号|科)|预约|约(?:个|一下|一个|了)?\S{0,8}(?:科|医生|大夫|门诊|时间|专家|号)|"
    r"看(?:看)?(?:哪个|什么|个|一下)?\S{0,6}(?:科|门诊|专家门诊)|配(?:点|些|一[点盒些])?\S{0,4}药|开(?:点|些)\S{0,3}药|复查|复诊|体检|医生说过"
)

_MEDIA = re.compile(
    r"(?:电视|新闻|广播|收音机|无线电|手机|抖音|快手|视频|网|报纸?|书|杂志|课本|戏|电影|小说|故事|评书|评弹|话本|戏文|片子?|剧|小品|相声|游戏|梦)"
    r"(?:剧|机|片|台|号)?(?:里|里面|里头|上|上面|中)(?:的|有|那|说|讲|演|放|播|看|写|报)?|"
    r"(?:演|扮|装)(?:的|了)?(?:是|个)\S{0,6}(?:人|的)|群里|视频有|谣言|传说|讲(?:了|的)?个?(?:笑话|故事)|演习|演练|彩排|排练|排戏"
)
"""Told, played or drawn. A telephone or message is no medium here: swindlers use it."""

_NOT_FOR_SCAM = frozenset({Emergency.SCAM})

_QUARREL = re.compile(
    r"吵架|吵了|赌气|怄气|生(?:我|你|他|她)?的?气|冷战|耳背|耳聋|聋|赖床|懒觉|装睡|午觉|打盹|瞌睡"
)


_ALL_WELL = re.compile(
    r"(?:我|人|身体|她|他)(?:都|就|还)?好(?:得很|着)|谁说(?:我|他|她)|别担心|别紧张|(?:你|你们)放心$|好好的(?:没|呢|人|$)"
)
_ASKS_WHAT_WE_CAN = re.compile(r"^你们?(?:也|还)?(?:能|会|可以)(?:打|派|叫|拨)\S{0,6}吗$")


def harmless_frame(category: Emergency, sentence: str) -> bool:
    """Return whether ``sentence`` is of a kind in which words of ``category`` tell of no emergency now."""
    if _PRESSING.search(sentence):
        return False
    somebody = _SOMEBODY.search(sentence)
    if (_GENERAL.search(sentence) or _ASKS_IN_GENERAL.search(sentence)) and not somebody:
        return True
    if _SUPPOSES.search(sentence) and not _SUPPOSITION_ENDS.search(sentence):
        return category is not Emergency.SELF_HARM
    if category is Emergency.HELP and _ASKS_WHAT_WE_CAN.search(sentence):
        return True
    if _ALL_WELL.search(sentence) and category is not Emergency.SELF_HARM:
        return True
    if category in _EXPLAINABLE and (_EXPLAINED.search(sentence) or _QUARREL.search(sentence)):
        return True
    if _APPOINTMENT.search(sentence) and _CHRONIC.search(sentence):
        return True
    return bool(_MEDIA.search(sentence)) and category not in _NOT_FOR_SCAM
