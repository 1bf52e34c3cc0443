"""The dialogue process: Rasa and its actions behind a small loopback interface (docs/contracts.md, 4)."""

from __future__ import annotations

import argparse
import hmac
import logging
import os
import sys
from contextlib import nullcontext
from datetime import datetime
from typing import Any

# Rasa imports TensorFlow for its vocabulary of components; nothing of it is used by our pipeline. Two
# threads are what the box has, and its banner is no news to anybody.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from aiohttp import web
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from assistant.actions import connections
from assistant.dialogue.actions_in_process import ActionsInProcess
from assistant.dialogue.learned import chosen_model
from assistant.dialogue.settings import DialogueSettings
from assistant.dialogue.tracker_store import BoundedTrackerStore
from assistant.dialogue.turns import TurnFailedError, Turns, shown
from assistant.nlu.components import live_catalogue
from assistant.nlu.understanding import repair, understand
from assistant.vocabulary import BOOKING_INTENTS

logger = logging.getLogger("kangban.dialogue")

SECRET_HEADER = "X-Kangban-Secret"  # noqa: S105 - the name of a header, not a secret
MOST_TEXTS = 2000
"""Sentences that one /parse request may carry."""


class DialogueServer:
    """Answers /turn, /parse and /health."""

    def __init__(self, settings: DialogueSettings) -> None:
        self._settings = settings
        self._turns: Turns | None = None
        self._model = ""

    def load(self) -> None:
        """Load the model and wire Rasa's parts.

        Raises:
            FileNotFoundError: no model has been trained.
        """
        model = self._settings.model or chosen_model(self._settings.home)
        if model is None or not model.is_file():
            raise FileNotFoundError("no dialogue model: run `make train`")
        source = live_catalogue.LiveCatalogue(self._settings.backend_url, self._settings.secret)
        live_catalogue.use(source)
        connections.use(
            connections.Connections(base_url=self._settings.backend_url, token=self._settings.secret)
        )
        store = BoundedTrackerStore(url=self._settings.tracker_url)
        actions = ActionsInProcess("assistant.actions")
        agent = Agent.load(model_path=str(model), tracker_store=store, action_endpoint=actions)
        store.domain = agent.domain
        self._turns = Turns(agent=agent, store=store, actions=actions)
        self._model = model.name

    def application(self) -> web.Application:
        """Return the web application."""
        application = web.Application(middlewares=[self._check_secret], client_max_size=2**20)
        application.add_routes(
            [
                web.get("/health", self._health),
                web.post("/turn", self._turn),
                web.post("/parse", self._parse),
            ]
        )
        return application

    @web.middleware
    async def _check_secret(self, request: web.Request, handler: Any) -> web.StreamResponse:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._settings.secret.encode()):
            return web.json_response({"code": "unauthorised"}, status=401)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _health(self, _request: web.Request) -> web.Response:
        ready = self._turns is not None
        return web.json_response({"ready": ready, "model": self._model}, status=200 if ready else 503)

    async def _turn(self, request: web.Request) -> web.Response:
        if self._turns is None:
            return web.json_response({"code": "not_ready"}, status=503)
        body = await request.json()
        try:
            return web.json_response(
                await self._turns.run(
                    turn_key=body["turn_key"],
                    elder_id=body["elder_id"],
                    text=body["text"],
                    now=body["now"],
                    channel=body["channel"],
                )
            )
        except TurnFailedError as error:
            logger.error("turn %s failed: %s", body["turn_key"], error)
            return web.json_response({"code": "turn_failed"}, status=500)

    async def _parse(self, request: web.Request) -> web.Response:
        if self._turns is None:
            return web.json_response({"code": "not_ready"}, status=503)
        body = await request.json()
        texts = body["texts"][:MOST_TEXTS]
        now = datetime.fromisoformat(body["now"])
        repairing = nullcontext() if body.get("repair", True) else live_catalogue.without_repair()
        with repairing:
            return web.json_response({"results": [await self._understood(text, now) for text in texts]})

    async def _understood(self, text: str, now: datetime) -> dict[str, Any]:
        turns = self._turns
        assert turns is not None  # noqa: S101 - both callers have looked
        heard = await turns.agent.parse_message(text) if text.strip() else {}
        intent = heard.get("intent") or {"name": None, "confidence": 0.0}
        kind = BOOKING_INTENTS.get(intent["name"])
        found = understand(
            text, now=now, catalogue=live_catalogue.catalogue(), context=kind.value if kind else None
        )
        when = found.slots.get("when")
        return {
            "text": text,
            "intent": intent["name"],
            "confidence": intent["confidence"],
            "entities": [
                shown({"entity": e.entity, "value": e.value, "text": e.text, "start": e.start, "end": e.end})
                for e in found.entities
            ],
            "slots": found.slots,
            "when": when,
            "repaired": repair(text, found),
        }


def main(arguments: list[str] | None = None) -> int:
    """Run the dialogue process until it is told to end."""
    parser = argparse.ArgumentParser(prog="python -m assistant.dialogue.serve")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    # Rasa's structured log would print every utterance: health data does not belong in a log.
    configure_structlog(logging.getLevelName(os.environ.get("KANGBAN_LOG_LEVEL", "WARNING")))
    server = DialogueServer(DialogueSettings.from_environment())
    try:
        server.load()
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    web.run_app(server.application(), host="127.0.0.1", port=options.port, print=None, access_log=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
