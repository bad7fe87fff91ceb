import re
from playwright.sync_api import Playwright, sync_playwright, expect


def run(playwright: Playwright) -> None:
    browser = playwright.chromium.launch(headless=False)
    context = browser.new_context()
    page = context.new_page()
    page.goto("http://practice.test:8080/login")
    page.get_by_role("textbox", name="Password").click()
    page.get_by_role("textbox", name="User name").click()
    page.get_by_role("textbox", name="User name").fill("demo-dealer")
    page.get_by_role("textbox", name="Password").fill("practice-pass")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Export").click()
    page.get_by_role("link", name="Export All Columns").click()
    with page.expect_download() as download_info:
        page.get_by_role("link", name="Export to CSV").click()
    download = download_info.value
    page.get_by_role("textbox", name="Stock Number").fill("24G6047")
    page.get_by_role("img", name="Bookout").click()
    page.get_by_role("button", name="Print/Email Reports").click()
    with page.expect_download() as download1_info:
        with page.expect_popup() as page1_info:
            page.get_by_role("button", name="Create PDF").click()
        page1 = page1_info.value
    download1 = download1_info.value
    page1.close()
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
