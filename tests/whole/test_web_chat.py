"""From the first word in the web chat to the reminder in the same page, with the staff's part done in the console."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.support.browser import Complaints
from tests.whole.stage import SOON, Service, change_trip, fill_and_publish, make_trip, set_up, sign_in

BUBBLE = "#log"


async def _writes(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def _sees(page: Page, text: str) -> None:
    await expect(page.locator(BUBBLE)).to_contain_text(text, timeout=SOON)


async def test_worker_signs_up_and_is_told_and_reminded_in_the_same_page(
    page: Page, desk: Page, complaints: Complaints, tmp_path: Path, database_url: str
) -> None:
    complaints.expect("net::ERR_")  # while the service is away between its two starts
    page.set_default_timeout(SOON)
    desk.set_default_timeout(SOON)
    service = Service(tmp_path, database_url)
    async with service.running(now="2027-02-08T09:00"):
        await set_up(desk, service)
        await page.goto(f"{service.url}/chat")
        await page.get_by_role("button", name="同意", exact=True).click()
        await _writes(page, "我叫韦小明13800012345，初八两个人从柳江去深圳坪山比亚迪")
        await _sees(page, "我记下了，请看对不对")
        await _writes(page, "改成初九")
        await _sees(page, "其他不变")
        await page.get_by_role("button", name="都对，报名").last.click()
        await _sees(page, "报名成功")
        trip = await make_trip(desk, service, "2027-02-14", "7:30")
        await fill_and_publish(desk)
        await _sees(page, "【发车通知】")
        await _sees(page, "桂B·12345")
        await change_trip(desk, trip, stop__0__time="8:00")
        await _sees(page, "【时间有变】")
        await page.get_by_role("button", name="知道了").last.click()
    async with service.running(now="2027-02-14T07:29:50"):
        await _sees(page, "上车请系好安全带")
        await page.reload()
        await _sees(page, "报名成功")
        await page.get_by_role("button", name="我会来").last.click()
        await sign_in(desk, service)  # six days later the old sign-in has ended
        await desk.goto(trip)
        await expect(desk.locator("main")).to_contain_text("会来", timeout=SOON)
