import asyncio
import re
from playwright.async_api import Playwright, async_playwright, expect


async def run(playwright: Playwright) -> None:
    browser = await playwright.chromium.launch(headless=False)
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto("http://practice.test:8080/login")
    await page.get_by_role("textbox", name="Password").click()
    await page.get_by_role("textbox", name="User name").click()
    await page.get_by_role("textbox", name="User name").fill("demo-dealer")
    await page.get_by_role("textbox", name="Password").fill("practice-pass")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_role("link", name="Deal Jackets").click()
    async with page.expect_download() as download_info:
        await page.get_by_role("link", name="Save list").click()
    download = await download_info.value
    await page.get_by_role("link", name="25L5281").click()
    async with page.expect_download() as download1_info:
        async with page.expect_popup() as page1_info:
            await page.get_by_role("link", name="Bookout report").click()
        page1 = await page1_info.value
    download1 = await download1_info.value
    async with page.expect_download() as download2_info:
        await page.get_by_role("link", name="Window sticker").click()
    download2 = await download2_info.value
    async with page.expect_download() as download3_info:
        await page.get_by_role("link", name="Equipment list").click()
    download3 = await download3_info.value
    await page1.close()
    await page.close()

    # ---------------------
    await context.close()
    await browser.close()


async def main() -> None:
    async with async_playwright() as playwright:
        await run(playwright)


asyncio.run(main())
