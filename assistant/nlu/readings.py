"""Health readings as elders report them: 血压一百五九十, 血糖七个八, 三十八度二, 心跳七十二. Stdlib only."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from assistant.nlu.numerals import FULL_WIDTH, HAN_NUMBER, read_number
from assistant.vocabulary import ReadingKind

_PRESSURE = str(ReadingKind.BLOOD_PRESSURE)
_SUGAR = str(ReadingKind.BLOOD_SUGAR)
_TEMPERATURE = str(ReadingKind.TEMPERATURE)
_PULSE = str(ReadingKind.PULSE)
_WEIGHT = str(ReadingKind.WEIGHT)
_OXYGEN = str(ReadingKind.OXYGEN)

PLAUSIBLE: dict[str, tuple[float, float]] = {
    "systolic": (60, 280),
    "diastolic": (30, 160),
    _SUGAR: (1.1, 33.3),
    _TEMPERATURE: (34.0, 42.5),
    _PULSE: (30, 220),
    _WEIGHT: (25, 200),
    _OXYGEN: (70, 100),
}
"""What a home instrument can show of a living person; outside it was misheard or mistyped: ask again.

Blood sugar is the measuring range of home glucometers (ISO 15197 devices: 1.1-33.3 mmol/L, LO and HI beyond);
pressure that of automatic upper-arm cuffs (systolic 60-280, diastolic 30-160 mmHg); temperature that of
clinical thermometers (EN 12470: 35-42 ℃, a little wider); pulse that of the cuffs; oxygen the range in which
fingertip oximeters state their accuracy (ISO 80601-2-61: 70-100 %); weight in kilogrammes. These are limits
of plausibility, not of health: what is high or low is for a nurse to say.
"""

_NUMBER = rf"(?:[0-9０-９]{{1,3}}(?:[.．][0-9０-９]{{1,2}})?|{HAN_NUMBER}(?:来(?=[斤公下]))?)"
_FILLER = (
    "(?:[^0-9０-９零〇一二两三四五六七八九十百半药计仪针表片。！？!?]|一量"
    "|一测|一下|一直|[仪计表]上?(?:显示|量|测)|一分钟|每分钟|百分之){0,12}?"
)
"""What may stand between the name of a reading and its number: anything that holds no number itself."""
_SEPARATOR = r"(?:[/／、，,。和比到除跟杠\-~ ]|斜杠|，?又|，?还有|的?低压|，?下面|mmHg)*"
_HIGH = r"(?:高压|收缩压|上压|上面的?|高的)"
_LOW = r"(?:低压|舒张压|下压|下面的?|低的)"

_BOTH = re.compile(
    rf"(?:(?:血压|量压){_FILLER})?{_HIGH}{_FILLER}(?P<high>{_NUMBER})[^0-9０-９一二三四五六七八九]{{0,6}}?{_LOW}{_FILLER}(?P<low>{_NUMBER})"
    rf"|(?:血压|量压|高压){_FILLER}(?P<high5>[一二][零〇一二三四五六七八九]{{2}}){_SEPARATOR}"
    r"(?P<low5>(?:一[零〇一二]|[四五六七八九])[零〇一二三四五六七八九])(?![零〇一二三四五六七八九十百点])"
    rf"|(?:血压|量压){_FILLER}(?P<high2>{_NUMBER}){_SEPARATOR}(?!百)(?P<low2>{_NUMBER})(?![次回遍片粒点分天号月年岁])"
    rf"|(?<![0-9/.])(?P<high3>[0-9]{{2,3}})[/／](?P<low3>[0-9]{{2,3}})(?![0-9/.])"
    rf"|{_LOW}{_FILLER}(?P<low6>{_NUMBER})[^0-9０-９一二三四五六七八九]{{0,6}}?{_HIGH}{_FILLER}(?P<high6>{_NUMBER})"
    f"|(?:^|[,，。是说]|[量测](?:的|下来|出来|了|好|好了)(?:是|有)?)(?P<high4>{_NUMBER})(?:[，,、 ]+"
    "|(?<=[百十][一二三四五六七八九]))"
    rf"(?P<low4>{_NUMBER})(?=$|[。，,！吧了啊])"
)
_ONLY_HIGH = re.compile(
    rf"(?:血压{_FILLER}|(?:血压{_FILLER})?{_HIGH}{_FILLER})(?P<high>{_NUMBER})(?![次回遍片粒点分天号月年岁])"
)
_ONLY_LOW = re.compile(
    rf"{_LOW[:-1].replace('|下面的?|低的', '')}){_FILLER}(?P<low>{_NUMBER})(?![次回遍片粒天号月年岁])"
)
_SUGAR_AT = re.compile(
    rf"(?:(?:[早中午晚夜]?饭[前后]|睡前)(?:两个?小时|2小时)?的?血糖|血糖|(?<![红白冰砂吃放少低无加的些])糖(?=[一二三四五六七八九十]{{1,2}}[点个][零一二三四五六七八九]|[0-9]+[.．][0-9])|空腹|餐后(?:两个?小时)?|饭后两个?小时|饭后(?=[一二三四五六七八九十]+[点个][零一二三四五六七八九]|[0-9]+[.．][0-9]))(?:血糖|的|两个?小时|2小时)*{_FILLER}"
    rf"(?P<value>[0-9０-９]+(?:[.．][0-9０-９]+)?|[一二两三四五六七八九十]+[个点][零一二三四五六七八九]+(?![次回遍片])|[一二两三四五六七八九十]+个半|{_NUMBER})(?![次回遍片粒天号月年岁小块元下])"
)
_TEMPERATURE_AT = re.compile(
    rf"(?P<key>体温|发烧|高烧|低烧|发热|热度|(?<![水饭菜红])烧){_FILLER}(?P<value>[三四][零一二三四五六七八九]点[零一二三四五六七八九]|{_NUMBER})(?:度(?P<tenth>[一二三四五六七八九0-9])?|℃)?(?![次回遍片粒天号月年岁])"
    rf"|(?P<value2>{_NUMBER})(?:度(?P<tenth2>[一二三四五六七八九0-9半])?|℃|摄氏度)(?![数酒])"
)
_WEATHER = re.compile(r"天气|高温|气温|室温|外头|外面|空调|水温|屋里|天热|天冷|度数|近视|老花|晒")
_PULSE_AT = re.compile(
    rf"(?:脉搏|心跳|心率|脉息|脉){_FILLER}(?:一分钟|每分钟)?{_FILLER}(?P<value>{_NUMBER})(?![零一二三四五六七八九十百0-9]|[回遍](?!每)|天|号|月|年|岁)"
)
_WEIGHT_AT = re.compile(
    rf"(?:体重|秤|称了?|瘦|胖|重){_FILLER}(?P<value>{_NUMBER})(?:多)?(?P<unit>市斤|公斤|千克|kg|KG|Kg|斤)?(?P<half>半)?"
    rf"|(?:^|现在|如今|只有)(?:我|现在|只有|只|是|有|才|还)*(?P<value2>{_NUMBER})(?P<unit2>市斤|公斤|千克|kg|KG|Kg|斤)(?P<half2>半)?(?=(?:了|吧|左右|多)?[。.]?$)"
)
_OXYGEN_AT = re.compile(rf"(?:血氧(?:饱和度)?|氧饱和度?|氧饱){_FILLER}(?:百分之)?(?P<value>{_NUMBER})")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A measured value with code-point offsets.

    Attributes:
        kind: a ReadingKind identifier.
        value: systolic mmHg; mmol/L; ℃; beats a minute; kilogrammes or 斤 as said; percent. None where only
            the diastolic pressure was said (then not ``plausible``: ask for the other).
        value2: diastolic mmHg, None for other kinds or where it was not said.
        unit: "mmHg", "mmol/L", "℃", "bpm", "kg", "斤" or "%".
        plausible: inside ``PLAUSIBLE``; where False, ask again instead of recording.
    """

    kind: str
    value: float | int | None
    value2: float | int | None
    unit: str
    text: str
    start: int
    end: int
    plausible: bool


