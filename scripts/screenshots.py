"""`make screenshots`: the pictures of README.md, of a service that a worker and an office use through its pages."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from playwright.async_api import Page, expect

from tests.support.browser import DESK, PHONE, Complaints, chromium, opened
from tests.whole.stage import ROOT, SOON, Service, fill_and_publish, make_trip, set_up

PICTURES = ROOT / "docs" / "pictures"
NOW = "2027-02-08T09:00"  # 正月初三: everybody asks for a seat
MOST_BYTES = 200_000  # of one picture: the README is read over slow lines too

WORKER = "我叫韦小明13800012345，初八我和老婆从柳江去深圳坪山比亚迪"
OTHERS = (  # invented, like their phones
    "我叫覃美玲13800020001，初八一个人从柳江去深圳坪山比亚迪",
    "我叫莫志强13800020002，初八三个人从柳江去深圳坪山比亚迪",
    "我叫黄秀兰13800020003，初八两个人从柳江去深圳坪山比亚迪",
    "我叫罗建国19900020004，初九一个人从柳江去东莞长安步步高",
    "我叫韦春燕19900020005，初九两个人从鱼峰去广州番禺广汽",
    "我叫梁大海13800020006，初六一个人从柳城去佛山顺德格兰仕",
)

Telephone = Callable[[], AbstractAsyncContextManager[Page]]


async def take_pictures() -> None:
    """Starts a service in a folder of its own, uses it, and leaves the pictures in docs/pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    complaints = Complaints()
    with tempfile.TemporaryDirectory(prefix="fangang-pictures-") as folder:
        service = Service(Path(folder), f"sqlite+aiosqlite:///{folder}/fangang.db")
        async with chromium() as browser, service.running(NOW), opened(browser, complaints, DESK) as desk:

            @asynccontextmanager
            async def telephone() -> AsyncIterator[Page]:
                async with opened(browser, complaints, PHONE, device_scale_factor=2, is_mobile=True) as page:
                    page.set_default_timeout(SOON)
                    await page.goto(f"{service.url}/chat")
                    yield page

            desk.set_default_timeout(SOON)
            await set_up(desk, service)
            await _story(desk, telephone, service)
    if complaints.left:
        sys.exit("\n".join(complaints.left))


async def _story(desk: Page, telephone: Telephone, service: Service) -> None:
    """A worker signs up; so do others; the office makes a coach and publishes it; the worker is told and answers."""
    async with telephone() as worker:
        await _says(worker, WORKER)
        await _picture(worker, "chat")
        await _confirms(worker)
        for sentence in OTHERS:
            async with telephone() as other:
                await _says(other, sentence)
                await _confirms(other)
        trip = await make_trip(desk, service, "2027-02-13", "7:30")
        await fill_and_publish(desk)
        await expect(worker.locator("#log")).to_contain_text("【发车通知】", timeout=SOON)
        await _picture(worker, "notice")
        await worker.get_by_role("button", name="我会来").last.click()
        await expect(worker.locator("#log")).to_contain_text("等您来", timeout=SOON)
        await desk.goto(trip)
        await _picture(desk, "trip")
        await desk.goto(f"{service.url}/console/registrations")
        await desk.set_viewport_size({"width": DESK["width"], "height": 690})  # the list is no longer than that
        await _picture(desk, "registrations")


async def _says(page: Page, sentence: str) -> None:
    """Somebody agrees to the data notice and says everything at once."""
    await page.get_by_role("button", name="同意", exact=True).click()
    await expect(page.locator("#log")).to_contain_text("哪一天走", timeout=SOON)
    await page.fill("#text", sentence)
    await page.press("#text", "Enter")
    await expect(page.locator("#log")).to_contain_text("请看对不对", timeout=SOON)


async def _confirms(page: Page) -> None:
    await page.get_by_role("button", name="都对，报名").last.click()
    await expect(page.locator("#log")).to_contain_text("报名成功", timeout=SOON)


async def _picture(page: Page, name: str) -> None:
    file = PICTURES / f"{name}.png"
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(500)  # milliseconds: what slides into view has arrived
    await page.screenshot(path=file, animations="disabled", caret="hide")
    size_bytes = file.stat().st_size
    print(f"{file.relative_to(ROOT)}: {size_bytes // 1000} KB")
    if size_bytes > MOST_BYTES:
        sys.exit(f"{file.name} has more than {MOST_BYTES // 1000} KB")


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("there is no chromium on this machine: apt-get install chromium fonts-noto-cjk")
    asyncio.run(take_pictures())
