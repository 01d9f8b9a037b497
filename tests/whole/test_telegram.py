"""From the first word on Telegram to the reminder, by long polling and by webhook, against a Bot API of our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.fakes.telegram import FakeTelegram
from tests.whole.stage import SOON, Service, change_trip, fill_and_publish, make_trip, set_up

WITHIN = SOON / 1000  # seconds
SECRETS = ("韦小明", "13800012345", "138 0001 2345")


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_worker_signs_up_and_is_told_and_reminded_on_telegram(
    desk: Page, telegram_api: FakeTelegram, tmp_path: Path, database_url: str, mode: str
) -> None:
    desk.set_default_timeout(SOON)
    service = Service(tmp_path, database_url)
    service.settings = {
        "FANGANG_TELEGRAM_TOKEN": telegram_api.token,
        "FANGANG_TELEGRAM_API_URL": telegram_api.url,
        "FANGANG_TELEGRAM_MODE": mode,
        "FANGANG_TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-hook",
    }
    worker = telegram_api.user(7)
    async with service.running(now="2027-02-08T09:00"):
        await set_up(desk, service)
        worker.opens()
        await worker.sees("同意吗", WITHIN)
        worker.presses("同意")
        await worker.sees("哪一天走", WITHIN)
        worker.says("我叫韦小明13800012345，初九两个人从柳江去深圳坪山比亚迪")
        await worker.sees("请看对不对", WITHIN)
        worker.presses("都对，报名")
        await worker.sees("报名成功", WITHIN)
        trip = await make_trip(desk, service, "2027-02-14", "7:30")
        await fill_and_publish(desk)
        await worker.sees("【发车通知】", WITHIN)
        await change_trip(desk, trip, vehicle="桂B·54321")
        shown = await worker.sees("桂B·54321", WITHIN)
        assert "原来 桂B·12345" in shown.text
        assert "覃师傅" not in shown.text  # only what has changed
        worker.says("报名")  # a conversation is open when the reminder comes
        await worker.sees("哪一天走", WITHIN)
    async with service.running(now="2027-02-14T06:59:50"):
        reminder = await worker.sees("上车请系好安全带", WITHIN)
        assert "哪一天走" in reminder.text  # the open question stands again under it
        worker.presses("我不来了", message=reminder)
        await worker.sees("哪一天走", WITHIN)
    told = "\n".join(message.text for message in worker.messages)
    assert not [secret for secret in SECRETS if secret in told]
