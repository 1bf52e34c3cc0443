"""The columns of a survey: which heads mean what, and what of a cell is taken or refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.vocabulary import Diet, Word
from backend.elders.words import Gender, Hearing, Living
from backend.errors import BadInput
from backend.surveys.reading import LONGEST

HEADS: Mapping[str, tuple[str, ...]] = {
    "id": ("编号", "长者编号"),
    "name": ("姓名", "名字", "长者姓名"),
    "called": ("称呼",),
    "gender": ("性别",),
    "birth_year": ("出生年", "出生年份", "出生日期", "出生年月"),
    "village": ("村居", "村", "社区", "村社区", "所属村居"),
    "address": ("地址", "住址", "家庭住址"),
    "phone": ("电话", "手机", "联系方式", "本人电话"),
    "living": ("居住情况", "居住", "和谁住"),
    "hearing": ("听力",),
    "conditions": ("慢病", "病史", "疾病", "慢性病"),
    "diet": ("忌口", "饮食"),
    "tags": ("标签", "类别", "人员类别"),
    "contact_name": ("联系人", "家属", "紧急联系人"),
    "contact_relation": ("关系", "与长者关系"),
    "contact_phone": ("联系人电话", "家属电话", "紧急联系电话"),
}
"""What a column is, and the heads that say so."""

_LIVINGS: Mapping[str, Living] = {
    "独居": Living.ALONE, "一个人住": Living.ALONE, "与老伴同住": Living.WITH_SPOUSE,
    "老两口": Living.WITH_SPOUSE,
    "与配偶同住": Living.WITH_SPOUSE, "与子女同住": Living.WITH_CHILDREN, "和子女住": Living.WITH_CHILDREN,
    "与住家保姆同住": Living.WITH_CARER, "住养老机构": Living.INSTITUTION, "机构": Living.INSTITUTION,
}  # fmt: skip
_DIETS: Mapping[str, str] = {"低盐": "low_salt", "低糖": "low_sugar", "无糖": "low_sugar", "低油": "low_oil",
                             "软食": "soft", "素食": "vegetarian"}  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_LISTED = re.compile(r"[、,，;；/\s]+")
_PHONE = re.compile(r"^\d{5,15}$")
_YEAR = re.compile(r"^(1[89]\d\d|20\d\d)(?!\d)|^(1[89]\d\d|20\d\d)[-年./]")


@dataclass
class Read:
    """One row as it was understood: values by column, and what is wrong with it."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def columns_of(head: Sequence[str]) -> dict[str, int]:
    """Return which column stands where.

    Raises:
        BadInput: ``survey_columns`` a needed column is missing, or stands there twice; ``extra`` says which.
    """
    meanings = {name: column for column, names in HEADS.items() for name in names}
    found: dict[str, int] = {}
    twice = []
    for at, text in enumerate(head):
        column = meanings.get(re.sub(r"[\s（(].*$", "", text.strip()))
        if column is None:
            continue
        if column in found:
            twice.append(text[:20])
        found.setdefault(column, at)
    missing = [HEADS[column][0] for column in ("name", "village") if column not in found]
    if missing or twice:
        told = [f"缺少「{name}」这一列" for name in missing] + [f"「{name}」有两列" for name in twice]
        raise BadInput("The columns are not those of a survey.", code="survey_columns", extra={"told": told})
    return found


def understand(cells: Sequence[str], columns: Mapping[str, int], *, year: int) -> Read:
    """Return what a row says; an empty cell says nothing."""
    row = Read()
    for column, at in columns.items():
        text = unicodedata.normalize("NFKC", cells[at]).strip() if at < len(cells) else ""
        if not text:
            continue
        label = HEADS[column][0]
        if len(text) > LONGEST:
            row.problems.append(f"「{label}」太长了")
        elif column in ("phone", "contact_phone"):
            _phone(row, column, label, text)
        elif text.startswith(_FORMULA):
            row.problems.append(f"「{label}」像公式（{text[:12]}），请改成文字")
        else:
            _take(row, column, label, text, year)
    if "name" not in row.values and not any("姓名" in problem for problem in row.problems):
        row.problems.append("没有姓名")
    if "contact_phone" in row.values and "contact_name" not in row.values:
        row.problems.append("有联系人电话，没有联系人")
    return row


def _phone(row: Read, column: str, label: str, text: str) -> None:
    digits = re.sub(r"[\s()-]", "", text).removeprefix("+86")
    if _PHONE.match(digits):
        row.values[column] = digits
    else:
        row.problems.append(f"「{label}」不是电话号码：{text[:20]}")


def _take(row: Read, column: str, label: str, text: str, year: int) -> None:
    if column in _SHORT:
        if len(text) > _SHORT[column]:
            row.problems.append(f"「{label}」太长了（最多 {_SHORT[column]} 个字）")
        else:
            row.values[column] = text
    elif column == "birth_year":
        found = _YEAR.match(text)
        born = int(found[1] or found[2]) if found else 0
        if not year - 120 <= born <= year - 40:
            row.problems.append(f"「{label}」不对：{text[:20]}，请填四位的年份")
        else:
            row.values[column] = born
    elif column in ("gender", "hearing", "living"):
        _word(row, column, label, text)
    elif column == "diet":
        words = {**{diet.label: diet.value for diet in Diet}, **_DIETS}
        wanted = [one for one in _LISTED.split(text) if one]
        unknown = [one for one in wanted if one not in words]
        if unknown:
            row.problems.append(f"「{label}」不认识：{'、'.join(unknown)[:40]}")
        row.values[column] = [words[one] for one in wanted if one in words]
    else:
        listed = [one for one in _LISTED.split(text) if one and one not in ("无", "没有")]
        if len(listed) > 20 or any(len(one) > 30 for one in listed):
            row.problems.append(f"「{label}」太多或太长了")
        else:
            row.values[column] = list(dict.fromkeys(listed))


_SHORT: Mapping[str, int] = {
    "id": 64, "name": 20, "called": 20, "village": 40, "address": 100, "contact_name": 20,
    "contact_relation": 20,
}  # fmt: skip


def _word(row: Read, column: str, label: str, text: str) -> None:
    kinds: Mapping[str, type[Word]] = {"gender": Gender, "hearing": Hearing, "living": Living}
    words: dict[str, str] = {word.label: word.value for word in kinds[column]}
    if column == "living":
        words |= {name: living.value for name, living in _LIVINGS.items()}
    if column == "gender":
        words |= {"女性": "female", "男性": "male"}
    if column == "hearing":
        words |= {"好": "good", "差": "weak", "不好": "weak", "聋": "deaf"}
    if text in words:
        row.values[column] = words[text]
    else:
        row.problems.append(
            f"「{label}」不认识：{text[:20]}（可以填：{'、'.join(w.label for w in kinds[column])}）"
        )
