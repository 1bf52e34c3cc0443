"""What elders say to the machine itself, and of what was done for them (你是谁, 我设了哪些提醒, 菜太咸了)."""

from __future__ import annotations

import re

from assistant.nlu.normalise import normalise

_WHO = re.compile(
    "你(?:到底|究竟)?(?:是|叫)(?:个)?(?:谁|啥|什么|哪个|哪位|何方)(?!时候|辰光|意思|地方)|你(?:的)?(?:名字|姓名)(?:是|叫)?(?:什么|啥)|你姓(?:什么|啥)|"
    "怎么(?:称呼|叫)你|(?:你|这)(?:到底)?是(?:不是)?(?:真的?)?(?:个)?(?:机器|真人|活人|电脑|人工智能|录音)|"
    "是(?:机器|人)还是(?:真人|活人|人|机器)|你是人(?:吗|伐|么|不是)|跟我(?:说|讲)话的是(?:谁|人|机器)"
)
_ASKS_REMINDERS = re.compile(
    "(?:设|定|记|有|叫你记|让你记)(?:了|着|过)?(?:哪些|什么|啥|几个|几样|多少)(?:个|样|条)?(?:的)?(?:提醒|闹钟|要记的)|(?:提醒|闹钟)(?:都)?(?:有|是|设了|定了|记了)?(?:哪些|什么|啥|几个|几样|多少|几点)|"
    "(?:哪些|什么|啥|几个|多少)(?:个|样|条)?(?:提醒|闹钟)|(?:有没有|还有没有|查|看看|念)[^，,。]{0,6}(?:提醒|闹钟)|(?:提醒|闹钟)(?:还在|在不在|还有)(?:吗|么|伐|不)?"
)
_REMINDERS = re.compile("提醒|闹钟|叫我[^，,。来]{0,4}(?:吃药|起床|起来|量|打针)")
_POOR = re.compile(
    "太(?:咸|淡|甜|油|腻|硬|辣|酸|烫|冷|凉|少|差|慢|贵|吵|凶|晚|老|生)|难吃|不好吃|没法吃|咬不动|嚼不动|馊|不新鲜|变味|冷(?:的|掉|了)|凉(?:的|掉|了)|"
    "(?:洗|扫|擦|弄|打扫|收拾|拖)得?(?:不干净|马虎|潦草)|没(?:洗|扫|擦|弄|打扫|收拾)干净|不像样|马马虎虎|态度(?:不好|差|不行|恶劣)|"
    "(?:来|送)得?(?:太)?(?:晚|迟)了|迟到|送错|送少|少送|漏(?:了|送)|没耐心|凶(?:巴巴|得很|我)|骂我|投诉|提(?:个|点)?意见|有意见"
)
_SERVED = re.compile(
    "饭|菜|汤|粥|面|馒头|送来|送的|送饭|食堂|地(?=扫|拖)|厨房|阿姨|师傅|护工|护理|小[一-鿿]|那个人|来的人|上门|打扫|卫生|洗澡|医生|护士|志愿者|你们"
)
_WISH = re.compile(
    "想(?:吃|要|订)|要(?:订|吃|份)|订|约|换成|改成|不要太|别太|少放|帮我|给我|有没有|吗$|[？?]$|会不会|怕"
)
_DAYS_LEFT = re.compile(
    "(?:还|再)(?:有|要|差|过|等)(?:多少|几|好多)天|离[^，,。]{1,8}(?:多少|几|好多)天|(?:多少|几)天(?:就|才|以后)?(?:到|过)"
)


def asks_who(text: str) -> bool:
    """Whether she asks who or what it is that speaks with her."""
    return bool(_WHO.search(normalise(text)))


def asks_reminders(text: str) -> bool:
    """Whether she asks which reminders she has set."""
    return bool(_ASKS_REMINDERS.search(normalise(text)))


def speaks_of_reminders(text: str) -> bool:
    """Whether the sentence is about a reminder (吃药的提醒不要了)."""
    return bool(_REMINDERS.search(normalise(text)))


def complains(text: str) -> bool:
    """Whether she says that something done for her was not good, and wishes for nothing else."""
    plain = normalise(text)
    return bool(_POOR.search(plain) and _SERVED.search(plain) and not _WISH.search(plain))


def asks_days_left(text: str) -> bool:
    """Whether she asks how many days it is until a day."""
    return bool(_DAYS_LEFT.search(normalise(text)))
