"""Who may do what, and where: the one table of role × action × scope, and the action of every route.

The API's routes and the console's buttons both ask this table. What is not in it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from assistant.vocabulary import Role, Word


class Scope(Word):
    """How far a right reaches."""

    NOWHERE = ("nowhere", "不可以")
    VILLAGE = ("village", "本村")
    TOWN = ("town", "全镇")


class Action(Word):
    """What can be done."""

    CATALOGUE_READ = ("catalogue.read", "看服务目录")
    STAFF_READ = ("staff.read", "看工作人员")
    ELDERS_READ = ("elders.read", "看长者档案")
    ELDERS_WRITE = ("elders.write", "改长者档案")
    POINTS_WRITE = ("points.write", "改邻里点")
    SURVEYS_IMPORT = ("surveys.import", "导入问卷")
    READINGS_WRITE = ("readings.write", "记健康数值")
    REQUESTS_READ = ("requests.read", "看服务记录")
    REQUESTS_CREATE = ("requests.create", "代为预约")
    REQUESTS_CHANGE = ("requests.change", "改期")
    REQUESTS_CANCEL = ("requests.cancel", "取消服务")
    REQUESTS_DISPATCH = ("requests.dispatch", "受理和派单")
    REQUESTS_MOVE = ("requests.move", "登记服务进展")
    RATINGS_WRITE = ("ratings.write", "记满意度")
    ALARMS_READ = ("alarms.read", "看报警")
    ALARMS_RAISE = ("alarms.raise", "报警")
    ALARMS_HANDLE = ("alarms.handle", "处理报警")
    ALARMS_TAKE_BACK = ("alarms.take_back", "按长者的话撤销报警")
    CHECKINS_READ = ("checkins.read", "看探访")
    CHECKINS_WRITE = ("checkins.write", "记探访")
    HANDOVERS_READ = ("handovers.read", "看待回电")
    HANDOVERS_WRITE = ("handovers.write", "记回电")
    REMINDERS_READ = ("reminders.read", "看提醒")
    REMINDERS_WRITE = ("reminders.write", "改提醒")
    TURNS_READ = ("turns.read", "看对话记录")
    TURNS_TAKE = ("turns.take", "替长者说话")
    FEED_READ = ("feed.read", "看实时动态")
    MESSAGES_READ = ("messages.read", "看发出的消息")
    SYSTEM_READ = ("system.read", "看系统待办")
    STATISTICS_READ = ("statistics.read", "看统计")
    LEARNING_WRITE = ("learning.write", "说明没听懂的话")
    LEARNING_REVIEW = ("learning.review", "审没听懂的话")
    ROSTER_READ = ("roster.read", "看值班表")
    ROSTER_WRITE = ("roster.write", "排值班表")
    EXPORT = ("export", "导出表格")
    AUDIT_READ = ("audit.read", "看审计")
    ACCOUNTS_MANAGE = ("accounts.manage", "管理账号")
    BINDINGS_READ = ("bindings.read", "看绑定的账号")
    BINDINGS_WRITE = ("bindings.write", "绑定和解绑账号")
    BINDINGS_TAKE = ("bindings.take", "凭码绑定")
    CONSOLE = ("console", "用管理台")


_N, _V, _T = Scope.NOWHERE, Scope.VILLAGE, Scope.TOWN

STAFF_ROLES: tuple[Role, ...] = (Role.CAREGIVER, Role.COORDINATOR, Role.TOWN_ADMIN)
"""Who can have an account for the console, in the order of the columns below."""

_ROWS: Mapping[Action, tuple[Scope, Scope, Scope]] = {
    #                        caregiver, coordinator, town_admin
    Action.CATALOGUE_READ:    (_T, _T, _T),
    Action.STAFF_READ:        (_T, _T, _T),
    Action.ELDERS_READ:       (_V, _V, _T),
    Action.ELDERS_WRITE:      (_N, _V, _T),
    Action.POINTS_WRITE:      (_N, _N, _T),
    Action.SURVEYS_IMPORT:    (_N, _V, _T),
    Action.READINGS_WRITE:    (_V, _V, _T),
    Action.REQUESTS_READ:     (_V, _V, _T),
    Action.REQUESTS_CREATE:   (_V, _V, _T),
    Action.REQUESTS_CHANGE:   (_N, _V, _T),
    Action.REQUESTS_CANCEL:   (_N, _V, _T),
    Action.REQUESTS_DISPATCH: (_N, _V, _T),
    Action.REQUESTS_MOVE:     (_V, _V, _T),
    Action.RATINGS_WRITE:     (_V, _V, _T),
    Action.ALARMS_READ:       (_V, _V, _T),
    Action.ALARMS_RAISE:      (_T, _T, _T),  # whoever needs help, wherever she lives
    Action.ALARMS_HANDLE:     (_V, _V, _T),
    Action.ALARMS_TAKE_BACK:  (_N, _N, _N),
    Action.CHECKINS_READ:     (_V, _V, _T),
    Action.CHECKINS_WRITE:    (_V, _V, _T),
    Action.HANDOVERS_READ:    (_V, _V, _T),
    Action.HANDOVERS_WRITE:   (_V, _V, _T),
    Action.REMINDERS_READ:    (_V, _V, _T),
    Action.REMINDERS_WRITE:   (_V, _V, _T),
    Action.TURNS_READ:        (_V, _V, _T),
    Action.TURNS_TAKE:        (_N, _N, _N),
    Action.FEED_READ:         (_V, _V, _T),
    Action.MESSAGES_READ:     (_V, _V, _T),
    Action.SYSTEM_READ:       (_N, _N, _T),
    Action.STATISTICS_READ:   (_N, _V, _T),
    Action.LEARNING_WRITE:    (_N, _V, _T),
    Action.LEARNING_REVIEW:   (_N, _N, _T),
    Action.ROSTER_READ:       (_V, _V, _T),
    Action.ROSTER_WRITE:      (_N, _V, _T),
    Action.EXPORT:            (_N, _V, _T),
    Action.AUDIT_READ:        (_N, _N, _T),
    Action.ACCOUNTS_MANAGE:   (_N, _N, _T),
    Action.BINDINGS_READ:     (_V, _V, _T),
    Action.BINDINGS_WRITE:    (_V, _V, _T),
    Action.BINDINGS_TAKE:     (_N, _N, _N),  # the channels do that, for whoever types the code
    Action.CONSOLE:           (_V, _V, _T),
}  # fmt: skip

TABLE: Mapping[Action, Mapping[Role, Scope]] = MappingProxyType(
    {
        action: MappingProxyType(
            dict.fromkeys(Role, Scope.NOWHERE) | dict(zip(STAFF_ROLES, row, strict=True))
        )
        for action, row in _ROWS.items()
    }
)
"""action → role → scope. The town's own processes (service token) may do everything and are not in it."""

