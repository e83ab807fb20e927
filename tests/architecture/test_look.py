"""The look stays in its places: colours in the tokens, no style or script inline, small modules that touch no sink."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intervention.rendering.icons import SHAPES

PRODUCT = Path(__file__).parents[2] / "intervention"
CSS = sorted((PRODUCT / "static/css").rglob("*.css"))
JS = sorted((PRODUCT / "static/js").glob("*.js"))
TEMPLATES = sorted((PRODUCT / "templates").rglob("*.html"))
LAYERS = "layers.css"


def named(path: Path) -> str:
    return str(path.relative_to(PRODUCT))


@pytest.mark.parametrize("path", CSS, ids=named)
def test_colours_are_tokens(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    raw = re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:oklch|rgba?|hsla?|lab|lch)\([^)]*\)", text)

    assert path.name == "tokens.css" or raw == []


@pytest.mark.parametrize("path", [path for path in CSS if path.name != LAYERS], ids=named)
def test_every_sheet_is_in_its_layer(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).strip()

    assert re.match(r"@layer (reset|tokens|base|layout|parts|pages|utilities|print) \{", text)
    assert text.count("{") == text.count("}")


def test_the_sheets_stay_small() -> None:
    assert sum(path.read_text().count("\n") for path in CSS) < 3900


def test_every_token_that_is_used_is_defined() -> None:
    everything = "\n".join(path.read_text() for path in CSS)
    defined = set(re.findall(r"(--[\w-]+)\s*:", everything))
    used = set(re.findall(r"var\((--[\w-]+)\)", everything))  # one with a fallback need not be defined

    assert used - defined == set()


@pytest.mark.parametrize("path", JS, ids=named)
def test_modules_are_small_and_touch_no_sink(path: Path) -> None:
    text = path.read_text()

    assert text.count("\n") <= 80
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_templates_hold_no_style_no_script_and_trust_nothing(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)

    assert re.findall(r"\bstyle=|<style|\bon[a-z]+=\"|\|\s*safe\b|autoescape", text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []


def test_every_icon_that_is_asked_for_is_drawn() -> None:

    asked = {name for path in TEMPLATES for name in re.findall(r'icon(?:_name)?(?:\(|=)"(\w+)"', path.read_text())}

    assert asked - SHAPES.keys() == set()
