"""Emergencies in the gateway: the alarm is committed before anything is said, whatever else is broken."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from assistant.gateway.ports import Alarm, Alarms, EmergencyFinding, Incoming, Phrases, Spool
from assistant.gateway.results import asks_something

log = logging.getLogger(__name__)

ALL_CLEAR_WINDOW = timedelta(minutes=30)
"""How long after an alarm a 没事 is taken to be about it."""

_BARE_YES = frozenset(
    {"是", "是的", "对", "对的", "对对", "嗯", "嗯嗯", "真的", "好", "好的", "行", "可以", "是真的"}
)


_HEARD = frozenset(word for word in _BARE_YES if word[0] not in "对是") | frozenset(
    {
        "好的好的", "好好", "好的呀", "好嘞", "好吧", "行的", "行吧", "知道了",
        "我知道了", "晓得了", "我晓得了", "明白了", "听到了", "谢谢", "谢谢你", "谢谢您",
        "谢谢侬", "好的谢谢", "好谢谢", "嗯好", "嗯好的", "哦好的", "哦", "噢",
        "哦哦",
    }
)  # fmt: skip
"""What is said to somebody who reassures: it answers that, and no question from before the alarm.

对 and 是 are not of these: they answer 「对吗？」.
"""


class EmergencyDesk:
    """Raises alarms, words the answer, and lets an elder take an alarm back by saying so twice."""

    def __init__(self, *, alarms: Alarms, spool: Spool, phrases: Phrases) -> None:
        self._alarms = alarms
        self._spool = spool
        self._phrases = phrases

    def raise_alarm(self, incoming: Incoming, finding: EmergencyFinding, *, now: datetime) -> Alarm | None:
        """Commit the alarm, to the book or, where that fails, to the spool.

        Returns:
            The alarm, or None where nothing at all could be written: the answer must then say so.
        """
        try:
            return self._alarms.raise_alarm(incoming, finding)
        except Exception:
            log.critical(
                "the alarm of turn %s could not be entered in the book", incoming.turn_key, exc_info=True
            )
        record = {
            "elder_id": incoming.elder_id,
            "channel": incoming.channel,
            "message_id": incoming.message_id,
            "text": incoming.text,
            "category": finding.category,
            "words": finding.words,
            "confidence": finding.confidence,
            "at": now.isoformat(),
        }
        try:
            return Alarm(id=self._spool.keep(record), category=finding.category)
        except OSError:
            log.critical("the alarm of turn %s could not be kept at all", incoming.turn_key, exc_info=True)
            return None

    def words_for(
        self, finding: EmergencyFinding, alarm: Alarm | None, *, before: Mapping[str, Any] | None
    ) -> list[str]:
        """Return what to say: what to do, what was started, what this box cannot do.

        Args:
            finding: what was heard.
            alarm: the committed alarm, None where it could not be written.
            before: the elder's last answered turn; where that left something open we say that it is kept.
        """
        spooled = alarm is not None and alarm.id.startswith("spool-")
        if alarm is None or spooled:
            started = "gateway.alarm.not_recorded"
        elif alarm.joined:
            started = "gateway.alarm.joined"
        else:
            started = "gateway.alarm.scam_started" if finding.category == "scam" else "gateway.alarm.started"
        replies = [
            self._phrases.say(f"gateway.alarm.{finding.category}"),
            self._phrases.say(started),
            self._phrases.say(f"gateway.alarm.call.{finding.category}"),
        ]
        if asks_something(before):
            replies.append(self._phrases.say("gateway.alarm.order_kept"))
        return replies

    def all_clear(
        self, incoming: Incoming, *, now: datetime, before: Mapping[str, Any] | None
    ) -> tuple[list[str], dict[str, Any]] | None:
        """Take a 没事: ask back the first time, cancel the second.

        Returns:
            What to say and what to remember with the turn, or None where no alarm is open.
        """
        open_alarms = self._alarms.raised_since(incoming.elder_id, now - ALL_CLEAR_WINDOW)
        if not open_alarms:
            return None
        ids = [alarm.id for alarm in open_alarms]
        asked = _asked_about(before)
        if asked is None or not set(ids) <= set(asked):
            return [self._phrases.say("gateway.all_clear.ask")], {"all_clear": {"asked": ids}}
        for alarm_id in ids:
            self._alarms.cancel(alarm_id, incoming)
        return [self._phrases.say("gateway.all_clear.cancelled")], {"all_clear": {"cancelled": ids}}

    def is_bare_yes(self, text: str) -> bool:
        """Return whether ``text`` is a yes and nothing more."""
        return text.strip("，。！？,.!? ") in _BARE_YES

    def bare_yes(self, *, before: Mapping[str, Any] | None) -> tuple[list[str], dict[str, Any]] | None:
        """Ask again where somebody answered 「您真的没事吗？」 with a bare yes.

        It is no explicit all-clear, and must not reach the dialogue either: a form that waits there would
        take it for the yes to its own question.
        """
        asked = _asked_about(before)
        if asked is None:
            return None
        return [self._phrases.say("gateway.all_clear.say_it")], {"all_clear": {"asked": asked}}

    def is_heard(self, text: str) -> bool:
        """Return whether ``text`` only says that the reassurance was heard."""
        return "".join(text.split()).replace("，", "").replace(",", "").strip("。！？.!?") in _HEARD

    def heard(self, *, before: Mapping[str, Any] | None) -> tuple[list[str], dict[str, Any]] | None:
        """Take a 好的 right after an alarm for an answer to what was said then; come back to the question.

        Returns:
            What to say and what to keep with the turn, or None where no alarm was just answered or nothing
            was open before it. The words never reach the form: they were no answer to its question.
        """
        if not before or not before.get("alarm") or not before.get(OPEN_QUESTION):
            return None
        question = str(before[OPEN_QUESTION])
        kept = {"form": before["form"]} if "form" in before else {}
        return [self._phrases.say("gateway.alarm.back_to_it"), question], kept


OPEN_QUESTION = "open_question"
"""Key of an alarm's turn: the question that it came in between."""


def question_left_open(before: Mapping[str, Any] | None) -> str | None:
    """Return the question that an alarm comes in between: the last turn's, or from before a first alarm."""
    if before and before.get("alarm") and before.get(OPEN_QUESTION):
        return str(before[OPEN_QUESTION])
    if before is None or not asks_something(before):
        return None
    replies = before.get("replies") or []
    return str(replies[-1]) if replies else None


def _asked_about(before: Mapping[str, Any] | None) -> list[str] | None:
    step = (before or {}).get("all_clear")
    return list(step["asked"]) if isinstance(step, Mapping) and "asked" in step else None