def find_readings(text: str) -> list[Reading]:
    """Return the health readings of a sentence, in order, none overlapping another. Never raises."""
    source = text[:500].translate(FULL_WIDTH)
    found: list[Reading] = []
    for finder in (_oxygen, _sugar, _pulse, _weight, _temperature, _pressures):
        for reading in finder(source):
            if not any(reading.start < other.end and other.start < reading.end for other in found):
                found.append(replace(reading, text=text[reading.start : reading.end]))
    return sorted(found, key=lambda reading: reading.start)


def _within(name: str, value: float | int | None) -> bool:
    low, high = PLAUSIBLE[name]
    return value is not None and low <= value <= high


def _make(
    kind: str,
    value: float | int | None,
    unit: str,
    match: re.Match[str],
    plausible: bool,
    value2: float | int | None = None,
) -> Reading:
    lead = len(match.group()) - len(match.group().lstrip("，,。是说 "))
    return Reading(
        kind=kind,
        value=value,
        value2=value2,
        unit=unit,
        text=match.group()[lead:],
        start=match.start() + lead,
        end=match.end(),
        plausible=plausible,
    )


def _pressures(text: str) -> list[Reading]:
    found: list[Reading] = []
    for match in _BOTH.finditer(text):
        high_name = next(
            name for name in ("high", "high2", "high3", "high4", "high5", "high6") if match.group(name)
        )
        high = read_number(match.group(high_name))
        low = read_number(match.group(high_name.replace("high", "low")))
        plausible = _within("systolic", high) and _within("diastolic", low) and (high or 0) > (low or 0)
        # Two bare numbers are a pressure only where they can be one.
        if high_name in ("high3", "high4") and (not plausible or (high or 0) < 80 or (low or 0) < 40):
            continue
        if high_name == "high2" and not plausible and (low or 0) < 20:
            continue
        found.append(_make(_PRESSURE, high, "mmHg", match, plausible, low))
    for match in _ONLY_HIGH.finditer(text):
        high = read_number(match.group("high"))
        if not any(match.start() < r.end and r.start < match.end() for r in found) and (high or 0) >= 30:
            found.append(_make(_PRESSURE, high, "mmHg", match, _within("systolic", high)))
    for match in _ONLY_LOW.finditer(text):
        low = read_number(match.group("low"))
        if not any(match.start() < r.end and r.start < match.end() for r in found):
            found.append(_make(_PRESSURE, None, "mmHg", match, False, low))
    return found


