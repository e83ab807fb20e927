"""What a page must be, whoever made it: each rule gives the faults it finds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.test import TestResponse

PUPIL_MARK = "Quatorzemains"  # the family name of every pupil made by tests.builders
FIELDS = ("input", "select", "textarea")
NO_LABEL_NEEDED = {"hidden", "submit", "button", "image"}


class Page:
    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)

    @cached_property
    def tree(self) -> Element:
        root: Element = html5lib.parse(self.html, treebuilder="etree", namespaceHTMLElements=False)
        return root

    @property
    def text(self) -> str:
        """The words of the body, single-spaced; no-break spaces kept."""
        body = self.tree.find("body")
        return re.sub(r"[ \t\r\n]+", " ", "".join(body.itertext())) if body is not None else ""

    @property
    def heading(self) -> str:
        return words(self.find("h1"))

    @property
    def nonce(self) -> str:
        found = re.search(r"'nonce-([^']+)'", self.headers.get("Content-Security-Policy", ""))
        return found[1] if found else ""

    def find(self, path: str) -> Element:
        """The first element of an ElementTree path, anywhere: `find("form[@action='/x']")`."""
        found = self.tree.find(f".//{path}")
        assert found is not None, f"no {path} in: {self.summary()}"
        return found

    def all(self, path: str) -> list[Element]:
        return self.tree.findall(f".//{path}")

    @property
    def links(self) -> dict[str, str]:
        """Words of a link → its address."""
        return {words(each): each.get("href", "") for each in self.all("a[@href]")}

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form of this action, as filled."""
        form = self.find(f"form[@action='{action}']")
        filled = {}
        for each in form.iter():
            name = each.get("name")
            if name is None or (each.get("type") in {"radio", "checkbox"} and each.get("checked") is None):
                continue
            filled[name] = _value(each)
        return filled

    def summary(self) -> str:
        return self.text[:400] if self.html else str(self.headers)


def _value(element: Element) -> str:
    if element.tag == "select":
        chosen = [o for o in element.iter("option") if o.get("selected") is not None] or list(element.iter("option"))
        return chosen[0].get("value", "") if chosen else ""
    return "".join(element.itertext()) if element.tag == "textarea" else element.get("value", "")


def words(element: Element) -> str:
    return re.sub(r"[ \t\r\n]+", " ", "".join(element.itertext())).strip(" ")


def refuse_bad_page(page: Page, *, names: bool = False) -> None:
    faults = [fault for rule in RULES for fault in rule(page)]
    if not names and PUPIL_MARK in page.html:
        faults.append("a pupil's name is on a page that should not hold one")
    assert not faults, "\n".join([f"{page.response.request.path} is a bad page:", *faults])


def well_formed(page: Page) -> Iterator[str]:
    parser = html5lib.HTMLParser()
    parser.parse(page.html)
    for (line, _column), code, facts in parser.errors:
        yield f"line {line}: {code} {facts}"


def one_of_each(page: Page) -> Iterator[str]:
    if page.tree.get("lang") not in {"fr-CA", "en-CA"}:
        yield "html has no lang fr-CA or en-CA"
    for tag in ("h1", "main", "title"):
        if len(page.all(tag)) != 1:
            yield f"{len(page.all(tag))} {tag}, not one"
    if words(page.find("title")) != f"{page.heading} · Intervention":
        yield f"title « {words(page.find('title'))} » is not the heading « {page.heading} »"


def headings_in_order(page: Page) -> Iterator[str]:
    level = 0
    for each in page.tree.iter():
        if isinstance(each.tag, str) and re.fullmatch(r"h[1-6]", each.tag):
            if int(each.tag[1]) > level + 1:
                yield f"{each.tag} « {words(each)} » after h{level}"
            level = int(each.tag[1])


