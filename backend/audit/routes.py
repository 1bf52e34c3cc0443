"""Routes of the audit room."""

from __future__ import annotations

from fastapi import APIRouter

from backend.access import Here
from backend.audit import service
from backend.audit.schemas import VerificationOut

router = APIRouter(tags=["audit"])


@router.get("/audit/verify")
def verify(here: Here) -> VerificationOut:
    """Check the whole chain of the audit; it reads every entry."""
    with here.database.session() as session:
        return VerificationOut.model_validate(service.verify(session))
