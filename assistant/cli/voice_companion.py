"""What the speaker does with words: the guard on partials, the turn, wishes about the voice, 「您接着说」.

The turn is the same ``POST /turns`` as everywhere. An emergency raises its alarm on a partial result, under a
message id of its own; what she says afterwards is added to that alarm instead of raising another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from assistant.cli.api import Api, ApiProblem, ApiUnreachable, quoted
from assistant.cli.voice_manner import changed, manner_of
from assistant.nlu.completeness import completeness, says_nothing_yet
from assistant.nlu.manner import read_manner
from assistant.replies.phrasebook import phrases
from assistant.safety.guard import check, check_all
from assistant.vocabulary import Emergency
from speech.listener import Utterance
from speech.models import Manner
from speech.pipeline import Reply
from speech.segmenter import Completeness

log = logging.getLogger(__name__)

CHANNEL = "voice"
DOUBT = 0.4
"""Confidence of a recogniser that does not stream below which it heard no words: sighs and noises come back
as invented sentences at 0.2 to 0.4, words spoken clearly at 0.5 and above (Whisper base)."""

SURE_CRY = 0.8
"""The guard's confidence from which words heard without the wake phrase are a cry."""

NO_CRY = frozenset((Emergency.SCAM, Emergency.LOST, Emergency.SELF_HARM))
"""What is told, not cried: a television talks of these all day."""

MOST_GO_ON = 1
"""How many times running we say 「您接着说」 before what there is goes to the dialogue."""

Turn = dict[str, Any]


@dataclass
class _Alarmed:
    categories: set[str]
    result: Turn


