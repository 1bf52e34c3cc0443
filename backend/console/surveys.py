"""The pages of survey imports: bring a spreadsheet, see row by row what it would do, do it, undo it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Response

from backend.console.frame import At, ConsoleRoute, Page
from backend.errors import BackendError, BadInput
from backend.rights import Action, Scope
from backend.surveys import service
from backend.surveys.columns import HEADS

router = APIRouter(route_class=ConsoleRoute)

ImportId = Annotated[str, Path(max_length=64)]

LABELS = {
    "called": "称呼", "gender": "性别", "birth_year": "出生年", "address": "地址", "phone": "电话",
    "living": "居住", "hearing": "听力", "conditions": "慢病", "diet": "忌口",
}  # fmt: skip


@router.get("/console/import")
def listed(page: At) -> Response:
    """Show the form and the latest imports."""
    return _list(page)


@router.post("/console/import")
def bring(page: At) -> Response:
    """Read a file and show what it would do."""
    sent = page.form.file("file")
    if sent is None or not sent[1]:
        return _list(page, problem="file_needed", status=422)
    name, data = sent
    try:
        made = page.here.database.transact(
            lambda session: (
                service.preview(
                    session,
                    name=name,
                    data=data,
                    village_id=_village(page),
                    actor=page.me.actor,
                    now=page.now,
                ).id
            )
        )
    except BackendError as error:
        told = error.extra.get("told", ())
        return _list(page, problem=error.reason, told=told, status=error.status)
    return page.back(f"/console/import/{made}")


@router.get("/console/import/{import_id}")
def one(page: At, import_id: ImportId) -> Response:
    """Show an import row by row."""
    return _show(page, import_id)


@router.post("/console/import/{import_id}/{step}")
def act(page: At, import_id: ImportId, step: Annotated[str, Path(max_length=20)]) -> Response:
    """Apply or undo."""
    steps = {"apply": service.apply, "undo": service.undo}
    if step not in steps:
        raise BadInput
    try:
        page.here.database.transact(
            lambda session: steps[step](
                session, import_id, village_id=_village(page), actor=page.me.actor, now=page.now
            )
        )
    except BackendError as error:
        if error.status == 404:
            raise
        return _show(page, import_id, problem=error.reason, status=error.status)
    return page.back(f"/console/import/{import_id}", "done")


def _village(page: Page) -> str | None:
    """Return the one village whose elders may be imported; None where all may."""
    return None if page.me.scope(Action.SURVEYS_IMPORT) is Scope.TOWN else page.visitor.village_id or ""


def _list(page: Page, *, problem: str = "", told: Sequence[str] = (), status: int = 200) -> Response:
    with page.here.database.session() as session:
        found = service.latest(session, village_id=_village(page))
        rows = [(row, service.counts(row.rows)) for row in found]
    return page.show(
        "imports.html",
        status=status,
        problem=problem,
        told=told,
        rows=rows,
        heads=[names[0] for names in HEADS.values()],
        now=page.now,
    )


def _show(page: Page, import_id: str, *, problem: str = "", status: int = 200) -> Response:
    with page.here.database.session() as session:
        row = service.get(session, import_id, village_id=_village(page))
        rows = sorted(row.rows, key=lambda one: (one["does"] != service.WRONG, one["line"]))
    page.read("surveys", f"import:{import_id}")
    return page.show(
        "import.html",
        status=status,
        problem=problem,
        row=row,
        rows=rows,
        counts=service.counts(row.rows),
        labels=LABELS,
        now=page.now,
    )
