"""The `kangban` command: its sub-commands, each importing what it needs only when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from assistant.cli.errors import PlainError
from assistant.cli.lines import tell
from assistant.cli.settings import settings_from

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, no_args_is_help=True
)
audit_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="审计 The audit's hash chain.")
bench_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="测速 The project's benchmarks.")
models_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="语音模型 Speech models.")
app.add_typer(audit_app, name="audit")
app.add_typer(bench_app, name="bench")
app.add_typer(models_app, name="models")
account_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="账号 Accounts of the console.")
app.add_typer(account_app, name="account")

wechat_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="微信 The WeChat account.")
app.add_typer(wechat_app, name="wechat")

AsJson = Annotated[bool, typer.Option("--json", help="一行一个 JSON 对象 One JSON object a line.")]
INTERRUPTED = 130


@app.callback()
def _kangban() -> None:
    """康伴 Kangban: an offline companion for elders, and the book that keeps its promises.

    KANGBAN_HOME (default ./var) holds all state. KANGBAN_NOW sets the clock.
    """


@app.command()
def up(
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 Port; 0 takes a free one.")] = 8000,
    demo: Annotated[bool, typer.Option("--demo", help="放示范镇 Seed the demo town once.")] = False,
    host: Annotated[str, typer.Option(help="听哪个地址 Address to listen on.")] = "127.0.0.1",
) -> None:
    """启动 Start everything; runs until Ctrl-C."""
    from assistant.cli.up import up as run

    run(settings_from(), host=host, port=port, demo=demo)


@app.command()
def chat(
    elder: Annotated[str, typer.Option("--elder", help="长者编号 The elder's id.")],
    as_json: AsJson = False,
) -> None:
    """聊天 Talk in the terminal, or a turn for each line of standard input."""
    from assistant.cli.chat import chat as run

    run(settings_from(), elder_id=elder, as_json=as_json)


@app.command()
def parse(as_json: AsJson = False) -> None:
    """理解 Say what is understood of each line; no side effects."""
    from assistant.cli.parse import parse as run

    run(settings_from(), as_json=as_json)


@app.command()
def when(
    context: Annotated[
        str | None, typer.Option(help="在说哪件事 Service kind, meal or 'reminder' that is spoken of.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """时间 Read the times in each line; only the grammar."""
    from assistant.cli.when import when as run

    run(settings_from(), context=context, as_json=as_json)


@app.command()
def transcribe(
    files: Annotated[list[Path], typer.Argument(help="声音文件 Sound files of any kind.")],
    engine: Annotated[
        str | None, typer.Option(help="vosk 或 whisper; not given: the best that is here.")
    ] = None,
    longest: Annotated[
        float, typer.Option(min=1, max=3600, help="最长几秒 Longest sound that is heard, in seconds.")
    ] = 120.0,
    as_json: AsJson = False,
) -> None:
    """听写 Write what is said in sound files; exit status 1 when one of them is no use."""
    from assistant.cli.transcribe import transcribe as run

    if not run(settings_from(), files=files, engine=engine, longest_s=longest, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="要说的话 What to say; - reads standard input.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="写成 wav Write a wav file.")] = None,
    voice: Annotated[
        str | None, typer.Option(help="kokoro, pyttsx3, 或一个嗓音 or a voice of theirs.")
    ] = None,
    rate: Annotated[float, typer.Option(help="快慢 Pace: 0.5 to 2.")] = 1.0,
    volume: Annotated[float, typer.Option(help="响度 Loudness: 0 to 2.")] = 1.0,
    as_json: AsJson = False,
) -> None:
    """说话 Speak, or write a wav file with -o."""
    from assistant.cli.say import say as run

    run(
        settings_from(),
        text=text,
        output=output,
        voice=voice,
        rate=rate,
        volume=volume,
        as_json=as_json,
    )


@app.command()
def listen(
    wav: Annotated[
        list[Path] | None, typer.Option("--wav", help="声音文件 A sound file instead of the microphone.")
    ] = None,
    more: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="更多文件 More files.")
    ] = None,
    elder: Annotated[str | None, typer.Option("--elder", help="长者编号 The elder's id.")] = None,
    engine: Annotated[str | None, typer.Option(help="识别引擎 vosk or whisper.")] = None,
    voice: Annotated[str | None, typer.Option(help="声音 kokoro or pyttsx3.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="回答写到这个文件夹 Folder for the answers' wav files."),
    ] = None,
    microphone: Annotated[str | None, typer.Option(help="话筒 Microphone, by name.")] = None,
    loudspeaker: Annotated[str | None, typer.Option(help="喇叭 Loudspeaker, by name.")] = None,
    wake: Annotated[
        bool | None,
        typer.Option("--wake/--no-wake", help="要不要先叫「康伴康伴」 Is the wake phrase needed."),
    ] = None,
    paced: Annotated[bool, typer.Option("--paced", help="按真实快慢听文件 Files in real time.")] = False,
    list_devices: Annotated[bool, typer.Option("--list-devices", help="列出声卡 List the devices.")] = False,
    as_json: AsJson = False,
) -> None:
    """音箱 The home speaker: microphone or files, turn, spoken answer."""
    from assistant.cli import listen as room

    if list_devices:
        room.list_devices(as_json=as_json)
        return
    wishes = room.Wishes(
        elder_id=elder,
        as_json=as_json,
        engine=engine,
        voice=voice,
        microphone=microphone,
        loudspeaker=loudspeaker,
        wake=wake,
        output=output,
        paced=paced,
    )
    if not room.listen(settings_from(), wishes, wavs=[*(wav or ()), *(more or ())]):
        raise typer.Exit(1)


@app.command()
def wyoming(
    host: Annotated[str, typer.Option(help="听哪个地址 Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 Port; 0 takes a free one.")] = 10300,
    engine: Annotated[str | None, typer.Option(help="识别引擎 vosk or whisper.")] = None,
    voice: Annotated[str | None, typer.Option(help="声音 kokoro or pyttsx3.")] = None,
) -> None:
    """别的音箱 Recognition and voice for Home Assistant's satellites (Wyoming protocol)."""
    from assistant.cli.wyoming import wyoming as run

    run(settings_from(), host=host, port=port, engine=engine, voice=voice)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查 Check every part and say what to do; exit status 1 when something needed is broken."""
    from assistant.cli.doctor import doctor as run

    if not run(settings_from(), as_json=as_json):
        raise typer.Exit(1)


@app.command()
def train(
    force: Annotated[bool, typer.Option("--force", help="重新训练 Train even if up to date.")] = False,
    gated: Annotated[
        bool, typer.Option("--gated", help="学审过的句子，不变差才用 Learn what was reviewed, if no worse.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="退回原来的模型 Go back to the model before.")
    ] = False,
    asked: Annotated[bool, typer.Option("--asked", hidden=True)] = False,
    as_json: AsJson = False,
) -> None:
    """训练 Train the dialogue model where its sources have changed; or, gated, with what people explained."""
    settings = settings_from()
    if gated or rollback:
        from assistant.cli.train_gated import train_gated
        from backend.clock import SystemClock

        clock = SystemClock.starting_at(settings.now)
        raise typer.Exit(train_gated(settings, clock=clock, back=rollback, asked=asked, as_json=as_json))
    from assistant.cli.train import train as run

    raise typer.Exit(run(settings, force=force))


@models_app.command("list")
def models_list(as_json: AsJson = False) -> None:
    """列出 The known speech models: licence, source, SHA-256, and where each is."""
    from assistant.cli.speech_models import list_models as run

    run(settings_from(), as_json=as_json)


@models_app.command("fetch")
def models_fetch(
    names: Annotated[list[str] | None, typer.Argument(help="哪几个 Which; none named: all.")] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="已拷来的文件夹 A folder of files brought by hand.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """取来 Get the models, check them, put them in place; exit status 1 when one cannot be had."""
    from assistant.cli.speech_models import fetch_models as run

    if not run(settings_from(), names=names or [], given=given, as_json=as_json):
        raise typer.Exit(1)


@models_app.command("verify")
def models_verify(
    names: Annotated[list[str] | None, typer.Argument(help="哪几个 Which; none named: all here.")] = None,
    as_json: AsJson = False,
) -> None:
    """核对 Compare every file with its SHA-256; exit status 1 when one is damaged."""
    from assistant.cli.speech_models import verify_models as run

    if not run(settings_from(), names=names or [], as_json=as_json):
        raise typer.Exit(1)


@app.command()
def simulate(
    elders: Annotated[int, typer.Option(min=10, max=5000, help="几位长者 How many elders.")] = 1000,
    days: Annotated[int, typer.Option(min=1, max=60, help="几天 How many days.")] = 7,
    seed: Annotated[int, typer.Option(help="随机数种子 Seed of people's whims.")] = 1,
    as_json: AsJson = False,
) -> None:
    """模拟 Live through days of a whole town; exit status 1 when a promise is left in limbo."""
    from assistant.cli.simulate import simulate as run

    run(elders=elders, days=days, seed=seed, as_json=as_json)


@audit_app.command("verify")
def audit_verify(as_json: AsJson = False) -> None:
    """核对 Check the whole chain; exit status 1 when it is broken."""
    from assistant.cli.audit import verify as run

    if not run(settings_from(), as_json=as_json):
        raise typer.Exit(1)


@bench_app.command("turns")
def bench_turns(
    turns: Annotated[int, typer.Option(min=40, help="说几句 Turns in the one conversation.")] = 400,
    elder: Annotated[str, typer.Option(help="长者编号 The elder's id.")] = "E0007",
    here: Annotated[
        bool, typer.Option("--here", help="用正在运行的 Use the running system, not a temporary one.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """对话测速 The 10th against the last turn of one conversation."""
    from assistant.cli.bench import bench_turns as run

    run(settings_from(), turns=turns, elder_id=elder, here=here, as_json=as_json)


@bench_app.command("listening")
def bench_listening(
    times: Annotated[int, typer.Option(min=1, help="听几句 Answers that are waited for.")] = 20,
    pauses: Annotated[int, typer.Option(min=0, help="停几次 Pauses that are made.")] = 200,
    minutes: Annotated[
        int, typer.Option(min=0, help="连着听几分钟，看内存 Listen for so long and watch the memory instead.")
    ] = 0,
    elder: Annotated[str, typer.Option(help="长者编号 The elder's id.")] = "E0007",
    engine: Annotated[str | None, typer.Option(help="识别引擎 vosk or whisper.")] = None,
    voice: Annotated[str | None, typer.Option(help="声音 kokoro or pyttsx3.")] = None,
    as_json: AsJson = False,
) -> None:
    """听话测速 How long an answer lets an elder wait, and how often a pause cuts her off."""
    from assistant.cli.bench_listening import bench_listening as run

    run(
        settings_from(),
        times=times,
        pauses=pauses,
        minutes=minutes,
        elder_id=elder,
        engine=engine,
        voice=voice,
        as_json=as_json,
    )


@bench_app.command("speech")
def bench_speech(
    table: Annotated[
        str, typer.Option("--set", help="哪一组 dev (tuned on) or test (only measured).")
    ] = "test",
    requests: Annotated[
        int | None, typer.Option("--requests", min=1, help="几句 How many; not given: the whole table.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="vosk 或 whisper.")] = None,
    hints: Annotated[bool, typer.Option(help="给识别器看菜名人名 Bias with the catalogue's names.")] = True,
    make_only: Annotated[bool, typer.Option("--make", help="只合成 Only make the sounds.")] = False,
    as_json: AsJson = False,
) -> None:
    """听懂多少 Synthetic spoken requests: heard how well, how fast, and understood."""
    from assistant.cli.bench_speech import bench_speech as run

    run(
        settings_from(),
        spoken=table,
        most=requests,
        engine=engine,
        hints=hints,
        make_only=make_only,
        as_json=as_json,
    )


@bench_app.command("console")
def bench_console(
    turns: Annotated[int, typer.Option(min=1000, help="几句话 Turns.")] = 1_000_000,
    requests: Annotated[int, typer.Option(min=100, help="几条服务 Requests.")] = 100_000,
    url: Annotated[str | None, typer.Option(help="空的 PostgreSQL An empty PostgreSQL database.")] = None,
    keep: Annotated[Path | None, typer.Option(help="留着数据库 Keep the SQLite file, use it again.")] = None,
    as_json: AsJson = False,
) -> None:
    """管理台测速 Every page of the console over years of records; exit status 1 above 300 ms."""
    from assistant.cli.bench_console import bench_console as run

    if not run(settings_from(), turns=turns, requests=requests, url=url, keep=keep, as_json=as_json):
        raise typer.Exit(1)


@bench_app.command("dialogues")
def bench_dialogues(
    files: Annotated[list[Path] | None, typer.Argument(help="对话表 Tables of dialogues.")] = None,
    only: Annotated[str | None, typer.Option(help="只演名字里有这个的 Part of a name.")] = None,
    floor: Annotated[float, typer.Option(min=0, max=1, help="最低比例 Least share of goals.")] = 0.95,
    figures_only: Annotated[
        bool, typer.Option("--figures-only", help="只出数字 No names, no transcripts (blind sets).")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """对话测验 Play written dialogues against a whole system; exit status 1 below the floor."""
    from assistant.cli.bench_dialogues import bench_dialogues as run

    if not run(
        settings_from(), files=files or [], only=only, floor=floor, figures_only=figures_only, as_json=as_json
    ):
        raise typer.Exit(1)


@bench_app.command("understanding")
def bench_understanding(
    quick: Annotated[bool, typer.Option("--quick", help="只量一组 One set only.")] = False,
    as_json: AsJson = False,
) -> None:
    """听懂多少 Intents, slots, noise, talk declined, latency; exit status 1 below the stored floors."""
    from assistant.cli.bench_understanding import bench_understanding as run

    raise typer.Exit(run(settings_from(), quick=quick, as_json=as_json))


@bench_app.command("safety")
def bench_safety(
    quick: Annotated[bool, typer.Option("--quick", help="不加噪声 Without the noisy copies.")] = False,
    corpora: Annotated[Path | None, typer.Option(help="句子表在哪 The folder of the corpora.")] = None,
    as_json: AsJson = False,
) -> None:
    """警报测验 Recall, false alarms and time of the emergency guard; exit status 1 below the floors."""
    from assistant.cli.bench_safety import CORPORA
    from assistant.cli.bench_safety import bench_safety as run

    if not run(settings_from(), quick=quick, corpora=corpora or CORPORA, as_json=as_json):
        raise typer.Exit(1)


@account_app.command("add")
def account_add(
    username: Annotated[str, typer.Argument(help="用户名 What she signs in with.")],
    name: Annotated[str, typer.Option(help="姓名 Her name.")],
    role: Annotated[str, typer.Option(help="caregiver, coordinator or town_admin.")],
    village: Annotated[str | None, typer.Option(help="村居编号 The village's id.")] = None,
) -> None:
    """新建 Make an account; its one-time password is printed once."""
    from assistant.cli.accounts import add as run

    run(settings_from(), username=username, name=name, role=role, village=village)


@account_app.command("reset")
def account_reset(username: Annotated[str, typer.Argument(help="用户名 The account's name.")]) -> None:
    """重设 Print a new one-time password; the second factor is taken off."""
    from assistant.cli.accounts import reset as run

    run(settings_from(), username=username)


@bench_app.command("kills")
def bench_kills(
    passings: Annotated[int, typer.Option(min=1, help="每处杀几次 Kills at each point.")] = 3,
    random: Annotated[int, typer.Option(min=0, help="随机杀几天 Days killed at random moments.")] = 10,
    postgresql: Annotated[
        str | None, typer.Option(help="PostgreSQL 地址 SQLAlchemy URL of a server to drill on, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """演练 Kill days of promises (kill -9) at every fail point; exit status 1 when one ends otherwise."""
    from assistant.cli.kills import bench_kills as run

    run(settings_from(), passings=passings, random=random, postgresql=postgresql, as_json=as_json)


@wechat_app.command("simulate")
def wechat_simulate(
    elder: Annotated[
        str | None, typer.Option("--elder", help="以哪位长者的身份 As which elder; none: as a stranger.")
    ] = None,
    family: Annotated[bool, typer.Option("--family", help="以家属的身份 As a relative of hers.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="不加密 Without encryption.")] = False,
    as_json: AsJson = False,
) -> None:
    """模拟微信 Write as in WeChat, to the real system; a line of standard input is a message."""
    from assistant.cli.wechat_chat import chat as run

    run(settings_from(), elder_id=elder, family=family, plain=plain, as_json=as_json)


@bench_app.command("wechat")
def bench_wechat(
    messages: Annotated[int, typer.Option(min=20, help="几条消息 How many messages.")] = 1000,
    rate: Annotated[int, typer.Option(min=1, max=200, help="每秒几条 How many a second, in bursts.")] = 20,
    kills: Annotated[int, typer.Option(min=0, max=50, help="杀几次 How often the app is killed.")] = 4,
    slow: Annotated[int, typer.Option(min=0, max=50, help="停几次 How often answers are slow.")] = 2,
    seed: Annotated[int, typer.Option(help="随机数种子 Seed of people's whims.")] = 1,
    as_json: AsJson = False,
) -> None:
    """微信 Play the platform: re-sends, bursts, kills, slow answers; exit status 1 when one goes wrong."""
    from assistant.cli.bench_wechat import bench_wechat as run
    from assistant.cli.wechat_simulated import Plan

    plan = Plan(messages=messages, a_second=rate, kills=kills, slow=slow, seed=seed)
    if not run(settings_from(), plan=plan, as_json=as_json):
        raise typer.Exit(1)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status. Errors are one plain sentence on standard error."""
    try:
        status = app(args=arguments, prog_name="kangban", standalone_mode=False)
    except PlainError as error:
        tell(f"kangban: {error.message}")
        return error.status
    except TyperException as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        if message.startswith("Usage:"):
            tell(message)
        else:
            tell(f"kangban: {message} 用 kangban --help 看怎么用 (see `kangban --help`)")
        return int(getattr(error, "exit_code", 2))
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): nothing more to say, and nothing to complain about at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0
