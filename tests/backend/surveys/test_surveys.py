"""A survey's spreadsheet: previewed, applied, undone; whatever a file holds, the book takes no harm."""

from __future__ import annotations

import io
import time
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from backend.database import Database
from backend.elders.models import Elder
from backend.errors import BadInput, NotAllowed
from backend.surveys import service
from backend.surveys.reading import LARGEST, read
from tests.backend.conftest import NOW

HEAD = "姓名,性别,出生年,村居,地址,电话,居住情况,慢病,忌口,标签,联系人,关系,联系人电话"
GOOD = "李桂花,女,1941,{village},3组8号,13000009999,独居,高血压、糖尿病,低盐,高龄、低保,李强,儿子,13000008888"


def bring(town: Database, data: bytes | str, *, village: str | None = None, name: str = "问卷.csv") -> Any:
    raw = data.encode("utf-8-sig") if isinstance(data, str) else data
    return town.transact(
        lambda session: service.preview(
            session, name=name, data=raw, village_id=village, actor="town_admin:S01", now=NOW
        )
    )


def do(town: Database, what: Any, import_id: str) -> Any:
    return town.transact(
        lambda session: what(session, import_id, village_id=None, actor="town_admin:S01", now=NOW)
    )


def village_of(town: Database, elder_id: str = "E1") -> str:
    with town.session() as session:
        return session.get_one(Elder, elder_id).village.name


def told(found: Any) -> list[str]:
    return [problem for row in found.rows for problem in row["problems"]]


def test_a_new_elder_is_there_after_applying_and_gone_after_undoing(town: Database) -> None:
    found = bring(town, f"{HEAD}\n{GOOD.format(village=village_of(town))}\n")
    assert service.counts(found.rows) == {"new": 1, "change": 0, "same": 0, "wrong": 0}
    new = found.rows[0]["elder_id"]
    with town.session() as session:
        assert session.get(Elder, new) is None  # a preview changes nothing
    do(town, service.apply, found.id)
    with town.session() as session:
        elder = session.get_one(Elder, new)
        assert (elder.called, elder.living, elder.conditions) == ("李奶奶", "alone", ["高血压", "糖尿病"])
        assert (elder.diet, elder.tags) == (["low_salt"], ["低保", "高龄"])
        assert elder.tag_rows[0].source == "问卷 问卷.csv"
        assert [one.phone for one in elder.contacts] == ["13000008888"]
    with pytest.raises(NotAllowed):
        do(town, service.apply, found.id)
    do(town, service.undo, found.id)
    with town.session() as session:
        assert session.get(Elder, new) is None


def test_what_was_changed_since_is_not_undone_and_that_is_told(town: Database) -> None:
    with town.session() as session:
        elder = session.get_one(Elder, "E1")
        name, phone, address, village = elder.name, elder.phone, elder.address, elder.village.name
    found = bring(town, f"编号,姓名,村居,电话,地址\nE1,{name},{village},13511112222,新地址9号\n")
    assert found.rows[0]["before"] == {"phone": phone, "address": address}
    do(town, service.apply, found.id)

    def move(session: Any) -> None:
        session.get_one(Elder, "E1").address = "后来又搬了"

    town.transact(move)
    undone = do(town, service.undo, found.id)
    assert "没有退回" in undone.rows[0]["note"]
    with town.session() as session:
        elder = session.get_one(Elder, "E1")
        assert (elder.phone, elder.address) == (phone, "后来又搬了")


def test_a_book_that_changed_after_the_preview_is_not_written_over(town: Database) -> None:
    with town.session() as session:
        elder = session.get_one(Elder, "E1")
        line = f"E1,{elder.name},{elder.village.name},13511112222"
    found = bring(town, f"编号,姓名,村居,电话\n{line}\n")

    def call(session: Any) -> None:
        session.get_one(Elder, "E1").phone = "13599998888"

    town.transact(call)
    with pytest.raises(NotAllowed) as refused:
        do(town, service.apply, found.id)
    assert refused.value.reason == "survey_stale"


