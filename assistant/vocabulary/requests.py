"""The life of a request: its states and the one table of moves between them. Stdlib only."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.vocabulary.people import Role
from assistant.vocabulary.word import Word


class RequestState(Word):
    """Where a request stands."""

    SUBMITTED = ("submitted", "已提交")
    ACCEPTED = ("accepted", "已受理")
    ASSIGNED = ("assigned", "已派单")
    IN_PROGRESS = ("in_progress", "服务中")
    COMPLETED = ("completed", "已完成")
    CANCELLED = ("cancelled", "已取消")
    REJECTED = ("rejected", "未受理")
    MISSED = ("missed", "未按时到达")


class RequestEvent(Word):
    """What moves a request from one state to another."""

    ACCEPT = ("accept", "受理")
    ASSIGN = ("assign", "派单")
    START = ("start", "开始服务")
    COMPLETE = ("complete", "完成")
    CANCEL = ("cancel", "取消")
    REJECT = ("reject", "不予受理")
    MISS = ("miss", "未按时到达")
    REDISPATCH = ("redispatch", "重新派单")


TRANSITIONS: Mapping[RequestState, Mapping[RequestEvent, RequestState]] = {
    RequestState.SUBMITTED: {
        RequestEvent.ACCEPT: RequestState.ACCEPTED,
        RequestEvent.REJECT: RequestState.REJECTED,
        RequestEvent.CANCEL: RequestState.CANCELLED,
    },
    RequestState.ACCEPTED: {
        RequestEvent.ASSIGN: RequestState.ASSIGNED,
        RequestEvent.CANCEL: RequestState.CANCELLED,
    },
    RequestState.ASSIGNED: {
        RequestEvent.START: RequestState.IN_PROGRESS,
        RequestEvent.MISS: RequestState.MISSED,
        RequestEvent.CANCEL: RequestState.CANCELLED,
    },
    RequestState.IN_PROGRESS: {
        RequestEvent.COMPLETE: RequestState.COMPLETED,
        RequestEvent.CANCEL: RequestState.CANCELLED,
    },
    # A missed request is open: it is dispatched again, or cancelled with the elder's knowledge.
    RequestState.MISSED: {
        RequestEvent.REDISPATCH: RequestState.ASSIGNED,
        RequestEvent.CANCEL: RequestState.CANCELLED,
    },
    RequestState.COMPLETED: {},
    RequestState.CANCELLED: {},
    RequestState.REJECTED: {},
}
"""state → event → next state. Nothing else is allowed (vocabulary: "State of a request")."""

ALLOWED_ROLES: Mapping[RequestEvent, frozenset[Role]] = {
    RequestEvent.ACCEPT: frozenset({Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
    RequestEvent.ASSIGN: frozenset({Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
    RequestEvent.START: frozenset({Role.CAREGIVER, Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
    RequestEvent.COMPLETE: frozenset({Role.CAREGIVER, Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
    RequestEvent.CANCEL: frozenset({Role.ELDER, Role.FAMILY, Role.COORDINATOR, Role.TOWN_ADMIN}),
    RequestEvent.REJECT: frozenset({Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
    RequestEvent.MISS: frozenset({Role.CAREGIVER, Role.COORDINATOR, Role.TOWN_ADMIN}),
    RequestEvent.REDISPATCH: frozenset({Role.COORDINATOR, Role.TOWN_ADMIN, Role.PROVIDER}),
}
"""event → the roles a person must have to cause it. The system's own moves (automatic acceptance of
what a constraint has already reserved, missed windows) are made by no role and are logged as ``system``."""

OPEN_STATES = frozenset(state for state, moves in TRANSITIONS.items() if moves)
"""States from which a request can still move."""

CHANGEABLE_STATES = frozenset({RequestState.SUBMITTED, RequestState.ACCEPTED, RequestState.ASSIGNED})
"""States in which the elder may still change what was asked."""


def next_state(state: RequestState, event: RequestEvent) -> RequestState | None:
    """Return the state after ``event``, or None where the table has no such move."""
    return TRANSITIONS[state].get(event)
