"""The page of accounts: who may use the console; made, reset and shut by a town administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from assistant.vocabulary import Role, word_of
from backend.auth import accounts
from backend.auth.accounts import FirstPassword
from backend.care import service as care
from backend.console.frame import At, ConsoleRoute, Page
from backend.elders import service as elders
from backend.errors import BackendError, BadInput
from backend.rights import STAFF_ROLES, TABLE

router = APIRouter(route_class=ConsoleRoute)

Username = Annotated[str, Path(max_length=64)]


@router.get("/console/accounts")
def everybody(page: At) -> Response:
    """Show all accounts and the table of rights."""
    return _show(page)


@router.post("/console/accounts")
def add(page: At) -> Response:
    """Make an account; its one-time password is shown once."""
    form = page.form
    try:
        try:
            role = word_of(Role, form.get("role"))
        except ValueError:
            raise BadInput("There is no such role.", code="bad_role") from None
        made = page.here.database.transact(
            lambda session: accounts.add(
                session,
                username=form.get("username"),
                name=form.get("name"),
                role=role,
                village_id=form.get("village") or None,
                carer_id=form.get("carer") or None,
                actor=page.me.actor,
                at=page.now,
            )
        )
    except BackendError as error:
        return _show(page, problem=error.reason, status=error.status)
    return _show(page, made=made)


@router.post("/console/accounts/{username}/reset")
def reset(page: At, username: Username) -> Response:
    """Give a new one-time password, shown once."""
    made = page.here.database.transact(
        lambda session: accounts.reset(session, username=username, actor=page.me.actor, at=page.now)
    )
    return _show(page, made=made)


@router.post("/console/accounts/{username}/shut")
def shut(page: At, username: Username) -> Response:
    """Shut an account out."""
    page.here.database.transact(
        lambda session: accounts.shut(session, username=username, actor=page.me.actor, at=page.now)
    )
    return page.back("/console/accounts", "saved")


def _show(page: Page, *, made: FirstPassword | None = None, problem: str = "", status: int = 200) -> Response:
    with page.here.database.session() as session:
        found = accounts.everybody(session)
        villages = elders.villages(session)
        carers = care.carers(session)
    return page.show(
        "accounts.html",
        status=status,
        accounts=found,
        villages=villages,
        carers=carers,
        village_names={village.id: village.name for village in villages},
        roles=STAFF_ROLES,
        table=TABLE,
        made=made,
        problem=problem,
    )