def test_each_wrong_row_says_in_plain_words_what_is_wrong_and_the_others_go_in(town: Database) -> None:
    village = village_of(town)
    rows = [
        GOOD.format(village=village),
        GOOD.format(village=village),  # the same once more
        GOOD.format(village="没有的村"),
        f"=HYPERLINK(1),女,1941,{village},,,独居,,,,,,",
        f"王五,不详,12,{village},,电话没有,独居,,辣椒,,,,",
        f",女,1941,{village},,,,,,,,,",
        f"赵六,,1940,{village},,,,,,,,,",
    ]
    found = bring(town, "\n".join([HEAD, *rows]))
    assert service.counts(found.rows)["new"] == 1
    text = "；".join(told(found))
    for part in ("和第 2 行是同一位", "没有这个村居", "像公式", "性别", "出生年", "不是电话号码", "忌口",
                 "没有姓名", "新的长者要填性别和居住情况"):  # fmt: skip
        assert part in text


def test_a_coordinator_brings_her_own_village_only(town: Database) -> None:
    with town.session() as session:
        own, other = session.get_one(Elder, "E1").village_id, session.get_one(Elder, "E3").village.name
    found = bring(town, f"{HEAD}\n{GOOD.format(village=other)}\n", village=own)
    assert told(found) == ["不是您负责的村居"]


def xlsx(rows: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_an_xlsx_is_read_with_numbers_as_they_were_written_and_formulas_as_text(town: Database) -> None:
    village = village_of(town)
    head = HEAD.split(",")
    good: list[Any] = GOOD.format(village=village).split(",")
    good[5] = 13000009999.0
    bad = ["=1+1", *good[1:]]
    found = bring(town, xlsx([head, good, bad]), name="问卷.xlsx")
    assert found.rows[0]["fields"]["phone"] == "13000009999"
    assert any("像公式" in problem for problem in told(found))


def bomb() -> bytes:
    """An xlsx whose one sheet unpacks to 200 MB."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    return kept.getvalue()


def entities() -> bytes:
    """An xlsx whose sheet multiplies itself by XML entities."""
    good = io.BytesIO(xlsx([HEAD.split(",")]))
    kept = io.BytesIO()
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(kept, "w") as packed:
        for one in old.infolist():
            data = old.read(one)
            if one.filename.endswith("sheet1.xml"):
                data = data.replace(
                    b"<worksheet",
                    f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet'.encode(),
                    1,
                ).replace(b"<sheetData>", b"<sheetData><row><c><v>&l9;</v></c></row>")
            packed.writestr(one, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("huge.csv", b"x" * (LARGEST + 1), "survey_too_large"),
        ("bomb.xlsx", bomb(), "survey_too_large"),
        ("laughs.xlsx", entities(), "survey_not_readable"),
        ("rows.csv", "姓名,村居\n" + "甲,乙\n" * 3001, "survey_too_many_rows"),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "survey_not_readable"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "survey_not_readable"),
        ("binary.csv", b"\xff\xfe\x00\x01", "survey_not_readable"),
        ("empty.csv", "", "survey_empty"),
        ("columns.csv", "菜名,价钱\n红烧肉,12\n", "survey_columns"),
        ("twice.csv", "姓名,名字,村居\n甲,乙,丙\n", "survey_columns"),
        ("quotes.csv", '姓名,村居\n"' + "a" * 140_000 + '"\n', "survey_not_readable"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_a_hostile_file_is_refused_quickly_and_leaves_nothing(
    sqlite_town: Database, name: str, data: bytes | str, code: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(BadInput) as refused:
        bring(sqlite_town, data, name=name)
    assert refused.value.reason == code
    assert time.monotonic() - begun < 5
    with sqlite_town.session() as session:
        assert service.latest(session, village_id=None) == []


def test_a_sheet_that_claims_a_million_columns_is_read_as_wide_as_a_survey() -> None:
    good = io.BytesIO(xlsx([["姓名", "村居"], ["甲", "乙"]]))
    kept = io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(kept, "w") as packed:
        for one in old.infolist():
            data = old.read(one)
            if one.filename.endswith("sheet1.xml"):
                data = data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
            packed.writestr(one, data)
    table = read("wide.xlsx", kept.getvalue())
    assert len(table.rows) == 1
    assert len(table.head) <= 40
