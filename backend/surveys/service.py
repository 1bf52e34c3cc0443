"""What the surveys room does: preview a spreadsheet against the book, apply it as one act, and undo it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.clock import town_day
from backend.database import word_of
from backend.elders.models import Contact, Elder, ElderTag, Village
from backend.elders.words import Gender, Hearing, Living
from backend.errors import NotAllowed, NotFound
from backend.surveys.columns import Read, columns_of, understand
from backend.surveys.models import ImportState, SurveyImport
from backend.surveys.reading import read
from backend.turns import service as turns

NEW, CHANGE, SAME, WRONG = "new", "change", "same", "wrong"
"""What a row does."""

_FIELDS = ("called", "gender", "birth_year", "address", "phone", "living", "hearing", "conditions", "diet")
_WORDS: dict[str, Any] = {"gender": Gender, "living": Living, "hearing": Hearing}


def preview(
    session: Session, *, name: str, data: bytes, village_id: str | None, actor: str, now: datetime
) -> SurveyImport:
    """Read a file and write down what it would do; nothing else is changed.

    Args:
        session: a write session, limited to what its owner may see.
        name: the file's name.
        data: the file.
        village_id: the village that the caller works for; None the whole town.
        actor: who brings it.
        now: the instant, aware.

    Raises:
        BadInput: the file cannot be read, or has not a survey's columns.
    """
    table = read(name, data)
    columns = columns_of(table.head)
    import_id = uuid.uuid4().hex[:10]
    book = _Book(session, village_id=village_id, import_id=import_id, now=now)
    year = town_day(now).year
    rows = [book.judge(line, understand(cells, columns, year=year)) for line, cells in table.rows]
    row = SurveyImport(
        id=import_id, file_name=name[:120], village_id=village_id, state=ImportState.PREVIEW,
        brought_by=actor, brought_at=now, applied_at=None, undone_at=None, rows=rows,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, row, actor, "surveys.preview", now)
    return row


def apply(
    session: Session, import_id: str, *, village_id: str | None, actor: str, now: datetime
) -> SurveyImport:
    """Do what the preview said, in one transaction; rows with problems are left out.

    Raises:
        NotFound: ``unknown_import``.
        NotAllowed: it was applied already, or the book has changed since (``survey_stale``).
    """
    row = get(session, import_id, village_id=village_id, lock=True)
    if row.state is not ImportState.PREVIEW:
        raise NotAllowed("It was applied already.", code="survey_applied")
    done = [_apply_row(session, dict(one), row, now) for one in row.rows]
    row.rows, row.state, row.applied_at = done, ImportState.APPLIED, now
    session.flush()
    _record(session, row, actor, "surveys.apply", now)
    return row


def undo(
    session: Session, import_id: str, *, village_id: str | None, actor: str, now: datetime
) -> SurveyImport:
    """Put everything back that nobody has changed since; what was changed, or is in use, stays and is told.

    Raises:
        NotFound: ``unknown_import``.
        NotAllowed: it is not applied.
    """
    row = get(session, import_id, village_id=village_id, lock=True)
    if row.state is not ImportState.APPLIED:
        raise NotAllowed("It is not applied.", code="survey_not_applied")
    row.rows = [_undo_row(session, dict(one), row) for one in row.rows]
    row.state, row.undone_at = ImportState.UNDONE, now
    session.flush()
    _record(session, row, actor, "surveys.undo", now)
    return row


def get(session: Session, import_id: str, *, village_id: str | None, lock: bool = False) -> SurveyImport:
    """Return an import; what another village brought is not there.

    Raises:
        NotFound: ``unknown_import``.
    """
    row = session.get(SurveyImport, import_id, with_for_update=lock or None)
    if row is None or (village_id is not None and row.village_id != village_id):
        raise NotFound("There is no such import.", code="unknown_import")
    return row


def latest(session: Session, *, village_id: str | None, limit: int = 20) -> list[SurveyImport]:
    """Return the latest imports, newest first."""
    query = select(SurveyImport)
    if village_id is not None:
        query = query.where(SurveyImport.village_id == village_id)
    return list(session.scalars(query.order_by(SurveyImport.brought_at.desc()).limit(limit)))


def counts(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return how many rows do what."""
    return {does: sum(one["does"] == does for one in rows) for does in (NEW, CHANGE, SAME, WRONG)}


