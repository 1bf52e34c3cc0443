"""The rasa-sdk handlers: take the turn from Rasa, let a conversation act, hand the changes back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from assistant.actions import asides, doubts, handover, questions, wellbeing
from assistant.actions.appointments import AppointmentForm
from assistant.actions.earlier import CancelForm, ChangeForm
from assistant.actions.forms import MOST_MISHEARD, Form
from assistant.actions.home_care import CompanyForm, HomeCareForm
from assistant.actions.meals import MealForm
from assistant.actions.reminders import ReminderForm
from assistant.actions.turn import FORM_OF, Turn
from assistant.actions.wishes import other_wishes
from assistant.vocabulary import FALLBACK_INTENT, Intent

_MISTAKEN = frozenset(("change", "reminder"))
"""Forms that the model opens on a bare time."""
_TALK = frozenset((Intent.CHITCHAT, Intent.OUT_OF_SCOPE, Intent.GREET))


class Conversation(Action, ABC):  # type: ignore[misc]
    """An action outside a form."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Act and return what changed."""
        turn = Turn.begin(tracker, dispatcher)
        offered = turn.talk.offer
        if self.name() == "action_next_wish":
            await self.act(turn)
        else:
            answered = (
                doubts.taken_up(turn)
                or (turn.intent in _TALK and doubts.only_named(turn) is not None and doubts.ask(turn))
                or await asides.remark(turn)
            )
            if not answered:
                await self.act(turn)
            if answered or turn.intent != FALLBACK_INTENT:
                turn.talk.misheard = 0
        if turn.talk.offer is offered and self.name() not in ("action_next_wish", "action_ask_repeat"):
            turn.talk.offer = None
        return turn.events()

    @abstractmethod
    async def act(self, turn: Turn) -> None:
        """Say and do what is to be said and done."""


class FormValidation(Action, ABC):  # type: ignore[misc]
    """The validation action of a form: it reads each sentence and decides the next question."""

    @property
    @abstractmethod
    def form(self) -> Form:
        """The form."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return f"validate_{self.form.name}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Take one sentence into the form; the requested slot set to None ends it."""
        turn = Turn.begin(tracker, dispatcher)
        fresh = turn.talk.form is None and turn.talk.opening is None
        if fresh and (
            await asides.remark(turn)
            or (self.form.kind == ChangeForm.kind and doubts.again(turn))
            or (self.form.kind in _MISTAKEN and doubts.goes_on_with_offer(turn))
        ):
            turn.leave_form()
        elif turn.talk.form == self.form.kind and turn.talk.opening is None:
            await self.form.step(turn)
        else:
            await self.form.open(turn)
        turn.talk.offer = None
        requested = None if turn.left_form else (turn.talk.expecting or self.form.kind)
        return [*turn.events(), SlotSet("requested_slot", requested)]


class ValidateMealForm(FormValidation):
    """The meal form's."""

    form = MealForm()


class ValidateHomeCareForm(FormValidation):
    """The home care form's."""

    form = HomeCareForm()


class ValidateAppointmentForm(FormValidation):
    """The appointment form's."""

    form = AppointmentForm()


class ValidateCompanyForm(FormValidation):
    """The company form's."""

    form = CompanyForm()


class ValidateReminderForm(FormValidation):
    """The reminder form's."""

    form = ReminderForm()


class ValidateChangeForm(FormValidation):
    """The change form's."""

    form = ChangeForm()


class ValidateCancelForm(FormValidation):
    """The cancel form's."""

    form = CancelForm()


class NextWish(Conversation):
    """After a form: the next wish that was said in the same breath, if there is one."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_next_wish"

    async def act(self, turn: Turn) -> None:
        """Open the form of the next wish."""
        if turn.talk.queue and turn.talk.form is None:
            wish = turn.talk.queue.pop(0)
            turn.talk.opening = wish
            turn.next_action = FORM_OF[wish["kind"]]
            turn.say("form.next_wish")


def _open_wish(turn: Turn) -> bool:
    """「今早血糖八点六，想约内分泌科」: besides what is told, something is wanted."""
    others = other_wishes(turn, "telling").others
    if not others or not {"want", "book"} & set(turn.hear(others[0].text).tags):
        return False
    turn.talk.opening, *rest = [wish.as_dict() for wish in others]
    turn.talk.queue += rest
    turn.next_action = FORM_OF[others[0].kind]
    return True


class QueryRequest(Conversation):
    """What is booked?"""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_query_request"

    async def act(self, turn: Turn) -> None:
        """Say what is booked."""
        await questions.status(turn, turn.hear())


class ReportWellbeing(Conversation):
    """How she is."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_report_wellbeing"

    async def act(self, turn: Turn) -> None:
        """Record it, answer kindly, offer what may help."""
        wished = _open_wish(turn)
        await wellbeing.feelings(turn, turn.hear(), offer=not wished)


