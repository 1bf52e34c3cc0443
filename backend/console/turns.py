"""The log of turns: what was said word for word, what it was understood as, and what was answered."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from assistant.vocabulary import Intent
from backend.console import request_log
from backend.console.frame import At, ConsoleRoute
from backend.console.request_log import TurnFilter

router = APIRouter(route_class=ConsoleRoute)


@router.get("/console/turns")
def listed(page: At, before: Annotated[int | None, Query(ge=1, le=2**62)] = None) -> Response:
    """Show the log."""
    given = page.request.query_params

    def word(name: str) -> str:
        return given.get(name, "")[:100].strip().replace("\x00", "")

    intents = request_log.word_list(Intent, [word("intent")])
    chosen = TurnFilter(
        elder=word("elder"),
        village=word("village"),
        text=word("text"),
        intent=intents[0] if intents else None,
        since=request_log.day_of(word("since")),
        until=request_log.day_of(word("until")),
        unsure=word("unsure") == "1",
        failed=word("failed") == "1",
    )
    with page.here.database.session() as session:
        found, more = request_log.find_turns(session, chosen, before=before, now=page.now)
        values: dict[str, Any] = {
            "villages": request_log.villages(session),
            "elder": request_log.elder_name(session, chosen.elder),
        }
    params = [(key, value) for key, value in given.multi_items() if key not in ("before", "said") and value]
    page.read("turns", f"elder:{chosen.elder}" if chosen.elder else "list", detail=urlencode(params)[:500])
    return page.show(
        "turns.html",
        turns=found,
        wanted=chosen,
        onward="/console/turns?" + urlencode([*params, ("before", more)]) if more else "",
        first=before is None,
        intents=list(Intent),
        unsure_below=request_log.UNSURE,
        now=page.now,
        **values,
    )