class _Book:
    """The elders that the caller sees, by what a survey knows of them."""

    def __init__(self, session: Session, *, village_id: str | None, import_id: str, now: datetime) -> None:
        self._own = village_id
        self._import_id = import_id
        self._day = town_day(now)
        self._villages: dict[str, str] = {}
        for village in session.scalars(select(Village).order_by(Village.id)):
            for name in (village.name, *village.aliases):
                self._villages.setdefault(name, village.id)
        self._elders = {elder.id: elder for elder in session.scalars(select(Elder))}
        self._named: dict[tuple[str, str], list[Elder]] = {}
        for elder in self._elders.values():
            self._named.setdefault((elder.name, elder.village_id), []).append(elder)
        self._seen: dict[tuple[Any, ...], int] = {}

    def judge(self, line: int, found: Read) -> dict[str, Any]:
        """Return what a row does."""
        values, problems = found.values, list(found.problems)
        village_id = self._villages.get(str(values.get("village", "")))
        if "village" not in values:
            problems.append("没有村居")
        elif village_id is None:
            problems.append(f"名册里没有这个村居：{str(values['village'])[:20]}")
        elif self._own is not None and village_id != self._own:
            problems.append("不是您负责的村居")
        elder = self._whose(values, village_id, problems) if village_id and not problems else None
        identity = (
            ("id", elder.id) if elder is not None
            else (values.get("name"), village_id, values.get("birth_year"), values.get("phone"))
        )  # fmt: skip
        if village_id is not None and identity in self._seen:
            problems.append(f"和第 {self._seen[identity]} 行是同一位")
        self._seen.setdefault(identity, line)
        row: dict[str, Any] = {
            "line": line, "does": WRONG, "name": str(values.get("name", ""))[:20], "elder_id": "",
            "village_id": village_id or "", "fields": {}, "before": {}, "tags": [], "contact": None,
            "problems": problems, "note": "",
        }  # fmt: skip
        if problems:
            return row
        if elder is None:
            return row | self._new(line, values)
        return row | self._change(elder, values)

    def _whose(self, values: dict[str, Any], village_id: str, problems: list[str]) -> Elder | None:
        if "id" in values:
            elder = self._elders.get(str(values["id"]))
            if elder is None:
                problems.append(f"没有这个编号：{values['id']}")
            elif elder.name != values.get("name") or elder.village_id != village_id:
                problems.append(f"编号 {elder.id} 在名册里不是这个名字或村居")
            return elder
        same = self._named.get((str(values.get("name")), village_id), [])
        if not same:
            return None
        known = [
            elder
            for elder in same
            if (elder.birth_year is not None and elder.birth_year == values.get("birth_year"))
            or (elder.phone and elder.phone == values.get("phone"))
        ]
        if len(known) == 1:
            return known[0]
        if len(same) == 1 and "birth_year" not in values and "phone" not in values:
            return same[0]
        if "birth_year" in values and not known and all(one.birth_year is not None for one in same):
            return None  # somebody else of that name
        problems.append("村里有同名的，请填编号、出生年或电话")
        return None

    def _new(self, line: int, values: dict[str, Any]) -> dict[str, Any]:
        fields = {name: values[name] for name in _FIELDS if name in values}
        lacking = [
            label for name, label in (("gender", "性别"), ("living", "居住情况")) if name not in fields
        ]
        if lacking:
            return {"problems": [f"新的长者要填{'和'.join(lacking)}"]}
        polite = "爷爷" if fields["gender"] == "male" else "奶奶"
        fields.setdefault("called", f"{str(values['name'])[:1]}{polite}")
        elder_id = f"E{self._day:%y%m%d}{self._import_id[:4].upper()}{line:04d}"
        return {
            "does": NEW, "elder_id": elder_id, "fields": fields, "tags": values.get("tags", []),
            "contact": _contact(values),
        }  # fmt: skip

    def _change(self, elder: Elder, values: dict[str, Any]) -> dict[str, Any]:
        wanted = {name: values[name] for name in _FIELDS if name in values}
        fields = {name: value for name, value in wanted.items() if _plain(getattr(elder, name)) != value}
        before = {name: _plain(getattr(elder, name)) for name in fields}
        tags = [tag for tag in values.get("tags", []) if tag not in elder.tags]
        contact = _contact(values)
        if contact is not None and any(one.phone == contact["phone"] for one in elder.contacts):
            contact = None
        does = CHANGE if fields or tags or contact else SAME
        return {
            "does": does, "elder_id": elder.id, "fields": fields, "before": before, "tags": tags,
            "contact": contact,
        }  # fmt: skip