def _sugar(text: str) -> list[Reading]:
    found = []
    for match in _SUGAR_AT.finditer(text):
        value = read_number(match.group("value"))
        if value is not None:
            found.append(_make(_SUGAR, value, "mmol/L", match, _within(_SUGAR, value)))
    return found


def _temperature(text: str) -> list[Reading]:
    found = []
    for match in _TEMPERATURE_AT.finditer(text):
        keyed = match.group("key") is not None
        value = read_number(match.group("value" if keyed else "value2"))
        tenth = match.group("tenth" if keyed else "tenth2")
        if value is None:
            continue
        if tenth and isinstance(value, int):
            value = round(value + (5 if tenth == "半" else read_number(tenth) or 0) / 10, 1)
        plausible = _within(_TEMPERATURE, value)
        if keyed and value < (20 if match.group("key") == "体温" else 34):
            continue  # 发烧三天, 烧着水二十分钟
        if not keyed and (
            not 34 <= value <= 43 or _WEATHER.search(text[max(0, match.start() - 12) : match.end() + 4])
        ):
            continue
        found.append(_make(_TEMPERATURE, value, "℃", match, plausible))
    return found


def _pulse(text: str) -> list[Reading]:
    found = []
    for match in _PULSE_AT.finditer(text):
        value = read_number(match.group("value"))
        if value is not None and value >= 20:
            found.append(_make(_PULSE, value, "bpm", match, _within(_PULSE, value)))
    return found


def _weight(text: str) -> list[Reading]:
    found = []
    for match in _WEIGHT_AT.finditer(text):
        alone = match.group("value2") is not None
        words, unit = (
            (match.group("value2"), match.group("unit2"))
            if alone
            else (match.group("value"), match.group("unit"))
        )
        value = read_number(words.removesuffix("来"))
        if value is None or (unit is None and not match.group().startswith("体重")):
            continue
        if match.group("half") or match.group("half2"):
            value += 0.5
        # Without a unit, 体重一百二 are 斤 to nearly everybody, 体重六十 kilogrammes.
        said = "斤" if unit in ("斤", "市斤") or (unit is None and value >= 80) else "kg"
        kilogrammes = value / 2 if said == "斤" else value
        if alone and not _within(_WEIGHT, kilogrammes):
            continue
        if kilogrammes < 15 and not match.group().startswith("体重"):
            continue  # 瘦了三斤, 称两斤苹果
        if re.match(r"(?:瘦|胖|重)了", match.group()) and kilogrammes < 20:
            continue
        found.append(_make(_WEIGHT, value, said, match, _within(_WEIGHT, kilogrammes)))
    return found


def _oxygen(text: str) -> list[Reading]:
    found = []
    for match in _OXYGEN_AT.finditer(text):
        value = read_number(match.group("value"))
        if value is not None:
            found.append(_make(_OXYGEN, value, "%", match, _within(_OXYGEN, value)))
    return found