_A = Action
ROUTES: Mapping[tuple[str, str], Action] = MappingProxyType(
    {
        ("GET", "/catalogue"): _A.CATALOGUE_READ,
        ("GET", "/menus"): _A.ELDERS_READ,  # the elder's canteen, and what clashes with her diet
        ("GET", "/appointments/slots"): _A.CATALOGUE_READ,
        ("GET", "/care/availability"): _A.ELDERS_READ,
        ("GET", "/staff"): _A.STAFF_READ,
        ("GET", "/elders"): _A.ELDERS_READ,
        ("GET", "/elders/{elder_id}"): _A.ELDERS_READ,
        ("GET", "/elders/{elder_id}/readings"): _A.ELDERS_READ,
        ("POST", "/elders/{elder_id}/readings"): _A.READINGS_WRITE,
        ("GET", "/requests"): _A.REQUESTS_READ,
        ("POST", "/requests"): _A.REQUESTS_CREATE,
        ("GET", "/requests/{request_id}"): _A.REQUESTS_READ,
        ("POST", "/requests/{request_id}/change"): _A.REQUESTS_CHANGE,
        ("POST", "/requests/{request_id}/cancel"): _A.REQUESTS_CANCEL,
        ("POST", "/requests/{request_id}/events"): _A.REQUESTS_MOVE,  # the vocabulary says which event
        ("POST", "/requests/{request_id}/rating"): _A.RATINGS_WRITE,
        ("GET", "/elders/{elder_id}/goals"): _A.ELDERS_READ,
        ("POST", "/elders/{elder_id}/goals"): _A.ELDERS_WRITE,
        ("POST", "/elders/{elder_id}/goals/{goal_id}/review"): _A.ELDERS_WRITE,
        ("GET", "/elders/{elder_id}/consents"): _A.ELDERS_READ,
        ("POST", "/elders/{elder_id}/consents"): _A.ELDERS_WRITE,
        ("POST", "/elders/{elder_id}/consents/{consent_id}/withdraw"): _A.ELDERS_WRITE,
        ("GET", "/points"): _A.CATALOGUE_READ,
        ("POST", "/points"): _A.POINTS_WRITE,
        ("GET", "/ratings"): _A.REQUESTS_READ,
        ("GET", "/audit/verify"): _A.AUDIT_READ,
        ("GET", "/alarms"): _A.ALARMS_READ,
        ("POST", "/alarms"): _A.ALARMS_RAISE,
        ("GET", "/alarms/{alarm_id}"): _A.ALARMS_READ,
        ("POST", "/alarms/{alarm_id}/acknowledge"): _A.ALARMS_HANDLE,
        ("POST", "/alarms/{alarm_id}/close"): _A.ALARMS_HANDLE,
        ("POST", "/alarms/{alarm_id}/cancel"): _A.ALARMS_TAKE_BACK,
        ("GET", "/checkins"): _A.CHECKINS_READ,
        ("POST", "/checkins"): _A.CHECKINS_WRITE,
        ("POST", "/checkins/{checkin_id}/follow-up"): _A.CHECKINS_WRITE,
        ("GET", "/handovers"): _A.HANDOVERS_READ,
        ("POST", "/handovers"): _A.HANDOVERS_WRITE,
        ("POST", "/handovers/{handover_id}/done"): _A.HANDOVERS_WRITE,
        ("GET", "/reminders"): _A.REMINDERS_READ,
        ("POST", "/reminders"): _A.REMINDERS_WRITE,
        ("POST", "/reminders/{reminder_id}/done"): _A.REMINDERS_WRITE,
        ("POST", "/reminders/{reminder_id}/cancel"): _A.REMINDERS_WRITE,
        ("GET", "/turns"): _A.TURNS_READ,
        ("POST", "/turns"): _A.TURNS_TAKE,
        ("POST", "/parse"): _A.TURNS_TAKE,
        ("GET", "/feed"): _A.FEED_READ,
        ("GET", "/messages"): _A.MESSAGES_READ,
        ("GET", "/due"): _A.SYSTEM_READ,
        ("GET", "/elders/{elder_id}/announcements"): _A.TURNS_TAKE,
        ("POST", "/elders/{elder_id}/announcements/{message_id}/heard"): _A.TURNS_TAKE,
        ("GET", "/satellites"): _A.ACCOUNTS_MANAGE,
        ("POST", "/satellites"): _A.ACCOUNTS_MANAGE,
        ("POST", "/satellites/{satellite_id}/revoke"): _A.ACCOUNTS_MANAGE,
        ("GET", "/elders/{elder_id}/ladder"): _A.ELDERS_READ,
        ("PUT", "/elders/{elder_id}/ladder"): _A.ELDERS_WRITE,
        ("GET", "/addresses/{owner}"): _A.ACCOUNTS_MANAGE,
        ("PUT", "/addresses/{owner}"): _A.ACCOUNTS_MANAGE,
        ("GET", "/reminders/occurrences"): _A.REMINDERS_READ,
        ("POST", "/alarms/{alarm_id}/words"): _A.TURNS_TAKE,  # what the elder goes on saying
        ("POST", "/elders/{elder_id}/voice"): _A.TURNS_TAKE,
        ("GET", "/checkins/rounds"): _A.CHECKINS_READ,
        ("GET", "/elders/{elder_id}/rhythm"): _A.ELDERS_READ,
        ("GET", "/elders/{elder_id}/remembered"): _A.ELDERS_READ,
        ("PUT", "/elders/{elder_id}/rhythm"): _A.ELDERS_WRITE,
        ("GET", "/bindings"): _A.BINDINGS_READ,
        ("POST", "/bindings/{binding_id}/revoke"): _A.BINDINGS_WRITE,
        ("PUT", "/bindings/{binding_id}/shares"): _A.BINDINGS_WRITE,
        ("GET", "/bind-codes"): _A.BINDINGS_READ,
        ("POST", "/bind-codes"): _A.BINDINGS_WRITE,
        ("POST", "/bind-codes/take"): _A.BINDINGS_TAKE,
        ("POST", "/bind-codes/{code_id}/revoke"): _A.BINDINGS_WRITE,
        ("GET", "/roster"): _A.ROSTER_READ,
        ("POST", "/roster"): _A.ROSTER_WRITE,
        ("POST", "/roster/{shift_id}/remove"): _A.ROSTER_WRITE,
        # The console's pages.
        ("GET", "/console"): _A.CONSOLE,
        ("GET", "/console/feed"): _A.FEED_READ,
        ("GET", "/console/today/board"): _A.CONSOLE,
        ("GET", "/console/alarm-banner"): _A.ALARMS_READ,
        ("POST", "/console/looked"): _A.CONSOLE,
        ("POST", "/console/handovers/{handover_id}/done"): _A.HANDOVERS_WRITE,
        ("POST", "/console/checkins/{checkin_id}/follow-up"): _A.CHECKINS_WRITE,
        ("GET", "/console/alarms"): _A.ALARMS_READ,
        ("GET", "/console/alarms/{alarm_id}"): _A.ALARMS_READ,
        ("POST", "/console/alarms/{alarm_id}/acknowledge"): _A.ALARMS_HANDLE,
        ("POST", "/console/alarms/{alarm_id}/close"): _A.ALARMS_HANDLE,
        ("GET", "/console/requests"): _A.REQUESTS_READ,
        ("GET", "/console/requests.csv"): _A.EXPORT,
        ("GET", "/console/requests/{request_id}"): _A.REQUESTS_READ,
        ("POST", "/console/requests/{request_id}/{step}"): _A.REQUESTS_MOVE,  # each step asks for its own
        ("POST", "/console/requests/{request_id}/rating"): _A.RATINGS_WRITE,
        ("GET", "/console/book"): _A.REQUESTS_CREATE,
        ("POST", "/console/book"): _A.REQUESTS_CREATE,
        ("GET", "/console/checkins"): _A.CHECKINS_READ,
        ("GET", "/console/checkins/board"): _A.CHECKINS_READ,
        ("POST", "/console/rounds/{round_id}/found"): _A.CHECKINS_WRITE,
        ("POST", "/console/elders/{elder_id}/rhythm"): _A.ELDERS_WRITE,
        ("POST", "/console/views/requests"): _A.CONSOLE,
        ("POST", "/console/views/{view_id}/forget"): _A.CONSOLE,
        ("GET", "/console/turns"): _A.TURNS_READ,
        ("GET", "/console/import"): _A.SURVEYS_IMPORT,
        ("POST", "/console/import"): _A.SURVEYS_IMPORT,
        ("GET", "/console/import/{import_id}"): _A.SURVEYS_IMPORT,
        ("POST", "/console/import/{import_id}/{step}"): _A.SURVEYS_IMPORT,
        ("GET", "/console/elders"): _A.ELDERS_READ,
        ("GET", "/console/elders/{elder_id}"): _A.ELDERS_READ,
        ("POST", "/console/elders/{elder_id}/checkin"): _A.CHECKINS_WRITE,
        ("POST", "/console/elders/{elder_id}/reading"): _A.READINGS_WRITE,
        ("POST", "/console/elders/{elder_id}/tag"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/proposal"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/goals"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/goals/{goal_id}"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/consents"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/consents/{consent_id}"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/bindings/{binding_id}"): _A.BINDINGS_WRITE,
        ("POST", "/console/elders/{elder_id}/untag"): _A.ELDERS_WRITE,
        ("POST", "/console/elders/{elder_id}/bind-code"): _A.BINDINGS_WRITE,
        ("GET", "/console/work"): _A.REQUESTS_READ,
        ("GET", "/console/canteen"): _A.REQUESTS_READ,
        ("GET", "/console/clinic"): _A.REQUESTS_READ,
        ("GET", "/console/map"): _A.ELDERS_READ,
        ("POST", "/console/points"): _A.POINTS_WRITE,
        ("POST", "/console/points/{point_id}/remove"): _A.POINTS_WRITE,
        ("GET", "/console/statistics"): _A.STATISTICS_READ,
        ("GET", "/console/learning"): _A.LEARNING_WRITE,
        ("GET", "/console/learning/examples.yml"): _A.LEARNING_REVIEW,
        ("POST", "/console/trainings"): _A.LEARNING_REVIEW,
        ("POST", "/console/learning/{turn_id}"): _A.LEARNING_WRITE,
        ("POST", "/console/learning/{turn_id}/{step}"): _A.LEARNING_REVIEW,
        ("GET", "/console/audit"): _A.AUDIT_READ,
        ("GET", "/console/accounts"): _A.ACCOUNTS_MANAGE,
        ("POST", "/console/accounts"): _A.ACCOUNTS_MANAGE,
        ("POST", "/console/accounts/{username}/reset"): _A.ACCOUNTS_MANAGE,
        ("POST", "/console/accounts/{username}/shut"): _A.ACCOUNTS_MANAGE,
    }
)
"""(method, path below ``/api/v1``, or of a page of the console) → action.

A route that is missing here answers signed-in people with 403, and fails the matrix test."""