class ReportVitals(Conversation):
    """A measured value."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_report_vitals"

    async def act(self, turn: Turn) -> None:
        """Record it."""
        _open_wish(turn)
        await wellbeing.readings(turn, turn.hear())


class ReportEmergency(Conversation):
    """An emergency that the guard let through."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_report_emergency"

    async def act(self, turn: Turn) -> None:
        """Bring a person in at once."""
        await wellbeing.emergency(turn)


class Affirm(Conversation):
    """Yes, outside a form: to what was offered."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_affirm"

    async def act(self, turn: Turn) -> None:
        """Take up the offer."""
        offer = turn.talk.offer
        if offer is None or not offer.get("offered", True):
            turn.say("small_talk.affirm")
            return
        turn.talk.offer = None
        turn.open_wish(offer["kind"], text=offer.get("text", ""), slots=offer["slots"])
        turn.say("form.gladly")


class Deny(Conversation):
    """No, outside a form."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_deny"

    async def act(self, turn: Turn) -> None:
        """Leave it."""
        turn.talk.offer = None
        turn.say("small_talk.deny")


class AskRepeat(Conversation):
    """Once more, please."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_ask_repeat"

    async def act(self, turn: Turn) -> None:
        """Say the last answer again."""
        asides.repeat(turn)


class AskHuman(Conversation):
    """A person, please."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_ask_human"

    async def act(self, turn: Turn) -> None:
        """Ask for a call-back."""
        await handover.request(turn, reason="asked")


class AskDatetime(Conversation):
    """What day is it?"""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_ask_datetime"

    async def act(self, turn: Turn) -> None:
        """Say the date."""
        questions.date_and_time(turn, turn.hear())


class AskMenu(Conversation):
    """What is there to eat?"""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_ask_menu"

    async def act(self, turn: Turn) -> None:
        """Say the menu."""
        await questions.menu(turn, turn.hear())


class SmallTalk(Conversation, ABC):
    """Answers that need nothing but a phrase."""

    word: str

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return f"action_{self.word}"

    async def act(self, turn: Turn) -> None:
        """Say the phrase."""
        turn.say(f"small_talk.{self.word}")

    @abstractmethod
    def _is_small_talk(self) -> None:
        """Keep rasa-sdk from registering this base."""


class Greet(SmallTalk):
    """Good day."""

    word = "greet"

    def _is_small_talk(self) -> None: ...


class Goodbye(SmallTalk):
    """Goodbye."""

    word = "goodbye"

    def _is_small_talk(self) -> None: ...


class Thank(SmallTalk):
    """Thanks."""

    word = "thank"

    def _is_small_talk(self) -> None: ...


class Chitchat(SmallTalk):
    """Talk about this and that."""

    word = "chitchat"

    def _is_small_talk(self) -> None: ...


class AskHelp(SmallTalk):
    """What can you do?"""

    word = "ask_help"

    def _is_small_talk(self) -> None: ...


class OutOfScope(SmallTalk):
    """What we cannot do."""

    word = "out_of_scope"

    def _is_small_talk(self) -> None: ...


class Misunderstood(Conversation):
    """Not understood: two re-prompts in different words, then a person."""

    def name(self) -> str:
        """Return Rasa's name of the action."""
        return "action_misunderstood"

    async def act(self, turn: Turn) -> None:
        """Ask whether what it may be is meant; else ask again, or hand over."""
        if doubts.ask(turn):
            return
        turn.keep_time(turn.hear())
        turn.talk.misheard += 1
        if turn.talk.misheard > MOST_MISHEARD:
            turn.talk.misheard = 0
            await handover.request(turn, reason="misunderstood")
        else:
            turn.say(f"fallback.misheard_{turn.talk.misheard}")