def policy(page: Page) -> Iterator[str]:
    if not page.nonce or "require-trusted-types-for 'script'" not in page.headers["Content-Security-Policy"]:
        yield "no strict Content-Security-Policy"
    for each in page.tree.iter():
        if not isinstance(each.tag, str):
            continue
        attributes = set(each.attrib)
        if "style" in attributes or each.tag == "style":
            yield f"inline style on {each.tag}"
        if any(name.startswith("on") for name in attributes):
            yield f"inline handler on {each.tag}"
        if each.tag == "script" and (each.get("nonce") != page.nonce or not each.get("src")):
            yield "a script without its nonce or without src"
        driven = any(re.match(r"hx-(get|post|put|patch|delete|trigger|swap|target|boost)", name) for name in attributes)
        if driven and each.get("hx-nonce") != page.nonce:
            yield f"{each.tag} has hx-* without hx-nonce"


def nothing_from_elsewhere(page: Page) -> Iterator[str]:
    for tag, name in (("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("source", "src")):
        for each in page.all(tag):
            address = each.get(name, "")
            if not address.startswith(("/", "data:")) or address.startswith("//"):
                yield f"{tag} from elsewhere: {address}"


def labelled(page: Page) -> Iterator[str]:
    targets = {each.get("for") for each in page.all("label")}
    wrapped = {id(inner) for label in page.all("label") for inner in label.iter()}
    for tag in FIELDS:
        for each in page.all(tag):
            if each.get("type") in NO_LABEL_NEEDED:
                continue
            if not (each.get("id") in targets or id(each) in wrapped or each.get("aria-label")):
                yield f"{tag} {each.get('name')} has no label"
    for tag in ("a", "button"):
        for each in page.all(tag):
            if not words(each) and not each.get("aria-label"):
                yield f"{tag} {each.get('href') or each.get('name')} says nothing"
    yield from (f"img {each.get('src')} has no alt" for each in page.all("img") if each.get("alt") is None)
    yield from ("a th has no scope" for each in page.all("th") if each.get("scope") is None)


def tied(page: Page) -> Iterator[str]:
    ids = Counter(each.get("id") for each in page.tree.iter() if each.get("id") is not None)
    yield from (f"id {name} stands {n} times" for name, n in ids.items() if n > 1)
    for each in page.tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for wanted in (each.get(name) or "").split():
                if wanted not in ids:
                    yield f"{name}={wanted} points nowhere"
        if each.tag == "label" and each.get("for") and each.get("for") not in ids:
            yield f"label for={each.get('for')} points nowhere"
        if each.tag == "a" and (each.get("href") or "").startswith("#") and (each.get("href") or "")[1:] not in ids:
            yield f"link {each.get('href')} points nowhere"


def forms_answerable(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if not form.get("action"):
            yield "a form has no action"
        names = {each.get("name") for each in form.iter()}
        if (form.get("method") or "get").lower() == "post" and "csrf" not in names:
            yield f"form {form.get('action')} has no token"
        if (form.get("method") or "get").lower() == "get" and "csrf" in names:
            yield f"form {form.get('action')} shows its token in the address"


def french_spaces(page: Page) -> Iterator[str]:
    """In French, a no-break space stands before : ; ? ! » and after «, and around the h of an hour."""
    if page.tree.get("lang") != "fr-CA":
        return
    for each in page.tree.iter():
        if each.tag in {"script", "textarea", "code", "kbd", "pre"} or not isinstance(each.tag, str):
            continue
        for text in (each.text, each.tail):
            found = re.search(r"\S{0,12}(?: [:;?!»]|« |\d h\b)", text or "")
            if found:
                yield f"ordinary space where a no-break one belongs: {found[0]!r}"


def not_kept(page: Page) -> Iterator[str]:
    if page.headers.get("Cache-Control") != "no-store":
        yield "the page may be kept in a cache"
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        yield "no nosniff"


RULES: tuple[Callable[[Page], Iterator[str]], ...] = (
    well_formed,
    one_of_each,
    headings_in_order,
    policy,
    nothing_from_elsewhere,
    labelled,
    tied,
    forms_answerable,
    french_spaces,
    not_kept,
)
