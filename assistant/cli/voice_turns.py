"""What `kangban listen` writes about each turn: what was heard, what was answered, how long it took."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.cli.lines import write_json, write_line
from assistant.cli.voice_companion import Turn
from speech.events import Event, EventType, Stage
from speech.listener import Utterance

KEPT = 20
"""Utterances that are followed at the same time."""


class TurnLog:
    """Listens to the pipeline's events and writes a turn when it has been dealt with.

    Args:
        as_json: one object a line instead of a conversation.
        file: the file that is heard, None at a microphone.
        replies: gives the wav files that were written so far.
        write: where the objects go to; standard output.
    """

    def __init__(
        self,
        *,
        as_json: bool,
        file: Path | None = None,
        replies: Callable[[], list[Path]] = list,
        write: Callable[[dict[str, Any]], None] = write_json,
    ) -> None:
        self._as_json, self._file, self._replies, self._write = as_json, file, replies, write
        self._known: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._ended: dict[str, float] = {}
        self._written = len(replies())
        self._lock = threading.Lock()
        self.count = 0
        """Turns and failures that were written."""

    def record(self, utterance: Utterance, turn: Turn) -> None:
        """Keep the turn until it has been spoken."""
        with self._lock:
            self._of(utterance.id).update(turn)

    def __call__(self, event: Event) -> None:
        """Take an event."""
        data = event.data
        utterance = str(data.get("utterance", ""))
        with self._lock:
            if event.type is EventType.SPEECH_ENDED:
                self._ended = {utterance: event.at}
                self._of(utterance).update(wait_ms=round(float(data["silence_s"]) * 1000))
            elif event.type is EventType.TRANSCRIPT:
                self._of(utterance).update(
                    heard=data["text"],
                    engine=data["engine"],
                    audio_s=data["audio_s"],
                    compute_s=data["compute_s"],
                    heard_confidence=data["confidence"],
                )
            elif event.type is EventType.SPEAKING and utterance in self._ended:
                delay = event.at - self._ended.pop(utterance)
                self._of(utterance).update(delay_ms=round(delay * 1000, 1))
            elif event.type is EventType.VOICE_FELL_BACK and self._known:
                next(reversed(self._known.values()))["voice_fell_back"] = data["code"]
            elif event.type is EventType.ERROR and data["stage"] == Stage.RECOGNISING:
                self._tell({"heard": "", "error": data["code"], "detail": data["message"]})
            elif event.type is EventType.ERROR and self._known:
                next(reversed(self._known.values())).setdefault("voice_error", data["code"])
            elif event.type is EventType.ANSWERED:
                known = self._known.pop(utterance, {})
                if "replies" in known:
                    self._tell({"utterance": utterance, **known})

    def _of(self, utterance: str) -> dict[str, Any]:
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known.setdefault(utterance, {})

    def failed(self, code: str, detail: str, replies: list[str]) -> None:
        """Write what came of a file that gave no turn."""
        with self._lock:
            self._tell({"heard": "", "error": code, "detail": detail, "replies": replies})

    def _tell(self, turn: dict[str, Any]) -> None:
        self.count += 1
        replies = self._replies()
        written, self._written = [str(path) for path in replies[self._written :]], len(replies)
        whole = {**NOTHING, **turn, "reply_wavs": written}
        if self._file is not None:
            whole = {"file": str(self._file), **whole}
        if self._as_json:
            self._write(whole)
            return
        write_line(f"您：{whole['heard'] or '（没听见有人说话）'}")
        for reply in whole["replies"]:
            write_line(f"康伴：{reply}")


NOTHING: dict[str, Any] = {
    "text": "",
    "intent": None,
    "confidence": 0.0,
    "entities": [],
    "slots": {},
    "replies": [],
    "committed": [],
    "alarm": None,
    "latency_ms": 0.0,
    "heard": "",
    "engine": None,
    "audio_s": 0.0,
    "delay_ms": None,
    "wait_ms": None,
}
"""A turn in which nothing happened."""
