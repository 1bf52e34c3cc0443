"""The gateway over HTTP: ``POST /turns`` and ``POST /parse``; the backend's app authenticates before them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from assistant.gateway import text as texts
from assistant.gateway.errors import DialogueError, GatewayError
from assistant.gateway.ports import Incoming
from assistant.gateway.turns import Turns
from assistant.gateway.understanding import MAX_TEXTS, Understanding

PROBLEM = "application/problem+json"


def _visible(value: str) -> str:
    if texts.clean(value) != value:
        raise ValueError("only visible characters, without spaces at the ends")
    return value


Token = Annotated[str, StringConstraints(min_length=1, max_length=128), AfterValidator(_visible)]
"""An id that a channel gives: 1 to 128 visible characters."""


class TurnBody(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    elder_id: Annotated[str, Field(min_length=1, description="who speaks")]
    channel: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
    message_id: Token
    text: Annotated[str, Field(description="what was said or written, anything")]


class AlarmNote(BaseModel):
    """The alarm that a turn raised."""

    id: str
    category: str


class TurnAnswer(BaseModel):
    """The answer to a turn: the object of ``kangban chat --json``."""

    model_config = ConfigDict(extra="allow")

    text: str
    intent: str | None
    confidence: float
    entities: list[dict[str, Any]]
    slots: dict[str, Any]
    replies: list[str]
    committed: list[dict[str, Any]]
    alarm: AlarmNote | None
    latency_ms: float


class ParseBody(BaseModel):
    """Texts to be understood."""

    texts: Annotated[list[str], Field(max_length=MAX_TEXTS)]
    repair: bool = Field(default=True, description="false: misheard names are not put right (for measuring)")


class Understood(BaseModel):
    """What is understood of one text."""

    text: str
    intent: str | None
    confidence: float
    entities: list[dict[str, Any]]
    slots: dict[str, Any]
    when: dict[str, Any] | None
    emergency: str | None
    repaired: str | None = None


class ParseAnswer(BaseModel):
    """What is understood, in order."""

    results: list[Understood]


def problem(error: GatewayError) -> JSONResponse:
    """Return an error as problem+json (RFC 9457)."""
    body = {
        "type": f"urn:kangban:{error.code}",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    return JSONResponse(body, status_code=error.status, media_type=PROBLEM)


def gateway_router(turns: Turns, understanding: Understanding) -> APIRouter:
    """Build the gateway's routes over its two services."""
    router = APIRouter(tags=["gateway"])
    refusals: dict[int | str, dict[str, Any]] = {
        404: {"description": "unknown_elder", "content": {PROBLEM: {}}},
        422: {"description": "bad_input, message_reused", "content": {PROBLEM: {}}},
    }

    @router.post("/turns", response_model=TurnAnswer, responses=refusals)
    async def take_turn(body: TurnBody) -> Any:
        """Take one message of an elder and answer it; the same message again gets the same answer."""
        incoming = Incoming(
            # Whatever the id is, an emergency must get through: it is cut to fit its column, not refused.
            elder_id=texts.clean(body.elder_id)[:64] or "?",
            channel=body.channel,
            message_id=body.message_id,
            text=body.text,
        )
        try:
            return JSONResponse(await turns.take(incoming))
        except GatewayError as error:
            return problem(error)

    @router.post(
        "/parse",
        response_model=ParseAnswer,
        responses={503: {"description": "dialogue_down", "content": {PROBLEM: {}}}},
    )
    async def parse(body: ParseBody) -> Any:
        """Say what is understood of some texts, without any effect."""
        try:
            return JSONResponse({"results": await understanding.of(body.texts, repair=body.repair)})
        except DialogueError as error:
            return problem(error)

    return router