def _contact(values: dict[str, Any]) -> dict[str, str] | None:
    if "contact_name" not in values or "contact_phone" not in values:
        return None
    return {
        "name": values["contact_name"],
        "relation": values.get("contact_relation", "家属"),
        "phone": values["contact_phone"],
    }


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _set(elder: Elder, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(elder, name, word_of(_WORDS[name], value) if name in _WORDS else value)


def _apply_row(session: Session, one: dict[str, Any], row: SurveyImport, now: datetime) -> dict[str, Any]:
    if one["does"] not in (NEW, CHANGE):
        return one
    if one["does"] == NEW:
        elder = Elder(
            id=one["elder_id"], name=one["name"], village_id=one["village_id"], address="", phone="",
            birth_year=None, hearing=Hearing.GOOD, conditions=[], diet=[], preferences={}, is_demo=False,
        )  # fmt: skip
        _set(elder, one["fields"])
        session.add(elder)
    else:
        found = session.get(Elder, one["elder_id"])
        if found is None or any(_plain(getattr(found, name)) != old for name, old in one["before"].items()):
            raise NotAllowed("The book has changed since the preview.", code="survey_stale")
        elder = found
        _set(elder, one["fields"])
    session.flush()
    for tag in one["tags"]:
        if session.get(ElderTag, (elder.id, tag)) is None:
            session.add(
                ElderTag(
                    elder_id=elder.id, tag=tag, source=f"问卷 {row.file_name}"[:100], since=now, until=None
                )
            )
    if one["contact"] is not None:
        position = max((other.position for other in elder.contacts), default=0) + 1
        session.add(Contact(elder_id=elder.id, position=position, **one["contact"]))
    session.flush()
    session.expire(elder)
    return one


def _undo_row(session: Session, one: dict[str, Any], row: SurveyImport) -> dict[str, Any]:
    elder = session.get(Elder, one["elder_id"]) if one["does"] in (NEW, CHANGE) else None
    if elder is None:
        return one
    source = f"问卷 {row.file_name}"[:100]
    for tag in one["tags"]:
        session.execute(
            delete(ElderTag).where(
                ElderTag.elder_id == elder.id, ElderTag.tag == tag, ElderTag.source == source
            )
        )
    if one["contact"] is not None:
        session.execute(
            delete(Contact).where(
                Contact.elder_id == elder.id,
                Contact.phone == one["contact"]["phone"],
                Contact.name == one["contact"]["name"],
            )
        )
    session.expire(elder)
    if one["does"] == NEW:
        if turns.log(session, elder_id=elder.id, limit=1):
            return one | {"note": "已经说过话，没有删"}
        try:
            with session.begin_nested():
                session.delete(elder)
                session.flush()
        except IntegrityError:
            return one | {"note": "已经有服务或探访记录，没有删"}
        return one
    changed = [name for name, new in one["fields"].items() if _plain(getattr(elder, name)) != new]
    _set(elder, {name: old for name, old in one["before"].items() if name not in changed})
    session.flush()
    return one | ({"note": f"后来有人改过，没有退回：{'、'.join(changed)}"} if changed else {})


def _record(session: Session, row: SurveyImport, actor: str, action: str, at: datetime) -> None:
    detail = {"file": row.file_name, **counts(row.rows)}
    audit.record(session, actor=actor, action=action, target=f"import:{row.id}", detail=detail, at=at)
