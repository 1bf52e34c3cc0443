"""Slots of a meal: which meal, set meal, dishes that no menu knows, portions, limits, delivery."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from assistant.nlu.extraction.people import relation_pattern
from assistant.nlu.extraction.sentence import Entity, Sentence
from assistant.nlu.lexicon.meals import (
    ALLERGIES,
    DAYPART_MEALS,
    DELIVERY_NOT_BEFORE,
    DELIVERY_WORDS,
    DIET_AT_MEALS,
    DIET_WORDS,
    DISH_MEASURES,
    DISH_VERBS,
    LIMITED,
    MEAL_WORDS,
    NEVER_DISHES,
    PORTION_WORDS,
    SET_MEAL_ANYWHERE,
    SET_MEAL_WORDS,
    SPARING,
    UNKNOWN_DISH_ENDINGS,
)
from assistant.nlu.numerals import read_number
from assistant.nlu.phrases import Phrases, Said
from assistant.vocabulary import SET_MEAL, Delivery, Meal, ServiceKind, Slot

_NUMBER = r"(?P<n>[二三四五六七八九]?十[一二三四五六七八九]?|[一二两俩三仨四五六七八九壹贰叁]|\d{1,2})"
_PORTIONS = re.compile(
    rf"(?<![第几十百\d一二三四五六七八九]){_NUMBER}(?:大|小)?"
    rf"(?:{'|'.join(sorted(PORTION_WORDS, key=len, reverse=True))})"
)
_BARE_PORTION = re.compile(r"(?<=[来订要点弄打送盛买带])(?:份|碗|客|盒)(?![儿饭人]?的|人)")
_PEOPLE = re.compile(
    rf"(?<![第\d]){_NUMBER}个?人(?=的|吃|份|用)|(?:我们|阿拉|我伲|咱们|咱)(?P<m>[俩两三仨])(?:个?人)?|(?P<p>老两口|两口子)"
)
_GIVE = re.compile(r".?|(?:给我|帮我|来|要|点|订|拿|打|再|,)*")
_EACH = re.compile(rf"(?:各|每样|一样|每个|每人)(?:来|要|订|点)?{_NUMBER}(?:份|个|碗|客|盒)?")
_MEASURED = re.compile(rf"(?<![第\d]){_NUMBER}(?:大|小)?(?:{'|'.join(DISH_MEASURES)})")
_PAIR = re.compile(r"(?<=[要来订点])(?:一共)?(?P<n>俩|仨)(?!人|月|钟|小时)")
_ANSWER = re.compile(
    rf"^(?:嗯|呃|就|那|要|来|给|我|们|只|一共|总共|,|、|订|还是|改成|换成|阿拉)*{_NUMBER}"
    r"(?:份|个人|个|人|客|碗|盒|套|人份)?(?:就|吧|啊|呀|好|够|行|可以|了|的|哦|嘛|额|,|。|!|、|吃)*$"
)
_LONER = re.compile(r"就我(?:一个人?)?(?:吃|$)|我一个人|我一个$")
_MORE = re.compile(r"一点|点儿?|一些|些")
_SOME = r"(?:一点|点|一些|些|一?[个份碗条盘只块])"
_UNKNOWN = re.compile(
    rf"(?:[想要喜]吃{_SOME}?|吃{_SOME}|来一?[份个碗条盘只笼]|来点|点一?[份个碗条盘]|订一?[份个碗]|要一?[份碗盘条笼个]|"
    rf"换成|换个|改成|改吃|[想要]喝{_SOME}?|喝{_SOME}|尝尝|搞点|弄点)"
    r"(?P<dish>[\u4e00-\u9fff]{2,6}?)"
    r"(?=$|[,。!?、;]|吧|啊|呀|哦|好|行|可以|的|了|再|还有|加|和|送|一份|两份|有没|有吗|吗|哈|呢|罢|伐)"
)
_BROUGHT = re.compile(
    r"(?<![不别])(?:送|端|拿)(?!药|医院|卫生院)[^,，。不]{1,8}?(?:过来|上来|进来|上门|到家|到屋里|到我(?:家|这里|屋里)|来(?![了没不得]))"
)
_MEAL_HOURS = (
    (Meal.BREAKFAST, 5 * 60, 9 * 60 + 30),
    (Meal.LUNCH, 10 * 60 + 30, 14 * 60),
    (Meal.DINNER, 16 * 60, 20 * 60 + 30),
)
"""meal → minutes of the day in which a clock time means it: the hours of town canteens, widely drawn."""


def find_meals(sentence: Sentence) -> list[Entity]:
    """Return the meals of the day that are named, by their words or by the part of the day."""
    found = [
        sentence.entity("meal", said.value, said.start, said.end)
        for said in _meal_words().find(sentence.text)
        if not sentence.text[said.end :].startswith(("后", "前", "过后", "以后"))
        and not _is_cooked(sentence, said.start)
    ]
    if found or not sentence.speaks_of(ServiceKind.MEAL):
        return found
    return [
        sentence.entity("meal", said.value, said.start, said.end, 0.85)
        for said in _dayparts().find(sentence.text)
        if not sentence.text[said.end :].startswith("好")
    ]


def meal_at(moment: datetime) -> str | None:
    """Return the meal that a clock time in talk of meals means, or None between the meals."""
    minute = moment.hour * 60 + moment.minute
    return next((meal.value for meal, first, last in _MEAL_HOURS if first <= minute <= last), None)


def find_set_meals(sentence: Sentence) -> list[Entity]:
    """Return where the choice is left to the kitchen."""
    free = sentence.expects(Slot.DISH)
    at_meals = sentence.speaks_of(ServiceKind.MEAL)
    expecting_else = sentence.expecting is not None and not free
    return [
        sentence.entity(
            "dish", SET_MEAL, said.start, said.end, 0.95 if said.text in SET_MEAL_ANYWHERE else 0.8
        )
        for said in _set_meals().find(sentence.text)
        if said.text in SET_MEAL_ANYWHERE or free or (at_meals and not expecting_else and len(said.text) > 2)
    ]


def find_unknown_dishes(sentence: Sentence) -> list[Entity]:
    """Return dishes asked for in clear words that the catalogue does not know, as spoken."""
    if sentence.context not in (None, ServiceKind.MEAL.value):
        return []
    found = []
    for match in _UNKNOWN.finditer(sentence.text):
        start, end = match.span("dish")
        words = match["dish"]
        if (
            words in NEVER_DISHES
            or words.endswith("的")
            or words[0] in "什啥哪几多完过了不得药就"
            or words.endswith("药")
        ):
            continue
        if sentence.in_time(start, end) or any(
            start < other.end and other.start < end for other in sentence.entities
        ):
            continue
        eats = match.group().startswith(("想吃", "要吃", "吃", "改吃"))
        sounds_like_food = words[-1] in UNKNOWN_DISH_ENDINGS or bool(DISH_VERBS.intersection(words[1:]))
        if sounds_like_food or (eats and len(words) <= 4):
            found.append(sentence.entity("dish", words, start, end, 0.45 if sounds_like_food else 0.3))
    return found


def find_quantities(sentence: Sentence) -> list[Entity]:
    """Return numbers of portions; the one that counts for the whole order comes first."""
    if sentence.expects(Slot.QUANTITY):
        answer = _ANSWER.match(sentence.text)
        if answer:
            return [sentence.entity("quantity", _count(answer["n"]), *answer.span("n"))]
        loner = _LONER.search(sentence.text)
        if loner:
            return [sentence.entity("quantity", 1, *loner.span(), 0.8)]
    elif not sentence.speaks_of(ServiceKind.MEAL) or sentence.context not in (None, ServiceKind.MEAL.value):
        return []
    found = [_each(sentence, match) for match in _EACH.finditer(sentence.text)]
    for match in _PEOPLE.finditer(sentence.text):
        count = _count(match["n"] or match["m"] or "两")
        found.append(sentence.entity("quantity", count, *match.span()))
    for match in _PORTIONS.finditer(sentence.text):
        found.append(sentence.entity("quantity", _count(match["n"]), *match.span()))
    for match in _PAIR.finditer(sentence.text):
        found.append(sentence.entity("quantity", _count(match["n"]), *match.span()))
    dishes = sentence.named("dish")
    for match in _MEASURED.finditer(sentence.text):
        beside = any(
            dish.start == match.end()
            or (dish.end <= match.start() and _GIVE.fullmatch(sentence.text[dish.end : match.start()]))
            for dish in dishes
        )
        if (beside or sentence.expects(Slot.QUANTITY)) and not sentence.in_time(*match.span()):
            found.append(sentence.entity("quantity", _count(match["n"]), *match.span(), 0.85))
    if not found:
        found.extend(
            sentence.entity("quantity", 1, *match.span(), 0.75)
            for match in _BARE_PORTION.finditer(sentence.text)
        )
    return _non_overlapping(found)


def find_diets(sentence: Sentence) -> list[Entity]:
    """Return the limits on food that are named."""
    at_meals = (
        sentence.speaks_of(ServiceKind.MEAL) or sentence.expects(Slot.DIET) or bool(sentence.named("dish"))
    )
    at_meals = at_meals and sentence.context in (None, ServiceKind.MEAL.value)
    found: list[Entity] = []
    for said in [*_diets().find(sentence.text), *_limits(sentence)]:
        if said.text in DIET_AT_MEALS and not at_meals:
            continue
        if sentence.text[max(0, said.start - 1) : said.start] in ("要", "能") and said.text[0] == "不":
            continue  # 要不要辣, 能不能吃…: a question
        more = _MORE.match(sentence.text, said.end)
        end = more.end() if more else said.end
        found.extend(sentence.entity("diet", limit, said.start, end) for limit in said.value)
    return found


def _limits(sentence: Sentence) -> list[Said[tuple[str, ...]]]:
    """Return limits said with what is not eaten: 牛羊肉我都不碰, 别放盐, 盐少放, 对虾蟹过敏."""
    found: list[Said[tuple[str, ...]]] = []
    for limit, pattern in _limit_patterns():
        for match in pattern.finditer(sentence.text):
            found.append(Said(match.start(), match.end(), match.group(), (limit,)))
    return found


@lru_cache(maxsize=1)
def _limit_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    patterns = []
    for limit, things in LIMITED.items():
        never = (
            rf"(?<![要能是])(?:不|勿|弗|别|覅|甭|忌|戒)(?:要|能|可以|敢|会|好)?(?:吃|碰|放|沾|加|搁|摆)(?:太|那么|忒|多|点|了)*(?:{things})(?![粥饭汤羹卷饼糕面丸])"
            rf"|(?:{things})(?:我|侬|他|她)?(?:是|都|也|统统|一概|现在|一点)*(?:不|勿|弗)(?:能|可以|敢|好|会|大)?(?:吃|碰|沾)(?:得)?(?:的)?"
        )
        if limit in ALLERGIES:
            never += (
                rf"|(?:对)?(?:{things})(?:[和跟、]?(?:{things}))?(?:也|会|要|都)*过敏|(?:{things})吃了要发"
            )
        if limit in SPARING:
            never += (
                rf"|(?:{things})(?:末事|东西)?(?:给我|也|要|都|稍微)*(?:少|别|不要|不|勿要?|覅)(?:放|搁|摆|加)?(?:一?点|些)*"
                rf"|(?:少|别|不要|勿要|不)(?:放|搁|摆|加)(?:一?点|些|太多)*(?:{things})"
            )
        patterns.append((limit, re.compile(never)))
    return tuple(patterns)


def find_deliveries(sentence: Sentence) -> list[Entity]:
    """Return how the meal is to be had: brought, or eaten and fetched there."""
    if not (sentence.speaks_of(ServiceKind.MEAL) or sentence.expects(Slot.DELIVERY)):
        return []
    if sentence.context not in (None, ServiceKind.MEAL.value):
        return []
    found = [
        sentence.entity("delivery", Delivery.DELIVERY.value, *match.span(), 0.9)
        for match in _BROUGHT.finditer(sentence.text)
    ]
    for said in _deliveries().find(sentence.text):
        if said.value == Delivery.DELIVERY.value and sentence.text[said.end :].startswith(
            DELIVERY_NOT_BEFORE
        ):
            continue
        if said.text == "来吃" and re.search(
            rf"{relation_pattern()}[^,，。]{{0,6}}$", sentence.text[: said.start]
        ):
            continue  # 我儿子明天来吃: here, not at the canteen
        found.append(sentence.entity("delivery", said.value, said.start, said.end))
    if not found and sentence.expects(Slot.DELIVERY):
        bare = re.search(r"送|拿来|家里|家吃|屋里", sentence.text)
        gone = re.search(r"我去|过去|走过去|食堂|那里|那边|自己|自家", sentence.text)
        if gone:
            found.append(sentence.entity("delivery", Delivery.DINE_IN.value, *gone.span(), 0.8))
        elif bare:
            found.append(sentence.entity("delivery", Delivery.DELIVERY.value, *bare.span(), 0.8))
    return found


def _each(sentence: Sentence, match: re.Match[str]) -> Entity:
    count = _count(match["n"])
    if (
        re.search(r"[我]?和|跟|同", sentence.text[max(0, match.start() - 5) : match.start()])
        and any(person in sentence.text for person in ("我和", "我跟", "我同"))
        and not sentence.named("dish")
    ):
        count *= 2  # 我和老伴各一份: each of two people
    return sentence.entity("quantity", count, *match.span())


def _count(words: str) -> int:
    return int(read_number(words) or 1)


def _is_cooked(sentence: Sentence, start: int) -> bool:
    """Return whether the meal word belongs to cooking at home: 来烧夜饭 asks for a cook."""
    return sentence.text[max(0, start - 1) : start] in ("烧", "做", "煮")


def _non_overlapping(found: list[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in found:
        if not any(entity.start < other.end and other.start < entity.end for other in kept):
            kept.append(entity)
    return kept


@lru_cache(maxsize=1)
def _meal_words() -> Phrases[str]:
    return Phrases.of(MEAL_WORDS)


@lru_cache(maxsize=1)
def _dayparts() -> Phrases[str]:
    return Phrases.of(DAYPART_MEALS)


@lru_cache(maxsize=1)
def _set_meals() -> Phrases[str]:
    return Phrases((word, SET_MEAL) for word in SET_MEAL_WORDS)


@lru_cache(maxsize=1)
def _diets() -> Phrases[tuple[str, ...]]:
    limits: dict[str, tuple[str, ...]] = {}
    for limit, words in DIET_WORDS.items():
        for word in words:
            limits[word] = (*limits.get(word, ()), limit)
    return Phrases(limits.items())


@lru_cache(maxsize=1)
def _deliveries() -> Phrases[str]:
    return Phrases.of(DELIVERY_WORDS)
