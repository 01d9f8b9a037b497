"""Somebody asks for a person in the web chat; the answer typed in the console comes back there, and so on."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page, expect

from tests.whole.stage import SOON, Service, set_up


async def _writes(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def _sees(page: Page, text: str) -> None:
    await expect(page.locator("#log")).to_contain_text(text, timeout=SOON)


async def test_person_and_staff_talk_through_chat_and_console(
    page: Page, desk: Page, tmp_path: Path, database_url: str
) -> None:
    page.set_default_timeout(SOON)
    desk.set_default_timeout(SOON)
    service = Service(tmp_path, database_url)
    async with service.running(now="2027-02-08T09:00"):
        await set_up(desk, service)
        await page.goto(f"{service.url}/chat")
        await _writes(page, "人工")
        await _sees(page, "工作人员看到就在这里回您")
        await _writes(page, "孩子也要坐，要不要钱")
        await _sees(page, "已转给工作人员")
        await desk.goto(f"{service.url}/console/help")
        await desk.get_by_role("link", name="想找工作人员").click()
        await expect(desk.locator("#said-there")).to_contain_text("孩子也要坐", timeout=SOON)
        await desk.fill("#text", "孩子也不要钱，报名时把人数算上。")
        await desk.get_by_role("button", name="发送").click()
        await _sees(page, "【工作人员回复】孩子也不要钱")
        await desk.fill("#text", "还有别的")
        await _writes(page, "那行李呢")
        await expect(desk.locator("#said-there")).to_contain_text("那行李呢", timeout=SOON)
        await expect(desk.locator("#text")).to_have_value("还有别的")
        await desk.get_by_role("button", name="已办结").click()
        await _sees(page, "办结了")
