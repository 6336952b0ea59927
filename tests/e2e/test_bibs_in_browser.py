"""The director's page of bibs in a real browser: firms chosen, a print followed to its files, one bib again, spares; nobody is barred."""

from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsers import NARROW, bars_nobody, fits, visiting
from tests.e2e.test_office_in_browser import Hall, entering, hall
from tests.results.office.test_firm_looks import MARK

__all__ = ["hall"]


def looked_at(page: Page, turn: int) -> None:
    fits(page, NARROW)
    bars_nobody(page, NARROW, turn)


def firm_s(page: Page, company: str) -> Locator:
    """A firm's row of the table."""
    return page.get_by_role("row").filter(has=page.locator(f'[name="firm {company}"]'))


def fetched(page: Page, name: str) -> bytes:
    """The file of this name, once the print is over: its page looks again by itself."""
    link = page.get_by_role("link", name=name)
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    return Path(download.value.path()).read_bytes()


def test_bibs_are_printed_fetched_and_printed_again_by_clicks(hall: Hall, browser: Browser) -> None:
    with visiting(browser, own_policy=False) as somebody:
        page = entering(somebody.page, hall, "director")
        page.goto(hall.at + "office/bibs")
        looked_at(page, 0)
        firm_s(page, "c0002").get_by_role("checkbox").check()
        page.locator("#print-layout").select_option("a5")
        page.locator("#print-output").select_option("office")
        page.locator("#print").get_by_role("button").click()
        page.wait_for_url("**/office/jobs/*")
        assert fetched(page, "10-배번-A4.pdf").startswith(b"%PDF")
        expect(page.get_by_text("3장")).to_be_visible()
        looked_at(page, 1)

        page.get_by_role("link", name="돌아가기").click()
        expect(firm_s(page, "c0002").get_by_role("link", name="10-배번-A4.pdf")).to_be_visible()
        expect(firm_s(page, "c0003").get_by_role("link")).to_have_count(0)
        looked_at(page, 2)
        page.locator("#again-bibs").fill("42, 77")
        page.locator("#again").get_by_role("button").click()
        assert fetched(page, "재발행-배번-42-외1.pdf").startswith(b"%PDF")

        page.goto(hall.at + "office/bibs")
        page.get_by_role("checkbox", name="예비 배번").check()
        page.locator("#spares").fill("5")
        page.locator("#print").get_by_role("button").click()
        assert fetched(page, "10-배번.pdf").startswith(b"%PDF")
        page.goto(hall.at + "office/new")
        expect(page.get_by_text("준비된 예비 배번 5장")).to_be_visible()
        looked_at(page, 3)


def test_a_firm_s_colour_and_logo_are_set_and_taken_back_by_clicks(hall: Hall, browser: Browser) -> None:
    with visiting(browser, own_policy=False) as somebody:
        page = entering(somebody.page, hall, "director")
        page.goto(hall.at + "office/firms")
        looked_at(page, 1)
        page.locator("td a").first.click()
        page.locator("#colour").fill("#0b4f8a")
        page.set_input_files("#logo", {"name": "새솔.svg", "mimeType": "image/svg+xml", "buffer": MARK})
        page.get_by_role("button", name="읽어 보고 저장").click()
        expect(page.get_by_text("저장했습니다")).to_be_visible()
        looked_at(page, 2)
        expect(page.locator(".looks .badge image")).to_be_attached()
        page.get_by_role("button", name="검정으로, 로고 없이").click()
        page.get_by_role("button", name="되돌리기").click()
        expect(page.locator("#colour")).to_have_value("#0b4f8a")
