"""What a page in a real browser must pass: axe without a violation, no sideways scrolling, no refusal by the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(__file__).parents[1] / "vendored" / "axe.min.js"
LOOKS = (("fr", "light"), ("en", "dark"))  # every language and every scheme, without each with each
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def context(browser: Browser, *, width: int = 1280, scheme: str = "light", language: str = "fr") -> BrowserContext:
    """A fresh visitor. axe has to be injected, which our own policy forbids: it is tested apart, by `policy_faults`."""
    return browser.new_context(
        viewport={"width": width, "height": 860}, color_scheme=scheme, locale=f"{language}-CA",  # type: ignore[arg-type]
        bypass_csp=True, reduced_motion="reduce",
    )  # fmt: skip


def axe_faults(page: Page) -> list[str]:
    """Each violation with the elements at fault."""
    page.add_script_tag(path=AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", RULES
    )
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways (WCAG 1.4.10 at 320 CSS pixels)."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page as it stands, then whether it scrolls sideways at 320 pixels."""
    found, size = axe_faults(page), page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    found += ["it scrolls sideways at 320 pixels"] if overflows(page) else []
    if size is not None:
        page.set_viewport_size(size)
    return found


def policy_faults(page: Page) -> list[str]:
    """Collects, from now on, what the browser's console says; a refusal by the policy is an error there."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
