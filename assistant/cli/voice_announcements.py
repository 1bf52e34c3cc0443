"""Fetches what the town has to say to an elder and has it spoken when nobody is talking."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from assistant.cli.api import Api, ApiProblem, ApiUnreachable, quoted
from speech.models import Manner
from speech.pipeline import Pipeline, Reply

log = logging.getLogger(__name__)

WAIT_S = 20.0
"""How long one call waits for something to say, in seconds."""

AGAIN_S = 5.0
"""Pause after a call that failed, in seconds."""

LOUD = 1.6
"""How much louder than usual an announcement is that says so."""

QUIET_S = 1.5
"""How long nobody must have talked before something that can wait is said, in seconds."""


class Announcer:
    """A thread that asks, says, and confirms."""

    def __init__(self, api: Api, elder_id: str, pipeline: Pipeline, manner: Callable[[], Manner]) -> None:
        self._api, self._pipeline, self._manner = api, pipeline, manner
        self._path = f"/elders/{quoted(elder_id)}/announcements"
        self._ended = threading.Event()
        self._said: set[int] = set()
        self._thread = threading.Thread(target=self._run, daemon=True, name="announcements")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """Stop asking; what is being said is finished. A call that waits ends by itself."""
        self._ended.set()
        self._thread.join(1.0)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                found = self._api.get(f"{self._path}?channel=speaker&wait={WAIT_S:g}", timeout_s=WAIT_S + 15)
            except (ApiProblem, ApiUnreachable) as error:
                log.warning("announcements cannot be fetched: %s", error)
                self._ended.wait(AGAIN_S)
                continue
            for announcement in found["announcements"]:
                self._say(announcement)

    def _say(self, announcement: dict[str, Any]) -> None:
        number = int(announcement["id"])
        if number in self._said:  # it was said, but the confirmation did not get through
            self._confirm(number)
            return
        if not announcement["urgent"] and not self._is_quiet():
            return  # it is offered again
        manner = self._manner()
        if announcement["loud"]:
            manner = replace(manner, volume=min(manner.volume * LOUD, 2.0))
        spoken = threading.Event()
        whole: list[bool] = []

        def done(played: bool) -> None:
            whole.append(played)
            spoken.set()

        self._pipeline.announce(
            Reply(texts=[str(announcement["text"])], manner=manner, asks=bool(announcement["asks"])), done
        )
        while not spoken.wait(0.5):
            if self._ended.is_set():
                return
        if whole == [True]:
            self._said.add(number)
            self._confirm(number)

    def _is_quiet(self) -> bool:
        quiet_s = 0.0
        for _ in range(round(30 / 0.1)):
            if self._ended.wait(0.1):
                return False
            quiet_s = 0.0 if self._pipeline.busy else quiet_s + 0.1
            if quiet_s >= QUIET_S:
                return True
        return False

    def _confirm(self, number: int) -> None:
        try:
            self._api.post(f"{self._path}/{number}/heard", {})
        except (ApiProblem, ApiUnreachable) as error:
            log.warning("announcement %s was said, which could not be confirmed: %s", number, error)
