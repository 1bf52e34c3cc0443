"""`kangban doctor`: looks at every part, says plainly how it is, and what to do about what is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from assistant.cli.errors import PlainError
from assistant.cli.home import is_alive, read_run_file
from assistant.cli.lines import write_json, write_line
from assistant.cli.running import find_running, has_town
from assistant.cli.settings import CliSettings
from speech.engines.choice import Choice

State = Literal["ok", "warning", "broken"]
MARKS: dict[State, str] = {"ok": "好", "warning": "注意", "broken": "坏"}

LOW_DISK_BYTES, NO_DISK_BYTES = 2 * 1024**3, 200 * 1024**2
"""Free space below which there is a warning, and below which nothing can be promised any more."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one part is, and what to do about it."""

    check: str
    state: State
    says: str
    do: str = ""


def doctor(settings: CliSettings, *, as_json: bool) -> bool:
    """Check everything, write one line a part, and return whether nothing that is needed is broken."""
    sound = True
    for finding in examine(settings):
        sound = sound and finding.state != "broken"
        if as_json:
            write_json(asdict(finding))
            continue
        write_line(f"[{MARKS[finding.state]}] {finding.check}: {finding.says}")
        if finding.do:
            write_line(f"      → {finding.do}")
    if not as_json:
        write_line(
            "都好 (all that is needed works)" if sound else "有要修的，照箭头做 (follow the arrows above)"
        )
    return sound


def examine(settings: CliSettings) -> Iterator[Finding]:
    """Yield a finding for each part; a check that fails unexpectedly is itself a finding."""
    checks: list[Callable[[CliSettings], Finding]] = [
        _python,
        _home,
        _disk,
        _database,
        _audit,
        _dialogue_environment,
        _model,
        _microphone,
        _detector,
        _running,
        _wechat,
        _hearing,
        _voice,
    ]
    for check in checks:
        try:
            yield check(settings)
        except Exception as error:
            yield Finding(
                check=check.__name__.strip("_"),
                state="broken",
                says=f"查不下去 (the check itself failed): {type(error).__name__}: {error}"[:300],
                do="把这一行发给维护的人 (send this line to whoever maintains Kangban)",
            )


def _microphone(_settings: CliSettings) -> Finding:
    from speech.devices import SoundCards
    from speech.errors import SpeechError

    try:
        devices = SoundCards().devices()
    except SpeechError as error:
        return Finding(
            check="microphone",
            state="warning",
            says=f"声卡用不了，音箱只能听文件 ({error.message})",
            do="sudo apt-get install libportaudio2",
        )
    ears = [device.name for device in devices if device.inputs]
    mouths = [device.name for device in devices if device.outputs]
    if ears and mouths:
        return Finding(check="microphone", state="ok", says=f"{', '.join(ears)} → {', '.join(mouths)}"[:300])
    missing = "喇叭 (loudspeaker)" if ears else "话筒 (microphone)"
    return Finding(
        check="microphone",
        state="warning",
        says=f"没有{missing}，音箱只能听文件 (kangban listen --wav works all the same)",
        do="插上以后用 kangban listen --list-devices 看一看 (plug it in, then list the devices)",
    )


def _detector(_settings: CliSettings) -> Finding:
    from speech.detectors import best_detector

    name = best_detector().name
    good = name == "silero"
    return Finding(
        check="voice detector",
        state="ok" if good else "warning",
        says=name if good else "只凭响不响分辨人声，电视也会算 (by loudness alone: a television counts, too)",
        do="" if good else "make setup",
    )


def _python(_settings: CliSettings) -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= (3, 11)
    return Finding(
        check="python",
        state="ok" if fits else "broken",
        says=f"Python {version}",
        do="" if fits else "用 Python 3.11 重新 make setup (needs Python 3.11 or later)",
    )


def _home(settings: CliSettings) -> Finding:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    probe = folder / ".kangban-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        return Finding(
            check="home",
            state="broken",
            says=f"{settings.home} 写不进 ({error.strerror})",
            do="换一个 KANGBAN_HOME 或者给它写权限 (make it writable, or choose another)",
        )
    secret = settings.service_secret_file
    if secret.exists() and secret.stat().st_mode & 0o077:
        return Finding(
            check="home",
            state="broken",
            says=f"{secret} 别人也能读 (others can read the secret)",
            do=f"chmod 600 {secret}",
        )
    return Finding(check="home", state="ok", says=str(settings.home))


def _disk(settings: CliSettings) -> Finding:
    folder = settings.home
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    state: State = "ok" if free >= LOW_DISK_BYTES else "warning" if free >= NO_DISK_BYTES else "broken"
    return Finding(
        check="disk",
        state=state,
        says=f"还有 {free / 1024**3:.1f} GB (free)",
        do="" if state == "ok" else "清出一些空间 (free some space)",
    )


def _database(settings: CliSettings) -> Finding:
    from assistant.cli import town

    if not has_town(settings):
        return Finding(
            check="database",
            state="warning",
            says="还没有数据库 (there is none yet)",
            do="运行 kangban up --demo (it makes one)",
        )
    problem = town.problem_of_database(settings)
    if problem is None:
        return Finding(check="database", state="ok", says="表都是新的，写得进 (migrated and writable)")
    return Finding(
        check="database",
        state="broken",
        says=problem,
        do="运行一次 kangban up，它会把表更新好 (run `kangban up`: it migrates the tables)",
    )


