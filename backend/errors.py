"""Errors of the backend, and how they go over the wire (problem+json, RFC 9457).

BackendError                   code, message, status, extra
├── BadInput              422  bad_input          also what FastAPI's validation finds
│   ├── InThePast         422  in_the_past
│   ├── DietClash         422  diet_clash         extra: clashes, alternatives
│   └── KeyReused         422  key_reused
├── NotSignedIn           401  not_signed_in
├── Forbidden             403  forbidden
├── NotFound              404  not_found          rooms give their own code: unknown_elder, no_menu, …
├── Refused               409  refused            the town cannot; extra: alternatives
│   ├── PastCutOff        409  past_cut_off
│   ├── SoldOut           409  sold_out
│   ├── NoCapacity        409  no_capacity
│   ├── NotOnMenu         409  not_on_menu
│   ├── SlotTaken         409  slot_taken
│   ├── NoSlot            409  no_slot
│   ├── CarerBusy         409  carer_busy
│   └── NotAllowed        409  not_allowed        the state machine has no such move
├── TooLarge              413  too_large
└── DatabaseBusy          503  database_busy

A room adds an error of its own as a subclass of one of these, in its own ``service.py``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

PROBLEM = "application/problem+json"


class BackendError(Exception):
    """Root of what the backend refuses or cannot do.

    Attributes:
        code: stable identifier for programs.
        message: one plain sentence in English, for logs and engineers; not what an elder hears.
        status: HTTP status.
        extra: further members of the problem document, JSON-ready.
    """

    code: ClassVar[str] = "backend_error"
    status: ClassVar[int] = 500
    message: str = "The backend could not do this."

    def __init__(
        self, message: str | None = None, *, code: str | None = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Make an error; ``code`` refines the class's code, ``extra`` goes into the problem document."""
        self.message = message or type(self).message
        self.extra: dict[str, Any] = dict(extra or {})
        self.reason = code or type(self).code
        super().__init__(self.message)

    def problem(self) -> dict[str, Any]:
        """Return the problem document."""
        return {
            **self.extra,
            "type": f"urn:kangban:{self.reason}",
            "title": self.reason.replace("_", " "),
            "status": self.status,
            "code": self.reason,
            "detail": self.message,
        }


class BadInput(BackendError):
    """What was sent does not make sense."""

    code, status = "bad_input", 422
    message = "What was sent is not valid."


class InThePast(BadInput):
    """The whole window lies in the past."""

    code = "in_the_past"
    message = "The time asked for is over."


class DietClash(BadInput):
    """A dish goes against the elder's limits."""

    code = "diet_clash"
    message = "A dish goes against the elder's diet limits."


class KeyReused(BadInput):
    """A turn key came again with something else."""

    code = "key_reused"
    message = "This turn key was already used for something else."


class NotSignedIn(BackendError):
    """No valid token."""

    code, status = "not_signed_in", 401
    message = "A valid bearer token is needed."


class Forbidden(BackendError):
    """The caller may not do this."""

    code, status = "forbidden", 403
    message = "The caller may not do this."


class NotFound(BackendError):
    """There is no such thing."""

    code, status = "not_found", 404
    message = "There is no such thing."


class Refused(BackendError):
    """The town cannot do what was asked; ``extra["alternatives"]`` says what it can do."""

    code, status = "refused", 409
    message = "This cannot be done."


class PastCutOff(Refused):
    """The kitchen takes no more orders for that meal."""

    code = "past_cut_off"
    message = "Orders for that meal are closed."


class SoldOut(Refused):
    """Not enough portions are left."""

    code = "sold_out"
    message = "Not enough portions are left."


class NoCapacity(Refused):
    """The canteen is full for that meal."""

    code = "no_capacity"
    message = "The canteen has no capacity left for that meal."


class NotOnMenu(Refused):
    """The canteen does not cook that dish for that meal."""

    code = "not_on_menu"
    message = "That dish is not on the menu of that meal."


class SlotTaken(Refused):
    """Somebody else has that appointment slot."""

    code = "slot_taken"
    message = "That appointment slot is taken."


class NoSlot(Refused):
    """No open slot matches."""

    code = "no_slot"
    message = "No open appointment slot matches."


class CarerBusy(Refused):
    """No carer with that skill is free then."""

    code = "carer_busy"
    message = "No suitable carer is free at that time."


class NotAllowed(Refused):
    """The state machine has no such move, or the role may not make it."""

    code = "not_allowed"
    message = "The request cannot move like that."


class TooLarge(BackendError):
    """The body is larger than any honest request."""

    code, status = "too_large", 413
    message = "The body is too large."


class DatabaseBusy(BackendError):
    """Other writers did not finish in time; trying again later is right."""

    code, status = "database_busy", 503
    message = "The database is busy or does not answer; try again."


class Problem(BaseModel):
    """A problem document (RFC 9457); further members depend on ``code``."""

    type: str
    title: str
    status: int
    code: str
    detail: str


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "No valid token"},
    409: {"model": Problem, "description": "The town cannot do that; `alternatives` says what it can"},
    422: {"model": Problem, "description": "What was sent does not make sense"},
}
"""What the API's description says about errors."""


def respond(error: BackendError) -> JSONResponse:
    """Return the HTTP response of an error."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return JSONResponse(error.problem(), status_code=error.status, media_type=PROBLEM, headers=headers)


def install(app: FastAPI) -> None:
    """Make ``app`` answer every error with a problem document."""

    @app.exception_handler(BackendError)
    def _ours(_request: Request, error: BackendError) -> JSONResponse:
        return respond(error)

    @app.exception_handler(RequestValidationError)
    def _validation(_request: Request, error: RequestValidationError) -> JSONResponse:
        # The input itself is left out: it may be personal, endless, or not encodable.
        problems = [
            {"at": [_printable(part) for part in found.get("loc", ())], "problem": _printable(found["msg"])}
            for found in list(error.errors())[:20]
        ]
        return respond(BadInput(extra={"problems": problems}))

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    def _database(_request: Request, error: Exception) -> JSONResponse:
        logging.getLogger(__name__).error("the database does not answer: %s", error)
        return respond(DatabaseBusy())

    @app.exception_handler(Exception)
    def _unforeseen(_request: Request, _error: Exception) -> JSONResponse:
        return respond(BackendError())  # the server logs the error itself

    @app.exception_handler(HTTPException)
    def _http(_request: Request, error: HTTPException) -> JSONResponse:
        refined = BackendError(
            str(_printable(error.detail)), code=_HTTP_CODES.get(error.status_code, "http_error")
        )
        problem = refined.problem() | {"status": error.status_code}
        return JSONResponse(
            problem, status_code=error.status_code, media_type=PROBLEM, headers=dict(error.headers or {})
        )


_HTTP_CODES = {400: "bad_input", 404: "not_found", 405: "method_not_allowed"}


def _printable(part: object) -> str | int:
    if isinstance(part, int):
        return part
    return str(part).encode("utf-8", "replace").decode("utf-8")[:200]