@dataclass(kw_only=True)
class ElderCompanion:
    """Answers one elder over the running system's API.

    Attributes:
        api: the system.
        elder_id: who lives here.
        record: told of every turn: the utterance and the turn's object.
        steady: whether a partial result is as good as a final one (a recogniser that does not stream is asked
            about whole pieces); else an emergency must stand in two results in a row.
    """

    api: Api
    elder_id: str
    record: Callable[[Utterance, Turn], None] = lambda _utterance, _turn: None
    steady: bool = False
    manner: Manner = field(default_factory=Manner)
    called: str = ""
    pauses: list[float] = field(default_factory=list)
    follows_cries: bool = False
    _asked: str | None = None
    _last: list[str] = field(default_factory=list)
    _pending: str = ""
    _go_on: int = 0
    _suspected: dict[str, set[str]] = field(default_factory=dict)
    _alarmed: dict[str, _Alarmed] = field(default_factory=dict)

    def get_to_know(self) -> None:
        """Read from the book how she wishes to be spoken to, and how she pauses.

        Raises:
            ApiProblem: nobody of that id is in the book.
            ApiUnreachable: the system does not answer.
        """
        elder = self.api.get(f"/elders/{quoted(self.elder_id)}")
        self.called = str(elder["called"])
        self.manner = manner_of(elder)
        self.follows_cries = elder["preferences"].get("voice", {}).get("listen_for_cries") is True
        self.pauses = [float(pause) for pause in elder["preferences"].get("voice", {}).get("pauses", [])]

    def remember_pauses(self, pauses: list[float]) -> None:
        """Write down how she pauses; that it fails costs nothing but the learning."""
        if pauses == self.pauses:
            return
        with suppress(ApiProblem, ApiUnreachable):
            self._set_voice(pauses=[round(min(pause, 10.0), 2) for pause in pauses][-200:])

    @property
    def asked(self) -> str | None:
        """The slot that we have just asked for, None where we have not."""
        return self._asked

    def judge(self, text: str) -> Completeness:
        """Say whether the words so far are all."""
        return Completeness(completeness(text, asked=self._asked))

    def cries(self, text: str) -> bool:
        """Say whether words that were not meant for us are a cry that she wishes to have followed."""
        return self.follows_cries and any(
            finding.confidence >= SURE_CRY and finding.category not in NO_CRY for finding in check_all(text)
        )

    def partial(self, utterance_id: str, text: str) -> None:
        """Raise the alarm as soon as the words so far are sure to tell of an emergency."""
        found = {str(finding.category) for finding in check_all(text)}
        sure = found if self.steady else found & self._suspected.get(utterance_id, set())
        self._suspected = {utterance_id: found}
        if sure and utterance_id not in self._alarmed:
            self._raise(utterance_id, text)

    def _raise(self, utterance_id: str, text: str) -> None:
        try:
            result = self._turn(f"{utterance_id}-early", text)
        except (ApiProblem, ApiUnreachable):
            log.exception(
                "the alarm on a partial result did not get through; the whole utterance will tell it"
            )
            return
        if result.get("alarm"):
            found = {str(finding.category) for finding in check_all(text)}
            self._alarmed = {utterance_id: _Alarmed(categories=found, result=result)}

    def answer(self, utterance: Utterance, text: str) -> Reply:
        """Answer what she said."""
        alarmed = self._alarmed.pop(utterance.id, None)
        if alarmed is not None:
            return self._after_alarm(utterance, text, alarmed)
        text, self._pending = self._pending + text, ""
        if check(text) is None:
            if self.steady and utterance.transcript.confidence < DOUBT:
                self._go_on += 1
                return self._own_words(utterance, text, [phrases().say("voice.failed")], asks=True)
            wish = read_manner(text)
            if wish is not None:
                after, key = changed(self.manner, wish)
                return self._change_manner(utterance, text, after, key)
            if says_nothing_yet(text) and self._go_on < MOST_GO_ON:
                self._go_on += 1
                self._pending = text
                return self._own_words(utterance, text, [phrases().say("voice.go_on")], asks=True)
        self._go_on = 0
        if not text:
            return Reply(texts=(), manner=self.manner)
        try:
            result = self._turn(utterance.id, text)
        except (ApiProblem, ApiUnreachable) as error:
            log.exception("utterance %s was not answered", utterance.id)
            code = error.code if isinstance(error, ApiProblem) else "unreachable"
            return self._own_words(utterance, text, [phrases().say("voice.unreachable")], error=code)
        return self._reply(utterance, result)

    def _after_alarm(self, utterance: Utterance, text: str, alarmed: _Alarmed) -> Reply:
        others = {str(finding.category) for finding in check_all(text)} - alarmed.categories
        if others:
            with suppress(ApiProblem, ApiUnreachable):
                return self._reply(utterance, self._turn(utterance.id, text))
        with suppress(ApiProblem, ApiUnreachable):
            alarm_id = quoted(str(alarmed.result["alarm"]["id"]))
            self.api.post(f"/alarms/{alarm_id}/words", {"words": text[:2000]})
        return self._reply(utterance, {**alarmed.result, "early": True})

    def _reply(self, utterance: Utterance, result: Turn) -> Reply:
        texts = [str(text) for text in result["replies"]]
        asks = result.get("asks")
        self._asked = str(asks["slot"]) if isinstance(asks, Mapping) else None
        self._last = texts
        self.record(utterance, result)
        asking = self._asked is not None or any(text.rstrip("」 ").endswith(("？", "?")) for text in texts)
        return Reply(texts=texts, manner=self.manner, asks=asking or bool(result.get("alarm")))

    def _change_manner(self, utterance: Utterance, text: str, manner: Manner, key: str) -> Reply:
        self.manner = manner
        with suppress(ApiProblem, ApiUnreachable):
            self._set_voice(rate=manner.rate, volume=manner.volume)
        said = [phrases().say(key), *self._last]
        return self._own_words(utterance, text, said, asks=self._asked is not None)

    def _own_words(
        self,
        utterance: Utterance,
        text: str,
        texts: list[str],
        *,
        asks: bool = False,
        error: str | None = None,
    ) -> Reply:
        own: Turn = {
            "text": text,
            "intent": None,
            "confidence": 0.0,
            "entities": [],
            "slots": {},
            "replies": texts,
            "committed": [],
            "alarm": None,
            "latency_ms": 0.0,
        }
        self.record(utterance, own if error is None else {**own, "error": error})
        return Reply(texts=texts, manner=self.manner, asks=asks)

    def apology(self, key: str) -> Reply:
        """Return what is said where something failed."""
        return Reply(texts=[phrases().say(key)], manner=self.manner, asks=True)

    def _turn(self, message_id: str, text: str) -> Turn:
        """Send one message; once more where the line breaks, for it has an id and nothing happens twice."""
        body = {"elder_id": self.elder_id, "channel": CHANNEL, "message_id": message_id, "text": text}
        with suppress(ApiUnreachable):
            return self.api.post("/turns", body)
        return self.api.post("/turns", body)

    def _set_voice(self, **voice: Any) -> None:
        self.api.post(f"/elders/{quoted(self.elder_id)}/voice", voice)