DEVICE_ROUTES: Mapping[tuple[str, str], Role] = MappingProxyType(
    {
        ("GET", "/chat"): Role.ELDER,
        ("GET", "/chat/history"): Role.ELDER,
        ("GET", "/chat/live"): Role.ELDER,
        ("POST", "/chat/live/{said}/heard"): Role.ELDER,
        ("POST", "/chat/turns"): Role.ELDER,
        ("POST", "/chat/help"): Role.ELDER,
        ("GET", "/chat/aloud"): Role.ELDER,
        ("GET", "/chat/people"): Role.ELDER,
        ("POST", "/chat/people"): Role.ELDER,
        ("GET", "/family"): Role.FAMILY,
        ("POST", "/family/order"): Role.FAMILY,
        ("POST", "/family/leave"): Role.FAMILY,
    }
)
"""(method, path) → whom a browser must be bound to for it; each sees what is hers alone. Nobody else gets in,
no member of staff either; a route that is missing here is refused, and fails the matrix test."""

DEVICE_DOORS: frozenset[str] = frozenset({"/chat/enter"})
"""Pages of such browsers that are there for who is not yet bound."""

SIGNED: frozenset[str] = frozenset(
    {"/requests", "/checkins", "/reminders/{reminder_id}/done", "/reminders/{reminder_id}/cancel"}
)
"""Paths of calls whose ``by`` may be left out by the town's own processes, for the elder or the system; a
person says who she is."""

SIGNING_IN: frozenset[str] = frozenset(
    {
        "/console/login",
        "/console/logout",
        "/console/code",
        "/console/password",
        "/console/second-factor",
    }
)
"""Pages that are there for who is not yet, or not any more, signed in."""


def scope_of(role: Role, action: Action) -> Scope:
    """Return how far a role may do something."""
    return TABLE[action][role]
