"""The web chat in a browser: greeted, pressed, reloaded, told at once, cut off and back."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot.channels.web import doors
from bot.channels.web.traits import WEB
from services import mailbox
from tests.channels.web.test_chat import Site, site
from tests.support.browser import Complaints

__all__ = ["site"]  # a fixture


async def open_chat(site: Site, page: Page) -> None:
    await page.goto(str(site.server.make_url("/chat")))
    await expect(page.locator("#state")).to_have_text("已连接")


async def contact_of(site: Site, page: Page) -> int:
    (token,) = [one["value"] for one in await page.context.cookies() if one["name"] == doors.COOKIE]
    contact = await mailbox.contact_at(site.service.database, WEB.name, doors.address_of(token))
    assert contact is not None
    return contact


async def write(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.press("#text", "Enter")


async def test_a_worker_signs_up_on_a_small_telephone(site: Site, page: Page) -> None:
    await open_chat(site, page)
    await page.get_by_role("button", name="同意", exact=True).click()
    await expect(page.get_by_role("button", name="同意", exact=True)).to_be_disabled()
    await write(page, "我叫韦小明13800012345，初八我和老婆从柳江去深圳坪山比亚迪")
    await expect(page.locator("button.row")).to_have_count(8)
    await page.locator("button.row", has_text="人数").click()  # a line of the review is pressed to change it
    await write(page, "3个人")
    await expect(page.get_by_text("改成 3 个人")).to_be_visible()
    await page.get_by_role("button", name="都对").last.click()
    await expect(page.get_by_text("报名成功")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_a_reload_shows_both_sides_again(site: Site, page: Page) -> None:
    await open_chat(site, page)
    await page.get_by_role("button", name="同意", exact=True).click()
    await expect(page.locator(".turn:not(.mine) .bubble")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".turn:not(.mine) .bubble")).to_have_count(2)
    await expect(page.locator(".turn.mine .bubble")).to_have_text(["同意"])
    await expect(page.get_by_role("button", name="同意", exact=True)).to_be_disabled()


async def test_a_notice_appears_by_itself(site: Site, page: Page) -> None:
    await open_chat(site, page)
    await site.push(await contact_of(site, page), "【发车通知】您坐的车定了：\n上车：柳江汽车站\n车牌：桂B·12345")
    await expect(page.locator(".notice .head")).to_have_text("【发车通知】")
    await expect(page.locator(".notice .row .v")).to_have_text(["柳江汽车站", "桂B·12345"])


async def test_what_was_written_without_a_network_goes_out_when_it_is_back(
    site: Site, page: Page, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    complaints.expect("ERR_NETWORK_CHANGED")
    await open_chat(site, page)
    await page.context.set_offline(True)
    await write(page, "同意")
    await expect(page.locator(".turn.mine .note")).to_contain_text("还没发出去")
    await expect(page.locator("#state")).to_contain_text("网络断了")
    await page.context.set_offline(False)
    await expect(page.get_by_text("哪一天走")).to_be_visible()
    await expect(page.locator("#state")).to_have_text("已连接")


async def test_everything_that_is_touched_is_big_enough(site: Site, page: Page) -> None:
    await open_chat(site, page)
    for one in await page.locator("button:visible, a:visible, textarea:visible").all():
        box = await one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["width"] >= 44


async def test_the_printed_code_goes_with_the_first_message(site: Site, page: Page) -> None:
    async with page.expect_request(lambda one: one.method == "POST") as sent:
        await page.goto(str(site.server.make_url("/chat?code=LJ7K")))
    assert '"opened":"LJ7K"' in ((await sent.value).post_data or "")
    await expect(page.locator(".turn .bubble").first).to_be_visible()
    assert page.url.endswith("/chat")


async def test_what_the_bot_says_is_text_and_never_markup(site: Site, page: Page) -> None:
    await open_chat(site, page)
    await site.push(await contact_of(site, page), "<img src=x onerror=alert(1)> 12333")
    await expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    assert await page.locator("#log img").count() == 0
    assert await page.locator('#log a[href="tel:12333"]').count() == 1