def _audit(settings: CliSettings) -> Finding:
    from backend.audit import service
    from backend.database import Database

    if not has_town(settings):
        return Finding(check="audit", state="ok", says="还没有记录 (no entries yet)")
    database = Database(settings.database_url)
    try:
        with database.session() as session:
            found = service.verify(session)
    finally:
        database.dispose()
    if found.ok:
        return Finding(check="audit", state="ok", says=f"完整，{found.entries} 条 (whole)")
    return Finding(
        check="audit",
        state="broken",
        says=f"对不上 (broken): {found.problems[0]}",
        do="先别动数据库，留好备份，找管理员 (touch nothing, keep a copy, tell the administrator)",
    )


def _dialogue_environment(settings: CliSettings) -> Finding:
    python = settings.dialogue_python
    if settings.dialogue_url is not None:
        return Finding(check="dialogue", state="ok", says=f"在别处 (elsewhere): {settings.dialogue_url}")
    if not python.exists():
        return Finding(
            check="dialogue", state="broken", says=f"没有装 (missing): {python}", do="运行 make setup"
        )
    asked = "import importlib.metadata as m, sys; print(sys.version.split()[0], m.version('rasa'))"
    answered = subprocess.run(
        [str(python), "-c", asked], capture_output=True, text=True, timeout=60, check=False
    )
    if answered.returncode != 0:
        return Finding(
            check="dialogue",
            state="broken",
            says="装得不全 (incomplete): " + (answered.stderr.strip().splitlines() or ["?"])[-1],
            do="运行 make setup",
        )
    version, rasa = answered.stdout.split()
    return Finding(check="dialogue", state="ok", says=f"Python {version}, Rasa {rasa}")


def _model(settings: CliSettings) -> Finding:
    from assistant.dialogue.model import model_path, newest_model

    if settings.dialogue_url is not None:
        return Finding(check="model", state="ok", says="在别处 (elsewhere)")
    model = newest_model()
    if model is None:
        return Finding(
            check="model",
            state="warning",
            says="还没有训练 (not trained yet)",
            do="运行 kangban train；kangban up 也会自己训练 (`kangban up` trains it, too)",
        )
    if model != model_path():
        return Finding(
            check="model",
            state="warning",
            says=f"比资料旧 (older than its sources): {model.name}",
            do="运行 kangban train",
        )
    return Finding(check="model", state="ok", says=model.name)


def _running(settings: CliSettings) -> Finding:
    record = read_run_file(settings)
    api = find_running(settings)
    if api is not None:
        ready = bool(api.get("/health").get("dialogue"))
        return Finding(
            check="system",
            state="ok" if ready else "warning",
            says=f"{api.url} 在运行"
            + (" (running)" if ready else "，对话还没好 (running, dialogue not ready)"),
            do="" if ready else f"等一两分钟；还不好就看 {settings.logs / 'dialogue.log'}",
        )
    if record is not None and is_alive(record.get("pid")):
        return Finding(
            check="system",
            state="broken",
            says=f"进程 {record['pid']} 不答话 (does not answer)",
            do=f"停掉它再启动：kill {record['pid']}，然后 kangban up",
        )
    stale = "，上次没有正常关 (it was not shut down properly last time)" if record is not None else ""
    return Finding(
        check="system", state="ok", says=f"没有在运行 (not running){stale}", do="要用就运行 kangban up"
    )


def _wechat(settings: CliSettings) -> Finding:
    from assistant.cli.wechat_wiring import account_of

    try:
        account = account_of(settings)
    except PlainError as error:
        return Finding(check="wechat", state="broken", says=error.message, do="看 docs/operations.md")
    if account is None:
        return Finding(check="wechat", state="ok", says="没有设公众号 (no official account is set)")
    after = (
        "慢的回答随后发 (slow answers are sent afterwards)"
        if account.secret
        else "慢的回答下一条再说 (slow answers come with the next message)"
    )
    return Finding(
        check="wechat",
        state="ok" if account.aes_key else "warning",
        says=f"{account.app_id}，{'加密' if account.aes_key else '不加密 (not encrypted)'}；{after}",
        do="" if account.aes_key else "在平台选安全模式，设好 KANGBAN_WECHAT_AES_KEY (set the AES key)",
    )


def _hearing(settings: CliSettings) -> Finding:
    from assistant.cli.speech_models import store_of
    from speech.engines.choice import recognizer_choices

    return _engine("hearing", "听 (recognition)", recognizer_choices(store_of(settings)))


def _voice(settings: CliSettings) -> Finding:
    from assistant.cli.speech_models import store_of
    from speech.engines.choice import speaker_choices

    return _engine("voice", "说 (voice)", speaker_choices(store_of(settings)))


def _engine(check: str, what: str, choices: Sequence[Choice]) -> Finding:
    """Say which engine is taken, and why not a better one; without any, Kangban goes on with text."""
    lacking = "；".join(f"{one.engine} 缺 {one.lacks}" for one in choices if one.lacks)
    usable = [one for one in choices if one.usable]
    if not usable:
        return Finding(
            check=check,
            state="warning",
            says=f"{what}: 没有能用的，现在只能打字 (none: text only)。{lacking}",
            do="运行 make setup，然后 kangban models fetch",
        )
    chosen = usable[0]
    better = choices.index(chosen) > 0
    return Finding(
        check=check,
        state="ok",
        says=f"{what}: {chosen.engine}{f' ({chosen.model})' if chosen.model else ''}"
        + (f"；更好的还差一样 (a better one lacks): {lacking}" if better else ""),
    )
