"""`kangban bench wechat`: is each message acted on once and answered in time, whatever happens meanwhile?"""

from __future__ import annotations

from typing import Any

from assistant.cli.bench import keep
from assistant.cli.lines import write_json, write_line
from assistant.cli.running import temporary_home
from assistant.cli.settings import CliSettings
from assistant.cli.wechat_simulated import Plan, simulate
from assistant.cli.wechat_town import WechatTown


def bench_wechat(settings: CliSettings, *, plan: Plan, as_json: bool) -> bool:
    """Simulate on a temporary town; return whether all went right.

    Raises:
        PlainError: the town does not start.
    """
    with temporary_home(settings) as lent:
        town = WechatTown(lent)
        try:
            figures, samples = simulate(town, plan)
        finally:
            town.stop()
    figures = {"bench": "wechat", **figures, "samples": str(keep(settings, samples, bench="wechat"))}
    _show(figures, as_json=as_json)
    return not figures["wrong"] and not figures["unanswered"] and not figures["over_5_s"]


def _show(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write_json(figures)
        return
    write_line(
        f"消息 messages: {figures['messages']}，平台重发 sent again: {figures['repetitions']}，"
        f"杀进程 kills: {figures['kills']}（停了 down {figures['down_s']} s），{figures['seconds']} s"
    )
    write_line(
        f"答上 answered: {figures['answered']}，没答 unanswered: {figures['unanswered']}，"
        f"没起来时平台放弃 given up while down: {figures['given_up_while_down']}，"
        f"超过 5 秒 over 5 s: {figures['over_5_s']}，先应一声 held: {figures['held']}"
    )
    write_line(
        f"中位 median: {figures['median_s']} s，p95: {figures['p95_s']} s，"
        f"最慢 slowest: {figures['slowest_s']} s"
    )
    write_line(
        f"说了对 said yes: {figures['ordered']}，订成 meals: {figures['meals']}，"
        f"警报 alarms: {figures['alarms']}，绑定 bound: {figures['bound']}"
    )
    for line in figures["wrong"][:20]:
        write_line(f"  → {line}")
    write_line(
        f"不是恰好一次 not exactly once: {len(figures['wrong'])}；原始数据 raw samples: {figures['samples']}"
    )
