"""The command line: `fangang`, also `python -m bot`."""

# What a command needs is imported inside it, so that --help and small commands answer at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable, Coroutine

    from bot.settings import Settings
    from bot.understanding import Circumstances, Understander

WRONG, IN_USE = 2, 3  # exit codes: what was given can't be used; another process is at it

app = typer.Typer(
    name="fangang",
    help="返岗通：聊天报名，发车通知，上车提醒。 Sign-up by chat, departures and reminders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
staff_app = typer.Typer(help="工作人员 · Staff.", no_args_is_help=True)
telegram_app = typer.Typer(help="Telegram.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
app.add_typer(telegram_app, name="telegram")


def main() -> None:
    """Runs the command line."""
    app()


# ── serve ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def serve(
    only: Annotated[
        str, typer.Option(help="只做其中几样 · only these parts: web,delivery,clock", metavar="PARTS")
    ] = "web,delivery,clock",
) -> None:
    """启动服务 · The service."""
    import signal

    for stop in (signal.SIGINT, signal.SIGTERM):  # until the service itself listens to them, there is nothing to finish
        signal.signal(stop, lambda *_signal: sys.exit(0))
    settings = _settings()
    from bot import logs
    from bot.serve import PortTaken, Role
    from bot.serve import serve as run

    logs.configure()
    try:
        roles = frozenset(Role(part.strip()) for part in only.split(",") if part.strip())
    except ValueError:
        roles = frozenset()
    if not roles:
        _stop(f"--only: {only!r} was given, wanted are parts of {','.join(Role)}")
    try:
        _run(run(settings, roles, _say))
    except PortTaken as taken:
        _stop(f"FANGANG_PORT: {settings.port} was given, wanted is a port that is free here ({taken})", code=IN_USE)


def _say(line: str) -> None:
    typer.echo(line)


# ── staff, telegram ──────────────────────────────────────────────────────────────────────────────────────────────────


@staff_app.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="登录名 · the name to sign in with")],
    area: Annotated[str, typer.Option(help="地区代码 · the code of an area (areas.tsv)")],
    role: Annotated[str, typer.Option(help="region, city, county")],
    password_stdin: Annotated[  # noqa: FBT002 - typer's way of saying a flag
        bool, typer.Option("--password-stdin", help="从标准输入读密码 · read the password from standard input")
    ] = False,
) -> None:
    """添加工作人员 · Another member of staff."""
    settings = _settings()
    from bot.hiring import add

    if not password_stdin:
        _stop("--password-stdin: nothing was given; a password on the command line could be seen by others")
    password = sys.stdin.readline().rstrip("\r\n")
    faults = _run(add(settings, name, password, area, role))
    if faults:
        _stop(*faults)
    _say(f"已添加 · added: {name}")


@telegram_app.command("setup")
def telegram_setup() -> None:
    """设置 Telegram 机器人 · Tells Telegram the bot's menu and how updates come."""
    settings = _settings()
    from bot.channels.telegram.plug import set_up_once

    faults = _run(set_up_once(settings))
    if faults:
        _stop(*faults)
    _say(f"Telegram: {settings.telegram_mode}")


# ── chat ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def chat(
    now: Annotated[str, typer.Option(help="从这一刻开始 · begin at this moment, e.g. 2027-02-08T09:00")] = "",
    person: Annotated[str, typer.Option(help="谁在说话（默认新的一位） · who talks; a new person by default")] = "",
) -> None:
    """在终端里聊天 · The conversation in a terminal."""
    settings = _settings(**({"now": now} if now else {}))
    import logging

    from bot import logs
    from bot.channels.terminal.talk import talk

    logs.configure(level=logging.ERROR)
    _run(talk(settings, person, sys.stdin, _say))


# ── understand ───────────────────────────────────────────────────────────────────────────────────────────────────────


@app.command()
def understand(
    kind: Annotated[str, typer.Argument(help="day, place, phone, name, party, identity, employer, sentence")],
    texts: Annotated[list[str] | None, typer.Argument(metavar="TEXT…")] = None,
    now: Annotated[str, typer.Option(help="那时是 · at this moment")] = "",
    home: Annotated[str, typer.Option(help="本地地区代码 · home area's code")] = "",
    question: Annotated[str, typer.Option(help="to, from")] = "to",
    employers: Annotated[
        Path | None,
        typer.Option(help="用人单位 · employers: name, short, place, contact", exists=True, dir_okay=False),
    ] = None,
    cases: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, metavar="FILE.tsv")] = None,
) -> None:
    """看机器人怎么理解一句话 · What a reader makes of a text."""
    from bot.understanding import KINDS, Circumstances, Understander, moment, this_moment

    try:
        given = Circumstances(moment(now) if now else this_moment(), home, question)
    except ValueError:
        _stop(f"--now: {now!r} was given, wanted is a moment such as 2027-02-08T09:00")
    if question not in {"to", "from"}:
        _stop(f"--question: {question!r} was given, wanted is to or from")
    if kind not in KINDS:
        _stop(f"KIND: {kind!r} was given, and there is no such reader; there are {', '.join(KINDS)}")
    try:
        readers = Understander(employers)
    except ValueError as error:
        _stop(f"--employers: {error}")
    if cases is not None:
        raise typer.Exit(_try_cases(readers, kind, cases, given))
    for text in texts or ():
        typer.echo(json.dumps(readers.understand(kind, text, given), ensure_ascii=False))


def _try_cases(readers: Understander, kind: str, file: Path, given: Circumstances) -> int:
    from bot.understanding import cases, wrong

    passed = failed = 0
    try:
        for case in cases(file, given):
            understood = readers.understand(kind, case.text, case.given)
            columns = wrong(case, understood)
            if not columns:
                passed += 1
                continue
            failed += 1
            line = {"line": case.line, "text": case.text, "wrong": columns}
            line |= {"expected": case.expected, "understood": understood}
            typer.echo(json.dumps(line, ensure_ascii=False))
    except ValueError as error:
        _stop(str(error))
    typer.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


# ── Around them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _settings(**given: str) -> Settings:
    from bot.settings import WrongSetting, read

    try:
        return read(**given)
    except WrongSetting as wrong:
        _stop(*wrong.lines)


T = TypeVar("T")


def _run(work: Coroutine[None, None, T]) -> T:
    """Runs it on uvloop where there is one. What an operator can mend is said in one line."""
    import asyncio

    from sqlalchemy.exc import SQLAlchemyError

    from bot.settings import WrongSetting
    from storage.migrate import Taken

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            return runner.run(work)
    except WrongSetting as wrong:
        _stop(*wrong.lines)
    except Taken as taken:
        _stop(str(taken), code=IN_USE)
    except (SQLAlchemyError, OSError) as error:
        _stop(f"{type(error).__name__}: {error}", code=1)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None  # the shell's way of saying: by Ctrl-C


def _loop_factory() -> Callable[[], AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _stop(*lines: str, code: int = WRONG) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    main()
