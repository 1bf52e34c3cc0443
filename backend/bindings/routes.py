"""Routes of the room of bindings."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from backend.access import Caller, Here, audited
from backend.bindings import service
from backend.bindings.schemas import (
    Account,
    BindingOut,
    BindingsOut,
    Channel,
    CodeIn,
    CodeMade,
    CodeOut,
    CodesOut,
    CodeTaken,
    Revoked,
    SharesIn,
)
from backend.wire import Id

router = APIRouter(tags=["bindings"])


@router.post("/bind-codes", status_code=201)
def make_code(sent: CodeIn, here: Here, caller: Caller) -> CodeMade:
    """Make a code that binds an account to an elder. Its digits are in this answer and nowhere else."""

    def work(session: Session) -> CodeMade:
        made, code = service.make_code(
            session,
            elder_id=sent.elder_id,
            kind=sent.kind,
            consent=sent.consent,
            name=sent.name,
            relation=sent.relation,
            shares=sent.shares,
            holds=timedelta(hours=sent.hours),
            now=here.clock.now(),
            actor=caller,
        )
        return CodeMade(**CodeOut.model_validate(made).model_dump(), code=code)

    return here.database.transact(work)


@router.get("/bind-codes")
def live_codes(here: Here, elder_id: Id | None = None) -> CodesOut:
    """Return the codes that can still be used."""
    with here.database.session() as session:
        rows = service.live_codes(session, elder_id=elder_id, now=here.clock.now())
        return CodesOut(codes=[CodeOut.model_validate(row) for row in rows])


@router.post("/bind-codes/take")
def take_code(sent: CodeTaken, here: Here) -> BindingOut:
    """Bind an account by a code; 422 ``bad_code``, 429 ``too_many_tries``."""
    taken = here.database.transact(
        lambda session: service.take_code(
            session,
            channel=sent.channel,
            account=sent.account,
            code=sent.code,
            address=sent.address,
            now=here.clock.now(),
        )
    )
    if taken.binding is None:
        raise taken.refusal or service.BadCode()
    return BindingOut.model_validate(taken.binding)


@router.post("/bind-codes/{code_id}/revoke")
def revoke_code(code_id: Id, here: Here, caller: Caller) -> CodeOut:
    """Take a code back that was not used."""
    return here.database.transact(
        lambda session: CodeOut.model_validate(
            service.revoke_code(session, code_id, now=here.clock.now(), actor=caller)
        )
    )


@router.get("/bindings")
def find(
    here: Here,
    caller: Caller,
    elder_id: Id | None = None,
    channel: Channel | None = None,
    account: Account | None = None,
    live: Annotated[bool | None, Query(description="only live ones, only ended ones, or all")] = None,
) -> BindingsOut:
    """Return bindings, the newest first."""

    def read(session: Session) -> BindingsOut:
        rows = service.find(session, elder_id=elder_id, channel=channel, account=account, live=live)
        return BindingsOut(bindings=[BindingOut.model_validate(row) for row in rows])

    return audited(
        here, caller, what="bindings", target=f"elder:{elder_id}" if elder_id else "list", read=read
    )


@router.post("/bindings/{binding_id}/revoke")
def revoke(binding_id: Id, here: Here, caller: Caller, sent: Revoked | None = None) -> BindingOut:
    """End a binding: the account stands for nobody of this elder any more."""
    why = sent.why if sent else ""
    return here.database.transact(
        lambda session: BindingOut.model_validate(
            service.revoke(session, binding_id, why=why, now=here.clock.now(), actor=caller)
        )
    )


@router.put("/bindings/{binding_id}/shares")
def share(binding_id: Id, here: Here, caller: Caller, sent: SharesIn) -> BindingOut:
    """Write down anew what the elder lets a relative see and do."""
    return here.database.transact(
        lambda session: BindingOut.model_validate(
            service.share(
                session,
                binding_id,
                shares=sent.shares,
                consent=sent.consent,
                now=here.clock.now(),
                actor=caller,
            )
        )
    )
