import pytest
from playwright.sync_api import Browser


@pytest.mark.browser
def test_the_browser_draws_a_page(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>Agenda</title><h1>Semaine du 24 novembre</h1>")
    assert (page.title(), page.locator("h1").inner_text()) == ("Agenda", "Semaine du 24 novembre")
    page.close()
