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
    page.get_by_role("link", name="Title Office").click()
    page.get_by_role("textbox", name="Stock number").fill("24G6047")
    page.get_by_label("Branch").select_option("main")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Request a document").click()
    page.get_by_label("Document", exact=True).select_option("bookout")
    page.get_by_role("radio", name="Internal audit").check()
    page.get_by_role("checkbox", name="I am entitled to this document").check()
    page.get_by_role("button", name="Continue").click()
    with page.expect_download() as download_info:
        page.get_by_role("button", name="Download document").click()
    download = download_info.value
    page.close()

    # ---------------------
    context.close()
    browser.close()


with sync_playwright() as playwright:
    run(playwright)
