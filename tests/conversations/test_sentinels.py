"""Who people are and what they say is nowhere in clear: not in the files of the database, not in a log."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
import structlog
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bot import logs
from domain.messages import Message, Opened, Pressed, SharedPhone, Text
from domain.office import Office
from domain.scope import Scope
from flows import engine
from services import converse
from services import help as help_desk
from storage import tables
from storage.database import Work
from tests.conversations.stage import Stage, fresh_url
from tests.conversations.transcript import CODE
from tests.support.databases import Databases
from texts.say import Say, Words

NAME, OTHER_NAME = "覃哨兵", "蓝哨位"
PHONE, OTHER_PHONE = "19900098877", "13800057799"
WHISPER = "悄悄话别记下来"
HELP = "老板欠我三个月工钱"
PASSED_ON = "工头的名字不敢说出来"
ANSWERED = "材料放在二号窗口抽屉"
WELDER = "想做潜水电焊"
NUMBER = "450206198505050126"
COMPANION, COMPANION_PHONE = "莫同行", "19900066655"
SECRETS = (
    NAME,
    NAME[1:],
    OTHER_NAME,
    OTHER_NAME[1:],
    PHONE,
    OTHER_PHONE,
    "199 0009 8877",
    "138 0005 7799",
    WHISPER,
    HELP,
    PASSED_ON,
    ANSWERED,
    WELDER,
    NUMBER,
    "450206 19850505 0126",
    COMPANION,
    COMPANION_PHONE,
    "199 0006 6655",
)
IN_CLEAR = "比亚迪"  # where somebody works may be read: it shows that the search finds what is there
SENTENCE = f"我叫{NAME}{PHONE}，初八一个人从柳江去深圳坪山{IN_CLEAR}"

GIVEN_OUT = re.compile(rf"(?<!p\.){CODE.pattern}")  # not what a button carries, which may look like one


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as the service writes it, everything of it."""
    stream, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(converse, "log", structlog.get_logger())  # the module's own would stay bound to this stream
    logs.configure(stream, logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


async def test_nothing_personal_stands_in_clear(
    databases: Databases, log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    url = await fresh_url(databases)
    async with Stage(url) as stage:
        await _everything_happens(stage)
        codes = await _others_are_signed_up(stage)
        await _everything_is_asked(stage)
        await _is_kept(stage)
        texts = {"the tables": await _rows(stage), **_files(url)}
    texts |= {f"{name}, closed": text for name, text in _files(url).items()}
    texts["the log"] = log.getvalue().encode()
    printed = capfd.readouterr()
    texts["what was printed"] = (printed.out + printed.err).encode()
    for name, text in texts.items():
        assert [secret for secret in (*SECRETS, *codes) if secret.encode() in text] == [], name
    assert IN_CLEAR.encode() in texts["the tables"]
    assert all(IN_CLEAR.encode() in text for name, text in texts.items() if name.endswith(".db, closed"))
    assert log.getvalue().count('"engine_failed"') == 1
    assert log.getvalue().count('"turn_failed"') == 1
    await databases.drop(url)


async def _everything_happens(stage: Stage) -> None:
    """Conversations that end, stop halfway, wait for the consent, are refused, break; a notice; help."""

    async def says(who: str, *lines: str) -> None:
        for line in lines:
            await stage.take(stage.message("web", who, Text(line)))

    await says(
        "ends", SENTENCE, "同意", WHISPER, "6", OTHER_NAME, "电话", OTHER_PHONE, "都对", WHISPER, "人工", "我的报名"
    )
    await says("ends", "讨薪", HELP, "找工作", WELDER, "哪里都行", "面议", "都对", "人工", PASSED_ON)
    await _is_answered(stage)
    await says("ends", PASSED_ON)
    await says("middle", "报名", "同意", WHISPER, "初八", WHISPER, "柳江", "深圳", "还没找到", NAME, "1990009887")
    await stage.take(stage.message("web", "middle", SharedPhone(f"+86{PHONE}")))
    await says("before", SENTENCE, WHISPER)
    await says("refuses", SENTENCE, "不同意")
    await says("abroad", "你好")
    await stage.take(
        *(stage.message("telegram-like", "abroad", one) for one in (Opened(), Text(SENTENCE), Pressed("p.x.0")))
    )
    (turned,) = await stage.take(stage.message("web", "middle", Text("帮助")))
    await stage.put_notice(turned.contact, "web", [Say(Words("day.choice", {"day": f"请{NAME}回电{PHONE}"}))])
    await stage.deliver("web")
    await _breaks(stage, stage.message("web", "middle", Text(SENTENCE)))


async def _is_answered(stage: Stage) -> None:
    """Staff answer the newest request, and the answer is sent."""
    async with stage.database.look() as look:
        request = await look.db.scalar(select(func.max(tables.help_requests.c.id)))
    await help_desk.answer(
        Scope("450200", await stage.hired()), stage.database, stage.desk, int(request or 0), ANSWERED
    )
    await stage.deliver("web")


async def _others_are_signed_up(stage: Stage) -> list[str]:
    """On a channel that keeps what was said and on one that sends it later; one code is used, one is not, one is wrong.
    Returns them all.
    """
    codes = ["K7P2M9XW"]
    for channel, day in (("web", "初九"), ("telegram-like", "初十")):
        route = f"{day}从柳江去深圳坪山{IN_CLEAR}"
        for line in ("代报名", "同意", NAME, route, f"{OTHER_NAME} {OTHER_PHONE}", "都对", "名单", OTHER_NAME):
            await stage.take(stage.message(channel, "registers", Text(line)))
        async with stage.database.look() as look:
            kept = tables.outbox.c.said if channel == "web" else tables.outbox.c["values"]
            sealed = await look.db.scalars(select(kept).where(tables.outbox.c.channel == channel, kept.is_not(None)))
            codes += sorted({code for one in sealed for code in GIVEN_OUT.findall(look.seal.open(one).decode())})
    assert len(codes) == 3
    for code in codes[:2]:
        for line in (f"接手 {code}", "同意"):
            await stage.take(stage.message("web", "takes", Text(line)))
    return codes


async def _everything_is_asked(stage: Stage) -> None:
    """Once with a number and a companion, once stopped in front of the review, once where nobody asked."""
    stage.desk.settle(Office(stage.home, identities=True, companions=True))
    sentence = f"我叫{NAME}{PHONE}，两个人从柳江去深圳坪山{IN_CLEAR}，身份证{NUMBER}"
    asked = ("同意", "愿意", NUMBER)
    for channel, day in (("web", "初六"), ("telegram-like", "初七")):
        for line in (f"{day}，{sentence}", *asked, "都对", f"{COMPANION} {COMPANION_PHONE}", "我的报名"):
            await stage.take(stage.message(channel, f"asked on {channel}", Text(line)))
    for line in (f"初五，{sentence}", *asked, f"{NUMBER}。"):
        await stage.take(stage.message("web", "stops", Text(line)))
    stage.desk.settle(Office(stage.home))
    for line in (
        f"我叫{OTHER_NAME}{COMPANION_PHONE}，初六一个人从柳江去深圳坪山",
        "同意",
        f"{IN_CLEAR} {NUMBER}",
        "都对",
    ):
        await stage.take(stage.message("web", "not asked", Text(line)))


async def _breaks(stage: Stage, message: Message) -> None:
    """The engine and the database fail with words in their mouths that they should not say."""
    said = ValueError(f"can't read {SENTENCE}")
    with mock.patch.object(engine, "advance", side_effect=said):
        await stage.take(message)
    commit, failures = Work.commit, [said]

    async def fails_once(work: Work) -> None:
        if failures:
            raise failures.pop()
        await commit(work)

    with mock.patch.object(Work, "commit", fails_once):
        await stage.take(stage.message("web", "middle", Text(SENTENCE)))


async def _is_kept(stage: Stage) -> None:
    """It was all stored: opened with the keys it can be read."""
    found = [(tables.people, "name", OTHER_NAME), (tables.people, "phone", OTHER_PHONE)]
    found += [(tables.contacts, "held", WHISPER), (tables.contacts, "state", NAME), (tables.outbox, "said", PHONE[-4:])]
    found += [(tables.people, "identity", NUMBER), (tables.companions, "name", COMPANION)]
    found += [(tables.companions, "phone", COMPANION_PHONE)]
    found += [(tables.help_requests, "text", HELP), (tables.help_requests, "text", WELDER[2:])]
    found += [(tables.help_messages, "text", PASSED_ON), (tables.help_messages, "text", ANSWERED)]
    async with stage.database.look() as look:
        for table, column, wanted in found:
            sealed = (one for one in await look.db.scalars(select(table.c[column])) if one is not None)
            assert any(wanted in look.seal.open(one).decode() for one in sealed), f"{table.name}.{column}"


async def _rows(stage: Stage) -> bytes:
    """Everything in every table, one value after the other."""
    values: list[bytes] = []
    async with stage.database.look() as look:
        for table in tables.metadata.sorted_tables:
            for row in await look.db.execute(select(table)):
                values += [one if isinstance(one, bytes) else str(one).encode() for one in row]
    return b"\n".join(values)


def _files(url: str) -> dict[str, bytes]:
    """The files of a SQLite database as they lie there, the log of what was just written too."""
    place = Path(make_url(url).database or "")
    return {path.name: path.read_bytes() for path in place.parent.glob(f"{place.name}*") if path.is_file()}
